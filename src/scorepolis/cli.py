"""The command line: words in, words out. Everything slow is imported by the command that needs it."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from scorepolis.core.errors import InputError, ScorepolisError
from scorepolis.core.usual import PANEL, PAUSE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import Console, RenderableType
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from scorepolis.experiments.comparison import Comparison
    from scorepolis.runs.make import Progress
    from scorepolis.runs.result import Run


class _Commands(TyperGroup):
    """A group whose page of help tells each command's whole first sentence."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - Typer's or Click's
        """Write the commands, none of them cut off at the width of the screen."""
        told = {name: (command.help or "") for name, command in self.commands.items()}
        with formatter.section("Commands"):
            formatter.write_dl([(name, " ".join(text.partition("\n\n")[0].split())) for name, text in told.items()])


# Plain pages of help: to draw boxes and colours, Typer imports more than all else that a page of help needs.
app = typer.Typer(
    name="scorepolis",
    cls=_Commands,
    help="A laboratory for social-scoring schemes, on people who do not exist.",
    epilog="Start with: scorepolis run village. Exit codes: 0 done, 1 failure, 2 wrong usage or input.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

books = typer.Typer(
    cls=_Commands,
    help="List, show, check, replay, compare and begin rulebooks.",
    rich_markup_mode=None,
    add_completion=False,
)
app.add_typer(books, name="rulebooks")

Book = Annotated[str, typer.Argument(metavar="NAME", help="A name, or a YAML file.")]
OnCluster = Annotated[
    str | None,
    typer.Option(metavar="WHERE", help="Who works: local:N processes, or a Dask scheduler, tcp://HOST:PORT."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def main() -> None:
    """Run the command line."""
    gc.set_threshold(50_000, 50, 100)  # looking for garbage among what is being imported would take a tenth of the time
    try:
        app(prog_name="scorepolis")
    finally:
        gc.freeze()  # nor is what is left at the end worth a last look


def _version(wanted: bool) -> None:
    if wanted:
        from scorepolis import __version__

        typer.echo(f"scorepolis {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def run(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A name (village, town, rongcheng, national) or a YAML file.")
    ],
    rulebook: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME_OR_FILE", help="In force instead of the scenario's own; may be repeated."),
    ] = None,
    people: Annotated[int | None, typer.Option(help="People, instead of the society's own number.")] = None,
    days: Annotated[int | None, typer.Option(help="Days, instead of the scenario's own number.")] = None,
    seed: Annotated[int, typer.Option(help="The luck: the same seed gives the same bits.")] = 1,
    threads: Annotated[int | None, typer.Option(help="Threads; they change the time taken, nothing else.")] = None,
    out: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder for the result; without it, it is only shown.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Change a parameter; may be repeated.")
    ] = None,
    baseline: Annotated[
        bool, typer.Option("--baseline/--no-baseline", help="Also run the same people under ordinary law alone.")
    ] = True,
    panel: Annotated[int, typer.Option(help="People, about, whose whole ledger and life are kept.")] = PANEL,
    memory: Annotated[
        float | None, typer.Option(metavar="GIB", help="GiB that the run may take; what does not fit stays in DIR.")
    ] = None,
    cluster: OnCluster = None,
    checkpoints: Annotated[
        bool, typer.Option("--checkpoints/--no-checkpoints", help="Keep the run in DIR at months' ends.")
    ] = True,
    checkpoint_pause: Annotated[
        float, typer.Option(metavar="SECONDS", help="Time between two checkpoints, at least.")
    ] = PAUSE,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier run in DIR.")] = False,
) -> None:
    """Run a scenario, and the same people under ordinary law alone.

    When it is stopped, what it had at its last checkpoint is kept in DIR, and `scorepolis resume DIR` goes on.

    For example:

      scorepolis run village

      scorepolis run rongcheng --seed 7 --out runs/a

      scorepolis run town --rulebook defaulter-list-2020 --rulebook rongcheng-2021

      scorepolis run town --days 90 --set coefficients.learning.peer_weight=0 --out runs/alone
    """
    with _plainly():
        from scorepolis.runs.make import run as make

        settings = _settings(set_ or [])
        with _resumable(out), _progress() as progress:
            result = make(
                scenario,
                rulebooks=rulebook or None,
                people=people,
                days=days,
                seed=seed,
                threads=threads,
                out=out,
                set=settings,
                baseline=baseline,
                panel=panel,
                memory=memory,
                cluster=cluster,
                checkpoints=checkpoints,
                checkpoint_pause=checkpoint_pause,
                force=force,
                progress=progress,
            )
        if out is None:
            _show(result)
            typer.echo("This run was not kept; to keep it, give --out DIR.")
        else:
            _tell_next(out)


@app.command()
def resume(
    folder: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run that was stopped.")],
    threads: Annotated[int | None, typer.Option(help="Threads; they change the time taken, nothing else.")] = None,
    memory: Annotated[
        float | None, typer.Option(metavar="GIB", help="GiB that the run may take; what does not fit stays in RUN.")
    ] = None,
    cluster: OnCluster = None,
    checkpoint_pause: Annotated[
        float, typer.Option(metavar="SECONDS", help="Time between two checkpoints, at least.")
    ] = PAUSE,
) -> None:
    """Go on with a run that was stopped, from its last good checkpoint; the result is the same to the last bit.

    For example:

      scorepolis resume runs/a
    """
    with _plainly():
        from scorepolis.runs.make import resume as go_on

        with _resumable(folder), _progress() as progress:
            go_on(
                folder,
                threads=threads,
                memory=memory,
                cluster=cluster,
                checkpoint_pause=checkpoint_pause,
                progress=progress,
                on_damage=lambda told: typer.echo(told, err=True),
            )
        _tell_next(folder)


@app.command()
def show(
    folder: Annotated[str, typer.Argument(metavar="RUN", help="A run folder, or that of a comparison.")],
    as_json: AsJson = False,
) -> None:
    """Tell what a scheme did, to whom, and what the run cannot tell; and draw it, as a page in the run folder.

    For example:

      scorepolis show runs/a
    """
    with _plainly():
        from scorepolis.experiments import folder as comparisons
        from scorepolis.runs.folder import load

        if comparisons.is_comparison(folder):
            _show_comparison(comparisons.load_comparison(folder), as_json)
            return
        result = load(folder)
        if as_json:
            from scorepolis.report import plain

            _print_json(plain.to_json(result))
            return
        _show(result)
        _draw(result)


@app.command()
def compare(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="A B [C ...]", help="Rulebooks, families of dated ones (the latest), scenarios, or YAML files."
        ),
    ],
    society: Annotated[str | None, typer.Option(metavar="NAME", help="Where all of them are put.")] = None,
    people: Annotated[int | None, typer.Option(help="People, instead of the society's own number.")] = None,
    days: Annotated[int | None, typer.Option(help="Days, instead of the scenario's own number.")] = None,
    seeds: Annotated[int, typer.Option(help="How many seeds: other people with other luck.")] = 10,
    seed: Annotated[int, typer.Option(help="The first of them.")] = 1,
    threads: Annotated[int | None, typer.Option(help="Threads; they change the time taken, nothing else.")] = None,
    cluster: OnCluster = None,
    out: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder for the result; without it, it is only shown.")
    ] = None,
    as_json: AsJson = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier comparison in DIR.")] = False,
) -> None:
    """Compare schemes on the same people with the same luck, over several seeds.

    Ordinary law alone is always among them. A scheme that fails is told, and the others go on.

    For example:

      scorepolis compare rongcheng-2019 defaulter-list

      scorepolis compare rongcheng-2019 mine.yaml --society village --seeds 5 --out runs/c
    """
    with _plainly():
        from scorepolis.experiments.compare import compare as side_by_side

        with _steps("Worlds") as progress:
            found = side_by_side(
                *names,
                society=society,
                people=people,
                days=days,
                seeds=seeds,
                seed=seed,
                threads=threads,
                cluster=cluster,
                out=out,
                force=force,
                progress=progress,
            )
        _show_comparison(found, as_json)
        if out is not None and not as_json:
            typer.echo(f"The comparison is in {out}; a whole run of each scheme in {out}/runs.")


@app.command()
def experiment(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A YAML file: sweep, sensitivity or calibrate.")],
    out: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder for points and tables; an interrupted run goes on there.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; they change the time taken, nothing else.")] = None,
    cluster: OnCluster = None,
    as_json: AsJson = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier experiment in DIR.")] = False,
) -> None:
    """Run many points: a sweep over parameters, which of them matter, or which fit published figures.

    With --out every finished point is kept, and the same command goes on where it was interrupted.

    For example:

      scorepolis experiment examples/sweep.yaml

      scorepolis experiment examples/sensitivity.yaml --out runs/s --workers 2
    """
    with _plainly():
        from scorepolis.experiments.experiment import experiment as many
        from scorepolis.report import experimenting

        with _going_on(out), _steps("Points") as progress:
            found = many(file, out=out, workers=workers, cluster=cluster, force=force, progress=progress)
        if as_json:
            _print_json(experimenting.to_json(found))
            return
        _wide_console().print(experimenting.show(found))
        if out is not None:
            typer.echo(f"All points are in {out}/results.parquet.")


@app.command()
def report(
    folder: Annotated[str, typer.Argument(metavar="RUN", help="A run folder, or that of a comparison.")],
    out: Annotated[
        str | None, typer.Option(metavar="FILE", help="The HTML file; by default report.html in the folder.")
    ] = None,
    lang: Annotated[str, typer.Option(metavar="LANGUAGE", help="en or zh-Hans.")] = "en",
) -> None:
    """Write a report: one HTML file with pictures, tables and words, that opens offline.

    For example:

      scorepolis report runs/a

      scorepolis report runs/c --lang zh-Hans --out report.zh.html
    """
    with _plainly():
        from scorepolis.report.report import report as make

        typer.echo(f"The report, for any browser: {make(folder, out, language=lang)}")


@app.command()
def digest(
    folder: Annotated[str, typer.Argument(metavar="RUN", help="A run folder.")], as_json: AsJson = False
) -> None:
    """Print a hash of all results: the same on any machine and any number of threads.

    It is computed from the results and compared with the one recorded when they were made.

    For example:

      scorepolis digest runs/a
    """
    with _plainly():
        from scorepolis.runs.folder import load

        value = load(folder).verify()
        if as_json:
            _print_json({"digest": value})
        else:
            typer.echo(value)


@app.command()
def rerun(
    folder: Annotated[str, typer.Argument(metavar="RUN", help="A run folder.")],
    threads: Annotated[int | None, typer.Option(help="Threads; they change the time taken, nothing else.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run again what a run records, and say "same" or precisely what differs.

    The files of scenario and rulebooks need not exist any more. Exit code 1 if anything differs.

    For example:

      scorepolis rerun runs/a
    """
    with _plainly():
        from scorepolis.runs.rerun import rerun as again

        with _progress() as progress:
            result = again(folder, threads=threads, progress=progress)
        if as_json:
            _print_json(result.to_json())
        else:
            typer.echo("\n".join(result.lines()))
    if not result.same:
        raise typer.Exit(1)


class _OptionalKind(TyperCommand):
    """A command whose `--wronged` may stand without a word behind it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer's or Click's, by version
        """Put in the word that is left out."""
        at = args.index("--wronged") + 1 if "--wronged" in args else None
        if at is not None and (at == len(args) or args[at].startswith("-")):
            args = [*args[:at], "any", *args[at:]]
        return super().parse_args(ctx, args)


@app.command(cls=_OptionalKind)
def explain(
    folder: Annotated[str, typer.Argument(metavar="RUN", help="A run folder, or a comparison folder.")],
    person: Annotated[int | None, typer.Option(metavar="N", help="Whose life: a number in the panel.")] = None,
    random: Annotated[
        bool, typer.Option("--random", help="Somebody drawn by the run's own seed; the default.")
    ] = False,
    worst: Annotated[bool, typer.Option("--worst", help="Who was shut out longest.")] = False,
    wronged: Annotated[
        str | None,
        typer.Option(
            metavar="[KIND]",
            help="Who was penalised wrongly most often: in any way, or by KIND: wrong_person, not_done, unable, "
            "no_basis, disproportionate or stale.",
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="RULEBOOK", help="The rules of the life beside; without it, those of the stored baseline."
        ),
    ] = None,
    html: Annotated[str | None, typer.Option(metavar="FILE", help="Also write it as one page, with a picture.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell one synthetic life in order, beside the same life under other rules, and the day on which they part.

    For example:

      scorepolis explain runs/a --wronged

      scorepolis explain runs/a --person 77 --against law-only --html life.html
    """
    with _plainly():
        from scorepolis.explain.make import explain as make

        with _progress() as progress:
            story = make(
                folder, person=person, random=random, worst=worst, kind=wronged, rulebook=against, progress=progress
            )
        if html is not None:
            from scorepolis.report.life import write

            write(story, html)
        if as_json:
            _print_json(story.to_json())
            return
        from scorepolis.explain.words import show as words

        _wide_console().print(words(story))
        if html is not None:
            typer.echo(f"The same as a page, for any browser: {html}")


@app.command("list")
def list_(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND]", help="societies, rulebooks, scenarios, behaviours, services, sensors or parameters."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what there is to run and to change.

    For example:

      scorepolis list

      scorepolis list behaviours
    """
    with _plainly():
        from scorepolis.report.catalogue import listing

        found = listing(kind)
        _print(found.table(), found.to_json(), as_json, wide=True)


@app.command()
def facts(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A dotted path, or the beginning of several.")],
    as_json: AsJson = False,
) -> None:
    """Tell what a number rests on: value, range, unit, status, source or reason.

    For example:

      scorepolis facts coefficients.learning.peer_weight

      scorepolis facts behaviours.jaywalking --json
    """
    with _plainly():
        from dataclasses import asdict

        from scorepolis.report import catalogue

        found = [asdict(fact) for fact in catalogue.facts(path)]
        _print(catalogue.facts_listing(path).table(), found, as_json, wide=True)


@app.command()
def rests(
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="A scenario of the package; by default the town.")
    ] = "town",
    as_json: AsJson = False,
) -> None:
    """Tell what a scenario's results rest on: the assumed parameters that move each headline most, and by how much.

    It was reckoned when the version was made, and comes with the package.

    For example:

      scorepolis rests

      scorepolis rests rongcheng --json
    """
    with _plainly():
        from scorepolis.report import resting

        found = resting.find(scenario)
        if as_json:
            _print_json(resting.to_json(found))
        else:
            _wide_console().print(resting.show(found))


@app.command()
def plausibility(
    patterns: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATTERN]...", help="Numbers of patterns, or ahead for forecasts; by default all."),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Seeds over which every figure is taken.")] = 10,
    page: Annotated[
        str | None, typer.Option(metavar="FILE", help="Also write the page, in Markdown; of all patterns only.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set published patterns beside what the model shows: each figure, fitted or predicted, with its interval.

    Exit code 1 if a figure does not fit and nobody says why.

    For example:

      scorepolis plausibility 13 --seeds 3

      scorepolis plausibility ahead

      scorepolis plausibility --page plausibility.md
    """
    with _plainly():
        if page is not None and patterns:
            raise InputError("--page beside some patterns", expected="the page of all patterns, or patterns alone")
        from scorepolis.plausibility import command

        with _steps("Seeds") as progress:
            shown = command.show(patterns or [], seeds, progress)
        if as_json:
            _print_json(shown.rows())
        else:
            command.print_tables(shown, _wide_console())
        if page is not None:
            command.write_page(shown, page)
            _print_lines([f"The page is in {page}."])
    if shown.unexplained:
        raise typer.Exit(1)


@app.command()
def plan(as_json: AsJson = False) -> None:
    """Print the plan of a day: the rows that the engine runs, in order.

    For example:

      scorepolis plan
    """
    with _plainly():
        from scorepolis.report import dayplan

        _print(dayplan.table(), dayplan.to_json(), as_json)


@app.command()
def audit(
    rulebook: Annotated[str, typer.Argument(metavar="RULEBOOK", help="A name, or a YAML file.")],
    static: Annotated[bool, typer.Option("--static", help="Read the rulebook only; run nothing.")] = False,
    people: Annotated[int | None, typer.Option(help="People of the run, 20,000 at most.")] = None,
    days: Annotated[int | None, typer.Option(help="Days of the run; by default ten years.")] = None,
    seed: Annotated[int, typer.Option(help="The luck: the same seed gives the same bits.")] = 1,
    threads: Annotated[int | None, typer.Option(help="Threads; they change the time taken, nothing else.")] = None,
    as_json: AsJson = False,
    html: Annotated[str | None, typer.Option(metavar="FILE", help="Write the audit as a page to FILE too.")] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(metavar="SEVERITY", help="Exit code 1 if a finding of low, medium or high, or graver, is open."),
    ] = None,
) -> None:
    """Say what is wrong with a rulebook, first by reading it, then by running it beside ordinary law alone.

    It gives no grade, and no finding does not mean lawful.

    For example:

      scorepolis audit rongcheng-2019 --static

      scorepolis audit my-book.yaml --people 5000 --html audit.html --fail-on high
    """
    with _plainly():
        from scorepolis.audit.command import audit as make

        with _progress() as progress:
            made = make(
                rulebook,
                static=static,
                people=people,
                days=days,
                seed=seed,
                threads=threads,
                fail_on=fail_on,
                html=html,
                progress=progress,
            )
        if as_json:
            _print_json(made.to_json())
        else:
            _print_lines(made.lines())
            console = _wide_console()
            for table in made.tables():
                console.print(table)
    if made.failed:
        raise typer.Exit(1)


@books.callback(invoke_without_command=True)
def _books(context: typer.Context) -> None:
    """List, show, check, replay, compare and begin rulebooks; without a command, list them.

    For example:

      scorepolis rulebooks show rongcheng-2019

      scorepolis rulebooks new my-town
    """
    if context.invoked_subcommand is None:
        list_("rulebooks")


@books.command("list")
def books_list(as_json: AsJson = False) -> None:
    """List the rulebooks of the library.

    For example:

      scorepolis rulebooks list
    """
    list_("rulebooks", as_json)


@books.command("show")
def books_show(name: Book, as_json: AsJson = False) -> None:
    """Tell a rulebook: what is scored, what it opens and closes, how one gets out.

    For example:

      scorepolis rulebooks show defaulter-list-2024
    """
    with _plainly():
        from scorepolis import parameters, rulebooks
        from scorepolis.report.rulebooks import body_outline, firm_outline, outline

        book = rulebooks.load(name, parameters.load())
        if as_json:
            _print_json(outline.to_json(book))
            return
        _print_lines(outline.head(book))
        console = _wide_console()
        told = [(outline.instrument(one), outline.tables(one)) for one in book.instruments]
        told += [(firm_outline.instrument(one), firm_outline.tables(one)) for one in book.firms]
        told += [(body_outline.instrument(one), body_outline.tables(one)) for one in book.bodies]
        for lines, tables in told:
            _print_lines(["", *lines, ""])
            for table in tables:
                console.print(table.table(), "")


@books.command("check")
def books_check(file: Annotated[str, typer.Argument(metavar="FILE", help="A YAML file, or a name.")]) -> None:
    """Print everything that is wrong with a rulebook, with file, line and column; exit code 2 if anything is.

    For example:

      scorepolis rulebooks check my-town.yaml
    """
    with _plainly():
        from scorepolis.report.rulebooks import checking

        errors = checking.check(file)
        _print_lines(checking.lines(errors))
    if errors:
        typer.echo(f"{len(errors)} {'fault' if len(errors) == 1 else 'faults'}", err=True)
        raise typer.Exit(2)
    typer.echo(f"{file}: nothing is wrong with it as a file; what is wrong as a scheme tells: scorepolis audit {file}")


@books.command("cases")
def books_cases(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A name, or a YAML file; by default all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Replay the cases beside rulebooks; exit code 1 if one comes out otherwise than expected.

    For example:

      scorepolis rulebooks cases rongcheng-2019
    """
    with _plainly():
        from scorepolis import rulebooks
        from scorepolis.report.rulebooks import replay

        told = [replay.report(one) for one in ([name] if name else rulebooks.names())]
        if as_json:
            _print_json([one.to_json() for one in told])
        else:
            _print_lines(line for one in told for line in one.lines())
    if not all(one.good for one in told):
        raise typer.Exit(1)


@books.command("diff")
def books_diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A name, or a YAML file.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    as_json: AsJson = False,
) -> None:
    """Tell rule by rule what changed from one rulebook to another.

    For example:

      scorepolis rulebooks diff spending-restriction-2020 spending-restriction-2024
    """
    with _plainly():
        from scorepolis import parameters, rulebooks
        from scorepolis.report.rulebooks.differing import diff

        known = parameters.load()
        found = diff(rulebooks.load(before, known), rulebooks.load(after, known))
        if as_json:
            _print_json([one._asdict() for one in found])
        else:
            _print_lines([one.line() for one in found] or ["They say the same."])


@books.command("schema")
def books_schema() -> None:
    """Print the JSON Schema of a rulebook, for editors.

    For example:

      scorepolis rulebooks schema > rulebook.schema.json
    """
    with _plainly():
        from scorepolis.rulebooks import json_schema

        _print_json(json_schema())


@books.command("new")
def books_new(name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new rulebook.")]) -> None:
    """Write a commented rulebook to begin with, to NAME.yaml; a file that is there is left alone.

    For example:

      scorepolis rulebooks new my-town
    """
    with _plainly():
        from scorepolis.report.rulebooks import template

        path = template.write(name)
    typer.echo(f"{path} is there. Next:\n  scorepolis rulebooks check {path}\n  scorepolis audit {path}")


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what can go wrong into one clear message and the documented exit code; a defect keeps its traceback."""
    try:
        yield
    except ScorepolisError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _fail("stopped", 1)
    except BrokenPipeError:
        raise
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _fail(f"{place}{error.strerror or error}", 1)
    except MemoryError:
        _fail("there is not enough memory; try fewer people", 1)


@contextmanager
def _resumable(folder: str | None) -> Iterator[None]:
    """Say how to go on, if what stops a run leaves something to go on from."""
    try:
        yield
    except InputError:
        raise
    except (KeyboardInterrupt, OSError, MemoryError, ScorepolisError) as error:
        from pathlib import Path

        from scorepolis.runs.unfinished import is_unfinished

        if folder is None or not is_unfinished(Path(folder)):
            raise
        why = "stopped" if isinstance(error, KeyboardInterrupt) else str(error) or "there is not enough memory"
        _fail(
            f"{why}; what was done up to the last checkpoint is kept, and this goes on: scorepolis resume {folder}", 1
        )


@contextmanager
def _going_on(folder: str | None) -> Iterator[None]:
    """Say what is kept of an experiment that is stopped or fails on the way, if anything is."""
    try:
        yield
    except InputError:
        raise
    except (KeyboardInterrupt, ScorepolisError) as error:
        from scorepolis.experiments.experiment import finished

        points = finished(folder)
        counted = f"{points:,} {'point is' if points == 1 else 'points are'}"
        kept = f"{counted} kept in {folder}, and the same command goes on" if points else "nothing is kept"
        _fail(f"{str(error) or 'stopped'}; {kept}", 1)


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(f"scorepolis: {message}", err=True)
    raise typer.Exit(code) from None


def _print(table: RenderableType, data: object, as_json: bool, *, wide: bool = False) -> None:
    """Print a table for a person, or the same for a program; a `wide` one keeps its lines where there is no room."""
    if as_json:
        _print_json(data)
        return
    from rich.console import Console

    (_wide_console() if wide else Console()).print(table)


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def _print_json(data: object) -> None:
    import json

    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show the days done of each world, and the time left."""
    words = {"scheme": "Under the scheme", "baseline": "Under the law alone"}
    with _bars("{task.description:<19}", "days") as update:
        yield lambda world, done, total: update(words[world], done, total)


@contextmanager
def _steps(words: str) -> Iterator[Callable[[int, int], None]]:
    """Show how many of something are done, and the time left."""
    with _bars(words) as update:
        yield lambda done, total: update("", done, total)


@contextmanager
def _bars(head: str, unit: str | None = None) -> Iterator[Callable[[str, int, int], None]]:
    """Show bars, which are begun when there is progress: a refusal stands alone, and what is quick waits for none."""
    bars: list[Bars] = []
    tasks: dict[str, TaskID] = {}

    def update(name: str, done: int, total: int) -> None:
        if not bars:
            bars.append(_new_bars(head, unit))
            bars[0].start()
        if name not in tasks:
            tasks[name] = bars[0].add_task(name, total=total)
        bars[0].update(tasks[name], completed=done)

    try:
        yield update
    finally:
        if bars:
            bars[0].stop()


def _new_bars(head: str, unit: str | None) -> Bars:
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.TextColumn(head),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        *([progress.TextColumn(unit)] if unit else []),
        progress.TimeElapsedColumn(),
        progress.TextColumn("left"),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
        refresh_per_second=4,  # each time costs the threads at work some milliseconds
    )


def _settings(pairs: list[str]) -> dict[str, str | float]:
    """Read PATH=VALUE pairs; a value is a number if it can be read as one."""
    settings: dict[str, str | float] = {}
    for pair in pairs:
        path, equals, value = (part.strip() for part in pair.partition("="))
        if not path or not equals or not value:
            raise InputError(f"--set {pair}", expected="PATH=VALUE, such as coefficients.learning.peer_weight=0")
        if path in settings:
            raise InputError(f"--set {path} is given twice", expected="one value for each path")
        settings[path] = _number(value)
    return settings


def _number(text: str) -> int | float | str:
    if "_" in text:  # Python would read 1_0 as 10
        return text
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _tell_next(folder: str) -> None:
    typer.echo(f"The result is in {folder}. Next:\n  scorepolis show {folder}\n  scorepolis digest {folder}")


def _show(result: Run) -> None:
    from scorepolis.report.words import show as words

    _wide_console().print(words(result))


def _show_comparison(found: Comparison, as_json: bool) -> None:
    from scorepolis.report import comparing

    if as_json:
        _print_json(comparing.to_json(found))
    else:
        _wide_console().print(comparing.show(found))


def _wide_console() -> Console:
    from rich.console import Console

    console = Console()
    console.width = max(console.width, 120)
    return console


def _draw(result: Run) -> None:
    """Write the page; a folder that cannot be written is no failure, since the words have been shown."""
    from scorepolis.report.page import write

    try:
        page = write(result)
    except OSError as error:
        typer.echo(f"scorepolis: the page could not be written: {error.strerror or error}", err=True)
    else:
        typer.echo(f"The same in pictures, for any browser: {page}")

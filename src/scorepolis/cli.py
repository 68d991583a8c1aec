"""The command line: words in, words out. Everything slow is imported by the command that needs it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from scorepolis.core.errors import InputError, ScorepolisError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.progress import TaskID

    from scorepolis.runs.make import Progress
    from scorepolis.runs.result import Run

app = typer.Typer(
    name="scorepolis",
    help="A laboratory for social-scoring schemes, on people who do not exist.",
    epilog="Start with: scorepolis run village. Exit codes: 0 done, 1 failure, 2 wrong usage or input.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def main() -> None:
    """Run the command line."""
    app(prog_name="scorepolis")


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
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier run in DIR.")] = False,
) -> None:
    """Run a scenario, and the same people under ordinary law alone.

    [bold]Examples[/bold]

      scorepolis run village

      scorepolis run rongcheng --seed 7 --out runs/a

      scorepolis run town --days 90 --set coefficients.learning.peer_weight=0 --out runs/alone
    """
    with _plainly():
        from scorepolis.runs.make import run as make

        settings = _settings(set_ or [])
        with _progress() as progress:
            result = make(
                scenario,
                people=people,
                days=days,
                seed=seed,
                threads=threads,
                out=out,
                set=settings,
                baseline=baseline,
                force=force,
                progress=progress,
            )
        if out is None:
            _show(result)
            typer.echo("This run was not kept; to keep it, give --out DIR.")
        else:
            typer.echo(f"The result is in {out}. Next:\n  scorepolis show {out}\n  scorepolis digest {out}")


@app.command()
def show(folder: Annotated[str, typer.Argument(metavar="RUN", help="A run folder.")], as_json: AsJson = False) -> None:
    """Tell what a scheme did, to whom, and what the run cannot tell; and draw it, as a page in the run folder.

    [bold]Example[/bold]

      scorepolis show runs/a
    """
    with _plainly():
        from scorepolis.runs.folder import load

        result = load(folder)
        if as_json:
            from scorepolis.report import plain

            _print_json(plain.to_json(result))
            return
        _show(result)
        _draw(result)


@app.command()
def digest(
    folder: Annotated[str, typer.Argument(metavar="RUN", help="A run folder.")], as_json: AsJson = False
) -> None:
    """Print a hash of all results: the same on any machine and any number of threads.

    It is computed from the results and compared with the one recorded when they were made.

    [bold]Example[/bold]

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

    [bold]Example[/bold]

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

    [bold]Examples[/bold]

      scorepolis list

      scorepolis list behaviours
    """
    with _plainly():
        from scorepolis.report.catalogue import listing

        found = listing(kind)
        _print(found.table(), found.to_json(), as_json)


@app.command()
def facts(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A dotted path, or the beginning of several.")],
    as_json: AsJson = False,
) -> None:
    """Tell what a number rests on: value, range, unit, status, source or reason.

    [bold]Examples[/bold]

      scorepolis facts coefficients.learning.peer_weight

      scorepolis facts behaviours.jaywalking --json
    """
    with _plainly():
        from dataclasses import asdict

        from scorepolis.report import catalogue

        found = [asdict(fact) for fact in catalogue.facts(path)]
        _print(catalogue.facts_listing(path).table(), found, as_json)


@app.command()
def plan(as_json: AsJson = False) -> None:
    """Print the plan of a day: the rows that the engine runs, in order.

    [bold]Example[/bold]

      scorepolis plan
    """
    with _plainly():
        from scorepolis.report import dayplan

        _print(dayplan.table(), dayplan.to_json(), as_json)


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what can go wrong into one clear message and the documented exit code; a defect keeps its traceback."""
    try:
        yield
    except ScorepolisError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _fail("stopped; nothing was written", 1)
    except BrokenPipeError:
        raise
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _fail(f"{place}{error.strerror or error}", 1)
    except MemoryError:
        _fail("there is not enough memory; try fewer people", 1)


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(f"scorepolis: {message}", err=True)
    raise typer.Exit(code) from None


def _print(table: RenderableType, data: object, as_json: bool) -> None:
    """Print a table for a person, or the same for a program."""
    if as_json:
        _print_json(data)
        return
    from rich.console import Console

    Console().print(table)


def _print_json(data: object) -> None:
    import json

    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show the days done of each world, and the time left."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    words = {"scheme": "Under the scheme", "baseline": "Under the law alone"}
    columns = (
        TextColumn("{task.description:<19}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("days"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    bars = Progress(*columns, console=Console(stderr=True))
    tasks: dict[str, TaskID] = {}

    def report(world: str, done: int, total: int) -> None:
        if not tasks:
            bars.start()  # not before there is progress, so that a refusal stands alone
        if world not in tasks:
            tasks[world] = bars.add_task(words[world], total=total)
        bars.update(tasks[world], completed=done)

    try:
        yield report
    finally:
        if tasks:
            bars.stop()


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


def _show(result: Run) -> None:
    from rich.console import Console

    from scorepolis.report.words import show as words

    console = Console()
    # What does not fit would be cut off: rather a broken line than a column lost.
    console.width = max(console.width, 120)
    console.print(words(result))


def _draw(result: Run) -> None:
    """Write the page; a folder that cannot be written is no failure, since the words have been shown."""
    from scorepolis.report.page import write

    try:
        page = write(result)
    except OSError as error:
        typer.echo(f"scorepolis: the page could not be written: {error.strerror or error}", err=True)
    else:
        typer.echo(f"The same in pictures, for any browser: {page}")

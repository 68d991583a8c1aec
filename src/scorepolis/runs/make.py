"""Making a run: arguments are checked before anything heavy is imported or anything is written."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scorepolis.core.errors import InputError, nearest
from scorepolis.core.usual import PANEL, PAUSE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from scorepolis.engine.checkpoint import Checkpoints
    from scorepolis.engine.crew import Crew
    from scorepolis.engine.simulate import Outcome
    from scorepolis.parameters import Parameters
    from scorepolis.rulebooks import Rulebook
    from scorepolis.runs.panel import Panel
    from scorepolis.runs.result import Run
    from scorepolis.scenarios import Scenario

    Progress = Callable[[str, int, int], None]

PEOPLE: Final = (100, 2_000_000_000)
DAYS: Final = (1, 36_500)
THREADS: Final = (1, 256)
PANELS: Final = (0, 10_000_000)
SEED: Final = (0, 2**64 - 1)

LAW_ONLY: Final = "law-only"


def run(
    scenario: str | Path | Scenario,
    *,
    rulebooks: Sequence[str | Path] | None = None,
    people: int | None = None,
    days: int | None = None,
    seed: int = 1,
    threads: int | None = None,
    out: str | Path | None = None,
    set: Mapping[str, str | float] | None = None,  # noqa: A002 - the word of the command line and of the scenario file
    panel: int = PANEL,
    lives: bool = True,
    memory: float | None = None,
    cluster: str | None = None,
    baseline: bool = True,
    force: bool = False,
    checkpoints: bool = True,
    checkpoint_pause: float = PAUSE,
    progress: Progress | None = None,
) -> Run:
    """Run a scenario, and the same people with the same luck under ordinary law alone.

    Parameters
    ----------
    scenario : str, Path or Scenario
        A name (``"rongcheng"``, ``"town"``, ``"village"``), a YAML file, or a scenario already read.
    rulebooks : sequence of str or Path, optional
        Names of rulebooks, of families of dated ones (the latest is taken) or YAML files, in force everywhere in place
        of the scenario's own, in this order.
    people, days : int, optional
        Instead of the society's and the scenario's own.
    seed : int
        The luck. The same seed gives the same bits on any machine and any number of threads.
    threads : int, optional
        By default one per core. It changes the time taken and nothing else.
    out : str or Path, optional
        Folder to write the run to; by default it stays in memory.
    set : mapping, optional
        Parameters to change, by dotted path, such as ``{"coefficients.learning.peer_weight": 0}``.
    panel : int
        People, about, whose whole ledger and life are kept; everybody where there are no more. It changes nothing else.
    lives : bool
        Whether their lives are kept, and not their ledger alone. Many years take half the memory without; a run that
        goes to a folder keeps them.
    memory : float, optional
        GiB that the run may take; by default nine tenths of what the machine has. One that needs more runs out of core:
        the folder `out` holds its districts, and memory as many as there is room for. It changes the time taken and
        nothing else. With `cluster`, an address: GiB that each worker may take.
    cluster : str, optional
        ``"local:N"``, N processes on this machine, or ``"tcp://HOST:PORT"``, a Dask scheduler: who does the work in the
        place of threads. The folder `out` has to be one that all machines share. A script that asks for ``local:N``
        needs ``if __name__ == "__main__":``, as whatever starts processes.
    baseline : bool
        Whether to run the baseline too. Without it nothing can be said about the scheme's doing.
    force : bool
        Whether an earlier run at `out` may be replaced.
    checkpoints : bool
        Whether a run that goes to a folder is kept there at months' ends, so that `resume` can go on with it.
    checkpoint_pause : float
        Seconds between two checkpoints, at least: a run of seconds is not held up by them. A run out of core is always
        kept at each month's end.
    progress : callable, optional
        Called with the world (``"scheme"`` or ``"baseline"``), the days done and the days in all.

    Returns
    -------
    Run
        The results.

    Raises
    ------
    InputError
        If something given cannot be used; nothing has been written then.
    ScorepolisError
        If the cluster is lost on the way; `resume` goes on.

    Examples
    --------
    >>> import scorepolis as sp
    >>> run = sp.run("village", days=60, seed=7)  # doctest: +SKIP
    """
    within("people", people, PEOPLE)
    within("days", days, DAYS)
    within("threads", threads, THREADS)
    within("seed", seed, SEED)
    within("panel", panel, PANELS)
    if out is not None and not lives:
        raise InputError("a run that goes to a folder keeps lives", expected="a run in memory, or lives=True")
    filed = out is not None and checkpoints
    _check_means(memory, checkpoint_pause, cluster, filed=filed)
    if out is not None:
        from scorepolis.runs.folder import check_out

        check_out(out, force=force)

    from scorepolis import scenarios
    from scorepolis.parameters import load as load_parameters

    chosen = scenario if isinstance(scenario, scenarios.Scenario) else scenarios.load(scenario)
    length = days or chosen.days
    within_calendar(chosen.start, length)
    overrides = {**chosen.set, **(set or {})}
    parameters = load_parameters(overrides)
    if rulebooks is not None:
        chosen = _under(chosen, rulebooks, parameters)
    _known("society", chosen.society, parameters.societies)
    texts = _texts(chosen, parameters)

    size = people or int(parameters.societies[chosen.society].people.exact)
    made = recorded(chosen, people=size, days=length, seed=seed, overrides=overrides, panel=panel)
    with _hands(chosen, made, parameters, threads=threads, memory=memory, cluster=cluster, filed=filed) as (
        hands,
        crew,
    ):
        if out is None:
            return _make(chosen, made, texts, baseline=baseline, lives=lives, threads=hands, progress=progress)

        from scorepolis.runs.folder import save
        from scorepolis.runs.unfinished import being_made

        record = {**made, **_means(chosen, texts, parameters, baseline=baseline)}
        with being_made(Path(out).absolute(), record, anew=True, pause=checkpoint_pause) as unfinished:
            result = _make(
                chosen, made, texts, baseline=baseline, threads=hands, progress=progress,
                kept=unfinished.checkpoints if checkpoints else None, crew=crew,
            )  # fmt: skip
            return save(result, out, force=True)


def resume(
    folder: str | Path,
    *,
    threads: int | None = None,
    memory: float | None = None,
    cluster: str | None = None,
    checkpoint_pause: float = PAUSE,
    progress: Progress | None = None,
    on_damage: Callable[[str], None] = lambda _: None,
) -> Run:
    """Go on with a run that was stopped, from its last good checkpoint, to the same bits.

    Parameters
    ----------
    folder : str or Path
        The run folder that it was to go to.
    threads, memory, cluster : optional
        As for `run`; a run that was begun in memory may go on out of core or on a cluster, and the other way round.
    checkpoint_pause : float
        As for `run`.
    progress : callable, optional
        As for `run`.
    on_damage : callable, optional
        Told of each checkpoint that cannot be used, and why.

    Returns
    -------
    Run
        The results, written to the folder.

    Raises
    ------
    InputError
        If there is no unfinished run, it is being made at the moment, or what it is made from is not what it was.
    """
    from scorepolis import __version__
    from scorepolis.parameters import load as load_parameters
    from scorepolis.runs.folder import save
    from scorepolis.runs.recipe import book_of, placed, recipe_of
    from scorepolis.runs.unfinished import RECORD, UNFINISHED, being_made, bring_back, read_record

    within("threads", threads, THREADS)
    _check_means(memory, checkpoint_pause, cluster, filed=True)
    home = Path(folder).absolute()
    bring_back(home)
    record = read_record(home)
    file = str(home / UNFINISHED / RECORD)
    recipe = recipe_of(record, file)
    if recipe.package != __version__:
        raise InputError(
            f"the run was begun with version {recipe.package}, and this is {__version__}",
            file=file,
            expected=f"version {recipe.package}, or a new run",
        )
    parameters = load_parameters(recipe.overrides)
    books = [book_of(book, parameters, file) for book in recipe.rulebooks]
    scenario = recipe.scenario.with_books(tuple(placed(recipe.rulebooks, books, home / UNFINISHED)))
    texts = {entry.name: entry.text for entry in recipe.rulebooks if entry.text is not None}
    now = _means(scenario, texts, parameters, baseline=recipe.baseline)
    for what in ("parameters", "rulebooks"):
        if now[what] != record[what]:
            raise InputError(f"the {what} are not those with which the run was begun", file=file, expected="a new run")
    made = {key: value for key, value in record.items() if key not in now}
    with (
        _hands(scenario, made, parameters, threads=threads, memory=memory, cluster=cluster) as (hands, crew),
        being_made(home, record, on_damage, pause=checkpoint_pause) as unfinished,
    ):
        result = _make(
            scenario, made, texts, baseline=recipe.baseline, threads=hands, progress=progress,
            kept=unfinished.checkpoints, crew=crew,
        )  # fmt: skip
        return save(result, home, force=True)


def _make(
    scenario: Scenario,
    made: Mapping[str, Any],
    texts: Mapping[str, str],
    *,
    baseline: bool,
    lives: bool = True,
    threads: int,
    progress: Progress | None,
    kept: Callable[[str], Checkpoints] | None = None,
    crew: Crew | None = None,
) -> Run:
    """Let the scheme's world and the baseline's live, and bind what they leave."""
    from scorepolis.engine.simulate import simulate

    def world(name: str, rulebooks: list[str] | None, like: Outcome | None = None) -> Outcome:
        report = None if progress is None else lambda done, total: progress(name, done, total)
        return simulate(
            scenario,
            people=made["people"],
            days=made["days"],
            seed=made["seed"],
            threads=threads,
            overrides=made["overrides"],
            rulebooks=rulebooks,
            like=like,
            panel=made["panel"],
            checkpoints=kept(name) if kept else None,
            crew=crew,
            on_progress=report,
        )

    scheme = world("scheme", None)
    scheme.world.leave()
    if not lives:
        _forget_lives(scheme)
    law = world("baseline", [LAW_ONLY], like=scheme) if baseline else None
    if law is not None and not lives:
        _forget_lives(law)
    return assemble(made, scheme, texts, law, lives=lives)


def _forget_lives(outcome: Outcome) -> None:
    """Let go of what a world holds of its panel beside the ledger."""
    outcome.world.leave()
    outcome.world.tally = outcome.world.setting.new_tally()


@contextmanager
def _hands(
    scenario: Scenario,
    made: Mapping[str, Any],
    parameters: Parameters,
    *,
    threads: int | None,
    memory: float | None,
    cluster: str | None,
    filed: bool = True,
) -> Iterator[tuple[int, Crew | None]]:
    """Decide how many threads work, and on what: on all districts in memory, or, as a crew, on those that fit."""
    from scorepolis.rulebooks import load as load_rulebook
    from scorepolis.runs.memory import Load, share_of, spare_of_remote, spare_of_worker

    society = parameters.societies[scenario.society]
    district = int(society.neighbourhood_size.exact * society.district_neighbourhoods.exact)
    books = [load_rulebook(book, parameters) for book in scenario.books]
    per_person = sum(per.value for _, per in parameters.firms.numbers) / 1000
    load = Load(
        made["people"], min(made["people"], district), books, scenario.where,
        panel=made["panel"], days=made["days"], firms=per_person if any(book.firms for book in books) else 0,
    )  # fmt: skip
    wished = threads or min(os.cpu_count() or 1, THREADS[1])
    if cluster is not None:
        from scorepolis.engine.client import workers_here
        from scorepolis.engine.cluster import hired

        here = workers_here(cluster)
        spare = spare_of_worker(load, memory, here) if here is not None else None
        with hired(cluster) as crew:
            crew.spare = spare_of_remote(load, memory, *crew.of_each()) if spare is None else spare
            yield wished, crew
        return
    share = share_of(load, memory, threads=wished, filed=filed)
    if share is None:
        yield wished, None
        return
    from scorepolis.engine.crew import Threads

    yield share.threads, Threads(share.threads, share.spare)


def _check_means(memory: float | None, checkpoint_pause: float, cluster: str | None, *, filed: bool) -> None:
    """Check by what means a run is to be made."""
    if memory is not None and not 0 < memory < 1 << 20:
        raise InputError(f"memory is {memory!r}", expected="GiB, such as 8")
    if not checkpoint_pause >= 0:
        raise InputError(f"checkpoint_pause is {checkpoint_pause!r}", expected="seconds, such as 20; 0 for every month")
    if cluster is not None:
        from scorepolis.engine.client import check_installed, workers_here

        workers_here(cluster)
        check_installed()
        if not filed:
            raise InputError(
                "a run on a cluster has no place for its districts",
                expected="a folder that all its machines share, with checkpoints (--out)",
            )


def _means(scenario: Scenario, texts: Mapping[str, str], parameters: Parameters, *, baseline: bool) -> dict[str, Any]:
    """Record by what a run is made: version, rulebooks and parameters."""
    from scorepolis import __version__, rulebooks

    books = [rulebooks.load(book, parameters) for book in scenario.books]
    return {
        "package": __version__,
        "rulebooks": [_entry(book, texts.get(book.name), parameters) for book in books],
        "parameters": parameters_digest(parameters),
        "baseline": baseline,
    }


def _under(scenario: Scenario, names: Sequence[str | Path], parameters: Parameters) -> Scenario:
    """Put other rulebooks into a scenario, which is then called after them."""
    from scorepolis import rulebooks

    if isinstance(names, (str, Path)) or not names:
        raise InputError(f"rulebooks is {names!r}", expected="a list of names or files, such as ['rongcheng-2021']")
    latest = rulebooks.families()
    books = tuple(latest.get(str(name), str(name)) for name in names)
    title = "; ".join(rulebooks.load(book, parameters).title for book in books)
    return scenario.model_copy(update={"rulebooks": books, "title": title})


def recorded(
    scenario: Scenario,
    *,
    people: int,
    days: int,
    seed: int,
    overrides: Mapping[str, str | float],
    panel: int = PANEL,
) -> dict[str, Any]:
    """Record what both worlds of a run share.

    Parameters
    ----------
    scenario : Scenario
        Society, rulebooks and start.
    people, days, seed, panel : int
        As they were used.
    overrides : mapping of str to str or float
        Parameters changed, the scenario's own among them.

    Returns
    -------
    dict
        For `assemble`.
    """
    return {
        # Its own fields, so that the run can be made again without the file; a rulebook's file goes by its bare name.
        "scenario": scenario.with_books([Path(book).stem for book in scenario.books]).model_dump(mode="json"),
        "society": scenario.society,
        "people": people,
        "start": scenario.start.isoformat(),
        "days": days,
        "seed": seed,
        "panel": panel,
        "overrides": {path: _plain(value) for path, value in overrides.items()},
    }


def assemble(
    made: Mapping[str, Any], scheme: Outcome, texts: Mapping[str, str], law: Outcome | None, *, lives: bool = True
) -> Run:
    """Bind what the engine gave to a record of how it was made.

    Parameters
    ----------
    made : mapping
        What both worlds share, by `recorded`.
    scheme : Outcome
        The scheme's world.
    texts : mapping of str to str
        By name, the rulebooks that are not of the library, as they stood when the run began.
    law : Outcome or None
        The baseline's world, if there is one.
    lives : bool
        Whether the lives of the panel are kept.

    Returns
    -------
    Run
        In memory.

    Raises
    ------
    InputError
        If a rulebook's file changed before the engine read it.
    """
    from scorepolis import __version__
    from scorepolis.runs.folder import FORMAT, VERSION
    from scorepolis.runs.ledger import in_order, person_numbers
    from scorepolis.runs.panel import held
    from scorepolis.runs.result import Run, World

    def result(outcome: Outcome, own: Mapping[str, str], baseline: Run | None) -> Run:
        parameters = outcome.world.parameters
        ledger = in_order(outcome.ledger)
        numbers = partial(
            person_numbers,
            people=outcome.people,
            neighbourhoods=outcome.counts.by_place.shape[1],
            units=outcome.context.units,
        )
        ledger["person"] = numbers(ledger["slot"])

        def panel() -> Panel:  # of the many worlds of a comparison, few are asked for their lives
            return held({name: {"person": numbers(table["slot"]), **table} for name, table in outcome.panel.items()})

        counts = outcome.counts  # and not the whole outcome, with its world
        world = World(lambda: counts, lambda: ledger, panel if lives else None)
        record = {
            "format": FORMAT,
            "version": VERSION,
            "package": __version__,
            **made,
            "rulebooks": [_entry(book, own.get(book.name), parameters) for book in outcome.world.rulebooks],
            "parameters": parameters_digest(parameters),
            "baseline": baseline is not None,
        }
        unsigned = Run(record, outcome.timing, outcome.context, world, baseline)
        return replace(unsigned, provenance={**record, "digest": unsigned.digest})

    return result(scheme, texts, result(law, {}, None) if law else None)


def parameters_digest(parameters: Parameters) -> str:
    """Hash every parameter's path and value, as they are used.

    Parameters
    ----------
    parameters : Parameters
        With a run's own values in them.

    Returns
    -------
    str
        SHA-256 in hexadecimal digits.
    """
    from scorepolis.parameters import quantities

    state = hashlib.sha256(f"coefficients.deterrence.form={parameters.coefficients.deterrence.form.value}\n".encode())
    for path, quantity in quantities(parameters):
        state.update(f"{path}={quantity.exact}\n".encode())
    return state.hexdigest()


def _texts(scenario: Scenario, parameters: Parameters) -> dict[str, str]:
    """Read the rulebooks that are files: a run keeps them whole, for a file may change or go."""
    from scorepolis import rulebooks

    texts = {}
    for book in scenario.books:
        if book not in rulebooks.names():
            name = rulebooks.load(book, parameters).name
            texts[name] = Path(book).read_text(encoding="utf-8-sig")
    return texts


def _entry(book: Rulebook, text: str | None, parameters: Parameters) -> dict[str, Any]:
    """Say which rulebook was in force: by hash, and in full if it is not of the library."""
    from scorepolis.rulebooks import load_text

    entry = {"name": book.name, "title": book.title, "tag": book.tag, "sha256": book.digest()}
    if text is None:
        return entry
    if load_text(text, f"{book.name}.yaml", parameters).digest() != entry["sha256"]:
        raise InputError(f"the rulebook '{book.name}' changed while it was read", expected="a file that stays as it is")
    return {**entry, "text": text}


def within(name: str, value: int | None, bounds: tuple[int, int]) -> None:
    """Refuse an argument that is no whole number within its bounds; None stands for the usual one."""
    if value is None:
        return
    lowest, highest = bounds
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{name} is {value!r}", expected="a whole number")
    if not lowest <= value <= highest:
        raise InputError(f"{name} is {value:,}", expected=f"{lowest:,} to {highest:,}")


def within_calendar(start: date, days: int) -> None:
    """Refuse a length that leads beyond what a calendar holds."""
    # The last month is counted to its end before it is cut.
    if (date.max.replace(day=1) - start).days < days:
        raise InputError(
            f"{days:,} days from {start} lead beyond the year {date.max.year}",
            expected="an earlier start or fewer days",
        )


def _known(kind: str, name: str, names: Collection[str]) -> None:
    if name not in names:
        raise InputError(
            f"there is no {kind} '{name}'", expected=f"one of {', '.join(names)}", nearest=nearest(name, names)
        )


def _plain(value: object) -> object:
    return value if isinstance(value, (int, float, str, bool)) or value is None else str(value)

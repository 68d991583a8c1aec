"""Reckoning what a scenario rests on: one parameter at a time, with the same people and the same luck.

First every parameter is turned once, in a small society with one seed, to the end of its range that lies farther from
its value; then those that moved a measure most are turned to both ends in a larger one with several seeds. A parameter
that matters at its nearer end only, or only together with another, escapes the first step.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scorepolis.experiments.hands import processes
from scorepolis.experiments.outputs import Output
from scorepolis.experiments.points import Task
from scorepolis.experiments.pool import Pool
from scorepolis.parameters import load as load_parameters
from scorepolis.rests.table import Moved, Mover, Rests
from scorepolis.rests.turns import turns
from scorepolis.rests.version import stamp
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.runs.make import parameters_digest
from scorepolis.scenarios import load as load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from scorepolis.experiments.points import Row
    from scorepolis.rests.turns import Turn
    from scorepolis.scenarios import Scenario

    Numbers = Mapping[str, float]


class Step(NamedTuple):
    """How large the society is, and with which seeds it runs."""

    people: int
    seeds: tuple[int, ...]


SCREENED: Final = Step(3_000, (1,))
"""The first step."""
MEASURED: Final = Step(5_000, (1, 2))
"""The second step."""
OTHERS: Final = (3, 4, 5)
"""More seeds of the base, for what luck does."""
FINALISTS: Final = 2
"""Parameters of each measure that come into the second step."""
KEPT: Final = 5
"""Parameters of each measure that are kept."""

OVER_ALL: Final = (
    ("chilled", "scheme"), ("refused", "scheme"), ("records_not_done", "scheme"), ("records_wrong_person", "scheme"),
    ("bad_acts", "difference"), ("harm", "difference"), ("good_deeds", "difference"), ("hardship", "difference"),
    ("trust", "difference"), ("support_gap", "difference"),
)  # fmt: skip
"""Headlines of the whole society, and in which world; a difference is the scheme's less ordinary law alone's."""
BY_INSTRUMENT: Final = ("penalties", "wrongful_penalties", "ever_refused")
"""Headlines of each instrument."""


def outputs_of(scenario: Scenario) -> tuple[Output, ...]:
    """Name the headlines of a scenario."""
    books = [load_rulebook(book, load_parameters(scenario.set)) for book in scenario.books]
    instruments = [f"{book.name}/{instrument.id}" for book in books for instrument in book.instruments]
    said: list[dict[str, Any]] = [{"measure": measure, "world": world} for measure, world in OVER_ALL]
    said += [{"measure": measure, "instrument": one} for one in instruments for measure in BY_INSTRUMENT]
    return tuple(Output.of(Output.model_validate(one), scenario) for one in said)


def reckon(
    name: str,
    *,
    workers: int = 1,
    folder: Path | None = None,
    only: Sequence[str] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Rests:
    """Reckon what a scenario rests on.

    Parameters
    ----------
    name : str
        Of a scenario.
    workers : int
        Processes.
    folder : Path, optional
        Where finished runs are kept, so that an interrupted reckoning goes on.
    only : sequence of str
        Beginnings of the paths that are turned; by default all.
    progress : callable
        Called with the runs done and those in sight.

    Returns
    -------
    Rests
    """
    from scorepolis import __version__

    scenario = load_scenario(name)
    parameters = load_parameters(scenario.set)
    books = [load_rulebook(book, parameters) for book in scenario.books]
    outputs = outputs_of(scenario)
    every = [turn for turn in turns(scenario, parameters, books) if not only or turn.path.startswith(tuple(only))]
    total, done = 1 + len(every), 0

    def count() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    with processes(0 if workers == 1 else workers) as hands:

        def pool(people: int) -> Pool:
            kept = None if folder is None else folder / f"{people}"  # a point is known by its values and seeds alone
            if kept is not None:
                kept.mkdir(parents=True, exist_ok=True)
            return Pool(Task(scenario, people, None, outputs), kept, hands, count)

        seeds = SCREENED.seeds
        small = pool(SCREENED.people)
        base, *screened = small.run([({}, seeds), *((turn.wider, seeds) for turn in every)])
        rows_of = {turn.path: rows[0] for turn, rows in zip(every, screened, strict=True)}
        # Parameters have to fit together; where they do not at the one end, there is the other.
        again = [turn for turn in every if rows_of[turn.path].error and turn.nearer]
        total += len(again)
        nearer = small.run([(turn.nearer, seeds) for turn in again])
        rows_of |= {turn.path: rows[0] for turn, rows in zip(again, nearer, strict=True)}
        failed = {path: row.error for path, row in rows_of.items() if row.error}
        found = {path: row.numbers for path, row in rows_of.items() if not row.error}
        chosen = _finalists(base[0].numbers, found, outputs)
        finalists = [turn for turn in every if turn.path in chosen]
        seeds = MEASURED.seeds
        ends = [(turn, end) for turn in finalists for end in (turn.low, turn.high) if end]
        total += 2 + len(ends)
        large = pool(MEASURED.people)
        base, others, *turned = large.run([({}, seeds), ({}, OTHERS), *((end, seeds) for _, end in ends)])
    at = {(turn.path, repr(end)): rows for (turn, end), rows in zip(ends, turned, strict=True)}
    measures = []
    for output in outputs:
        moved = Moved(
            output.model_dump(exclude_none=True, exclude_defaults=True),
            _column(base, output),
            _column(others, output),
            [_mover(turn, at, output) for turn in finalists],
        )
        if not all(map(math.isfinite, [*moved.base, *moved.others])):
            continue  # nothing to divide by, such as the penalties of a list that has none
        moved.movers.sort(key=lambda mover, moved=moved: (-moved.size(mover), mover.path))  # type: ignore[misc]
        del moved.movers[KEPT:]
        measures.append(moved)
    record = {
        "package": __version__,
        "scenario": scenario.name,
        "society": scenario.society,
        "start": scenario.start.isoformat(),
        "days": scenario.days,
        "people": MEASURED.people,
        "seeds": list(MEASURED.seeds),
        "others": list(OTHERS),
        "screened": {
            "people": SCREENED.people,
            "seeds": list(SCREENED.seeds),
            "turned": len(every),
            "finalists": len(finalists),
        },
        "code": stamp(),
        "parameters": parameters_digest(parameters),
        "rulebooks": [{"name": book.name, "sha256": book.digest()} for book in books],
    }
    return Rests(record, measures, {path: str(error) for path, error in failed.items()})


def _finalists(base: Numbers, found: Mapping[str, Numbers], outputs: Sequence[Output]) -> set[str]:
    """Name the parameters that moved some measure most."""
    chosen: set[str] = set()
    for output in outputs:
        apart = {path: abs(numbers[output.column] - base[output.column]) for path, numbers in found.items()}
        known = [path for path, size in apart.items() if size > 0]
        chosen |= set(sorted(known, key=lambda path, apart=apart: (-apart[path], path))[:FINALISTS])  # type: ignore[misc]
    return chosen


def _mover(turn: Turn, at: Mapping[tuple[str, str], Sequence[Row]], output: Output) -> Mover:
    low, high = (_column(at.get((turn.path, repr(end)), ()), output) for end in (turn.low, turn.high))
    return Mover(turn.path, turn.low, turn.high, low, high)


def _column(rows: Sequence[Row], output: Output) -> list[float]:
    """Give a number seed by seed; none if a run failed or had nothing to divide by."""
    numbers = [row.numbers.get(output.column, math.nan) for row in rows]
    return numbers if all(map(math.isfinite, numbers)) else []

"""One point of an experiment: the values of some parameters, run with every seed, in a process of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scorepolis.core.errors import ScorepolisError
from scorepolis.experiments.outputs import Output
from scorepolis.runs.make import LAW_ONLY
from scorepolis.scenarios import Scenario

if TYPE_CHECKING:
    from scorepolis.experiments.sampling import Point


@dataclass(frozen=True)
class Task:
    """What every point of an experiment does with its values.

    Attributes
    ----------
    scenario : Scenario
        Society, rulebooks, start.
    people, days : int or None
        Instead of the society's and the scenario's own.
    outputs : tuple of Output
        What to measure.
    figures : tuple of str
        Published figures to simulate.
    objective : str
        What to reckon besides; empty for nothing.
    """

    scenario: Scenario
    people: int | None
    days: int | None
    outputs: tuple[Output, ...] = ()
    figures: tuple[str, ...] = ()
    objective: str = ""


@dataclass(frozen=True)
class Row:
    """What a point gave with one seed: numbers by column, or the error."""

    seed: int
    numbers: Mapping[str, float]
    error: str | None = None


def key_of(point: Point, seeds: Sequence[int]) -> str:
    """Name a point by its values and seeds, so that a finished one is known again."""
    text = json.dumps([sorted(point.items()), list(seeds)])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def evaluate(task: Task, point: Point, seeds: Sequence[int]) -> list[Row]:
    """Run a point with every seed.

    Parameters
    ----------
    task : Task
        What to do.
    point : mapping of str to number
        Parameters by path.
    seeds : sequence of int
        One run each.

    Returns
    -------
    list of Row
        One per seed; a run that failed is a row with its error.
    """
    rows = []
    for seed in seeds:
        try:
            rows.append(Row(seed, _numbers(task, point, seed)))
        except (ScorepolisError, ArithmeticError, MemoryError) as error:
            rows.append(Row(seed, {}, str(error) or type(error).__name__))
    return rows


def _numbers(task: Task, point: Point, seed: int) -> dict[str, float]:
    found: dict[str, float] = {}
    if task.figures:
        from scorepolis import plausibility

        worlds = plausibility.Worlds(seed, people=task.people, overrides=point)
        found |= {name: float(plausibility.MEASURES[name](worlds)) for name in task.figures}
    if task.outputs or task.objective:
        found |= _measured(task, point, seed)
    return found


def _measured(task: Task, point: Point, seed: int) -> dict[str, float]:
    from scorepolis.engine.simulate import simulate
    from scorepolis.experiments.objectives import check_objective
    from scorepolis.measures.dataset import summary

    settings: dict[str, Any] = {
        "people": task.people, "days": task.days, "seed": seed, "overrides": {**task.scenario.set, **point},
    }  # fmt: skip
    scheme = simulate(task.scenario, **settings)
    law = None
    if any(output.world != "scheme" for output in task.outputs):
        law = simulate(task.scenario, rulebooks=[LAW_ONLY], like=scheme, **settings)
    ours = summary(scheme.counts, scheme.context) if task.outputs else None
    theirs = summary(law.counts, law.context) if law is not None else None
    found = {output.column: output.take(ours, theirs) for output in task.outputs} if ours is not None else {}
    objective = check_objective(task.objective).of if task.objective else None
    if objective is not None:
        found[task.objective] = objective(scheme)
    return found

"""One call from a scenario to its counts and ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.calendar import months
from scorepolis.core.usual import PANEL
from scorepolis.engine.checkpoint import Checkpoints
from scorepolis.engine.crew import Crew
from scorepolis.engine.specification import specify
from scorepolis.engine.stream import Stream
from scorepolis.engine.world import World
from scorepolis.measures.context import Context
from scorepolis.measures.counts import Counts
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.scenarios import Scenario


@dataclass(frozen=True)
class Outcome:
    """What a simulation leaves.

    Attributes
    ----------
    counts
        Canonical integers by month and group cell.
    ledger
        Ledger of the panel: int64 arrays by field, ordered by slot, day and order of the agenda.
    context
        What the axes of the counts stand for.
    timing
        Seconds: `setup`, `run`; and nanoseconds of processor time per person-day by row of the plan, `row.NAME`.
    people
        Number of people.
    world
        The world at the end of the last day; of one that a crew lived, its places and tables alone.
    """

    counts: Counts
    ledger: dict[str, npt.NDArray[np.int64]]
    context: Context
    timing: dict[str, float]
    people: int
    world: World | Stream

    @cached_property
    def panel(self) -> dict[str, dict[str, npt.NDArray[Any]]]:
        """Who the people of the panel are, what happened to them and how they stood.

        Returns
        -------
        dict
            int64 and int32 arrays by field, for each of `people`, `events` and `states`, ordered by slot and day. They
            are put in order when somebody asks for them: of the many worlds of a comparison or an audit, nobody does.
        """
        tally, context = self.world.tally, self.context
        moments = [-1, *((month - context.start).days for month in context.months)]
        return {
            "people": dict(tally.people()),
            "events": dict(tally.events()),
            "states": dict(tally.states(np.array(moments, np.int64))),
        }


def simulate(
    scenario: Scenario,
    *,
    people: int | None = None,
    days: int | None = None,
    seed: int = 1,
    threads: int = 1,
    tile: int = 31,
    overrides: Mapping[str, str | float] | None = None,
    rulebooks: Sequence[str] | None = None,
    like: Outcome | None = None,
    panel: int = PANEL,
    checkpoints: Checkpoints | None = None,
    crew: Crew | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Run a scenario.

    Parameters
    ----------
    scenario
        Society, rulebooks, start and length.
    people, days
        Instead of the society's and the scenario's own.
    seed
        64-bit seed.
    threads, tile
        How the work is cut; without effect on the results.
    overrides
        Values of parameters by dotted path, on top of the scenario's own.
    rulebooks
        Names or files instead of the scenario's own, in force everywhere.
    like
        Outcome of the same scenario, people and seed under other rulebooks, whose settled districts are taken over.
    panel
        People, about, whose whole ledger and life are kept.
    checkpoints
        Where the world is kept at months' ends, and from where it goes on if something is there.
    crew
        Who lives the districts, which then are in the folder of the checkpoints; by default they are all in memory
        here.
    on_progress
        Called with days done and days in all.

    Returns
    -------
    Outcome

    Raises
    ------
    InputError
        If anything in the inputs does not fit.
    """
    began = time.perf_counter()
    firms = True if like is not None and like.world.firms else None
    bodies = True if like is not None and like.world.bodies else None
    length = days or scenario.days
    changed = {**scenario.set, **(overrides or {})}
    names = scenario.books if rulebooks is None else rulebooks
    where = scenario.where if rulebooks is None else [None] * len(names)
    if crew is not None:
        if checkpoints is None:
            raise ValueError("a crew needs the folder of the checkpoints")
        specification = specify(
            names, where=where, society=scenario.society, people=people, seed=seed, start=scenario.start,
            days=length, panel=panel, firms=firms, bodies=bodies, overrides=changed,
        )  # fmt: skip
        stream = Stream(specification, checkpoints, crew)
        return live(stream, length, setup=time.perf_counter() - began, on_progress=on_progress)
    parameters = load_parameters(changed)
    world = World(
        parameters,
        [load_rulebook(name, parameters) for name in names],
        society=scenario.society,
        where=where,
        people=people,
        seed=seed,
        start=scenario.start,
        threads=threads,
        tile=tile,
        like=like.world if like is not None and isinstance(like.world, World) else None,
        panel=panel,
        checkpoints=checkpoints,
    )
    return live(world, length, setup=time.perf_counter() - began, on_progress=on_progress)


def live(
    world: World | Stream, days: int, *, setup: float = 0.0, on_progress: Callable[[int, int], None] | None = None
) -> Outcome:
    """Let a world live its days, and take what it leaves.

    Parameters
    ----------
    world
        On the morning of day 0.
    days
        Length of the run.
    setup
        Seconds that making the world took.
    on_progress
        Called with days done and days in all.

    Returns
    -------
    Outcome
    """
    began = time.perf_counter()
    lived = sum(month.days for month in islice(months(world.start, days), world.months_done, None))
    world.run(days, None if on_progress is None else lambda done: on_progress(done, days))
    person_days = world.places.people * max(1, lived)
    timing = {"setup": setup, "run": time.perf_counter() - began}
    timing |= {f"row.{name}": spent / person_days for name, spent in world.nanoseconds.items()}
    context = Context.of(
        parameters=world.parameters,
        rulebooks=world.rulebooks,
        start=world.start,
        months=[month.end for month in months(world.start, days)],
        places=world.places if world.divided else None,
        firms=world.firms,
        bodies=world.bodies,
    )
    tally = world.tally
    return Outcome(tally.counts(), tally.ledger(), context, timing, world.places.people, world)

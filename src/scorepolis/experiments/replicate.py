"""One seed of a comparison: ordinary law alone and every scheme, on the same people with the same luck."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scorepolis.core.errors import ScorepolisError
from scorepolis.day.regions import Regions, build_regions
from scorepolis.engine.simulate import Outcome, live
from scorepolis.engine.world import World
from scorepolis.experiments.persons import Persons, persons, standings
from scorepolis.experiments.schemes import Scheme
from scorepolis.measures.figures import figures
from scorepolis.society.places import build_places

if TYPE_CHECKING:
    from scorepolis.measures.context import Context, FloatArray
    from scorepolis.parameters import Parameters

FAILURES = (ScorepolisError, ArithmeticError, MemoryError)
"""What a scheme may fail with for reasons of its own; anything else is a defect of this program."""


@dataclass(frozen=True)
class Lived:
    """What is kept of one scheme's run.

    Attributes
    ----------
    figures : mapping of str to float64 array
        All measures of the whole run, by group.
    context : Context
        The names behind axes and grades.
    people : Persons
        The panel.
    outcome : Outcome or None
        The run itself, where it is to be kept whole.
    """

    figures: Mapping[str, FloatArray]
    context: Context
    people: Persons
    outcome: Outcome | None


@dataclass(frozen=True)
class Study:
    """What all seeds of a comparison share; read and compiled once.

    Attributes
    ----------
    law : Scheme
        Ordinary law alone: the baseline.
    schemes : tuple of Scheme
        The others, law alone not among them.
    parameters : Parameters
        Of all of them.
    regions : mapping of str to Regions
        Compiled, by scheme.
    people, days : int
        Size and length.
    """

    law: Scheme
    schemes: tuple[Scheme, ...]
    parameters: Parameters
    regions: Mapping[str, Regions]
    people: int
    days: int


def study(
    law: Scheme, schemes: Sequence[Scheme], parameters: Parameters, *, people: int, days: int
) -> tuple[Study, dict[str, str]]:
    """Compile the schemes.

    Returns
    -------
    Study, dict of str to str
        Of those that can be compiled; and by name, why the others cannot.
    """
    society = parameters.societies[law.scenario.society]
    places = build_places(society, people, parameters)

    def regions_of(scheme: Scheme) -> Regions:
        return build_regions(parameters, scheme.books, scheme.scenario.where, society, places, 0)

    regions, failed = {law.name: regions_of(law)}, {}
    for scheme in schemes:
        try:
            regions[scheme.name] = regions_of(scheme)
        except FAILURES as error:
            failed[scheme.name] = told(error)
    return Study(law, tuple(s for s in schemes if s.name in regions), parameters, regions, people, days), failed


def replicate(
    plan: Study, seed: int, luck: int | None, *, threads: int, keep: bool, done: Callable[[], None]
) -> dict[str, Lived | str]:
    """Run law alone and every scheme with one seed.

    Parameters
    ----------
    plan : Study
        What to run.
    seed : int
        Who the people are; and their luck, unless `luck` is another seed.
    luck : int or None
        Seed of everything that happens to them.
    threads : int
        For the districts of a world.
    keep : bool
        Whether to keep the runs themselves.
    done : callable
        Called after every world.

    Returns
    -------
    dict of str to (Lived or str)
        By scheme, law alone first; of a scheme that failed, why.

    Raises
    ------
    ScorepolisError
        If ordinary law alone fails.
    """
    # Nothing in a settled district depends on rulebooks or on luck, so that all worlds share what one of them settles.
    home = _world(plan, plan.law, seed, threads)
    law = home if luck is None else _world(plan, plan.law, luck, threads, home)
    found: dict[str, Lived | str] = {plan.law.name: _live(plan, law, keep=keep)}
    done()
    for scheme in plan.schemes:
        try:
            world = _world(plan, scheme, seed if luck is None else luck, threads, home)
            found[scheme.name] = _live(plan, world, keep=keep)
        except FAILURES as error:
            found[scheme.name] = told(error)
        done()
    return found


def elsewhere(plan: Study, seed: int, luck: int | None) -> dict[str, Lived | str]:
    """Run law alone and every scheme with one seed, as `replicate`, in a process of its own."""
    return replicate(plan, seed, luck, threads=1, keep=False, done=lambda: None)


def told(error: BaseException) -> str:
    """Tell an error in one line."""
    return str(error) or type(error).__name__


def failures(replicates: Iterable[tuple[int, Mapping[str, Lived | str]]]) -> dict[str, str]:
    """Name the schemes that failed with some seed, and why with the first such."""
    found: dict[str, str] = {}
    for seed, lives in replicates:
        for name, one in lives.items():
            if isinstance(one, str):
                found.setdefault(name, f"seed {seed}: {one}")
    return found


def _world(plan: Study, scheme: Scheme, seed: int, threads: int, like: World | None = None) -> World:
    return World(
        plan.parameters,
        scheme.books,
        society=plan.law.scenario.society,
        people=plan.people,
        seed=seed,
        start=plan.law.scenario.start,
        threads=threads,
        like=like,
        regions=plan.regions[scheme.name],
    )


def _live(plan: Study, world: World, *, keep: bool) -> Lived:
    at_start = standings(world)
    outcome = live(world, plan.days)
    measured = figures(outcome.counts, outcome.context)
    return Lived(measured, outcome.context, persons(outcome, at_start), outcome if keep else None)

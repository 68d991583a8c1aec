"""Scorepolis itself, a whole year of Rongcheng from its first day, on one thread. This is not W but far more."""

from __future__ import annotations

from datetime import date, timedelta

from scorepolis import scenarios
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook

SCENARIO = "rongcheng"
WARM_UP_PEOPLE = 100_000


def open_world(people: int, seed: int, start: date | None = None) -> World:
    scenario = scenarios.load(SCENARIO)
    parameters = load_parameters(scenario.set)
    books = [load_rulebook(name, parameters) for name in scenario.books]
    first = start or scenario.start
    return World(parameters, books, society=scenario.society, people=people, seed=seed, start=first, threads=1)


def warm_up() -> None:
    """Over the last night of a year and in several districts, so that every row turns once and is compiled."""
    start = date(scenarios.load(SCENARIO).start.year + 1, 1, 1) - timedelta(days=1)
    open_world(WARM_UP_PEOPLE, 1, start).run(2)


class Loop:
    """A year from its first day; a world runs once."""

    counts = None

    def __init__(self, people: int, seed: int) -> None:
        self.people, self.seed = people, seed
        self.world: World | None = None

    def ready(self) -> None:
        self.world = None  # the old one goes before the new one comes
        self.world = open_world(self.people, self.seed)

    def run(self, days: int) -> None:
        assert self.world is not None
        self.world.run(days)

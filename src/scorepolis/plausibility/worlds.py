"""The worlds from which figures are taken: one seed, and the same people with the same luck under other conditions.

A world is made when it is first asked for, so that who asks for one figure waits for one world.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib import resources
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from scorepolis import scenarios
from scorepolis.core.usual import PANEL
from scorepolis.engine.world import World
from scorepolis.measures.counts import Counts
from scorepolis.measures.groups import GROUPS, masks
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import Rulebook, load_text
from scorepolis.rulebooks import load as load_rulebook

LIST, RESTRICTION, POINTS = range(3)
"""Numbers of the town's instruments, in the order of its rulebooks."""

NOTHING_SET: Final[Mapping[str, float]] = MappingProxyType({})

FIVE_YEARS: Final = (date(2014, 1, 1), 1826)
"""From before the first entry of the court list to the end of 2018, to which its published totals belong."""

TWO_YEARS: Final = 730
"""Days within which a bureau's score is to tell who defaults."""

VILLAGERS: Final = 10_000
"""Forty hamlets of 250, as many villages as the experiment had."""

FIRM_BOOKS: Final = ("corporate-tax", "corporate-comprehensive")
FIRM_PEOPLE: Final = 100_000
"""So many that a share of firms is known to half a point."""

STRICT_POLICE: Final = MappingProxyType(
    {
        "sensors.traffic_police.coverage.urban": 1,
        "sensors.traffic_police.coverage.rural": 1,
        "sensors.traffic_police.sees.drink_driving": 0.1,
    }
)
"""Police on every road, each of whom sees ten times as much drink driving as usually."""

AHEAD: Final = (date(2014, 1, 1), 4018)
"""The same and six years more, to the end of 2024."""

AS_LISTED: Final = MappingProxyType(
    {
        "coefficients.courts.applies": 0.58,
        "coefficients.courts.performs": 0.02,
        "coefficients.courts.pressure": 0.1,
        "services.flight.wants": 0.39,
        "services.fast_train.wants": 0.14,
    }
)
"""What gives the totals that were published of listings, refusals and performance by the end of 2018."""

DOG_OWNING: Final = (date(2017, 1, 1), 608)
"""The twenty months of Jinan's points for dog owners of which results were published."""

DOG_TOWN: Final = 200_000
"""People among whom are enough owners for the rare one who loses all points."""

AS_PENALISED: Final = MappingProxyType(
    {"sensors.traffic_police.sees.unleashed_dog": 0.00012, "sensors.tip_off.sees.dog_noise": 0.00012}
)
"""What gives the share of dog owners that was penalised."""


def among(*groups: str) -> npt.NDArray[np.bool_]:
    """Mark the group cells that belong to all of the groups; `adult` is everybody who is not under 18.

    Returns
    -------
    ndarray of bool, (640,)
    """
    by_name = {group.name: row > 0 for group, row in zip(GROUPS, masks(), strict=True)}
    by_name["adult"] = ~by_name["age_0_17"]
    both: npt.NDArray[np.bool_] = np.logical_and.reduce([by_name["all"], *(by_name[group] for group in groups)])
    return both


@dataclass(frozen=True, eq=False)
class Lived:
    """A world at the end of its last day."""

    world: World

    @cached_property
    def counts(self) -> Counts:
        """What was counted."""
        return self.world.tally.counts()

    def people(self, *groups: str, at: int = -1) -> int:
        """People of some groups at a moment: 0 is the start, -1 the end."""
        return int(self.counts.people[at][among(*groups)].sum())

    def acts(self, *behaviours: str, groups: Sequence[str] = ()) -> int:
        """Acts done, of some behaviours by some groups."""
        return self._of_kinds(self.counts.acts, behaviours, groups)

    def silenced(self, *behaviours: str) -> int:
        """Acts wished and left undone for fear of the scheme."""
        return self._of_kinds(self.counts.silenced, behaviours, ())

    def refused(self, service: str, *, from_month: int = 0, to_month: int | None = None) -> int:
        """Applications for a service that were refused."""
        number = list(self.world.parameters.services).index(service)
        return int(self.counts.outcomes[from_month:to_month, :, number, 0].sum())

    def penalties(self, instrument: int, *, from_month: int = 0, to_month: int | None = None) -> int:
        """Entries against somebody, on a list: listings."""
        return int(self.counts.entries[from_month:to_month, :, instrument, 0].sum())

    def graded(self, instrument: int, grade: int, *, at: int = -1) -> float:
        """Share of those in scope who stand in a grade at a moment, the lowest being 0."""
        moment = self.counts.grades[at][:, instrument]
        return float(moment[:, grade].sum() / moment.sum())

    def aware(self, instrument: int, *, at: int) -> float:
        """Share of those in scope who know of an instrument, at a moment: 0 is the start, -1 the end."""
        return float(self.counts.aware[at][:, instrument].sum() / self.counts.in_scope[at][:, instrument].sum())

    def approval(self, *groups: str, private: bool = False) -> float:
        """Share of some groups who show support at the end, or who feel it."""
        support = self.counts.private_support if private else self.counts.public_support
        return float(support[-1][among(*groups)].sum() / self.people(*groups))

    def records(self, sensor: str) -> npt.NDArray[np.int64]:
        """Count the records of a sensor by their truth."""
        number = list(self.world.parameters.sensors).index(sensor)
        found: npt.NDArray[np.int64] = self.counts.records[:, :, number].sum(axis=(0, 1))
        return found

    def column(self, name: str, instrument: int | None = None) -> npt.NDArray[np.int64]:
        """Give a column of everybody, district after district, without the empty slots."""
        parts = [
            (d[name] if instrument is None else d[name][instrument])[d["occupied"] > 0].astype(np.int64)
            for d in self.world.districts
        ]
        return np.concatenate(parts)

    def _of_kinds(self, array: npt.NDArray[np.int64], behaviours: Sequence[str], groups: Sequence[str]) -> int:
        every = list(self.world.parameters.behaviours)
        numbers = [every.index(behaviour) for behaviour in behaviours]
        return int(array[:, among(*groups)][:, :, numbers].sum())


class Worlds:
    """The worlds of one seed.

    Parameters
    ----------
    seed
        The luck that all of them share.
    people
        Size of the town; its own if None.
    overrides
        Parameters set otherwise in all of them, by dotted path.
    """

    def __init__(self, seed: int, *, people: int | None = None, overrides: Mapping[str, float] = NOTHING_SET) -> None:
        self.seed, self.size, self.overrides = seed, people, overrides
        self.town = scenarios.load("town")

    @cached_property
    def scheme(self) -> Lived:
        """A year of the town under the court's lists and Rongcheng's points."""
        return self._town(self._books())

    @cached_property
    def law(self) -> Lived:
        """The same year under ordinary law alone."""
        return self._town([], like=self.scheme)

    @cached_property
    def points(self) -> Lived:
        """The same year under the points alone."""
        return self._town(self._books()[POINTS:], like=self.scheme)

    @cached_property
    def explained(self) -> Lived:
        """The scheme's year, in which everybody knows it from the first day."""
        return self.changed({"coefficients.awareness.awareness": 1})

    @cached_property
    def told(self) -> Lived:
        """The scheme's year, in which every penalty is told to somebody far away."""
        return self.changed({"coefficients.learning.story_share": 1})

    @cached_property
    def untold(self) -> Lived:
        """The scheme's year, in which no penalty is told far away."""
        return self.changed({"coefficients.learning.story_share": 0})

    @cached_property
    def policed(self) -> Lived:
        """The scheme's year with many more police on the roads."""
        return self.changed(STRICT_POLICE)

    @cached_property
    def policed_law(self) -> Lived:
        """The year under ordinary law with many more police on the roads."""
        return self._town([], overrides=STRICT_POLICE)

    def misreading(self, rate: float) -> Lived:
        """Give the scheme's year with cameras that write so many false records per person and day."""
        return self.changed({"sensors.street_camera.false_positive": rate})

    @cached_property
    def lists(self) -> Lived:
        """Five years of the court's lists alone, with no stock of listed people to begin with."""
        return self._listing(*FIVE_YEARS, NOTHING_SET)

    @cached_property
    def bureau(self) -> Lived:
        """Two years of the town under the score of a credit bureau alone."""
        book = load_rulebook("us-bureau", load_parameters(self.overrides))
        return self._live([book], society=self.town.society, people=self.size, start=self.town.start, days=TWO_YEARS)

    @cached_property
    def firms(self) -> Lived:
        """The first day of a larger town whose firms have been rated for two years."""
        parameters = load_parameters(self.overrides)
        books = [load_rulebook(name, parameters) for name in FIRM_BOOKS]
        return self._live(books, society=self.town.society, people=FIRM_PEOPLE, start=self.town.start, days=0)

    @cached_property
    def traders(self) -> Lived:
        """The first day of that town where customs have graded its traders for two years, and nobody else any firm."""
        books = [load_rulebook("corporate-customs", load_parameters(self.overrides))]
        return self._live(books, society=self.town.society, people=FIRM_PEOPLE, start=self.town.start, days=0)

    @cached_property
    def villages(self) -> Lived:
        """A year of forty villages under ordinary law."""
        return self._villages([])

    @cached_property
    def threatened(self) -> Lived:
        """The same year, in which all borrowers are told that those who pay late will be named."""
        parameters = load_parameters(self.overrides)
        name = "named-borrowers.yaml"
        text = (resources.files(__package__) / name).read_text(encoding="utf-8")
        return self._villages([load_text(text, name, parameters)])

    @cached_property
    def ahead(self) -> Lived:
        """The same and six years more, with what gives the totals of the end of 2018."""
        return self._listing(*AHEAD, AS_LISTED)

    @cached_property
    def dogs(self) -> Lived:
        """Twenty months of a large town under Jinan's points for dog owners alone."""
        start, days = DOG_OWNING
        people = min(self.size or DOG_TOWN, DOG_TOWN)
        books = [load_rulebook("jinan-dogs", load_parameters({**self.overrides, **AS_PENALISED}))]
        return self._live(
            books, society=self.town.society, people=people, start=start, days=days, overrides=AS_PENALISED,
            panel=people,
        )  # fmt: skip

    def changed(self, overrides: Mapping[str, float]) -> Lived:
        """Give the scheme's year with some parameters set otherwise."""
        return self._town(self._books(overrides), overrides=overrides)

    def _listing(self, start: date, days: int, overrides: Mapping[str, float]) -> Lived:
        """Let the town live under the court's lists, on which hardly anybody stands at first."""
        empty = [
            book.with_(instruments=tuple(instrument.with_(stock=None) for instrument in book.instruments))
            for book in self._books(overrides)[:POINTS]
        ]
        return self._live(
            empty, society=self.town.society, people=self.size, start=start, days=days, overrides=overrides
        )

    def _books(self, overrides: Mapping[str, float] = NOTHING_SET) -> list[Rulebook]:
        parameters = load_parameters({**self.overrides, **overrides})
        return [load_rulebook(name, parameters) for name in self.town.books]

    def _town(
        self, books: Sequence[Rulebook], *, overrides: Mapping[str, float] = NOTHING_SET, like: Lived | None = None
    ) -> Lived:
        return self._live(
            books,
            society=self.town.society,
            people=self.size,
            start=self.town.start,
            days=self.town.days,
            overrides=overrides,
            like=like,
        )

    def _villages(self, books: Sequence[Rulebook]) -> Lived:
        return self._live(
            books,
            society="village",
            people=VILLAGERS,
            start=self.town.start,
            days=self.town.days,
            overrides={"coefficients.awareness.awareness": 1},
        )

    def _live(
        self,
        books: Sequence[Rulebook],
        *,
        society: str,
        people: int | None,
        start: date,
        days: int,
        overrides: Mapping[str, float] = NOTHING_SET,
        like: Lived | None = None,
        panel: int = PANEL,
    ) -> Lived:
        world = World(
            load_parameters({**self.overrides, **overrides}),
            books,
            society=society,
            people=people,
            seed=self.seed,
            start=start,
            like=like.world if like is not None else None,
            panel=panel,
        )
        world.run(days)
        return Lived(world)

"""The setting: what the districts of a society under some rulebooks share; how one is opened and laid by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import islice

import numpy as np

from scorepolis.bodies.settle import number_of_bodies
from scorepolis.core.buffers import NO_CLASS, OUT_REFUSED
from scorepolis.core.calendar import month_number, months
from scorepolis.core.errors import InputError
from scorepolis.core.usual import PANEL
from scorepolis.day.district import Columns, new_district, settle, waken
from scorepolis.day.regions import Regions, Where, build_regions
from scorepolis.day.rest import Packed, pack
from scorepolis.day.tables import Tables
from scorepolis.firms.settle import number_of_firms
from scorepolis.measures.tally import Tally
from scorepolis.parameters import Parameters
from scorepolis.rulebooks.schema import Rulebook
from scorepolis.society.places import SLOTS, build_places

FOREVER = 40_000
"""Days that no run exceeds."""

MEAN_CEILING = 0.08
"""Acts a day that may happen to a person on average, at most: the engine's speed rests on it."""


class Setting:
    """Places, tables and first day of a society under rulebooks; no district is open yet.

    Parameters
    ----------
    parameters, rulebooks
        Validated inputs.
    society
        Name of the society.
    where
        Of each rulebook the names of the places where it is in force; None: everywhere.
    people
        Number of people; the society's own if None.
    seed
        64-bit seed.
    start
        Date of day 0.
    panel
        People, about, whose whole ledger and life are kept.
    firms
        Whether there are firms; by default, if a rulebook rates them.
    bodies
        Whether there are public bodies; by default, if a rulebook grades them.
    regions
        Regions made of the same parameters, rulebooks, society and people, which cost a tenth of a second; of the seed
        they hold no more than its words.
    common
        Regions made of the same parameters, society and people under whatever rulebooks, whose tables serve again
        where they do not depend on these.

    Raises
    ------
    InputError
        If the society has not the places that `where` names.
    """

    def __init__(
        self,
        parameters: Parameters,
        rulebooks: Sequence[Rulebook],
        *,
        society: str,
        where: Sequence[Where] | None = None,
        people: int | None = None,
        seed: int = 1,
        start: date = date(2019, 1, 1),
        panel: int = PANEL,
        firms: bool | None = None,
        bodies: bool | None = None,
        regions: Regions | None = None,
        common: Regions | None = None,
    ) -> None:
        self.parameters, self.rulebooks = parameters, tuple(rulebooks)
        self.seed, self.start, self.panel = seed, start, panel
        model = parameters.societies[society]
        self.places = build_places(model, people or int(model.people.exact), parameters)
        self.society, self.divided = model, bool(model.provinces)
        everywhere = [None] * len(self.rulebooks)
        self.regions = (
            build_regions(parameters, rulebooks, where or everywhere, model, self.places, seed, common)
            if regions is None
            else regions.with_seed(seed)
        )
        self.numbers = range(len(self.places.districts) - 1)
        self.firms = any(book.firms for book in self.rulebooks) if firms is None else firms
        self.bodies = any(book.bodies for book in self.rulebooks) if bodies is None else bodies
        self.shares = bool(np.any(self.regions.whole["rule_shared"]))
        self.repairs = bool(np.any(self.regions.whole["rule_repair"] != NO_CLASS))
        self.slots = int(np.diff(self.places.districts).max()) * SLOTS
        self.most_firms = sum(number_of_firms(self._most_people(), parameters)) if self.firms else 0
        self.most_bodies = number_of_bodies(self.slots // SLOTS, parameters) if self.bodies else 0

    def _most_people(self) -> int:
        """Count the people of the largest district."""
        people = np.concatenate([[0], np.cumsum(self.places.sizes, dtype=np.int64)])
        return int(np.diff(people[self.places.districts]).max())

    def tables_of(self, number: int) -> Tables:
        """Tables of a district."""
        return self.regions.tables[self.region_of(number)]

    def region_of(self, number: int) -> int:
        """Region in which a district lies."""
        return int(self.regions.of_district[number])

    def settle(self, number: int) -> Columns:
        """Settle a district: its people and places as they are under every rulebook."""
        thresholds = self.regions.thresholds[self.region_of(number)]
        tables = self.tables_of(number)
        return settle(
            number, self.places, self.society, self.parameters, tables, self.seed, thresholds, self.panel,
            firms=self.firms, bodies=self.bodies,
        )  # fmt: skip

    def open(self, number: int, settled: Columns) -> Columns:
        """Open a settled district on the morning of day 0."""
        return new_district(settled, self.tables_of(number), self.seed, month_number(self.start))

    def lay_by(self, number: int, columns: Columns, settled: Columns) -> Packed:
        """Pack a district when a month is over and its letters are sent, before the news arrive."""
        return pack(columns, settled, self.tables_of(number)) | {"shown": columns["shown"].copy()}

    def waken(self, number: int, settled: Columns, packed: Packed, months_done: int) -> Columns:
        """Open a settled district as it was when it was laid by, at the end of a month."""
        birthdays = sum(month.birthday for month in islice(months(self.start, FOREVER), months_done))
        columns = waken(settled, self.tables_of(number), packed, birthdays)
        columns["shown"] = packed["shown"]
        return columns

    def new_tally(self, part: slice = slice(None)) -> Tally:
        """Make a tally of all districts, or of some."""
        denies = np.any(self.regions.whole["effect_bits"] & OUT_REFUSED, axis=1)
        return Tally(denies, self.places.district_units if self.divided else None, part)

    def check_ceilings(self, gates: int) -> None:
        """Refuse rates under which more would happen than the engine is made for.

        Parameters
        ----------
        gates
            Sum of all people's gates, in 2^-16 acts a day.
        """
        mean = gates / 65536 / self.places.people
        if mean > MEAN_CEILING:
            raise InputError(
                f"the rates of behaviours and wants add up to a mean ceiling of {mean:.3f} acts a day",
                expected=f"at most {MEAN_CEILING}: a lower rate or a higher weight",
            )


def gates_of(columns: Columns) -> int:
    """Sum the gates of a district's people, in 2^-16 acts a day."""
    return int(columns["gate"].sum(dtype=np.int64))

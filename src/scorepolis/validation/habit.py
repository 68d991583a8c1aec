"""A society whose adults have one and the same habit, turned by the day's own rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import BREACHES
from scorepolis.core.errors import InputError
from scorepolis.day.coefficients import coefficient_table
from scorepolis.day.district import Columns, new_district, new_workspace
from scorepolis.day.plan import PLAN
from scorepolis.day.space import make_space
from scorepolis.day.tables import CELLS, LEVELS, life_tables, walk_tables
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import Rulebook
from scorepolis.rulebooks import load as load_rulebook

ADULT = 18
"""Age from which a sensor can take somebody for an offender."""

LARGEST_CEILING = 65535 << 16
"""What a gate of 16 bits can let through, in 2^-32 acts a day."""

ALL_OVER = 15
"""Level at which a place is covered altogether."""


@dataclass(frozen=True)
class Society:
    """Adults with one habit, and one sensor that sees it: everywhere alike, at once, and always the right person.

    Attributes
    ----------
    tables
        Tables of a run, which the districts hold too.
    districts
        Columns of people and places.
    habit, sensor
        Numbers of the behaviour and of the sensor.
    adults
        How many they are.
    """

    tables: Columns
    districts: tuple[Columns, ...]
    habit: int
    sensor: int
    adults: int

    @classmethod
    def of(
        cls,
        behaviour: str,
        *,
        chance: float,
        sensitivity: float,
        rulebook: str | Rulebook | None = None,
        overrides: Mapping[str, float | str] | None = None,
        people: int,
        neighbourhood: int = 250,
        seed: int,
    ) -> Society:
        """Found a society.

        Parameters
        ----------
        behaviour
            One that needs no flag and waits for nobody's door.
        chance
            Wishes per adult and day.
        sensitivity
            Share of the acts that are recorded.
        rulebook
            The instrument of points in this book, of the library or not, alone is at work; none if None.
        overrides
            Coefficients of reward and life by dotted path.
        people, neighbourhood, seed
            Size of the society and of its neighbourhoods, and its luck.

        Raises
        ------
        InputError
            If the chance is none.
        """
        parameters = load_parameters(overrides or {})
        world = _world(rulebook, people, neighbourhood, seed)
        habit = list(parameters.behaviours).index(behaviour)
        tables = {name: table.copy() for name, table in world.tables.items()}
        tables["coefficients"] = coefficient_table(parameters)
        tables |= life_tables(parameters)
        wish = int(chance * (1 << 32))
        if not 0 <= wish <= LARGEST_CEILING:
            raise InputError(f"a chance of {chance} a day", expected="a number from 0 to 1")
        ceiling = min(LARGEST_CEILING, (wish * int(tables["room"][habit])) >> 8)
        tables["rates"][:] = 0
        tables["rates"][:, habit] = wish
        tables["trait_factor"][habit] = 65536
        tables["hardship_pull"][habit] = 0
        ceilings = np.zeros((tables["requires"].size, CELLS, LEVELS), np.int64)
        ceilings[habit] = ceiling
        tables |= walk_tables([0] * len(ceilings), np.full(len(ceilings), -1), tables["requires"], ceilings)
        tables["seen"][:] = 0
        tables["seen"][habit, 0] = int(sensitivity * (1 << 32) + 0.5)
        tables["sensor_wrong"][:] = 0
        tables["sensor_delay"][:] = 0, 1
        tables["sensor_false"][:] = 0
        districts = tuple(
            new_district(settled, tables, seed) | new_workspace(tables, settled["age"].size)
            for settled in world.settled
        )
        for columns in districts:
            columns["gate"] = (adults(columns) * ((ceiling + 65535) >> 16)).astype(np.uint16)
            columns["levels"] = np.full_like(columns["levels"], ALL_OVER)
        grown = sum(int(adults(columns).sum()) for columns in districts)
        return cls(tables, districts, habit, int(tables["behaviour_sensors"][habit, 0]), grown)

    def turn(self, day: int, rows: Collection[str]) -> Iterator[Columns]:
        """Turn some rows of the plan for a day, in the plan's order, and give district after district.

        Raises
        ------
        InputError
            If rewards call for more acts than one a day.
        """
        for columns in self.districts:
            turn(columns, day, rows)
            if columns["filled"][BREACHES]:
                raise InputError("rewards call for more acts than one a day", expected="a lower chance or worth")
            yield columns


def turn(columns: Columns, day: int, rows: Collection[str]) -> None:
    """Turn some rows of the plan for a district and a day, in the plan's order."""
    columns["day"] = np.int64(day)
    for row in PLAN:
        if row.name in rows:
            make_space(columns, row.name)
            row.function(*[columns[name] for name in row.needs])


def adults(columns: Columns) -> npt.NDArray[np.bool_]:
    """Mark the adults among the slots of a district."""
    grown: npt.NDArray[np.bool_] = (columns["occupied"] > 0) & (columns["age"] >= ADULT)
    return grown


@cache
def _world(rulebook: str | Rulebook | None, people: int, neighbourhood: int, seed: int) -> World:
    """Settle a village, once for all habits."""
    parameters = load_parameters({"societies.village.neighbourhood_size": neighbourhood})
    books = []
    if rulebook is not None:
        book = load_rulebook(rulebook, parameters) if isinstance(rulebook, str) else rulebook
        points = tuple(instrument.with_(fed_by=()) for instrument in book.instruments if instrument.method == "points")
        books.append(book.with_(instruments=points))
    return World(parameters, books, society="village", people=people, seed=seed)

"""The panel of a run: who its people are, what happened to them, and how they stood at each month's end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scorepolis.core.buffers import EVENT_FIELDS, PEOPLE_FIELDS, STANDING_FIELDS, STATE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    import numpy.typing as npt

    Columns = Mapping[str, npt.NDArray[Any]]

    class Read(Protocol):
        """Reads a table of a panel: the rows of one person or all, of some fields or all."""

        def __call__(self, name: str, person: int | None, fields: Sequence[str] | None = None) -> Columns:
            """Give its columns."""


TABLES: Final = ("people", "events", "states")
"""The tables of a panel; all are ordered by person, and then by day."""


def fields_of(instruments: int) -> dict[str, tuple[str, ...]]:
    """Name the columns of each table of a panel, under a number of instruments."""
    standings = tuple(f"{name}_{k}" for k in range(instruments) for name in STANDING_FIELDS)
    return {
        "people": ("person", "slot", *PEOPLE_FIELDS),
        "events": ("person", *EVENT_FIELDS),
        "states": ("person", "slot", "day", *STATE_FIELDS, *standings),
    }


@dataclass(frozen=True)
class Panel:
    """The tables of a panel, read as they are asked for.

    Attributes
    ----------
    read : callable
        Gives the integer columns of one of `TABLES`: of one person, or of everybody if the person is None; and only
        some of its fields, if they are named. Each has the columns ``slot`` and ``person``; what the others hold is
        said in ``docs/formats.md``.
    """

    read: Read

    @cached_property
    def people(self) -> Columns:
        """Who the people are: a row each."""
        return self.read("people", None)

    def events(self, person: int | None = None) -> Columns:
        """Give what happened to a person, or to all: a row for each event."""
        return self.read("events", person)

    def states(self, person: int | None = None, fields: Sequence[str] | None = None) -> Columns:
        """Give how a person stood, or all did, at the start and at each month's end: a row for each moment."""
        return self.read("states", person, fields)


def held(tables: Mapping[str, Columns]) -> Panel:
    """Make a panel of tables in memory.

    Parameters
    ----------
    tables : mapping of str to columns
        All of `TABLES`, each ordered by ``person``.

    Returns
    -------
    Panel
    """

    def read(name: str, person: int | None, fields: Sequence[str] | None = None) -> Columns:
        columns = {field: tables[name][field] for field in (tables[name] if fields is None else fields)}
        if person is None:
            return columns
        first, last = np.searchsorted(tables[name]["person"], [person, person + 1])
        return {field: column[first:last] for field, column in columns.items()}

    return Panel(read)

"""The life of one person of the panel, as a run kept it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from scorepolis.core.buffers import IN_SCOPE
from scorepolis.core.errors import InputError
from scorepolis.explain.books import Books, books_of
from scorepolis.parameters.model import REGISTRATIONS
from scorepolis.runs.ledger import EVENTS, person_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    from scorepolis.measures.context import Context
    from scorepolis.runs.result import Run

    Columns = Mapping[str, npt.NDArray[Any]]
    Row = dict[str, int]


@dataclass(frozen=True)
class Life:
    """What a run kept of a person.

    Attributes
    ----------
    run : Run
        What was run.
    person : int
        The person's number.
    books : Books
        The rulebooks of the run.
    who : dict
        Age, flags, education, income rank, household and slot on the morning of day 0.
    events, entries, states : list of dict
        Rows of the panel's events, of its ledger and of its states, in order.
    """

    run: Run
    person: int
    books: Books
    who: Row
    events: list[Row]
    entries: list[Row]
    states: list[Row]

    @property
    def context(self) -> Context:
        """The names behind the codes."""
        return self.run.context

    @property
    def days(self) -> int:
        """Length of the run."""
        return int(self.run.provenance["days"])

    @cached_property
    def scopes(self) -> tuple[int, ...]:
        """The instruments in whose scope the person is."""
        return tuple(k for k in range(len(self.books.instruments)) if self.states[0][f"marks_{k}"] & IN_SCOPE)

    @cached_property
    def registration(self) -> str | None:
        """Where the person is registered, one of `REGISTRATIONS`, if a rulebook of the run tells migrants apart."""
        if not any(instrument.scope.tells_apart for instrument in self.books.instruments):
            return None
        from scorepolis.parameters import load
        from scorepolis.society.registration import registration_limits, registrations

        limits = registration_limits(load(self.run.provenance["overrides"]))
        flags, slot = (np.array([self.who[name]]) for name in ("flags", "slot"))
        return REGISTRATIONS[registrations(flags, slot, limits, self.run.provenance["seed"])[0]]

    def standing(self, k: int, day: int) -> int:
        """Give the person's grade under an instrument when a day has been scored; day -1 is the start."""
        grade = self.states[0][f"standing_{k}"]
        for entry in self.entries:
            if entry["day"] > day:
                break
            if entry["instrument"] == k:
                grade = entry["standing_after"]
        return grade

    def doer(self, local: int) -> int:
        """Give the number of the person who lives in a slot of the same neighbourhood, by its low part."""
        slot = np.array([self.who["slot"] - self.who["slot"] % 1024 + local % 1024])
        places, units = self.run.counts.by_place.shape[1], self.run.context.units
        return int(person_numbers(slot, self.run.provenance["people"], places, units)[0])

    def penalties(self) -> Iterator[Row]:
        """Yield the entries of records that took points or held a grade down."""
        for entry in self.entries:
            if EVENTS[entry["what"]] == "record" and self.books.penal(
                entry["instrument"], entry["rule"], entry["points"]
            ):
                yield entry


def life_of(run: Run, person: int, books: Books | None = None) -> Life:
    """Read the life of a person.

    Parameters
    ----------
    run : Run
        What was run.
    person : int
        Number of the person, from 0.
    books : Books, optional
        The rulebooks of the run, if they have been read.

    Returns
    -------
    Life

    Raises
    ------
    InputError
        If there is no such person, the person is not in the panel, or the run keeps no lives.
    """
    people = run.panel.people
    numbers = people["person"]
    if not 0 <= person < (everybody := run.provenance["people"]):
        raise InputError(f"there is no person {person:,}", expected=f"a number from 0 to {everybody - 1:,}")
    at = int(np.searchsorted(numbers, person))
    if at == len(numbers) or numbers[at] != person:
        near = numbers[min(at, len(numbers) - 1)]
        raise InputError(
            f"person {person:,} is not in the panel, whose lives alone are kept",
            expected=f"one of its {len(numbers):,} people",
            nearest=str(near),
        )
    ledger = run.ledger_columns
    first, last = np.searchsorted(ledger["person"], [person, person + 1])
    return Life(
        run,
        person,
        books or books_of(run),
        {name: int(column[at]) for name, column in people.items()},
        _rows(run.panel.events(person)),
        _rows({name: column[first:last] for name, column in ledger.items()}),
        _rows(run.panel.states(person)),
    )


def _rows(columns: Columns) -> list[Row]:
    lists = {name: column.tolist() for name, column in columns.items()}
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]

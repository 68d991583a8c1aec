"""Days of a run on the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of a run, or the part of it that the run covers.

    Attributes
    ----------
    first
        Number of its first day, from 0.
    days
        How many of its days the run covers.
    end
        Date of its last day in the run.
    birthday
        Whether it begins on a 1 January after the start.
    """

    first: int
    days: int
    end: date
    birthday: bool

    @property
    def last(self) -> int:
        """Number of its last day."""
        return self.first + self.days - 1


def month_number(day: date) -> int:
    """Give the number of a day's month among those of all years: 12 times the year, and the month from 0."""
    return 12 * day.year + day.month - 1


def months(start: date, days: int) -> Iterator[Month]:
    """Cut a run into months, each ending with its calendar month or with the run.

    Parameters
    ----------
    start
        Date of day 0.
    days
        Length of the run.

    Yields
    ------
    Month
    """
    first = 0
    while first < days:
        today = start + timedelta(days=first)
        following = date(today.year + today.month // 12, today.month % 12 + 1, 1)
        length = min((following - today).days, days - first)
        end = today + timedelta(days=length - 1)
        yield Month(first, length, end, birthday=first > 0 and (today.month, today.day) == (1, 1))
        first += length

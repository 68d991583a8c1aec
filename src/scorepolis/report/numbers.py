"""How numbers are written: few digits, the unit beside them, and a plain sign on differences."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

from scorepolis.listing import MISSING
from scorepolis.report.language import say

_LARGE: Final = ((1e9, "number.billion"), (1e6, "number.million"))


def amount(value: float, unit: str, *, signed: bool = False) -> str:
    """Write a value in its unit; shares become percent, and a difference of shares percentage points.

    Parameters
    ----------
    value : float
        What to write; NaN stands for nothing to divide by.
    unit : str
        The unit of the measure.
    signed : bool
        Whether it is a difference.

    Returns
    -------
    str
        The text, without the unit unless it is percent.

    Examples
    --------
    >>> amount(0.0312, "share"), amount(-1250.4, "yuan per person-year", signed=True)
    ('3.1 %', '-1,250')
    """
    if math.isnan(value):
        return MISSING
    if is_share(unit):
        return say("number.points" if signed else "number.percent", n=_digits(100 * value, signed=signed))
    return _digits(value, signed=signed)


def is_share(unit: str) -> bool:
    """Say whether a unit is written in percent."""
    return unit.startswith("share")


def change(value: float, other: float) -> str:
    """Say in words how a value differs from another one, relative to it.

    Examples
    --------
    >>> change(96.0, 100.0), change(150.0, 100.0), change(100.0, 100.0)
    ('4.0 % less than', '50.0 % more than', 'the same as')
    """
    if math.isnan(value) or math.isnan(other) or other == 0:
        return say("number.against")
    relative = 100 * (value - other) / other
    if abs(relative) < 0.05:
        return say("number.same" if value == other else "number.almost")
    return say("number.more" if relative > 0 else "number.less", n=_digits(abs(relative)))


def whole(value: float, noun: str) -> str:
    """Write a count with its noun, one of those under ``count`` in the strings.

    Examples
    --------
    >>> whole(1, "person"), whole(1200, "record")
    ('1 person', '1,200 records')
    """
    return say(f"count.{noun}.{'one' if value == 1 else 'other'}", n=f"{value:,.0f}")


def brief(value: float) -> str:
    """Write a count where there is little room.

    Examples
    --------
    >>> brief(12_345), brief(1_234_567), brief(2_000_000_000)
    ('12,345', '1.23 million', '2.00 billion')
    """
    for size, word in _LARGE:
        if value >= size:
            return say(word, n=f"{value / size:,.2f}")
    return f"{value:,.0f}"


def people(value: float) -> str:
    """Write a count of people.

    Examples
    --------
    >>> people(0), people(1), people(1200)
    ('nobody', '1 person', '1,200 people')
    """
    return whole(value, "person") if value else say("number.nobody")


def day(value: date) -> str:
    """Write a date in words.

    Examples
    --------
    >>> day(date(2019, 1, 1))
    '1 January 2019'
    """
    return say("number.day", day=value.day, month=say(f"month.{value.month}"), year=value.year)


def _digits(value: float, *, signed: bool = False) -> str:
    """Keep two or three figures that matter, and tell nought from almost nought."""
    size = abs(value)
    places = 0 if size >= 100 else 1 if size >= 1 else 2 if size >= 0.1 else 3
    text = f"{value:{'+' if signed else ''},.{places}f}"
    if any(digit in text for digit in "123456789"):
        return text
    return "0" if value == 0 else say("number.about_nought")

"""How numbers are written: few digits, the unit beside them, and a plain sign on differences."""

from __future__ import annotations

import math
from datetime import date

MISSING = "–"


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
        return f"{_digits(100 * value, signed=signed)} {'pts' if signed else '%'}"
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
        return "against"
    relative = 100 * (value - other) / other
    if abs(relative) < 0.05:
        return "the same as" if value == other else "almost the same as"
    return f"{_digits(abs(relative))} % {'more' if relative > 0 else 'less'} than"


def whole(value: float, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> whole(1, "person", "people"), whole(1200, "record")
    ('1 person', '1,200 records')
    """
    return f"{value:,.0f} {noun if value == 1 else plural or noun + 's'}"


def brief(value: float) -> str:
    """Write a count where there is little room.

    Examples
    --------
    >>> brief(12_345), brief(1_234_567), brief(2_000_000_000)
    ('12,345', '1.23 million', '2.00 billion')
    """
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if value >= size:
            return f"{value / size:,.2f} {word}"
    return f"{value:,.0f}"


def people(value: float) -> str:
    """Write a count of people.

    Examples
    --------
    >>> people(0), people(1), people(1200)
    ('nobody', '1 person', '1,200 people')
    """
    return whole(value, "person", "people") if value else "nobody"


def day(value: date) -> str:
    """Write a date in words.

    Examples
    --------
    >>> day(date(2019, 1, 1))
    '1 January 2019'
    """
    return f"{value.day} {value:%B %Y}"


def _digits(value: float, *, signed: bool = False) -> str:
    """Keep two or three figures that matter, and tell nought from almost nought."""
    size = abs(value)
    places = 0 if size >= 100 else 1 if size >= 1 else 2 if size >= 0.1 else 3
    text = f"{value:{'+' if signed else ''},.{places}f}"
    if any(digit in text for digit in "123456789"):
        return text
    return "0" if value == 0 else "about 0"

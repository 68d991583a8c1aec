"""The court's lists as their published totals have them by the end of 2018, and what follows for the years after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from scorepolis.plausibility.worlds import AHEAD, LIST, Worlds

FIRST: Final = AHEAD[0].year
YEARS: Final = range(2019, 2025)
"""Of which nothing was taken to fit anything."""


def listed_by(worlds: Worlds, year: int) -> float:
    """Entries of the list of dishonest debtors by the end of a year, per 1,000 adults."""
    months = _months(year)
    return _per_thousand(worlds, worlds.ahead.penalties(LIST, to_month=months), year)


def refused_by(worlds: Worlds, service: str, year: int) -> float:
    """Applications for a service refused by the end of a year, per 1,000 adults."""
    return _per_thousand(worlds, worlds.ahead.refused(service, to_month=_months(year)), year)


def listed_in(worlds: Worlds, year: int) -> float:
    """Entries of the list in a year, per 1,000 adults."""
    months = _months(year)
    return _per_thousand(worlds, worlds.ahead.penalties(LIST, from_month=months - 12, to_month=months), year)


def refused_in(worlds: Worlds, service: str, year: int) -> float:
    """Applications for a service refused in a year, per 1,000 adults."""
    months = _months(year)
    return _per_thousand(worlds, worlds.ahead.refused(service, from_month=months - 12, to_month=months), year)


def stock(worlds: Worlds, year: int) -> float:
    """Adults on the list at the end of a year, in percent."""
    return 100 * worlds.ahead.graded(LIST, 0, at=_months(year))


def _months(year: int) -> int:
    """Months from the first day to the end of a year."""
    return 12 * (year - FIRST + 1)


def _per_thousand(worlds: Worlds, number: int, year: int) -> float:
    return 1000 * number / worlds.ahead.people("adult", at=_months(year))


def _of_years() -> dict[str, Callable[[Worlds], float]]:
    measures: dict[str, Callable[[Worlds], float]] = {}
    for year in YEARS:
        measures[f"new_listings_ahead_{year}"] = partial(listed_in, year=year)
        measures[f"listed_ahead_{year}"] = partial(stock, year=year)
        measures[f"flights_ahead_{year}"] = partial(refused_in, service="flight", year=year)
        measures[f"trains_ahead_{year}"] = partial(refused_in, service="fast_train", year=year)
    return measures


MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        "listed_by_2017": partial(listed_by, year=2017),
        "listed_by_2018": partial(listed_by, year=2018),
        "stock_of_2018": partial(stock, year=2018),
        "flights_by_2017": partial(refused_by, service="flight", year=2017),
        "flights_by_2018": partial(refused_by, service="flight", year=2018),
        "trains_by_2017": partial(refused_by, service="fast_train", year=2017),
        "trains_by_2018": partial(refused_by, service="fast_train", year=2018),
        **_of_years(),
    }
)

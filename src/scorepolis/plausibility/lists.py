"""The court's lists: who comes on them, what they are refused, and what the threat of being named does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from scorepolis.plausibility.worlds import FIVE_YEARS, LIST, Lived, Worlds
from scorepolis.plausibility.years_ahead import MEASURES as OF_THE_YEARS_AHEAD

OVERDUE: Final = "late_loan_payment"


def refused_per_listing(lived: Lived, service: str) -> float:
    """Applications refused for each entry of the list of dishonest debtors, both since the first day."""
    return lived.refused(service) / lived.penalties(LIST)


def new_listings(lived: Lived, *, days: int, skip_months: int = 0) -> float:
    """Count new entries per 1,000 adults and year, over some days, after some months that are left out."""
    years = days / 365.25
    return 1000 * lived.penalties(LIST, from_month=skip_months) / lived.people("adult") / years


def settled_listings(worlds: Worlds) -> float:
    """Count new entries per 1,000 adults and year, after a first year in which the first cases are on their way."""
    return new_listings(worlds.lists, days=FIVE_YEARS[1] - 365, skip_months=12)


def overdue_under_threat(worlds: Worlds) -> float:
    """Relative change of instalments paid late where borrowers are told that they would be named."""
    return worlds.threatened.acts(OVERDUE) / worlds.villages.acts(OVERDUE) - 1


MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        "flights_per_listing": lambda worlds: refused_per_listing(worlds.lists, "flight"),
        "trains_per_listing": lambda worlds: refused_per_listing(worlds.lists, "fast_train"),
        "new_listings": settled_listings,
        "new_listings_in_the_first_year": lambda worlds: new_listings(worlds.scheme, days=worlds.town.days),
        "listed_after_five_years": lambda worlds: 100 * worlds.lists.graded(LIST, 0),
        "listed_in_the_town": lambda worlds: 100 * worlds.scheme.graded(LIST, 0),
        "overdue_under_threat": lambda worlds: 100 * overdue_under_threat(worlds),
        **OF_THE_YEARS_AHEAD,
    }
)

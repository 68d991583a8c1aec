"""How often people do what surveys and statistics count, and how that answers to police and to reward."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from scorepolis.plausibility.worlds import Worlds

DRINKING: Final = "drink_driving"
BLOOD: Final = "giving_blood"


def drink_driving(worlds: Worlds, sex: str) -> float:
    """Episodes per adult of a sex in 30 days under ordinary law: hardly anybody has two of them in a month."""
    months = worlds.town.days / 30
    return worlds.law.acts(DRINKING, groups=("adult", sex)) / worlds.law.people("adult", sex) / months


def donors(worlds: Worlds) -> float:
    """Donations of blood per 1,000 people and year under ordinary law: hardly anybody gives twice."""
    return 1000 * worlds.law.acts(BLOOD) / worlds.law.people() * 365 / worlds.town.days


MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        "blood_when_rewarded": lambda worlds: 100 * (worlds.points.acts(BLOOD) / worlds.law.acts(BLOOD) - 1),
        "drink_driving_when_policed": lambda worlds: (
            100 * (worlds.policed_law.acts(DRINKING) / worlds.law.acts(DRINKING) - 1)
        ),
        "drink_driving_when_policed_under_the_scheme": lambda worlds: (
            100 * (worlds.policed.acts(DRINKING) / worlds.scheme.acts(DRINKING) - 1)
        ),
        "men_drink_driving": lambda worlds: 100 * drink_driving(worlds, "male"),
        "women_drink_driving": lambda worlds: 100 * drink_driving(worlds, "female"),
        "blood_donors": donors,
    }
)

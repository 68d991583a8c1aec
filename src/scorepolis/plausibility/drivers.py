"""Where drivers stand under the French coefficient after decades: figures of the validation, without a world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from scorepolis.plausibility.worlds import Worlds
from scorepolis.validation import bonus_malus
from scorepolis.validation.bonus_malus import CAP, FLOOR, START


def between(worlds: Worlds, lowest: int, highest: int) -> float:
    """Drivers whose coefficient, in hundredths, lies between two, in percent."""
    coefficients = bonus_malus.run(seed=worlds.seed).coefficients
    return float(100 * ((coefficients >= lowest) & (coefficients <= highest)).mean())


MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        "drivers_at_the_floor": lambda worlds: between(worlds, FLOOR, FLOOR),
        "drivers_on_their_way": lambda worlds: between(worlds, FLOOR + 1, START - 1),
        "drivers_at_one_or_above": lambda worlds: between(worlds, START, CAP),
    }
)

"""Published patterns that the whole model should show at once: what was published beside what the worlds show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from scorepolis.plausibility.bureau import MEASURES as OF_BUREAUS
from scorepolis.plausibility.cameras import MEASURES as OF_CAMERAS
from scorepolis.plausibility.catalogue import Catalogue, Figure, Forecast, Pattern, load
from scorepolis.plausibility.conduct import MEASURES as OF_CONDUCT
from scorepolis.plausibility.deterrence import MEASURES as OF_DETERRENCE
from scorepolis.plausibility.drivers import MEASURES as OF_DRIVERS
from scorepolis.plausibility.finding import Finding, Foretold, taken
from scorepolis.plausibility.firms import MEASURES as OF_FIRMS
from scorepolis.plausibility.lists import MEASURES as OF_LISTS
from scorepolis.plausibility.opinion import MEASURES as OF_OPINION
from scorepolis.plausibility.standing import MEASURES as OF_STANDING
from scorepolis.plausibility.worlds import Worlds

__all__ = [
    "MEASURES", "Catalogue", "Figure", "Finding", "Forecast", "Foretold", "Pattern", "Worlds", "load", "taken",
]  # fmt: skip

MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        **OF_STANDING,
        **OF_LISTS,
        **OF_OPINION,
        **OF_CONDUCT,
        **OF_CAMERAS,
        **OF_DETERRENCE,
        **OF_BUREAUS,
        **OF_FIRMS,
        **OF_DRIVERS,
    }
)
"""How each figure and each forecast of the catalogue is measured, by its name there."""

"""How the day's deterrence answers to perceived risk: the validation's figures, without a world of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from scorepolis.plausibility.worlds import Worlds
from scorepolis.validation import thresholds

MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        "least_risk_that_deters": lambda _: 100 * thresholds.run().onset,
        "idle_steps_of_risk": lambda _: thresholds.idle_steps(thresholds.run()),
        "threats_where_severity_is_first": lambda _: thresholds.severity_first(),
    }
)

"""Trials of face recognition: alerts, and how many are true, at the published crowds and rates of false alerts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Final

from scorepolis.plausibility.worlds import Worlds
from scorepolis.validation import base_rates
from scorepolis.validation.base_rates import CROWD, Records, Setting

CARDIFF: Final = 170_000
LONDON: Final = 3_147_436
"""Faces: of the crowd of a match in 2017, and of a year to September 2025."""

WATCHED: Final = Setting.of(f"2067/{LONDON}", "1", f"{1 - Fraction(10, LONDON - 2067)}")
"""London: 2,077 alerts, 2,067 of them right; that nobody was missed changes no precision, as in Cardiff."""

OTHERS: Final = (
    "festival", "operation", "boxing", "rugby_in_november", "rugby_in_december", "fifteen_events", "early_london",
    "six_in_london",
)  # fmt: skip
"""Trials of which alerts were published, but no crowd."""


@cache
def watch(setting: Setting, seed: int) -> Records:
    """Let the day's own sensors watch a crowd."""
    return base_rates.simulate(setting, seed=seed)


def alerts(worlds: Worlds, setting: Setting, crowd: int) -> float:
    """Alerts in a crowd."""
    wrote = watch(setting, worlds.seed)
    return (wrote.true + wrote.false) / wrote.watched * crowd


def precision(worlds: Worlds, setting: Setting) -> float:
    """Give the share of alerts that are true, in percent."""
    return 100 * watch(setting, worlds.seed).precision


MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        "alerts_in_cardiff": lambda worlds: alerts(worlds, CROWD, CARDIFF),
        "precision_in_cardiff": lambda worlds: precision(worlds, CROWD),
        "alerts_in_london": lambda worlds: alerts(worlds, WATCHED, LONDON),
        "precision_in_london": lambda worlds: precision(worlds, WATCHED),
        **{f"precision_at_{trial}": lambda worlds: precision(worlds, CROWD) for trial in OTHERS},
    }
)

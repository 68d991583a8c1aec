"""Published results, reproduced by the functions that turn the day, and callable with other parameters."""

from scorepolis.validation import (
    base_rates,
    becker,
    bonus_malus,
    daycare,
    delayed_impact,
    donors,
    gaming,
    inspection,
    joint_liability,
    perceived_risk,
    thresholds,
)
from scorepolis.validation.check import Check

__all__ = [
    "Check",
    "base_rates",
    "becker",
    "bonus_malus",
    "checks",
    "daycare",
    "delayed_impact",
    "donors",
    "gaming",
    "inspection",
    "joint_liability",
    "perceived_risk",
    "thresholds",
]


def checks() -> tuple[Check, ...]:
    """Compare every reproduced result with what was published.

    Returns
    -------
    tuple of Check
        In the order of the documentation's table.
    """
    models = (
        becker, thresholds, perceived_risk, daycare, donors, base_rates, bonus_malus, delayed_impact, inspection,
        gaming, joint_liability,
    )  # fmt: skip
    return tuple(check for model in models for check in model.checks())

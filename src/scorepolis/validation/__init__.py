"""Published results, reproduced by the functions that turn the day, and callable with other parameters."""

from scorepolis.validation import becker, perceived_risk, thresholds
from scorepolis.validation.check import Check

__all__ = ["Check", "becker", "checks", "perceived_risk", "thresholds"]


def checks() -> tuple[Check, ...]:
    """Compare every reproduced result with what was published.

    Returns
    -------
    tuple of Check
        In the order of the documentation's table.
    """
    return (*becker.checks(), *thresholds.checks(), *perceived_risk.checks())

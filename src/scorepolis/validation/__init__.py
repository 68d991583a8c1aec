"""Published results, reproduced by the functions that turn the day, and callable with other parameters."""

from scorepolis.validation import base_rates, becker, daycare, donors, inspection, perceived_risk, thresholds
from scorepolis.validation.check import Check

__all__ = ["Check", "base_rates", "becker", "checks", "daycare", "donors", "inspection", "perceived_risk", "thresholds"]


def checks() -> tuple[Check, ...]:
    """Compare every reproduced result with what was published.

    Returns
    -------
    tuple of Check
        In the order of the documentation's table.
    """
    models = (becker, thresholds, perceived_risk, daycare, donors, base_rates, inspection)
    return tuple(check for model in models for check in model.checks())

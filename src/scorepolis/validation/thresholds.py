"""How certainty and severity deter: only above a threshold, then ever more, and certainty before severity.

Perceived risk was found to deter only above about 0.3 to 0.4 (Loughran and others 2012), and the evidence for certainty
to be far more consistent than that for severity (Nagin 2013). The day's usual form of deterrence, `exponential`, is
asked for both. Its threshold is one of certainty: where much is at stake, severity deters below it as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from scorepolis.core.errors import InputError
from scorepolis.day.coefficients import FULL_CERTAINTY_LOSS
from scorepolis.validation.check import Check
from scorepolis.validation.mechanism import Deterrent

LOUGHRAN = "Loughran, Pogarsky, Piquero and Paternoster, Justice Quarterly 29 (2012) 712"
NAGIN = "Nagin, Crime and Justice 42 (2013) 199"

NOTICED = 0.02
"""Share of wishes given up from which on a risk is said to deter."""

RISKS = (1 / 4, 5 / 16, 3 / 8, 7 / 16, 1 / 2)
LOSSES = (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4)
"""Threats by which certainty and severity are compared: doubled, each of the risks lies above the threshold.

All are held exactly in the day's fixed point, so that rounding favours neither.
"""


@dataclass(frozen=True)
class Curve:
    """What is left of wishes as believed risk rises.

    Attributes
    ----------
    risks, remaining
        Believed risk from 0 to 1, and the share of wishes that survive it.
    onset
        Least risk that deters two wishes in a hundred; NaN if none does.
    """

    risks: tuple[float, ...]
    remaining: tuple[float, ...]
    onset: float


@dataclass(frozen=True)
class Levers:
    """What doubling either side of a threat does.

    Attributes
    ----------
    certainty, severity
        Share of the remaining wishes that are given up when the risk is doubled, and when the loss is.
    """

    certainty: float
    severity: float


def run(*, loss: float | None = None, steps: int = 100, **settings: float) -> Curve:
    """Trace the answer to believed risk.

    Parameters
    ----------
    loss
        What a record costs, in years of income; if None, the least loss at which certainty counts in full.
    steps
        Equal steps of risk from 0 to 1.
    **settings
        Coefficients of `coefficients.deterrence` by name, such as ``threshold=0.35``.

    Returns
    -------
    Curve

    Raises
    ------
    InputError
        If a setting is unknown or out of range.
    """
    if steps < 1:
        raise InputError(f"steps is {steps}", expected="at least one step")
    people = Deterrent.of(**settings)
    if loss is None:
        loss = int(people.coefficients[FULL_CERTAINTY_LOSS]) / 4096
    risks = tuple(n / steps for n in range(steps + 1))
    remaining = tuple(people.remaining(risk, loss) for risk in risks)
    onset = next((r for r, left in zip(risks, remaining, strict=True) if left <= 1 - NOTICED), math.nan)
    return Curve(risks, remaining, onset)


def idle_steps(curve: Curve) -> int:
    """Count the steps of risk beyond the onset that deter no further."""
    beyond = [left for risk, left in zip(curve.risks, curve.remaining, strict=True) if risk >= curve.onset]
    return sum(after >= before for before, after in pairwise(beyond))


def levers(risk: float, loss: float, people: Deterrent) -> Levers:
    """Double the risk, and double the loss.

    Parameters
    ----------
    risk, loss
        Believed risk, at most one half, and loss in years of income, before either is doubled.
    people
        Who answers to them.

    Returns
    -------
    Levers
    """
    before = people.remaining(risk, loss)
    if before == 0:
        return Levers(0.0, 0.0)  # nothing is left that could be given up
    return Levers(1 - people.remaining(2 * risk, loss) / before, 1 - people.remaining(risk, 2 * loss) / before)


def severity_first(**settings: float) -> int:
    """Count the threats, of several risks and losses, to which a doubled loss adds as much as a doubled risk."""
    people = Deterrent.of(**settings)
    pairs = [levers(risk, loss, people) for risk in RISKS for loss in LOSSES]
    return sum(pair.severity >= pair.certainty for pair in pairs)


def checks() -> tuple[Check, ...]:
    """Compare with the published findings."""
    curve = run()
    model = "Certainty and severity"
    return (
        Check(
            model, LOUGHRAN, "least risk that deters: 0.3 to 0.4", "reported", 0.35, curve.onset, 0.05,
            "thresholds.run().onset",
        ),
        Check(
            model, LOUGHRAN, "steps of risk beyond it that deter no further", "reported", 0, idle_steps(curve), 0,
            "thresholds.idle_steps(thresholds.run())",
        ),
        Check(
            model, NAGIN, "threats of which severity is the stronger lever", "reported", 0, severity_first(), 0,
            "thresholds.severity_first()",
        ),
    )  # fmt: skip

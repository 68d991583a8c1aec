"""What may be searched for: the closed list, and why nothing else is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scorepolis.core.errors import InputError, nearest
from scorepolis.measures.groups import by_group

if TYPE_CHECKING:
    from scorepolis.engine.simulate import Outcome

FIT: Final = "fit"

FEW: Final = 100
"""A group with fewer applications says more about chance than about the scheme."""


@dataclass(frozen=True)
class Objective:
    """A number to be made small.

    Attributes
    ----------
    title, unit : str
        What it is.
    of : callable or None
        Takes it from a finished run; None for the fit, which is taken from figures.
    """

    title: str
    unit: str
    of: Callable[[Outcome], float] | None


def _wrongful(outcome: Outcome) -> float:
    counts = outcome.counts
    years = float((counts.people[1:].sum(axis=1) * outcome.context.days).sum()) / 365
    return float(counts.entries[..., 2].sum()) * 1000 / years


def _refusals(outcome: Outcome) -> tuple[np.ndarray, np.ndarray]:
    """Count refusals and applications by group."""
    grouped = by_group(outcome.counts)
    asked = grouped.acts[..., len(outcome.context.behaviours) :].sum(axis=(0, 2))
    return grouped.outcomes[..., 0].sum(axis=(0, 2)), asked


def _exclusion(outcome: Outcome) -> float:
    refused, asked = _refusals(outcome)
    return float(refused[0] / asked[0]) if asked[0] else 0.0


def _disparity(outcome: Outcome) -> float:
    refused, asked = _refusals(outcome)
    shares = refused[asked >= FEW] / asked[asked >= FEW]
    return float(shares.max() - shares.min()) if shares.size else 0.0


def _chilling(outcome: Outcome) -> float:
    counts, context = outcome.counts, outcome.context
    weight = context.protected * context.weight
    behaviours = len(context.behaviours)
    undone = float((counts.silenced[..., :behaviours].sum(axis=(0, 1)) * weight).sum())
    done = float((counts.acts[..., :behaviours].sum(axis=(0, 1)) * weight).sum())
    return undone / (done + undone) if done + undone else 0.0


OBJECTIVES: Final[Mapping[str, Objective]] = {
    FIT: Objective("Distance to published figures", "half ranges", None),
    "wrongful_records": Objective("Wrongful penalties", "per 1,000 person-years", _wrongful),
    "exclusion": Objective("Applications refused", "share", _exclusion),
    "disparity": Objective("Gap between groups in applications refused", "share", _disparity),
    "chilling": Objective("Protected acts wished but left undone", "share", _chilling),
}
"""All there is: fit to published aggregates, or less wrongful records, exclusion, disparity, chilling."""


def check_objective(name: str) -> Objective:
    """Find an objective, or say why there is none of the name.

    Parameters
    ----------
    name : str
        As the file has it.

    Returns
    -------
    Objective

    Raises
    ------
    InputError
        If it is not of the closed list.
    """
    if name not in OBJECTIVES:
        raise InputError(
            f"'{name[:60]}' is no objective: compliance, dissent, unrest, legitimacy and detection are measured here "
            "and never optimised, in either direction",
            expected=f"one of {', '.join(OBJECTIVES)}",
            nearest=nearest(name, OBJECTIVES),
        )
    return OBJECTIVES[name]

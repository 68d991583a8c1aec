"""Means over seeds and how far they can be trusted: Student's t, seed by seed independent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEVEL: Final = 0.95
"""Share of such intervals that hold the mean over all seeds."""


@dataclass(frozen=True)
class Interval:
    """Means and their intervals.

    Attributes
    ----------
    mean, low, high : ndarray of float64
        NaN where nothing was measured; `low` and `high` also where a single seed was.
    seeds : ndarray of int64
        How many seeds have a number.
    """

    mean: Floats
    low: Floats
    high: Floats
    seeds: npt.NDArray[np.int64]

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Give them as columns of a table."""
        return {"mean": self.mean, "low": self.low, "high": self.high, "seeds": self.seeds}


def over_seeds(values: Floats) -> Interval:
    """Give mean and 95 % interval over the first axis.

    The interval is Student's: mean plus and minus t(0.975, n - 1) s / sqrt(n), n seeds with a number and s their
    standard deviation with n - 1. Seeds are independent draws of people and luck.

    Parameters
    ----------
    values : ndarray of float64, (seeds, ...)
        NaN where a seed has no number.

    Returns
    -------
    Interval
        Of the shape behind the first axis.
    """
    known = ~np.isnan(values)
    n = known.sum(axis=0)
    mean = _divided(np.where(known, values, 0.0).sum(axis=0), n)
    squares = np.where(known, values - mean, 0.0) ** 2
    error = np.sqrt(_divided(_divided(squares.sum(axis=0), n - 1), n))
    half = quantile(n - 1) * error
    return Interval(mean, mean - half, mean + half, n.astype(np.int64))


def quantile(freedom: npt.ArrayLike) -> Floats:
    """Give the quantile of Student's t beyond which lies half of what the intervals leave out; NaN without freedom."""
    from scipy.special import stdtrit

    df = np.asarray(freedom, dtype=np.float64)
    return np.asarray(np.where(df > 0, stdtrit(np.maximum(df, 1.0), (1 + LEVEL) / 2), np.nan))


def _divided(above: Floats, below: npt.NDArray[Any]) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(np.shape(above), np.nan), where=np.asarray(below) > 0))

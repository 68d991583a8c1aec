"""How much of what differs between people is luck: the same people live the same year again with other luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scorepolis.experiments.intervals import quantile

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Luck:
    """The share of the variance between people that is luck.

    Attributes
    ----------
    share : float
        1 less the covariance of the two lives over their mean variance; NaN if nobody differs from anybody. Sampling
        may take it a little above 1.
    low, high : float
        95 % interval, from leaving out one neighbourhood after the other; NaN if there are fewer than three.
    """

    share: float
    low: float
    high: float


def luck(first: Floats, second: Floats, place: npt.NDArray[np.int64]) -> Luck:
    """Estimate the share of luck from two lives of the same people.

    A number y of person i in life r is m_r + a_i + e_ir: m_r is the life's own mean, a_i is what stays with the person
    from life to life, e_ir is luck. Luck's share is var(e) / (var(a) + var(e)). Two lives with independent luck have
    covariance var(a), so the share is 1 - cov(y_1, y_2) / mean(var(y_1), var(y_2)): one less the intraclass correlation
    for consistency (Shrout and Fleiss 1979, case 3). The interval is the jackknife's over neighbourhoods, since
    neighbours share sensors and fates.

    Parameters
    ----------
    first, second : ndarray of float64, (P,)
        The number in each of the two lives.
    place : ndarray of int64, (P,)
        The neighbourhood of each person.

    Returns
    -------
    Luck
    """
    _, place = np.unique(place, return_inverse=True)
    # Sums by place; about the common mean, so that squares of large numbers do not swallow what differs.
    middle = (first.mean() + second.mean()) / 2
    x, y = first - middle, second - middle
    sums = np.stack([np.bincount(place, part) for part in (np.ones_like(x), x, y, x * x, y * y, x * y)])
    whole = sums.sum(axis=1)
    share = float(_share(whole))
    n = sums.shape[1]
    if n < 3 or np.isnan(share):
        return Luck(share, np.nan, np.nan)
    without = _share(whole[:, None] - sums)
    error = float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))
    half = float(quantile(n - 1)) * error
    return Luck(share, share - half, share + half)


def _share(sums: Floats) -> Floats:
    n, x, y, xx, yy, xy = sums
    covariance = xy / n - (x / n) * (y / n)
    variance = ((xx / n - (x / n) ** 2) + (yy / n - (y / n) ** 2)) / 2
    return np.asarray(1 - np.divide(covariance, variance, out=np.full(np.shape(n), np.nan), where=variance > 1e-12))

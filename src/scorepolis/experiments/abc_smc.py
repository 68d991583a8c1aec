"""Approximate Bayesian computation by sequential Monte Carlo: a sample of the parameters that agree with data.

The prior is uniform over the ranges. Every generation draws from the one before it, perturbs, and keeps what comes at
least as near to the data as the better half of that one did; weights undo the choice (Toni and others 2009, Journal of
the Royal Society Interface 6, 187; Beaumont and others 2009, Biometrika 96, 983, for the width of the perturbation).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scorepolis.experiments.sampling import uniform

Floats = npt.NDArray[np.float64]
Simulate = Callable[[Floats, int], Floats]
"""Takes points (n, parameters) and the number of the first of them; gives their distances (n,) to the data."""


@dataclass(frozen=True)
class Posterior:
    """A weighted sample of parameters.

    Attributes
    ----------
    points : float64, (N, parameters)
        The particles.
    weights : float64, (N,)
        They sum to 1.
    distances : float64, (N,)
        To the data.
    numbers : int64, (N,)
        Which simulation each of them was.
    tolerances : tuple of float
        What each generation after the first had to reach.
    simulations : int
        How many were made.
    """

    points: Floats
    weights: Floats
    distances: Floats
    numbers: npt.NDArray[np.int64]
    tolerances: tuple[float, ...]
    simulations: int

    def quantile(self, share: float) -> Floats:
        """Give the value of each parameter below which lies a share of the weight."""
        return np.array([weighted_quantile(column, self.weights, share) for column in self.points.T])


def abc_smc(
    simulate: Simulate, lowest: Floats, highest: Floats, *, particles: int, simulations: int, seed: int
) -> Posterior:
    """Sample the parameters that agree with data.

    Parameters
    ----------
    simulate : callable
        Gives distances, infinite where a simulation failed; its own chance must differ from number to number.
    lowest, highest : ndarray of float64, (parameters,)
        The prior's range.
    particles : int
        Size of the sample.
    simulations : int
        At most so many are made; a generation that cannot be filled by half with what is left is given up.
    seed : int
        Of the proposals.

    Returns
    -------
    Posterior
        The last generation that was filled, by half at least; without any `tolerances` it is the prior.

    Raises
    ------
    ValueError
        If too few simulations of the prior succeed.
    """
    width = highest - lowest
    points = lowest + width * uniform(seed, particles, lowest.size)
    distances = simulate(points, 0)
    made = particles
    numbers = np.flatnonzero(np.isfinite(distances))
    if numbers.size < 2:
        raise ValueError("fewer than two simulations of the prior succeeded")
    found = Posterior(points[numbers], np.full(numbers.size, 1 / numbers.size), distances[numbers], numbers, (), made)
    batch = 0
    while made + particles <= simulations:
        tolerance = weighted_quantile(found.distances, found.weights, 0.5)
        if not tolerance < found.distances.max():
            break  # all are as near as each other
        spread = np.sqrt(2 * _variance(found.points, found.weights))
        kept_points: list[Floats] = []
        kept_distances: list[Floats] = []
        kept_numbers: list[npt.NDArray[np.int64]] = []
        while sum(len(some) for some in kept_points) < particles and made + particles <= simulations:
            batch += 1
            proposed = _proposals(found, spread, lowest, highest, particles, seed, batch)
            distances = simulate(proposed, made)
            near = distances <= tolerance
            kept_points.append(proposed[near])
            kept_distances.append(distances[near])
            kept_numbers.append(made + np.flatnonzero(near))
            made += particles
        points = np.concatenate(kept_points)[:particles]
        if 2 * len(points) < particles:
            break  # too few of them to stand for the generation before
        found = Posterior(
            points,
            _weights(points, found, spread),
            np.concatenate(kept_distances)[:particles],
            np.concatenate(kept_numbers)[:particles],
            (*found.tolerances, tolerance),
            made,
        )
    return Posterior(found.points, found.weights, found.distances, found.numbers, found.tolerances, made)


def weighted_quantile(values: Floats, weights: Floats, share: float) -> float:
    """Give the smallest value up to which lies a share of the weight."""
    order = np.argsort(values, kind="stable")
    reached = np.searchsorted(np.cumsum(weights[order]), share * weights.sum() * (1 - 1e-12))
    return float(values[order][min(int(reached), len(values) - 1)])


def _proposals(
    before: Posterior, spread: Floats, lowest: Floats, highest: Floats, count: int, seed: int, batch: int
) -> Floats:
    """Draw particles by weight and perturb them; what falls out of the prior is drawn again, by the next draws."""
    from scipy.special import ndtri

    chosen: list[Floats] = []
    cumulated = np.cumsum(before.weights)
    turn = 0
    while sum(len(some) for some in chosen) < count:
        # Batches and turns within them have tables of draws of their own.
        draws = uniform(seed, count, lowest.size + 1, day=1000 * batch + turn)
        parents = np.minimum(np.searchsorted(cumulated, draws[:, 0] * cumulated[-1]), len(cumulated) - 1)
        moved = before.points[parents] + spread * ndtri(draws[:, 1:])
        chosen.append(moved[((moved >= lowest) & (moved <= highest)).all(axis=1)])
        turn += 1
    return np.concatenate(chosen)[:count]


def _weights(points: Floats, before: Posterior, spread: Floats) -> Floats:
    """Divide the prior, which is the same everywhere, by the chance with which each point was proposed."""
    known = spread > 0
    apart = (points[:, None, known] - before.points[None, :, known]) / spread[known]
    proposed = np.exp(-0.5 * (apart**2).sum(axis=2)) @ before.weights
    weights = 1 / proposed
    return np.asarray(weights / weights.sum())


def _variance(points: Floats, weights: Floats) -> Floats:
    mean = weights @ points
    return np.asarray(weights @ (points - mean) ** 2)

"""A published figure beside those of several seeds, and a forecast of which none was published."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import fmean

from scorepolis.plausibility.catalogue import Figure, Forecast
from scorepolis.plausibility.worlds import Worlds


class Spread:
    """Numbers of several seeds."""

    simulated: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over the seeds."""
        return fmean(self.simulated)

    @property
    def interval(self) -> tuple[float, float]:
        """Lowest and highest of the seeds."""
        return min(self.simulated), max(self.simulated)


@dataclass(frozen=True)
class Foretold(Spread):
    """What the worlds of several seeds show of something of which no figure was taken.

    Attributes
    ----------
    forecast
        What it is.
    simulated
        One number per seed.
    """

    forecast: Forecast
    simulated: tuple[float, ...]


@dataclass(frozen=True)
class Finding(Spread):
    """What the worlds of several seeds show of one figure.

    Attributes
    ----------
    figure
        What was published.
    simulated
        One number per seed, in the unit of the published one.
    """

    figure: Figure
    simulated: tuple[float, ...]

    @property
    def fits(self) -> bool:
        """Whether the mean lies within the range of the published figure."""
        low, high = self.figure.published.range
        return low <= self.mean <= high

    @property
    def unexplained(self) -> bool:
        """Whether it does not fit and nobody says why."""
        return not self.fits and self.figure.misfit is None


def taken(
    measures: Mapping[str, Callable[[Worlds], float]],
    seeds: Sequence[int],
    *,
    people: int | None = None,
    on_seed: Callable[[int], None] | None = None,
) -> dict[str, tuple[float, ...]]:
    """Measure the worlds of each seed.

    Parameters
    ----------
    measures
        How each number is taken, by name.
    seeds
        One set of worlds is made per seed; the seeds share the cores, without effect on the results.
    people
        Size of the town; its own if None.
    on_seed
        Called with each seed that is done.

    Returns
    -------
    dict of str to tuple of float
        In the order of the measures, one number per seed.
    """

    def of_one(seed: int) -> list[float]:
        worlds = Worlds(seed, people=people)
        numbers = [measure(worlds) for measure in measures.values()]
        if on_seed is not None:
            on_seed(seed)
        return numbers

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        by_seed = list(pool.map(of_one, seeds))
    return dict(zip(measures, zip(*by_seed, strict=True), strict=True))

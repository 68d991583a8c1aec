"""A published figure beside those of several seeds."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import fmean

from scorepolis.plausibility.catalogue import Figure
from scorepolis.plausibility.worlds import Worlds


@dataclass(frozen=True)
class Finding:
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
    def mean(self) -> float:
        """Mean over the seeds."""
        return fmean(self.simulated)

    @property
    def interval(self) -> tuple[float, float]:
        """Lowest and highest of the seeds."""
        return min(self.simulated), max(self.simulated)

    @property
    def fits(self) -> bool:
        """Whether the mean lies within the range of the published figure."""
        low, high = self.figure.published.range
        return low <= self.mean <= high

    @property
    def unexplained(self) -> bool:
        """Whether it does not fit and nobody says why."""
        return not self.fits and self.figure.misfit is None


def findings(
    figures: Mapping[str, Figure],
    measures: Mapping[str, Callable[[Worlds], float]],
    seeds: Sequence[int],
    *,
    people: int | None = None,
    on_seed: Callable[[int], None] | None = None,
) -> dict[str, Finding]:
    """Take all figures from the worlds of each seed.

    Parameters
    ----------
    figures
        Published figures by name.
    measures
        How each of them is taken.
    seeds
        One set of worlds is made per seed; the seeds share the cores, without effect on the results.
    people
        Size of the town; its own if None.
    on_seed
        Called with each seed that is done.

    Returns
    -------
    dict of str to Finding
        In the order of the figures.
    """

    def taken(seed: int) -> list[float]:
        worlds = Worlds(seed, people=people)
        numbers = [measures[name](worlds) for name in figures]
        if on_seed is not None:
            on_seed(seed)
        return numbers

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        by_seed = list(pool.map(taken, seeds))
    return {
        name: Finding(figure, tuple(numbers))
        for (name, figure), numbers in zip(figures.items(), zip(*by_seed, strict=True), strict=True)
    }

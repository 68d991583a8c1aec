"""Where a sweep looks: a grid, random points or a Latin hypercube."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scorepolis.core.draws import Purpose, draw_words

if TYPE_CHECKING:
    from scorepolis.experiments.design import Knob, Sweep

Floats = npt.NDArray[np.float64]
Point = dict[str, int | float]
"""Values of parameters by path."""


def points(design: Sweep, knobs: Sequence[Knob]) -> list[Point]:
    """Give the points of a sweep.

    Parameters
    ----------
    design : Sweep
        What the file says.
    knobs : sequence of Knob
        The parameters.

    Returns
    -------
    list of dict
        In order; the same for the same file.
    """
    if design.design == "grid":
        return [dict(zip(_paths(knobs), values, strict=True)) for values in product(*(knob.values for knob in knobs))]
    count = design.points or 0
    if design.design == "random":
        shares = uniform(design.seed, count, len(knobs))
    else:
        from scipy.stats import qmc

        shares = qmc.LatinHypercube(d=len(knobs), rng=design.seed).random(count)
    return [placed(knobs, row) for row in shares]


def placed(knobs: Sequence[Knob], shares: Sequence[float] | Floats) -> Point:
    """Give the point that lies so far into each range, from 0 to 1."""
    return {knob.path: knob.at(float(share)) for knob, share in zip(knobs, shares, strict=True)}


def uniform(seed: int, rows: int, columns: int, day: int = 0) -> Floats:
    """Draw numbers from 0 up to 1, with 32 bits each.

    Parameters
    ----------
    seed : int
        Of the experiment.
    rows, columns : int
        How many.
    day : int
        Tells one table of draws from another.

    Returns
    -------
    ndarray of float64, (rows, columns)
    """
    words = draw_words(seed, Purpose.EXPERIMENT, np.arange(rows)[:, None], np.arange(columns)[None, :], day)[0]
    return (words.astype(np.float64) + 0.5) / 2**32


def _paths(knobs: Sequence[Knob]) -> list[str]:
    return [knob.path for knob in knobs]

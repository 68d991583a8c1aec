"""What each score is worth to whom: the worths of the grades, joined by straight lines between their midpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt


def score_values(tables: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.int64]:
    """Tabulate the worth of every score, in yuan a year: linear between midpoints of grades, flat outside.

    Parameters
    ----------
    tables
        Compiled instruments: their ranges, midpoints and the worths of their grades.

    Returns
    -------
    ndarray, shape (instruments, rate cells, scores), int64
        From the lowest score of each instrument on; behind its highest, the last worth goes on.
    """
    worth, midpoint, count = tables["worth"], tables["grade_midpoint"], tables["grades_count"]
    lowest, highest = tables["score_lowest"], tables["score_highest"]
    widest = int((highest - lowest).max(initial=-1)) + 1
    values = np.zeros((*worth.shape[:2], widest), np.int64)
    for k in range(len(worth)):
        middles, worths = midpoint[k, : count[k]].astype(np.int64), worth[k, :, : count[k]]
        # Of two midpoints at one score the higher grade counts; a single grade has no line to follow.
        scores = np.clip(lowest[k] + np.arange(widest, dtype=np.int64), middles[0], middles[-1])
        low = np.clip(np.searchsorted(middles, scores, "right") - 1, 0, None)
        high = np.minimum(low + 1, len(middles) - 1)
        step = np.maximum(1, middles[high] - middles[low])
        values[k] = worths[:, low] + (worths[:, high] - worths[:, low]) * (scores - middles[low]) // step
    return values

"""The only door to chance: random numbers as a function of (seed, purpose, index, sub, day).

Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011) turns a 128-bit
counter and a 64-bit key into four 32-bit words. The key is the seed; the counter says what the number is for. Nothing
is remembered between draws, so results are the same on any number of threads, in any order, before and after a resume.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scorepolis.core.compiled import compiled, inlined
from scorepolis.core.philox import Purpose, draw_once, split_seed
from scorepolis.core.philox import philox as _plain

__all__ = ["Purpose", "draw", "draw_once", "draw_words", "philox", "split_seed"]

Words = npt.NDArray[np.uint32]


def draw_words(
    seed: int, purpose: int, index: npt.ArrayLike, sub: npt.ArrayLike, day: int
) -> tuple[Words, Words, Words, Words]:
    """Draw four words for each (index, sub), in NumPy; for whole arrays at the start.

    Parameters
    ----------
    seed
        64-bit seed of the run.
    purpose
        A `Purpose`.
    index, sub
        Integers or integer arrays, broadcast against one another.
    day
        Day of the run; 0 for what never changes.

    Returns
    -------
    tuple of four uint32 arrays
        Words w0 to w3, with the broadcast shape.
    """
    c0, c1 = np.asarray(index).astype(np.uint32), np.asarray(sub).astype(np.uint32)
    if c1.ndim == 0 < c0.ndim:  # nearly always, and much quicker
        c1 = np.full(c0.shape, c1)
    c0, c1 = (c0, c1) if c0.shape == c1.shape else np.broadcast_arrays(c0, c1)
    words = np.empty((4, c0.size), np.uint32)
    k0, k1 = split_seed(seed)
    _fill(c0.ravel(), c1.ravel(), np.uint32(day), np.uint32(purpose), k0, k1, words)
    w0, w1, w2, w3 = words.reshape(4, *c0.shape)
    return w0, w1, w2, w3


philox = inlined(_plain)


@compiled
def _fill(c0, c1, day, purpose, k0, k1, words):  # type: ignore[no-untyped-def]
    """Write the four words of each counter."""
    for e in range(c0.size):
        w0, w1, w2, w3 = philox(c0[e], c1[e], day, purpose, k0, k1)
        words[0, e] = w0
        words[1, e] = w1
        words[2, e] = w2
        words[3, e] = w3


@compiled
def _words(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    return philox(c0, c1, c2, c3, k0, k1)


@inlined
def draw(k0, k1, purpose, index, sub, day):  # type: ignore[no-untyped-def]
    """Draw the four words of one (purpose, index, sub, day), inside compiled functions."""
    return _words(np.uint32(index), np.uint32(sub), np.uint32(day), np.uint32(purpose), k0, k1)

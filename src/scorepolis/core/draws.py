"""The only door to chance: random numbers as a function of (seed, purpose, index, sub, day).

Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011) turns a 128-bit
counter and a 64-bit key into four 32-bit words. The key is the seed; the counter says what the number is for. Nothing
is remembered between draws, so results are the same on any number of threads, in any order, before and after a resume.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.compiled import compiled, inlined

Words = npt.NDArray[np.uint32]

MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint32(0x9E3779B9)
WEYL_1 = np.uint32(0xBB67AE85)
ROUNDS = 10


class Purpose(IntEnum):
    """What a draw is for. Numbers are never reused; the upper half of the counter word is kept for `generation`.

    Those from 32 on are drawn outside of any world.
    """

    PERSON = 1
    HOUSEHOLD = 2
    HOME = 3
    ATTRIBUTE = 4
    TRAIT = 5
    PLACE = 6
    START = 7
    PAST = 8
    TIE = 9
    GATE = 10
    ACT = 11
    OBSERVE = 12
    FALSE_RECORD = 13
    LEARN = 14
    TREATED = 15
    LIVE = 16
    EXCHANGE = 17
    PANEL = 18
    COURT = 19
    APPEAL = 20
    SUIT = 21
    HEAR = 22
    FIRM = 27
    TRADE = 28
    INSPECT = 29
    RATE = 30
    EXPERIMENT = 32


def split_seed(seed: int) -> tuple[np.uint32, np.uint32]:
    """Two 32-bit key words of a 64-bit seed, low word first."""
    return np.uint32(seed & 0xFFFFFFFF), np.uint32((seed >> 32) & 0xFFFFFFFF)


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
    c0, c1 = np.broadcast_arrays(np.asarray(index).astype(np.uint32), np.asarray(sub).astype(np.uint32))
    words = np.empty((4, c0.size), np.uint32)
    k0, k1 = split_seed(seed)
    _fill(c0.ravel(), c1.ravel(), np.uint32(day), np.uint32(purpose), k0, k1, words)
    w0, w1, w2, w3 = words.reshape(4, *c0.shape)
    return w0, w1, w2, w3


def draw_once(seed: int, purpose: int, index: int, sub: int, day: int) -> tuple[int, int, int, int]:
    """Draw the four words of one counter, without compiled code: for the single draw, which needs no such start.

    Parameters
    ----------
    seed, purpose, index, sub, day
        As in `draw_words`.

    Returns
    -------
    tuple of four int
        Words w0 to w3, the same as those of `draw_words`.
    """
    numbers = (index, sub, day, int(purpose), seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF)
    plain: Any = getattr(philox, "py_func", philox)
    w0, w1, w2, w3 = plain(*(np.array([number], np.uint32) for number in numbers))
    return int(w0[0]), int(w1[0]), int(w2[0]), int(w3[0])


@inlined
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Turn one counter and key, uint32 each, into four uint32 words."""
    for _ in range(ROUNDS):
        a = MULTIPLIER_0 * np.uint64(c0)
        b = MULTIPLIER_1 * np.uint64(c2)
        n0 = np.uint32(b >> np.uint64(32)) ^ c1 ^ k0
        n2 = np.uint32(a >> np.uint64(32)) ^ c3 ^ k1
        c1 = np.uint32(b)
        c3 = np.uint32(a)
        c0 = n0
        c2 = n2
        k0 = np.uint32(k0 + WEYL_0)
        k1 = np.uint32(k1 + WEYL_1)
    return c0, c1, c2, c3


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
def draw(k0, k1, purpose, index, sub, day):  # type: ignore[no-untyped-def]
    """Draw the four words of one (purpose, index, sub, day), inside compiled functions."""
    return philox(np.uint32(index), np.uint32(sub), np.uint32(day), np.uint32(purpose), k0, k1)

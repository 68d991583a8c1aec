"""Chance in plain Python: what a draw is for, and the function itself, for the single draw that needs no compiler.

Whatever draws many numbers goes through `scorepolis.core.draws`, where the same function is compiled.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint32(0x9E3779B9)
WEYL_1 = np.uint32(0xBB67AE85)
ROUNDS = 10


class Purpose(IntEnum):
    """What a draw is for. Numbers are never reused; the upper half of the counter word is kept for `generation`.

    EXPERIMENT is drawn outside of any world.
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
    BODY = 23
    OWE = 24
    PRESS = 25
    LOOK = 26
    FIRM = 27
    TRADE = 28
    INSPECT = 29
    RATE = 30
    CONTEST = 31
    EXPERIMENT = 32
    REPAIR = 33


def split_seed(seed: int) -> tuple[np.uint32, np.uint32]:
    """Two 32-bit key words of a 64-bit seed, low word first."""
    return np.uint32(seed & 0xFFFFFFFF), np.uint32((seed >> 32) & 0xFFFFFFFF)


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


def draw_once(seed: int, purpose: int, index: int, sub: int, day: int) -> tuple[int, int, int, int]:
    """Draw the four words of one counter, without compiled code.

    Parameters
    ----------
    seed, purpose, index, sub, day
        As in `scorepolis.core.draws.draw_words`.

    Returns
    -------
    tuple of four int
        Words w0 to w3, the same as those of `draw_words`.
    """
    numbers = (index, sub, day, int(purpose), seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF)
    w0, w1, w2, w3 = philox(*(np.array([number], np.uint32) for number in numbers))
    return int(w0[0]), int(w1[0]), int(w2[0]), int(w3[0])

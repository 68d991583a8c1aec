"""Generators that are not good enough, for the battery to find out: a test that nothing fails tests nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scorepolis.core.philox import MULTIPLIER_0, MULTIPLIER_1, WEYL_0, WEYL_1, split_seed
from verification.randomness import Words


def mixer(
    seed: int, purpose: int, index: npt.ArrayLike, sub: npt.ArrayLike, day: int
) -> tuple[Words, Words, Words, Words]:
    """The usual shortcut: what a number is for, XORed together, and MurmurHash3's finaliser of 32 bits.

    By subject it looks well. But person 5 on day 1 has the luck of person 4 on day 0, and within a day nobody has the
    luck of another, which chance would bring about now and then.
    """
    x = np.asarray(index).astype(np.uint32) ^ np.asarray(sub).astype(np.uint32)
    x = x ^ np.uint32(day) ^ np.uint32(purpose) ^ np.uint32(seed & 0xFFFFFFFF)
    return tuple(_finalised(x ^ np.uint32(word)) for word in range(4))  # type: ignore[return-value]


def _finalised(x: Words) -> Words:
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    x = (x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return x ^ (x >> np.uint32(16))


def few_rounds(
    seed: int, purpose: int, index: npt.ArrayLike, sub: npt.ArrayLike, day: int, rounds: int = 3
) -> tuple[Words, Words, Words, Words]:
    """Philox4x32 with three rounds in the place of ten."""
    low, mask = np.uint64(32), np.uint64(0xFFFFFFFF)
    c0, c1 = (a.astype(np.uint64) for a in np.broadcast_arrays(np.asarray(index), np.asarray(sub)))
    c2, c3 = np.full_like(c0, day), np.full_like(c0, int(purpose))
    k0, k1 = (np.uint64(k) for k in split_seed(seed))
    for _ in range(rounds):
        a, b = c0 * MULTIPLIER_0, c2 * MULTIPLIER_1
        c0, c1, c2, c3 = (b >> low) ^ c1 ^ k0, b & mask, (a >> low) ^ c3 ^ k1, a & mask
        k0, k1 = (k0 + np.uint64(WEYL_0)) & mask, (k1 + np.uint64(WEYL_1)) & mask
    return tuple(c.astype(np.uint32) for c in (c0, c1, c2, c3))  # type: ignore[return-value]


WEAK = {"a 32-bit mixer with naive keys": mixer, "Philox with three rounds": few_rounds}

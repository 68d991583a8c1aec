"""Integer arithmetic of the day: stochastic rounding, clamping, halves of words."""

from __future__ import annotations

import numpy as np

from scorepolis.core.compiled import inlined


@inlined
def sround(num, den, u):  # type: ignore[no-untyped-def]
    """Divide num by den and round up with a chance equal to the remainder; u is a 32-bit word."""
    num = np.int64(num)
    den = np.int64(den)
    q = num // den
    r = num - q * den
    return q + np.int64(((np.int64(u) * den) >> np.int64(32)) < r)


@inlined
def byte(x):  # type: ignore[no-untyped-def]
    """Clamp to 0..255."""
    return np.uint8(min(max(x, np.int64(0)), np.int64(255)))


@inlined
def halfword(w0, w1, w2, w3, t):  # type: ignore[no-untyped-def]
    """Take the 16-bit halfword number t (0..7) of four words, low halves first, as a 32-bit word."""
    if t < 2:
        w = w0
    elif t < 4:
        w = w1
    elif t < 6:
        w = w2
    else:
        w = w3
    if t & 1:
        return np.uint32(w & np.uint32(0xFFFF0000))
    return np.uint32(w << np.uint32(16))


@inlined
def echo(points, shared):  # type: ignore[no-untyped-def]
    """Take a share, in 2^-16, of points, rounded half away from zero: so a correction takes back what was entered."""
    size = (abs(points) * shared + 32768) >> 16
    return np.int64(size if points > 0 else -size)

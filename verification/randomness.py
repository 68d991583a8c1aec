"""Tests of randomness: each takes numbers that should be uniform and independent, and gives a p-value in (0, 1].

Numbers are uint32 arrays of which the lower `bits` bits count. The tests are those of Knuth (The Art of Computer
Programming, vol. 2, 3.3.2), Ljung and Box (Biometrika 65, 1978), Wald and Wolfowitz (Annals of Mathematical Statistics
11, 1940) and Marsaglia (birthday spacings: Computer Science and Statistics, 1985); distributions are SciPy's. All
are two-sided: numbers that are more even than chance allows are as suspicious as those that are less.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import fft, special

Words = npt.NDArray[np.uint32]

LAGS = 64
BIRTHDAYS = 4096
"""Birthdays in a year of 2^32 days: four equal spacings are expected."""


def two_sided(below: float, above: float) -> float:
    """Twice the smaller tail, at most 1. A count itself belongs to both of its tails."""
    return float(min(1.0, 2 * min(below, above)))


def chi_square(value: float, degrees: int) -> float:
    """P-value of a chi-square, too small ones being as unlikely as too large ones."""
    return two_sided(special.chdtr(degrees, value), special.chdtrc(degrees, value))


def poisson(count: int, mean: float) -> float:
    """P-value of a count with a Poisson distribution."""
    return two_sided(special.pdtr(count, mean), special.pdtrc(count - 1, mean) if count else 1.0)


def even(counts: npt.NDArray[np.int64], expected: npt.NDArray[np.float64] | float) -> float:
    """Pearson's chi-square of counts against what is expected."""
    return chi_square(float(((counts - expected) ** 2 / expected).sum()), counts.size - 1)


def ones(values: Words, bits: int) -> npt.NDArray[np.float32]:
    """Each bit as 0 or 1, one row per number."""
    kind = {16: "<u2", 32: "<u4"}[bits]
    held = values.astype(kind).view(np.uint8).reshape(values.size, bits // 8)
    return np.unpackbits(held, axis=1, bitorder="little").astype(np.float32)


# ------------------------------------------------------------------------------------------------- one sequence


def bit_balance(values: Words, bits: int) -> float:
    """Each bit is 1 half of the time: the sum of squared normal deviates over the bits is a chi-square."""
    sums = 2 * ones(values, bits).sum(0, dtype=np.float64) - values.size
    deviates = sums / np.sqrt(values.size)
    return chi_square(float((deviates**2).sum()), bits)


def byte_values(values: Words, bits: int) -> float:
    """All values of each byte are equally frequent."""
    bytes_ = [(values >> np.uint32(8 * b)) & np.uint32(255) for b in range(bits // 8)]
    expected = values.size / 256
    total = sum(float(((np.bincount(b, minlength=256) - expected) ** 2 / expected).sum()) for b in bytes_)
    return chi_square(total, 255 * len(bytes_))


def low_16(values: Words, bits: int) -> float:
    """All values of the lower 16 bits are equally frequent."""
    del bits
    return even(np.bincount(values & np.uint32(0xFFFF), minlength=1 << 16), values.size / (1 << 16))


def high_16(values: Words, bits: int) -> float:
    """All values of the upper 16 bits are equally frequent."""
    return low_16(values >> np.uint32(bits - 16), 16)


def correlation(values: Words, bits: int) -> float:
    """Ljung and Box: no correlation with what came 1 to 64 places before."""
    n = values.size
    centred = (values.astype(np.float64) + 0.5) / 2**bits - 0.5
    spectrum = fft.rfft(centred, fft.next_fast_len(n + LAGS))
    sums = fft.irfft(spectrum * spectrum.conj(), fft.next_fast_len(n + LAGS))[: LAGS + 1]
    r = sums[1:] / (n / 12)  # the variance of a uniform number is known
    return chi_square(float(n * (n + 2) * (r**2 / (n - np.arange(1, LAGS + 1))).sum()), LAGS)


def runs_of_low_bit(values: Words, bits: int) -> float:
    """Wald and Wolfowitz: the lowest bit changes from one number to the next half of the time."""
    del bits
    changes = int(((values[1:] ^ values[:-1]) & 1).sum())
    n = values.size - 1
    return two_sided(special.bdtr(changes, n, 0.5), special.bdtrc(changes - 1, n, 0.5) if changes else 1.0)


def runs_of_high_bit(values: Words, bits: int) -> float:
    """The same of the highest bit: runs above and below the median."""
    return runs_of_low_bit(values >> np.uint32(bits - 1), bits)


def gaps(values: Words, bits: int) -> float:
    """Knuth's gap test: how long it takes until a number is again in the lowest sixteenth."""
    visits = np.flatnonzero(values >> np.uint32(bits - 4) == 0)
    if visits.size < 2:
        return 0.0  # it never comes back
    lengths = np.diff(visits) - 1
    longest = max(1, min(64, int(np.log(max(lengths.size, 2) / 160) / -np.log(15 / 16))))  # ten or more in each class
    counts = np.bincount(np.minimum(lengths, longest), minlength=longest + 1)
    chances = (15 / 16) ** np.arange(longest) / 16
    return even(counts, lengths.size * np.append(chances, 1 - chances.sum()))


def next_low_bits(values: Words, bits: int) -> float:
    """Knuth's serial test: all pairs of the lowest four bits of a number and of the next are equally frequent."""
    del bits
    pairs = values[: values.size // 2 * 2].reshape(-1, 2) & np.uint32(15)
    return even(np.bincount(pairs[:, 0] * 16 + pairs[:, 1], minlength=256), pairs.shape[0] / 256)


def birthday_spacings(values: Words, bits: int) -> float:
    """Marsaglia: how often two spacings between 4,096 birthdays, sorted, are the same."""
    del bits
    born = np.sort(values[: values.size // BIRTHDAYS * BIRTHDAYS].reshape(-1, BIRTHDAYS), axis=1)
    spacings = np.sort(np.diff(born, axis=1), axis=1)
    same = int((np.diff(spacings, axis=1) == 0).sum())
    return poisson(same, born.shape[0] * BIRTHDAYS**3 / 2**34)


SEQUENCE = {
    "bits": bit_balance,
    "bytes": byte_values,
    "low 16 bits": low_16,
    "high 16 bits": high_16,
    "serial correlation": correlation,
    "runs of the low bit": runs_of_low_bit,
    "runs of the high bit": runs_of_high_bit,
    "gaps": gaps,
    "pairs of low bits": next_low_bits,
}
WHOLE_WORDS = {"birthday spacings": birthday_spacings}
"""What makes sense of words of 32 bits alone."""
COUNTS = {"runs of the low bit", "runs of the high bit", "birthday spacings", "collisions"}
"""Tests of a single count: their p-values come in steps, and so are not uniform even by chance."""


# ------------------------------------------------------------------------------------------------ two sequences


def bit_by_bit(a: Words, b: Words, a_bits: int, b_bits: int) -> float:
    """No bit of one number tells anything of any bit of the other: the sum over all pairs of bits."""
    x, y, n = ones(a, a_bits), ones(b, b_bits), a.size
    both = (x.T @ y).astype(np.float64)  # exact up to 2^24 numbers
    sums = 4 * both - 2 * x.sum(0, dtype=np.float64)[:, None] - 2 * y.sum(0, dtype=np.float64) + n
    deviates = sums / np.sqrt(n)  # of bits taken as -1 and 1
    return chi_square(float((deviates**2).sum()), a_bits * b_bits)


def same_bits(a: Words, b: Words, a_bits: int, b_bits: int) -> float:
    """Bits in the same place are equal half of the time: the pairs of `bit_by_bit` most likely to be related."""
    bits = min(a_bits, b_bits)
    alike = (a >> np.uint32(a_bits - bits)) ^ (b >> np.uint32(b_bits - bits))
    return bit_balance(alike, bits)


def _table(a: Words, b: Words) -> float:
    """Chi-square of independence of two numbers below 16; their own frequencies are not judged here."""
    counts = np.bincount(a * np.uint32(16) + b, minlength=256).reshape(16, 16)
    if not (counts.sum(0).all() and counts.sum(1).all()):
        return 0.0  # a value that never comes
    expected = counts.sum(1, keepdims=True) * counts.sum(0, keepdims=True) / a.size
    return chi_square(float(((counts - expected) ** 2 / expected).sum()), 225)


def low_bits(a: Words, b: Words, a_bits: int, b_bits: int) -> float:
    """The lowest four bits of both are independent."""
    del a_bits, b_bits
    return _table(a & np.uint32(15), b & np.uint32(15))


def high_bits(a: Words, b: Words, a_bits: int, b_bits: int) -> float:
    """The highest four bits of both are independent."""
    return _table(a >> np.uint32(a_bits - 4), b >> np.uint32(b_bits - 4))


def high_and_low_bits(a: Words, b: Words, a_bits: int, b_bits: int) -> float:
    """The highest four bits of one and the lowest four of the other are independent."""
    del b_bits
    return _table(a >> np.uint32(a_bits - 4), b & np.uint32(15))


PAIR = {
    "bit by bit": bit_by_bit,
    "bits in the same place": same_bits,
    "low bits": low_bits,
    "high bits": high_bits,
    "high and low bits": high_and_low_bits,
}


# ------------------------------------------------------------------------------------------------------ a block


def collisions(values: Words) -> float:
    """As many equal words among the words of different counters as chance brings, no more and no fewer."""
    _, times = np.unique(values, return_counts=True)
    pairs = int((times * (times - 1) // 2).sum())
    return poisson(pairs, values.size * (values.size - 1) / 2**33)


# ------------------------------------------------------------------------------------------------ many p-values


def holm(p_values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Adjust p-values for their number (Holm, Scandinavian Journal of Statistics 6, 1979).

    To reject where the adjusted value is at most x keeps the chance of any false rejection at most x, however the
    tests depend on one another.
    """
    order = np.argsort(p_values)
    adjusted = np.maximum.accumulate(p_values[order] * np.arange(p_values.size, 0, -1))
    out = np.empty(p_values.size)
    out[order] = np.minimum(adjusted, 1)
    return out

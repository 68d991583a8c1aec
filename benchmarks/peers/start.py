"""What every implementation of W begins with: people, tables, draws and the checksum, as W.md specifies them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

NEIGHBOURHOOD = 1024
DISTRICT = 65_536
BLOCK = 64  # agents in a row who forget on the same day
COUNTS = ("bad", "good", "observed", "wrong", "points", "listings")
RATES = {"bad": 0.0168, "good": 0.0155, "observed": 0.0067}

GAMMA = 0x9E3779B97F4A7C15
GATE, EVENT, CAMERAS, TRAITS, TABLES = 0, 1, 98, 99, 97

Array = npt.NDArray[np.generic]


def mix(z: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Finaliser of SplitMix64."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def key(seed: int, day: int, stream: int) -> int:
    """Key of one stream of draws on one day."""
    words = np.array([seed + GAMMA, ((stream << 32) + day) * GAMMA + 1], object) % 2**64
    return int(mix(mix(words.astype(np.uint64)).sum(keepdims=True))[0])


def numbers(seed: int, stream: int, count: int) -> npt.NDArray[np.uint64]:
    """First numbers of a stream on day 0."""
    return mix(np.uint64(key(seed, 0, stream)) + np.arange(count, dtype=np.uint64) * np.uint64(GAMMA))


@dataclass(frozen=True)
class Tables:
    """What the kinds of acts are.

    Attributes
    ----------
    threshold, other
        Alias tables, uint16 and uint8, by row (8 bands of wealth, bad and good) and column.
    visibility, points, severe
        uint8, int16 and uint8 by kind.
    """

    threshold: npt.NDArray[np.uint16]
    other: npt.NDArray[np.uint8]
    visibility: npt.NDArray[np.uint8]
    points: npt.NDArray[np.int16]
    severe: npt.NDArray[np.uint8]


def tables() -> Tables:
    """Make the tables; the weight of a kind in a row is the square of a random byte, so that few are frequent."""
    drawn = numbers(0, TABLES, 16 * 32 + 128)
    weights = ((drawn[:512] & np.uint64(255)).astype(np.int64) ** 2 + 1).reshape(16, 32)
    threshold = np.zeros((16, 32), np.uint16)
    other = np.zeros((16, 32), np.uint8)
    for row, weight in enumerate(weights):
        threshold[row], other[row] = alias(weight)
    rest = drawn[512:].astype(object)
    points = [-3 - int(z) % 57 for z in rest[:32]] + [1 + int(z) % 24 for z in rest[32:64]]
    severe = np.zeros(64, np.uint8)
    severe[[3, 17, 29]] = 1
    visibility = np.array([60 + int(z) % 173 for z in rest[64:]], np.uint8)
    return Tables(threshold, other, visibility, np.array(points, np.int16), severe)


def alias(weight: npt.NDArray[np.int64]) -> tuple[list[int], list[int]]:
    """Make a row of an alias table in whole numbers (Vose, IEEE Transactions on Software Engineering 17, 1991)."""
    columns, total = len(weight), int(weight.sum())
    left = [int(w) * columns for w in weight]  # a full column holds `total`
    kept, other = [total] * columns, list(range(columns))
    small = [k for k in range(columns) if left[k] < total]
    large = [k for k in range(columns) if left[k] >= total]
    while small and large:
        lesser, greater = small.pop(), large.pop()
        kept[lesser], other[lesser] = left[lesser], greater
        left[greater] -= total - left[lesser]
        (small if left[greater] < total else large).append(greater)
    return [min(65_535, k * 65_536 // total) for k in kept], other


def people(count: int, seed: int) -> dict[str, Array]:
    """Traits of agents and cameras of neighbourhoods, uint8."""
    if count < DISTRICT or count % DISTRICT:
        raise ValueError(f"{count:,} people: W has whole districts of {DISTRICT:,}")
    u = numbers(seed, TRAITS, count).astype("<u8").view(np.uint8).reshape(count, 8)
    cam = numbers(seed, CAMERAS, count // NEIGHBOURHOOD).astype(np.uint8)
    good = ((u[:, 2].astype(np.uint16) * 200) >> 8).astype(np.uint8)
    return {
        "infr": np.minimum(u[:, 0], u[:, 1]),
        "good": good,
        "wealth": u[:, 3].copy(),
        "expo": u[:, 4].copy(),
        "cam": cam,
    }


def partners(count: int, seed: int) -> npt.NDArray[np.int32]:
    """Partner of each agent: a perfect matching within each district, the same for every day."""
    districts = np.arange(count // DISTRICT, dtype=np.uint64)
    keys = mix(np.uint64(seed) ^ (districts * np.uint64(GAMMA))).astype(np.uint32)
    place = np.arange(DISTRICT, dtype=np.uint32)
    return np.concatenate([partner(place, k) + d * DISTRICT for d, k in enumerate(keys)]).astype(np.int32)


def partner(place: npt.NDArray[np.uint32], district_key: np.uint32) -> npt.NDArray[np.uint32]:
    """Partner by place in the district: p⁻¹(p(x) XOR 1), p being four Feistel rounds on two bytes."""

    def turn(byte: npt.NDArray[np.uint32], round_: int) -> npt.NDArray[np.uint32]:
        add = (district_key >> np.uint32(8 * round_)) & np.uint32(255)
        return ((byte + add + np.uint32(1)) * np.uint32(0x9E3779B1)) >> np.uint32(24)

    left, right = place >> np.uint32(8), place & np.uint32(255)
    for round_ in (0, 1, 2, 3):
        left, right = right, left ^ turn(right, round_)
    right = right ^ np.uint32(1)
    for round_ in (3, 2, 1, 0):
        left, right = right ^ turn(left, round_), left
    return left << np.uint32(8) | right


def checksum(state: dict[str, Array]) -> str:
    """Hash of scores, beliefs, days on the list and counts."""
    digest = hashlib.blake2b(digest_size=8)
    for name, dtype in (("score", "<i2"), ("belief", "u1"), ("until", "<u2"), ("counts", "<i4")):
        digest.update(np.ascontiguousarray(state[name], dtype).tobytes())
    return digest.hexdigest()

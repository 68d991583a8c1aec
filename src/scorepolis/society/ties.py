"""Ties: neighbours, friends, workmates and far acquaintances as keyed permutations.

A Feistel network permutes the ranks of the occupied, walking cycles until it is back in range; neighbours in the
permuted order are tied. The relation is symmetric and reproducible from the keys. Ties within a district are written
down, since some of them end; far ones take no memory.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scorepolis.core.compiled import compiled, inlined
from scorepolis.core.draws import Purpose, draw_words

NEIGHBOUR_LAYERS = 2
DISTRICT_LAYERS = 3
"""Two layers of friends, one of workplaces."""
FAR_LAYER = 5

TIES = 8
"""Two neighbours, two friends, up to four workmates; the household is found by its place."""

CLIQUE = 5
"""Positions of a workplace."""

NOBODY = 65535
"""No tie. Neighbourhoods have fewer people than slots, so this slot of a district is never occupied."""

GOLDEN = np.uint32(0x9E3779B1)


def tie_keys(seed: int, index: npt.NDArray[np.int64] | int, layers: range) -> npt.NDArray[np.uint32]:
    """Draw the four keys of each permutation.

    Returns
    -------
    uint32 array, shape (*index.shape, len(layers), 4)
    """
    at = np.asarray(index)[..., None]
    words = draw_words(seed, Purpose.TIE, at, np.arange(layers.start, layers.stop), 0)
    return np.stack(words, axis=-1)


@inlined
def tied(i, at, household, ties):  # type: ignore[no-untyped-def]
    """Local slot in place `at` of those whom person i knows, the household first; i or `NOBODY` if it is empty."""
    family = np.int64(household[i] & 15)
    return i - np.int64(household[i] >> 4) + at if at < family else np.int64(ties[i, at - family])


@compiled
def half_bits(n):  # type: ignore[no-untyped-def]
    """Half the bits of the smallest even-sized power of two that holds n."""
    m = 1
    while (1 << (2 * m)) < n:
        m += 1
    return m


@compiled
def forward(x, n, m, keys):  # type: ignore[no-untyped-def]
    """Permute rank x of n (m = half_bits(n))."""
    mask = np.uint32((1 << m) - 1)
    shift = np.uint32(32 - m)
    value = np.uint32(x)
    while True:
        left = value >> np.uint32(m)
        right = value & mask
        for r in range(4):
            f = np.uint32((right ^ (keys[r] & mask)) * GOLDEN) >> shift
            left, right = right, left ^ f
        value = (left << np.uint32(m)) | right
        if value < n:
            return np.int64(value)


@compiled
def inverse(x, n, m, keys):  # type: ignore[no-untyped-def]
    """Undo `forward`."""
    mask = np.uint32((1 << m) - 1)
    shift = np.uint32(32 - m)
    value = np.uint32(x)
    while True:
        left = value >> np.uint32(m)
        right = value & mask
        for step in range(4):
            r = 3 - step
            f = np.uint32((left ^ (keys[r] & mask)) * GOLDEN) >> shift
            left, right = right ^ f, left
        value = (left << np.uint32(m)) | right
        if value < n:
            return np.int64(value)


@compiled
def partner(x, n, m, keys):  # type: ignore[no-untyped-def]
    """Partner of rank x in the matching, or -1 for the odd one."""
    other = forward(x, n, m, keys) ^ 1
    if other >= n:
        return np.int64(-1)
    return inverse(other, n, m, keys)


@compiled
def find_partners(xs, n, keys, found):  # type: ignore[no-untyped-def]
    """Write the partner of each rank into `found`."""
    m = half_bits(n)
    for e in range(xs.size):
        found[e] = partner(xs[e], n, m, keys)


def partners(xs: npt.NDArray[np.int64], n: int, keys: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Give the partner of each rank in a matching of `n`, or -1."""
    found = np.empty(xs.size, np.int64)
    find_partners(xs, n, keys, found)
    return found


@compiled
def slot_of_rank(rank, first_rank):  # type: ignore[no-untyped-def]
    """Local slot of the occupied number `rank` in a district; `first_rank` has one more item than neighbourhoods."""
    low = np.int64(0)
    high = np.int64(first_rank.size - 1)
    while high - low > 1:
        middle = (low + high) >> 1
        if first_rank[middle] <= rank:
            low = middle
        else:
            high = middle
    return (low << 10) + (rank - first_rank[low])


@compiled
def fill_ties(flags, sizes, first_rank, neighbour_keys, district_keys, working_flag, ties):  # type: ignore[no-untyped-def]
    """Write the local slots of everybody's neighbours, friends and workmates, in the order of the method.

    Nothing of this is state: it follows from the keys, and is kept only while a district is at work.
    """
    ties[:] = NOBODY
    people = np.int64(first_rank[first_rank.size - 1])
    district_bits = half_bits(people)
    for h in range(sizes.size):
        n = np.int64(sizes[h])
        bits = half_bits(n)
        for rank in range(n):
            slot = (h << 10) + rank
            for layer in range(2):
                other = partner(rank, n, bits, neighbour_keys[h, layer])
                if other >= 0:
                    ties[slot, layer] = (h << 10) + other
            there = np.int64(first_rank[h]) + rank
            for layer in range(2):
                other = partner(there, people, district_bits, district_keys[layer])
                if other >= 0:
                    ties[slot, 2 + layer] = slot_of_rank(other, first_rank)
            if flags[slot] & working_flag:
                place = forward(there, people, district_bits, district_keys[2])
                start = place - place % CLIQUE
                found = 4
                for at in range(start, min(start + CLIQUE, people)):
                    if at != place:
                        other = slot_of_rank(inverse(at, people, district_bits, district_keys[2]), first_rank)
                        if flags[other] & working_flag:
                            ties[slot, found] = other
                            found += 1


@compiled
def find_places(flags, sizes, first_rank, keys, working_flag, found):  # type: ignore[no-untyped-def]
    """Write the positions at work of those who work, in slot order, into `found`; tells how many there are."""
    people = np.int64(first_rank[first_rank.size - 1])
    bits = half_bits(people)
    at = np.int64(0)
    for h in range(sizes.size):
        for rank in range(sizes[h]):
            if flags[(h << 10) + rank] & working_flag:
                found[at] = forward(np.int64(first_rank[h]) + rank, people, bits, keys)
                at += 1
    return at


def workplaces(
    flags: npt.NDArray[np.uint16],
    sizes: npt.NDArray[np.int32],
    first_rank: npt.NDArray[np.int32],
    district_keys: npt.NDArray[np.uint32],
    working_flag: int,
) -> npt.NDArray[np.int64]:
    """Give the positions at work of those of a district who work; each workplace has `CLIQUE` of them."""
    found = np.empty(int(first_rank[-1]), np.int64)
    return found[: find_places(flags, sizes, first_rank, district_keys[2], working_flag, found)]

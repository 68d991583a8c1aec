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


@inlined
def mixed(value, m, k0, k1, k2, k3):  # type: ignore[no-untyped-def]
    """One pass of the network, without walking back into range."""
    mask = np.uint32((1 << m) - 1)
    shift = np.uint32(32 - m)
    left = np.uint32(value >> np.uint32(m))
    right = np.uint32(value & mask)
    left = np.uint32(left ^ (np.uint32((right ^ (k0 & mask)) * GOLDEN) >> shift))
    right = np.uint32(right ^ (np.uint32((left ^ (k1 & mask)) * GOLDEN) >> shift))
    left = np.uint32(left ^ (np.uint32((right ^ (k2 & mask)) * GOLDEN) >> shift))
    right = np.uint32(right ^ (np.uint32((left ^ (k3 & mask)) * GOLDEN) >> shift))
    return np.uint32((left << np.uint32(m)) | right)


@compiled
def forward(x, n, m, keys):  # type: ignore[no-untyped-def]
    """Permute rank x of n (m = half_bits(n))."""
    value = mixed(np.uint32(x), m, keys[0], keys[1], keys[2], keys[3])
    while value >= n:
        value = mixed(value, m, keys[0], keys[1], keys[2], keys[3])
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
def permute(n, keys, image, origin):  # type: ignore[no-untyped-def]
    """Write `forward` and `inverse` of all ranks of n: much quicker than one by one."""
    m = half_bits(n)
    k0, k1, k2, k3 = keys[0], keys[1], keys[2], keys[3]
    for x in range(n):  # a pass of its own, so that it vectorises
        image[x] = mixed(np.uint32(x), m, k0, k1, k2, k3)
    for x in range(n):
        value = np.uint32(image[x])
        while value >= n:
            value = mixed(value, m, k0, k1, k2, k3)
        image[x] = value
        origin[value] = x


@compiled
def fill_ties(  # type: ignore[no-untyped-def]
    flags, sizes, first_rank, neighbour_keys, district_keys, working_flag, image, origin, slots, ties
):
    """Write the local slots of everybody's neighbours, friends and workmates, in the order of the method.

    Nothing of this is state: it follows from the keys, and is kept only while a district is at work. `image`, `origin`
    and `slots` are space to work in, an item for each person.
    """
    ties[:] = NOBODY
    people = np.int64(first_rank[first_rank.size - 1])
    for h in range(sizes.size):
        n = np.int64(sizes[h])
        for rank in range(n):
            slots[first_rank[h] + rank] = (h << 10) + rank
        for layer in range(NEIGHBOUR_LAYERS):
            permute(n, neighbour_keys[h, layer], image, origin)
            for rank in range(n):
                other = np.int64(image[rank]) ^ 1
                if other < n:
                    ties[(h << 10) + rank, layer] = (h << 10) + np.int64(origin[other])
    for layer in range(2):
        permute(people, district_keys[layer], image, origin)
        for rank in range(people):
            other = np.int64(image[rank]) ^ 1
            if other < people:
                ties[slots[rank], 2 + layer] = slots[origin[other]]
    permute(people, district_keys[2], image, origin)
    for start in range(0, people, CLIQUE):
        end = min(people, np.int64(start + CLIQUE))
        for place in range(start, end):
            slot = np.int64(slots[origin[place]])
            if not flags[slot] & working_flag:
                continue
            found = 4
            for at in range(start, end):
                other = np.int64(slots[origin[at]])
                if at != place and flags[other] & working_flag:
                    ties[slot, found] = other
                    found += 1


def ties_of(
    flags: npt.NDArray[np.uint16],
    sizes: npt.NDArray[np.int32],
    first_rank: npt.NDArray[np.int32],
    neighbour_keys: npt.NDArray[np.uint32],
    district_keys: npt.NDArray[np.uint32],
    working_flag: int,
) -> npt.NDArray[np.uint16]:
    """Give the local slots of the neighbours, friends and workmates of a district's people.

    Parameters
    ----------
    flags
        Of each slot.
    sizes, first_rank
        People of each neighbourhood, and how many live in those before.
    neighbour_keys, district_keys
        From `tie_keys`: by neighbourhood and layer, and by layer.
    working_flag
        The flag of those who have workmates.

    Returns
    -------
    uint16[slots, TIES]
        `NOBODY` where there is none.
    """
    ties = np.empty((flags.size, TIES), np.uint16)
    image, origin, slots = np.empty((3, int(first_rank[-1])), np.uint16)
    fill_ties(flags, sizes, first_rank, neighbour_keys, district_keys, working_flag, image, origin, slots, ties)
    return ties


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

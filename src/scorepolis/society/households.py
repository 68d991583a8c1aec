"""Who lives with whom: heads, partners, children with parents of a fitting age, and other adults."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.draws import Purpose, draw_words
from scorepolis.core.errors import InputError
from scorepolis.core.exact import q
from scorepolis.society.places import SLOTS

ADULT_AGE: Final = 20
YOUNGEST_PARENT: Final = 22
OLDEST_PARENT: Final = 59
LARGEST: Final = 15
"""Members of a household at most: its size takes four bits."""

Ints = npt.NDArray[np.int64]


def draw_sizes(shares: Sequence[Fraction], people: npt.NDArray[np.int32], first: int, seed: int) -> tuple[Ints, Ints]:
    """Draw the households of neighbourhoods until each has room for its people.

    Parameters
    ----------
    shares
        Shares of households of 1, 2, ... persons.
    people
        Number of people of each neighbourhood.
    first
        Number of the first neighbourhood; the others follow.
    seed
        Seed of the run.

    Returns
    -------
    sizes : int64[sum(counts)]
        Sizes of the households, neighbourhood after neighbourhood; they sum to `people`, the last being cut to fit.
    counts : int64[len(people)]
        Number of households of each neighbourhood.
    """
    bounds = np.array([*(q(32, share) for share in accumulate(shares[:-1])), 1 << 32], dtype=np.uint64)
    blocks = np.arange(first, first + people.size, dtype=np.uint32)[:, None] * np.uint32(SLOTS)
    most = int(people.max())
    # Households of one would need as many draws as people, but half as many nearly always do.
    number = most // 2 + 1
    while True:
        w0 = draw_words(seed, Purpose.HOUSEHOLD, blocks + np.arange(number, dtype=np.uint32), 0, 0)[0]
        filled = np.cumsum(1 + np.searchsorted(bounds, w0, side="right"), axis=1)
        if number >= most or bool(np.all(filled[:, -1] >= people)):
            break
        number = most
    sizes = np.diff(np.minimum(filled, people[:, None]), axis=1, prepend=0)
    exists = sizes > 0
    return sizes[exists].astype(np.int64), exists.sum(axis=1, dtype=np.int64)


def with_heads(sizes: Ints, counts: Ints, age: Ints, people: npt.NDArray[np.int32]) -> tuple[Ints, Ints]:
    """Give up households for which a neighbourhood has no adult: those that have one take in the others.

    It happens where few people live and many of them are children.

    Parameters
    ----------
    sizes, counts
        From `draw_sizes`.
    age
        Of each person, neighbourhood after neighbourhood.
    people
        Number of people of each neighbourhood.

    Returns
    -------
    sizes, counts : int64
        As given, or with fewer and larger households.

    Raises
    ------
    InputError
        If a household would be too large, or there is no adult at all.
    """
    adults = np.add.reduceat(age >= ADULT_AGE, np.cumsum(people) - people, dtype=np.int64)
    if bool(np.all(adults >= counts)):
        return sizes, counts
    kept = []
    for own, heads in zip(np.split(sizes, np.cumsum(counts)[:-1]), adults.tolist(), strict=True):
        taken = own[:heads].copy()
        homeless = int(own[heads:].sum())
        if heads:
            taken += homeless // heads + (np.arange(taken.size) < homeless % heads)
        if homeless and (heads == 0 or taken.max() > LARGEST):
            raise InputError(
                f"a neighbourhood has {own.size} households and only {heads} adults to head them",
                expected="larger households or larger neighbourhoods",
            )
        kept.append(taken)
    return np.concatenate(kept), np.minimum(counts, adults)


def form_households(age: Ints, female: npt.NDArray[np.bool_], sizes: Ints) -> Ints:
    """Place the people of a neighbourhood in its households.

    Parameters
    ----------
    age, female
        Of each person, in rank order.
    sizes
        Sizes of the households; they sum to the number of people.

    Returns
    -------
    int64[people]
        The ranks, household after household: the head, the partner, then the others from old to young.

    Raises
    ------
    InputError
        If there are fewer adults than households. (There is always a room for each child: the rooms are as many as the
        children and the adults that are neither head nor partner.)
    """
    by_age = np.argsort(age, kind="stable")
    adults = np.flatnonzero(age >= ADULT_AGE)
    if adults.size < sizes.size:
        raise InputError(
            f"a neighbourhood has {sizes.size} households and only {adults.size} adults to head them",
            expected="larger households or larger neighbourhoods",
        )

    heads = adults[: sizes.size]
    free = np.zeros(age.size, dtype=np.bool_)
    free[adults[sizes.size :]] = True
    household = np.full(age.size, -1, dtype=np.int64)
    household[heads] = np.arange(sizes.size)
    order_within = np.full(age.size, 2, dtype=np.int64)
    order_within[heads] = 0
    rooms = sizes - 1

    for head, partner in _couples(by_age, female, heads[sizes >= 2], free):
        home = household[head]
        household[partner] = home
        order_within[partner] = 1
        free[partner] = False
        rooms[home] -= 1

    parental, other = _rooms_by_age_of_head(age[heads], rooms)
    room_list = np.concatenate((parental, other))
    children = by_age[: age.size - adults.size]
    turn = np.arange(children.size)
    # Spread over the rooms in order of age, the young go to young parents and the older to older ones.
    taken = turn * parental.size // children.size if 0 < children.size <= parental.size else turn
    household[children] = room_list[taken]
    household[free] = np.delete(room_list, taken)

    key = ((household * 4 + order_within) << 20) | ((127 - age) << 10) | np.arange(age.size)
    return np.sort(key) & (SLOTS - 1)


def _couples(
    by_age: Ints, female: npt.NDArray[np.bool_], heads: Ints, free: npt.NDArray[np.bool_]
) -> list[tuple[Ints, Ints]]:
    """Pair heads with free adults of the other sex, both in order of age and spread over all ages."""
    seeks = np.zeros(by_age.size, dtype=np.bool_)
    seeks[heads] = True
    woman = female[by_age]
    seeking = seeks[by_age]
    available = free[by_age]
    couples = []
    for sex in (woman, ~woman):
        seekers = by_age[seeking & ~sex]
        candidates = by_age[available & sex]
        number = min(seekers.size, candidates.size)
        if number:
            turn = np.arange(number)
            couples.append((seekers[turn * seekers.size // number], candidates[turn * candidates.size // number]))
    return couples


def _rooms_by_age_of_head(head_age: Ints, rooms: Ints) -> tuple[Ints, Ints]:
    """List the household of every free room: those with a head of parental age, then the others, by age of head."""
    order = np.argsort(head_age, kind="stable")
    parental = (head_age[order] >= YOUNGEST_PARENT) & (head_age[order] <= OLDEST_PARENT)
    parents, others = order[parental], order[~parental]
    return np.repeat(parents, rooms[parents]), np.repeat(others, rooms[others])

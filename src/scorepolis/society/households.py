"""Who lives with whom: heads, partners, children with parents of a fitting age, and other adults."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, draw_words
from scorepolis.core.errors import InputError
from scorepolis.core.exact import q
from scorepolis.society.places import SLOTS

ADULT_AGE: Final = 20
YOUNGEST_PARENT: Final = 22
OLDEST_PARENT: Final = 59
OLDEST: Final = 100
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
    adults = int(np.count_nonzero(age >= ADULT_AGE))
    if adults < sizes.size:
        raise InputError(
            f"a neighbourhood has {sizes.size} households and only {adults} adults to head them",
            expected="larger households or larger neighbourhoods",
        )
    order, by_age, home, seekers, candidates, free_rooms = np.empty((6, age.size), np.int64)
    firsts, rooms, heads = np.empty((3, sizes.size), np.int64)
    taken = np.empty(age.size, np.bool_)
    ages = np.empty(OLDEST + 1, np.int64)
    house(age, female, sizes, ages, by_age, home, seekers, candidates, free_rooms, firsts, rooms, heads, taken, order)
    return order


@compiled
def sort_by_age(age, who, many, ages, sorted_by_age):  # type: ignore[no-untyped-def]
    """Write `who`, the first `many` of them, in the order of their age, those of an age as they stand."""
    ages[:] = 0
    for e in range(many):
        ages[age[who[e]]] += 1
    before = np.int64(0)
    for a in range(ages.size):
        here = ages[a]
        ages[a] = before
        before += here
    for e in range(many):
        a = age[who[e]]
        sorted_by_age[ages[a]] = who[e]
        ages[a] += 1


@compiled
def house(  # type: ignore[no-untyped-def]
    age, female, sizes, ages, by_age, home, seekers, candidates, free_rooms, firsts, rooms, heads, taken, order
):  # fmt: skip
    """Write the ranks of a neighbourhood, household after household, into `order`; the rest is space to work in."""
    people = age.size
    for rank in range(people):
        order[rank] = rank
        home[rank] = -1
    sort_by_age(age, order, people, ages, by_age)
    free_adults = np.int64(0)
    homes = np.int64(0)
    first = np.int64(0)
    for rank in range(people):  # the first adults are the heads
        if age[rank] >= ADULT_AGE:
            if homes < sizes.size:
                home[rank] = homes
                order[first] = rank
                heads[homes] = rank
                firsts[homes] = first
                first += sizes[homes]
                rooms[homes] = sizes[homes] - 1
                homes += 1
            else:
                free_adults += 1

    # Heads of large enough households and free adults of the other sex, both in order of age, spread over all ages.
    for sex in (True, False):
        seeking = np.int64(0)
        available = np.int64(0)
        for e in range(people):
            rank = by_age[e]
            if age[rank] >= ADULT_AGE:
                if home[rank] < 0 and female[rank] == sex:
                    candidates[available] = rank
                    available += 1
                elif home[rank] >= 0 and female[rank] != sex and sizes[home[rank]] >= 2 and heads[home[rank]] == rank:
                    seekers[seeking] = rank
                    seeking += 1
        number = min(seeking, available)
        for turn in range(number):
            head = seekers[turn * seeking // number]
            partner = candidates[turn * available // number]
            home[partner] = home[head]
            order[firsts[home[head]] + 1] = partner
            rooms[home[head]] -= 1
            free_adults -= 1

    # The rooms that are left by age of the head, those of parental age first.
    sort_by_age(age, heads, sizes.size, ages, seekers)
    parental = np.int64(0)
    left = np.int64(0)
    for parents in (True, False):
        for e in range(sizes.size):
            head = seekers[e]
            if (YOUNGEST_PARENT <= age[head] <= OLDEST_PARENT) == parents:
                for _ in range(rooms[home[head]]):
                    taken[left] = False
                    free_rooms[left] = home[head]
                    left += 1
        if parents:
            parental = left
    children = left - free_adults
    for e in range(children):
        # Spread over the rooms in order of age, the young go to young parents and the older to older ones.
        room = e * parental // children if children <= parental else e
        home[by_age[e]] = free_rooms[room]
        taken[room] = True
    room = np.int64(0)
    for rank in range(people):
        if home[rank] < 0:
            while taken[room]:
                room += 1
            home[rank] = free_rooms[room]
            room += 1

    # Behind head and partner, from old to young; by rank among those of an age.
    ends = candidates
    for h in range(sizes.size):
        ends[h] = firsts[h] + sizes[h] - rooms[h]
    for rank in range(people):
        h = home[rank]
        start = firsts[h] + sizes[h] - rooms[h]
        if order[firsts[h]] == rank or (start == firsts[h] + 2 and order[firsts[h] + 1] == rank):
            continue
        at = ends[h]
        ends[h] += 1
        while at > start and age[order[at - 1]] < age[rank]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = rank

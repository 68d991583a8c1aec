"""The people of a stretch of neighbourhoods, built from the seed alone."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import lcm
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.exact import exp_fraction, ln_fraction
from scorepolis.parameters.model import Parameters, Society
from scorepolis.society.cells import group_cells, rate_cells
from scorepolis.society.flags import FEMALE
from scorepolis.society.households import draw_sizes, form_households, with_heads
from scorepolis.society.people import (
    Thresholds,
    draw_age_and_sex,
    draw_homes,
    draw_people,
    thresholds_of,
)
from scorepolis.society.places import SLOTS, Places

INCOME_RANKS: Final = 1024
DTYPES: Final = {
    "age": np.uint8,
    "flags": np.uint16,
    "education": np.uint8,
    "income_rank": np.uint16,
    "household": np.uint8,
    "traits": np.uint16,
    "rate_cell": np.uint8,
    "group_cell": np.uint16,
    "occupied": np.uint8,
    "home": np.uint32,
}
# Neighbourhoods worked on at once: few enough that the arrays of a draw stay in the cache.
TILE: Final = 16


def build_people(
    places: Places,
    society: Society,
    parameters: Parameters,
    seed: int,
    first: int,
    last: int,
    thresholds: Thresholds | None = None,
) -> dict[str, npt.NDArray[Any]]:
    """Build the people of neighbourhoods `first` to `last - 1`, which lie in one province.

    Each neighbourhood depends on the seed and its own number alone, so districts can be built apart, in any order and
    on any thread.

    Parameters
    ----------
    places
        From `build_places`.
    society
        The society.
    parameters
        The parameters of its people.
    seed
        Seed of the run.
    first, last
        The neighbourhoods wanted.
    thresholds
        Of their province, from `thresholds_of`; made here if they are not at hand.

    Returns
    -------
    dict of str to array
        What never changes about each slot (but for birthdays), (last - first) * 1024 long, zero where nobody lives:
        age, flags, education, income_rank, household (position << 4 | size), traits, rate_cell, group_cell, occupied,
        and home, the slot of the head of the household.

    Raises
    ------
    InputError
        If the people of a neighbourhood cannot be placed in households.
    """
    if thresholds is None:
        name = places.unit_of(first).province
        thresholds = thresholds_of(name, parameters.provinces_of(society)[name], parameters)
    columns: dict[str, npt.NDArray[Any]] = {
        name: np.zeros((last - first) * SLOTS, dtype=dtype) for name, dtype in DTYPES.items()
    }
    for start in range(first, last, TILE):
        stop = min(start + TILE, last)
        within = slice((start - first) * SLOTS, (stop - first) * SLOTS)
        tile = {name: column[within] for name, column in columns.items()}
        _fill(tile, places, parameters, thresholds, seed, start, stop)
    return columns


def _fill(
    columns: dict[str, npt.NDArray[Any]],
    places: Places,
    parameters: Parameters,
    thresholds: Thresholds,
    seed: int,
    first: int,
    last: int,
) -> None:
    """Fill the columns of a few neighbourhoods."""
    people = places.sizes[first:last]
    at = np.flatnonzero(np.arange(SLOTS) < people[:, None])
    slots = (at + first * SLOTS).astype(np.uint32)

    drawn_age, drawn_female = draw_age_and_sex(slots, thresholds, seed)
    sizes, counts = draw_sizes(parameters.population.household_size.exact, people, first, seed)
    sizes, counts = with_heads(sizes, counts, drawn_age, people)
    order = _household_order(drawn_age, drawn_female, people, sizes, counts)
    age, female = drawn_age[order].astype(np.uint8), drawn_female[order]

    first_member = np.cumsum(sizes) - sizes
    household = np.repeat(np.arange(sizes.size), sizes)
    heads = slots[first_member]
    urban = np.repeat(places.urban[first:last] > 0, counts)
    home_flags, home_rank, education_word, dog_word = draw_homes(heads, urban, thresholds, seed)
    flags, income_rank = home_flags[household] | female * np.uint16(FEMALE), home_rank[household]
    education, flags, traits = draw_people(
        slots, age, flags, education_word[household], dog_word[household], thresholds, seed
    )

    position = np.arange(at.size) - first_member[household]
    columns["age"][at] = age
    columns["flags"][at] = flags
    columns["education"][at] = education
    columns["income_rank"][at] = income_rank
    columns["household"][at] = position << 4 | sizes[household]
    columns["traits"][at] = traits
    columns["rate_cell"][at] = rate_cells(age, flags)
    columns["group_cell"][at] = group_cells(age, flags, income_rank)
    columns["occupied"][at] = 1
    columns["home"][at] = heads[household]


def _household_order(
    age: npt.NDArray[np.int64],
    female: npt.NDArray[np.bool_],
    people: npt.NDArray[np.int32],
    sizes: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Put the people of several neighbourhoods in the order of their households, each within its own."""
    order = []
    person = household = 0
    for n, number in zip(people.tolist(), counts.tolist(), strict=True):
        here = slice(person, person + n)
        order.append(person + form_households(age[here], female[here], sizes[household : household + number]))
        person += n
        household += number
    return np.concatenate(order)


def income_table(mean: Fraction, gini: Fraction) -> npt.NDArray[np.int64]:
    """Tabulate yearly income by rank.

    Parameters
    ----------
    mean, gini
        Mean, in yuan a year per head, and Gini coefficient.

    Returns
    -------
    int64[1024]
        Yuan a year per head, at least 1, for the 1024 ranks of equally many households.
    """
    relative, total = _relative_incomes(gini)
    above, below = mean.numerator * INCOME_RANKS, mean.denominator * total
    return np.array([max(1, (2 * above * income + below) // (2 * below)) for income in relative], dtype=np.int64)


@cache
def _relative_incomes(gini: Fraction) -> tuple[tuple[int, ...], int]:
    """Give incomes by rank, and their sum: a log-logistic distribution, whose Gini coefficient equals its shape.

    They are whole numbers of one unit, since a society of many provinces needs them again and again.
    """
    odds = (Fraction(2 * rank + 1, 2 * INCOME_RANKS - 1 - 2 * rank) for rank in range(INCOME_RANKS))
    exact = [exp_fraction(gini * ln_fraction(odd)) for odd in odds]
    unit = lcm(*(income.denominator for income in exact))
    relative = tuple(income.numerator * (unit // income.denominator) for income in exact)
    return relative, sum(relative)

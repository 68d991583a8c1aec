"""The groups every measure is given for, as masks over the group cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from scorepolis.measures.counts import CELLS, UNGROUPED, Counts

if TYPE_CHECKING:
    from scorepolis.measures.counts import IntArray

# The order in which a group cell is composed, the first varying slowest.
_AXES: Final = ("age", "female", "urban", "minority", "migrant", "fifth", "party")
_LENGTHS: Final = (4, 2, 2, 2, 2, 5, 2)


@dataclass(frozen=True)
class Group:
    """People who share one value on one axis of the group cell; no axis: everybody."""

    name: str
    title: str
    axis: str | None = None
    value: int = 0


GROUPS: Final = (
    Group("all", "Everybody"),
    Group("age_0_17", "Aged under 18", "age", 0),
    Group("age_18_39", "Aged 18 to 39", "age", 1),
    Group("age_40_59", "Aged 40 to 59", "age", 2),
    Group("age_60", "Aged 60 and over", "age", 3),
    Group("female", "Women and girls", "female", 1),
    Group("male", "Men and boys", "female", 0),
    Group("urban", "Urban", "urban", 1),
    Group("rural", "Rural", "urban", 0),
    Group("minority", "Minority", "minority", 1),
    Group("majority", "Majority", "minority", 0),
    Group("migrant", "Migrants", "migrant", 1),
    Group("registered", "Registered", "migrant", 0),
    Group("fifth_1", "Poorest fifth", "fifth", 0),
    Group("fifth_2", "Second fifth", "fifth", 1),
    Group("fifth_3", "Middle fifth", "fifth", 2),
    Group("fifth_4", "Fourth fifth", "fifth", 3),
    Group("fifth_5", "Richest fifth", "fifth", 4),
    Group("party", "Party members", "party", 1),
    Group("not_party", "Not in the Party", "party", 0),
)


@cache
def masks() -> IntArray:
    """Give groups by cells: 1 where the cell belongs to the group."""
    coordinate = dict(zip(_AXES, np.indices(_LENGTHS).reshape(len(_LENGTHS), CELLS), strict=True))
    everybody = np.ones(CELLS, dtype=bool)
    rows = [everybody if g.axis is None else coordinate[g.axis] == g.value for g in GROUPS]
    return np.array(rows, dtype=np.int64)


def by_group(counts: Counts) -> Counts:
    """Sum the cells of every array into groups; flows by place have no cells and stay as they are."""
    return Counts.of({name: array if name in UNGROUPED else _summed(array) for name, array in counts.items()})


def _summed(array: IntArray) -> IntArray:
    """Sum the second axis, the cells, into groups: axis of the cell by axis, the others summed away."""
    folded = array.reshape(len(array), *_LENGTHS, *array.shape[2:])
    along = {}
    for left, axis in zip(range(len(_AXES), 0, -1), _AXES, strict=True):
        along[axis] = folded.sum(axis=tuple(range(2, 1 + left)))
        folded = folded.sum(axis=1)
    return np.stack([folded if g.axis is None else along[g.axis][:, g.value] for g in GROUPS], axis=1)

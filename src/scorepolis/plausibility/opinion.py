"""What people think of the authorities, what they say, and what they do not dare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from scorepolis.plausibility.worlds import Lived, Worlds

DISSENT: Final = ("petitioning", "joining_protest", "supporting_opposition")
COLLEGE: Final = 3


def relative(changed: float, usual: float) -> float:
    """Change in relation to what is usual."""
    return changed / usual - 1


def deterred(lived: Lived, *behaviours: str) -> float:
    """Share of wishes left undone for fear of the scheme."""
    silenced = lived.silenced(*behaviours)
    return silenced / (silenced + lived.acts(*behaviours))


def gap(lived: Lived, more: str, less: str) -> float:
    """How much more adults of one group approve when asked than those of another, in shares."""
    return lived.approval("adult", more) - lived.approval("adult", less)


def gap_by_schooling(lived: Lived) -> float:
    """How much more adults approve when asked who went to college than those who did not, in shares.

    Group cells do not tell schooling, so that people are asked one by one, at the end.
    """
    fear = int(lived.world.tables["conformity"]) * lived.column("belief", 0) >> 8
    approves = lived.column("opinion") + fear >= 128
    adult = lived.column("age") >= 18
    college = lived.column("education") == COLLEGE
    return float(np.mean(approves[adult & college]) - np.mean(approves[adult & ~college]))


MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        "support_when_explained": lambda worlds: (
            100 * (worlds.explained.approval("adult") - worlds.scheme.approval("adult"))
        ),
        "support_when_told": lambda worlds: (
            100 * relative(worlds.told.approval("adult"), worlds.untold.approval("adult"))
        ),
        "approval_when_asked": lambda worlds: 100 * worlds.scheme.approval("adult"),
        "approval_in_private": lambda worlds: 100 * worlds.scheme.approval("adult", private=True),
        "approval_of_the_scheme": lambda worlds: 100 * worlds.scheme.approval("adult"),
        "dissent_deterred": lambda worlds: 100 * deterred(worlds.scheme, *DISSENT),
        "approval_old_and_young": lambda worlds: 100 * gap(worlds.scheme, "age_60", "age_18_39"),
        "approval_rich_and_poor": lambda worlds: 100 * gap(worlds.scheme, "fifth_5", "fifth_1"),
        "approval_college_and_not": lambda worlds: 100 * gap_by_schooling(worlds.scheme),
        "approval_urban_and_rural": lambda worlds: 100 * gap(worlds.scheme, "urban", "rural"),
        "approval_party_and_not": lambda worlds: 100 * gap(worlds.scheme, "party", "not_party"),
    }
)

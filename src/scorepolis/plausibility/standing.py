"""Who knows the points, where people stand on them, and what they change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from scorepolis.core.buffers import IN_SCOPE
from scorepolis.plausibility.dogs import MEASURES as OF_DOGS
from scorepolis.plausibility.worlds import POINTS, Lived, Worlds


def _lowest(lived: Lived) -> tuple[int, int]:
    """Count those who end in the lowest grade, and those of them whom points alone would not put there."""
    in_scope = (lived.column("marks", POINTS) & IN_SCOPE) > 0
    lowest = in_scope & (lived.column("standing", POINTS) == 0)
    next_grade = int(lived.world.tables["grade_lowest"][POINTS, 1])
    held = lowest & (lived.column("raw", POINTS) >= next_grade)
    return int(np.count_nonzero(lowest)), int(np.count_nonzero(held))


def start_grade(lived: Lived) -> float:
    """Share of those in scope who end in the grade in which everybody starts."""
    points = lived.world.rulebooks[POINTS].instruments[0]
    names = [grade.grade for grade in points.grades if grade.lowest.exact <= points.start.exact <= grade.highest.exact]
    return lived.graded(POINTS, points.grade_names.index(names[0]))


def lowest_by_override(lived: Lived) -> float:
    """Share of those in the lowest grade who are held there by an override; 1 if nobody is."""
    lowest, held = _lowest(lived)
    return held / lowest if lowest else 1.0


def conduct_moved(worlds: Worlds) -> float:
    """Relative change of bad acts under the points alone."""
    behaviours = worlds.law.world.parameters.behaviours
    bad = [name for name, behaviour in behaviours.items() if behaviour.conduct == "bad"]
    return worlds.points.acts(*bad) / worlds.law.acts(*bad) - 1


MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        "aware_at_the_start": lambda worlds: 100 * worlds.scheme.aware(POINTS, at=0),
        "aware_after_a_year": lambda worlds: 100 * worlds.scheme.aware(POINTS, at=-1),
        "conduct_moved": lambda worlds: 100 * conduct_moved(worlds),
        "grade_of_the_start": lambda worlds: 100 * start_grade(worlds.scheme),
        "lowest_grade": lambda worlds: 100 * worlds.scheme.graded(POINTS, 0),
        "lowest_grade_by_override": lambda worlds: 100 * lowest_by_override(worlds.scheme),
        **OF_DOGS,
    }
)

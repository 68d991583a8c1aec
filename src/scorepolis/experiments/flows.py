"""Flows between grades: of the same people from the first day to the last, and from one scheme to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from scorepolis.experiments.persons import IntArray, Persons
    from scorepolis.measures.context import Context, Instrument

COLUMNS: Final = (
    "kind", "seed", "from_scheme", "from_instrument", "from_grade", "to_scheme", "to_instrument", "to_grade", "people",
)  # fmt: skip
OVER_TIME: Final = "over time"
ACROSS: Final = "across schemes"


def flows(seed: int, panel: Mapping[str, Persons], contexts: Mapping[str, Context]) -> Iterator[tuple[Any, ...]]:
    """Count the people of the panel by where they stood and where they stand.

    Parameters
    ----------
    seed : int
        Whose panel it is.
    panel : mapping of str to Persons
        By scheme, the same people.
    contexts : mapping of str to Context
        By scheme, the names of instruments and grades.

    Yields
    ------
    tuple
        A row of the columns `COLUMNS`. Over time: from the first day's grade to the last day's, under one instrument.
        Across schemes: from the last day's grade under one scheme to that under another, of those in scope of both.
    """
    for name, people in panel.items():
        for k, instrument in enumerate(contexts[name].instruments):
            found = _pairs(people.at_start[k], people.at_end[k])
            yield from _rows(OVER_TIME, seed, (name, instrument), (name, instrument), found)
    for one, other in combinations(panel, 2):
        for j, ours in enumerate(contexts[one].instruments):
            for k, theirs in enumerate(contexts[other].instruments):
                found = _pairs(panel[one].at_end[j], panel[other].at_end[k])
                yield from _rows(ACROSS, seed, (one, ours), (other, theirs), found)


def _pairs(before: IntArray, after: IntArray) -> dict[tuple[int, int], int]:
    both = (before >= 0) & (after >= 0)
    width = int(after.max(initial=-1)) + 1
    counts = np.bincount(before[both] * width + after[both])
    return {divmod(int(pair), width): int(counts[pair]) for pair in np.flatnonzero(counts)}


def _rows(
    kind: str,
    seed: int,
    ours: tuple[str, Instrument],
    theirs: tuple[str, Instrument],
    found: Mapping[tuple[int, int], int],
) -> Iterator[tuple[Any, ...]]:
    (scheme, one), (against, other) = ours, theirs
    for (a, b), people in found.items():
        yield (
            kind, seed, scheme, f"{one.rulebook}/{one.name}", one.grades[a],
            against, f"{other.rulebook}/{other.name}", other.grades[b], people,
        )  # fmt: skip

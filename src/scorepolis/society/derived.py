"""What follows from the columns that were drawn for people, quicker than it could be kept and fetched."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from scorepolis.society.cells import group_cells, rate_cells
from scorepolis.society.flags import WORKING
from scorepolis.society.places import SLOTS
from scorepolis.society.ties import ties_of

Columns = dict[str, Any]

DERIVED: Final = ("occupied", "rate_cell", "group_cell", "panel", "ties")


def derive(drawn: Columns) -> Columns:
    """Complete the columns of a settled district.

    Parameters
    ----------
    drawn
        Its columns but for `DERIVED`.

    Returns
    -------
    dict
        All of them; those of before by reference.
    """
    slots = drawn["sizes"].size * SLOTS
    panel = np.zeros(slots, np.uint8)
    panel[drawn["panel_slots"]] = 1
    here = np.arange(SLOTS) < drawn["sizes"][:, None]
    age, flags = drawn["age"], drawn["flags"]
    ties = ties_of(flags, drawn["sizes"], drawn["first_rank"], drawn["neighbour_keys"], drawn["district_keys"], WORKING)
    return drawn | {
        "occupied": here.reshape(-1).astype(np.uint8),
        "rate_cell": rate_cells(age, flags),
        "group_cell": group_cells(age, flags, drawn["income_rank"]),
        "panel": panel,
        "ties": ties,
    }


def drawn_of(settled: Columns) -> Columns:
    """Take from a settled district what `derive` does not give again."""
    return {name: column for name, column in settled.items() if name not in DERIVED}

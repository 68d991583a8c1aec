"""What follows from the columns that were drawn for people, quicker than it could be kept and fetched."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from scorepolis.core.compiled import compiled
from scorepolis.society.flags import FEMALE, MIGRANT, MINORITY, PARTY, URBAN, WORKING
from scorepolis.society.people import BAND_OF_AGE, GROUP_OF_AGE
from scorepolis.society.places import SLOTS
from scorepolis.society.ties import ties_of

Columns = dict[str, Any]

DERIVED: Final = ("occupied", "rate_cell", "group_cell", "panel", "ties")


@compiled
def fill_cells(sizes, age, flags, income_rank, bands, groups, occupied, rate_cell, group_cell):  # type: ignore[no-untyped-def]
    """Write who lives in a slot, and the cells by which rates and counts go; nothing where nobody lives."""
    for h in range(sizes.size):
        for i in range(h << 10, (h << 10) + sizes[h]):
            mine = np.int64(flags[i])
            female, urban = np.int64((mine & FEMALE) != 0), np.int64((mine & URBAN) != 0)
            minority, migrant = np.int64((mine & MINORITY) != 0), np.int64((mine & MIGRANT) != 0)
            occupied[i] = 1
            rate_cell[i] = (np.int64(bands[age[i]]) * 2 + female) * 2 + urban
            cell = (((np.int64(groups[age[i]]) * 2 + female) * 2 + urban) * 2 + minority) * 2 + migrant
            fifth = (np.int64(income_rank[i]) * 5) >> 10
            group_cell[i] = (cell * 5 + fifth) * 2 + np.int64((mine & PARTY) != 0)


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
    occupied, panel, rate_cell = np.zeros((3, slots), np.uint8)
    group_cell = np.zeros(slots, np.uint16)
    fill_cells(
        drawn["sizes"], drawn["age"], drawn["flags"], drawn["income_rank"], BAND_OF_AGE, GROUP_OF_AGE,
        occupied, rate_cell, group_cell,
    )  # fmt: skip
    panel[drawn["panel_slots"]] = 1
    ties = ties_of(
        drawn["flags"], drawn["sizes"], drawn["first_rank"], drawn["neighbour_keys"], drawn["district_keys"], WORKING
    )
    cells = {"occupied": occupied, "rate_cell": rate_cell, "group_cell": group_cell}
    return drawn | cells | {"panel": panel, "ties": ties}


def drawn_of(settled: Columns) -> Columns:
    """Take from a settled district what `derive` does not give again."""
    return {name: column for name, column in settled.items() if name not in DERIVED}

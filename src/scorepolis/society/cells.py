"""The cells by which rates and counts go: they follow from what a person is."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.compiled import compiled, inlined
from scorepolis.society.flags import FEMALE, MIGRANT, MINORITY, PARTY, URBAN

OLDEST: Final = 100
BAND_OF_AGE: Final = np.searchsorted([6, 18, 30, 40, 50, 60, 70], np.arange(OLDEST + 1), side="right").astype(np.uint8)
GROUP_OF_AGE: Final = np.searchsorted([18, 40, 60], np.arange(OLDEST + 1), side="right").astype(np.uint16)


@inlined
def rate_cell_of(age, flags):  # type: ignore[no-untyped-def]
    """Find the cell by which a person's rates go."""
    sex, place = np.int64((flags & FEMALE) != 0), np.int64((flags & URBAN) != 0)
    return (np.int64(BAND_OF_AGE[age]) * 2 + sex) * 2 + place


@inlined
def group_cell_of(age, flags, income_rank):  # type: ignore[no-untyped-def]
    """Find the cell by which a person is counted."""
    cell = np.int64(GROUP_OF_AGE[age])
    for bit in (FEMALE, URBAN, MINORITY, MIGRANT):
        cell = cell * 2 + np.int64((flags & bit) != 0)
    fifth = (np.int64(income_rank) * 5) >> 10
    return (cell * 5 + fifth) * 2 + np.int64((flags & PARTY) != 0)


@compiled
def fill_rate_cells(age, flags, cells):  # type: ignore[no-untyped-def]
    """Write the cells by which rates go."""
    for i in range(cells.size):
        cells[i] = rate_cell_of(age[i], flags[i])


@compiled
def fill_group_cells(age, flags, income_rank, cells):  # type: ignore[no-untyped-def]
    """Write the cells by which people are counted."""
    for i in range(cells.size):
        cells[i] = group_cell_of(age[i], flags[i], income_rank[i])


def rate_cells(age: npt.NDArray[np.uint8], flags: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint8]:
    """Find the cell by which rates go: age band, sex, urban or rural."""
    cells = np.empty(age.size, np.uint8)
    fill_rate_cells(age, flags, cells)
    return cells


def group_cells(
    age: npt.NDArray[np.uint8], flags: npt.NDArray[np.uint16], income_rank: npt.NDArray[np.uint16]
) -> npt.NDArray[np.uint16]:
    """Find the cell by which people are counted: age group, sex, urban, minority, migrant, income fifth, Party."""
    cells = np.empty(age.size, np.uint16)
    fill_group_cells(age, flags, income_rank, cells)
    return cells

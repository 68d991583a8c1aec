"""How often a firm is inspected, and how likely what it does is to be recorded: what firms reckon with and meet."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

CERTAIN: Final = 1 << 30
"""One, in the fixed point of the chances of firms; a drawn word is compared after a shift by `SHIFT`."""
SHIFT: Final = np.uint32(2)

Ints = npt.NDArray[Any]


def happens(words: Ints, chances: Ints | int) -> npt.NDArray[np.bool_]:
    """Say of drawn words whether what has these chances happens."""
    return (words >> SHIFT).astype(np.int64) < chances


def inspection_rates(
    cell: Ints, standing: Ints, counts: npt.NDArray[np.bool_], ordinary: Ints, share: Ints
) -> npt.NDArray[np.int64]:
    """Give the chance that each sensor inspects each firm in a month.

    Parameters
    ----------
    cell : (n,)
        Cells of the firms.
    standing, counts : (K, n)
        Their standing under each instrument, and whether that counts.
    ordinary : (S, cells)
        Chances under ordinary law.
    share : (K, S, grades)
        Chances that an instrument sets instead; -1 where it does not.

    Returns
    -------
    int64[S, n]
        In 2^-30.
    """
    usual = ordinary[:, cell]
    most = np.full(usual.shape, -1, np.int64)
    for k in range(len(share)):
        if (share[k] >= 0).any():
            np.maximum(most, np.where(counts[k], share[k][:, standing[k]], -1), out=most)
    return np.where((most >= 0) & (usual > 0), most, usual)


def risk(behaviour: Ints, seen: Ints, desk: Ints, rates: Ints) -> npt.NDArray[np.int64]:
    """Give the chance that an act now is recorded, in 2^-30.

    Parameters
    ----------
    behaviour : (n,)
        What is done.
    seen : (B, S)
        Chance that a sensor which looks sees it.
    desk : (S,)
        Whether a sensor always looks.
    rates : (S, n)
        Chance that it looks.
    """
    missed = np.full(behaviour.shape, CERTAIN, np.int64)
    for s in range(len(desk)):
        chance = seen[behaviour, s]
        if not desk[s]:
            chance = (rates[s] * chance) >> 30
        missed = (missed * (CERTAIN - chance)) >> 30
    return CERTAIN - missed

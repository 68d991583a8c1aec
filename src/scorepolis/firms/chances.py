"""How often a firm is inspected, and how likely what it does is to be recorded: what firms reckon with and meet."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import IN_SCOPE
from scorepolis.core.compiled import compiled, inlined

CERTAIN: Final = 1 << 30
"""One, in the fixed point of the chances of firms; a drawn word is compared after a shift by two."""


@inlined
def happens(word, chance):  # type: ignore[no-untyped-def]
    """Say of a drawn word, or of several, whether what has this chance happens."""
    return (word >> np.uint32(2)) < chance


@compiled
def inspection_rate(i, s, cell, secret_too, standing, marks, known, ordinary, share, sharing):  # type: ignore[no-untyped-def]
    """Give the chance that sensor s inspects firm i this month: the largest that its standings set, or the usual one.

    `secret_too`: whether instruments count of which firms do not know.
    """
    usual = ordinary[s, cell]
    if usual == 0 or sharing[s, 0] < 0:
        return usual
    most = np.int64(-1)
    for n in range(sharing.shape[1]):
        k = sharing[s, n]
        if k < 0:
            break
        if (marks[k, i] & IN_SCOPE) != 0 and (secret_too or known[k] != 0):
            most = max(most, share[k, s, standing[k, i]])
    return most if most >= 0 else usual


@inlined
def missed(unseen, looks, sees):  # type: ignore[no-untyped-def]
    """Give the chance that an act is missed by one sensor more, which looks and sees with these chances."""
    return (unseen * (CERTAIN - ((looks * sees) >> 30))) >> 30


def law_risk(seen: npt.NDArray[Any], desk: npt.NDArray[Any], ordinary: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Give the chance that an act is recorded under ordinary law, by behaviour and cell, in 2^-30.

    Parameters
    ----------
    seen : (B, S)
        Chance that a sensor which looks sees it.
    desk : (S,)
        Whether a sensor always looks.
    ordinary : (S, cells)
        Chance that it looks.
    """
    unseen = np.full((len(seen), ordinary.shape[1]), CERTAIN, np.int64)
    for s in range(len(desk)):
        looks = np.full(ordinary.shape[1], CERTAIN) if desk[s] else ordinary[s]
        unseen = (unseen * (CERTAIN - ((looks[None, :] * seen[:, s, None]) >> 30))) >> 30
    return CERTAIN - unseen

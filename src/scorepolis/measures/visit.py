"""Visiting the panel, at the start and at each month's end: state and standing of each of its people."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import STANDING_FIELDS, STATE_FIELDS
from scorepolis.core.compiled import compiled
from scorepolis.rulebooks.standing import channels_of, score_of
from scorepolis.society.ties import NOBODY

STANDINGS = len(STATE_FIELDS)
WIDTH = len(STANDING_FIELDS)


@compiled
def visit(  # type: ignore[no-untyped-def]
    panel_slots, income_rank, belief, income, hardship, trust, opinion, motive, ties,
    raw, standing, marks, aware, income_table, score_lowest, score_highest, shown_on, panel_states,
):  # fmt: skip
    """Fill the states of the panel, in the order of `STATE_FIELDS`, then of `STANDING_FIELDS` by instrument."""
    for e in range(panel_slots.size):
        i = np.int64(panel_slots[e])
        here = panel_states[e]
        for d in range(4):
            here[d] = belief[d, i]
        here[4] = (income_table[income_rank[i]] * np.int64(income[i])) >> 7
        here[5] = hardship[i]
        here[6] = trust[i]
        here[7] = opinion[i]
        here[8] = motive[i]
        held = np.int64(0)
        for place in range(ties.shape[1]):
            held += np.int64(ties[i, place] != NOBODY)
        here[9] = held
        here[10] = channels_of(i, marks, standing, shown_on)
        for k in range(raw.shape[0]):
            at = STANDINGS + WIDTH * k
            here[at] = score_of(raw[k, i], k, score_lowest, score_highest)
            here[at + 1] = standing[k, i]
            here[at + 2] = aware[k, i]
            here[at + 3] = marks[k, i]

"""Counting the moment, at the start and at each month's end: people, and sums of their state and standing, by group."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import CHANNELS, IN_SCOPE, PENALISED, REFUSED, REWARDED, SHOWN
from scorepolis.core.compiled import compiled
from scorepolis.rulebooks.standing import channels_of, score_of
from scorepolis.society.ties import NOBODY, TIES

PEOPLE, INCOME, HARDSHIP, TRUST, OPINION, MOTIVE, PRIVATE, PUBLIC, HELD_TIES, BELIEF = range(10)
ON_CHANNEL = BELIEF + 4
MOMENT_PEOPLE = ON_CHANNEL + len(CHANNELS)
"""Fields of `moment_people`; BELIEF is the first of four, ON_CHANNEL the first of six."""

REMARKED = tuple(bit >> 1 for bit in (REFUSED, PENALISED, SHOWN, REWARDED))
"""Bits of `moment_marks`: those of `marks` without the first, which all of whom it tells have, and awareness."""
KNOWS = 1 << len(REMARKED)
MOMENT_MARKS = 2 * KNOWS


@compiled
def snapshot(  # type: ignore[no-untyped-def]
    conformity, occupied, group_cell, income_rank, belief, income, hardship, trust, opinion, motive, ties,
    raw, standing, marks, aware, income_table, score_lowest, score_highest, shown_on,
    moment_people, moment_score, moment_marks, moment_grades,
):  # fmt: skip
    """Add a district's people to the tables of the moment."""
    for i in range(occupied.size):
        if occupied[i] == 0:
            continue
        cell = group_cell[i]
        here = moment_people[cell]
        here[PEOPLE] += 1
        here[INCOME] += (income_table[income_rank[i]] * np.int64(income[i])) >> 7
        here[HARDSHIP] += hardship[i]
        here[TRUST] += trust[i]
        here[OPINION] += opinion[i]
        here[MOTIVE] += motive[i]
        here[PRIVATE] += np.int64(opinion[i] >= 128)
        here[PUBLIC] += np.int64(np.int64(opinion[i]) + ((conformity * np.int64(belief[0, i])) >> 8) >= 128)
        for d in range(4):
            here[BELIEF + d] += belief[d, i]
        held = np.int64(0)
        for place in range(TIES):
            held += np.int64(ties[i, place] != NOBODY)
        here[HELD_TIES] += held
        channels = np.int64(channels_of(i, marks, standing, shown_on))
        if channels:
            for c in range(len(CHANNELS)):
                here[ON_CHANNEL + c] += (channels >> c) & 1
        for k in range(raw.shape[0]):
            bits = marks[k, i]
            if (bits & IN_SCOPE) == 0:
                continue
            moment_grades[cell, k, standing[k, i]] += 1
            moment_score[cell, k] += score_of(raw[k, i], k, score_lowest, score_highest)
            moment_marks[cell, k, (bits >> 1) | (KNOWS if aware[k, i] else 0)] += 1  # one sum in place of six

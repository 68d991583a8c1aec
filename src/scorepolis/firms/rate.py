"""Rate: records move a firm's score of the year and its grade, and once a year the score becomes the grade.

What is given here is records and the public register; the truth is not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import ENTERED, IN_SCOPE, PENALISED, RECORDED_FIRMS
from scorepolis.core.draws import Purpose, draw_words, seed_of
from scorepolis.firms.buffers import NEGATIVE, NONE, POSITIVE
from scorepolis.firms.chances import happens

Ints = npt.NDArray[Any]

LISTED, CLEAR = 0, 1
EXITS = 16
"""The draw by which a firm performs: whoever does is off all lists."""
FURTHEST = 30_000


def rate(
    day: Ints, calendar_month: Ints, seed_words: Ints, first_slot: Ints, firm_newcomer: Ints, firm_points: Ints,
    firm_assigned: Ints, firm_standing: Ints, firm_left: Ints, firm_marks: Ints, firm_performs: Ints, firm_list: Ints,
    firm_reach: Ints, firm_rule_of: Ints, firm_rule_points: Ints, firm_rule_assign: Ints, firm_rule_lift: Ints,
    firm_rule_lifted: Ints, firm_rule_term: Ints, firm_month: Ints, firm_start: Ints, firm_range: Ints,
    firm_graded: Ints, firm_records: Ints, firm_entries: Ints, firm_filled: Ints,
) -> None:  # fmt: skip
    """Renew the standing of firms."""
    firm_filled[ENTERED] = 0
    if not firm_newcomer.size:
        return
    seed = seed_of(seed_words)

    def draw(who: Ints, sub: int) -> Ints:
        return draw_words(seed, Purpose.RATE, int(first_slot) + who, sub, int(day))[0]

    for k in np.flatnonzero(firm_list):
        _let_go(firm_standing[k], firm_left[k], int(firm_performs), draw)
    records = firm_records[: firm_filled[RECORDED_FIRMS]].astype(np.int64)
    entries = []
    for k in range(len(firm_list)):
        rules = firm_rule_of[k, records[:, 1], records[:, 2]].astype(np.int64)
        takes = (firm_reach[k, records[:, 2]] != 0) & (rules >= 0) & ((firm_marks[k, records[:, 0]] & IN_SCOPE) != 0)
        taken = np.flatnonzero(takes)
        firms, rule = records[taken, 0], rules[taken]
        # Records stand in order of firm, so that the n-th of each can be worked through together.
        turn = np.arange(taken.size) - np.searchsorted(firms, firms)
        for n in range(int(turn.max(initial=-1)) + 1):
            here = np.flatnonzero(turn == n)
            i, r = firms[here], rule[here]
            if firm_list[k]:
                term = firm_rule_term[k, r]
                firm_left[k, i] = np.maximum(firm_left[k, i], term)
                firm_standing[k, i] = LISTED
                negative, positive = np.ones(i.size, np.bool_), np.zeros(i.size, np.bool_)
            else:
                points, assign = firm_rule_points[k, r], firm_rule_assign[k, r]
                firm_points[k, i] = np.clip(firm_points[k, i] + points, -FURTHEST, FURTHEST)
                firm_assigned[k, i] = np.minimum(firm_assigned[k, i], assign)
                firm_standing[k, i] = np.minimum(firm_standing[k, i], assign)
                stands = firm_rule_lift[k, r, 0] == firm_standing[k, i]
                lifted = np.flatnonzero(stands)
                lifted = lifted[happens(draw(i[lifted], int(k)), firm_rule_lifted[k, r[lifted]])]
                firm_standing[k, i[lifted]] = firm_rule_lift[k, r[lifted], 1]
                firm_assigned[k, i[lifted]] = NONE
                negative = (points < 0) | (assign != NONE)
                positive = points > 0
                positive[lifted] = True
            firm_marks[k, i[negative]] |= PENALISED
            told = np.flatnonzero(negative | positive)
            sign = np.where(negative[told], NEGATIVE, POSITIVE)
            entries.append(np.column_stack([i[told], np.full(told.size, k), sign, taken[here[told]]]))
    if entries:
        written = np.concatenate(entries)
        firm_entries[: len(written)] = written
        firm_filled[ENTERED] = len(written)
    for k in np.flatnonzero((firm_list == 0) & (firm_month == int(calendar_month))):
        _give_grades(
            firm_standing[k], firm_points[k], firm_assigned[k], firm_newcomer, firm_marks[k], int(firm_start[k]),
            firm_range[k], firm_graded[k],
        )  # fmt: skip


def _let_go(standing: Ints, left: Ints, performs: int, draw: Any) -> None:  # noqa: ANN401 - a function
    """Let terms run, and let those who perform off the list."""
    running = np.flatnonzero((left > 0) & (left < NONE))
    waiting = np.flatnonzero(left == NONE)
    left[running] -= 1
    left[waiting[happens(draw(waiting, EXITS), performs)]] = 0
    ended = np.concatenate([running, waiting])
    standing[ended[left[ended] == 0]] = CLEAR


def _give_grades(
    standing: Ints, points: Ints, assigned: Ints, newcomer: Ints, marks: Ints, start: int, bounds: Ints, graded: Ints
) -> None:
    """Turn the year's scores into grades, and begin a new year."""
    lowest, highest = int(bounds[0]), int(bounds[1])
    score = np.clip(start + points.astype(np.int64), lowest, highest)
    rated = (marks & IN_SCOPE) != 0
    standing[rated] = np.minimum(graded[newcomer, score - lowest], assigned)[rated]
    points[:], assigned[:] = 0, NONE

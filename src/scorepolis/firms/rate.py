"""Rate: records move a firm's score of the year and its grade, and once a year the score becomes the grade.

What is given here is records and the public register; the truth is not.
"""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import ENTERED, IN_SCOPE, PENALISED, RECORDED_FIRMS
from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, draw
from scorepolis.firms.buffers import CLEAR, LISTED, NEGATIVE, NONE, POSITIVE
from scorepolis.firms.chances import happens

RATE = int(Purpose.RATE)
PERFORMS = 16
"""The draw by which a firm performs: whoever does is off all lists."""
FURTHEST = 30_000


@compiled
def let_go(day, seed_words, first_slot, firm_left, firm_standing, firm_list, firm_performs):  # type: ignore[no-untyped-def]
    """Let terms run, and let those who perform off the lists."""
    for k in range(firm_list.size):
        if firm_list[k] == 0:
            continue
        for i in range(firm_left.shape[1]):
            if firm_left[k, i] == 0:
                continue
            if firm_left[k, i] < NONE:
                firm_left[k, i] -= np.uint8(1)
            else:
                w0, w1, w2, w3 = draw(seed_words[0], seed_words[1], RATE, first_slot + i, PERFORMS, day)
                if happens(w0, firm_performs):
                    firm_left[k, i] = 0
            if firm_left[k, i] == 0:
                firm_standing[k, i] = CLEAR


@compiled
def rate(  # type: ignore[no-untyped-def]
    day, calendar_month, seed_words, first_slot, firm_newcomer, firm_points, firm_assigned, firm_standing, firm_left,
    firm_marks, firm_performs, firm_list, firm_reach, firm_rule_of, firm_rule_points, firm_rule_assign, firm_rule_lift,
    firm_rule_lifted, firm_rule_term, firm_month, firm_start, firm_range, firm_graded, firm_records, firm_entries,
    firm_filled,
):  # fmt: skip
    """Renew the standing of firms."""
    let_go(day, seed_words, first_slot, firm_left, firm_standing, firm_list, firm_performs)
    written = np.int64(0)
    for e in range(firm_filled[RECORDED_FIRMS]):
        i, b, s = firm_records[e, 0], firm_records[e, 1], firm_records[e, 2]
        for k in range(firm_list.size):
            r = np.int64(firm_rule_of[k, b, s])
            if firm_reach[k, s] == 0 or r < 0 or (firm_marks[k, i] & IN_SCOPE) == 0:
                continue
            negative = True
            positive = False
            if firm_list[k]:
                firm_left[k, i] = max(firm_left[k, i], firm_rule_term[k, r])
                firm_standing[k, i] = LISTED
            else:
                points, assign = firm_rule_points[k, r], firm_rule_assign[k, r]
                total = np.int64(firm_points[k, i]) + np.int64(points)
                firm_points[k, i] = min(max(total, np.int64(-FURTHEST)), np.int64(FURTHEST))
                firm_assigned[k, i] = min(firm_assigned[k, i], assign)
                firm_standing[k, i] = min(firm_standing[k, i], assign)
                negative = points < 0 or assign != NONE
                positive = points > 0
                if firm_rule_lift[k, r, 0] == firm_standing[k, i]:
                    w0, w1, w2, w3 = draw(seed_words[0], seed_words[1], RATE, first_slot + i, k, day)
                    if happens(w0, firm_rule_lifted[k, r]):
                        firm_standing[k, i] = firm_rule_lift[k, r, 1]
                        firm_assigned[k, i] = NONE
                        positive = True
            if negative:
                firm_marks[k, i] |= np.uint8(PENALISED)
            if negative or positive:
                firm_entries[written, 0] = i
                firm_entries[written, 1] = k
                firm_entries[written, 2] = NEGATIVE if negative else POSITIVE
                firm_entries[written, 3] = e
                written += 1
    firm_filled[ENTERED] = written
    for k in range(firm_list.size):
        if firm_list[k] or firm_month[k] != calendar_month:
            continue
        lowest, highest = np.int64(firm_range[k, 0]), np.int64(firm_range[k, 1])
        for i in range(firm_newcomer.size):
            if (firm_marks[k, i] & IN_SCOPE) == 0:
                continue
            score = min(max(np.int64(firm_start[k]) + np.int64(firm_points[k, i]), lowest), highest)
            firm_standing[k, i] = min(firm_graded[k, firm_newcomer[i], score - lowest], firm_assigned[k, i])
            firm_points[k, i] = 0
            firm_assigned[k, i] = NONE

"""Grade: records move the year's score of a public body and its grade, or list it; once a year scores become grades.

What is given here is records and the public register; the truth is not.
"""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import ENTERED, IN_SCOPE, PENALISED, RECORDED_FIRMS
from scorepolis.core.compiled import compiled
from scorepolis.firms.buffers import CLEAR, LISTED, NEGATIVE, NONE, POSITIVE

FURTHEST = 30_000


@compiled
def let_go(body_left, body_standing, body_list):  # type: ignore[no-untyped-def]
    """Let terms run; a listing without term ends unless this month brings another record."""
    for k in range(body_list.size):
        for j in range(body_left.shape[1] if body_list[k] else 0):
            if body_left[k, j] > 0:
                body_left[k, j] = 0 if body_left[k, j] == NONE else body_left[k, j] - 1
                if body_left[k, j] == 0:
                    body_standing[k, j] = CLEAR


@compiled
def grade(  # type: ignore[no-untyped-def]
    calendar_month, body_points, body_assigned, body_standing, body_left, body_marks, body_list, body_reach,
    body_rule_of, body_rule_points, body_rule_assign, body_rule_term, body_month, body_start, body_range, body_graded,
    body_records, body_entries, body_filled,
):  # fmt: skip
    """Renew the standing of public bodies."""
    let_go(body_left, body_standing, body_list)
    written = np.int64(0)
    for e in range(body_filled[RECORDED_FIRMS]):
        j, b, s = body_records[e, 0], body_records[e, 1], body_records[e, 2]
        for k in range(body_list.size):
            r = np.int64(body_rule_of[k, b, s])
            if body_reach[k, s] == 0 or r < 0 or (body_marks[k, j] & IN_SCOPE) == 0:
                continue
            negative = True
            if body_list[k]:
                body_left[k, j] = max(body_left[k, j], body_rule_term[k, r])
                body_standing[k, j] = LISTED
            else:
                points, assign = body_rule_points[k, r], body_rule_assign[k, r]
                total = np.int64(body_points[k, j]) + np.int64(points)
                body_points[k, j] = min(max(total, np.int64(-FURTHEST)), np.int64(FURTHEST))
                body_assigned[k, j] = min(body_assigned[k, j], assign)
                body_standing[k, j] = min(body_standing[k, j], assign)
                negative = points < 0 or assign != NONE
            if negative:
                body_marks[k, j] |= np.uint8(PENALISED)
            body_entries[written, 0] = j
            body_entries[written, 1] = k
            body_entries[written, 2] = NEGATIVE if negative else POSITIVE
            body_entries[written, 3] = e
            written += 1
    body_filled[ENTERED] = written
    for k in range(body_list.size):
        if body_list[k] or body_month[k] != calendar_month:
            continue
        lowest, highest = np.int64(body_range[k, 0]), np.int64(body_range[k, 1])
        for j in range(body_points.shape[1]):
            if (body_marks[k, j] & IN_SCOPE) == 0:
                continue
            score = min(max(np.int64(body_start[k]) + np.int64(body_points[k, j]), lowest), highest)
            body_standing[k, j] = min(body_graded[k, score - lowest], body_assigned[k, j])
            body_points[k, j] = 0
            body_assigned[k, j] = NONE

"""Rate: records move a firm's score of the year and its grade, and once a year the score becomes the grade.

What is given here is records and the public register; the truth is not. Where a firm may contest an entry, a second
account, clear of that entry, is kept beside its own by the same draws: if the appeal is upheld, it takes its place.
"""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import ENTERED, IN_SCOPE, NOTICED, PENALISED, RECORDED_FIRMS, REPAIRED
from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, draw
from scorepolis.firms.buffers import CLEAR, LISTED, NEGATIVE, NONE, POSITIVE
from scorepolis.firms.chances import happens

RATE = int(Purpose.RATE)
PERFORMS, REPAIRS = 16, 17
"""The draws by which a firm performs, and by which it is let off on asking: one for all lists."""
FURTHEST = 30_000


@compiled
def pass_month(day, seed_words, slot, k, i, standing, left, opens, performs, repair):  # type: ignore[no-untyped-def]
    """Let a month of a listing pass; says whether it ended by repair."""
    repaired = False
    if left[k, i] == 0:
        return repaired
    if left[k, i] < NONE:
        left[k, i] -= np.uint8(1)
        if 0 < left[k, i] <= opens[k, i]:
            w0, w1, w2, w3 = draw(seed_words[0], seed_words[1], RATE, slot, REPAIRS, day)
            repaired = happens(w0, repair[k])
    else:
        w0, w1, w2, w3 = draw(seed_words[0], seed_words[1], RATE, slot, PERFORMS, day)
        if happens(w0, performs):
            left[k, i] = 0
    if repaired:
        left[k, i] = 0
    if left[k, i] == 0:
        standing[k, i] = CLEAR
        opens[k, i] = 0
    return repaired


@compiled
def enter(  # type: ignore[no-untyped-def]
    day, seed_words, slot, k, i, r, points, assigned, standing, left, opens, is_list, rule_points, rule_assign,
    rule_lift, rule_lifted, rule_term, rule_opens,
):  # fmt: skip
    """Let a record take effect on an account; says whether it lifted the firm."""
    if is_list[k]:
        if rule_term[k, r] > left[k, i]:
            left[k, i] = rule_term[k, r]
            opens[k, i] = rule_opens[k, r]
        standing[k, i] = LISTED
        return False
    total = np.int64(points[k, i]) + np.int64(rule_points[k, r])
    points[k, i] = min(max(total, np.int64(-FURTHEST)), np.int64(FURTHEST))
    assigned[k, i] = min(assigned[k, i], rule_assign[k, r])
    standing[k, i] = min(standing[k, i], rule_assign[k, r])
    if rule_lift[k, r, 0] == standing[k, i]:
        w0, w1, w2, w3 = draw(seed_words[0], seed_words[1], RATE, slot, k, day)
        if happens(w0, rule_lifted[k, r]):
            standing[k, i] = rule_lift[k, r, 1]
            assigned[k, i] = NONE
            return True
    return False


@compiled
def give(k, marks, newcomer, points, assigned, standing, start, bounds, graded):  # type: ignore[no-untyped-def]
    """Turn the scores of the year into grades, and begin a new year."""
    lowest, highest = np.int64(bounds[k, 0]), np.int64(bounds[k, 1])
    for i in range(newcomer.size):
        if (marks[k, i] & IN_SCOPE) == 0:
            continue
        score = min(max(np.int64(start[k]) + np.int64(points[k, i]), lowest), highest)
        standing[k, i] = min(graded[k, newcomer[i], score - lowest], assigned[k, i])
        points[k, i] = 0
        assigned[k, i] = NONE


@compiled
def copy_account(k, i, from_, to):  # type: ignore[no-untyped-def]
    """Copy points, assigned, standing, left and opens."""
    points, assigned, standing, left, opens = from_
    points_to, assigned_to, standing_to, left_to, opens_to = to
    points_to[k, i] = points[k, i]
    assigned_to[k, i] = assigned[k, i]
    standing_to[k, i] = standing[k, i]
    left_to[k, i] = left[k, i]
    opens_to[k, i] = opens[k, i]


@compiled
def rate(  # type: ignore[no-untyped-def]
    day, calendar_month, seed_words, first_slot, firm_newcomer, firm_points, firm_assigned, firm_standing, firm_left,
    firm_opens, firm_open, firm_won, firm_clear_points, firm_clear_assigned, firm_clear_standing, firm_clear_left,
    firm_clear_opens, firm_marks, firm_performs, firm_repair, firm_notice, firm_appeal, firm_list, firm_reach,
    firm_rule_of, firm_rule_points, firm_rule_assign, firm_rule_lift, firm_rule_lifted, firm_rule_term,
    firm_rule_opens, firm_month, firm_start, firm_range, firm_graded, firm_records, firm_entries, firm_notices,
    firm_noted, firm_repairs, firm_filled,
):  # fmt: skip
    """Renew the standing of firms."""
    account = (firm_points, firm_assigned, firm_standing, firm_left, firm_opens)
    clear = (firm_clear_points, firm_clear_assigned, firm_clear_standing, firm_clear_left, firm_clear_opens)
    instruments = np.int64(firm_list.size)
    repaired = np.int64(0)
    for k in range(instruments):
        firm_noted[k] = -1
        if firm_list[k] == 0:
            continue
        for i in range(firm_left.shape[1]):
            if firm_appeal[k] > 0 and firm_open[k, i] > 0:
                pass_month(
                    day, seed_words, first_slot + i, k, i, firm_clear_standing, firm_clear_left, firm_clear_opens,
                    firm_performs, firm_repair,
                )  # fmt: skip
            if pass_month(
                day, seed_words, first_slot + i, k, i, firm_standing, firm_left, firm_opens, firm_performs, firm_repair
            ):
                firm_repairs[repaired, 0] = i
                firm_repairs[repaired, 1] = k
                repaired += 1
    firm_filled[REPAIRED] = repaired
    for k in range(instruments):
        for i in range(firm_newcomer.size if firm_appeal[k] > 0 else 0):
            if firm_open[k, i] > 0:
                firm_open[k, i] -= np.uint8(1)
                if firm_open[k, i] == 0 and firm_won[k, i]:
                    copy_account(k, i, clear, account)
    written = np.int64(0)
    noticed = np.int64(0)
    for e in range(firm_filled[RECORDED_FIRMS]):
        i, b, s = firm_records[e, 0], firm_records[e, 1], firm_records[e, 2]
        for k in range(instruments):
            r = np.int64(firm_rule_of[k, b, s])
            if firm_reach[k, s] == 0 or r < 0 or (firm_marks[k, i] & IN_SCOPE) == 0:
                continue
            points, assign = firm_rule_points[k, r], firm_rule_assign[k, r]
            negative = firm_list[k] != 0 or points < 0 or assign != NONE
            notice = negative and firm_notice[k] != 0 and firm_noted[k] != i
            if firm_appeal[k] > 0:
                if notice and firm_open[k, i] == 0:
                    copy_account(k, i, account, clear)
                elif firm_open[k, i] > 0 or firm_noted[k] == i:
                    enter(
                        day, seed_words, first_slot + i, k, i, r, firm_clear_points, firm_clear_assigned,
                        firm_clear_standing, firm_clear_left, firm_clear_opens, firm_list, firm_rule_points,
                        firm_rule_assign, firm_rule_lift, firm_rule_lifted, firm_rule_term, firm_rule_opens,
                    )  # fmt: skip
            lifted = enter(
                day, seed_words, first_slot + i, k, i, r, firm_points, firm_assigned, firm_standing, firm_left,
                firm_opens, firm_list, firm_rule_points, firm_rule_assign, firm_rule_lift, firm_rule_lifted,
                firm_rule_term, firm_rule_opens,
            )  # fmt: skip
            if notice:
                firm_noted[k] = i
                firm_notices[noticed, 0] = i
                firm_notices[noticed, 1] = k
                firm_notices[noticed, 2] = e
                noticed += 1
            if negative:
                firm_marks[k, i] |= np.uint8(PENALISED)
            if negative or (firm_list[k] == 0 and (points > 0 or lifted)):
                firm_entries[written, 0] = i
                firm_entries[written, 1] = k
                firm_entries[written, 2] = NEGATIVE if negative else POSITIVE
                firm_entries[written, 3] = e
                written += 1
    firm_filled[ENTERED] = written
    firm_filled[NOTICED] = noticed
    for k in range(instruments):
        if firm_list[k] or firm_month[k] != calendar_month:
            continue
        give(
            k, firm_marks, firm_newcomer, firm_points, firm_assigned, firm_standing, firm_start, firm_range,
            firm_graded,
        )  # fmt: skip
        if firm_appeal[k] > 0:
            give(
                k, firm_marks, firm_newcomer, firm_clear_points, firm_clear_assigned, firm_clear_standing, firm_start,
                firm_range, firm_graded,
            )  # fmt: skip

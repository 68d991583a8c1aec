"""The court: judgment, deadline, decision, review. At work under ordinary law too.

A case lives in the diary from step to step. Whether a debtor could pay is a truth of its own: the court only finds what
it finds, and so the unable are sometimes treated as the unwilling.
"""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    AGENDA,
    BROKE_ORDER,
    BROKE_SETTLEMENT,
    CASES,
    COULD_NOT,
    DEADLINE,
    DECISION,
    DETERRED,
    ENFORCED,
    EXIT,
    IN_SCOPE,
    JUDGED,
    JUDGMENT,
    PERFORMED,
    PERFORMED_LATE,
    RECORD,
    REPAIR,
    REVIEW,
    SETTLED,
    STALE,
    STEPS,
    TRUE_RECORD,
    UNABLE,
    WOULD_NOT,
    WRONG_PERSON,
)
from scorepolis.core.compiled import compiled
from scorepolis.core.diary import put, take
from scorepolis.core.draws import Purpose, draw
from scorepolis.core.items import item_key, key_behaviour, key_points, key_slot, key_what
from scorepolis.day.coefficients import (
    APPLIES,
    BREAKS_ORDER,
    DEADLINE_DAYS,
    EVASION,
    GRACE,
    LATE_DAYS,
    LATE_REMOVAL,
    MISTAKEN_ABLE,
    MISTAKEN_UNABLE,
    PERFORMS,
    PRESSURE,
    REMOVAL,
    REVIEW_DAYS,
    SETTLES,
    UNABLE_AT_FULL_HARDSHIP,
)
from scorepolis.day.deterrence import deterrence
from scorepolis.rulebooks.standing import effective_score, score_of, stake, value_of

COURT = int(Purpose.COURT)
CERTAIN = np.int64(1) << 32
STANDS = 1
"""In place of the points of a review: a settlement stands in the case."""


@compiled
def _dares(  # type: ignore[no-untyped-def]
    i, b, base, cell, earns,
    traits, belief, aware, raw, counters, overrides, marks, trait_factor, trait_shift, domain, law_risk, neg_exp,
    coefficients, rule_weighed, rule_points, rule_counter, rule_cap, rule_override, rule_duration, is_weighted,
    rule_steps, override_grade, score_lowest, score_highest, grade_midpoint, value,
):  # fmt: skip
    """Give how likely a debtor is to do something, unafraid and with what the schemes threaten, in 2^-32."""
    level = (np.int64(traits[i]) >> trait_shift[b]) & 15
    would = min(CERTAIN, (base * trait_factor[b, level]) >> 16)
    cost = stake(
        i, b, np.int64(1), np.int64(1), cell, raw, overrides, counters, marks, aware,
        rule_weighed, rule_points, rule_override, rule_cap, rule_counter, rule_duration, is_weighted,
        rule_steps, override_grade, score_lowest, score_highest, grade_midpoint, value,
    )  # fmt: skip
    share = min(np.int64(65535), (cost * 4096) // earns)
    d = domain[b]
    return would, (would * deterrence(np.int64(belief[d, i]) * 257, law_risk[d], share, coefficients, neg_exp)) >> 16


@compiled
def court(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, traits, rate_cell, group_cell, income_rank, panel,
    belief, income, hardship, aware, raw, counters, overrides, marks,
    court_numbers, court_enters, trait_factor, trait_shift, domain, law_risk, neg_exp, income_table, coefficients,
    rule_weighed, rule_points, rule_counter, rule_cap, rule_override, rule_duration, is_weighted, rule_steps,
    override_grade, spending_order, score_lowest, score_highest, grade_midpoint, value,
    agenda_key, agenda_truth, filled, due_heads, due_next, due_key, due_truth, due_state, tally_courts,
    steps_key, steps_truth,
):  # fmt: skip
    """Take what is due today out of the diary, and work through the cases among it."""
    k0 = seed_words[0]
    k1 = seed_words[1]
    ignoring = court_numbers[0]
    unfulfilled = court_numbers[1]
    ordered = court_numbers[2]
    settled = court_numbers[3]
    sensor = court_numbers[4]
    due = take(due_heads, due_next, due_key, due_truth, due_state, day, agenda_key, agenda_truth, 0)
    written = np.int64(0)
    kept = np.int64(0)
    steps = np.int64(0)
    for item in range(due):
        key = agenda_key[item]
        truth = agenda_truth[item]
        what = key_what(key)
        if what < CASES or what == REPAIR:
            agenda_key[kept] = key
            agenda_truth[kept] = truth
            kept += 1
            continue
        i = key_slot(key)
        b = key_behaviour(key)
        kind = np.int64(truth & 15)
        doer = np.int64(truth >> 4)
        cell = np.int64(rate_cell[i])
        group = group_cell[i]
        earns = max(np.int64(1), (income_table[income_rank[i]] * np.int64(income[i])) >> 7)
        unable = (coefficients[UNABLE_AT_FULL_HARDSHIP] * np.int64(hardship[i])) // 255
        following = np.int64(0)
        wait = np.int64(0)
        stands = np.int64(0)
        step = np.int64(-1)
        if what == JUDGMENT:
            tally_courts[group, JUDGED] += 1
            step = np.int64(JUDGED)
            agenda_key[due + written] = item_key(i, RECORD, 0, 0, 0, b, sensor)
            agenda_truth[due + written] = truth
            written += 1
            following = np.int64(DEADLINE)
            wait = coefficients[DEADLINE_DAYS]
        elif what == DEADLINE:
            w0, w1, w2, w3 = draw(k0, k1, COURT, first_slot + i, 0, day)
            performed = False
            if kind == TRUE_RECORD:
                if np.int64(w0) < unable:
                    tally_courts[group, COULD_NOT] += 1
                    step = np.int64(COULD_NOT)
                    kind = np.int64(UNABLE)
                else:
                    would, does = _dares(
                        i, ignoring, coefficients[EVASION], cell, earns,
                        traits, belief, aware, raw, counters, overrides, marks, trait_factor, trait_shift, domain,
                        law_risk, neg_exp, coefficients, rule_weighed, rule_points, rule_counter, rule_cap,
                        rule_override, rule_duration, is_weighted, rule_steps, override_grade, score_lowest,
                        score_highest, grade_midpoint, value,
                    )  # fmt: skip
                    if np.int64(w1) >= does:
                        performed = True
                        tally_courts[group, PERFORMED] += 1
                        step = np.int64(PERFORMED)
                        if np.int64(w1) < would:
                            tally_courts[group, DETERRED] += 1
                            step = np.int64(DETERRED)
                    else:
                        tally_courts[group, WOULD_NOT] += 1
                        step = np.int64(WOULD_NOT)
            if not performed and np.int64(w3) < coefficients[APPLIES]:
                following = np.int64(DECISION)
                wait = coefficients[GRACE]
        elif what == DECISION:
            tally_courts[group, ENFORCED] += 1
            step = np.int64(ENFORCED)
            w0, w1, w2, w3 = draw(k0, k1, COURT, first_slot + i, 1, day)
            found = np.uint32((doer << 4) | kind)
            if np.int64(w1) < court_enters[1]:
                agenda_key[due + written] = item_key(i, RECORD, 0, 0, 0, unfulfilled, sensor)
                agenda_truth[due + written] = found
                written += 1
            if kind == UNABLE:
                able = np.int64(w0) < coefficients[MISTAKEN_ABLE]
            else:
                able = np.int64(w0) >= coefficients[MISTAKEN_UNABLE]
            if able and np.int64(w2) < court_enters[0]:
                agenda_key[due + written] = item_key(i, RECORD, 0, 0, 0, ignoring, sensor)
                agenda_truth[due + written] = found
                written += 1
            if kind != WRONG_PERSON:
                following = np.int64(REVIEW)
                wait = coefficients[REVIEW_DAYS]
        else:
            w0, w1, w2, w3 = draw(k0, k1, COURT, first_slot + i, 2, day)
            relief = np.int64(0)  # yuan a year that being clear of overrides would bring back
            for k in range(raw.shape[0]):
                if (marks[k, i] & IN_SCOPE) != 0 and aware[k, i] != 0:
                    free = score_of(raw[k, i], k, score_lowest, score_highest)
                    held = effective_score(
                        raw[k, i], overrides[k, i], k, score_lowest, score_highest, grade_midpoint, override_grade
                    )
                    relief += max(
                        np.int64(0),
                        value_of(free, k, cell, score_lowest, score_highest, value)
                        - value_of(held, k, cell, score_lowest, score_highest, value),
                    )
            share = min(np.int64(65535), (relief * 4096) // earns)
            performs = min(CERTAIN, coefficients[PERFORMS] + ((coefficients[PRESSURE] * share) >> 12))
            if np.int64(w0) >= unable and np.int64(w1) < performs:
                tally_courts[group, PERFORMED_LATE] += 1
                step = np.int64(PERFORMED_LATE)
                late = np.int64(w2) < coefficients[LATE_REMOVAL]
                exit_day = day + coefficients[REMOVAL] + (coefficients[LATE_DAYS] if late else np.int64(0))
                at = put(due_heads, due_next, due_key, due_state, exit_day, item_key(i, EXIT, 0, 0, 0, 0, 0))
                due_truth[at] = STALE if late else TRUE_RECORD
            else:
                following = np.int64(REVIEW)
                wait = coefficients[REVIEW_DAYS]
                v0, v1, v2, v3 = draw(k0, k1, COURT, first_slot + i, 3, day)
                under = False
                for k in range(raw.shape[0]):
                    under |= spending_order[k] != 0 and (marks[k, i] & IN_SCOPE) != 0 and overrides[k, i] != 0
                if under:
                    would, does = _dares(
                        i, ordered, coefficients[BREAKS_ORDER], cell, earns,
                        traits, belief, aware, raw, counters, overrides, marks, trait_factor, trait_shift, domain,
                        law_risk, neg_exp, coefficients, rule_weighed, rule_points, rule_counter, rule_cap,
                        rule_override, rule_duration, is_weighted, rule_steps, override_grade, score_lowest,
                        score_highest, grade_midpoint, value,
                    )  # fmt: skip
                    if np.int64(v0) < does:
                        tally_courts[group, BROKE_ORDER] += 1
                        if panel[i]:
                            steps_key[steps] = item_key(i, BROKE_ORDER, 0, 0, 0, b, 0)
                            steps_truth[steps] = np.uint32((doer << 4) | kind)
                            steps += 1
                        if np.int64(v1) < court_enters[2]:
                            agenda_key[due + written] = item_key(i, RECORD, 0, 0, 0, ordered, sensor)
                            agenda_truth[due + written] = np.uint32((i << 4) | TRUE_RECORD)
                            written += 1
                if key_points(key) == STANDS:
                    able = np.int64(w0) >= unable
                    if able:
                        tally_courts[group, BROKE_SETTLEMENT] += 1
                        step = np.int64(BROKE_SETTLEMENT)
                    if (able or np.int64(v3) < coefficients[MISTAKEN_ABLE]) and np.int64(v2) < court_enters[3]:
                        agenda_key[due + written] = item_key(i, RECORD, 0, 0, 0, settled, sensor)
                        agenda_truth[due + written] = np.uint32((i << 4) | (TRUE_RECORD if able else UNABLE))
                        written += 1
                elif np.int64(v2) < coefficients[SETTLES]:
                    tally_courts[group, SETTLED] += 1
                    step = np.int64(SETTLED)
                    stands = np.int64(STANDS)
        if step >= 0 and panel[i]:
            steps_key[steps] = item_key(i, step, 0, 0, 0, b, 0)
            steps_truth[steps] = np.uint32((doer << 4) | kind)
            steps += 1
        if following > 0:
            at = put(due_heads, due_next, due_key, due_state, day + wait, item_key(i, following, 0, 0, stands, b, 0))
            due_truth[at] = np.uint32((doer << 4) | kind)
    for e in range(written):
        agenda_key[kept + e] = agenda_key[due + e]
        agenda_truth[kept + e] = agenda_truth[due + e]
    filled[AGENDA] = kept + written
    filled[STEPS] = steps

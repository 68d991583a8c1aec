"""Score: instruments turn records into ledger entries, points, overrides and standing. Never sees the truth."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    AGENDA,
    CORRECTION,
    ENTRIES,
    EXIT,
    EXPIRE,
    IN_SCOPE,
    MAY_ASK,
    OVERRIDE_BACK,
    OVERRIDE_ENDS,
    PENALISED,
    RECORD,
    REPAIR,
    REWARDED,
    WINDOW_ENDS,
)
from scorepolis.core.compiled import compiled
from scorepolis.core.diary import put
from scorepolis.core.items import (
    item_key,
    key_behaviour,
    key_instrument,
    key_points,
    key_rule,
    key_sensor,
    key_slot,
    key_what,
    repaired_after,
)
from scorepolis.day.ledger import NIBBLE_FULL, add_points, count_override, feed_on, write_entry
from scorepolis.rulebooks.standing import counted, score_of, standing_of


@compiled
def count_records(counters, k, i, number, change):  # type: ignore[no-untyped-def]
    """Let a counter of records rise or fall by one, within 0 to 15; tells whether it did."""
    held = counted(counters[k, i], number)
    if held + change < 0 or held + change > NIBBLE_FULL:
        return False
    counters[k, i] = np.uint32(np.int64(counters[k, i]) + (change << (4 * number)))
    return True


@compiled
def score(  # type: ignore[no-untyped-def]
    day, agenda_key, raw, standing, counters, overrides, marks, entries, filled,
    due_heads, due_next, due_key, due_state,
    reach, rule_of, rule_points, rule_expires, rule_counter, rule_window, rule_step, rule_repeat_most, rule_cap,
    rule_override, rule_nibble, rule_override_term, override_grade, is_list, is_weighted, rule_steps, appeal_days,
    rule_repair, repair_days,
    feed_grade, feed_override, score_lowest, score_highest, grade_lowest, grades_count, stood,
):  # fmt: skip
    """Work through the agenda: what runs out, then records, exits from lists, corrections and repairs."""
    instruments = raw.shape[0]
    written = np.int64(0)
    for item in range(filled[AGENDA]):
        key = agenda_key[item]
        i = key_slot(key)
        what = key_what(key)
        first = np.int64(0)
        last = np.int64(instruments)
        if what != RECORD and what != EXIT:  # noqa: PLR1714 - compiled
            first = key_instrument(key)
            last = first + 1
        for k in range(first, last):
            points = np.int64(0)
            r = key_rule(key)
            if what == RECORD:
                r = np.int64(rule_of[k, key_behaviour(key), key_sensor(key)])
                if r < 0 or reach[k, key_sensor(key)] == 0 or (marks[k, i] & IN_SCOPE) == 0:
                    continue
            elif what == EXIT and (
                is_list[k] == 0 or (marks[k, i] & IN_SCOPE) == 0 or (overrides[k, i] & NIBBLE_FULL) == 0
            ):
                continue
            elif what == WINDOW_ENDS:
                count_records(counters, k, i, np.int64(rule_counter[k, r]), np.int64(-1))
                continue
            elif what == EXPIRE and is_weighted[k]:  # a correction runs out, just before the window of its record ends
                count_records(counters, k, i, np.int64(rule_counter[k, r]), np.int64(1))
                continue
            elif what == OVERRIDE_BACK:
                count_override(overrides, k, i, np.int64(rule_nibble[k, r]), np.int64(1))
                continue
            elif what == REPAIR and key_behaviour(key) == MAY_ASK:
                continue
            for m in range(k, instruments):
                stood[m] = standing[m, i]
            before = score_of(raw[k, i], k, score_lowest, score_highest)
            if what == EXPIRE:
                points = -key_points(key)
                add_points(raw, k, i, points)
            elif what == OVERRIDE_ENDS:
                count_override(overrides, k, i, np.int64(rule_nibble[k, r]), np.int64(-1))
            elif what == EXIT:
                overrides[k, i] &= np.uint8(0xF0)
            elif (what == CORRECTION or what == REPAIR) and is_weighted[k]:  # noqa: PLR1714, SIM109 - compiled
                ago = repaired_after(key, rule_repair, repair_days) if what == REPAIR else np.int64(appeal_days[k])
                left = np.int64(rule_window[k, r]) - ago
                yearly = rule_window[k, r] == 0  # its count ends with the year, not by itself
                if (yearly or left > 0) and count_records(counters, k, i, np.int64(rule_counter[k, r]), np.int64(-1)):
                    points = -key_points(key)
                    if not yearly:
                        put(due_heads, due_next, due_key, due_state, day + left, item_key(i, EXPIRE, k, r, 0, 0, 0))
            elif what == CORRECTION or what == REPAIR:  # noqa: PLR1714, SIM109 - compiled
                ago = repaired_after(key, rule_repair, repair_days) if what == REPAIR else np.int64(appeal_days[k])
                expires = np.int64(rule_expires[k, r])
                if expires < 0 or expires > ago:
                    points = -key_points(key)
                    add_points(raw, k, i, points)
                    if points != 0 and expires >= 0:
                        # The original points will run out on their day; these undo that.
                        again = item_key(i, EXPIRE, k, r, points, 0, 0)
                        put(due_heads, due_next, due_key, due_state, day + expires - ago, again)
                term = np.int64(rule_override_term[k, r])
                if rule_override[k, r] >= 0 and (term == 0 or term > ago):
                    fell = count_override(overrides, k, i, np.int64(rule_nibble[k, r]), np.int64(-1))
                    if fell and term > 0:
                        again = item_key(i, OVERRIDE_BACK, k, r, 0, 0, 0)
                        put(due_heads, due_next, due_key, due_state, day + term - ago, again)
            else:
                points = np.int64(rule_points[k, r])
                if rule_counter[k, r] >= 0:
                    number = np.int64(rule_counter[k, r])
                    earlier = counted(counters[k, i], number)
                    counts = True
                    if is_weighted[k]:
                        points = np.int64(rule_steps[k, r, earlier])
                    elif rule_cap[k, r] >= 0:
                        if earlier >= rule_cap[k, r]:
                            points = np.int64(0)
                            counts = False
                    else:
                        points *= min(np.int64(rule_repeat_most[k, r]), 1 + np.int64(rule_step[k, r]) * earlier)
                    if counts and count_records(counters, k, i, number, np.int64(1)) and rule_window[k, r] > 0:
                        ends = item_key(i, WINDOW_ENDS, k, r, 0, 0, 0)
                        put(due_heads, due_next, due_key, due_state, day + rule_window[k, r], ends)
                if is_weighted[k] == 0:
                    add_points(raw, k, i, points)
                if points != 0 and rule_expires[k, r] >= 0:
                    ends = item_key(i, EXPIRE, k, r, points, 0, 0)
                    put(due_heads, due_next, due_key, due_state, day + rule_expires[k, r], ends)
                if rule_override[k, r] >= 0:
                    nibble = np.int64(rule_nibble[k, r])
                    held = (np.int64(overrides[k, i]) >> (4 * nibble)) & 15
                    rises = held < NIBBLE_FULL - 1 and count_override(overrides, k, i, nibble, np.int64(1))
                    if rises and rule_override_term[k, r] > 0:
                        ends = item_key(i, OVERRIDE_ENDS, k, r, 0, 0, 0)
                        put(due_heads, due_next, due_key, due_state, day + rule_override_term[k, r], ends)
                    marks[k, i] |= np.uint8(PENALISED)
                if points < 0:
                    marks[k, i] |= np.uint8(PENALISED)
                elif points > 0:
                    marks[k, i] |= np.uint8(REWARDED)
            stands = standing_of(
                raw[k, i], overrides[k, i], k, score_lowest, score_highest, grade_lowest, grades_count, override_grade
            )
            standing[k, i] = np.uint8(stands)
            after = score_of(raw[k, i], k, score_lowest, score_highest)
            named = np.uint64(0) if what == REPAIR else key  # in place of behaviour and sensor it has its try
            write_entry(entries, written, item, named, i, what, k, r, points, before, after, stood[k], stands)
            written += 1
            written = feed_on(
                i, k, item, np.int64(1), written, raw, standing, overrides, marks, stood, entries, feed_grade,
                feed_override, override_grade, score_lowest, score_highest, grade_lowest, grades_count,
            )  # fmt: skip
    filled[ENTRIES] = written

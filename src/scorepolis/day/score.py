"""Score: instruments turn records into ledger entries, points and standing. Never sees the truth."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    AGENDA,
    E_AFTER,
    E_BEFORE,
    E_BEHAVIOUR,
    E_INSTRUMENT,
    E_ITEM,
    E_POINTS,
    E_RULE,
    E_SENSOR,
    E_SLOT,
    E_STANDING_AFTER,
    E_STANDING_BEFORE,
    E_WHAT,
    ENTRIES,
    EXPIRE,
    IN_SCOPE,
    OVERRIDE_ENDS,
    PENALISED,
    RECORD,
    REWARDED,
    WINDOW_ENDS,
    item_key,
    key_behaviour,
    key_instrument,
    key_points,
    key_rule,
    key_sensor,
    key_slot,
    key_what,
)
from scorepolis.core.compiled import compiled
from scorepolis.core.diary import put
from scorepolis.rulebooks.standing import score_of, standing_of

RAW_LIMIT = 30000
"""Raw points saturate here, far outside any instrument's range."""


@compiled
def add_points(raw, k, i, points):  # type: ignore[no-untyped-def]
    """Add points, saturating."""
    raw[k, i] = np.int16(min(max(np.int64(raw[k, i]) + points, np.int64(-RAW_LIMIT)), np.int64(RAW_LIMIT)))


@compiled
def nibble_of(rule_override, override_grade, k, r):  # type: ignore[no-untyped-def]
    """Shift of the nibble that counts a rule's overrides."""
    return 0 if rule_override[k, r] == override_grade[k, 0] else 4


@compiled
def score(  # type: ignore[no-untyped-def]
    day, agenda_key, raw, standing, counters, overrides, marks, entries, filled,
    due_heads, due_next, due_key, due_state,
    reach, rule_of, rule_points, rule_expires, rule_counter, rule_window, rule_step, rule_repeat_most, rule_cap,
    rule_override, rule_override_term, override_grade, score_lowest, score_highest, grade_lowest, grades_count,
):  # fmt: skip
    """Work through the agenda: expiries, ends of windows and overrides, then records under each instrument."""
    written = np.int64(0)
    for item in range(filled[AGENDA]):
        key = agenda_key[item]
        i = key_slot(key)
        what = key_what(key)
        first = np.int64(0)
        last = np.int64(raw.shape[0])
        if what != RECORD:
            first = key_instrument(key)
            last = first + 1
        for k in range(first, last):
            points = np.int64(0)
            if what == RECORD:
                b = key_behaviour(key)
                r = np.int64(rule_of[k, b])
                if r < 0 or reach[k, key_sensor(key)] == 0 or (marks[k, i] & IN_SCOPE) == 0:
                    continue
            else:
                r = key_rule(key)
            before = score_of(raw[k, i], k, score_lowest, score_highest)
            stood = standing[k, i]
            if what == EXPIRE:
                points = -key_points(key)
                add_points(raw, k, i, points)
            elif what == WINDOW_ENDS:
                counters[k, i] -= np.uint32(1) << np.uint32(4 * rule_counter[k, r])
                continue
            elif what == OVERRIDE_ENDS:
                overrides[k, i] -= np.uint8(1 << nibble_of(rule_override, override_grade, k, r))
            else:
                points = np.int64(rule_points[k, r])
                if rule_counter[k, r] >= 0:
                    shift = np.uint32(4 * rule_counter[k, r])
                    earlier = np.int64((counters[k, i] >> shift) & np.uint32(15))
                    counted = True
                    if rule_cap[k, r] >= 0:
                        if earlier >= rule_cap[k, r]:
                            points = np.int64(0)
                            counted = False
                    else:
                        points *= min(np.int64(rule_repeat_most[k, r]), 1 + np.int64(rule_step[k, r]) * earlier)
                    if counted and earlier < 15:
                        counters[k, i] += np.uint32(1) << shift
                        put(
                            due_heads,
                            due_next,
                            due_key,
                            due_state,
                            day + rule_window[k, r],
                            item_key(i, WINDOW_ENDS, k, r, 0, 0, 0),
                        )
                add_points(raw, k, i, points)
                if points != 0 and rule_expires[k, r] >= 0:
                    put(
                        due_heads,
                        due_next,
                        due_key,
                        due_state,
                        day + rule_expires[k, r],
                        item_key(i, EXPIRE, k, r, points, 0, 0),
                    )
                if rule_override[k, r] >= 0:
                    nibble = nibble_of(rule_override, override_grade, k, r)
                    if ((overrides[k, i] >> nibble) & 15) < 15:
                        overrides[k, i] += np.uint8(1 << nibble)
                        put(
                            due_heads, due_next, due_key, due_state, day + rule_override_term[k, r],
                            item_key(i, OVERRIDE_ENDS, k, r, 0, 0, 0),
                        )  # fmt: skip
                    marks[k, i] |= np.uint8(PENALISED)
                if points < 0:
                    marks[k, i] |= np.uint8(PENALISED)
                elif points > 0:
                    marks[k, i] |= np.uint8(REWARDED)
            stands = standing_of(
                raw[k, i], overrides[k, i], k, score_lowest, score_highest, grade_lowest, grades_count, override_grade
            )
            standing[k, i] = np.uint8(stands)
            entries[written, E_SLOT] = i
            entries[written, E_WHAT] = what
            entries[written, E_INSTRUMENT] = k
            entries[written, E_RULE] = r
            entries[written, E_BEHAVIOUR] = key_behaviour(key)
            entries[written, E_SENSOR] = key_sensor(key)
            entries[written, E_POINTS] = points
            entries[written, E_BEFORE] = before
            entries[written, E_AFTER] = score_of(raw[k, i], k, score_lowest, score_highest)
            entries[written, E_STANDING_BEFORE] = stood
            entries[written, E_STANDING_AFTER] = stands
            entries[written, E_ITEM] = item
            written += 1
    filled[ENTRIES] = written

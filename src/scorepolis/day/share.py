"""Share: what was entered for one person is entered in part for the other members of the household."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    CORRECTION,
    E_BEHAVIOUR,
    E_INSTRUMENT,
    E_ITEM,
    E_POINTS,
    E_RULE,
    E_SENSOR,
    E_SLOT,
    E_WHAT,
    ENTRIES,
    EXPIRE,
    IN_SCOPE,
    PENALISED,
    RECORD,
    REPAIR,
    REWARDED,
    SHARED,
)
from scorepolis.core.compiled import compiled
from scorepolis.core.diary import put
from scorepolis.core.integers import echo
from scorepolis.core.items import item_key, repaired_after
from scorepolis.day.ledger import add_points, feed_on, write_entry
from scorepolis.rulebooks.standing import score_of, standing_of


@compiled
def share(  # type: ignore[no-untyped-def]
    day, household, agenda_key, raw, standing, overrides, marks, entries, filled,
    due_heads, due_next, due_key, due_state, rule_shared, rule_expires, appeal_days, rule_repair, repair_days,
    override_grade, feed_grade, feed_override, score_lowest, score_highest, grade_lowest, grades_count, stood,
):  # fmt: skip
    """Go through the day's entries of records, corrections and repairs, and enter for others what their rules share."""
    instruments = raw.shape[0]
    own = filled[ENTRIES]
    written = np.int64(own)
    for e in range(own):
        what = np.int64(entries[e, E_WHAT])
        if what != RECORD and what != CORRECTION and what != REPAIR:  # noqa: PLR1714 - compiled
            continue
        i = np.int64(entries[e, E_SLOT])
        k = np.int64(entries[e, E_INSTRUMENT])
        r = np.int64(entries[e, E_RULE])
        item = np.int64(entries[e, E_ITEM])
        points = echo(np.int64(entries[e, E_POINTS]), np.int64(rule_shared[k, r]))
        if points == 0:
            continue
        expires = np.int64(rule_expires[k, r])
        left = expires
        if what == CORRECTION:
            left -= np.int64(appeal_days[k])
        elif what == REPAIR:
            left -= repaired_after(agenda_key[item], rule_repair, repair_days)
        source = item_key(0, what, k, r, 0, entries[e, E_BEHAVIOUR], entries[e, E_SENSOR])
        head = i - np.int64(household[i] >> 4)
        for j in range(head, head + np.int64(household[i] & 15)):
            if j == i or (marks[k, j] & IN_SCOPE) == 0:
                continue
            for m in range(k, instruments):
                stood[m] = standing[m, j]
            before = score_of(raw[k, j], k, score_lowest, score_highest)
            add_points(raw, k, j, points)
            if expires >= 0:
                ends = item_key(j, EXPIRE, k, r, points, 0, 0)
                put(due_heads, due_next, due_key, due_state, day + left, ends)
            if what == RECORD:
                marks[k, j] |= np.uint8(PENALISED if points < 0 else REWARDED)
            stands = standing_of(
                raw[k, j], overrides[k, j], k, score_lowest, score_highest, grade_lowest, grades_count, override_grade
            )
            standing[k, j] = np.uint8(stands)
            after = score_of(raw[k, j], k, score_lowest, score_highest)
            write_entry(
                entries, written, item, source, j, np.int64(SHARED), k, r, points, before, after, stood[k], stands
            )
            written += 1
            written = feed_on(
                j, k, item, np.int64(1), written, raw, standing, overrides, marks, stood, entries, feed_grade,
                feed_override, override_grade, score_lowest, score_highest, grade_lowest, grades_count,
            )  # fmt: skip
    filled[ENTRIES] = written

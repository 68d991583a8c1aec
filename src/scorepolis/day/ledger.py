"""Entries of the ledger, and what one standing means for those that it feeds. Compiled, shared by score and reckon."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
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
    FED,
    IN_SCOPE,
    RECKONED,
)
from scorepolis.core.compiled import compiled
from scorepolis.core.items import key_behaviour, key_sensor
from scorepolis.rulebooks.standing import score_of, standing_of

NIBBLE_FULL = 15

RAW_LIMIT = 30000
"""Raw points saturate here, far outside any instrument's range."""


@compiled
def add_points(raw, k, i, points):  # type: ignore[no-untyped-def]
    """Add points, saturating."""
    raw[k, i] = np.int16(min(max(np.int64(raw[k, i]) + points, np.int64(-RAW_LIMIT)), np.int64(RAW_LIMIT)))


@compiled
def count_override(overrides, k, i, nibble, change):  # type: ignore[no-untyped-def]
    """Let a nibble of overrides rise or fall by one, within 0 to 15; tells whether it did."""
    held = (np.int64(overrides[k, i]) >> (4 * nibble)) & 15
    if held + change < 0 or held + change > NIBBLE_FULL:
        return False
    overrides[k, i] = np.uint8(np.int64(overrides[k, i]) + (change << (4 * nibble)))
    return True


@compiled
def write_entry(entries, at, item, key, i, what, k, r, points, before, after, stood, stands):  # type: ignore[no-untyped-def]
    """Write a ledger entry."""
    entries[at, E_SLOT] = i
    entries[at, E_WHAT] = what
    entries[at, E_INSTRUMENT] = k
    entries[at, E_RULE] = r
    entries[at, E_BEHAVIOUR] = key_behaviour(key)
    entries[at, E_SENSOR] = key_sensor(key)
    entries[at, E_POINTS] = points
    entries[at, E_BEFORE] = before
    entries[at, E_AFTER] = after
    entries[at, E_STANDING_BEFORE] = stood
    entries[at, E_STANDING_AFTER] = stands
    entries[at, E_ITEM] = item


@compiled
def feed_on(  # type: ignore[no-untyped-def]
    i, k, item, told, written, raw, standing, overrides, marks, stood, entries, feed_grade, feed_override,
    override_grade, score_lowest, score_highest, grade_lowest, grades_count,
):  # fmt: skip
    """Hold person i down, or no longer, under the instruments behind k that a new standing feeds.

    `stood` are the standings before the change, from k on. Entries are written where they are `told`; returns how many
    there are now.
    """
    for m in range(k + 1, raw.shape[0]):
        if (marks[m, i] & IN_SCOPE) == 0:
            continue
        fed = False
        for s in range(k, m):
            limit = np.int64(feed_grade[s, m])
            if limit < 0:
                continue
            was = stood[s] <= limit
            now = np.int64(standing[s, i]) <= limit
            if was != now:
                nibble = np.int64(feed_override[s, m] != override_grade[m, 0])
                if count_override(overrides, m, i, nibble, np.int64(1) if now else np.int64(-1)):
                    fed = True
        if fed:
            stands = standing_of(
                raw[m, i], overrides[m, i], m, score_lowest, score_highest, grade_lowest, grades_count, override_grade
            )
            standing[m, i] = np.uint8(stands)
            if told:
                stays = score_of(raw[m, i], m, score_lowest, score_highest)
                write_entry(
                    entries, written, item, np.uint64(0), i, np.int64(FED), m, np.int64(0), np.int64(0),
                    stays, stays, stood[m], stands,
                )  # fmt: skip
                written += 1
    return written


@compiled
def renew(  # type: ignore[no-untyped-def]
    i, k, before, after, panel, written, raw, standing, overrides, marks, stood, entries, feed_grade, feed_override,
    override_grade, score_lowest, score_highest, grade_lowest, grades_count,
):  # fmt: skip
    """Let the standing follow a score that was reckoned anew, and those that it feeds; the panel's ledger is told.

    Returns how many entries there are now.
    """
    for m in range(k, raw.shape[0]):
        stood[m] = standing[m, i]
    stands = standing_of(
        raw[k, i], overrides[k, i], k, score_lowest, score_highest, grade_lowest, grades_count, override_grade
    )
    standing[k, i] = np.uint8(stands)
    told = panel[i] != 0
    if told:
        write_entry(
            entries, written, np.int64(0), np.uint64(0), i, np.int64(RECKONED), k, np.int64(0), after - before,
            before, after, stood[k], stands,
        )  # fmt: skip
        written += 1
    return feed_on(
        i, k, np.int64(0), np.int64(told), written, raw, standing, overrides, marks, stood, entries, feed_grade,
        feed_override, override_grade, score_lowest, score_highest, grade_lowest, grades_count,
    )  # fmt: skip

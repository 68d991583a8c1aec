"""A person's standing under an instrument: score, grade, override, value. Compiled, shared by stages."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import CHANNELS, IN_SCOPE
from scorepolis.core.compiled import compiled

MOST_COUNTED = 15
"""Records that a counter can hold."""


@compiled
def score_of(raw, k, score_lowest, score_highest):  # type: ignore[no-untyped-def]
    """Score: the raw points, kept within the instrument's range."""
    return min(max(np.int64(raw), np.int64(score_lowest[k])), np.int64(score_highest[k]))


@compiled
def grade_of(score, k, grade_lowest, grades_count):  # type: ignore[no-untyped-def]
    """Grade (0 is the lowest) whose band holds the score."""
    g = np.int64(grades_count[k]) - 1
    while g > 0 and score < grade_lowest[k, g]:
        g -= 1
    return g


@compiled
def lowest_override(overrides, k, override_grade):  # type: ignore[no-untyped-def]
    """Lowest grade that an active override forces, or -1."""
    if overrides & 15:
        return np.int64(override_grade[k, 0])
    if overrides >> 4:
        return np.int64(override_grade[k, 1])
    return np.int64(-1)


@compiled
def standing_of(raw, overrides, k, score_lowest, score_highest, grade_lowest, grades_count, override_grade):  # type: ignore[no-untyped-def]
    """Grade after overrides."""
    g = grade_of(score_of(raw, k, score_lowest, score_highest), k, grade_lowest, grades_count)
    forced = lowest_override(overrides, k, override_grade)
    if forced >= 0 and forced < g:
        return forced
    return g


@compiled
def effective_score(raw, overrides, k, score_lowest, score_highest, grade_midpoint, override_grade):  # type: ignore[no-untyped-def]
    """Score as consequences see it: under an override at most the midpoint of the forced grade."""
    s = score_of(raw, k, score_lowest, score_highest)
    forced = lowest_override(overrides, k, override_grade)
    if forced >= 0:
        s = min(s, np.int64(grade_midpoint[k, forced]))
    return s


@compiled
def value_of(score, k, cell, score_lowest, score_highest, value):  # type: ignore[no-untyped-def]
    """Worth of a score, or of the nearest within the range, to people of a rate cell, in yuan a year."""
    return value[k, cell, score_of(score, k, score_lowest, score_highest) - np.int64(score_lowest[k])]


@compiled
def counted(counters, number):  # type: ignore[no-untyped-def]
    """Count the records that one of a person's counters holds."""
    return np.int64((counters >> np.uint32(4 * number)) & np.uint32(15))


@compiled
def channels_of(i, marks, standing, shown_on):  # type: ignore[no-untyped-def]
    """Channels on which person i stands under any instrument in whose scope they are, as bits."""
    on = np.uint8(0)
    for k in range(standing.shape[0]):
        if marks[k, i] & IN_SCOPE:
            on |= shown_on[k, standing[k, i]]
    return on


@compiled
def count_of(channels):  # type: ignore[no-untyped-def]
    """Count the channels among bits."""
    count = np.int64(0)
    for c in range(len(CHANNELS)):
        count += (np.int64(channels) >> c) & 1
    return count


@compiled
def stake(  # type: ignore[no-untyped-def]
    i, b, bad, times, cell, raw, overrides, counters, marks, aware, rule_weighed, rule_points, rule_override, rule_cap,
    rule_counter, rule_duration, is_weighted, rule_steps, override_grade, score_lowest, score_highest, grade_midpoint,
    value,
):  # fmt: skip
    """Yuan that a record of behaviour b would cost person i (bad conduct), as the person sees it.

    Of good conduct, what so many `times` in a row would bring altogether.
    """
    total = np.int64(0)
    for k in range(raw.shape[0]):
        r = np.int64(rule_weighed[k, b])
        if r < 0 or aware[k, i] == 0 or (marks[k, i] & IN_SCOPE) == 0:
            continue
        points = np.int64(rule_points[k, r])
        if is_weighted[k]:
            points = np.int64(rule_steps[k, r, counted(counters[k, i], r)])
        now = effective_score(
            raw[k, i], overrides[k, i], k, score_lowest, score_highest, grade_midpoint, override_grade
        )
        then = now + points
        if bad:
            if points > 0:
                continue
            if rule_override[k, r] >= 0:
                then = min(then, np.int64(grade_midpoint[k, rule_override[k, r]]))
        else:
            if points <= 0:
                continue
            if is_weighted[k]:
                earlier = counted(counters[k, i], r)
                for n in range(1, times):
                    then += np.int64(rule_steps[k, r, min(earlier + n, np.int64(MOST_COUNTED))])
            else:
                rewarded = times
                if rule_cap[k, r] >= 0:
                    left = np.int64(rule_cap[k, r]) - counted(counters[k, i], rule_counter[k, r])
                    rewarded = min(times, max(np.int64(0), left))
                then = now + rewarded * points
        change = value_of(then, k, cell, score_lowest, score_highest, value) - value_of(
            now, k, cell, score_lowest, score_highest, value
        )
        total += (max(np.int64(0), -change if bad else change) * rule_duration[k, r]) >> 8
    return total

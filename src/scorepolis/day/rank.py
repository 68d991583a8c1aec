"""Rank: each month people are ordered among their peers by merit, whose weights are tuned anew on a schedule."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import ENTRIES, IN_SCOPE
from scorepolis.core.compiled import compiled
from scorepolis.day.ledger import renew
from scorepolis.day.merits import turn_of
from scorepolis.rulebooks.codes import BY_RANK
from scorepolis.rulebooks.reckoning import merit_of
from scorepolis.rulebooks.standing import score_of


@compiled
def rank(  # type: ignore[no-untyped-def]
    month_number, panel, age, education, household, flags, raw, standing, counters, overrides, marks, entries, filled,
    stood, reckoning, place_of_merit, feature_value, merit_parts, turn_months, turns_count, feed_grade, feed_override,
    override_grade, score_lowest, score_highest, grade_lowest, grades_count,
):  # fmt: skip
    """Give everybody the place that their merit has among all, and the standing that follows."""
    written = np.int64(0)
    for k in range(raw.shape[0]):
        if reckoning[k] != BY_RANK:
            continue
        turn = turn_of(k, month_number, turn_months, turns_count)
        for i in range(age.size):
            if (marks[k, i] & IN_SCOPE) == 0:
                continue
            before = score_of(raw[k, i], k, score_lowest, score_highest)
            merit = merit_of(i, k, turn, counters, age, education, household, flags, feature_value, merit_parts)
            raw[k, i] = np.int16(place_of_merit[k, merit])
            after = score_of(raw[k, i], k, score_lowest, score_highest)
            if after == before:
                continue
            written = renew(
                i, k, before, after, panel, written, raw, standing, overrides, marks, stood, entries, feed_grade,
                feed_override, override_grade, score_lowest, score_highest, grade_lowest, grades_count,
            )  # fmt: skip
    filled[ENTRIES] = written

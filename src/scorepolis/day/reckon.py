"""Reckon: each month a weighted score is made anew from what is counted and what the public register says."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import ENTRIES, IN_SCOPE, RECKONED
from scorepolis.core.compiled import compiled
from scorepolis.day.ledger import feed_on, write_entry
from scorepolis.rulebooks.reckoning import reckoned
from scorepolis.rulebooks.standing import score_of, standing_of


@compiled
def reckon(  # type: ignore[no-untyped-def]
    panel, age, education, household, flags, raw, standing, counters, overrides, marks, entries, filled, stood,
    is_weighted, feature_value, feature_parts, feed_grade, feed_override, override_grade, score_lowest, score_highest,
    grade_lowest, grades_count,
):  # fmt: skip
    """Renew weighted scores and the standings that follow; the panel's ledger gets an entry for each that changed."""
    instruments = raw.shape[0]
    written = np.int64(0)
    for k in range(instruments):
        if is_weighted[k] == 0:
            continue
        for i in range(age.size):
            if (marks[k, i] & IN_SCOPE) == 0:
                continue
            before = score_of(raw[k, i], k, score_lowest, score_highest)
            raw[k, i] = np.int16(
                reckoned(i, k, counters, age, education, household, flags, feature_value, feature_parts, score_lowest)
            )
            after = score_of(raw[k, i], k, score_lowest, score_highest)
            if after == before:
                continue
            for m in range(k, instruments):
                stood[m] = standing[m, i]
            stands = standing_of(
                raw[k, i], overrides[k, i], k, score_lowest, score_highest, grade_lowest, grades_count, override_grade
            )
            standing[k, i] = np.uint8(stands)
            told = panel[i] != 0
            if told:
                write_entry(
                    entries, written, np.int64(0), np.uint64(0), i, np.int64(RECKONED), k, np.int64(0),
                    after - before, before, after, stood[k], stands,
                )  # fmt: skip
                written += 1
            written = feed_on(
                i, k, np.int64(0), np.int64(told), written, raw, standing, overrides, marks, stood, entries,
                feed_grade, feed_override, override_grade, score_lowest, score_highest, grade_lowest, grades_count,
            )  # fmt: skip
    filled[ENTRIES] = written

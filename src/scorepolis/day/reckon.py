"""Reckon: each month scores are made anew from what is counted and registered, and insurance years are closed."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import ENTRIES, IN_SCOPE
from scorepolis.core.compiled import compiled
from scorepolis.day.ledger import renew
from scorepolis.rulebooks.codes import BY_PARTS, BY_YEARS
from scorepolis.rulebooks.reckoning import reckoned
from scorepolis.rulebooks.standing import score_of
from scorepolis.rulebooks.years import FAULTS, close_year

MONTHS = 12


@compiled
def reckon(  # type: ignore[no-untyped-def]
    month_number, first_slot, panel, age, education, household, flags, raw, standing, counters, overrides, marks,
    entries, filled, stood, reckoning, feature_value, feature_parts, score_base, score_start, rule_factor, rules_count,
    year_factor, year_protected, year_returns, feed_grade, feed_override, override_grade, score_lowest, score_highest,
    grade_lowest, grades_count,
):  # fmt: skip
    """Renew scores and the standings that follow; the panel's ledger gets an entry for each that changed."""
    written = np.int64(0)
    for k in range(raw.shape[0]):
        how = reckoning[k]
        if how != BY_PARTS and how != BY_YEARS:  # noqa: PLR1714 - compiled
            continue
        for i in range(age.size):
            if (marks[k, i] & IN_SCOPE) == 0:
                continue
            before = score_of(raw[k, i], k, score_lowest, score_highest)
            if how == BY_PARTS:
                raw[k, i] = np.int16(
                    reckoned(i, k, counters, age, education, household, flags, feature_value, feature_parts, score_base)
                )
            elif (first_slot + i - month_number) % MONTHS == 0:  # everybody has a month in which the year ends
                faults = np.int64(counters[k, i]) & FAULTS
                counters[k, i] = np.uint32(np.int64(counters[k, i]) - faults)
                close_year(
                    i, k, faults, raw, counters, score_lowest, score_highest, score_start, rule_factor, rules_count,
                    year_factor, year_protected, year_returns,
                )  # fmt: skip
            after = score_of(raw[k, i], k, score_lowest, score_highest)
            if after == before:
                continue
            written = renew(
                i, k, before, after, panel, written, raw, standing, overrides, marks, stood, entries, feed_grade,
                feed_override, override_grade, score_lowest, score_highest, grade_lowest, grades_count,
            )  # fmt: skip
    filled[ENTRIES] = written

"""Closing an insurance year: a coefficient falls without a fault, and rises with each. Compiled, shared by stages."""

from __future__ import annotations

from typing import Final

import numpy as np

from scorepolis.core.compiled import compiled
from scorepolis.rulebooks.codes import NEVER

FREE: Final = 6
TOP: Final = 7
"""Counters that hold years: without a fault, and spent at the floor. Those before hold the year's faults, by rule."""
MOST_YEARS: Final = 15
FAULTS: Final = (1 << (4 * FREE)) - 1
"""Bits of the counters of faults."""


@compiled
def after_year(  # type: ignore[no-untyped-def]
    k, coefficient, free, top, faults, score_lowest, score_highest, score_start, rule_factor, rules_count, year_factor,
    year_protected, year_returns,
):  # fmt: skip
    """Coefficient in hundredths, years without a fault, and years at the floor, once a year is closed.

    `faults` holds how many there were of each rule, four bits each.
    """
    floor = -np.int64(score_highest[k])
    if faults == 0:
        top = min(top + 1, np.int64(MOST_YEARS)) if coefficient == floor else np.int64(0)
        coefficient = max(floor, (coefficient * np.int64(year_factor[k, 0])) // np.int64(year_factor[k, 1]))
        free = min(free + 1, np.int64(MOST_YEARS))
        if year_returns[k] != NEVER and free >= year_returns[k]:
            coefficient = min(coefficient, -np.int64(score_start[k]))
        return coefficient, free, top
    spared = year_protected[k] != NEVER and top >= year_protected[k]
    for r in range(rules_count[k]):
        for _ in range((faults >> (4 * r)) & 15):
            if spared:
                spared = False
                continue
            raised = (coefficient * np.int64(rule_factor[k, r, 0])) // np.int64(rule_factor[k, r, 1])
            coefficient = min(-np.int64(score_lowest[k]), raised)
    return coefficient, np.int64(0), np.int64(0)


@compiled
def close_year(  # type: ignore[no-untyped-def]
    i, k, faults, raw, counters, score_lowest, score_highest, score_start, rule_factor, rules_count, year_factor,
    year_protected, year_returns,
):  # fmt: skip
    """Close a year of person i; the faults of the year to come stand as they are in the counters."""
    held = np.int64(counters[k, i])
    coefficient, free, top = after_year(
        k, -np.int64(raw[k, i]), (held >> (4 * FREE)) & 15, (held >> (4 * TOP)) & 15, faults, score_lowest,
        score_highest, score_start, rule_factor, rules_count, year_factor, year_protected, year_returns,
    )  # fmt: skip
    raw[k, i] = np.int16(-coefficient)
    counters[k, i] = np.uint32((held & FAULTS) | (free << (4 * FREE)) | (top << (4 * TOP)))


@compiled
def close_years(  # type: ignore[no-untyped-def]
    k, people, lived, faults, raw, counters, score_lowest, score_highest, score_start, rule_factor, rules_count,
    year_factor, year_protected, year_returns,
):  # fmt: skip
    """Close the years of insurance that people have behind them, the longest past first."""
    for n in range(people.size):
        for year in range(lived[n] - 1, -1, -1):
            close_year(
                people[n], k, faults[n, year], raw, counters, score_lowest, score_highest, score_start, rule_factor,
                rules_count, year_factor, year_protected, year_returns,
            )  # fmt: skip

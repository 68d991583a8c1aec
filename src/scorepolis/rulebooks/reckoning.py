"""Reckoning a score from what is counted and what the public register says. Compiled, shared by stages."""

from __future__ import annotations

from typing import Final

import numpy as np

from scorepolis.core.compiled import compiled
from scorepolis.rulebooks.codes import AGE, EDUCATION, FIRST_FLAG, HOUSEHOLD_SIZE, KINDS_OF_VALUE, MERITS, NO_FEATURE

HALF: Final = 1 << 15
FURTHEST: Final = 30_000
"""What is reckoned saturates here, as points do."""


@compiled
def value_read(i, k, what, counters, age, education, household, flags):  # type: ignore[no-untyped-def]
    """Value of a feature for person i: records counted, or what the register says."""
    if what < KINDS_OF_VALUE:
        return np.int64((counters[k, i] >> np.uint32(4 * what)) & np.uint32(15))
    if what == AGE:
        return np.int64(age[i])
    if what == EDUCATION:
        return np.int64(education[i])
    if what == HOUSEHOLD_SIZE:
        return np.int64(household[i] & 15)
    return (np.int64(flags[i]) >> (what - FIRST_FLAG)) & 1


@compiled
def reckoned(  # type: ignore[no-untyped-def]
    i, k, counters, age, education, household, flags, feature_value, feature_parts, score_base
):
    """Points of person i: the base, and what each feature adds to it."""
    total = np.int64(HALF) + score_base[k]
    for f in range(feature_value.shape[1]):
        what = np.int64(feature_value[k, f])
        if what == NO_FEATURE:
            break
        total += feature_parts[k, f, value_read(i, k, what, counters, age, education, household, flags)]
    return min(max(total >> 16, np.int64(-FURTHEST)), np.int64(FURTHEST))


@compiled
def reckon_all(  # type: ignore[no-untyped-def]
    k, in_scope, raw, counters, age, education, household, flags, feature_value, feature_parts, score_base
):
    """Reckon the score of everybody in scope."""
    for i in range(in_scope.size):
        if in_scope[i]:
            raw[k, i] = np.int16(
                reckoned(i, k, counters, age, education, household, flags, feature_value, feature_parts, score_base)
            )


@compiled
def merit_of(  # type: ignore[no-untyped-def]
    i, k, turn, counters, age, education, household, flags, feature_value, merit_parts
):
    """Merit of person i, by which peers are ordered, with the weights of a turn."""
    total = np.int64(HALF)
    for f in range(feature_value.shape[1]):
        what = np.int64(feature_value[k, f])
        if what == NO_FEATURE:
            break
        total += merit_parts[k, turn, f, value_read(i, k, what, counters, age, education, household, flags)]
    return min(max(total >> 16, np.int64(0)), np.int64(MERITS - 1))

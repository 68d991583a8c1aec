"""Serve: what firms ask for meets their standing."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    APPLIED,
    IN_SCOPE,
    OUT_CHEAPER,
    OUT_DEARER,
    OUT_DELAYED,
    OUT_FIRST,
    OUT_REFUSED,
    REFUSED,
)
from scorepolis.core.compiled import compiled


@compiled
def serve(  # type: ignore[no-untyped-def]
    firm_standing, firm_marks, firm_effect_bits, firm_effect_days, firm_effect_percent, firm_applications,
    firm_outcomes, firm_filled,
):  # fmt: skip
    """Grant, refuse, delay, make dearer or cheaper."""
    for e in range(firm_filled[APPLIED]):
        i, v = firm_applications[e, 0], firm_applications[e, 1]
        refused = False
        first = False
        days = np.int64(0)
        percent = np.int64(0)
        for k in range(firm_standing.shape[0]):
            if (firm_marks[k, i] & IN_SCOPE) == 0:
                continue
            grade = firm_standing[k, i]
            bits = firm_effect_bits[k, v, grade]
            if bits & OUT_REFUSED:
                refused = True
                firm_marks[k, i] |= np.uint8(REFUSED)
            first = first or (bits & OUT_FIRST) != 0
            days = max(days, np.int64(firm_effect_days[k, v, grade]))
            percent += firm_effect_percent[k, v, grade]
        outcome = OUT_REFUSED
        if not refused:
            outcome = OUT_DELAYED if days > 0 else OUT_FIRST if first else 0
            outcome |= OUT_DEARER if percent > 0 else OUT_CHEAPER if percent < 0 else 0
        firm_outcomes[e] = np.uint8(outcome)

"""Serve: what firms ask for meets their standing."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

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

Ints = npt.NDArray[Any]


def serve(
    firm_standing: Ints, firm_marks: Ints, firm_effect_bits: Ints, firm_effect_days: Ints, firm_effect_percent: Ints,
    firm_applications: Ints, firm_outcomes: Ints, firm_filled: Ints,
) -> None:  # fmt: skip
    """Grant, refuse, delay, make dearer or cheaper."""
    number = int(firm_filled[APPLIED])
    if not number:
        return
    firms, service = firm_applications[:number].T.astype(np.int64)
    bits = np.zeros(number, np.int64)
    days, percent = np.zeros(number, np.int64), np.zeros(number, np.int64)
    for k in range(len(firm_standing)):
        rated, grade = (firm_marks[k, firms] & IN_SCOPE) != 0, firm_standing[k, firms]
        here = np.where(rated, firm_effect_bits[k, service, grade], 0)
        firm_marks[k, firms[(here & OUT_REFUSED) != 0]] |= REFUSED
        bits |= here
        days = np.maximum(days, np.where(rated, firm_effect_days[k, service, grade], 0))
        percent += np.where(rated, firm_effect_percent[k, service, grade], 0)
    first = ((bits & OUT_FIRST) != 0) & (days == 0)
    granted = OUT_DELAYED * (days > 0) + OUT_DEARER * (percent > 0) + OUT_CHEAPER * (percent < 0) + OUT_FIRST * first
    firm_outcomes[:number] = np.where((bits & OUT_REFUSED) != 0, OUT_REFUSED, granted)

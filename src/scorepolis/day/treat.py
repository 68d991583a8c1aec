"""Treat: services open, close, delay and price by standing; standing is shown in public. Never sees the truth."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    APPLICATIONS,
    IN_SCOPE,
    OUT_CHEAPER,
    OUT_DEARER,
    OUT_DELAYED,
    OUT_FIRST,
    OUT_REFUSED,
    REFUSED,
    SHAMING,
    SHOWN,
)
from scorepolis.core.compiled import compiled


@compiled
def treat(  # type: ignore[no-untyped-def]
    applications_slot, applications_service, household, standing, marks, effect_bits, effect_days, effect_percent,
    family_denies,
    outcomes_bits, outcomes_days, outcomes_percent, filled,
):  # fmt: skip
    """Answer the day's applications by the standing of the person they name, over all instruments."""
    for e in range(filled[APPLICATIONS]):
        i = np.int64(applications_slot[e])
        v = np.int64(applications_service[e])
        refused = False
        first = False
        days = np.int64(0)
        percent = np.int64(0)
        for k in range(standing.shape[0]):
            if family_denies[k, v]:
                start = i - (household[i] >> 4)
                for other in range(start, start + (household[i] & 15)):
                    if other != i and (marks[k, other] & IN_SCOPE) != 0 and standing[k, other] == 0:
                        refused = True
            if (marks[k, i] & IN_SCOPE) == 0:
                continue
            g = standing[k, i]
            bits = effect_bits[k, v, g]
            if bits & OUT_REFUSED:
                refused = True
                marks[k, i] |= np.uint8(REFUSED)
            if bits & OUT_FIRST:
                first = True
            days = max(days, np.int64(effect_days[k, v, g]))
            percent += np.int64(effect_percent[k, v, g])
        outcome = 0
        if refused:
            outcome = OUT_REFUSED
        else:
            if days > 0:
                outcome |= OUT_DELAYED
            elif first:
                outcome |= OUT_FIRST
            if percent > 0:
                outcome |= OUT_DEARER
            elif percent < 0:
                outcome |= OUT_CHEAPER
        outcomes_bits[e] = np.uint8(outcome)
        outcomes_days[e] = np.int32(days)
        outcomes_percent[e] = np.int32(percent)


@compiled
def publish(occupied, standing, marks, shown_on, shown):  # type: ignore[no-untyped-def]
    """Show standing on its channels, once a month, and count who is shown by neighbourhood and channel."""
    for k in range(standing.shape[0]):
        for i in range(occupied.size):
            channels = shown_on[k, standing[k, i]]
            if channels == 0 or (marks[k, i] & IN_SCOPE) == 0:
                continue
            if channels & SHAMING:
                marks[k, i] |= np.uint8(SHOWN)
            for c in range(shown.shape[1]):
                shown[i >> 10, c] += (np.int64(channels) >> c) & 1

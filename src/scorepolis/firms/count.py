"""Counting firms: what the month brought, joined with the truth, and how they stand at its end."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    APPLIED,
    DID,
    ENTERED,
    IN_SCOPE,
    INSPECTED,
    NOTICED,
    PENALISED,
    RECORDED_FIRMS,
    REFUSED,
    REPAIRED,
)
from scorepolis.core.compiled import compiled, inlined
from scorepolis.firms.buffers import DETERRED

TRUTHS, SIGNS, OUTCOMES, FATES = 4, 2, 5, 3
POINTS, EVER_REFUSED, EVER_PENALISED, GRADES = 1, 2, 3, 4
"""What is counted of an instrument at a moment, behind those in its scope."""
ANSWERS = 4
REPAIRS, SHOWN, CUSTOM = 4, 5, 6
"""What is counted of an instrument besides: answers to its notices, repairs, who is shown, and what that costs."""


@inlined
def group_of(i, cell, connected):  # type: ignore[no-untyped-def]
    """Give the group of a firm: size and sector, which make its cell, and connection."""
    return 2 * np.int64(cell[i]) + np.int64(connected[i])


@compiled
def count_firms(  # type: ignore[no-untyped-def]
    firm_size, firm_cell, firm_connected, firm_bad, firm_desk, firm_clean, firm_instruments, firm_effect_bits,
    firm_acts, firm_applications, firm_outcomes, firm_inspections, firm_records, firm_records_truth, firm_entries,
    firm_notices, firm_answers, firm_repairs, firm_standing, firm_marks, firm_shown, firm_custom, firm_besides,
    firm_filled, firm_flows,
):  # fmt: skip
    """Add the month of a district's firms to its flows, in the order of `measures.firms.layout`."""
    behaviours, sensors, services = firm_bad.size, firm_desk.size, firm_effect_bits.shape[1]
    fates = behaviours + services
    inspections = fates + FATES * behaviours
    clean = inspections + sensors
    records = clean + sensors
    outcomes = records + sensors * TRUTHS
    entries = outcomes + services * OUTCOMES
    for e in range(firm_filled[DID]):
        here = firm_flows[group_of(firm_acts[e, 0], firm_cell, firm_connected)]
        b, fate = firm_acts[e, 1], firm_acts[e, 2]
        if fate != DETERRED:
            here[b] += 1
        if fate > 0:
            here[fates + (fate - 1) * behaviours + b] += 1
    for e in range(firm_filled[APPLIED]):
        here = firm_flows[group_of(firm_applications[e, 0], firm_cell, firm_connected)]
        v = firm_applications[e, 1]
        here[behaviours + v] += 1
        for bit in range(OUTCOMES):
            here[outcomes + v * OUTCOMES + bit] += (firm_outcomes[e] >> bit) & 1
    for e in range(firm_filled[INSPECTED]):
        here = firm_flows[group_of(firm_inspections[e, 0], firm_cell, firm_connected)]
        here[inspections + firm_inspections[e, 1]] += 1
    for e in range(firm_filled[RECORDED_FIRMS]):
        here = firm_flows[group_of(firm_records[e, 0], firm_cell, firm_connected)]
        s = firm_records[e, 2]
        if firm_records[e, 1] == firm_clean:
            here[clean + s] += 1
        else:
            here[records + s * TRUTHS + firm_records_truth[e, 0]] += 1
    for e in range(firm_filled[ENTERED]):
        here = firm_flows[group_of(firm_entries[e, 0], firm_cell, firm_connected)]
        k, sign = firm_instruments[firm_entries[e, 1]], firm_entries[e, 2]
        here[entries + (k * SIGNS + sign) * TRUTHS + firm_records_truth[firm_entries[e, 3], 0]] += 1
    for e in range(firm_filled[NOTICED]):
        here = firm_flows[group_of(firm_notices[e, 0], firm_cell, firm_connected)]
        first = firm_besides[firm_notices[e, 1], 0]
        for bit in range(ANSWERS):
            here[first + bit] += (firm_answers[e] >> bit) & 1
    for e in range(firm_filled[REPAIRED]):
        here = firm_flows[group_of(firm_repairs[e, 0], firm_cell, firm_connected)]
        here[firm_besides[firm_repairs[e, 1], 0] + REPAIRS] += 1
    for k in range(firm_besides.shape[0]):
        first = firm_besides[k, 0]
        for i in range(firm_size.size if first >= 0 else 0):
            if (firm_marks[k, i] & IN_SCOPE) != 0 and firm_shown[k, firm_standing[k, i]]:
                here = firm_flows[group_of(i, firm_cell, firm_connected)]
                here[first + SHOWN] += 1
                here[first + CUSTOM] += firm_custom[k, firm_size[i]]


@compiled
def census(  # type: ignore[no-untyped-def]
    firm_cell, firm_connected, firm_employees, firm_bound, firm_points, firm_standing, firm_marks, firm_columns,
    firm_appeal, firm_open, firm_clear_standing, firm_besides, firm_moment,
):  # fmt: skip
    """Count a district's firms as they stand, in the order of `measures.firms.layout`."""
    firm_moment[:] = 0
    for i in range(firm_cell.size):
        here = firm_moment[group_of(i, firm_cell, firm_connected)]
        here[0] += 1
        here[1] += firm_employees[i]
        for n in range(firm_bound.shape[0]):
            here[2] += firm_bound[n, i]
        for k in range(firm_columns.size):
            marks = firm_marks[k, i]
            if (marks & IN_SCOPE) == 0:
                continue
            first = firm_columns[k]
            here[first] += 1
            here[first + POINTS] += firm_points[k, i]
            here[first + EVER_REFUSED] += np.int64((marks & REFUSED) != 0)
            here[first + EVER_PENALISED] += np.int64((marks & PENALISED) != 0)
            here[first + GRADES + firm_standing[k, i]] += 1
            if firm_appeal[k] > 0 and firm_open[k, i] > 0:
                here[firm_besides[k, 1]] += 1
                here[firm_besides[k, 1] + 1] += np.int64(firm_standing[k, i] < firm_clear_standing[k, i])

"""Counting public bodies: what the month brought, joined with the truth, and how they stand at its end."""

from __future__ import annotations

import numpy as np

from scorepolis.bodies.steps import STEPS
from scorepolis.core.buffers import APPLIED, DID, ENTERED, IN_SCOPE, INSPECTED, PENALISED, RECORDED_FIRMS, REFUSED
from scorepolis.core.compiled import compiled
from scorepolis.firms.buffers import DETERRED, INHERITED

TRUTHS, SIGNS, OUTCOMES = 4, 2, 5
POINTS, EVER_REFUSED, EVER_PENALISED, GRADES = 1, 2, 3, 4
"""What is counted of an instrument at a moment, behind those in its scope."""


@compiled
def count_bodies(  # type: ignore[no-untyped-def]
    body_kind, body_desk, body_instruments, body_effect_bits, body_steps, body_applications, body_outcomes,
    body_inspections, body_records, body_records_truth, body_entries, body_filled, firm_bad, firm_body, firm_waits,
    firm_acts, firm_filled, body_flows,
):  # fmt: skip
    """Add the month of a district's bodies to its flows, in the order of `measures.bodies.layout`."""
    sensors, services = body_desk.size, body_effect_bits.shape[1]
    inspections = STEPS
    clean = inspections + sensors
    records = clean + sensors
    applications = records + sensors * TRUTHS
    outcomes = applications + services
    entries = outcomes + services * OUTCOMES
    for j in range(body_kind.size):
        here = body_flows[body_kind[j]]
        for step in range(STEPS):
            here[step] += body_steps[j, step]
    for e in range(body_filled[INSPECTED]):
        j, s = body_inspections[e, 0], body_inspections[e, 1]
        here = body_flows[body_kind[j]]
        here[inspections + s] += 1
        nothing = True
        for r in range(body_filled[RECORDED_FIRMS]):
            # Who did it, and not whom the record names: an inspection is clean if it led to no record at all.
            nothing = nothing and not (body_records_truth[r, 1] == j and body_records[r, 2] == s)
        here[clean + s] += np.int64(nothing)
    for e in range(body_filled[RECORDED_FIRMS]):
        here = body_flows[body_kind[body_records[e, 0]]]
        here[records + body_records[e, 2] * TRUTHS + body_records_truth[e, 0]] += 1
    for e in range(body_filled[APPLIED]):
        here = body_flows[body_kind[body_applications[e, 0]]]
        v = body_applications[e, 1]
        here[applications + v] += 1
        for bit in range(OUTCOMES):
            here[outcomes + v * OUTCOMES + bit] += (body_outcomes[e] >> bit) & 1
    for e in range(body_filled[ENTERED]):
        here = body_flows[body_kind[body_entries[e, 0]]]
        k, sign = body_instruments[body_entries[e, 1]], body_entries[e, 2]
        here[entries + (k * SIGNS + sign) * TRUTHS + body_records_truth[body_entries[e, 3], 0]] += 1
    # Behind all instruments: suppliers, and what they did, by whether they wait for money.
    suppliers = body_flows.shape[1] - 2 * (1 + firm_bad.size)
    for i in range(firm_body.size):
        if firm_body[i] >= 0:
            body_flows[body_kind[firm_body[i]], suppliers + np.int64(firm_waits[i] > 0)] += 1
    for e in range(firm_filled[DID]):
        i, b = firm_acts[e, 0], firm_acts[e, 1]
        if firm_body[i] >= 0 and firm_acts[e, 2] != DETERRED:
            body_flows[body_kind[firm_body[i]], suppliers + 2 * (1 + b) + np.int64(firm_waits[i] > 0)] += 1


@compiled
def census_bodies(  # type: ignore[no-untyped-def]
    body_kind, body_near, body_officials, body_bound, body_owed, body_stuck, body_defied, body_beyond, body_forge,
    body_points, body_standing, body_marks, body_columns, body_suppliers, firm_body, firm_waits, body_moment,
):  # fmt: skip
    """Count a district's bodies as they stand, in the order of `measures.bodies.layout`."""
    body_moment[:] = 0
    for j in range(body_kind.size):
        here = body_moment[body_kind[j]]
        here[0] += 1
        here[1] += body_officials[j]
        for n in range(body_bound.shape[0]):
            here[2] += np.int64(body_bound[n, j] != 0)
            here[10] += np.int64(body_bound[n, j] == INHERITED)
        here[3] += body_owed[j]
        here[4] += body_stuck[j]
        here[5] += body_defied[j]
        here[6] += body_beyond[j]
        if body_near[j] >= 0:
            here[7] += np.int64(body_forge[body_near[j]] > 0)
        here[8] += body_suppliers[j]
        for k in range(body_columns.size):
            marks = body_marks[k, j]
            if (marks & IN_SCOPE) == 0:
                continue
            first = body_columns[k]
            here[first] += 1
            here[first + POINTS] += body_points[k, j]
            here[first + EVER_REFUSED] += np.int64((marks & REFUSED) != 0)
            here[first + EVER_PENALISED] += np.int64((marks & PENALISED) != 0)
            here[first + GRADES + body_standing[k, j]] += 1
    for i in range(firm_body.size):
        if firm_body[i] >= 0:
            body_moment[body_kind[firm_body[i]], 9] += np.int64(firm_waits[i] > 0)

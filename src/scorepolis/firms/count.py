"""Counting firms: what the month brought, joined with the truth, and how they stand at its end."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import (
    APPLIED,
    DID,
    ENTERED,
    IN_SCOPE,
    INSPECTED,
    PENALISED,
    RECORDED_FIRMS,
    REFUSED,
)
from scorepolis.firms.buffers import COULD_NOT, DETERRED, LET_OFF

Ints = npt.NDArray[Any]

TRUTHS, SIGNS, OUTCOMES = 4, 2, 5


def groups(size: Ints, connected: Ints) -> Ints:
    """Give the group of each firm: size and connection."""
    return 2 * size.astype(np.int64) + connected


def count_firms(
    firm_size: Ints, firm_connected: Ints, firm_bad: Ints, firm_desk: Ints, firm_clean: Ints, firm_instruments: Ints,
    firm_effect_bits: Ints, firm_acts: Ints, firm_applications: Ints, firm_outcomes: Ints, firm_inspections: Ints,
    firm_records: Ints, firm_records_truth: Ints, firm_entries: Ints, firm_filled: Ints, firm_flows: Ints,
) -> None:  # fmt: skip
    """Add the month of a district's firms to its flows, in the order of `measures.firms.layout`."""
    if not firm_size.size:
        return
    group = groups(firm_size, firm_connected)
    behaviours, sensors, services = len(firm_bad), len(firm_desk), firm_effect_bits.shape[1]
    column = 0

    def add(firms: Ints, code: Ints, number: int) -> None:
        nonlocal column
        np.add.at(firm_flows, (group[firms], column + code), 1)
        column += number

    firms, behaviour, fate = firm_acts[: firm_filled[DID]].T.astype(np.int64)
    done = fate != DETERRED
    add(firms[done], behaviour[done], behaviours)
    asking, service = firm_applications[: firm_filled[APPLIED]].T.astype(np.int64)
    add(asking, service, services)
    for code in (COULD_NOT, DETERRED, LET_OFF):
        add(firms[fate == code], behaviour[fate == code], behaviours)
    add(*firm_inspections[: firm_filled[INSPECTED]].T.astype(np.int64), sensors)
    subject, what, sensor = firm_records[: firm_filled[RECORDED_FIRMS]].T.astype(np.int64)
    kind = firm_records_truth[: firm_filled[RECORDED_FIRMS], 0].astype(np.int64)
    clean = what == int(firm_clean)
    add(subject[clean], sensor[clean], sensors)
    add(subject[~clean], sensor[~clean] * TRUTHS + kind[~clean], sensors * TRUTHS)
    for bit in range(OUTCOMES):
        has = (firm_outcomes[: asking.size] >> bit) & 1 != 0
        np.add.at(firm_flows, (group[asking[has]], column + service[has] * OUTCOMES + bit), 1)
    column += services * OUTCOMES
    entered, k, sign, record = firm_entries[: firm_filled[ENTERED]].T.astype(np.int64)
    code = (firm_instruments[k] * SIGNS + sign) * TRUTHS + kind[record]
    np.add.at(firm_flows, (group[entered], column + code), 1)


def census(
    firm_size: Ints, firm_connected: Ints, firm_employees: Ints, firm_bound: Ints, firm_points: Ints,
    firm_standing: Ints, firm_marks: Ints, firm_columns: Ints, firm_moment: Ints,
) -> None:  # fmt: skip
    """Count a district's firms as they stand, in the order of `measures.firms.layout`."""
    firm_moment[:] = 0
    if not firm_size.size:
        return
    group = groups(firm_size, firm_connected)
    np.add.at(firm_moment, (group, 0), 1)
    np.add.at(firm_moment, (group, 1), firm_employees)
    np.add.at(firm_moment, (group, 2), firm_bound.sum(axis=0, dtype=np.int64))
    for k, first in enumerate(firm_columns.tolist()):
        rated = np.flatnonzero(firm_marks[k] & IN_SCOPE)
        here = group[rated]
        np.add.at(firm_moment, (here, first), 1)
        np.add.at(firm_moment, (here, first + 1), firm_points[k, rated])
        np.add.at(firm_moment, (here, first + 2), (firm_marks[k, rated] & REFUSED) != 0)
        np.add.at(firm_moment, (here, first + 3), (firm_marks[k, rated] & PENALISED) != 0)
        np.add.at(firm_moment, (here, first + 4 + firm_standing[k, rated].astype(np.int64)), 1)

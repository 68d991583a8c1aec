"""Inspect: sensors look at firms, more or less often by their standing; they record, miss and mistake."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import DID, INSPECTED, RECORDED_FIRMS
from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, draw
from scorepolis.firms.buffers import COULD_NOT, DETERRED, NOT_DONE, TRUE, UNABLE, WRONG_FIRM
from scorepolis.firms.chances import happens, inspection_rate

INSPECT = int(Purpose.INSPECT)
WORDS = 4
SEES, FALSE, FAVOURS = 8, 72, 136
"""Where the draws of each sensor begin, by what they are for."""


@compiled
def write(records, truth, at, firm, behaviour, sensor, kind, doer):  # type: ignore[no-untyped-def]
    """Write a record into its place among those of the month, by firm, behaviour, sensor, kind and doer."""
    while at > 0:
        low = at - 1
        order = np.int64(records[low, 0]) - firm
        if order == 0:
            order = np.int64(records[low, 1]) - behaviour
        if order == 0:
            order = np.int64(records[low, 2]) - sensor
        if order == 0:
            order = np.int64(truth[low, 0]) - kind
        if order == 0:
            order = np.int64(truth[low, 1]) - doer
        if order <= 0:
            break
        for field in range(3):
            records[at, field] = records[low, field]
        for field in range(2):
            truth[at, field] = truth[low, field]
        at = low
    records[at, 0] = firm
    records[at, 1] = behaviour
    records[at, 2] = sensor
    truth[at, 0] = kind
    truth[at, 1] = doer


@compiled
def inspect(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, firm_cell, firm_connected, firm_standing, firm_marks, firm_acts, firm_rates,
    firm_seen, firm_desk, firm_ordinary, firm_share, firm_sharing, firm_known, firm_wrong, firm_false, firm_bad_seen,
    firm_clean, firm_favours, firm_inspections, firm_records, firm_records_truth, firm_filled,
):  # fmt: skip
    """Write the month's records of firms, and apart from them their truth."""
    k0, k1 = seed_words[0], seed_words[1]
    firms = np.int64(firm_cell.size)
    sensors = firm_desk.size
    visits = np.int64(0)
    written = np.int64(0)
    act = np.int64(0)
    for i in range(firms):
        while act < firm_filled[DID] and (firm_acts[act, 0] < i or firm_acts[act, 2] == DETERRED):
            act += 1
        acts = act < firm_filled[DID] and firm_acts[act, 0] == i
        b = np.int64(firm_acts[act, 1]) if acts else np.int64(-1)
        pending = acts
        w0, w1, w2, w3 = draw(k0, k1, INSPECT, first_slot + i, 0, day)
        number = np.int64(0)
        for s in range(sensors):
            looks = firm_desk[s] != 0
            if not looks:
                if number > 0 and number % WORDS == 0:
                    w0, w1, w2, w3 = draw(k0, k1, INSPECT, first_slot + i, number // WORDS, day)
                word = w0 if number % 4 == 0 else w1 if number % 4 == 1 else w2 if number % 4 == 2 else w3
                number += 1
                looks = happens(
                    word,
                    inspection_rate(
                        i, s, np.int64(firm_cell[i]), True, firm_standing, firm_marks, firm_known, firm_ordinary,
                        firm_share, firm_sharing,
                    ),
                )  # fmt: skip
                if looks:
                    firm_inspections[visits, 0] = i
                    firm_inspections[visits, 1] = s
                    visits += 1
            if not looks:
                continue
            found = False
            if pending and firm_seen[b, s] > 0:
                v0, v1, v2, v3 = draw(k0, k1, INSPECT, first_slot + i, SEES + s, day)
                if happens(v0, firm_seen[b, s]):
                    found = True
                    pending = False
                    subject = (np.int64(v2) * firms) >> 32 if happens(v1, firm_wrong[s]) else np.int64(i)
                    kind = TRUE
                    if subject != i:
                        kind = WRONG_FIRM
                    elif firm_acts[act, 2] == COULD_NOT:
                        kind = UNABLE
                    write(firm_records, firm_records_truth, written, subject, b, s, kind, i)
                    written += 1
            if firm_desk[s] != 0 or found:
                continue
            v0, v1, v2, v3 = draw(k0, k1, INSPECT, first_slot + i, FALSE + s, day)
            accused = np.int64(-1)
            if happens(v0, firm_false[s]):
                choices = np.int64(0)
                while choices < firm_bad_seen.shape[1] and firm_bad_seen[s, choices] >= 0:
                    choices += 1
                accused = firm_bad_seen[s, (np.int64(v1) * choices) >> 32]
                if firm_rates[accused, firm_cell[i]] == 0:
                    accused = np.int64(-1)
            if accused >= 0:
                write(firm_records, firm_records_truth, written, i, accused, s, np.int64(NOT_DONE), i)
            else:
                write(firm_records, firm_records_truth, written, i, firm_clean, s, np.int64(TRUE), i)
            written += 1
        if firm_connected[i]:
            for s in range(sensors):
                if firm_favours[s, 0] >= 0:
                    v0, v1, v2, v3 = draw(k0, k1, INSPECT, first_slot + i, FAVOURS + s, day)
                    if happens(v0, firm_favours[s, 1]):
                        write(
                            firm_records, firm_records_truth, written, i, firm_favours[s, 0], s, np.int64(NOT_DONE), i
                        )
                        written += 1
    firm_filled[INSPECTED] = visits
    firm_filled[RECORDED_FIRMS] = written

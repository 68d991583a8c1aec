"""Following the panel: what each day brings into the lives of its people, written down for who reads them later."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    ACT,
    ACTS,
    AGENDA,
    APPLICATION,
    APPLICATIONS,
    COURT_STEP,
    E_INSTRUMENT,
    E_POINTS,
    E_RULE,
    E_SLOT,
    E_WHAT,
    ENTRIES,
    KNOWS,
    NOTICE,
    PANEL_EVENTS,
    RECORD,
    RECORDED,
    STEPS,
    key_behaviour,
    key_sensor,
    key_slot,
    key_what,
)
from scorepolis.core.compiled import compiled


@compiled
def write_event(panel_events, filled, slot, day, event, code, a, b, c):  # type: ignore[no-untyped-def]
    """Write an event; there must be room."""
    at = filled[PANEL_EVENTS]
    panel_events[at, 0] = slot
    panel_events[at, 1] = day
    panel_events[at, 2] = event
    panel_events[at, 3] = code
    panel_events[at, 4] = a
    panel_events[at, 5] = b
    panel_events[at, 6] = c
    filled[PANEL_EVENTS] = at + 1


@compiled
def follow(  # type: ignore[no-untyped-def]
    day, first_slot, panel, aware, notice, acts_slot, acts_kind, acts_fate, acts_caught, steps_key, steps_truth,
    agenda_key, agenda_truth, applications_slot, applications_service, outcomes_bits, outcomes_days, outcomes_percent,
    entries, entries_appeal, panel_events, filled,
):  # fmt: skip
    """Write down the day of the panel: acts and wishes left undone, court steps, records, answers, notices."""
    for e in range(filled[ACTS]):
        i = np.int64(acts_slot[e])
        if panel[i]:
            write_event(
                panel_events, filled, first_slot + i, day, np.int64(ACT),
                np.int64(acts_kind[e]), np.int64(acts_fate[e]), np.int64(acts_caught[e]), np.int64(0),
            )  # fmt: skip
    for e in range(filled[STEPS]):  # of the panel alone
        key = steps_key[e]
        truth = np.int64(steps_truth[e])
        write_event(
            panel_events, filled, first_slot + key_slot(key), day, np.int64(COURT_STEP),
            key_behaviour(key), key_what(key), truth & 15, truth >> 4,
        )  # fmt: skip
    for item in range(filled[AGENDA]):
        key = agenda_key[item]
        if key_what(key) == RECORD and panel[key_slot(key)]:
            truth = np.int64(agenda_truth[item])
            write_event(
                panel_events, filled, first_slot + key_slot(key), day, np.int64(RECORDED),
                key_behaviour(key), key_sensor(key), truth & 15, truth >> 4,
            )  # fmt: skip
    for e in range(filled[APPLICATIONS]):
        i = np.int64(applications_slot[e])
        if panel[i]:
            write_event(
                panel_events, filled, first_slot + i, day, np.int64(APPLICATION),
                np.int64(applications_service[e]), np.int64(outcomes_bits[e]), np.int64(outcomes_days[e]),
                np.int64(outcomes_percent[e]),
            )  # fmt: skip
    for e in range(filled[ENTRIES]):
        i = np.int64(entries[e, E_SLOT])
        k = np.int64(entries[e, E_INSTRUMENT])
        if panel[i] and notice[k] and entries[e, E_WHAT] == RECORD:
            followed = np.int64(entries_appeal[e])
            if aware[k, i]:
                followed |= KNOWS
            write_event(
                panel_events, filled, first_slot + i, day, np.int64(NOTICE),
                k, np.int64(entries[e, E_RULE]), np.int64(entries[e, E_POINTS]), followed,
            )  # fmt: skip

"""Counting the day: flows by group cell, and the ledger of the panel, where entry and truth are joined."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    ACTS,
    AGENDA,
    APPLICATIONS,
    DISPROPORTIONATE,
    E_BEHAVIOUR,
    E_INSTRUMENT,
    E_ITEM,
    E_POINTS,
    E_RULE,
    E_SLOT,
    E_STANDING_AFTER,
    E_STANDING_BEFORE,
    E_WHAT,
    ENTRIES,
    ENTRY_FIELDS,
    EXIT,
    EXITS,
    EXITS_STALE,
    FED,
    FOR_POINTS,
    NO_BASIS,
    PANEL_ENTRIES,
    RECORD,
    SHARED,
    SILENCED,
    STALE,
    TRUE_RECORD,
)
from scorepolis.core.compiled import compiled
from scorepolis.core.items import key_sensor, key_slot, key_what


@compiled
def count(  # type: ignore[no-untyped-def]
    day, days_left, first_slot, group_cell, panel, is_bad, denies, rule_override, no_legal_basis, disproportionate,
    acts_slot, acts_kind, acts_fate, applications_slot, applications_service, outcomes_bits,
    agenda_key, agenda_truth, entries, entries_kind, filled,
    tally_acts, tally_silenced, tally_for_points, tally_records, tally_entries, tally_shared, tally_points,
    tally_wrongful, tally_outcomes, tally_shut_out, tally_places, tally_courts, done_here, panel_ledger,
):  # fmt: skip
    """Add the day to the tallies of the month."""
    behaviours = is_bad.size
    for e in range(filled[ACTS]):
        i = np.int64(acts_slot[e])
        b = np.int64(acts_kind[e])
        cell = group_cell[i]
        fate = acts_fate[e]
        if fate == SILENCED:
            tally_silenced[cell, b] += 1
            continue
        tally_acts[cell, b] += 1
        done_here[i >> 10, b] += 1
        if fate == FOR_POINTS:
            tally_for_points[cell, b] += 1
        if is_bad[b]:
            tally_places[i >> 10, 0] += 1
    for e in range(filled[APPLICATIONS]):
        i = np.int64(applications_slot[e])
        v = np.int64(applications_service[e])
        cell = group_cell[i]
        tally_acts[cell, behaviours + v] += 1
        outcome = outcomes_bits[e]
        for bit in range(5):
            if outcome & (1 << bit):
                tally_outcomes[cell, v, bit] += 1
        if outcome & 1:
            tally_places[i >> 10, 3] += 1
    for item in range(filled[AGENDA]):
        key = agenda_key[item]
        if key_what(key) == RECORD:
            i = key_slot(key)
            tally_records[group_cell[i], key_sensor(key), agenda_truth[item] & 15] += 1
            tally_places[i >> 10, 1] += 1
    for e in range(filled[ENTRIES]):
        i = np.int64(entries[e, E_SLOT])
        k = np.int64(entries[e, E_INSTRUMENT])
        cell = group_cell[i]
        points = np.int64(entries[e, E_POINTS])
        item = entries[e, E_ITEM]
        r = np.int64(entries[e, E_RULE])
        what = entries[e, E_WHAT]
        truth = np.int64(0) if what == FED else np.int64(agenda_truth[item])
        kind = truth & 15
        if what == RECORD:
            b = np.int64(entries[e, E_BEHAVIOUR])
            if kind == TRUE_RECORD:
                if no_legal_basis[k, r, b]:
                    kind = np.int64(NO_BASIS)
                elif disproportionate[k, r, b]:
                    kind = np.int64(DISPROPORTIONATE)
            wrongful = np.int64(kind != TRUE_RECORD)
            if points > 0:
                tally_entries[cell, k, 1] += 1
                tally_entries[cell, k, 3] += wrongful
                tally_points[cell, k, 1] += points
            elif points < 0 or rule_override[k, r] >= 0:
                tally_entries[cell, k, 0] += 1
                tally_entries[cell, k, 2] += wrongful
                tally_wrongful[cell, k, kind] += 1
                tally_points[cell, k, 0] -= points
                tally_places[i >> 10, 2] += 1
        elif what == SHARED and key_what(agenda_key[item]) == RECORD:  # and not a correction's share
            tally_shared[cell, k, 1 if points > 0 else 0] += 1
        elif what == EXIT and (e == 0 or entries[e - 1, E_ITEM] != item):  # once a person, however many lists are left
            tally_courts[cell, EXITS_STALE if kind == STALE else EXITS] += 1
        entries_kind[e] = kind
        before = np.int64(denies[k, entries[e, E_STANDING_BEFORE]])
        after = np.int64(denies[k, entries[e, E_STANDING_AFTER]])
        tally_shut_out[cell, k] += (after - before) * (days_left + 1)
        if panel[i]:
            at = filled[PANEL_ENTRIES]
            panel_ledger[at, 0] = first_slot + i
            panel_ledger[at, 1] = day
            for field in range(1, ENTRY_FIELDS - 1):
                panel_ledger[at, 1 + field] = entries[e, field]
            panel_ledger[at, 12] = kind
            panel_ledger[at, 13] = truth >> 4
            filled[PANEL_ENTRIES] = at + 1

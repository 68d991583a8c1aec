"""Filing: what was reckoned at the month's end is added to the ledger of the panel."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import E_SLOT, ENTRIES, ENTRY_FIELDS, PANEL_ENTRIES
from scorepolis.core.compiled import compiled


@compiled
def file(day, first_slot, entries, panel_ledger, filled):  # type: ignore[no-untyped-def]
    """Add the month's entries, all of them of the panel; no record stands behind one, and so no truth."""
    for e in range(filled[ENTRIES]):
        at = filled[PANEL_ENTRIES]
        panel_ledger[at, 0] = first_slot + np.int64(entries[e, E_SLOT])
        panel_ledger[at, 1] = day
        for field in range(1, ENTRY_FIELDS - 1):
            panel_ledger[at, 1 + field] = entries[e, field]
        panel_ledger[at, 12] = 0
        panel_ledger[at, 13] = 0
        filled[PANEL_ENTRIES] = at + 1

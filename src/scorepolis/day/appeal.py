"""Appeal: people who are told of a penalty contest it, the wronged more often; what is upheld will be corrected."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    APPEALED,
    CORRECTION,
    E_INSTRUMENT,
    E_POINTS,
    E_RULE,
    E_SLOT,
    E_WHAT,
    ENTRIES,
    NOT_DONE,
    RECORD,
    UNABLE,
    WON,
    WRONG_PERSON,
)
from scorepolis.core.compiled import compiled
from scorepolis.core.diary import put
from scorepolis.core.draws import Purpose, draw
from scorepolis.core.items import item_key
from scorepolis.day.coefficients import APPEALS_OTHER, APPEALS_WRONGED

APPEAL = int(Purpose.APPEAL)
MADE, UPHELD, RIGHTED = 0, 1, 2


@compiled
def appeal(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, group_cell, entries, entries_kind, filled, notice, appeal_days, upheld_q32,
    rule_override, coefficients, due_heads, due_next, due_key, due_state, tally_appeals, entries_appeal,
):  # fmt: skip
    """Decide who appeals against today's penalties, and which appeals will be upheld."""
    for e in range(filled[ENTRIES]):
        entries_appeal[e] = 0
        k = np.int64(entries[e, E_INSTRUMENT])
        r = np.int64(entries[e, E_RULE])
        points = np.int64(entries[e, E_POINTS])
        if entries[e, E_WHAT] != RECORD or notice[k] == 0 or appeal_days[k] == 0:
            continue
        if points >= 0 and rule_override[k, r] < 0:
            continue
        i = np.int64(entries[e, E_SLOT])
        kind = entries_kind[e]
        wrong = kind == WRONG_PERSON or kind == NOT_DONE  # noqa: PLR1714 - compiled
        w0, w1, w2, w3 = draw(seed_words[0], seed_words[1], APPEAL, first_slot + i, k, day)
        if np.int64(w0) >= (coefficients[APPEALS_WRONGED] if wrong or kind == UNABLE else coefficients[APPEALS_OTHER]):
            continue
        tally_appeals[group_cell[i], k, MADE] += 1
        entries_appeal[e] = APPEALED
        if np.int64(w1) >= upheld_q32[k, 0 if wrong else 1]:
            continue
        tally_appeals[group_cell[i], k, UPHELD] += 1
        entries_appeal[e] |= np.uint8(WON)
        if wrong:
            tally_appeals[group_cell[i], k, RIGHTED] += 1
        put(
            due_heads,
            due_next,
            due_key,
            due_state,
            day + np.int64(appeal_days[k]),
            item_key(i, CORRECTION, k, r, points, 0, 0),
        )

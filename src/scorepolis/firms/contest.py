"""Contest: firms that are told of a penalty may appeal, the wronged more often; what is upheld will be corrected."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import NOTICED
from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, draw
from scorepolis.firms.buffers import APPEALED, NOT_DONE, RIGHTED, TOLD, TRUE, UPHELD, WRONG_FIRM
from scorepolis.firms.chances import happens

CONTEST = int(Purpose.CONTEST)


@compiled
def contest(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, firm_told, firm_appeals, firm_appeal, firm_upheld, firm_notices, firm_records_truth,
    firm_open, firm_won, firm_answers, firm_filled,
):  # fmt: skip
    """Decide whom notices reach, who appeals, and which appeals will be upheld."""
    for e in range(firm_filled[NOTICED]):
        i, k = np.int64(firm_notices[e, 0]), np.int64(firm_notices[e, 1])
        firm_answers[e] = 0
        w0, w1, w2, w3 = draw(seed_words[0], seed_words[1], CONTEST, first_slot + i, k, day)
        if not happens(w0, firm_told):
            continue
        firm_answers[e] = TOLD
        if firm_appeal[k] == 0 or firm_open[k, i] > 0:
            continue
        kind = firm_records_truth[firm_notices[e, 2], 0]
        if not happens(w1, firm_appeals[1 if kind == TRUE else 0]):
            continue
        firm_answers[e] |= np.uint8(APPEALED)
        firm_open[k, i] = firm_appeal[k]
        wrong = kind == WRONG_FIRM or kind == NOT_DONE  # noqa: PLR1714 - compiled
        upheld = happens(w2, firm_upheld[k, 0 if wrong else 1])
        firm_won[k, i] = upheld
        if upheld:
            firm_answers[e] |= np.uint8(UPHELD | RIGHTED) if wrong else np.uint8(UPHELD)

"""Succeed: the head whose term is over gives way to another public servant of the district."""

from __future__ import annotations

import numpy as np

from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, draw

BODY = int(Purpose.BODY)
SUCCEEDS = 1
"""The draw by which somebody comes to the head."""


@compiled
def succeed(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, month_number, body_term, body_entered, body_servants, body_head
):
    """Change the heads whose month it is."""
    others = np.int64(body_servants.size) - 1
    for j in range(body_head.size if others > 0 else 0):
        if (month_number + np.int64(body_entered[j])) % body_term != 0:
            continue
        w0, w1, w2, w3 = draw(seed_words[0], seed_words[1], BODY, first_slot + j, SUCCEEDS, day)
        which = (np.int64(w0) * others) >> 32
        if body_servants[which] >= body_head[j]:  # in the order of slots, without the head
            which += 1
        body_head[j] = body_servants[which]

"""Look: offices above inspect public bodies or read what is filed; they record, miss and mistake."""

from __future__ import annotations

import numpy as np

from scorepolis.bodies.steps import CANNOT, NOT
from scorepolis.core.buffers import INSPECTED, RECORDED_FIRMS
from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, draw
from scorepolis.firms.buffers import NOT_DONE, TRUE, UNABLE, WRONG_FIRM
from scorepolis.firms.chances import happens
from scorepolis.firms.inspect import write

LOOK = int(Purpose.LOOK)
WORDS = 4
SEES, FALSE = 8, 80
"""Where the draws of each sensor begin, by what they are for."""
OF_ALL = 2
"""Behaviours that bodies without residents have too; the others are of reports."""


@compiled
def look(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, body_kind, body_near, body_acts, body_seen, body_desk, body_ordinary, body_wrong,
    body_false, body_inspections, body_records, body_records_truth, body_filled,
):  # fmt: skip
    """Write the month's records of public bodies, and apart from them their truth."""
    k0, k1 = seed_words[0], seed_words[1]
    bodies = np.int64(body_kind.size)
    behaviours = body_seen.shape[0]
    visits = np.int64(0)
    written = np.int64(0)
    for j in range(bodies):
        noted = np.int64(0)  # bits: behaviours for which there is a record already
        number = np.int64(0)
        w0, w1, w2, w3 = draw(k0, k1, LOOK, first_slot + j, 0, day)
        for s in range(body_desk.size):
            looks = body_desk[s] != 0
            if not looks:
                if number > 0 and number % WORDS == 0:
                    w0, w1, w2, w3 = draw(k0, k1, LOOK, first_slot + j, number // WORDS, day)
                word = w0 if number % 4 == 0 else w1 if number % 4 == 1 else w2 if number % 4 == 2 else w3
                number += 1
                looks = happens(word, body_ordinary[s, body_kind[j]])
                if looks:
                    body_inspections[visits, 0] = j
                    body_inspections[visits, 1] = s
                    visits += 1
            if not looks:
                continue
            found = False
            for b in range(behaviours):
                if body_acts[j, b] == NOT or body_seen[b, s] <= 0 or (noted >> b) & 1:
                    continue
                v0, v1, v2, v3 = draw(k0, k1, LOOK, first_slot + j, SEES + 4 * s + b, day)
                if not happens(v0, body_seen[b, s]):
                    continue
                found = True
                noted |= np.int64(1) << b
                subject = (np.int64(v2) * bodies) >> 32 if happens(v1, body_wrong[s]) else np.int64(j)
                kind = TRUE
                if subject != j:
                    kind = WRONG_FIRM
                elif body_acts[j, b] == CANNOT:
                    kind = UNABLE
                write(body_records, body_records_truth, written, subject, np.int64(b), s, np.int64(kind), np.int64(j))
                written += 1
            if body_desk[s] != 0 or found:
                continue
            v0, v1, v2, v3 = draw(k0, k1, LOOK, first_slot + j, FALSE + s, day)
            if not happens(v0, body_false[s]):
                continue
            choices = np.int64(0)
            for b in range(behaviours):
                choices += np.int64(body_seen[b, s] >= 0)
            at = (np.int64(v1) * choices) >> 32
            accused = np.int64(0)
            for b in range(behaviours):
                if body_seen[b, s] >= 0:
                    if at == 0:
                        accused = np.int64(b)
                    at -= 1
            if accused >= OF_ALL and body_near[j] < 0:
                continue
            kind = NOT_DONE
            if body_acts[j, accused] != NOT:
                kind = UNABLE if body_acts[j, accused] == CANNOT else TRUE
            write(body_records, body_records_truth, written, np.int64(j), accused, s, np.int64(kind), np.int64(j))
            written += 1
    body_filled[INSPECTED] = visits
    body_filled[RECORDED_FIRMS] = written

"""Inspect: sensors look at firms, more or less often by their standing; they record, miss and mistake."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import DID, IN_SCOPE, INSPECTED, RECORDED_FIRMS
from scorepolis.core.draws import Purpose, draw_words, seed_of
from scorepolis.firms.buffers import (
    COULD_NOT,
    DETERRED,
    NOT_DONE,
    TRUE,
    UNABLE,
    WRONG_FIRM,
)
from scorepolis.firms.chances import happens, inspection_rates

Ints = npt.NDArray[Any]

WORDS = 4
SEES, FALSE, FAVOURS = 8, 72, 136
"""Where the draws of each sensor begin, by what they are for."""


def inspect(
    day: Ints, seed_words: Ints, first_slot: Ints, firm_cell: Ints, firm_connected: Ints, firm_standing: Ints,
    firm_marks: Ints, firm_acts: Ints, firm_rates: Ints, firm_seen: Ints, firm_desk: Ints, firm_ordinary: Ints,
    firm_share: Ints, firm_wrong: Ints, firm_false: Ints, firm_bad_seen: Ints, firm_clean: Ints, firm_favours: Ints,
    firm_inspections: Ints, firm_records: Ints, firm_records_truth: Ints, firm_filled: Ints,
) -> None:  # fmt: skip
    """Write the month's records of firms, and apart from them their truth."""
    firm_filled[[INSPECTED, RECORDED_FIRMS]] = 0
    firms, sensors = firm_cell.size, len(firm_desk)
    if not firms:
        return
    slots, seed = int(first_slot) + np.arange(firms), seed_of(seed_words)

    def draw(who: Ints, sub: int) -> tuple[Ints, Ints, Ints, Ints]:
        return draw_words(seed, Purpose.INSPECT, slots[who], sub, int(day))

    everybody = np.arange(firms)
    in_scope = (firm_marks & IN_SCOPE) != 0
    rates = inspection_rates(firm_cell, firm_standing, in_scope, firm_ordinary, firm_share)
    looks = np.zeros((sensors, firms), np.bool_)
    words: tuple[Ints, ...] = ()
    for n, s in enumerate(np.flatnonzero(firm_desk == 0)):
        if n % WORDS == 0:
            words = draw(everybody, n // WORDS)
        looks[s] = happens(words[n % WORDS], rates[s])

    doer, behaviour, fate = firm_acts[: firm_filled[DID]].T.astype(np.int64)
    pending = fate != DETERRED
    wrote = np.zeros((sensors, firms), np.bool_)
    parts = []
    for s in range(sensors):
        may = np.flatnonzero(pending & (firm_seen[behaviour, s] > 0) & ((firm_desk[s] != 0) | looks[s, doer]))
        v0, v1, v2, _ = draw(doer[may], SEES + s)
        seen = happens(v0, firm_seen[behaviour[may], s])
        may, v1, v2 = may[seen], v1[seen], v2[seen]
        own = doer[may]
        subject = np.where(happens(v1, int(firm_wrong[s])), (v2.astype(np.int64) * firms) >> 32, own)
        kind = np.select([subject != own, fate[may] == COULD_NOT], [WRONG_FIRM, UNABLE], TRUE)
        parts.append(_records(subject, behaviour[may], s, kind, own))
        wrote[s, own] = True
        pending[may] = False

        empty = np.flatnonzero(looks[s] & ~wrote[s])
        v0, v1, _, _ = draw(empty, FALSE + s)
        accuses = np.flatnonzero(happens(v0, int(firm_false[s])))
        choices = firm_bad_seen[s][firm_bad_seen[s] >= 0]
        chosen = choices[(v1[accuses].astype(np.int64) * choices.size) >> 32]
        done_there = firm_rates[chosen, firm_cell[empty[accuses]]] > 0
        accuses, chosen = accuses[done_there], chosen[done_there]
        parts.append(_records(empty[accuses], chosen, s, NOT_DONE, empty[accuses]))
        clean = np.delete(empty, accuses)
        parts.append(_records(clean, int(firm_clean), s, TRUE, clean))

        if firm_favours[s, 0] >= 0:
            known = np.flatnonzero(firm_connected)
            lucky = known[happens(draw(known, FAVOURS + s)[0], int(firm_favours[s, 1]))]
            parts.append(_records(lucky, int(firm_favours[s, 0]), s, NOT_DONE, lucky))

    visited = np.argwhere(looks.T)
    firm_inspections[: len(visited)] = visited
    firm_filled[INSPECTED] = len(visited)
    records = np.concatenate(parts)
    records = records[np.lexsort(records.T[::-1])]
    firm_records[: len(records)] = records[:, :3]
    firm_records_truth[: len(records)] = records[:, 3:]
    firm_filled[RECORDED_FIRMS] = len(records)


def _records(subject: Ints, behaviour: Ints | int, sensor: int, kind: Ints | int, doer: Ints) -> Ints:
    """Put records together: firm, behaviour, sensor; kind and doer."""
    fields = (subject, behaviour, sensor, kind, doer)
    return np.column_stack([np.broadcast_to(np.asarray(field, np.int64), subject.shape) for field in fields])

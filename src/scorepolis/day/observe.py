"""Observe: what sensors notice, miss and mistake; the agenda of the day.

Records and their truth are written apart: scoring receives `agenda_key` and never `agenda_truth`.
"""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    ACTS,
    AGENDA,
    JUDGMENT,
    NOT_DONE,
    RECORD,
    SILENCED,
    STALE,
    TRUE_RECORD,
    WRONG_PERSON,
    item_key,
)
from scorepolis.core.compiled import compiled
from scorepolis.core.diary import put, sort_items
from scorepolis.core.draws import Purpose, draw, philox
from scorepolis.day.coefficients import MISMATCH, STALE_AFTER, SUIT_SHORTEST, SUIT_SPAN

OBSERVE = int(Purpose.OBSERVE)
FALSE_RECORD = int(Purpose.FALSE_RECORD)
SUIT = int(Purpose.SUIT)


@compiled
def file_record(  # type: ignore[no-untyped-def]
    subject, behaviour, sensor, kind, doer, delay, day, agenda_key, agenda_truth, filled,
    due_heads, due_next, due_key, due_truth, due_state,
):  # fmt: skip
    """Put a record into today's agenda, or into the diary if it will be late; its truth goes beside it."""
    key = item_key(subject, RECORD, 0, 0, 0, behaviour, sensor)
    truth = np.uint32((doer << 4) | kind)
    if delay == 0:
        at = filled[AGENDA]
        agenda_key[at] = key
        agenda_truth[at] = truth
        filled[AGENDA] = at + 1
    else:
        due_truth[put(due_heads, due_next, due_key, due_state, day + delay, key)] = truth


@compiled
def observe(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, first_neighbourhood, sizes, levels, flags, age,
    acts_slot, acts_kind, acts_fate, acts_caught,
    behaviour_sensors, seen, sensor_wrong, sensor_delay, sensor_false, sensor_bias, sensor_bad, requires,
    suit_share, coefficients, sightings,
    agenda_key, agenda_truth, agenda_spare_key, agenda_spare_truth, agenda_places, filled,
    due_heads, due_next, due_key, due_truth, due_state,
):  # fmt: skip
    """Write the day's records, true and false, file suits, and sort the agenda."""
    k0 = seed_words[0]
    k1 = seed_words[1]
    many = filled[ACTS]
    for j in range(behaviour_sensors.shape[1]):  # array passes of their own, which vectorise
        for e in range(many):
            slot = np.uint32(np.uint32(first_slot) + np.uint32(acts_slot[e]))
            sightings[j, e], _, _, _ = philox(slot, np.uint32(j), np.uint32(day), np.uint32(OBSERVE), k0, k1)
    for e in range(many):
        acts_caught[e] = 0
        if acts_fate[e] == SILENCED:
            continue
        i = np.int64(acts_slot[e])
        b = np.int64(acts_kind[e])
        home = i >> 10
        for j in range(behaviour_sensors.shape[1]):
            s = behaviour_sensors[b, j]
            if s < 0:
                break
            if np.int64(sightings[j, e]) >= seen[b, j, levels[home, s]]:
                continue
            w0, w1, w2, w3 = draw(k0, k1, OBSERVE, first_slot + i, j, day)
            subject = i
            kind = TRUE_RECORD
            if np.int64(w1) < sensor_wrong[s]:
                subject = (home << 10) + ((np.int64(w2) * np.int64(sizes[home])) >> 32)
                if subject != i:
                    kind = WRONG_PERSON
            delay = sensor_delay[s, 0] + ((np.int64(w3) * sensor_delay[s, 1]) >> 32)
            if kind == TRUE_RECORD:
                acts_caught[e] = 1
                if delay > coefficients[STALE_AFTER]:
                    kind = STALE
            file_record(
                subject, b, s, kind, i, delay, day, agenda_key, agenda_truth, filled,
                due_heads, due_next, due_key, due_truth, due_state,
            )  # fmt: skip
            break
        if suit_share[b] > 0:
            w0, w1, w2, w3 = draw(k0, k1, SUIT, first_slot + i, 0, day)
            if np.int64(w0) < suit_share[b]:
                debtor = i
                kind = TRUE_RECORD
                if np.int64(w2) < coefficients[MISMATCH]:
                    debtor = (home << 10) + ((np.int64(w3) * np.int64(sizes[home])) >> 32)
                    if debtor != i:
                        kind = WRONG_PERSON
                when = day + coefficients[SUIT_SHORTEST] + ((np.int64(w1) * coefficients[SUIT_SPAN]) >> 32)
                at = put(due_heads, due_next, due_key, due_state, when, item_key(debtor, JUDGMENT, 0, 0, 0, b, 0))
                due_truth[at] = np.uint32((i << 4) | kind)
    for h in range(sizes.size):
        people = np.int64(sizes[h])
        for s in range(sensor_false.size):
            if sensor_false[s] == 0:
                continue
            index = first_neighbourhood + h
            w0, w1, w2, w3 = draw(k0, k1, FALSE_RECORD, index, 16 * s, day)
            many = min(np.int64(15), ((sensor_false[s] * people * np.int64(levels[h, s])) // 15 + np.int64(w0)) >> 32)
            for e in range(many):
                w0, w1, w2, w3 = draw(k0, k1, FALSE_RECORD, index, 16 * s + 1 + e, day)
                victim = (h << 10) + ((np.int64(w0) * people) >> 32)
                favoured = sensor_bias[s, 0] != 0 and (np.int64(flags[victim]) & sensor_bias[s, 0]) != 0
                if not favoured and np.int64(w1) >= sensor_bias[s, 1]:
                    continue
                choices = np.int64(0)
                while choices < sensor_bad.shape[1] and sensor_bad[s, choices] >= 0:
                    choices += 1
                b = sensor_bad[s, (np.int64(w2) * choices) >> 32]
                if age[victim] < 18 or (requires[b] != 0 and (flags[victim] & requires[b]) == 0):
                    continue
                delay = sensor_delay[s, 0] + ((np.int64(w3) * sensor_delay[s, 1]) >> 32)
                file_record(
                    victim, b, s, np.int64(NOT_DONE), np.int64(0), delay, day, agenda_key, agenda_truth, filled,
                    due_heads, due_next, due_key, due_truth, due_state,
                )  # fmt: skip
    sort_items(agenda_key, agenda_truth, filled[AGENDA], agenda_spare_key, agenda_spare_truth, agenda_places)

"""Press: where targets press on reports, collectors look harder and officials make reports up.

Both are records as of the same sensor, with their truth apart, and come when such records come.
"""

from __future__ import annotations

import numpy as np

from scorepolis.bodies.steps import EXTRA_LOOKS, FORGED, IN
from scorepolis.core.buffers import ACTS, AGENDA, NOT_DONE, RECORD, SILENCED, STALE, TRUE_RECORD
from scorepolis.core.compiled import compiled
from scorepolis.core.diary import put
from scorepolis.core.draws import Purpose, draw
from scorepolis.core.items import item_key, key_behaviour, key_sensor, key_slot, key_what
from scorepolis.day.coefficients import STALE_AFTER

PRESS = int(Purpose.PRESS)
COUNT, EACH = 1, 2
"""Where the draws of made-up reports begin: how many, and each; those of extra looks are by person."""
MOST_COUNTED = 65_535
MOST_A_DAY = 15


@compiled
def late(word, s, sensor_delay):  # type: ignore[no-untyped-def]
    """Give the days after which a report comes: at least one."""
    return max(np.int64(1), sensor_delay[s, 0] + ((np.int64(word) * sensor_delay[s, 1]) >> 32))


@compiled
def press(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, first_neighbourhood, sizes, flags, age, acts_slot, acts_kind, acts_fate, acts_caught,
    agenda_key, filled, is_bad, requires, sensor_bad, sensor_delay, coefficients, body_reporter, body_sight,
    body_extra, body_forge, body_reports, due_heads, due_next, due_key, due_truth, due_state,
):  # fmt: skip
    """Count the day's reports, and write those that pressure brings."""
    k0, k1 = seed_words[0], seed_words[1]
    places = body_forge.size
    if places == 0:
        return
    s = np.int64(body_reporter)
    for e in range(filled[AGENDA]):
        key = agenda_key[e]
        if key_what(key) == RECORD and key_sensor(key) == s and is_bad[key_behaviour(key)]:
            h = key_slot(key) >> 10
            body_reports[h, IN] = min(body_reports[h, IN] + 1, np.int64(MOST_COUNTED))
    for e in range(filled[ACTS]):
        i, b = np.int64(acts_slot[e]), np.int64(acts_kind[e])
        h = i >> 10
        if body_extra[h] == 0 or body_sight[b] == 0 or acts_fate[e] == SILENCED or acts_caught[e] != 0:
            continue
        w0, w1, w2, w3 = draw(k0, k1, PRESS, first_slot + i, 0, day)
        if np.int64(w0) >= (body_sight[b] * body_extra[h]) >> 30:
            continue
        delay = late(w3, s, sensor_delay)
        kind = STALE if delay > coefficients[STALE_AFTER] else TRUE_RECORD
        at = put(due_heads, due_next, due_key, due_state, day + delay, item_key(i, RECORD, 0, 0, 0, b, s))
        due_truth[at] = np.uint32((i << 4) | kind)
        acts_caught[e] = 1
        body_reports[h, EXTRA_LOOKS] += 1
    choices = np.int64(0)
    while choices < sensor_bad.shape[1] and sensor_bad[s, choices] >= 0:
        choices += 1
    for h in range(places):
        if body_forge[h] == 0:
            continue
        index = first_neighbourhood + h
        w0, w1, w2, w3 = draw(k0, k1, PRESS, index, COUNT, day)
        many = min(np.int64(MOST_A_DAY), (body_forge[h] + np.int64(w0)) >> 32)
        for e in range(many):
            w0, w1, w2, w3 = draw(k0, k1, PRESS, index, EACH + e, day)
            victim = (h << 10) + ((np.int64(w0) * np.int64(sizes[h])) >> 32)
            b = sensor_bad[s, (np.int64(w1) * choices) >> 32]
            if age[victim] < 18 or (requires[b] != 0 and (flags[victim] & requires[b]) == 0):
                continue
            when = day + late(w3, s, sensor_delay)
            at = put(due_heads, due_next, due_key, due_state, when, item_key(victim, RECORD, 0, 0, 0, b, s))
            due_truth[at] = np.uint32(NOT_DONE)
            body_reports[h, FORGED] += 1

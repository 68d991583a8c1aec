"""The packed key of an agenda item."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import REPAIR_MONTH
from scorepolis.core.compiled import inlined


@inlined
def item_key(slot, what, instrument, rule, points, behaviour, sensor):  # type: ignore[no-untyped-def]
    """Pack an agenda item; keys sort by person, then in the order of the codes above."""
    return (
        (np.uint64(slot) << np.uint64(48))
        | (np.uint64(what) << np.uint64(44))
        | (np.uint64(instrument) << np.uint64(40))
        | (np.uint64(rule) << np.uint64(32))
        | (np.uint64(np.uint16(points)) << np.uint64(16))
        | (np.uint64(behaviour) << np.uint64(8))
        | np.uint64(sensor)
    )


@inlined
def repaired_after(key, rule_repair, repair_days):  # type: ignore[no-untyped-def]
    """Tell how many days after its entry the repair of an item takes effect, if it is asked for at the item's try."""
    k = key_instrument(key)
    return np.int64(rule_repair[k, key_rule(key)]) + REPAIR_MONTH * key_sensor(key) + np.int64(repair_days[k])


@inlined
def key_slot(key):  # type: ignore[no-untyped-def]
    """Take the local slot of a key."""
    return np.int64(key >> np.uint64(48))


@inlined
def key_what(key):  # type: ignore[no-untyped-def]
    """Take what a key is."""
    return np.int64((key >> np.uint64(44)) & np.uint64(15))


@inlined
def key_instrument(key):  # type: ignore[no-untyped-def]
    """Take the instrument of a key."""
    return np.int64((key >> np.uint64(40)) & np.uint64(15))


@inlined
def key_rule(key):  # type: ignore[no-untyped-def]
    """Take the rule of a key."""
    return np.int64((key >> np.uint64(32)) & np.uint64(255))


@inlined
def key_points(key):  # type: ignore[no-untyped-def]
    """Take the signed points of a key."""
    return np.int64(np.int16(np.uint16((key >> np.uint64(16)) & np.uint64(0xFFFF))))


@inlined
def key_behaviour(key):  # type: ignore[no-untyped-def]
    """Take the behaviour of a key."""
    return np.int64((key >> np.uint64(8)) & np.uint64(255))


@inlined
def key_sensor(key):  # type: ignore[no-untyped-def]
    """Take the sensor of a key."""
    return np.int64(key & np.uint64(255))

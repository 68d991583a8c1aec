"""The diary of a district: what is due on which day.

A ring of days holds the heads of a few linked lists each; entries live in one growing pool. Putting an entry and
taking a day's entries cost the same however far ahead they lie. Order within a day is made by sorting when the day
comes, so the pool's own order never shows.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.compiled import compiled

LANES: Final = 4
"""Lists of a day: taken in turn, so that what the next entry of one needs is on its way while another's is read."""

FREE, USED, TOP = 0, 1, 2
"""Positions in `due_state`: first freed entry (-1: none), entries in use, entries ever used."""

ENTRY: Final = np.dtype([("due_key", np.uint64), ("due_next", np.int32), ("due_truth", np.uint32)])
"""The fields of an entry lie side by side: entries are met one by one, here and there in the pool."""

Due = tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64], npt.NDArray[np.uint32]]
"""Entries: the day on which each is due, its key, its truth."""


@compiled
def put(due_heads, due_next, due_key, due_state, day, key):  # type: ignore[no-untyped-def]
    """Enter a key for a day; returns its place in the pool. There must be room (see `make_room`)."""
    if due_state[FREE] >= 0:
        at = due_state[FREE]
        due_state[FREE] = due_next[at]
    else:
        at = due_state[TOP]
        due_state[TOP] = at + 1
    due_state[USED] += 1
    lane = at % LANES
    ring = day % due_heads.shape[0]
    due_key[at] = key
    due_next[at] = due_heads[ring, lane]
    due_heads[ring, lane] = at
    return at


@compiled
def take(due_heads, due_next, due_key, due_truth, due_state, day, keys, truths, count):  # type: ignore[no-untyped-def]
    """Move all that is due on a day behind `count` items of keys and truths; returns the new count."""
    today = due_heads[day % due_heads.shape[0]]
    found = True
    while found:
        found = False
        for lane in range(LANES):
            at = today[lane]
            if at < 0:
                continue
            found = True
            keys[count] = due_key[at]
            truths[count] = due_truth[at]
            due_truth[at] = 0
            count += 1
            today[lane] = due_next[at]
            due_next[at] = due_state[FREE]
            due_state[FREE] = at
            due_state[USED] -= 1
    return count


@compiled
def put_all(due_heads, due_next, due_key, due_truth, due_state, days, keys, truths):  # type: ignore[no-untyped-def]
    """Enter many keys with their truths."""
    for e in range(days.size):
        due_truth[put(due_heads, due_next, due_key, due_state, days[e], keys[e])] = truths[e]


@compiled
def sort_items(keys, truths, count, spare_keys, spare_truths, places):  # type: ignore[no-untyped-def]
    """Sort the first `count` items by (key, truth), in place.

    They are dealt out by the upper byte of the slot, so that an insertion sort has next to no way to go.
    """
    places[:] = 0
    for e in range(count):
        places[(keys[e] >> np.uint64(56)) + np.uint64(1)] += 1
    for place in range(1, places.size):
        places[place] += places[place - 1]
    for e in range(count):
        at = places[keys[e] >> np.uint64(56)]
        places[keys[e] >> np.uint64(56)] = at + 1
        spare_keys[at] = keys[e]
        spare_truths[at] = truths[e]
    for i in range(count):
        key = spare_keys[i]
        truth = spare_truths[i]
        j = i
        while j > 0 and (keys[j - 1] > key or (keys[j - 1] == key and truths[j - 1] > truth)):
            keys[j] = keys[j - 1]
            truths[j] = truths[j - 1]
            j -= 1
        keys[j] = key
        truths[j] = truth


@compiled
def list_due(due_heads, due_next, due_key, due_truth, day, days, keys, truths):  # type: ignore[no-untyped-def]
    """Write down every entry due after a day, with the day on which it is due; nothing is taken out."""
    count = np.int64(0)
    rings = np.int64(due_heads.shape[0])
    for ahead in range(1, rings + 1):
        for lane in range(LANES):
            at = due_heads[(day + ahead) % rings, lane]
            while at >= 0:
                days[count] = day + ahead
                keys[count] = due_key[at]
                truths[count] = due_truth[at]
                count += 1
                at = due_next[at]


def all_due(columns: dict[str, npt.NDArray[Any]], day: int) -> Due:
    """Give every entry of a diary that is due after a day.

    Returns
    -------
    days, keys, truths : int64, uint64 and uint32 arrays
        As `put_all` takes them.
    """
    used = int(columns["due_state"][USED])
    due = np.zeros(used, np.int64), np.zeros(used, np.uint64), np.zeros(used, np.uint32)
    heads, following, keys, truths = (columns[name] for name in ("due_heads", "due_next", "due_key", "due_truth"))
    list_due(heads, following, keys, truths, day, *due)
    return due


def sorting_space(
    items: int,
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Allocate what `sort_items` needs besides: room for as many keys and truths, and places."""
    return np.zeros(items, np.uint64), np.zeros(items, np.uint32), np.zeros(257, np.int64)


def new_diary(horizon: int, capacity: int) -> dict[str, npt.NDArray[np.generic]]:
    """Allocate an empty diary that reaches `horizon` days ahead.

    Returns
    -------
    dict
        The columns `due_heads`, `due_next`, `due_key`, `due_truth`, `due_state`.
    """
    ends: dict[str, npt.NDArray[np.generic]] = {"due_heads": np.full((horizon + 2, LANES), -1, np.int32)}
    ends["due_state"] = np.array([-1, 0, 0], np.int64)
    return ends | _pool(np.zeros(capacity, ENTRY))


def make_room(columns: dict[str, npt.NDArray[np.generic]], wanted: int) -> bool:
    """Grow the pool, by half at least, so that `wanted` more entries fit; tells whether it had to."""
    state = columns["due_state"]
    capacity = columns["due_key"].size
    if capacity - int(state[USED]) >= wanted:
        return False
    grown = max(capacity + capacity // 2, int(state[USED]) + wanted)
    entries = np.zeros(grown, ENTRY)
    for name, column in _pool(entries).items():
        column[:capacity] = columns[name]
        columns[name] = column
    return True


def _pool(entries: npt.NDArray[np.void]) -> dict[str, npt.NDArray[np.generic]]:
    return {name: entries[name] for name in ENTRY.names or ()}

"""The diary holds what is due, gives it back on its day, and never loses an entry."""

import numpy as np

from scorepolis.core.diary import USED, make_room, new_diary, put, sort_items, sorting_space, take


def columns(horizon=40, capacity=8):
    return new_diary(horizon, capacity)


def put_one(d, day, key):
    make_room(d, 1)
    return put(d["due_heads"], d["due_next"], d["due_key"], d["due_state"], day, np.uint64(key))


def take_all(d, day):
    keys, truths = np.zeros(1000, np.uint64), np.zeros(1000, np.uint32)
    count = take(*(d[n] for n in ("due_heads", "due_next", "due_key", "due_truth", "due_state")), day, keys, truths, 0)
    sort_items(keys, truths, count, *sorting_space(keys.size))
    return keys[:count].tolist(), truths[:count].tolist()


def test_entries_come_back_on_their_day_and_only_then():
    d = columns()
    rng = np.random.default_rng(1)
    due: dict[int, list[int]] = {}
    for day in range(300):
        for _ in range(int(rng.integers(0, 6))):
            when, key = day + int(rng.integers(1, 40)), int(rng.integers(0, 2**62))
            put_one(d, when, key)
            due.setdefault(when, []).append(key)
        assert take_all(d, day)[0] == sorted(due.pop(day, []))
    assert d["due_state"][USED] == sum(len(keys) for keys in due.values())


def test_the_truth_of_a_late_record_is_given_back_once():
    d = columns()
    at = put_one(d, 5, 77)
    d["due_truth"][at] = 9
    assert take_all(d, 5) == ([77], [9])
    put_one(d, 6, 78)  # the same place in the pool, reused
    assert take_all(d, 6) == ([78], [0])


def test_items_are_sorted_by_key_then_truth():
    rng = np.random.default_rng(2)
    keys = rng.integers(0, 50, 700).astype(np.uint64)
    truths = rng.integers(0, 5, 700).astype(np.uint32)
    expected = sorted(zip(keys.tolist(), truths.tolist(), strict=True))
    sort_items(keys, truths, 700, *sorting_space(keys.size))
    assert list(zip(keys.tolist(), truths.tolist(), strict=True)) == expected

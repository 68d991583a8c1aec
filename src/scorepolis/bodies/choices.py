"""What a record would cost a public body under the instruments in whose scope it is: what those who decide reckon with.

They look at where the year's score would end, in proportion, and not at the next border of a grade alone.
"""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import IN_SCOPE
from scorepolis.core.compiled import compiled
from scorepolis.firms.buffers import LISTED, NONE

MOST_LOSS = (1 << 31) - 1


@compiled
def stake_under(  # type: ignore[no-untyped-def]
    k, j, b, kind, points, assigned, standing, is_list, weighed, rule_points, rule_assign, duration, month, start,
    bounds, worth, value,
):  # fmt: skip
    """Yuan that a record of b would cost body j under instrument k."""
    r = np.int64(weighed[k, b])
    if r < 0:
        return np.int64(0)
    if is_list[k] or month[k] == 0:
        now = np.int64(worth[k, kind, standing[k, j]])
        then = now
        if is_list[k]:
            then = np.int64(worth[k, kind, LISTED])
    else:
        lowest, highest = np.int64(bounds[k, 0]), np.int64(bounds[k, 1])
        score = np.int64(start[k]) + np.int64(points[k, j])
        after = score + np.int64(rule_points[k, r])
        now = np.int64(value[k, kind, min(max(score, lowest), highest) - lowest])
        then = np.int64(value[k, kind, min(max(after, lowest), highest) - lowest])
        if assigned[k, j] != NONE:
            held_to = np.int64(worth[k, kind, assigned[k, j]])
            now = min(now, held_to)
            then = min(then, held_to)
    if not is_list[k] and rule_assign[k, r] != NONE:
        then = min(then, np.int64(worth[k, kind, rule_assign[k, r]]))
    return (max(np.int64(0), now - then) * duration[k, r]) >> 8


@compiled
def stake(  # type: ignore[no-untyped-def]
    j, b, kind, marks, known, points, assigned, standing, is_list, weighed, rule_points, rule_assign, duration, month,
    start, bounds, worth, value,
):  # fmt: skip
    """Yuan that a record of b would cost body j under all instruments that it knows."""
    total = np.int64(0)
    for k in range(known.size):
        if known[k] != 0 and (marks[k, j] & IN_SCOPE) != 0:
            total += stake_under(
                k, j, b, kind, points, assigned, standing, is_list, weighed, rule_points, rule_assign, duration,
                month, start, bounds, worth, value,
            )  # fmt: skip
    return total

"""Turning the rows of days for a district, one after another, without the interpreter."""

from __future__ import annotations

import numpy as np

from scorepolis.core.calls import call, now
from scorepolis.core.compiled import compiled
from scorepolis.day.space import set_wanted


@compiled
def turn(  # type: ignore[no-untyped-def]
    day, stop, last_day, row, codes, words, laid, day_places, left_places, spaces, filled, due_state, about, lengths,
    wanted, clock, nanoseconds,
):  # fmt: skip
    """Turn the rows of days up to `stop`, of a month that ends with `last_day`, from a `row` of the first day on.

    Gives, in rows turned since the first row of `day`, where one needs longer buffers before it can turn, or the end.
    If the call of a row fails, it is minus one less the row's number.
    """
    began = now(clock)
    turned = np.int64(row)
    for today in range(day, stop):
        for at in range(day_places.size):
            laid[day_places[at]] = today
        for at in range(left_places.size):
            laid[left_places[at]] = last_day - today
        while row < codes.size:
            if spaces[row] >= 0:
                set_wanted(spaces[row], filled, due_state, about, wanted)
                for buffer in range(lengths.size):
                    if wanted[buffer] > lengths[buffer]:
                        return turned
            if call(codes[row], words[row]) != 0:
                return -1 - row
            ended = now(clock)
            nanoseconds[row] += ended - began
            began = ended
            row += 1
            turned += 1
        row = 0
    return turned

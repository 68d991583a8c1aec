"""Turning the rows of a day for a district, one after another, without the interpreter."""

from __future__ import annotations

from scorepolis.core.calls import call, now
from scorepolis.core.compiled import compiled
from scorepolis.day.space import set_wanted


@compiled
def turn(first, codes, words, spaces, filled, due_state, about, lengths, wanted, clock, nanoseconds):  # type: ignore[no-untyped-def]
    """Turn rows from the `first` on; gives the row that needs longer buffers before it can turn, or how many there are.

    Of each row there are the address of its code and of its words, its place among those that `set_wanted` knows or -1,
    and the time that it took so far. What the call of a row returns is minus one less its number, if it fails.
    """
    began = now(clock)
    for row in range(first, codes.size):
        if spaces[row] >= 0:
            set_wanted(spaces[row], filled, due_state, about, wanted)
            for buffer in range(lengths.size):
                if wanted[buffer] > lengths[buffer]:
                    return row
        if call(codes[row], words[row]) != 0:
            return -1 - row
        ended = now(clock)
        nanoseconds[row] += ended - began
        began = ended
    return codes.size

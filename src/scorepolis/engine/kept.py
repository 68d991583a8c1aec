"""Districts that a process keeps in memory from one of its tasks to the next, as far as there is room."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np

from scorepolis.day.district import Columns

Pair = tuple[Columns, Columns]
"""A district at work, and as it was settled."""


class Kept:
    """Districts by number, each in the state of a checksum; and of others who their people are, which never changes.

    To settle a district anew takes as long as to live a month, and what was drawn for its people is a tenth of it: so
    that is kept of all, as far as there is room, before any is kept whole.

    Who takes one, has it: what becomes of it under work that fails, nobody else will see. Districts come in the same
    order every month, so that what came first is kept and stays: to drop the oldest would drop each before it is
    wanted.
    """

    def __init__(self) -> None:
        self._held: dict[int, tuple[str, Pair, int]] = {}
        self._drawn: dict[int, Columns] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def take(self, number: int, checksum: str) -> Pair | None:
        """Take a district out, if it is here in that state."""
        with self._lock:
            if number not in self._held:
                return None
            state, pair, size = self._held.pop(number)
            self._bytes -= size
        return pair if state == checksum else None

    def keep(self, number: int, checksum: str, pair: Pair, size: int, most: int) -> bool:
        """Keep a district of a size if all together then take at most so many bytes; tell whether it is kept."""
        with self._lock:
            if number in self._held or self._bytes + size > most:
                return False
            self._held[number] = (checksum, pair, size)
            self._bytes += size
        return True

    def drawn(self, number: int) -> Columns | None:
        """Give what was drawn for a district's people, if it is here."""
        return self._drawn.get(number)

    def keep_drawn(self, number: int, columns: Columns, size: int, most: int) -> int:
        """Keep what was drawn for a district's people, likewise; tell of how many districts it is kept."""
        with self._lock:
            if number not in self._drawn and self._bytes + size <= most:
                self._drawn[number] = columns
                self._bytes += size
            return len(self._drawn)


def bytes_of(*districts: Mapping[str, Any], besides: Mapping[str, Any]) -> int:
    """Count the bytes of arrays, each once however often and in whatever way it is seen, but for those `besides`."""
    others = {id(array) for array in besides.values()}
    sizes = {}
    for columns in districts:
        for array in columns.values():
            if isinstance(array, np.ndarray) and id(array) not in others:
                whole = array
                while isinstance(whole.base, np.ndarray):
                    whole = whole.base
                sizes[id(whole)] = whole.nbytes
    return sum(sizes.values())

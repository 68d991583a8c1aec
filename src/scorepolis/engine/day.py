"""A day: the rows that turn every day, laid out for one district after another, and turned day after day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from scorepolis.core.calls import Layout
from scorepolis.core.compiled import compile_once
from scorepolis.day.district import STRIDED
from scorepolis.day.plan import Row
from scorepolis.day.space import BUFFERS, ROWS, Columns, about, lengths, make_space
from scorepolis.day.turn import turn
from scorepolis.engine.clock import thread_clock


def compile_row(row: Row, columns: Columns) -> Any:  # noqa: ANN401
    """Compile the function of a row for districts like this one, if it is not yet; gives what it was compiled to."""
    make_space(columns, row.name)
    return compile_once(row.function, {name: columns[name] for name in row.needs}, STRIDED)


class Day:
    """The daily rows of one thread.

    Parameters
    ----------
    rows
        Of the plan, each a compiled function.
    columns
        Of any district that is at work.

    Attributes
    ----------
    nanoseconds : int64 array
        Processor time by row.
    """

    def __init__(self, rows: Sequence[Row], columns: Columns) -> None:
        self.rows = rows
        self._layout = Layout([(compile_row(row, columns), row.needs) for row in rows])
        self._spaces = np.array([ROWS.index(row.name) if row.name in ROWS else -1 for row in rows], np.int64)
        self._about, self._lengths, self._wanted = np.zeros((3, len(BUFFERS)), np.int64)
        self._calendar = self._layout.places("day"), self._layout.places("days_left")
        self._clock = thread_clock()
        self.nanoseconds = np.zeros(len(rows), np.int64)

    def lay(self, columns: Columns) -> None:
        """Take the columns of a district as they are now."""
        self._layout.lay(columns)
        self._about, self._lengths = about(columns), np.array(lengths(columns), np.int64)

    def turn(self, columns: Columns, days: range, last_day: int) -> None:
        """Live some days of the month that ends with `last_day`."""
        day, row = days.start, 0
        while True:
            turned = turn(
                day, days.stop, last_day, row, self._layout.codes, self._layout.words, self._layout.laid,
                *self._calendar, self._spaces, columns["filled"], columns["due_state"], self._about, self._lengths,
                self._wanted, self._clock, self.nanoseconds,
            )  # fmt: skip
            if turned < 0:
                raise RuntimeError(f"row {self.rows[-1 - turned].name} of the plan failed")
            passed, row = divmod(turned, len(self.rows))
            day += passed
            today = min(day, days.stop - 1)
            columns["day"], columns["days_left"] = np.int64(today), np.int64(last_day - today)
            if day == days.stop:
                return
            make_space(columns, self.rows[row].name)
            self.lay(columns)

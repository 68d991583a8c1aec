"""Turning the rows of the plan for one district after another, and timing them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

import numpy as np

from scorepolis.core.buffers import BREACHES, PANEL_ENTRIES
from scorepolis.core.calendar import month_number
from scorepolis.core.errors import ScorepolisError
from scorepolis.day.district import Columns, live_past
from scorepolis.day.exchange import Letters, News
from scorepolis.day.plan import PLAN, Row, check
from scorepolis.day.space import make_space
from scorepolis.engine.day import Day, compile_row
from scorepolis.engine.setting import Setting
from scorepolis.engine.workspaces import Workspaces

YEARLY, DAILY, MONTHLY = ([row for row in PLAN if row.every == every] for every in ("year", "day", "month"))
_CROSSING = next(n for n, row in enumerate(MONTHLY) if row.scope == "sends")
BEFORE, AFTER = MONTHLY[:_CROSSING], MONTHLY[_CROSSING + 3 :]
"""Rows of a month's end before districts hear of one another, and those after."""
SEND, EXCHANGE, RECEIVE = MONTHLY[_CROSSING : _CROSSING + 3]
FIRST: Final = [row for row in AFTER if row.stage == "measure"]
"""What is counted on the morning of day 0, when nothing has happened yet."""
BEGUN_ANEW: Final = ("tally_places", "shown", "firm_flows", "body_flows")
"""What a district adds to during a month, and needs until the month is over."""


class Turning:
    """A clock for each row of the plan, a tally, and workspaces for the districts that are at work.

    Parameters
    ----------
    setting
        Of the districts.
    part
        Which of them are counted here; all by default.

    Attributes
    ----------
    one_by_one : bool
        Whether the rows of a day are called from here, for who looks between them: the same bits, later.
    """

    one_by_one = False

    def __init__(self, setting: Setting, part: slice = slice(None)) -> None:
        check(PLAN)
        self.setting = setting
        self.parameters, self.rulebooks, self.regions = setting.parameters, setting.rulebooks, setting.regions
        self.places, self.divided = setting.places, setting.divided
        self.seed, self.start = setting.seed, setting.start
        self.firms, self.bodies = setting.firms, setting.bodies
        self._here = {name for name in ("firms", "bodies", "shares", "repairs") if getattr(setting, name)}
        self._daily = self._at_work(DAILY)
        self.tally = setting.new_tally(part)
        self.workspaces = Workspaces(setting.slots, setting.most_firms, setting.most_bodies)
        self.stopped = threading.Event()
        self._own = threading.local()
        self._days: list[Day] = []
        self._clocks: dict[int, dict[str, int]] = {}

    @property
    def nanoseconds(self) -> dict[str, int]:
        """Processor time by row of the plan."""
        spent = {row.name: sum(clock[row.name] for clock in self._clocks.values()) for row in PLAN}
        for day in self._days:
            for row, nanoseconds in zip(day.rows, day.nanoseconds.tolist(), strict=True):
                spent[row.name] += nanoseconds
        return spent

    def begin_anew(self, part: slice) -> None:
        """Count and time other districts from here on; workspaces, and how rows are called, stay as they are."""
        self.tally = self.setting.new_tally(part)
        self._clocks.clear()
        for day in self._days:
            day.nanoseconds[:] = 0

    def compile(self, columns: Columns) -> None:
        """Compile what is not compiled yet, on a thread that will turn it and for a district like any."""
        with self.workspaces.lent(columns):
            for row in self._at_work(PLAN):
                if row.scope == "district":
                    compile_row(row, columns)

    def begin(self, columns: Columns) -> None:
        """Let the firms and public bodies of a district have a past, on the morning of day 0."""
        with self.workspaces.lent(columns):
            live_past(columns, self.start.month)

    def visit(self, columns: Columns, rows: Sequence[Row]) -> None:
        """Turn some rows."""
        with self.workspaces.lent(columns):
            for row in self._at_work(rows):
                self._turn(row, columns)
            if columns["filled"][PANEL_ENTRIES]:
                self.tally.take_panel(columns)

    def live(self, columns: Columns, days: range, last_day: int, on_day: Callable[[int], None] | None = None) -> None:
        """Let a district live some days of the month that ends with `last_day`."""
        if self.stopped.is_set():
            return
        self._set_month(columns, last_day)
        with self.workspaces.lent(columns):
            if self.one_by_one:
                for day in days:
                    self._step(columns, day, last_day - day)
            else:
                self._day(columns).turn(columns, days, last_day)
            if on_day is not None:
                for day in days:
                    on_day(day)
            if breaches := columns["filled"][BREACHES]:
                raise ScorepolisError(
                    f"{breaches} acts had a rate above their ceiling: the ceilings no longer cover the model"
                )
            self.tally.take_panel(columns)

    def send(self, columns: Columns, days: int) -> Letters:
        """Close a district's month of so many days, and take what it sends to others."""
        letters: Letters = self._call(SEND, columns, columns, days)
        return letters

    def exchange(self, letters: Sequence[Letters]) -> list[News]:
        """Carry the letters of all districts."""
        instruments = len(self.regions.whole["is_list"])
        news: list[News] = self._call(EXCHANGE, letters, self.places, instruments, self.seed)
        return news

    def receive(self, columns: Columns, news: News, day: int) -> None:
        """Let news arrive on the last day of a month, and what follows from them; the month is over then."""
        self._set_month(columns, day)
        columns["day"], columns["days_left"] = np.int64(day), np.int64(0)
        self._call(RECEIVE, columns, columns, news, day)
        self.visit(columns, AFTER)
        for name in BEGUN_ANEW:
            columns[name][:] = 0

    def _at_work(self, rows: Sequence[Row]) -> list[Row]:
        """Leave out what does nothing here, so that nothing is compiled for it."""
        return [row for row in rows if row.serves is None or row.serves in self._here]

    def _set_month(self, columns: Columns, day: int) -> None:
        date = self.start + timedelta(day)
        columns["month_number"], columns["calendar_month"] = np.int64(month_number(date)), np.int64(date.month)

    def _turn(self, row: Row, columns: Columns) -> None:
        """Call a row's function with the columns it names."""
        if row.scope == "columns":
            self._call(row, columns, columns)
        else:
            make_space(columns, row.name)
            self._call(row, *row.taken(columns))

    def _call(self, row: Row, *arguments: object) -> Any:  # noqa: ANN401 - whatever the row's function gives
        began = time.thread_time_ns()
        result = row.function(*arguments)
        self._clock[row.name] += time.thread_time_ns() - began
        return result

    def _step(self, columns: Columns, day: int, days_left: int) -> None:
        """Live a day of a month that has so many left, row by row."""
        columns["day"], columns["days_left"] = np.int64(day), np.int64(days_left)
        for row in self._daily:
            self._turn(row, columns)

    def _day(self, columns: Columns) -> Day:
        """Lay out the rows of a day for a district, on this thread, whose workspace is mostly where it was."""
        if not hasattr(self._own, "day"):
            self._own.day = Day(self._daily, columns)
            self._days.append(self._own.day)
        day: Day = self._own.day
        day.lay(columns)
        return day

    @property
    def _clock(self) -> dict[str, int]:
        """Processor time by row on this thread; threads that shared one would wait for each other at every row."""
        thread = threading.get_ident()
        if thread not in self._clocks:
            self._clocks[thread] = dict.fromkeys((row.name for row in PLAN), 0)
        return self._clocks[thread]

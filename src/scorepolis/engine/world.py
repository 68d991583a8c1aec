"""A world: all districts of a society under some rulebooks, and the clock that turns the plan."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import BREACHES, OUT_REFUSED, PANEL_ENTRIES
from scorepolis.core.calendar import Month, months
from scorepolis.core.compiled import compile_once
from scorepolis.core.errors import InputError, ScorepolisError
from scorepolis.core.usual import PANEL
from scorepolis.day.district import STRIDED, Columns, live_past, make_space, new_district, settle, waken
from scorepolis.day.plan import PLAN, Row, check
from scorepolis.day.regions import Regions, Where, build_regions
from scorepolis.day.rest import pack
from scorepolis.day.tables import Tables
from scorepolis.engine.checkpoint import COUNTS, Checkpoints, district
from scorepolis.engine.workspaces import Workspaces
from scorepolis.measures.tally import Tally
from scorepolis.parameters import Parameters
from scorepolis.rulebooks.schema import Rulebook
from scorepolis.society.places import build_places

FOREVER = 40_000
"""Days that no run exceeds."""

Item = TypeVar("Item")
Done = TypeVar("Done")

MEAN_CEILING = 0.08
"""Acts a day that may happen to a person on average, at most: the engine's speed rests on it."""


class World:
    """A society under rulebooks, day by day.

    Parameters
    ----------
    parameters, rulebooks
        Validated inputs.
    society
        Name of the society.
    where
        Of each rulebook the names of the places where it is in force; None: everywhere.
    people
        Number of people; the society's own if None.
    seed
        64-bit seed.
    start
        Date of day 0.
    threads
        Threads that share the districts. The results do not depend on it.
    tile
        Days for which a district runs before the next one gets its turn, at most a month. The results do not depend on
        it.
    like
        Another world with the same parameters, society and people, whose settled districts are taken over: nothing in
        them depends on rulebooks. If its seed is another one, the same people live here with other luck.
    panel
        People, about, whose whole ledger and life are kept; with `like`, those of the other world.
    firms
        Whether there are firms; by default, if a rulebook rates them or the other world has them.
    checkpoints
        Where the world is kept at months' ends, and from where it goes on if something is there.
    regions
        Regions made of the same parameters, rulebooks, society and people, which cost a tenth of a second; of the seed
        they hold no more than its words.

    Raises
    ------
    InputError
        If rates exceed what the ceilings allow, or the society has not the places that `where` names.
    """

    def __init__(
        self,
        parameters: Parameters,
        rulebooks: Sequence[Rulebook],
        *,
        society: str,
        where: Sequence[Where] | None = None,
        people: int | None = None,
        seed: int = 1,
        start: date = date(2019, 1, 1),
        threads: int = 1,
        tile: int = 31,
        like: World | None = None,
        panel: int = PANEL,
        regions: Regions | None = None,
        firms: bool | None = None,
        checkpoints: Checkpoints | None = None,
    ) -> None:
        check(PLAN)
        self.yearly, self.daily, self.monthly = (
            [row for row in PLAN if row.every == every] for every in ("year", "day", "month")
        )
        self.parameters, self.rulebooks = parameters, tuple(rulebooks)
        self.seed, self.start, self.tile, self.panel = seed, start, tile, panel
        model = parameters.societies[society]
        self.places = build_places(model, people or int(model.people.exact), parameters)
        self.society, self.divided = model, bool(model.provinces)
        everywhere = [None] * len(self.rulebooks)
        self.regions = (
            build_regions(parameters, rulebooks, where or everywhere, model, self.places, seed)
            if regions is None
            else regions.with_seed(seed)
        )
        denies = np.any(self.regions.whole["effect_bits"] & OUT_REFUSED, axis=1)
        self.tally = Tally(denies, self.places.district_units if self.divided else None)
        self.nanoseconds = {row.name: 0 for row in PLAN}
        self.stopped = threading.Event()
        self._clock = threading.Lock()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="district")
        self.numbers = range(len(self.places.districts) - 1)
        rated = any(book.firms for book in self.rulebooks) or (like is not None and like.firms)
        self.firms: bool = rated if firms is None else firms
        # Settled districts with firms, and without, cannot stand in for one another.
        alike = like is not None and like.firms == self.firms
        self.settled: list[Columns] = like.settled if like and alike else self._each(self._settle, self.numbers)
        self.checkpoints = checkpoints
        self.months_done = (checkpoints.last() or 0) if checkpoints else 0
        if checkpoints and self.months_done:
            self.districts: list[Columns] = self._each(partial(self._waken, checkpoints), self.numbers)
        else:
            self.districts = self._each(self._open, self.numbers)
        self.workspaces = Workspaces(*(max(d[name].size for d in self.districts) for name in ("age", "firm_size")))
        self._pool.submit(self._compile).result()  # on a thread that will need the workspace
        if not self.months_done:
            self._each(self._live_past, self.districts)
        mean = sum(int(d["gate"].sum(dtype=np.int64)) for d in self.districts) / 65536 / self.places.people
        if mean > MEAN_CEILING:
            raise InputError(
                f"the rates of behaviours and wants add up to a mean ceiling of {mean:.3f} acts a day",
                expected=f"at most {MEAN_CEILING}: a lower rate or a higher weight",
            )
        if self.checkpoints and self.months_done:
            for month in range(self.months_done + 1):
                self.tally.add(self.checkpoints.read(month, COUNTS))
        else:
            self._visit([row for row in self.monthly if row.stage == "measure"])
            self.tally.take_people(self.districts)
            self.tally.take_moment(self.workspaces.all, self.districts)
            if self.checkpoints:
                self.checkpoints.keep(0, COUNTS, self.tally.latest())

    @property
    def tables(self) -> Tables:
        """Tables of the first region: in most societies, of all of it."""
        return self.regions.tables[0]

    def tables_of(self, number: int) -> Tables:
        """Tables of a district."""
        return self.regions.tables[self.region_of(number)]

    def region_of(self, number: int) -> int:
        """Region in which a district lies."""
        return int(self.regions.of_district[number])

    def _settle(self, number: int) -> Columns:
        thresholds = self.regions.thresholds[self.region_of(number)]
        tables = self.tables_of(number)
        return settle(
            number,
            self.places,
            self.society,
            self.parameters,
            tables,
            self.seed,
            thresholds,
            self.panel,
            firms=self.firms,
        )

    def _live_past(self, columns: Columns) -> None:
        with self.workspaces.lent(columns):
            live_past(columns, self.start.month)

    def leave(self) -> None:
        """Let go of everything but what another world may take over."""
        self.districts.clear()
        self.workspaces.all.clear()

    def _open(self, number: int) -> Columns:
        return new_district(self.settled[number], self.tables_of(number), self.seed)

    def _waken(self, checkpoints: Checkpoints, number: int) -> Columns:
        packed = checkpoints.read(self.months_done, district(number))
        birthdays = sum(month.birthday for month in islice(months(self.start, FOREVER), self.months_done))
        return waken(self.settled[number], self.tables_of(number), packed, birthdays)

    def run(self, days: int, on_day: Callable[[int], None] | None = None) -> None:
        """Run from day 0 to day `days` - 1.

        Parameters
        ----------
        days
            Length of the run.
        on_day
            Called with the days done, whenever the slowest district has moved on.
        """
        try:
            for number, month in enumerate(months(self.start, days), start=1):
                if number > self.months_done:
                    self._month(month, on_day)
                    self._keep(number)
        finally:
            self.stopped.set()
            self._pool.shutdown(cancel_futures=True)

    def _keep(self, month: int) -> None:
        """Write a checkpoint."""
        if self.checkpoints is None:
            return
        keep = self.checkpoints.keep
        keep(month, COUNTS, self.tally.latest())
        if not self.checkpoints.is_due():
            return

        def keep_district(n: int) -> None:
            keep(month, district(n), pack(self.districts[n], self.settled[n], self.tables_of(n)))

        self._each(keep_district, self.numbers)
        self.checkpoints.close(month)

    def _compile(self) -> None:
        columns = self.districts[0]
        with self.workspaces.lent(columns):
            for row in PLAN:
                if row.scope == "district":
                    make_space(columns, row.name)
                    compile_once(row.function, {name: columns[name] for name in row.needs}, STRIDED)

    def _month(self, month: Month, on_day: Callable[[int], None] | None) -> None:
        last_day = month.first + month.days - 1
        if month.birthday:
            self._visit(self.yearly)
        progress = np.full(len(self.districts), month.first, np.int64)
        for first in range(month.first, month.first + month.days, self.tile):
            days = range(first, min(first + self.tile, month.first + month.days))
            self._each(
                partial(self._live, days=days, last_day=last_day, progress=progress, on_day=on_day), self.numbers
            )
        for columns in self.districts:
            columns["calendar_month"] = np.int64(month.end.month)
        first_crossing = next(n for n, row in enumerate(self.monthly) if row.scope == "sends")
        self._visit(self.monthly[:first_crossing])
        self._exchange(*self.monthly[first_crossing : first_crossing + 3], days=month.days, day=last_day)
        self._visit(self.monthly[first_crossing + 3 :])
        self.tally.take_month(self.workspaces.all, self.districts, month.days)
        self.tally.take_moment(self.workspaces.all, self.districts)

    def _exchange(self, send: Row, exchange: Row, receive: Row, *, days: int, day: int) -> None:
        """Let districts send letters, carry them, and let districts receive the news."""
        letters = self._each(lambda d: self._call(send, d, d, days), self.districts)
        instruments = len(self.regions.whole["is_list"])
        news = self._call(exchange, letters, self.places, instruments, self.seed)
        self._each(lambda n: self._call(receive, self.districts[n], self.districts[n], news[n], day), self.numbers)

    def _live(
        self, number: int, days: range, last_day: int, progress: npt.NDArray[np.int64],
        on_day: Callable[[int], None] | None,
    ) -> None:  # fmt: skip
        """Let a district live some days."""
        columns = self.districts[number]
        with self.workspaces.lent(columns):
            for day in days:
                if self.stopped.is_set():
                    return
                columns["day"], columns["days_left"] = np.int64(day), np.int64(last_day - day)
                for row in self.daily:
                    self._turn(row, columns)
                progress[number] = day + 1
                if on_day is not None:
                    on_day(int(progress.min()))
            if breaches := columns["filled"][BREACHES]:
                raise ScorepolisError(
                    f"{breaches} acts had a rate above their ceiling: the ceilings no longer cover the model"
                )
            self.tally.take_panel(columns)

    def _visit(self, rows: Sequence[Row]) -> None:
        """Turn some rows for each district."""

        def turn_all(columns: Columns) -> None:
            with self.workspaces.lent(columns):
                for row in rows:
                    self._turn(row, columns)
                if columns["filled"][PANEL_ENTRIES]:
                    self.tally.take_panel(columns)

        self._each(turn_all, self.districts)

    def _turn(self, row: Row, columns: Columns) -> None:
        """Call a row's function with the columns it names."""
        if row.scope == "columns":
            self._call(row, columns, columns)
        else:
            make_space(columns, row.name)
            self._call(row, *[columns[name] for name in row.needs])

    def _call(self, row: Row, *arguments: object) -> Any:  # noqa: ANN401 - whatever the row's function gives
        began = time.thread_time_ns()
        result = row.function(*arguments)
        self._spent(row, began)
        return result

    def _spent(self, row: Row, began: int) -> None:
        with self._clock:
            self.nanoseconds[row.name] += time.thread_time_ns() - began

    def _each(self, task: Callable[[Item], Done], items: Sequence[Item]) -> list[Done]:
        """Do a task for each item on the threads; the first error stops them all."""
        futures: list[Future[Done]] = [self._pool.submit(task, item) for item in items]
        try:
            wait(futures)
            return [future.result() for future in futures]
        except BaseException:
            self.stopped.set()
            for future in futures:
                future.cancel()
            raise

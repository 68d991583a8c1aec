"""A world: all districts of a society under some rulebooks in memory, and the clock that turns the plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from datetime import date
from functools import partial
from itertools import count
from typing import Any, TypeVar

import numpy.typing as npt

from scorepolis.core.calendar import Month, months
from scorepolis.core.usual import PANEL
from scorepolis.day.district import Columns
from scorepolis.day.exchange import Letters
from scorepolis.day.regions import Regions, Where
from scorepolis.day.tables import Tables
from scorepolis.engine.checkpoint import COUNTS, INBOX, Checkpoints, district
from scorepolis.engine.mail import bound, opened
from scorepolis.engine.setting import Setting, gates_of
from scorepolis.engine.turning import BEFORE, FIRST, YEARLY, Turning
from scorepolis.parameters import Parameters
from scorepolis.rulebooks.schema import Rulebook

Item = TypeVar("Item")
Done = TypeVar("Done")


class World(Turning):
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
    firms, bodies
        Whether there are firms and public bodies; by default, if a rulebook rates them or the other world has them.
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
        bodies: bool | None = None,
        checkpoints: Checkpoints | None = None,
    ) -> None:
        if firms is None and like is not None and like.firms:
            firms = True
        if bodies is None and like is not None and like.bodies:
            bodies = True
        super().__init__(
            Setting(
                parameters, rulebooks, society=society, where=where, people=people, seed=seed, start=start,
                panel=panel, firms=firms, bodies=bodies, regions=regions,
                common=like.regions if like is not None else None,
            )
        )  # fmt: skip
        self.tile = tile
        self.numbers = self.setting.numbers
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="district")
        # Settled districts with firms or public bodies, and without, cannot stand in for one another.
        alike = like is not None and (like.firms, like.bodies) == (self.firms, self.bodies)
        self._like = like if alike else None
        self.checkpoints = checkpoints
        self.months_done = (checkpoints.last() or 0) if checkpoints else 0
        self._untold: dict[int, dict[str, npt.NDArray[Any]]] = {}  # counts of months since the last checkpoint
        self._news = opened(checkpoints.read(self.months_done, INBOX)) if checkpoints and self.months_done else []
        founded = self._each(self._found, self.numbers)
        self.settled: list[Columns] = [settled for settled, _ in founded]
        self.districts: list[Columns] = [columns for _, columns in founded]
        self._like = None
        self.setting.check_ceilings(sum(gates_of(columns) for columns in self.districts))
        if checkpoints and self.months_done:
            for month in range(1, self.months_done + 1):
                self.tally.add(checkpoints.read(month, COUNTS))
        else:
            self._each(self.begin, self.districts)
            self._each(lambda d: self.visit(d, FIRST), self.districts)
            self.tally.take_people(self.districts)
            self.tally.take_moment(self.workspaces.all, self.districts)

    @property
    def tables(self) -> Tables:
        """Tables of the first region: in most societies, of all of it."""
        return self.regions.tables[0]

    def tables_of(self, number: int) -> Tables:
        """Tables of a district."""
        return self.setting.tables_of(number)

    def leave(self) -> None:
        """Let go of everything but what another world may take over."""
        self.districts.clear()
        self.workspaces.all.clear()

    def _found(self, number: int) -> tuple[Columns, Columns]:
        """Settle a district, or take over a settled one, and open it."""
        settled = self._like.settled[number] if self._like is not None else self.setting.settle(number)
        if self.checkpoints and self.months_done:
            packed = self.checkpoints.read(self.months_done, district(number))
            columns = self.setting.waken(number, settled, packed, self.months_done)
        else:
            columns = self.setting.open(number, settled)
        if number == 0:  # while other threads found other districts
            self.compile(columns)
        return settled, columns

    def run(self, days: int, on_day: Callable[[int], None] | None = None) -> None:
        """Run from day 0 to day `days` - 1.

        Parameters
        ----------
        days
            Length of the run.
        on_day
            Called with the days done, in all districts together as many times as there are districts.
        """
        over: Month | None = None
        try:
            for number, month in enumerate(months(self.start, days), start=1):
                if number > self.months_done:
                    self._month(over, month, on_day)
                    self._keep(number)
                if number >= self.months_done:  # what is kept of a month is kept before its news arrive
                    over = month
            if over is not None:
                self._each(partial(self._end, over), self.numbers)
                self.tally.take_moment(self.workspaces.all, self.districts)
        finally:
            self.stopped.set()
            self._pool.shutdown(cancel_futures=True)

    def _month(self, over: Month | None, month: Month, on_day: Callable[[int], None] | None) -> None:
        """Let all districts end the month that is over and live the next, and carry what crosses between them."""
        lived = count(1)

        def on_district(_: int) -> None:
            days, districts = divmod(next(lived), len(self.districts))
            if on_day is not None and not districts:
                on_day(month.first + days)

        letters: list[Letters | None] = []
        for first in range(month.first, month.last + 1, self.tile):
            days = range(first, min(first + self.tile, month.last + 1))
            letters = self._each(partial(self._live, over, month, days, on_district), self.numbers)
        counting = self._pool.submit(self._count, over, month)
        self._news = self.exchange([letter for letter in letters if letter is not None])
        counting.result()

    def _count(self, over: Month | None, month: Month) -> None:
        """Add up what was counted when the month before ended, and in this one."""
        if over is not None:
            self.tally.take_moment(self.workspaces.all, self.districts)
        self.tally.take_month(self.workspaces.all, self.districts, month.days)

    def _live(
        self, over: Month | None, month: Month, days: range, on_day: Callable[[int], None], number: int
    ) -> Letters | None:
        """Let a district live some days; all its month if these are all, so that nobody waits but for the letters."""
        columns = self.districts[number]
        if days.start == month.first:
            if over is not None:
                self._end(over, number)
            if month.birthday:
                self.visit(columns, YEARLY)
        self.live(columns, days, month.last, on_day)
        if days.stop <= month.last:
            return None
        self.visit(columns, BEFORE)
        return self.send(columns, month.days)

    def _end(self, over: Month, number: int) -> None:
        """Let the news of a month that is over arrive in a district."""
        self.receive(self.districts[number], self._news[number], over.last)

    def _keep(self, month: int) -> None:
        """Write a checkpoint."""
        if self.checkpoints is None:
            return
        keep = self.checkpoints.keep
        self._untold[month] = self.tally.latest()
        if not self.checkpoints.is_due():
            return
        for untold, counts in self._untold.items():
            keep(untold, COUNTS, counts)
        self._untold.clear()
        keep(month, INBOX, bound(self._news))
        self._each(
            lambda n: keep(month, district(n), self.setting.lay_by(n, self.districts[n], self.settled[n])), self.numbers
        )
        self.checkpoints.close(month)

    def _each(self, task: Callable[[Item], Done], items: Sequence[Item]) -> list[Done]:
        """Do a task for each item on the threads; the first error stops them all."""
        futures: list[Future[Done]] = [self._pool.submit(task, item) for item in items]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
            return [future.result() for future in futures]
        except BaseException:
            self.stopped.set()
            for future in futures:
                future.cancel()
            raise

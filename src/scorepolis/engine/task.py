"""A month of some districts: the one task of which a run out of core, and a run on a cluster, consist.

What it does depends on the task alone, on files that the task names with their checksums, and on nothing that was done
before: it may be done anywhere, by anybody, twice or again, and leaves the same files. A month begins, here, with the
news of the month before and ends with the letters that its districts send.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.calendar import Month, months
from scorepolis.day.district import Columns
from scorepolis.day.exchange import Letters, News
from scorepolis.engine import specification
from scorepolis.engine.checkpoint import INBOX, district, read, report, write
from scorepolis.engine.kept import Kept, bytes_of
from scorepolis.engine.mail import opened, together
from scorepolis.engine.setting import Setting, gates_of
from scorepolis.engine.turning import BEFORE, FIRST, YEARLY, Turning
from scorepolis.society.derived import derive, drawn_of

LETTERS: Final = "letters "
"""Before the names of the arrays of a report that are letters."""
TOLD: Final = ("panel_states", "instruments", "tally_places", "firm_flows", "firm_moment", "body_flows", "body_moment")
"""Columns of a district that are counted when all districts of a task have lived."""


@dataclass(frozen=True)
class Task:
    """What is to be done. Of states and news it has the checksums, not the content.

    Attributes
    ----------
    folder
        Of the world: its specification and checkpoints, the same for all who work on it.
    specification
        Checksum of the specification.
    months_done
        Months that are over but for their news, 0 on the morning of day 0.
    first, last
        The districts, `last` not among them.
    states
        Checksum of the state of each; nothing on the morning of day 0.
    inbox
        Checksum of the news; empty on the morning of day 0.
    spare
        Bytes of districts that the process may keep in memory, so that it need not read them again.
    """

    folder: str
    specification: str
    months_done: int
    first: int
    last: int
    states: tuple[str, ...]
    inbox: str
    spare: int


@dataclass(frozen=True)
class Receipt:
    """What was done, and the checksums of what was written.

    Attributes
    ----------
    first, last
        The districts.
    states
        Checksum of the new state of each; nothing when the run is over.
    report
        Checksum of what was counted, and of the letters.
    gates
        On the morning of day 0, sum of all gates, in 2^-16 acts a day.
    nanoseconds
        Processor time by row of the plan.
    """

    first: int
    last: int
    states: tuple[str, ...]
    report: str
    gates: int
    nanoseconds: dict[str, int]


def live_month(task: Task) -> Receipt:
    """Let some districts live the month that follows those done, or, after the last, hear its news.

    Parameters
    ----------
    task
        What is to be done.

    Returns
    -------
    Receipt
        The same for the same task, but for the times.

    Raises
    ------
    InputError
        If this process does not see the folder, or has another version of Scorepolis.
    ScorepolisError
        If a file is damaged.
    """
    with _opening:
        place = _place(task)
    try:
        return _Visit(task, place).made()
    except BaseException:
        place.own.__dict__.clear()  # what was counted half must not be counted again
        raise


def forget() -> None:
    """Let go of what this process keeps between tasks."""
    with _opening:
        _places.clear()


@dataclass
class _Place:
    """What a process keeps of a world from task to task: what saves time and changes nothing."""

    setting: Setting
    calendar: list[Month]
    kept: Kept
    own: threading.local = field(default_factory=threading.local)
    compiled: bool = False
    inbox: tuple[str, list[News]] = ("", [])

    def turning(self) -> Turning:
        """Give this thread's own, whose workspaces and layouts serve one task after another."""
        if not hasattr(self.own, "turning"):
            self.own.turning = Turning(self.setting)
        turning: Turning = self.own.turning
        return turning


_places: dict[tuple[str, str], _Place] = {}
_opening = threading.Lock()


def _place(task: Task) -> _Place:
    """Find the world of a task, or make it, in the place of any other; and see that its news are there."""
    key = (task.folder, task.specification)
    if key not in _places:
        _places.clear()
        what = specification.read(Path(task.folder), task.specification)
        setting = what.setting()
        _places[key] = _Place(setting, list(months(setting.start, what.days)), Kept())
    place = _places[key]
    if task.inbox and place.inbox[0] != task.inbox:
        place.inbox = task.inbox, opened(read(Path(task.folder), task.months_done, INBOX, task.inbox))
    return place


class _Visit:
    """A visit to the districts of a task, one after the other."""

    def __init__(self, task: Task, place: _Place) -> None:
        self.task, self.place, self.setting = task, place, place.setting
        self.folder = Path(task.folder)
        calendar, done = place.calendar, task.months_done
        self.over = calendar[done - 1] if done else None
        self.month = calendar[done] if done < len(calendar) else None
        self.news = place.inbox[1]
        self.turning = place.turning()
        self.turning.begin_anew(slice(task.first, task.last))
        self.told: list[Columns] = []
        self.people: list[dict[str, npt.NDArray[np.int64]]] = []
        self.letters: list[Letters] = []
        self.states: list[str] = []
        self.gates = 0

    def made(self) -> Receipt:
        """Visit them all, and report."""
        for number in range(self.task.first, self.task.last):
            columns, settled = self._open(number)
            self._begin(number, columns)
            if self.month is not None:
                self._live(columns, self.month)
                packed = self.setting.lay_by(number, columns, settled)
                self.states.append(write(self.folder, self.task.months_done + 1, district(number), packed))
            self.told.append({name: columns[name].copy() for name in TOLD})
            if self.over is None:
                self.gates += gates_of(columns)
            self.turning.workspaces.take_back(columns)
            if self.month is not None:
                self._keep(number, columns, settled)
        checksum = write(self.folder, self.task.months_done + 1, report(self.task.first), self._report())
        task = self.task
        return Receipt(task.first, task.last, tuple(self.states), checksum, self.gates, self.turning.nanoseconds)

    def _keep(self, number: int, columns: Columns, settled: Columns) -> None:
        """Keep of a district what there is room for."""
        kept, spare, tables = self.place.kept, self.task.spare, self.setting.tables_of(number)
        drawn = drawn_of(settled)
        size = bytes_of(drawn, besides=tables)
        most = spare - size * (len(self.setting.numbers) - kept.keep_drawn(number, drawn, size, spare))
        if most > 0:
            whole = bytes_of(columns, settled, besides=tables)
            kept.keep(number, self.states[-1], (columns, settled), whole, most)

    def _settle(self, number: int) -> Columns:
        """Settle a district, anew only if nothing of it is kept."""
        drawn = self.place.kept.drawn(number)
        return self.setting.settle(number) if drawn is None else derive(drawn)

    def _open(self, number: int) -> tuple[Columns, Columns]:
        """Open a district as it was laid by, or as it is at the start."""
        if not self.task.months_done:
            settled = self._settle(number)
            return self.setting.open(number, settled), settled
        checksum = self.task.states[number - self.task.first]
        kept = self.place.kept.take(number, checksum)
        if kept is not None:
            return kept
        packed = read(self.folder, self.task.months_done, district(number), checksum)
        settled = self._settle(number)
        return self.setting.waken(number, settled, packed, self.task.months_done), settled

    def _begin(self, number: int, columns: Columns) -> None:
        """End the month that is over, and count the moment."""
        if not self.place.compiled:
            self.turning.compile(columns)
            self.place.compiled = True
        if self.over is None:
            self.turning.begin(columns)
            self.turning.visit(columns, FIRST)
            self.turning.tally.take_people([columns])
            self.people.append(self.turning.tally.people())
        else:
            self.turning.receive(columns, self.news[number], self.over.last)

    def _live(self, columns: Columns, month: Month) -> None:
        """Live a month, up to the letters."""
        if month.birthday:
            self.turning.visit(columns, YEARLY)
        self.turning.live(columns, range(month.first, month.last + 1), month.last)
        self.turning.visit(columns, BEFORE)
        self.letters.append(self.turning.send(columns, month.days))

    def _report(self) -> dict[str, npt.NDArray[Any]]:
        """Put together what was counted, and the letters."""
        tally, workspaces = self.turning.tally, self.turning.workspaces.all
        tally.take_moment(workspaces, self.told)
        if self.month is not None:
            tally.take_month(workspaces, self.told, self.month.days)
        letters = together(self.letters, len(self.setting.regions.whole["is_list"]))
        counted = {key: array for key, array in tally.latest().items() if not key.startswith("people ")}
        for name in self.people[0] if self.people else ():
            counted[f"people {name}"] = np.concatenate([people[name] for people in self.people])
        return counted | {f"{LETTERS}{field.name}": getattr(letters, field.name) for field in fields(Letters)}

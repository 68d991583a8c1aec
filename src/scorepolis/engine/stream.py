"""A stream: a world whose districts are not all in memory, lived month after month by tasks that are done elsewhere.

Here are the exchange, the counts of all, and the checkpoints; whoever does the tasks reads and writes the districts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

import numpy as np

from scorepolis.core.calendar import Month, months
from scorepolis.day.exchange import Letters
from scorepolis.engine import checkpoint
from scorepolis.engine.checkpoint import COUNTS, INBOX, Checkpoints, district
from scorepolis.engine.crew import Crew
from scorepolis.engine.mail import bound
from scorepolis.engine.specification import Specification
from scorepolis.engine.task import LETTERS, Receipt, Task
from scorepolis.engine.turning import Turning
from scorepolis.measures.tally import Gathering

BATCH: Final = 2_000_000
"""People of a task, at most where a district has not more: seconds of work, beside which its report is little."""
ROUNDS: Final = 4
"""Tasks of a month that everybody at work should get, at least, so that nobody waits long for the last."""


class Stream(Turning):
    """A society under rulebooks, month by month.

    Parameters
    ----------
    specification
        What it is made of.
    checkpoints
        Where its districts are; it goes on from what is there.
    crew
        Who does the tasks.
    """

    def __init__(self, specification: Specification, checkpoints: Checkpoints, crew: Crew) -> None:
        super().__init__(specification.setting())
        self.checkpoints, self._crew = checkpoints, crew
        self._written = specification.write(checkpoints.folder)
        self._batches = _batches(self._sizes(), crew.hands)
        self.months_done = checkpoints.last() or 0
        self._states: dict[int, str] = {}
        self._inbox = ""
        if self.months_done:
            done = self.months_done
            checksums = checkpoints.checksums(done)
            self._states = {n: checksums[district(n)] for n in self.setting.numbers}
            self._inbox = checksums[INBOX]
            for month in range(1, done + 1):
                self.tally.add(checkpoints.read(month, COUNTS))

    def leave(self) -> None:
        """Let go of everything but what another world may take over, which is nothing."""

    def run(self, days: int, on_day: Callable[[int], None] | None = None) -> None:
        """Run from day 0 to day `days` - 1.

        Parameters
        ----------
        days
            Length of the run, as specified.
        on_day
            Called with the days done, as far as those of many districts are days of all.
        """
        calendar = list(months(self.start, days))
        for done in range(self.months_done, len(calendar)):
            month = calendar[done]
            gathering, letters, receipts = self._gather(done, month, on_day)
            if not done:
                self.setting.check_ceilings(sum(receipt.gates for receipt in receipts))
            news = self.exchange(letters)
            counts = gathering.whole()
            self.tally.add(counts)
            self.checkpoints.keep(done + 1, COUNTS, counts)
            self._inbox = self.checkpoints.keep(done + 1, INBOX, bound(news))
            for receipt in receipts:
                for number, state in zip(range(receipt.first, receipt.last), receipt.states, strict=True):
                    self._states[number] = state
                    self.checkpoints.note(done + 1, district(number), state)
            self.checkpoints.close(done + 1)
        self.tally.add(self._gather(len(calendar), None, None)[0].whole())

    def _gather(
        self, done: int, month: Month | None, on_day: Callable[[int], None] | None
    ) -> tuple[Gathering, list[Letters], list[Receipt]]:
        """Have the tasks of a month done, and put together what was counted, and the letters."""
        gathering, letters, receipts, visited = Gathering(by_unit=self.divided), [], [], 0
        folder = self.checkpoints.folder
        for receipt in self._crew.each(list(self._tasks(folder, done))):
            counted = checkpoint.read(folder, done + 1, checkpoint.report(receipt.first), receipt.report)
            letters.append(Letters(*(counted.pop(f"{LETTERS}{field.name}") for field in fields(Letters))))
            gathering.take(receipt.first, counted)
            receipts.append(receipt)
            for row, spent in receipt.nanoseconds.items():
                self._clock[row] += spent
            visited += receipt.last - receipt.first
            if month is not None and on_day is not None:
                on_day(month.first + month.days * visited // len(self.setting.numbers))
        return gathering, letters, receipts

    def _tasks(self, folder: Path, done: int) -> Iterator[Task]:
        for first, last in self._batches:
            states = tuple(self._states[n] for n in range(first, last)) if done else ()
            yield Task(str(folder), self._written, done, first, last, states, self._inbox, self._crew.spare)

    def _sizes(self) -> list[int]:
        """Count the people of each district."""
        people = np.concatenate([[0], np.cumsum(self.places.sizes, dtype=np.int64)])
        sizes: list[int] = np.diff(people[self.places.districts]).tolist()
        return sizes


def _batches(sizes: Sequence[int], hands: int) -> list[tuple[int, int]]:
    """Cut districts into runs of neighbours for one task each, whose sizes are alike."""
    most = min(BATCH, sum(sizes) // (ROUNDS * hands))
    batches, first, held = [], 0, 0
    for number, size in enumerate(sizes):
        if held and held + size > most:
            batches.append((first, number))
            first, held = number, 0
        held += size
    return [*batches, (first, len(sizes))]

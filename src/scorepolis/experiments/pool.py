"""Running points in processes: every finished one is kept in a small file, from which an interrupted run goes on."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scorepolis.core import aside
from scorepolis.experiments.points import Row, evaluate, key_of

if TYPE_CHECKING:
    from scorepolis.experiments.hands import Hands
    from scorepolis.experiments.points import Task
    from scorepolis.experiments.sampling import Point

Job = tuple["Point", tuple[int, ...]]
"""A point and its seeds."""


class Pool:
    """Evaluates points, as many at a time as there are workers.

    Parameters
    ----------
    task : Task
        What is done with every point.
    folder : Path or None
        Where finished points are kept; None keeps none.
    hands : Hands
        Who evaluates them.
    on_done : callable
        Called after every point.
    """

    def __init__(self, task: Task, folder: Path | None, hands: Hands, on_done: Callable[[], None]) -> None:
        self.task, self.folder, self.hands, self.on_done = task, folder, hands, on_done
        self.table: list[tuple[Point, list[Row]]] = []

    def run(self, jobs: Sequence[Job]) -> list[list[Row]]:
        """Evaluate some points, or read what is known of them.

        Returns
        -------
        list of list of Row
            In the order of the jobs, whatever the order in which they were done.
        """
        found = [self._known(job) for job in jobs]
        missing = [at for at, rows in enumerate(found) if rows is None]
        for _ in range(len(jobs) - len(missing)):
            self.on_done()
        for at, rows in self._evaluated(jobs, missing):
            self._keep(jobs[at], rows)
            found[at] = rows
            self.on_done()
        done = [rows for rows in found if rows is not None]
        self.table += [(point, rows) for (point, _), rows in zip(jobs, done, strict=True)]
        return done

    def _evaluated(self, jobs: Sequence[Job], missing: Sequence[int]) -> Iterator[tuple[int, list[Row]]]:
        executor = self.hands.executor
        if executor is None:
            for at in missing:
                yield at, evaluate(self.task, *jobs[at])
            return
        places: dict[Future[list[Row]], int] = {executor.submit(evaluate, self.task, *jobs[at]): at for at in missing}
        for future in as_completed(places):
            at = places[future]
            try:
                rows = future.result()
            except self.hands.deadly:
                rows = [Row(seed, {}, "the worker died each time that this was tried") for seed in jobs[at][1]]
            yield at, rows

    def _file(self, job: Job) -> Path | None:
        return None if self.folder is None else self.folder / f"{key_of(*job)}.json"

    def _known(self, job: Job) -> list[Row] | None:
        """Read a finished point; one that cannot be read is run again."""
        file = self._file(job)
        if file is None or not file.is_file():
            return None
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            rows = [Row(int(r["seed"]), _numbers(r["numbers"]), r["error"]) for r in data["rows"]]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return rows if data["point"] == job[0] and [row.seed for row in rows] == list(job[1]) else None

    def _keep(self, job: Job, rows: Sequence[Row]) -> None:
        """Write a finished point, whole or not at all."""
        file = self._file(job)
        if file is None:
            return
        told = [{"seed": row.seed, "numbers": _plain(row.numbers), "error": row.error} for row in rows]
        aside.write_text(file, json.dumps({"point": job[0], "rows": told}) + "\n")


def _plain(numbers: Any) -> dict[str, float | None]:  # noqa: ANN401 - a mapping of numbers
    return {name: None if math.isnan(number) else number for name, number in numbers.items()}


def _numbers(data: dict[str, float | None]) -> dict[str, float]:
    return {name: math.nan if number is None else float(number) for name, number in data.items()}

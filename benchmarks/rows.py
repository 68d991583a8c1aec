"""Nanoseconds of processor time per person-day, by row of the plan, for a year of Rongcheng."""

from __future__ import annotations

import argparse
import gc
import os
import platform
import resource
import sys
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from scorepolis import scenarios
from scorepolis.day.plan import PLAN
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook

REPEATS = 2
WARM_UP_PEOPLE = 100_000
"""Enough for several districts."""
YEAR = 365


@dataclass(frozen=True)
class Timing:
    """Seconds of the clock for opening the world and for its days, and nanoseconds of processor time by row."""

    setup: float
    days: float
    rows: dict[str, int]

    @property
    def processor(self) -> float:
        """Seconds of processor time of all rows."""
        return sum(self.rows.values()) / 1e9


def measure(
    scenario: scenarios.Scenario, *, people: int | None, days: int, threads: int, start: date, tile: int = 31
) -> Timing:
    """Run a world once. It is dropped before the next one, so that the peak of memory is that of one world."""
    began = time.perf_counter()
    parameters = load_parameters(scenario.set)
    books = [load_rulebook(name, parameters) for name in scenario.books]
    society = scenario.society
    world = World(
        parameters, books, society=society, where=scenario.where, people=people, start=start, threads=threads, tile=tile
    )
    ready = time.perf_counter()
    world.run(days)
    timing = Timing(ready - began, time.perf_counter() - ready, dict(world.nanoseconds))
    del world
    gc.collect()
    return timing


def processor() -> str:
    """Name of the processor, as Linux knows it or else as Python does."""
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def peak_mebibytes() -> float:
    """Most memory that this process ever held, compiled functions included."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def report(timing: Timing, person_days: int) -> str:
    """Lay out the rows in the order of the plan, and their total."""
    total = sum(timing.rows.values())
    wide = max(len(row.name) for row in PLAN) + 1
    lines = [f"{'stage':<10}{'row':<{wide}}{'when':<9}{'ns/person-day':>14}{'share':>8}"]
    for row in PLAN:
        spent = timing.rows[row.name]
        lines.append(
            f"{row.stage:<10}{row.name:<{wide}}{row.frequency:<9}{spent / person_days:>14.3f}{spent / total:>8.1%}"
        )
    return "\n".join([*lines, f"{'total':<{wide + 19}}{total / person_days:>14.3f}{1:>8.1%}"])


def count(text: str) -> int:
    """Read a number of at least 1."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return value


def warm_up(scenario: scenarios.Scenario, threads: int) -> None:
    """Over the last night of a year, so that every row turns once and is compiled before anything is measured."""
    new_year_eve = date(scenario.start.year + 1, 1, 1) - timedelta(days=1)
    measure(scenario, people=WARM_UP_PEOPLE, days=2, threads=threads, start=new_year_eve)


def year(scenario: scenarios.Scenario, *, people: int | None, days: int, threads: int) -> str:
    """Measure and report."""
    warm_up(scenario, threads)
    runs = [measure(scenario, people=people, days=days, threads=threads, start=scenario.start) for _ in range(REPEATS)]
    best = min(runs, key=lambda timing: timing.days)
    number = people or int(load_parameters(scenario.set).societies[scenario.society].people.exact)
    word = "thread" if threads == 1 else "threads"
    return "\n".join(
        [
            f"{number:,} people, {days} days under {', '.join(scenario.books)}; best of {REPEATS}",
            f"{processor()}, {os.cpu_count() or 1} cores; {threads} {word}; Python {platform.python_version()}\n",
            report(best, number * days),
            f"\nwall clock: {best.days:.2f} s for the days, {best.days * YEAR / days:.2f} s a year",
            f"            {best.setup:.2f} s for opening the world",
            f"peak memory: {peak_mebibytes():,.0f} MiB",
        ]
    )


def main() -> None:
    cores = os.cpu_count() or 1
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=count, help="people; the society's own number if not given")
    parser.add_argument("--days", type=count, default=YEAR, help="days; default %(default)s")
    parser.add_argument("--threads", type=count, default=cores, help="threads; default %(default)s, one for each core")
    given = parser.parse_args()
    print(year(scenarios.load("rongcheng"), people=given.people, days=given.days, threads=given.threads))


if __name__ == "__main__":
    main()

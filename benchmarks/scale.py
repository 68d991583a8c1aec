"""What a person-day costs by number of people, by length, by threads and by tile. Every point has a process of its own.

Processor time is what all threads spent in the rows of the plan; the clock also has what lies between them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace

from benchmarks import machine
from benchmarks.rows import YEAR, Timing, count, measure, warm_up
from scorepolis import scenarios

LEAST_PEOPLE = 10_000
MOST_PEOPLE = 3_000_000
PEOPLE = 300_000
DAYS = 31
TILES = (1, 7, 31)
REPEATS = 3


@dataclass(frozen=True)
class Point:
    """What is run."""

    scenario: str
    people: int
    days: int = DAYS
    threads: int = 1
    tile: int = 31


@dataclass(frozen=True)
class Result:
    """What came of it: the best of some runs, and their most memory."""

    point: Point
    timing: Timing
    bytes: int | None

    @property
    def person_days(self) -> int:
        return self.point.people * self.point.days


def run_here(point: Point, repeats: int) -> Result:
    """Measure in this process."""
    scenario = scenarios.load(point.scenario)
    warm_up(scenario, point.threads)
    before = machine.forget_peak()
    given = {name: value for name, value in asdict(point).items() if name != "scenario"}
    timings = [measure(scenario, start=scenario.start, **given) for _ in range(repeats)]
    peak = machine.peak()
    held = None if peak is None or before is None else peak - before
    return Result(point, min(timings, key=lambda timing: timing.processor), held)


def run(point: Point, repeats: int) -> Result:
    """Measure in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(run_here, point, repeats).result()


def people_up_to(most: int) -> list[int]:
    """10,000, 30,000, 100,000 and so on, and the most itself."""
    steps = [10**power * factor for power in range(4, 11) for factor in (1, 3)]
    return [*(people for people in steps if LEAST_PEOPLE <= people < most), most]


def sweeps(base: Point, most: int) -> dict[str, list[Point]]:
    """Points by the name of what varies."""
    cores = os.cpu_count() or 1
    lengths = sorted({7, DAYS, 92, YEAR} if base.days == DAYS else {1, base.days})
    threads = sorted({1, *(2**power for power in range(1, 10) if 2**power <= cores), cores})
    return {
        "people": [replace(base, people=people) for people in people_up_to(most)],
        "days": [replace(base, days=days) for days in lengths],
        "threads": [replace(base, threads=number) for number in threads],
        "tile": [replace(base, tile=tile) for tile in TILES],
    }


def by_stage(result: Result) -> list[list[str]]:
    """Nanoseconds of processor time per person-day, by stage of the plan."""
    from scorepolis.day.plan import PLAN

    spent: dict[str, int] = {}
    for row in PLAN:
        spent[row.stage] = spent.get(row.stage, 0) + result.timing.rows[row.name]
    total = sum(spent.values())
    lines = [[stage, f"{spent[stage] / result.person_days:.2f}", f"{spent[stage] / total:.1%}"] for stage in spent]
    return [*lines, ["all", f"{total / result.person_days:.2f}", "100.0%"]]


def lines_of(varies: str, results: Sequence[Result]) -> list[list[str]]:
    """Rows of a table; the last column compares with the first row, or with a million people where there are."""
    standard = next((r for r in results if varies == "people" and r.point.people == 1_000_000), results[0])
    per_day = {id(result): result.timing.processor / result.person_days * 1e9 for result in results}
    return [
        [
            f"{getattr(result.point, varies):,}",
            f"{per_day[id(result)]:.1f}",
            f"{result.timing.days / result.person_days * 1e9:.1f}",
            f"{per_day[id(result)] / per_day[id(standard)]:.2f}",
            f"{result.timing.days:.2f}",
            f"{result.timing.setup:.2f}",
            "" if result.bytes is None else f"{result.bytes / result.point.people:,.0f}",
        ]
        for result in results
    ]


TITLES = {
    "people": "By number of people ({days} days, threads: {threads})",
    "days": "By number of days ({people:,} people, threads: {threads})",
    "threads": "By number of threads ({people:,} people, {days} days)",
    "tile": "By tile, the days of a district's turn ({people:,} people, {days} days, threads: {threads})",
}
COLUMNS = ("ns processor", "ns clock", "ratio", "s of days", "s of opening", "bytes per person")


def report(base: Point, most: int, repeats: int, tell: Callable[[str], None] = print) -> str:
    """Run all points and write the tables."""
    measured: dict[Point, Result] = {}

    def result_of(point: Point) -> Result:
        if point not in measured:
            tell(f"{point.people:,} people, {point.days} days, {point.threads} threads, tile {point.tile}")
            measured[point] = run(point, repeats)
        return measured[point]

    parts = []
    for varies, points in sweeps(base, most).items():
        results = [result_of(point) for point in points]
        parts += [
            f"**{TITLES[varies].format(**asdict(base))}**",
            machine.table((varies, *COLUMNS), lines_of(varies, results)),
        ]
    longest = max(measured.values(), key=lambda result: (result.point.days, result.point.people))
    stage = (
        f"**By stage ({longest.point.people:,} people, {longest.point.days} days, threads: {longest.point.threads})**"
    )
    table = machine.table(("stage", "ns per person-day", "share"), by_stage(longest))
    return "\n\n".join([stage, table, *parts])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--scenario", default="rongcheng", choices=scenarios.names(), help="default %(default)s")
    parser.add_argument("--most", type=count, default=MOST_PEOPLE, help="most people; default %(default)s")
    parser.add_argument("--people", type=count, default=PEOPLE, help="people where something else varies")
    parser.add_argument("--days", type=count, default=DAYS, help="days where something else varies")
    parser.add_argument("--threads", type=count, default=1, help="threads where something else varies")
    parser.add_argument("--repeats", type=count, default=REPEATS, help="runs of which the best counts")
    given = parser.parse_args()
    base = Point(given.scenario, given.people, given.days, given.threads)
    made = machine.described(shlex.join(["python", "-m", "benchmarks.scale", *sys.argv[1:]]))
    tables = report(base, given.most, given.repeats, tell=lambda text: print(text, file=sys.stderr))
    print(f"{made}\n\n{tables}")


if __name__ == "__main__":
    main()

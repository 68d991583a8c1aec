"""What a person-day costs by number of people, by length, by threads and by tile.

Every point has a process of its own, one after the other, round after round.

Processor time is what all threads spent in the rows of the plan; the clock also has what lies between them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shlex
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
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
ROUNDS = 3


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
    """What came of running a point once."""

    point: Point
    timing: Timing
    bytes: int | None

    @property
    def nanoseconds(self) -> float:
        """Processor time per person-day."""
        return self.timing.processor / (self.point.people * self.point.days) * 1e9


def run_here(point: Point) -> Result:
    """Measure in this process."""
    scenario = scenarios.load(point.scenario)
    warm_up(scenario, point.threads)
    before = machine.forget_peak()
    given = {name: value for name, value in asdict(point).items() if name != "scenario"}
    timing = measure(scenario, start=scenario.start, **given)
    peak = machine.peak()
    return Result(point, timing, None if peak is None or before is None else peak - before)


def run(point: Point) -> Result:
    """Measure in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(run_here, point).result()


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


def best(results: Sequence[Result]) -> Result:
    """Give the one of the rounds that took least."""
    return min(results, key=lambda result: result.nanoseconds)


def by_stage(result: Result) -> list[list[str]]:
    """Nanoseconds of processor time per person-day, by stage of the plan."""
    from scorepolis.day.plan import PLAN

    spent: dict[str, int] = {}
    for row in PLAN:
        spent[row.stage] = spent.get(row.stage, 0) + result.timing.rows[row.name]
    total = sum(spent.values())
    lines = [
        [stage, f"{result.nanoseconds * time / total:.2f}", f"{time / total:.1%}"] for stage, time in spent.items()
    ]
    return [*lines, ["all", f"{result.nanoseconds:.2f}", "100.0%"]]


def lines_of(varies: str, points: Sequence[Point], measured: Mapping[Point, Sequence[Result]]) -> list[list[str]]:
    """Rows of a table; ratios are to the first row, or to a million people where there are, within the round."""
    standard = next((point for point in points if varies == "people" and point.people == 1_000_000), points[0])
    lines = []
    for point in points:
        here, there = measured[point], measured[standard]
        ratio = statistics.median(a.nanoseconds / b.nanoseconds for a, b in zip(here, there, strict=True))
        least = best(here)
        lines.append(
            [
                f"{getattr(point, varies):,}",
                f"{least.nanoseconds:.1f}",
                f"{least.timing.days / (point.people * point.days) * 1e9:.1f}",
                f"{ratio:.2f}",
                f"{least.timing.days:.2f}",
                f"{least.timing.setup:.2f}",
                "" if least.bytes is None else f"{least.bytes / point.people:,.0f}",
            ]
        )
    return lines


TITLES = {
    "people": "By number of people ({days} days, threads: {threads})",
    "days": "By number of days ({people:,} people, threads: {threads})",
    "threads": "By number of threads ({people:,} people, {days} days)",
    "tile": "By tile, the days of a district's turn ({people:,} people, {days} days, threads: {threads})",
}
COLUMNS = ("ns processor", "ns clock", "ratio", "s of days", "s of opening", "bytes per person")


def report(base: Point, most: int, rounds: int, tell: Callable[[str], None] = print) -> str:
    """Run all points, round after round, and write the tables."""
    tables = sweeps(base, most)
    distinct = list(dict.fromkeys(point for points in tables.values() for point in points))
    measured: dict[Point, list[Result]] = {point: [] for point in distinct}
    for turn in range(rounds):
        for point in distinct:
            words = f"{point.people:,} people, {point.days} days, threads {point.threads}, tile {point.tile}"
            tell(f"round {turn + 1} of {rounds}: {words}")
            measured[point].append(run(point))

    longest = best(measured[max(distinct, key=lambda point: (point.days, point.people))])
    about = f"{longest.point.people:,} people, {longest.point.days} days, threads: {longest.point.threads}"
    parts = [f"**By stage ({about})**", machine.table(("stage", "ns per person-day", "share"), by_stage(longest))]
    for varies, points in tables.items():
        parts += [
            f"**{TITLES[varies].format(**asdict(base))}**",
            machine.table((varies, *COLUMNS), lines_of(varies, points, measured)),
        ]
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--scenario", default="rongcheng", choices=scenarios.names(), help="default %(default)s")
    parser.add_argument("--most", type=count, default=MOST_PEOPLE, help="most people; default %(default)s")
    parser.add_argument("--people", type=count, default=PEOPLE, help="people where something else varies")
    parser.add_argument("--days", type=count, default=DAYS, help="days where something else varies")
    parser.add_argument("--threads", type=count, default=1, help="threads where something else varies")
    parser.add_argument("--rounds", type=count, default=ROUNDS, help="rounds; default %(default)s")
    given = parser.parse_args()
    base = Point(given.scenario, given.people, given.days, given.threads)
    made = machine.described(shlex.join(["python", "-m", "benchmarks.scale", *sys.argv[1:]]))
    tables = report(base, given.most, given.rounds, tell=lambda text: print(text, file=sys.stderr))
    print(f"{made}\n\n{tables}")


if __name__ == "__main__":
    main()

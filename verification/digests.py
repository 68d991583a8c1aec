"""However a run is cut, stopped, killed or hindered, it ends with the same digest, or loses nothing and says why."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten

from benchmarks.machine import table
from verification import clusters, cuts, faults, kills
from verification.command import options, tell
from verification.outcome import Case, Outcome

FULL = (Case("town", 20_000, 365), Case("national", 20_000, 365))
QUICK = (Case("town", 600, 40), Case("national", 10_000, 33))
WIDE = 120


@dataclass(frozen=True)
class Size:
    """How much is done."""

    cases: tuple[Case, ...]
    killed: int
    workers_killed: int
    crash_points: int | None
    """Of how many file operations the run is killed before; None: all."""
    faults: tuple[Callable[[Case, Path], Outcome], ...]


def outcomes(size: Size, scratch: Path, say: Callable[[str], None]) -> Iterator[Outcome]:
    """Do all of it."""
    for case in size.cases:
        say(f"{case}: cut otherwise")
        yield from cuts.cut(case)
        say(f"{case}: out of core")
        yield from cuts.out_of_core(case, scratch)
        say(f"{case}: interrupted at every month")
        yield from cuts.interrupted(case, scratch)
    say(f"{size.cases[-1]}: on a cluster")
    yield from clusters.outcomes(size.cases[-1], scratch, size.workers_killed)
    first = size.cases[0]
    say(f"{first}: killed at random instants")
    yield from kills.at_random(first, scratch, size.killed)
    say(f"{first}: killed before operations on files")
    yield from kills.at_operations(Case(first.scenario, 300, 62), scratch, size.crash_points)
    for fault in size.faults:
        say(fault.__name__.replace("_", " "))
        yield fault(Case(first.scenario, 600, 70), Path(tempfile.mkdtemp(dir=scratch)))


def main() -> None:
    given = options(__doc__, "fewer people and days, two kills in the place of twenty, some faults")
    size = Size(QUICK, 2, 1, 1, faults.SOME) if given.quick else Size(FULL, 20, 5, None, faults.ALL)
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for found in outcomes(size, Path(scratch), lambda text: tell("digests", text)):
            tell("digests", f"{found.result}: {found.what}: {found.seen}")
            rows.append(found)
    print(table(["what", "result", "seen"], [[row.what, row.result, shorten(row.seen, WIDE)] for row in rows]))
    failed = [row for row in rows if row.result == "FAILED"]
    print(
        f"\n{len(rows)} tried, {len(failed)} failed, {sum(row.result == 'not tried' for row in rows)} not tried here."
    )
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()

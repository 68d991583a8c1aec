"""The engine equals the oracle, a second implementation in plain Python, on every integer, at 20,000 people."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

from tests import oracle
from tests.test_oracle import STRONG, assert_equal

import scorepolis
from benchmarks.machine import table
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from verification.command import options, tell

PACKAGE = Path(scorepolis.__file__).parent
FULL, QUICK = 20_000, 1_000
CASES = {
    # Rulebooks, seed, start, days, parameters changed.
    "law alone": (["law-only"], 7, date(2019, 1, 1), 120, {}),
    "town": (["defaulter-list-2017", "spending-restriction-2017", "rongcheng-2019"], 1, date(2019, 1, 1), 120, {}),
    "strong, over a birthday": (["teaching-town", "rongcheng-2019"], 2**63 + 5, date(2019, 12, 10), 60, STRONG),
}


def difference(case: str, people: int, days: int | None = None) -> str | None:
    """Let engine and oracle live a case; what differs first, or None."""
    books, seed, start, length, overrides = CASES[case]
    parameters = load_parameters(overrides)
    rulebooks = [load_rulebook(book, parameters) for book in books]
    world = World(parameters, rulebooks, society="town", people=people, seed=seed, start=start, threads=2)
    world.run(days or length)
    paths = [PACKAGE / "rulebooks" / "library" / f"{book}.yaml" for book in books]
    twin = oracle.World(PACKAGE / "parameters", paths, "town", people, seed, start, overrides)
    twin.run(days or length)
    try:
        assert_equal(world, twin)
    except AssertionError as error:
        return str(error).splitlines()[0] if str(error) else "the ledger or a table of neighbourhoods differs"
    return None


def main() -> None:
    if not __debug__:
        sys.exit("The comparison is made of assertions: run this without -O.")
    given = options(__doc__, f"{QUICK:,} people for 40 days in the place of {FULL:,} for 60 to 120")
    people, days = (QUICK, 40) if given.quick else (FULL, None)
    rows = []
    for case in CASES:
        tell("oracle", case)
        began = time.perf_counter()
        found = difference(case, people, days)
        length = days or CASES[case][3]
        rows.append([case, f"{people:,}", str(length), f"{time.perf_counter() - began:.0f}", found or "equal"])
    print(table(["case", "people", "days", "seconds", "result"], rows))
    sys.exit(any(row[-1] != "equal" for row in rows))


if __name__ == "__main__":
    main()

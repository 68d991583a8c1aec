"""All benchmarks: rows of the plan, peers, scale. The tables are printed, or written into a page between its marks."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import machine, scale
from benchmarks.peers import __main__ as peers
from benchmarks.rows import YEAR, count, year
from scorepolis import scenarios


def rows_section(*, quick: bool) -> str:
    """Cost by row of the plan."""
    people, days = (10_000, 2) if quick else (None, YEAR)
    return f"```text\n{year(scenarios.load('rongcheng'), people=people, days=days, threads=os.cpu_count() or 1)}\n```"


def peers_section(*, quick: bool, rounds: int) -> str:
    """All implementations of W beside Scorepolis."""
    found = peers.measure(peers.chosen(None, quick), rounds=rounds, core=peers.last_core(), tell=tell)
    return peers.report(found, rounds)


def scale_section(*, quick: bool, rounds: int, most: int) -> str:
    """Cost by stage, people, days, threads and tile."""
    if quick:
        return scale.report(scale.Point("rongcheng", 10_000, 2), 20_000, rounds, tell)
    return scale.report(scale.Point("rongcheng", min(scale.PEOPLE, most)), most, rounds, tell)


def put(page: str, section: str, content: str) -> str:
    """Put content between the marks of a section of a page.

    Raises
    ------
    ValueError
        If the page does not have both marks, once.
    """
    begin, end = f"<!-- {section}: made by make bench -->", f"<!-- end of {section} -->"
    if page.count(begin) != 1 or page.count(end) != 1:
        raise ValueError(f"the page needs the lines '{begin}' and '{end}', once each")
    return re.sub(
        f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n\n{content}\n\n{end}", page, flags=re.DOTALL
    )


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="page to write into; printed if not given")
    parser.add_argument("--most", type=count, default=scale.MOST_PEOPLE, help="most people; default %(default)s")
    parser.add_argument("--rounds", type=count, default=peers.ROUNDS, help="rounds; default %(default)s")
    parser.add_argument(
        "--quick", action="store_true", help="tiny sizes, to see that all works; the figures mean nothing"
    )
    given = parser.parse_args()
    sections: dict[str, Callable[[], str]] = {
        "rows": partial(rows_section, quick=given.quick),
        "peers": partial(peers_section, quick=given.quick, rounds=given.rounds),
        "scale": partial(scale_section, quick=given.quick, rounds=given.rounds, most=given.most),
    }
    command = shlex.join(["python", "-m", "benchmarks", *sys.argv[1:]])
    for name, make in sections.items():
        tell(f"-- {name}")
        made = machine.described(command)
        content = f"{made}\n\n{make()}"
        if given.write is None:
            print(f"## {name}\n\n{content}\n")
        else:
            page = given.write.read_text(encoding="utf-8")
            given.write.write_text(put(page, name, content), encoding="utf-8")


if __name__ == "__main__":
    main()

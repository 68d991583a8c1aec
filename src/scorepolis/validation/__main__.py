"""``python -m scorepolis.validation [--data FOLDER]``: published numbers beside ours.

The exit code is 1 if one does not agree, and 2 if the folder does not hold what is asked for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scorepolis import validation
from scorepolis.core.errors import InputError
from scorepolis.validation import delayed_impact
from scorepolis.validation.check import Check


def number(value: float) -> str:
    """Write a number to five figures."""
    return f"{value:.5g}"


def sources(checks: Sequence[Check]) -> list[str]:
    """Say once each what was compared with, in order."""
    return list(dict.fromkeys(check.source for check in checks))


def table(checks: Sequence[Check]) -> Table:
    """Lay out checks, model by model; sources are numbered."""
    rows = Table(
        title="Published results by our own mechanisms", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for head in ("Result", "Source", "Published", "Ours", "Tolerance", "Kind", "Holds"):
        rows.add_column(head, justify="right" if head in ("Published", "Ours", "Tolerance") else "left")
    numbers = {source: f"({place})" for place, source in enumerate(sources(checks), 1)}
    model = None
    for check in checks:
        if check.model != model:
            rows.add_section()
            rows.add_row(Text(check.model, style="bold"))
            model = check.model
        figures = [number(value) for value in (check.published, check.ours, check.tolerance)]
        holds = Text("yes") if check.holds else Text("NO", style="bold")
        rows.add_row(Text(check.claim), numbers[check.source], *figures, check.kind, holds)
    return rows


def main(arguments: Sequence[str] = ()) -> int:
    """Print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scorepolis.validation", description=__doc__)
    parser.add_argument("--data", metavar="FOLDER", help="score distributions by group, which are not shipped")
    folder = parser.parse_args(arguments).data
    console = Console()
    try:
        checks = validation.checks() + (delayed_impact.published(folder) if folder else ())
    except InputError as error:
        Console(stderr=True).print(str(error), highlight=False, soft_wrap=True)
        return error.exit_code
    console.print(table(checks))
    for place, source in enumerate(sources(checks), 1):
        console.print(f"({place}) {source}", highlight=False)
    failed = sum(not check.holds for check in checks)
    console.print(f"\n{failed} of {len(checks)} do not agree." if failed else f"\nAll {len(checks)} agree.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

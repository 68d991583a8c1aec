"""``python -m scorepolis.validation``: published numbers beside ours; exit code 1 if one does not agree."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scorepolis import validation
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


def main() -> int:
    """Print the table; returns the exit code."""
    checks = validation.checks()
    console = Console()
    console.print(table(checks))
    for place, source in enumerate(sources(checks), 1):
        console.print(f"({place}) {source}", highlight=False)
    failed = sum(not check.holds for check in checks)
    console.print(f"\n{failed} of {len(checks)} do not agree." if failed else f"\nAll {len(checks)} agree.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

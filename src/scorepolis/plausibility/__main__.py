"""``python -m scorepolis.plausibility [PAGE]``: patterns over ten seeds; exit code 1 if a misfit has no reason."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scorepolis import plausibility
from scorepolis.plausibility.catalogue import Pattern
from scorepolis.plausibility.finding import Finding, Foretold
from scorepolis.plausibility.page import AHEAD, COLUMNS, ahead_cells, cells, page, tally

SEEDS: Final = range(1, 11)


def table(pattern: Pattern, found: Mapping[str, Finding]) -> Table:
    """Lay out the findings of a pattern, with columns as wide as those of the others."""
    rows = Table(
        title=f"{pattern.number}. {pattern.title}",
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        expand=True,
    )
    rows.add_column(COLUMNS[0], ratio=1)
    for head, width in zip(COLUMNS[2:], (9, 9, 16, 9, 4), strict=True):
        rows.add_column(head, min_width=width)
    for name in pattern.figures:
        claim, unit, *plain, fits = cells(found[name])
        rows.add_row(f"{claim} ({unit})", *plain, Text(fits.strip("*"), style="" if found[name].fits else "bold"))
    return rows


def table_ahead(foretold: Mapping[str, Foretold]) -> Table:
    """Lay out the forecasts."""
    rows = Table(title="Ahead", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    for head in AHEAD:
        rows.add_column(head, ratio=3 if head == AHEAD[0] else 1)
    for one in foretold.values():
        rows.add_row(*ahead_cells(one))
    return rows


def main(arguments: Sequence[str]) -> int:
    """Take the figures, print them, and write the page if one is named; returns the exit code."""
    catalogue = plausibility.load()
    log = Console(stderr=True)
    numbers = plausibility.taken(plausibility.MEASURES, SEEDS, on_seed=lambda seed: log.print(f"Seed {seed} is done."))
    found = {name: Finding(figure, numbers[name]) for name, figure in catalogue.figures.items()}
    foretold = {name: Foretold(one, numbers[name]) for name, one in catalogue.forecasts.items()}
    console = Console()
    for pattern in catalogue.patterns:
        console.print(table(pattern, found))
    console.print(table_ahead(foretold))
    console.print(tally(list(found.values())))
    for name, finding in found.items():
        if finding.unexplained:
            console.print(f"{name} does not fit, and the catalogue gives no reason.", style="bold")
    for target in arguments[:1]:
        Path(target).write_text(page(catalogue, found, foretold), encoding="utf-8")
        console.print(f"The page is in {target}.", highlight=False)
    return int(any(finding.unexplained for finding in found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The command that sets published patterns beside what the worlds show, over several seeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scorepolis import plausibility
from scorepolis.core.aside import write_text
from scorepolis.core.errors import InputError, nearest
from scorepolis.plausibility.catalogue import Catalogue, Pattern
from scorepolis.plausibility.finding import Finding, Foretold, Spread
from scorepolis.plausibility.page import AHEAD, COLUMNS, ahead_cells, cells, page, tally

ASK_AHEAD: Final = "ahead"
"""What is asked for to be told the forecasts."""


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


@dataclass(frozen=True)
class Shown:
    """What was asked for, and what the worlds show of it.

    Attributes
    ----------
    catalogue
        With the patterns that were asked for.
    found
        A finding for each of their figures, by name.
    foretold
        What was taken for each forecast; nothing if they were not asked for.
    """

    catalogue: Catalogue
    found: dict[str, Finding]
    foretold: dict[str, Foretold]

    @property
    def unexplained(self) -> list[str]:
        """Names of the figures that do not fit, of which the catalogue does not say why."""
        return [name for name, finding in self.found.items() if finding.unexplained]

    def rows(self) -> list[dict[str, Any]]:
        """Give figures and forecasts as plain values."""
        figures = [
            {"pattern": pattern.number, "name": name, **_plain(self.found[name])}
            for pattern in self.catalogue.patterns
            for name in pattern.figures
        ]
        return figures + [
            {"pattern": ASK_AHEAD, "name": name, "claim": one.forecast.claim, "unit": one.forecast.unit, **_spread(one)}
            for name, one in self.foretold.items()
        ]


def _plain(finding: Finding) -> dict[str, Any]:
    figure = finding.figure
    low, high = figure.published.range
    published = {"published": figure.published.value, "lowest_published": low, "highest_published": high}
    told = {"fitted": bool(figure.fitted), "fits": finding.fits, "misfit": None if finding.fits else figure.misfit}
    return {"claim": figure.claim, "unit": figure.published.unit, **published, **_spread(finding), **told}


def _spread(numbers: Spread) -> dict[str, float]:
    low, high = numbers.interval
    return {"simulated": numbers.mean, "lowest": low, "highest": high}


def show(asked: Sequence[str], seeds: int, on_seed: Callable[[int, int], None] | None = None) -> Shown:
    """Take the figures of some patterns.

    Parameters
    ----------
    asked
        Numbers of patterns, or `ahead` for the forecasts; none: all of it.
    seeds
        How many seeds, from 1 on.
    on_seed
        Called with how many seeds are done, and how many there are.

    Returns
    -------
    Shown

    Raises
    ------
    InputError
        If there is no such pattern.
    """
    catalogue = plausibility.load()
    names = [*(str(pattern.number) for pattern in catalogue.patterns), ASK_AHEAD]
    for name in asked:
        if name not in names:
            raise InputError(f"unknown pattern '{name[:40]}'", expected=", ".join(names), nearest=nearest(name, names))
    wanted = set(asked) or set(names)
    patterns = tuple(pattern for pattern in catalogue.patterns if str(pattern.number) in wanted)
    catalogue = catalogue.model_copy(update={"patterns": patterns})
    forecasts = catalogue.forecasts if ASK_AHEAD in wanted else {}
    measures = {name: plausibility.MEASURES[name] for name in (*catalogue.figures, *forecasts)}
    done = count(1)
    numbers = plausibility.taken(
        measures, range(1, seeds + 1), on_seed=None if on_seed is None else lambda _: on_seed(next(done), seeds)
    )
    return Shown(
        catalogue,
        {name: Finding(figure, numbers[name]) for name, figure in catalogue.figures.items()},
        {name: Foretold(one, numbers[name]) for name, one in forecasts.items()},
    )


def print_tables(shown: Shown, console: Console) -> None:
    """Print what was taken, pattern by pattern."""
    for pattern in shown.catalogue.patterns:
        console.print(table(pattern, shown.found))
    if shown.foretold:
        console.print(table_ahead(shown.foretold))
    if shown.found:
        console.print(tally(list(shown.found.values())))
    for name in shown.unexplained:
        console.print(f"{name} does not fit, and the catalogue gives no reason.", style="bold")


def write_page(shown: Shown, target: str) -> None:
    """Write the page of all patterns into a file."""
    write_text(Path(target), page(shown.catalogue, shown.found, shown.foretold))

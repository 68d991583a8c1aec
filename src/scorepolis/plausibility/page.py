"""The page of the documentation that is made from the findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from textwrap import wrap
from typing import Final

from scorepolis.plausibility.catalogue import Catalogue, Figure, Pattern
from scorepolis.plausibility.finding import Finding, Foretold

WIDTH: Final = 120

HEAD: Final = """\
# Plausibility

Parts that are right can make a whole that is wrong. This page sets patterns that were published, from surveys, court
statistics and experiments, beside what the same model shows all at once. It is made, not written, by

    make plausibility

which takes some minutes. What the figures are, where they come from and within what range one fits stands in
`src/scorepolis/plausibility/patterns.yaml`.

"""

READING: Final = """\
*Simulated* is the mean over {seeds} seeds, and *over seeds* says the lowest and the highest of them. Where two
worlds are compared, it is the same people with the same luck. A figure *fits* if the mean lies in the range that is
given below the table. *Fitted* is a figure to give which a parameter was set: that it fits is no evidence for the
model. All others are *predicted*. What does not fit is left as it is, with the reason as far as we know it. What was
set after a first comparison is *fitted* too.
"""


def number(value: float) -> str:
    """Write a number to three figures."""
    figures = f"{value + 0.0:.3g}"  # minus nothing is nothing
    return f"{float(figures):.0f}" if "e+" in figures else figures


def kind(figure: Figure) -> str:
    """Say whether a figure is fitted or predicted."""
    return "fitted" if figure.fitted else "predicted"


def cells(finding: Finding) -> tuple[str, ...]:
    """Give the cells of a figure's row: claim, unit, published, simulated, lowest to highest, kind, fits."""
    figure = finding.figure
    low, high = finding.interval
    published = number(figure.published.value) if figure.published.status != "assumed" else "no number"
    return (
        figure.claim,
        figure.published.unit,
        published,
        number(finding.mean),
        f"{number(low)} to {number(high)}",
        kind(figure),
        "yes" if finding.fits else "**no**",
    )


def ahead_cells(foretold: Foretold) -> tuple[str, ...]:
    """Give the cells of a forecast's row: claim, unit, simulated, lowest to highest."""
    low, high = foretold.interval
    forecast = foretold.forecast
    return forecast.claim, forecast.unit, number(foretold.mean), f"{number(low)} to {number(high)}"


AHEAD: Final = ("Forecast", "Unit", "Simulated", "Over seeds")
COLUMNS: Final = ("Figure", "Unit", "Published", "Simulated", "Over seeds", "Kind", "Fits")


def tally(found: Sequence[Finding]) -> str:
    """Say in a sentence how many fit, the fitted and the predicted apart."""
    fitted = [finding for finding in found if finding.figure.fitted]
    predicted = [finding for finding in found if not finding.figure.fitted]
    of_each = [f"{sum(f.fits for f in some)} of {len(some)} {name}" for some, name in
               ((predicted, "predicted"), (fitted, "fitted")) if some]  # fmt: skip
    return f"{' and '.join(of_each)} figures fit."


def page(catalogue: Catalogue, found: Mapping[str, Finding], foretold: Mapping[str, Foretold]) -> str:
    """Write the page.

    Parameters
    ----------
    catalogue
        The published patterns.
    found
        A finding for each of their figures, all of the same seeds.
    foretold
        Of the same seeds, what was taken for each forecast.

    Returns
    -------
    str
        Markdown; the same for the same findings.
    """
    seeds = len(next(iter(found.values())).simulated)
    lines = chain(
        HEAD.splitlines(),
        wrap(READING.format(seeds=seeds), WIDTH),
        ("", f"**{tally(list(found.values()))}**", ""),
        chain.from_iterable(_pattern(pattern, found) for pattern in catalogue.patterns),
        _ahead(catalogue, foretold),
        _unshown(catalogue),
    )
    return "\n".join(lines) + "\n"


def _pattern(pattern: Pattern, found: Mapping[str, Finding]) -> Iterator[str]:
    yield f"## {pattern.number}. {pattern.title}"
    yield ""
    yield from _table(COLUMNS, (cells(found[name]) for name in pattern.figures))
    yield ""
    for name, figure in pattern.figures.items():
        yield from wrap(
            f"- {_about(figure, found[name])}",
            WIDTH,
            subsequent_indent="  ",
            break_on_hyphens=False,
            break_long_words=False,
        )
    yield ""


def _ahead(catalogue: Catalogue, foretold: Mapping[str, Foretold]) -> Iterator[str]:
    yield "## Ahead"
    yield ""
    yield from wrap(
        "What follows in the same worlds for what no figure was taken of. It holds if the rules and all else stay as "
        "they are in the model: changes of law, epidemics and growth are not in it. What lies between the seeds is the "
        "luck of a town, and not what is open about the assumptions.",
        WIDTH,
    )
    yield ""
    yield from _table(AHEAD, (ahead_cells(one) for one in foretold.values()))
    yield ""
    for forecast in catalogue.ahead.values():
        yield from wrap(f"- *{forecast.claim}.* {_sentence(forecast.measured)}", WIDTH, subsequent_indent="  ")
    yield ""


def _about(figure: Figure, finding: Finding) -> str:
    """Say where a figure comes from, how it was taken, and why it does not fit."""
    published = figure.published
    low, high = published.range
    parts = [
        f"*{figure.claim}.* {_sentence(published.source or published.reason or '')}",
        _sentence(published.note or ""),
        f"Fits from {number(low)} to {number(high)}." if low < high else f"Fits at {number(low)}.",
        f"Simulated: {_sentence(figure.measured)}",
        f"Set to give it: {', '.join(f'`{path}`' for path in figure.fitted)}." if figure.fitted else "",
        f"**Does not fit:** {_sentence(figure.misfit or 'nobody knows why.')}" if not finding.fits else "",
    ]
    return " ".join(part for part in parts if part)


def _sentence(text: str) -> str:
    return text if not text or text.endswith(".") else f"{text}."


def _unshown(catalogue: Catalogue) -> Iterator[str]:
    yield "## What the model cannot show"
    yield ""
    yield from _table(("Pattern", "Published", "Why not"), ((str(u.number), u.claim, u.why) for u in catalogue.unshown))


def _table(heads: Sequence[str], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    for row in (heads, ["---"] * len(heads), *rows):
        yield f"| {' | '.join(row)} |"

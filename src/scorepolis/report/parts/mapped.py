"""The map over time: the same neighbourhoods side by side for each part of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.transforms import Affine2D

from scorepolis.measures.counts import PLACE_FLOWS
from scorepolis.report.drawing import SOFT, WIDTH, Picture, drawing
from scorepolis.report.language import say, told
from scorepolis.report.maps import (
    FLOWS,
    LEGEND,
    blocks,
    edges_of,
    highest,
    legend,
    residents_of,
    shade,
    where_the_town_is,
)
from scorepolis.report.numbers import amount, day
from scorepolis.report.parts.part import Part

if TYPE_CHECKING:
    import numpy.typing as npt

    from scorepolis.runs.result import Run

    Integers = npt.NDArray[np.int64]

MOST: Final = 6  # maps side by side
_ACROSS: Final = 3
_HEAD: Final = 18


def part(run: Run) -> Part:
    """Map penalties and refusals over time; what did not happen is not drawn."""
    found = [flow for flow in FLOWS if run.counts.by_place[..., PLACE_FLOWS.index(flow)].any()]
    if not found:
        return Part("map", (say("map.nothing"),))
    return Part("map", pictures=tuple(over_time(run, flow) for flow in found), limit=say("map.limit"))


def periods(run: Run) -> list[tuple[int, int]]:
    """Divide the months of a run into at most `MOST` stretches, as first and last but one."""
    months = len(run.context.months)
    each = -(-months // MOST)
    return [(first, min(first + each, months)) for first in range(0, months, each)]


def rates_over_time(run: Run, flow: str) -> tuple[Integers, list[Integers]]:
    """Give the residents of every neighbourhood, and what befell them in every stretch."""
    counted = run.counts.by_place[..., PLACE_FLOWS.index(flow)]
    return residents_of(run), [counted[first:last].sum(axis=0) for first, last in periods(run)]


def over_time(run: Run, flow: str) -> Picture:
    """Draw one map for each stretch of the run, all in the same shades.

    Parameters
    ----------
    run : Run
        What was run.
    flow : str
        Of `FLOWS`.

    Returns
    -------
    Picture
        Per 100 residents and stretch, with a table of the neighbourhoods that have most.
    """
    residents, counted = rates_over_time(run, flow)
    what = say(f"map.{flow}")
    title = say("map.over_time", what=what)
    whens = [day(run.context.months[last - 1]) for _, last in periods(run)]
    mapped = [blocks(one, residents) for one in counted]
    every = np.concatenate([shown for _, _, shown in mapped])
    means = [100 * one.sum() / residents.sum() for one in counted]
    sentence = told([
        say(
            "map.time_sentence", what=what, first=amount(means[0], "per 100"), last=amount(means[-1], "per 100"),
            until=whens[0], end=whens[-1], most=amount(float(every.max()), "per 100"),
        ),
        *where_the_town_is(run),
    ])  # fmt: skip
    x, y, _ = mapped[0]
    rows = -(-len(mapped) // _ACROSS)
    wide = WIDTH / _ACROSS - 10
    size = wide / (np.ptp(x) + 1)
    high = size * (np.ptp(y) + 1)
    edges = edges_of(every)
    with drawing(f"maps-{flow}", f"{title}. {sentence}", rows * (high + _HEAD) + LEGEND) as canvas:
        sheet = canvas.sheet()
        for n, (_, _, shown) in enumerate(mapped):
            row, column = divmod(n, _ACROSS)
            left, top = column * (wide + 10) + 5, canvas.height - row * (high + _HEAD) - _HEAD
            sheet.text(left + wide / 2, top + 4, whens[n], color=SOFT, size=8, ha="center")
            place = Affine2D().translate(0.5 - x.min(), -0.5 - y.max()).scale(size).translate(left, top)
            shade(sheet, x, y, shown, edges, place)
        legend(sheet, edges, what)
    turn = {
        "kind": "map",
        "x": x.tolist(),
        "y": y.tolist(),
        "when": whens,
        "rates": [np.round(shown, 2).tolist() for _, _, shown in mapped],
        "unit": say("map.legend", what=what.lower()),
        "choose": say("turn.time"),
    }
    heads = (say("map.neighbourhood"), say("map.residents"), *(say("map.until", day=when) for when in whens))
    return Picture(title, sentence, canvas.svg, highest(title, heads, residents, counted), turn)

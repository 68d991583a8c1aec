"""The map: neighbourhoods as squares on a square spiral, darker where more befell those who live there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import IdentityTransform

from scorepolis.measures.counts import PLACE_FLOWS
from scorepolis.measures.groups import GROUPS, masks
from scorepolis.report.drawing import BAD, LINE, SOFT, WIDTH, Picture, drawing
from scorepolis.report.language import say, told
from scorepolis.report.numbers import amount, whole
from scorepolis.report.tables import Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

    from scorepolis.report.drawing import Sheet
    from scorepolis.report.tables import Row
    from scorepolis.runs.result import Run

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

FLOWS: Final = ("negative_entries", "refusals")
"""What is mapped."""

_MOST: Final = 40  # squares along a side; beyond that neighbours share a square
_SHADES: Final = 5
_HIGHEST: Final = 20  # neighbourhoods in the table
_WIDE: Final = 260  # points
_STEP: Final = 44
LEGEND: Final = 56
"""Points that the legend needs at the foot of a drawing."""


def flow_map(run: Run, flow: str) -> Picture:
    """Draw a map of what befell the people of each neighbourhood over the whole run.

    Parameters
    ----------
    run : Run
        What was run.
    flow : str
        Of `FLOWS`.

    Returns
    -------
    Picture
        Per 100 residents, with a table of the neighbourhoods that have most.
    """
    counted = run.counts.by_place[..., PLACE_FLOWS.index(flow)].sum(axis=0)
    residents = residents_of(run)
    rates = 100 * counted / residents
    what = say(f"map.{flow}")
    title = say("map.title", what=what)
    mean = 100 * counted.sum() / residents.sum()
    found = {"least": _rate(rates.min()), "most": _rate(rates.max()), "mean": _rate(mean)}
    over_all = say("map.sentence", what=what, places=whole(len(rates), "neighbourhood"), **found)
    sentence = told([over_all, *where_the_town_is(run)])
    x, y, shown = blocks(counted, residents)
    high = _WIDE * (np.ptp(y) + 1) / (np.ptp(x) + 1)
    margin = (WIDTH - _WIDE) / 2
    with drawing(f"map-{flow}", f"{title}. {sentence}", high + LEGEND) as canvas:
        axes = canvas.axes(left=margin, right=margin, top=0, bottom=LEGEND)
        axes.set_axis_off()
        edges = edges_of(shown)
        shade(axes, x, y, shown, edges)
        axes.set_xlim(x.min() - 0.5, x.max() + 0.5)
        axes.set_ylim(y.min() - 0.5, y.max() + 0.5)
        legend(canvas.sheet(), edges, what)
    heads = (say("map.neighbourhood"), say("map.residents"), what, say("map.per_hundred"))
    return Picture(title, sentence, canvas.svg, highest(title, heads, residents, [counted], counts=True))


def spiral(points: int) -> tuple[Integers, Integers]:
    """Walk the square spiral from the middle: runs of 1, 1, 2, 2, 3, 3, ... steps east, north, west, south.

    Examples
    --------
    >>> [line.tolist() for line in spiral(6)]
    [[0, 1, 1, 0, -1, -1], [0, 0, 1, 1, 1, 0]]
    """
    runs = np.arange(2 * int(np.sqrt(points)) + 2)
    steps = np.array([(1, 0), (0, 1), (-1, 0), (0, -1)])[np.repeat(runs % 4, runs // 2 + 1)]
    x, y = np.concatenate(([(0, 0)], steps.cumsum(axis=0)))[:points].T
    return x, y


def residents_of(run: Run) -> Integers:
    """Count the residents of every neighbourhood, or of every unit of a society of several provinces."""
    if run.context.units:
        return np.array([unit.people for unit in run.context.units])
    return sizes(run.provenance["people"], run.counts.by_place.shape[1])


def sizes(people: int, neighbourhoods: int) -> Integers:
    """Share people out over neighbourhoods as the society does, the larger ones first."""
    return people // neighbourhoods + (np.arange(neighbourhoods) < people % neighbourhoods)


def blocks(counted: Integers, residents: Integers) -> tuple[Integers, Integers, Floats]:
    """Give the squares of the map and their rates per 100 residents.

    Parameters
    ----------
    counted, residents : array
        By neighbourhood.

    Returns
    -------
    tuple of array
        x, y and rate of every square. Where there are too many neighbourhoods to see, several share one.
    """
    x, y = spiral(len(counted))
    each = -(-int(np.ptp(x) + 1) // _MOST)
    places, square = np.unique(np.stack((x // each, y // each)), axis=1, return_inverse=True)
    rates = 100 * np.bincount(square.ravel(), counted) / np.bincount(square.ravel(), residents)
    return places[0], places[1], rates


def edges_of(rates: Floats) -> Floats:
    """Divide what occurs into a few steps with round numbers between them."""
    edges = np.asarray(MaxNLocator(_SHADES).tick_values(rates.min(), rates.max()))
    return edges[np.searchsorted(edges, rates.min(), side="right") - 1 :]


def shade(
    axes: Axes | Sheet, x: Integers, y: Integers, rates: Floats, edges: Floats, place: Transform | None = None
) -> None:
    """Fill the squares of a map by their rates, and outline them.

    Parameters
    ----------
    axes : Axes or Sheet
        To draw into.
    x, y, rates : array
        Of every square.
    edges : float64 array
        Between the shades, from the lightest on.
    place : Transform, optional
        Where the squares lie on the axes, if not at their own coordinates.
    """
    where = place or IdentityTransform()
    classes = np.clip(np.searchsorted(edges, rates, side="right") - 1, 0, len(edges) - 2)
    for step in range(len(edges) - 1):
        inside = classes == step
        if inside.any():
            drawn = where.transform_path(squares(x[inside], y[inside]))
            axes.add_artist(PathPatch(drawn, facecolor=BAD, alpha=_darkness(step, edges), edgecolor="none"))
    outline = where.transform_path(squares(x, y))
    axes.add_artist(PathPatch(outline, facecolor="none", edgecolor=LINE, linewidth=0.4))


def legend(sheet: Sheet, edges: Floats, what: str) -> None:
    """Draw what the shades mean, `LEGEND` points high, at the foot of a sheet whose units are points."""
    left = (WIDTH - _STEP * (len(edges) - 1)) / 2
    for step, low in enumerate(edges[:-1]):
        corner = (left + _STEP * step, 18)
        sheet.add_artist(Rectangle(corner, _STEP, 10, facecolor=BAD, alpha=_darkness(step, edges)))
        sheet.text(corner[0], 5, f"{low:g}", ha="center")
    sheet.text(left + _STEP * (len(edges) - 1), 5, f"{edges[-1]:g}", ha="center")
    sheet.text(WIDTH / 2, 34, say("map.legend", what=what.lower()), ha="center", color=SOFT)


def _darkness(step: int, edges: Floats) -> float:
    return (step + 1) / (len(edges) - 1)


def squares(x: Integers, y: Integers) -> Path:
    """Outline squares around their middles."""
    around = np.array([(-0.46, -0.46), (0.46, -0.46), (0.46, 0.46), (-0.46, 0.46), (-0.46, -0.46)])
    corners = np.stack((x, y), axis=1)[:, None] + around
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    return Path(corners.reshape(-1, 2), np.tile(codes, len(x)))


def where_the_town_is(run: Run) -> list[str]:
    """Say how to read the map, where there are both town and country."""
    people = run.counts.people[0]
    urban = masks()[[group.name for group in GROUPS].index("urban")] @ people
    return [say("map.town")] if 0 < urban < people.sum() else []


def highest(
    title: str, heads: tuple[str, ...], residents: Integers, counted: Sequence[Integers], *, counts: bool = False
) -> Table:
    """Tell the neighbourhoods that have most, and all of them together.

    Parameters
    ----------
    title, heads : str
        Of the table and of its columns.
    residents : array
        By neighbourhood.
    counted : sequence of array
        What befell them, in each stretch of time; told per 100 residents.
    counts : bool
        Whether how often it was is told before.
    """
    rates = np.stack([100 * one / residents for one in counted])
    order = np.argsort(-rates.sum(axis=0), kind="stable")

    def row(name: str, people: int, befell: Sequence[int], told: Iterable[float]) -> Row:
        return (name, f"{people:,}", *(f"{n:,}" for n in befell if counts), *map(_rate, told))

    rows = [
        row(say("map.number", n=h), residents[h], [one[h] for one in counted], rates[:, h]) for h in order[:_HIGHEST]
    ]
    sums = [one.sum() for one in counted]
    everybody = row(say("table.all"), residents.sum(), sums, [100 * n / residents.sum() for n in sums])
    more = len(order) > _HIGHEST
    note = say("map.note_most", n=_HIGHEST, all=f"{len(order):,}") if more else say("map.note")
    return Table(title, heads, (Section(tuple(rows)), Section((everybody,))), note)


def _rate(rate: float) -> str:
    return amount(rate, "per 100")

"""Flows between grades: the same people on the first and the last day, or under one scheme and another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from scorepolis.core.buffers import IN_SCOPE
from scorepolis.experiments.flows import ACROSS, OVER_TIME
from scorepolis.report.comparing import MOST_PAIRS
from scorepolis.report.drawing import SOFT, WIDTH, Picture, blend, drawing
from scorepolis.report.language import say
from scorepolis.report.numbers import amount, people
from scorepolis.report.parts.part import Part
from scorepolis.report.tables import Section, Table
from scorepolis.runs.reading import label

if TYPE_CHECKING:
    import numpy.typing as npt

    from scorepolis.experiments.comparison import Comparison
    from scorepolis.runs.result import Run

_HIGH: Final = 210  # points of all people together
_GAP: Final = 14
_THINNEST: Final = 0.8
_BAR: Final = 9
_SIDE: Final = 62


@dataclass(frozen=True)
class Flow:
    """People by where they come from and where they go.

    Attributes
    ----------
    title, before, after : str
        What it is of, and what its two sides are called.
    sources, targets : tuple of str
        Grades on either side, the highest first.
    people : int64 array, (sources, targets)
    """

    title: str
    before: str
    after: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    people: npt.NDArray[np.int64]
    over_time: bool = True


def part(run: Run) -> Part:
    """Tell the flows of a run, from its panel."""
    if run.world.panel is None:
        return Part("flows", (say("flows.no_panel"),))
    drawn = tuple(picture(flow, f"flow-{k}") for k, flow in enumerate(of_run(run)))
    return Part("flows", pictures=drawn, limit=say("flows.limit"))


def part_of_comparison(comparison: Comparison) -> Part:
    """Tell the flows of a comparison, over time and from scheme to scheme, of all seeds together."""
    drawn = tuple(picture(flow, f"flow-{k}") for k, flow in enumerate(of_comparison(comparison)))
    return Part("flows", pictures=drawn, limit=say("flows.limit"))


def of_run(run: Run) -> list[Flow]:
    """Count the panel by grade at the start and at the end, under each instrument."""
    fields = [f"{name}_{k}" for k in range(len(run.context.instruments)) for name in ("standing", "marks")]
    states = run.panel.states(fields=fields)
    everybody = len(run.panel.people["person"])
    found = []
    for k, instrument in enumerate(run.context.instruments):
        standing, marks = (states[f"{name}_{k}"].reshape(everybody, -1)[:, [0, -1]] for name in ("standing", "marks"))
        inside = ((marks & IN_SCOPE) > 0).all(axis=1)
        grades = len(instrument.grades)
        pairs = np.bincount(standing[inside, 0] * grades + standing[inside, 1], minlength=grades**2)
        names = instrument.grades[::-1]
        counts = pairs.reshape(grades, grades)[::-1, ::-1].astype(np.int64)
        title = say("flows.title", name=label(run, k))
        found.append(Flow(title, say("flows.first_day"), say("flows.last_day"), names, names, counts))
    return found


def of_comparison(comparison: Comparison) -> list[Flow]:
    """Read the flows of a comparison; from scheme to scheme only where there are few pairs."""
    keys = ["from_scheme", "from_instrument", "to_scheme", "to_instrument"]
    found = []
    for kind in (OVER_TIME, ACROSS):
        own = comparison.flows[comparison.flows["kind"] == kind]
        pairs = list(own.groupby(keys, observed=True, sort=False))
        if kind == ACROSS and len(pairs) > MOST_PAIRS:
            continue
        for key, rows in pairs:
            ours, theirs = (_grades(comparison, str(key[at]), str(key[at + 1])) for at in (0, 2))
            summed = rows.groupby(["from_grade", "to_grade"], observed=True)["people"].sum().to_dict()
            counts = np.array([[int(summed.get((one, other), 0)) for other in theirs] for one in ours], np.int64)
            if kind == OVER_TIME:
                sides = say("flows.title", name=key[1]), say("flows.first_day"), say("flows.last_day")
            else:
                sides = say("flows.across", one=key[1], other=key[3]), str(key[0]), str(key[2])
            found.append(Flow(*sides, ours, theirs, counts, kind == OVER_TIME))
    return found


def picture(flow: Flow, key: str) -> Picture:
    """Draw a flow as ribbons between two columns."""
    table = _table(flow)
    total = int(flow.people.sum())
    if not total:
        return Picture(flow.title, say("flows.nobody"), "", table)
    sentence = _sentence(flow, total)
    height = _HIGH + _GAP * max(len(flow.sources), len(flow.targets)) + 24
    with drawing(key, f"{flow.title}. {sentence}", height) as canvas:
        sheet = canvas.sheet()
        for x, words, side in ((_SIDE - 4, flow.before, "right"), (WIDTH - _SIDE + 4, flow.after, "left")):
            sheet.text(x + (_BAR + 4) * (1 if side == "right" else -1), height - 10, words, color=SOFT,
                      ha="left" if side == "right" else "right")  # fmt: skip
        left, right = (_column(flow.people.sum(axis=axis), height) for axis in (1, 0))
        leaving, arriving = left.copy(), right.copy()
        for i, j in np.argwhere(flow.people > 0):
            thick = max(_THINNEST, _HIGH * flow.people[i, j] / total)
            colour = _colour(j, len(flow.targets))
            sheet.add_artist(PathPatch(_ribbon(leaving[i], arriving[j], thick), facecolor=colour, alpha=0.55))
            leaving[i] -= _HIGH * flow.people[i, j] / total
            arriving[j] -= _HIGH * flow.people[i, j] / total
        sides = (
            (left, flow.sources, 1, _SIDE, -5, "right"),
            (right, flow.targets, 0, WIDTH - _SIDE - _BAR, 14, "left"),
        )
        for tops, names, axis, x, offset, ha in sides:
            counts = flow.people.sum(axis=axis)
            for n, (top, name) in enumerate(zip(tops, names, strict=True)):
                high = max(_THINNEST, _HIGH * counts[n] / total)
                sheet.add_artist(Rectangle((x, top - high), _BAR, high, facecolor=_colour(n, len(names))))
                share = amount(counts[n] / total, "share")
                sheet.text(x + offset, top - high / 2, f"{name} {share}", ha=ha, va="center", size=9)
    return Picture(flow.title, sentence, canvas.svg, table, _turn(flow))


def _turn(flow: Flow) -> dict[str, Any]:
    sides = (("<", flow.before, flow.sources), (">", flow.after, flow.targets))
    nodes = [
        {"id": f"{side}{name}", "name": f"{name} ({when})", "shade": 1 - n / max(1, len(names) - 1)}
        for side, when, names in sides
        for n, name in enumerate(names)
    ]
    links = [
        {"from": f"<{flow.sources[i]}", "to": f">{flow.targets[j]}", "people": int(flow.people[i, j])}
        for i, j in np.argwhere(flow.people > 0)
    ]
    return {"kind": "flows", "nodes": nodes, "links": links, "unit": say("table.people")}


def _column(counts: npt.NDArray[np.int64], height: float) -> npt.NDArray[np.float64]:
    """Give the upper edge of each grade, from the top of the drawing."""
    heights = _HIGH * counts / counts.sum()
    before = np.concatenate(([0.0], np.cumsum(heights + _GAP)[:-1]))
    return np.asarray(height - 24 - before)


def _ribbon(left: float, right: float, thick: float) -> Path:
    x0, x1 = _SIDE + _BAR, WIDTH - _SIDE - _BAR
    middle = (x0 + x1) / 2
    corners = [
        (x0, left), (middle, left), (middle, right), (x1, right),
        (x1, right - thick), (middle, right - thick), (middle, left - thick), (x0, left - thick), (x0, left),
    ]  # fmt: skip
    curve = Path.CURVE4
    codes = [Path.MOVETO, curve, curve, curve, Path.LINETO, curve, curve, curve, Path.CLOSEPOLY]
    return Path(corners, codes)


def _colour(rank: int, grades: int) -> str:
    """Give the highest grade the accent, and the lowest the colour of what is bad."""
    return blend(1 - rank / max(1, grades - 1))


def _sentence(flow: Flow, total: int) -> str:
    if not flow.over_time:
        return say("flows.across_sentence", people=people(total), one=flow.before, other=flow.after)
    same = int(np.trace(flow.people))
    rose = int(np.tril(flow.people, -1).sum())
    return say(
        "flows.sentence",
        people=people(total),
        same=amount(same / total, "share"),
        rose=people(rose),
        fell=people(total - same - rose),
    )


def _table(flow: Flow) -> Table:
    heads = (say("compare.from"), *(say("compare.to", grade=name) for name in flow.targets), say("table.all"))
    rows = tuple(
        (name, *(f"{n:,}" for n in row), f"{row.sum():,}") for name, row in zip(flow.sources, flow.people, strict=True)
    )
    return Table(f"{flow.title}: {flow.before} → {flow.after}", heads, (Section(rows),), say("flows.note"))


def _grades(comparison: Comparison, scheme: str, instrument: str) -> tuple[str, ...]:
    instruments = comparison.runs[scheme].context.instruments
    return next(i.grades[::-1] for i in instruments if f"{i.rulebook}/{i.name}" == instrument)

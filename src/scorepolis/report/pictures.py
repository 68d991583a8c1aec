"""The pictures of a run, each with a sentence made from its numbers and the table behind it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.ticker import NullLocator

from scorepolis.core.buffers import CHANNELS, SHAMING
from scorepolis.measures.counts import TRUTHS
from scorepolis.measures.declared import BY_NAME
from scorepolis.measures.groups import GROUPS
from scorepolis.report import tables, words
from scorepolis.report.drawing import ACCENT, BAD, INK, SOFT, Picture, blend, drawing
from scorepolis.report.numbers import amount, change
from scorepolis.report.reading import FEW, channels, is_list, label, penalised, scope_of, value
from scorepolis.report.words import hardest_hit, what_was_run

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes

    from scorepolis.runs.result import Run

# What can be compared in percent: conduct and life, which the law alone has too, and which are not nought there.
COMPARED: Final = (
    "bad_acts", "harm", "theft_and_violence", "fraud_losses", "good_deeds",
    "income", "hardship", "trust", "private_support", "public_support",
)  # fmt: skip

_ROW: Final = 23  # points from row to row


def beside(run: Run) -> Picture:
    """Set the scheme beside the law alone."""
    table = tables.headlines(run)
    if not run.baseline:
        return Picture(table.title, what_was_run(run)[-1], "", table)
    pairs = {name: (value(run, name), value(run.baseline, name)) for name in COMPARED}
    moves = {name: 100 * (ours / theirs - 1) for name, (ours, theirs) in pairs.items() if theirs > 0}
    if not any(moves.values()):
        return Picture(table.title, "None of the measures that both worlds have differs between them.", "", table)
    furthest = max(moves, key=lambda name: abs(moves[name]))
    ours, theirs = pairs[furthest]
    measure = BY_NAME[furthest]
    sentence = (
        f"Furthest from the law alone: {measure.title.lower()}, {change(ours, theirs)} under the law alone "
        f"({amount(ours, measure.unit)} against {amount(theirs, measure.unit)})."
    )
    with drawing("beside", f"{table.title}. {sentence}", 34 + _ROW * len(moves)) as canvas:
        axes = canvas.axes(left=116, top=6, bottom=28)
        _rows(axes, [BY_NAME[name].title for name in moves])
        axes.barh(range(len(moves)), list(moves.values()), height=0.5, color=ACCENT)
        reach = 1.6 * max(map(abs, moves.values()))  # room for the figure behind the longest bar
        axes.set_xlim(-reach, reach)
        axes.axvline(0, color=INK, linewidth=1)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_xlabel("percent more or less", color=SOFT)
        for row, move in enumerate(moves.values()):
            offset, side = (4, "left") if move >= 0 else (-4, "right")
            axes.annotate(
                amount(move, "percent", signed=True), (move, row), (offset, 0), textcoords="offset points", ha=side,
                va="center",
            )  # fmt: skip
    return Picture(table.title, sentence, canvas.svg, table)


def grades(run: Run, number: int) -> Picture:
    """Follow the grades through the run; on a scale of powers of ten, since almost everybody stands in one of them."""
    names = run.context.instruments[number].grades
    moments = run.counts.grades[:, :, number, : len(names)].sum(axis=1)
    listing = is_list(run, number)
    title = f"{'The list' if listing else 'Grades'} over time: {label(run, number)}"
    table = tables.grades_by_month(run, number)
    scoped = moments.sum(axis=1)
    if not scoped.all():
        return Picture(title, "At some time nobody was in its scope, so that there are no shares.", "", table)
    shares = moments / scoped[:, None]
    commonest = int(shares[-1].argmax())
    where = "On the list" if listing else f"In {names[0]}, the lowest grade,"
    sentence = (
        f"{where} stood {amount(shares[0, 0], 'share')} of the people in scope at the start and "
        f"{amount(shares[-1, 0], 'share')} at the end"
    )
    if not listing:
        both = " and ".join(amount(shares[at, commonest], "share") for at in (0, -1))
        sentence += f"; in {names[commonest]}, the commonest, {both}"
    sentence += "."
    days = [0, *np.cumsum(run.context.days)]
    with drawing(f"grades-{number}", f"{title}. {sentence}", 260) as canvas:
        axes = canvas.axes(left=48, right=44, top=10, bottom=34)
        axes.set_yscale("log")
        axes.set_xlim(0, days[-1])
        axes.yaxis.set_major_formatter(lambda percent, _: f"{percent:g} %")
        axes.yaxis.set_minor_locator(NullLocator())
        axes.grid(axis="y")
        axes.set_xlabel("days")
        percent = np.where(moments > 0, 100 * shares, np.nan)
        lowest = 0.6 * np.nanmin(percent)
        axes.set_ylim(lowest, 130)
        held = np.flatnonzero(moments.any(axis=0))
        ends = [percent[np.flatnonzero(moments[:, rank])[-1], rank] for rank in held]
        heights = _apart(np.log(ends), gap=0.06 * np.log(130 / lowest))
        for place, (rank, height) in enumerate(zip(held, heights, strict=True)):
            colour = blend(place / max(1, len(held) - 1))
            axes.plot(days, percent[:, rank], color=colour, linewidth=2, marker="o", markersize=2.5)
            axes.text(days[-1] * 1.02, np.exp(height), names[rank], color=colour, va="center", weight="bold")
    return Picture(title, sentence, canvas.svg, table)


def burden(run: Run, number: int) -> Picture:
    """Show who bears it: how much more or less often than everybody a group was penalised and refused."""
    table = tables.burden(run, number)
    title = table.title
    sentence = " ".join(hardest_hit(run, number))
    verb = penalised(run, number)
    both = (("ever_penalised", verb, ACCENT, "o"), ("ever_refused", "refused a service", BAD, "D"))
    marks = [mark for mark in both if value(run, mark[0], number) > 0]
    groups = [group for group in GROUPS[1:] if scope_of(run, group.name, number) >= FEW]
    if not marks:
        return Picture(title, f"It {verb} nobody and had nobody refused a service.", "", table)
    if not groups:
        return Picture(title, f"No group has {FEW} people in scope, too few to compare.", "", table)
    with drawing(f"burden-{number}", f"{title}. {sentence}", 62 + 19 * len(groups)) as canvas:
        axes = canvas.axes(left=116, right=16, top=24, bottom=36)
        _rows(axes, [group.title for group in groups])
        axes.grid(axis="y")
        axes.axvline(1, color=INK, linewidth=1)
        furthest = 1.0
        for name, word, colour, marker in marks:
            times = [value(run, name, number, group.name) / value(run, name, number) for group in groups]
            furthest = max(furthest, *times)
            axes.plot(times, range(len(groups)), marker, color=colour, markersize=6.5, label=word, clip_on=False)
        axes.set_xlim(0, 1.08 * furthest)
        axes.xaxis.set_major_formatter(lambda times, _: f"{times:g}×")
        axes.set_xlabel("times the share of everybody")
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, borderpad=0, handletextpad=0.1)
    return Picture(title, sentence, canvas.svg, table)


def publicity(run: Run) -> Picture:
    """Show how many people each channel reached in the average month."""
    table = tables.publicity(run)
    sentence = " ".join(words.publicity(run))
    used = channels(run)
    reach = [tables.reached(run, name) for name in used]
    with drawing("publicity", f"{table.title}. {sentence}", 38 + _ROW * len(used)) as canvas:
        axes = canvas.axes(left=140, right=8, top=8, bottom=26)
        _rows(axes, [tables.CHANNEL_TITLES[name] for name in used])
        shaming = [SHAMING >> CHANNELS.index(name) & 1 for name in used]
        axes.barh(range(len(used)), reach, height=0.5, color=[BAD if shames else ACCENT for shames in shaming])
        for row, number in enumerate(reach):
            axes.annotate(f"{number:,.0f}", (number, row), (4, 0), textcoords="offset points", va="center")
        axes.set_xlim(0, 1.3 * max(1, *reach))
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_xlabel("reached in the average month", color=SOFT)
    return Picture(table.title, sentence, canvas.svg, table)


def sensors(run: Run) -> Picture:
    """Show how often the records of each sensor are wrong, and in which way."""
    table = tables.sensors(run)
    records = run.counts.records.sum(axis=(0, 1))
    totals = records.sum(axis=1)
    wrong = records[:, [TRUTHS.index(truth) for truth in tables.ERRORS]].sum(axis=1)
    rows = [number for number in range(len(totals)) if totals[number]]
    often = [number for number in rows if totals[number] >= FEW] or rows
    worst = max(often, key=lambda number: wrong[number] / totals[number])
    sentence = (
        f"Most often wrong: {run.context.sensors[worst].title.lower()}, in "
        f"{amount(wrong[worst] / totals[worst], 'share')} of {totals[worst]:,} records; over all sensors it is "
        f"{amount(wrong.sum() / totals.sum(), 'share')} of {totals.sum():,}."
    )
    with drawing("sensors", f"{table.title}. {sentence}", 50 + _ROW * len(rows)) as canvas:
        axes = canvas.axes(left=152, right=8, top=24, bottom=24)
        _rows(axes, [run.context.sensors[number].title for number in rows])
        start = np.zeros(len(rows))
        for truth, colour in zip(tables.ERRORS, (ACCENT, BAD, SOFT), strict=True):
            percent = 100 * records[rows, TRUTHS.index(truth)] / totals[rows]
            word = tables.RECORDED[truth].lower()
            axes.barh(range(len(rows)), percent, left=start, height=0.5, color=colour, label=word)
            start += percent
        for row, number in enumerate(rows):
            text = amount(wrong[number] / totals[number], "share")
            axes.annotate(text, (start[row], row), (4, 0), textcoords="offset points", va="center")
        axes.set_xlim(0, 1.3 * max(start.max(), 0.1))
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_xlabel("of the sensor's records, in percent", color=SOFT)
        axes.legend(
            loc="lower right", bbox_to_anchor=(1, 1), ncols=3, frameon=False, borderpad=0, handlelength=0.8,
            handletextpad=0.4,
        )  # fmt: skip
    return Picture(table.title, sentence, canvas.svg, table)


def _rows(axes: Axes, names: list[str]) -> None:
    """Name the rows of a chart, the first on top."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)


def _apart(heights: npt.NDArray[np.float64], *, gap: float) -> npt.NDArray[np.float64]:
    """Lift labels, from the lowest up, until no two of them touch."""
    lifted = heights.copy()
    order = np.argsort(heights, kind="stable")
    for below, above in pairwise(order):
        lifted[above] = max(lifted[above], lifted[below] + gap)
    return lifted

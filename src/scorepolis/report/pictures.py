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
from scorepolis.report import names, tables, words
from scorepolis.report.drawing import ACCENT, BAD, INK, SOFT, Picture, blend, drawing
from scorepolis.report.language import say, told
from scorepolis.report.numbers import amount, change
from scorepolis.report.rows import lay_bars, name_rows
from scorepolis.report.words import hardest_hit, penalised, what_was_run
from scorepolis.runs.reading import FEW, both, channels, is_list, label, scope_of, value

if TYPE_CHECKING:
    import numpy.typing as npt

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
    pairs = {name: both(run, name) for name in COMPARED}
    moves = {name: 100 * (ours / theirs - 1) for name, (ours, theirs) in pairs.items() if theirs > 0}
    if not any(moves.values()):
        return Picture(table.title, say("picture.no_difference"), "", table)
    furthest = max(moves, key=lambda name: abs(moves[name]))
    ours, theirs = pairs[furthest]
    measure = BY_NAME[furthest]
    sentence = say(
        "picture.furthest",
        measure=names.measure(furthest).lower(),
        change=change(ours, theirs),
        ours=amount(ours, measure.unit),
        theirs=amount(theirs, measure.unit),
    )
    with drawing("beside", f"{table.title}. {sentence}", 34 + _ROW * len(moves)) as canvas:
        axes = canvas.axes(left=116, top=6, bottom=28)
        name_rows(axes, [names.measure(name) for name in moves])
        lay_bars(axes, 0, list(moves.values()), ACCENT)
        reach = 1.6 * max(map(abs, moves.values()))  # room for the figure behind the longest bar
        axes.set_xlim(-reach, reach)
        axes.axvline(0, color=INK, linewidth=1)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_xlabel(say("picture.percent_more"), color=SOFT)
        for row, move in enumerate(moves.values()):
            offset, side = (4, "left") if move >= 0 else (-4, "right")
            axes.annotate(
                amount(move, "percent", signed=True), (move, row), (offset, 0), textcoords="offset points", ha=side,
                va="center",
            )  # fmt: skip
    return Picture(table.title, sentence, canvas.svg, table)


def grades(run: Run, number: int) -> Picture:
    """Follow the grades through the run; on a scale of powers of ten, since almost everybody stands in one of them."""
    every = run.context.instruments[number].grades
    moments = run.counts.grades[:, :, number, : len(every)].sum(axis=1)
    listing = is_list(run, number)
    title = say("picture.list_over_time" if listing else "picture.grades_over_time", name=label(run, number))
    table = tables.grades_by_month(run, number)
    scoped = moments.sum(axis=1)
    if not scoped.all():
        return Picture(title, say("picture.no_shares"), "", table)
    shares = moments / scoped[:, None]
    commonest = int(shares[-1].argmax())
    start, end = (amount(share, "share") for share in shares[[0, -1], 0])
    if listing:
        sentence = say("picture.on_list", start=start, end=end)
    else:
        both_ends = say("between.also").join(amount(share, "share") for share in shares[[0, -1], commonest])
        sentence = say(
            "picture.in_lowest", lowest=every[0], start=start, end=end, commonest=every[commonest], both=both_ends
        )
    days = [0, *np.cumsum(run.context.days)]
    with drawing(f"grades-{number}", f"{title}. {sentence}", 260) as canvas:
        axes = canvas.axes(left=48, right=44, top=10, bottom=34)
        axes.set_yscale("log")
        axes.set_xlim(0, days[-1])
        axes.yaxis.set_major_formatter(lambda percent, _: f"{percent:g} %")
        axes.yaxis.set_minor_locator(NullLocator())
        axes.grid(axis="y")
        axes.set_xlabel(say("picture.days"))
        percent = np.where(moments > 0, 100 * shares, np.nan)
        lowest = 0.6 * np.nanmin(percent)
        axes.set_ylim(lowest, 130)
        held = np.flatnonzero(moments.any(axis=0))
        ends = [percent[np.flatnonzero(moments[:, rank])[-1], rank] for rank in held]
        heights = _apart(np.log(ends), gap=0.06 * np.log(130 / lowest))
        for place, (rank, height) in enumerate(zip(held, heights, strict=True)):
            colour = blend(place / max(1, len(held) - 1))
            axes.plot(days, percent[:, rank], color=colour, linewidth=2, marker="o", markersize=2.5)
            axes.text(days[-1] * 1.02, np.exp(height), every[rank], color=colour, va="center", weight="bold")
    return Picture(title, sentence, canvas.svg, table)


def burden(run: Run, number: int) -> Picture:
    """Show who bears it: how much more or less often than everybody a group was penalised and refused."""
    table = tables.burden(run, number)
    title = table.title
    sentence = told(hardest_hit(run, number))
    verb = penalised(run, number)
    both = (("ever_penalised", verb, ACCENT, "o"), ("ever_refused", say("did.verb.refused"), BAD, "D"))
    marks = [mark for mark in both if value(run, mark[0], number) > 0]
    groups = [group for group in GROUPS[1:] if scope_of(run, group.name, number) >= FEW]
    if not marks:
        return Picture(title, say("picture.hit_nobody", verb=verb), "", table)
    if not groups:
        return Picture(title, say("picture.too_few", few=FEW), "", table)
    with drawing(f"burden-{number}", f"{title}. {sentence}", 62 + 19 * len(groups)) as canvas:
        axes = canvas.axes(left=116, right=16, top=24, bottom=36)
        name_rows(axes, [names.group(group) for group in groups], ruled=True)
        axes.axvline(1, color=INK, linewidth=1)
        furthest = 1.0
        for name, word, colour, marker in marks:
            times = [value(run, name, number, group.name) / value(run, name, number) for group in groups]
            furthest = max(furthest, *times)
            axes.plot(times, range(len(groups)), marker, color=colour, markersize=6.5, label=word, clip_on=False)
        axes.set_xlim(0, 1.08 * furthest)
        axes.xaxis.set_major_formatter(lambda times, _: f"{times:g}×")
        axes.set_xlabel(say("picture.times_everybody"))
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, borderpad=0, handletextpad=0.1)
    return Picture(title, sentence, canvas.svg, table)


def publicity(run: Run) -> Picture:
    """Show how many people each channel reached in the average month."""
    table = tables.publicity(run)
    sentence = told(words.publicity(run))
    used = channels(run)
    reach = [tables.reached(run, name) for name in used]
    with drawing("publicity", f"{table.title}. {sentence}", 38 + _ROW * len(used)) as canvas:
        axes = canvas.axes(left=140, right=8, top=8, bottom=26)
        name_rows(axes, [say(f"channel.{name}") for name in used])
        shaming = np.array([SHAMING >> CHANNELS.index(name) & 1 for name in used])
        lay_bars(axes, 0, reach * (1 - shaming), ACCENT)
        lay_bars(axes, 0, reach * shaming, BAD)
        for row, number in enumerate(reach):
            axes.annotate(f"{number:,.0f}", (number, row), (4, 0), textcoords="offset points", va="center")
        axes.set_xlim(0, 1.3 * max(1, *reach))
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_xlabel(say("picture.reached"), color=SOFT)
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
    sentence = say(
        "picture.most_wrong",
        sensor=names.sensor(run.context.sensors[worst]).lower(),
        share=amount(wrong[worst] / totals[worst], "share"),
        records=f"{totals[worst]:,}",
        all_share=amount(wrong.sum() / totals.sum(), "share"),
        all_records=f"{totals.sum():,}",
    )
    with drawing("sensors", f"{table.title}. {sentence}", 50 + _ROW * len(rows)) as canvas:
        axes = canvas.axes(left=152, right=8, top=24, bottom=24)
        name_rows(axes, [names.sensor(run.context.sensors[number]) for number in rows])
        start = np.zeros(len(rows))
        for truth, colour in zip(tables.ERRORS, (ACCENT, BAD, SOFT), strict=True):
            percent = 100 * records[rows, TRUTHS.index(truth)] / totals[rows]
            word = say(f"recorded.{truth}").lower()
            lay_bars(axes, start, percent, colour, word)
            start += percent
        for row, number in enumerate(rows):
            text = amount(wrong[number] / totals[number], "share")
            axes.annotate(text, (start[row], row), (4, 0), textcoords="offset points", va="center")
        axes.set_xlim(0, 1.3 * max(start.max(), 0.1))
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_xlabel(say("picture.of_records"), color=SOFT)
        axes.legend(
            loc="lower right", bbox_to_anchor=(1, 1), ncols=3, frameon=False, borderpad=0, handlelength=0.8,
            handletextpad=0.4,
        )  # fmt: skip
    return Picture(table.title, sentence, canvas.svg, table)


def _apart(heights: npt.NDArray[np.float64], *, gap: float) -> npt.NDArray[np.float64]:
    """Lift labels, from the lowest up, until no two of them touch."""
    lifted = heights.copy()
    order = np.argsort(heights, kind="stable")
    for below, above in pairwise(order):
        lifted[above] = max(lifted[above], lifted[below] + gap)
    return lifted

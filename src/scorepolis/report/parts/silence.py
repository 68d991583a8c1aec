"""What people stopped saying: protected acts wished and left undone, and support shown but not felt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scorepolis.report import names
from scorepolis.report.drawing import BAD, Picture
from scorepolis.report.language import say
from scorepolis.report.numbers import amount
from scorepolis.report.parts.bars import bars
from scorepolis.report.parts.part import Part
from scorepolis.report.tables import Section, Table
from scorepolis.runs.reading import both

if TYPE_CHECKING:
    from scorepolis.runs.result import Run


def part(run: Run) -> Part:
    """Show which protected acts were left undone for fear of the scheme."""
    context = run.context
    ours = run.counts.acts.sum(axis=(0, 1))
    undone = run.counts.silenced.sum(axis=(0, 1))
    theirs = run.baseline.counts.acts.sum(axis=(0, 1)) if run.baseline else None
    acts = [b for b, one in enumerate(context.behaviours) if one.protected and ours[b] + undone[b] > 0]
    if not acts:
        return Part("silence", (say("silence.none"),))
    weight = [context.behaviours[b].weight for b in acts]
    share = [float(undone[b] / (ours[b] + undone[b])) for b in acts]
    titles = [names.behaviour(context.behaviours[b]) for b in acts]
    heads = ["act", "wished", "done", "undone", "share"] + (["law"] if theirs is not None else [])
    rows = []
    for at, b in enumerate(acts):
        counted = (ours[b] + undone[b], ours[b], undone[b])
        row = [titles[at], *(f"{n * weight[at]:,}" for n in counted), amount(share[at], "share")]
        rows.append(tuple(row + ([f"{theirs[b] * weight[at]:,}"] if theirs is not None else [])))
    title = say("silence.title")
    table = Table(title, tuple(say(f"silence.{head}") for head in heads), (Section(tuple(rows)),), say("silence.note"))
    wished = sum(int((ours[b] + undone[b]) * w) for b, w in zip(acts, weight, strict=True))
    left = sum(int(undone[b] * w) for b, w in zip(acts, weight, strict=True))
    worst = max(range(len(acts)), key=lambda at: share[at])
    sentence = say(
        "silence.sentence", wished=f"{wished:,}", left=f"{left:,}", share=amount(left / wished, "share"),
        act=titles[worst].lower(), worst=amount(share[worst], "share"),
    )  # fmt: skip
    percent = {say("silence.undone"): ([100 * one for one in share], BAD)}
    ends = [amount(one, "share") for one in share]
    svg = bars("silence", f"{title}. {sentence}", titles, percent, ends, say("silence.percent"))
    drawn = Picture(title, sentence, svg, table)
    return Part("silence", (_support(run),), pictures=(drawn,), limit=names.limit("chilled"))


def _support(run: Run) -> str:
    """Say how far what is shown and what is felt part."""
    (shown, before), (felt, _) = both(run, "public_support"), both(run, "private_support")
    pair = {"shown": amount(shown, "share"), "felt": amount(felt, "share")}
    if not run.baseline:
        return say("silence.support", **pair)
    return say("silence.support_beside", **pair, law=amount(before, "share"))

"""Wrongful records: of which kinds, how many an appeal rights, and how many people ever got out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scorepolis.measures.counts import APPEALS, REPAIRS, TRUTHS, WAYS
from scorepolis.report import durations, names
from scorepolis.report.drawing import BAD, Picture
from scorepolis.report.language import say, told
from scorepolis.report.numbers import amount, people
from scorepolis.report.parts.bars import bars
from scorepolis.report.parts.part import Part
from scorepolis.report.tables import Section, Table
from scorepolis.report.words import wrongful
from scorepolis.runs.ledger import EVENTS
from scorepolis.runs.reading import label

if TYPE_CHECKING:
    from scorepolis.runs.result import Run


def part(run: Run, within: str = "") -> Part:
    """Show the wrongful penalties of every instrument; `within` tells the pictures from those of other runs."""
    numbers = range(len(run.context.instruments))
    return Part(
        "wrongs",
        lines=tuple(durations.how_long(run)),
        pictures=tuple(picture(run, k, within) for k in numbers),
        tables=tuple(durations.tables(run)),
        limit=names.limit("penalties_by_truth"),
    )


def picture(run: Run, k: int, within: str = "") -> Picture:
    """Draw the kinds of wrongful penalty of an instrument."""
    title = say("wrongs.title", name=label(run, k))
    kinds = run.counts.wrongful[:, :, k].sum(axis=(0, 1))
    made, upheld, righted = (int(n) for n in run.counts.appeals[:, :, k].sum(axis=(0, 1)))
    fell, out = fell_wrongly(run, k)
    total = int(kinds.sum())
    rows = [
        (say(f"wrongful_title.{truth}"), f"{n:,}", amount(n / total if total else np.nan, "share"))
        for truth, n in zip(TRUTHS, kinds, strict=True)
    ]
    appeals = [(say(f"wrongs.{name}"), f"{n:,}", "") for name, n in zip(APPEALS, (made, upheld, righted), strict=True)]
    people_out = [(say("wrongs.fell"), f"{fell:,}", ""), (say("wrongs.out"), f"{out:,}", "")]
    heads = tuple(say(f"wrongs.{head}") for head in ("kind", "number", "share"))
    sections = (
        Section(tuple(rows), say("wrongs.penalties")),
        Section(tuple(appeals), say("wrongs.appeals")),
        *_repairs(run, k),
        Section(tuple(people_out), say("wrongs.people")),
    )
    table = Table(title, heads, sections, say("wrongs.note"))
    if not total:
        return Picture(title, say("wrongs.none"), "", table)
    mistaken = int(kinds[TRUTHS.index("wrong_person")] + kinds[TRUTHS.index("not_done")])
    sentence = told([
        *wrongful(run, k),
        say("wrongs.appeals_right", mistaken=f"{mistaken:,}", righted=f"{righted:,}"),
        say("wrongs.got_out", fell=people(fell), out=people(out)) if fell else say("wrongs.nobody_fell"),
    ])  # fmt: skip
    shown = [n for n in range(1, len(TRUTHS)) if kinds[n]]
    if not shown:
        return Picture(title, sentence, "", table)
    titles = [say(f"wrongful_title.{TRUTHS[n]}") for n in shown]
    parts = {say("wrongs.number"): ([float(kinds[n]) for n in shown], BAD)}
    ends = [f"{kinds[n]:,} ({amount(kinds[n] / total, 'share')})" for n in shown]
    svg = bars(f"wrongs-{within}{k}", f"{title}. {sentence}", titles, parts, ends, say("wrongs.of_all", n=f"{total:,}"))
    return Picture(title, sentence, svg, table)


def _repairs(run: Run, k: int) -> list[Section]:
    """Tell what came of repair, where anybody wished for it."""
    counted = dict(zip(REPAIRS, run.counts.repairs[:, :, k].sum(axis=(0, 1)).tolist(), strict=True))
    if not any(counted.values()):
        return []
    asked, granted = (sum(counted[f"{step}_by_{way}"] for way in WAYS) for step in ("asked", "granted"))
    waited = f"{counted['days'] / granted:,.0f}" if granted else ""
    told = {"asked": asked, "granted": granted, "barred": counted["barred"], "too_poor": counted["too_poor"]}
    rows = [(say(f"wrongs.{name}"), f"{n:,}", "") for name, n in told.items()]
    return [Section((*rows, (say("wrongs.waited"), waited, "")), say("wrongs.repairs"))]


def fell_wrongly(run: Run, k: int) -> tuple[int, int]:
    """Count the people of the panel whom a wrongful record brought into the lowest grade, and who got out again.

    Parameters
    ----------
    run : Run
        What was run.
    k : int
        The instrument.

    Returns
    -------
    tuple of int
        Those who fell, and those of them who did not stand in the lowest grade when the run ended.
    """
    ledger = run.ledger_columns
    ours = ledger["instrument"] == k
    slot, before, after = (ledger[name][ours] for name in ("slot", "standing_before", "standing_after"))
    wrong = (ledger["what"][ours] == EVENTS.index("record")) & (ledger["truth"][ours] != TRUTHS.index("true"))
    fell = np.unique(slot[wrong & (before > 0) & (after == 0)])
    # The ledger is ordered by slot and day, so the last entry of a person is the last of their rows.
    last = np.searchsorted(slot, fell, side="right") - 1
    return len(fell), int((after[last] > 0).sum())

"""Doors: which services were refused, delayed or made dearer because of a standing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scorepolis.measures.counts import OUTCOMES
from scorepolis.report import names
from scorepolis.report.drawing import ACCENT, BAD, SOFT, Picture
from scorepolis.report.language import say
from scorepolis.report.numbers import amount, people
from scorepolis.report.parts.bars import bars
from scorepolis.report.parts.part import Part
from scorepolis.report.tables import Section, Table

if TYPE_CHECKING:
    from scorepolis.runs.result import Run


def part(run: Run) -> Part:
    """Show every service that a standing opened or closed."""
    outcomes = run.counts.outcomes.sum(axis=(0, 1))
    asked = run.counts.acts.sum(axis=(0, 1))[len(run.context.behaviours) :]
    touched = [v for v in range(len(asked)) if outcomes[v].any()]
    if not touched:
        return Part("doors", (say("doors.none"),))
    refused = outcomes[:, OUTCOMES.index("refused")]
    touched.sort(key=lambda v: (-refused[v] / asked[v], v))
    rows = tuple(
        (names.service(run.context.services[v]), f"{asked[v]:,}", *(f"{n:,}" for n in outcomes[v]),
         amount(refused[v] / asked[v], "share"))
        for v in touched
    )  # fmt: skip
    title = say("doors.title")
    heads = ("service", "asked", *OUTCOMES, "share")
    table = Table(title, tuple(say(f"doors.{head}") for head in heads), (Section(rows),), say("doors.note"))
    sentence = say(
        "doors.sentence",
        asked=f"{asked.sum():,}",
        refused=f"{refused.sum():,}",
        share=amount(refused.sum() / asked.sum(), "share"),
        service=rows[0][0].lower(),
        worst=amount(refused[touched[0]] / asked[touched[0]], "share"),
    )
    worse = {"refused": BAD, "delayed": ACCENT, "dearer": SOFT}
    shares = {
        say(f"doors.{name}").lower(): ([100 * outcomes[v, OUTCOMES.index(name)] / asked[v] for v in touched], colour)
        for name, colour in worse.items()
    }
    ends = [
        amount(float(np.sum([outcomes[v, OUTCOMES.index(name)] for name in worse])) / asked[v], "share")
        for v in touched
    ]
    svg = bars("doors", f"{title}. {sentence}", [row[0] for row in rows], shares, ends, say("doors.percent"))
    return Part("doors", _shut(run), pictures=(Picture(title, sentence, svg, table),), limit=names.limit("refused"))


def _shut(run: Run) -> tuple[str, ...]:
    """Say on how many person-days a door was closed, whether or not anybody wished to pass."""
    lines = []
    for k, instrument in enumerate(run.context.instruments):
        days = int(run.counts.shut_out[..., k].sum())
        refused = int(run.counts.marks[-1, :, k, 0].sum())
        name = f"{instrument.rulebook}/{instrument.name}"
        lines.append(say("doors.shut", name=name, days=f"{days:,}", people=people(refused)))
    return tuple(lines)

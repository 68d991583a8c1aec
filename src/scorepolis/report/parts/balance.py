"""Benefits beside harms: what the scheme was for, and what it cost, in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scorepolis.measures.declared import BY_NAME
from scorepolis.report import names
from scorepolis.report.drawing import Picture
from scorepolis.report.language import say
from scorepolis.report.numbers import amount
from scorepolis.report.parts.bars import moves
from scorepolis.report.parts.part import Part
from scorepolis.report.tables import Row, Section, Table
from scorepolis.runs.reading import both

if TYPE_CHECKING:
    from scorepolis.runs.result import Run

HOPED: Final = ("harm", "theft_and_violence", "fraud_losses", "good_deeds", "benefit", "cheaper", "first_in_line")
BORNE: Final = (
    "services_received", "refused", "delayed", "dearer", "income", "hardship", "chilled", "for_points", "motive",
    "trust", "ties_lost", "support_gap",
)  # fmt: skip
IN_YUAN: Final = {"harm": -1, "benefit": 1, "services_received": 1, "income": 1}
"""What can be set side by side in yuan a year, and whether more of it is better."""


def part(run: Run) -> Part:
    """Set benefits beside harms, against the law alone."""
    if not run.baseline:
        return Part("balance", (say("ran.alone"),))
    gains = {name: sign * _change(run, name) for name, sign in IN_YUAN.items()}
    written = {name: amount(gain, "yuan", signed=True) for name, gain in gains.items()}
    title = say("balance.title")
    sentence = say("balance.sentence", **written)
    rows = [say(f"balance.{name}") for name in gains]
    svg = moves(
        "balance", f"{title}. {sentence}", rows, list(gains.values()), list(written.values()), say("balance.yuan")
    )
    sections = tuple(
        Section(tuple(_row(run, name) for name in measures), say(f"balance.{head}"))
        for head, measures in (("hoped", HOPED), ("borne", BORNE))
    )
    heads = tuple(say(f"table.{head}") for head in ("measure", "scheme", "law", "difference", "unit"))
    table = Table(title, heads, sections, words=(4,))
    return Part("balance", pictures=(Picture(title, sentence, svg, table),), limit=say("balance.limit"))


def _change(run: Run, name: str) -> float:
    ours, theirs = both(run, name)
    return ours - theirs


def _row(run: Run, name: str) -> Row:
    unit = BY_NAME[name].unit
    ours, theirs = both(run, name)
    cells = amount(ours, unit), amount(theirs, unit), amount(ours - theirs, unit, signed=True)
    return (names.measure(name), *cells, names.unit(name))

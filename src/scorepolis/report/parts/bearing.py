"""Who bears it: penalties by group, as they stand and as they would be if every group had done the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scorepolis.audit.measured import FEW_PENALTIES, expected_penalties
from scorepolis.measures.groups import GROUPS, masks
from scorepolis.report import names
from scorepolis.report.drawing import ACCENT, BAD, INK, Picture, drawing
from scorepolis.report.language import say, told
from scorepolis.report.parts.bars import LEFT
from scorepolis.report.parts.part import Part
from scorepolis.report.pictures import burden
from scorepolis.report.rows import name_rows
from scorepolis.report.tables import Section, Table
from scorepolis.runs.ledger import EVENTS
from scorepolis.runs.reading import FEW

if TYPE_CHECKING:
    import numpy.typing as npt

    from scorepolis.explain.books import Books
    from scorepolis.runs.result import Run

    Floats = npt.NDArray[np.float64]

_ROW: Final = 19


def part(run: Run, books: Books | None) -> Part:
    """Show what each instrument did to each group, and penalties at equal conduct."""
    drawn = [burden(run, number) for number in range(len(run.context.instruments))]
    if run.baseline and books:
        drawn.append(equal(run, run.baseline, books))
    return Part("bearing", pictures=tuple(drawn), limit=say("bearing.limit"))


def equal(run: Run, law: Run, books: Books) -> Picture:
    """Show penalties by group beside those of everybody, raw and at equal conduct under ordinary law.

    Parameters
    ----------
    run, law : Run
        The scheme, and the same people under ordinary law alone.
    books : Books
        The rulebooks of the run, which say what is a penalty.

    Returns
    -------
    Picture
        With a table of both by group; groups with few people or few penalties are left out.
    """
    found, expected = expected_penalties(run, law, penalties(run, books))
    scoped = masks() @ run.counts.in_scope[-1].max(axis=1).astype(np.float64)
    title = say("bearing.title")
    known = [n for n in range(1, len(GROUPS)) if scoped[n] >= FEW and found[n] >= FEW_PENALTIES and expected[n] > 0]
    if not (known and expected[0] > 0):
        return Picture(title, say("bearing.too_few"), "", Table(title, (say("table.group"),), ()))
    raw = (found / np.maximum(scoped, 1)) / (found[0] / scoped[0])
    even = (found / np.maximum(expected, 1e-9)) / (found[0] / expected[0])
    rows = tuple(
        (names.group(GROUPS[n]), f"{scoped[n]:,.0f}", f"{found[n]:,.0f}", f"{raw[n]:.2f}", f"{even[n]:.2f}")
        for n in known
    )
    heads = (say("table.group"), *(say(f"bearing.{head}") for head in ("scoped", "penalties", "raw", "equal")))
    table = Table(title, heads, (Section(rows),), say("bearing.note"))
    worst = max(known, key=lambda n: even[n])
    highest = max(known, key=lambda n: raw[n])
    sentence = told([
        say("bearing.raw_sentence", group=names.group(GROUPS[highest]), times=f"{raw[highest]:.2f}"),
        say("bearing.equal_sentence", group=names.group(GROUPS[worst]), times=f"{even[worst]:.2f}"),
    ])  # fmt: skip
    with drawing("equal", f"{title}. {sentence}", 62 + _ROW * len(known)) as canvas:
        axes = canvas.axes(left=LEFT, right=16, top=24, bottom=36)
        name_rows(axes, [names.group(GROUPS[n]) for n in known], ruled=True)
        axes.axvline(1, color=INK, linewidth=1)
        for values, word, colour, marker in ((raw, "raw", ACCENT, "o"), (even, "equal", BAD, "D")):
            where = range(len(known))
            axes.plot(values[known], where, marker, color=colour, markersize=6.5, label=say(f"bearing.{word}"))
        axes.set_xlim(0, 1.08 * max(1.0, float(raw[known].max()), float(even[known].max())))
        axes.xaxis.set_major_formatter(lambda times, _: f"{times:g}×")
        axes.set_xlabel(say("bearing.times"))
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, borderpad=0, handletextpad=0.1)
    return Picture(title, sentence, canvas.svg, table)


def penalties(run: Run, books: Books) -> Floats:
    """Count the panel's penalties by the behaviour of their record."""
    ledger = run.ledger_columns
    record = ledger["what"] == EVENTS.index("record")
    forced = np.zeros(record.shape, np.bool_)
    for k, instrument in enumerate(books.instruments):
        forces = np.array([rule.override is not None for rule in instrument.rules], np.bool_)
        ours = record & (ledger["instrument"] == k) & (ledger["points"] == 0)
        forced[ours] = forces[ledger["rule"][ours]]
    taken = record & ((ledger["points"] < 0) | forced)
    return np.bincount(ledger["behaviour"][taken], minlength=len(run.context.behaviours)).astype(np.float64)

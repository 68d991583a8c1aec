"""How long it took to get out, for a reader: sentences and tables of a run's durations."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from scorepolis.core.errors import InputError
from scorepolis.core.usual import PANEL
from scorepolis.report.language import say
from scorepolis.report.numbers import amount
from scorepolis.report.tables import Section, Table
from scorepolis.runs.durations import EVERY
from scorepolis.runs.reading import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scorepolis.report.drawing import Picture
    from scorepolis.runs.durations import Lasting
    from scorepolis.runs.result import Run

_ENDED: Final = ("points_expire", "term_ends", "exit", "exit_late", "correction", "repair")


def how_long(run: Run) -> list[str]:
    """Say how long it took to get out of a run's penalties.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    list of str
        Sentences: one for each instrument and what its entries hold by, none where nobody was penalised. Where not
        everybody is followed, the first says so.
    """
    try:
        lines = [line for name, rows in _by_instrument(run) for line in _sentences(name, rows)]
    except InputError as error:
        return [say("durations.untold", why=error.message)]
    made = run.provenance
    everybody = made["people"] <= made.get("panel", PANEL)
    return lines if everybody or not lines else [say("durations.panel", n=f"{made.get('panel', PANEL):,}"), *lines]


def tables(run: Run) -> list[Table]:
    """Show how long it took to get out, instrument by instrument, by the truth of the entries and the way out.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    list of Table
        None where nobody was penalised, or where the rulebooks of the run are no longer at hand.
    """
    try:
        return [_table(name, rows) for name, rows in _by_instrument(run)]
    except InputError:
        return []


def pictures(run: Run) -> list[Picture]:
    """Give each table as the page shows it, beside the sentences of its instrument."""
    from scorepolis.report.drawing import Picture  # slow to import, and only the page needs it

    try:
        tabled = [(_table(name, rows), _sentences(name, rows)) for name, rows in _by_instrument(run)]
    except InputError:
        return []
    return [Picture(table.title, " ".join(told), "", table) for table, told in tabled]


def to_json(run: Run) -> list[dict[str, Any]] | None:
    """Give the durations as values that JSON can hold; None where the rulebooks of the run are no longer at hand."""
    try:
        return [row._asdict() for row in run.lasting]
    except InputError:
        return None


def _by_instrument(run: Run) -> Iterator[tuple[str, list[Lasting]]]:
    """Give the durations under each instrument that penalised anybody, with its name for a reader."""
    for number, one in enumerate(run.context.instruments):
        rows = [row for row in run.lasting if row.instrument == f"{one.rulebook}/{one.name}"]
        if rows:
            yield label(run, number), rows


def _sentences(name: str, found: list[Lasting]) -> list[str]:
    every = [row for row in found if row.truth == EVERY]
    return [_sentence(name, held, list(rows)) for held, rows in groupby(every, lambda row: row.held)]


def _sentence(name: str, held: str, rows: list[Lasting]) -> str:
    by_way = {row.out: row for row in rows}
    ways = [
        say(
            f"durations.ended.{_plural(row.number)}",
            n=f"{row.number:,}", how=say(f"durations.how.{out}"), days=_days(row.median),
        )
        for out in _ENDED
        if (row := by_way.get(out))
    ]  # fmt: skip
    if row := by_way.get("open"):
        open_ = f"durations.open.{_plural(row.number)}"
        ways.append(say(open_, n=f"{row.number:,}", days=_days(row.median), longest=_days(row.longest)))
    total = sum(row.number for row in rows)
    what = say(f"durations.{'held_one' if total == 1 else 'held'}.{held}")
    return say("durations.sentence", total=f"{total:,}", held=what, name=name, ways=say("durations.between").join(ways))


def _plural(number: float) -> str:
    return "one" if number == 1 else "other"


def _days(days: float) -> str:
    return say(f"count.day.{_plural(days)}", n=f"{days:,g}")


def _table(name: str, found: list[Lasting]) -> Table:
    sections = []
    for (held, truth), rows in groupby(found, lambda row: (row.held, row.truth)):
        what = say(f"durations.held.{held}")
        truly = say(f"durations.truth.{truth}")
        heading = say("durations.section", held=what[0].upper() + what[1:], truth=truly)
        sections.append(Section(_rows(list(rows)), heading))
    heads = tuple(say(f"durations.heads.{name}") for name in ("way", "entries", "share", "median", "mean", "longest"))
    return Table(say("durations.title", name=name), heads, tuple(sections), say("durations.note"))


def _rows(found: list[Lasting]) -> tuple[tuple[str, ...], ...]:
    total = sum(row.number for row in found)
    return tuple(
        (
            say(f"durations.out.{row.out}"),
            f"{row.number:,}",
            amount(row.number / total, "share"),
            f"{row.median:,g}",
            f"{row.mean:,.1f}",
            f"{row.longest:,}",
        )
        for row in found
    )

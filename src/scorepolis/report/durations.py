"""How long it took to get out, for a reader: sentences and tables of a run's durations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scorepolis.core.errors import InputError
from scorepolis.report.numbers import amount
from scorepolis.report.reading import label
from scorepolis.report.tables import Section, Table
from scorepolis.runs.durations import EVERY, HELD, OUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from scorepolis.report.drawing import Picture
    from scorepolis.runs.result import Run

_HELD: Final = {
    "until_performance": "listings until performance",
    "term": "penalties for a term",
    "points": "penalties of points alone",
}
_ENDED: Final = {
    "points_expire": "when the points expired",
    "term_ends": "when the term ended",
    "exit": "by an exit after performance",
    "exit_late": "by an exit after performance that came late",
    "correction": "by a correction after appeal",
}
_OUT: Final = {
    "points_expire": "Points expired",
    "term_ends": "Term ended",
    "exit": "Exit, in time",
    "exit_late": "Exit, late",
    "correction": "Correction",
    "open": "Open, so far",
}
_TRUTHS: Final = {
    EVERY: "All",
    "true": "True",
    "wrong_person": "Wrong person",
    "not_done": "Nobody did it",
    "unable": "Could not pay",
    "no_basis": "No legal basis, or a protected act",
    "disproportionate": "Out of proportion",
    "stale": "True but stale",
}
NOTE: Final = (
    "Days from an entry of the panel's ledger to the first thing that ended it. Open: not ended when the run was; the "
    "days are those waited so far (right-censored), and since the longest durations are among them, those that ended "
    "are too short to stand for all. Standings from before the run have no entry and are left out."
)


def how_long(run: Run) -> list[str]:
    """Say how long it took to get out of a run's penalties.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    list of str
        Sentences: one for each instrument and what its entries hold by, none where nobody was penalised.
    """
    try:
        return [line for name, rows in _by_instrument(run) for line in _sentences(name, rows)]
    except InputError as error:
        return [f"How long penalties lasted cannot be told: {error.message}."]


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
        return [{str(name): value for name, value in row.items()} for row in run.durations.to_dict("records")]
    except InputError:
        return None


def _by_instrument(run: Run) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the durations under each instrument that penalised anybody, with its name for a reader."""
    found = run.durations
    for number, name in enumerate(found["instrument"].cat.categories):
        rows = found[found["instrument"] == name]
        if len(rows):
            yield label(run, number), rows


def _sentences(name: str, found: pd.DataFrame) -> list[str]:
    every = found[found["truth"] == EVERY]
    return [_sentence(name, str(held), rows) for held, rows in every.groupby("held", observed=True)]


def _sentence(name: str, held: str, rows: pd.DataFrame) -> str:
    numbers = {str(row["out"]): row for row in rows.to_dict("records")}
    total = int(rows["number"].sum())
    ways = [
        f"{numbers[out]['number']:,} ended {how} after {_days(numbers[out]['median'])} in the median"
        for out, how in _ENDED.items()
        if out in numbers
    ]
    if "open" in numbers:
        row = numbers["open"]
        ways.append(
            f"{row['number']:,} had not ended with the run, after {_days(row['median'])} in the median and "
            f"{_days(row['longest'])} at most (right-censored: they go on beyond it)"
        )
    return f"Of {total:,} {_HELD[held]} under {name}, {'; '.join(ways)}."


def _days(days: float) -> str:
    return f"{days:,g} {'day' if days == 1 else 'days'}"


def _table(name: str, found: pd.DataFrame) -> Table:
    sections = []
    for held in HELD:
        for truth, title in _TRUTHS.items():
            rows = found[(found["held"] == held) & (found["truth"] == truth)]
            if len(rows):
                what = _HELD[held][0].upper() + _HELD[held][1:]
                sections.append(Section(_rows(rows), f"{what}: {title[0].lower() + title[1:]}"))
    heads = ("Way out", "Entries", "Share", "Median days", "Mean", "Longest")
    return Table(f"How long it took to get out: {name}", heads, tuple(sections), NOTE)


def _rows(found: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    total = int(found["number"].sum())
    by_way = {str(row["out"]): row for row in found.to_dict("records")}
    return tuple(
        (
            _OUT[out],
            f"{row['number']:,}",
            amount(row["number"] / total, "share"),
            f"{row['median']:,g}",
            f"{row['mean']:,.1f}",
            f"{row['longest']:,}",
        )
        for out in OUT
        if (row := by_way.get(out)) is not None
    )

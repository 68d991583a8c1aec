"""What became of public bodies, for a reader: sentences, and a table of grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scorepolis.measures.bodies import MONEY
from scorepolis.report.language import listed, say
from scorepolis.report.tables import Section, Table

PAID, WAIT = MONEY

if TYPE_CHECKING:
    import pandas as pd

    from scorepolis.runs.result import Run


def what_bodies_met(run: Run) -> list[str]:
    """Say what public bodies owed and reported, how they were inspected and graded, and whom that bound.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    list of str
        Sentences; none where there are no public bodies.
    """
    found = run.bodies
    if found.empty:
        return []
    lines = [
        say(
            "bodies.met",
            n=_sum(found, "bodies"),
            officials=_sum(found, "officials"),
            unpaid=_sum(found, "acts", "payment_arrears"),
            owed=_sum(found, "owed"),
            defied=_sum(found, "defied"),
            inspections=_sum(found, "inspections"),
            records=_sum(found, "records"),
            wrong=_sum(found[found["how"].isin(("wrong_body", "not_done"))], "records"),
        )
    ]
    if target := _total(found, "target"):
        share = 100 * _total(found, "reported") / target
        lines.append(
            say(
                "bodies.reported",
                target=f"{target:,}",
                share=f"{share:.0f}",
                looks=_sum(found, "extra_looks"),
                falsified=_sum(found, "acts", "falsified_reports"),
            )
        )
    for name, rows in found[found["count"] == "grade"].groupby("of", sort=False):
        if total := rows["number"].sum():
            shares = rows.groupby("how", sort=False)["number"].sum() / total
            lines.append(
                say("bodies.graded", name=name, grades=listed([f"{g} {100 * s:.1f}" for g, s in shares.items()]))
            )
    lines += _suppliers(found)
    return [*lines, *([_bound(found)] if _total(found, "bound") else [])]


def tables(run: Run) -> list[Table]:
    """Show public bodies by grade and kind, with entries, and how many of these were wrongful."""
    found = run.bodies
    shown = []
    kinds = tuple(dict.fromkeys(found["kind"]))
    for name, rows in found[found["count"] == "grade"].groupby("of", sort=False):
        grades = rows.pivot_table("number", "how", "kind", "sum", sort=False)
        cells = [
            (str(grade), *(f"{int(numbers[kind]):,}" for kind in kinds))
            for grade, numbers in reversed(list(grades.iterrows()))
        ]
        entries = found[(found["of"] == name) & (found["count"] == "negative")]
        note = say(
            "bodies.note", n=_sum(entries, "negative"), wrong=_sum(entries[entries["how"] != "true"], "negative")
        )
        heads = (say("bodies.grade"), *(kind.replace("_", " ") for kind in kinds))
        shown.append(Table(say("bodies.title", name=name), heads, (Section(tuple(cells)),), note))
    return shown


def to_json(run: Run) -> list[dict[str, Any]]:
    """Give the counts of public bodies as values that JSON can hold."""
    return [{str(name): value for name, value in row.items()} for row in run.bodies.to_dict("records")]


def _bound(found: pd.DataFrame) -> str:
    return say("bodies.bound", n=_sum(found, "bound"), inherited=_sum(found, "inherited"))


def _suppliers(found: pd.DataFrame) -> list[str]:
    late = found[(found["count"] == "supplier_acts") & (found["of"] == "wage_arrears")]
    months = found[found["count"] == "supplier_months"]
    rates = {}
    for whether in MONEY:
        number = months.loc[months["how"] == whether, "number"].sum()
        if not number:
            return []
        rates[whether] = f"{1000 * late.loc[late['how'] == whether, 'number'].sum() / number:.1f}"
    waiting = _sum(found, "suppliers_waiting")
    return [say("bodies.suppliers", n=_sum(found, "suppliers"), waiting=waiting, late=rates[WAIT], usual=rates[PAID])]


def _total(found: pd.DataFrame, count: str, of: str | None = None) -> int:
    rows = found["count"] == count
    return int(found.loc[rows if of is None else rows & (found["of"] == of), "number"].sum())


def _sum(found: pd.DataFrame, count: str, of: str | None = None) -> str:
    return f"{_total(found, count, of):,}"

"""What became of firms, for a reader: sentences, and a table of grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scorepolis.report.language import listed, say
from scorepolis.report.tables import Section, Table

if TYPE_CHECKING:
    import pandas as pd

    from scorepolis.runs.result import Run

FALSE = ("wrong_firm", "not_done")
"""Truths of records that say of a firm what it did not do."""


def what_firms_met(run: Run) -> list[str]:
    """Say how firms were inspected, rated and treated.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    list of str
        Sentences; none where there are no firms.
    """
    found = run.firms
    if found.empty:
        return []
    bad = _violations(run)
    lines = [
        say(
            "firms.met",
            n=_number(_sum(found, "firms")),
            employees=_number(_sum(found, "employees")),
            inspections=_number(_sum(found, "inspections")),
            violations=_number(_sum(found, "acts", of=bad)),
            records=_number(_sum(found, "records")),
            wrong=_number(_sum(found, "records", how=FALSE)),
            asked=_number(_sum(found, "acts") - _sum(found, "acts", of=_behaviours(found))),
            refused=_number(_sum(found, "outcomes", how=("refused",))),
            deterred=_number(_sum(found, "deterred")),
        )
    ]
    if run.baseline is not None and not run.baseline.firms.empty:
        law = run.baseline.firms
        lines.append(
            say(
                "firms.law",
                violations=_number(_sum(law, "acts", of=bad)),
                inspections=_number(_sum(law, "inspections")),
            )
        )
    for name, rows in found[found["count"] == "grade"].groupby("of", sort=False):
        total = rows["number"].sum()
        if total:
            shares = rows.groupby("how", sort=False)["number"].sum() / total
            lines.append(
                say("firms.graded", name=name, grades=listed([f"{g} {100 * s:.2f}" for g, s in shares.items()]))
            )
    lines += _answers(found)
    bound = _sum(found, "bound")
    return [*lines, *([say("firms.bound", n=_number(bound))] if bound else [])]


def _answers(found: pd.DataFrame) -> list[str]:
    """Say what firms were told, what became of their appeals, who was let off, and what being shown cost."""
    counts = {name: _sum(found, name) for name in ("told", "appealed", "upheld", "righted", "under_appeal")}
    counts |= {name: _sum(found, name) for name in ("repaired", "shown", "custom")}
    told = {name: _number(count) for name, count in counts.items()}
    lines = [say("firms.told", **told)] if counts["told"] else []
    lines += [say("firms.repaired", n=told["repaired"])] if counts["repaired"] else []
    return [*lines, *([say("firms.shown", n=told["shown"], yuan=told["custom"])] if counts["shown"] else [])]


def tables(run: Run) -> list[Table]:
    """Show firms by grade: how many, how many with connections, entries, and how many of these were wrongful."""
    found = run.firms
    shown = []
    for name, rows in found[found["count"] == "grade"].groupby("of", sort=False):
        grades = rows.pivot_table("number", "how", "connected", "sum", sort=False)
        cells = [
            (str(grade), *(_number(int(numbers.get(connected, 0))) for connected in (False, True)))
            for grade, numbers in reversed(list(grades.iterrows()))
        ]
        heads = tuple(say(f"firms.heads.{head}") for head in ("grade", "others", "connected"))
        wrongful = found[(found["of"] == name) & (found["count"] == "negative")]
        wrong = int(wrongful[wrongful["how"] != "true"]["number"].sum())
        note = say("firms.note", n=_number(int(wrongful["number"].sum())), wrong=_number(wrong))
        shown.append(Table(say("firms.title", name=name), heads, (Section(tuple(cells)),), note))
    return shown


def to_json(run: Run) -> list[dict[str, Any]]:
    """Give the counts of firms as values that JSON can hold."""
    return [{str(name): value for name, value in row.items()} for row in run.firms.to_dict("records")]


def _sum(found: pd.DataFrame, count: str, *, of: tuple[str, ...] = (), how: tuple[str, ...] = ()) -> int:
    rows = found["count"] == count
    if of:
        rows &= found["of"].isin(of)
    if how:
        rows &= found["how"].isin(how)
    return int(found.loc[rows, "number"].sum())


def _behaviours(found: pd.DataFrame) -> tuple[str, ...]:
    return tuple(found.loc[found["count"] == "could_not", "of"].unique())


def _violations(run: Run) -> tuple[str, ...]:
    from scorepolis.parameters import load

    behaviours = load().firms.behaviours
    return tuple(name for name in _behaviours(run.firms) if name in behaviours and behaviours[name].conduct == "bad")


def _number(count: int) -> str:
    return f"{count:,}"

"""The plan of a day, for a person and for a program."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from scorepolis.day.plan import PLAN


def to_json() -> list[dict[str, Any]]:
    """Give the rows as mappings that JSON can hold."""
    return [
        {
            "stage": row.stage,
            "row": row.name,
            "when": row.frequency,
            "what": row.summary,
            "reads": row.reads,
            "writes": row.writes,
            "draws": tuple(purpose.name for purpose in row.draws),
        }
        for row in PLAN
    ]


def table() -> Table:
    """Give the rows as a table, a section for each stage."""
    table = Table(title="The plan of a day", title_justify="left")
    for head in ("Stage", "Row", "When", "What it does"):
        table.add_column(head)
    stage = None
    for row in to_json():
        if row["stage"] != stage:
            table.add_section()
        what = Text(row["what"])
        for word in ("reads", "writes", "draws"):
            if row[word]:
                what.append(f"\n{word} {', '.join(row[word])}", style="dim")
        table.add_row(row["stage"] if row["stage"] != stage else "", row["row"], row["when"], what)
        stage = row["stage"]
    return table

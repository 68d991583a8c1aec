"""A table that reads the same to a person and to a program."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from scorepolis.shown import Shown

MISSING: Final = "–"
"""What stands where there is no number."""

Scalar: TypeAlias = str | int | float | bool | None
Cell: TypeAlias = Scalar | tuple[Scalar, ...]


@dataclass(frozen=True)
class Listing(Shown):
    """Rows under heads.

    Attributes
    ----------
    title
        What the rows are.
    heads
        One for each column.
    rows
        A cell for each head.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def to_json(self) -> list[dict[str, Cell]]:
        """Give each row as a mapping that JSON can hold, by head in lower case."""
        keys = [head.lower().replace(" ", "_") for head in self.heads]
        return [dict(zip(keys, row, strict=True)) for row in self.rows]

    def table(self) -> Table:
        """Give the rows as a table; numbers stand to the right."""
        table = Table(
            title=self.title,
            title_justify="left",
            title_style="bold",
            box=SIMPLE_HEAD,
            padding=(0, 1, 0, 0),
            show_edge=False,
            show_header=any(self.heads),
        )
        for number, head in enumerate(self.heads):
            cells = [row[number] for row in self.rows]
            right = all(map(is_number, cells))
            # What is one word, such as a name that is there to be copied, is not broken.
            word = not any(" " in written(cell) for cell in cells)
            table.add_column(head, justify="right" if right else "left", overflow="fold", no_wrap=word)
        for row in self.rows:
            table.add_row(*(Text(written(cell)) for cell in row))
        return table


def is_number(cell: Cell) -> bool:
    """Say whether a cell holds a number."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def written(cell: Cell) -> str:
    """Write a cell for a person: numbers with all their digits, none in powers of ten.

    Examples
    --------
    >>> written(670000), written(0.000002), written((1, 2.5)), written(True), written(None)
    ('670,000', '0.000002', '1, 2.5', 'yes', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return ", ".join(map(written, cell))
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return f"{Decimal(str(cell)):,f}"
    return cell

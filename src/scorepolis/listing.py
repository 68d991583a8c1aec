"""A table that reads the same to a person and to a program."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scorepolis.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        columns = [[written(row[number]) for row in self.rows] for number in range(len(self.heads))]
        # What is one word, such as a name that is there to be copied, is not broken.
        whole = [not any(" " in cell for cell in cells) for cells in columns]
        told = [[head, *cells] for head, cells in zip(self.heads, columns, strict=True)]
        widths = _widths(told, whole, Console().width - 2 * len(told) + 1)
        for number, head in enumerate(self.heads):
            right = all(is_number(row[number]) for row in self.rows)
            table.add_column(
                head, justify="right" if right else "left", overflow="fold", no_wrap=whole[number], width=widths[number]
            )
        for row in self.rows:
            table.add_row(*(Text(written(cell)) for cell in row))
        return table


def _widths(columns: Sequence[Sequence[str]], whole: Sequence[bool], room: int) -> Sequence[int | None]:
    """Give each column what cannot be broken in it, and what is then left to those that need least.

    Rich takes from the widest columns alike, and so breaks a word in one though there is room in another. Where there
    is no room for all that cannot be broken, it is left to Rich.
    """
    longest = [max(map(len, cells)) for cells in columns]
    widths = [
        longest[number] if whole[number] else max(len(word) for cell in cells for word in cell.split() or [""])
        for number, cells in enumerate(columns)
    ]
    spare = room - sum(widths)
    if spare < 0:
        return [None] * len(columns)
    order = sorted(range(len(columns)), key=lambda number: longest[number] - widths[number])
    for served, number in enumerate(order):
        more = min(longest[number] - widths[number], spare // (len(order) - served))
        widths[number] += more
        spare -= more
    return widths


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

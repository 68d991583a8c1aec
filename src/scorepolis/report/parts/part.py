"""What a part of a report is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scorepolis.report.drawing import Picture
    from scorepolis.report.tables import Table


@dataclass(frozen=True)
class Part:
    """A part of a report, under a heading.

    Attributes
    ----------
    key : str
        Names it within the page; its heading is the string ``part.KEY``.
    lines : tuple of str
        Sentences.
    groups : tuple of (str, tuple of str)
        More sentences, under headings of their own.
    pictures : tuple of Picture
        Each with its sentence and its table.
    tables : tuple of Table
        Tables without a picture.
    told : tuple of str
        Sentences that there are in English only, such as those of a told life.
    code : tuple of str
        What is there to be copied.
    limit : str
        What it cannot tell.
    named : str
        Stands in the heading after its own words, where there are several parts of a sort.
    """

    key: str
    lines: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    told: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    limit: str = ""
    named: str = ""

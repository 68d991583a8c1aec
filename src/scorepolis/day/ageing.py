"""Ageing: on 1 January everybody is a year older."""

from __future__ import annotations

from scorepolis.day.rates import Columns, set_gates
from scorepolis.day.start import leanings
from scorepolis.day.tables import Tables
from scorepolis.society.people import birthday


def grow_older(columns: Columns, tables: Tables) -> None:
    """Make everybody a year older, and renew what depends on age."""
    birthday(columns)
    set_gates(columns, tables)
    columns["leaning"] = leanings(columns, tables)

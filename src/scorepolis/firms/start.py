"""The start: firms enter the instruments in force, and live some months before the first day."""

from __future__ import annotations

import inspect as signatures
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from scorepolis.core.buffers import FIRM_FILLED, IN_SCOPE
from scorepolis.firms.bind import bind
from scorepolis.firms.buffers import CLEAR, NONE
from scorepolis.firms.contest import contest
from scorepolis.firms.inspect import inspect
from scorepolis.firms.rate import rate
from scorepolis.firms.serve import serve
from scorepolis.firms.trade import trade

Columns = dict[str, Any]

MONTHS = (trade, inspect, rate, contest, serve)
YEAR = 12
DAYS = 1 << 32
"""Days before day 0 are counted down from here."""


def firm_spaces(tables: Columns, firms: int) -> Columns:
    """Allocate what a month of a district's firms needs, of whom there are at most so many."""
    inspecting = int((tables["firm_desk"] == 0).sum())
    favouring = int((tables["firm_favours"][:, 0] >= 0).sum())
    records, bindings = firms * (1 + inspecting + favouring), len(tables["firm_binds"])
    instruments, noticing = len(tables["firm_list"]), int(tables["firm_notice"].sum())
    return {
        "firm_acts": np.zeros((firms, 3), np.int32),
        "firm_applications": np.zeros((firms, 2), np.int32),
        "firm_outcomes": np.zeros(firms, np.uint8),
        "firm_inspections": np.zeros((firms * inspecting, 2), np.int32),
        "firm_records": np.zeros((records, 3), np.int32),
        "firm_records_truth": np.zeros((records, 2), np.int32),
        "firm_entries": np.zeros((records * instruments, 4), np.int32),
        "firm_notices": np.zeros((firms * noticing, 3), np.int32),
        "firm_answers": np.zeros(firms * noticing, np.uint8),
        "firm_noted": np.zeros(instruments, np.int64),
        "firm_repairs": np.zeros((firms * int((tables["firm_repair"] > 0).sum()), 2), np.int32),
        "firm_bindings": np.zeros((firms * bindings, 3), np.int64),
    }


def open_firms(columns: Columns) -> Columns:
    """Let a district's firms enter the instruments in force, at the beginning of their past.

    Parameters
    ----------
    columns
        Of the district: who the firms are, and tables.

    Returns
    -------
    dict
        Their state, and what counts them.
    """
    firms, size = columns["firm_size"].size, columns["firm_size"]
    instruments = len(columns["firm_list"])
    groups, flows, moments = columns["firm_widths"] if firms else (0, 0, 0)
    rates = (
        columns["firm_rates"][:, columns["firm_cell"]] * columns["firm_traits"][:, columns["firm_diligence"]]
    ) >> 16
    in_scope = columns["firm_sizes"][:, size] & columns["firm_sectors"][:, columns["firm_sector"]]
    # Accounts without what is contested; none where nothing can be.
    contested = (instruments if np.any(columns["firm_appeal"]) else 0, firms)
    standing = np.full((instruments, firms), CLEAR, np.uint8)
    for k in np.flatnonzero(columns["firm_list"] == 0):
        lowest = int(columns["firm_range"][k, 0])
        standing[k] = columns["firm_graded"][k, columns["firm_newcomer"], int(columns["firm_start"][k]) - lowest]
    return {
        "firm_ceiling": rates.sum(axis=0).astype(np.int64),
        "firm_waits": np.zeros(firms, np.uint16),
        "firm_points": np.zeros((instruments, firms), np.int16),
        "firm_assigned": np.full((instruments, firms), NONE, np.uint8),
        "firm_standing": standing,
        "firm_left": np.zeros((instruments, firms), np.uint8),
        "firm_opens": np.zeros((instruments, firms), np.uint8),
        "firm_open": np.zeros(contested, np.uint8),
        "firm_won": np.zeros(contested, np.uint8),
        "firm_clear_points": np.zeros(contested, np.int16),
        "firm_clear_assigned": np.full(contested, NONE, np.uint8),
        "firm_clear_standing": np.full(contested, CLEAR, np.uint8),
        "firm_clear_left": np.zeros(contested, np.uint8),
        "firm_clear_opens": np.zeros(contested, np.uint8),
        "firm_marks": (in_scope * IN_SCOPE).astype(np.uint8, "C"),
        "firm_bound": np.zeros((len(columns["firm_binds"]), firms), np.uint8),
        "firm_filled": np.zeros(FIRM_FILLED, np.int64),
        "firm_flows": np.zeros((groups, flows), np.int64),
        "firm_moment": np.zeros((groups, moments), np.int64),
        "calendar_month": np.int64(0),
    }


def live_firms_past(columns: Columns, first_month: int) -> None:
    """Let a district's firms live before the first day, and find whom they bind by then.

    Parameters
    ----------
    columns
        Of the district, with a workspace.
    first_month
        Calendar month of day 0, from 1.
    """
    live_months(columns, MONTHS, int(columns["firm_past"]), first_month)
    columns["firm_marks"] &= IN_SCOPE
    call(bind, columns)


def live_months(columns: Columns, rows: Sequence[Callable[..., None]], months: int, first_month: int) -> None:
    """Call rows for each of some months before day 0, of calendar month `first_month`, from the first of them on."""
    for month in range(months):
        calendar = (first_month - 1 - months + month) % YEAR + 1
        now = {"day": np.int64(DAYS - months + month), "calendar_month": np.int64(calendar)}
        for row in rows:
            call(row, columns | now)


def call(row: Callable[..., None], columns: Columns) -> None:
    """Call a row with the columns it names."""
    function = getattr(row, "py_func", row)
    row(*(columns[name] for name in signatures.signature(function).parameters))

"""The start: public bodies enter the instruments in force, and live some months before the first day."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.bodies.answer import answer
from scorepolis.bodies.bind import bind_heads
from scorepolis.bodies.grade import grade
from scorepolis.bodies.look import look
from scorepolis.bodies.owe import owe
from scorepolis.bodies.steps import REPORTS, STEPS
from scorepolis.bodies.wait import wait
from scorepolis.core.buffers import FIRM_FILLED, IN_SCOPE
from scorepolis.firms.buffers import CLEAR, NONE
from scorepolis.firms.start import call, live_months
from scorepolis.parameters.bodies import BEHAVIOURS

Columns = dict[str, Any]

MONTHS = (owe, look, grade, answer)


def body_spaces(tables: Columns, bodies: int) -> Columns:
    """Allocate what a month of a district's bodies needs, of which there are at most so many."""
    inspecting, services = int((tables["body_desk"] == 0).sum()), len(tables["body_wants"])
    records = bodies * (len(BEHAVIOURS) + inspecting)
    return {
        "body_acts": np.zeros((bodies, len(BEHAVIOURS)), np.uint8),
        "body_steps": np.zeros((bodies, STEPS), np.int64),
        "body_applications": np.zeros((bodies * services, 2), np.int32),
        "body_outcomes": np.zeros(bodies * services, np.uint8),
        "body_inspections": np.zeros((bodies * inspecting, 2), np.int32),
        "body_records": np.zeros((records, 3), np.int32),
        "body_records_truth": np.zeros((records, 2), np.int32),
        "body_entries": np.zeros((records * len(tables["body_list"]), 4), np.int32),
        "body_bindings": np.zeros((2 * bodies * len(tables["body_binds"]), 3), np.int64),
    }


def open_bodies(columns: Columns) -> Columns:
    """Let a district's bodies enter the instruments in force, at the beginning of their past.

    Parameters
    ----------
    columns
        Of the district: what the bodies are, and tables.

    Returns
    -------
    dict
        Their state, and what counts them.
    """
    kind, instruments = columns["body_kind"], len(columns["body_list"])
    bodies, places = kind.size, len(columns["sizes"]) if kind.size else 0
    groups, flows, moments = columns["body_widths"] if columns["bodies_live"] else (0, 0, 0)
    standing = np.full((instruments, bodies), CLEAR, np.uint8)
    for k in np.flatnonzero(columns["body_list"] == 0):
        standing[k] = columns["body_graded"][k, int(columns["body_start"][k]) - int(columns["body_range"][k, 0])]
    state = {name: np.zeros(bodies, np.uint8) for name in ("body_owed", "body_stuck", "body_defied", "body_beyond")}
    return (
        state
        | {
            "body_head": columns["body_head"].copy(),  # what is settled stays as it is
            "body_held": columns["body_head"].copy(),
            "body_bills": np.zeros(bodies, np.int64),
            "body_targets": targets(columns["body_quota"], columns["sizes"][:places]),
            "body_points": np.zeros((instruments, bodies), np.int16),
            "body_assigned": np.full((instruments, bodies), NONE, np.uint8),
            "body_standing": standing,
            "body_left": np.zeros((instruments, bodies), np.uint8),
            "body_marks": (columns["body_kinds"][:, kind] * IN_SCOPE).astype(np.uint8, "C"),
            "body_bound": np.zeros((len(columns["body_binds"]), bodies), np.uint8),
            "body_reports": np.zeros((places, REPORTS), np.int64),
            "body_extra": np.zeros(places, np.int64),
            "body_forge": np.zeros(places, np.int64),
            "body_filled": np.zeros(FIRM_FILLED, np.int64),
            "body_flows": np.zeros((groups, flows), np.int64),
            "body_moment": np.zeros((groups, moments), np.int64),
        }
    )


def targets(quota: npt.NDArray[np.int64], sizes: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Give how many reports a month each instrument asks of each neighbourhood.

    Parameters
    ----------
    quota : (instruments, 2)
        Reports per 1,000 residents and month, as numerator and denominator.
    sizes : (neighbourhoods,)
        Residents.

    Returns
    -------
    ndarray, shape (instruments, neighbourhoods), int64
        The nearest whole numbers.
    """
    above, below = quota[:, :1], 1000 * quota[:, 1:]
    asked: npt.NDArray[np.int64] = (2 * above * sizes.astype(np.int64) + below) // (2 * below)
    return asked


def live_bodies_past(columns: Columns, first_month: int) -> None:
    """Let a district's bodies live before the first day, and find who waits for them and whom they bind by then.

    Parameters
    ----------
    columns
        Of the district, with a workspace.
    first_month
        Calendar month of day 0, from 1.
    """
    live_months(columns, MONTHS, int(columns["body_past"]), first_month)
    columns["body_marks"] &= IN_SCOPE
    call(wait, columns)
    call(bind_heads, columns)

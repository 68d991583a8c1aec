"""Space for what the rows of the plan write: buffers whose need depends on what happens."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import (
    ACTS,
    AGENDA,
    APPLICATIONS,
    BOUND,
    ENTRIES,
    PANEL_ENTRIES,
    PANEL_EVENTS,
    STEPS,
    STORIES,
)
from scorepolis.core.compiled import compiled
from scorepolis.core.diary import USED, make_room

Columns = dict[str, Any]

LARGEST_HOUSEHOLD: Final = 15
"""Members of a household, at most: their number is kept in a nibble."""

LEAST: Final = 64
"""Items that a buffer has room for, once it has any."""

BUFFERS: Final = (
    ("due_key",),
    ("agenda_key", "agenda_truth"),
    ("agenda_spare_key", "agenda_spare_truth"),
    ("steps_key", "steps_truth"),
    ("entries",),
    ("entries_kind",),
    ("entries_appeal",),
    ("stories",),
    ("panel_events",),
    ("panel_ledger",),
)
"""What grows with what happens: columns that are as long as one another. The first is the diary's pool."""
DIARY, AGENDAS, SPARES, ALL_STEPS, ALL_ENTRIES, ENTRY_KINDS, ENTRY_APPEALS, ALL_STORIES, EVENTS, LEDGER = range(
    len(BUFFERS)
)

ROWS: Final = (
    "court", "observe", "press", "score", "share", "count", "appeal", "learn", "follow", "reckon", "rank", "hold",
    "hold_heads", "seek", "file", "file_ranks",
)  # fmt: skip
"""Rows that write as much as happens."""
COURT, OBSERVE, PRESS, SCORE, SHARE, COUNT, APPEAL, LEARN, FOLLOW, RECKON, RANK, HOLD, HOLD_HEADS, SEEK = range(14)

INSTRUMENTS, SENSED, FORGED, TOLD, FIRMS_BOUND, HEADS_BOUND = range(6)
"""Of a district: instruments; neighbourhoods times sensors; kinds of made-up reports; entries of the panel when scores
are reckoned; and changes of what binds representatives and heads."""


@compiled
def set_wanted(row, filled, due_state, about, wanted):  # type: ignore[no-untyped-def]
    """Say how long each of `BUFFERS` must be for a row of `ROWS`, so that nothing it writes can run over."""
    wanted[:] = 0
    used = due_state[USED]
    instruments = about[INSTRUMENTS]
    entries = filled[ENTRIES]
    if row == COURT:
        wanted[AGENDAS] = 3 * used
        wanted[ALL_STEPS] = 2 * used
    elif row == OBSERVE:
        new = filled[ACTS] + 15 * about[SENSED]
        wanted[DIARY] = used + new + filled[ACTS]
        wanted[AGENDAS] = filled[AGENDA] + new
        wanted[SPARES] = filled[AGENDA] + new
    elif row == PRESS:
        wanted[DIARY] = used + filled[ACTS] + 15 * about[FORGED]
    elif row == SCORE:
        wanted[DIARY] = used + 3 * max(1, instruments) * filled[AGENDA]
        # A record may lead to an entry under each instrument, and each of those to entries under those it feeds.
        wanted[ALL_ENTRIES] = instruments * (instruments + 1) // 2 * filled[AGENDA]
    elif row == SHARE:
        others = LARGEST_HOUSEHOLD * entries
        wanted[DIARY] = used + others
        wanted[ALL_ENTRIES] = entries + instruments * others
    elif row == COUNT:
        wanted[LEDGER] = filled[PANEL_ENTRIES] + entries
        wanted[ENTRY_KINDS] = entries
    elif row == APPEAL:
        wanted[DIARY] = used + entries
        wanted[ENTRY_APPEALS] = entries
    elif row == SEEK:
        wanted[DIARY] = used + filled[AGENDA] + entries
    elif row == LEARN:
        wanted[ALL_STORIES] = filled[STORIES] + entries
    elif row == FOLLOW:
        today = filled[ACTS] + filled[APPLICATIONS] + filled[AGENDA] + entries + filled[STEPS]
        wanted[EVENTS] = filled[PANEL_EVENTS] + today
    elif row in (RECKON, RANK):
        wanted[ALL_ENTRIES] = about[TOLD]
    elif row == HOLD:
        wanted[ALL_ENTRIES] = entries + instruments * about[FIRMS_BOUND]
    elif row == HOLD_HEADS:
        wanted[ALL_ENTRIES] = entries + instruments * about[HEADS_BOUND]
    else:
        wanted[LEDGER] = filled[PANEL_ENTRIES] + entries


def about(columns: Columns) -> npt.NDArray[np.int64]:
    """Tell of a district what `set_wanted` asks for."""
    instruments = len(columns["raw"])
    places, sensors = columns["levels"].shape
    told = int(np.sum(columns["is_weighted"])) * instruments * columns["panel_slots"].size  # the panel alone
    bound = (int(columns[bindings][BOUND]) for bindings in ("firm_filled", "body_filled"))
    return np.array([instruments, places * sensors, len(columns["body_forge"]), told, *bound], np.int64)


def lengths(columns: Columns) -> list[int]:
    """Give how long each of `BUFFERS` is."""
    return [len(columns[names[0]]) for names in BUFFERS]


def make_space(columns: Columns, row: str) -> bool:
    """Make sure that nothing a row writes can run over its buffer; tells whether that took longer ones."""
    if row not in ROWS:
        return False
    wanted = np.zeros(len(BUFFERS), np.int64)
    set_wanted(ROWS.index(row), columns["filled"], columns["due_state"], about(columns), wanted)
    diary = make_room(columns, int(wanted[DIARY]) - int(columns["due_state"][USED]))
    others = [grow(columns, names, int(wanted[at])) for at, names in enumerate(BUFFERS) if at != DIARY]
    return diary or any(others)


def grow(columns: Columns, names: tuple[str, ...], wanted: int) -> bool:
    """Lengthen buffers to hold `wanted` items, by half at least, keeping what they hold; tells whether it had to.

    The first items take room for more, since whoever lengthens a buffer must lay out everything anew.
    """
    short = [name for name in names if len(columns[name]) < wanted]
    for name in short:
        old = columns[name]
        new = np.zeros((max(wanted, len(old) + len(old) // 2, LEAST), *old.shape[1:]), old.dtype)
        new[: len(old)] = old
        columns[name] = new
    return bool(short)

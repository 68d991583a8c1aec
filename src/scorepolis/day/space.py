"""Space for what the rows of the plan write: buffers whose need depends on what happens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np

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
from scorepolis.core.diary import USED, make_room

Columns = dict[str, Any]

LARGEST_HOUSEHOLD: Final = 15
"""Members of a household, at most: their number is kept in a nibble."""


def make_space(columns: Columns, row: str) -> None:
    """Make sure that nothing a row writes can run over its buffer."""
    if row in _SPACES:
        _SPACES[row](columns, columns["filled"].tolist())


def _court_space(columns: Columns, _filled: list[int]) -> None:
    used = int(columns["due_state"][USED])
    grow(columns, ("agenda_key", "agenda_truth"), 3 * used)
    grow(columns, ("steps_key", "steps_truth"), used)


def _observe_space(columns: Columns, filled: list[int]) -> None:
    places, sensors = columns["levels"].shape
    new = filled[ACTS] + 15 * places * sensors
    make_room(columns, new + filled[ACTS])
    grow(columns, ("agenda_key", "agenda_truth", "agenda_spare_key", "agenda_spare_truth"), filled[AGENDA] + new)


def _press_space(columns: Columns, filled: list[int]) -> None:
    make_room(columns, filled[ACTS] + 15 * len(columns["body_forge"]))


def _score_space(columns: Columns, filled: list[int]) -> None:
    instruments = len(columns["raw"])
    make_room(columns, 3 * max(1, instruments) * filled[AGENDA])
    # A record may lead to an entry under each instrument, and each of those to entries under those it feeds.
    grow(columns, ("entries",), instruments * (instruments + 1) // 2 * filled[AGENDA])


def _share_space(columns: Columns, filled: list[int]) -> None:
    others = LARGEST_HOUSEHOLD * filled[ENTRIES]
    make_room(columns, others)
    grow(columns, ("entries",), filled[ENTRIES] + len(columns["raw"]) * others)


def _count_space(columns: Columns, filled: list[int]) -> None:
    _ledger_space(columns, filled)
    grow(columns, ("entries_kind",), filled[ENTRIES])


def _appeal_space(columns: Columns, filled: list[int]) -> None:
    make_room(columns, filled[ENTRIES])
    grow(columns, ("entries_appeal",), filled[ENTRIES])


def _learn_space(columns: Columns, filled: list[int]) -> None:
    grow(columns, ("stories",), filled[STORIES] + filled[ENTRIES])


def _follow_space(columns: Columns, filled: list[int]) -> None:
    today = filled[ACTS] + filled[APPLICATIONS] + filled[AGENDA] + filled[ENTRIES] + filled[STEPS]
    grow(columns, ("panel_events",), filled[PANEL_EVENTS] + today)


def _reckon_space(columns: Columns, _filled: list[int]) -> None:
    scores = int(np.sum(columns["is_weighted"]))
    told = columns["panel_slots"].size  # none but the panel are told of it
    grow(columns, ("entries",), scores * len(columns["raw"]) * told)


def _hold_space(columns: Columns, filled: list[int], bindings: str = "firm_filled") -> None:
    bound = int(columns[bindings][BOUND])
    grow(columns, ("entries",), filled[ENTRIES] + len(columns["raw"]) * bound)


def _ledger_space(columns: Columns, filled: list[int]) -> None:
    grow(columns, ("panel_ledger",), filled[PANEL_ENTRIES] + filled[ENTRIES])


_SPACES: Final[dict[str, Callable[[Columns, list[int]], None]]] = {
    "court": _court_space,
    "observe": _observe_space,
    "press": _press_space,
    "score": _score_space,
    "share": _share_space,
    "count": _count_space,
    "appeal": _appeal_space,
    "learn": _learn_space,
    "follow": _follow_space,
    "reckon": _reckon_space,
    "hold": _hold_space,
    "hold_heads": partial(_hold_space, bindings="body_filled"),
    "file": _ledger_space,
    "rank": _reckon_space,
    "file_ranks": _ledger_space,
}
"""Rows that write as much as happens, and who makes space for it, given what the buffers hold."""


def grow(columns: Columns, names: tuple[str, ...], wanted: int) -> None:
    """Lengthen buffers to hold `wanted` items, by half at least, keeping what they hold."""
    for name in names:
        old = columns[name]
        if len(old) < wanted:
            new = np.zeros((max(wanted, len(old) + len(old) // 2), *old.shape[1:]), old.dtype)
            new[: len(old)] = old
            columns[name] = new

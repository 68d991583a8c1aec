"""Workspaces: the day's buffers and the month's tallies, which districts at work borrow and none of them owns."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from scorepolis.day.district import Columns, new_workspace


class Workspaces:
    """One set of buffers and tallies for each thread and each choice of instruments.

    They hold nothing that a district needs again but sums over all districts, and so there need not be more of them
    than districts are at work at once: they stay near in memory, and a nation's memory is that of its people alone.

    Parameters
    ----------
    slots, firms, bodies
        Slots of the largest district, firms of the one that has most, and public bodies likewise.
    """

    def __init__(self, slots: int, firms: int = 0, bodies: int = 0) -> None:
        self._slots, self._firms, self._bodies = slots, firms, bodies
        self._own = threading.local()
        self._lock = threading.Lock()
        self.all: list[Columns] = []

    @contextmanager
    def lent(self, columns: Columns) -> Iterator[None]:
        """Lend a district the workspace of this thread."""
        kept: dict[bytes, Columns] = self._own.__dict__.setdefault("kept", {})
        which = columns["instruments"].tobytes()
        if which not in kept:
            kept[which] = new_workspace(columns, self._slots, self._firms, self._bodies)
            with self._lock:
                self.all.append(kept[which])
        workspace = kept[which]
        columns.update(workspace)
        try:
            yield
        finally:
            for name in workspace:  # a row may have put a longer one in its place
                workspace[name] = columns[name]

    def take_back(self, columns: Columns) -> None:
        """Take the workspace of this thread away from a district that will rest."""
        workspace = self._own.kept[columns["instruments"].tobytes()]
        for name in workspace.keys() - {"instruments"}:  # which are the district's own
            del columns[name]

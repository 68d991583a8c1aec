"""Bind: the official at the head of a body that stands low enough is held down under the lists of people it names.

What binds follows the office: it lets the predecessor go, and takes the successor.
"""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import BOUND, IN_SCOPE
from scorepolis.core.compiled import compiled, inlined
from scorepolis.firms.buffers import BINDS, INHERITED


@inlined
def write_binding(bindings, at, person, instrument, change):  # type: ignore[no-untyped-def]
    """Write that a binding begins or ends; give where the next goes."""
    bindings[at, 0] = person
    bindings[at, 1] = instrument
    bindings[at, 2] = change
    return at + 1


@compiled
def bind_heads(  # type: ignore[no-untyped-def]
    marks, body_head, body_held, body_standing, body_marks, body_binds, body_bound, body_bindings, body_filled
):
    """Write whose bindings begin and end: local slot, instrument of people, 1 or -1; by body, then by binding."""
    changes = np.int64(0)
    for j in range(body_head.size if body_binds.shape[0] else 0):
        person, before = body_head[j], body_held[j]
        body_held[j] = person
        for n in range(body_binds.shape[0]):
            k, m = body_binds[n, 0], body_binds[n, 1]
            bound = (
                body_standing[k, j] <= body_binds[n, 2]
                and (body_marks[k, j] & IN_SCOPE) != 0
                and (marks[m, person] & IN_SCOPE) != 0
            )
            was = body_bound[n, j]
            if was != 0 and (not bound or person != before):
                changes = write_binding(body_bindings, changes, before, m, -1)
            if bound and (was == 0 or person != before):
                changes = write_binding(body_bindings, changes, person, m, 1)
            if not bound:
                body_bound[n, j] = 0
            elif was == 0:
                body_bound[n, j] = BINDS
            elif person != before:
                body_bound[n, j] = INHERITED
    body_filled[BOUND] = changes

"""Bind: the official at the head of a body that stands low enough is held down under the lists of people it names."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import BOUND, IN_SCOPE
from scorepolis.core.compiled import compiled


@compiled
def bind_heads(  # type: ignore[no-untyped-def]
    marks, body_head, body_standing, body_marks, body_binds, body_bound, body_bindings, body_filled
):
    """Write whose bindings begin and end: local slot, instrument of people, 1 or -1; by body, then by binding."""
    changes = np.int64(0)
    for j in range(body_head.size if body_binds.shape[0] else 0):
        person = body_head[j]
        for n in range(body_binds.shape[0]):
            k, m = body_binds[n, 0], body_binds[n, 1]
            bound = (
                body_standing[k, j] <= body_binds[n, 2]
                and (body_marks[k, j] & IN_SCOPE) != 0
                and (marks[m, person] & IN_SCOPE) != 0
            )
            if bound != (body_bound[n, j] != 0):
                body_bound[n, j] = bound
                body_bindings[changes, 0] = person
                body_bindings[changes, 1] = m
                body_bindings[changes, 2] = 1 if bound else -1
                changes += 1
    body_filled[BOUND] = changes

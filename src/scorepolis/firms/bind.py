"""Bind: whose firm stands low enough is held down under the lists of people that the law of the date names."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import BOUND, IN_SCOPE
from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, draw
from scorepolis.firms.chances import happens

FIRM = int(Purpose.FIRM)
REACHED = 2
"""The draw by which a binding reaches a representative at all."""


@compiled
def bind(  # type: ignore[no-untyped-def]
    seed_words, first_slot, marks, firm_representative, firm_standing, firm_marks, firm_binding, firm_binds, firm_bound,
    firm_bindings, firm_filled,
):  # fmt: skip
    """Write whose bindings begin and end: local slot, instrument of people, 1 or -1; by firm, then by binding."""
    changes = np.int64(0)
    for i in range(firm_representative.size if firm_binds.shape[0] else 0):
        person = firm_representative[i]
        for n in range(firm_binds.shape[0]):
            k, m = firm_binds[n, 0], firm_binds[n, 1]
            bound = firm_standing[k, i] <= firm_binds[n, 2] and (firm_marks[k, i] & IN_SCOPE) != 0
            if not bound and not firm_bound[n, i]:
                continue
            if bound:
                w0, w1, w2, w3 = draw(seed_words[0], seed_words[1], FIRM, first_slot + i, REACHED, 0)
                bound = (marks[m, person] & IN_SCOPE) != 0 and happens(w0, firm_binding)
            if bound != (firm_bound[n, i] != 0):
                firm_bound[n, i] = bound
                firm_bindings[changes, 0] = person
                firm_bindings[changes, 1] = m
                firm_bindings[changes, 2] = 1 if bound else -1
                changes += 1
    firm_filled[BOUND] = changes

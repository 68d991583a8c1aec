"""Bind: whose firm stands low enough is held down under the lists of people that the law of the date names."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import BOUND, IN_SCOPE
from scorepolis.core.draws import Purpose, draw_words, seed_of
from scorepolis.firms.chances import happens

Ints = npt.NDArray[Any]


def bind(
    seed_words: Ints, first_slot: Ints, marks: Ints, firm_representative: Ints, firm_standing: Ints, firm_marks: Ints,
    firm_binding: Ints, firm_binds: Ints, firm_bound: Ints, firm_bindings: Ints, firm_filled: Ints,
) -> None:  # fmt: skip
    """Write whose bindings begin and end: local slot, instrument of people, 1 or -1; by firm, then by binding."""
    firm_filled[BOUND] = 0
    if not firm_bound.size:
        return
    slots = int(first_slot) + np.arange(firm_representative.size)
    reached = happens(draw_words(seed_of(seed_words), Purpose.FIRM, slots, 2, 0)[0], int(firm_binding))
    change = np.zeros(firm_bound.shape, np.int64)
    for n, (k, m, grade) in enumerate(firm_binds.tolist()):
        in_scope = ((firm_marks[k] & IN_SCOPE) != 0) & ((marks[m, firm_representative] & IN_SCOPE) != 0)
        bound = reached & in_scope & (firm_standing[k] <= grade)
        change[n] = bound.astype(np.int64) - firm_bound[n]
        firm_bound[n] = bound
    firms, bindings = np.nonzero(change.T)
    found = np.column_stack([firm_representative[firms], firm_binds[bindings, 1], change[bindings, firms]])
    firm_bindings[: len(found)] = found
    firm_filled[BOUND] = len(found)

"""Hold: who stands behind firms and public bodies is held down under lists of people, or no longer, as was found."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import BOUND, ENTRIES, HELD, PENALISED
from scorepolis.core.compiled import compiled
from scorepolis.day.ledger import count_override, feed_on, write_entry
from scorepolis.rulebooks.standing import score_of, standing_of

TERMS = 1
"""Nibble of a list that counts listings for a term: an exit does not end them."""


@compiled
def hold(  # type: ignore[no-untyped-def]
    panel, raw, standing, overrides, marks, entries, filled, stood, firm_bindings, firm_filled, feed_grade,
    feed_override, override_grade, score_lowest, score_highest, grade_lowest, grades_count,
):  # fmt: skip
    """Let overrides rise and fall; the panel's ledger gets an entry for each that moved."""
    instruments = raw.shape[0]
    written = np.int64(filled[ENTRIES])
    for e in range(firm_filled[BOUND]):
        i = firm_bindings[e, 0]
        k = firm_bindings[e, 1]
        change = firm_bindings[e, 2]
        for m in range(k, instruments):
            stood[m] = standing[m, i]
        if not count_override(overrides, k, i, np.int64(TERMS), change):
            continue
        if change > 0:
            marks[k, i] |= np.uint8(PENALISED)
        stands = standing_of(
            raw[k, i], overrides[k, i], k, score_lowest, score_highest, grade_lowest, grades_count, override_grade
        )
        standing[k, i] = np.uint8(stands)
        told = panel[i] != 0
        if told:
            stays = score_of(raw[k, i], k, score_lowest, score_highest)
            write_entry(
                entries, written, np.int64(0), np.uint64(0), i, np.int64(HELD), k, np.int64(0), np.int64(0),
                stays, stays, stood[k], stands,
            )  # fmt: skip
            written += 1
        written = feed_on(
            i, k, np.int64(0), np.int64(told), written, raw, standing, overrides, marks, stood, entries, feed_grade,
            feed_override, override_grade, score_lowest, score_highest, grade_lowest, grades_count,
        )  # fmt: skip
    filled[ENTRIES] = written


@compiled
def hold_heads(  # type: ignore[no-untyped-def]
    panel, raw, standing, overrides, marks, entries, filled, stood, body_bindings, body_filled, feed_grade,
    feed_override, override_grade, score_lowest, score_highest, grade_lowest, grades_count,
):  # fmt: skip
    """Let overrides of the officials at the head of public bodies rise and fall likewise."""
    hold(
        panel, raw, standing, overrides, marks, entries, filled, stood, body_bindings, body_filled, feed_grade,
        feed_override, override_grade, score_lowest, score_highest, grade_lowest, grades_count,
    )  # fmt: skip

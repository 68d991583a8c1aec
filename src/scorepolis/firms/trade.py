"""Trade: each month a firm does at most one thing, having reckoned what a record would cost, or asks for a service.

A violation brings a gain that differs from one opportunity to the next, evenly up to the largest; a firm takes it if it
is above risk times loss (Becker, Journal of Political Economy 76 (1968) 169). Firms know how often those who stand as
they do are inspected, and what follows under instruments that are not secret. Some cannot comply, whatever it costs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import APPLIED, DID, IN_SCOPE
from scorepolis.core.draws import Purpose, draw_words, seed_of
from scorepolis.firms.buffers import COULD_NOT, DETERRED, DONE, LET_OFF
from scorepolis.firms.chances import happens, inspection_rates, risk

Ints = npt.NDArray[Any]

MOST_LOSS = (1 << 31) - 1


def trade(
    day: Ints, seed_words: Ints, first_slot: Ints, firm_ceiling: Ints, firm_size: Ints, firm_cell: Ints,
    firm_diligence: Ints, firm_newcomer: Ints, firm_points: Ints, firm_assigned: Ints, firm_standing: Ints,
    firm_marks: Ints, firm_rates: Ints, firm_traits: Ints, firm_fine: Ints, firm_gain: Ints, firm_unable: Ints,
    firm_bad: Ints, firm_seen: Ints, firm_desk: Ints, firm_ordinary: Ints, firm_law_risk: Ints, firm_share: Ints,
    firm_known: Ints, firm_list: Ints, firm_rule_weighed: Ints, firm_rule_points: Ints, firm_rule_assign: Ints,
    firm_rule_duration: Ints, firm_month: Ints, firm_start: Ints, firm_range: Ints, firm_graded: Ints, firm_worth: Ints,
    firm_acts: Ints, firm_applications: Ints, firm_filled: Ints,
) -> None:  # fmt: skip
    """Let firms act and apply."""
    firm_filled[[DID, APPLIED]] = 0
    if not firm_size.size:
        return
    slots = int(first_slot) + np.arange(firm_size.size)
    w0, w1, _, _ = draw_words(seed_of(seed_words), Purpose.TRADE, slots, 0, int(day))
    busy = np.flatnonzero(happens(w0, firm_ceiling))
    cell = firm_cell[busy]
    base = (firm_rates[:, cell] * np.take(firm_traits, firm_diligence[busy], axis=1)) >> 16
    ends = np.cumsum(base, axis=0)
    x = (w0[busy] >> np.uint32(2)).astype(np.int64)
    kind = (x >= ends).sum(axis=0)
    each = np.arange(busy.size)
    base, x = base[kind, each], x - ends[kind, each] + base[kind, each]

    behaviours = len(firm_bad)
    asks = np.flatnonzero(kind >= behaviours)
    firm_applications[: asks.size] = np.column_stack([busy[asks], kind[asks] - behaviours])
    firm_filled[APPLIED] = asks.size

    acts = np.flatnonzero(kind < behaviours)
    at, b, cell, base, x = busy[acts], kind[acts], cell[acts], base[acts], x[acts]
    size = firm_size[at]
    gain, fine, bad = firm_gain[b, size], firm_fine[b, size], firm_bad[b] != 0
    counts = ((firm_marks[:, at] & IN_SCOPE) != 0) & (firm_known[:, None] != 0)
    rates = inspection_rates(cell, firm_standing[:, at], counts, firm_ordinary, firm_share)
    loss = fine.copy()
    for k in range(len(firm_known)):
        rule = firm_rule_weighed[k, b].astype(np.int64)
        if firm_list[k]:
            now, then = firm_standing[k, at], np.zeros(at.size, np.int64)
        elif not firm_month[k]:
            now = firm_standing[k, at]
            then = np.minimum(now, firm_rule_assign[k, rule])
        else:
            lowest, highest = int(firm_range[k, 0]), int(firm_range[k, 1])
            score = int(firm_start[k]) + firm_points[k, at].astype(np.int64)
            graded, new = firm_graded[k], firm_newcomer[at]
            after = score + firm_rule_points[k, rule]
            now = np.minimum(graded[new, np.clip(score, lowest, highest) - lowest], firm_assigned[k, at])
            then = np.minimum(graded[new, np.clip(after, lowest, highest) - lowest], firm_assigned[k, at])
            then = np.minimum(then, firm_rule_assign[k, rule])
        worth = firm_worth[k]
        stake = (np.maximum(0, worth[cell, now] - worth[cell, then]) * firm_rule_duration[k, rule]) >> 8
        loss += np.where(counts[k] & (rule >= 0), stake, 0)
    does = _held(base, gain, risk(b, firm_seen, firm_desk, rates), np.minimum(loss, MOST_LOSS))
    would = _held(base, gain, firm_law_risk[b, cell], fine)
    unable = bad & happens(w1[at], firm_unable[b])
    fate = np.select(
        [~bad, unable, x < np.minimum(does, would), x < does, x < would], [DONE, COULD_NOT, DONE, LET_OFF, DETERRED], -1
    )
    kept = np.flatnonzero(fate >= 0)
    firm_acts[: kept.size] = np.column_stack([at[kept], b[kept], fate[kept]])
    firm_filled[DID] = kept.size


def _held(base: Ints, gain: Ints, chance: Ints, loss: Ints) -> Ints:
    """Give the rate that is left where a record of this chance costs so much."""
    return base - (base * np.minimum(gain, (chance * loss) >> 30)) // gain

"""Trade: each month a firm does at most one thing, having reckoned what a record would cost, or asks for a service.

A violation brings a gain that differs from one opportunity to the next, evenly up to the largest; a firm takes it if it
is above risk times loss (Becker, Journal of Political Economy 76 (1968) 169). Firms know how often those who stand as
they do are inspected, and what follows under instruments that are not secret. Some cannot comply, whatever it costs:
more of those whom public bodies owe money.
"""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import APPLIED, DID, IN_SCOPE
from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, draw
from scorepolis.firms.buffers import COULD_NOT, DETERRED, DONE, LET_OFF
from scorepolis.firms.chances import CERTAIN, happens, inspection_rate, missed

TRADE = int(Purpose.TRADE)
MOST_LOSS = (1 << 31) - 1


@compiled
def held(base, gain, chance, loss):  # type: ignore[no-untyped-def]
    """Give the rate that is left where a record of this chance costs so much."""
    return base - (base * min(gain, (chance * loss) >> 30)) // gain


@compiled
def stake_under(  # type: ignore[no-untyped-def]
    k, i, b, cell, newcomer, points, assigned, standing, is_list, weighed, rule_points, rule_assign, duration, month,
    start, bounds, graded, worth,
):  # fmt: skip
    """Yuan that a record of b would cost firm i under instrument k."""
    r = np.int64(weighed[k, b])
    if r < 0:
        return np.int64(0)
    if is_list[k] or month[k] == 0:
        now = np.int64(standing[k, i])
        then = np.int64(0) if is_list[k] else min(now, np.int64(rule_assign[k, r]))
    else:
        lowest, highest = np.int64(bounds[k, 0]), np.int64(bounds[k, 1])
        score = np.int64(start[k]) + np.int64(points[k, i])
        after = score + np.int64(rule_points[k, r])
        least = np.int64(assigned[k, i])
        new = newcomer[i]
        now = min(np.int64(graded[k, new, min(max(score, lowest), highest) - lowest]), least)
        then = min(np.int64(graded[k, new, min(max(after, lowest), highest) - lowest]), least)
        then = min(then, np.int64(rule_assign[k, r]))
    return (max(np.int64(0), worth[k, cell, now] - worth[k, cell, then]) * duration[k, r]) >> 8


@compiled
def trade(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, firm_ceiling, firm_size, firm_cell, firm_diligence, firm_newcomer, firm_points,
    firm_assigned, firm_standing, firm_marks, firm_rates, firm_traits, firm_fine, firm_gain, firm_unable, firm_strain,
    firm_waits, firm_bad, firm_seen, firm_desk, firm_ordinary, firm_law_risk, firm_share, firm_sharing, firm_known,
    firm_list, firm_rule_weighed, firm_rule_points, firm_rule_assign, firm_rule_duration, firm_month, firm_start,
    firm_range, firm_graded, firm_worth, firm_acts, firm_applications, firm_filled,
):  # fmt: skip
    """Let firms act and apply."""
    did = np.int64(0)
    applied = np.int64(0)
    kinds = firm_rates.shape[0]
    behaviours = firm_bad.size
    for i in range(firm_size.size):
        w0, w1, w2, w3 = draw(seed_words[0], seed_words[1], TRADE, first_slot + i, 0, day)
        strain = firm_strain * np.int64(firm_waits[i])
        if strain == 0 and not happens(w0, firm_ceiling[i]):
            continue
        x = np.int64(w0 >> np.uint32(2))
        cell = np.int64(firm_cell[i])
        kind = np.int64(0)
        base = np.int64(0)
        while kind < kinds:
            base = (firm_rates[kind, cell] * firm_traits[kind, firm_diligence[i]]) >> 16
            more = np.int64(0)  # occasions without a choice, for want of what public bodies owe
            if strain > 0 and kind < behaviours:
                more = (((base * firm_unable[kind]) >> 30) * strain) >> 8
            if x < base + more:
                break
            x -= base + more
            kind += 1
        if kind == kinds:
            continue
        if kind >= behaviours:
            firm_applications[applied, 0] = i
            firm_applications[applied, 1] = kind - behaviours
            applied += 1
            continue
        b = kind
        fate = DONE
        if firm_bad[b]:
            size = firm_size[i]
            fine, gain = firm_fine[b, size], firm_gain[b, size]
            loss = fine
            for k in range(firm_known.size):
                if firm_known[k] != 0 and (firm_marks[k, i] & IN_SCOPE) != 0:
                    loss += stake_under(
                        k, i, b, cell, firm_newcomer, firm_points, firm_assigned, firm_standing, firm_list,
                        firm_rule_weighed, firm_rule_points, firm_rule_assign, firm_rule_duration, firm_month,
                        firm_start, firm_range, firm_graded, firm_worth,
                    )  # fmt: skip
            unseen = np.int64(CERTAIN)
            for s in range(firm_desk.size):
                if firm_seen[b, s] > 0:
                    looks = np.int64(CERTAIN)
                    if not firm_desk[s]:
                        looks = inspection_rate(
                            i, s, cell, False, firm_standing, firm_marks, firm_known, firm_ordinary, firm_share,
                            firm_sharing,
                        )  # fmt: skip
                    unseen = missed(unseen, looks, firm_seen[b, s])
            does = held(base, gain, CERTAIN - unseen, min(loss, MOST_LOSS))
            would = held(base, gain, firm_law_risk[b, cell], fine)
            if x >= base or happens(w1, firm_unable[b]):
                fate = COULD_NOT
            elif x < does:
                fate = DONE if x < would else LET_OFF
            elif x < would:
                fate = DETERRED
            else:
                continue
        firm_acts[did, 0] = i
        firm_acts[did, 1] = b
        firm_acts[did, 2] = fate
        did += 1
    firm_filled[DID] = did
    firm_filled[APPLIED] = applied

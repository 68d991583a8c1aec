"""Owe: public bodies pay or leave bills unpaid, obey judgments or ignore them, and ask for what they want.

A bill left unpaid brings a gain that differs from one to the next, evenly up to the largest; it is left if that is
above risk times loss, as firms choose. Some cannot pay, whatever it costs.
"""

from __future__ import annotations

import numpy as np

from scorepolis.bodies.choices import MOST_LOSS, stake
from scorepolis.bodies.steps import (
    ACTS,
    CANNOT,
    COULD_NOT,
    DETERRED,
    DOES,
    JUDGED,
    MOST_OPEN,
    NOT,
    PAID,
    PERFORMED,
)
from scorepolis.core.buffers import APPLIED
from scorepolis.core.compiled import compiled, inlined
from scorepolis.core.draws import Purpose, draw
from scorepolis.firms.chances import CERTAIN, happens

OWE = int(Purpose.OWE)
WANTS = 2
"""Where the draws of services begin."""
ARREARS, IGNORING = 0, 1
UNABLE, PAYING, SUED, PERFORMING = range(4)
"""Positions in `body_shares`."""


@inlined
def part_of(number, share, word):  # type: ignore[no-untyped-def]
    """Give how many of a number end this month, with this share as the mean."""
    return (np.int64(number) * share + np.int64(word >> np.uint32(2))) >> 30


@inlined
def left_of(base, gain, risk, loss):  # type: ignore[no-untyped-def]
    """Give the chance that is left where a record of this risk costs so much."""
    return base - (base * min(gain, (risk * loss) >> 30)) // gain


@inlined
def doing(open_now, without_choice):  # type: ignore[no-untyped-def]
    """Say what a body does that has so many open, some for want of a choice."""
    return NOT if open_now == 0 else CANNOT if without_choice == open_now else DOES


@compiled
def owe(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, body_kind, body_integrity, body_owed, body_stuck, body_defied, body_beyond, body_bills,
    body_points, body_assigned, body_standing, body_marks, body_bill, body_ignore, body_shares, body_wants, body_fine,
    body_gain, body_risk, body_known, body_list, body_rule_weighed, body_rule_points, body_rule_assign,
    body_rule_duration, body_month, body_start, body_range, body_worth, body_value, body_acts, body_steps,
    body_applications, body_filled,
):  # fmt: skip
    """Let bodies pay, owe, be sued, obey, and apply."""
    k0, k1 = seed_words[0], seed_words[1]
    applied = np.int64(0)
    for j in range(body_kind.size):
        steps = body_steps[j]
        steps[:] = 0
        kind, level = np.int64(body_kind[j]), np.int64(body_integrity[j])
        owed, stuck = np.int64(body_owed[j]), np.int64(body_stuck[j])
        defied, beyond = np.int64(body_defied[j]), np.int64(body_beyond[j])
        w0, w1, w2, w3 = draw(k0, k1, OWE, first_slot + j, 0, day)
        v0, v1, v2, v3 = draw(k0, k1, OWE, first_slot + j, 1, day)
        paid = part_of(owed, body_shares[PAYING], v0)
        performed = part_of(defied, body_shares[PERFORMING], v1)
        owed -= paid
        stuck = min(stuck, owed)
        defied -= performed
        beyond = min(beyond, defied)
        steps[PAID] = paid
        steps[PERFORMED] = performed
        base = body_bill[kind, level]
        if happens(w0, base) and owed < MOST_OPEN:
            x = np.int64(w0 >> np.uint32(2))
            loss = body_fine[ARREARS] + stake(
                j, ARREARS, kind, body_marks, body_known, body_points, body_assigned, body_standing, body_list,
                body_rule_weighed, body_rule_points, body_rule_assign, body_rule_duration, body_month, body_start,
                body_range, body_worth, body_value,
            )  # fmt: skip
            if happens(w1, body_shares[UNABLE]):
                owed += 1
                stuck += 1
                steps[ACTS + ARREARS] += 1
                steps[COULD_NOT + ARREARS] += 1
            elif x < left_of(base, body_gain[ARREARS], body_risk[ARREARS, kind], min(loss, np.int64(MOST_LOSS))):
                owed += 1
                steps[ACTS + ARREARS] += 1
            elif x < left_of(base, body_gain[ARREARS], body_risk[ARREARS, kind], body_fine[ARREARS]):
                steps[DETERRED + ARREARS] += 1
        if owed > 0 and defied < MOST_OPEN and happens(w2, min(np.int64(CERTAIN), owed * body_shares[SUED])):
            steps[JUDGED] += 1
            unable = stuck == owed
            owed -= 1
            stuck = min(stuck, owed)
            y = np.int64(w3 >> np.uint32(2))
            base = body_ignore[level]
            loss = body_fine[IGNORING] + stake(
                j, IGNORING, kind, body_marks, body_known, body_points, body_assigned, body_standing, body_list,
                body_rule_weighed, body_rule_points, body_rule_assign, body_rule_duration, body_month, body_start,
                body_range, body_worth, body_value,
            )  # fmt: skip
            if unable:
                defied += 1
                beyond += 1
                steps[ACTS + IGNORING] += 1
                steps[COULD_NOT + IGNORING] += 1
            elif y < left_of(base, body_gain[IGNORING], body_risk[IGNORING, kind], min(loss, np.int64(MOST_LOSS))):
                defied += 1
                steps[ACTS + IGNORING] += 1
            elif y < left_of(base, body_gain[IGNORING], body_risk[IGNORING, kind], body_fine[IGNORING]):
                steps[DETERRED + IGNORING] += 1
        body_bills[j] += steps[ACTS + ARREARS]
        body_owed[j], body_stuck[j], body_defied[j], body_beyond[j] = owed, stuck, defied, beyond
        body_acts[j, :] = NOT
        body_acts[j, ARREARS] = doing(owed, stuck)
        body_acts[j, IGNORING] = doing(defied, beyond)
        for v in range(body_wants.shape[0]):
            w0, w1, w2, w3 = draw(k0, k1, OWE, first_slot + j, WANTS + v, day)
            if happens(w0, body_wants[v, kind]):
                body_applications[applied, 0] = j
                body_applications[applied, 1] = v
                applied += 1
    body_filled[APPLIED] = applied

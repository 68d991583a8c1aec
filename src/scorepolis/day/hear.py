"""Hear: who sees and hears of the people shown in public, and what that does to those who know them."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    APP,
    BILLBOARD,
    BROADCAST_PRAISE,
    BROADCAST_SHAME,
    GALLERY,
    RINGTONE,
    SHAMING,
)
from scorepolis.core.compiled import compiled, inlined
from scorepolis.core.draws import Purpose, draw
from scorepolis.core.integers import byte, sround
from scorepolis.day.coefficients import RINGTONE_WEIGHT, SHUNNED_DISTRUST, SHUNNING
from scorepolis.rulebooks.standing import channels_of
from scorepolis.society.flags import ONLINE, URBAN
from scorepolis.society.ties import NOBODY, TIES, tied

HEAR = int(Purpose.HEAR)

WORKMATES = 4
"""From this place on ties are of workmates, in whatever place each keeps the other; before it, in the same place."""

SHUN = 64
"""Number of the first draw for shunning, beyond those for the ties that hear a ringtone."""


@compiled
def attend(group_cell, flags, shown, tally_audience):  # type: ignore[no-untyped-def]
    """Count a neighbourhood's people among the audience of each channel that reaches them."""
    on_walls, on_telephones, by_shaming = shown[BILLBOARD] > 0, shown[APP] > 0, shown[BROADCAST_SHAME] > 0
    in_gallery, by_praising = shown[GALLERY] > 0, shown[BROADCAST_PRAISE] > 0
    for a in range(group_cell.size):
        here = tally_audience[group_cell[a]]
        rural = flags[a] & URBAN == 0
        if on_walls:
            here[BILLBOARD] += 1
        if on_telephones and flags[a] & ONLINE:
            here[APP] += 1
        if by_shaming and rural:
            here[BROADCAST_SHAME] += 1
        if in_gallery:
            here[GALLERY] += 1
        if by_praising and rural:
            here[BROADCAST_PRAISE] += 1


@inlined
def alarm(belief, d, i, weight, u):  # type: ignore[no-untyped-def]
    """Raise a believed risk by a share of the way to certainty."""
    now = np.int64(belief[d, i])
    belief[d, i] = byte(now + sround((255 - now) * weight, 65536, u))


@compiled
def ring(  # type: ignore[no-untyped-def]
    i, day, k0, k1, slot, household, group_cell, ties, belief, weight, tally_audience
):
    """Let everybody who calls person i hear the ringtone: their believed risk rises."""
    t = np.int64(0)
    for at in range(np.int64(household[i] & 15) + TIES):
        other = tied(i, at, household, ties)
        if other in (i, NOBODY):
            continue
        w0, w1, w2, w3 = draw(k0, k1, HEAR, slot, t, day)
        alarm(belief, 0, other, weight, w0)
        alarm(belief, 1, other, weight, w1)
        alarm(belief, 2, other, weight, w2)
        alarm(belief, 3, other, weight, w3)
        tally_audience[group_cell[other], RINGTONE] += 1
        t += 1


@compiled
def lose(ties, i, place):  # type: ignore[no-untyped-def]
    """End a tie of person i at both ends."""
    other = np.int64(ties[i, place])
    ties[i, place] = NOBODY
    there = place
    if place >= WORKMATES:
        there = WORKMATES
        while ties[other, there] != i:
            there += 1
    ties[other, there] = NOBODY


@compiled
def hear(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, sizes, flags, household, group_cell, ties, belief, trust,
    marks, standing, shown, shown_on, coefficients, tally_audience, tally_ties_lost,
):  # fmt: skip
    """Tell of those shown: an audience is counted, callers hear ringtones, and some shun those who are shamed."""
    k0 = seed_words[0]
    k1 = seed_words[1]
    for h in range(shown.shape[0]):
        if not shown[h].any():  # nobody who lives here is shown, and nobody here sees or hears of anybody
            continue
        first = h << 10
        last = first + np.int64(sizes[h])
        attend(group_cell[first:last], flags[first:last], shown[h], tally_audience)
        for i in range(first, last):
            on = channels_of(i, marks, standing, shown_on) & SHAMING
            if on == 0:
                continue
            slot = first_slot + i
            if on & (1 << RINGTONE):
                weight = coefficients[RINGTONE_WEIGHT]
                ring(i, day, k0, k1, slot, household, group_cell, ties, belief, weight, tally_audience)
            for place in range(TIES):
                other = np.int64(ties[i, place])
                if other == NOBODY:
                    continue
                w0, w1, w2, w3 = draw(k0, k1, HEAR, slot, SHUN + place, day)
                if np.int64(w0) < coefficients[SHUNNING]:
                    lose(ties, i, place)
                    trust[i] = byte(np.int64(trust[i]) - sround(coefficients[SHUNNED_DISTRUST], 65536, w1))
                    trust[other] = byte(np.int64(trust[other]) - sround(coefficients[SHUNNED_DISTRUST], 65536, w2))
                    tally_ties_lost[group_cell[i]] += 1

"""Respond: people learn every day and live every month."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    ACTS,
    APP,
    APPLICATIONS,
    BILLBOARD,
    BROADCAST_PRAISE,
    BROADCAST_SHAME,
    E_BEHAVIOUR,
    E_INSTRUMENT,
    E_POINTS,
    E_RULE,
    E_SENSOR,
    E_SLOT,
    E_WHAT,
    ENTRIES,
    GALLERY,
    IN_SCOPE,
    OUT_CHEAPER,
    OUT_DEARER,
    OUT_DELAYED,
    OUT_FIRST,
    OUT_REFUSED,
    PRAISING,
    RECORD,
    SHAMING,
    SILENCED,
    STORIES,
)
from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, draw, philox
from scorepolis.core.integers import byte, halfword, sround
from scorepolis.day.coefficients import (
    APP_WEIGHT,
    BILLBOARD_WEIGHT,
    BROADCAST_WEIGHT,
    CROWDING_SPEED,
    DELAY_HARDSHIP,
    EXPERIENCE_MOST,
    HARDSHIP_RETURN,
    HOUSEHOLD_TELLS,
    INCOME_RETURN,
    MOTIVE_RETURN,
    NOTICE_READ,
    OPINION_GAIN,
    OPINION_LOSS,
    OPINION_RETURN,
    PEER_WEIGHT,
    POVERTY_LINE,
    PRAISE_OPINION,
    PRIOR_WEIGHT,
    REPORT_DISTRUST,
    SHOWN_DISTRUST,
    SHOWN_MOST,
    STORY_SHARE,
    TRUST_RETURN,
    TRUST_RURAL,
)
from scorepolis.rulebooks.standing import channels_of, count_of
from scorepolis.society.flags import ONLINE, URBAN
from scorepolis.society.ties import NOBODY, TIES, tied

LEARN = int(Purpose.LEARN)
TREATED = int(Purpose.TREATED)
LIVE = int(Purpose.LIVE)

LEAST_INCOME = 32
"""Income never falls below a quarter of the person's own start."""


@compiled
def revise(belief, evidence, experience, prior_weight, u):  # type: ignore[no-untyped-def]
    """Revise a believed risk by one own experience (Lochner 2007; Anwar and Loughran 2011).

    The posterior mean of a Beta prior worth `prior_weight` / 16 observations after `experience` earlier ones: the
    belief moves to the evidence (255 caught, 0 not) by 1 / (prior + experience + 1) of the distance, stochastically
    rounded with the word u.
    """
    return byte(
        np.int64(belief)
        + sround((np.int64(evidence) - np.int64(belief)) * 16, prior_weight + 16 * np.int64(experience) + 16, u)
    )


@compiled
def crowd_out(motive, floor, speed, u):  # type: ignore[no-untyped-def]
    """Lower the motive for a deed that has been given a price (Gneezy and Rustichini 2000).

    It falls to `floor` by `speed` / 65536 of the way, stochastically rounded with the word u; below, it stays.
    """
    own = np.int64(motive)
    if own <= floor:
        return byte(own)
    return byte(own + sround((floor - own) * speed, 65536, u))


@compiled
def recover(motive, back, u):  # type: ignore[no-untyped-def]
    """Let a motive return to 128 by `back` / 65536 of the way, stochastically rounded with the word u."""
    own = np.int64(motive)
    return byte(own + sround((128 - own) * back, 65536, u))


@compiled
def hardship_target(income_now, line):  # type: ignore[no-untyped-def]
    """Hardship, in 1/255, that an income in yuan a year tends to."""
    if income_now >= line:
        return np.int64(0)
    return (255 * (line - income_now)) // line


@compiled
def learn(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, household, ties, income_rank,
    belief, experience, income, hardship, trust, opinion, motive, aware, marks,
    acts_slot, acts_kind, acts_fate, acts_caught, applications_slot, applications_service,
    outcomes_bits, outcomes_days, outcomes_percent, entries, stories, filled,
    domain, is_bad, notice, rule_override, sensor_near, crowding_floor, price, refused_income, refused_hardship,
    income_table, coefficients,
):  # fmt: skip
    """Learn from own and friends' acts, from ledger entries and from how applications were answered."""
    k0 = seed_words[0]
    k1 = seed_words[1]
    for e in range(filled[ACTS]):
        b = np.int64(acts_kind[e])
        if acts_fate[e] == SILENCED or is_bad[b] == 0:
            continue
        i = np.int64(acts_slot[e])
        d = domain[b]
        evidence = np.int64(255) if acts_caught[e] else np.int64(0)
        w0, w1, w2, w3 = draw(k0, k1, LEARN, first_slot + i, 0, day)
        belief[d, i] = revise(belief[d, i], evidence, experience[i], coefficients[PRIOR_WEIGHT], w0)
        experience[i] = np.uint8(min(np.int64(experience[i]) + 1, coefficients[EXPERIENCE_MOST]))
        t = np.int64(0)
        for at in range(np.int64(household[i] & 15) + TIES):
            other = tied(i, at, household, ties)
            if other in (i, NOBODY):
                continue
            if t % 8 == 0:
                w0, w1, w2, w3 = draw(k0, k1, LEARN, first_slot + i, 1 + t // 8, day)
            now = np.int64(belief[d, other])
            belief[d, other] = byte(
                now + sround((evidence - now) * coefficients[PEER_WEIGHT], 65536, halfword(w0, w1, w2, w3, t % 8))
            )
            t += 1
    for e in range(filled[ENTRIES]):
        if entries[e, E_WHAT] != RECORD:
            continue
        i = np.int64(entries[e, E_SLOT])
        k = np.int64(entries[e, E_INSTRUMENT])
        d = domain[entries[e, E_BEHAVIOUR]]
        points = entries[e, E_POINTS]
        w0, w1, w2, w3 = draw(k0, k1, LEARN, first_slot + i, 8 + k, day)
        if notice[k] and np.int64(w3) < coefficients[NOTICE_READ]:
            aware[k, i] = 1
            if np.int64(w3) < (coefficients[NOTICE_READ] * (coefficients[HOUSEHOLD_TELLS] >> 16)) >> 16:
                start = i - (household[i] >> 4)
                for other in range(start, start + (household[i] & 15)):
                    if other != i and (marks[k, other] & IN_SCOPE) != 0:
                        aware[k, other] = 1
        if points < 0 or (points == 0 and rule_override[k, entries[e, E_RULE]] >= 0):
            opinion[i] = byte(np.int64(opinion[i]) - sround(coefficients[OPINION_LOSS], 65536, w0))
            if sensor_near[entries[e, E_SENSOR]]:
                trust[i] = byte(np.int64(trust[i]) - sround(coefficients[REPORT_DISTRUST], 65536, w1))
            if np.int64(w2) < coefficients[STORY_SHARE]:
                at = filled[STORIES]
                if at < stories.shape[0]:
                    stories[at, 0] = first_slot + i
                    stories[at, 1] = d
                filled[STORIES] = at + 1
        elif points > 0:
            opinion[i] = byte(np.int64(opinion[i]) + sround(coefficients[OPINION_GAIN], 65536, w0))
            if aware[k, i]:
                motive[i] = crowd_out(motive[i], crowding_floor[d], coefficients[CROWDING_SPEED], w1)
    for e in range(filled[APPLICATIONS]):
        outcome = outcomes_bits[e]
        if outcome == 0:
            continue
        i = np.int64(applications_slot[e])
        v = np.int64(applications_service[e])
        w0, w1, w2, w3 = draw(k0, k1, TREATED, first_slot + i, v, day)
        if outcome & OUT_REFUSED:
            income[i] = np.uint8(
                max(np.int64(LEAST_INCOME), np.int64(income[i]) - sround(refused_income[v], 65536, w0))
            )
            hardship[i] = byte(np.int64(hardship[i]) + sround(refused_hardship[v], 65536, w1))
            opinion[i] = byte(np.int64(opinion[i]) - sround(coefficients[OPINION_LOSS], 65536, w2))
            continue
        earns = max(np.int64(1), (income_table[income_rank[i]] * np.int64(income[i])) >> 7)
        if outcome & OUT_DELAYED:
            hardship[i] = byte(
                np.int64(hardship[i]) + sround(coefficients[DELAY_HARDSHIP] * outcomes_days[e], 65536, w1)
            )
        if outcome & (OUT_DEARER | OUT_CHEAPER):
            hardship[i] = byte(
                np.int64(hardship[i]) + sround(price[v] * outcomes_percent[e] * 255 * 12, 100 * earns, w3)
            )
        if outcome & OUT_FIRST:
            opinion[i] = byte(np.int64(opinion[i]) + sround(coefficients[OPINION_GAIN], 65536, w2))


@compiled
def noticed(shown, h, channel):  # type: ignore[no-untyped-def]
    """Count the people of a neighbourhood shown on a channel, as far as more make a difference."""
    return min(shown[h, channel], np.int64(SHOWN_MOST))


@compiled
def live(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, occupied, flags, rate_cell, education, income_rank,
    belief, income, hardship, trust, opinion, motive, aware, marks, standing, shown, news,
    shown_on, opinion_base, income_table, coefficients, month_words,
):  # fmt: skip
    """Live through the month: income, hardship, trust, opinion and motive return; publicity and news are noticed."""
    k0 = seed_words[0]
    k1 = seed_words[1]
    instruments = standing.shape[0]
    for i in range(occupied.size):
        if i & 1023 == 0:  # a neighbourhood's draws in passes of their own, which vectorise
            h = i >> 10
            on_walls = coefficients[BILLBOARD_WEIGHT] * noticed(shown, h, BILLBOARD)
            on_telephones = coefficients[APP_WEIGHT] * noticed(shown, h, APP)
            by_loudspeaker = coefficients[BROADCAST_WEIGHT] * noticed(shown, h, BROADCAST_SHAME)
            for a in range(1024):
                slot = np.uint32(np.uint32(first_slot + i) + np.uint32(a))
                w0, w1, w2, w3 = philox(slot, np.uint32(0), np.uint32(day), np.uint32(LIVE), k0, k1)
                month_words[0, a] = w0
                month_words[1, a] = w1
                month_words[2, a] = w2
                month_words[3, a] = w3
            for a in range(1024):
                slot = np.uint32(np.uint32(first_slot + i) + np.uint32(a))
                w0, w1, w2, w3 = philox(slot, np.uint32(1), np.uint32(day), np.uint32(LIVE), k0, k1)
                month_words[4, a] = w0
                month_words[5, a] = w1
                month_words[6, a] = w2
            for k in range(instruments):
                for a in range(1024):
                    slot = np.uint32(np.uint32(first_slot + i) + np.uint32(a))
                    w0, w1, w2, w3 = philox(slot, np.uint32(2 + k), np.uint32(day), np.uint32(LIVE), k0, k1)
                    month_words[7 + k, a] = w0
        if occupied[i] == 0:
            continue
        a = i & 1023
        w0, w1, w2, w3 = month_words[0, a], month_words[1, a], month_words[2, a], month_words[3, a]
        m0, m1, m2 = month_words[4, a], month_words[5, a], month_words[6, a]
        for k in range(instruments):
            if (marks[k, i] & IN_SCOPE) != 0 and np.int64(month_words[7 + k, a]) < news[i >> 10, k]:
                aware[k, i] = 1
        channels = channels_of(i, marks, standing, shown_on)
        on = count_of(channels & SHAMING)
        praised = count_of(channels & PRAISING)
        now = np.int64(income[i])
        now = max(np.int64(LEAST_INCOME), now + sround((128 - now) * coefficients[INCOME_RETURN], 65536, w0))
        income[i] = byte(now)
        target = hardship_target((income_table[income_rank[i]] * np.int64(income[i])) >> 7, coefficients[POVERTY_LINE])
        hard = np.int64(hardship[i])
        hardship[i] = byte(hard + sround((target - hard) * coefficients[HARDSHIP_RETURN], 65536, w1))
        urban = np.int64((flags[i] & URBAN) != 0)
        trusting = np.int64(trust[i])
        trust[i] = byte(
            trusting
            + sround(
                (coefficients[TRUST_RURAL + urban] - trusting) * coefficients[TRUST_RETURN]
                - on * coefficients[SHOWN_DISTRUST],
                65536,
                w2,
            )
        )
        fifth = (np.int64(income_rank[i]) * 5) >> 10
        base = opinion_base[rate_cell[i] >> 2, fifth, education[i], urban]
        models = shown[h, GALLERY] + (1 - urban) * shown[h, BROADCAST_PRAISE]
        approves = np.int64(opinion[i])
        opinion[i] = byte(
            approves
            + sround(
                (base - approves) * coefficients[OPINION_RETURN]
                - on * coefficients[OPINION_LOSS]
                + praised * coefficients[OPINION_GAIN]
                + (coefficients[PRAISE_OPINION] * min(models, np.int64(SHOWN_MOST))) // SHOWN_MOST,
                65536,
                w3,
            )
        )
        motive[i] = recover(motive[i], coefficients[MOTIVE_RETURN], m0)
        pull = on_walls + (1 - urban) * by_loudspeaker
        if flags[i] & ONLINE:
            pull += on_telephones
        pull = min(pull // SHOWN_MOST, np.int64(65536))
        if pull > 0:
            for d in range(4):
                believed = np.int64(belief[d, i])
                belief[d, i] = byte(believed + sround((255 - believed) * pull, 65536, halfword(m1, m2, m1, m2, d)))

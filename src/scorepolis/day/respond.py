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
    SHARED,
    SILENCED,
    STORIES,
)
from scorepolis.core.compiled import compiled, inlined
from scorepolis.core.draws import Purpose, draw, philox
from scorepolis.core.integers import byte, halfword, sround
from scorepolis.core.prefetch import prefetch
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

AHEAD = 8
"""Acts between one that is learned from and one whose acquaintances are asked for."""

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
    peer_weight = coefficients[PEER_WEIGHT]
    many = filled[ACTS]
    for e in range(many):
        if e + 2 * AHEAD < many:
            prefetch(ties.T, np.int64(acts_slot[e + 2 * AHEAD]))
        if e + AHEAD < many and is_bad[acts_kind[e + AHEAD]]:
            soon = np.int64(acts_slot[e + AHEAD])
            for at in range(TIES):
                prefetch(belief, np.int64(ties[soon, at]))
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
                now + sround((evidence - now) * peer_weight, 65536, halfword(w0, w1, w2, w3, t % 8))
            )
            t += 1
    for e in range(filled[ENTRIES]):
        what = entries[e, E_WHAT]
        if what != RECORD and what != SHARED:  # noqa: PLR1714 - compiled
            continue
        i = np.int64(entries[e, E_SLOT])
        k = np.int64(entries[e, E_INSTRUMENT])
        d = domain[entries[e, E_BEHAVIOUR]]
        points = entries[e, E_POINTS]
        w0, w1, w2, w3 = draw(k0, k1, LEARN, first_slot + i, 8 + k, day)
        if what == SHARED:
            if points < 0:
                opinion[i] = byte(np.int64(opinion[i]) - sround(coefficients[OPINION_LOSS], 65536, w0))
            continue
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


@inlined
def noticed(shown, channel):  # type: ignore[no-untyped-def]
    """Count the people of a neighbourhood shown on a channel, as far as more make a difference."""
    return min(shown[channel], np.int64(SHOWN_MOST))


@compiled
def draw_month(first_slot, many, instruments, day, k0, k1, words):  # type: ignore[no-untyped-def]
    """Draw the month's words of a neighbourhood's people, in passes of their own, which vectorise."""
    w = words
    for a in range(many):
        slot = np.uint32(np.uint32(first_slot) + np.uint32(a))
        w[0, a], w[1, a], w[2, a], w[3, a] = philox(slot, np.uint32(0), np.uint32(day), np.uint32(LIVE), k0, k1)
    for a in range(many):
        slot = np.uint32(np.uint32(first_slot) + np.uint32(a))
        w[4, a], w[5, a], w[6, a], _ = philox(slot, np.uint32(1), np.uint32(day), np.uint32(LIVE), k0, k1)
    for k in range(instruments):
        for a in range(many):
            slot = np.uint32(np.uint32(first_slot) + np.uint32(a))
            w[7 + k, a], _, _, _ = philox(slot, np.uint32(2 + k), np.uint32(day), np.uint32(LIVE), k0, k1)


@compiled
def earn(income, back, words):  # type: ignore[no-untyped-def]
    """Let incomes return to people's own start."""
    for a in range(income.size):
        now = np.int64(income[a])
        income[a] = byte(max(np.int64(LEAST_INCOME), now + sround((128 - now) * back, 65536, words[a])))


@compiled
def get_by(hardship, income, income_rank, income_table, line, back, words):  # type: ignore[no-untyped-def]
    """Let hardship follow incomes."""
    for a in range(hardship.size):
        target = hardship_target((income_table[income_rank[a]] * np.int64(income[a])) >> 7, line)
        now = np.int64(hardship[a])
        hardship[a] = byte(now + sround((target - now) * back, 65536, words[a]))


@compiled
def trust_again(trust, flags, on, coefficients, words):  # type: ignore[no-untyped-def]
    """Let trust in strangers return, but for those who are shamed in public."""
    for a in range(trust.size):
        now = np.int64(trust[a])
        usual = coefficients[TRUST_RURAL + np.int64((flags[a] & URBAN) != 0)]
        moved = (usual - now) * coefficients[TRUST_RETURN] - np.int64(on[a]) * coefficients[SHOWN_DISTRUST]
        trust[a] = byte(now + sround(moved, 65536, words[a]))


@compiled
def make_up_mind(opinion, leaning, flags, on, praised, shown, coefficients, words):  # type: ignore[no-untyped-def]
    """Let opinion return to what it leans to; who is shamed or praised, or hears of praise, is moved besides."""
    in_town = (coefficients[PRAISE_OPINION] * noticed(shown, GALLERY)) // SHOWN_MOST
    models = min(shown[GALLERY] + shown[BROADCAST_PRAISE], np.int64(SHOWN_MOST))
    in_villages = (coefficients[PRAISE_OPINION] * models) // SHOWN_MOST
    for a in range(opinion.size):
        now = np.int64(opinion[a])
        heard = in_town if flags[a] & URBAN else in_villages
        moved = (
            (np.int64(leaning[a]) - now) * coefficients[OPINION_RETURN]
            - np.int64(on[a]) * coefficients[OPINION_LOSS]
            + np.int64(praised[a]) * coefficients[OPINION_GAIN]
            + heard
        )
        opinion[a] = byte(now + sround(moved, 65536, words[a]))


@compiled
def feel_like_it(motive, back, words):  # type: ignore[no-untyped-def]
    """Let own motives for good deeds return."""
    for a in range(motive.size):
        motive[a] = recover(motive[a], back, words[a])


@compiled
def watch(belief, flags, shown, coefficients, low, high):  # type: ignore[no-untyped-def]
    """Let believed risks rise with the people shamed on walls, on telephones and by loudspeaker."""
    on_walls = coefficients[BILLBOARD_WEIGHT] * noticed(shown, BILLBOARD)
    on_telephones = coefficients[APP_WEIGHT] * noticed(shown, APP)
    by_loudspeaker = coefficients[BROADCAST_WEIGHT] * noticed(shown, BROADCAST_SHAME)
    if on_walls + on_telephones + by_loudspeaker == 0:
        return
    in_villages = min((on_walls + by_loudspeaker) // SHOWN_MOST, np.int64(65536))
    in_villages_online = min((on_walls + by_loudspeaker + on_telephones) // SHOWN_MOST, np.int64(65536))
    in_towns = min(on_walls // SHOWN_MOST, np.int64(65536))
    in_towns_online = min((on_walls + on_telephones) // SHOWN_MOST, np.int64(65536))
    for a in range(flags.size):
        at_home = in_towns if flags[a] & URBAN else in_villages
        with_telephone = in_towns_online if flags[a] & URBAN else in_villages_online
        pull = with_telephone if flags[a] & ONLINE else at_home
        for d in range(4):
            now = np.int64(belief[d, a])
            u = halfword(low[a], high[a], low[a], high[a], d)
            belief[d, a] = byte(now + sround((255 - now) * pull, 65536, u))


@compiled
def live(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, sizes, flags, income_rank, leaning,
    belief, income, hardship, trust, opinion, motive, aware, marks, standing, shown, news,
    shown_on, income_table, coefficients, month_words, month_shown,
):  # fmt: skip
    """Live through the month: income, hardship, trust, opinion and motive return; publicity and news are noticed."""
    k0 = seed_words[0]
    k1 = seed_words[1]
    instruments = standing.shape[0]
    on = month_shown[0]
    praised = month_shown[1]
    for h in range(sizes.size):
        first = h << 10
        many = np.int64(sizes[h])
        here = slice(first, first + many)
        draw_month(first_slot + first, many, instruments, day, k0, k1, month_words)
        for a in range(many):
            channels = channels_of(first + a, marks, standing, shown_on)
            on[a] = 0
            praised[a] = 0
            if channels:
                on[a] = count_of(channels & SHAMING)
                praised[a] = count_of(channels & PRAISING)
        for k in range(instruments):
            for a in range(many):
                if np.int64(month_words[7 + k, a]) < news[h, k] and (marks[k, first + a] & IN_SCOPE) != 0:
                    aware[k, first + a] = 1
        earn(income[here], coefficients[INCOME_RETURN], month_words[0])
        get_by(
            hardship[here], income[here], income_rank[here], income_table, coefficients[POVERTY_LINE],
            coefficients[HARDSHIP_RETURN], month_words[1],
        )  # fmt: skip
        trust_again(trust[here], flags[here], on, coefficients, month_words[2])
        make_up_mind(opinion[here], leaning[here], flags[here], on, praised, shown[h], coefficients, month_words[3])
        feel_like_it(motive[here], coefficients[MOTIVE_RETURN], month_words[4])
        watch(belief[:, here], flags[here], shown[h], coefficients, month_words[5], month_words[6])

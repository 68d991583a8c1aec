"""Act: what people do today, and what they ask for.

One 16-bit draw a person decides whether anything could happen at all, against a ceiling that is the same under every
rulebook; one further draw decides what, and whether it does at today's rate. So two worlds share every act whose rate
is the same in both.
"""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import ACTS, APPLICATIONS, BREACHES, DONE, FOR_POINTS, IN_SCOPE, SILENCED
from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, philox
from scorepolis.core.prefetch import prefetch
from scorepolis.day.coefficients import EFFORT, FORESIGHT, REWARD_MOST, REWARD_PULL
from scorepolis.day.deterrence import deterrence
from scorepolis.rulebooks.standing import stake

GATE = int(Purpose.GATE)
ACT = int(Purpose.ACT)

AHEAD = 12
"""Candidates between one at work and one whose memory is asked for."""

DEBRUIJN = np.uint64(0x03F79D71B4CB0A89)
BIT_OF = np.zeros(64, np.uint8)
for _bit in range(64):
    BIT_OF[(((1 << _bit) * 0x03F79D71B4CB0A89) & 0xFFFFFFFFFFFFFFFF) >> 58] = _bit


@compiled
def candidates_of(gate, first_neighbourhood, day, k0, k1, candidates, words, mask, bits):  # type: ignore[no-untyped-def]
    """Pass every slot's gate; writes the local slots that pass into `candidates` and returns how many do."""
    draws = words.view(np.uint16)
    w0 = words[0:128]
    w1 = words[128:256]
    w2 = words[256:384]
    w3 = words[384:512]
    mask64 = mask.view(np.uint64)
    bits64 = bits.view(np.uint64)
    count = np.int64(0)
    for h in range(gate.size >> 10):
        base = np.uint32((first_neighbourhood + h) * 128)
        for j in range(128):
            a, b, c, d = philox(np.uint32(base + np.uint32(j)), np.uint32(0), np.uint32(day), np.uint32(GATE), k0, k1)
            w0[j] = a
            w1[j] = b
            w2[j] = c
            w3[j] = d
        here = gate[h << 10 : (h + 1) << 10]
        for a in range(1024):
            mask[a] = np.uint8(draws[a] < here[a])
        for w in range(128):  # eight mask bytes to eight bits, by multiplication
            bits[w] = np.uint8(
                ((mask64[w] & np.uint64(0x0101010101010101)) * np.uint64(0x0102040810204080)) >> np.uint64(56)
            )
        for w in range(16):
            x = bits64[w]
            while x != np.uint64(0):
                low = x & (~x + np.uint64(1))
                at = BIT_OF[np.uint64(low * DEBRUIJN) >> np.uint64(58)]
                candidates[count] = np.uint16((h << 10) + (w << 6) + at)
                count += 1
                x ^= low
    return count


@compiled
def act(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, first_neighbourhood,
    flags, traits, rate_cell, income_rank, gate,
    belief, income, hardship, motive, aware,
    raw, standing, counters, overrides, marks,
    peers_factor,
    rates, trait_factor, trait_shift, walk, walk_ceilings, group_first, group_requires, group_shift, group_ceilings,
    domain, is_bad, hardship_pull, law_risk, neg_exp, income_table, coefficients,
    rule_weighed, rule_points, rule_counter, rule_cap, rule_override, rule_duration, is_weighted, rule_steps,
    override_grade, score_lowest, score_highest, grade_midpoint, value, open_door,
    gate_words, gate_mask, gate_bits, candidates, chances,
    acts_slot, acts_kind, acts_fate, applications_slot, applications_service, filled,
):  # fmt: skip
    """Decide who does what today: acts, wishes left undone, and applications for services, in slot order."""
    k0 = seed_words[0]
    k1 = seed_words[1]
    behaviours = domain.size
    instruments = raw.shape[0]
    count = candidates_of(gate, first_neighbourhood, day, k0, k1, candidates, gate_words, gate_mask, gate_bits)
    for e in range(count):  # an array pass of its own, so that it vectorises
        a, b, c, d = philox(
            np.uint32(np.uint32(first_slot) + np.uint32(candidates[e])),
            np.uint32(0),
            np.uint32(day),
            np.uint32(ACT),
            k0,
            k1,
        )
        chances[e] = a
    done = np.int64(0)
    asked = np.int64(0)
    for e in range(count):
        if e + AHEAD < count:
            soon = np.int64(candidates[e + AHEAD])
            prefetch(flags, soon)
            prefetch(hardship, soon)
            prefetch(marks, soon)
        i = np.int64(candidates[e])
        cell = np.int64(rate_cell[i])
        has = flags[i]
        levels = np.int64(traits[i])
        x = np.int64((np.uint64(chances[e]) * (np.uint64(gate[i]) << np.uint64(16))) >> np.uint64(32))
        group = np.int64(0)
        level = np.int64(0)
        while group < group_first.size:
            level = (levels >> group_shift[group]) & 15
            able = np.int64((has & group_requires[group]) == group_requires[group])  # a branch could not be predicted
            together = able * np.int64(group_ceilings[cell, group, level])
            if x < together:
                break
            x -= together
            group += 1
        if group == group_first.size:
            continue
        step = group_first[group]
        ceiling = np.int64(walk_ceilings[cell, level, step])
        while x >= ceiling:
            x -= ceiling
            step += 1
            ceiling = np.int64(walk_ceilings[cell, level, step])
        kind = walk[step]
        if kind >= behaviours:
            applications_slot[asked] = candidates[e]
            applications_service[asked] = np.uint8(kind - behaviours)
            asked += 1
            continue
        b = kind
        base = (rates[cell, b] * trait_factor[b, (levels >> trait_shift[b]) & 15]) >> 16
        wish = (base * (np.int64(65536) + hardship_pull[b] * np.int64(hardship[i]))) >> 16
        wish = (wish * np.int64(peers_factor[i >> 10, b])) >> 8
        for k in range(instruments):
            if (marks[k, i] & IN_SCOPE) != 0:
                wish = (wish * open_door[k, b, standing[k, i]]) >> 16
        own = (wish * (np.int64(motive[i]) << 9)) >> 16
        most = wish if is_bad[b] else own + ((wish * coefficients[REWARD_MOST]) >> 16)
        if x >= most:  # whatever the stake: fear only takes from a wish, and a reward adds so much at most
            continue
        earns = max(np.int64(1), (income_table[income_rank[i]] * np.int64(income[i])) >> 7)
        held = np.int64(0)
        for times in range(1, 2 if is_bad[b] else coefficients[FORESIGHT] + 1):
            total = stake(
                i, b, np.int64(is_bad[b]), np.int64(times), cell, raw, overrides, counters, marks, aware, rule_weighed,
                rule_points, rule_override, rule_cap, rule_counter, rule_duration, is_weighted, rule_steps,
                override_grade, score_lowest, score_highest, grade_midpoint, value,
            )  # fmt: skip
            # A run of good deeds counts if it is worth its cost; of bad conduct, the next record alone.
            if is_bad[b] or total << 20 >= times * coefficients[EFFORT] * earns:
                held = max(held, total // times)
        share = np.int64(0)  # of a year's income, in 2^-12
        if held > 0:
            share = min(np.int64(65535), (held * 4096) // earns)
        if is_bad[b]:
            d = domain[b]
            actual = (wish * deterrence(np.int64(belief[d, i]) * 257, law_risk[d], share, coefficients, neg_exp)) >> 16
            if x < actual:
                fate = DONE
            elif x < wish:
                fate = SILENCED
            else:
                fate = -1
        else:
            actual = own + ((wish * min(coefficients[REWARD_MOST], (coefficients[REWARD_PULL] * share) >> 4)) >> 16)
            if x < own:
                fate = DONE
            elif x < actual:
                fate = FOR_POINTS
            else:
                fate = -1
        if actual > ceiling:
            filled[BREACHES] += 1
        if fate >= 0:
            acts_slot[done] = candidates[e]
            acts_kind[done] = np.uint8(b)
            acts_fate[done] = np.uint8(fate)
            done += 1
    filled[ACTS] = done
    filled[APPLICATIONS] = asked

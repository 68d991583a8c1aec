"""Seek: people who know that an entry can be repaired ask for it, if they can; what is granted will end it early."""

from __future__ import annotations

import numpy as np

from scorepolis.core.buffers import (
    AGENDA,
    ASKED,
    BARRED,
    COURSE,
    E_INSTRUMENT,
    E_POINTS,
    E_RULE,
    E_SLOT,
    E_WHAT,
    ENTRIES,
    GOOD_DEEDS,
    GRANTED,
    LET_OFF,
    MAY_ASK,
    RECORD,
    REPAIR,
    REPAIR_MONTH,
    REPAIR_TRIES,
    REPAIR_WAITED,
    TOO_POOR,
    WON,
)
from scorepolis.core.compiled import compiled
from scorepolis.core.diary import put
from scorepolis.core.draws import Purpose, draw
from scorepolis.core.integers import byte, sround
from scorepolis.core.items import (
    item_key,
    key_behaviour,
    key_instrument,
    key_points,
    key_rule,
    key_sensor,
    key_slot,
    key_what,
    repaired_after,
)
from scorepolis.day.coefficients import UNABLE_AT_FULL_HARDSHIP
from scorepolis.rulebooks.standing import counted

LUCK = int(Purpose.REPAIR)
NO_WAY = -1
RULES = 256
"""Rules of an instrument, at most."""


@compiled
def in_force(  # type: ignore[no-untyped-def]
    i, k, r, points, until, counters, overrides, is_weighted, rule_expires, rule_counter, rule_window,
    rule_override, rule_override_term, rule_nibble,
):  # fmt: skip
    """Tell what of an entry will still be in force `until` days after it: its points, and whether anything else is."""
    if is_weighted[k]:
        stands = rule_window[k, r] > until and counted(counters[k, i], np.int64(rule_counter[k, r])) > 0
        return np.int64(0), stands
    held = points if rule_expires[k, r] < 0 or rule_expires[k, r] > until else np.int64(0)
    term = np.int64(rule_override_term[k, r])
    lasting = rule_override[k, r] >= 0 and (term == 0 or term > until)
    number = np.int64(rule_nibble[k, r]) if lasting else np.int64(0)
    return held, lasting and ((np.int64(overrides[k, i]) >> (4 * number)) & 15) > 0


@compiled
def is_clean(i, k, held, down, raw, counters, overrides, is_weighted, rule_counter, rule_steps, score_start):  # type: ignore[no-untyped-def]
    """Tell whether nothing stands against a person but the entry that is to be repaired."""
    others = (np.int64(overrides[k, i]) & 15) + (np.int64(overrides[k, i]) >> 4)
    if is_weighted[k] == 0:
        return np.int64(raw[k, i]) - held >= score_start[k] and others <= np.int64(down)
    records = np.int64(0)
    for r in range(rule_counter.shape[1]):
        if rule_counter[k, r] >= 0 and rule_steps[k, r, 0] < 0:
            records += counted(counters[k, i], np.int64(rule_counter[k, r]))
    return records <= 1 and others == 0


@compiled
def deeds_of(i, k, counters, repair_deeds):  # type: ignore[no-untyped-def]
    """Count the good deeds in their windows that speak for a person."""
    deeds = np.int64(0)
    for number in range(8):
        if (np.int64(repair_deeds[k]) >> number) & 1:
            deeds += counted(counters[k, i], number)
    return deeds


@compiled
def seek(  # type: ignore[no-untyped-def]
    day, seed_words, first_slot, group_cell, income_rank, income, hardship, aware, raw, counters, overrides,
    agenda_key, entries, entries_appeal, filled, due_heads, due_next, due_key, due_state,
    is_weighted, rule_expires, rule_counter, rule_window, rule_steps, rule_override, rule_override_term, rule_nibble,
    score_start, income_table, coefficients,
    rule_repair, rule_ways, repair_asks, repair_granted, repair_days, repair_clean, repair_costs, repair_deeds,
    repair_least, tally_repairs,
):  # fmt: skip
    """Let those who may ask today ask or wait, and see when those who were penalised today may ask."""
    for item in range(filled[AGENDA]):
        key = agenda_key[item]
        if key_what(key) != REPAIR or key_behaviour(key) != MAY_ASK:
            continue
        i = key_slot(key)
        k = key_instrument(key)
        r = key_rule(key)
        points = key_points(key)
        number = key_sensor(key)
        until = repaired_after(key, rule_repair, repair_days)
        held, down = in_force(
            i, k, r, points, until, counters, overrides, is_weighted, rule_expires, rule_counter, rule_window,
            rule_override, rule_override_term, rule_nibble,
        )  # fmt: skip
        if held == 0 and not down:
            continue
        w0, w1, w2, w3 = draw(seed_words[0], seed_words[1], LUCK, first_slot + i, RULES * k + r, day)
        group = group_cell[i]
        way = np.int64(NO_WAY)
        if aware[k, i] and np.int64(w0) < repair_asks[k]:
            earns = max(np.int64(1), (income_table[income_rank[i]] * np.int64(income[i])) >> 7)
            if repair_clean[k] == 0 or is_clean(
                i, k, held, down, raw, counters, overrides, is_weighted, rule_counter, rule_steps, score_start
            ):
                for choice in range(rule_ways.shape[2]):
                    open_to = np.int64(rule_ways[k, r, choice])
                    if way >= 0 or open_to < 0:
                        break
                    if open_to == COURSE:
                        unable = (coefficients[UNABLE_AT_FULL_HARDSHIP] * np.int64(hardship[i])) // 255
                        if np.int64(w1) < unable or 12 * repair_costs[k] > earns:
                            tally_repairs[group, k, TOO_POOR] += 1
                            continue
                    elif open_to == GOOD_DEEDS and deeds_of(i, k, counters, repair_deeds) < repair_least[k]:
                        continue
                    way = open_to
            if way < 0:
                tally_repairs[group, k, BARRED] += 1
            else:
                tally_repairs[group, k, ASKED + way] += 1
            if way == COURSE:
                paid = sround(repair_costs[k] * 255 * 12, earns, w3)
                hardship[i] = byte(np.int64(hardship[i]) + paid)
        if way >= 0 and np.int64(w2) < repair_granted[k]:
            tally_repairs[group, k, GRANTED + way] += 1
            tally_repairs[group, k, REPAIR_WAITED] += until
            let_off = item_key(i, REPAIR, k, r, points, LET_OFF, number)
            put(due_heads, due_next, due_key, due_state, day + np.int64(repair_days[k]), let_off)
        elif number + 1 < REPAIR_TRIES:
            again = item_key(i, REPAIR, k, r, points, MAY_ASK, number + 1)
            put(due_heads, due_next, due_key, due_state, day + REPAIR_MONTH, again)
    for e in range(filled[ENTRIES]):
        k = np.int64(entries[e, E_INSTRUMENT])
        r = np.int64(entries[e, E_RULE])
        points = np.int64(entries[e, E_POINTS])
        if entries[e, E_WHAT] != RECORD or rule_repair[k, r] < 0 or (entries_appeal[e] & WON) != 0:
            continue
        if points < 0 or rule_override[k, r] >= 0:
            first = item_key(np.int64(entries[e, E_SLOT]), REPAIR, k, r, points, MAY_ASK, 0)
            put(due_heads, due_next, due_key, due_state, day + np.int64(rule_repair[k, r]), first)

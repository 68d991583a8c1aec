"""The start: people as they are on the morning of day 0, with a past under each instrument."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import (
    EXPIRE,
    IN_SCOPE,
    OVERRIDE_ENDS,
    REPAIR,
    REPAIR_MONTH,
    REPAIR_TRIES,
    WINDOW_ENDS,
)
from scorepolis.core.compiled import compiled
from scorepolis.core.diary import Due
from scorepolis.core.draws import Purpose, draw_words
from scorepolis.core.integers import echo
from scorepolis.day.coefficients import POVERTY_LINE, TRUST_RURAL
from scorepolis.day.docket import open_cases, take_stock
from scorepolis.day.ledger import RAW_LIMIT
from scorepolis.day.rates import rate_of
from scorepolis.day.tables import Tables
from scorepolis.rulebooks.codes import BY_PARTS, BY_YEARS
from scorepolis.rulebooks.reckoning import reckon_all
from scorepolis.rulebooks.schema import EXEMPTIBLE
from scorepolis.rulebooks.years import close_years
from scorepolis.society.flags import MIGRANT, STATUSES, URBAN
from scorepolis.society.registration import PERMIT_HOLDER, WITHOUT_PERMIT, registrations

Columns = dict[str, npt.NDArray[Any]]

MOST_WORD = (1 << 32) - 1
"""What a drawn word is at most."""
MOST_PAST = 15
"""Past records in force that a person may start with, at most."""
MONTH, MONTHS, YEAR = 30, 12, 365
"""Days of a month and of a year, as the past counts them, and months of a year."""


def sround_many(num: npt.NDArray[np.int64], den: int, u: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Stochastic rounding of whole arrays, as `core.integers.sround`."""
    whole = num // den
    return whole + (((u.astype(np.int64) * den) >> 32) < num - whole * den)


def start_state(columns: Columns, tables: Tables, seed: int, first_slot: int) -> None:
    """Set the state of people before any scheme: beliefs as ordinary law teaches, hardship as incomes imply."""
    slots = first_slot + np.arange(columns["age"].size)
    here = columns["occupied"] > 0
    words = draw_words(seed, Purpose.START, slots, 0, 0)
    risk = tables["law_risk"] * 255
    columns["belief"] = np.stack([sround_many(np.full(slots.size, risk[d]), 65536, words[d]) for d in range(4)]).astype(
        np.uint8
    )
    columns["belief"][:, ~here] = 0
    columns["experience"] = np.zeros(slots.size, np.uint8)
    full = np.where(here, 128, 0).astype(np.uint8)
    columns["income"], columns["motive"] = full.copy(), full
    line = int(tables["coefficients"][POVERTY_LINE])
    earns = tables["income_table"][columns["income_rank"]]
    columns["hardship"] = np.where(here & (earns < line), (255 * (line - earns)) // line, 0).astype(np.uint8)
    urban = ((columns["flags"] & URBAN) > 0).astype(np.int64)
    columns["trust"] = np.where(here, np.clip(tables["coefficients"][TRUST_RURAL + urban], 0, 255), 0).astype(np.uint8)
    columns["leaning"] = leanings(columns, tables)
    columns["opinion"] = columns["leaning"].copy()


@compiled
def fill_leanings(occupied, flags, income_rank, education, rate_cell, opinion_base, leaning):  # type: ignore[no-untyped-def]
    """Write the approval to which each person's opinion returns."""
    for i in range(leaning.size):
        if occupied[i]:
            fifth, urban = (np.int64(income_rank[i]) * 5) >> 10, np.int64((flags[i] & URBAN) != 0)
            leaning[i] = opinion_base[rate_cell[i] >> 2, fifth, education[i], urban]


def leanings(columns: Columns, tables: Tables) -> npt.NDArray[np.uint8]:
    """Find the approval to which each person's opinion returns, by age, income, education and place."""
    leaning = np.zeros(columns["age"].size, np.uint8)
    fill_leanings(
        columns["occupied"], columns["flags"], columns["income_rank"], columns["education"], columns["rate_cell"],
        tables["opinion_base"], leaning,
    )  # fmt: skip
    return leaning


@compiled
def fill_clear(  # type: ignore[no-untyped-def]
    occupied, age, flags, registered, agreed, least_age, covers, required, exempt, points, grade, raw, standing, marks
):
    """Write standing under an instrument as it is without any record, and who is in scope."""
    for i in range(age.size):
        if occupied[i]:
            raw[i] = points
            standing[i] = grade
            asked = age[i] >= least_age and covers[registered[i]] != 0
            if asked and flags[i] & required == required and flags[i] & exempt == 0 and agreed[i]:
                marks[i] = IN_SCOPE


def clear_standing(columns: Columns, tables: Tables) -> None:
    """Set standing under every instrument as it is without any record: who is in scope, and at which grade."""
    instruments, size = len(tables["score_start"]), columns["age"].size
    columns["raw"] = np.zeros((instruments, size), np.int16)
    for name in ("standing", "overrides", "marks", "aware"):
        columns[name] = np.zeros((instruments, size), np.uint8)
    columns["counters"] = np.zeros((instruments, size), np.uint32)
    grades, registered = start_grades(tables), registered_as(columns, tables)
    for k in range(instruments):
        exempt = sum(STATUSES[name] for bit, name in enumerate(EXEMPTIBLE) if tables["scope_exempt"][k] >> bit & 1)
        fill_clear(
            columns["occupied"], columns["age"], columns["flags"], registered, agreeing(columns, tables, k),
            tables["scope_min_age"][k], tables["scope_covers"][k], tables["scope_requires"][k], np.uint16(exempt),
            tables["score_start"][k], grades[k], columns["raw"][k], columns["standing"][k], columns["marks"][k],
        )  # fmt: skip


def registered_as(columns: Columns, tables: Tables) -> npt.NDArray[np.uint8]:
    """Find where people are registered, as far as an instrument asks: mostly whether here or not is enough."""
    elsewhere = tables["scope_covers"][:, PERMIT_HOLDER:]
    if (elsewhere == elsewhere[:, :1]).all():
        return ((columns["flags"] & MIGRANT) > 0) * np.uint8(WITHOUT_PERMIT)
    slots = int(columns["first_slot"]) + np.arange(columns["age"].size)
    return registrations(columns["flags"], slots, tables["registration"], seed_of(tables))


def seed_of(tables: Tables) -> int:
    """Give the seed of the run, of its two words."""
    low, high = (int(word) for word in tables["seed_words"])
    return low | high << 32


def agreeing(columns: Columns, tables: Tables, k: int) -> npt.NDArray[np.bool_]:
    """Find who agrees to be scored under instrument k: everybody, where nobody is asked."""
    agrees = tables["agrees"][k]
    if agrees.min() > MOST_WORD:
        return np.ones(columns["age"].size, np.bool_)
    slots = int(columns["first_slot"]) + np.arange(columns["age"].size)
    word = draw_words(seed_of(tables), Purpose.START, slots, 1 + k, 0)[1]
    agreed: npt.NDArray[np.bool_] = word.astype(np.int64) < agrees[columns["traits"] >> tables["agrees_shift"][k] & 15]
    return agreed


def start_standing(columns: Columns, tables: Tables, seed: int, first_slot: int, month: int) -> Due:
    """Let people have a past under every instrument, and collect what is due: from it, from lists, from open cases.

    Returns
    -------
    days, keys, truths : int64, uint64 and uint32 arrays
        What the diary must hold: the day on which each past entry runs out or each open case goes on, its key and its
        truth.
    """
    clear_standing(columns, tables)
    instruments = len(tables["score_start"])
    here = columns["occupied"] > 0
    slots = first_slot + np.arange(here.size)
    days: list[npt.NDArray[np.int64]] = [np.zeros(0, np.int64)]
    keys: list[npt.NDArray[np.uint64]] = [np.zeros(0, np.uint64)]
    for k in range(instruments):
        scope = columns["marks"][k] > 0
        told = draw_words(seed, Purpose.START, slots, 1 + k, 0)[0].astype(np.int64) < tables["awareness_q32"][k]
        columns["aware"][k] = scope & told
        people = np.flatnonzero(scope)
        if tables["reckoning"][k] == BY_YEARS:
            insure(columns, tables, seed, first_slot, k, people, month)
            continue
        for rule, who, ago in past_of(columns, tables, seed, first_slot, k, people):
            remember(columns, tables, k, rule, who, ago, days, keys)
        if tables["reckoning"][k] == BY_PARTS:
            reckon_all(
                k, scope, columns["raw"], columns["counters"], columns["age"], columns["education"],
                columns["household"], columns["flags"], tables["feature_value"], tables["feature_parts"],
                tables["score_base"],
            )  # fmt: skip
    past = np.zeros(sum(part.size for part in days), np.uint32)
    listed = take_stock(columns, tables, seed, first_slot)
    sued = open_cases(columns, tables, seed, first_slot)
    for m in range(instruments):
        set_standing(columns, tables, m, here)
        for s in range(m):
            limit = tables["feed_grade"][s, m]
            if limit >= 0:
                fed = ((columns["marks"][m] & IN_SCOPE) > 0) & (columns["standing"][s] <= limit)
                shift = 0 if tables["feed_override"][s, m] == tables["override_grade"][m, 0] else 4
                columns["overrides"][m] += fed.astype(np.uint8) << np.uint8(shift)
                set_standing(columns, tables, m, here)
    return (
        np.concatenate([*days, listed[0], sued[0]]),
        np.concatenate([*keys, listed[1], sued[1]]),
        np.concatenate([past, listed[2], sued[2]]),
    )


def start_grades(tables: Tables) -> npt.NDArray[np.uint8]:
    """Find the grade at which everybody starts who has no past, by instrument."""
    starts = tables["score_start"]
    return np.array([_grades(tables, k, starts[k : k + 1])[0] for k in range(len(starts))], np.uint8)


def _grades(tables: Tables, k: int, raw: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    """Find the grades in whose bands points lie, before any override."""
    score = np.clip(raw, tables["score_lowest"][k], tables["score_highest"][k])
    grades: npt.NDArray[np.intp] = np.searchsorted(
        tables["grade_lowest"][k, 1 : tables["grades_count"][k]], score, side="right"
    )
    return grades


def set_standing(columns: Columns, tables: Tables, k: int, here: npt.NDArray[np.bool_]) -> None:
    """Set the grade that follows from points and overrides."""
    grade = _grades(tables, k, columns["raw"][k])
    for shift, forced in zip((4, 0), tables["override_grade"][k][::-1], strict=True):
        if forced >= 0:
            active = (columns["overrides"][k] >> shift) & 15
            grade = np.where(active > 0, np.minimum(grade, forced), grade)
    columns["standing"][k] = np.where(here, grade, 0)


@compiled
def add_past(  # type: ignore[no-untyped-def]
    people, kinds, seen, spans, flags, traits, rate_cell, rates, trait_factor, trait_shift, requires, total
):
    """Write how many records in force people are to have, in 2^-32, over all pairs of rule and behaviour."""
    for e in range(people.size):
        i = people[e]
        urban = np.int64((flags[i] & URBAN) != 0)
        total[e] = 0
        for n in range(kinds.size):
            base = rate_of(i, kinds[n], flags, traits, rate_cell, rates, trait_factor, trait_shift, requires)
            total[e] += ((base * seen[n, urban]) >> 16) * spans[n]


@compiled
def choose_past(  # type: ignore[no-untyped-def]
    people, x, kinds, seen, spans, flags, traits, rate_cell, rates, trait_factor, trait_shift, requires, choice
):
    """Write the pair within whose part of each person's total x lies; beyond the last, if in none."""
    for e in range(people.size):
        i = people[e]
        urban = np.int64((flags[i] & URBAN) != 0)
        passed = np.int64(0)
        n = np.int64(0)
        while n < kinds.size:
            base = rate_of(i, kinds[n], flags, traits, rate_cell, rates, trait_factor, trait_shift, requires)
            passed += ((base * seen[n, urban]) >> 16) * spans[n]
            if passed > x[e]:
                break
            n += 1
        choice[e] = n


def past_of(
    columns: Columns,
    tables: Tables,
    seed: int,
    first_slot: int,
    k: int,
    people: npt.NDArray[np.int64],
) -> Iterator[tuple[int, npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Draw the past records in force of those in scope of instrument k, with ages as if the scheme had been running.

    Yields
    ------
    rule, who, ago
        Records of one rule, one each of different people, and how many days old they are.
    """
    horizon = int(tables["past_horizon"])
    rules, places = np.nonzero(tables["rule_behaviours"][k] >= 0)
    kinds = tables["rule_behaviours"][k][rules, places].astype(np.int64)
    terms = {r: span_of(tables, k, r, horizon) for r in np.unique(rules).tolist()}
    spans = np.array([terms[r] for r in rules.tolist()], np.int64)
    seen = tables["detection"][k, rules, kinds].astype(np.int64)
    total = np.empty(people.size, np.int64)
    add_past(
        people, kinds, seen, spans, columns["flags"], columns["traits"], columns["rate_cell"],
        tables["rates"], tables["trait_factor"], tables["trait_shift"], tables["requires"], total,
    )  # fmt: skip
    total = np.minimum(total, (1 << 36) - 1)
    first = draw_words(seed, Purpose.PAST, first_slot + people, 64 * k, 0)[0].astype(np.int64)
    count = np.minimum(MOST_PAST, (total + first) >> 32)
    for e in range(int(count.max(initial=0))):
        at = np.flatnonzero(count > e)
        who = people[at]
        w = draw_words(seed, Purpose.PAST, first_slot + who, 64 * k + 1 + e, 0)
        x = (w[0].astype(np.int64) * (total[at] >> 8)) >> 24
        choice = np.empty(at.size, np.int64)
        choose_past(
            who, x, kinds, seen, spans, columns["flags"], columns["traits"], columns["rate_cell"],
            tables["rates"], tables["trait_factor"], tables["trait_shift"], tables["requires"], choice,
        )  # fmt: skip
        found = choice < rules.size
        who, rule, age_word = who[found], rules[choice[found]], w[1][found].astype(np.int64)
        for r in np.unique(rule):
            mine = rule == r
            yield int(r), who[mine], (age_word[mine] * terms[int(r)]) >> 32


def span_of(tables: Tables, k: int, r: int, horizon: int) -> int:
    """Days back to which a rule's records can still count."""
    expires = int(tables["rule_expires"][k, r])
    if expires < 0:
        expires = horizon if tables["rule_points"][k, r] else 0
    spans = (expires, tables["rule_override_term"][k, r], tables["rule_window"][k, r], tables["history_days"][k])
    return int(max(spans))


def insure(
    columns: Columns, tables: Tables, seed: int, first_slot: int, k: int, people: npt.NDArray[np.int64], month: int
) -> None:
    """Give those in scope of a bonus-malus the coefficient that their years of insurance have led to."""
    due = (first_slot + people - month) % MONTHS  # months until the year ends, this one not among them
    begun = np.zeros(columns["age"].size, np.int64)
    begun[people] = MONTH * (MONTHS - 1 - due)
    most = int(tables["history_days"][k]) // YEAR
    lived = np.minimum(most, np.maximum(0, columns["age"][people].astype(np.int64) - tables["scope_min_age"][k]))
    years = np.zeros(columns["age"].size, np.int64)
    years[people] = lived
    faults = np.zeros((columns["age"].size, most + 1), np.int64)  # of the year that runs, and of those before
    for rule, who, ago in past_of(columns, tables, seed, first_slot, k, people):
        year = np.where(ago < begun[who], 0, 1 + (ago - begun[who]) // YEAR)
        known = year <= years[who]
        at = who[known], year[known]
        room = ((faults[at] >> (4 * rule)) & 15) < MOST_PAST
        faults[at] += room.astype(np.int64) << (4 * rule)
    close_years(
        np.int64(k), people, lived, faults[people, 1:], columns["raw"], columns["counters"], tables["score_lowest"],
        tables["score_highest"], tables["score_start"], tables["rule_factor"], tables["rules_count"],
        tables["year_factor"], tables["year_protected"], tables["year_returns"],
    )  # fmt: skip
    columns["counters"][k] |= faults[:, 0].astype(np.uint32)


def remember(
    columns: Columns,
    tables: Tables,
    k: int,
    r: int,
    who: npt.NDArray[np.int64],
    ago: npt.NDArray[np.int64],
    days: list[npt.NDArray[np.int64]],
    keys: list[npt.NDArray[np.uint64]],
) -> None:
    """Enter one past record of rule r for each of `who` (no one twice), `ago` days old."""
    stands = np.zeros(who.size, np.bool_)  # whether there is something that could be repaired

    def due(what: int, chosen: npt.NDArray[np.bool_], term: int, points: int = 0) -> None:
        days.append(term - ago[chosen])
        packed = (what << 44) | (k << 40) | (r << 32) | ((points & 0xFFFF) << 16)
        keys.append((who[chosen].astype(np.uint64) << np.uint64(48)) | np.uint64(packed))

    counter, window = int(tables["rule_counter"][k, r]), int(tables["rule_window"][k, r])
    if counter >= 0:
        held = (columns["counters"][k, who] >> np.uint32(4 * counter)) & np.uint32(15)
        recent = ago < window
        if tables["rule_cap"][k, r] >= 0:
            kept = ~(recent & (held >= tables["rule_cap"][k, r]))
            who, ago, held, recent, stands = who[kept], ago[kept], held[kept], recent[kept], stands[kept]
        rises = recent & (held < 15)
        columns["counters"][k, who[rises]] += np.uint32(1 << (4 * counter))
        due(WINDOW_ENDS, rises, window)
        stands |= rises & (int(tables["rule_steps"][k, r, 0]) < 0)
    points, expires = int(tables["rule_points"][k, r]), int(tables["rule_expires"][k, r])
    if points:
        counts = ago < expires if expires >= 0 else np.ones(who.size, np.bool_)
        raw = columns["raw"][k, who[counts]].astype(np.int64) + points
        columns["raw"][k, who[counts]] = np.clip(raw, -RAW_LIMIT, RAW_LIMIT)
        stands |= counts & (points < 0)
        if expires >= 0:
            due(EXPIRE, counts, expires, points)
        if shared := int(tables["rule_shared"][k, r]):
            given = int(echo(points, shared))
            kin, theirs = others(columns, k, who[counts], ago[counts])
            raw = columns["raw"][k].astype(np.int64)
            np.add.at(raw, kin, given)
            columns["raw"][k] = np.clip(raw, -RAW_LIMIT, RAW_LIMIT)
            if expires >= 0:
                days.append(expires - theirs)
                packed = (EXPIRE << 44) | (k << 40) | (r << 32) | ((given & 0xFFFF) << 16)
                keys.append((kin.astype(np.uint64) << np.uint64(48)) | np.uint64(packed))
    term = int(tables["rule_override_term"][k, r])
    if tables["rule_override"][k, r] >= 0 and term > 0:
        shift = 4 * int(tables["rule_nibble"][k, r])
        held = (columns["overrides"][k, who] >> shift) & 15
        active = (ago < term) & (held < 15)
        columns["overrides"][k, who[active]] += np.uint8(1 << shift)
        due(OVERRIDE_ENDS, active, term)
        stands |= active
    after = int(tables["rule_repair"][k, r])
    if after >= 0:
        worth = points or int(tables["rule_steps"][k, r, 0])
        tries = np.where(ago < after, 0, (ago - after) // REPAIR_MONTH + 1)
        asks = stands & (tries < REPAIR_TRIES)
        days.append((after + REPAIR_MONTH * tries - ago)[asks])
        packed = (REPAIR << 44) | (k << 40) | (r << 32) | ((worth & 0xFFFF) << 16)
        keys.append((who[asks].astype(np.uint64) << np.uint64(48)) | np.uint64(packed) | tries[asks].astype(np.uint64))


def others(
    columns: Columns, k: int, who: npt.NDArray[np.int64], ago: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Find the other members of people's households who are in the scope of instrument k, each with the day's age."""
    household = columns["household"][who].astype(np.int64)
    place, size = household >> 4, household & 15
    found, days = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for at in range(int(size.max(initial=0))):
        there = (at < size) & (at != place)
        kin = (who - place + at)[there]
        here = (columns["marks"][k, kin] & IN_SCOPE) > 0
        found.append(kin[here])
        days.append(ago[there][here])
    return np.concatenate(found), np.concatenate(days)

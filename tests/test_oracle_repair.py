"""Repair on application in the oracle: worked by hand, alive, and equal to the engine's."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests import oracle, two_provinces
from tests.oracle import repair
from tests.oracle.agenda import BOUND, CORRECTION, FED, POINTS_EXPIRE, RECORD, REPAIR, SHARED, Item
from tests.oracle.durations import durations
from tests.oracle.month import Month
from tests.oracle.repair import BARRED, COURSE, DAYS, GOOD_DEEDS, GRANTED, GRANTED_BY, MAY_ASK, PLEDGE, TOO_POOR
from tests.oracle.score import Scoring
from tests.test_oracle import PACKAGE, assert_equal
from tests.test_oracle_methods import DISTRICTS, EAGER, path

from scorepolis.engine.world import World
from scorepolis.measures.counts import TRUTHS
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.runs.durations import spells

BOOK = Path(__file__).parent / "books" / "lively-repair.yaml"
HOME, CLEAN, LISTED_CLEAN, LISTED, WEIGHTED, SCORECARD, RANK = range(7)  # instruments of the book
A, B, C, D, E, F, G, _, I, K, J = range(11)  # rules


# ------------------------------------------------------------------------------------------------------- worked by hand


@pytest.fixture(scope="module")
def everybody():
    return oracle.World(PACKAGE / "parameters", [BOOK], "village", 120, 3, date(2019, 1, 1))


@pytest.fixture
def world(everybody):
    """As on the first day, but for the past."""
    everybody.month = Month(everybody.setting)
    for person in everybody.society.people:
        person.hardship, person.income = 0, 128
        for instrument, account in zip(person.instruments, person.accounts, strict=True):
            account.raw, account.overrides, account.counters, account.marks = instrument.start, [0, 0], [0] * 8, 0
            account.aware = True
            account.renew(instrument)
    everybody.diary.days.clear()
    return everybody


@pytest.fixture
def willing(world, monkeypatch):
    """Everybody asks, everybody is granted what they ask for, and nobody is unable to work."""
    monkeypatch.setattr(world, "draw", lambda *_: (0, 2**32 - 1, 0, 2**32 - 1))
    return world


def somebody(world, k):
    """Somebody who lives alone in the scope of an instrument, and is not rich nor poor."""
    income = world.society.income_now
    return next(
        person
        for person in sorted(world.society.people, key=lambda person: (len(person.home), -income(person)))
        if person.accounts[k].in_scope
    )


def score(world, day, *items):
    scoring = Scoring(world, day)
    for item in items:
        scoring.work(item, world.society.people[item.number])
    scoring.share()
    return scoring.entries


def due(world, day, k, r=None):
    items = [item for item in world.diary.days.get(day, []) if item.instrument == k and item.what != RECORD]
    return [item for item in items if r is None or item.rule == r]


def record(world, person, behaviour, sensor):
    b = next(each.number for each in world.setting.behaviours if each.name == behaviour)
    s = next(each.number for each in world.setting.sensors if each.name == sensor)
    return Item(person.number, RECORD, behaviour=b, sensor=s)


def may_ask(person, k, r, points, n=0):
    return Item(person.number, REPAIR, k, r, points & 0xFFFF, MAY_ASK, n)


def granted(person, k, r, points, n=0):
    return Item(person.number, REPAIR, k, r, points & 0xFFFF, GRANTED, n)


def test_what_can_be_repaired_and_by_which_ways_goes_by_severity(world):
    terms = [instrument.repair for instrument in world.setting.instruments]
    assert terms[HOME].after == {A: 5, B: 3, C: 3, D: 3, F: 3, I: 3, J: 3, K: 3}
    assert terms[HOME].ways[A] == [COURSE]
    assert terms[HOME].ways[B] == [GOOD_DEEDS, COURSE, PLEDGE]
    assert (terms[HOME].deeds, terms[HOME].least, terms[HOME].decided) == ([1, 2], 2, 10)
    assert terms[CLEAN].after == {A: 1, B: 1, C: 6, E: 20}
    assert terms[LISTED_CLEAN].after == {A: 12, B: 5}
    assert terms[LISTED].after == {A: 12, B: 5, C: 2, D: 5}
    # The first record under the third feature costs nothing yet: it takes nothing.
    assert terms[WEIGHTED].after == {A: 9, B: 1}
    assert [rule.takes for rule in world.setting.instruments[WEIGHTED].rules] == [True, True, False, False, False, True]
    assert terms[SCORECARD].after == {A: 4, B: 10, C: 7}
    assert (terms[RANK].age(A, 0), terms[RANK].age(A, 3), terms[RANK].over(B, 2)) == (2, 92, 71)


def test_who_may_ask_is_who_has_an_entry_that_no_appeal_has_undone(world):
    i = somebody(world, HOME)
    entries = score(world, 5, record(world, i, "late_utility_bill", "bank"), record(world, i, "theft", "court"))
    bill, theft, *_ = [entry for entry in entries if entry.instrument == HOME]
    repair.seek(world, 5, [], [bill, theft])
    assert due(world, 8, HOME, B) == [may_ask(i, HOME, B, -5)]
    assert not [item for day in world.diary.days for item in due(world, day, HOME, G) if item.what == REPAIR]
    bill.upheld = True
    repair.seek(world, 6, [], [bill])
    assert due(world, 9, HOME, B) == []


def test_what_is_repaired_comes_back_when_it_would_have_run_out(world):
    i = somebody(world, HOME)
    account = i.accounts[HOME]
    bill = record(world, i, "late_utility_bill", "bank")
    score(world, 5, bill)
    score(world, 6, bill)
    assert account.raw == 85
    (entry,) = [each for each in score(world, 49, granted(i, HOME, B, -10, n=1)) if each.number == HOME]
    # Asked at 33 days, granted at 43, when the points were over: nothing is left to give back.
    assert (entry.what, entry.points, entry.behaviour, entry.sensor, account.raw) == (REPAIR, 0, 0, 0, 85)
    (entry,) = [each for each in score(world, 19, granted(i, HOME, B, -10)) if each.number == HOME]
    assert (entry.points, account.raw, account.counters[0], account.marks) == (10, 95, 2, 4)
    both = due(world, 46, HOME, B)
    assert sorted((item.what, item.points) for item in both) == [(POINTS_EXPIRE, -10), (POINTS_EXPIRE, 10)]
    score(world, 46, *both)
    assert account.raw == 95


def test_on_the_very_day_on_which_it_would_be_over_nothing_is_left(world):
    rules, account = world.setting.instruments[HOME].rules, somebody(world, HOME).accounts[HOME]
    terms = world.setting.instruments[HOME].repair
    account.overrides = [1, 1]
    assert repair.in_force(rules[A], account, -11, terms.over(A, 0)) == (-11, False, False)
    assert repair.in_force(rules[A], account, -11, terms.over(A, 1)) == (0, False, False)
    assert repair.in_force(rules[C], account, -3, terms.over(C, 200)) == (-3, False, False)
    assert repair.in_force(rules[D], account, -8, terms.over(D, 0)) == (0, True, False)
    assert repair.in_force(rules[D], account, -8, terms.over(D, 2)) == (0, False, False)
    assert repair.in_force(rules[F], account, 0, terms.over(F, 0)) == (0, True, False)
    assert repair.in_force(rules[F], account, 0, terms.over(F, 1)) == (0, False, False)
    rules, terms = world.setting.instruments[WEIGHTED].rules, world.setting.instruments[WEIGHTED].repair
    assert repair.in_force(rules[B], account, -50, terms.over(B, 0)) == (0, False, False)
    account.counters[B] = 1
    assert repair.in_force(rules[B], account, -50, terms.over(B, 0)) == (0, False, True)
    assert repair.in_force(rules[B], account, -50, terms.over(B, 1)) == (0, False, False)


def test_a_counter_falls_and_rises_again_before_the_window_ends(world):
    i = somebody(world, WEIGHTED)
    account = i.accounts[WEIGHTED]
    score(world, 2, record(world, i, "jaywalking", "street_camera"))
    raw = account.raw
    (entry,) = score(world, 9, granted(i, WEIGHTED, B, -50))
    assert (entry.points, account.counters[B], account.raw) == (50, 0, raw)
    score(world, 39, *sorted(due(world, 39, WEIGHTED)))
    assert account.counters[B] == 0
    assert score(world, 40, granted(i, WEIGHTED, B, -50))[0].points == 0


def test_somebody_let_off_a_list_is_not_taken_off_it_twice(world):
    i = somebody(world, LISTED)
    account = i.accounts[LISTED]
    score(world, 2, record(world, i, "late_utility_bill", "utility"))
    assert (account.standing, account.overrides) == (0, [0, 1])
    entries = score(world, 10, granted(i, LISTED, B, 0))
    assert [(entry.what, entry.standing_after) for entry in entries if entry.instrument == LISTED] == [(REPAIR, 1)]
    # It comes back on the day on which it would have ended, and before it ends.
    score(world, 40, *sorted(due(world, 40, LISTED)))
    assert account.overrides == [0, 0]
    score(world, 2, record(world, i, "ignoring_judgment", "court"))
    score(world, 40, granted(i, LISTED, A, 0))
    assert account.overrides == [0, 0]


def test_what_is_repaired_is_repaired_for_all_of_the_household(world):
    doer, *others = next(
        person.home
        for person in world.society.people
        if len(person.home) > 2 and all(other.accounts[HOME].in_scope for other in person.home)
    )
    score(world, 1, record(world, doer, "traffic_offence", "traffic_police"))
    entries = [each for each in score(world, 16, granted(doer, HOME, A, -11)) if each.number == HOME]
    assert [(entry.person, entry.what, entry.points, entry.behaviour, entry.sensor) for entry in entries] == [
        (doer, REPAIR, 11, 0, 0), *[(other, SHARED, 6, 0, 0) for other in others],
    ]  # fmt: skip
    score(world, 46, *sorted(due(world, 46, HOME)))
    assert [person.accounts[HOME].raw for person in doer.home] == [100] * len(doer.home)


def test_clean_is_against_whom_nothing_else_stands(world):
    instruments = world.setting.instruments
    account = somebody(world, CLEAN).accounts[CLEAN]
    late, found = instruments[CLEAN].rules[C], instruments[CLEAN].rules[E]

    def clean(rule, held, over, raw, overrides):
        account.raw, account.overrides = raw, overrides
        return repair.is_clean(instruments[CLEAN], account, rule, held, over)

    assert clean(late, -4, False, 46, [0, 0])
    assert not clean(late, -4, False, 45, [0, 0])
    assert not clean(late, -4, False, 46, [0, 1])
    assert clean(found, -9, True, 41, [0, 1])
    assert not clean(found, -9, True, 41, [1, 1])
    assert not clean(found, 0, True, 49, [0, 1])
    account.overrides, account.counters = [0, 0], [0, 1, 0, 9, 0, 0, 0, 0]
    scorecard = instruments[SCORECARD]
    assert repair.is_clean(scorecard, account, scorecard.rules[B], 0, False)
    account.counters[C] = 1
    assert not repair.is_clean(scorecard, account, scorecard.rules[B], 0, False)
    account.counters[C], account.overrides = 0, [1, 0]
    assert not repair.is_clean(scorecard, account, scorecard.rules[B], 0, False)


def test_the_first_way_that_is_open_is_taken_and_a_course_makes_poorer(willing):
    i = somebody(willing, HOME)
    account, tally = i.accounts[HOME], willing.month.repairs[i.group_cell][HOME]
    ask = may_ask(i, HOME, B, -5)
    income = willing.society.income_now(i)
    assert income > 12 * 1500
    assert repair.attempt(willing, 8, ask) == "granted"
    assert i.hardship == 1500 * 255 * 12 // income
    assert due(willing, 18, HOME) == [granted(i, HOME, B, -5)]
    account.counters[1:3] = [1, 1]
    assert repair.attempt(willing, 9, ask) == "granted"
    account.counters[1:3], i.income = [1, 0], 0
    assert repair.attempt(willing, 10, ask) == "granted"
    assert tally == [1, 1, 1, 1, 1, 1, 0, 1, 39]
    assert repair.attempt(willing, 11, may_ask(i, HOME, A, -11)) == "no way"
    assert (tally[BARRED], tally[TOO_POOR], tally[DAYS]) == (1, 2, 39)
    assert due(willing, 41, HOME) == [may_ask(i, HOME, A, -11, n=1)]


def test_after_the_last_try_nobody_asks_again(willing):
    i = somebody(willing, HOME)
    i.accounts[HOME].aware = False
    i.accounts[HOME].overrides = [1, 0]
    assert repair.attempt(willing, 8, may_ask(i, HOME, C, -3, n=254)) == "unaware"
    assert due(willing, 38, HOME) == [may_ask(i, HOME, C, -3, n=255)]
    assert repair.attempt(willing, 9, may_ask(i, HOME, C, -3, n=255)) == "unaware"
    assert due(willing, 39, HOME) == []
    i.accounts[HOME].aware = True
    assert repair.attempt(willing, 9, may_ask(i, HOME, C, -3, n=255)) == "granted"
    assert repair.attempt(willing, 9, may_ask(i, HOME, B, -5, n=1)) == "lapsed"


def test_who_has_a_past_may_ask_at_the_next_try(world):
    i, instrument = somebody(world, HOME), world.setting.instruments[HOME]
    tries = {0: (3, 0), 2: (1, 0), 3: (30, 1), 32: (1, 1), 33: (30, 2), 7652: (1, 255)}
    for ago, (day, n) in tries.items():
        world.diary.days.clear()
        repair.look_back(world.diary, i, HOME, instrument, instrument.rules[C], ago)
        assert world.diary.days == {day: [may_ask(i, HOME, C, -3, n)]}
    world.diary.days.clear()
    repair.look_back(world.diary, i, HOME, instrument, instrument.rules[C], 7653)
    repair.look_back(world.diary, i, HOME, instrument, instrument.rules[G], 10)
    assert world.diary.days == {}


# ----------------------------------------------------------------------------------------------- alive, and the same


def engine(paths, society, people, seed, start, known, where=None):
    rulebooks = [load_rulebook(book, known) for book in paths]
    return World(known, rulebooks, society=society, people=people, seed=seed, start=start, threads=2, where=where)


@pytest.fixture
def seen(monkeypatch):
    """What came of the tries, and of what was granted: by instrument."""
    tally, attempt, undo = Counter(), repair.attempt, Scoring.undo

    def attempted(world, day, item):
        came = attempt(world, day, item)
        tally[item.instrument, came] += 1
        tally["try 255"] += item.sensor == 255
        return came

    def undone(scoring, item, person, instrument, rule, since):
        account = person.accounts[instrument.number]
        nibbles, counters = list(account.overrides), list(account.counters)
        raw = account.raw
        points = undo(scoring, item, person, instrument, rule, since)
        if item.what == REPAIR:
            tally["from the end of the scale"] += raw == -30000 < account.raw
            counted = counters != account.counters
            rose = nibbles != account.overrides
            held = "gain " if item.points > 0 else "none " if item.points == 0 else ""
            ends = "for ever" if rule.expires is None else "for a time"
            what = ("counted" if counted else "not counted") if rule.reckoned else held + (ends if points else "over")
            of = "" if rule.grade is None else " until" if rule.term is None else " term"
            tally[what + (of and of + (" up" if rose else " as it was"))] += 1
        return points

    monkeypatch.setattr(repair, "attempt", attempted)
    monkeypatch.setattr(Scoring, "undo", undone)
    return tally


ALIVE = {
    "over a birthday": (["lively-repair"], 1500, 31, date(2019, 11, 10), 150),
    "another seed, beside another book": (
        ["lively-household", "lively-repair"], 1800, 2**63 + 77, date(2020, 2, 1), 110,
    ),
}  # fmt: skip
# The ways of each instrument, and whether some are barred.
WAYS = {
    HOME: [COURSE, PLEDGE, GOOD_DEEDS],
    CLEAN: [PLEDGE, GOOD_DEEDS],
    LISTED_CLEAN: [COURSE, PLEDGE],
    LISTED: [COURSE, PLEDGE],
    WEIGHTED: [COURSE, PLEDGE, GOOD_DEEDS],
    SCORECARD: [PLEDGE],
    RANK: [COURSE, PLEDGE],
}


@pytest.mark.parametrize("case", ALIVE)
def test_engine_equals_oracle_where_entries_are_repaired(case, seen):
    books, people, seed, start, days = ALIVE[case]
    overrides = DISTRICTS | EAGER
    paths = [path(book) for book in books]
    twin = oracle.World(PACKAGE / "parameters", paths, "village", people, seed, start, overrides)
    twin.run(days)
    assert_alive(twin, seen, len(twin.setting.instruments) - len(WAYS))
    world = engine(paths, "village", people, seed, start, load_parameters(overrides))
    world.run(days)
    assert_equal(world, twin)
    assert_same_durations(world, twin, days)


def assert_same_durations(world, twin, days):
    """Every penalty has the same way out, after as many days."""
    found = spells(world.tally.ledger(), [one for book in world.rulebooks for one in book.instruments], days)
    names = ("slot", "day", "instrument", "rule", "truth", "held", "out", "days")
    rows = list(zip(*(found[name].tolist() for name in names), strict=True))
    assert rows == [(*row[:4], TRUTHS[row[4]], *row[5:]) for row in durations(twin, days)]
    outs = Counter(row[6] for row in rows)
    assert min(outs[out] for out in ("repair", "correction", "points_expire", "term_ends", "open")) > 10


def nine(twin):
    """The nine counts of a run, by instrument."""
    cells = [cell for month in twin.months for cell in month.repairs]
    instruments = range(len(twin.setting.instruments))
    return [[sum(cell[k][each] for cell in cells) for each in range(9)] for k in instruments]


def assert_alive(twin, seen, first):
    """All that repair can be has been; `first` is the number of the first instrument of the book."""
    counts = nine(twin)[first:]
    for k, ways in WAYS.items():
        for came in ("unaware", "did not ask", "refused", "granted", "lapsed"):
            assert seen[first + k, came] > 0, (k, came)
        assert (seen[first + k, "not clean"] > 0) == (k in (CLEAN, LISTED_CLEAN, SCORECARD))
        for way in ways:
            assert counts[k][way] > 0, (k, way)
            assert counts[k][GRANTED_BY + way] > 0, (k, way)
        assert counts[k][BARRED] > 0 or k == LISTED_CLEAN
        assert counts[k][TOO_POOR] > 0
        assert counts[k][DAYS] > 0
        assert seen[first + k, "no way"] > 0 or k == LISTED_CLEAN
    for what in (
        "for a time", "for ever", "for a time term up", "over term up", "none over term up", "gain over term up",
        "none over until up", "counted", "from the end of the scale", "try 255",
    ):  # fmt: skip
        assert seen[what] > 0, what

    found = [entry for entry in twin.entries if entry.what == REPAIR]
    assert {entry.number for entry in found} == set(range(first, first + len(WAYS)))
    assert {(entry.kind, entry.doer, entry.behaviour, entry.sensor) for entry in found} == {(0, 0, 0, 0)}
    assert sum(entry.standing_after > entry.standing_before for entry in found) > 50
    assert sum(entry.points == 0 for entry in found) > 20
    homes = {(entry.person.home[0], entry.day) for entry in found if entry.number == first + HOME and entry.points}
    shared = [entry for entry in twin.entries if entry.what == SHARED and entry.number == first + HOME]
    assert sum(entry.points > 0 and (entry.person.home[0], entry.day) in homes for entry in shared) > 50
    days = {(entry.person, entry.day) for entry in found}
    assert sum((entry.person, entry.day) in days for entry in twin.entries if entry.what == FED) > 5
    assert sum(entry.upheld for entry in twin.entries if entry.number == first + HOME) > 20
    assert sum(entry.what == CORRECTION for entry in twin.entries) > 20


# Books of the library that have repair; courts are quick, so that it comes within the run.
QUICK = EAGER | {
    "coefficients.courts.suit_shortest": 7,
    "coefficients.courts.suit_longest": 30,
    "coefficients.courts.deadline": 5,
    "coefficients.courts.grace": 7,
    "coefficients.courts.evasion": 0.95,
    "coefficients.courts.applies": 1,
    "coefficients.courts.review": 180,
    "behaviours.late_utility_bill.suit": 0.5,
}
LIBRARY = {
    "points and lists": (["reality-2025"], 1000, 5, date(2019, 11, 10), 170),
    "lists, and features": (
        ["defaulter-list-2024", "spending-restriction-2024", "bailu"], 900, 2**62 + 9, date(2020, 2, 10), 170,
    ),
}  # fmt: skip


def readily(book, folder):
    """A copy of a book, under which half of those who may ask do, and most are granted what they ask for."""
    text = path(book).read_text(encoding="utf-8")
    for name, share in (("asks", "0.5"), ("granted", "0.9")):
        text = re.sub(rf"( {name}:(?: &\w+)?\s+\{{value: )[0-9.]+", rf"\g<1>{share}", text)
    copy = folder / f"{book}.yaml"
    copy.write_text(text, encoding="utf-8")
    return copy


@pytest.mark.parametrize("case", LIBRARY)
def test_engine_equals_oracle_under_books_of_the_library(case, tmp_path):
    books, people, seed, start, days = LIBRARY[case]
    overrides = DISTRICTS | QUICK
    paths = [readily(book, tmp_path) for book in books]
    twin = oracle.World(PACKAGE / "parameters", paths, "village", people, seed, start, overrides)
    twin.run(days)
    repaired = {entry.number for entry in twin.entries if entry.what == REPAIR}
    assert repaired == set(range(len(twin.setting.instruments)))
    world = engine(paths, "village", people, seed, start, load_parameters(overrides))
    world.run(days)
    assert_equal(world, twin)


# Of two provinces: an instrument's number where it is in force is not that of the run.
DIVIDED = {"lively-household": ["highland"], "lively-repair": ["lakeside", "tibet"]}


def test_engine_equals_oracle_where_entries_are_repaired_in_places(tmp_path):
    folder, where, start = two_provinces.write(tmp_path), list(DIVIDED.values()), date(2019, 11, 20)
    paths = [path(book) for book in DIVIDED]
    twin = oracle.World(folder, paths, "two", 1000, 11, start, EAGER, where)
    twin.run(75)
    found = [entry for entry in twin.entries if entry.what == REPAIR]
    assert len(found) > 50
    assert {entry.number - entry.instrument for entry in found} == {0, 2}
    world = engine(paths, "two", 1000, 11, start, two_provinces.load(folder, EAGER), where)
    world.run(75)
    assert_equal(world, twin)


def test_engine_equals_oracle_where_some_are_held_down_for_firms(seen, tmp_path):
    """What holds somebody down for a firm cannot be repaired, and stands against who is to be clean."""
    text = path("told-firms").read_text(encoding="utf-8")
    for_firms = "rulebook: spending-restriction-2020, instrument: restriction"
    assert text.count(for_firms) == 1
    copy = tmp_path / "told-firms.yaml"
    copy.write_text(text.replace(for_firms, "rulebook: lively-repair, instrument: listed-clean"), encoding="utf-8")
    paths, start = [path("lively-repair"), copy], date(2019, 11, 20)
    overrides = DISTRICTS | EAGER | {"firms.life.binding": 0.7}
    twin = oracle.World(PACKAGE / "parameters", paths, "village", 1500, 10, start, overrides)
    twin.run(80)
    bound = {entry.person for entry in twin.entries if entry.what == BOUND and entry.number == LISTED_CLEAN}
    assert bound
    assert seen[LISTED_CLEAN, "not clean"] > 3
    world = engine(paths, "village", 1500, 10, start, load_parameters(overrides))
    world.run(80)
    assert_equal(world, twin)

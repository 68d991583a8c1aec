"""Working towards a grade, and shared entries, in the oracle: worked by hand, alive, and equal to the engine's."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests import oracle, two_provinces
from tests.oracle.agenda import CORRECTION, FED, POINTS_EXPIRE, RECORD, SHARED, Item
from tests.oracle.month import Month
from tests.oracle.score import Scoring
from tests.oracle.stakes import prospect, stake
from tests.test_oracle import PACKAGE, assert_equal
from tests.test_oracle_methods import DISTRICTS, EAGER, path

from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook

BOOK = Path(__file__).parent / "books" / "lively-household.yaml"


# ------------------------------------------------------------------------------------------------------- worked by hand


@pytest.fixture(scope="module")
def everybody():
    return oracle.World(PACKAGE / "parameters", [BOOK], "village", 120, 3, date(2019, 1, 1))


@pytest.fixture
def world(everybody):
    """As on the first day, but for the past."""
    everybody.month = Month(everybody.setting)
    for person in everybody.society.people:
        for instrument, account in zip(person.instruments, person.accounts, strict=True):
            account.raw, account.overrides, account.counters, account.marks = instrument.start, [0, 0], [0] * 8, 0
            account.renew(instrument)
    everybody.diary.days.clear()
    return everybody


def a_home(world, k=0):
    """A household of three or more who are all in the scope of an instrument."""
    return next(
        person.home
        for person in world.society.people
        if len(person.home) > 2 and all(other.accounts[k].in_scope for other in person.home)
    )


def score(world, day, *items):
    scoring = Scoring(world, day)
    for item in items:
        scoring.work(item, world.society.people[item.number])
    scoring.share()
    return scoring.entries


def record(world, person, behaviour, sensor, truth=0):
    b = next(each.number for each in world.setting.behaviours if each.name == behaviour)
    s = next(each.number for each in world.setting.sensors if each.name == sensor)
    return Item(person.number, RECORD, behaviour=b, sensor=s, truth=truth)


def test_an_echo_is_rounded_away_from_zero_at_the_half_and_alike_for_gain_and_loss(world):
    rules = world.setting.instruments[0].rules
    assert [rules[0].echo(p) for p in (-11, -10, -1, 0, 1, 11)] == [-6, -5, -1, 0, 1, 6]
    assert [rules[5].echo(p) for p in (-5, -6, -17, 5, 6, 30)] == [0, -1, -2, 0, 1, 3]
    assert [rules[6].echo(p) for p in (-30000, 30000)] == [0, 0]
    assert rules[7].echo(30000) == 30000


def test_what_one_did_stands_for_the_others_in_part_until_it_runs_out(world):
    doer, *others = a_home(world)
    entries = score(world, 5, record(world, doer, "unpaid_booking", "platform", truth=1))
    assert [(entry.person, entry.what, entry.points) for entry in entries if entry.number == 0] == [
        (doer, RECORD, -11), *[(other, SHARED, -6) for other in others],
    ]  # fmt: skip
    assert {(entry.kind, entry.behaviour, entry.sensor) for entry in entries if entry.number == 0} == {
        (1, entries[0].behaviour, entries[0].sensor)
    }
    assert [person.accounts[0].raw for person in doer.home] == [89, *[94] * len(others)]
    assert [person.accounts[0].standing for person in doer.home] == [1] * len(doer.home)
    assert [person.accounts[0].marks for person in doer.home] == [4] * len(doer.home)
    assert world.month.shared[0] == [len(others), 0]
    due = [item for item in world.diary.take(50) if item.instrument == 0]
    assert sorted((item.what, item.points) for item in due) == sorted(
        (POINTS_EXPIRE, points) for points in (-11, *[-6] * len(others))
    )
    score(world, 50, *sorted(due))
    assert [person.accounts[0].raw for person in doer.home] == [100] * len(doer.home)


def test_repeats_are_shared_as_they_count_and_counters_are_ones_own(world):
    doer, *others = a_home(world)
    for day in (1, 2, 3, 4):
        score(world, day, record(world, doer, "late_utility_bill", "utility"))
    # 5, 10, 15 and 15 points; of these 0.35.
    assert [person.accounts[0].raw for person in doer.home] == [55, *[100 - 2 - 4 - 5 - 5] * len(others)]
    assert [person.accounts[0].counters[0] for person in doer.home] == [4, *[0] * len(others)]
    for day in (5, 6, 7):  # the third earns nothing
        score(world, day, record(world, doer, "volunteering", "self_report"))
    assert [person.accounts[0].raw for person in doer.home] == [69, *[84 + 4 + 4] * len(others)]
    assert [person.accounts[0].marks for person in doer.home] == [20] * len(doer.home)
    assert world.month.shared[0] == [4 * len(others), 2 * len(others)]


def test_what_is_corrected_is_corrected_for_all(world):
    doer, *others = a_home(world)
    score(world, 1, record(world, doer, "late_utility_bill", "utility", truth=2))
    correction = Item(doer.number, CORRECTION, 0, 1, -5 & 0xFFFF)
    entries = score(world, 10, correction)
    assert [(entry.person, entry.what, entry.points, entry.kind) for entry in entries if entry.number == 0] == [
        (doer, CORRECTION, 5, 0), *[(other, SHARED, 2, 0) for other in others],
    ]  # fmt: skip
    assert [person.accounts[0].raw for person in doer.home] == [100] * len(doer.home)
    assert all(other.accounts[0].marks == 4 for other in others)
    assert world.month.shared[0] == [len(others), 0]
    score(world, 41, *sorted(world.diary.take(41)))
    assert [person.accounts[0].raw for person in doer.home] == [100] * len(doer.home)
    # The override of this rule outlasts its points: there is nothing of them to share any more.
    score(world, 50, record(world, doer, "drink_driving", "traffic_police", truth=2))
    entries = score(world, 59, Item(doer.number, CORRECTION, 0, 3, -8 & 0xFFFF))
    assert [entry.what for entry in entries if entry.number == 0] == [CORRECTION]


# ----------------------------------------------------------------------------------------------- alive, and the same


def engine(books, society, people, seed, start, known, where=None):
    rulebooks = [load_rulebook(path(book), known) for book in books]
    return World(known, rulebooks, society=society, people=people, seed=seed, start=start, threads=2, where=where)


SHARING = {
    "shared, over a birthday": (["lively-household"], 3000, 31, date(2019, 11, 10), 150, EAGER),
    "shared, another seed": (["lively-household", "lively"], 3000, 2**63 + 77, date(2020, 2, 1), 150, EAGER),
}


@pytest.mark.parametrize("case", SHARING)
def test_engine_equals_oracle_where_entries_are_shared(case):
    books, people, seed, start, days, overrides = SHARING[case]
    overrides = DISTRICTS | overrides
    paths = [path(book) for book in books]
    twin = oracle.World(PACKAGE / "parameters", paths, "village", people, seed, start, overrides)
    twin.run(days)
    assert_shared(twin)
    world = engine(books, "village", people, seed, start, load_parameters(overrides))
    world.run(days)
    assert_equal(world, twin)


def assert_shared(twin):
    """Everything that shared entries can be has been."""
    shared = [entry for entry in twin.entries if entry.what == SHARED]
    counted = [[sum(month.shared[k][sign] for month in twin.months) for sign in (0, 1)] for k in (0, 1)]
    assert min(counted[0]) > 20
    assert counted[1][1] > 5
    of_corrections = len(shared) - sum(map(sum, counted))
    assert of_corrections > 10
    assert {entry.kind for entry in shared} >= {0, 1, 2}
    assert len({entry.rule for entry in shared if entry.number == 0}) >= 6
    assert not {entry.rule for entry in shared if entry.number == 0} & {6}
    moved = [entry for entry in shared if entry.standing_before != entry.standing_after]
    assert len(moved) > 10
    # Some of these hold the others down under what is fed.
    fed = {(entry.person.slot, entry.day) for entry in twin.entries if entry.what == FED and entry.number == 1}
    assert sum((entry.person.slot, entry.day) in fed for entry in moved if entry.number == 0) > 3


# Beside firms that bind people, and beside books that say it otherwise.
BESIDE = {
    "firms and a list": (
        ["told-firms", "lively-household"], 1000, 10, date(2019, 11, 20), EAGER | {"firms.life.binding": 0.7},
    ),
    "other books": (["shared", "village-stars"], 1500, 9, date(2020, 2, 10), EAGER),
}  # fmt: skip


@pytest.mark.parametrize("case", BESIDE)
def test_engine_equals_oracle_where_entries_are_shared_beside_others(case):
    books, people, seed, start, overrides = BESIDE[case]
    overrides = DISTRICTS | overrides
    twin = oracle.World(
        PACKAGE / "parameters", [path(book) for book in books], "village", people, seed, start, overrides
    )
    twin.run(75)
    sharing = [k for k, each in enumerate(twin.setting.instruments) if any(rule.shared for rule in each.rules)]
    seen = Counter(entry.number for entry in twin.entries if entry.what == SHARED)
    assert set(seen) == set(sharing)
    assert seen.total() > 50
    world = engine(books, "village", people, seed, start, load_parameters(overrides))
    world.run(75)
    assert_equal(world, twin)


DIVIDED = {"lively-household": ["lakeside", "highland"], "teaching-town": ["tibet"]}


def test_engine_equals_oracle_where_entries_are_shared_in_places(tmp_path):
    folder, where, start = two_provinces.write(tmp_path), list(DIVIDED.values()), date(2019, 11, 20)
    twin = oracle.World(folder, [path(book) for book in DIVIDED], "two", 1000, 11, start, EAGER, where)
    twin.run(75)
    assert sum(entry.what == SHARED for entry in twin.entries) > 20
    world = engine(DIVIDED, "two", 1000, 11, start, two_provinces.load(folder, EAGER), where)
    world.run(75)
    assert_equal(world, twin)


FAR = {"coefficients.reward.reward_pull": 40}
TOWARDS = {
    "points and a weighted score": (
        ["rongcheng-2019", "sesame"], 41, date(2019, 1, 1), EAGER | FAR
        | {"coefficients.reward.foresight": 8, "coefficients.reward.effort": 0.0008},
    ),
    "further, and dearer": (
        ["teaching-town", "lively-scorecard", "lively-rank"], 2**61 + 1, date(2019, 10, 1), EAGER | FAR
        | {"coefficients.reward.foresight": 20, "coefficients.reward.effort": 0.004},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TOWARDS)
def test_engine_equals_oracle_where_people_work_towards_a_grade(case):
    books, seed, start, overrides = TOWARDS[case]
    overrides = DISTRICTS | overrides
    paths = [path(book) for book in books]
    twin = oracle.World(PACKAGE / "parameters", paths, "village", 3000, seed, start, overrides)
    twin.run(150)
    assert_towards(twin)
    world = engine(books, "village", 3000, seed, start, load_parameters(overrides))
    world.run(150)
    assert_equal(world, twin)


def assert_towards(twin):
    """There are deeds for the points, some that pay by the next ones only, and some that cost too much."""
    assert sum(sum(month.for_points) for month in twin.months) > 20
    good = [behaviour for behaviour in twin.setting.behaviours if not behaviour.bad]
    seen = Counter()
    for person in twin.society.people[:600]:
        for behaviour in good:
            now, best = stake(twin, person, behaviour), prospect(twin, person, behaviour)
            pays = now * 2**20 >= twin.tables.effort * max(1, twin.society.income_now(person))
            seen["by the next ones alone"] += best > 0 and not pays
            seen["by the next ones more"] += best > now and pays
            seen["too dear"] += now > 0 == best
    assert len(seen) == 3
    assert min(seen.values()) > 5, seen

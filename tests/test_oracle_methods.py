"""Scorecards, bonus-malus and ranks in the oracle: worked by hand, alive, and equal to the engine's."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests import oracle, two_provinces
from tests.oracle.agenda import CORRECTION, FED, RECKONED, RECORD
from tests.oracle.bonus_malus import FREE, TOP, BonusMalus
from tests.oracle.files import BIT, read, settle
from tests.oracle.rank import Rank
from tests.oracle.scorecard import Scorecard
from tests.oracle.society import Account
from tests.test_oracle import PACKAGE, STRONG, assert_equal

from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook

BOOKS = Path(__file__).parent / "books"
EAGER = STRONG | {
    "coefficients.appeals.appeals_wronged": 1,
    "coefficients.appeals.appeals_other": 0.6,
    "services.fast_train.wants": 2,
    "behaviours.late_utility_bill.rate.male": 3.5,
    "behaviours.late_utility_bill.rate.female": 3.5,
    "behaviours.late_utility_bill.suit": 0,
}
DISTRICTS = {"societies.village.district_neighbourhoods": 4}


def entry(book, instrument):
    """An instrument of one of the books, its numbers settled."""
    found = next(each for each in read(BOOKS / f"{book}.yaml")["instruments"] if each["id"] == instrument)
    return settle(found)


def registered(**values):
    """Somebody of whom the register says this."""
    flags = sum(BIT[name] for name in values.pop("flags", ()))
    person = SimpleNamespace(slot=0, age=40, education=0, household=1, **values)
    person.has = lambda bit: flags & bit == bit
    return person


# ------------------------------------------------------------------------------------------------------- worked by hand


def french(**terms):
    """The coefficient of the French motor insurance."""
    usual = {
        "range": {"lowest": Fraction(-350), "highest": Fraction(-50)},
        "start": Fraction(-100),
        "scope": {"min_age": Fraction(18)},
        "claim_free": Fraction("0.95"),
        "protected": Fraction(3),
        "returns": Fraction(2),
        "history": Fraction(20),
        "rules": [{"factor": Fraction("1.25")}, {"factor": Fraction("1.125")}],
    }
    return BonusMalus(usual | terms, BIT)


def test_thirteen_years_without_a_fault_lead_to_the_floor():
    card, state, seen = french(), (100, 0, 0), []
    for _ in range(14):
        state = card.year(*state, [0, 0])
        seen.append(state[0])
    assert seen == [95, 90, 85, 80, 76, 72, 68, 64, 60, 57, 54, 51, 50, 50]
    assert state == (50, 14, 1)


def test_faults_lead_to_the_cap_one_by_one():
    card = french()
    assert [card.year(100, 3, 0, [n, 0]) for n in range(1, 8)] == [
        (c, 0, 0) for c in (125, 156, 195, 243, 303, 350, 350)
    ]
    assert card.year(100, 3, 0, [1, 1]) == (140, 0, 0)


def test_the_first_fault_after_years_at_the_floor_costs_nothing_but_the_years():
    card = french()
    assert card.year(50, 15, 3, [1, 0]) == (50, 0, 0)
    assert card.year(50, 15, 3, [0, 2]) == (56, 0, 0)
    assert card.year(50, 15, 2, [1, 0]) == (62, 0, 0)
    assert french(protected=None).year(50, 15, 15, [1, 0]) == (62, 0, 0)
    assert card.year(50, 15, 15, [0, 0]) == (50, 15, 15)


def test_two_years_without_a_fault_bring_back_to_the_start():
    card = french()
    assert card.year(350, 0, 0, [0, 0]) == (332, 1, 0)
    assert card.year(332, 1, 0, [0, 0]) == (100, 2, 0)
    assert card.lasts(0) == 730
    assert french(returns=None).lasts(0) == 4 * 365  # 118, 112, 106, 100
    assert french(returns=None, rules=[{"factor": Fraction(4)}]).lasts(0) == 365 * 15


def test_a_fault_costs_the_gain_of_the_year_too():
    assert french().steps(0) == [95 - 125, 125 - 156, 156 - 195, 195 - 243, 243 - 303, 303 - 350] + [0] * 10


def test_the_years_behind_somebody_are_lived_through():
    card, account = french(), Account(in_scope=True, raw=-100)
    # Day 0 is in March; the years of slot 12 end in January, so that the present one has run for a month.
    person = registered()
    person.slot, z0 = 12, 12 * 2019 + 2
    card.begin(person, account, [(0, 29), (1, 30), (0, 30 + 364), (0, 30 + 365 * 2)], z0)
    assert account.counters[:2] == [1, 0]
    # Twenty years: at the floor for four when a fault comes, forgiven; one without; then two faults, of 50.
    assert (-account.raw, account.counters[FREE], account.counters[TOP]) == (french().year(50, 1, 1, [1, 1])[0], 0, 0)


def test_a_year_ends_in_its_month_alone():
    card, account = french(), Account(in_scope=True, raw=-100)
    account.counters = [1, 0, 0, 0, 0, 0, 4, 0]
    card.reckon(registered(), account, 12 * 2019 + 11)
    assert account.raw == -100
    card.reckon(registered(), account, 12 * 2020)
    assert (account.raw, account.counters) == (-125, [0] * 8)


def test_a_scorecard_tells_odds_on_its_scale():
    card = {
        "range": {"lowest": Fraction(300), "highest": Fraction(850)},
        "scale": {"score": Fraction(600), "odds": Fraction(30), "double": Fraction(20)},
        "intercept": Fraction("3.4011973816621553754"),  # ln 30
        "records": [
            {
                "window": Fraction(30),
                "coefficient": Fraction("-0.693147180559945309417"),
                "least": Fraction(1),
                "most": 4,
            }
        ],
        "attributes": [
            {"attribute": "driver", "coefficient": Fraction("1.386294361119890618834"), "least": Fraction(0), "most": 1}
        ],
    }
    score, account = Scorecard(card, BIT), Account(in_scope=True, raw=0)
    assert score.start == 620  # somebody of half a car
    assert score.steps(0) == [0, -20, -20, -20] + [0] * 12
    for driver, records, expected in [((), 0, 600), (["driver"], 1, 640), (["driver"], 3, 600), ((), 9, 540)]:
        account.counters[0] = records
        score.reckon(registered(flags=driver), account, 0)
        assert account.raw == expected


def test_those_who_are_alike_stand_half_way_through_one_another():
    rank = Rank(entry("lively-rank", "rank"), BIT)
    assert rank.places([5, 9, 5, 5]) == {5: 375, 9: 875}
    assert rank.places([1000]) == {1000: 500}
    assert Rank(entry("lively-rank", "second"), BIT).places([0, 1000]) == {0: -77 + 87 // 4, 1000: -77 + 3 * 87 // 4}


def test_merit_follows_the_turn_of_the_weights():
    rank, account = Rank(entry("lively-rank", "second"), BIT), Account(in_scope=True, raw=0)
    person = registered(flags=["urban"])
    account.counters[0] = 3
    # All of place, nothing of conduct: half of one and a half, then 85 of 100; two months each.
    assert [rank.merit(person, account, z) for z in range(5)] == [333, 333, 850, 850, 333]
    mean = (Fraction(2, 3) + Fraction(15, 100)) / 2 * 87
    assert rank.features[0].part[0] == int(mean * 65536 + Fraction(1, 2))
    assert rank.features[0].part[1] == int(mean * 65536 * 2 / 3 + Fraction(1, 2))
    assert rank.start == -34


# ----------------------------------------------------------------------------------------------- alive, and the same


CASES = {
    "scorecard": (["lively-scorecard"], 1500, 3, date(2019, 12, 10), 75),
    "bonus-malus": (["lively-bonus-malus"], 1500, 4, date(2019, 11, 20), 110),
    "bonus-malus from a spring": (["lively-bonus-malus"], 1000, 2**63 + 5, date(2020, 4, 30), 70),
    "rank": (["lively-rank"], 1500, 5, date(2019, 12, 10), 110),
    "all, with a list": (
        ["defaulter-list-2017", "lively-rank", "lively-bonus-malus", "lively-scorecard"],
        1000, 6, date(2019, 12, 1), 70,
    ),
}  # fmt: skip


def path(book):
    own = BOOKS / f"{book}.yaml"
    return own if own.exists() else PACKAGE / "rulebooks" / "library" / f"{book}.yaml"


@pytest.mark.parametrize("case", CASES)
def test_engine_equals_oracle(case):
    books, people, seed, start, days = CASES[case]
    overrides = DISTRICTS | EAGER
    twin = oracle.World(
        PACKAGE / "parameters", [path(book) for book in books], "village", people, seed, start, overrides
    )
    twin.run(days)
    assert_alive(twin)
    known = load_parameters(overrides)
    rulebooks = [load_rulebook(path(book), known) for book in books]
    world = World(known, rulebooks, society="village", people=people, seed=seed, start=start, threads=2)
    world.run(days)
    assert_equal(world, twin)


def assert_alive(twin):
    """Everything that the methods can do has been done: there is something to compare."""
    ledger = twin.entries
    whats = Counter(line.what for line in ledger)
    assert whats[RECKONED] > 50
    assert whats[FED] > 5
    assert whats[CORRECTION] > 20
    assert {-1, 1} == {(line.points > 0) - (line.points < 0) for line in ledger if line.what == RECKONED}
    for k, instrument in enumerate(twin.setting.instruments):
        if instrument.method:
            assert sum(line.what == RECORD and line.number == k for line in ledger) > 3
            accounts = [person.accounts[k] for person in twin.society.people]
            assert len({account.standing for account in accounts if account.in_scope}) == len(instrument.bands)


# Of two provinces: a rank's peers live in both, and its number among those in force differs.
DIVIDED = {
    "rank everywhere, others in places": {
        "lively-bonus-malus": ["lakeside"], "lively-rank": None, "lively-scorecard": ["highland"],
    },
    "rank in places": {"lively-scorecard": None, "lively-rank": ["highland", "lakeside"]},
}  # fmt: skip


@pytest.mark.parametrize("case", DIVIDED)
def test_engine_equals_oracle_where_rulebooks_are_in_force_in_places(case, tmp_path):
    books, people, seed, start = DIVIDED[case], 1000, 11, date(2019, 11, 20)
    folder = two_provinces.write(tmp_path)
    where = list(books.values())
    twin = oracle.World(folder, [path(book) for book in books], "two", people, seed, start, EAGER, where)
    twin.run(75)
    assert len(twin.ledger) > 40
    parameters = two_provinces.load(folder, EAGER)
    rulebooks = [load_rulebook(path(book), parameters) for book in books]
    world = World(parameters, rulebooks, society="two", where=where, people=people, seed=seed, start=start, threads=2)
    world.run(75)
    assert_equal(world, twin)

"""The oracle's own tests, continued: lists, courts, feeds, appeals and the kinds of wrong."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.oracle import World
from tests.oracle.agenda import (
    CASES,
    CORRECTION,
    DEADLINE,
    DECISION,
    EXIT,
    FED,
    JUDGMENT,
    OVERRIDE_BACK,
    OVERRIDE_ENDS,
    POINTS_EXPIRE,
    RECORD,
    REVIEW,
    Item,
)
from tests.oracle.court import (
    BROKE_ORDER,
    BROKE_SETTLEMENT,
    COULD_NOT,
    DETERRED,
    ENFORCED,
    EXITS,
    JUDGED,
    PERFORMED,
    PERFORMED_LATE,
    SETTLED,
    STALE_EXITS,
    WOULD_NOT,
)
from tests.oracle.day import treat
from tests.oracle.draws import COURT, PAST, q
from tests.oracle.files import Instrument, read
from tests.oracle.month import Month
from tests.oracle.respond import learn_from_entry
from tests.oracle.score import Entry, Scoring
from tests.oracle.stakes import relief
from tests.oracle.tables import NO_BASIS, OUT_OF_PROPORTION, STALE, TRUE, UNABLE

PACKAGE = Path(__file__).parents[1] / "src" / "scorepolis"
PARAMETERS = PACKAGE / "parameters"

# A town with a list that feeds a points scheme, with terms so short that all of it happens within weeks.

LISTING = """
version: 1
name: short-list
employs: []
instruments:
  - id: list
    method: list
    scope: {min_age: 18, migrants: true}
    transparency: published
    notice: true
    reach: [court, police, bank]
    appeal: {days: 4, upheld_wrong: 0.9, upheld_other: 0.5}
    stock: 0.1
    family: [private_school]
    spending_order: true
    rules:
      - {id: J1, behaviours: [ignoring_judgment], term: null}
      - {id: J2, behaviours: [unfulfilled_judgment], term: 15}
      - {id: J3, behaviours: [late_loan_payment, traffic_offence], by: [bank], term: 10, legal_basis: none}
      - {id: J4, behaviours: [breaking_settlement, breaking_spending_order], term: 20}
    consequences:
      - {service: flight, grades: [listed], effect: deny}
      - {service: fast_train, grades: [listed], effect: deny}
    publicity:
      billboard: {grades: [listed], price_of_shame: 3000}
"""

POINTS = """
version: 1
name: fed-points
employs: []
instruments:
  - id: points
    method: points
    scope: {min_age: 16, migrants: false}
    transparency: published
    notice: true
    start: 100
    range: {lowest: 0, highest: 200}
    grades:
      - {grade: D, lowest: 0, highest: 59}
      - {grade: C, lowest: 60, highest: 89}
      - {grade: A, lowest: 90, highest: 200}
    reach: [street_camera, traffic_police, bank, court, utility]
    appeal: {days: 4, upheld_wrong: 0.9, upheld_other: 0.5}
    fed_by:
      - {rulebook: short-list, instrument: list, grade: listed, override: D}
      - {rulebook: nowhere, instrument: list, grade: listed, override: D}
    rules:
      - {id: P1, behaviours: [jaywalking, traffic_offence], points: -15, expires: 12}
      - id: P2
        behaviours: [traffic_offence]
        by: [traffic_police]
        points: -20
        expires: 12
        override: {grade: C, term: 9}
      - {id: P3, behaviours: [late_loan_payment], points: -5, expires: null}
      - {id: P4, behaviours: [late_utility_bill], points: -9, expires: 12, repeat: {window: 10, step: 1, most: 3}}
    consequences:
      - {service: consumer_loan, grades: [D], effect: deny}
"""

COURTLY = {
    "behaviours.contract_breach.rate.male": 3,
    "behaviours.contract_breach.rate.female": 2,
    "behaviours.contract_breach.suit": 0.9,
    "behaviours.late_loan_payment.rate.male": 4,
    "behaviours.late_loan_payment.rate.female": 4,
    "behaviours.late_utility_bill.suit": 0.3,
    "sensors.court.delay.shortest": 1,
    "sensors.court.delay.longest": 20,
    "sensors.bank.delay.shortest": 0,
    "sensors.bank.delay.longest": 12,
    "sensors.bank.wrong_person": 0.3,
    "coefficients.courts.suit_shortest": 2,
    "coefficients.courts.suit_longest": 6,
    "coefficients.courts.mismatch": 0.2,
    "coefficients.courts.deadline": 3,
    "coefficients.courts.grace": 3,
    "coefficients.courts.applies": 0.9,
    "coefficients.courts.review": 6,
    "coefficients.courts.performs": 0.3,
    "coefficients.courts.breaks_order": 0.4,
    "coefficients.courts.settles": 0.3,
    "sensors.court.sees.breaking_settlement": 1,
    "coefficients.courts.removal": 2,
    "coefficients.courts.late_removal": 0.3,
    "coefficients.courts.late_days": 5,
    "coefficients.appeals.appeals_wronged": 0.8,
    "coefficients.appeals.appeals_other": 0.5,
    "coefficients.wrongful.stale_after": 7,
    "coefficients.awareness.awareness": 0.9,
    "coefficients.deterrence.threshold": 0.01,
    "coefficients.deterrence.certainty": 8,
    "coefficients.publicity.billboard_weight": 0.5,
}


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("books")
    paths = [folder / "short-list.yaml", folder / "fed-points.yaml"]
    for path, text in zip(paths, (LISTING, POINTS), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def town(books):
    """A run of it, for reading."""
    world = World(PARAMETERS, books, "village", 400, 11, date(2019, 12, 1), COURTLY)
    world.opening = steps(docket(world))
    world.run(70)
    return world


@pytest.fixture(scope="module")
def first_morning(books):
    world = World(PARAMETERS, books, "village", 60, 3, date(2019, 1, 1), COURTLY)
    world.month = Month(world.setting)
    return world


@pytest.fixture
def start(first_morning):
    """The first morning of a small one, for meddling with."""
    return deepcopy(first_morning)


def open_in_the_diary(world):
    """How often something of a kind is due to somebody under a rule."""
    return Counter(
        (item.number, item.what, item.instrument, item.rule) for items in world.diary.days.values() for item in items
    )


def docket(world):
    """The cases that are under way: by day, in order."""
    return sorted((day, item) for day, items in world.diary.days.items() for item in items if item.what in CASES)


def steps(cases):
    """How many cases wait for each step."""
    return Counter(case.what for _, case in cases)


def summed(months):
    return [sum(each) for each in zip(*months, strict=True)]


def test_overrides_are_what_is_due_to_end_less_what_comes_back_and_what_feeds(town):
    pending, court = open_in_the_diary(town), 0
    listing, points = town.setting.instruments
    held = Counter()
    for person in town.society.people:
        for instrument, account in zip(town.setting.instruments, person.accounts, strict=True):
            expected = [0, 0]
            for rule in instrument.rules:
                if rule.grade is not None and rule.term is not None:
                    key = instrument.number, rule.number
                    expected[rule.nibble] += pending[person.number, OVERRIDE_ENDS, *key]
                    expected[rule.nibble] -= pending[person.number, OVERRIDE_BACK, *key]
            if instrument is points:
                expected[0] += account.in_scope and person.accounts[0].standing == 0
                assert account.overrides == expected
            else:
                assert account.overrides[1] == expected[1]
                court += account.overrides[0] > 0
            held[instrument.number, account.standing] += account.in_scope
            assert account.standing <= min([9, *account.active_overrides(instrument)])
    assert court > 0
    assert min(held[0, 0], held[0, 1], held[1, 0], held[1, 1], held[1, 2]) > 0


def test_points_in_force_are_those_that_will_expire_and_those_that_never_do(town):
    points, in_force = town.setting.instruments[1], Counter()
    for items in town.diary.days.values():
        for item in items:
            if item.what == POINTS_EXPIRE:
                in_force[item.number] += item.points
    for entry in town.entries:
        if entry.instrument == 1 and entry.what in (RECORD, CORRECTION) and points.rules[entry.rule].expires is None:
            in_force[entry.person.number] += entry.points
    for person in town.society.people:
        of_the_past = person.accounts[1].raw - points.start - in_force[person.number]
        assert of_the_past <= 0
        assert of_the_past % 5 == 0  # late loan payments, which never expire


def test_the_chain_of_cases_loses_nobody(town):
    courts, opening, pending = summed(town.counts["courts"]), town.opening, steps(docket(town))
    assert min(courts) > 0
    assert min(opening[step] for step in CASES) > 0
    decided = courts[COULD_NOT] + courts[PERFORMED] + courts[WOULD_NOT]
    assert courts[DETERRED] <= courts[PERFORMED]
    met_deadline = opening[DEADLINE] + courts[JUDGED] - pending[DEADLINE]
    wrong_persons = met_deadline - decided
    assert 0 < wrong_persons < met_deadline // 2
    applied_for = courts[ENFORCED] + pending[DECISION] - opening[DECISION]
    assert applied_for < met_deadline - courts[PERFORMED]
    wrong_persons_enforced = opening[REVIEW] + courts[ENFORCED] - courts[PERFORMED_LATE] - pending[REVIEW]
    assert 0 < wrong_persons_enforced <= wrong_persons
    assert courts[BROKE_SETTLEMENT] < courts[SETTLED]
    exits = courts[EXITS] + courts[STALE_EXITS]
    assert exits <= courts[PERFORMED_LATE]
    lines = [line for line in town.ledger if line[2] == EXIT]
    assert len(lines) == exits  # one list
    assert Counter(line[12] for line in lines) == {TRUE: courts[EXITS], STALE: courts[STALE_EXITS]}


def test_every_kind_of_truth_is_told_apart(town):
    wrongful = summed([month[0] for month in town.counts["wrongful"]])
    others = summed([month[1] for month in town.counts["wrongful"]])
    assert min(wrongful[kind] for kind in (TRUE, 1, UNABLE, NO_BASIS)) > 0
    assert others[STALE] > 0
    for k in (0, 1):
        for month, kinds in zip(town.counts["entries"], town.counts["wrongful"], strict=True):
            assert month[k][0] == sum(kinds[k])
            assert month[k][2] == sum(kinds[k][1:])
    lines = [line for line in town.ledger if line[2] == RECORD and line[3] == 0]
    assert Counter(line[12] for line in lines) == Counter(dict(enumerate(wrongful))) + Counter()


def test_what_is_upheld_is_corrected(town):
    pending = Counter(
        item.instrument for items in town.diary.days.values() for item in items if item.what == CORRECTION
    )
    corrected = Counter(line[3] for line in town.ledger if line[2] == CORRECTION)
    for k in (0, 1):
        made, upheld, wrong = summed([month[k] for month in town.counts["appeals"]])
        assert made > upheld > wrong > 0
        assert upheld == corrected[k] + pending[k]


def test_the_fed_follow_what_feeds_them_at_once(town):
    fed_scope = {person.slot for person in town.society.people if person.accounts[1].in_scope}
    followers = 0
    for line, following in zip(town.ledger, [*town.ledger[1:], None], strict=True):
        assert line[2] != FED or line[3:8] == (1, 0, 0, 0, 0)
        if line[3] == 0 and line[10] != line[11] and line[0] in fed_scope:
            assert following[:3] == (line[0], line[1], FED)
            assert following[11] == 0 if line[11] == 0 else following[11] > 0 or following[9] < 60
            followers += 1
    assert followers == sum(line[2] == FED for line in town.ledger) > 10


def test_a_record_goes_to_the_rule_of_its_sensor():
    rules = [
        SimpleNamespace(number=0, behaviours=[1], by={7}),
        SimpleNamespace(number=1, behaviours=[1, 2], by=None),
        SimpleNamespace(number=2, behaviours=[1, 3], by={8}),
    ]
    instrument = SimpleNamespace(rules=rules)
    found = {(b, s): Instrument.rule_for(instrument, b, s) for b in (1, 2, 3, 4) for s in (6, 7, 8)}
    numbers = {key: None if rule is None else rule.number for key, rule in found.items()}
    assert numbers == {
        (1, 6): 1, (1, 7): 0, (1, 8): 2, (2, 6): 1, (2, 7): 1, (2, 8): 1,
        (3, 6): None, (3, 7): None, (3, 8): 2, (4, 6): None, (4, 7): None, (4, 8): None,
    }  # fmt: skip
    weighed = [Instrument.rule_weighed(instrument, b) for b in (1, 2, 3, 4)]
    assert weighed == [rules[1], rules[1], rules[2], None]


def grown_up(world, listed=False):
    """Somebody in the scope of both instruments, with nothing against them unless listed is meant."""
    return next(
        person
        for person in world.society.people
        if all(account.in_scope for account in person.accounts)
        and person.accounts[0].overrides == [int(listed), 0]
        and person.accounts[1].overrides == [int(listed), 0]
    )


def numbers_of(world):
    return {each.name: each.number for each in [*world.setting.behaviours, *world.setting.sensors]}


def fined(world, appeal_days):
    """Somebody who on day 10 lost 20 points for 12 days and fell to C for 9, with the correction due."""
    person, points, numbers = grown_up(world), world.setting.instruments[1], numbers_of(world)
    account = person.accounts[1]
    account.raw, world.diary.days, points.appeal.days = 100, {}, appeal_days
    item = Item(person.number, RECORD, behaviour=numbers["traffic_offence"], sensor=numbers["traffic_police"])
    Scoring(world, 10).work(item, person)
    assert (account.raw, account.overrides, account.standing) == (80, [0, 1], 1)
    assert sorted(world.diary.days) == [19, 22]
    world.diary.end(10 + appeal_days, person, CORRECTION, 1, points.rules[1], -20)
    return person


def what_follows(world, person):
    """By day: raw points, overrides to C, standing, and the entries (what, points), under the points scheme."""
    account, seen = person.accounts[1], {}
    for day in range(11, 30):
        scoring = Scoring(world, day)
        for each in sorted(world.diary.take(day)):
            scoring.work(each, person)
        if scoring.entries:
            entries = [(entry.what, entry.points) for entry in scoring.entries]
            seen[day] = account.raw, account.overrides[1], account.standing, entries
    assert world.diary.days == {}
    return seen


@pytest.mark.parametrize(
    ("appeal_days", "follows"),
    [
        # In force, both of them: the ends of days 19 and 22 change nothing any more.
        (
            4,
            {
                14: (100, 0, 2, [(CORRECTION, 20)]),
                19: (100, 0, 2, [(OVERRIDE_ENDS, 0)]),
                22: (100, 0, 2, [(POINTS_EXPIRE, 20), (POINTS_EXPIRE, -20)]),
            },
        ),
        # The override ends on the very day, before the correction; a second one would have stayed.
        (
            9,
            {
                19: (100, 0, 2, [(OVERRIDE_ENDS, 0), (CORRECTION, 20)]),
                22: (100, 0, 2, [(POINTS_EXPIRE, 20), (POINTS_EXPIRE, -20)]),
            },
        ),
        # Nothing is left to undo.
        (
            12,
            {
                19: (80, 0, 1, [(OVERRIDE_ENDS, 0)]),
                22: (100, 0, 2, [(POINTS_EXPIRE, 20), (CORRECTION, 0)]),
            },
        ),
    ],
)
def test_a_correction_undoes_what_is_still_in_force(start, appeal_days, follows):
    person = fined(start, appeal_days)
    seen = what_follows(start, person)
    for day, state in follows.items():
        *rest, entries = state
        *found, found_entries = seen.pop(day)
        assert found == rest
        assert sorted(found_entries) == sorted(entries)
    assert seen == {}


@pytest.mark.parametrize("appeal_days", [9, 12])
def test_an_override_that_has_ended_is_not_taken_from_another(start, appeal_days):
    person = fined(start, appeal_days)
    person.accounts[1].overrides[1] += 1
    seen = what_follows(start, person)
    assert {overrides for _, overrides, _, _ in seen.values()} == {1}


def test_an_override_that_could_not_fall_does_not_come_back(start):
    person = fined(start, 4)
    person.accounts[1].overrides[1] = 0
    seen = what_follows(start, person)
    assert {overrides for _, overrides, _, _ in seen.values()} == {0}


def test_points_that_never_expire_are_always_undone(start):
    person, points, numbers = grown_up(start), start.setting.instruments[1], numbers_of(start)
    account = person.accounts[1]
    account.raw, start.diary.days, points.appeal.days = 100, {}, 4000
    item = Item(person.number, RECORD, behaviour=numbers["late_loan_payment"], sensor=numbers["court"])
    Scoring(start, 10).work(item, person)
    assert account.raw == 95
    Scoring(start, 4010).work(Item(person.number, CORRECTION, 1, 2, -5 & 0xFFFF), person)
    assert account.raw == 100
    assert start.diary.days == {}


@pytest.mark.parametrize(("listed", "nibble", "after"), [(True, 0, 0), (False, 15, 15)])
def test_a_feed_that_moves_no_nibble_makes_no_entry(start, listed, nibble, after):
    person = grown_up(start, listed)
    person.accounts[1].overrides[0] = nibble
    scoring = Scoring(start, 5)
    if listed:
        scoring.work(Item(person.number, EXIT), person)
    else:
        scoring.record(
            Item(
                person.number,
                RECORD,
                behaviour=numbers_of(start)["ignoring_judgment"],
                sensor=numbers_of(start)["court"],
            ),
            person,
        )
    assert person.accounts[1].overrides[0] == after
    assert [entry.what for entry in scoring.entries] == [EXIT if listed else RECORD]


@pytest.mark.parametrize(
    ("instrument", "rule", "points", "worse", "better"),
    [
        (0, 0, 0, True, False),  # a listing
        (1, 1, -20, True, False),
        (1, 1, 0, True, False),  # points 0 (capped, say) under an override
        (1, 1, 20, False, True),  # gained, whatever the override
        (1, 0, 0, False, False),
    ],
)
def test_a_listing_is_taken_as_badly_as_a_loss(start, instrument, rule, points, worse, better):
    # Losses and gains of half the scale, and a story always.
    start.setting.coefficients["life"] |= {name: Fraction(1, 2) for name in ("opinion_loss", "opinion_gain")}
    start.setting.coefficients["life"]["report_distrust"] = Fraction(1, 2)
    start.setting.coefficients["learning"]["story_share"] = Fraction(1)
    tip_off = next(sensor.number for sensor in start.setting.sensors if sensor.kind == "tip_off")
    person, behaviour = grown_up(start), numbers_of(start)["traffic_offence"]
    person.opinion = person.trust = 128
    entry = Entry(person, 5, RECORD, instrument, rule, behaviour, tip_off, points, 0, 0, 0, 0)
    learn_from_entry(start, 5, entry)
    assert (person.opinion < 128, person.opinion > 128) == (worse, better)
    assert (person.trust < 128) == worse
    assert start.stories == [(person, start.setting.behaviours[behaviour].domain)] * worse


def test_an_exit_ends_a_listing_and_what_it_feeds(start):
    person = grown_up(start, listed=True)
    scoring = Scoring(start, 5)
    scoring.work(Item(person.number, EXIT, truth=STALE), person)
    assert [account.overrides for account in person.accounts] == [[0, 0], [0, 0]]
    assert [(e.what, e.instrument, e.standing_before, e.standing_after, e.kind) for e in scoring.entries] == [
        (EXIT, 0, 0, 1, STALE),
        (FED, 1, 0, 2, 0),
    ]
    scoring.work(Item(person.number, EXIT), person)
    assert len(scoring.entries) == 2
    assert start.month.courts[EXITS] == 0
    assert start.month.courts[STALE_EXITS] == 1


def test_a_list_refuses_the_family(start):
    school = next(service.number for service in start.setting.services if service.name == "private_school")
    train = next(service.number for service in start.setting.services if service.name == "fast_train")
    person = next(
        person
        for person in start.society.people
        if person.in_stock and len(person.home) > 1 and sum(other.in_stock for other in person.home) == 1
    )
    other = next(other for other in person.home if other is not person)
    other.accounts[0].marks = 0
    applications = [(other, school), (other, train), (person, school), (person, train)]
    assert [outcome.refused for outcome in treat(start, applications)] == [True, False, False, True]
    assert other.accounts[0].marks == 0
    assert person.accounts[0].marks & 2


def test_relief_is_what_the_overrides_cost(start):
    person = grown_up(start, listed=True)
    listing, points = (table.value[person.rate_cell] for table in start.tables.instruments)
    person.accounts[0].aware, person.accounts[1].aware = True, False
    assert relief(start, person) == listing[1] - listing[0] > 0
    person.accounts[1].aware, person.accounts[1].raw = True, 100
    table = start.tables.instruments[1]
    assert relief(start, person) == listing[1] - listing[0] + table.worth(person.rate_cell, 100) - points[0]


@pytest.mark.parametrize(("proportion", "kind"), [(Fraction("0.001"), OUT_OF_PROPORTION), (Fraction(1000), TRUE)])
def test_a_sanction_far_beyond_the_harm_is_out_of_proportion(books, proportion, kind):
    measure = {"coefficients.wrongful.proportion": proportion}
    world = World(PARAMETERS, books, "village", 10, 3, date(2019, 1, 1), measure)
    numbers = {behaviour.name: behaviour.number for behaviour in world.setting.behaviours}
    listing = world.tables.instruments[0]
    assert listing.ground[0, numbers["ignoring_judgment"]] == kind
    assert listing.ground[2, numbers["late_loan_payment"]] == NO_BASIS


def test_a_listing_is_weighed_for_its_term(town):
    # At 0.2 a year: five years 256 (1 - exp(-1)) / 0.2 = 809.1, fifteen days 256 (1 - exp(-3/365)) / 0.2 = 10.5
    assert town.tables.instruments[0].duration[:2] == [809, 10]


def test_without_suits_only_the_stock_comes_to_court(books):
    behaviours = read(PARAMETERS / "behaviours.yaml")["behaviours"]
    suits = {f"behaviours.{name}.suit": 0 for name, behaviour in behaviours.items() if "suit" in behaviour}
    world = World(PARAMETERS, books, "village", 100, 11, date(2019, 1, 1), {**COURTLY, **suits})
    world.run(31)
    (courts,) = world.counts["courts"]
    assert courts[:PERFORMED_LATE] == [0] * PERFORMED_LATE
    assert courts[PERFORMED_LATE] > 0


def broken(books, **changes):
    """What the courts of a month count where there are these numbers, and a list's entries by rule."""
    measure = {**COURTLY, **{f"coefficients.courts.{name}": value for name, value in changes.items()}}
    world = World(PARAMETERS, books, "village", 300, 5, date(2019, 1, 1), measure)
    world.run(31)
    (courts,) = world.counts["courts"]
    return courts, Counter(line[4] for line in world.ledger if line[2] == RECORD and line[3] == 0)


def test_settlements_and_orders_are_broken_as_often_as_said(books, tmp_path):
    courts, rules = broken(books)
    assert courts[BROKE_ORDER] > courts[BROKE_SETTLEMENT] > 0
    assert rules[3] > 0
    courts, _ = broken(books, settles=0)
    assert courts[SETTLED] == courts[BROKE_SETTLEMENT] == 0 < courts[BROKE_ORDER]
    courts, _ = broken(books, breaks_order=0)
    assert courts[BROKE_ORDER] == 0 < courts[BROKE_SETTLEMENT]
    # Where a list is no order, nobody breaks one.
    free = tmp_path / "short-list.yaml"
    free.write_text(LISTING.replace("    spending_order: true\n", ""), "utf-8")
    courts, _ = broken([free, books[1]])
    assert courts[BROKE_ORDER] == 0 < courts[SETTLED]


def reviewed(world, person, w, v, settled):
    """What a review of somebody's case leads to, as these draws have it."""
    drawn = {(COURT, person.slot, 2, 9): w, (COURT, person.slot, 3, 9): v}
    world.diary.days, world.court.draw = {}, lambda *where: drawn[where]
    case = Item(person.number, REVIEW, packed=int(settled), truth=person.local << 4 | UNABLE)
    world.month = SimpleNamespace(courts=[0] * 12)
    world.court.review(9, case, person)
    counted = [step for step, many in enumerate(world.month.courts) if many]
    names = {each.number: each.name for each in world.setting.behaviours}
    records = [(names[item.behaviour], item.kind) for item in world.diary.days.get(9, [])]
    (following,) = world.diary.days[9 + 6]
    return counted, records, following.points


def test_a_review_finds_what_was_broken(books):
    world = World(PARAMETERS, books, "village", 300, 5, date(2019, 1, 1), COURTLY)
    person = next(person for person in world.society.people if person.accounts[0].in_scope and person.hardship > 0)
    person.accounts[0].overrides = [0, 0]
    never, able, unable = 2**32 - 1, (2**32 - 1,) * 4, (0, 2**32 - 1, 0, 0)
    assert reviewed(world, person, able, (0, never, never, never), False) == ([], [], 0)  # under no order
    assert reviewed(world, person, able, (never, never, 0, never), False) == ([SETTLED], [], 1)
    settlement = "breaking_settlement"
    assert reviewed(world, person, able, (never, never, 0, never), True) == (
        [BROKE_SETTLEMENT],
        [(settlement, TRUE)],
        0,
    )
    assert reviewed(world, person, unable, (never, never, 0, never), True) == ([], [], 0)
    assert reviewed(world, person, unable, (never, never, 0, 0), True) == ([], [(settlement, UNABLE)], 0)
    person.accounts[0].overrides = [1, 0]
    person.accounts[0].aware = False  # nothing that could hold back
    order = ("breaking_spending_order", TRUE)
    assert reviewed(world, person, able, (0, 0, never, never), False) == ([BROKE_ORDER], [order], 0)
    assert reviewed(world, person, unable, (0, never, never, never), False) == ([BROKE_ORDER], [], 0)
    counted, records, stands = reviewed(world, person, able, (0, 0, 0, never), True)
    assert (counted, records, stands) == ([BROKE_ORDER, BROKE_SETTLEMENT], [order, (settlement, TRUE)], 0)


def under_way(world, person, w, v=(0, 0, 0, 0)):
    """The docket if of all people this one alone may have a case, as these draws have it."""
    drawn = {(PAST, person.slot, 62, 0): w, (PAST, person.slot, 61, 0): v}
    world.diary.days, world.society.people = {}, [person]
    world.court.draw = lambda *where: drawn[where]
    world.court.under_way()
    return docket(world)


def word(share):
    """The least word that takes a share of 2^32."""
    return -(-share.numerator * 2**32 // share.denominator)


@pytest.fixture
def breaker(start):
    """Somebody of middling self-control who breaks contracts and pays for water late, and nothing else."""
    person, numbers = grown_up(start), numbers_of(start)
    person.base = [0] * len(person.base)
    person.base[numbers["late_utility_bill"]] = 20 * 65536
    person.base[numbers["contract_breach"]] = 10 * 65536
    person.traits = [8] * 4
    return person


# Shares of suits, Q32 cut to Q16: of late bills 19660 (0.3), of breaches 58982 (0.9); T = 6 + 3 + 3 days.
LATE, BREACHES = 20 * 19660 * 12, 10 * 58982 * 12
LAST = 2**32 - 1
FOURTH_DAY = 2**31  # of the days 2 to 6, the word for a judgment on the fourth


def test_whether_there_is_a_case_and_over_what(start, breaker):
    numbers, total = numbers_of(start), LATE + BREACHES
    over = [
        [case.behaviour for _, case in under_way(start, breaker, (w0, w1, 0, 0))]
        for w0, w1 in [
            (total, 0),
            (total - 1, 0),
            (total - 1, word(Fraction(LATE, total)) - 1),
            (total - 1, word(Fraction(LATE, total))),
            (total - 1, 2**32 - 1),
        ]
    ]
    late, breach = numbers["late_utility_bill"], numbers["contract_breach"]
    assert over == [[], [late], [late], [breach], [breach]]


@pytest.mark.parametrize(
    ("ago", "v", "step", "day", "kind"),
    [
        (0, (0, 0, 0), JUDGMENT, 4, TRUE),
        (3, (LAST, LAST, LAST), JUDGMENT, 1, TRUE),
        (4, (0, 0, 0), DEADLINE, 3, TRUE),
        (6, (LAST, LAST, LAST), DEADLINE, 1, TRUE),
        (7, (0, LAST, 0), DECISION, 3, UNABLE),
        (9, (0, LAST, q(32, Fraction("0.9")) - 1), DECISION, 1, UNABLE),
        (9, (0, LAST, q(32, Fraction("0.9"))), None, 0, 0),  # nobody applies for enforcement
        (7, (LAST, 0, 0), DECISION, 3, TRUE),
        (7, (LAST, 0, q(32, Fraction("0.9"))), None, 0, 0),
        (7, (LAST, LAST, 0), None, 0, 0),  # performed
        (10, (0, 0, 0), None, 0, 0),
        (11, (0, 0, 0), None, 0, 0),
    ],
)
def test_how_far_a_case_under_way_has_come(start, breaker, ago, v, step, day, kind):
    breaker.hardship = 128
    cases = under_way(start, breaker, (0, 0, word(Fraction(ago, 12)), FOURTH_DAY), v)
    late = numbers_of(start)["late_utility_bill"]
    truth = breaker.local << 4 | kind
    assert cases == ([(day, Item(breaker.number, step, behaviour=late, truth=truth))] if step else [])


def test_nobody_is_deterred_in_the_time_before(start, breaker):
    # However surely the listing would come and however much it would cost.
    breaker.belief, breaker.accounts[0].aware, breaker.hardship = [255] * 4, True, 0
    unafraid, afraid = start.court.evasion(breaker)
    assert afraid < unafraid < LAST
    decided = [
        len(under_way(start, breaker, (0, 0, word(Fraction(7, 12)), FOURTH_DAY), (0, v1, 0)))
        for v1 in (afraid, unafraid - 1, unafraid)
    ]
    assert decided == [1, 1, 0]


def test_the_docket_of_day_0_is_the_same_under_every_rulebook(books):
    courts = {}
    for paths in ([PACKAGE / "rulebooks" / "library" / "law-only.yaml"], books):
        world = World(PARAMETERS, paths, "village", 200, 11, date(2019, 12, 1), COURTLY)
        courts[len(paths)] = docket(world)
    assert courts[1] == [case for case in courts[2] if case[1].what != REVIEW]
    assert set(steps(courts[1])) == {JUDGMENT, DEADLINE, DECISION}


def test_who_reads_a_notice_and_who_is_told(start):
    read, tells = q(32, Fraction("0.3")), q(32, Fraction("0.15"))
    start.setting.coefficients["awareness"] |= {
        "notice_read": Fraction("0.3"),
        "household_tells": Fraction("0.15"),
    }
    person = next(
        person
        for person in start.society.people
        if person.accounts[0].in_scope and sum(other.accounts[0].in_scope for other in person.home) == 2
    )
    behaviour, sensor = numbers_of(start)["ignoring_judgment"], numbers_of(start)["court"]
    entry = Entry(person, 5, RECORD, 0, 0, behaviour, sensor, 0, 0, 0, 0, 0)
    aware = []
    told = (read * (tells >> 16)) >> 16
    for start.setting.instruments[0].notice in (True, False):
        for w3 in (told - 1, told, read - 1, read):
            for other in start.society.people:
                other.accounts[0].aware = False
            start.draw = lambda *_, w3=w3: (0, 0, LAST, w3)
            learn_from_entry(start, 5, entry)
            aware.append((person.accounts[0].aware, sum(other.accounts[0].aware for other in start.society.people)))
    assert aware == [(True, 2), (True, 1), (True, 1), (False, 0)] + [(False, 0)] * 4

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
    SETTLEMENT_STANDS,
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
      - {id: J4, behaviours: [breaking_spending_order, breaking_settlement], term: 8}
      - {id: J3, behaviours: [late_loan_payment, traffic_offence], by: [bank], term: 10, legal_basis: none}
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
    "coefficients.courts.breaks_order": 0.3,
    "coefficients.courts.settles": 0.4,
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
    assert listing.ground[3, numbers["late_loan_payment"]] == NO_BASIS


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


# What else happens at a review: a spending order and a settlement, kept or broken.

NEW = BROKE_ORDER, SETTLED, BROKE_SETTLEMENT
HALF = Fraction(1, 2)


def variant(books, folder, listing=LISTING, **courts):
    """Two months of the town with another list or other coefficients of courts."""
    path = folder / "short-list.yaml"
    path.write_text(listing, encoding="utf-8")
    measures = COURTLY | {f"coefficients.courts.{name}": value for name, value in courts.items()}
    world = World(PARAMETERS, [path, books[1]], "village", 150, 11, date(2019, 12, 1), measures)
    world.run(45)
    return world


def new_steps(world):
    courts = summed(world.counts["courts"])
    return [courts[step] for step in NEW]


def test_a_settlement_is_broken_once_at_the_next_review_or_stands(town):
    courts = summed(town.counts["courts"])
    standing = sum(item.packed == SETTLEMENT_STANDS for _, item in docket(town))
    assert courts[SETTLED] > courts[BROKE_SETTLEMENT] + standing
    assert 0 < standing < steps(docket(town))[REVIEW]
    assert all(case.what == REVIEW for _, case in docket(town) if case.packed)


def test_where_no_list_is_an_order_nobody_breaks_one(books, tmp_path):
    for line in ("", "    spending_order: false\n"):
        world = variant(books, tmp_path, LISTING.replace("    spending_order: true\n", line))
        broke_order, settled, broke_settlement = new_steps(world)
        assert broke_order == 0 < broke_settlement < settled


def test_where_nobody_settles_no_settlement_is_broken(books, tmp_path):
    broke_order, settled, broke_settlement = new_steps(variant(books, tmp_path, settles=0))
    assert broke_order > 0 == settled == broke_settlement


def test_where_the_order_is_never_broken(books, tmp_path):
    assert new_steps(variant(books, tmp_path, breaks_order=0))[0] == 0


def test_only_a_list_is_a_spending_order(books, tmp_path):
    path = tmp_path / "fed-points.yaml"
    path.write_text(POINTS.replace("    notice: true\n", "    notice: true\n    spending_order: true\n"))
    with pytest.raises(ValueError, match="only a list"):
        World(PARAMETERS, [path], "village", 10, 3, date(2019, 1, 1), COURTLY)


def test_a_breach_lists_for_the_term_of_the_rule_that_names_it(town):
    listing = town.setting.instruments[0]
    rule = next(rule for rule in listing.rules if rule.term == 8)
    entered = Counter()
    for entry in town.entries:
        if entry.what == RECORD and entry.instrument == 0 and entry.rule == rule.number:
            entered[entry.day, entry.person.slot] += 1
            assert entry.standing_after == 0
            assert town.setting.behaviours[entry.behaviour].name.startswith("breaking_")
    ended = Counter()
    for entry in town.entries:
        if entry.what == OVERRIDE_ENDS and entry.instrument == 0 and entry.rule == rule.number:
            ended[entry.day - 8, entry.person.slot] += 1
    # What is upheld on appeal ends after 4 days, and its term comes to nothing, though its end is entered.
    assert len(entered) > 5
    assert ended == Counter({key: times for key, times in entered.items() if key[0] + 8 < 70})


def reviewed(world, person, w=(LAST, LAST, LAST), v=(LAST, LAST, LAST, LAST), **of_case):
    """What is counted and entered at a review on day 20, and the review that follows, with these draws."""
    drawn = {(COURT, person.slot, 2, 20): w, (COURT, person.slot, 3, 20): v}
    world.court.draw = lambda *where: drawn[where]
    world.diary.days, world.month = {}, Month(world.setting)
    case = Item(person.number, REVIEW, behaviour=numbers_of(world)["contract_breach"], truth=person.local << 4 | TRUE)
    world.court.review(20, case._replace(**of_case), person)
    counted = [step for step, times in enumerate(world.month.courts) for _ in range(times)]
    names = [each.name for each in world.setting.behaviours]
    found = [(names[item.behaviour], item.kind, item.doer) for item in world.diary.days.get(20, [])]
    (following,) = world.diary.days.get(26, [None])
    return counted, found, following


@pytest.fixture
def debtor(start):
    """Somebody listed and half in hardship, whom nothing deters since they have not heard of the schemes."""
    person = grown_up(start, listed=True)
    person.hardship, person.traits, person.local = 128, [8] * 4, 7  # a doer that is not 0
    for account in person.accounts:
        account.aware = False
    sees = start.setting.sensors[start.court.sensor].sees
    sees["breaking_spending_order"], sees["breaking_settlement"] = HALF, HALF
    person.region.courts = person.region.courts | {"mistaken_able": HALF}
    return person


def test_an_order_is_broken_and_found_out(start, debtor):
    likely = start.court.tempted(debtor, start.court.breaking_order, "breaks_order")
    assert 0 < likely < LAST
    seen = [reviewed(start, debtor, v=(v0, v1, LAST, LAST)) for v0, v1 in [
        (likely, 0), (likely - 1, 2**31), (likely - 1, 2**31 - 1),
    ]]  # fmt: skip
    assert [counted for counted, _, _ in seen] == [[], [BROKE_ORDER], [BROKE_ORDER]]
    assert [found for _, found, _ in seen] == [[], [], [("breaking_spending_order", TRUE, debtor.local)]]


@pytest.mark.parametrize(
    ("overrides", "in_scope", "order", "broken"),
    [
        ([1, 0], True, True, True),
        ([0, 3], True, True, True),  # until a term ends
        ([0, 0], True, True, False),
        ([1, 1], False, True, False),
        ([1, 1], True, False, False),
    ],
)
def test_who_is_under_an_order(start, debtor, overrides, in_scope, order, broken):
    start.setting.instruments[0].spending_order = order
    debtor.accounts[0].overrides, debtor.accounts[0].in_scope = overrides, in_scope
    debtor.accounts[1].overrides = [1, 1]  # points are no order
    counted, _, following = reviewed(start, debtor, v=(0, LAST, LAST, LAST))
    assert counted == [BROKE_ORDER] * broken
    assert following.packed == 0


@pytest.fixture
def tempted(books):
    """A small one in which, but for fear, everybody breaks the order they are under."""
    surely = {"behaviours.breaking_spending_order.slope": 0, "coefficients.courts.breaks_order": 1}
    return World(PARAMETERS, books, "village", 150, 3, date(2019, 1, 1), COURTLY | surely)


def test_whoever_always_would_breaks_the_order(tempted):
    """Also if they know the list: whoever is on it has nothing to lose by being put on it again."""
    listed = [person for person in tempted.society.people if person.accounts[0].overrides[0]]
    assert len(listed) > 5
    for person in listed:
        person.accounts[0].aware, person.accounts[1].aware, person.belief = True, False, [255] * 4
        assert reviewed(tempted, person)[0] == [BROKE_ORDER]


def test_what_another_scheme_takes_deters_from_breaking_the_order(tempted):
    table, numbers = tempted.tables.instruments[1], numbers_of(tempted)
    table.weighed[numbers["breaking_spending_order"]] = tempted.setting.instruments[1].rules[1]  # 20 points
    person = grown_up(tempted, listed=True)
    account = person.accounts[1]
    account.overrides, account.raw, person.belief = [0, 0], 70, [255] * 4
    counted = []
    for account.aware in (False, True):
        counted.append(reviewed(tempted, person)[0])
    assert counted == [[BROKE_ORDER], []]


@pytest.mark.parametrize(
    ("able", "v2", "v3", "counted", "found"),
    [
        (True, 2**31 - 1, LAST, [BROKE_SETTLEMENT], [TRUE]),
        (True, 2**31, 0, [BROKE_SETTLEMENT], []),
        (True, 0, 0, [BROKE_SETTLEMENT], [TRUE]),
        (False, 2**31 - 1, 2**31 - 1, [], [UNABLE]),
        (False, 2**31, 2**31 - 1, [], []),
        (False, 2**31 - 1, 2**31, [], []),
    ],
)
@pytest.mark.parametrize("kind", [TRUE, UNABLE])
def test_a_settlement_that_stands(start, debtor, able, v2, v3, counted, found, kind):
    least = start.court.unable(debtor)
    w = (least if able else least - 1, LAST if able else 0, 0)
    truth = (debtor.local + 1) << 4 | kind  # the case may be that of another
    seen = reviewed(start, debtor, w, (LAST, LAST, v2, v3), packed=SETTLEMENT_STANDS, truth=truth)
    assert seen[:2] == (counted, [("breaking_settlement", each, debtor.local) for each in found])
    # None stands any more, whoever broke it, and none is made on the same day; the rest is as it was.
    assert (seen[2].what, seen[2].packed, seen[2].truth) == (REVIEW, 0, truth)


@pytest.mark.parametrize("able", [True, False])
def test_a_settlement_is_made(start, debtor, able):
    w = (LAST if able else 0, LAST, LAST)
    settles = q(32, Fraction("0.4"))
    (counted, found, following), (other, _, without) = (
        reviewed(start, debtor, w, (LAST, 0, v2, 0)) for v2 in (settles - 1, settles)
    )
    assert (counted, found, following.packed) == ([SETTLED], [], SETTLEMENT_STANDS)
    assert (other, without.packed) == ([], 0)
    assert following._replace(packed=0) == without


def test_whoever_performs_late_breaks_nothing(start, debtor):
    counted, found, following = reviewed(start, debtor, (LAST, 0, 0), (0, 0, 0, 0), packed=SETTLEMENT_STANDS)
    assert (counted, found, following) == ([PERFORMED_LATE], [], None)


def test_order_and_settlement_may_both_be_broken(start, debtor):
    counted, found, _ = reviewed(start, debtor, (LAST, LAST, 0), (0, 0, 0, 0), packed=SETTLEMENT_STANDS)
    assert counted == sorted([BROKE_ORDER, BROKE_SETTLEMENT])
    assert [name for name, _, _ in found] == ["breaking_spending_order", "breaking_settlement"]


def test_the_unable_settle_and_are_taken_for_able_but_break_nothing(books):
    measures = {f"coefficients.courts.{name}": 1 for name in ("unable_at_full_hardship", "settles", "mistaken_able")}
    measures["sensors.court.sees.breaking_settlement"] = 1
    world = World(PARAMETERS, books, "village", 150, 11, date(2019, 1, 1), COURTLY | measures)
    for person in world.society.people:
        person.hardship = 255
    world.run(31)
    courts, number = summed(world.counts["courts"]), numbers_of(world)["breaking_settlement"]
    assert courts[SETTLED] > 0 == courts[BROKE_SETTLEMENT] == courts[PERFORMED_LATE]
    assert {entry.kind for entry in world.entries if entry.what == RECORD and entry.behaviour == number} == {UNABLE}

"""Public bodies in the oracle: worked by hand, alive, and equal to the engine's."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from ruamel.yaml import YAML
from tests import oracle, two_provinces
from tests.oracle.agenda import BOUND, FED
from tests.oracle.bodies import Body, District
from tests.oracle.body_counts import BodyFlows, flatten
from tests.oracle.body_files import ARREARS, MISSED, body_setting
from tests.oracle.body_month import apply, be_sued, leave_unpaid, look, loss, pass_a_month, pay, stake, target
from tests.oracle.body_tables import BodyTables
from tests.oracle.draws import Draws, q
from tests.oracle.files import read, settle
from tests.oracle.firm_files import firm_setting
from tests.oracle.firm_month import NOT_DONE, TRUE, UNABLE, occasion
from tests.oracle.firm_tables import FirmTables
from tests.oracle.firms import Account
from tests.oracle.heads import rebind, succeed
from tests.oracle.suppliers import supply, wait
from tests.test_oracle import PACKAGE, STRONG, assert_equal
from tests.test_oracle_firms import BUSY, a_firm, assert_firms_equal, by_name, path

from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook

# So that every bill, judgment, report and look that there can be comes about within months.
PRESSED = {
    "bodies.past_months": 7,
    "bodies.head_term": 6,
    "bodies.suppliers.share": 0.5,
    "bodies.suppliers.strain": 2.3,
    "bodies.kinds.bureau.number": 7,
    "bodies.behaviours.payment_arrears.rate": 10,
    "bodies.behaviours.payment_arrears.gain": 60000,
    "bodies.behaviours.payment_arrears.sued": 0.2,
    "bodies.behaviours.ignoring_judgment.ignored": 1,
    "bodies.behaviours.ignoring_judgment.gain": 150000,
    "bodies.behaviours.ignoring_judgment.performed": 0.3,
    "bodies.behaviours.falsified_reports.scruple": 2000,
    "bodies.behaviours.falsified_reports.effort": 1,
    "bodies.services.promotion.wants": 2,
    "bodies.services.grant.wants": 10,
    "bodies.services.project_approval.wants": 5,
    "bodies.sensors.audit_office.inspects.rate": 4,
    "bodies.sensors.audit_office.false_finding": 0.3,
    "bodies.sensors.audit_office.wrong_body": 0.2,
    "bodies.sensors.inspection_group.inspects.rate": 4,
    "bodies.sensors.inspection_group.false_finding": 0.3,
    "bodies.sensors.inspection_group.wrong_body": 0.2,
    "bodies.sensors.complaint_line.sees.payment_arrears": 0.4,
    "bodies.sensors.complaint_line.wrong_body": 0.2,
    # Reports are late, and some of them stale.
    "sensors.neighbourhood_collector.delay.longest": 30,
    "coefficients.wrongful.stale_after": 20,
}
BUSY_BODIES = BUSY | PRESSED
BODY_COLUMNS = ("integrity", "officials", "entered", "owed", "stuck", "defied", "beyond", "bills")
UNDER = ("points", "assigned", "standing", "left", "marks")
FIRMS = ["spending-restriction-2020", "corporate-tax", "corporate-comprehensive", "corporate-environment"]


# ------------------------------------------------------------------------------------------------------- worked by hand


@pytest.fixture(scope="module")
def tables():
    tree = settle(read(PACKAGE / "parameters" / "bodies.yaml"))
    coefficients = settle(read(PACKAGE / "parameters" / "coefficients.yaml"))
    book = settle(read(path("lively-bodies")))
    return BodyTables(body_setting(tree, [book], {("lively-bodies", "heads"): 0}), coefficients)


class Place:
    """A neighbourhood of so many people."""

    def __init__(self, n):
        self.people = [None] * n


def a_body(tables, kind=0, number=0, people=1000, **state):
    """A body of middling integrity, at the grades at which everybody starts."""
    accounts = [
        Account(kind in each.kinds, each.grade(each.start), marks=int(kind in each.kinds))
        for each in tables.setting.instruments
    ]
    place = Place(people) if kind == 0 else None
    usual = {"slot": number, "integrity": 8, "head": None, "officials": 3, "entered": 0, "doing": [0, 0, 0, 0]}
    return Body(number=number, kind=tables.setting.kinds[kind], place=place, accounts=accounts, **usual | state)


class Recorder:
    """Counts what it is told, by name."""

    def __init__(self):
        self.told = Counter()

    def __getattr__(self, name):
        return lambda *_: self.told.update([name])


def test_a_score_is_worth_what_lies_between_the_grades_beside_it(tables):
    table = tables.instruments[0]
    assert table.midpoint == [14, 44, 69, 90]
    # A bureau's grants and approvals cost or bring: at D promotion gone, and 40 and 25 per cent on prices.
    at_d = -Fraction("0.3") * 100000 - 2 * Fraction("0.4") * 10000 - Fraction("0.25") * 5000
    at_b = 2 * Fraction("0.1") * 10000 + Fraction("0.15") * 5000
    worth = table.worth[1]
    assert worth[0] == at_d == -39250
    assert worth[2] == at_b == 2750
    assert [table.value(1, s) for s in (-500, 0, 14, 69, 90, 1000)] == [*[worth[0]] * 3, worth[2], *[worth[3]] * 2]
    assert table.value(1, 73) == worth[2] + (worth[3] - worth[2]) * 4 // 21


def test_what_is_to_be_lost_is_told_by_the_rule_weighed(tables):
    bureau, (marks, _, hidden, _) = a_body(tables, kind=1), tables.instruments
    fall = marks.value(1, 80) - marks.value(1, 77)  # an audit finds arrears
    # That the list's only rule on arrears takes complaints alone does not matter: it is the one weighed.
    listing = (60000 * q(8, Fraction(1, 12))) >> 8
    assert hidden.worth[1][0] < 0  # but it is secret
    assert stake(tables, bureau, ARREARS) == fall + listing
    bureau.accounts[0].assigned = 0
    assert stake(tables, bureau, ARREARS) == listing
    assert loss(tables, bureau, ARREARS) == 20000 + listing
    office = a_body(tables)
    low = -(tables.instruments[1].worth[0][0] - tables.instruments[1].worth[0][1])
    assert low == 1000  # what classes, which is never given, takes of an office that misses its target
    assert stake(tables, office, MISSED) == low + tables.instruments[0].value(0, 80) - tables.instruments[0].value(
        0, 74
    )


def test_bills_are_paid_in_full_or_by_halves_and_the_stuck_never_exceed_the_owed(tables):
    body, flows = a_body(tables, owed=200, stuck=190, defied=100, beyond=100), Recorder()
    pay(tables, body, (0, 0, 0, 0), flows)
    assert (body.owed, body.stuck, body.defied, body.beyond) == (184, 184, 96, 96)
    leave_unpaid(tables, body, (0, 0, 0, 0), flows)
    assert (body.owed, body.stuck, body.bills) == (185, 185, 1)
    assert flows.told == {"settled": 1, "acted": 1, "could_not": 1}
    # All that it owes it could not pay: what it is judged for it cannot obey.
    be_sued(tables, body, (0, 0, 0, 2**32 - 1), flows)
    assert (body.owed, body.stuck, body.defied, body.beyond) == (184, 184, 97, 97)
    body.stuck = 0
    be_sued(tables, body, (0, 0, 0, 0), flows)
    assert (body.owed, body.defied, body.beyond) == (183, 98, 97)
    be_sued(tables, body, (0, 0, 0, 2**32 - 1), flows)  # obeys
    assert (body.owed, body.defied, body.beyond) == (182, 98, 97)
    assert body.bills == 1  # what is judged is no new bill


def test_what_is_lacking_is_looked_for_and_made_up(tables):
    body, flows = a_body(tables, arrived=30, forged=12, looked=4), Recorder()
    target(tables, body, flows)
    # 60 are asked for, 18 came in by themselves: 42 lack.
    assert body.extra == (tables.effort * 42) // 60
    assert 0 < body.forge <= (42 * 2**32) // 30
    assert body.doing == [0, 0, 1, 1]
    assert (body.arrived, body.forged, body.looked) == (0, 0, 0)
    body = a_body(tables, arrived=60)
    target(tables, body, flows)
    assert (body.extra, body.forge, body.doing) == (0, 0, [0, 0, 0, 0])
    body = a_body(tables, arrived=0, people=8)  # of whom half a report is asked
    target(tables, body, flows)
    assert (body.extra, body.forge, body.doing) == (0, 0, [0, 0, 0, 0])


def test_a_listing_without_a_term_ends_with_a_quiet_month(tables):
    listing = tables.setting.instruments[3]
    account, seen = a_body(tables).accounts[3], []
    apply(listing, account, listing.rules[1])
    for _ in range(3):
        seen.append((account.standing, account.left))
        pass_a_month(account)
    assert seen == [(0, 2), (0, 1), (1, 0)]
    apply(listing, account, listing.rules[0])
    apply(listing, account, listing.rules[1])
    assert (account.standing, account.left) == (0, 255)
    pass_a_month(account)
    assert (account.standing, account.left) == (1, 0)


def test_a_deed_is_recorded_once_a_month_and_empty_inspections_find_what_is_not_there(tables):
    bodies = [a_body(tables, kind=j % 2, number=j) for j in range(1500)]
    for body in bodies:
        body.doing = [1 + body.number % 3 // 2, 0, 0, 0] if body.number < 1000 else [0, 0, 0, 0]
    flows = Recorder()
    records = look(Draws(8), District(tables, [0, 1, 2, 3], bodies), 30, flows)
    assert all(one <= other for one, other in pairwise(records))
    sure = [record for record in records if record.behaviour == ARREARS and record.kind != NOT_DONE]
    assert 30 < len(sure) < 150
    assert len({record.doer for record in sure}) == len(sure)  # none of this seed was found twice
    assert {bodies[record.doer].doing[0] for record in sure if record.kind == UNABLE} == {2}
    assert {bodies[record.doer].doing[0] for record in sure if record.kind == TRUE} == {1}
    for record in records:
        if record.kind == NOT_DONE:
            assert bodies[record.number].doing[record.behaviour] == 0
            assert record.behaviour < MISSED or bodies[record.number].place is not None
    assert 0 < flows.told["clean"] <= flows.told["inspected"]


@pytest.fixture(scope="module")
def trade():
    """The tables of firms, for whom each bill that they wait for brings half as many occasions without a choice."""
    tree = settle(read(PACKAGE / "parameters" / "firms.yaml"))
    coefficients = settle(read(PACKAGE / "parameters" / "coefficients.yaml"))
    return FirmTables(firm_setting(tree, [], {}), coefficients, Fraction(1, 2))


def test_bills_fall_to_suppliers_in_turn_and_the_oldest_are_paid_first(tables, trade):
    body, idle = a_body(tables, bills=10, owed=3, defied=1), a_body(tables, number=1, bills=5, owed=5)
    body.suppliers = [a_firm(trade, number=j) for j in range(3)]
    wait([body, idle])
    assert [firm.waits for firm in body.suppliers] == [2, 1, 1]  # numbers 6 to 9
    body.owed, body.defied = 0, 1
    wait([body])
    assert [firm.waits for firm in body.suppliers] == [1, 0, 0]


def test_suppliers_are_enterprises_and_each_supplies_one_body(tables, trade):
    bodies = [a_body(tables, number=j) for j in range(3)]
    firms = [a_firm(trade, size=j % 2, number=j) for j in range(400)]
    supply(Draws(8), firms, bodies, Fraction(1, 4))
    supplying = [firm for body in bodies for firm in body.suppliers]
    assert 30 < len(supplying) == len(set(supplying)) < 70
    assert {firm.size for firm in supplying} == {1}
    assert all(body.suppliers == sorted(body.suppliers, key=lambda firm: firm.number) for body in bodies)
    supply(Draws(8), firms, [], Fraction(1))  # to nobody


def test_who_waits_comes_to_more_occasions_and_has_no_choice_in_them(trade):
    late = by_name(trade.setting.behaviours, "wage_arrears")
    firm, at = a_firm(trade), trade.kinds.index(late)
    below, base = sum(firm.base[:at]), firm.base[at]
    assert trade.strain == 128
    assert occasion(trade, firm, below + base - 1) == (late, base, base - 1)
    assert occasion(trade, firm, below + base)[0] is not late
    firm.waits = 4
    bad = [getattr(kind, "bad", False) for kind in trade.kinds[:at]]
    more = [
        2 * ((b * q(30, kind.unable)) >> 30) for kind, b, ill in zip(trade.kinds, firm.base, bad, strict=False) if ill
    ]
    below += sum(more)
    end = below + base + 2 * ((base * q(30, late.unable)) >> 30)
    assert occasion(trade, firm, below) == (late, base, 0)
    assert occasion(trade, firm, end - 1) == (late, base, end - 1 - below)
    assert end - 1 - below >= base  # no choice
    assert occasion(trade, firm, end)[0] is not late


class Official:
    """A public servant in a place of honour."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


def test_heads_give_way_when_their_term_is_over_to_anybody_but_themselves(tables):
    servants = [Official(name) for name in "abcd"]
    bodies = [a_body(tables, number=j, head=servants[j % 4], entered=j % 36) for j in range(720)]
    district = District(tables, [0, 1, 2, 3], bodies, servants)
    before = [body.head for body in bodies]
    succeed(Draws(8), district, 30, month=24300)  # of terms of 36 months
    gone = [body.number for body, head in zip(bodies, before, strict=True) if body.head is not head]
    assert gone == list(range(0, 720, 36))
    succeed(Draws(8), district, 61, month=24301)
    assert bodies[35].head is not before[35]
    assert {body.head for body in bodies[35::36]} == {servants[0], servants[1], servants[2]}  # it was d's
    alone = District(tables, [0, 1, 2, 3], [a_body(tables, head=servants[0])], servants[:1])
    succeed(Draws(8), alone, 30, month=24300)
    assert alone.bodies[0].head is servants[0]


def test_a_binding_is_inherited_until_it_binds_nobody(tables, monkeypatch):
    body, steps = a_body(tables), []
    monkeypatch.setattr("tests.oracle.heads.hold", lambda _, person, m, bound, __: steps.append((person, m, bound)))
    seen = []
    for now in ("a", "a", "b", "b", "c", None, None, "d", "e"):
        rebind(None, body, (0, 0), 7, now, True)
        seen.append(len(body.inherited))
    assert seen == [0, 0, 1, 1, 1, 0, 0, 0, 1]
    moves = [("a", True), ("a", False), ("b", True), ("b", False), ("c", True), ("c", False), ("d", True)]
    assert steps == [(person, 7, bound) for person, bound in [*moves, ("d", False), ("e", True)]]


# ----------------------------------------------------------------------------------------------- alive, and the same


CASES = {
    "alone": (["government-integrity"], 3000, 1, date(2025, 1, 1), 380, {}),
    "alone, another seed": (["government-integrity"], 3000, 2**40 + 7, date(2026, 6, 15), 366, {}),
    "with people and firms": (
        ["government-integrity", "rongcheng-2019", *FIRMS], 3000, 2**63 + 5, date(2025, 2, 10), 366, {},
    ),
    "lively, beside lively firms": (
        ["spending-restriction-2020", "lively-firms", "lively-bodies"], 1200, 3, date(2019, 10, 20), 150, BUSY_BODIES,
    ),
    "lively alone, over a year": (["lively-bodies"], 800, 4, date(2019, 4, 30), 370, BUSY_BODIES),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_engine_equals_oracle(case):
    books, people, seed, start, days, changed = CASES[case]
    overrides = {"societies.village.district_neighbourhoods": 4} | changed
    paths = [path(book) for book in books]
    twin = oracle.World(PACKAGE / "parameters", paths, "village", people, seed, start, overrides)
    known = load_parameters(overrides)
    rulebooks = [load_rulebook(book, known) for book in paths]
    world = World(known, rulebooks, society="village", people=people, seed=seed, start=start, threads=2)
    assert_bodies_equal(world, twin)
    before = heads(twin)
    twin.run(days)
    world.run(days)
    assert min(map(sum, zip(*(month["acts"] for month in summed(twin)), strict=True))) > 0
    assert any(line.what == BOUND for line in twin.entries)
    assert heads(twin) != before
    if changed:
        assert_alive(twin)
    assert world.tally.counts().body_moments[0].tolist() == twin.bodies.at_start
    assert_bodies_equal(world, twin)
    assert_equal(world, twin)
    if twin.firms:
        assert twin.firms.driven > 0, "nobody did anything because of unpaid bills"
        assert_firms_equal(world, twin)


def test_bodies_live_in_the_baseline_too_and_nobody_asks_anything_of_them():
    book, start, people, seed = path("law-only"), date(2025, 1, 1), 1500, 5
    changed, both = PRESSED | {"firms.numbers.enterprises": 80}, {"firms": True, "bodies": True}
    twin = oracle.World(PACKAGE / "parameters", [book], "village", people, seed, start, changed, **both)
    twin.run(150)
    known = load_parameters(changed)
    law = load_rulebook(book, known)
    world = World(known, [law], society="village", people=people, seed=seed, start=start, threads=2, **both)
    world.run(150)
    assert twin.firms.driven > 0
    flows = [month.pop("acts") + month.pop("reports") for month in summed(twin)]
    arrears, ignored, *others = map(sum, zip(*flows, strict=True))
    assert min(arrears, ignored) > 0
    assert not any(others)
    assert_bodies_equal(world, twin)
    assert_equal(world, twin)
    assert_firms_equal(world, twin)


# Of two provinces: bodies live everywhere, but under other instruments, or none.
DIVIDED = {
    "lively in a place": {"government-integrity": ["tibet"], "lively-bodies": ["lakeside"]},
    "people bound in a place": {"spending-restriction-2020": ["highland"], "lively-bodies": None},
    "firms graded in one place, bodies in another": {"lively-firms": ["lakeside"], "lively-bodies": ["highland"]},
}


@pytest.mark.parametrize("case", DIVIDED)
def test_engine_equals_oracle_where_rulebooks_are_in_force_in_places(case, tmp_path):
    books, people, seed, start = DIVIDED[case], 1000, 11, date(2019, 11, 20)
    folder, where, paths = two_provinces.write(tmp_path), list(books.values()), [path(book) for book in books]
    twin = oracle.World(folder, paths, "two", people, seed, start, STRONG | PRESSED, where)
    twin.run(75)
    parameters = two_provinces.load(folder, STRONG | PRESSED)
    rulebooks = [load_rulebook(book, parameters) for book in paths]
    world = World(parameters, rulebooks, society="two", where=where, people=people, seed=seed, start=start, threads=2)
    world.run(75)
    assert any(line.what == BOUND for line in twin.entries)
    officials = [[body.officials for body in district.bodies] for district in twin.bodies.districts]
    assert [] in officials, "everywhere there is an official"
    assert any(len(set(each)) < len(each) for each in heads(twin)), "nobody heads two bodies"
    assert_bodies_equal(world, twin)
    assert_equal(world, twin)


def test_engine_equals_oracle_of_other_kinds_and_more_sensors(tmp_path):
    """Kinds in another order, more than four sensors that inspect, reports at once and several a day, short terms."""
    folder, start = two_provinces.write(tmp_path), date(2020, 2, 10)
    tree = read(folder / "bodies.yaml")
    office, bureau = tree["kinds"]["street_office"], tree["kinds"]["bureau"]
    tree["kinds"] = {"bureau": bureau, "street_office": office, "hospital": bureau | {"title": "Hospitals"}}
    lists = [tree["behaviours"]["payment_arrears"], *tree["services"].values()]
    lists += [sensor["inspects"] for sensor in tree["sensors"].values() if "inspects" in sensor]
    for entry in lists:
        entry["kinds"]["values"] = [*reversed(entry["kinds"]["values"]), 0.7]
    tree["head_term"]["range"] = [1, 120]
    visits = tree["sensors"]["inspection_group"]
    seldom = {"falsified_reports": visits["sees"]["falsified_reports"] | {"value": 0.02}}
    more = {f"visitors_{n}": visits | {"sees": visits["sees"] | seldom} for n in range(4)}
    tree["sensors"] = more | dict(reversed(tree["sensors"].items()))
    with (folder / "bodies.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(tree, file)
    changed = STRONG | PRESSED | {
        "bodies.sensors.inspection_group.sees.falsified_reports": 0.05,
        "sensors.neighbourhood_collector.delay.shortest": 0,
        "sensors.neighbourhood_collector.delay.longest": 0,
        "bodies.behaviours.falsified_reports.scruple": 1000,
        "bodies.head_term": 1,  # every head gives way every month
    }  # fmt: skip
    text = path("lively-bodies").read_text(encoding="utf-8")
    assert text.count("quota: {value: 60,") == 1
    book = tmp_path / "lively-bodies.yaml"
    book.write_text(text.replace("quota: {value: 60,", "quota: {value: 900,"), encoding="utf-8")
    twin = oracle.World(folder, [book], "village", 700, 21, start, changed)
    twin.run(110)
    parameters = two_provinces.load(folder, changed)
    books = [load_rulebook(book, parameters)]
    world = World(parameters, books, society="village", people=700, seed=21, start=start, threads=2)
    world.run(110)
    flows = summed(twin)
    inspections = [sum(column) for column in zip(*(month["inspections"] for month in flows), strict=True)]
    assert sum(number > 0 for number in inspections) == 6
    assert max(body.forge for district in twin.bodies.districts for body in district.bodies) > 2**32
    assert sum(month["acts"][3] for month in flows) > 100
    assert_bodies_equal(world, twin)
    assert_equal(world, twin)


def summed(twin):
    """The flows of all months by name, of all kinds of body together."""
    setting = twin.bodies.setting
    months = []
    for month in twin.months:
        flat = [sum(column) for column in zip(*month.body_flows, strict=True)]
        tables, at = {}, 0
        for name, table in BodyFlows(setting, twin.bodies.firm_behaviours).tables().items():
            width = len(flatten(table[0]))
            tables[name] = flat[at : at + width]
            at += width
        months.append(tables)
    return months


def heads(twin):
    """Who heads each body, by district."""
    return [[body.head.slot for body in district.bodies] for district in twin.bodies.districts]


def assert_alive(twin):
    """Everything that public bodies can do has been done: there is something to compare."""
    months, setting = summed(twin), twin.bodies.setting
    moments = [twin.bodies.at_start, *[month.body_moments for month in twin.months]]
    total = {name: [sum(column) for column in zip(*(m[name] for m in months), strict=True)] for name in months[0]}
    for name in ("acts", "unable", "deterred", "settled", "reports", "inspections", "applications"):
        desks = {s.number for s in setting.sensors if s.inspecting is None} if name == "inspections" else set()
        assert all(number > 0 for n, number in enumerate(total[name]) if n not in desks), (name, total[name])
    assert sum(total["cleans"]) > 0
    assert all(sum(total["records"][kind::4]) > 0 for kind in range(4))
    assert all(sum(total["records"][4 * s : 4 * s + 4]) > 0 for s in range(len(setting.sensors)))
    for k in range(len(setting.instruments)):
        assert sum(total["entries"][8 * k : 8 * k + 4]) > 0  # negative
    assert sum(total["entries"][4:8]) > 0  # positive
    assert all(sum(total["outcomes"][bit::5]) > 0 for bit in range(5)), total["outcomes"]
    reporter = next(s.number for s in twin.setting.sensors if s.name == setting.reports_by)
    made_up = sum(month.records[reporter][NOT_DONE] for month in twin.months)
    assert made_up > 0
    assert sum(month.records[reporter][6] for month in twin.months) > 0  # stale
    whats = Counter(line.what for line in twin.entries)
    assert whats[BOUND] > 5
    assert whats[FED] > 3
    assert moments[0][0][10] == 0
    assert max(sum(row[10] for row in moment) for moment in moments) > 3, "hardly any binding was inherited"
    if twin.firms:
        assert all(number > 0 for number in total["suppliers"])
        assert all(sum(total["supplier_acts"][how::2]) > 10 for how in (0, 1))
        assert twin.firms.driven > 10
    at = 11
    for k, instrument in enumerate(setting.instruments):
        snapshots = [row[at + 4 : at + 4 + len(instrument.grades)] for moment in moments for row in moment]
        assert sum(any(held) for held in zip(*snapshots, strict=True)) > 1, instrument.grades
        assert k == 1 or sum(row[at + 2] for row in moments[-1]) > 0, "nobody refused anything"
        at += 4 + len(instrument.grades)
    assert at == len(moments[0][0])


def assert_bodies_equal(world, twin):
    """Every body is the same, owes the same and stands the same; so do what is asked of it and who supplies it."""
    if twin.months:
        assert world.tally.counts().body_flows.shape[-1] == len(twin.months[0].body_flows[0])
    if twin.firms:
        assert_suppliers_equal(world, twin)
    for d, (theirs, ours, people) in enumerate(
        zip(world.districts, twin.bodies.districts, twin.society.districts, strict=True)
    ):
        n, first = len(ours.bodies), people[0].h
        assert theirs["body_servants"].tolist() == [person.local for person in ours.servants], f"district {d}"
        same = {name: [getattr(body, name) for body in ours.bodies] for name in BODY_COLUMNS}
        same["head"] = [body.head.local for body in ours.bodies]
        same["suppliers"] = [len(body.suppliers) for body in ours.bodies]
        same["kind"] = [body.kind.number for body in ours.bodies]
        same["near"] = [-1 if body.place is None else body.place.number - first for body in ours.bodies]
        for name, mine in same.items():
            assert theirs[f"body_{name}"][:n].tolist() == mine, f"{name} in district {d}"
        for body in ours.bodies:
            if body.place is not None:
                at = body.place.number - first
                assert theirs["body_extra"][at] == body.extra, f"extra in neighbourhood {body.place.number}"
                assert theirs["body_forge"][at] == body.forge, f"forge in neighbourhood {body.place.number}"
                mine = [body.arrived, body.forged, body.looked]
                assert theirs["body_reports"][at].tolist() == mine, f"reports in neighbourhood {body.place.number}"
        for k, instrument in enumerate(ours.tables.setting.instruments):
            for name in UNDER:
                mine = [getattr(body.accounts[k], name) for body in ours.bodies]
                assert theirs[f"body_{name}"][k][:n].tolist() == mine, f"{name} under {k} in district {d}"
            for body in ours.bodies:
                if body.place is not None:
                    asked = body.accounts[k].in_scope * instrument.quota * len(body.place.people) / 1000
                    target = theirs["body_targets"][k][body.place.number - first]
                    assert target == (asked + Fraction(1, 2)) // 1, f"target under {k} in {body.place.number}"
        binds = [(k, b) for k, each in enumerate(ours.tables.setting.instruments) for b in range(len(each.binds))]
        if binds:
            assert theirs["body_held"][:n].tolist() == same["head"], f"who was bound last in district {d}"
        for row, pair in enumerate(binds):
            mine = [(body.bound.get(pair) is not None) + (pair in body.inherited) for body in ours.bodies]
            assert theirs["body_bound"][row][:n].tolist() == mine, f"binding {pair} in district {d}"


def assert_suppliers_equal(world, twin):
    """The same firms supply the same bodies, and wait for as many bills."""
    for theirs, firms, bodies in zip(world.districts, twin.firms.districts, twin.bodies.districts, strict=True):
        turns = {firm: (body.number, t) for body in bodies.bodies for t, firm in enumerate(body.suppliers)}
        mine = [(*turns.get(firm, (-1, 0)), firm.waits) for firm in firms.firms]
        columns = [theirs[f"firm_{name}"][: len(mine)].tolist() for name in ("body", "turn", "waits")]
        assert list(zip(*columns, strict=True)) == mine

"""Firms in the oracle: worked by hand, alive, and equal to the engine's."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from tests import oracle, two_provinces
from tests.oracle.agenda import BOUND, FED
from tests.oracle.draws import Draws
from tests.oracle.files import read, settle
from tests.oracle.firm_files import firm_setting
from tests.oracle.firm_month import WRONG_FIRM, Act, Record, inspect, risk, temptation
from tests.oracle.firm_rate import Account, apply, contest, live_on, rate
from tests.oracle.firm_tables import WHOLE, FirmTables
from tests.oracle.firms import District, Firm
from tests.test_oracle import PACKAGE, STRONG, assert_equal

from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook

BOOKS = Path(__file__).parent / "books"
BUSY = STRONG | {
    "firms.numbers.enterprises": 80,
    "firms.life.past_months": 7,
    "firms.life.performs": 0.3,
    "firms.life.binding": 0.7,
    "firms.life.newcomers": 0.4,
    "firms.sizes.small.least": 5,
    "firms.sizes.large.least": 50,
    "firms.sensors.tax_audit.inspects.rate": 0.2,
    "firms.sensors.market_office.inspects.rate": 0.25,
    "firms.sensors.customs.inspects.rate": 3,
    "firms.sensors.tax_audit.false_finding": 0.3,
    "firms.sensors.market_office.false_finding": 0.3,
    "firms.sensors.customs.false_finding": 0.3,
    "firms.sensors.tax_desk.wrong_firm": 0.2,
    "firms.sensors.court.wrong_firm": 0.2,
    "firms.sensors.association.favours.share": 0.5,
    "firms.sensors.court.sees.contract_breach": 1,
    "firms.behaviours.ignoring_judgment.rate": 0.08,
    "firms.behaviours.wage_arrears.rate": 0.3,
    # At a grade that is spared visits, more of this is done than under ordinary law.
    "firms.behaviours.labour_violation.rate": 0.5,
    "firms.behaviours.labour_violation.fine": 40000,
    "firms.sensors.market_office.sees.labour_violation": 1,
}
# Many are told, contest what they did and what they did not, and are let off.
CONTESTED = {
    "firms.life.told": 0.9,
    "firms.life.appeals_wronged": 0.9,
    "firms.life.appeals_other": 0.4,
    "firms.life.earnings": 300000,
    "firms.sensors.customs.wrong_firm": 0.2,
    "firms.sensors.market_office.wrong_firm": 0.2,
}
FIRM_COLUMNS = ("sector", "size", "cell", "newcomer", "connected", "employees")
CLEAR = ("points", "assigned", "standing", "left", "opens")
UNDER = ("points", "assigned", "standing", "left", "opens", "marks")


# ------------------------------------------------------------------------------------------------------- worked by hand


def tables_of(name, **life):
    tree = settle(read(PACKAGE / "parameters" / "firms.yaml"))
    tree["life"] |= {key: Fraction(value) for key, value in life.items()}
    coefficients = settle(read(PACKAGE / "parameters" / "coefficients.yaml"))
    book = settle(read(BOOKS / f"{name}.yaml"))
    return FirmTables(firm_setting(tree, [book], {(name, "list"): 0}), coefficients)


@pytest.fixture(scope="module")
def tables():
    return tables_of("lively-firms")


def a_firm(tables, size=1, sector=1, number=0, **state):
    """A firm of a size and sector, at the grades at which everybody starts."""
    cell = tables.cell(size, sector)
    accounts = [
        Account(each.grade(each.start, False), in_scope=size in each.sizes and sector in each.sectors)
        for each in tables.setting.instruments
    ]
    base = [(rate[cell] * t[8]) >> 16 for rate, t in zip(tables.rate, tables.t, strict=True)]
    usual = {"connected": False, "newcomer": False, "employees": 3, "representative": None}
    return Firm(
        slot=number, number=number, size=size, sector=sector, cell=cell, base=base, accounts=accounts, **usual | state
    )


def by_name(things, name):
    return next(each for each in things if each.name == name)


def test_newcomers_get_their_grade_in_place_of_the_better_ones(tables):
    rating = tables.setting.instruments[0]
    assert rating.grades == ["D", "C", "M", "B", "A"]
    assert [rating.grade(s, newcomer=False) for s in (-50, 39, 40, 70, 79, 80, 200)] == [0, 0, 1, 3, 3, 4, 4]
    assert [rating.grade(s, newcomer=True) for s in (-50, 39, 40, 70, 79, 80, 200)] == [0, 0, 1, 2, 2, 2, 2]


def test_a_grade_is_worth_what_it_does_less_what_its_inspections_cost(tables):
    # A micro firm in manufacturing at D may not tender and is audited four times in ten a month, and visited.
    table = tables.instruments[0]
    worth = table.worth[tables.cell(1, 1)]
    audit, visit = by_name(tables.setting.sensors, "tax_audit"), by_name(tables.setting.sensors, "market_office")
    tender = by_name(tables.setting.services, "tender")
    expected = -tender.wants * tender.sizes[1] * tender.worth
    expected -= (12 * Fraction("0.4") - audit.rate * audit.sizes[1]) * audit.burden
    expected -= (12 * Fraction("0.35") - visit.rate * visit.sizes[1]) * visit.burden
    assert worth[0] == (5 * expected + Fraction(1, 2)) // 1
    assert worth[0] < worth[1] < 0 < worth[3] < worth[4]


def test_risk_is_the_chance_that_not_all_miss(tables):
    firm = a_firm(tables)
    wages = by_name(tables.setting.behaviours, "wage_arrears").number
    visit = Fraction("0.05") / 12
    law = 1 - (1 - visit / 2) * (1 - Fraction("0.3")) * (1 - Fraction("0.05"))
    assert risk(tables, firm, wages, law_only=True) / WHOLE == pytest.approx(float(law), abs=1e-8)
    firm.accounts[0].standing = 0  # watched
    watched = 1 - (1 - Fraction("0.35") / 2) * (1 - Fraction("0.3")) * (1 - Fraction("0.05"))
    assert risk(tables, firm, wages, law_only=False) / WHOLE == pytest.approx(float(watched), abs=1e-8)
    assert risk(tables, firm, wages, law_only=True) / WHOLE == pytest.approx(float(law), abs=1e-8)


def test_what_nobody_knows_of_tempts_nobody(tables):
    firm, base = a_firm(tables, size=0, sector=3), 2**20
    for k in (0, 1, 3):
        firm.accounts[k].in_scope = False
    wages = by_name(tables.setting.behaviours, "wage_arrears")
    assert firm.accounts[2].in_scope
    would, does = temptation(tables, firm, wages, base)
    assert would == does < base
    firm.accounts[3].in_scope = True
    assert temptation(tables, firm, wages, base)[1] < would


def test_a_fine_deters_in_proportion_to_the_gain(tables):
    firm = a_firm(tables, size=0, sector=3)
    for account in firm.accounts:
        account.in_scope = False
    late = by_name(tables.setting.behaviours, "late_filing")
    would, does = temptation(tables, firm, late, 200_000)
    assert would == does == 10_000  # of a gain of 200 yuan, 190 are at stake


def test_records_move_points_and_grades_as_their_rule_says(tables):
    (rating, classes, _, listing), draw = tables.setting.instruments, Draws(5)
    firm = a_firm(tables)
    account = firm.accounts[0]
    apply(draw, firm, rating, account, rating.rules[0], 30)
    assert (account.points, account.assigned, account.standing) == (-12, 255, 3)
    apply(draw, firm, rating, account, rating.rules[3], 30)
    assert (account.points, account.assigned, account.standing) == (-43, 1, 1)
    apply(draw, firm, rating, account, rating.rules[2], 30)
    apply(draw, firm, rating, account, rating.rules[3], 30)
    assert (account.points, account.assigned, account.standing) == (-77, 0, 0)

    account = firm.accounts[1]
    assert not apply(draw, firm, classes, account, classes.rules[2], 30)  # not low
    apply(draw, firm, classes, account, classes.rules[0], 30)
    assert account.standing == 0
    assert apply(draw, firm, classes, account, classes.rules[2], 30)  # surely
    assert (account.standing, account.assigned) == (1, 255)

    account, seen = firm.accounts[3], []
    apply(draw, firm, listing, account, listing.rules[1], 30)
    apply(draw, firm, listing, account, listing.rules[2], 30)
    while account.left:
        seen.append((account.standing, account.left))
        live_on(account, performed=True, let_off=True)
    assert seen == [(0, 2), (0, 1)]
    assert account.standing == 1
    apply(draw, firm, listing, account, listing.rules[0], 30)
    live_on(account, performed=False, let_off=True)
    assert (account.standing, account.left) == (0, 255)
    live_on(account, performed=True, let_off=False)
    assert (account.standing, account.left) == (1, 0)


class Nothing:
    """Counts nothing."""

    def __getattr__(self, name):
        return lambda *_: None


class Office:
    """A few firms, of which it is said by hand what is recorded; all are told, and all who feel wronged appeal."""

    def __init__(self):
        self.tables = tables_of("told-firms", told=1, appeals_wronged=1, appeals_other=0, performs="0.001")
        for instrument in self.tables.setting.instruments:
            if instrument.appeal:
                instrument.appeal.upheld_wrong, instrument.appeal.upheld_other = Fraction(1), Fraction(0)
        self.firms = [a_firm(self.tables, number=j) for j in range(3)]
        self.district, self.day = District(self.tables, [0, 1, 2, 3], self.firms), 0

    def month(self, *records, calendar_month=2):
        """Records: firm, behaviour, sensor, kind."""
        setting, self.day = self.tables.setting, self.day + 30
        found = [
            Record(j, by_name(setting.behaviours, b).number, by_name(setting.sensors, s).number, kind, j)
            for j, b, s, kind in records
        ]
        notices = rate(Draws(5), self.district, self.day, calendar_month, found, Nothing())
        contest(Draws(5), self.district, self.day, notices, Nothing())
        return [(notice.firm.number, notice.k) for notice in notices]


def test_a_correction_takes_back_the_notice_and_leaves_what_came_besides():
    office = Office()
    account = office.firms[0].accounts[0]
    assert office.month((0, "false_invoices", "tax_audit", 2), (0, "late_filing", "tax_desk", 0)) == [(0, 0), (0, 2)]
    assert (account.standing, account.open, account.won) == (0, 3, True)
    assert (account.points, account.clear.points) == (-15, -12)
    office.month(calendar_month=12)
    assert (account.standing, account.clear.standing) == (0, 1)  # 63 points
    assert office.month((0, "timely_filing", "tax_desk", 0)) == []
    assert (account.points, account.clear.points) == (6, 6)
    office.month()
    assert (account.standing, account.points, account.open) == (1, 6, 0)


def test_what_firms_did_is_not_taken_back_and_a_second_notice_waits_for_the_first_appeal():
    office = Office()
    first, second = (office.firms[j].accounts[3] for j in (0, 1))
    assert office.month((0, "wage_arrears", "hotline", 0), (1, "contract_breach", "court", 2))[-1] == (1, 3)
    assert (first.open, second.open) == (0, 2)
    office.month((1, "contract_breach", "court", 2))
    assert (second.open, second.left, second.clear.left) == (1, 6, 6)
    office.month()
    assert (second.open, second.standing, second.left) == (0, 0, 5)
    assert (first.left, first.opens) == (4, 4)  # nobody let it off in two months


def test_repair_is_open_from_the_least_months_on():
    account, listing = Account(1), Office().tables.setting.instruments[3]
    apply(Draws(5), None, listing, account, listing.rules[1], 30)
    assert (account.standing, account.left, account.opens) == (0, 6, 4)
    assert not live_on(account, performed=True, let_off=True)
    apply(Draws(5), None, listing, account, listing.rules[2], 60)  # shorter than what is left
    assert (account.left, account.opens) == (5, 4)
    assert live_on(account, performed=False, let_off=True)
    assert (account.standing, account.left, account.opens) == (1, 0, 0)


def test_being_shown_costs_custom():
    told, other = tables_of("told-firms"), tables_of("told-firms", earnings=0)
    one, without = ([each.instruments[0].worth[each.cell(1, 1)][g] for g in range(5)] for each in (told, other))
    assert [a - b for a, b in zip(one, without, strict=True)] == [-60000, -60000, 0, 0, 0]  # 0.2 * 60000, five times
    assert told.instruments[0].lost == [1000, 5000, 50000, 500000]


class Recorder:
    """Counts what it is told, by name."""

    def __init__(self):
        self.told = Counter()

    def __getattr__(self, name):
        return lambda *_: self.told.update([name])


def test_an_act_is_recorded_once_and_an_inspection_is_clean_or_not(tables):
    firms = [a_firm(tables, number=j) for j in range(1200)]
    late = by_name(tables.setting.behaviours, "late_filing").number
    acts = [Act(firm, late, unable=firm.number % 2 == 1) for firm in firms]
    flows = Recorder()
    records = inspect(Draws(8), District(tables, [0, 1, 2, 3], firms), 30, acts, flows)
    late_records = [record for record in records if record.behaviour == late]
    assert 1050 < len(late_records) < 1200
    assert len({record.doer for record in late_records}) == len(late_records)
    assert {record.kind for record in late_records if record.number == record.doer} == {0, 3}
    assert all((record.kind == WRONG_FIRM) == (record.number != record.doer) for record in late_records)
    clean = [record for record in records if record.behaviour == tables.clean]
    assert 0 < len(clean) == flows.told["clean"] < flows.told["inspected"]  # some find what is not there
    assert all(one <= other for one, other in pairwise(records))


# ----------------------------------------------------------------------------------------------- alive, and the same


CASES = {
    "lively, over two ratings": (["spending-restriction-2020", "lively-firms"], 1500, 3, date(2019, 11, 20), 110, BUSY),
    "lively alone, from a spring": (["lively-firms"], 1000, 2**63 + 5, date(2020, 4, 30), 62, BUSY),
    "told": (["spending-restriction-2020", "told-firms"], 3000, 21, date(2019, 9, 10), 150, BUSY | CONTESTED),
    "told, another seed": (["told-firms"], 3000, 2**62 + 9, date(2020, 8, 1), 160, BUSY | CONTESTED),
    "the library's": (
        ["spending-restriction-2017", "spending-restriction-2020", "corporate-tax", "corporate-court-2017",
         "corporate-court-2020", "corporate-comprehensive", "corporate-customs", "corporate-environment",
         "corporate-penalties-2025"],
        1500, 1, date(2020, 3, 10), 90, {},
    ),
}  # fmt: skip


def path(book):
    own = BOOKS / f"{book}.yaml"
    return own if own.exists() else PACKAGE / "rulebooks" / "library" / f"{book}.yaml"


@pytest.mark.parametrize("case", CASES)
def test_engine_equals_oracle(case):
    books, people, seed, start, days, changed = CASES[case]
    overrides = {"societies.village.district_neighbourhoods": 4} | changed
    paths = [path(book) for book in books]
    twin = oracle.World(PACKAGE / "parameters", paths, "village", people, seed, start, overrides)
    known = load_parameters(overrides)
    rulebooks = [load_rulebook(book, known) for book in paths]
    world = World(known, rulebooks, society="village", people=people, seed=seed, start=start, threads=2)
    assert_firms_equal(world, twin)
    twin.run(days)
    if changed:
        assert_alive(twin)
    world.run(days)
    assert world.tally.counts().firm_moments[0].tolist() == twin.firms.at_start
    assert_equal(world, twin)
    assert_firms_equal(world, twin)


# Of two provinces: firms live everywhere, but under other instruments, or none.
DIVIDED = {
    "lively in a place": {"spending-restriction-2020": None, "corporate-tax": ["tibet"], "lively-firms": ["lakeside"]},
    "people bound in a place": {"spending-restriction-2020": ["highland"], "lively-firms": None},
    "told in a place": {"corporate-environment": ["tibet"], "told-firms": ["lakeside", "highland"]},
}


@pytest.mark.parametrize("case", DIVIDED)
def test_engine_equals_oracle_where_rulebooks_are_in_force_in_places(case, tmp_path):
    books, people, seed, start = DIVIDED[case], 1000, 11, date(2019, 11, 20)
    folder, where, paths = two_provinces.write(tmp_path), list(books.values()), [path(book) for book in books]
    twin = oracle.World(folder, paths, "two", people, seed, start, BUSY, where)
    twin.run(75)
    parameters = two_provinces.load(folder, BUSY)
    rulebooks = [load_rulebook(book, parameters) for book in paths]
    world = World(parameters, rulebooks, society="two", where=where, people=people, seed=seed, start=start, threads=2)
    world.run(75)
    assert sum(sum(row[2] for row in month.firm_moments) for month in twin.months) > 0
    assert_equal(world, twin)
    assert_firms_equal(world, twin)


def said_in_part(folder):
    """The book of firms that are told, with parts of what it says left out: notice here, appeal or publicity there."""
    tree = read(BOOKS / "told-firms.yaml")
    rating, classes, hidden, listing = tree["firms"]
    rating["notice"] = listing["notice"] = False
    del classes["appeal"], listing["publicity"]
    hidden["appeal"] = listing["appeal"]
    with (folder / "told-firms.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(tree, file)
    return folder / "told-firms.yaml"


def test_engine_equals_oracle_where_a_part_is_said_only(tmp_path):
    book, people, seed, start = said_in_part(tmp_path), 1000, 23, date(2019, 11, 20)
    overrides = {"societies.village.district_neighbourhoods": 4} | BUSY | CONTESTED
    twin = oracle.World(PACKAGE / "parameters", [book], "village", people, seed, start, overrides)
    twin.run(75)
    rating, classes, hidden, listing = counted_besides(twin)
    assert (rating["told"], rating["appealed"], classes["appealed"], listing["told"]) == (0, 0, 0, 0)
    assert min(rating["shown"], classes["told"], hidden["told"], hidden["appealed"], listing["repaired"]) > 0
    known = load_parameters(overrides)
    rulebooks = [load_rulebook(book, known)]
    world = World(known, rulebooks, society="village", people=people, seed=seed, start=start, threads=2)
    world.run(75)
    assert_equal(world, twin)
    assert_firms_equal(world, twin)


def assert_alive(twin):
    """Everything that firms can do has been done: there is something to compare."""
    flows = [sum(row) for row in zip(*(row for month in twin.months for row in month.firm_flows), strict=True)]
    setting = twin.firms.setting
    b, s, n = len(setting.behaviours), len(setting.sensors), len(setting.behaviours) + len(setting.services)
    unable, deterred, let_off = (sum(flows[n + b * part : n + b * (part + 1)]) for part in range(3))
    assert min(unable, deterred) > 5
    assert let_off > 0
    records = flows[n + 3 * b + 2 * s : n + 3 * b + 6 * s]
    assert all(sum(records[kind::4]) > 3 for kind in range(4))
    end = n + 3 * b + 6 * s + 5 * len(setting.services) + 8 * len(setting.instruments)
    entries = flows[end - 8 * len(setting.instruments) : end]
    assert all(sum(entries[8 * k : 8 * k + 8]) > 0 for k in range(len(setting.instruments)))
    whats = Counter(line.what for line in twin.entries)
    assert whats[BOUND] > 5
    bound = [line.standing_after for line in twin.entries if line.what == BOUND and line.standing_before < 2]
    assert {0, 1} <= set(bound)
    assert whats[FED] > 3
    told_of = [instrument for instrument in setting.instruments if instrument.told_of]
    besides = counted_besides(twin)
    assert len(flows) - end == 7 * len(told_of) == 7 * len(besides)
    for instrument, each in zip(told_of, besides, strict=True):
        assert_contested(instrument, each)
    if told_of:
        appealed, upheld, righted = (sum(each[name] for each in besides) for name in ("appealed", "upheld", "righted"))
        assert appealed > upheld + 3 > righted + 3
        contesting, held_down = (sum(row[at] for month in twin.months for row in month.firm_moments) for at in (-2, -1))
        assert contesting > held_down > 0
    for k, instrument in enumerate(setting.instruments):
        firms = [firm for district in twin.firms.districts for firm in district.firms if firm.accounts[k].in_scope]
        standings = {firm.accounts[k].standing for firm in firms}
        assert len(standings) == len(instrument.grades), instrument.grades


BESIDES = ("told", "appealed", "upheld", "righted", "repaired", "shown", "custom")


def counted_besides(twin):
    """What firms were told, contested, were let off and lost in public, over the run, by instrument that has it."""
    told_of = sum(instrument.told_of for instrument in twin.firms.setting.instruments)
    flows = [sum(row) for row in zip(*(row for month in twin.months for row in month.firm_flows), strict=True)]
    at = len(flows) - 7 * told_of
    return [dict(zip(BESIDES, flows[at + 7 * n : at + 7 * n + 7], strict=True)) for n in range(told_of)]


def assert_contested(instrument, flows):
    """All of an instrument that tells firms, lets them appeal, lets them off or shows them has happened."""
    assert flows["told"] > 0
    contested = [flows[name] for name in ("appealed", "upheld", "righted")]
    if instrument.contestable:
        assert contested[0] >= contested[1] >= contested[2] > 0
    else:
        assert contested == [0, 0, 0]
    assert (flows["repaired"] > 0) == (instrument.repair is not None)
    assert (flows["shown"] > 3) == instrument.public == (flows["custom"] > 3)


def assert_firms_equal(world, twin):
    """Every firm is the same, and stands the same; so does the snapshot of the start."""
    for theirs, ours in zip(world.districts, twin.firms.districts, strict=True):
        n = len(ours.firms)
        assert theirs["firm_representative"][:n].tolist() == [firm.representative.local for firm in ours.firms]
        for name in FIRM_COLUMNS:
            assert theirs[f"firm_{name}"][:n].tolist() == [getattr(firm, name) for firm in ours.firms], name
        for k in range(len(ours.numbers)):
            for name in UNDER:
                mine = [getattr(firm.accounts[k], name) for firm in ours.firms]
                assert theirs[f"firm_{name}"][k][:n].tolist() == mine, f"{name} under {k}"
        assert_contesting_equal(theirs, ours)


def assert_contesting_equal(theirs, ours):
    """The same appeals are open, and would come to the same."""
    if not any(instrument.contestable for instrument in ours.tables.setting.instruments):
        assert theirs["firm_open"].size == theirs["firm_clear_standing"].size == 0
        return
    for k in range(len(ours.numbers)):
        accounts = [firm.accounts[k] for firm in ours.firms]
        assert theirs["firm_open"][k][: len(accounts)].tolist() == [account.open for account in accounts]
        contesting = [j for j, account in enumerate(accounts) if account.open > 0]
        assert theirs["firm_won"][k][contesting].tolist() == [accounts[j].won for j in contesting]
        for name in CLEAR:
            mine = [getattr(accounts[j].clear, name) for j in contesting]
            assert theirs[f"firm_clear_{name}"][k][contesting].tolist() == mine, f"clear {name} under {k}"

"""Public bodies in the oracle: worked by hand, alive, and equal to the engine's."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from tests import oracle, two_provinces
from tests.oracle.agenda import BOUND, FED
from tests.oracle.body_counts import BodyFlows, flatten
from tests.oracle.tables import NOT_DONE
from tests.test_oracle import PACKAGE, STRONG, assert_equal
from tests.test_oracle_firms import BUSY, assert_firms_equal, path

from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook

# So that every bill, judgment, report and look that there can be comes about within months.
PRESSED = {
    "bodies.past_months": 7,
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
BODY_COLUMNS = ("integrity", "officials", "owed", "stuck", "defied", "beyond")
UNDER = ("points", "assigned", "standing", "left", "marks")
FIRMS = ["spending-restriction-2020", "corporate-tax", "corporate-comprehensive", "corporate-environment"]

CASES = {
    "alone": (["government-integrity"], 3000, 1, date(2025, 1, 1), 380, {}),
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
    twin.run(days)
    world.run(days)
    if changed:
        assert_alive(twin)
    assert world.tally.counts().body_moments[0].tolist() == twin.bodies.at_start
    assert_bodies_equal(world, twin)
    assert_equal(world, twin)
    if twin.firms:
        assert_firms_equal(world, twin)


def test_bodies_live_in_the_baseline_too_and_nobody_asks_anything_of_them():
    book, start, people, seed = path("law-only"), date(2025, 1, 1), 1500, 5
    twin = oracle.World(PACKAGE / "parameters", [book], "village", people, seed, start, PRESSED, bodies=True)
    twin.run(150)
    known = load_parameters(PRESSED)
    law = load_rulebook(book, known)
    world = World(known, [law], society="village", people=people, seed=seed, start=start, threads=2, bodies=True)
    world.run(150)
    flows = [month.pop("acts") + month.pop("reports") for month in summed(twin)]
    arrears, ignored, *others = map(sum, zip(*flows, strict=True))
    assert min(arrears, ignored) > 0
    assert not any(others)
    assert_bodies_equal(world, twin)
    assert_equal(world, twin)


# Of two provinces: bodies live everywhere, but under other instruments, or none.
DIVIDED = {
    "lively in a place": {"government-integrity": ["tibet"], "lively-bodies": ["lakeside"]},
    "people bound in a place": {"spending-restriction-2020": ["highland"], "lively-bodies": None},
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
    assert_bodies_equal(world, twin)
    assert_equal(world, twin)


def summed(twin):
    """The flows of all months by name, of all kinds of body together."""
    setting = twin.bodies.setting
    months = []
    for month in twin.months:
        flat = [sum(column) for column in zip(*month.body_flows, strict=True)]
        tables, at = {}, 0
        for name, table in BodyFlows(setting).tables().items():
            width = len(flatten(table[0]))
            tables[name] = flat[at : at + width]
            at += width
        months.append(tables)
    return months


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
    at = 8
    for k, instrument in enumerate(setting.instruments):
        snapshots = [row[at + 4 : at + 4 + len(instrument.grades)] for moment in moments for row in moment]
        assert all(sum(grade) > 0 for grade in zip(*snapshots, strict=True)), instrument.grades
        assert k == 1 or sum(row[at + 2] for row in moments[-1]) > 0, "nobody refused anything"
        at += 4 + len(instrument.grades)
    assert at == len(moments[0][0])


def assert_bodies_equal(world, twin):
    """Every body is the same, owes the same and stands the same; so does what its neighbourhood is pressed for."""
    for d, (theirs, ours, people) in enumerate(
        zip(world.districts, twin.bodies.districts, twin.society.districts, strict=True)
    ):
        n, first = len(ours.bodies), people[0].h
        same = {name: [getattr(body, name) for body in ours.bodies] for name in BODY_COLUMNS}
        same["head"] = [body.head.local for body in ours.bodies]
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
                    asked = instrument.quota * len(body.place.people) / 1000 if k_in_scope(body, k) else Fraction(0)
                    target = theirs["body_targets"][k][body.place.number - first]
                    assert target == (asked + Fraction(1, 2)) // 1, f"target under {k} in {body.place.number}"
        binds = [(k, b) for k, each in enumerate(ours.tables.setting.instruments) for b in range(len(each.binds))]
        for row, pair in enumerate(binds):
            mine = [int(body.bound.get(pair, False)) for body in ours.bodies]
            assert theirs["body_bound"][row][:n].tolist() == mine, f"binding {pair} in district {d}"


def k_in_scope(body, k):
    return body.accounts[k].in_scope

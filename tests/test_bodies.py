"""Public bodies: what they are, results reckoned by hand, who bears their targets, and what moves what."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

from scorepolis import parameters, rulebooks
from scorepolis.bodies.bind import bind_heads
from scorepolis.bodies.steps import FORGED, IN, REPORTS, STEPS
from scorepolis.bodies.target import target
from scorepolis.bodies.wait import wait
from scorepolis.core.buffers import BOUND, FIRM_FILLED
from scorepolis.core.draws import Purpose, draw_words
from scorepolis.core.provenance import Quantities, Quantity
from scorepolis.day.district import waken
from scorepolis.day.rest import BODY_STATE, pack
from scorepolis.engine.world import World
from scorepolis.firms.start import call
from scorepolis.measures.context import Context
from scorepolis.measures.counts import TRUTHS
from scorepolis.parameters import quantities
from scorepolis.report.rulebooks.replay import report
from scorepolis.runs.bodies import bodies as table_of
from scorepolis.society.flags import PUBLIC_SERVANT

BOOK = "government-integrity"
START = date(2025, 10, 1)
PEOPLE, DAYS = 4000, 123
# Much is owed, sued over, asked for and looked at, so that little is enough to look at.
BUSY = {
    "bodies.kinds.bureau.number": 8,
    "bodies.behaviours.payment_arrears.rate": 8,
    "bodies.behaviours.payment_arrears.sued": 0.1,
    "bodies.behaviours.falsified_reports.scruple": 3000,
    "bodies.sensors.audit_office.inspects.rate": 3,
    "bodies.sensors.inspection_group.inspects.rate": 3,
    "bodies.services.promotion.wants": 2,
    "bodies.services.grant.wants": 8,
    "bodies.services.project_approval.wants": 4,
}
KNOWN = parameters.load()
COLLECTOR = tuple(KNOWN.sensors).index("neighbourhood_collector")


def number_of(value):
    return Quantity(value=value, unit="as it is", status="assumed", reason="To be seen", range=(value, value))


def changed(book, **changes):
    """Change what every instrument of bodies has."""
    return book.with_(bodies=[one.with_(**changes) for one in book.bodies])


def asking(quota, known=KNOWN):
    """Give the book with another quota; None: without any."""
    book = rulebooks.load(BOOK, known)
    quotas = (None if quota is None or one.quota is None else number_of(quota) for one in book.bodies)
    return book.with_(bodies=[one.with_(quota=each) for one, each in zip(book.bodies, quotas, strict=True)])


def build(books, overrides=None, **how):
    known = parameters.load(BUSY | (overrides or {}))
    read = [rulebooks.load(book, known) if isinstance(book, str) else book for book in books]
    return World(known, read, society="village", seed=5, **{"people": PEOPLE, "start": START} | how)


def lived(books, overrides=None, days=DAYS, **how):
    world = build(books, overrides, **how)
    world.run(days)
    return world


@cache
def usual():
    return lived((BOOK, "rongcheng-2019"))


@cache
def unasked():
    return lived((asking(None), "rongcheng-2019"))


def number(world, count, of=None, how=None, kind=None):
    context = Context.of(
        parameters=world.parameters, rulebooks=world.rulebooks, start=START, months=[START, START], bodies=world.bodies
    )
    rows = table_of(world.tally.counts(), context)
    for name, value in {"count": count, "of": of, "how": how, "kind": kind}.items():
        if value is not None:
            rows = rows[rows[name] == value]
    return int(rows["number"].sum())


def false_records(world):
    """Records of collectors against people who had done nothing."""
    return int(world.tally.counts().records[:, :, COLLECTOR, TRUTHS.index("not_done")].sum())


def same(one, other, but=()):
    pairs = zip(one.tally.counts().items(), other.tally.counts().items(), strict=True)
    return all(np.array_equal(array, also) for (name, array), (_, also) in pairs if name not in but)


OWN = ("body_flows", "body_moments")


# ------------------------------------------------------------------------------------------------------- what they are


def test_each_neighbourhood_and_district_has_its_bodies_and_public_servants_work_there():
    for d in build((BOOK, "rongcheng-2019")).districts:
        places = len(d["sizes"])
        assert d["body_kind"].tolist() == [0] * places + [1] * 8
        assert d["body_near"].tolist() == [*range(places)] + [-1] * 8
        servants = np.flatnonzero((d["flags"] & PUBLIC_SERVANT > 0) & (d["age"] >= 18) & (d["occupied"] > 0))
        bodies = places + 8
        assert servants.size > bodies
        assert d["body_officials"].sum() == servants.size
        slots = int(d["first_slot"]) + np.arange(bodies)
        words = draw_words(5, Purpose.BODY, slots, 0, 0)
        for j in range(bodies):
            own = servants[j::bodies]
            assert d["body_officials"][j] == own.size
            assert d["body_head"][j] == own[(int(words[0][j]) * own.size) >> 32]
            assert d["body_integrity"][j] == int(words[2][j]) >> 28


def test_nobody_has_bodies_unless_somebody_grades_them():
    world = build(["rongcheng-2019"])
    assert world.bodies is False
    world.run(31)
    assert not world.districts[0]["body_kind"].size
    assert "body_flows" not in dict(world.tally.counts().hashed())
    assert not [row.name for row in world._at_work(_plan()) if row.serves == "bodies"]


def _plan():
    from scorepolis.day.plan import PLAN

    return PLAN


def test_few_officials_serve_several_bodies_and_without_any_there_are_none():
    few = build([BOOK], {f"population.flags.public_servant.share.{band}": 0 for band in range(8)})
    for d in few.districts:
        assert not d["body_kind"].size
    few.run(31)
    assert few.tally.counts().body_moments.shape[1:] == (2, len(_moments(few)))
    assert not few.tally.counts().body_moments.any()


def _moments(world):
    from scorepolis.measures.bodies import layout

    return layout(world.parameters, world.rulebooks).moments


# ------------------------------------------------------------------------------------------------------ cuts and people


def test_threads_and_tiles_do_not_show():
    assert same(usual(), lived((BOOK, "rongcheng-2019"), threads=2, tile=7))


def test_without_quota_and_binding_bodies_touch_no_person():
    book = changed(asking(None), binds=())
    without, graded = lived([book.with_(bodies=())]), lived([book])
    assert (without.bodies, graded.bodies) == (False, True)
    assert same(without, graded, OWN)
    assert number(graded, "bodies") > 0


@pytest.mark.parametrize(
    "harmless",
    [
        {"bodies.sensors.target_office.sees.missed_target": 0},
        {f"bodies.services.{name}.worth": 5000 for name in KNOWN.bodies.services}
        | {"bodies.behaviours.falsified_reports.fine": 200_000, "bodies.behaviours.falsified_reports.effort": 0},
    ],
)
def test_a_target_that_nobody_keeps_or_that_is_worth_nothing_leaves_people_alone(harmless):
    """Zero coefficients give back the model without targets: collectors write what they would have written."""
    free = changed(rulebooks.load(BOOK, KNOWN), binds=())
    asked, not_asked = (lived([book], harmless) for book in (free, changed(asking(None), binds=())))
    assert number(asked, "acts", "falsified_reports") == number(asked, "extra_looks") == 0
    assert same(asked, not_asked, OWN)


def test_targets_bring_false_records_on_people_and_more_true_ones():
    assert number(unasked(), "acts", "falsified_reports") == number(unasked(), "extra_looks") == 0
    assert number(usual(), "acts", "falsified_reports") > 20
    assert number(usual(), "extra_looks") > 20
    assert false_records(usual()) > 3 * (false_records(unasked()) + 1)
    # Of all that was made up some is still under way, and no other false record has gone.
    assert false_records(usual()) <= false_records(unasked()) + number(usual(), "acts", "falsified_reports") + 40
    true = (int(world.tally.counts().records[:, :, COLLECTOR, 0].sum()) for world in (usual(), unasked()))
    assert next(true) > next(true)
    # Whoever is scored by collectors' records pays for it: entries for what was not done.
    wrongful = (int(w.tally.counts().wrongful[..., TRUTHS.index("not_done")].sum()) for w in (usual(), unasked()))
    assert next(wrongful) > next(wrongful)


def test_the_harder_the_target_the_more_is_made_up():
    made = [number(lived([asking(quota)], days=92), "acts", "falsified_reports") for quota in (0, 20, 100)]
    assert made[0] == 0
    assert made[0] < made[1] < made[2]


def test_heads_of_the_listed_are_held_and_nobody_else():
    world = lived([BOOK, "spending-restriction-2024"])
    lists = [(book.name, one.id) for book in world.rulebooks for one in book.instruments]
    free = lived([changed(rulebooks.load(BOOK, KNOWN), binds=()), "spending-restriction-2024"])
    bound = sum(int((d["body_bound"] > 0).sum()) for d in world.districts)
    assert bound > 2
    assert number(world, "bound") == bound
    assert number(free, "bound") == 0
    for k, place in enumerate(lists):
        listed = [int(w.tally.counts().grades[-1, :, k, 0].sum()) for w in (world, free)]
        assert 0 < listed[0] - listed[1] <= bound, place
        for d in world.districts:
            heads = d["body_head"][d["body_bound"][k] > 0]
            assert (d["standing"][k][heads] == 0).all()
            assert (d["overrides"][k][heads] >> 4 > 0).all()
    held = world.tally.ledger()
    assert 13 in held["what"]


SHORT = {"bodies.head_term": 6}


@cache
def changing():
    return lived([BOOK, "spending-restriction-2024"], SHORT, days=214)


def test_a_term_over_another_public_servant_becomes_the_head():
    """Seven months of terms of six: everybody is gone, and those whose month comes twice are gone twice."""
    before = build([BOOK, "spending-restriction-2024"], SHORT)
    for first, d in zip(before.districts, changing().districts, strict=True):
        assert np.isin(d["body_head"], d["body_servants"]).all()
        assert (d["flags"][d["body_servants"]] & PUBLIC_SERVANT > 0).all()
        october = 12 * 2025 + 9
        again = (october + d["body_entered"].astype(int)) % 6 == 0
        assert 0 < again.sum() < again.size
        assert (d["body_head"] != first["body_head"])[~again].all()
        assert np.unique(d["body_entered"]).tolist() == [*range(6)]
        assert np.array_equal(first["body_head"], build([BOOK], SHORT).districts[0]["body_head"])


def test_what_binds_follows_the_office():
    world = changing()
    inherited = 0
    for d in world.districts:
        assert np.array_equal(d["body_held"], d["body_head"])
        for n, (_, m, _) in enumerate(d["body_binds"].tolist()):
            held = d["body_bound"][n] > 0
            nibbles = np.bincount(d["body_head"][held], minlength=d["overrides"].shape[1])
            served = np.isin(np.arange(nibbles.size), d["body_servants"])
            # Of what public servants are held down for, all is what the bodies are that they head now.
            assert np.array_equal((d["overrides"][m] >> 4 & 15)[served], nibbles[served])
            inherited += int((d["body_bound"][n] == 2).sum())
    assert number(world, "inherited") == inherited > 0
    assert number(world, "bound") >= inherited
    seldom = lived([BOOK, "spending-restriction-2024"], {"bodies.head_term": 120}, days=214)
    assert number(seldom, "inherited") < inherited


def binding(**columns):
    """Columns of one body that stands low enough, under one binding, whose head has changed."""
    usual = {
        "marks": np.ones((1, 9), np.uint8),
        "body_head": np.array([7], np.uint16),
        "body_held": np.array([4], np.uint16),
        "body_standing": np.array([[0]], np.uint8),
        "body_marks": np.array([[1]], np.uint8),
        "body_binds": np.array([[0, 0, 0]], np.int64),
        "body_bound": np.array([[1]], np.uint8),
        "body_bindings": np.zeros((2, 3), np.int64),
        "body_filled": np.zeros(FIRM_FILLED, np.int64),
    }
    return usual | columns


@pytest.mark.parametrize(
    ("changes", "moved", "bound"),
    [
        ({}, [[4, 0, -1], [7, 0, 1]], 2),
        ({"body_bound": np.array([[2]], np.uint8)}, [[4, 0, -1], [7, 0, 1]], 2),
        ({"body_bound": np.array([[0]], np.uint8)}, [[7, 0, 1]], 1),
        ({"body_standing": np.array([[1]], np.uint8)}, [[4, 0, -1]], 0),
        ({"body_held": np.array([7], np.uint16)}, [], 1),
        ({"body_held": np.array([7], np.uint16), "body_bound": np.array([[2]], np.uint8)}, [], 2),
        ({"body_held": np.array([7], np.uint16), "body_standing": np.array([[1]], np.uint8)}, [[7, 0, -1]], 0),
        ({"marks": np.array([[1] * 7 + [0]], np.uint8)}, [[4, 0, -1]], 0),
    ],
)
def test_a_binding_lets_the_predecessor_go_and_takes_the_successor(changes, moved, bound):
    d = binding(**changes)
    call(bind_heads, d)
    assert d["body_bindings"][: d["body_filled"][BOUND]].tolist() == moved
    assert d["body_bound"].tolist() == [[bound]]
    assert d["body_held"].tolist() == [7]


def test_the_state_of_bodies_is_packed():
    world = usual()
    for n, d in enumerate(world.districts):
        packed = pack(d, world.settled[n], world.tables_of(n))
        for name in BODY_STATE:
            assert np.array_equal(packed[name], d[name]), name
        assert not d["body_reports"].any()


# ------------------------------------------------------------------------------------------------------------ suppliers

MANY = {"bodies.suppliers.share": 0.5}


@cache
def supplied(strain):
    return lived([changed(asking(None), binds=())], MANY | {"bodies.suppliers.strain": strain}, firms=True)


def test_some_enterprises_supply_a_body_each_and_firms_may_be_absent():
    for d in supplied(1).districts:
        slots = int(d["first_slot"]) + np.arange(d["firm_size"].size)
        words = draw_words(5, Purpose.FIRM, slots, 3, 0)
        turns = dict.fromkeys(range(d["body_kind"].size), 0)
        for i, size in enumerate(d["firm_size"]):
            if size == 0 or int(words[0][i]) >> 2 >= (1 << 30) // 2:
                assert d["firm_body"][i] == -1
                continue
            j = (int(words[1][i]) * len(turns)) >> 32
            assert (d["firm_body"][i], d["firm_turn"][i]) == (j, turns[j])
            turns[j] += 1
        assert d["body_suppliers"].tolist() == [*turns.values()]
        assert sum(turns.values()) > 40
    assert all(not d["body_suppliers"].any() and not d["firm_waits"].size for d in usual().districts)


def test_each_open_bill_of_a_body_with_suppliers_keeps_one_of_them_waiting():
    waiting = 0
    for n, d in enumerate(supplied(1).districts):
        waits = np.zeros(d["firm_size"].size, int)
        for j in np.flatnonzero(d["body_suppliers"]):
            last, still = int(d["body_bills"][j]), int(d["body_owed"][j]) + int(d["body_defied"][j])
            mine = np.flatnonzero(d["firm_body"] == j)
            for bill in range(last - still, last):
                waits[mine[bill % mine.size]] += 1
        assert np.array_equal(d["firm_waits"], waits)
        waiting += int((waits > 0).sum())
        world = supplied(1)
        again = waken(world.settled[n], world.tables_of(n), pack(d, world.settled[n], world.tables_of(n)), 0)
        for name in (*BODY_STATE, "firm_waits"):
            assert np.array_equal(again[name], d[name]), name
    assert number(supplied(1), "suppliers_waiting") == waiting > 20
    assert number(supplied(1), "suppliers") >= waiting


@pytest.mark.parametrize(
    ("bills", "owed", "defied", "waits"),
    [(0, 0, 0, [0, 0, 0]), (2, 1, 1, [1, 1, 0]), (5, 2, 0, [1, 1, 0]), (5, 1, 2, [1, 1, 1]), (6, 5, 0, [1, 2, 2])],
)
def test_bills_fall_in_turn_and_the_oldest_is_paid_first(bills, owed, defied, waits):
    one = {
        "body_suppliers": np.array([3, 0], np.int32),
        "body_owed": np.array([owed, 9], np.uint8),
        "body_defied": np.array([defied, 9], np.uint8),
        "body_bills": np.array([bills, 18], np.int64),
        "firm_body": np.array([0, -1, 0, 0], np.int16),
        "firm_turn": np.array([0, 0, 1, 2], np.uint16),
        "firm_waits": np.array([7, 0, 7, 7], np.uint16),
    }
    call(wait, one)
    assert one["firm_waits"].tolist() == [waits[0], 0, *waits[1:]]


def test_bills_that_strain_nobody_leave_firms_alone():
    book = changed(asking(None), binds=())
    without = lived([book.with_(bodies=())], MANY | {"bodies.suppliers.strain": 0}, firms=True)
    assert without.bodies is False
    assert same(without, supplied(0), OWN)
    assert not same(supplied(0), supplied(5), OWN)


def test_who_waits_for_money_does_more_of_what_firms_do_for_want_of_it():
    acts = {strain: number(supplied(strain), "supplier_acts", how="waiting") for strain in (0, 5)}
    paid = {strain: number(supplied(strain), "supplier_acts", how="paid") for strain in (0, 5)}
    assert acts[5] > 1.5 * acts[0] > 0
    # What bodies do is not changed, and so neither is who waits; and those who do not wait act as before.
    assert paid[5] == paid[0] > 0
    for how in ("paid", "waiting"):
        months = [number(supplied(strain), "supplier_months", how=how) for strain in (0, 5)]
        assert months[0] == months[1] > 0


# -------------------------------------------------------------------------------------------------- reckoned by hand


def month(**columns):
    """Columns of one body of one neighbourhood, under one rating of three grades, worth 0, 60 and 90 yuan a year."""
    worth = np.array([[[0, 60, 90]]])
    value = np.zeros((1, 1, 101), np.int64)
    value[0, 0] = (
        [worth[0, 0, 0]] * 20
        + [60 * (s - 20) // 30 for s in range(20, 50)]
        + [60]
        + [60 + 30 * (s - 50) // 35 if s < 85 else 90 for s in range(51, 101)]
    )
    usual = {
        "body_kind": np.array([0], np.uint8),
        "body_integrity": np.array([7], np.uint8),
        "body_near": np.array([0], np.int16),
        "body_points": np.array([[-40]], np.int16),
        "body_assigned": np.array([[255]], np.uint8),
        "body_standing": np.array([[2]], np.uint8),
        "body_marks": np.array([[1]], np.uint8),
        "body_shares": np.array([0, 0, 0, 0, 1 << 29], np.int64),
        "body_fine": np.array([0, 0, 0, 8], np.int64),
        "body_gain": np.array([1, 1, 1, 64], np.int64),
        "body_temper": np.full(16, 1 << 16, np.int64),
        "body_risk": np.array([[0], [0], [1 << 30], [1 << 28]], np.int64),
        "body_known": np.array([1], np.uint8),
        "body_list": np.array([0], np.uint8),
        "body_rule_weighed": np.array([[-1, -1, 0, 1]], np.int16),
        "body_rule_points": np.array([[-10, -20]], np.int32),
        "body_rule_assign": np.array([[255, 255]], np.uint8),
        "body_rule_duration": np.array([[256, 256]], np.int64),
        "body_month": np.array([12], np.int64),
        "body_start": np.array([90], np.int32),
        "body_range": np.array([[0, 100]], np.int32),
        "body_worth": worth,
        "body_value": value,
        "body_targets": np.array([[60]], np.int64),
        "body_reports": np.array([[40, 10, 3]], np.int64),
        "body_extra": np.zeros(1, np.int64),
        "body_forge": np.zeros(1, np.int64),
        "body_acts": np.zeros((1, 4), np.uint8),
        "body_steps": np.zeros((1, STEPS), np.int64),
    }
    return usual | columns


def test_what_lacks_is_looked_for_and_made_up():
    d = month()
    call(target, d)
    # Asked 60, 40 came of which 10 were made up: 30 lack. At 50 points a miss costs 60 - 40 = 20 yuan, for sure; to be
    # found out costs 8 and 60 - 20 = 40, once in four times: 12. So 8 of 64 yuan of scruple: an eighth of 30 a month.
    assert d["body_forge"][0] == ((30 * (8 << 30) // 64) * 4) // 30 == (1 << 32) // 8
    assert d["body_extra"][0] == (1 << 29) * 30 // 60
    assert d["body_acts"].tolist() == [[0, 0, 1, 1]]
    assert d["body_steps"][0].tolist() == [0, 0, 1, 10, 0, 0, 0, 0, 0, 0, 0, 40, 3, 60]
    assert not d["body_reports"].any()


@pytest.mark.parametrize(
    ("changes", "extra", "forge"),
    [
        ({"body_targets": np.array([[0]], np.int64)}, 0, 0),
        ({"body_reports": np.array([[60, 0, 0]], np.int64)}, 0, 0),
        ({"body_known": np.array([0], np.uint8)}, 0, 0),
        ({"body_near": np.array([-1], np.int16)}, 0, 0),
        ({"body_assigned": np.array([[0]], np.uint8)}, 0, 0),
        ({"body_fine": np.array([0, 0, 0, 40], np.int64)}, 1 << 28, 0),
        ({"body_temper": np.full(16, 1 << 15, np.int64)}, 1 << 28, (1 << 32) // 16),
        ({"body_temper": np.full(16, 1 << 20, np.int64)}, 1 << 28, 1 << 32),
        ({"body_gain": np.array([1, 1, 1, 1], np.int64)}, 1 << 28, 1 << 32),
        ({"body_rule_assign": np.array([[0, 255]], np.uint8)}, 1 << 28, ((48 << 32) // 64)),
    ],
)
def test_what_presses_and_what_does_not(changes, extra, forge):
    d = month(**changes)
    call(target, d)
    assert (d["body_extra"][0], d["body_forge"][0]) == (extra, forge)


def test_a_list_without_term_ends_with_the_first_month_without_a_record():
    from scorepolis.bodies.grade import grade

    one = {
        "calendar_month": np.int64(3),
        "body_points": np.zeros((1, 2), np.int16),
        "body_assigned": np.full((1, 2), 255, np.uint8),
        "body_standing": np.array([[0, 0]], np.uint8),
        "body_left": np.array([[255, 2]], np.uint8),
        "body_marks": np.ones((1, 2), np.uint8),
        "body_list": np.array([1], np.uint8),
        "body_reach": np.array([[1]], np.uint8),
        "body_rule_of": np.array([[[0]]], np.int16),
        "body_rule_points": np.zeros((1, 1), np.int32),
        "body_rule_assign": np.full((1, 1), 255, np.uint8),
        "body_rule_term": np.array([[255]], np.uint8),
        "body_month": np.zeros(1, np.int64),
        "body_start": np.zeros(1, np.int32),
        "body_range": np.zeros((1, 2), np.int32),
        "body_graded": np.zeros((1, 1), np.uint8),
        "body_records": np.array([[0, 0, 0]], np.int32),
        "body_entries": np.zeros((1, 4), np.int32),
        "body_filled": np.array([0, 0, 0, 1, 0, 0], np.int64),
    }
    call(grade, one)
    assert one["body_left"].tolist() == [[255, 1]]
    assert one["body_standing"].tolist() == [[0, 0]]
    one["body_filled"][3] = 0
    call(grade, one)
    assert one["body_left"].tolist() == [[0, 0]]
    assert one["body_standing"].tolist() == [[1, 1]]


# -------------------------------------------------------------------------------------------------------- the mechanism


def test_counts_add_up():
    world = usual()
    for kind in world.parameters.bodies.kinds:
        assert number(world, "bodies", kind=kind) > 0
        for one in world.rulebooks[0].bodies:
            name = f"{BOOK}.{one.id}"
            assert number(world, "grade", of=name, kind=kind) == number(world, "in_scope", of=name, kind=kind)
    assert number(world, "owed") >= number(world, "owed_unable") > 0
    assert number(world, "defied") >= number(world, "defied_unable")
    assert number(world, "acts", "payment_arrears") >= number(world, "could_not", "payment_arrears") > 0
    for sensor in world.parameters.bodies.sensors:
        inspecting = sensor in world.parameters.bodies.inspecting
        assert (number(world, "inspections", of=sensor) > 0) == inspecting
        assert number(world, "inspections", of=sensor) >= number(world, "clean", of=sensor)
    assert number(world, "target", kind="bureau") == number(world, "reported", kind="bureau") == 0
    assert number(world, "outcomes") > 0
    assert len({IN, FORGED}) + 1 == REPORTS


def test_no_sensor_no_record_and_no_entry():
    blind = {path: 0 for path, _ in quantities(KNOWN) if path.startswith("bodies.sensors.") and ".sees." in path}
    blind |= {f"bodies.sensors.{name}.false_finding": 0 for name in KNOWN.bodies.inspecting}
    world = lived([BOOK], blind)
    assert number(world, "records") == number(world, "negative") == number(world, "bound") == 0
    assert number(world, "acts", "payment_arrears") > 0
    assert number(world, "grade", of=f"{BOOK}.standing", how="A") == number(world, "bodies")


def test_certain_sensors_record_what_is_done():
    known = parameters.load(BUSY)
    sensors = {
        name: sensor.model_copy(
            update={
                "inspects": None,
                "sees": dict.fromkeys(sensor.sees, number_of(1)),
                "wrong_body": number_of(0),
                "false_finding": None,
            }
        )
        for name, sensor in known.bodies.sensors.items()
    }
    known = known.model_copy(update={"bodies": known.bodies.model_copy(update={"sensors": sensors})})
    world = World(known, [rulebooks.load(BOOK, known)], society="village", people=PEOPLE, seed=5, start=START)
    done = 0
    for _ in range(1):
        world.run(31)
        for d in world.districts:
            done += int((d["body_owed"] > 0).sum() + (d["body_defied"] > 0).sum())
    missed = number(world, "acts", "missed_target")
    assert number(world, "records") == done + missed > 0
    assert number(world, "records", how="wrong_body") == number(world, "records", how="not_done") == 0


def test_what_a_secret_rating_costs_holds_nobody_back():
    secret = changed(rulebooks.load(BOOK, KNOWN), transparency="secret")
    told, untold = usual(), lived([secret, "rongcheng-2019"])
    assert number(untold, "deterred") == number(untold, "extra_looks") == 0
    assert number(untold, "acts", "falsified_reports") == 0
    assert number(told, "extra_looks") > 0


def test_cases():
    found = report(BOOK)
    assert found.good
    assert found.unreached == ()
    assert len(found.outcomes) > 10


# ------------------------------------------------------------------------------------------------------------- ablation

BODIES = [path for path, _ in quantities(KNOWN) if path.startswith("bodies.")]
# What is worth much, and weighs: bills whose largest gain is small, and doors that are dear.
WEIGHED = {
    "bodies.behaviours.payment_arrears.gain": 20_000,
    "bodies.behaviours.ignoring_judgment.ignored": 1,
    "bodies.services.project_approval.price": 100_000,
    "bodies.sensors.enforcing_court.sees.ignoring_judgment": 0.8,
}
FREE = {"bodies.services.promotion.price", "bodies.services.grant.price"}
"""Prices of what this book makes neither dearer nor cheaper; they count where a book does."""


def other(path):
    """Values at the end of the range that is farther away."""
    quantity = dict(quantities(KNOWN))[path]
    low, high = quantity.range
    if isinstance(quantity, Quantities):
        return {f"{path}.{at}": low if value > low else high for at, value in enumerate(quantity.values)}
    now = (BUSY | WEIGHED).get(path, quantity.value)
    return {path: high if high - now > now - low else low}


@cache
def counted(overrides=()):
    """Counts of bodies in a world that lives two thirds of a year after two."""
    counts = lived([BOOK], WEIGHED | dict(overrides), days=245, people=12_000, firms=True).tally.counts()
    return counts.body_flows, counts.body_moments


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in BODIES if path not in FREE])
def test_every_number_of_bodies_moves_a_count(path):
    now = other(path)
    assert not all(map(np.array_equal, counted(), counted(tuple(now.items())))), now


@pytest.mark.parametrize("path", sorted(FREE))
def test_prices_weigh_where_a_book_makes_things_dearer(path):
    book = rulebooks.load(BOOK, KNOWN)
    dearer = [c.model_copy(update={"service": path.split(".")[2]}) for c in book.bodies[0].consequences if c.percent]
    book = book.with_(bodies=[one.with_(consequences=dearer) if one.quota else one for one in book.bodies])
    low, high = (build([book], {path: price}).tables["body_worth"][0] for price in (0, 50_000))
    assert (low == 0).all()
    assert (high[:, 0] < 0).all()
    assert (high[:, 1:] == 0).all()


def without():
    """Give the book with one thing less, by what that is."""
    book = rulebooks.load(BOOK, KNOWN)
    for n, one in enumerate(book.bodies):
        # A sensor to which a rule is confined goes with that rule.
        named = {name for rule in one.rules for name in rule.by or ()}
        for field in ("rules", "consequences", "reach"):
            for at, part in enumerate(getattr(one, field)):
                if part in named:
                    continue
                rest = (*getattr(one, field)[:at], *getattr(one, field)[at + 1 :])
                less = [one.with_(**{field: rest}) if m == n else other for m, other in enumerate(book.bodies)]
                yield pytest.param(book.with_(bodies=less), id=f"{one.id}.{field}.{at}")


@cache
def graded(book):
    counts = lived([book], WEIGHED, days=245, people=12_000).tally.counts()
    return counts.body_flows, counts.body_moments


@pytest.mark.slow
@pytest.mark.parametrize("book", [*without()])
def test_every_part_of_the_book_moves_a_count(book):
    """Of the layout nothing changes, since instruments and grades stay."""
    assert not all(map(np.array_equal, graded(rulebooks.load(BOOK, KNOWN)), graded(book)))

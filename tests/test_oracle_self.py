"""The oracle's own tests: known answers, symmetry, and a household example worked out by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.oracle import World
from tests.oracle.agenda import RECORD, WINDOW_ENDS
from tests.oracle.draws import TIE, Draws, exp, half, ln, philox, q, sround
from tests.oracle.files import Instrument, override, read, settle
from tests.oracle.society import households
from tests.oracle.tables import CELLS, InstrumentTables, Tables, Z, band, incomes
from tests.oracle.ties import Permutation

PACKAGE = Path(__file__).parents[1] / "src" / "scorepolis"
PARAMETERS = PACKAGE / "parameters"
LIBRARY = PACKAGE / "rulebooks" / "library"


def words(text):
    return tuple(int(word, 16) for word in text.split())


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ("0 0 0 0", "0 0", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_philox_gives_the_known_answers_of_random123(counter, key, answer):
    assert philox(words(counter), words(key)) == words(answer)


def test_a_draw_puts_seed_and_counter_in_their_words():
    draw = Draws(0x299F31D0_A4093822)
    assert draw(0x03707344, 0x243F6A88, 0x85A308D3, 0x13198A2E)[0] == 0xD16CFE09
    assert [half(0xAAAABBBB, 0), half(0xAAAABBBB, 1)] == [0xBBBB, 0xAAAA]


@pytest.mark.parametrize("num", [0, 1, 65535, 65536, 100_000, -1, -65536, -100_000])
def test_sround_is_unbiased(num):
    results = [sround(num, 65536, h << 16) for h in range(65536)]
    assert sum(results) == num
    assert max(results) - min(results) <= 1


@pytest.mark.parametrize(("num", "den"), [(5, 7), (-5, 7), (22, 3)])
def test_sround_rounds_up_as_often_as_it_should(num, den):
    results = [sround(num, den, step << 16) for step in range(65536)]
    assert sum(results) / 65536 == pytest.approx(num / den, abs=1e-4)


def test_q_rounds_half_up_and_exactly():
    assert [q(0, Fraction(5, 2)), q(0, Fraction(-5, 2)), q(8, Fraction("0.4"))] == [3, -2, 102]
    assert q(32, 1) == 2**32


def test_exp_and_ln_carry_forty_digits():
    assert abs(exp(Fraction(1)) - Fraction("2.718281828459045235360287471352662497757")) < Fraction(1, 10**38)
    assert abs(exp(ln(Fraction(7, 3))) - Fraction(7, 3)) < Fraction(1, 10**37)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 16, 17, 250, 300, 1000, 5003])
def test_the_permutation_is_a_bijection_and_its_matching_symmetric(n):
    permutation = Permutation(n, Draws(7)(TIE, 3, 1, 0))
    images = [permutation.forward(x) for x in range(n)]
    assert sorted(images) == list(range(n))
    assert [permutation.inverse(image) for image in images] == list(range(n))
    partners = [permutation.partner(x) for x in range(n)]
    assert partners.count(None) == n % 2
    for x, partner in enumerate(partners):
        assert partner is None or (partner != x and partners[partner] == x)


def test_households_with_more_children_than_rooms_of_parents():
    # Heads 0, 2, 3, 4. Head 0 (m, 40) finds 6 (f, 30); of the heads 4 (f, 38) and 2 (f, 70) the first finds 7 (m, 66).
    # One room with head 0, one with head 2: the younger child goes to the first, the other to the second.
    ages = [40, 10, 70, 25, 38, 5, 30, 66]
    sexes = [0, 1, 1, 0, 1, 0, 1, 0]
    assert households(ages, sexes, [3, 2, 1, 2]) == [[0, 6, 5], [2, 1], [3], [4, 7]]


def test_households_spread_children_over_the_rooms_of_parents():
    # Men only, so no partners. Rooms: 0 0 0 1 1. Children 5 and 2 take rooms 0 and 2; adults 3, 4, 6 take 1, 3, 4.
    ages = [30, 50, 12, 44, 20, 3, 90]
    assert households(ages, [0] * 7, [4, 3]) == [[0, 3, 2, 5], [1, 6, 4]]


def test_households_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="adults"):
        households([10, 30], [0, 0], [1, 1])


def test_bands_cells_and_quantiles():
    assert [band(age) for age in (0, 5, 6, 17, 18, 29, 30, 40, 50, 60, 69, 70, 100)] == [
        0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 6, 7, 7,
    ]  # fmt: skip
    assert CELLS[5 * 4 + 1 * 2 + 0] == (5, 1, 0)
    assert Z[0] == -Z[15]
    assert sorted(Z) == Z


def test_incomes_have_the_mean_that_was_asked_for():
    income = incomes(Fraction(30_000), Fraction("0.46"))
    assert income == sorted(income)
    assert sum(income) / 1024 == pytest.approx(30_000, abs=1)


def test_quantities_settle_to_exact_fractions_and_can_be_overridden():
    trees = {"coefficients": {"learning": {"peer_weight": {"value": 0.1, "status": "assumed"}}}}
    override(trees, "coefficients.learning.peer_weight", 0.3)
    trees["behaviours"] = {"behaviours": {"theft": {"slope": {"value": 1}}}, "age_profiles": {"flat": {"values": [1]}}}
    override(trees, "behaviours.theft.slope", 2)
    override(trees, "behaviours.age_profiles.flat", [0.5])
    settled = settle(trees)
    assert settled["coefficients"]["learning"]["peer_weight"] == Fraction(3, 10)
    assert settled["behaviours"]["behaviours"]["theft"]["slope"] == 2
    assert settled["behaviours"]["age_profiles"]["flat"] == [Fraction(1, 2)]


@pytest.mark.parametrize(
    ("hardship", "peers", "bad", "peers_most", "reward_most", "room"),
    [
        # HS = Q(16, 0.5 / 255) = floor(128.502 + 0.5) = 129; 256 * (1 + 255 * 129 / 65536) = 384.496
        ("0.5", "0", True, "1.5", "1", 385),
        ("0.5", "0.3", True, "1.5", "1", 577),  # * 1.5 = 576.744
        ("0", "0.3", True, "1.5", "1", 384),
        ("0", "0.3", True, "0.5", "1", 256),  # factors start at 256, whatever peers_most says
        ("0", "0", False, "1.5", "1", 512),
        ("0", "0", False, "1.5", "0.3", 333),  # Q(16, 0.3) = 19661; 256 * 1.300003 = 332.801
        ("0", "0.3", False, "1.001", "0", 256),  # Q(8, 1.001) = 256: what is rounded away needs no room
    ],
)
def test_room_is_made_for_the_rounded_integers(hardship, peers, bad, peers_most, reward_most, room):
    behaviour = SimpleNamespace(number=0, peers=Fraction(peers), bad=bad)
    tables = SimpleNamespace(
        hardship=[q(16, Fraction(hardship) / 255)],
        peers_most=q(8, Fraction(peers_most)),
        reward_most=q(16, Fraction(reward_most)),
    )
    assert Tables._room(tables, behaviour) == room


@pytest.mark.parametrize(
    ("p", "p_law", "loss", "exponent"),
    [
        # e_p = 512, e_L = 256, threshold 19661, l_0 = Q(12, 0.01) = 41; dp = 52429 - 19661 = 32768
        (52429, 0, 4096, 460),  # certainty 65536, severity 256 * 52429 * 4096 >> 20 = 52429
        (52429, 0, 41, 258),  # certainty 65536, severity 524: 66060 >> 8
        (52429, 0, 20, 125),  # certainty 65536 * 20 // 41 = 31968, severity 256
        (52429, 60000, 4096, 204),  # no more certain than the law itself: severity alone, 52429 >> 8
        (65535, 0, 65535, 4095),  # severity 1048544, certainty 91748: beyond the end of the table
    ],
)
def test_deterrence_by_certainty_and_severity(p, p_law, loss, exponent):
    tables = SimpleNamespace(form="exponential", e_p=512, e_l=256, threshold=19661, l_0=41, expneg=range(4096))
    assert Tables.deterrence(tables, p, p_law, loss) == exponent
    assert Tables.deterrence(tables, p, p_law, 0) == 65536


@pytest.mark.parametrize(
    ("p", "loss", "share"),
    [(32768, 0, 65536), (32768, 4096, 49152), (32768, 1, 65532), (3, 1, 65536), (65535, 8192, 1), (65535, 65535, 0)],
)
def test_deterrence_by_a_gain_spread_evenly(p, loss, share):
    tables = SimpleNamespace(form="uniform_gain", largest_gain=q(12, 2))
    assert Tables.deterrence(tables, p, 0, loss) == share


@pytest.mark.parametrize(
    ("rule", "urban", "suit", "reach", "share"),
    [
        # One act is two episodes, half of them seen: unseen by one sensor is 0.5 ** 2 in town, 0.75 ** 2 beyond.
        (0, 1, "0.2", "bank police court", "0.8"),  # 1 - (1 - 0.2) * 0.25
        (0, 0, "0.2", "bank police court", "0.55"),  # 1 - (1 - 0.2) * 0.5625
        (0, 1, None, "bank police court", "0.75"),  # never in court
        (0, 1, "0.2", "bank police", "0.75"),  # the court is out of reach
        (0, 1, "0.2", "bank court", "0.2"),  # the court alone
        (1, 1, "0.2", "bank police court", "0.75"),  # the bank alone: the others write for rule 0
        (1, 0, "0.2", "police court", "0"),
    ],
)
def test_the_past_comes_under_a_rule_by_the_sensors_that_write_for_it(rule, urban, suit, reach, share):
    debt = SimpleNamespace(number=0, name="debt", weight=2, suit=None if suit is None else Fraction(suit))
    half_seen = {"debt": Fraction("0.5")}
    sensors = [
        SimpleNamespace(number=s, name=name, sees=sees, coverage=[Fraction("0.5"), Fraction(1)])
        for s, (name, sees) in enumerate([("bank", half_seen), ("police", half_seen), ("court", {})])
    ]
    rules = [SimpleNamespace(behaviours=[0], by={1, 2}), SimpleNamespace(behaviours=[0], by=None)]
    instrument = SimpleNamespace(rule_for=partial(Instrument.rule_for, SimpleNamespace(rules=rules)))
    table = SimpleNamespace(instrument=instrument, reaches=[sensor.name in reach.split() for sensor in sensors])
    tables = SimpleNamespace(sensors=sensors, sensors_of=[sensors[:2]])
    assert InstrumentTables._qbar(table, rules[rule], debt, urban, tables) == q(16, Fraction(share))


@pytest.fixture(scope="module")
def world():
    if not (PARAMETERS / "societies.yaml").exists():
        pytest.skip("the parameters are not written yet")
    society = next(iter(read(PARAMETERS / "societies.yaml")["societies"]))
    world = World(PARAMETERS, [LIBRARY / "teaching-town.yaml"], society, 400, 2026, date(2019, 12, 10))
    world.run(40)
    return world


def test_counters_are_the_windows_that_are_still_open(world):
    pending = Counter(
        (item.number, item.instrument, item.rule)
        for items in world.diary.days.values()
        for item in items
        if item.what == WINDOW_ENDS
    )
    assert pending.total() > 0
    for person in world.society.people:
        for instrument, account in zip(world.setting.instruments, person.accounts, strict=True):
            for rule in instrument.rules:
                if rule.counter is not None:
                    assert account.counters[rule.counter] == pending[person.number, instrument.number, rule.number]


def test_counts_columns_and_ledger_agree(world):
    columns, counts, months = world.columns(), world.counts, 2
    assert {len(column) for column in columns.values()} == {400}
    assert len(counts["people"]) == months
    assert counts["opinion"][-1] == sum(columns["opinion"])
    assert counts["belief"][-1][2] == sum(columns["belief_2"])
    assert counts["aware"][-1][0] == sum(columns["aware_0"])
    records = [line for line in world.ledger if line[2] == RECORD]
    gained = sum(gain for month in counts["points"] for _, gain in month)
    assert gained == sum(max(0, line[7]) for line in records) > 0
    assert world.ledger == sorted(world.ledger, key=lambda line: line[:2])


def test_the_walk_goes_from_the_likeliest_group_of_kinds_to_the_least_likely(world):
    tables = world.tables
    assert sorted(tables.walk) == list(range(len(tables.kinds)))
    bulk = [room * sum(a) for room, a in zip(tables.room, tables.a, strict=True)]
    group = [(getattr(kind, "trait", None), kind.requires) for kind in tables.kinds]
    met = [key for key, _ in groupby(group[kind] for kind in tables.walk)]
    assert len(met) == len(set(group))  # every group stands together
    mass = {key: sum(bulk[kind] for kind in tables.walk if group[kind] == key) for key in met}
    order = [(-mass[group[kind]], group.index(group[kind]), -bulk[kind], kind) for kind in tables.walk]
    assert order == sorted(order)


def test_no_rate_can_exceed_its_ceiling(world):
    tables = world.tables
    for person in world.society.people:
        for b, behaviour in enumerate(world.setting.behaviours):
            most = (person.base[b] * (65536 + tables.hardship[b] * 255)) >> 16
            if behaviour.peers > 0:
                most = (most * max(256, tables.peers_most)) >> 8
            if not behaviour.bad:
                most += (most * tables.reward_most) >> 16
            assert most <= person.ceiling[b]


def test_ties_are_known_on_both_sides(world):
    for person in world.society.people[:100]:
        for other in world.ties.of(person):
            assert world.ties.of(person).count(other) == world.ties.of(other).count(person)
        far = world.ties.acquaintance(person)
        assert far is None or world.ties.acquaintance(far) is person

"""Weighted scores: the table of parts, what a record does, the reckoning, and the agreement of the oracle."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests import oracle
from tests.test_oracle import PACKAGE, STRONG, assert_equal

from scorepolis import parameters, rulebooks
from scorepolis.core.buffers import CORRECTION, FED, RECKONED, RECORD
from scorepolis.engine.world import World
from scorepolis.rulebooks.codes import FIRST_FLAG, KINDS_OF_VALUE
from scorepolis.rulebooks.compile import compile_instruments
from scorepolis.rulebooks.schema import ATTRIBUTES
from scorepolis.society import flags

PARAMETERS = parameters.load()
SESAME = rulebooks.load("sesame", PARAMETERS)
(SCORE,) = SESAME.instruments
LIVELY = Path(__file__).parent / "books" / "lively.yaml"


EAGER = STRONG | {
    "coefficients.appeals.appeals_wronged": 1,
    "coefficients.appeals.appeals_other": 0.6,
    "services.fast_train.wants": 2,
    "behaviours.late_utility_bill.rate.male": 3.5,
    "behaviours.late_utility_bill.rate.female": 3.5,
    "behaviours.late_utility_bill.suit": 0,
}


# ------------------------------------------------------------------------------------------------------------ tables


def test_weights_are_shares_of_the_range():
    assert sum(most for _, most in SCORE.features) == 600
    by_id = {one.id: most for one, most in SCORE.features}
    assert by_id["S2"] == Fraction(35, 100) * Fraction(20, 100) * 600
    assert [one.id for one, _ in SCORE.features] == [
        *("S1", "S2", "S3", "S4", "S7", "S8"), *("S12", "S5", "S6", "S9", "S10", "S11"),
    ]  # fmt: skip


def test_parts_are_linear_between_worst_and_best_and_flat_outside():
    tables = compile_instruments([SESAME], PARAMETERS)
    names = [one.id for one, _ in SCORE.features]
    late, age = tables["feature_parts"][0, names.index("S1")], tables["feature_parts"][0, names.index("S9")]
    assert late[:6].tolist() == [84 << 16, 63 << 16, 42 << 16, 21 << 16, 0, 0]
    assert (age[18], age[35], age[100]) == (0, 45 << 16, 45 << 16)
    assert age[26] == int(Fraction(8, 17) * 45 * 65536 + Fraction(1, 2))
    assert tables["rule_steps"][0, names.index("S1")].tolist() == [-21] * 4 + [0] * 12
    assert not tables["rule_points"].any()
    assert tables["rule_window"][0, :6].tolist() == [730, 1825, 365, 365, 365, 180]


def test_attributes_stand_in_the_order_of_their_bits():
    for name, value in {**flags.OPPORTUNITIES, **flags.STATUSES, **flags.GROUPS}.items():
        assert 1 << (ATTRIBUTES.index(name) + KINDS_OF_VALUE - FIRST_FLAG) == value
    assert 1 << (ATTRIBUTES.index("female") + KINDS_OF_VALUE - FIRST_FLAG) == flags.FEMALE
    assert 1 << (ATTRIBUTES.index("urban") + KINDS_OF_VALUE - FIRST_FLAG) == flags.URBAN


def test_a_rule_knows_what_a_first_record_is_worth_and_how_long():
    late, _, _, _, provident, games = SCORE.rules
    assert (late.points.value, provident.points.value, games.points.value) == (-21, 48, -6)
    assert [term.value for term in late.terms] == [730]
    assert SCORE.start.value == 350 + 84 + 42 + 22.5 + 22.5 + 24 + (84 + 52.5 + 52.5 + 45 + 45 + 30) / 2 + 0.5


# ------------------------------------------------------------------------------------------------------ what happens


@pytest.fixture(scope="module")
def lived():
    known = parameters.load(EAGER)
    world = World(
        known, [rulebooks.load(LIVELY, known)], society="village", people=1500, seed=3, start=date(2019, 1, 1)
    )
    before = [d["raw"].copy() for d in world.districts]
    world.run(75)
    return world, before


def test_a_record_is_counted_and_changes_the_score_at_the_month_s_end_only(lived):
    world, _ = lived
    ledger = world.tally.ledger()
    mine = ledger["instrument"] == 0
    records = mine & (ledger["what"] == RECORD)
    assert records.sum() > 300
    assert np.array_equal(ledger["score_before"][records], ledger["score_after"][records])
    assert (ledger["points"][records] < 0).any()
    assert (ledger["points"][records] > 0).any()
    reckoned = mine & (ledger["what"] == RECKONED)
    assert set(ledger["day"][reckoned]) == {30, 58, 74}
    change = ledger["score_after"][reckoned] - ledger["score_before"][reckoned]
    assert np.array_equal(change, ledger["points"][reckoned])
    assert (change < 0).any()
    assert (change > 0).any()  # windows end
    assert (ledger["what"] == CORRECTION).sum() > 20
    assert ((ledger["what"] == FED) & (ledger["day"] == 30)).any()


def test_the_ledger_leads_from_the_start_to_the_end(lived):
    world, before = lived
    ledger = world.tally.ledger()
    mine = ledger["instrument"] == 0
    at = {}
    for slot, first, last in zip(*(ledger[n][mine] for n in ("slot", "score_before", "score_after")), strict=True):
        assert at.get(slot, first) == first
        at[slot] = last
    for d, raw in zip(world.districts, before, strict=True):
        for local in np.flatnonzero(d["marks"][0] & 1):
            assert d["raw"][0, local] == at.get(d["first_slot"] + local, raw[0, local])


def test_the_past_has_been_counted_and_reckoned_before_the_first_day(lived):
    world, before = lived
    names = [one.id for one, _ in world.rulebooks[0].instruments[0].features]
    assert names == ["A", "B", "C", "F", "D", "E", "G", "H"]
    assert len({int(score) for raw in before for score in raw[0]}) > 100


def test_who_lacks_the_flag_is_out_of_scope(lived):
    world, _ = lived
    for d in world.districts:
        inside = d["marks"][1] & 1 > 0
        assert (d["flags"][inside] & flags.WORKING > 0).all()
        assert not (d["flags"][inside] & flags.MIGRANT).any()


def test_nothing_but_records_and_register_makes_the_score():
    """The same people, with other incomes, traits and beliefs, have the same score as long as their records are."""
    known = parameters.load({"societies.village.income_gini": 0.3})
    other = World(known, [SESAME], society="village", people=600, seed=3)
    world = World(PARAMETERS, [SESAME], society="village", people=600, seed=3)
    for one, two in zip(world.districts, other.districts, strict=True):
        same = one["counters"][0] == two["counters"][0]
        assert same.mean() > 0.9
        assert np.array_equal(one["raw"][0, same], two["raw"][0, same])


# ---------------------------------------------------------------------------------------------------------- the twin


@pytest.mark.parametrize(("seed", "start", "days"), [(3, date(2019, 1, 1), 75), (2**62 + 9, date(2019, 12, 10), 60)])
def test_engine_equals_oracle_under_a_lively_score(seed, start, days):
    overrides = {"societies.village.district_neighbourhoods": 4, **EAGER}
    known = parameters.load(overrides)
    world = World(known, [rulebooks.load(LIVELY, known)], society="village", people=1200, seed=seed, start=start)
    world.run(days)
    twin = oracle.World(PACKAGE / "parameters", [LIVELY], "village", 1200, seed, start, overrides)
    twin.run(days)
    assert_equal(world, twin)

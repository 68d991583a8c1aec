"""Bonus-malus: what a year does to a coefficient, and where somebody stands on day 0 and a year later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from scorepolis import parameters, rulebooks
from scorepolis.core.buffers import RECKONED
from scorepolis.engine.world import World
from scorepolis.rulebooks.compile import compile_instruments
from scorepolis.rulebooks.years import FREE, TOP, after_year

BOOK = Path(__file__).parent / "books" / "reckoned.yaml"
OFTEN = {
    "behaviours.traffic_offence.rate.male": 12,
    "behaviours.traffic_offence.rate.female": 8,
    "behaviours.heavy_gaming.rate.male": 1,  # so that the mean ceiling holds
    "behaviours.yielding_to_pedestrians.rate.male": 1,
    "behaviours.yielding_to_pedestrians.rate.female": 1,
}
PARAMETERS = parameters.load(OFTEN)
INSURANCE = rulebooks.load(BOOK, PARAMETERS).instruments[2]
TABLES = compile_instruments([rulebooks.load(BOOK, PARAMETERS)], PARAMETERS)


def lived(coefficient, years, free=0, top=0):
    """Coefficients at the end of each year, each given by its faults of both rules."""
    seen = []
    for faults in years:
        coefficient, free, top = INSURANCE.after_year(coefficient, free, top, faults)
        seen.append(coefficient)
    return seen


def test_thirteen_years_without_a_fault_lead_to_the_floor():
    assert lived(100, [(0, 0)] * 15) == [95, 90, 85, 80, 76, 72, 68, 64, 60, 57, 54, 51, 50, 50, 50]


def test_each_fault_multiplies_and_is_cut_to_hundredths():
    assert lived(100, [(1, 0), (0, 1), (2, 1)]) == [125, 140, 245]  # 140.625; 175, 218.75, 245.25
    assert lived(300, [(1, 0), (0, 0)]) == [350, 332]


def test_two_years_without_a_fault_lead_back_to_the_start():
    assert lived(100, [(2, 0), (0, 0), (0, 0), (0, 0)]) == [156, 148, 100, 95]


def test_a_first_fault_is_spared_after_three_years_at_the_floor():
    assert lived(50, [(0, 0)] * 3 + [(1, 0), (1, 0)]) == [50, 50, 50, 50, 62]
    assert lived(50, [(0, 0)] * 2 + [(1, 0)]) == [50, 50, 62]
    assert lived(50, [(0, 0)] * 3 + [(1, 1)]) == [50, 50, 50, 56]


def test_steps_are_what_a_fault_costs_from_the_start():
    assert [INSURANCE.step(0, earlier) for earlier in range(4)] == [-30, -31, -39, -48]
    assert [rule.points.value for rule in INSURANCE.rules] == [-30, -17]
    assert TABLES["rule_steps"][2, 0, :4].tolist() == [-30, -31, -39, -48]
    assert [term.value for rule in INSURANCE.rules for term in rule.terms] == [730, 730]


@pytest.mark.parametrize("coefficient", [50, 51, 77, 100, 101, 206, 349, 350])
@pytest.mark.parametrize("years", [(0, 0), (1, 0), (3, 2), (15, 3)])
@pytest.mark.parametrize("faults", [(0, 0), (1, 0), (0, 1), (2, 3), (15, 15)])
def test_the_compiled_year_is_the_same(coefficient, years, faults):
    free, top = years
    names = "score_lowest score_highest score_start rule_factor rules_count year_factor year_protected year_returns"
    word = np.int64(faults[0] | faults[1] << 4)
    compiled = after_year(
        np.int64(2), np.int64(coefficient), np.int64(free), np.int64(top), word, *(TABLES[n] for n in names.split())
    )
    assert tuple(compiled) == INSURANCE.after_year(coefficient, free, top, faults)


@pytest.fixture(scope="module")
def driven():
    world = World(
        PARAMETERS, [rulebooks.load(BOOK, PARAMETERS)], society="village", people=1500, seed=3, start=date(2019, 1, 1)
    )
    before = [(d["raw"][2].copy(), d["counters"][2].copy()) for d in world.districts]
    world.run(181)  # to the end of June
    return world, before


def test_people_begin_with_the_years_that_lie_behind_them(driven):
    world, before = driven
    for d, (raw, counters) in zip(world.districts, before, strict=True):
        inside = d["marks"][2] & 1 > 0
        assert not raw[~inside & (d["occupied"] > 0)].tolist().count(-50)
        free, top = (counters >> np.uint32(4 * FREE)) & 15, (counters >> np.uint32(4 * TOP)) & 15
        age = d["age"].astype(int)
        assert (free[inside] <= np.maximum(0, age[inside] - 18)).all()
        assert (raw[inside & (age < 31)] < -50).all()  # thirteen years lead to the floor, and not fewer
        assert (raw[inside & (top > 0)] == -50).all()
        assert (raw[inside & (free >= 2)] >= -100).all()
    every = np.concatenate([raw[d["marks"][2] & 1 > 0] for d, (raw, _) in zip(world.districts, before, strict=True)])
    assert len(set(every.tolist())) > 15


def test_a_year_ends_in_one_month_and_closes_with_the_faults_that_it_had(driven):
    world, before = driven
    ledger = world.tally.ledger()
    mine = (ledger["instrument"] == 2) & (ledger["what"] == RECKONED)
    assert mine.sum() > 20
    ends = {30: 0, 58: 1, 89: 2, 119: 3, 150: 4, 180: 5}
    for day, slot in zip(ledger["day"][mine], ledger["slot"][mine], strict=True):
        assert slot % 12 == ends[int(day)]
    for d, (raw, _) in zip(world.districts, before, strict=True):
        inside = d["marks"][2] & 1 > 0
        due = (np.arange(raw.size) + int(d["first_slot"])) % 12 < 6
        assert np.array_equal(raw[inside & ~due], d["raw"][2][inside & ~due])


def test_a_year_with_faults_has_a_higher_coefficient_and_without_a_lower(driven):
    world, _ = driven
    ledger = world.tally.ledger()
    mine = (ledger["instrument"] == 2) & (ledger["what"] == RECKONED)
    changes = ledger["points"][mine]
    assert (changes > 0).any()
    assert (changes < -20).any()

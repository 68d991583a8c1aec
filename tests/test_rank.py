"""Ranks: merit by the weights of a turn, and a place among all who are ranked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests import oracle
from tests.test_oracle import PACKAGE, assert_equal
from tests.test_weighted import EAGER

from scorepolis import parameters, rulebooks
from scorepolis.core.buffers import RECKONED
from scorepolis.day.merits import doubled_places
from scorepolis.engine.world import World
from scorepolis.rulebooks.compile import compile_instruments

BOOK = Path(__file__).parent / "books" / "reckoned.yaml"
HERE = {"societies.village.district_neighbourhoods": 4}
DRIVING = {"behaviours.traffic_offence.rate.male": 6, "behaviours.traffic_offence.rate.female": 3}
PARAMETERS = parameters.load(EAGER | HERE)
PLACE = rulebooks.load(BOOK, PARAMETERS).instruments[1]


def test_weights_are_shares_of_merit_turn_by_turn():
    assert [tuple(map(float, PLACE.shares_in(turn))) for turn in range(3)] == [(0.75, 0.25), (0.4, 0.6), (0, 1)]
    assert [float(share) for share in PLACE.shares] == pytest.approx([1.15 / 3, 1.85 / 3])
    tables = compile_instruments([rulebooks.load(BOOK, PARAMETERS)], PARAMETERS)
    at_best = tables["merit_parts"][1, :, :4].max(axis=2) / 65536
    assert at_best[0] == pytest.approx([500, 250, 250 / 3.5, 250 * 2.5 / 3.5], abs=1e-4)
    assert at_best[2] == pytest.approx([0, 0, 1000 / 3.5, 2500 / 3.5], abs=1e-4)
    assert at_best.sum(axis=1) == pytest.approx([1000, 1000, 1000])


def test_half_of_those_who_are_alike_count_as_behind():
    assert doubled_places(np.array([2, 0, 3, 1])).tolist() == [2, 4, 7, 11]


@pytest.fixture(scope="module")
def ranked():
    world = World(
        PARAMETERS, [rulebooks.load(BOOK, PARAMETERS)], society="village", people=2500, seed=3, start=date(2019, 1, 1)
    )
    assert {int(d["raw"][1][i]) for d in world.districts for i in np.flatnonzero(d["occupied"])} == {50}
    world.run(120)
    return world


def people(world, name):
    return np.concatenate([d[name][1][d["marks"][1] & 1 > 0] for d in world.districts])


def test_places_are_spread_over_the_range_whatever_the_merits(ranked):
    assert len(ranked.districts) > 1
    scores = people(ranked, "raw")
    assert scores.mean() == pytest.approx(49.5, abs=1)  # cut to whole points
    assert np.abs(np.histogram(scores, bins=4, range=(0, 100))[0] / scores.size - 0.25).max() < 0.05


def test_everybody_is_ranked_each_month_and_nothing_moves_between(ranked):
    ledger = ranked.tally.ledger()
    mine = (ledger["instrument"] == 1) & (ledger["what"] == RECKONED)
    assert set(ledger["day"][mine]) == {30, 58, 89, 119}
    records = (ledger["instrument"] == 1) & (ledger["what"] == 4)
    assert records.sum() > 100
    assert np.array_equal(ledger["score_before"][records], ledger["score_after"][records])


def test_the_place_is_that_of_the_merit_by_this_month_s_weights(ranked):
    counters, scores = people(ranked, "counters"), people(ranked, "raw")
    inside = [d["marks"][1] & 1 > 0 for d in ranked.districts]
    age, education = (
        np.concatenate([d[name][here] for d, here in zip(ranked.districts, inside, strict=True)])
        for name in ("age", "education")
    )
    values = np.column_stack([counters & 15, (counters >> np.uint32(4)) & 15, age, education])
    turn = ((12 * 2019 + 4 - 1) // 2) % 3  # of April
    assert turn == 1
    parts = np.array([[PLACE.merit_part(turn, f, value) for value in range(128)] for f in range(4)])
    merits = (parts[np.arange(4), values].sum(axis=1) + 32768) >> 16
    behind = np.array([2 * (merits < merit).sum() + (merits == merit).sum() for merit in merits])
    assert np.array_equal(scores, (100 * behind) // (2 * merits.size))
    assert len(set(merits.tolist())) > 50


@pytest.mark.parametrize(("seed", "start", "days"), [(3, date(2019, 1, 1), 75), (2**62 + 9, date(2019, 12, 10), 100)])
def test_engine_equals_oracle_under_all_that_is_reckoned(seed, start, days):
    overrides = HERE | EAGER | DRIVING
    known = parameters.load(overrides)
    world = World(known, [rulebooks.load(BOOK, known)], society="village", people=1200, seed=seed, start=start)
    world.run(days)
    twin = oracle.World(PACKAGE / "parameters", [BOOK], "village", 1200, seed, start, overrides)
    twin.run(days)
    assert_equal(world, twin)

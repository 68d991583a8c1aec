"""Neighbourhoods, districts, the map, and how well each place is watched."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from scorepolis import parameters
from scorepolis.core.errors import InputError
from scorepolis.core.exact import q
from scorepolis.society import SLOTS, build_places
from scorepolis.society.places import coverage_levels

LOADED = parameters.load()
TOWN = LOADED.societies["town"]


@pytest.mark.parametrize("people", [1, 100, 499, 500, 501, 20_000, 20_001, 123_457])
def test_everybody_lives_in_a_neighbourhood_and_every_neighbourhood_in_a_district(people: int) -> None:
    places = build_places(TOWN, people, LOADED)
    assert places.sizes.sum() == people
    assert places.sizes.max() - places.sizes.min() <= 1
    assert places.sizes.min() >= 1
    assert places.sizes.max() <= TOWN.neighbourhood_size.value <= SLOTS
    assert places.neighbourhoods == -(-people // int(TOWN.neighbourhood_size.value)) == places.sizes.size
    assert places.districts[0] == 0
    assert places.districts[-1] == places.neighbourhoods
    in_district = np.diff(places.districts)
    assert in_district.min() >= 1
    assert in_district.max() <= TOWN.district_neighbourhoods.value
    assert in_district.max() - in_district.min() <= 1


def test_urban_share() -> None:
    places = build_places(TOWN, 1_000_000, LOADED)
    assert places.urban.sum() == q(0, places.neighbourhoods * TOWN.urban_share.exact)
    assert np.all(np.diff(places.urban.astype(int)) <= 0), "urban neighbourhoods come first, in the middle of the map"


def test_the_map_is_a_square_spiral() -> None:
    places = build_places(TOWN, 500 * 441, LOADED)
    walk = list(zip(places.x.tolist(), places.y.tolist(), strict=True))
    beginning = [(0, 0), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (2, -1)]
    assert walk[:10] == beginning
    assert len(set(walk)) == len(walk) == 441
    assert np.all(np.abs(np.diff(places.x)) + np.abs(np.diff(places.y)) == 1)
    assert {abs(places.x).max(), abs(places.y).max()} == {10}, "21 by 21 neighbourhoods fill a square"


def test_levels_round_coverage_to_fifteenths_without_bias() -> None:
    places = build_places(TOWN, 500 * 4000, LOADED)
    every = coverage_levels(places, 7, 0, places.neighbourhoods)
    assert every.shape == (places.neighbourhoods, len(LOADED.sensors))
    for s, sensor in enumerate(LOADED.sensors.values()):
        for urban, share in ((1, sensor.coverage.urban.exact), (0, sensor.coverage.rural.exact)):
            levels = every[places.urban == urban, s]
            fifteenths = 15 * share
            assert levels.min() >= fifteenths.numerator // fifteenths.denominator
            assert levels.max() <= -(-fifteenths.numerator // fifteenths.denominator)
            part = float(fifteenths % 1)
            error = 5 * np.sqrt(part * (1 - part) / levels.size)
            assert abs(levels.mean() - float(fifteenths)) <= error + 1e-9


def test_levels_depend_on_the_seed_and_the_neighbourhood_alone() -> None:
    places = build_places(TOWN, 20_000, LOADED)
    one, other = (coverage_levels(places, seed, 0, places.neighbourhoods) for seed in (1, 2))
    assert not np.array_equal(one, other)
    assert np.array_equal(one[10:20], coverage_levels(places, 1, 10, 20))


def test_nobody_is_too_few() -> None:
    with pytest.raises(InputError, match="at least 1"):
        build_places(TOWN, 0, LOADED)


@pytest.mark.parametrize("size", [0, 1001])
def test_a_neighbourhood_must_fit_its_slots(size: int) -> None:
    quantity = TOWN.neighbourhood_size.model_copy(update={"value": size})
    assert quantity.exact == Fraction(size)
    with pytest.raises(InputError, match="neighbourhood_size"):
        build_places(TOWN.model_copy(update={"neighbourhood_size": quantity}), 20_000, LOADED)


def test_there_are_no_more_neighbourhoods_than_slots_have_numbers() -> None:
    with pytest.raises(InputError, match="at most 4,194,304"):
        build_places(LOADED.societies["village"], 2_000_000_000, LOADED)


@pytest.mark.parametrize("people", [20_000, 1_000_003, 14_000_000])
def test_units_of_the_country_are_divided_like_societies_of_their_own(people: int) -> None:
    nation = LOADED.societies["national"]
    places = build_places(nation, people, LOADED)
    assert places.sizes.sum() == people
    assert places.unit_starts[-1] == places.districts[-1] == places.neighbourhoods
    for u, unit in enumerate(places.units):
        first, last = places.unit_starts[u : u + 2]
        sizes = places.sizes[first:last]
        assert sizes.sum() == unit.people
        assert sizes.size == -(-unit.people // 1000)
        assert sizes.max() - sizes.min() <= 1
        own = np.flatnonzero(places.district_units == u)
        assert places.districts[own[0]] == first
        assert places.districts[own[-1] + 1] == last
        assert np.diff(places.districts)[own].max() <= 64
        assert np.all(np.diff(places.urban[first:last].astype(int)) <= 0)
    assert places.unit_of(0) is places.units[0]
    assert places.unit_of(places.neighbourhoods - 1) is places.units[-1]


def test_provinces_keep_their_urban_share_and_large_units_have_more_of_it() -> None:
    nation = LOADED.societies["national"]
    places = build_places(nation, 1_409_778_724, LOADED)
    assert places.neighbourhoods * SLOTS < 1 << 32
    province = np.repeat([unit.province for unit in places.units], np.diff(places.unit_starts))
    for name, own in LOADED.provinces.items():
        here = places.urban[province == name]
        assert here.sum() == q(0, here.size * own.urban_share.exact)
    shares = np.add.reduceat(places.urban, places.unit_starts[:-1], dtype=np.int64) / np.diff(places.unit_starts)
    hebei = shares[[unit.province == "hebei" for unit in places.units]]
    # From u + s to u - s, s = 0.7 * min(u, 1 - u), u = 0.6007: at the middle of each unit, so not quite.
    assert hebei[0] == pytest.approx(0.88, abs=0.015)
    assert hebei[-1] == pytest.approx(0.321, abs=0.015)
    assert np.corrcoef(hebei, np.arange(hebei.size))[0, 1] < -0.9

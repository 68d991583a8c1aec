"""Provinces and units: everybody lives in one, every province keeps its share, what is small is merged."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import two_provinces

from scorepolis import parameters
from scorepolis.core.errors import InputError
from scorepolis.society.units import LEAST, shared_out, units_of

LOADED = parameters.load()
NATION = LOADED.societies["national"]
ALL = 1_409_778_724

# Residents in the census of 2020, as published by province.
CENSUS = {"beijing": 21_893_095, "guangdong": 126_012_510, "shandong": 101_527_453, "tibet": 3_648_100}


def people_of(units, name):
    return sum(unit.people for unit in units if unit.province == name)


@given(st.integers(0, 10**10), st.lists(st.integers(1, 10**10), min_size=1, max_size=40))
def test_shares_add_up_and_miss_their_due_by_less_than_one(total, parts):
    shares = shared_out(total, parts)
    assert sum(shares) == total
    assert all(abs(share - Fraction(total * part, sum(parts))) < 1 for share, part in zip(shares, parts, strict=True))


def test_of_equal_remainders_the_first_is_rounded_up():
    assert shared_out(5, [1, 1, 1]) == [2, 2, 1]
    assert shared_out(2, [3, 3, 4]) == [1, 0, 1]


def test_the_country_is_that_of_the_census():
    units = units_of(NATION, ALL, LOADED)
    assert NATION.people.exact == ALL == sum(unit.people for unit in units)
    assert len(units) == 2844
    assert {name: people_of(units, name) for name in CENSUS} == CENSUS
    provinces = list(dict.fromkeys(unit.province for unit in units))
    assert provinces == list(NATION.provinces)
    assert len(provinces) == 31
    for name in provinces:
        own = [unit for unit in units if unit.province == name]
        assert [unit.number for unit in own] == list(range(int(LOADED.provinces[name].units.exact)))
        sizes = [unit.people for unit in own]
        assert sizes == sorted(sizes, reverse=True)
        counted = LOADED.population.age_sex[name]
        assert sum(sizes) == sum(counted.male.exact) + sum(counted.female.exact)


def test_sizes_follow_the_shape():
    """Logarithms of a log-logistic distribution of shape g spread by g * pi / sqrt 3 (here without its far ends)."""
    own = [unit.people for unit in units_of(NATION, ALL, LOADED) if unit.province == "sichuan"]
    quarter, three = own[3 * len(own) // 4], own[len(own) // 4]
    # Quartiles lie at odds of 1 to 3 and 3 to 1.
    assert three / quarter == pytest.approx(9**NATION.unit_size_shape.value, rel=0.03)


def test_weihai_has_four_units_in_shandong():
    weihai = [unit for unit in units_of(NATION, ALL, LOADED) if "weihai" in unit.places]
    assert [(unit.province, unit.number) for unit in weihai] == [("shandong", n) for n in (20, 52, 77, 86)]
    # 2,906,548 residents in the census.
    assert sum(unit.people for unit in weihai) == pytest.approx(2_906_548, rel=0.01)


@pytest.mark.parametrize("people", [14_000_000, 1_000_000, 123_457, 20_000, 10_000])
def test_a_smaller_country_keeps_the_shares(people):
    units = units_of(NATION, people, LOADED)
    assert sum(unit.people for unit in units) == people
    for name, published in CENSUS.items():
        assert abs(people_of(units, name) - people * published / ALL) < 1
    full = NATION.neighbourhood_size.value
    for unit in units:
        # What does not fill a neighbourhood is alone in its province, or in its place there.
        alike = [one for one in units if (one.province, one.places) == (unit.province, unit.places)]
        assert unit.people >= LEAST
        assert unit.people >= full or alike == [unit]
    assert sum("weihai" in unit.places for unit in units) >= 1


def test_merged_units_have_the_people_and_the_number_of_those_they_are_made_of(tmp_path):
    loaded = two_provinces.load(two_provinces.write(tmp_path), {"societies.two.neighbourhood_size": 1000})
    society = loaded.societies["two"]
    alone, merged = (
        [unit for unit in units_of(society, people, loaded) if unit.province == "qinghai"]
        for people in (9_572_057, 20_000)
    )
    assert len(alone) == 44
    # By hand: the named places first stand alone, whatever their size; the others are merged from the largest on.
    assert {unit.places for unit in alone} == {(), ("lakeside",), ("shore",), ("lakeside", "shore")}
    by_places = {unit.places: unit for unit in merged if unit.places}
    assert by_places["lakeside",].number == 1
    assert by_places["lakeside", "shore"].number == 4
    assert by_places["shore",].number == 5
    assert [unit.number for unit in merged] == sorted(unit.number for unit in merged)
    share = 20_000 / 9_572_057
    for places, unit in by_places.items():
        assert unit.people == pytest.approx(share * sum(one.people for one in alone if one.places == places), abs=4)
    assert sum(unit.people for unit in merged) == round(share * sum(unit.people for unit in alone))


def test_too_few_people_are_refused_with_the_number_that_would_do():
    with pytest.raises(InputError, match=r"11 live in weihai, shandong.*fewer than 20: about 9,091"):
        units_of(NATION, 5000, LOADED)
    units_of(NATION, 10_000, LOADED)


@pytest.mark.parametrize("name", ["village", "town", "rongcheng"])
def test_other_societies_are_one_unit(name):
    (unit,) = units_of(LOADED.societies[name], 3, LOADED)
    assert (unit.province, unit.number, unit.places, unit.people) == (LOADED.societies[name].province, 0, (), 3)

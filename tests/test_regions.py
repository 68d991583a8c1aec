"""Where rulebooks are in force: districts lie in one region, and each region has its own tables."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests import two_provinces

from scorepolis import parameters, scenarios
from scorepolis.core.errors import InputError
from scorepolis.day.regions import build_regions
from scorepolis.day.tables import build_tables, law_risk
from scorepolis.engine.world import World
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.society import build_places, income_table

BOOKS = ("rongcheng-2019", "defaulter-list-2017", "teaching-town")
WHERE = (["lakeside"], None, ["tibet"])
POINTS, LISTED, TAUGHT = 0, 1, slice(2, 4)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    return two_provinces.load(two_provinces.write(tmp_path_factory.mktemp("two")), {})


@pytest.fixture(scope="module")
def rulebooks(loaded):
    return [load_rulebook(name, loaded) for name in BOOKS]


@pytest.fixture(scope="module")
def regions(loaded, rulebooks):
    society = loaded.societies["two"]
    return build_regions(loaded, rulebooks, WHERE, society, build_places(society, 1500, loaded), 1)


def test_a_region_is_a_province_with_the_rulebooks_in_force(loaded, regions):
    assert set(regions.names) == {("tibet", (1, 2)), ("qinghai", (1,)), ("qinghai", (0, 1))}
    places = build_places(loaded.societies["two"], 1500, loaded)
    assert regions.of_district.size == places.districts.size - 1
    for district, region in enumerate(regions.of_district):
        first, last = places.districts[district : district + 2]
        unit = places.unit_of(int(first))
        assert unit is places.unit_of(int(last) - 1), "no district crosses a unit"
        province, books = regions.names[region]
        assert unit.province == province
        assert (0 in books) == ("lakeside" in unit.places)


def test_a_region_has_the_instruments_in_force_with_their_numbers_in_the_run(regions):
    numbers = {name: tables["instruments"].tolist() for name, tables in zip(regions.names, regions.tables, strict=True)}
    assert numbers == {("tibet", (1, 2)): [1, 2, 3], ("qinghai", (1,)): [1], ("qinghai", (0, 1)): [0, 1]}


def test_the_tables_of_a_region_are_those_of_its_rulebooks_and_its_province(loaded, rulebooks, regions):
    """But for the padding, a region is like a run of its own."""
    for (name, books), tables in zip(regions.names, regions.tables, strict=True):
        province = loaded.provinces[name]
        assert tables["law_risk"].tolist() == law_risk(loaded, province.urban_share.exact).tolist()
        gini = loaded.societies["two"].income_gini.exact
        assert np.array_equal(tables["income_table"], income_table(province.income_mean.exact, gini))
        alone = build_tables(loaded, [rulebooks[n] for n in books], loaded.societies["village"], 1)
        assert alone.keys() == tables.keys()
        for table, expected in alone.items():
            if table in {"instruments", "income_table", "law_risk"}:
                continue
            found = tables[table]
            held = found[tuple(map(slice, expected.shape))] if expected.ndim else found
            assert np.array_equal(held, expected), f"{table} of {name}, {books}"


def test_what_regions_share_is_made_once(regions):
    by_name = dict(zip(regions.names, regions.tables, strict=True))
    here, there = by_name["qinghai", (0, 1)], by_name["qinghai", (1,)]
    assert here["rates"] is there["rates"] is by_name["tibet", (1, 2)]["rates"]
    assert here["income_table"] is there["income_table"]
    assert here["value"].size > there["value"].size


def test_sensors_work_where_a_rulebook_employs_them(loaded, regions):
    collector = list(loaded.sensors).index("neighbourhood_collector")
    for (_, books), tables in zip(regions.names, regions.tables, strict=True):
        employed = {0, 2} & set(books)
        assert (tables["behaviour_sensors"] == collector).any() == bool(employed)


def test_the_baseline_and_most_runs_have_one_region():
    loaded = parameters.load()
    town = loaded.societies["town"]
    regions = build_regions(loaded, [], [], town, build_places(town, 20_000, loaded), 1)
    assert regions.names == (("national", ()),)
    assert not regions.of_district.any()


@pytest.mark.parametrize(
    ("society", "place", "near"), [("two", "lakesite", "lakeside"), ("two", "tibetan", "tibet"), ("village", "x", None)]
)
def test_unknown_places_are_refused(loaded, society, place, near):
    chosen = loaded.societies[society]
    with pytest.raises(InputError, match=f"no place '{place}'") as caught:
        build_regions(loaded, [], [[place]], chosen, build_places(chosen, 1500, loaded), 1)
    assert caught.value.nearest == near


@pytest.fixture(scope="module")
def world(loaded, rulebooks):
    made = World(loaded, rulebooks, society="two", where=WHERE, people=1500, seed=3, start=date(2019, 1, 1))
    made.run(45)
    return made


def test_an_instrument_counts_only_where_it_is_in_force(world):
    counts = world.tally.counts()
    people = dict.fromkeys(range(4), 0)
    for number, columns in enumerate(world.districts):
        for at, k in enumerate(world.tables_of(number)["instruments"]):
            people[int(k)] += int((columns["marks"][at] & 1).sum())
    assert counts.in_scope.sum(axis=1).tolist() == [list(people.values())] * 3
    assert counts.in_scope.shape[2] == 4
    assert 0 < people[POINTS] < people[LISTED]
    assert counts.grades.sum(axis=3).tolist() == counts.in_scope.tolist()


def test_ledgers_name_instruments_by_their_number_in_the_run(world):
    ledger = world.tally.ledger()
    assert set(ledger["instrument"].tolist()) == {0, 1, 2, 3}
    for slot, k in zip(ledger["slot"].tolist(), ledger["instrument"].tolist(), strict=True):
        unit = world.places.unit_of(slot // 1024)
        assert {0: "lakeside" in unit.places, 1: True}.get(k, unit.province == "tibet")


def test_neither_threads_nor_tiles_nor_a_settled_society_change_a_bit(world, loaded, rulebooks):
    how = {"where": WHERE, "people": 1500, "seed": 3, "start": date(2019, 1, 1)}
    for cut in ({"threads": 2, "tile": 7}, {"tile": 1, "like": world}):
        again = World(loaded, rulebooks, society="two", **how, **cut)
        again.run(45)
        for kind in ("counts", "ledger"):
            one, other = (dict(getattr(made.tally, kind)().items()) for made in (world, again))
            assert all(np.array_equal(one[name], other[name]) for name in one), cut


def test_flows_are_told_by_unit(world):
    counts = world.tally.counts()
    assert counts.by_place.shape == (2, len(world.places.units), 4)
    bad = [b.conduct == "bad" for b in world.parameters.behaviours.values()]
    assert (
        counts.by_place[..., 0].sum(axis=1).tolist()
        == counts.acts[:, :, : len(bad)][..., bad].sum(axis=(1, 2)).tolist()
    )
    assert counts.by_place[..., 2].sum() == counts.entries[..., 0].sum()


def test_a_place_where_nothing_is_in_force_lives_as_under_the_law_alone(loaded, rulebooks):
    """But for stories and nothing else: with none told, no bit differs."""
    quiet = two_provinces.quiet(loaded)
    placed = World(quiet, rulebooks[:1], society="two", where=[["lakeside"]], people=1500, seed=3)
    law = World(quiet, [], society="two", people=1500, seed=3)
    for one in (placed, law):
        one.run(45)
    alike = 0
    for here, there, region in zip(placed.districts, law.districts, placed.regions.of_district, strict=True):
        if not placed.regions.tables[region]["instruments"].size:
            alike += 1
            for name in ("belief", "experience", "income", "hardship", "trust", "opinion", "motive", "peers_factor"):
                assert np.array_equal(here[name], there[name]), name
    assert 0 < alike < len(placed.districts)


def test_the_scenario_of_the_country():
    national = scenarios.load("national")
    assert national.books == ("defaulter-list-2017", "spending-restriction-2017", "rongcheng-2019")
    assert national.where == (None, None, ("weihai",))
    assert (national.society, national.start, national.days) == ("national", date(2019, 1, 1), 365)

"""Measures: what is divided by what, for whom, and that each says so."""

import json
from dataclasses import replace

import numpy as np
import pytest
from tests import results

from scorepolis.measures.context import Context, Unit
from scorepolis.measures.counts import CELLS, UNGROUPED, Counts, shapes
from scorepolis.measures.dataset import dataset, summary
from scorepolis.measures.declared import BY_NAME, MEASURES
from scorepolis.measures.groups import GROUPS, by_group, masks
from scorepolis.measures.tidy import tidy


def cell(*, age=0, female=0, urban=0, minority=0, migrant=0, fifth=0, party=0):
    return ((((((age * 2 + female) * 2 + urban) * 2 + minority) * 2 + migrant) * 5 + fifth) * 2) + party


@pytest.fixture
def about():
    return results.context()


@pytest.fixture
def empty(about):
    """A town of ten poor young rural men and thirty rich old women of the Party."""
    arrays = results.zeros(about)
    arrays["people"][:, cell()] = 10
    arrays["people"][:, cell(age=3, female=1, urban=1, fifth=4, party=1)] = 30
    arrays["in_scope"][:, :, 0] = arrays["people"]
    return arrays


def test_there_are_enough_measures_and_each_is_named_once():
    assert len(MEASURES) >= 25
    assert len(BY_NAME) == len(MEASURES)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_every_measure_explains_itself(measure):
    for text in (measure.title, measure.unit, measure.per.text, measure.description, measure.cannot_tell):
        assert text.strip()
    assert measure.description.endswith(".")
    assert measure.cannot_tell.endswith(".")
    assert set(measure.per.dims) <= set(measure.dims) | {"instrument"}


def test_every_variable_has_its_attributes(about):
    measures = dataset(results.counts(about), about)
    for name, variable in measures.data_vars.items():
        for attribute in ("units", "long_name", "description", "denominator", "cannot_tell"):
            assert variable.attrs[attribute], (name, attribute)
        assert variable.dims[0] == "time"


def test_groups_are_unions_of_cells():
    row = dict(zip((g.name for g in GROUPS), masks(), strict=True))
    assert row["all"].sum() == CELLS
    for axis in {g.axis for g in GROUPS} - {None}:
        together = sum(row[g.name] for g in GROUPS if g.axis == axis)
        assert (together == 1).all(), axis
    here = cell(age=2, female=1, minority=1, fifth=3)
    inside = {name for name, mask in row.items() if mask[here]}
    assert inside == {"all", "age_40_59", "female", "rural", "minority", "registered", "fifth_4", "not_party"}


def test_grouping_keeps_every_total(about):
    counts = results.counts(about)
    grouped = by_group(counts)
    for name, array in grouped.items():
        if name not in UNGROUPED:
            assert np.array_equal(array[:, 0], getattr(counts, name).sum(axis=1)), name


def test_rates_are_per_person_year_and_multiply_weights(about, empty):
    empty["acts"][0, cell(), 0] = 3  # three acts of twenty crossings each, in January
    measures = dataset(Counts.of(empty), about)
    per_year = 3 * 20 / (10 * 31 / 365)
    assert measures.bad_acts.sel(group="male")[0] == pytest.approx(per_year)
    assert measures.bad_acts.sel(group="all")[0] == pytest.approx(per_year / 4)
    assert measures.harm.sel(group="male")[0] == pytest.approx(2.0 * per_year)
    assert measures.bad_acts.sel(group="party")[0] == 0
    assert np.isnan(measures.bad_acts.sel(group="minority")).all()
    whole = summary(Counts.of(empty), about)
    assert whole.bad_acts.sel(group="male") == pytest.approx(3 * 20 / (10 * 69 / 365))


def test_chilling_counts_protected_wishes_only(about, empty):
    empty["acts"][1, cell(), 2] = 3
    empty["silenced"][1, cell(), 2] = 1
    empty["silenced"][1, cell(), 1] = 5
    whole = summary(Counts.of(empty), about)
    assert whole.chilled.sel(group="all") == pytest.approx(0.25)
    assert whole.deterred.sel(group="all") == pytest.approx(6 / 9)


def test_precision_and_recall(about, empty):
    empty["acts"][0, cell(), 1] = 40  # thefts, which both sensors may see
    empty["acts"][0, cell(), 2] = 10  # petitions, which only the police may see
    empty["records"][0, cell(), 1] = (4, 3, 2, 0, 0, 0, 1)  # one of the five true ones comes late
    whole = summary(Counts.of(empty), about).sel(group="all")
    assert whole.precision.sel(sensor="police") == pytest.approx(0.5)
    assert whole.recall.sel(sensor="police") == pytest.approx(5 / 50)
    assert whole.recall.sel(sensor="street_camera") == 0
    assert np.isnan(whole.precision.sel(sensor="street_camera"))
    assert whole.records_wrong_person == pytest.approx(0.3)
    assert whole.records_not_done == pytest.approx(0.2)


def test_standing_and_doors(about, empty):
    rich = cell(age=3, female=1, urban=1, fifth=4, party=1)
    empty["entries"][0, cell(), 0] = (4, 1, 1, 0)
    empty["points"][0, cell(), 0] = (20, 2)
    empty["grades"][:, cell(), 0] = (10, 0, 0)
    empty["grades"][:, rich, 0] = (0, 0, 30)
    empty["marks"][-1, cell(), 0] = (5, 3, 0, 1)
    empty["acts"][2, cell(), 4:] = (6, 4)
    empty["outcomes"][2, cell(), 1, 0] = 4
    empty["shut_out"][:, cell(), 0] = (310, 280, 100)
    whole = summary(Counts.of(empty), about).isel(instrument=0)
    everybody, men = whole.sel(group="all"), whole.sel(group="male")
    assert men.penalties == pytest.approx(100 * 4 / (10 * 69 / 365))
    assert men.wrongful_penalties == pytest.approx(0.25)
    assert men.points_lost == pytest.approx(20 / (10 * 69 / 365))
    assert everybody.grade_share.values == pytest.approx([0.25, 0, 0.75])
    assert men.ever_refused == pytest.approx(0.5)
    assert everybody.ever_penalised == pytest.approx(3 / 40)
    assert men.refused == pytest.approx(0.4)
    assert men.refused_by_service.sel(service="consumer_loan") == 1
    assert men.shut_out == pytest.approx(365)


def test_states_are_means_at_the_months_end(about, empty):
    empty["belief"][1, cell(), 3] = 255 * 5
    empty["income"][-1, cell()] = 300_000
    empty["public_support"][-1, cell()] = 8
    empty["private_support"][-1, cell()] = 5
    measures = dataset(Counts.of(empty), about).sel(group="male")
    assert measures.believed_risk.sel(domain="judiciary").values == pytest.approx([0.5, 0, 0])
    assert measures.income[-1] == 30_000
    assert measures.support_gap[-1] == pytest.approx(0.3)


def test_a_society_without_instruments_has_measures(about):
    law = results.context(instruments=0)
    counts = results.counts(law)
    assert dataset(counts, law).penalties.shape == (3, len(GROUPS), 0)
    assert "penalties" not in set(tidy(counts, law).measure)


def test_the_tidy_table_holds_every_value_once(about):
    counts = results.counts(about)
    measures, long = dataset(counts, about), tidy(counts, about)
    assert len(long) == sum(int(v.notnull().sum()) for v in measures.data_vars.values())
    row = long[(long.measure == "score") & (long.group == "female") & (long.time == "2019-02-28")]
    assert row.value.item() == pytest.approx(measures.score.sel(group="female", time="2019-02-28").item())


def test_counts_cannot_be_changed_and_must_be_canonical(about):
    counts = results.counts(about)
    with pytest.raises(ValueError, match="read-only"):
        counts.acts[0, 0, 0] = 1
    arrays = dict(counts.items()) | {"acts": counts.acts.astype(np.int32)}
    with pytest.raises(TypeError, match="acts is int32"):
        Counts.of(arrays)


def test_shapes_name_every_array(about):
    counts = results.counts(about)
    named = shapes(months=3, behaviours=4, services=2, sensors=2, instruments=1, grades=3, places=2)
    assert {name: array.shape for name, array in counts.items()} == named


def test_the_context_survives_json(about):
    assert Context.from_json(about.to_json()) == about


def test_publicity_is_told_by_channel(about, empty):
    empty["on_channel"][-1, cell(), 0] = 3
    empty["audience"][0, cell(), 1] = 20
    empty["ties_lost"][1, cell()] = 2
    empty["ties"][-1, cell()] = 45
    whole = summary(Counts.of(empty), about).sel(group="male")
    assert whole.on_channel.sel(channel="billboard") == pytest.approx(0.3)
    assert whole.audience.sel(channel="app") == pytest.approx(20 / (10 * 69 / 365))
    assert whole.on_channel.sum() + whole.audience.sum() == pytest.approx(0.3 + 20 / (10 * 69 / 365))
    assert whole.ties_lost == pytest.approx(1000 * 2 / (10 * 69 / 365))
    assert whole.ties == pytest.approx(4.5)


def test_units_and_provinces():
    """Flows by unit add up to those by province; a unit says where it lies and how many live there."""
    units = (Unit("hebei", 0, 500, 1), Unit("hebei", 3, 400, 1, ("lake",)), Unit("tibet", 0, 90, 1))
    about = replace(results.context(), units=units)
    numbers = results.zeros(about, neighbourhoods=3)
    numbers["by_place"][0] = [[1, 2, 3, 4], [10, 20, 30, 40], [100, 200, 300, 400]]
    counts = Counts.of(numbers)
    found = dataset(counts, about)
    assert found.place_records.dims == ("time", "unit")
    assert found.place_records.isel(time=0).values.tolist() == [2, 20, 200]
    assert found.province_refusals.isel(time=0).values.tolist() == [44, 400]
    assert found.province.values.tolist() == ["hebei", "tibet"]
    assert found.unit_province.values.tolist() == ["hebei", "hebei", "tibet"]
    assert found.unit_number.values.tolist() == [0, 3, 0]
    assert found.unit_people.values.tolist() == [500, 400, 90]
    assert "neighbourhood" not in found.dims
    long = tidy(counts, about).query("measure == 'province_refusals' and province == 'tibet'")
    assert long["value"].tolist() == [400, 0, 0]
    assert Context.from_json(json.loads(json.dumps(about.to_json()))) == about


def test_the_plain_figures_of_a_run_are_the_numbers_of_its_summary():
    run = results.run(instruments=2, lists=1)
    summed = run.summary
    assert set(run.figures) == set(summed.data_vars)
    for name, figures in run.figures.items():
        np.testing.assert_array_equal(figures, summed[name].values, strict=True)
    assert sum(np.isfinite(figures).sum() for figures in run.figures.values()) > 1000

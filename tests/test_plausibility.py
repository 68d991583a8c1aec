"""The whole model against published figures: one small town and one seed, so that the ranges leave room for luck."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scorepolis import plausibility, rulebooks
from scorepolis.cli import app
from scorepolis.core.calendar import months
from scorepolis.core.errors import InputError
from scorepolis.measures.context import Context
from scorepolis.measures.dataset import summary
from scorepolis.parameters import load as load_parameters
from scorepolis.parameters import quantities
from scorepolis.parameters.model import Record
from scorepolis.plausibility import cameras, conduct, dogs, drivers, firms, lists, standing, trials, years_ahead
from scorepolis.plausibility import page as pages
from scorepolis.plausibility.catalogue import NAME, Catalogue, Figure
from scorepolis.plausibility.finding import Finding, Foretold, taken
from scorepolis.plausibility.worlds import AS_LISTED, AS_PENALISED, FIVE_YEARS, LIST, POINTS, Worlds, among
from scorepolis.validation import bonus_malus
from scorepolis.validation.base_rates import CROWD

PAGE = Path(__file__).parents[1] / "docs" / "plausibility.md"
PEOPLE = 12_000


@pytest.fixture(scope="module")
def worlds():
    """Worlds of one seed, each made when it is first asked for."""
    return Worlds(1, people=PEOPLE)


@pytest.fixture(scope="module")
def catalogue():
    return plausibility.load()


# ------------------------------------------------------------------------------------------------------------ ranges


def test_blood_donors_are_about_eleven_in_a_thousand_a_year(worlds):
    assert 8 < conduct.donors(worlds) < 15


def test_three_men_in_a_hundred_drive_after_drinking_within_thirty_days_and_hardly_a_woman(worlds):
    men, women = (conduct.drink_driving(worlds, sex) for sex in ("male", "female"))
    assert 0.022 < men < 0.038
    assert 0.0002 < women < 0.002
    assert women < men / 15


def test_two_to_four_adults_in_a_thousand_are_listed_a_year(worlds):
    assert 1.7 < lists.settled_listings(worlds) < 4.5


def test_half_to_one_adult_in_a_hundred_is_listed_after_five_years(worlds):
    assert 0.004 < worlds.lists.graded(LIST, 0) < 0.012


def test_a_flight_or_two_is_refused_per_listing(worlds):
    assert 0.8 < lists.refused_per_listing(worlds.lists, "flight") < 2


def test_trains_refused_per_listing_are_within_a_factor_of_ten_and_said_not_to_fit_if_they_do_not(worlds, catalogue):
    figure = catalogue.figures["trains_per_listing"]
    trains = lists.refused_per_listing(worlds.lists, "fast_train")
    assert figure.published.value / 10 < trains < figure.published.value * 10
    assert not Finding(figure, (trains,)).unexplained


def test_most_people_end_in_the_grade_in_which_all_start(worlds):
    assert 0.5 < standing.start_grade(worlds.scheme) < 0.95


def test_the_lowest_grade_is_rare_and_reached_by_overrides(worlds):
    assert 0.001 < worlds.scheme.graded(POINTS, 0) < 0.02
    assert standing.lowest_by_override(worlds.scheme) > 0.9


def test_a_cameras_precision_follows_from_the_base_rate_and_its_errors(worlds):
    usual, erring = worlds.scheme, worlds.misreading(cameras.MANY)
    true, wrong_person, not_done = usual.records(cameras.CAMERA)[:3]
    assert erring.records(cameras.CAMERA)[0] == true > 500  # the same acts are seen
    times = cameras.MANY / float(usual.world.parameters.sensors[cameras.CAMERA].false_positive.exact)
    assert times / 3 < cameras.false_per_true(erring) / cameras.false_per_true(usual) < times * 3
    expected = true / (true + wrong_person + not_done * times)
    assert cameras.precision(erring) == pytest.approx(expected, abs=0.08)
    assert cameras.precision(erring) < 0.9 < cameras.precision(usual) < 1


def test_points_alone_move_little(worlds):
    assert -0.05 < standing.conduct_moved(worlds) < 0


# ---------------------------------------------------------------------------------- the years ahead, dogs, and trials


def test_totals_of_the_lists_are_those_of_the_end_of_2018_and_later_years_follow(worlds):
    assert 8 < years_ahead.listed_by(worlds, 2018) < 15
    assert 11 < years_ahead.refused_by(worlds, "flight", 2018) < 21
    assert 2 < years_ahead.refused_by(worlds, "fast_train", 2018) < 9
    assert 0.5 < years_ahead.stock(worlds, 2018) < 1.2
    assert len(worlds.ahead.counts.acts) == 12 * 11
    whole = worlds.ahead.penalties(LIST)
    by_year = [worlds.ahead.penalties(LIST, from_month=12 * y, to_month=12 * y + 12) for y in range(11)]
    assert sum(by_year) == whole
    adults = worlds.ahead.people("adult", at=12 * 6)
    assert years_ahead.listed_in(worlds, 2019) == pytest.approx(1000 * by_year[5] / adults)
    assert years_ahead.stock(worlds, 2024) == 100 * worlds.ahead.graded(LIST, 0)


def test_what_is_set_for_the_totals_is_within_its_range():
    load_parameters(AS_LISTED)
    load_parameters(AS_PENALISED)


def test_customs_inspect_as_often_as_was_published_of_each_grade(worlds):
    certified, discredited = (firms.inspected(worlds.traders, grade) for grade in ("advanced", "discredited"))
    assert 0.0045 < certified < 0.007
    assert 0.84 < discredited < 0.855
    assert 0 < firms.graded(worlds.traders, firms.CUSTOMS, "advanced") < 0.01


def test_drivers_settle_where_the_rule_leads(worlds):
    shares = [measure(worlds) for measure in drivers.MEASURES.values()]
    assert sum(shares) == pytest.approx(100)
    settled = bonus_malus.settled()
    assert shares[0] == pytest.approx(100 * settled[50], abs=0.5)
    assert shares[1] == pytest.approx(100 * sum(settled[c] for c in settled if 50 < c < 100), abs=0.5)


def test_dog_owners_are_penalised_and_hardly_one_of_them_loses_all(worlds):
    assert 0.5 < dogs.owners_penalised(worlds) < 3
    assert set(dogs.out_of_points(worlds.dogs)) <= set(dogs.penalised(worlds.dogs))
    assert len(dogs.out_of_points(worlds.dogs)) < len(dogs.penalised(worlds.dogs)) / 5
    assert worlds.dogs.world.setting.panel == PEOPLE  # of everybody, or none could be counted


def test_alerts_in_a_crowd_follow_from_its_size_and_the_rate_of_false_ones(worlds):
    assert trials.alerts(worlds, CROWD, trials.CARDIFF) == pytest.approx(2470, rel=0.05)
    assert trials.precision(worlds, CROWD) == pytest.approx(7, abs=0.6)
    assert trials.alerts(worlds, trials.WATCHED, trials.LONDON) == pytest.approx(2077, rel=0.1)
    assert 98.5 < trials.precision(worlds, trials.WATCHED) < 100
    wrote = trials.watch(CROWD, worlds.seed)
    assert trials.watch(CROWD, worlds.seed) is wrote
    assert trials.alerts(worlds, CROWD, 2 * trials.CARDIFF) == pytest.approx(2 * trials.alerts(worlds, CROWD, 170_000))


# ---------------------------------------------------------------------------------------------- how figures are taken


def test_groups_of_cells():
    assert among().sum() == 640
    assert among("adult").sum() == 480
    assert among("adult", "male").sum() == 240
    assert not (among("male") & among("female")).any()


def test_figures_are_those_that_a_user_reads_in_the_measures(worlds):
    lived = worlds.scheme
    context = Context.of(
        parameters=lived.world.parameters,
        rulebooks=lived.world.rulebooks,
        start=worlds.town.start,
        months=[month.end for month in months(worlds.town.start, worlds.town.days)],
    )
    told = summary(lived.counts, context)
    points = told.sel(instrument="rongcheng-2019/points", group="all")
    assert lived.aware(POINTS, at=-1) == pytest.approx(float(points.aware))
    assert cameras.precision(lived) == pytest.approx(float(told.precision.sel(sensor=cameras.CAMERA, group="all")))
    for private, name in ((False, "public_support"), (True, "private_support")):
        assert lived.approval("party", private=private) == pytest.approx(float(told[name].sel(group="party")))


def test_worlds_that_differ_share_their_people(worlds):
    assert (worlds.scheme.column("traits") == worlds.law.column("traits")).all()
    assert worlds.law.world.rulebooks == ()
    assert len(worlds.scheme.column("age")) == worlds.scheme.people() == PEOPLE


def test_hardly_anybody_stands_on_the_lists_when_the_five_years_begin(worlds):
    first = worlds.lists.counts.grades[0][:, LIST]
    assert first[:, 0].sum() < first.sum() / 1000 < worlds.lists.penalties(LIST)
    assert len(worlds.lists.counts.acts) == 60
    assert FIVE_YEARS[1] == 365 * 5 + 1
    listed = worlds.lists.penalties(LIST)
    assert 0 < worlds.lists.penalties(LIST, from_month=12) < listed


def test_the_threat_is_of_being_named_alone():
    parameters = load_parameters()
    text = (Path(plausibility.__file__).parent / "named-borrowers.yaml").read_text(encoding="utf-8")
    (blackboard,) = rulebooks.load_text(text, "named-borrowers.yaml", parameters).instruments
    assert blackboard.consequences == ()
    assert blackboard.stock is None
    assert [rule.behaviours for rule in blackboard.rules] == [(lists.OVERDUE,)]
    assert blackboard.publicity.billboard is not None


# ---------------------------------------------------------------------------------------------------------- catalogue


def test_every_figure_has_a_measure_and_every_measure_a_figure(catalogue):
    names = [*(name for pattern in catalogue.patterns for name in pattern.figures), *catalogue.forecasts]
    assert len(names) == len(set(names))
    assert sorted(names) == sorted(plausibility.MEASURES)


def test_patterns_come_in_order_and_none_is_left_out(catalogue):
    shown = [pattern.number for pattern in catalogue.patterns]
    assert shown == sorted(set(shown))
    assert {*shown, *(entry.number for entry in catalogue.unshown)} == set(range(1, 19))
    assert {1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16} <= set(shown)


def test_what_a_figure_is_fitted_by_exists(catalogue):
    parameters = load_parameters()
    known = {path for path, _ in quantities(parameters)} | {"coefficients.deterrence.form"}
    own = str(Path(plausibility.__file__).parent / "named-borrowers.yaml")
    for book in (rulebooks.load(name, parameters) for name in (*rulebooks.names(), own)):
        for instrument in (*book.instruments, *book.firms):
            known |= {f"{book.name}.{instrument.id}.{field}" for field in type(instrument).model_fields}
    fitted = [path for figure in catalogue.figures.values() for path in figure.fitted]
    assert len(fitted) > 10
    assert set(fitted) <= known


def test_files_take_their_own_keys_only(catalogue):
    assert issubclass(Catalogue, Record)
    figure = next(iter(catalogue.figures.values())).model_dump()
    with pytest.raises(ValueError, match="colour"):
        Figure.model_validate({**figure, "colour": "red"})
    figure["published"].pop("source")
    with pytest.raises(ValueError, match="without a source"):
        Figure.model_validate(figure)


def test_a_fault_in_the_file_is_told_with_its_place(monkeypatch, tmp_path):
    text = (Path(plausibility.__file__).parent / NAME).read_text(encoding="utf-8")
    (tmp_path / NAME).write_text(text.replace("title: What the court's lists refuse", "titel: What"), encoding="utf-8")
    monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path)
    with pytest.raises(InputError, match=r"plausibility/patterns.yaml:\d+.*titel"):
        plausibility.load()


# ----------------------------------------------------------------------------------------------------- findings, page


def found(catalogue, value=None):
    """Findings that hit every published figure, or all give one value."""
    return {
        name: Finding(figure, (figure.published.value,) * 3 if value is None else (value,) * 3)
        for name, figure in catalogue.figures.items()
    }


def foretold(catalogue):
    """Forecasts that all come out alike."""
    return {name: Foretold(one, (1.0, 2.0, 6.0)) for name, one in catalogue.forecasts.items()}


def numbers(catalogue, value=None):
    """The same numbers as they are taken."""
    every = {**found(catalogue, value), **foretold(catalogue)}
    return {name: one.simulated for name, one in every.items()}


def test_a_forecast_has_a_mean_and_an_interval_and_no_word_on_whether_it_fits(catalogue):
    one = foretold(catalogue)["listed_ahead_2019"]
    assert (one.mean, one.interval) == (3.0, (1.0, 6.0))
    assert pages.ahead_cells(one) == ("Adults on the list at the year's end, 2019", "% of adults", "3", "1 to 6")
    assert not hasattr(one, "fits")


def test_forecasts_are_of_years_of_which_nothing_was_taken(catalogue):
    assert len(catalogue.forecasts) == 4 * 6 + 1
    told = [one.published for one in catalogue.figures.values()]
    for year in range(2019, 2025):
        assert f"listed_ahead_{year}" in catalogue.forecasts
    lists_ = [one for pattern in catalogue.patterns if pattern.number in (3, 4) for one in pattern.figures.values()]
    assert all(one.published in told for one in lists_)
    assert not re.search(r"end of 20(19|2\d)", " ".join(one.claim for one in lists_))


def test_a_finding_fits_if_its_mean_lies_in_the_range(catalogue):
    figure = catalogue.figures["blood_donors"]
    low, high = figure.published.range
    finding = Finding(figure, (low - 1, low + 1))
    assert (finding.mean, finding.interval, finding.fits) == (low, (low - 1, low + 1), True)
    for mean in (math.nextafter(low, 0), math.nextafter(high, math.inf), math.nan):
        assert not Finding(figure, (mean,)).fits


def test_a_misfit_without_a_reason_is_noticed(catalogue):
    figure = catalogue.figures["blood_donors"].model_copy(update={"misfit": None})
    assert Finding(figure, (0.0,)).unexplained
    assert not Finding(figure.model_copy(update={"misfit": "Nobody gives."}), (0.0,)).unexplained


def test_each_seed_gives_a_number_in_its_turn(catalogue):
    measures = {"one": lambda worlds: worlds.seed, "two": lambda worlds: worlds.size * 2}
    done = []
    numbers = taken(measures, (3, 1, 2), people=500, on_seed=done.append)
    assert sorted(done) == [1, 2, 3]
    assert numbers == {"one": (3, 1, 2), "two": (1000, 1000, 1000)}
    assert list(numbers) == list(measures)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (11.0, "11"),
        (0.0771, "0.0771"),
        (-0.0, "0"),
        (69.37, "69.4"),
        (100.0, "100"),
        (-2.166, "-2.17"),
        (2470.0, "2470"),
        (31474.0, "31500"),
    ],
)
def test_numbers_are_written_to_three_figures(value, written):
    assert pages.number(value) == written


def test_the_page_says_of_each_figure_whether_it_fits_and_why_not(catalogue):
    right, wrong = (
        " ".join(pages.page(catalogue, found(catalogue, value), foretold(catalogue)).split()) for value in (None, 1e6)
    )
    count = len(catalogue.figures)
    assert right.count("| yes |") == count
    assert "Does not fit" not in right
    assert wrong.count("| **no** |") == wrong.count("**Does not fit:**") == count
    assert "nobody knows why" in wrong
    lines = pages.page(catalogue, found(catalogue), foretold(catalogue)).splitlines()
    assert max(len(line) for line in lines if not line.startswith("|")) <= 120


def test_the_page_in_the_documentation_is_of_this_catalogue(catalogue):
    text = PAGE.read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    told = [row for row in rows if len(row) == len(pages.COLUMNS) and row[0] not in (pages.COLUMNS[0], "---")]
    expected = [pages.cells(finding) for finding in found(catalogue).values()]
    assert [(*row[:3], row[5]) for row in told] == [(*cells[:3], cells[5]) for cells in expected]
    for row, figure in zip(told, catalogue.figures.values(), strict=True):
        low, high = figure.published.range
        slack = 5e-3 * max(abs(low), abs(high))  # figures are rounded
        mean, (lowest, highest) = float(row[3]), map(float, row[4].split(" to "))
        assert lowest <= mean <= highest
        assert low - slack <= mean <= high + slack if row[6] == "yes" else not low + slack < mean < high - slack
    spaced = re.sub(r"\s+", " ", text)
    assert "nobody knows why" not in spaced
    for figure in catalogue.figures.values():
        assert re.sub(r"\s+", " ", figure.measured.strip()) in spaced
    for entry in catalogue.unshown:
        assert entry.claim in text


@pytest.mark.parametrize(("value", "code"), [(None, 0), (1e6, 1)])
def test_the_command_prints_and_writes_and_fails_only_where_no_reason_is_given(
    monkeypatch, tmp_path, catalogue, value, code
):
    monkeypatch.setattr(plausibility, "taken", lambda *_, **__: numbers(catalogue, value))
    target = tmp_path / "page.md"
    called = CliRunner().invoke(app, ["plausibility", "--page", str(target)])
    assert called.exit_code == code
    assert target.read_text(encoding="utf-8") == pages.page(catalogue, found(catalogue, value), foretold(catalogue))
    assert ("gives no reason" in called.output) == bool(code)
    assert "13. Blood donors" in called.output
    assert "Ahead" in called.output
    assert called.output.count("1 to 6") == len(catalogue.forecasts)


def test_what_is_asked_for_alone_is_measured(monkeypatch, catalogue):
    asked = []

    def taken(measures, seeds, **_):
        asked.append((set(measures), list(seeds)))
        return dict.fromkeys(measures, (1.0, 3.0))

    monkeypatch.setattr(plausibility, "taken", taken)
    (blood,) = (pattern for pattern in catalogue.patterns if pattern.number == 13)
    called = CliRunner().invoke(app, ["plausibility", "13", "--seeds", "2", "--json"])
    assert asked.pop() == (set(blood.figures), [1, 2])
    rows = json.loads(called.stdout)
    assert [row["name"] for row in rows] == list(blood.figures)
    assert {(row["pattern"], row["simulated"], row["lowest"], row["highest"]) for row in rows} == {(13, 2.0, 1.0, 3.0)}
    called = CliRunner().invoke(app, ["plausibility", "ahead"])
    assert asked.pop() == (set(catalogue.forecasts), list(range(1, 11)))
    assert called.exit_code == 0
    assert "Ahead" in called.output
    assert "figures fit" not in called.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["131"], "unknown pattern '131'"), (["aheat"], "did you mean 'ahead'"), (["13", "--page", "x.md"], "--page")],
)
def test_what_is_not_there_is_refused_before_anything_is_run(monkeypatch, tmp_path, arguments, words):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(plausibility, "taken", lambda *_, **__: pytest.fail("something was run"))
    called = CliRunner().invoke(app, ["plausibility", *arguments])
    assert called.exit_code == 2
    assert words in called.output
    assert list(tmp_path.iterdir()) == []


def test_a_pattern_is_measured_by_the_command_itself():
    called = CliRunner().invoke(app, ["plausibility", "18", "--seeds", "1", "--json"])
    rows = json.loads(called.stdout)
    assert rows
    assert all(row["fits"] and row["lowest"] <= row["simulated"] <= row["highest"] for row in rows)


def test_a_finding_cannot_be_changed(catalogue):
    finding = next(iter(found(catalogue).values()))
    with pytest.raises(dataclasses.FrozenInstanceError):
        finding.simulated = ()

"""Schemes side by side: pairing, intervals, luck, flows, the folder, and what is refused."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from typer.testing import CliRunner

import scorepolis as sp
from scorepolis import cli
from scorepolis.core.errors import InputError, ScorepolisError
from scorepolis.experiments import schemes
from scorepolis.experiments.flows import ACROSS, OVER_TIME
from scorepolis.experiments.intervals import over_seeds
from scorepolis.experiments.luck import luck
from scorepolis.experiments.persons import PERSONAL
from scorepolis.measures.groups import GROUPS, masks

SMALL = {"society": "village", "people": 500, "days": 40}
SEEDS = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("compare") / "c"


@pytest.fixture(scope="module")
def found(folder):
    return sp.compare("rongcheng-2019", "spending-restriction", seeds=SEEDS, seed=5, threads=2, out=folder, **SMALL)


@pytest.fixture
def damaged(found, tmp_path):
    return shutil.copytree(found.path, tmp_path / "c")


def one(table, **where):
    for column, value in where.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


# ----------------------------------------------------------------------------------------------- what names stand for


def test_a_family_stands_for_its_latest_book():
    families = schemes.rulebooks.families()
    assert families["defaulter-list"] == "defaulter-list-2024"
    assert families["spending-restriction"] == "spending-restriction-2024"
    assert "law" not in families


def test_a_rulebook_stands_for_the_scenario_with_it_alone():
    (scheme,), _ = schemes.resolve(["rongcheng-2019"])
    assert scheme.scenario.society == "town"
    assert scheme.scenario.rulebooks == ("rongcheng-2019",)
    several, _ = schemes.resolve(["village", "law-only"])
    assert {scheme.scenario.society for scheme in several} == {"village"}
    assert several[1].is_law_only


def test_a_society_takes_all_scenarios():
    found, _ = schemes.resolve(["village", "town"], society="rongcheng")
    assert [scheme.scenario.society for scheme in found] == ["rongcheng", "rongcheng"]


def test_files_are_rulebooks_or_scenarios(tmp_path):
    from scorepolis.rulebooks.load import library

    book = tmp_path / "mine.yaml"
    text = library().joinpath("teaching-town.yaml").read_text(encoding="utf-8")
    book.write_text(text.replace("name: teaching-town", "name: mine"), encoding="utf-8")
    place = tmp_path / "quarter.yaml"
    place.write_text(
        "version: 1\nname: quarter\ntitle: A quarter\nsociety: village\nrulebooks: [mine.yaml]\nstart: 2019-01-01\n"
        "days: 90\n",
        encoding="utf-8",
    )
    (of_book, of_place), _ = schemes.resolve([book, place])
    assert of_book.texts == of_place.texts == {"mine": book.read_text(encoding="utf-8")}
    assert of_book.scenario.days == 90


# ---------------------------------------------------------------------------------------------------------- the tables


def test_the_first_seed_is_the_run_that_run_makes(found):
    for run in found.runs.values():
        scenario = sp.Scenario.model_validate(run.provenance["scenario"])
        alone = sp.run(scenario, people=SMALL["people"], days=SMALL["days"], seed=5)
        assert run.verify() == alone.digest
        assert run.provenance == alone.provenance


def test_measures_are_those_of_the_runs(found):
    for name, run in found.runs.items():
        for measure in ("harm", "refused", "hardship"):
            for group in ("all", "fifth_1"):
                row = one(found.measures, scheme=name, seed=5, measure=measure, group=group)
                assert row["value"] == float(run.summary[measure].sel(group=group))
    run = found.runs["rongcheng-2019"]
    row = one(found.measures, scheme="rongcheng-2019", seed=5, measure="grade_share", group="all", grade="A")
    names = list(run.context.instruments[0].grades)
    assert row["value"] == float(run.summary["grade_share"].sel(group="all")[0, names.index("A")])


def test_means_and_differences_are_paired_by_seed(found):
    table = found.measures.query("measure == 'records' and group == 'all'").sort_values("seed")
    values = {name: table[table["scheme"] == name]["value"].to_numpy() for name in found.schemes}
    row = one(found.means, scheme="law-only", measure="records", group="all")
    assert row["mean"] == pytest.approx(values["law-only"].mean())
    for scheme, against in (("rongcheng-2019", "law-only"), ("spending-restriction-2024", "rongcheng-2019")):
        apart = values[scheme] - values[against]
        low, high = stats.t.interval(0.95, SEEDS - 1, loc=apart.mean(), scale=stats.sem(apart))
        row = one(found.differences, scheme=scheme, against=against, measure="records", group="all")
        assert (row["mean"], row["low"], row["high"]) == pytest.approx((apart.mean(), low, high))
        assert row["seeds"] == SEEDS


def test_persons_agree_with_the_counts(found):
    """What is taken from each person sums to what the engine counted of all of them."""
    assert_agree(found, SMALL["people"])


def test_persons_agree_with_the_counts_where_rulebooks_are_in_force_in_places():
    assert_agree(sp.compare("national", seeds=1, seed=6, threads=1, people=10_000, days=20), 10_000)


def assert_agree(found, people):
    for name, run in found.runs.items():
        own = found.persons[found.persons["scheme"] == name]
        assert sorted(own["person"]) == list(range(people))
        counts = run.counts
        assert own["income"].sum() == counts.income[-1].sum()
        assert own["hardship"].sum() == pytest.approx(counts.hardship[-1].sum() / 255)
        assert own["ties"].sum() == counts.ties[-1].sum()
        assert own["penalties"].sum() == counts.entries[..., 0].sum()
        assert own["wrongful_penalties"].sum() == counts.entries[..., 2].sum()
        assert own["rewards"].sum() == counts.entries[..., 1].sum()
        assert own["net_points"].sum() == (counts.points[..., 1] - counts.points[..., 0]).sum()
        if len(run.context.instruments) == 1:
            assert own["refused"].sum() == counts.marks[-1, :, 0, 0].sum()
            assert own["shamed"].sum() == counts.marks[-1, :, 0, 2].sum()


def test_effects_are_of_each_person_beside_themselves(found):
    table = found.persons.set_index("person")
    ours, law = (table[table["scheme"] == name].sort_index() for name in ("rongcheng-2019", "law-only"))
    cells = ours["group_cell"].to_numpy()
    assert (cells == law["group_cell"].to_numpy()).all()
    # Of one seed, so that the table of all seeds can be reckoned again.
    alone = sp.compare("rongcheng-2019", seeds=1, seed=5, threads=1, **SMALL)
    for number in PERSONAL:
        change = (ours[number.name] - law[number.name]) * number.better
        for group in ("all", "urban", "fifth_1"):
            members = masks()[[g.name for g in GROUPS].index(group)][cells] > 0
            for of, share in (("gain", (change > 0)), ("lose", (change < 0)), ("same", (change == 0))):
                row = one(alone.effects, scheme="rongcheng-2019", number=number.name, of=of, group=group)
                assert row["mean"] == pytest.approx(share[members].mean())
                assert np.isnan(row["low"])
    assert (ours["standing_worth"] != 0).any()
    assert (law["standing_worth"] == 0).all()


def test_flows_hold_everybody_in_scope(found):
    run = found.runs["rongcheng-2019"]
    own = found.flows.query("seed == 5 and from_scheme == 'rongcheng-2019'")
    over_time = own[own["kind"] == OVER_TIME]
    names = run.context.instruments[0].grades
    for column, moment in (("from_grade", 0), ("to_grade", -1)):
        held = over_time.groupby(column, observed=True)["people"].sum()
        counted = run.counts.grades[moment, :, 0, : len(names)].sum(axis=0)
        assert {grade: n for grade, n in zip(names, counted, strict=True) if n} == held.to_dict()
    across = own[own["kind"] == ACROSS]
    assert set(across["to_scheme"]) == {"spending-restriction-2024"}
    assert across["people"].sum() == over_time["people"].sum() == run.counts.in_scope[-1].sum()


def same(one, other):
    for name in ("measures", "means", "differences", "effects", "luck", "flows", "persons"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    return [s["digest"] for s in one.provenance["schemes"]] == [s["digest"] for s in other.provenance["schemes"]]


def test_threads_do_not_change_a_number(found):
    again = sp.compare("rongcheng-2019", "spending-restriction", seeds=SEEDS, seed=5, threads=1, **SMALL)
    assert same(found, again)


@pytest.mark.slow
def test_processes_do_not_change_a_number(found, monkeypatch):
    monkeypatch.setattr("scorepolis.experiments.compare.WORTH_PROCESSES", 0)
    done = []
    again = sp.compare(
        "rongcheng-2019", "spending-restriction", seeds=SEEDS, seed=5, threads=2,
        progress=lambda worlds, total: done.append((worlds, total)), **SMALL,
    )  # fmt: skip
    assert same(found, again)
    assert done[-1] == (12, 12)


# --------------------------------------------------------------------------------------------------- intervals and luck


def test_intervals_are_students():
    values = np.array([[1.0, 2.0, np.nan], [3.0, 2.0, np.nan], [8.0, 2.0, 5.0]])
    found = over_seeds(values)
    assert found.mean.tolist() == [4.0, 2.0, 5.0]
    low, high = stats.t.interval(0.95, 2, loc=4.0, scale=stats.sem([1.0, 3.0, 8.0]))
    assert (found.low[0], found.high[0]) == pytest.approx((low, high))
    assert (found.low[1], found.high[1]) == (2.0, 2.0)
    assert np.isnan(found.low[2])
    assert found.seeds.tolist() == [3, 3, 1]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_luck_finds_the_share_that_was_put_in(share):
    draw = np.random.default_rng(2)
    place = np.repeat(np.arange(100), 400)
    stays = np.sqrt(1 - share) * draw.normal(size=place.size)
    lives = [1000 + stays + np.sqrt(share) * draw.normal(size=place.size) for _ in range(2)]
    found = luck(*lives, place)
    assert found.share == pytest.approx(share, abs=0.02)
    if share:
        assert found.low < share < found.high


def test_luck_of_what_nobody_differs_in_is_nothing():
    found = luck(np.ones(9), np.ones(9), np.arange(9))
    assert np.isnan(found.share)


def test_who_people_are_is_not_luck(found):
    """Income differs between people and hardly between their lives; a penalty a month is mostly chance."""
    rows = found.luck.set_index(["scheme", "number", "of"])["share"]
    assert rows["rongcheng-2019", "income", "number"] < 0.01
    assert rows["rongcheng-2019", "penalties", "number"] > 0.5


def test_other_luck_leaves_the_people_as_they_are(found):
    from scorepolis.engine.world import World

    parameters = schemes.load_parameters({})
    books = [schemes.rulebooks.load("rongcheng-2019", parameters)]
    home = World(parameters, books, society="village", people=300, seed=3)
    other = World(parameters, books, society="village", people=300, seed=4, like=home, regions=home.regions)
    for ours, theirs in zip(home.districts, other.districts, strict=True):
        for name in ("age", "flags", "traits", "income_rank", "group_cell", "ties"):
            np.testing.assert_array_equal(ours[name], theirs[name])
        assert (ours["raw"] != theirs["raw"]).any(), "their past is another one"
    home.run(0)
    other.run(0)


# ---------------------------------------------------------------------------------------------------------- the folder


def test_the_folder_gives_back_what_was_found(found):
    again = sp.load_comparison(found.path)
    assert again.provenance == found.provenance
    assert again.schemes == ("rongcheng-2019", "spending-restriction-2024", "law-only")
    for name in ("measures", "means", "differences", "effects", "luck", "flows", "persons"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(again, name), check_categorical=False)
    assert {name: run.digest for name, run in again.runs.items()} == {
        scheme["name"]: scheme["digest"] for scheme in found.provenance["schemes"]
    }
    assert repr(again).startswith("Comparison('rongcheng-2019', 'spending-restriction-2024', 'law-only'")


def test_runs_of_the_folder_are_run_folders(found):
    run = sp.load(found.path / "runs" / "spending-restriction-2024")
    assert run.verify() == run.digest
    assert run.baseline.counts.acts.sum() == found.runs["law-only"].counts.acts.sum()
    assert run.provenance["scenario"]["rulebooks"] == ["spending-restriction-2024"]


def test_a_damaged_folder_is_told(damaged):
    (damaged / "luck.parquet").write_bytes((damaged / "luck.parquet").read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match=r"damaged: the file is not the one that was written.*"):
        sp.load_comparison(damaged)
    (damaged / "luck.parquet").unlink()
    with pytest.raises(InputError, match="the file is missing"):
        sp.load_comparison(damaged)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 99}, "format version 99"),
        ({"format": "scorepolis-run"}, "not the record of a comparison"),
        ({"seeds": None}, "it lacks seeds"),
        ({"schemes": [{"name": "../a", "title": "A", "error": None}]}, "a scheme is named '../a'"),
        ({"schemes": [7]}, "a scheme without name"),
        ({"files": []}, "not what they should be"),
    ],
)
def test_a_damaged_record_is_told(damaged, change, told):
    file = damaged / "comparison.json"
    record = {**json.loads(file.read_text(encoding="utf-8")), **change}
    file.write_text(json.dumps({key: value for key, value in record.items() if value is not None}), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        sp.load_comparison(damaged)


def test_a_record_that_is_no_json_is_told(damaged):
    (damaged / "comparison.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        sp.load_comparison(damaged)


def test_a_foreign_folder_is_told(tmp_path):
    with pytest.raises(InputError, match="no such comparison folder"):
        sp.load_comparison(tmp_path / "none")
    with pytest.raises(InputError, match="this is not a comparison"):
        sp.load_comparison(tmp_path)


def test_nothing_but_a_comparison_is_replaced(found, tmp_path):
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(InputError, match="holds something else"):
        sp.compare("rongcheng-2019", out=tmp_path, force=True, **SMALL)
    with pytest.raises(InputError, match="holds an earlier comparison"):
        sp.compare("rongcheng-2019", out=found.path, **SMALL)
    with pytest.raises(InputError, match="holds something else"):
        sp.run("village", out=found.path, force=True)


# ------------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("names", "more", "told"),
    [
        ((), {}, "0 schemes to compare"),
        (("rongcheng-2091",), {}, "did you mean 'rongcheng-2021'"),
        (("defaulter-lst",), {}, "did you mean 'defaulter-list'"),
        (("law-only",), {}, "nothing to compare ordinary law alone with"),
        (("rongcheng-2019", "rongcheng-2019"), {}, "compared with itself"),
        (("defaulter-list", "defaulter-list-2024"), {}, "compared with itself"),
        (("town", "village"), {}, "differ in their society"),
        (("rongcheng-2019",), {"society": "vilage"}, "did you mean 'village'"),
        (("rongcheng-2019",), {"seeds": 0}, "seeds is 0"),
        (("rongcheng-2019",), {"seed": 2**64 - 1}, "seed is"),
        (("rongcheng-2019",), {"people": 5}, "people is 5"),
        (("rongcheng-2019",), {"days": 2.5}, "days is 2.5"),
        (("none.yaml",), {}, "does not exist"),
    ],
)
def test_bad_input_is_refused_before_anything_is_run(names, more, told, tmp_path):
    with pytest.raises(InputError, match=told):
        sp.compare(*names, out=tmp_path / "c", **more)
    assert not (tmp_path / "c").exists()


def scenario(folder, name, **fields):
    told = {"rulebooks": "[rongcheng-2019]", "start": "2019-01-01", "days": 30, "set": "{}", **fields}
    lines = "".join(f"{key}: {value}\n" for key, value in told.items())
    (folder / f"{name}.yaml").write_text(
        f"version: 1\nname: {name}\ntitle: {name}\nsociety: village\n{lines}", encoding="utf-8"
    )
    return folder / f"{name}.yaml"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"start": "2020-01-01"}, "differ in their start"),
        ({"days": 31}, "differ in their days"),
        ({"set": "{coefficients.learning.peer_weight: 0}"}, "differ in parameters: coefficients.learning.peer_weight"),
    ],
)
def test_scenarios_that_differ_in_more_than_rulebooks_are_refused(tmp_path, fields, told):
    with pytest.raises(InputError, match=told):
        sp.compare(scenario(tmp_path, "a"), scenario(tmp_path, "b", **fields))


def test_a_scheme_that_fails_is_a_row(tmp_path):
    twice = scenario(tmp_path, "twice", rulebooks="[rongcheng-2019, rongcheng-2019]")
    found = sp.compare("rongcheng-2019", twice, seeds=1, people=300, days=30)
    assert found.schemes == ("rongcheng-2019", "law-only")
    assert found.failures == {
        "twice": "the rulebook 'rongcheng-2019' stands twice in one run; expected each rulebook once"
    }
    with pytest.raises(ScorepolisError, match="stands twice"):
        sp.compare(twice, seeds=1, people=300, days=30)


def test_a_scheme_that_fails_while_it_runs_is_a_row(monkeypatch):
    from scorepolis.experiments import replicate

    live = replicate.live

    def fails(world, days):
        if world.seed == 2 and world.rulebooks[0].name == "teaching-town":
            raise ScorepolisError("3 acts had a rate above their ceiling")
        return live(world, days)

    monkeypatch.setattr(replicate, "live", fails)
    found = sp.compare("teaching-town", "rongcheng-2019", seeds=2, society="village", people=300, days=20)
    assert found.failures == {"teaching-town": "seed 2: 3 acts had a rate above their ceiling"}
    assert "teaching-town" not in set(found.measures["scheme"])
    assert set(found.differences["against"]) == {"law-only"}
    with pytest.raises(ScorepolisError, match="no scheme could be run: teaching-town: seed 2: 3 acts"):
        sp.compare("teaching-town", seeds=1, seed=2, society="village", people=300, days=20)


# ----------------------------------------------------------------------------------------------------- the command line


def call(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def test_the_command_writes_and_show_tells(tmp_path):
    out = tmp_path / "c"
    small = ("--society", "village", "--people", 300, "--days", 20, "--seeds", 2)
    told = call("compare", "law-only", "rongcheng-2019", *small, "--out", out)
    assert told.exit_code == 0, told.output
    assert "How much is luck" in told.stdout
    assert "Who gains and who loses: rongcheng-2019" in told.stdout
    shown = call("show", out)
    assert shown.exit_code == 0
    assert shown.stdout in told.stdout
    data = json.loads(call("show", out, "--json").stdout)
    assert data["provenance"]["seeds"] == [1, 2]
    assert {row["scheme"] for row in data["means"]} == {"law-only", "rongcheng-2019"}
    assert all(row["measure"] != "episodes" for row in data["means"])
    assert call("show", out / "runs" / "rongcheng-2019").exit_code == 0
    assert call("compare", "rongcheng-2019", *small, "--out", out).exit_code == 2


def test_the_command_tells_what_is_wrong():
    told = call("compare", "rongchen-2019")
    assert told.exit_code == 2
    assert "did you mean 'rongcheng-2019'?" in told.stderr

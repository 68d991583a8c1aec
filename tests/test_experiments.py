"""Experiment files: what they may say, where they look, what they keep, and what they find."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import scorepolis as sp
from scorepolis import cli, plausibility
from scorepolis.core.errors import InputError, ScorepolisError
from scorepolis.experiments import points as of_points
from scorepolis.experiments import pool, sensitivity
from scorepolis.experiments.abc_smc import abc_smc, weighted_quantile
from scorepolis.experiments.calibrate import distance
from scorepolis.experiments.design import Knob, Sensitivity, Sweep, plan_of
from scorepolis.experiments.hands import processes
from scorepolis.experiments.objectives import OBJECTIVES, check_objective
from scorepolis.experiments.outputs import Output
from scorepolis.experiments.sampling import points, uniform
from scorepolis.experiments.schemes import resolve
from scorepolis.measures.declared import BY_NAME
from scorepolis.parameters import load as load_parameters

SWEEP = """\
version: 1
name: small
title: A small sweep
kind: sweep
design: grid
scenario: village
people: 200
days: 20
seeds: 2
parameters:
  coefficients.awareness.awareness: {values: [0.11, 1]}
  sensors.bank.delay.shortest: {values: [1]}
measures:
  - chilled
  - {measure: records, world: difference}
"""
SENSITIVITY = """\
version: 1
name: small
title: What matters
kind: sensitivity
method: morris
samples: 2
scenario: village
people: 200
days: 20
parameters: [coefficients.awareness]
measures: [{measure: aware, instrument: rongcheng-2019/points}]
"""
CALIBRATE = """\
version: 1
name: small
title: A small fit
kind: calibrate
method: optuna
objective: fit
people: 200
trials: 3
batch: 2
parameters:
  coefficients.awareness.awareness: {highest: 0.3}
targets:
  - {figure: aware_at_the_start}
  - {figure: listed_in_the_town, held_out: true}
"""


def written(folder, text, name="small.yaml"):
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def run(folder, text, **more):
    return sp.experiment(written(folder, text), workers=1, **more)


# -------------------------------------------------------------------------------------------------- what files may say


@pytest.mark.parametrize(
    ("text", "change", "told"),
    [
        (SWEEP, ("kind: sweep", "kind: swep"), r":4:1: unknown kind 'swep'.*did you mean 'sweep'"),
        (SWEEP, ("kind: sweep\n", ""), "'kind' is missing"),
        (SWEEP, ("people:", "persons:"), r":7:1: unknown key 'persons'"),
        (SWEEP, ("seeds: 2", "seds: 2"), r":9:1: unknown key 'seds'.*did you mean 'seeds'"),
        (SWEEP, ("seeds: 2", "seeds: 0"), r":9:1: seeds: 0 will not do"),
        (SWEEP, ("people: 200", "people: 20"), "people: 20 will not do"),
        (SWEEP, ("scenario: village", "scenario: vilage"), r":6:1: .*did you mean 'village'"),
        (SWEEP, ("awareness.awareness", "awareness.awarenes"), r":11:3: .*did you mean 'coefficients.awareness.aware"),
        (SWEEP, ("[0.11, 1]", "[0.11, 7]"), r":11:3: .*7 lies outside the declared range"),
        (SWEEP, ("[0.11, 1]", "[0.11, yes please]"), "'yes please' is not a number"),
        (SWEEP, ("values: [0.11, 1]", "values: [0.1], lowest: 0"), "has values and a range"),
        (SWEEP, ("values: [0.11, 1]", "lowest: 0.5, highest: 0.5"), "is empty: 0.5 to 0.5"),
        (SWEEP, ("values: [0.11, 1]", "lowest: 0.5, highest: 0.8"), "has no values.*as a grid needs"),
        (SWEEP, ("values: [0.11, 1]", "vales: [0.11, 1]"), "did you mean 'values'"),
        (SWEEP, ("design: grid", "design: grid\npoints: 3"), "a grid has as many points as its values make"),
        (SWEEP, ("design: grid", "design: random"), "'points' is missing"),
        (SWEEP, ("design: grid", "design: random\npoints: 90000"), "180,000 runs; expected at most 100,000"),
        (SWEEP, ("- chilled", "- chiled"), r":14:5: there is no measure 'chiled'.*did you mean 'chilled'"),
        (
            SWEEP,
            ("- chilled", "- penalties"),
            "'penalties' needs its 'instrument'; expected one of defaulter-list-2017",
        ),
        (SWEEP, ("- chilled", "- {measure: chilled, service: flight}"), "has no axis 'service'"),
        (SWEEP, ("- chilled", "- {measure: refused_by_service, service: fligt}"), "did you mean 'flight'"),
        (SWEEP, ("- chilled", "- {measure: chilled, group: fith_1}"), "did you mean 'fifth_1'"),
        (SWEEP, ("- chilled", "- {measure: chilled, world: other}"), "unknown world 'other'"),
        (SWEEP, ("- chilled", "- {mesure: chilled}"), "unknown key 'mesure'.*did you mean 'measure'"),
        (SWEEP, ("- chilled", "- 7"), r":14:5: measures.0: 7 will not do"),
        (SWEEP, ("- chilled", "- chilled\n  - chilled"), "'chilled' is measured twice"),
        (
            SWEEP,
            ("- chilled", "- {measure: score, instrument: rongcheng-2019/points, world: difference}"),
            "belongs to",
        ),
        (SENSITIVITY, ("[coefficients.awareness]", "[coefficients.awarenes]"), r":10:14: no parameter has the path"),
        (SENSITIVITY, ("[coefficients.awareness]", "[coefficients.deterrence.form]"), "no parameter has the path|form"),
        (SENSITIVITY, ("method: morris", "method: moris"), "did you mean 'morris'"),
        (SENSITIVITY, ("morris\nsamples: 2", "sobol\nsamples: 3"), "a power of two"),
        (SENSITIVITY, ("samples: 2", "samples: 1"), "samples: 1 will not do"),
        (SENSITIVITY, ("samples: 2", "samples: 90000"), "runs; expected at most"),
        (
            CALIBRATE,
            ("aware_at_the_start", "aware_at_start"),
            r":13:6: no published figure.*did you mean 'aware_at_the_",
        ),
        (CALIBRATE, ("aware_at_the_start", "conduct_moved"), "is assumed and not published"),
        (CALIBRATE, ("listed_in_the_town", "aware_at_the_start"), "stands twice among the targets"),
        (CALIBRATE, ("start}", "start, held_out: true}"), "nothing is to be fitted"),
        (CALIBRATE, ("objective: fit", "objective: exclusion"), "targets with the objective 'exclusion'"),
        (CALIBRATE, ("people: 200", "days: 30"), "every figure has its own worlds"),
        (CALIBRATE, ("{highest: 0.3}", "{values: [0.1, 0.2]}"), "a range, to search in"),
        (CALIBRATE, ("method: optuna", "method: abc_smc\nparticles: 10\nsimulations: 12"), "twice as many simulations"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path, text, change, told):
    assert text.count(change[0]) == 1
    with pytest.raises(InputError, match=told):
        run(tmp_path, text.replace(*change), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_list_that_runs_alone_needs_no_instrument():
    (scheme,), _ = resolve(["defaulter-list"])
    assert Output.of("penalties", scheme.scenario).column == "penalties.defaulter-list-2024/list"


def test_ranges_are_those_that_parameters_declare(tmp_path):
    plan = plan_of(written(tmp_path, SENSITIVITY))
    assert {knob.path for knob in plan.knobs} == {
        f"coefficients.awareness.{name}"
        for name in ("awareness", "partly_known", "notice_read", "household_tells", "news_reach")
    }
    text = SENSITIVITY.replace("[coefficients.awareness]", "[coefficients.awareness]\nstatus: assumed")
    assert "coefficients.awareness.awareness" not in {knob.path for knob in plan_of(written(tmp_path, text)).knobs}
    text = SENSITIVITY.replace("[coefficients.awareness]", "[coefficients.learning.experience_most]")
    (knob,) = plan_of(written(tmp_path, text)).knobs
    assert (knob.lowest, knob.highest, knob.whole) == (1, 255, True)
    assert [knob.at(share) for share in (0.0, 0.5, 1.0)] == [1, 128, 255]


@pytest.mark.parametrize(
    "name", [*BY_NAME, "compliance", "dissent", "unrest", "legitimacy", "detection", "Exclusion", ""]
)
def test_nothing_but_the_closed_list_is_an_objective(tmp_path, name):
    """No measure is an objective by its name, and there is no word for the other direction."""
    assert set(OBJECTIVES) == {"fit", "wrongful_records", "exclusion", "disparity", "chilling"}
    with pytest.raises(InputError, match=r"measured here and never optimised, in either direction"):
        check_objective(name)
    if name:
        with pytest.raises(InputError, match=r":6:1: '.*' is no objective"):
            run(tmp_path, CALIBRATE.replace("objective: fit", f"objective: {name}"))
        for text in (SWEEP, SENSITIVITY):
            with pytest.raises(InputError, match="never optimised, in either direction"):
                run(tmp_path, f"{text}objective: {name}\n")
    for text in (SWEEP, SENSITIVITY):  # they only look
        with pytest.raises(InputError, match="unknown key 'objective'"):
            run(tmp_path, f"{text}objective: exclusion\n")
    for key in ("direction: maximize", "maximize: true"):
        with pytest.raises(InputError, match="unknown key"):
            run(tmp_path, CALIBRATE.replace("trials: 3", f"trials: 3\n{key}"))


def test_objectives_are_the_measures_of_their_names():
    found = sp.run("village", people=400, days=120, seed=3)
    from scorepolis.engine.simulate import simulate
    from scorepolis.scenarios import load

    outcome = simulate(load("village"), people=400, days=120, seed=3)
    of = {name: objective.of for name, objective in OBJECTIVES.items() if objective.of}
    assert of["exclusion"](outcome) == pytest.approx(float(found.summary.refused.sel(group="all")))
    assert of["chilling"](outcome) == pytest.approx(float(found.summary.chilled.sel(group="all")))
    years = found.counts.people[0].sum() * 120 / 365
    assert of["wrongful_records"](outcome) == pytest.approx(found.counts.entries[..., 2].sum() / years * 1000)
    shares = [
        float(found.summary.refused.sel(group=group))
        for group in found.summary.group.values
        if found.summary.applications.sel(group=group).notnull().any()
    ]
    assert 0 < of["disparity"](outcome) <= max(shares) - min(shares)


# ------------------------------------------------------------------------------------------------------ where they look

KNOBS = (Knob("a", 0.0, 1.0), Knob("b", 10.0, 20.0, whole=True))


def sweep(**fields):
    said = {
        "version": 1,
        "name": "s",
        "title": "S",
        "kind": "sweep",
        "parameters": {"a": None},
        "measures": ("chilled",),
    }
    return Sweep.model_validate({**said, **fields})


def test_a_grid_is_every_combination():
    knobs = (Knob("a", 0, 1, (0, 1)), Knob("b", 2, 4, (2, 3, 4)))
    found = points(sweep(design="grid"), knobs)
    assert [(p["a"], p["b"]) for p in found] == [(0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4)]


def test_random_points_fill_the_range():
    found = points(sweep(design="random", points=500), KNOBS)
    values = np.array([p["a"] for p in found])
    assert values.min() >= 0
    assert values.max() <= 1
    assert abs(values.mean() - 0.5) < 0.05
    assert {p["b"] for p in found} == set(range(10, 21))
    assert found == points(sweep(design="random", points=500), KNOBS)
    assert found != points(sweep(design="random", points=500, seed=2), KNOBS)


def test_a_latin_hypercube_has_one_point_in_every_slice():
    found = points(sweep(design="latin_hypercube", points=40), KNOBS)
    assert sorted(int(p["a"] * 40) for p in found) == list(range(40))


def test_draws_are_between_nought_and_one():
    drawn = uniform(7, 1000, 3)
    assert 0 < drawn.min() < drawn.max() < 1
    assert len(np.unique(drawn)) == 3000


# ------------------------------------------------------------------------------------------------ sensitivity, by SALib


def sensitive(method, samples):
    return Sensitivity(
        version=1, name="s", title="S", kind="sensitivity", method=method, samples=samples, parameters=("a",),
        measures=("chilled",),
    )  # fmt: skip


THREE = tuple(Knob(name, 0.0, 1.0) for name in "abc")


def test_morris_finds_the_slopes_of_a_plane():
    design = sensitive("morris", 10)
    shares = sensitivity.sample(design, THREE)
    table = sensitivity.analyse(design, THREE, shares, {"y": shares @ np.array([1.0, -4.0, 0.0])})
    found = table.set_index(["parameter", "index"])["value"]
    assert found["a", "mu_star"] == pytest.approx(1)
    assert (found["b", "mu_star"], found["b", "mu"]) == (pytest.approx(4), pytest.approx(-4))
    assert found["c", "mu_star"] == pytest.approx(0)
    assert found["b", "sigma"] == pytest.approx(0, abs=1e-9)
    assert table["parameter"].iloc[0] == "b", "what moves most stands first"


def test_sobol_finds_the_shares_of_variance_of_ishigamis_function():
    """Ishigami and Homma 1990, with a = 7 and b = 0.1: the shares are known in closed form."""
    design = sensitive("sobol", 1024)
    shares = sensitivity.sample(design, THREE)
    x = np.pi * (2 * shares - 1)
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = sensitivity.analyse(design, THREE, shares, {"y": y}).set_index(["index", "parameter"])["value"]
    assert [found["S1", name] for name in "abc"] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
    assert [found["ST", name] for name in "abc"] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)


def test_a_block_with_a_failed_point_is_left_out():
    design = sensitive("morris", 6)
    shares = sensitivity.sample(design, THREE)
    y = shares @ np.array([1.0, 2.0, 3.0])
    y[5] = np.nan
    table = sensitivity.analyse(design, THREE, shares, {"y": y, "still": np.ones(len(y))})
    assert set(table[table["measure"] == "y"]["blocks"]) == {5}
    assert table[(table["measure"] == "y") & (table["index"] == "mu_star")]["value"].tolist() == pytest.approx(
        [3, 2, 1]
    )
    assert (table[table["measure"] == "still"]["value"] == 0).all()


# ------------------------------------------------------------------------------------------------------------- ABC-SMC


def test_intervals_of_abc_hold_known_truths_as_often_as_they_say():
    """Forty truths drawn from the prior, data drawn for each, and how many of the 90 % intervals hold their truth.

    The data are the mean of 20 normal numbers, so that the exact posterior is known too: normal, with sd 1/sqrt(20).
    """
    draw = np.random.default_rng(11)
    held, widths = 0, []
    for number, truth in enumerate(draw.uniform(-2, 2, 40)):
        seen = truth + draw.normal() / np.sqrt(20)

        def simulate(points, first, seen=seen):
            assert first % 200 == 0
            return np.abs(points[:, 0] + draw.normal(size=len(points)) / np.sqrt(20) - seen)

        found = abc_smc(simulate, np.array([-4.0]), np.array([4.0]), particles=200, simulations=6000, seed=number)
        low, high = found.quantile(0.05)[0], found.quantile(0.95)[0]
        held += low < truth < high
        widths.append(high - low)
        assert found.weights.sum() == pytest.approx(1)
        assert list(found.tolerances) == sorted(found.tolerances, reverse=True)
        assert found.simulations <= 6000
    assert 31 <= held <= 40, "36 expected; chance alone leads outside of this once in a hundred times"
    assert np.mean(widths) == pytest.approx(2 * 1.645 / np.sqrt(20), rel=0.2)


def test_abc_leaves_the_prior_where_data_tell_nothing():
    draw = np.random.default_rng(3)
    found = abc_smc(
        lambda points, first: draw.random(len(points)),
        np.array([0.0, 0.0]), np.array([1.0, 10.0]), particles=300, simulations=3000, seed=1,
    )  # fmt: skip
    assert found.tolerances
    assert found.quantile(0.5) == pytest.approx([0.5, 5.0], rel=0.25)
    assert (found.points >= 0).all()
    assert (found.points <= [1.0, 10.0]).all()


@pytest.mark.parametrize(("simulations", "generations"), [(100, 0), (150, 0), (400, 1)])
def test_abc_says_how_far_it_came(simulations, generations):
    """Behind the prior, every tenth simulation comes near: of 50 particles a batch of 50 gives 5."""

    def simulate(points, first):
        tenth = np.arange(len(points)) % 10 == 0
        return np.linspace(1, 2, len(points)) if first == 0 else np.where(tenth, 0.5, 3.0)

    found = abc_smc(simulate, np.zeros(1), np.ones(1), particles=50, simulations=simulations, seed=1)
    assert len(found.tolerances) == generations
    assert found.simulations == simulations
    assert len(found.points) == (35 if generations else 50)


def test_abc_leaves_out_what_failed():
    found = abc_smc(
        lambda points, first: np.where(points[:, 0] < 0.5, np.inf, points[:, 0]),
        np.array([0.0]), np.array([1.0]), particles=50, simulations=100, seed=1,
    )  # fmt: skip
    assert (found.points[:, 0] >= 0.5).all()
    with pytest.raises(ValueError, match="fewer than two"):
        abc_smc(lambda p, first: np.full(len(p), np.inf), np.zeros(1), np.ones(1), particles=5, simulations=10, seed=1)


def test_weighted_quantiles():
    assert weighted_quantile(np.array([3.0, 1.0, 2.0]), np.array([0.5, 0.25, 0.25]), 0.5) == 2.0
    assert weighted_quantile(np.array([3.0, 1.0, 2.0]), np.array([0.6, 0.2, 0.2]), 0.5) == 3.0


# -------------------------------------------------------------------------------------------------- running experiments


def test_a_sweep_is_one_tidy_table(tmp_path):
    found = run(tmp_path, SWEEP, out=tmp_path / "out")
    table = found.results
    assert list(table.columns) == [
        "point", "seed", "coefficients.awareness.awareness", "sensors.bank.delay.shortest", "chilled", "records.change",
        "error",
    ]  # fmt: skip
    assert table[["point", "seed"]].to_numpy().tolist() == [[0, 1], [0, 2], [1, 1], [1, 2]]
    assert table["coefficients.awareness.awareness"].tolist() == [0.11, 0.11, 1.0, 1.0]
    assert found.failures == 0
    alone = sp.run("village", people=200, days=20, seed=2, set={"coefficients.awareness.awareness": 1,
                                                               "sensors.bank.delay.shortest": 1})  # fmt: skip
    change = alone.summary.records.sel(group="all") - alone.baseline.summary.records.sel(group="all")
    assert table["records.change"].iloc[3] == float(change)
    again = sp.load_experiment(tmp_path / "out")
    pd.testing.assert_frame_equal(again.results, table, check_dtype=False)
    assert again.provenance == found.provenance
    assert repr(again) == "Experiment('small', kind='sweep', rows=4)"


def test_an_interrupted_experiment_goes_on(tmp_path, monkeypatch):
    done = []
    evaluate = of_points.evaluate

    def stops(task, point, seeds):
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(point)
        return evaluate(task, point, seeds)

    monkeypatch.setattr(pool, "evaluate", stops)
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, SWEEP, out=out)
    assert len(list((out / "points").iterdir())) == 1
    with pytest.raises(InputError, match="is not finished"):
        sp.load_experiment(out)
    done.clear()
    monkeypatch.setattr(pool, "evaluate", lambda *job: done.append(job[1]) or evaluate(*job))
    found = run(tmp_path, SWEEP, out=out)
    assert [point["coefficients.awareness.awareness"] for point in done] == [1]
    whole = run(tmp_path, SWEEP)
    pd.testing.assert_frame_equal(found.results, whole.results)
    # Half a file is run again; a whole one is not.
    done.clear()
    file = min((out / "points").iterdir())
    file.write_text(file.read_text(encoding="utf-8")[:40], encoding="utf-8")
    pd.testing.assert_frame_equal(run(tmp_path, SWEEP, out=out).results, whole.results)
    assert len(done) == 1


def test_another_experiment_is_not_replaced_unasked(tmp_path):
    out = tmp_path / "out"
    one = SWEEP.replace("[0.11, 1]", "[0.11]").replace("seeds: 2", "seeds: 1")
    run(tmp_path, one, out=out)
    other = one.replace("[0.11]", "[0.5]")
    with pytest.raises(InputError, match="holds another experiment"):
        run(tmp_path, other, out=out)
    found = run(tmp_path, other, out=out, force=True)
    assert found.results["coefficients.awareness.awareness"].tolist() == [0.5]
    assert len(list((out / "points").iterdir())) == 1
    (tmp_path / "letters").mkdir()
    written(tmp_path / "letters", "dear", "letter.txt")
    with pytest.raises(InputError, match="holds something else"):
        run(tmp_path, one, out=tmp_path / "letters", force=True)
    with pytest.raises(InputError, match="is a file"):
        run(tmp_path, one, out=tmp_path / "letters" / "letter.txt")


def test_damaged_and_foreign_folders_are_told(tmp_path):
    out = tmp_path / "out"
    run(tmp_path, SWEEP.replace("[0.11, 1]", "[0.11]").replace("seeds: 2", "seeds: 1"), out=out)
    (out / "results.parquet").write_bytes(b"no parquet")
    with pytest.raises(InputError, match="the experiment is damaged"):
        sp.load_experiment(out)
    record = json.loads((out / "experiment.json").read_text(encoding="utf-8"))
    (out / "experiment.json").write_text(json.dumps({**record, "version": 9}), encoding="utf-8")
    with pytest.raises(InputError, match="not the record of an experiment of this version"):
        sp.load_experiment(out)
    (out / "experiment.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="is damaged"):
        sp.load_experiment(out)
    with pytest.raises(InputError, match="this is not an experiment"):
        sp.load_experiment(tmp_path)


def test_a_point_that_fails_is_a_row(tmp_path):
    """Each value is sound alone; the shortest delay above the longest is not."""
    text = SWEEP.replace(
        "shortest: {values: [1]}", "shortest: {values: [1, SHORT]}\n  sensors.bank.delay.longest: {values: [LONG]}"
    )
    delay = load_parameters().sensors["bank"].delay
    text = text.replace("SHORT", str(int(delay.longest.value))).replace("LONG", str(int(delay.longest.value) - 1))
    found = run(tmp_path, text.replace("seeds: 2", "seeds: 1").replace("[0.11, 1]", "[0.11]"))
    assert found.failures == 1
    assert pd.isna(found.results["error"].iloc[0])
    assert "sensors.bank.delay" in found.results["error"].iloc[1]
    assert np.isnan(found.results["chilled"].iloc[1])


@pytest.mark.slow
def test_workers_do_not_change_a_number(tmp_path):
    file = written(tmp_path, SWEEP)
    one, two = (sp.experiment(file, workers=workers) for workers in (1, 2))
    pd.testing.assert_frame_equal(one.results, two.results)


@pytest.mark.slow
def test_a_killed_worker_is_told():
    import os

    with pytest.raises(ScorepolisError, match="a worker process was killed"), processes(1) as hands:
        hands.executor.submit(os._exit, 9).result()


def test_a_sensitivity_analysis_finds_what_makes_people_aware(tmp_path):
    found = run(tmp_path, SENSITIVITY, out=tmp_path / "out")
    assert len(found.results) == 2 * (5 + 1)
    table = found.tables["sensitivity"]
    values = table[table["index"] == "mu_star"].set_index("parameter")["value"]
    assert values.idxmax() == "coefficients.awareness.awareness"
    assert values["coefficients.awareness.partly_known"] == 0, "Rongcheng's rules are published"
    pd.testing.assert_frame_equal(sp.load_experiment(tmp_path / "out").tables["sensitivity"], table)


def test_a_fit_finds_the_published_awareness(tmp_path):
    found = run(tmp_path, CALIBRATE, out=tmp_path / "out")
    assert len(found.results) == 3
    targets = found.tables["targets"].set_index("figure")
    assert targets["held_out"].tolist() == [False, True]
    best = found.results.loc[(found.results["aware_at_the_start"] - 11).abs().idxmin()]
    estimate = found.tables["estimate"].iloc[0]
    assert estimate["value"] == best["coefficients.awareness.awareness"]
    assert targets.loc["aware_at_the_start", "simulated"] == best["aware_at_the_start"]
    half = (13 - 9) / 2
    assert estimate["objective"] == pytest.approx(abs(best["aware_at_the_start"] - 11) / half)
    assert distance({"aware_at_the_start": 13.0}, ["aware_at_the_start"]) == 1
    again = run(tmp_path, CALIBRATE)
    pd.testing.assert_frame_equal(again.results, found.results)


def test_abc_of_the_model_gives_a_posterior(tmp_path, monkeypatch):
    """The worlds are stood in for by what the figure is by definition: the share who were told."""
    monkeypatch.setattr(
        plausibility,
        "MEASURES",
        {
            "aware_at_the_start": lambda worlds: 100 * worlds.overrides["coefficients.awareness.awareness"],
            "listed_in_the_town": lambda worlds: worlds.seed % 7,
        },
    )
    text = CALIBRATE.replace("method: optuna", "method: abc_smc\nparticles: 40\nsimulations: 400")
    text = text.replace("trials: 3\nbatch: 2\n", "")
    found = run(tmp_path, text)
    estimate = found.tables["estimate"].iloc[0]
    assert estimate["low"] < 0.11 < estimate["high"]
    assert estimate["high"] - estimate["low"] < 0.1
    assert estimate["generations"] >= 2
    posterior = found.tables["posterior"]
    assert len(posterior) == 40
    assert posterior["weight"].sum() == pytest.approx(1)
    assert found.results["seed"].is_unique, "every simulation has luck of its own"
    assert found.tables["targets"]["simulated"].notna().all()


def test_less_exclusion_may_be_searched_for(tmp_path):
    text = CALIBRATE[: CALIBRATE.index("targets:")].replace("objective: fit", "objective: exclusion")
    text = text.replace("people: 200", "people: 200\ndays: 20\nscenario: village")
    found = run(tmp_path, text)
    assert found.tables["estimate"]["objective"].iloc[0] == found.results["exclusion"].min()
    assert "targets" not in found.tables


@pytest.mark.parametrize("name", ["sweep", "sensitivity", "calibrate"])
def test_the_examples_can_be_read(name, request):
    plan = plan_of(request.config.rootpath / "examples" / f"{name}.yaml")
    assert plan.design.kind == name
    assert plan.design.name == name


# ----------------------------------------------------------------------------------------------------- the command line


def call(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def test_the_command_tells_what_it_found(tmp_path):
    file = written(tmp_path, SWEEP.replace("seeds: 2", "seeds: 1"))
    told = call("experiment", file, "--workers", 1, "--out", tmp_path / "out")
    assert told.exit_code == 0, told.output
    assert "A sweep of 2 points, 2 rows in all." in told.stdout
    data = json.loads(call("experiment", file, "--workers", 1, "--out", tmp_path / "out", "--json").stdout)
    assert [row["point"] for row in data["results"]] == [0, 1]
    assert data["provenance"]["experiment"]["name"] == "small"


def test_the_command_tells_what_is_wrong(tmp_path):
    told = call("experiment", written(tmp_path, SWEEP.replace("chilled", "chiled")))
    assert told.exit_code == 2
    assert "small.yaml:14:5: there is no measure 'chiled'" in told.stderr
    assert call("experiment", tmp_path / "none.yaml").exit_code == 2
    assert call("experiment", written(tmp_path, SWEEP), "--workers", 0).exit_code == 2


def test_the_command_says_where_it_goes_on(tmp_path, monkeypatch):
    def stops(*job):
        raise KeyboardInterrupt

    monkeypatch.setattr(pool, "evaluate", stops)
    told = call("experiment", written(tmp_path, SWEEP), "--workers", 1, "--out", tmp_path / "out")
    assert told.exit_code == 1
    assert told.stderr == "scorepolis: stopped; nothing is kept\n"  # the first point had not come to its end

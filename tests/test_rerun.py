"""A run made again from its record is the same, and what is not the same is named."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from tests import results
from typer.testing import CliRunner

import scorepolis as sp
from scorepolis import cli, rulebooks, scenarios
from scorepolis.core.errors import InputError
from scorepolis.measures.counts import Counts
from scorepolis.runs.folder import PROVENANCE, VERSION
from scorepolis.runs.rerun import differences, rerun
from scorepolis.runs.result import Run, World

SCENARIO = """
version: 1
name: mine
title: My own town
society: village
rulebooks: [law/strict.yaml]
start: 2020-02-01
days: 33
set: {coefficients.awareness.awareness: 0.5}
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A run of a scenario and a rulebook that are files, which are gone afterwards."""
    place = tmp_path_factory.mktemp("mine")
    (place / "law").mkdir()
    library = files("scorepolis.rulebooks").joinpath("library/teaching-town.yaml").read_text(encoding="utf-8")
    book = library.replace("name: teaching-town", "name: strict").replace("title: Teaching town", "title: Strict — 严")
    (place / "law" / "strict.yaml").write_text(book, encoding="utf-8")
    (place / "mine.yaml").write_text(SCENARIO, encoding="utf-8")
    changed = {"coefficients.learning.peer_weight": 0.1}
    sp.run(place / "mine.yaml", people=400, seed=5, threads=1, set=changed, out=place / "run")
    shutil.rmtree(place / "law")
    (place / "mine.yaml").unlink()
    return place / "run"


@pytest.fixture
def folder(original, tmp_path):
    return shutil.copytree(original, tmp_path / "a")


def record(folder, **changes):
    """Change entries of the record; None takes one away."""
    file = folder / PROVENANCE
    made = {**json.loads(file.read_text(encoding="utf-8")), **changes}
    file.write_text(json.dumps({name: value for name, value in made.items() if value is not None}), encoding="utf-8")
    return file


def test_the_record_holds_all_it_takes_and_nothing_of_the_machine(original):
    made = sp.load(original).provenance
    assert made["scenario"]["rulebooks"] == ["strict"]
    assert made["scenario"]["start"] == "2020-02-01"
    assert made["scenario"]["days"] == made["days"] == 33
    assert made["overrides"] == {"coefficients.awareness.awareness": 0.5, "coefficients.learning.peer_weight": 0.1}
    assert "Strict — 严" in made["rulebooks"][0]["text"]
    for name in (PROVENANCE, f"baseline/{PROVENANCE}"):
        assert str(original.parent) not in (original / name).read_text(encoding="utf-8")


def test_a_run_from_files_is_the_same_when_they_are_gone(folder):
    result = rerun(folder, threads=2)
    assert result.same
    assert result.then == result.now == sp.load(folder).digest
    assert (result.changes, result.differences) == ((), ())
    assert result.lines() == [f"same: the digest is {result.now}"]


def test_a_baseline_is_a_run_that_can_be_made_again(folder):
    assert rerun(folder / "baseline", threads=1).same


def test_other_luck_is_told_by_array_and_measure(folder):
    record(folder, seed=6)
    result = rerun(folder, threads=1)
    assert not result.same
    assert result.then != result.now
    assert result.changes == ()
    assert [d.world for d in result.differences] == ["scheme", "scheme", "baseline", "baseline"]
    array, measure, *_ = result.differences
    assert array.what == "acts of counts"
    assert array.then != array.now
    assert measure.where.startswith("time 2020-02-29, group all")
    assert result.lines()[0].startswith("differs: ")
    assert any("differs first in scheme, acts of counts, at [" in line for line in result.lines())


def test_what_has_changed_since_is_said_even_if_nothing_differs(folder):
    book = sp.load(folder).provenance["rulebooks"][0]
    record(folder, package="0.0.1", parameters="f" * 64, rulebooks=[{**book, "sha256": "0" * 64}])
    result = rerun(folder, threads=1)
    assert result.same
    assert [change.what for change in result.changes] == ["the package", "the parameters", "the rulebook strict"]
    assert f"  changed since: the package: 0.0.1 then, {sp.__version__} now" in result.lines()
    assert "  changed since: the parameters: ffffffffffff then, " in "\n".join(result.lines())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scenario": {"name": "made-up", "title": "A made-up town"}}, r"scenario\.version: field required"),
        ({"people": "many"}, "people: input should be a valid integer"),
        ({"people": 3}, "people is 3"),
        ({"seed": -1}, "seed is -1"),
        ({"overrides": {"coefficients.learning.peer_wait": 1}}, "did you mean 'coefficients.learning.peer_weight'"),
        ({"rulebooks": [{"name": "law-onli", "sha256": "0"}]}, "did you mean 'law-only'"),
        ({"rulebooks": [{"name": "../a.yaml", "sha256": "0"}]}, "which the library does not have"),
        ({"rulebooks": [{"name": "strict", "sha256": "0", "text": "version: 1"}]}, "is missing"),
        ({"rulebooks": "law-only"}, "rulebooks: input should be"),
    ],
)
def test_a_record_that_will_not_do_is_one_clear_error(folder, changes, words):
    record(folder, **changes)
    with pytest.raises(InputError, match=words):
        rerun(folder)


def test_a_recorded_rulebook_is_written_nowhere_but_in_passing(folder, tmp_path):
    book = sp.load(folder).provenance["rulebooks"][0]
    record(folder, rulebooks=[{**book, "name": f"../../{tmp_path.name}/strict"}])
    before = sorted(tmp_path.rglob("*"))
    assert rerun(folder, threads=1).same
    assert sorted(tmp_path.rglob("*")) == before


def test_results_that_are_not_those_written_are_refused_before_anything_is_run(folder, monkeypatch):
    monkeypatch.setattr("scorepolis.runs.rerun.run", lambda *_, **__: pytest.fail("it ran"))
    shutil.copy(folder / "baseline" / "ledger.parquet", folder / "ledger.parquet")
    with pytest.raises(InputError, match="not those that were written"):
        rerun(folder)


# --------------------------------------------------------------------------------------------------- what differs


def changed(run: Run, **arrays: np.ndarray) -> Run:
    """A run in which some counts are others."""
    counts = Counts.of({**dict(run.counts.items()), **arrays})
    return Run(run.provenance, run.timing, run.context, World(lambda: counts, run.world.ledger), run.baseline)


def test_a_run_does_not_differ_from_itself():
    assert list(differences(results.run(), results.run())) == []


def test_one_number_is_found_and_named():
    run = results.run()
    acts = run.counts.acts.copy()
    acts[1, 7, 0] += 3
    array, measure = differences(run, changed(run, acts=acts))
    assert (array.world, array.what, array.where) == ("scheme", "acts of counts", "at [1, 7, 0]")
    assert array.now - array.then == 3
    assert "time 2019-02-28, group all" in measure.where
    assert measure.now > measure.then
    assert str(array) == f"scheme, acts of counts, at [1, 7, 0]: {array.then} then, {array.now} now"


def test_the_ledger_and_the_baseline_are_compared_too():
    run = results.run()
    columns = {**run.ledger_columns, "points": run.ledger_columns["points"] + 1}
    other = Run(run.provenance, run.timing, run.context, World(run.world.counts, lambda: columns), run.baseline)
    assert [(d.world, d.what) for d in differences(run, other)] == [("scheme", "points of the ledger")]
    trust = run.baseline.counts.trust + 1
    law = changed(run.baseline, trust=trust)
    found = list(differences(run, Run(run.provenance, run.timing, run.context, run.world, law)))
    assert [(d.world, d.what) for d in found] == [("baseline", "trust of counts"), ("baseline", "the measure trust")]


def test_more_entries_and_other_columns_are_differences():
    run = results.run()
    longer = {name: np.append(column, column[-1]) for name, column in run.ledger_columns.items()}
    other = Run(run.provenance, run.timing, run.context, World(run.world.counts, lambda: longer), run.baseline)
    (found,) = differences(run, other)
    assert (found.where, found.then, found.now) == ("its shape", "4", "5")
    lacking = {name: column for name, column in run.ledger_columns.items() if name != "slot"}
    other = Run(run.provenance, run.timing, run.context, World(run.world.counts, lambda: lacking), run.baseline)
    (found,) = differences(run, other)
    assert str(found) == "scheme, slot of the ledger, as a whole: 4 entries then, nothing now"


def test_measures_may_differ_where_the_counts_do_not():
    run = results.run()
    costly = replace(run.context.behaviours[1], worth=2000.0)
    about = replace(run.context, behaviours=(run.context.behaviours[0], costly, *run.context.behaviours[2:]))
    found = list(differences(run, Run(run.provenance, run.timing, about, run.world, run.baseline)))
    assert [d.what for d in found] == ["the measure harm"]
    camera = replace(run.context.sensors[0], name="street_lamp")
    about = replace(run.context, sensors=(camera, *run.context.sensors[1:]))
    (found,) = differences(run, Run(run.provenance, run.timing, about, run.world, run.baseline))
    assert (found.where, found.then, found.now) == ("sensor 0", "street_camera", "street_lamp")


# ------------------------------------------------------------------------------------------------ the command line


def call(*arguments):
    return CliRunner().invoke(cli.app, ["rerun", *(str(argument) for argument in arguments)])


def test_the_command_says_same(folder):
    result = call(folder, "--threads", 1)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"same: the digest is {sp.load(folder).digest}\n"


def test_the_command_says_what_differs_and_fails(folder):
    record(folder, seed=6)
    result = call(folder, "--threads", 1, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["same"] is False
    assert told["differences"][0]["what"] == "acts of counts"
    assert told["changes"] == []


def test_the_command_refuses_what_is_no_run(tmp_path):
    result = call(tmp_path)
    assert result.exit_code == 2
    assert "not a run" in result.stderr


def test_a_changed_rulebook_of_the_library_is_said(tmp_path, monkeypatch):
    sp.run("village", people=200, days=3, threads=1, out=tmp_path / "a")
    load = rulebooks.load

    def other(name, parameters):
        book = load(name, parameters)
        return book.with_(purpose="Another one") if book.name != "law-only" else book

    monkeypatch.setattr("scorepolis.runs.recipe.load_rulebook", other)
    result = rerun(tmp_path / "a", threads=1)
    assert [change.what for change in result.changes] == [
        f"the rulebook {name}" for name in scenarios.load("village").rulebooks
    ]
    assert result.same


def test_the_format_of_the_record_is_the_same_for_both_worlds(original):
    both = [sp.load(original / name).provenance for name in ("", "baseline")]
    assert both[0].keys() == both[1].keys()
    assert {made["version"] for made in both} == {VERSION}

"""What results rest on: what is turned, the table that comes with the package, and that it can be reckoned again."""

import json
import math

import pytest
from typer.testing import CliRunner

from scorepolis import cli, rulebooks, scenarios
from scorepolis.core.errors import InputError
from scorepolis.experiments.points import Task, evaluate
from scorepolis.parameters import load as load_parameters
from scorepolis.parameters import quantities
from scorepolis.report import resting
from scorepolis.rests import reckon as reckoning
from scorepolis.rests.reckon import Step, outputs_of, reckon
from scorepolis.rests.table import Moved, Mover, Rests, load, names
from scorepolis.rests.turns import turns


@pytest.fixture(scope="module")
def every():
    scenario, parameters = scenarios.load("town"), load_parameters()
    books = [rulebooks.load(book, parameters) for book in scenario.books]
    return {turn.path: turn for turn in turns(scenario, parameters, books)}


def test_only_what_is_assumed_and_at_work_is_turned(every):
    known = dict(quantities(load_parameters()))
    turned = {path for turn in every.values() for path in (*turn.low, *turn.high)}
    for path in turned:
        quantity = known.get(path) or known[path.rpartition(".")[0]]
        assert quantity.status == "assumed", path
        assert not path.endswith(".weight"), path
    assert "coefficients.learning.peer_weight" in turned
    assert not any(path.startswith(("societies.national", "provinces.tibet")) for path in turned)


def test_numbers_that_say_one_thing_are_turned_together_each_to_its_own_end(every):
    known = dict(quantities(load_parameters()))
    turn = every["behaviours.jaywalking.rate"]
    assert set(turn.low) == {"behaviours.jaywalking.rate.male", "behaviours.jaywalking.rate.female"}
    for path, value in turn.low.items():
        assert value == known[path].range[0]
        assert turn.high[path] == known[path].range[1]
    sees = next(turn for path, turn in every.items() if path.endswith(".sees"))
    assert len(sees.low) > 1


def test_the_end_that_lies_farther_is_the_wider_one(every):
    known = dict(quantities(load_parameters()))
    for path in ("coefficients.learning.peer_weight", "coefficients.awareness.partly_known"):
        quantity = known[path]
        low, high = quantity.range
        wide = low if quantity.value - low > high - quantity.value else high
        assert every[path].wider == {path: wide}


def test_effects_are_taken_seed_by_seed():
    mover = Mover("a", {"a": 0}, {}, [1.0, 3.0], [])
    moved = Moved({"measure": "chilled"}, [2.0, 2.0], [2.0, 6.0], [mover])
    low, high = moved.effect(mover)
    assert (low, moved.size(mover), moved.value, moved.luck) == (0.0, 0.0, 2.0, 2.0)
    assert math.isnan(high)


@pytest.mark.slow
def test_what_is_reckoned_finds_what_makes_people_aware(monkeypatch, tmp_path):
    monkeypatch.setattr(reckoning, "SCREENED", Step(400, (1,)))
    monkeypatch.setattr(reckoning, "MEASURED", Step(600, (1, 2)))
    monkeypatch.setattr(reckoning, "OTHERS", (3,))
    seen = []
    some = ("coefficients.awareness", "coefficients.publicity")
    found = reckon("village", folder=tmp_path, only=some, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]
    assert found.failed == {}
    awareness = next(one for one in found.measures if one.output == {"measure": "chilled"})
    assert awareness.movers[0].path.startswith("coefficients.awareness")
    assert found.record["screened"]["turned"] >= 4
    again = reckon("village", folder=tmp_path, only=some)
    assert again == found, "read from what was kept"
    assert json.loads(found.to_text())["format"] == "scorepolis-rests"


@pytest.mark.parametrize("name", names())
def test_the_table_is_that_of_the_scenario(name):
    found = load(name)
    columns = {output.column for output in outputs_of(scenarios.load(name))}
    assert 10 <= len(found.measures) <= len(columns)
    for moved in found.measures:
        sizes = [moved.size(mover) for mover in moved.movers]
        assert sizes == sorted(sizes, reverse=True)
        assert len(moved.base) == len(found.record["seeds"])
    assert found.has_books(found.record["rulebooks"])
    assert not found.has_books([])


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_some_entries_come_out_again(name):
    """Of the same parameters and rulebooks the numbers are the same; of others the page says that they are."""
    found = load(name)
    scenario = scenarios.load(name)
    parameters = load_parameters(scenario.set)
    books = [rulebooks.load(book, parameters) for book in scenario.books]
    told = "\n".join(resting.lines(found))
    if not found.has_books([{"name": book.name, "sha256": book.digest()} for book in books]):
        assert resting.of_run([{"name": book.name, "sha256": book.digest()} for book in books]) is None
        return
    if not found.is_current():
        assert "It was reckoned by another version" in told
        return
    assert "It was reckoned by another version" not in told
    outputs = {output.column: output for output in outputs_of(scenario)}
    columns = {repr(o.model_dump(exclude_none=True, exclude_defaults=True)): name for name, o in outputs.items()}
    task = Task(scenario, found.record["people"], None, tuple(outputs.values()))
    seed = found.record["seeds"][0]
    mover = found.measures[0].movers[0]
    end, at = (mover.low, mover.at_low) if mover.low else (mover.high, mover.at_high)
    [base], [turned] = evaluate(task, {}, (seed,)), evaluate(task, end, (seed,))
    for moved in found.measures:
        column = columns[repr(moved.output)]
        assert base.numbers[column] == moved.base[0], f"{column}: make rests"
    assert turned.numbers[columns[repr(found.measures[0].output)]] == at[0]


def test_a_scenario_with_the_same_rulebooks_is_answered_from_that_table():
    assert resting.find("rongcheng").record["scenario"] == "town"
    assert resting.find("national").record["scenario"] == "town"


def test_what_was_not_reckoned_is_told(tmp_path):
    with pytest.raises(InputError, match="there is no scenario 'twon'"):
        resting.find("twon")
    own = tmp_path / "own.yaml"
    own.write_text(
        "version: 1\nname: own\ntitle: Own\nsociety: village\nrulebooks: [jinan-dogs]\nstart: 2019-01-01\ndays: 30\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="has not been reckoned; expected one of town"):
        resting.find(str(own))


def test_the_command_tells_it_in_words_and_in_json():
    told = CliRunner().invoke(cli.app, ["rests"])
    assert told.exit_code == 0, told.output
    assert "One assumed parameter at a time" in told.output
    plain = json.loads(CliRunner().invoke(cli.app, ["rests", "rongcheng", "--json"]).output)
    assert plain["record"]["scenario"] == "town"
    assert {"path", "low", "high", "change_at_low", "change_at_high"} == set(plain["measures"][0]["movers"][0])


def test_a_failed_turn_is_counted():
    found = load(names()[0])
    told = resting.lines(Rests(found.record, found.measures, {"a": "b"}))
    assert "Left out, since the parameters do not fit together at the end of their range: 1." in told

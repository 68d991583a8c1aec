"""Wrong input on the command line: exit code 2, one clear message, nothing written."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from tests import results
from typer.testing import CliRunner

import scorepolis as sp
from scorepolis import cli

SCENARIO = """\
version: 1
name: mine
title: My own village
society: village
rulebooks: [teaching-town]
start: 2019-01-01
days: 3
set: {}
"""


def call(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def listing(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() if path.is_file() else b"" for path in place.rglob("*")}


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch):
    """No input here may get as far as a simulation."""
    from scorepolis.engine.world import World

    monkeypatch.setattr(World, "run", lambda *_: pytest.fail("a simulation was begun"))


def refused(place: Path, *arguments: object) -> str:
    """Call with what cannot be used, and return the one line that says so."""
    before = listing(place)
    result = call(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("scorepolis: ")
    assert listing(place) == before
    return line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "vilage"], ["no scenario 'vilage'", "rongcheng, town, village", "did you mean 'village'?"]),
        (["run", "nowhere.yaml"], ["nowhere.yaml: the file does not exist"]),
        (["run", "/"], ["/: the file is a folder"]),
        (["run", "village", "--people", 99], ["people is 99; expected 100 to 2,000,000,000"]),
        (["run", "village", "--people", 10**30], ["people is 1,000,000,000,", "expected 100 to 2,000,000,000"]),
        (["run", "village", "--people", -5], ["people is -5"]),
        (["run", "village", "--days", 0], ["days is 0; expected 1 to 36,500"]),
        (["run", "village", "--days", 36_501], ["days is 36,501"]),
        (["run", "village", "--threads", 0], ["threads is 0; expected 1 to 256"]),
        (["run", "village", "--threads", 257], ["threads is 257"]),
        (["run", "village", "--seed", -1], ["seed is -1"]),
        (["run", "village", "--seed", 2**64], ["seed is 18,446,744,073,709,551,616"]),
        (["list", "behaviors"], ["no list of 'behaviors'", "did you mean 'behaviours'?"]),
        (["facts", "coefficients.learning.peer_wait"], ["did you mean 'coefficients.learning.peer_weight'?"]),
        (["facts", "zzz"], ["no parameter has the path 'zzz'"]),
        (["show", "nowhere"], ["nowhere: there is no such run folder"]),
        (["digest", "nowhere"], ["nowhere: there is no such run folder"]),
        (["rerun", "nowhere"], ["nowhere: there is no such run folder"]),
    ],
    ids=lambda value: " ".join(map(str, value))[:60],
)
def test_unknown_names_and_absurd_numbers(tmp_path, arguments, words):
    where = ["--out", tmp_path / "a"] if arguments[0] == "run" else []
    line = refused(tmp_path, *arguments, *where)
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("coefficients.learning.peer_wait=0", "did you mean 'coefficients.learning.peer_weight'?"),
        ("learning.peer_weight=0", "no parameter has the path 'learning.peer_weight'"),
        ("coefficients.learning=0", "no parameter has the path 'coefficients.learning'"),
        ("coefficients.learning.peer_weight=2", "outside the declared range; expected a number from 0 to 0.2"),
        ("coefficients.learning.peer_weight=-0.1", "outside the declared range"),
        ("coefficients.learning.peer_weight=little", "'little' is not a number; expected a number from 0 to 0.2"),
        ("coefficients.learning.peer_weight=nan", "'nan' is not a number"),
        ("coefficients.learning.peer_weight=inf", "'inf' is not a number"),
        ("coefficients.learning.peer_weight=1_0", "'1_0' is not a number"),
        ("coefficients.deterrence.form=uniform", "unknown form 'uniform'; expected exponential or uniform_gain"),
        ("behaviours.theft.weight=1.5", "1.5 is not whole; expected a whole number of at least 1"),
        ("behaviours.jaywalking.weight=1", "a lower rate or a higher weight"),
        ("societies.village.people=10", "outside the declared range; expected a number from 500 to 100000"),
        ("coefficients.learning.peer_weight", "expected PATH=VALUE"),
        ("=1", "expected PATH=VALUE"),
    ],
)
def test_settings(tmp_path, pair, words):
    line = refused(tmp_path, "run", "village", "--set", pair, "--out", tmp_path / "a")
    assert words in line


def test_a_setting_twice(tmp_path):
    path = "coefficients.learning.peer_weight"
    line = refused(tmp_path, "run", "village", "--set", f"{path}=0", "--set", f"{path}=0.1", "--out", tmp_path / "a")
    assert f"--set {path} is given twice" in line


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[teaching-town]", "[teaching-town", "mine.yaml:6:6: malformed YAML"),
        ("title: ", "\ttitle: ", "mine.yaml:3:1: malformed YAML"),
        ("days: 3", "days: 3\ndays: 4", "mine.yaml:8:1: the key 'days' stands twice"),
        ("society: village", "society: vilage", "mine.yaml:4:1: there is no society 'vilage'"),
        ("society: village", "sociaty: village", "mine.yaml:4:1: unknown key 'sociaty'"),
        ("start: 2019-01-01", "start: 9999-12-31", "3 days from 9999-12-31 lead beyond the year 9999"),
        ("start: 2019-01-01", "start: soon", "mine.yaml:6:1: start: 'soon' will not do"),
        ("[teaching-town]", "[teaching-toun]", "did you mean 'teaching-town'?"),
        ("[teaching-town]", "[teaching-town, teaching-town]", "stands twice in one run"),
    ],
)
def test_a_broken_scenario(tmp_path, old, new, words):
    file = tmp_path / "mine.yaml"
    file.write_text(SCENARIO.replace(old, new), encoding="utf-8")
    assert words in refused(tmp_path, "run", file, "--out", tmp_path / "a")


def test_a_scenario_that_is_not_text(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_bytes(SCENARIO.encode("utf-16"))
    assert f"{file}:1:1: not UTF-8 text" in refused(tmp_path, "run", file, "--out", tmp_path / "a")


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_an_output_folder_that_holds_something_else(tmp_path, force):
    (tmp_path / "notes.txt").write_text("mine")
    line = refused(tmp_path, "run", "village", "--out", tmp_path, *force)
    assert line == f"scorepolis: {tmp_path}: the output folder holds something else; expected a new or empty folder"


def test_an_output_folder_that_holds_a_run(tmp_path):
    sp.save(results.run(), tmp_path / "a")
    assert "--force to replace it" in refused(tmp_path, "run", "village", "--out", tmp_path / "a")


def test_an_output_folder_that_cannot_be(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("mine")
    assert "is a file" in refused(tmp_path, "run", "village", "--out", tmp_path / "file")
    assert "cannot be" in refused(tmp_path, "run", "village", "--out", tmp_path / "file" / "below")
    monkeypatch.setattr(os, "access", lambda *_: False)
    line = refused(tmp_path, "run", "village", "--out", tmp_path / "a")
    assert "the output folder cannot be written; expected a folder that can be written" in line


@pytest.mark.parametrize("command", ["show", "digest", "rerun"])
@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_a_damaged_run(tmp_path, command, as_json):
    kept = sp.save(results.run(), tmp_path / "a").path
    (kept / "counts.npz").write_bytes(b"nonsense")
    assert "the run folder is damaged" in refused(tmp_path, command, kept, *as_json)


@pytest.mark.parametrize("command", ["show", "digest", "rerun"])
def test_a_run_of_another_version(tmp_path, command):
    kept = sp.save(results.run(), tmp_path / "a").path
    file = kept / "provenance.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "version": 7}))
    assert "written in format version 7; expected version 1" in refused(tmp_path, command, kept)


@pytest.mark.parametrize("command", ["show", "digest", "rerun"])
def test_what_is_no_run(tmp_path, command):
    shutil.copy(Path(__file__), tmp_path / "provenance.json")
    assert "this is not a run" in refused(tmp_path, command, tmp_path)


def test_a_run_that_does_not_say_how_it_was_made(tmp_path):
    kept = sp.save(results.run(), tmp_path / "a").path
    assert "the run does not say how it was made" in refused(tmp_path, "rerun", kept)


@pytest.mark.parametrize(
    "line", ["fly", "run", "facts", "rerun", "list services sensors", "plan --jason", "run village --days x"]
)
def test_wrong_usage(line):
    result = call(*line.split())
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Usage: ")

"""A run that was stopped goes on from its last good checkpoint, to the same bits, and nothing good is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from typer.testing import CliRunner

import scorepolis as sp
from scorepolis.cli import app
from scorepolis.core.errors import InputError
from scorepolis.engine.checkpoint import Checkpoints
from scorepolis.runs.panel import TABLES
from scorepolis.runs.unfinished import UNFINISHED, bring_back

DAYS = 100
HOW = {"people": 600, "days": DAYS, "seed": 11, "threads": 2, "checkpoint_pause": 0}


class StoppedError(Exception):
    """What a test stops a run with."""


def stop_at(world, day):
    def progress(name, done, _):
        if name == world and done >= day:
            raise StoppedError

    return progress


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return sp.run("town", **HOW, out=tmp_path_factory.mktemp("whole") / "run")


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """A run that was stopped in its fourth month."""
    folder = tmp_path_factory.mktemp("left") / "run"
    with pytest.raises(StoppedError):
        sp.run("town", **HOW, out=folder, progress=stop_at("scheme", 95))
    return folder


@pytest.fixture
def copy(left, tmp_path):
    return Path(shutil.copytree(left, tmp_path / "run"))


def same(one, other):
    assert one.digest == other.digest
    assert one.baseline.digest == other.baseline.digest
    assert one.ledger.equals(other.ledger)
    for name in TABLES:
        mine, theirs = one.panel.read(name, None), other.panel.read(name, None)
        assert mine.keys() == theirs.keys()
        assert all(np.array_equal(mine[field], theirs[field]) for field in mine)


@pytest.mark.parametrize(
    ("world", "day"), [("scheme", 40), ("scheme", 60), ("scheme", DAYS), ("baseline", 10), ("baseline", 70)]
)
def test_it_goes_on_to_the_same_bits(whole, tmp_path, world, day):
    with pytest.raises(StoppedError):
        sp.run("town", **HOW, out=tmp_path / "a", progress=stop_at(world, day))
    same(whole, sp.resume(tmp_path / "a", threads=1))
    assert not (tmp_path / "a" / UNFINISHED).exists()
    assert sp.load(tmp_path / "a").verify()


def test_people_grow_older_on_the_way(tmp_path):
    how = HOW | {"days": 420, "baseline": False}
    with pytest.raises(StoppedError):
        sp.run("village", **how, out=tmp_path / "a", progress=stop_at("scheme", 400))
    assert sp.resume(tmp_path / "a").digest == sp.run("village", **how).digest


def test_what_is_stopped_before_the_first_checkpoint_leaves_nothing(tmp_path):
    with pytest.raises(StoppedError):
        sp.run("town", **HOW, out=tmp_path / "a", progress=stop_at("scheme", 20))
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_input_leaves_nothing(tmp_path):
    with pytest.raises(InputError):
        sp.run("town", **HOW, out=tmp_path / "a", set={"behaviours.jaywalking.weight": 1})
    assert list(tmp_path.iterdir()) == []


def test_what_somebody_puts_into_the_folder_meanwhile_costs_no_checkpoint(whole, tmp_path):
    def intrude(name, done, _):
        if done >= 70:
            (tmp_path / "a" / "notes.txt").write_text("mine")

    with pytest.raises(InputError, match="something else"):
        sp.run("town", **HOW, out=tmp_path / "a", progress=intrude)
    assert (tmp_path / "a" / "notes.txt").read_text() == "mine"
    (tmp_path / "a" / "notes.txt").unlink()
    same(whole, sp.resume(tmp_path / "a"))


def test_a_run_may_be_stopped_again_and_again(whole, tmp_path):
    with pytest.raises(StoppedError):
        sp.run("town", **HOW, out=tmp_path / "a", progress=stop_at("scheme", 40))
    for world, day in (("scheme", 62), ("scheme", 95), ("baseline", 40)):
        with pytest.raises(StoppedError):
            sp.resume(tmp_path / "a", checkpoint_pause=0, progress=stop_at(world, day))
    same(whole, sp.resume(tmp_path / "a"))


def test_two_checkpoints_are_kept_however_far_apart(tmp_path):
    checkpoints = Checkpoints(tmp_path, "key")
    for month in range(1, 10):
        checkpoints.keep(month, "counts", {"n": np.arange(month)})
        if month % 3 == 0:
            checkpoints.keep(month, "districts/000000", {"n": np.arange(month)})
            checkpoints.close(month)
    assert sorted(file.name for file in tmp_path.glob("*.json")) == ["0006.json", "0009.json"]
    (tmp_path / "0009" / "districts" / "000000.npy").unlink()
    assert Checkpoints(tmp_path, "key").last() == 6


def test_a_folder_is_not_taken_for_one_whose_name_goes_on(tmp_path):
    other = tmp_path / ".x.v2.77.replaced"
    other.mkdir()
    bring_back(tmp_path / "x")
    assert other.is_dir()
    bring_back(tmp_path / "x.v2")
    assert (tmp_path / "x.v2").is_dir()


def test_without_checkpoints_there_is_nothing_to_go_on_from(tmp_path):
    with pytest.raises(StoppedError):
        sp.run("town", **HOW, out=tmp_path / "a", checkpoints=False, progress=stop_at("scheme", 90))
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_run_stays_until_the_new_one_is_whole(whole, tmp_path):
    folder = Path(shutil.copytree(whole.path, tmp_path / "run"))
    with pytest.raises(StoppedError):
        sp.run("town", **(HOW | {"seed": 12}), out=folder, force=True, progress=stop_at("scheme", 90))
    assert sp.load(folder).verify() == whole.digest
    assert sp.resume(folder).provenance["seed"] == 12


# ----------------------------------------------------------------------------------------------------- what goes wrong


def damaged(whole, folder, what):
    told = []
    same(whole, sp.resume(folder, on_damage=told.append))
    assert len(told) >= 1
    assert what in told[0]


def last_list(folder):
    return max((folder / UNFINISHED / "scheme").glob("*.json"))


def a_district(folder):
    return max((folder / UNFINISHED / "scheme" / last_list(folder).stem / "districts").iterdir())


def test_a_flipped_byte_is_named_and_the_run_goes_on_from_before(whole, copy):
    file = a_district(copy)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    damaged(whole, copy, f"{file.stem}.npy is damaged")


def test_a_truncated_file_is_named(whole, copy):
    file = a_district(copy)
    file.write_bytes(file.read_bytes()[:-9])
    damaged(whole, copy, "is damaged")


def test_a_missing_file_is_named(whole, copy):
    a_district(copy).unlink()
    damaged(whole, copy, "is missing")


def test_a_list_that_is_no_list_is_named(whole, copy):
    last_list(copy).write_text("{")
    damaged(whole, copy, "cannot be read")


def test_checkpoints_of_another_run_are_none(whole, copy):
    for file in (copy / UNFINISHED / "scheme").glob("*.json"):
        file.write_text(json.dumps({**json.loads(file.read_text()), "key": "another"}))
    damaged(whole, copy, "another version, seed, rulebook or society")


def test_damaged_counts_of_an_early_month_are_noticed(whole, copy):
    file = copy / UNFINISHED / "scheme" / "0001" / "counts.npy"
    file.write_bytes(file.read_bytes()[:-1])
    damaged(whole, copy, "counts.npy is damaged")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"package": "0.0.0"}, "begun with version 0.0.0"),
        ({"parameters": "0" * 64}, "the parameters are not those"),
        ({"days": "many"}, "days"),
    ],
)
def test_a_record_that_does_not_fit_is_refused_and_nothing_is_lost(copy, changes, words):
    file = copy / UNFINISHED / "run.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))
    with pytest.raises(InputError, match=words):
        sp.resume(copy)
    assert last_list(copy).is_file()


def test_there_must_be_something_to_go_on_with(whole, tmp_path):
    for folder in (whole.path, tmp_path, tmp_path / "none"):
        with pytest.raises(InputError, match="no unfinished run"):
            sp.resume(folder)


def test_a_folder_takes_one_run_at_a_time(copy):
    with FileLock(copy / UNFINISHED / "lock"), pytest.raises(InputError, match="being made in this folder"):
        sp.resume(copy)
    with pytest.raises(InputError, match="holds an unfinished run"):
        sp.run("town", **HOW, out=copy)


def test_a_folder_that_lost_its_name_is_found_again(whole, copy):
    """As when a run is killed just between taking the folder's name and giving it to the whole run."""
    copy.rename(copy.with_name(f".{copy.name}.1.replaced"))
    partial = copy.with_name(f".{copy.name}.1.partial")
    partial.mkdir()
    with pytest.raises(InputError, match="holds an unfinished run"):
        sp.run("town", **HOW, out=copy)
    copy.rename(copy.with_name(f".{copy.name}.1.replaced"))
    same(whole, sp.resume(copy))
    assert not partial.exists()


def test_where_nothing_was_begun_a_run_may_begin(whole, tmp_path):
    (tmp_path / "run" / UNFINISHED).mkdir(parents=True)
    (tmp_path / "run" / UNFINISHED / "lock").touch()
    same(whole, sp.run("town", **HOW, out=tmp_path / "run"))


def test_a_record_that_cannot_be_written_again_stays(whole, copy, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            sp.resume(copy)
    same(whole, sp.resume(copy))


def test_force_begins_anew(whole, copy):
    same(whole, sp.run("town", **HOW, out=copy, force=True))


# --------------------------------------------------------------------------------------------------- from the outside


def test_a_killed_run_goes_on(whole, tmp_path):
    folder = tmp_path / "run"
    options = [f"--{name.replace('_', '-')}={value}" for name, value in HOW.items()]
    process = subprocess.Popen([sys.executable, "-m", "scorepolis", "run", "town", *options, "--out", str(folder)])
    while process.poll() is None and not list((folder / UNFINISHED).glob("scheme/*.json")):
        time.sleep(0.01)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    if (folder / UNFINISHED).exists():
        result = CliRunner().invoke(app, ["resume", str(folder)])
        assert result.exit_code == 0, result.output
    assert sp.load(folder).verify() == whole.digest


@pytest.mark.parametrize("pause", [-1, float("nan")])
def test_a_pause_is_a_number_of_seconds(pause):
    with pytest.raises(InputError, match="checkpoint_pause"):
        sp.run("town", **(HOW | {"checkpoint_pause": pause}))


def test_resume_tells_what_is_wrong(tmp_path):
    result = CliRunner().invoke(app, ["resume", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert "no unfinished run" in result.stderr

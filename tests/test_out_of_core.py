"""A run that does not fit into memory keeps districts in files, and gives the same bits."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.test_resume import StoppedError, same, stop_at
from typer.testing import CliRunner

import scorepolis as sp
from scorepolis import scenarios
from scorepolis.cli import app
from scorepolis.core.errors import InputError, ScorepolisError
from scorepolis.engine import checkpoint, stream
from scorepolis.engine.checkpoint import Checkpoints
from scorepolis.engine.crew import Threads
from scorepolis.engine.kept import Kept, bytes_of
from scorepolis.engine.setting import Setting
from scorepolis.engine.simulate import simulate
from scorepolis.engine.specification import FILE, read, specify
from scorepolis.engine.stream import Stream
from scorepolis.engine.task import Task, forget, live_month
from scorepolis.runs import memory
from scorepolis.runs.unfinished import UNFINISHED

HOW = {"people": 20_000, "days": 62, "seed": 11, "panel": 3000}
VILLAGE = {"people": 3000, "days": 60, "seed": 11, "overrides": {"societies.village.district_neighbourhoods": 2}}
TOWN = {"people": 3000, "days": 62, "seed": 11, "set": {"societies.town.district_neighbourhoods": 1}}
TIGHT = {"national": 0.6, "town": 0.495}
"""GiB: less than the run is told to need below, and more than a district."""


@pytest.fixture(autouse=True)
def heavy(monkeypatch):
    """Let people weigh so much that a small society does not fit where else only a large one would not."""
    monkeypatch.setattr(memory, "PERSON", 20_000)
    yield
    forget()


@pytest.fixture
def streams(monkeypatch):
    """The streams that are lived."""
    made = []

    class Seen(Stream):
        def __init__(self, *arguments):
            made.append(self)
            super().__init__(*arguments)

    monkeypatch.setattr("scorepolis.engine.simulate.Stream", Seen)
    return made


@pytest.fixture(scope="module")
def whole():
    return sp.run("national", **HOW, threads=1)


# ------------------------------------------------------------------------------------------------------- the same bits


def test_out_of_core_it_gives_the_same_bits(whole, streams, tmp_path):
    done = []
    run = sp.run(
        "national",
        **HOW,
        threads=2,
        memory=TIGHT["national"],
        out=tmp_path / "a",
        progress=lambda *told: done.append(told),
    )
    same(whole, run)
    assert [world.months_done for world in streams] == [0, 0]
    assert len(streams[0].setting.numbers) == 32
    assert {told[0] for told in done} == {"scheme", "baseline"}
    assert done[-1] == ("baseline", 62, 62)
    assert list((tmp_path / "a").glob(UNFINISHED)) == []


def results(outcome):
    panel = {f"{table} {name}": column for table, held in outcome.panel.items() for name, column in held.items()}
    return {**dict(outcome.counts.items()), **outcome.ledger, **panel}


@pytest.fixture(scope="module")
def village():
    """Over New Year, when people grow older, and under two schemes."""
    scenario = scenarios.load("village").model_copy(update={"start": date(2019, 12, 10)})
    return partial(simulate, scenario, **VILLAGE, rulebooks=["teaching-town", "rongcheng-2019"])


@pytest.fixture(scope="module")
def resident(village):
    return results(village(threads=1))


@pytest.mark.parametrize(("threads", "spare"), [(1, 0), (2, 0), (2, 700_000), (1, 1 << 30)])
def test_however_many_districts_stay_in_memory(village, resident, tmp_path, threads, spare):
    found = results(village(crew=Threads(threads, spare), checkpoints=Checkpoints(tmp_path, "key")))
    assert found.keys() == resident.keys()
    assert all(np.array_equal(found[name], resident[name]) for name in resident)


def test_what_is_kept_is_not_read_again(village, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr("scorepolis.engine.task.read", lambda *about: asked.append(about[2]) or checkpoint.read(*about))
    village(crew=Threads(1, 1 << 30), checkpoints=Checkpoints(tmp_path / "a", "key"))
    assert set(asked) == {"inbox"}
    asked.clear()
    village(crew=Threads(1, 700_000), checkpoints=Checkpoints(tmp_path / "b", "key"))
    some = set(asked) - {"inbox"}
    asked.clear()
    village(crew=Threads(1, 0), checkpoints=Checkpoints(tmp_path / "c", "key"))
    assert set() < some < set(asked) - {"inbox"}


@pytest.mark.parametrize(("spare", "again"), [(0, True), (160_000, False), (1 << 30, False)])
def test_people_are_not_drawn_again_while_there_is_room(village, tmp_path, monkeypatch, spare, again):
    asked, settle = [], Setting.settle
    monkeypatch.setattr(Setting, "settle", lambda self, number: asked.append(number) or settle(self, number))
    village(crew=Threads(1, spare), checkpoints=Checkpoints(tmp_path, "key"))
    assert (len(asked) > len(set(asked))) == again


# ------------------------------------------------------------------------------------------------- stopped and resumed


@pytest.fixture(scope="module")
def town():
    return sp.run("town", **TOWN, threads=1)


@pytest.mark.parametrize(
    ("before", "after"),
    [(TIGHT["town"], TIGHT["town"]), (TIGHT["town"], 8), (8, TIGHT["town"])],
    ids=["out of core", "into memory", "out of memory"],
)
def test_it_goes_on_from_where_it_was_stopped(town, streams, tmp_path, before, after):
    how = {"threads": 1, "checkpoint_pause": 0, "out": tmp_path / "a", "progress": stop_at("scheme", 45)}
    with pytest.raises(StoppedError):
        sp.run("town", **TOWN, **how, memory=before)
    assert len(list((tmp_path / "a" / UNFINISHED / "scheme").glob("0*.json"))) == 1
    begun = len(streams)
    same(town, sp.resume(tmp_path / "a", threads=1, memory=after))
    assert len(streams) - begun == (2 if after == TIGHT["town"] else 0)


def test_a_file_that_is_damaged_on_the_way_is_named_and_the_run_goes_on_from_before(town, tmp_path, monkeypatch):
    monkeypatch.setattr(Kept, "keep", lambda *_: False)
    folder, damaged = tmp_path / "a", []

    def damage(name, done, _):
        if done == 59 and not damaged:
            damaged.append(max((folder / UNFINISHED / "scheme" / "0002" / "districts").glob("0*.npy")))
            content = bytearray(damaged[0].read_bytes())
            content[len(content) // 2] ^= 1
            damaged[0].write_bytes(content)

    with pytest.raises(ScorepolisError, match=r"month 2 cannot be used: 0002/districts/0000\d\d.npy is damaged"):
        sp.run("town", **TOWN, memory=TIGHT["town"], threads=1, out=folder, progress=damage)
    told = []
    same(town, sp.resume(folder, threads=1, memory=TIGHT["town"], on_damage=told.append))
    assert len(told) == 1
    assert f"{damaged[0].stem}.npy is damaged" in told[0]


def test_a_budget_below_one_district_is_refused(tmp_path):
    asked = ["run", "national", "--people", "20000", "--memory", "0.46", "--out", str(tmp_path / "a")]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 2
    assert "one district at a time needs about 0." in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_rates_above_the_ceilings_are_refused_out_of_core_too(tmp_path):
    too_much = {"behaviours.jaywalking.weight": 6}
    with pytest.raises(InputError, match="mean ceiling"):
        sp.run("town", people=3000, days=40, memory=TIGHT["town"], set=too_much, out=tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------------------ the task


@pytest.fixture
def begun(tmp_path):
    """A specification in its folder, and the task of the first month of its first two districts."""
    what = specify(
        ["teaching-town"], where=[None], society="village", people=3000, seed=5, start=date(2019, 1, 1), days=40,
        panel=100, overrides=VILLAGE["overrides"],
    )  # fmt: skip
    return what, Task(str(tmp_path), what.write(tmp_path), 0, 0, 2, (), "", 0)


def test_a_task_may_be_done_twice_and_leaves_the_same(begun):
    _, task = begun
    one = live_month(task)
    files = {file: file.read_bytes() for file in Path(task.folder).rglob("*.npy")}
    other = live_month(task)
    assert replace(one, nanoseconds={}) == replace(other, nanoseconds={})
    assert files == {file: file.read_bytes() for file in Path(task.folder).rglob("*.npy")}
    assert sorted(file.relative_to(task.folder).as_posix() for file in files) == [
        "0001/districts/000000.npy",
        "0001/districts/000001.npy",
        "0001/reports/000000.npy",
    ]


def test_a_specification_comes_back_as_it_was(begun):
    what, task = begun
    assert read(Path(task.folder), task.specification) == what


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"package": "0.0.0"}, "another version of Scorepolis is here than that of the run: 0.1.0; expected 0.0.0"),
        ({"sources": "f" * 64}, "another source code of Scorepolis is here than that of the run"),
        ({"books": "f" * 64}, "another rulebook teaching-town of Scorepolis is here than that of the run"),
    ],
)
def test_who_would_make_something_else_of_it_refuses(begun, change, words):
    what, task = begun
    if "books" in change:
        change = {"books": (replace(what.books[0], sha256=change["books"]),)}
    with pytest.raises(InputError, match=words):
        live_month(replace(task, specification=replace(what, **change).write(Path(task.folder))))


def test_a_folder_that_is_not_shared_is_told(begun, tmp_path):
    with pytest.raises(InputError, match=r"specification.json is not seen here; expected a folder that all machines"):
        live_month(replace(begun[1], folder=str(tmp_path / "elsewhere")))


def test_a_specification_that_was_changed_is_refused(begun):
    task = begun[1]
    file = Path(task.folder) / FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), "seed": 6}))
    with pytest.raises(ScorepolisError, match="damaged, or not what the run has written"):
        live_month(task)


# ----------------------------------------------------------------------------------------------------- what it rests on


def test_what_is_kept_is_given_once_and_in_its_state_alone():
    kept = Kept()
    pair = {"a": np.zeros(10)}, {"b": np.zeros(10)}
    assert kept.keep(3, "state", pair, 160, most=200)
    assert not kept.keep(4, "state", pair, 160, most=200)
    assert kept.take(3, "state") is pair
    assert kept.take(3, "state") is None
    assert kept.keep(4, "state", pair, 160, most=200)
    assert kept.take(4, "another") is None
    assert kept.keep(5, "state", pair, 200, most=200)


def test_what_was_drawn_for_people_is_kept_as_far_as_there_is_room():
    kept, drawn = Kept(), {"age": np.zeros(10)}
    assert kept.drawn(3) is None
    assert kept.keep_drawn(3, drawn, 80, most=160) == 1
    assert kept.keep_drawn(3, drawn, 80, most=160) == 1
    assert kept.keep_drawn(4, drawn, 80, most=160) == 2
    assert kept.keep_drawn(5, drawn, 80, most=160) == 2
    assert kept.drawn(3) is drawn
    assert kept.drawn(5) is None
    assert not kept.keep(5, "state", (drawn, drawn), 1, most=160)


def test_to_keep_an_array_that_was_read_keeps_nothing_else(tmp_path):
    checksum = checkpoint.write(tmp_path, 1, "counts", {"small": np.arange(3), "large": np.zeros(100_000)})
    small = checkpoint.read(tmp_path, 1, "counts", checksum)["small"]
    assert bytes_of({"small": small}, besides={}) == small.nbytes


def test_arrays_count_once():
    whole, table = np.zeros((2, 100)), np.zeros(7)
    assert bytes_of({"a": whole[0], "b": whole[1].T, "t": table}, {"a": whole, "n": 3}, besides={"t": table}) == 1600


def test_batches_are_runs_of_neighbours_with_all_districts_in_them(monkeypatch):
    monkeypatch.setattr(stream, "BATCH", 100)
    sizes = [30, 30, 50, 120, 10, 10, 90]
    batches = stream._batches(sizes, 1)
    assert batches[0][0] == 0
    assert batches[-1][1] == len(sizes)
    assert all(a[1] == b[0] for a, b in pairwise(batches))
    assert [sum(sizes[a:b]) for a, b in batches] == [60, 50, 120, 20, 90]
    assert len(stream._batches([50] * 64, 2)) == 32

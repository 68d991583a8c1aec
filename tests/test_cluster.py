"""The same tasks on the workers of Dask: the same bits, whoever dies; and a clear word where it cannot be."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import nullcontext

import pytest
from distributed import LocalCluster
from tests.test_resume import StoppedError, same, stop_at
from typer.testing import CliRunner

import scorepolis as sp
from scorepolis.cli import app
from scorepolis.core.errors import InputError, ScorepolisError
from scorepolis.engine import client, cluster
from scorepolis.engine.crew import Threads
from scorepolis.runs.unfinished import UNFINISHED, is_unfinished

HOW = {"people": 3000, "days": 62, "seed": 11, "set": {"societies.town.district_neighbourhoods": 1}}


@pytest.fixture(scope="module")
def whole():
    return sp.run("town", **HOW, threads=1)


@pytest.fixture(scope="module")
def workers():
    """Two workers that were started by hand, as far as the run knows."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, memory_limit="4GiB", dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as started:  # fmt: skip
        yield started


def test_workers_of_this_machine_give_the_same_bits(whole, tmp_path):
    same(whole, sp.run("town", **HOW, cluster="local:1", out=tmp_path / "a"))
    assert not (tmp_path / "a" / UNFINISHED).exists()


def test_a_worker_killed_in_mid_month_costs_no_bit(whole, workers, tmp_path):
    """Killed as the first task of the second month is done: it is at work on another one then, or about to be."""
    before = {worker.pid for worker in workers.workers.values()}
    killed = []

    def kill(name, done, _):
        if name == "scheme" and done > 31 and not killed:
            killed.append(workers.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    same(whole, sp.run("town", **HOW, cluster=workers.scheduler_address, out=tmp_path / "a", progress=kill))
    assert set(killed) < before
    deadline = time.monotonic() + 30
    while workers.workers[0].pid in (None, *killed) and time.monotonic() < deadline:
        time.sleep(0.1)  # the nanny starts another one
    assert workers.workers[0].pid not in (None, *killed)


def test_stopped_on_a_cluster_it_goes_on_there_or_anywhere(whole, workers, tmp_path):
    where = {"cluster": workers.scheduler_address}
    with pytest.raises(StoppedError):
        sp.run("town", **HOW, **where, out=tmp_path / "a", progress=stop_at("scheme", 40))
    with pytest.raises(StoppedError):
        sp.resume(tmp_path / "a", **where, progress=stop_at("baseline", 40))
    same(whole, sp.resume(tmp_path / "a", threads=1))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("__version__", r"the worker at tcp.* refuses: another version of Scorepolis is here than that of the run: 0"),
        ("sources", "another source code"),
    ],
)
def test_a_worker_that_is_not_the_same_refuses(workers, tmp_path, monkeypatch, name, words):
    there = f"scorepolis.engine.specification.{name}"
    monkeypatch.setattr(there, "9.9.9" if name == "__version__" else lambda: "f" * 64)
    with pytest.raises(InputError, match=words):
        sp.run("town", **HOW, cluster=workers.scheduler_address, out=tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_a_scheduler_that_is_killed_is_told_and_the_run_goes_on(whole, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    begin = [sys.executable, "-m", "dask", "scheduler", "--no-dashboard", "--host", where]
    join = [sys.executable, "-m", "dask", "worker", where, "--nthreads", "1", "--no-dashboard", "--death-timeout", "60"]
    with subprocess.Popen(begin, **quiet) as scheduler, subprocess.Popen(join, **quiet) as worker:
        try:
            with pytest.raises(ScorepolisError, match="the scheduler of the cluster is gone"):
                sp.run(
                    "town", **HOW, cluster=where, out=tmp_path / "a",
                    progress=lambda name, done, _: scheduler.kill() if name == "scheme" and done > 31 else None,
                )  # fmt: skip
        finally:
            scheduler.kill()
            worker.terminate()
    same(whole, sp.resume(tmp_path / "a", threads=1))


# ------------------------------------------------------------------------------------------------------ what goes wrong


def test_how_to_go_on_is_told_when_the_cluster_is_gone(whole, tmp_path, monkeypatch):
    class Lost(Threads):
        def of_each(self):
            return 0, 1

        def each(self, tasks):
            if tasks[0].months_done:
                raise ScorepolisError("the scheduler of the cluster is gone")
            yield from super().each(tasks)

    folder = str(tmp_path / "a")
    options = ["--people=3000", "--days=62", "--seed=11", "--set", "societies.town.district_neighbourhoods=1"]
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "hired", lambda _: nullcontext(Lost(1, 0)))
        result = CliRunner().invoke(app, ["run", "town", *options, "--cluster", "tcp://there:1", "--out", folder])
    assert result.exit_code == 1
    assert "the scheduler of the cluster is gone; what was done up to the last checkpoint is kept" in result.stderr
    assert f"scorepolis resume {folder}" in result.stderr
    same(whole, sp.resume(folder, threads=1))


def test_a_worker_that_has_no_such_task_is_refused_at_once(workers, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster.live_month, "__module__", "scorepolis.engine.nowhere")
    with pytest.raises(InputError, match=r"the worker at .* does not know the tasks of this version"):
        sp.run("town", **HOW, cluster=workers.scheduler_address, out=tmp_path / "a")


def test_nobody_waits_for_workers_that_are_gone(monkeypatch):
    class Client:
        waited = 0

        def as_current(self):
            return nullcontext()

        def nthreads(self):
            return {} if Client.waited > 2 else {"tcp://there:1": 1}

    def wait(*_, **how):
        Client.waited += 1
        assert how["timeout"] == cluster.PATIENCE
        raise TimeoutError

    monkeypatch.setattr("distributed.wait", wait)
    with pytest.raises(ScorepolisError, match="no worker of the cluster is left"):
        cluster.Cluster(Client())._some({object()})
    assert Client.waited == 3


@pytest.mark.parametrize("where", ["local", "local:0", "local:999", "tcp://host", "udp://host:1", "host:8786"])
def test_what_is_no_cluster_is_refused(where, tmp_path):
    with pytest.raises(InputError, match="the cluster is"):
        sp.run("village", cluster=where, out=tmp_path / "a")


def test_a_scheduler_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(client, "REACHED", 1)
    result = CliRunner().invoke(app, ["run", "village", "--cluster", "tcp://127.0.0.1:9", "--out", str(tmp_path / "a")])
    assert result.exit_code == 2
    assert "there is no scheduler at tcp://127.0.0.1:9" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_dask_one_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"needs Dask distributed.*pip install 'scorepolis\[cluster\]'"):
        sp.run("village", cluster="local:1", out=tmp_path / "a")


@pytest.mark.parametrize("how", [{}, {"out": "a", "checkpoints": False}])
def test_a_cluster_needs_a_folder(how, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no place for its districts"):
        sp.run("village", cluster="local:1", **how)


def test_a_budget_below_a_district_for_each_worker_is_refused(tmp_path):
    with pytest.raises(InputError, match="one district at a time"):
        sp.run("village", cluster="local:2", memory=1, out=tmp_path / "a")
    assert not is_unfinished(tmp_path / "a")

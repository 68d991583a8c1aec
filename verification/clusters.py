"""A run on a cluster ends with the same digest, whoever is killed, or loses nothing and says why."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import scorepolis as sp
from scorepolis.core.draws import Purpose, draw_once
from scorepolis.runs.unfinished import UNFINISHED
from verification.faults import DONE, FAILURE, WRONG_INPUT, ends
from verification.outcome import ROOT, SEED, Case, Outcome, called, environment, message, start, whole

WHERE = "tcp://127.0.0.1:18791"
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def on_workers(case: Case, scratch: Path) -> Iterator[Outcome]:
    """Run on one worker of this machine, and on two."""
    for number in (1, 2):
        folder = Path(tempfile.mkdtemp(dir=scratch)) / "run"
        code, said = called(case.command(folder, f"--cluster=local:{number}"))
        seen = sp.load(folder).verify() if code == DONE else message(said)
        yield Outcome(f"{case}: on local:{number}", seen[:16], seen == whole(case))


def killed_workers(case: Case, scratch: Path, times: int) -> Iterator[Outcome]:
    """Kill a worker at random instants, each in a run of its own; its nanny starts another one."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50) as workers:
        for number in range(times):
            word = draw_once(SEED, Purpose.EXPERIMENT, number, 0, 1)
            day, which, killed = 1 + word[0] % (case.days - 1), word[1] % 2, []

            def kill(
                name: str, done: int, _: int, *, at: int = day, one: int = which, gone: list[int] = killed
            ) -> None:
                # One that was killed before may not be back yet.
                there = [worker.pid for worker in workers.workers.values() if worker.pid]
                if name == "scheme" and done >= at and not gone and there:
                    gone.append(there[one % len(there)])
                    os.kill(gone[0], signal.SIGKILL)

            workers.scale(2)  # whoever was given up for dead has a successor
            folder = Path(tempfile.mkdtemp(dir=scratch)) / "run"
            run = sp.run(case.scenario, **case.how, cluster=workers.scheduler_address, out=folder, progress=kill)
            seen = run.verify()
            yield Outcome(
                f"{case}: worker {which} killed about day {day}", seen[:16], seen == whole(case) and len(killed) == 1
            )


def killed_lead(case: Case, scratch: Path) -> Outcome:
    """Kill the process that leads, and go on with other workers; those it had must not stay."""
    what, folder = f"{case}: who leads killed", Path(tempfile.mkdtemp(dir=scratch)) / "run"
    with start(case.command(folder, "--cluster=local:2")) as lead:
        while lead.poll() is None and not list((folder / UNFINISHED).glob("scheme/0002.json")):
            time.sleep(0.01)
        workers = _children(lead.pid)
        lead.kill()
        lead.communicate()
    deadline = time.monotonic() + 60
    while (left := [pid for pid in workers if Path(f"/proc/{pid}").exists()]) and time.monotonic() < deadline:
        time.sleep(0.1)
    code, said = called(["resume", str(folder), "--cluster=local:1"])
    seen = sp.load(folder).verify() if code == DONE else message(said)
    return Outcome(what, f"{seen[:16]}, {len(left)} processes left", seen == whole(case) and not left)


def killed_scheduler(case: Case, scratch: Path) -> Outcome:
    folder = Path(tempfile.mkdtemp(dir=scratch)) / "run"
    with _by_hand() as scheduler, start(case.command(folder, f"--cluster={WHERE}")) as lead:
        while lead.poll() is None and not list((folder / UNFINISHED).glob("scheme/0001.json")):
            time.sleep(0.01)
        scheduler.kill()
        found = lead.communicate()[1]
    return ends(
        "the scheduler killed", case, folder, found=(lead.returncode, found), code=FAILURE,
        words="the scheduler of the cluster is gone",
    )  # fmt: skip


def no_scheduler(case: Case, scratch: Path) -> Outcome:
    folder = Path(tempfile.mkdtemp(dir=scratch)) / "run"
    found = called(case.command(folder, "--cluster=tcp://127.0.0.1:9"))
    words = "there is no scheduler at"
    return ends(
        "a scheduler that is not there", case, folder, found=found, code=WRONG_INPUT, words=words, resumes=False
    )


def other_sources(case: Case, scratch: Path) -> Outcome:
    """A worker whose copy of the source code differs in a comment."""
    home = Path(tempfile.mkdtemp(dir=scratch))
    shutil.copytree(ROOT / "src", home / "src", ignore=shutil.ignore_patterns("__pycache__"))
    with (home / "src" / "scorepolis" / "day" / "plan.py").open("a", encoding="utf-8") as file:
        file.write("# another\n")
    with _by_hand(str(home / "src")):
        found = called(case.command(home / "run", f"--cluster={WHERE}"))
    return ends(
        "a worker with other source code", case, home / "run", found=found, code=WRONG_INPUT,
        words="refuses: another source code of Scorepolis is here", resumes=False,
    )  # fmt: skip


@contextmanager
def _by_hand(source: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """Start a scheduler and a worker, as the documentation says."""
    own = environment()
    other = {**own, "PYTHONPATH": os.pathsep.join(filter(None, (source, own["PYTHONPATH"])))}
    begin = [sys.executable, "-m", "dask", "scheduler", "--host", WHERE, "--no-dashboard"]
    join = [sys.executable, "-m", "dask", "worker", WHERE, "--nthreads", "1", "--no-dashboard"]
    with subprocess.Popen(begin, env=own, **QUIET) as scheduler, subprocess.Popen(join, env=other, **QUIET) as worker:
        try:
            yield scheduler
        finally:
            worker.terminate()
            scheduler.kill()


def _children(parent: int) -> list[int]:
    """Processes that a process started, and those that these did."""
    import psutil

    return [child.pid for child in psutil.Process(parent).children(recursive=True)]


def outcomes(case: Case, scratch: Path, kills: int) -> Iterator[Outcome]:
    """All of it; if Dask is not there, that it is not."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        yield Outcome(f"{case}: on a cluster", f"Dask distributed is not installed ({error})", None)
        return
    yield from on_workers(case, scratch)
    yield from killed_workers(case, scratch, kills)
    for one in (killed_lead, killed_scheduler, no_scheduler, other_sources):
        yield one(case, scratch)

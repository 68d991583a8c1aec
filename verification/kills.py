"""A run is killed, at random instants and before each of its operations on files, and goes on to the same digest."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import scorepolis as sp
from scorepolis.core.draws import Purpose, draw_once
from scorepolis.core.errors import InputError
from scorepolis.runs.unfinished import UNFINISHED, is_unfinished
from verification.outcome import SEED, Case, Outcome, called, environment, left_over, message, start, whole

KILLED = -9


def at_random(case: Case, scratch: Path, times: int) -> Iterator[Outcome]:
    """Kill runs, and those that go on with them, until that has been done some times."""
    home = Path(tempfile.mkdtemp(dir=scratch))
    began = time.monotonic()
    code, said = called(case.command(home / "timed"))
    span = time.monotonic() - began
    yield Outcome(f"{case}: not killed", f"exit code {code}, {span:.1f} s", code == 0 and not said.count("Traceback"))
    done = attempt = 0
    while done < times and attempt < 3 * times:
        folder = home / f"run{attempt}"
        instants = []
        arguments = case.command(folder)
        while done < times:
            share = draw_once(SEED, Purpose.EXPERIMENT, attempt, len(instants), 0)[0] / 2**32
            code = _killed_after(arguments, share * span)
            if code != KILLED:
                break
            done += 1
            instants.append(f"{share * span:.1f}")
            arguments = (
                ["resume", str(folder), "--checkpoint-pause=0"] if is_unfinished(folder) else case.command(folder)
            )
        attempt += 1
        if instants:
            yield _goes_on(f"{case}: killed after {', '.join(instants)} s", case, folder)


def _killed_after(arguments: list[str], seconds: float) -> int:
    with start(arguments) as process:
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
    return process.returncode


def at_operations(case: Case, scratch: Path, most: int | None) -> Iterator[Outcome]:
    """Kill a run before its first operation on a file, before its second, and so on; or before some, evenly spaced."""
    home = Path(tempfile.mkdtemp(dir=scratch))
    operations = int(_crashing(case, home / "counted", None)[1])
    chosen = range(operations) if most is None else range(operations // most // 2, operations, operations // most)
    for number in chosen:
        folder = home / str(number)
        code, name = _crashing(case, folder, number)
        if code != KILLED:
            yield Outcome(f"{case}: killed before operation {number}", f"exit code {code}: {name}", good=False)
            continue
        yield _goes_on(f"{case}: killed before operation {number + 1} of {operations}, {name}", case, folder)


def _crashing(case: Case, folder: Path, number: int | None) -> tuple[int, str]:
    found = subprocess.run(
        [sys.executable, "-m", "verification.crash", str(folder), str(number), *case.command(folder, "--threads=1")],
        env=environment(), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return found.returncode, (found.stderr.strip().splitlines() or [""])[-1]


def _goes_on(what: str, case: Case, folder: Path) -> Outcome:
    """Do what a user would: resume, and if there is nothing to resume, run again; no --force, no hand on a file."""
    steps, whole_already = [], _is_whole(folder)
    kept = len(list(folder.parent.glob(f"*{folder.name}*/{UNFINISHED}/*/[0-9]*.json")))
    if not whole_already:
        code, said = called(["resume", str(folder), "--checkpoint-pause=0"])
        steps.append(f"resumed from {kept} checkpoints")
        if "no unfinished run" in said:
            code, said = called(case.command(folder))
            steps = ["run again" if not kept else f"{kept} checkpoints lost"]
        if code != 0:
            return Outcome(what, f"{steps[-1]}: exit code {code}: {message(said)}", good=False)
    seen, left = sp.load(folder).verify(), left_over(folder)
    if left:
        steps.append(f"left behind: {', '.join(left)}")
    good = seen == whole(case) and not any("lost" in step for step in steps)
    shutil.rmtree(folder)
    # What is whole needs nobody to come back; the next run there sweeps up.
    return Outcome(what, "; ".join([seen[:16], *(steps or ["was whole"])]), good and (whole_already or not left))


def _is_whole(folder: Path) -> bool:
    try:
        sp.load(folder)
    except InputError:
        return False
    return not is_unfinished(folder)

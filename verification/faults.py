"""What can go wrong on disk: each ends in a clear message and the documented exit code, and nothing good is lost."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import scorepolis as sp
from scorepolis.core.errors import InputError
from scorepolis.runs.unfinished import UNFINISHED
from verification.cuts import StoppedError
from verification.outcome import SEED, Case, Outcome, called, message, start, whole

DONE, FAILURE, WRONG_INPUT = 0, 1, 2


def left(case: Case, folder: Path, seed: int = SEED) -> Path:
    """Leave a run in its last days, with all its checkpoints."""

    def progress(name: str, done: int, _: int) -> None:
        if name == "scheme" and done == case.days - 1:
            raise StoppedError

    try:
        sp.run(
            case.scenario, **{**case.how, "seed": seed}, threads=1, checkpoint_pause=0, out=folder, progress=progress
        )
    except StoppedError:
        return folder
    raise RuntimeError("the run was not stopped")


def checkpoints(folder: Path) -> list[Path]:
    return sorted((folder / UNFINISHED / "scheme").glob("[0-9]*.json"))


def newest_district(folder: Path) -> Path:
    return max((checkpoints(folder)[-1].with_suffix("") / "districts").iterdir())


def ends(
    what: str, case: Case, folder: Path, *, found: tuple[int, str], code: int, words: str, resumes: bool = True
) -> Outcome:
    """Judge what the program answered, and whether the run still goes on to the right digest."""
    answer, said = found
    good = answer == code and words in " ".join(said.split()) and "Traceback" not in said
    after = ""
    if resumes and code != DONE:
        answer_then, said_then = called(["resume", str(folder)])
        after = f"; then resume: exit code {answer_then}" + (f" ({message(said_then)})" if answer_then else "")
        good &= answer_then == DONE
    if resumes:
        try:
            good &= sp.load(folder).verify() == whole(case)
        except InputError as error:
            good, after = False, f"{after}; {error}"
    return Outcome(what, f"exit code {answer}: {_short(said, folder)}{after}", good)


def _short(said: str, folder: Path) -> str:
    line = next((row for row in said.splitlines() if row.startswith(("scorepolis:", "the checkpoint"))), message(said))
    return line.replace(str(folder), "RUN").removeprefix("scorepolis: ")


# ------------------------------------------------------------------------------------------------ damaged checkpoints


def _damaged(what: str, case: Case, home: Path, words: str, damage: Callable[[Path], None]) -> Outcome:
    folder = left(case, home / "run")
    damage(folder)
    return ends(what, case, folder, found=called(["resume", str(folder)]), code=DONE, words=words)


def a_flipped_byte(case: Case, home: Path) -> Outcome:
    def damage(folder: Path) -> None:
        file = newest_district(folder)
        content = bytearray(file.read_bytes())
        content[len(content) // 3] ^= 16
        file.write_bytes(content)

    return _damaged("a checkpoint with a flipped byte", case, home, "is damaged", damage)


def a_truncated_file(case: Case, home: Path) -> Outcome:
    def damage(folder: Path) -> None:
        file = newest_district(folder)
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    return _damaged("a truncated checkpoint", case, home, "is damaged", damage)


def a_truncated_list(case: Case, home: Path) -> Outcome:
    def damage(folder: Path) -> None:
        file = checkpoints(folder)[-1]
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    return _damaged("a checkpoint whose list is truncated", case, home, "cannot be read", damage)


def all_of_them_damaged(case: Case, home: Path) -> Outcome:
    def damage(folder: Path) -> None:
        for file in checkpoints(folder):
            file.write_bytes(b"")

    return _damaged("all checkpoints damaged", case, home, "cannot be used", damage)


def another_seed(case: Case, home: Path) -> Outcome:
    def damage(folder: Path) -> None:
        other = left(case, home / "other", SEED + 1)
        shutil.rmtree(folder / UNFINISHED / "scheme")
        shutil.copytree(other / UNFINISHED / "scheme", folder / UNFINISHED / "scheme")

    return _damaged("checkpoints of another seed", case, home, "another version, seed, rulebook", damage)


def another_version(case: Case, home: Path) -> Outcome:
    folder = left(case, home / "run")
    file = folder / UNFINISHED / "run.json"
    mine = file.read_text(encoding="utf-8")
    file.write_text(json.dumps({**json.loads(mine), "package": "0.0.0"}), encoding="utf-8")
    found = called(["resume", str(folder)])
    file.write_text(mine, encoding="utf-8")
    return ends("a run of another version", case, folder, found=found, code=WRONG_INPUT, words="version 0.0.0")


# --------------------------------------------------------------------------------------------------- a full disk


def _limit_files(most: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def no_room_for_a_checkpoint(case: Case, home: Path) -> Outcome:
    """Files may not exceed what the record needs, so that the next checkpoint does not fit."""
    folder = left(case, home / "run")
    checkpoints(folder)[-1].unlink()  # so that it has to be written again
    room = newest_district(folder).stat().st_size // 2
    found = called(["resume", str(folder)], preexec_fn=_limit_files(room))
    return ends("files limited in size, in a checkpoint", case, folder, found=found, code=FAILURE, words="too large")


def no_room_for_the_record(case: Case, home: Path) -> Outcome:
    """Not even the record of the run can be written again."""
    folder = left(case, home / "run")
    found = called(["resume", str(folder)], preexec_fn=_limit_files(0))
    return ends("files limited to nothing", case, folder, found=found, code=FAILURE, words="too large")


@contextmanager
def mounted(place: Path, options: str) -> Iterator[Callable[[str], None] | None]:
    """A small file system in memory, and how to mount it otherwise; None if this is not allowed here."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    try:
        allowed = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        allowed = False
    if not allowed:
        yield None
        return
    try:
        yield lambda other: subprocess.run(["mount", "-o", f"remount,{other}", str(place)], check=True) and None
    finally:
        subprocess.run(["umount", str(place)], check=False)


def a_full_disk_in_a_checkpoint(case: Case, home: Path) -> Outcome:
    what = "a full disk, in a checkpoint"
    left(case, home / "measured")
    used = sum(-(-file.stat().st_size // 4096) * 4 for file in (home / "measured").rglob("*") if file.is_file())
    with mounted(home / "disk", f"size={used * 3 // 4}k") as again:
        if again is None:
            return Outcome(what, "no file system may be mounted here", None)
        folder = home / "disk" / "run"
        found = called(case.command(folder))
        kept = len(checkpoints(folder))
        again("size=64m")
        outcome = ends(what, case, folder, found=found, code=FAILURE, words="No space left")
        return Outcome(f"{what} after {kept}", outcome.seen, outcome.good and kept > 0)


def a_disk_without_a_byte(case: Case, home: Path) -> Outcome:
    what = "a full disk, at resume"
    with mounted(home / "disk", "size=64m") as again:
        if again is None:
            return Outcome(what, "no file system may be mounted here", None)
        folder = left(case, home / "disk" / "run")
        filler = home / "disk" / "filler"
        with filler.open("wb", buffering=0) as stream:
            try:
                while stream.write(bytes(4096)):
                    pass
            except OSError:
                pass
        found = called(["resume", str(folder)])
        filler.unlink()
        return ends(what, case, folder, found=found, code=FAILURE, words="No space left")


# ------------------------------------------------------------------------------------------------ read-only, shared


def _read_only(what: str, case: Case, home: Path, code: int, words: str, *, begun: bool) -> Outcome:
    place = home / "disk"
    with mounted(place, "size=64m") as again:
        folder = place / "run"
        if begun:
            left(case, folder)
        if again is not None:
            again("ro")
        elif os.geteuid() == 0:
            return Outcome(what, "root may write anywhere, and no file system may be mounted here", None)
        else:
            for part in (*(p for p in place.rglob("*") if p.is_dir()), place):
                part.chmod(0o555)
        found = called(["resume", str(folder)] if begun else case.command(folder))
        if again is not None:
            again("rw")
        else:
            for part in (place, *(p for p in place.rglob("*") if p.is_dir())):
                part.chmod(0o755)
        return ends(what, case, folder, found=found, code=code, words=words, resumes=begun)


def a_read_only_folder(case: Case, home: Path) -> Outcome:
    return _read_only("a read-only output folder", case, home, WRONG_INPUT, "cannot be written", begun=False)


def a_folder_become_read_only(case: Case, home: Path) -> Outcome:
    return _read_only("resume in a folder become read-only", case, home, FAILURE, "", begun=True)


def two_runs_in_a_folder(case: Case, home: Path) -> Outcome:
    folder = home / "run"
    longer = Case(case.scenario, 20_000, 365)
    with start(longer.command(folder)) as first:
        while first.poll() is None and not (folder / UNFINISHED / "run.json").exists():
            time.sleep(0.01)
        second = called(["resume", str(folder)])
        first.kill()
        first.communicate()
    return ends(
        "two runs in one folder", longer, folder, found=second, code=WRONG_INPUT, words="another run is being made"
    )


ALL = (
    a_flipped_byte,
    a_truncated_file,
    a_truncated_list,
    all_of_them_damaged,
    another_seed,
    another_version,
    no_room_for_a_checkpoint,
    no_room_for_the_record,
    a_full_disk_in_a_checkpoint,
    a_disk_without_a_byte,
    a_read_only_folder,
    a_folder_become_read_only,
    two_runs_in_a_folder,
)
SOME = (a_flipped_byte, another_seed, no_room_for_the_record, a_full_disk_in_a_checkpoint, a_read_only_folder)
"""Of each kind one."""

"""A run while it is being made: its record, its checkpoints, and the lock that keeps a second one out of the folder."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scorepolis.core.errors import InputError

if TYPE_CHECKING:
    from scorepolis.engine.checkpoint import Checkpoints

UNFINISHED: Final = "unfinished"
RECORD: Final = "run.json"
ASIDE: Final = f".{RECORD}.partial"
LOCK: Final = "lock"


@dataclass(frozen=True)
class Unfinished:
    """The part of a run folder in which a run is made; it goes when the run is whole.

    Attributes
    ----------
    folder
        `unfinished` in the run folder.
    record
        How the run is made, as it will stand in its provenance.
    on_damage
        Told of a checkpoint that cannot be used, and why.
    pause
        Seconds between two checkpoints, at least.
    """

    folder: Path
    record: Mapping[str, Any]
    on_damage: Callable[[str], None] = lambda _: None
    pause: float = 0

    def checkpoints(self, world: str) -> Checkpoints:
        """Give the checkpoints of one of the run's worlds, those of this very record alone."""
        from scorepolis.engine.checkpoint import Checkpoints

        text = json.dumps([self.record, world], sort_keys=True)
        return Checkpoints(self.folder / world, hashlib.sha256(text.encode()).hexdigest(), self.on_damage, self.pause)

    def is_worth_keeping(self) -> bool:
        """Whether there is a checkpoint to go on from."""
        return any(self.folder.glob("*/[0-9]*.json"))


def is_unfinished(folder: Path) -> bool:
    """Whether a run is being made in a folder, or was left there unfinished."""
    return (folder / UNFINISHED / RECORD).is_file()


def is_bare(folder: Path) -> bool:
    """Whether a run was stopped in a folder before it had written anything to go on from, or to lose."""
    try:
        held = {entry.name for entry in folder.iterdir()}
        return held == {UNFINISHED} and {entry.name for entry in (folder / UNFINISHED).iterdir()} <= {LOCK, ASIDE}
    except OSError:
        return False


def bring_back(folder: Path) -> None:
    """Give a folder its name again, if what wrote a whole run was killed just between taking it and giving it."""
    if folder.exists() or not folder.parent.is_dir():
        return
    for entry in _beside(folder, ".replaced"):
        entry.rename(folder)
        return


def _beside(folder: Path, *ends: str) -> list[Path]:
    """Find what `folder.write_whole` makes beside a folder."""
    own = re.compile(rf"\.{re.escape(folder.name)}\.\d+({'|'.join(map(re.escape, ends))})")
    return [entry for entry in folder.parent.iterdir() if own.fullmatch(entry.name)]


def read_record(folder: Path) -> dict[str, Any]:
    """Read how the unfinished run of a folder is made; InputError if there is none."""
    file = folder / UNFINISHED / RECORD
    if not file.is_file():
        raise InputError(
            "there is no unfinished run in this folder", file=str(folder), expected="a run that was stopped"
        )
    try:
        record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"the record cannot be read ({error})", file=str(file), expected="a file as a run writes it"
        ) from error
    return record


@contextmanager
def being_made(
    folder: Path,
    record: Mapping[str, Any],
    on_damage: Callable[[str], None] = lambda _: None,
    *,
    anew: bool = False,
    pause: float = 0,
) -> Iterator[Unfinished]:
    """Hold a run folder while a run is made in it.

    If what is done here fails before there is a checkpoint, nothing is left behind; else what is there stays, and
    `scorepolis resume` goes on from it.

    Parameters
    ----------
    folder
        The run folder, which need not exist.
    record
        How the run is made.
    on_damage
        Told of a checkpoint that cannot be used, and why.
    anew
        Whether checkpoints of an earlier attempt are dropped.
    pause
        Seconds between two checkpoints, at least.

    Raises
    ------
    InputError
        If another run is being made there.
    """
    from filelock import FileLock, Timeout  # whoever reads a finished run locks nothing

    inside = folder / UNFINISHED
    new = not folder.exists()
    inside.mkdir(parents=True, exist_ok=True)
    lock = FileLock(inside / LOCK)
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise InputError(
            "another run is being made in this folder", file=str(folder), expected="another folder"
        ) from error
    unfinished = Unfinished(inside, record, on_damage, pause)
    try:
        for earlier in inside.iterdir() if anew else ():
            if earlier.is_dir():
                shutil.rmtree(earlier)
        text = json.dumps(dict(record), indent=2, ensure_ascii=False) + "\n"
        for killed in _beside(folder, ".partial", ".replaced"):  # who holds the lock is alone here
            shutil.rmtree(killed, ignore_errors=True)
        aside = inside / ASIDE  # a record that is cut off would lose the checkpoints with it
        aside.write_text(text, encoding="utf-8")
        aside.replace(inside / RECORD)
        yield unfinished
    except BaseException:
        if not unfinished.is_worth_keeping():
            shutil.rmtree(inside, ignore_errors=True)
            if new:
                with suppress(OSError):  # what somebody else has put there stays
                    folder.rmdir()
        raise
    finally:
        lock.release()

"""Checkpoints: a world at the end of a month, on disk, so that a run goes on after whatever stopped it.

Each district, the month's counts and the news that are on their way are files of their own, written aside and renamed.
A list of all of them with their checksums is written last: without it, whole and true, there is no checkpoint. Two of
them are kept, and the counts of all months. Nothing of the model is known here.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.errors import ScorepolisError

Arrays = Mapping[str, npt.NDArray[Any]]

VERSION: Final = 3
GENERATIONS: Final = 2
COUNTS: Final = "counts"
"""Name of the file of a month's counts."""
INBOX: Final = "inbox"
"""Name of the file of the news that all districts receive when a month is over."""
REPORTS: Final = "reports"
"""Folder of what was counted for some districts each, until it is put together."""


class Checkpoints:
    """The checkpoints of one world.

    Parameters
    ----------
    folder
        Where they are; made when the first is written.
    key
        What the world is made of, hashed: checkpoints of another one are none.
    on_damage
        Told of a checkpoint that cannot be used, and why.
    pause
        Seconds that have to lie between two checkpoints, so that a run of seconds is not held up by them.
    """

    def __init__(
        self, folder: Path, key: str, on_damage: Callable[[str], None] = lambda _: None, pause: float = 0
    ) -> None:
        self.folder, self._key, self._on_damage, self._pause = folder, key, on_damage, pause
        self._last = time.monotonic()
        self._written: dict[str, str] = {}
        self._counts: dict[str, str] = {}

    def is_due(self) -> bool:
        """Whether the last one lies back far enough."""
        return time.monotonic() - self._last >= self._pause

    def keep(self, month: int, name: str, arrays: Arrays) -> str:
        """Write one file of a checkpoint that is being made, and give its checksum."""
        checksum = write(self.folder, month, name, arrays)
        self.note(month, name, checksum)
        return checksum

    def note(self, month: int, name: str, checksum: str) -> None:
        """Take a file that somebody else has written into a checkpoint that is being made."""
        checksums = self._counts if name == COUNTS else self._written
        checksums[f"{month:04}/{name}"] = checksum

    def close(self, month: int) -> None:
        """Declare a checkpoint whole, and drop those before the last but one."""
        about = {"version": VERSION, "key": self._key, "month": month, "files": self._counts | self._written}
        put(self._list(month), json.dumps(about, indent=1).encode())
        self._written = {}
        shutil.rmtree(self.folder / f"{month:04}" / REPORTS, ignore_errors=True)
        self._last = time.monotonic()
        for old in self._months()[:-GENERATIONS]:
            self._list(old).unlink()
            _file(self.folder, old, INBOX).unlink(missing_ok=True)
            shutil.rmtree(self.folder / f"{old:04}" / "districts", ignore_errors=True)

    def last(self) -> int | None:
        """Find the last month whose checkpoint is whole and true; None: there is none."""
        for month in reversed(self._months()):
            try:
                checksums = self._checked(month)
            except ValueError as error:
                self._on_damage(f"the checkpoint of month {month} cannot be used: {error}")
            else:
                self._counts = {name: checksum for name, checksum in checksums.items() if name.endswith(COUNTS)}
                return month
        return None

    def read(self, month: int, name: str) -> dict[str, npt.NDArray[Any]]:
        """Read one file of a checkpoint."""
        return _unpacked(_file(self.folder, month, name).read_bytes())

    def checksums(self, month: int) -> dict[str, str]:
        """Give the checksums of the files that a month added to its checkpoint, by name."""
        files: dict[str, str] = json.loads(self._list(month).read_text(encoding="utf-8"))["files"]
        start = f"{month:04}/"
        return {name.removeprefix(start): checksum for name, checksum in files.items() if name.startswith(start)}

    def _checked(self, month: int) -> dict[str, str]:
        """Check every file of a checkpoint, and give the checksums; ValueError says what is wrong."""
        try:
            about = json.loads(self._list(month).read_text(encoding="utf-8"))
            if (about["version"], about["key"]) != (VERSION, self._key):
                raise ValueError("it is of another version, seed, rulebook or society")
            for name, checksum in about["files"].items():
                if checksum_of((self.folder / f"{name}.npy").read_bytes()) != checksum:
                    raise ValueError(f"{name}.npy is damaged")
        except FileNotFoundError as error:
            raise ValueError(f"{error.filename} is missing") from error
        except (OSError, json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"its list cannot be read ({error!r})") from error
        return dict(about["files"])

    def _months(self) -> list[int]:
        """Months of which there is a checkpoint."""
        return sorted(int(file.stem) for file in self.folder.glob("[0-9]*.json"))

    def _list(self, month: int) -> Path:
        return self.folder / f"{month:04}.json"


def district(number: int) -> str:
    """Name a district's file."""
    return f"districts/{number:06}"


def report(number: int) -> str:
    """Name the file of what was counted for some districts, by the first of them."""
    return f"{REPORTS}/{number:06}"


def write(folder: Path, month: int, name: str, arrays: Arrays) -> str:
    """Write arrays into the folder of a month, and give their checksum; the same arrays make the same bytes."""
    content = _packed(arrays)
    file = _file(folder, month, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    put(file, content)
    return checksum_of(content)


def read(folder: Path, month: int, name: str, checksum: str) -> dict[str, npt.NDArray[Any]]:
    """Read what `write` wrote, no less and nothing else; ScorepolisError if it is not that."""
    content = _file(folder, month, name).read_bytes()
    if checksum_of(content) != checksum:
        raise ScorepolisError(f"the checkpoint of month {month} cannot be used: {month:04}/{name}.npy is damaged")
    return _unpacked(content)


def _packed(arrays: Arrays) -> memoryview:
    """Put arrays into one record of NumPy's format: an archive of them takes four times as long to read and write."""
    plain = {name: np.asarray(array) for name, array in arrays.items()}
    record = np.zeros((), np.dtype([(n, array.dtype, array.shape) for n, array in plain.items()], align=True))
    for name, array in plain.items():
        record[name] = array
    buffer = io.BytesIO()
    np.save(buffer, record, allow_pickle=False)
    return buffer.getbuffer()


def _unpacked(content: bytes) -> dict[str, npt.NDArray[Any]]:
    """Take a record apart; each array stands by itself, so that who keeps a small one does not keep all of them."""
    record = np.load(io.BytesIO(content), allow_pickle=False)
    return {name: record[name].copy() for name in record.dtype.names}


def checksum_of(content: bytes | memoryview) -> str:
    """Hash the content of a file."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _file(folder: Path, month: int, name: str) -> Path:
    return folder / f"{month:04}" / f"{name}.npy"


def put(file: Path, content: bytes | memoryview) -> None:
    """Write a file aside, make sure that it is on the disk, and rename it.

    Two processes may write the same file, if one is taken for dead and is not: each has a file aside of its own.
    """
    number, aside = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".partial", dir=file.parent)
    try:
        with open(number, "wb") as stream:  # noqa: PTH123 - a file that is open already
            stream.write(content)
            stream.flush()
            os.fsync(number)
        Path(aside).replace(file)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise

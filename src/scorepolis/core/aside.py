"""Writing a file aside and renaming it: all of it is there, or nothing."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def write(file: Path, make: Callable[[Path], object]) -> None:
    """Write a file, whole or not at all.

    Parameters
    ----------
    file : Path
        Where it goes; an earlier file there is replaced.
    make : callable
        Writes the file of the path that it is given, which lies in a folder beside it.

    Raises
    ------
    OSError
        If it cannot be written; what was there is as it was.
    """
    with TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as beside:
        partial = Path(beside) / file.name
        make(partial)
        partial.replace(file)


def write_text(file: Path, text: str) -> None:
    """Write a text as UTF-8, whole or not at all; as `write`."""
    write(file, lambda partial: partial.write_text(text, encoding="utf-8"))

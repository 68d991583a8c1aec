"""Writing a file aside and renaming it: all of it is there, or nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write(file: Path, make: Callable[[Path], object]) -> None:
    """Write a file, whole or not at all.

    Parameters
    ----------
    file : Path
        Where it goes; an earlier file there is replaced.
    make : callable
        Writes the file of the path that it is given, which lies beside it.

    Raises
    ------
    OSError
        If it cannot be written; what was there is as it was.
    """
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        make(partial)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def write_text(file: Path, text: str) -> None:
    """Write a text as UTF-8, whole or not at all; as `write`."""
    write(file, lambda partial: partial.write_text(text, encoding="utf-8"))

"""Everything that is wrong with a rulebook's file, each fault with its line and a caret under it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scorepolis import parameters, rulebooks
from scorepolis.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST = 160
"""Longer lines of a file are cut around the caret."""


def check(name_or_path: str) -> tuple[InputError, ...]:
    """Find everything that is wrong with a rulebook.

    Parameters
    ----------
    name_or_path : str
        Name of a rulebook of the library, or a YAML file.

    Returns
    -------
    tuple of InputError
        In the order of the file; none if it can be run.

    Raises
    ------
    InputError
        If there is no such rulebook.
    """
    known = parameters.load()
    if name_or_path in rulebooks.names():
        return rulebooks.problems(rulebooks.document(name_or_path), known)
    try:
        document = rulebooks.document(name_or_path)
    except InputError as error:
        if error.file is None or error.line is None:
            raise
        return (error,)
    return rulebooks.problems(document, known)


def lines(errors: Sequence[InputError]) -> Iterator[str]:
    """Tell faults as a compiler would.

    Parameters
    ----------
    errors : sequence of InputError
        From `check`.

    Yields
    ------
    str
        The place and what is wrong, the line of the file, a caret, what was expected, the nearest valid name.
    """
    texts: dict[str, list[str]] = {}
    for error in errors:
        yield f"{error.file}:{error.line}:{error.column}: {' '.join(error.message.split())}"
        source = texts.setdefault(error.file or "", _source(error.file))
        if error.line is not None and error.column is not None and error.line <= len(source):
            yield from _pointed(source[error.line - 1], error.column)
        if error.expected:
            yield f"  expected: {' '.join(error.expected.split())}"
        if error.nearest:
            yield f"  nearest: {error.nearest}"


def _pointed(text: str, column: int) -> Iterator[str]:
    # A tab is one column of the file, and so has to be one of the terminal.
    text = text.replace("\t", " ")
    start = max(0, column - 1 - WIDEST // 2) if len(text) > WIDEST else 0
    yield f"  | {text[start : start + WIDEST]}"
    yield f"  | {' ' * (column - 1 - start)}^"


def _source(file: str | None) -> list[str]:
    if file is None:
        return []
    path = Path(file)
    if not path.is_file():
        return []
    return path.read_text(encoding="utf-8-sig", errors="replace").splitlines()

"""Errors a user can act on: what was wrong, where, what was expected, and the nearest valid name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ScorepolisError(Exception):
    """A failure with a message for the user; the command line ends with `exit_code`."""

    exit_code = 1


class InputError(ScorepolisError):
    """Something the user gave cannot be used.

    Parameters
    ----------
    message : str
        What was wrong, in one clause.
    file : str, optional
        The file's name as shown to the user.
    line, column : int, optional
        Position in the file, counted from 1.
    expected : str, optional
        What would have been right.
    nearest : str, optional
        The valid name most like the one given.
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        expected: str | None = None,
        nearest: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.expected = expected
        self.nearest = nearest

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        text = f"{place}: {self.message}" if place else self.message
        if self.expected:
            text += f"; expected {self.expected}"
        if self.nearest:
            text += f"; did you mean '{self.nearest}'?"
        return " ".join(text.splitlines())  # names from a file may hold line ends; a message is one line


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Find the name most like a given one.

    Parameters
    ----------
    name : str
        The name as given.
    names : iterable of str
        The valid names.

    Returns
    -------
    str or None
        The nearest valid name; None if none is near.

    Examples
    --------
    >>> nearest("jay_walking", ["littering", "jaywalking"])
    'jaywalking'
    """
    found = difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)
    return found[0] if found else None

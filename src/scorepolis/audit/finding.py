"""What a check is, and what it finds: a place in the rulebook, said in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from scorepolis.core.errors import InputError, nearest

if TYPE_CHECKING:
    from scorepolis.audit.book import Book
    from scorepolis.rulebooks.checking import Where

Severity = Literal["low", "medium", "high"]
Subject = Literal["people", "firms", "bodies"]
Find = Callable[["Book"], Iterator["Hit"]]
SEVERITIES: Final[tuple[str, ...]] = get_args(Severity)

BOOK: Final = "book"
"""Where a finding about the whole rulebook stands."""


class Hit(NamedTuple):
    """Something a check came upon: where it stands in the file, how one names the place, and what is wrong with it."""

    path: Where
    at: str
    message: str


@dataclass(frozen=True)
class Check:
    """One question put to a rulebook.

    Attributes
    ----------
    id
        Its name, as findings and acceptances say it.
    severity
        How much hangs on it, in our judgement: low, medium or high.
    explanation
        What it looks for and why that matters.
    norm
        What it rests on.
    mend
        What would mend it.
    limit
        What it cannot tell.
    find
        Yields what it comes upon in what is done to people, to firms, to public bodies; where there is none, the
        question makes no sense.
    """

    id: str
    severity: Severity
    explanation: str
    norm: str
    mend: str
    limit: str
    find: Mapping[Subject, Find]

    @property
    def reads(self) -> str:
        """Of whom the instruments are that it reads."""
        return ", ".join(self.find)


@dataclass(frozen=True)
class Finding:
    """What a check found in one place.

    Attributes
    ----------
    check
        The check that found it.
    at
        Name of the place: `book`, `instrument`, or `instrument.rule` and the like.
    file, line, column
        Place in the file; line and column from 1.
    message
        What is wrong there.
    accepted
        The reason that the rulebook gives for letting it stand, if it does.
    of
        To whom that is done.
    """

    check: Check
    at: str
    file: str
    line: int
    column: int
    message: str
    accepted: str | None = None
    of: Subject = "people"

    def to_json(self) -> dict[str, object]:
        """Give it as plain data."""
        return {
            "check": self.check.id,
            "severity": self.check.severity,
            "at": self.at,
            "of": self.of,
            "of_firms": self.of == "firms",
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "explanation": self.check.explanation,
            "norm": self.check.norm,
            "mend": self.check.mend,
            "cannot_tell": self.check.limit,
            "accepted": self.accepted,
        }


def weight(severity: str) -> int:
    """Give the rank of a severity, from 0 for the lowest.

    Parameters
    ----------
    severity : str
        `low`, `medium` or `high`.

    Returns
    -------
    int
        Its rank.

    Raises
    ------
    InputError
        If there is no such severity.
    """
    if severity not in SEVERITIES:
        every = ", ".join(SEVERITIES)
        raise InputError(f"unknown severity '{severity[:40]}'", expected=every, nearest=nearest(severity, SEVERITIES))
    return SEVERITIES.index(severity)

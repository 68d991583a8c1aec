"""What a check is, and what it finds: a place in the rulebook, said in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from scorepolis.core.errors import InputError, nearest

if TYPE_CHECKING:
    from scorepolis.audit.book import Book
    from scorepolis.rulebooks.checking import Where

Severity = Literal["low", "medium", "high"]
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
        Yields what it comes upon in what is done to people.
    find_of_firms
        Yields what it comes upon in what is done to firms; None: the question makes no sense there.
    """

    id: str
    severity: Severity
    explanation: str
    norm: str
    mend: str
    limit: str
    find: Callable[[Book], Iterator[Hit]]
    find_of_firms: Callable[[Book], Iterator[Hit]] | None = None

    @property
    def reads(self) -> str:
        """Of whom the instruments are that it reads."""
        return "people, firms" if self.find_of_firms else "people"


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
    of_firms
        Whether it is about what is done to firms.
    """

    check: Check
    at: str
    file: str
    line: int
    column: int
    message: str
    accepted: str | None = None
    of_firms: bool = False

    def to_json(self) -> dict[str, object]:
        """Give it as plain data."""
        return {
            "check": self.check.id,
            "severity": self.check.severity,
            "at": self.at,
            "of_firms": self.of_firms,
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

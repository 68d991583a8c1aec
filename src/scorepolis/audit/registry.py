"""Where checks are entered as they are defined: the name of the function is the id, its docstring the explanation."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from scorepolis.audit.finding import Check, Find, Hit, Severity, Subject
from scorepolis.audit.organisation_book import Among

if TYPE_CHECKING:
    from scorepolis.audit.book import Book

    FindAmong = Callable[[Among], Iterator[Hit]]

REGISTRY: dict[str, Check] = {}

ORGANISATIONS: Final[tuple[Subject, ...]] = ("firms", "bodies")


def check(severity: Severity, *, norm: str, mend: str, limit: str) -> Callable[[Find], Find]:
    """Enter a function as a check, of what is done to people.

    Parameters
    ----------
    severity : str
        `low`, `medium` or `high`.
    norm, mend, limit : str
        What it rests on, what would mend what it finds, and what it cannot tell; each a full sentence or title.

    Returns
    -------
    callable
        A decorator that leaves the function as it is.
    """

    def enter(find: Find) -> Find:
        name = find.__name__.replace("_", "-")
        explanation = " ".join((inspect.getdoc(find) or "").split())
        REGISTRY[name] = Check(name, severity, explanation, norm, mend, limit, {"people": find})
        return find

    return enter


def of(name: str, *subjects: Subject) -> Callable[[FindAmong], FindAmong]:
    """Enter a function as what a check asks of instruments of organisations; all else about the check stays.

    Parameters
    ----------
    name : str
        Id of a check that has been entered.
    *subjects : str
        `firms`, `bodies`, or both; the function is called with the instruments of each.

    Returns
    -------
    callable
        A decorator that leaves the function as it is.
    """

    def enter(find: FindAmong) -> FindAmong:
        for subject in subjects:
            known = REGISTRY[name]
            REGISTRY[name] = replace(known, find={**known.find, subject: partial(_among, find, subject)})
        return find

    return enter


def _among(find: FindAmong, subject: Subject, book: Book) -> Iterator[Hit]:
    """Look among the instruments of some subjects."""
    return find(Among(book, book.firms if subject == "firms" else book.bodies))

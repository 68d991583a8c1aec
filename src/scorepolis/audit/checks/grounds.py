"""What a scheme rests on: sources of its numbers, its purpose, its legal basis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import shorten
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from scorepolis.audit.finding import BOOK, Hit
from scorepolis.audit.registry import check
from scorepolis.core.provenance import Quantity

if TYPE_CHECKING:
    from scorepolis.audit.book import Book
    from scorepolis.rulebooks.checking import Where

_NOTHING: Final = re.compile(
    r"\s*(none|nothing|no|not|unknown|unclear|missing|n/?a|tbd|to be \w+|[?.-]+)\b|\s*[?.-]+", re.IGNORECASE
)
"""How a text begins that says that there is nothing to say."""


@check(
    "low",
    norm="State Council General Office 2020 no. 49: what counts, and how much, is to be laid down and published.",
    mend="Find the text that sets the number, and name it as `source` with `status: documented` or `reported`.",
    limit="A source that is named was not read; and a number may be right that nobody has published.",
)
def number_without_source(book: Book) -> Iterator[Hit]:
    """Numbers that are assumed, not taken from a text.

    What they do to people follows from our guess, not from the scheme. One finding for each instrument, at the first
    such number.
    """
    for part in book.parts:
        yield from assumed_numbers(book, part.path, part.at, part.instrument)


def assumed_numbers(book: Book, path: Where, at: str, instrument: BaseModel) -> Iterator[Hit]:
    """Yield the first assumed number of an instrument, with how many there are."""
    every = list(_numbers(path, instrument))
    assumed = [path for path, quantity in every if quantity.status == "assumed"]
    assumed.sort(key=book.document.where)
    if assumed:
        share = f"{len(assumed)} of {len(every)} numbers are assumed"
        yield Hit(assumed[0], at, f"{share}; the first is {'.'.join(map(str, assumed[0][2:]))}")


def says_nothing(text: str) -> bool:
    """Say whether a text begins as one that says that there is nothing to say."""
    return _NOTHING.match(text) is not None


def begun(text: str) -> str:
    """Give how a text begins, in whole words."""
    return shorten(text, 80, placeholder=" ...")


def _numbers(path: Where, entry: object) -> Iterator[tuple[Where, Quantity]]:
    if isinstance(entry, Quantity):
        yield path, entry
    elif isinstance(entry, BaseModel):
        for name in type(entry).model_fields:
            yield from _numbers((*path, name), getattr(entry, name))
    elif isinstance(entry, tuple):
        for number, inner in enumerate(entry):
            yield from _numbers((*path, number), inner)


@check(
    "high",
    norm="GDPR 5(1)(b), purposes that are specified, explicit and legitimate; ICCPR 17.",
    mend="Say under `purpose` what the scheme is for, so that it can be asked whether its parts serve it.",
    limit="Whether the purpose is legitimate, and whether the scheme serves it.",
)
def purpose_missing(book: Book) -> Iterator[Hit]:
    """A scheme that does not say what it is for."""
    if book.rulebook.instruments and says_nothing(book.rulebook.purpose):
        yield Hit(("purpose",), BOOK, f"no purpose: '{begun(book.rulebook.purpose)}'")


@check(
    "high",
    norm="ICCPR 17 and 15; GDPR 6; State Council General Office 2020 no. 49: no measure without a law or regulation.",
    mend="Name under `legal_basis` the law or regulation, or take the scheme back.",
    limit="Whether the law that is named says so, and is compatible with higher law.",
)
def legal_basis_missing(book: Book) -> Iterator[Hit]:
    """A scheme that punishes without naming a legal basis."""
    if any(part.punishes for part in book.parts) and says_nothing(book.rulebook.legal_basis):
        yield Hit(("legal_basis",), BOOK, f"no legal basis: '{begun(book.rulebook.legal_basis)}'")


@check(
    "high",
    norm="ICCPR 15; State Council General Office 2020 no. 49: no measure without a law or regulation.",
    mend="Name under the rule's `legal_basis` the law and article, or strike the rule.",
    limit="Rules that say nothing are taken to rest on what the book rests on.",
)
def rule_without_legal_basis(book: Book) -> Iterator[Hit]:
    """A rule that punishes and says of itself that it has no legal basis."""
    for _, placed in book.penalties:
        if placed.rule.legal_basis == "none":
            yield Hit((*placed.path, "legal_basis"), placed.at, f"rule {placed.rule.id} has no legal basis")

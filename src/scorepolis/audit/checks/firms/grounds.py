"""What a scheme rests on, where it rates firms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.audit.checks.grounds import assumed_numbers, says_nothing
from scorepolis.audit.finding import BOOK, Hit
from scorepolis.audit.registry import of_firms

if TYPE_CHECKING:
    from scorepolis.audit.book import Book


@of_firms("number-without-source")
def number_without_source(book: Book) -> Iterator[Hit]:
    """Find the first assumed number of each instrument."""
    for part in book.firms:
        yield from assumed_numbers(book, part.path, part.at, part.instrument)


@of_firms("purpose-missing")
def purpose_missing(book: Book) -> Iterator[Hit]:
    """Find that a scheme for firms alone does not say what it is for."""
    if book.firms and not book.parts and says_nothing(book.rulebook.purpose):
        yield Hit(("purpose",), BOOK, f"no purpose: '{book.rulebook.purpose.strip()[:60]}'")


@of_firms("legal-basis-missing")
def legal_basis_missing(book: Book) -> Iterator[Hit]:
    """Find that firms are punished without a legal basis; where people are too, it is told of these."""
    people = any(part.punishes for part in book.parts)
    if not people and any(part.punishes for part in book.firms) and says_nothing(book.rulebook.legal_basis):
        yield Hit(("legal_basis",), BOOK, f"no legal basis: '{book.rulebook.legal_basis.strip()[:60]}'")


@of_firms("rule-without-legal-basis")
def rule_without_legal_basis(book: Book) -> Iterator[Hit]:
    """Find rules that say so of themselves."""
    for part in book.firms:
        for placed in part.penalties:
            if placed.rule.legal_basis == "none":
                yield Hit((*placed.path, "legal_basis"), placed.at, f"rule {placed.rule.id} has no legal basis")

"""What a scheme rests on, where it rates firms or public bodies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.audit.checks.grounds import assumed_numbers, begun, says_nothing
from scorepolis.audit.finding import BOOK, Hit
from scorepolis.audit.registry import ORGANISATIONS, of

if TYPE_CHECKING:
    from scorepolis.audit.organisation_book import Among


@of("number-without-source", *ORGANISATIONS)
def number_without_source(among: Among) -> Iterator[Hit]:
    """Find the first assumed number of each instrument."""
    for part in among.parts:
        yield from assumed_numbers(among.book, part.path, part.at, part.instrument)


@of("purpose-missing", *ORGANISATIONS)
def purpose_missing(among: Among) -> Iterator[Hit]:
    """Find that a scheme does not say what it is for; it is told of the first of its subjects alone."""
    first = next((some for some in (among.book.parts, among.book.firms, among.book.bodies) if some), ())
    if among.parts and among.parts is first and says_nothing(among.book.rulebook.purpose):
        yield Hit(("purpose",), BOOK, f"no purpose: '{begun(among.book.rulebook.purpose)}'")


@of("legal-basis-missing", *ORGANISATIONS)
def legal_basis_missing(among: Among) -> Iterator[Hit]:
    """Find that they are punished without a legal basis; it is told of the first who are."""
    punishing = (
        some for some in (among.book.parts, among.book.firms, among.book.bodies) if any(part.punishes for part in some)
    )
    if among.parts is next(punishing, None) and says_nothing(among.book.rulebook.legal_basis):
        yield Hit(("legal_basis",), BOOK, f"no legal basis: '{among.book.rulebook.legal_basis.strip()[:60]}'")


@of("rule-without-legal-basis", *ORGANISATIONS)
def rule_without_legal_basis(among: Among) -> Iterator[Hit]:
    """Find rules that say so of themselves."""
    for part in among.parts:
        for placed in part.penalties:
            if placed.rule.legal_basis == "none":
                yield Hit((*placed.path, "legal_basis"), placed.at, f"rule {placed.rule.id} has no legal basis")

"""The part of the audit that reads a rulebook and runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scorepolis import parameters, rulebooks
from scorepolis.audit import law
from scorepolis.audit.book import Book
from scorepolis.audit.checks import CHECKS
from scorepolis.audit.conditions import Answered, answer
from scorepolis.audit.finding import SEVERITIES, Finding, weight
from scorepolis.core.errors import nearest
from scorepolis.core.yamlfile import Document
from scorepolis.shown import Shown

NO_FINDING: Final = "No finding does not mean lawful."
OF_CONDITIONS: Final = (
    "That a condition is met does not say that the norm applies, is broken, or allows no exception; "
    "that one is not met does not say that it holds in practice."
)


@dataclass(frozen=True)
class Audit(Shown):
    """What reading a rulebook brought.

    Attributes
    ----------
    book
        The rulebook, with its places.
    findings
        What the checks found: the gravest first, check by check, in the order of the file; the accepted among them.
    conditions
        The conditions of norms with their answers.
    unneeded
        Acceptances, by their number in the file, of what no check found.
    """

    book: Book
    findings: tuple[Finding, ...]
    conditions: tuple[Answered, ...]
    unneeded: tuple[int, ...]

    @property
    def open(self) -> tuple[Finding, ...]:
        """Findings that the rulebook does not accept."""
        return tuple(finding for finding in self.findings if finding.accepted is None)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What no finding means."""
        return (NO_FINDING,)

    def fails(self, severity: str) -> bool:
        """Say whether a finding of a severity or a graver one is open.

        Parameters
        ----------
        severity : str
            `low`, `medium` or `high`.

        Returns
        -------
        bool
            True if there is one that the rulebook does not accept.

        Raises
        ------
        InputError
            If there is no such severity.
        """
        least = weight(severity)
        return any(weight(finding.check.severity) >= least for finding in self.open)

    def to_json(self) -> dict[str, object]:
        """Give it as plain data."""
        book = self.book.rulebook
        return {
            "rulebook": book.name,
            "title": book.title,
            "sha256": book.digest(),
            "findings": [finding.to_json() for finding in self.findings],
            "conditions": [one.to_json() for one in self.conditions],
            "accepted_but_not_found": [book.accepted[number].check for number in self.unneeded],
            "open_by_severity": {
                severity: sum(finding.check.severity == severity for finding in self.open) for severity in SEVERITIES
            },
            "caution": [*self.cautions, OF_CONDITIONS],
        }


def audit(name_or_path: str | Path) -> Audit:
    """Read a rulebook and say what is wrong with it, without running it.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a rulebook of the library, or a YAML file.

    Returns
    -------
    Audit
        Findings, and conditions of norms.

    Raises
    ------
    InputError
        If there is no such rulebook, something in it is wrong, or it accepts what no check is called.
    """
    return audit_document(rulebooks.document(name_or_path))


def audit_document(document: Document) -> Audit:
    """Audit a rulebook that was read as YAML; as `audit`."""
    known = parameters.load()
    book = Book(rulebooks.of_document(document, known), document, known, law.load())
    _known_checks(book)
    found = tuple(sorted(_found(book), key=_order))
    accepted = tuple(_accepted(finding, book) for finding in found)
    return Audit(book, accepted, answer(book, accepted), _unneeded(book, found))


def _order(finding: Finding) -> tuple[int, str, int, int]:
    return -weight(finding.check.severity), finding.check.id, finding.line, finding.column


def _found(book: Book) -> Iterator[Finding]:
    for check in CHECKS.values():
        for of, find in check.find.items():
            for hit in find(book):
                line, column = book.document.where(hit.path)
                yield Finding(check, hit.at, book.document.name, line, column, hit.message, of=of)


def _known_checks(book: Book) -> None:
    for number, one in enumerate(book.rulebook.accepted):
        if one.check not in CHECKS:
            raise book.document.error(
                ("accepted", number, "check"),
                f"there is no check '{one.check}'",
                f"one of {', '.join(CHECKS)}",
                nearest(one.check, CHECKS),
            )


def _accepts(check: str, at: str | None, finding: Finding) -> bool:
    return check == finding.check.id and at in (None, finding.at)


def _accepted(finding: Finding, book: Book) -> Finding:
    for one in book.rulebook.accepted:
        if _accepts(one.check, one.at, finding):
            return replace(finding, accepted=one.reason)
    return finding


def _unneeded(book: Book, found: tuple[Finding, ...]) -> tuple[int, ...]:
    every = enumerate(book.rulebook.accepted)
    return tuple(number for number, one in every if not any(_accepts(one.check, one.at, finding) for finding in found))

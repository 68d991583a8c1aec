"""What the audit finds when it reads the rulebooks of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scorepolis.audit import SEVERITIES, Audit
from scorepolis.audit import audit as of_library
from scorepolis.audit.finding import weight
from scorepolis.audit.static import audit_document
from scorepolis.core.errors import InputError
from scorepolis.core.yamlfile import read_text
from scorepolis.report.language import say
from scorepolis.report.numbers import whole
from scorepolis.report.parts.part import Part
from scorepolis.report.tables import Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LAW_ONLY: Final = "law-only"


def part(books: Iterable[Mapping[str, Any]]) -> Part:
    """Audit rulebooks, as a run records them.

    Parameters
    ----------
    books : iterable of mapping
        Their entries in the provenance: ``name``, ``sha256``, and ``text`` if they are not of the library.
    """
    lines, tables = [], []
    for entry in {(book["name"], book["sha256"]): book for book in books if book["name"] != LAW_ONLY}.values():
        found = _audited(entry)
        if found is None:
            lines.append(say("findings.changed", name=entry["name"]))
            continue
        lines.append(_summary(found))
        if found.findings:
            tables.append(_table(found))
    return Part(
        "findings", tuple(lines) or (say("findings.no_book"),), tables=tuple(tables), limit=say("findings.limit")
    )


def _audited(entry: Mapping[str, Any]) -> Audit | None:
    """Audit the rulebook that a run was made with; None if it is no longer at hand."""
    text = entry.get("text")
    try:
        found = of_library(entry["name"]) if text is None else audit_document(read_text(text, f"{entry['name']}.yaml"))
    except InputError:
        return None
    return found if found.book.rulebook.digest() == entry["sha256"] else None


def _summary(found: Audit) -> str:
    counts = {severity: sum(one.check.severity == severity for one in found.open) for severity in SEVERITIES}
    accepted = len(found.findings) - len(found.open)
    return say("findings.open", name=found.book.rulebook.name, **counts, accepted=accepted)


def _table(found: Audit) -> Table:
    ordered = sorted(found.findings, key=lambda one: -weight(one.check.severity))
    rows = tuple(
        (say(f"findings.{one.check.severity}"), one.check.id, one.at, one.message, one.check.norm) for one in ordered
    )
    heads = tuple(say(f"findings.{head}") for head in ("severity", "check", "place", "message", "norm"))
    counted = whole(len(rows), "finding")
    title = say("findings.title", name=found.book.rulebook.name, counted=counted)
    return Table(title, heads, (Section(rows),), say("findings.note"), words=(1, 2, 3, 4))

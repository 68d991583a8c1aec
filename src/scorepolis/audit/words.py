"""An audit in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from scorepolis.audit.finding import SEVERITIES, Finding
from scorepolis.audit.static import OF_CONDITIONS

if TYPE_CHECKING:
    from scorepolis.audit.static import Audit

WIDTH: Final = 120


def summary(audit: Audit) -> str:
    """Say in a sentence how many findings are open and accepted."""
    counts = {severity: sum(f.check.severity == severity for f in audit.open) for severity in reversed(SEVERITIES)}
    accepted = len(audit.findings) - len(audit.open)
    told = ", ".join(f"{number} {severity}" for severity, number in counts.items())
    return f"Open findings: {told}. Accepted by the rulebook: {accepted}."


def lines(audit: Audit) -> Iterator[str]:
    """Tell what reading a rulebook brought.

    Parameters
    ----------
    audit : Audit
        What was found.

    Yields
    ------
    str
        Lines of at most 120 characters, as far as names allow.
    """
    book = audit.book.rulebook
    yield f"{book.name}: {book.title}"
    yield summary(audit)
    if not audit.findings:
        yield "No finding."
    yield from audit.cautions
    for _, several in groupby(audit.findings, key=lambda finding: finding.check.id):
        yield ""
        yield from _check(list(several))
    for number in audit.unneeded:
        accepted = book.accepted[number]
        line = audit.book.document.where(("accepted", number))[0]
        yield ""
        where = f" at {accepted.at}" if accepted.at else ""
        yield f"Line {line} accepts '{accepted.check}', which was not found{where}."
    yield ""
    yield from _norms(audit)


def _check(several: list[Finding]) -> Iterator[str]:
    check = several[0].check
    yield from wrap(f"{check.severity.upper()}  {check.id}: {check.explanation}", WIDTH, subsequent_indent="    ")
    for finding in several:
        yield from wrap(
            f"{finding.file}:{finding.line}:{finding.column}: {finding.at}: {finding.message}",
            WIDTH,
            initial_indent="  - ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        if finding.accepted is not None:
            yield from wrap(f"Accepted: {finding.accepted}", WIDTH, initial_indent="    ", subsequent_indent="    ")
    for head, text in (("Rests on", check.norm), ("To mend", check.mend), ("Cannot tell", check.limit)):
        yield from wrap(f"{head}: {text}", WIDTH, initial_indent="    ", subsequent_indent="      ")


def _norms(audit: Audit) -> Iterator[str]:
    yield from wrap(f"Conditions of norms, one by one. {OF_CONDITIONS}", WIDTH)
    for norm, several in groupby(audit.conditions, key=lambda one: one.norm):
        yield ""
        yield norm.title
        yield from wrap(
            f"Since {norm.since}. Binds: {norm.binds}.", WIDTH, initial_indent="    ", subsequent_indent="    "
        )
        for one in several:
            at = f", line {one.answer.line}" if one.answer.line is not None else ""
            text = f"{one.answer.state.upper()}  {one.condition.text}: {one.answer.why}{at}. {one.condition.limit}"
            yield from wrap(text, WIDTH, initial_indent="  - ", subsequent_indent="    ")

"""The part of the documentation that is made from the checks and the tables of law."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from scorepolis.audit import law
from scorepolis.audit.checks import CHECKS
from scorepolis.core.errors import InputError

Kinds = tuple[law.KindOfServices | law.KindOfBehaviours, ...]

BEGIN: Final = "<!-- made by python -m scorepolis.audit.reference; do not edit by hand -->"
END: Final = "<!-- end of what is made -->"


def reference() -> str:
    """Write the checks, the norms and the directories as Markdown.

    Returns
    -------
    str
        What stands between the markers of the page.
    """
    return "\n".join(chain(_checks(), _norms(), _directories())) + "\n"


def renewed(page: str) -> str:
    """Put the part that is made into a page, between its markers.

    Parameters
    ----------
    page : str
        The page.

    Returns
    -------
    str
        The page with the part made anew.

    Raises
    ------
    InputError
        If the page lacks a marker.
    """
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise InputError("the page has no place for what is made", expected=f"'{BEGIN}' and '{END}'")
    return f"{head}{BEGIN}\n\n{reference()}\n{END}{tail}"


def _checks() -> Iterator[str]:
    yield "### The checks"
    yield ""
    yield "| check | severity | reads | what it looks for | norm | what would mend it | what it cannot tell |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for check in CHECKS.values():
        cells = (f"`{check.id}`", check.severity, check.reads, check.explanation, check.norm, check.mend, check.limit)
        yield f"| {' | '.join(cells)} |"
    yield ""


def _norms() -> Iterator[str]:
    yield "### The norms"
    for norm in law.load().norms:
        yield ""
        note = f" {norm.note}." if norm.note else ""
        yield f"**{norm.title}.** Since {norm.since}. Binds: {norm.binds}. Source ({norm.status}): {norm.source}.{note}"
        yield ""
        yield "| condition | what a rulebook cannot show |"
        yield "| --- | --- |"
        for condition in norm.conditions:
            yield f"| {condition.text} | {condition.limit} |"
    yield ""


def _information(directory: law.InformationDirectory) -> Iterator[str]:
    yield f"**{directory.title}.** Since {directory.since}."
    yield ""
    yield "| kind | inside | only from | behaviours | status | source or reason |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for entry in directory.entries:
        inside = "yes" if entry.inside else "no"
        told = (entry.kind, inside, ", ".join(entry.by or ()), ", ".join(entry.behaviours))
        yield f"| {' | '.join((*told, entry.status, entry.source or entry.reason or ''))} |"
    yield ""


def _measures(directory: law.MeasuresDirectory | law.FirmMeasures) -> Iterator[str]:
    yield f"**{directory.title}.** Since {directory.since}."
    yield ""
    yield "| kind | effects inside | services | status | source or reason |"
    yield "| --- | --- | --- | --- | --- |"
    for one in directory.entries:
        told_of = (one.kind, ", ".join(one.effects) or "none", ", ".join(one.services))
        yield f"| {' | '.join((*told_of, one.status, one.source or one.reason or ''))} |"
    for channel in directory.publicity if isinstance(directory, law.MeasuresDirectory) else ():
        effect = "showing" if channel.inside else "none"
        told_of = (channel.kind, effect, ", ".join(channel.channels))
        yield f"| {' | '.join((*told_of, channel.status, channel.source or channel.reason or ''))} |"
    yield ""


def _of_firms() -> Iterator[str]:
    firms = law.load().firms
    yield from _information(firms.information)
    yield from _measures(firms.measures)
    kinds: Kinds = (*firms.related_services, firms.wanting, firms.earning, firms.representatives)
    yield from _matters("of firms", kinds)


def _of_bodies() -> Iterator[str]:
    bodies = law.load().bodies
    kinds: Kinds = (*bodies.related_services, bodies.wanting, bodies.earning, bodies.residents)
    yield from _matters("of public bodies", kinds)


def _matters(whose: str, kinds: Kinds) -> Iterator[str]:
    yield f"**What matters for what, {whose}, as we read it.**"
    yield ""
    yield "| kind | behaviours or services | status | source or reason |"
    yield "| --- | --- | --- | --- |"
    for kind in kinds:
        services, behaviours = getattr(kind, "services", ()), getattr(kind, "behaviours", ())
        names = ": ".join(", ".join(names) for names in (services, behaviours) if names)
        yield f"| {kind.kind} | {names} | {kind.status} | {kind.source or kind.reason} |"
    yield ""


def _directories() -> Iterator[str]:
    tables = law.load()
    yield "### The directories"
    yield ""
    yield from _information(tables.information)
    yield from _measures(tables.measures)
    yield from _of_firms()
    yield from _of_bodies()
    yield "**What norms speak of, as we read it.**"
    yield ""
    yield "| kind | behaviours, services or attributes | status | source or reason |"
    yield "| --- | --- | --- | --- |"
    for name in type(tables.readings).model_fields:
        kind = getattr(tables.readings, name)
        names = next(getattr(kind, field) for field in ("behaviours", "services", "attributes") if hasattr(kind, field))
        yield f"| {kind.kind} | {', '.join(names)} | {kind.status} | {kind.source or kind.reason} |"
    yield ""
    yield "**Thresholds.**"
    yield ""
    yield "| threshold | value | range | status | source or reason |"
    yield "| --- | --- | --- | --- | --- |"
    for name in type(tables.thresholds).model_fields:
        number = getattr(tables.thresholds, name)
        low, high = number.range
        grounds = number.source or number.reason
        yield f"| `{name}` | {number.value} {number.unit} | {low} to {high} | {number.status} | {grounds} |"


def main(arguments: Sequence[str]) -> int:
    """Renew what is made in the page that is named; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scorepolis.audit.reference", description="Renew the reference in the page of the audit."
    )
    parser.add_argument("file", metavar="FILE.md", type=Path, help="the page; what stands outside its markers is kept")
    file: Path = parser.parse_args(arguments).file
    if not file.is_file():
        parser.error(f"there is no file {file}")
    try:
        made = renewed(file.read_text(encoding="utf-8"))
    except InputError as error:
        parser.error(str(error))
    file.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

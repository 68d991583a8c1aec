"""China's directories of 2021: what may be recorded as credit, and what may be done to people for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import check

if TYPE_CHECKING:
    from datetime import date

    from scorepolis.audit.book import Book
    from scorepolis.audit.law import Behaviours, InformationDirectory
    from scorepolis.audit.part import AnyPlacedRule
    from scorepolis.parameters import Parameters
    from scorepolis.parameters.firms import Firms

    Writers = Parameters | Firms

LIMIT: Final = (
    "The table is ours, in part assumed; regulations may add to the directory; for whom a measure is meant is not "
    "asked. Elsewhere it is a benchmark."
)


@check(
    "medium",
    norm="National Basic Catalogue of Public Credit Information (2021), after General Office 2020 no. 49.",
    mend="Strike the item, or take it only from the court or authority that decided on it: `by`.",
    limit=LIMIT,
)
def outside_information_directory(book: Book) -> Iterator[Hit]:
    """A rule counts as credit what China's directory of public credit information does not list."""
    for part in book.parts:
        for placed in part.rules:
            yield from not_listed(book, book.law.information, book.parameters, part.instrument.reach, placed)


def not_listed(
    book: Book, directory: InformationDirectory, known: Writers, reach: tuple[str, ...], placed: AnyPlacedRule
) -> Iterator[Hit]:
    """Yield a rule that counts what a directory does not list, as it is recorded by those within its reach."""
    by = placed.rule.by or reach  # where no sensor is named, records of all within reach are counted
    reasons: dict[str, list[str]] = {}
    for name in placed.rule.behaviours:
        writers = tuple(sensor for sensor in by if known.may_write(sensor, name))
        if not directory.allows(name, writers):
            reasons.setdefault(_why_outside(directory.entry(name)), []).append(name)
    if reasons:
        told = "; ".join(f"{', '.join(names)}: {why}" for why, names in reasons.items())
        message = f"rule {placed.rule.id} counts {told}{before(book, directory.since)}"
        yield Hit((*placed.path, "behaviours"), placed.at, message)


def _why_outside(entry: Behaviours) -> str:
    """Say why records of a behaviour are not inside."""
    if entry.inside and entry.by:
        return f"listed only as decided by {' or '.join(entry.by)}"
    return entry.kind


@check(
    "medium",
    norm="National Basic List of Penalty Measures for Untrustworthiness (2021), after General Office 2020 no. 49.",
    mend="Drop the consequence, or replace it by a measure that the list knows.",
    limit=LIMIT,
)
def outside_measures_directory(book: Book) -> Iterator[Hit]:
    """A penalty that China's directory of punitive measures does not list."""
    directory = book.law.measures
    for part in book.parts:
        for burden in part.burdens:
            one = burden.consequence
            entry = directory.entry(one.service)
            if one.effect not in entry.effects:
                why = (
                    f"{one.effect} of {one.service}: {entry.kind if not entry.effects else 'another effect is listed'}"
                )
                yield Hit(burden.path, burden.at, f"{why}{before(book, directory.since)}")
        for shame in part.shames:
            channel = str(shame.path[-1])
            entry_of = directory.channel(channel)
            if not entry_of.inside:
                yield Hit(shame.path, shame.at, f"{channel}: {entry_of.kind}{before(book, directory.since)}")


def before(book: Book, since: date) -> str:
    """Say if the book was gone before the directory came."""
    until = book.rulebook.in_force.until
    return f" (the book ended before the directory of {since.year})" if until is not None and until < since else ""

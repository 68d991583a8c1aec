"""China's directories of 2021, held against what is recorded of firms and done to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.audit.checks.directories import before, not_listed
from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import of

if TYPE_CHECKING:
    from scorepolis.audit.organisation_book import Among


@of("outside-information-directory", "firms")
def outside_information_directory(among: Among) -> Iterator[Hit]:
    """Find what rules count of firms and the directory does not list."""
    directory, firms = among.book.law.firms.information, among.book.parameters.firms
    for part in among.parts:
        for placed in part.rules:
            yield from not_listed(among.book, directory, firms, part.instrument.reach, placed)


@of("outside-measures-directory", "firms")
def outside_measures_directory(among: Among) -> Iterator[Hit]:
    """Find what is done to firms and the directory does not list."""
    directory = among.book.law.firms.measures
    for part in among.parts:
        for burden in part.burdens:
            one = burden.consequence
            entry = directory.entry(one.service)
            if one.effect not in entry.effects:
                why = entry.kind if not entry.effects else "another effect is listed"
                message = f"{one.effect} of {one.service}: {why}{before(among.book, directory.since)}"
                yield Hit(burden.path, burden.at, message)

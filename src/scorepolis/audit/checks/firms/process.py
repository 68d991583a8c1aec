"""How firms are dealt with: what they are told, how they object, how it ends, who may decide how much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.audit.checks.process import bounds_missing, bounds_too_wide
from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import of_firms
from scorepolis.rulebooks.schema import FirmListRule

if TYPE_CHECKING:
    from scorepolis.audit.book import Book
    from scorepolis.audit.firm_book import FirmPart, PlacedFirmRule

TO_PERFORM = "ignoring_judgment"
"""What a firm can end by performing."""


@of_firms("no-expiry")
def no_expiry(book: Book) -> Iterator[Hit]:
    """Find grades that are assigned where no rating of a year begins anew."""
    for part in book.firms:
        for placed in part.penalties:
            if part.rating and part.endless(placed):
                message = f"{placed.assigned}, assigned by rule {placed.rule.id}, has no term, and no rating follows"
                yield Hit((*placed.path, "assign"), placed.at, message)


@of_firms("no-notice")
def no_notice(book: Book) -> Iterator[Hit]:
    """Find instruments of which firms are not told."""
    for part in book.firms:
        if part.penalties and not part.instrument.notice:
            yield Hit((*part.path, "notice"), part.at, "no firm is told of an entry")


@of_firms("no-appeal")
def no_appeal(book: Book) -> Iterator[Hit]:
    """Find instruments under which no firm can object."""
    for part in book.firms:
        if part.penalties and part.instrument.appeal is None:
            yield Hit(part.path, part.at, "there is no appeal of a firm against an entry")


@of_firms("list-without-exit")
def list_without_exit(book: Book) -> Iterator[Hit]:
    """Find grounds without a term for what cannot be performed."""
    for part in book.firms:
        for placed in part.penalties:
            if isinstance(placed.rule, FirmListRule) and placed.rule.term is None:
                stuck = [name for name in placed.rule.behaviours if name != TO_PERFORM]
                if stuck:
                    message = f"a firm that is listed under {placed.rule.id} for {', '.join(stuck)} never gets off"
                    yield Hit((*placed.path, "term"), placed.at, message)


@of_firms("secret-rules")
def secret_rules(book: Book) -> Iterator[Hit]:
    """Find secret rules of firms."""
    for part in book.firms:
        if part.instrument.transparency == "secret":
            yield Hit((*part.path, "transparency"), part.at, "the rules are secret")


@of_firms("rules-partly-published")
def rules_partly_published(book: Book) -> Iterator[Hit]:
    """Find rules of firms of which a part is published."""
    for part in book.firms:
        if part.instrument.transparency == "partly":
            yield Hit((*part.path, "transparency"), part.at, "only a part of the rules is published")


@of_firms("discretion-without-bounds")
def discretion_without_bounds(book: Book) -> Iterator[Hit]:
    """Find penalties without bounds, and merits that are given to firms with connections for nothing."""
    for part in book.firms:
        for placed in part.rules:
            yield from bounds_missing(placed.path, placed.at, placed.rule) if placed.penalises else ()
            givers = _givers(book, part, placed)
            if placed.rewards and givers and placed.rule.discretion is None:
                message = (
                    f"what rule {placed.rule.id} rewards is left to {', '.join(givers)}, who give it to firms with "
                    "connections for nothing"
                )
                yield Hit((*placed.path, "behaviours"), placed.at, message)


@of_firms("discretion-too-wide")
def discretion_too_wide(book: Book) -> Iterator[Hit]:
    """Find bounds that lie far apart."""
    for part in book.firms:
        for placed in part.penalties:
            yield from bounds_too_wide(book, placed.path, placed.at, placed.rule)


@of_firms("publicity-without-end")
def publicity_without_end(book: Book) -> Iterator[Hit]:
    """Find shown grades to which something leads that has no term, and out of which nothing lifts."""
    for part in book.firms:
        if not part.shown:
            continue
        shown = [placed for placed in part.penalties if part.leads_to(placed, part.shown) and part.endless(placed)]
        rules = [placed.rule.id for placed in shown if placed.assigned not in part.lifted]
        if rules:
            message = f"{', '.join(part.shown)} is shown without a term, by rule {', '.join(rules)}"
            yield Hit((*part.path, "publicity"), f"{part.at}.publicity", message)


def _givers(book: Book, part: FirmPart, placed: PlacedFirmRule) -> list[str]:
    """Name the sensors within reach that write what a rule takes for firms with connections."""
    sensors = book.parameters.firms.sensors
    favours = {name: sensors[name].favours for name in placed.rule.by or part.instrument.reach}
    return [name for name, given in favours.items() if given and given.behaviour in placed.rule.behaviours]

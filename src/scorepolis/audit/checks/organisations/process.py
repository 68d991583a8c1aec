"""How firms and bodies are dealt with: what they are told, how they object, how it ends, who may decide how much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.audit.checks.process import bounds_missing, bounds_too_wide
from scorepolis.audit.finding import Hit
from scorepolis.audit.organisation_book import FirmPart
from scorepolis.audit.registry import ORGANISATIONS, of
from scorepolis.rulebooks.schema import FirmListRule

if TYPE_CHECKING:
    from scorepolis.audit.book import Book
    from scorepolis.audit.organisation_book import Among, OrganisationPart, PlacedOrganisationRule

TO_PERFORM = "ignoring_judgment"
"""What a firm can end by performing."""


@of("no-expiry", *ORGANISATIONS)
def no_expiry(among: Among) -> Iterator[Hit]:
    """Find grades that are assigned where no rating of a year begins anew."""
    for part in among.parts:
        for placed in part.penalties:
            if part.rating and part.endless(placed):
                message = f"{placed.assigned}, assigned by rule {placed.rule.id}, has no term, and no rating follows"
                yield Hit((*placed.path, "assign"), placed.at, message)


@of("no-notice", "firms")
def no_notice(among: Among) -> Iterator[Hit]:
    """Find instruments of which firms are not told."""
    for part in among.book.firms:
        if part.penalties and not part.instrument.notice:
            yield Hit((*part.path, "notice"), part.at, "no firm is told of an entry")


@of("no-appeal", "firms")
def no_appeal(among: Among) -> Iterator[Hit]:
    """Find instruments under which no firm can object."""
    for part in among.book.firms:
        if part.penalties and part.instrument.appeal is None:
            yield Hit(part.path, part.at, "there is no appeal of a firm against an entry")


@of("list-without-exit", "firms")
def list_without_exit(among: Among) -> Iterator[Hit]:
    """Find grounds without a term for what cannot be performed."""
    for part in among.parts:
        for placed in part.penalties:
            if isinstance(placed.rule, FirmListRule) and placed.rule.term is None:
                stuck = [name for name in placed.rule.behaviours if name != TO_PERFORM]
                if stuck:
                    message = f"a firm that is listed under {placed.rule.id} for {', '.join(stuck)} never gets off"
                    yield Hit((*placed.path, "term"), placed.at, message)


@of("secret-rules", *ORGANISATIONS)
def secret_rules(among: Among) -> Iterator[Hit]:
    """Find secret rules."""
    for part in among.parts:
        if part.instrument.transparency == "secret":
            yield Hit((*part.path, "transparency"), part.at, "the rules are secret")


@of("rules-partly-published", *ORGANISATIONS)
def rules_partly_published(among: Among) -> Iterator[Hit]:
    """Find rules of which a part is published."""
    for part in among.parts:
        if part.instrument.transparency == "partly":
            yield Hit((*part.path, "transparency"), part.at, "only a part of the rules is published")


@of("discretion-without-bounds", *ORGANISATIONS)
def discretion_without_bounds(among: Among) -> Iterator[Hit]:
    """Find penalties without bounds, and merits that are given to firms with connections for nothing."""
    for part in among.parts:
        for placed in part.rules:
            yield from bounds_missing(placed.path, placed.at, placed.rule) if placed.penalises else ()
            givers = _givers(among.book, part, placed)
            if placed.rewards and givers and placed.rule.discretion is None:
                message = (
                    f"what rule {placed.rule.id} rewards is left to {', '.join(givers)}, who give it to firms with "
                    "connections for nothing"
                )
                yield Hit((*placed.path, "behaviours"), placed.at, message)


@of("discretion-too-wide", *ORGANISATIONS)
def discretion_too_wide(among: Among) -> Iterator[Hit]:
    """Find bounds that lie far apart."""
    for part in among.parts:
        for placed in part.penalties:
            yield from bounds_too_wide(among.book, placed.path, placed.at, placed.rule)


@of("publicity-without-end", "firms")
def publicity_without_end(among: Among) -> Iterator[Hit]:
    """Find shown grades to which something leads that has no term, and out of which nothing lifts."""
    for part in among.parts:
        if not part.shown:
            continue
        shown = [placed for placed in part.penalties if part.leads_to(placed, part.shown) and part.endless(placed)]
        rules = [placed.rule.id for placed in shown if placed.assigned not in part.lifted]
        if rules:
            message = f"{', '.join(part.shown)} is shown without a term, by rule {', '.join(rules)}"
            yield Hit((*part.path, "publicity"), f"{part.at}.publicity", message)


def _givers(book: Book, part: OrganisationPart, placed: PlacedOrganisationRule) -> list[str]:
    """Name the sensors within reach that write what a rule takes for firms with connections."""
    if not isinstance(part, FirmPart):  # favours are of firms
        return []
    sensors = book.parameters.firms.sensors
    favours = {name: sensors[name].favours for name in placed.rule.by or part.instrument.reach}
    return [name for name, given in favours.items() if given and given.behaviour in placed.rule.behaviours]

"""Whether what follows for firms fits what they did: context, repetition, steps, weight."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from scorepolis.audit.checks.proportion import RANKS, had_at, heavier_though_lighter, named_services
from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import of_firms

if TYPE_CHECKING:
    from scorepolis.audit.book import Book


@of_firms("unrelated-penalty")
def unrelated_penalty(book: Book) -> Iterator[Hit]:
    """Find burdens on services to which what leads there does not matter, by our table."""
    for part in book.firms:
        for burden in part.burdens:
            one = burden.consequence
            related = book.law.firms.related(one.service)
            foreign: dict[str, str] = {}
            for placed in part.penalties:
                for name in placed.rule.behaviours if part.leads_to(placed, one.grades) else ():
                    if name not in related:
                        foreign.setdefault(name, placed.rule.id)
            if foreign:
                what = f"{one.effect} of {one.service} at {', '.join(one.grades)}"
                told = ", ".join(f"{name} (rule {rule})" for name, rule in foreign.items())
                yield Hit(burden.path, burden.at, f"{what} for {told}")


@of_firms("same-act-twice")
def same_act_twice(book: Book) -> Iterator[Hit]:
    """Find acts that two rules penalise."""
    seen: dict[str, str] = {}
    for part in book.firms:
        for placed in part.penalties:
            earlier = {name: seen.setdefault(name, placed.at) for name in placed.rule.behaviours}
            twice = [f"{name} by {at}" for name, at in earlier.items() if at != placed.at]
            if twice:
                message = f"what {placed.at} penalises is penalised already: {'; '.join(twice)}"
                yield Hit((*placed.path, "behaviours"), placed.at, message)


@of_firms("cliff")
def cliff(book: Book) -> Iterator[Hit]:
    """Find edges of grades at which a service is refused that was had like anybody's above."""
    for part in book.firms:
        if part.rating is None or part.rating.month is None:  # no points, no edge
            continue
        for number, (below, above) in enumerate(pairwise(part.bands)):
            lost = [
                service
                for service in named_services(part)
                if had_at(part, service, below) == RANKS["deny"] and had_at(part, service, above) >= 0
            ]
            if lost:
                edge = part.rating.grades[number].highest.value
                where = (*part.path, "grades", number, "highest")
                message = f"one point, at {edge}, decides over {', '.join(lost)} between {above} and {below}"
                yield Hit(where, f"{part.at}.{below}", message)


@of_firms("inconsistent-severity")
def inconsistent_severity(book: Book) -> Iterator[Hit]:
    """Find far lighter acts that cost more points."""
    behaviours = book.parameters.firms.behaviours

    def harm(name: str) -> Fraction:
        return found.exact if (found := behaviours[name].harm) else Fraction(0)

    for part in book.firms:
        rules = [placed for placed in part.penalties if placed.points < 0 and placed.assigned is None]
        yield from heavier_though_lighter(
            book,
            [(p.rule.id, -p.points, (*p.path, "points"), p.at, max(map(harm, p.rule.behaviours))) for p in rules],
        )

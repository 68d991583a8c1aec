"""Whether what follows for firms and public bodies fits what they did: context, repetition, steps, weight."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from scorepolis.audit.checks.proportion import cliffs, heavier_though_lighter, out_of_order
from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import ORGANISATIONS, of

if TYPE_CHECKING:
    from scorepolis.audit.organisation_book import Among


@of("unrelated-penalty", *ORGANISATIONS)
def unrelated_penalty(among: Among) -> Iterator[Hit]:
    """Find burdens on services to which what leads there does not matter, by our table."""
    for part in among.parts:
        for burden in part.burdens:
            one = burden.consequence
            related = part.tables(among.book.law).related(one.service)
            foreign: dict[str, str] = {}
            for placed in part.penalties:
                for name in placed.rule.behaviours if part.leads_to(placed, one.grades) else ():
                    if name not in related:
                        foreign.setdefault(name, placed.rule.id)
            if foreign:
                what = f"{one.effect} of {one.service} at {', '.join(one.grades)}"
                told = ", ".join(f"{name} (rule {rule})" for name, rule in foreign.items())
                yield Hit(burden.path, burden.at, f"{what} for {told}")


@of("same-act-twice", *ORGANISATIONS)
def same_act_twice(among: Among) -> Iterator[Hit]:
    """Find acts that two rules penalise."""
    seen: dict[str, str] = {}
    for part in among.parts:
        for placed in part.penalties:
            earlier = {name: seen.setdefault(name, placed.at) for name in placed.rule.behaviours}
            twice = [f"{name} by {at}" for name, at in earlier.items() if at != placed.at]
            if twice:
                message = f"what {placed.at} penalises is penalised already: {'; '.join(twice)}"
                yield Hit((*placed.path, "behaviours"), placed.at, message)


@of("cliff", *ORGANISATIONS)
def cliff(among: Among) -> Iterator[Hit]:
    """Find edges of grades at which a service is refused that was had like anybody's above."""
    for part in among.parts:
        if part.rating is not None and part.rating.month is not None:  # without points no edge
            yield from cliffs(part, part.rating.grades)


@of("inconsistent-severity", "firms")
def inconsistent_severity(among: Among) -> Iterator[Hit]:
    """Find far lighter acts that cost more points."""
    behaviours = among.book.parameters.firms.behaviours

    def harm(name: str) -> Fraction:
        return found.exact if (found := behaviours[name].harm) else Fraction(0)

    for part in among.parts:
        rules = [placed for placed in part.penalties if placed.points < 0 and placed.assigned is None]
        yield from heavier_though_lighter(
            among.book,
            [(p.rule.id, -p.points, (*p.path, "points"), p.at, max(map(harm, p.rule.behaviours))) for p in rules],
        )


@of("inconsistent-severity", "bodies")
def inconsistent_grades(among: Among) -> Iterator[Hit]:
    """Find grades that fare better than the next; how grave an act of a public body is, no parameter says."""
    for part in among.parts:
        yield from out_of_order(part, part.bands)

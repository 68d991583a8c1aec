"""Where a scheme leads firms and public bodies: grades out of reach or without a way out, circles, contradictions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import ORGANISATIONS, of
from scorepolis.rulebooks.schema import BodyRating, BodyRule, FirmRule, Rating

if TYPE_CHECKING:
    from scorepolis.audit.organisation_book import Among, OrganisationPart


@of("unreachable-grade", *ORGANISATIONS)
def unreachable_grade(among: Among) -> Iterator[Hit]:
    """Find grades to which neither points nor a record that assigns or lifts leads."""
    for part in among.parts:
        if part.rating is None:
            continue
        reached = _reached(part, part.rating)
        for number, grade in enumerate(part.bands):
            if grade not in reached:
                where = (*part.path, "grades", number)
                message = f"no {part.whom} can stand in grade {grade}: no points and no record lead there"
                yield Hit(where, f"{part.at}.{grade}", message)


def _reached(part: OrganisationPart, rating: Rating | BodyRating) -> set[str]:
    """Find the grades that can be had."""
    start, yearly = rating.start.exact, rating.month is not None
    rules = [placed.rule for placed in part.rules if isinstance(placed.rule, FirmRule | BodyRule)]
    lowest = rating.range.lowest.exact if yearly and any(rule.points.exact < 0 for rule in rules) else start
    highest = rating.range.highest.exact if yearly and any(rule.points.exact > 0 for rule in rules) else start
    reached = {g.grade for g in rating.grades if g.lowest.exact <= highest and g.highest.exact >= lowest}
    reached |= {rule.assign for rule in rules if rule.assign is not None}
    return reached | {rule.lift.to for rule in rules if isinstance(rule, FirmRule) and rule.lift is not None}


@of("absorbing-grade", *ORGANISATIONS)
def absorbing_grade(among: Among) -> Iterator[Hit]:
    """Find grades that a record assigns, that no record lifts from, and after which no rating of a year comes."""
    for part in among.parts:
        if part.rating is None:
            continue
        assigning = {placed.assigned: placed.rule.id for placed in part.penalties if part.endless(placed)}
        for grade, rule in assigning.items():
            if grade is not None and grade not in part.lifted and grade in part.bands:
                where = (*part.path, "grades", part.bands.index(grade))
                message = f"nothing leads out of {grade} again: rule {rule} assigns it, and no record lifts from it"
                yield Hit(where, f"{part.at}.{grade}", message)


@of("feedback", *ORGANISATIONS)
def feedback(among: Among) -> Iterator[Hit]:
    """Find conduct for want of money that is punished by refusing what brings money."""
    for part in among.parts:
        tables = part.tables(among.book.law)
        costly = [
            burden.consequence
            for burden in part.burdens
            if burden.consequence.effect == "deny" and burden.consequence.service in tables.earning.services
        ]
        for placed in part.penalties:
            refused = [one.service for one in costly if part.leads_to(placed, one.grades)]
            needy = [name for name in placed.rule.behaviours if name in tables.wanting.behaviours]
            if needy and refused:
                refusals = ", ".join(dict.fromkeys(refused))
                message = f"want of money makes {', '.join(needy)} likelier, and refusal of {refusals} takes money"
                yield Hit((*placed.path, "behaviours"), placed.at, message)


@of("contradiction", *ORGANISATIONS)
def contradiction(among: Among) -> Iterator[Hit]:
    """Find acts that one rule rewards and another penalises."""
    rewarded = {name: placed for part in among.parts for placed in part.rewards for name in placed.rule.behaviours}
    for part in among.parts:
        for placed in part.penalties:
            for number, name in enumerate(placed.rule.behaviours):
                if name in rewarded and rewarded[name].at != placed.at:
                    message = f"{name} is penalised by {placed.at} and rewarded by {rewarded[name].at}"
                    yield Hit((*placed.path, "behaviours", number), placed.at, message)

"""Where a scheme leads firms: grades out of reach or out of which nothing leads, circles, contradictions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import of_firms
from scorepolis.rulebooks.schema import FirmRule, Rating

if TYPE_CHECKING:
    from scorepolis.audit.book import Book
    from scorepolis.audit.firm_book import FirmPart


@of_firms("unreachable-grade")
def unreachable_grade(book: Book) -> Iterator[Hit]:
    """Find grades to which neither points nor a record that assigns or lifts leads."""
    for part in book.firms:
        if part.rating is None:
            continue
        reached = _reached(part, part.rating)
        for number, grade in enumerate(part.bands):
            if grade not in reached:
                where = (*part.path, "grades", number)
                message = f"no firm can stand in grade {grade}: no points and no record lead there"
                yield Hit(where, f"{part.at}.{grade}", message)


def _reached(part: FirmPart, rating: Rating) -> set[str]:
    """Find the grades that can be had."""
    start, rules = rating.start.exact, [placed.rule for placed in part.rules if isinstance(placed.rule, FirmRule)]
    yearly = rating.month is not None
    lowest = rating.range.lowest.exact if yearly and any(rule.points.exact < 0 for rule in rules) else start
    highest = rating.range.highest.exact if yearly and any(rule.points.exact > 0 for rule in rules) else start
    reached = {g.grade for g in rating.grades if g.lowest.exact <= highest and g.highest.exact >= lowest}
    reached |= {rule.assign for rule in rules if rule.assign is not None}
    return reached | {rule.lift.to for rule in rules if rule.lift is not None}


@of_firms("absorbing-grade")
def absorbing_grade(book: Book) -> Iterator[Hit]:
    """Find grades that a record assigns, that no record lifts from, and after which no rating of a year comes."""
    for part in book.firms:
        if part.rating is None:
            continue
        assigning = {placed.assigned: placed.rule.id for placed in part.penalties if part.endless(placed)}
        for grade, rule in assigning.items():
            if grade is not None and grade not in part.lifted and grade in part.bands:
                where = (*part.path, "grades", part.bands.index(grade))
                message = f"nothing leads out of {grade} again: rule {rule} assigns it, and no record lifts from it"
                yield Hit(where, f"{part.at}.{grade}", message)


@of_firms("feedback")
def feedback(book: Book) -> Iterator[Hit]:
    """Find conduct for want of money that is punished by refusing what brings money."""
    tables = book.law.firms
    for part in book.firms:
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


@of_firms("contradiction")
def contradiction(book: Book) -> Iterator[Hit]:
    """Find acts that one rule rewards and another penalises."""
    rewarded = {name: placed for part in book.firms for placed in part.rewards for name in placed.rule.behaviours}
    for part in book.firms:
        for placed in part.penalties:
            for number, name in enumerate(placed.rule.behaviours):
                if name in rewarded and rewarded[name].at != placed.at:
                    message = f"{name} is penalised by {placed.at} and rewarded by {rewarded[name].at}"
                    yield Hit((*placed.path, "behaviours", number), placed.at, message)

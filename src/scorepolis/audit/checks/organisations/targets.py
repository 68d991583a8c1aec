"""What is asked of public bodies, and who pays for it: the residents on whom they report, and for whom they ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import check
from scorepolis.parameters.bodies import BEHAVIOURS, FALSIFIED, MISSED

if TYPE_CHECKING:
    from scorepolis.audit.book import Book
    from scorepolis.audit.organisation_book import BodyPart, PlacedOrganisationRule


@check(
    "high",
    norm="GDPR 5(1)(a) and (d), fairness and accuracy; ICCPR 17, no arbitrary interference.",
    mend="Ask for no number: drop `quota`, or let no rule take `missed_target`.",
    limit="How much harder residents are looked at, and how much is made up; a run shows it, under assumptions.",
)
def target_of_reports(book: Book) -> Iterator[Hit]:
    """Public bodies have to deliver a number of reports on residents, and lose by delivering less.

    What lacks is then looked for where nothing was seen, or made up: residents are recorded for the target's sake.
    """
    for part in _with_targets(book):
        missing = _against(book, part, MISSED)
        if missing and part.instrument.quota is not None:
            asked = f"{part.instrument.quota.value} reports per 1,000 residents and month are asked for"
            rules = ", ".join(placed.at for placed in missing)
            yield Hit((*part.path, "quota"), part.at, f"{asked}, and who delivers less loses by {rules}")


@check(
    "medium",
    norm="GDPR 5(1)(d), accuracy; a target must not reward its own falsification.",
    mend="Let a rule on `falsified_reports` take more than those on `missed_target`, or assign a grade.",
    limit="How often made-up reports are found out; what ordinary law does to whoever makes them up.",
)
def falsifying_pays(book: Book) -> Iterator[Hit]:
    """A public body that misses its target of reports loses at least as much as one that makes reports up."""
    for part in _with_targets(book):
        missing, made_up = (_against(book, part, behaviour) for behaviour in (MISSED, FALSIFIED))
        if not missing or any(placed.assigned for placed in made_up):
            continue
        missed, caught = (-sum(placed.points for placed in some) for some in (missing, made_up))
        if not made_up:
            why = "nothing is taken for making reports up"
        elif any(placed.assigned for placed in missing):
            why = f"a missed target assigns a grade, and making reports up takes {float(caught):g} points"
        elif missed >= caught:
            why = f"a missed target takes {float(missed):g} points, and making reports up {float(caught):g}"
        else:
            continue
        place = (made_up or missing)[0]
        yield Hit(place.path, place.at, why)


@check(
    "medium",
    norm="ICCPR 26; the principle that nobody answers for what another did.",
    mend="Refuse what those who decide want for themselves, and leave what residents live on.",
    limit="Which grants reach residents is our reading; what becomes of the works, no rulebook says.",
)
def residents_pay(book: Book) -> Iterator[Hit]:
    """What a public body asks for on behalf of residents is refused or delayed for what the body did."""
    meant = book.law.bodies.residents.services
    for part in book.bodies:
        for burden in part.burdens if part.penalties else ():
            one = burden.consequence
            if one.service in meant:
                what = f"{one.effect} of {one.service} at {', '.join(one.grades)}"
                yield Hit(burden.path, burden.at, f"{what} is borne by those who live there")


def _with_targets(book: Book) -> Iterator[BodyPart]:
    """Yield the instruments that ask for reports."""
    for part in book.bodies:
        if part.instrument.quota is not None and part.instrument.quota.exact > 0:
            yield part


def _against(book: Book, asking: BodyPart, behaviour: int) -> list[PlacedOrganisationRule]:
    """Find the rules by which bodies lose for a behaviour, of whatever instrument meets those that are asked."""
    every, mine = set(book.parameters.bodies.kinds), set(asking.instrument.scope.kinds)
    return [
        placed
        for part in book.bodies
        if part.punishes and (set(part.instrument.scope.kinds) or every) & (mine or every)
        for placed in part.penalties
        if BEHAVIOURS[behaviour] in placed.rule.behaviours
    ]

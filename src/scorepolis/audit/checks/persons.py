"""Whom a scheme hits: families, children, relatives, dissenters, the poor; and whom it spares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import check
from scorepolis.parameters.model import IGNORING, UNFULFILLED

if TYPE_CHECKING:
    from scorepolis.audit.book import Book, PlacedRule
    from scorepolis.rulebooks.schema import InstrumentRule


@check(
    "high",
    norm="ICCPR 17, 24 and 26; the principle that punishment is personal.",
    mend="Take the service off `family`, and `shared` off the rule: let nobody answer but the person who did it.",
    limit="What a family suffers besides, from lost income and from shame; a run shows some of it.",
)
def collective_punishment(book: Book) -> Iterator[Hit]:
    """The household is refused services, or loses points, for what another member did."""
    for part in book.parts:
        for number, service in enumerate(getattr(part.instrument, "family", ())):
            yield Hit((*part.path, "family", number), f"{part.at}.{service}", f"the household is refused {service} too")
        for placed in part.penalties:
            if placed.rule.shared and placed.rule.points.exact < 0:
                lost = (
                    f"the household loses {placed.rule.shared.share.value} of the points of rule {placed.rule.id} too"
                )
                yield Hit((*placed.path, "shared"), placed.at, lost)


@check(
    "high",
    norm="ICCPR 18, 19, 21, 22 and 25, as named at each behaviour.",
    mend="Strike the behaviour from the rule.",
    limit="Whether limits that the covenant allows would cover the rule; vague rules that are used against such acts.",
)
def protected_act_penalised(book: Book) -> Iterator[Hit]:
    """A rule takes points or holds down for what human rights protect, be it of another book that feeds this one."""
    for _, placed in book.inflicted:
        for number, name in enumerate(placed.rule.behaviours):
            article = book.parameters.behaviours[name].protected
            if article:
                message = f"rule {placed.rule.id} penalises {name}, protected by {article}"
                yield Hit((*placed.path, "behaviours", number), placed.at, message)


@check(
    "high",
    norm="ICCPR 26 and 14(1), equality before the law.",
    mend="Take the status off `scope.exempt`: let the rules hold for all.",
    limit="Exemption by practice, which no text states; a run may assume it.",
)
def exemption_by_status(book: Book) -> Iterator[Hit]:
    """Some are left out for what they are, whatever they do."""
    for part in book.parts:
        for number, status in enumerate(part.instrument.scope.exempt):
            where = (*part.path, "scope", "exempt", number)
            yield Hit(where, part.at, f"whoever is {status.replace('_', ' ')} is not scored")


@check(
    "high",
    norm="ICCPR 26, equality without distinction as to sex, race, opinion, birth or other status.",
    mend="Strike the attribute from the dimension.",
    limit="Attributes that stand for a status without naming it; a run compares the groups.",
)
def scored_by_status(book: Book) -> Iterator[Hit]:
    """A score of features rises or falls with sex, descent, origin or allegiance."""
    for where, at, feature in book.attributes:
        if feature.attribute in book.law.readings.statuses.attributes:
            yield Hit(where, at, f"feature {feature.id} weighs {feature.attribute}")


@check(
    "medium",
    norm="Regulation (EU) 2024/1689, Article 5(1)(c), personal characteristics; ICCPR 26.",
    mend="Weigh what people do, or show that the attribute matters for the purpose.",
    limit="Whether the attribute tells anything for the purpose; nothing in a rulebook shows it.",
)
def scored_by_circumstance(book: Book) -> Iterator[Hit]:
    """A score of features rises or falls with what people are or have, whatever they do."""
    for where, at, feature in book.attributes:
        if feature.attribute not in book.law.readings.statuses.attributes:
            yield Hit(where, at, f"feature {feature.id} weighs {feature.attribute.replace('_', ' ')}")


@check(
    "high",
    norm="Convention on the Rights of the Child 3 and 16; GDPR recital 71, no such measure should concern a child.",
    mend="Raise `scope.min_age` to 18.",
    limit="What reaches children through their parents; see collective punishment.",
)
def minors_in_scope(book: Book) -> Iterator[Hit]:
    """Children are scored or listed."""
    full = book.law.thresholds.full_age
    for part in book.parts:
        age = part.instrument.scope.min_age
        if part.penalises and age.exact < full.exact:
            yield Hit((*part.path, "scope", "min_age"), part.at, f"scored from the age of {age.value}")


@check(
    "medium",
    norm="ICCPR 26; the principle that one answers for one's own acts.",
    mend="Strike the behaviour, or `shared`, from the rule.",
    limit="Rules that name a person's own act and mean another's.",
)
def scored_by_association(book: Book) -> Iterator[Hit]:
    """A rule gives or takes points for what a relative did, or gives them to the household, too."""
    others = book.law.acts_of_others
    for part in book.parts:
        behind = [placed for feed in part.feeds if feed.foreign for placed in feed.behind]
        for placed in (*part.rules, *behind):
            for number, name in enumerate(placed.rule.behaviours):
                if name in others.behaviours:
                    message = f"rule {placed.rule.id} counts {name}, {others.kind}"
                    yield Hit((*placed.path, "behaviours", number), placed.at, message)
            if placed.rule.shared and placed.rule.points.exact > 0:
                message = f"the household gains {placed.rule.shared.share.value} of the points of rule {placed.rule.id}"
                yield Hit((*placed.path, "shared"), placed.at, message)


@check(
    "high",
    norm="The supreme court of China's policy of 2024; ICCPR 11, no prison for mere inability, by analogy.",
    mend="Strike unfulfilled judgments, or give them a term and a lighter rule of their own beside that for refusal.",
    limit="How often a court takes the unable for the unwilling; a run shows it, under assumptions.",
)
def unable_as_unwilling(book: Book) -> Iterator[Hit]:
    """Who could not perform a judgment fares no better than who would not.

    A rule takes unfulfilled judgments, able or not, and no rule of the instrument bears harder on those who were able;
    or such an instrument of another book feeds this one.
    """
    fed = [feed.behind for part in book.parts for feed in part.feeds if feed.foreign]
    for rules in (*(part.penalties for part in book.parts), *fed):
        unwilling = [_burden(placed.rule) for placed in rules if IGNORING in placed.rule.behaviours]
        for placed in rules:
            if UNFULFILLED in placed.rule.behaviours and _burden(placed.rule) >= max(unwilling, default=(0.0, 0.0)):
                yield Hit((*placed.path, "behaviours", _place(placed)), placed.at, _unable(placed))


def _place(placed: PlacedRule) -> int:
    return placed.rule.behaviours.index(UNFULFILLED)


def _unable(placed: PlacedRule) -> str:
    return f"rule {placed.rule.id} takes those who could not pay, as hard as those who would not"


def _burden(rule: InstrumentRule) -> tuple[float, float]:
    """How hard a rule is: days of its longest term (without one: endless), then points."""
    longest = max((float("inf") if term is None else float(term.exact) for term in rule.terms), default=0.0)
    return longest, -float(rule.points.exact)

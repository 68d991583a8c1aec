"""Whether what follows fits what was done: context, repetition, steps, weight."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import check

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from scorepolis.audit.book import Book, Part
    from scorepolis.audit.part import AnyPart, AnyPlacedRule, PlacedConsequence
    from scorepolis.rulebooks.checking import Where
    from scorepolis.rulebooks.schema import AnyBodyInstrument, AnyFirmInstrument, AnyInstrument, Grade

    ReadPart = AnyPart[AnyInstrument | AnyFirmInstrument | AnyBodyInstrument, AnyPlacedRule]

RANKS: Final = {"deny": -2, "delay": -1, "surcharge": -1, "discount": 1, "priority": 1}
"""How well a service is had: below 0 worse than by all, above 0 better."""


@check(
    "medium",
    norm="Regulation (EU) 2024/1689, Article 5(1)(c)(i); State Council General Office 2020 no. 49, relevance.",
    mend="Refuse what belongs to the matter, or drop the consequence; or keep scores of different matters apart.",
    limit="Domains are coarse: a lawyer may see a link where they differ, and none where they agree.",
)
def unrelated_penalty(book: Book) -> Iterator[Hit]:
    """A service is refused, delayed or made dearer for conduct of another domain than the service's own."""
    for part in book.parts:
        examples: dict[str, str] = {}
        for placed in part.penalties:
            for name in placed.rule.behaviours:
                examples.setdefault(book.domain(name), f"{name}, rule {placed.rule.id}")
        for burden in part.burdens:
            one = burden.consequence
            own = book.parameters.services[one.service].domain
            led = dict(examples)
            for feed in part.fed_into(one.grades):
                for placed in feed.behind:
                    for name in placed.rule.behaviours:
                        led.setdefault(book.domain(name), f"{name}, rule {placed.at}, which feeds it")
            foreign = [f"{domain} ({example})" for domain, example in led.items() if domain != own]
            if foreign:
                what = f"{one.effect} of {one.service} ({own}) at {', '.join(one.grades)}"
                yield Hit(burden.path, burden.at, f"{what} for conduct in {' and '.join(foreign)}")


@check(
    "medium",
    norm="ICCPR 14(7), not to be punished again for the same offence, by analogy.",
    mend="Let one rule take the act, or let the later one replace what the earlier took.",
    limit="Fines and sentences of ordinary law for the same act, which stand outside of the rulebook.",
)
def same_act_twice(book: Book) -> Iterator[Hit]:
    """One act is penalised under two rules, be they of one instrument or of two, or by what it feeds besides."""
    seen: dict[str, str] = {}
    for _, placed in book.penalties:
        earlier: dict[str, list[str]] = {}
        for name in placed.rule.behaviours:
            first = seen.setdefault(name, placed.at)
            if first != placed.at:
                earlier.setdefault(first, []).append(name)
        if earlier:
            told = "; ".join(f"{', '.join(names)} by {at}" for at, names in earlier.items())
            message = f"what {placed.at} penalises is penalised already: {told}"
            yield Hit((*placed.path, "behaviours"), placed.at, message)
    for part in book.parts:
        felt = [grade for burden in part.burdens for grade in burden.consequence.grades]
        felt += [grade for shame in part.shames for grade in shame.shame.grades]
        for feed in part.fed_into(felt):
            if feed.punishes_itself and feed.behind:
                rules = ", ".join(placed.at for placed in feed.behind)
                yield Hit(feed.path, feed.at, f"what {rules} penalises holds down to {feed.feed.override} here too")


@check(
    "medium",
    norm="Proportionality; State Council General Office 2020 no. 49.",
    mend="Put a milder step before the refusal: a delay or a surcharge at the grade above.",
    limit="How many people stand near the edge; a run shows it. A list is all edge, and is not looked at here.",
)
def cliff(book: Book) -> Iterator[Hit]:
    """At the edge of a grade one point turns a service that is had like anybody's into a refusal."""
    for part in book.parts:
        yield from cliffs(part, part.graded.grades if part.graded else ())


def cliffs(part: ReadPart, grades: Sequence[Grade]) -> Iterator[Hit]:
    """Yield the edges between grades, from lowest to highest, at which a service is lost at once."""
    for number, (below, above) in enumerate(pairwise(grades)):
        lost = [
            service
            for service in _named_services(part)
            if _had_at(part, service, below.grade) == RANKS["deny"] and _had_at(part, service, above.grade) >= 0
        ]
        if lost:
            where = (*part.path, "grades", number, "highest")
            between = f"between {above.grade} and {below.grade}"
            message = f"one point, at {below.highest.value}, decides over {', '.join(lost)} {between}"
            yield Hit(where, f"{part.at}.{below.grade}", message)


@check(
    "low",
    norm="Proportionality; ICCPR 26.",
    mend="Bring the rules into the order of what they are about; treat no lower grade better than a higher.",
    limit="Harms are assumed parameters; guilt, repetition and purpose are not weighed.",
)
def inconsistent_severity(book: Book) -> Iterator[Hit]:
    """A far lighter act costs more than a graver one, or a lower grade fares better than a higher."""
    for part in book.parts:
        yield from _by_points(book, part)
        yield from out_of_order(part, part.graded.grade_names if part.graded else ())


def out_of_order(part: ReadPart, grades: Sequence[str]) -> Iterator[Hit]:
    """Yield services that are had on better terms at a grade than at the next; grades from lowest to highest."""
    for below, above in pairwise(grades):
        for service in _named_services(part):
            low, high = _had_at(part, service, below), _had_at(part, service, above)
            if low > high:
                placed = _giving(part, service, above, high) if high < 0 else _giving(part, service, below, low)
                yield Hit(placed.path, placed.at, f"{service} is had on better terms at {below} than at {above}")


def _by_points(book: Book, part: Part) -> Iterator[Hit]:
    """Compare rules by points, each by the gravest of its behaviours."""
    rules = [placed for placed in part.penalties if placed.rule.points.exact < 0 and placed.rule.override is None]
    yield from heavier_though_lighter(
        book,
        [
            (p.rule.id, -p.rule.points.exact, p.amount, p.at, max(book.harm(name) for name in p.rule.behaviours))
            for p in rules
        ],
    )


Weighed = tuple[str, "Fraction", "Where", str, "Fraction"]
"""A rule, the points that it takes, where that stands, how one names the place, and the harm of what it takes."""


def heavier_though_lighter(book: Book, weighed: Sequence[Weighed]) -> Iterator[Hit]:
    """Yield rules that take more points than another does for a far graver harm."""
    apart = book.law.thresholds.lighter.exact
    for rule, cost, path, at, harm in weighed:
        graver = [other for other in weighed if harm * apart <= other[4] and cost > other[1]]
        if graver:
            other = max(graver, key=lambda one: one[4])
            message = (
                f"rule {rule} takes {float(cost):g} for a harm of {float(harm):g} yuan, "
                f"rule {other[0]} {float(other[1]):g} for {float(other[4]):g}"
            )
            yield Hit(path, at, message)


@check(
    "medium",
    norm="Regulation (EU) 2024/1689, Article 5(1)(c)(ii); proportionality; State Council General Office 2020 no. 49.",
    mend="Take fewer points, for a shorter term, or refuse less at the grades that follow.",
    limit="Worths of services, harms and the factor between them are assumed parameters; fear of harm is not weighed, "
    "nor what an entry costs besides under an instrument that it feeds.",
)
def out_of_proportion(book: Book) -> Iterator[Hit]:
    """What one record costs a person of average wants is out of proportion to the harm, by the model's own measure.

    It is the measure by which a run counts penalties out of proportion: the loss from the starting score on, over the
    term, against a multiple of the assumed harm.
    """
    if not book.penalties:
        return
    names, table = tuple(book.parameters.behaviours), book.tables["disproportionate"]
    for part in book.parts:
        for placed in part.penalties:
            rule = int(placed.path[-1])
            found = [name for name in placed.rule.behaviours if table[part.number, rule, names.index(name)]]
            if found:
                message = f"one record of {', '.join(found)} under rule {placed.rule.id} costs far more than the harm"
                yield Hit(placed.path, placed.at, message)


def _named_services(part: ReadPart) -> tuple[str, ...]:
    """Name the services to which an instrument does something."""
    return tuple(dict.fromkeys(placed.consequence.service for placed in part.consequences))


def _giving(part: ReadPart, service: str, grade: str, rank: int) -> PlacedConsequence:
    """Find the consequence that gives a service its rank at a grade."""
    return next(
        placed
        for placed in part.consequences
        if placed.consequence.service == service
        and grade in placed.consequence.grades
        and RANKS[placed.consequence.effect] == rank
    )


def _had_at(part: ReadPart, service: str, grade: str) -> int:
    """How a service is had at a grade: a refusal outweighs all else, a burden a benefit."""
    ranks = [
        RANKS[placed.consequence.effect]
        for placed in part.consequences
        if placed.consequence.service == service and grade in placed.consequence.grades
    ]
    return min(ranks, default=0)

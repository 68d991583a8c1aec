"""Where a scheme leads: points that can be farmed, grades out of reach or out of which nothing leads, circles."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING

from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import check

if TYPE_CHECKING:
    from scorepolis.audit.book import Book, Part, PlacedFeed, PlacedRule
    from scorepolis.rulebooks.schema import Consequence


@check(
    "medium",
    norm="A score is to tell of conduct, not of the will to collect points.",
    mend="Give the rule a `cap`, and let its points run out: `expires` in days.",
    limit="Who farms points, and what it does to the deed; a run shows good deeds done only for points.",
)
def farmable_points(book: Book) -> Iterator[Hit]:
    """A reward that can be collected without limit."""
    for part in book.parts:
        for placed in part.rewards:
            if placed.most_at_once < inf:
                continue
            if placed.rule.cap is None:
                yield Hit(
                    placed.path, placed.at, f"rule {placed.rule.id} pays for every record{_by_whom(book, part, placed)}"
                )
            else:
                yield Hit((*placed.path, "expires"), placed.at, f"points of rule {placed.rule.id} pile up for ever")


def _by_whom(book: Book, part: Part, placed: PlacedRule) -> str:
    """Say if people may report the deed themselves."""
    sensors = placed.rule.by or part.instrument.reach
    own = [name for name in sensors if book.parameters.sensors[name].kind == "self_report"]
    seen = any(name in book.parameters.sensors[sensor].sees for sensor in own for name in placed.rule.behaviours)
    return ", and one may report it oneself" if seen else ""


@check(
    "medium",
    norm="Proportionality; equality, since time and money to do good deeds are not shared evenly.",
    mend="Hold down to a grade for grave acts, with `override`, or cap rewards below what such an act costs.",
    limit="Which harms are grave is a threshold on assumed harms; a criminal sentence may follow besides.",
)
def grave_harm_bought_off(book: Book) -> Iterator[Hit]:
    """The points of a grave act can be made up by good deeds that are in force at once."""
    grave = book.law.thresholds.grave_harm.exact
    for part in book.parts:
        for placed in part.penalties:
            harmful = [name for name in placed.rule.behaviours if book.harm(name) >= grave]
            cost = -float(placed.rule.points.exact)
            if harmful and placed.rule.override is None and 0 < cost <= part.obtainable:
                how = "without limit" if part.obtainable == inf else f"up to {part.obtainable:g}"
                costs = "costs" if len(harmful) == 1 else "cost"
                message = f"{', '.join(harmful)} {costs} {cost:g} points, and good deeds give {how}"
                yield Hit(placed.amount, placed.at, message)


@check(
    "low",
    norm="Clarity of the rules: a grade that nobody can have is a promise or a threat without content.",
    mend="Move the band, or give rules that lead there.",
    limit="Whether anybody gets there in practice; a run shows it.",
)
def unreachable_grade(book: Book) -> Iterator[Hit]:
    """A grade that no sum of points and no rule leads to."""
    for part in book.parts:
        points = part.points
        if points is None:
            continue
        start = points.start.exact
        highest = min(float(start) + part.obtainable, float(points.range.highest.exact))
        falls = any(placed.rule.points.exact < 0 for placed in part.rules)
        held = {placed.rule.override.grade for placed in part.rules if placed.rule.override}
        held |= {feed.override for feed in points.fed_by}
        for number, grade in enumerate(points.grades):
            above = float(grade.lowest.exact) > highest
            below = grade.highest.exact < start and not falls and grade.grade not in held
            if above or below:
                why = (
                    f"all rewards at once lead to {highest:g}" if above else "no rule takes points or holds down to it"
                )
                where = (*part.path, "grades", number)
                yield Hit(where, f"{part.at}.{grade.grade}", f"nobody can stand in grade {grade.grade}: {why}")


@check(
    "high",
    norm="General Office 2025 no. 22, repair of credit; GDPR 17.",
    mend="Let the points come back after a term, or give rewards that can make them up.",
    limit="How many end there; a run shows it.",
)
def absorbing_grade(book: Book) -> Iterator[Hit]:
    """A grade that one enters by points taken for ever, and that no reward and no repair leads out of.

    Or one to which another instrument holds down, and nothing leads off that one.
    """
    for part in book.parts:
        for feed in part.feeds:
            for placed in feed.behind:
                if placed.stuck and not placed.repairable(feed.instrument):
                    why = f"{placed.at}, for {', '.join(placed.stuck)}, holds down to it without end"
                    message = f"nothing leads out of {feed.feed.override} again: {why}"
                    yield Hit(feed.path, feed.at, message)
        endless = [p for p in part.penalties if p.rule.points.exact < 0 and p.rule.expires is None]
        forever = [p for p in endless if not p.repairable(part.instrument)]
        if part.points is None or not forever or part.obtainable == inf:
            continue
        lowest = part.points.grades[0]
        worst = min(forever, key=lambda placed: placed.rule.points.exact)
        lost = float(part.points.start.exact - lowest.highest.exact) + part.obtainable
        records = int(-(-lost // -float(worst.rule.points.exact)))
        message = (
            f"after {records} records under rule {worst.rule.id} nothing leads out of {lowest.grade} again: "
            f"all rewards at once give {part.obtainable:g}"
        )
        yield Hit((*part.path, "grades", 0), f"{part.at}.{lowest.grade}", message)


@check(
    "medium",
    norm="Proportionality: a measure must not bring about what it is to prevent.",
    mend="Refuse nothing that people need in order to do what the rule asks, or leave out conduct born of need.",
    limit="How strong the circle is; hardship and its effect are assumed parameters, a run shows what follows.",
)
def feedback(book: Book) -> Iterator[Hit]:
    """A penalty that makes its own cause likelier: conduct that rises with hardship, punished by hardship."""
    law = book.law.thresholds
    for part in book.parts:
        hard = []
        for burden in part.burdens:
            service = book.parameters.services[burden.consequence.service]
            felt = service.refused_hardship.exact >= law.feeding_hardship.exact
            felt = felt or service.refused_income.exact >= law.feeding_income.exact
            if burden.consequence.effect == "deny" and felt:
                hard.append(burden.consequence)
        own = [(placed.at, (*placed.path, "behaviours"), placed.rule.behaviours, hard) for placed in part.penalties]
        fed = [(feed.at, feed.path, feed.behaviours, _reached(part, feed, hard)) for feed in part.feeds]
        for at, path, behaviours, refused in (*own, *fed):
            needy = [name for name in behaviours if book.parameters.behaviours[name].hardship is not None]
            if needy and refused:
                refusals = ", ".join(dict.fromkeys(one.service for one in refused))
                message = f"hardship makes {', '.join(needy)} likelier, and refusal of {refusals} brings hardship"
                yield Hit(path, at, message)


def _reached(part: Part, feed: PlacedFeed, consequences: list[Consequence]) -> list[Consequence]:
    """Find the consequences that meet whoever a feed holds down."""
    return [one for one in consequences if feed in part.fed_into(one.grades)]


@check(
    "medium",
    norm="Clarity of the rules: one cannot be asked to do and not to do a thing.",
    mend="Let one of the two give way.",
    limit="Contradictions with ordinary law and with other schemes; give several books as one to see those.",
)
def contradiction(book: Book) -> Iterator[Hit]:
    """One instrument rewards what another punishes, or a grade is both refused and favoured in the same service."""
    rewarded = {name: placed for part in book.parts for placed in part.rewards for name in placed.rule.behaviours}
    for _, placed in book.inflicted:
        for number, name in enumerate(placed.rule.behaviours):
            if name in rewarded:
                message = f"{name} is penalised by {placed.at} and rewarded by {rewarded[name].at}"
                yield Hit((*placed.path, "behaviours", number), placed.at, message)
    for part in book.parts:
        for favour in part.consequences:
            for burden in part.burdens:
                both = set(favour.consequence.grades) & set(burden.consequence.grades)
                same = favour.consequence.service == burden.consequence.service
                if same and both and favour.consequence.effect in ("discount", "priority"):
                    what = f"{favour.consequence.effect} and {burden.consequence.effect}"
                    message = f"{what} of {favour.consequence.service} at {', '.join(sorted(both))}"
                    yield Hit(favour.path, favour.at, message)

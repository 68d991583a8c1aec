"""The conditions of norms, answered from a rulebook: met, not met, or cannot be told from a rulebook.

That a condition is met says nothing on whether the norm applies, is broken, or allows an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scorepolis.audit.answer import MET, NOT_MET, UNTOLD, Answer, gravest
from scorepolis.audit.bound import OF_BOUND, answer_of_bound
from scorepolis.audit.law import Condition, Norm
from scorepolis.parameters.firms import KINDS
from scorepolis.parameters.model import IGNORING, UNFULFILLED
from scorepolis.rulebooks.schema import FirmListRule, RepairClass, repaired_as

if TYPE_CHECKING:
    from scorepolis.audit.book import Book, PlacedRule
    from scorepolis.audit.finding import Finding
    from scorepolis.rulebooks.checking import Where


@dataclass(frozen=True)
class Answered:
    """A condition of a norm with its answer."""

    norm: Norm
    condition: Condition
    answer: Answer

    def to_json(self) -> dict[str, object]:
        """Give it as plain data."""
        return {
            "norm": self.norm.id,
            "condition": self.condition.id,
            "text": self.condition.text,
            "state": self.answer.state,
            "why": self.answer.why,
            "line": self.answer.line,
            "cannot_tell": self.condition.limit,
        }


@dataclass(frozen=True)
class Facts:
    """What conditions are answered from: the rulebook, and what the checks found in it, accepted or not."""

    book: Book
    findings: Sequence[Finding]
    of_firms: bool

    @property
    def penalises(self) -> bool:
        """Whether anybody can be worse off of those whom the norm protects."""
        parts = self.book.parts
        return any(part.penalises for part in parts) or (
            self.of_firms and any(firm.penalties for firm in self.book.firms)
        )

    def found(self, *checks: str) -> Finding | None:
        """Give the first finding of some checks."""
        return next((finding for finding in self.findings if finding.check.id in checks), None)

    def by_check(self, *checks: str, not_met: str) -> Answer:
        """Answer *met* if a check found something."""
        finding = self.found(*checks)
        if finding is None:
            return Answer(NOT_MET, not_met)
        return Answer(MET, f"{finding.at}: {finding.message}", finding.line)

    def against_check(self, *checks: str, met: str) -> Answer:
        """Answer *not met* if a check found something."""
        finding = self.found(*checks)
        return Answer(MET, met) if finding is None else Answer(NOT_MET, finding.message, finding.line)

    def entering(self) -> Iterator[PlacedRule]:
        """Yield the rules of the book, and those of other books that feed it."""
        for part in self.book.parts:
            yield from part.rules
        for part in self.book.parts:
            for feed in part.feeds:
                yield from feed.behind if feed.foreign else ()

    def longest(self, placed: PlacedRule) -> float:
        """Give the longest of the terms that a rule names, in days."""
        return max((float(term.exact) for term in placed.rule.terms if term is not None), default=0.0)

    def line(self, path: Where) -> int:
        """Give the line of a place."""
        return self.book.document.where(path)[0]

    def penalised(self, *articles: str, behaviours: Sequence[str] = ()) -> tuple[Where, str] | None:
        """Find the first penalty for a behaviour that these articles protect, or that has one of these names."""
        for _, placed in self.book.inflicted:
            for number, name in enumerate(placed.rule.behaviours):
                protected = self.book.parameters.behaviours[name].protected or ""
                if name in behaviours or any(protected == f"ICCPR {article}" for article in articles):
                    return (*placed.path, "behaviours", number), f"rule {placed.rule.id} penalises {name}"
        return None

    def refused(self, services: Sequence[str]) -> tuple[Where, str] | None:
        """Find the first refusal of one of these services."""
        for part in self.book.parts:
            for burden in part.burdens:
                one = burden.consequence
                if one.service in services and one.effect == "deny":
                    return burden.path, f"{one.service} is refused at {', '.join(one.grades)}"
        return None

    def place(self, found: tuple[Where, str] | None, not_met: str) -> Answer:
        """Answer *met* if there is such a place."""
        return Answer(NOT_MET, not_met) if found is None else Answer(MET, found[1], self.line(found[0]))


def _natural_persons(facts: Facts) -> Answer:
    part = facts.book.parts[0]
    return Answer(MET, f"{part.at} is about persons", facts.line((*part.path, "subject")))


def _unending(placed: PlacedRule) -> str:
    """Say for how long something counts that has no term."""
    return "until performance" if placed.rule.override is not None and not placed.stuck else "for ever"


def _over_time(facts: Facts) -> Answer:
    for placed in facts.entering():
        longest = facts.longest(placed)
        if placed.endless or longest > 1:
            held = _unending(placed) if placed.endless else f"for {longest:g} days"
            return Answer(MET, f"what {placed.at} enters counts {held}", facts.line(placed.path))
    return Answer(NOT_MET, "nothing that is entered lasts")


def _behaviour(facts: Facts) -> Answer:
    for placed in facts.entering():
        what = ", ".join(placed.rule.behaviours)
        return Answer(MET, f"{placed.at} counts {what}", facts.line((*placed.path, "behaviours")))
    traits = facts.found("scored-by-status", "scored-by-circumstance")
    if traits is not None:
        return Answer(MET, traits.message, traits.line)
    return Answer(NOT_MET, "no rule counts anything that people do")


def _detriment(facts: Facts) -> Answer:
    for part in facts.book.parts:
        for burden in part.burdens:
            one = burden.consequence
            return Answer(MET, f"{one.effect} of {one.service} at {', '.join(one.grades)}", facts.line(burden.path))
        for shame in part.shames:
            return Answer(MET, f"{', '.join(shame.shame.grades)} is shamed in public", facts.line(shame.path))
    return Answer(NOT_MET, "no standing makes anything worse; what others make of it is not told")


_NO_DETRIMENT: Final = Answer(NOT_MET, "there is no detriment")


def _unrelated(facts: Facts) -> Answer:
    if _detriment(facts).state == NOT_MET:
        return _NO_DETRIMENT
    return facts.by_check("unrelated-penalty", not_met="every penalty lies in the domain of the conduct")


def _unjustified(facts: Facts) -> Answer:
    plain = facts.found(
        "protected-act-penalised", "rule-without-legal-basis", "collective-punishment", "out-of-proportion"
    )
    if plain is not None:
        return Answer(MET, f"{plain.at}: {plain.message}", plain.line)
    if _detriment(facts).state == NOT_MET:
        return _NO_DETRIMENT
    return Answer(UNTOLD, "nothing that is plain from the rules; the rest is weighed by courts")


def _purpose_limited(facts: Facts) -> Answer:
    if not any(part.burdens for part in facts.book.parts):
        return Answer(
            UNTOLD, "nothing is refused, delayed or made dearer; for what else records are used, no rulebook says"
        )
    return facts.against_check("unrelated-penalty", met="what is refused lies in the domain of what is recorded")


def _kept(facts: Facts) -> Answer:
    for placed in facts.entering():
        if placed.endless:
            return Answer(
                NOT_MET, f"what {placed.at} enters counts {_unending(placed)}, and has no term", facts.line(placed.path)
            )
    return Answer(MET, "everything that is entered has a term")


def _special(facts: Facts) -> Answer:
    found = facts.penalised("18", "19", "21", "22", "25") or _rewarded_opinion(facts) or _revealing(facts)
    return facts.place(found, "nothing counts or asks for opinion, belief, assembly or ethnic origin")


def _revealing(facts: Facts) -> tuple[Where, str] | None:
    """Find what the register has to say of people's origin or politics before they are scored, or left out."""
    revealing = facts.book.law.readings.revealing.attributes
    for where, _, feature in facts.book.attributes:
        if feature.attribute in revealing:
            return where, f"feature {feature.id} weighs {feature.attribute}"
    for part in facts.book.parts:
        for number, status in enumerate(part.instrument.scope.exempt):
            if status in revealing:
                return (*part.path, "scope", "exempt", number), f"{part.at} has to know who is {status}"
    return None


def _rewarded_opinion(facts: Facts) -> tuple[Where, str] | None:
    for part in facts.book.parts:
        for placed in part.rewards:
            for number, name in enumerate(placed.rule.behaviours):
                if name in facts.book.law.readings.allegiance.behaviours:
                    return (*placed.path, "behaviours", number), f"rule {placed.rule.id} rewards {name}"
    return None


def _offences(facts: Facts) -> Answer:
    crimes = facts.book.law.readings.crimes.behaviours
    return facts.place(facts.penalised(behaviours=crimes), "no rule counts what is a crime almost anywhere")


def _informed(facts: Facts) -> Answer:
    return facts.against_check(
        "secret-rules", "rules-partly-published", "no-notice", met="the rules are published, and every entry is told"
    )


_NOBODY: Final = "there is nobody of whom it could be true"
_NOBODY_PENALISED: Final = Answer(
    UNTOLD, "no instrument penalises anybody, and there is nobody of whom it could be true"
)


def _appeal(facts: Facts) -> Answer:
    if not facts.penalises:
        return _NOBODY_PENALISED
    return facts.against_check("no-appeal", met="every instrument that penalises has an appeal")


def _way_back(facts: Facts) -> Answer:
    return facts.against_check(
        "list-without-exit",
        "absorbing-grade",
        "no-expiry",
        met="every entry ends, by term, by performance or by repair",
    )


def _told(facts: Facts) -> Answer:
    if not facts.penalises:
        return _NOBODY_PENALISED
    return facts.against_check("no-notice", met="every entry is told")


_UNGROUNDED: Final = ("legal-basis-missing", "rule-without-legal-basis")
_NAMED: Final = "book and rules name what they rest on; whether that is a law, and says so, was not read"


def _legality(facts: Facts) -> Answer:
    if facts.found(*_UNGROUNDED):
        return facts.by_check(*_UNGROUNDED, not_met=_NAMED)
    return Answer(UNTOLD, _NAMED) if facts.penalises else Answer(NOT_MET, "no instrument penalises anybody")


def _basis(facts: Facts) -> Answer:
    return facts.against_check(*_UNGROUNDED, met=_NAMED) if facts.found(*_UNGROUNDED) else Answer(UNTOLD, _NAMED)


def _shown(facts: Facts) -> Answer:
    for part in facts.book.parts:
        for shame in part.shames:
            return Answer(MET, f"{', '.join(shame.shame.grades)} is shamed by {shame.at}", facts.line(shame.path))
    return Answer(NOT_MET, "nobody is shamed in public")


def _movement(facts: Facts) -> Answer:
    return facts.place(facts.refused(facts.book.law.readings.travel.services), "no travel is refused")


def _public_affairs(facts: Facts) -> Answer:
    found = facts.penalised("25") or facts.refused(facts.book.law.readings.public_posts.services)
    return facts.place(found, "neither petitioning nor access to public posts is touched")


def _three_years(facts: Facts) -> Answer:
    most = float(facts.book.law.thresholds.shown_at_most.exact)
    for part in facts.book.parts:
        shown = [grade for shame in part.shames for grade in shame.shame.grades]
        if not shown:
            continue
        for placed in (*part.penalties, *(placed for feed in part.fed_into(shown) for placed in feed.behind)):
            longest = facts.longest(placed)
            if placed.endless or longest > most:
                how = "without a term" if placed.endless else f"for {longest:g} days"
                return Answer(NOT_MET, f"{placed.at} leads to what is shown {how}", facts.line(placed.path))
    for firm in facts.book.firms:
        for one in firm.penalties if firm.shown else ():
            months = one.rule.term.exact if isinstance(one.rule, FirmListRule) and one.rule.term else 0
            endless = firm.endless(one) and one.assigned not in firm.lifted
            if firm.leads_to(one, firm.shown) and (endless or months * 365 > 12 * most):
                how = "without a term" if endless else f"for {float(months):g} months"
                return Answer(NOT_MET, f"{one.at} leads to what is shown {how}", facts.line(one.path))
    if not any(any(part.shames) for part in facts.book.parts) and not any(firm.shown for firm in facts.book.firms):
        return Answer(MET, "nothing is shown in public")
    return Answer(MET, "nothing that is shown lasts for more than three years")


def _repaired(known: RepairClass | None) -> tuple[object, ...]:
    """Tell apart the ways in which penalties are repaired: after how long, and by what."""
    return () if known is None else (known.after.exact, frozenset(known.by))


def _graded(facts: Facts) -> Answer:
    if not facts.penalises:
        return _NOBODY_PENALISED
    for part in facts.book.parts:
        lasts = {
            (tuple(str(term and term.value) for term in rule.terms), _repaired(repaired_as(part.instrument, rule)))
            for rule in (placed.rule for placed in part.penalties)
        }
        if len(part.penalties) > 1 and len(lasts) == 1:
            alike = " and is repaired alike" if part.instrument.repair else ""
            said = f"every penalty of {part.at} lasts as long as every other{alike}"
            return Answer(NOT_MET, said, facts.line(part.path))
    for firm in facts.book.firms:
        lasting = {
            str(one.rule.term and one.rule.term.value) for one in firm.penalties if isinstance(one.rule, FirmListRule)
        }
        if len(firm.penalties) > 1 and len(lasting) == 1:
            return Answer(NOT_MET, f"every penalty of {firm.at} lasts as long as every other", facts.line(firm.path))
    return Answer(UNTOLD, "terms or repair differ; whether by gravity is for a reader to judge")


def _unable(facts: Facts) -> Answer:
    finding = facts.found("unable-as-unwilling")
    if finding is not None:
        return Answer(NOT_MET, finding.message, finding.line)
    names = {name for _, placed in facts.book.inflicted for name in placed.rule.behaviours}
    if UNFULFILLED in names:
        return Answer(MET, "who could not is treated more lightly than who would not")
    if IGNORING in names:
        return Answer(MET, "only ignored judgments are counted; how well a court tells them apart is not told")
    return Answer(UNTOLD, "no rule is about judgments")


def _transparent(facts: Facts) -> Answer:
    return facts.against_check("secret-rules", "rules-partly-published", met="the rules are published")


def _untold(why: str) -> Callable[[Facts], Answer]:
    return lambda facts: Answer(UNTOLD, why)


def _protected(*articles: str) -> Callable[[Facts], Answer]:
    several = len(articles) > 1
    said = f"articles {' and '.join(articles)} protect" if several else f"article {articles[0]} protects"
    return lambda facts: facts.place(facts.penalised(*articles), f"no rule penalises what {said}")


ANSWERS: Final[dict[tuple[str, str], Callable[[Facts], Answer]]] = {
    ("eu-ai-act-5-1-c", "ai-system"): _untold("rules are laid down by people; by what means records are made is open"),
    ("eu-ai-act-5-1-c", "natural-persons"): _natural_persons,
    ("eu-ai-act-5-1-c", "over-time"): _over_time,
    ("eu-ai-act-5-1-c", "behaviour-or-traits"): _behaviour,
    ("eu-ai-act-5-1-c", "detriment"): _detriment,
    ("eu-ai-act-5-1-c", "unrelated-context"): _unrelated,
    ("eu-ai-act-5-1-c", "unjustified-or-disproportionate"): _unjustified,
    ("gdpr", "purpose-limited"): _purpose_limited,
    ("gdpr", "storage-limited"): _kept,
    ("gdpr", "special-categories"): _special,
    ("gdpr", "criminal-offences"): _offences,
    ("gdpr", "informed"): _informed,
    ("gdpr", "rectification"): _appeal,
    ("gdpr", "erasure"): _kept,
    ("gdpr", "automated-decision"): _untold("who decides, and whether a person may decide otherwise, is open"),
    ("gdpr", "significant-effect"): _detriment,
    ("gdpr", "contestable"): _appeal,
    ("gdpr", "impact-assessed"): _untold("no rulebook says whether there was one"),
    ("iccpr", "movement"): _movement,
    ("iccpr", "fair-hearing"): _appeal,
    ("iccpr", "legality"): _legality,
    ("iccpr", "privacy-and-honour"): _shown,
    ("iccpr", "belief"): _protected("18"),
    ("iccpr", "expression"): _protected("19"),
    ("iccpr", "assembly-and-association"): _protected("21", "22"),
    ("iccpr", "public-affairs"): _public_affairs,
    ("iccpr", "equality"): lambda facts: facts.by_check(
        "exemption-by-status", "scored-by-status", not_met="nobody is exempt or scored by status"
    ),
    ("china-constraint-2020", "recorded-within-directory"): lambda facts: facts.against_check(
        "outside-information-directory", met="every item stands in our table of the directory"
    ),
    ("china-constraint-2020", "punished-within-directory"): lambda facts: facts.against_check(
        "outside-measures-directory", met="every measure stands in our table of the directory"
    ),
    ("china-constraint-2020", "basis-in-law"): _basis,
    ("china-constraint-2020", "told-before"): _told,
    ("china-constraint-2020", "objection"): _appeal,
    ("china-constraint-2020", "can-be-repaired"): _way_back,
    ("china-repair-2025", "shown-three-years-at-most"): _three_years,
    ("china-repair-2025", "graded-by-gravity"): _graded,
    ("china-unable-2024", "unable-told-apart"): _unable,
    ("pipl-24", "transparent"): _transparent,
    ("pipl-24", "explained-on-request"): _appeal,
}
"""What answers each condition of `law.yaml`."""


SELF_EMPLOYED: Final = KINDS[0]

WHOMEVER: Final = frozenset({("eu-ai-act-5-1-c", "ai-system")})
"""Conditions that do not turn on whom a book treats."""


def _treated(book: Book) -> str:
    """Say whom a book treats that treats no natural person."""
    whom = [name for name, parts in (("firms", book.firms), ("public bodies", book.bodies)) if parts]
    if not whom:
        return "the book has no instrument"
    told = f"the book treats {' and '.join(whom)} alone"
    alone = any(SELF_EMPLOYED in (firm.instrument.scope.sizes or (SELF_EMPLOYED,)) for firm in book.firms)
    return f"{told}, the self-employed as firms" if alone else told


def _of_nobody(norm: Norm, condition: Condition, book: Book) -> Answer:
    """Answer for a book that does nothing to anybody whom the norm protects."""
    whom = "natural persons or firms" if norm.of_firms else "natural persons"
    why = f"nothing is done to {whom}: {_treated(book)}"
    if any(part.instrument.quota is not None for part in book.bodies):
        why += ", of whom it asks for reports on residents"
    return (
        Answer(UNTOLD, f"{why}; there is nobody of whom it could be true") if condition.duty else Answer(NOT_MET, why)
    )


def answer(book: Book, findings: Sequence[Finding]) -> tuple[Answered, ...]:
    """Answer the conditions of all norms.

    Of several whom a book treats the gravest answer counts; where it does nothing to those whom a norm protects, the
    answer says so, and what the norm asks for is not said to be met.

    Parameters
    ----------
    book : Book
        The rulebook.
    findings : sequence of Finding
        All that the checks found in it, the accepted included: an authors' reason changes no condition.

    Returns
    -------
    tuple of Answered
        In the order of law.yaml.
    """
    # Most norms protect people alone: what was found of firms answers nothing there, of public bodies nowhere.
    facts = {
        of_firms: Facts(book, [one for one in findings if one.of in subjects], of_firms)
        for of_firms, subjects in ((True, ("people", "firms")), (False, ("people",)))
    }
    return tuple(
        Answered(norm, condition, _answered(norm, condition, facts[norm.of_firms]))
        for norm in book.law.norms
        for condition in norm.conditions
    )


def _answered(norm: Norm, condition: Condition, facts: Facts) -> Answer:
    book = facts.book
    treats = bool(book.parts or (norm.of_firms and book.firms))
    if treats or (norm.id, condition.id) in WHOMEVER:
        own = [ANSWERS[norm.id, condition.id](facts)]
        bound = book.bindings if (norm.id, condition.id) in OF_BOUND else ()
    else:
        own, bound = [], book.bindings
    answers = [*own, *(answer_of_bound(norm.id, condition.id, one) for one in bound)]
    return gravest(answers, duty=condition.duty) if answers else _of_nobody(norm, condition, book)

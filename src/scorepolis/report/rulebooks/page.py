"""A rulebook as a page for lawyers: what is scored, what it costs, what it opens and closes, how one gets out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from scorepolis.parameters.bodies import Bodies
from scorepolis.report.language import say
from scorepolis.report.numbers import day
from scorepolis.report.rulebooks.body_page import BODY_METHODS, body_sections
from scorepolis.report.rulebooks.firm_page import FIRM_METHODS, firm_sections, followed, table
from scorepolis.report.rulebooks.grounds import Sources, grounds
from scorepolis.report.rulebooks.registered import registered
from scorepolis.rulebooks.cases import subjects
from scorepolis.rulebooks.schema import (
    SEVERITIES,
    BonusMalus,
    CardRule,
    Dimensioned,
    Fault,
    Featured,
    Listing,
    ListRule,
    Rank,
    RegisteredFeature,
    Scorecard,
    WeightedRule,
)

if TYPE_CHECKING:
    from scorepolis.core.provenance import Quantity
    from scorepolis.parameters import Parameters
    from scorepolis.rulebooks import Cases, Instrument, Rulebook
    from scorepolis.rulebooks.schema import Discretion, InstrumentRule, Repair

TAGS: Final = {
    "documented": "It follows a text that was read.",
    "reported": "It follows reports and translations, as far as they go.",
    "stylised": "It is made up, to show or to compare something. No scheme of the kind is claimed to exist.",
}
METHODS: Final = {
    "points": "a score by points",
    "list": "a list",
    "weighted": "a weighted score",
    "scorecard": "a scorecard",
    "bonus_malus": "a bonus-malus",
    "rank": "a rank among peers",
}
RENEWED: Final = {
    "points": "A standing changes on the day on which a record arrives or runs out.",
    "list": "A standing changes on the day on which a record arrives, a term ends or a judgment is performed.",
    "weighted": "A standing is reckoned anew at each month's end.",
    "scorecard": "A standing is reckoned anew at each month's end.",
    "bonus_malus": "A standing is reckoned anew once a year, for each at the end of their own year.",
    "rank": "A standing is reckoned anew at each month's end, among all who are in scope.",
}
"""How often, by method."""
TRANSPARENCY: Final = {
    "published": "The rules are published.",
    "partly": "The rules are published in part.",
    "secret": "The rules are secret.",
}
WAYS_OF_REPAIR: Final = {"course": "a course", "pledge": "a pledge", "good_deeds": "good deeds"}
BURDENS: Final = ("deny", "delay", "surcharge")
STATUSES: Final = ("documented", "reported", "assumed")

Row = tuple[object, ...]


def page(book: Rulebook, cases: Cases, parameters: Parameters) -> str:
    """Write the page of a rulebook.

    Parameters
    ----------
    book : Rulebook
        The rulebook.
    cases : Cases
        Its cases, which serve as examples.
    parameters : Parameters
        What behaviours, services and sensors are called.

    Returns
    -------
    str
        Markdown.
    """
    sources = Sources()
    lines = [*_head(book), *_courts(book, sources)]
    for one in book.instruments:
        lines += [f"## {one.id}: {METHODS[one.method]}", ""]
        lines += [*_scope(one, sources, parameters), *_scored(one, sources, parameters), *_standings(one, sources)]
        lines += [*_opened(one, sources, parameters), *_out(one, sources)]
    for firm in book.firms:
        lines += [f"## {firm.id}: {FIRM_METHODS[firm.method]}", "", *firm_sections(firm, sources, parameters.firms)]
    for body in book.bodies:
        lines += [f"## {body.id}: {BODY_METHODS[body.method]}", "", *body_sections(body, sources, parameters.bodies)]
    lines += [*_examples(book, cases, parameters), *_unknown(book), *_sources(sources)]
    return "\n".join(lines).rstrip() + "\n"


def _head(book: Rulebook) -> Iterator[str]:
    until = f"to {day(book.in_force.until)}" if book.in_force.until else "with no end known"
    counts = Counter(one.part.status for one in grounds(book))
    resting = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
    yield from (f"# {book.title}", "")
    yield f"<!-- made from rulebooks/library/{book.name}.yaml by make rulebooks; do not edit by hand -->"
    yield from ("", f"`{book.name}`, {book.tag}. {TAGS[book.tag]}", "")
    yield from (f"- **Purpose.** {book.purpose}", f"- **Legal basis.** {book.legal_basis}")
    yield f"- **In force** from {day(book.in_force.from_)}, {until}."
    if resting:
        yield f"- **What it rests on.** Of its numbers and provisions, {resting}."
    nothing = not (book.instruments or book.firms or book.bodies)
    yield from (*(["- **What it adds to ordinary law.** Nothing."] if nothing else []), "")


def _courts(book: Rulebook, sources: Sources) -> Iterator[str]:
    """Tell what the book says of how courts act."""
    if book.courts is None:
        return
    courts = book.courts
    yield from ("## Courts", "", "Where it is in force, in place of the model's own numbers:", "")
    if courts.grace:
        days = f"{_of(courts.grace)} days ({sources.of(courts.grace)})"
        yield f"- From the application for enforcement to the decision it takes {days}."
    for share, who, taken in (
        (courts.mistaken_able, "cannot pay", "able"),
        (courts.mistaken_unable, "can pay", "unable"),
    ):
        if share:
            yield f"- Of those who {who}, {float(100 * share.exact):g} % are taken for {taken} ({sources.of(share)})."
    yield ""


def _scope(one: Instrument, sources: Sources, parameters: Parameters) -> Iterator[str]:
    scope = one.scope
    age = f"from the age of {_of(scope.min_age)} on" if scope.min_age.exact else "of any age"
    whom = registered(scope, "newcomers from elsewhere among them", "but no newcomers from elsewhere")
    exempt = f" Exempt, whatever they do: {_listed(name.replace('_', ' ') for name in scope.exempt)}." * bool(
        scope.exempt
    )
    told = "Whoever gets an entry is told." if one.notice else "Nobody is told of an entry."
    recorded = _listed(parameters.sensors[name].title for name in one.reach)
    yield from ("### Who is concerned", "")
    who = f"Whoever is {scope.requires.replace('_', ' ')}," if scope.requires else "Everybody"
    yield f"{who} {age} ({sources.of(scope.min_age)}), {whom}.{exempt} {TRANSPARENCY[one.transparency]} {told}"
    if scope.consent:
        share = f"{float(100 * scope.consent.share.exact):g} % of them ({sources.of(scope.consent.share)})"
        yield f"Only whoever agrees is scored: {share}, and knows of it; nothing is entered for the others."
    if isinstance(one, Listing) and one.stock:
        yield f"At the start {float(one.stock.exact):.3%} of them are on the list ({sources.of(one.stock)})."
    if isinstance(one, Listing) and one.spending_order:
        yield "The listed are ordered not to spend on what is refused; who does it nonetheless breaks the order."
    yield from (f"Records come from: {recorded}. {RENEWED[one.method]}", "")


def _scored(one: Instrument, sources: Sources, parameters: Parameters) -> Iterator[str]:
    rules: tuple[InstrumentRule, ...] = one.rules
    yield from ("### What is scored, and what it costs", "")
    heads = ("rule", "for what", "acts of the model", "recorded by", "effect", "for how long", "rests on")
    if rules:
        yield from table(heads, (_rule(rule, sources, parameters) for rule in rules))
    if isinstance(one, Featured):
        yield from _registered(one, sources)
    if isinstance(one, Dimensioned):
        yield from _dimensions(one, sources)
    if isinstance(one, Rank) and one.turns > 1:
        yield f"The weights stay for {_of(one.every)} months each, in this order ({sources.of(one.every)})."
        yield ""
    if isinstance(one, Scorecard):
        scale = one.scale
        yield f"{_of(scale.score)} points stand for odds of {_of(scale.odds)} to 1 that somebody does not default, and "
        yield f"{_of(scale.double)} points more for twice the odds ({sources.of(scale.score)}). Before any feature the "
        yield f"log-odds are {one.intercept.value:g} ({sources.of(one.intercept)})."
        yield ""
    if isinstance(one, BonusMalus):
        yield from _years(one, sources)


def _years(one: BonusMalus, sources: Sources) -> Iterator[str]:
    """Tell what a year without a fault does."""
    yield "The score is -100 times the coefficient that the premium is multiplied by. Once a year it is reckoned anew."
    yield f"A year without a fault multiplies it by {one.claim_free.value:g} ({sources.of(one.claim_free)})."
    if one.protected:
        spared = f"After {_of(one.protected)} years at the floor a first fault costs nothing"
        yield f"{spared} ({sources.of(one.protected)})."
    if one.returns:
        yield f"{_of(one.returns)} years without a fault lead back to the start at least ({sources.of(one.returns)})."
    yield ""


def _registered(one: Featured, sources: Sources) -> Iterator[str]:
    """Tell what is weighed of the public register."""
    rows: list[Row] = [
        (f.id, f.text, f.attribute.replace("_", " "), f"up to {float(most):.4g} points", sources.of(f))
        for f, most in one.features
        if isinstance(f, RegisteredFeature)
    ]
    if rows:
        yield from ("Besides, whatever people do:", "")
        yield from table(("feature", "for what", "as registered", "effect", "rests on"), rows)


def _dimensions(one: Dimensioned, sources: Sources) -> Iterator[str]:
    """Tell how much each dimension is of the whole, turn by turn where the weights are tuned anew."""
    by_turn = [one.shares_in(turn) for turn in range(one.turns)] if isinstance(one, Rank) else [one.shares]
    told = [", then ".join(f"{float(100 * part):.4g}" for part in parts) for parts in zip(*by_turn, strict=True)]
    shares = (
        (d.text, f"{share} percent", ", ".join(f.id for f in d.features), sources.of(d))
        for d, share in zip(one.dimensions, told, strict=True)
    )
    yield from table(("dimension", "share of the range", "of", "rests on"), shares)


def _rule(rule: InstrumentRule, sources: Sources, parameters: Parameters) -> Row:
    by = _listed(parameters.sensors[name].title for name in rule.by) if rule.by else "any of those above"
    basis = {None: "", "none": " (no legal basis)"}.get(rule.legal_basis, f" ({rule.legal_basis})")
    acts = _listed(_act(name, parameters) for name in rule.behaviours)
    return (rule.id, f"{rule.text}{basis}", acts, by, _effect(rule), _lasting(rule), sources.of(rule))


def _act(name: str, parameters: Parameters) -> str:
    behaviour = parameters.behaviours[name]
    return behaviour.title.lower() + (f" (protected: {behaviour.protected})" if behaviour.protected else "")


def _effect(rule: InstrumentRule) -> str:
    if isinstance(rule, ListRule):
        left = f"the text leaves {_left(rule.discretion)} days" if rule.discretion else None
        return "; ".join(filter(None, ("listed", rule.severity, left)))
    told = [f"{float(rule.points.exact):+g} points"] if rule.points.exact else []
    if isinstance(rule, WeightedRule | CardRule):
        steps = max(end.value for end in rule.ends)
        told = [f"{float(rule.points.exact):+g} points for the first of up to {steps}"]
    if isinstance(rule, Fault):
        told = [f"the coefficient times {rule.factor.value:g}: {float(rule.points.exact):+g} points from the start"]
    if rule.repeat:
        told.append(
            f"{_of(rule.repeat.step)} times that more for each earlier record within {_of(rule.repeat.window)} days, "
            f"up to {_of(rule.repeat.most)} times"
        )
    if rule.cap:
        told.append(f"for at most {_of(rule.cap.most)} records within {_of(rule.cap.window)} days")
    if rule.override:
        told.append(f"no better than {rule.override.grade}")
    if rule.shared:
        told.append(f"and {_of(rule.shared.share)} of it for each other member of the household")
    if rule.severity:
        told.append(rule.severity)
    if rule.discretion:
        told.append(f"the text leaves {_left(rule.discretion)}")
    return "; ".join(told)


def _left(discretion: Discretion) -> str:
    return " to ".join(_of(end) or "no bound" for end in (discretion.lowest, discretion.highest))


def _lasting(rule: InstrumentRule) -> str:
    never = "until performance" if isinstance(rule, ListRule) else "for ever"
    return ", ".join(dict.fromkeys(never if term is None else f"{_of(term)} days" for term in rule.terms))


def _standings(one: Instrument, sources: Sources) -> Iterator[str]:
    if isinstance(one, Listing):
        return
    start = f"Everybody starts with {_of(one.start)} points ({sources.of(one.start)})."
    anew = f"Everybody stands at {_of(one.start)} until ranked; places are made anew each month."
    how = "The score is made anew each month." if isinstance(one, Featured) else start
    yield from ("### Grades", "", anew if isinstance(one, Rank) else how, "")
    rows = ((g.grade, _of(g.lowest), _of(g.highest), sources.of(g)) for g in reversed(one.grades))
    yield from table(("grade", "from", "to", "rests on"), rows)


def _opened(one: Instrument, sources: Sources, parameters: Parameters) -> Iterator[str]:
    yield from ("### What it opens and closes", "")
    rows: list[Row] = [
        (_listed(c.grades), parameters.services[c.service].title, followed(c), sources.of(c)) for c in one.consequences
    ]
    for name, channel in one.publicity.channels():
        what = "shown for shame" if channel.worth <= 0 else "shown for praise"
        rows.append((_listed(channel.grades), say(f"channel.{name}"), what, sources.of(channel)))
    if rows:
        yield from table(("standing", "service or place", "what follows", "rests on"), rows)
    worse = any(c.effect in BURDENS for c in one.consequences) or any(c.worth < 0 for _, c in one.publicity.channels())
    if not worse:
        yield from ("No standing closes anything, makes it dearer, or is shown for shame.", "")
    if isinstance(one, Listing) and one.family:
        refused = _listed(parameters.services[name].title for name in one.family)
        yield from (f"Refused to the household of the listed, too: {refused}.", "")


def _out(one: Instrument, sources: Sources) -> Iterator[str]:
    rules: tuple[InstrumentRule, ...] = one.rules
    terms: dict[str, list[str]] = {}
    for rule in rules:
        if rule.points.exact < 0 or rule.override:
            terms.setdefault(_lasting(rule), []).append(rule.id)
    yield from ("### How one gets out", "")
    for term, ids in terms.items():
        way = {"for ever": "Time does not help", "until performance": "Performing the judgment ends it"}
        yield f"- {way.get(term, f'By itself it ends after {term}')}: {', '.join(ids)}."
    earning = [rule.id for rule in rules if rule.points.exact > 0]
    if earning and terms:
        yield f"- Points are made up by: {', '.join(earning)}."
    for feed in one.fed_by:
        standing = f"{feed.grade} under {feed.rulebook}, {feed.instrument}"
        yield f"- Whoever stands at {standing}, is held down to {feed.override} for as long ({sources.of(feed)})."
    if one.repair:
        yield from _repair(one, one.repair, sources)
    if one.appeal:
        days = f"{_of(one.appeal.days)} days ({sources.of(one.appeal.days)})"
        yield f"- An entry can be contested; that is decided within {days}."
    else:
        yield "- No way to contest an entry is written in this book."
    yield ""


def _repair(one: Instrument, repair: Repair, sources: Sources) -> Iterator[str]:
    """Tell what can be repaired on application, when and how."""
    of: dict[str, list[str]] = {}
    rules: tuple[InstrumentRule, ...] = one.rules
    for rule in rules:
        if rule.severity:
            of.setdefault(rule.severity, []).append(rule.id)
    for severity in SEVERITIES:
        known = getattr(repair, severity)
        if known is None and severity in of:
            yield f"- What is {severity} cannot be repaired: {_listed(of[severity])}."
        if known is None:
            continue
        ways = " or ".join(WAYS_OF_REPAIR[way] for way in known.by)
        yield f"- What is {severity} can be repaired on application after {_of(known.after)} days"
        yield f"  ({sources.of(known.after)}), by {ways}: {_listed(of[severity])}."
    if repair.course:
        yield f"- A course costs {_of(repair.course.costs)} yuan ({sources.of(repair.course.costs)})."
    if repair.good_deeds:
        deeds = f"{_of(repair.good_deeds.least)} records under {_listed(repair.good_deeds.rules)}"
        yield f"- Good deeds that are enough: {deeds} ({sources.of(repair.good_deeds.least)})."
    if repair.clean:
        yield "- Only who has nothing else standing against them can have an entry repaired."
    yield f"- An application is decided within {_of(repair.days)} days ({sources.of(repair.days)});"
    yield f"  {repair.granted.value:.4g} of all are granted ({sources.of(repair.granted)}), and of those who know the"
    yield f"  scheme and may ask, {repair.asks.value:.4g} would each month ({sources.of(repair.asks)})."


def _examples(book: Rulebook, cases: Cases, parameters: Parameters) -> Iterator[str]:
    if not cases.cases:
        return
    yield from ("## Examples", "", "The tests replay them.", "")
    rows: list[Row] = []
    for case in cases.cases:
        of_person = not (case.is_of_firm(book) or case.is_of_body(book))
        of_whom = subjects(case, book, parameters)
        titles = (
            of_whom.titles
            if isinstance(of_whom, Bodies)
            else {name: behaviour.title for name, behaviour in of_whom.behaviours.items()}
        )
        records = "; ".join(
            f"day {r.day}: {titles[r.behaviour].lower()} ({of_whom.sensors[r.sensor].title})"
            + (f", repaired on day {r.repaired}" if r.repaired is not None else "")
            for r in case.records
        )
        found = "; ".join(
            f"{instrument.id}: {f'{seen.score} points, ' if seen.score is not None else ''}{seen.grade}"
            for instrument, seen in case.every_expectation(book)
        )
        register = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in case.attributes.items())
        register = "a newcomer" if case.newcomer else register
        seen_on = f"day {case.day}" if of_person else "after the year"
        rows.append((case.name, "; ".join(filter(None, (register, records))) or "none", seen_on, found))
    yield from table(("case", "records", "seen on", "standing"), rows)


def _unknown(book: Rulebook) -> Iterator[str]:
    assumed = [one for one in grounds(book) if one.part.status == "assumed"]
    if not book.limits and not assumed:
        return
    yield from ("## What is not known", "")
    if book.limits:
        yield from (*(f"- {limit}" for limit in book.limits), "")
    if assumed:
        yield from ("Assumed, each with the range in which it may lie:", "")
        alike: dict[Row, list[str]] = {}
        for one in assumed:
            alike.setdefault((one.number, one.range, one.part.reason), []).append(one.place)
        rows = (("; ".join(places), *told) for told, places in alike.items())
        yield from table(("what", "here", "range", "reason"), rows)


def _sources(sources: Sources) -> Iterator[str]:
    if sources.known:
        yield from ("## Sources", "", *(f"{number}. {source}" for source, number in sources.known.items()))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _of(quantity: Quantity | None) -> str:
    return f"{quantity.value:g}" if quantity else ""

"""A rulebook told to a person: what is scored, what it costs, what it closes, how one gets out, what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from scorepolis.core.provenance import Quantity
from scorepolis.listing import Listing
from scorepolis.report.rulebooks.registered import registered
from scorepolis.rulebooks.schema import (
    SEVERITIES,
    BonusMalus,
    Dimensioned,
    Fault,
    Featured,
    FeatureRule,
    ListRule,
    Scorecard,
)
from scorepolis.rulebooks.schema import Listing as ListInstrument

if TYPE_CHECKING:
    from scorepolis.rulebooks.schema import (
        Attested,
        BodyInstrument,
        FirmInstrument,
        Grade,
        Instrument,
        InstrumentRule,
        Repair,
        Rulebook,
    )

    AnyInstrument = Instrument | FirmInstrument | BodyInstrument

WIDTH = 120


def head(book: Rulebook) -> Iterator[str]:
    """Tell what a rulebook says of itself, in lines of a terminal; as `about`, with what is not known and accepted."""
    for line in about(book):
        yield from wrap(line, WIDTH)
    for limit in book.limits:
        yield from wrap(f"Not known, or not said: {limit}", WIDTH)
    for accepted in book.accepted:
        yield f"Accepts {accepted.check}{f' at {accepted.at}' if accepted.at else ''}: {accepted.reason}"


def about(book: Rulebook) -> Iterator[str]:
    """Tell what a rulebook is, and for what.

    Parameters
    ----------
    book : Rulebook
        The rulebook.

    Yields
    ------
    str
        Sentences; the first names it.
    """
    yield f"{book.name}: {book.title} ({book.tag})"
    yield f"Purpose: {book.purpose}"
    yield f"Legal basis: {book.legal_basis}"
    until = f"until {book.in_force.until}" if book.in_force.until else "no end known"
    yield f"In force: from {book.in_force.from_}, {until}"
    yield f"Sensors it brings: {', '.join(book.employs) or 'none beyond those of ordinary law'}"
    if book.courts:
        said = (f"{name} {quantity.value} {quantity.unit}" for name, quantity in book.courts.said())
        yield f"Courts, in place of the model's numbers: {'; '.join(said)}"


def instrument(one: Instrument) -> Iterator[str]:
    """Tell whom an instrument scores, from which records, and how one gets out."""
    yield f"{one.id} ({one.method}): {_who(one)}"
    told = "every entry is told" if one.notice else "nobody is told of an entry"
    yield f"  Rules {one.transparency}; {told}; records of {', '.join(one.reach)}"
    if isinstance(one, ListInstrument):
        stock = f"{float(one.stock.exact):.4%} listed at the start" if one.stock else "nobody listed at the start"
        yield f"  {stock}; refused to the household too: {', '.join(one.family) or 'nothing'}"
        if one.spending_order:
            yield "  The listed are ordered not to spend on what is refused"
    else:
        how = "Reckoned each month" if isinstance(one, Featured) else f"Starts at {one.start.value}"
        yield f"  {how}; grades {bands(one.grades)}"
    appeal = f"decided within {one.appeal.days.value} days" if one.appeal else "none"
    yield f"  Appeal: {appeal}"
    if one.repair:
        yield f"  Repair: {_repair(one.repair)}"
    if isinstance(one, Scorecard):
        scale = one.scale
        yield f"  {scale.score.value} points at odds of {scale.odds.value} to 1; {scale.double.value} more double them"
    if isinstance(one, BonusMalus):
        yield f"  The score is -100 times a coefficient; a year without a fault multiplies it by {one.claim_free.value}"
    for feed in one.fed_by:
        yield f"  Held down to {feed.override} by {feed.rulebook}, {feed.instrument}, at {feed.grade}"


def in_a_row(one: Instrument) -> tuple[str, ...]:
    """Give an instrument of people in short; as `summed`."""
    return summed(one, _who(one))


def summed(one: AnyInstrument, who: str) -> tuple[str, ...]:
    """Give an instrument in short: id, method, whom it scores, number of rules, grades, services it opens or closes."""
    services = dict.fromkeys(consequence.service for consequence in one.consequences)
    return one.id, one.method, who, str(len(one.rules)), ", ".join(one.grade_names), ", ".join(services)


def tables(one: Instrument) -> Iterator[Listing]:
    """Give rules, consequences and publicity of an instrument as tables.

    Parameters
    ----------
    one : Instrument
        The instrument.

    Yields
    ------
    Listing
        Those that have rows.
    """
    rules: tuple[InstrumentRule, ...] = one.rules
    if isinstance(one, Featured):
        yield _weights(one)
    rows = tuple((r.id, r.text, r.behaviours, r.by or (), _does(r), _ends(r), status(r)) for r in rules)
    heads = ("Rule", "Text", "Behaviours", "Only from", "What it does", "Ends", "Status")
    yield Listing(f"{one.id}: what is scored", heads, rows)
    if one.consequences:
        yield doors(one)
    shown = tuple(
        (name, "shames" if channel.worth <= 0 else "praises", channel.grades, float(channel.worth), status(channel))
        for name, channel in one.publicity.channels()
    )
    if shown:
        columns = ("Channel", "What it does", "Grades", "Worth, yuan a year", "Status")
        yield Listing(f"{one.id}: what is shown in public", columns, shown)


def scored(one: FirmInstrument | BodyInstrument, effects: Iterable[str]) -> Listing:
    """Give what an instrument of firms or public bodies scores, and what each of its rules does."""
    rules = zip(one.rules, effects, strict=True)
    rows = tuple((rule.id, rule.text, rule.behaviours, rule.by or (), does, status(rule)) for rule, does in rules)
    heads = ("Rule", "Text", "Behaviours", "Only from", "What it does", "Status")
    return Listing(f"{one.id}: what is scored", heads, rows)


def bands(grades: Iterable[Grade]) -> str:
    """Tell grades by name, each with its lowest and highest score."""
    return ", ".join(f"{grade.grade} {grade.lowest.value} to {grade.highest.value}" for grade in grades)


def doors(one: AnyInstrument) -> Listing:
    """Give what an instrument opens and closes."""
    rows = tuple((c.service, c.effect, c.grades, _amount(c.days or c.percent), status(c)) for c in one.consequences)
    return Listing(f"{one.id}: what it opens and closes", ("Service", "Effect", "Grades", "How much", "Status"), rows)


def to_json(book: Rulebook) -> dict[str, object]:
    """Give the whole rulebook as plain data, with its hash."""
    return {"sha256": book.digest(), **book.model_dump(mode="json", by_alias=True)}


def _weights(one: Featured) -> Listing:
    """Give the features of a score, with the points that each gives at most."""
    dimensions = one.dimensions if isinstance(one, Dimensioned) else ()
    dimension = {feature.id: each.id for each in dimensions for feature in each.features}
    rows = tuple(
        (dimension.get(f.id, ""), f.id, f.text, round(float(most), 2), *(end.value for end in f.ends))
        for f, most in one.features
    )
    heads = ("Dimension", "Feature", "Text", "Points at most", "From", "To")
    return Listing(f"{one.id}: what is weighed", heads, rows)


def _repair(repair: Repair) -> str:
    """Tell what can be repaired when, and by which ways."""
    told = []
    for severity in SEVERITIES:
        known = getattr(repair, severity)
        ways = f"after {known.after.value} days by {' or '.join(known.by).replace('_', ' ')}" if known else "never"
        told.append(f"{severity} {ways}")
    if repair.course:
        told.append(f"a course costs {repair.course.costs.value} {repair.course.costs.unit}")
    if repair.good_deeds:
        least, rules = repair.good_deeds.least.value, ", ".join(repair.good_deeds.rules)
        told.append(f"good deeds are {least} records under {rules}")
    clean = ["only for those against whom nothing else stands"] if repair.clean else []
    return "; ".join([*told, *clean, f"decided within {repair.days.value} days"])


def _does(rule: InstrumentRule) -> str:
    parts = [] if isinstance(rule, ListRule) or not rule.points.exact else [f"{float(rule.points.exact):+g} points"]
    if isinstance(rule, FeatureRule):
        begins, ends = rule.ends
        parts.append(f"from {begins.value} to {ends.value} records within {rule.window.value} days")
    if isinstance(rule, Fault):
        parts.append(f"the coefficient times {rule.factor.value}")
    if rule.repeat:
        parts.append(f"up to {rule.repeat.most.value} times if repeated within {rule.repeat.window.value} days")
    if rule.cap:
        parts.append(f"at most {rule.cap.most.value} within {rule.cap.window.value} days")
    if rule.shared:
        parts.append(f"{rule.shared.share.value} of it for each other member of the household")
    if rule.override:
        parts.append(rule.override.grade if isinstance(rule, ListRule) else f"at best {rule.override.grade}")
    if rule.severity:
        parts.append(rule.severity)
    return ", ".join(parts) or "nothing"


def _ends(rule: InstrumentRule) -> str:
    never = "with performance" if isinstance(rule, ListRule) else "never"
    return ", ".join(never if term is None else f"after {term.value} days" for term in rule.terms)


def status(part: Attested) -> str:
    """Give the status of a part, or those of its numbers."""
    if part.status:
        return part.status
    return ", ".join(dict.fromkeys(quantity.status for quantity in part.quantities()))


def _amount(quantity: Quantity | None) -> str:
    return f"{quantity.value} {quantity.unit}" if quantity else ""


def _who(one: Instrument) -> str:
    scope = one.scope
    whom = registered(scope, "migrants too", "not migrants")
    exempt = f", but {' and '.join(scope.exempt)}" if scope.exempt else ""
    who = f"whoever is {scope.requires.replace('_', ' ')}" if scope.requires else "everybody"
    agreeing = f", of whom {float(100 * scope.consent.share.exact):g} % agree" if scope.consent else ""
    return f"{who} from {scope.min_age.value} years, {whom}{exempt}{agreeing}"

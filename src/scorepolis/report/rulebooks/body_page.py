"""What a rulebook says of public bodies, for its page: which are graded, for what, what is asked, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from scorepolis.report.rulebooks.firm_page import MONTHS, Row, followed, table
from scorepolis.rulebooks.schema import BodyRating, FirmListRule

if TYPE_CHECKING:
    from scorepolis.parameters.bodies import Bodies
    from scorepolis.report.rulebooks.grounds import Sources
    from scorepolis.rulebooks import BodyInstrument
    from scorepolis.rulebooks.schema import BodyRule

BODY_METHODS: Final = {"rating": "a rating of public bodies", "list": "a list of public bodies"}
KNOWN: Final = {
    "published": "The rules are published.",
    "partly": "The rules are published in part.",
    "secret": "The rules are secret, so that bodies do not reckon with them.",
}


def body_sections(one: BodyInstrument, sources: Sources, bodies: Bodies) -> Iterator[str]:
    """Write the sections of an instrument of public bodies.

    Parameters
    ----------
    one : BodyInstrument
        The instrument.
    sources : Sources
        Those of the page, to which its own are added.
    bodies : Bodies
        What kinds, behaviours, services and sensors are called.

    Yields
    ------
    str
        Lines of Markdown.
    """
    kinds = [bodies.kinds[name].title for name in one.scope.kinds or bodies.kinds]
    yield from ("### Who is concerned", "", f"{'; '.join(kinds)}. {KNOWN[one.transparency]}")
    yield from (f"Records come from: {', '.join(bodies.sensors[name].title for name in one.reach)}.", "")
    if one.quota:
        yield from ("### What is asked of them", "")
        yield f"{one.quota.value:g} reports on residents, per 1,000 of them and month ({sources.of(one.quota)})."
        yield ""
    yield from ("### What is scored, and what it costs", "")
    heads = ("rule", "for what", "acts of the model", "recorded by", "effect", "rests on")
    yield from table(heads, (_rule(rule, sources, bodies) for rule in one.rules))
    if isinstance(one, BodyRating):
        yield from _grades(one, sources)
    if one.consequences:
        yield from ("### What it opens and closes", "")
        done = (
            (", ".join(c.grades), bodies.services[c.service].title, followed(c), sources.of(c))
            for c in one.consequences
        )
        yield from table(("standing", "service", "what follows", "rests on"), done)
    if one.binds:
        yield from ("### Whom it binds besides", "")
        for binding in one.binds:
            place = f"{binding.rulebook}, {binding.instrument}"
            yield f"- The official at the head of a body at {binding.grade} stands as listed under {place}, if that is"
            yield f"  in force, for as long ({sources.of(binding)})."
        yield ""
    yield from ("### How one gets out", "", *_out(one), "")


def effect(rule: BodyRule | FirmListRule) -> str:
    """Say what a record does under a rule."""
    if isinstance(rule, FirmListRule):
        return f"listed for {rule.term.value:g} months" if rule.term else "listed until a month without such a record"
    told = [f"{float(rule.points.exact):+g} points"] if rule.points.exact else []
    if rule.assign:
        told.append(f"{rule.assign} at once, and no better in the year's rating")
    return "; ".join(told)


def _rule(rule: BodyRule | FirmListRule, sources: Sources, bodies: Bodies) -> Row:
    by = ", ".join(bodies.sensors[name].title for name in rule.by) if rule.by else "any of those above"
    acts = ", ".join(bodies.titles[name].lower() for name in rule.behaviours)
    return rule.id, rule.text, acts, by, effect(rule), sources.of(rule)


def _grades(one: BodyRating, sources: Sources) -> Iterator[str]:
    yield from ("### Grades", "")
    begins = f"{one.start.value:g} points"
    if one.month:
        given = f"Grades are given at the end of {MONTHS[int(one.month.exact) - 1]} ({sources.of(one.month)})"
        yield f"{given}; a year begins with {begins} ({sources.of(one.start)})."
    else:
        yield f"No grade is given by the year; {begins} give the first ({sources.of(one.start)})."
    yield ""
    rows = ((g.grade, f"{g.lowest.value:g}", f"{g.highest.value:g}", sources.of(g)) for g in reversed(one.grades))
    yield from table(("grade", "from", "to", "rests on"), rows)


def _out(one: BodyInstrument) -> Iterator[str]:
    if isinstance(one, BodyRating):
        if one.month:
            yield "- Each rating year begins anew."
    else:
        lasting = [rule.id for rule in one.rules if rule.term is None]
        if lasting:
            yield f"- A month without such a record ends it: {', '.join(lasting)}."
        if len(lasting) < len(one.rules):
            yield "- The others end with their term."
    yield "- No way to contest an entry is written in this book."

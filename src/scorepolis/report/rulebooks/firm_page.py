"""What a rulebook says of firms, for its page: who is rated, for what, who comes to look, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from scorepolis.rulebooks.schema import FirmListRule, FirmRule, Rating

if TYPE_CHECKING:
    from scorepolis.core.provenance import Quantity
    from scorepolis.parameters.firms import Firms
    from scorepolis.report.rulebooks.grounds import Sources
    from scorepolis.rulebooks import Consequence, FirmInstrument

FIRM_METHODS: Final = {"rating": "a rating of firms", "list": "a list of firms"}
KNOWN: Final = {
    "published": "The rules are published.",
    "partly": "The rules are published in part.",
    "secret": "The rules are secret, so that firms do not reckon with them.",
}
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

Row = tuple[object, ...]


def firm_sections(one: FirmInstrument, sources: Sources, firms: Firms) -> Iterator[str]:
    """Write the sections of an instrument of firms.

    Parameters
    ----------
    one : FirmInstrument
        The instrument.
    sources : Sources
        Those of the page, to which its own are added.
    firms : Firms
        What sizes, sectors, behaviours, services and sensors are called.

    Yields
    ------
    str
        Lines of Markdown.
    """
    sizes = [firms.sizes[name].title.lower() for name in one.scope.sizes] or ["all sizes"]
    sectors = [firms.sectors[name].title.lower() for name in one.scope.sectors] or ["all sectors"]
    yield from (
        "### Who is concerned",
        "",
        f"Firms of {', '.join(sizes)}; {', '.join(sectors)}. {KNOWN[one.transparency]}",
    )
    yield from (f"Records come from: {', '.join(firms.sensors[name].title for name in one.reach)}.", "")
    yield from ("### What is scored, and what it costs", "")
    heads = ("rule", "for what", "acts of the model", "recorded by", "effect", "rests on")
    yield from table(heads, (_rule(rule, sources, firms) for rule in one.rules))
    if isinstance(one, Rating):
        yield from _grades(one, sources)
    if one.inspections:
        yield from ("### Who comes to look", "")
        rows = (
            (
                ", ".join(i.grades),
                firms.sensors[i.sensor].title,
                f"{100 * i.share.value:g} percent a month",
                sources.of(i),
            )
            for i in one.inspections
        )
        yield from table(("standing", "inspected by", "how many", "rests on"), rows)
    if one.consequences:
        yield from ("### What it opens and closes", "")
        done = (
            (", ".join(c.grades), firms.services[c.service].title, followed(c), sources.of(c)) for c in one.consequences
        )
        yield from table(("standing", "service", "what follows", "rests on"), done)
    if one.publicity:
        shown = one.publicity
        yield from ("### What is shown in public", "")
        lost = f"{100 * shown.custom.value:g} percent of its earnings"
        yield f"Firms at {' or '.join(shown.grades)} are shown, which costs each {lost} ({sources.of(shown)})."
        yield ""
    if one.binds:
        yield from ("### Whom it binds besides", "")
        for binding in one.binds:
            place = f"{binding.rulebook}, {binding.instrument}"
            yield f"- The legal representative of a firm at {binding.grade} stands as listed under {place}, if that is"
            yield f"  in force, for as long ({sources.of(binding)})."
        yield ""
    yield from ("### How one gets out", "", *_out(one, sources), "")


def followed(consequence: Consequence) -> str:
    """Say what a consequence does to an application."""
    quantity = consequence.days or consequence.percent
    amount = f"{quantity.value:g}" if quantity else ""
    return {
        "deny": "refused",
        "delay": f"{amount} days later",
        "surcharge": f"{amount} percent dearer",
        "discount": f"{amount} percent cheaper",
        "priority": "first in line",
    }[consequence.effect]


def table(heads: Row, rows: Iterable[Row]) -> Iterator[str]:
    """Write a table in Markdown."""
    for row in (heads, ("---",) * len(heads), *rows):
        yield f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |"
    yield ""


def _rule(rule: FirmRule | FirmListRule, sources: Sources, firms: Firms) -> Row:
    by = ", ".join(firms.sensors[name].title for name in rule.by) if rule.by else "any of those above"
    acts = ", ".join(firms.behaviours[name].title.lower() for name in rule.behaviours)
    return rule.id, rule.text, acts, by, effect(rule), sources.of(rule)


def effect(rule: FirmRule | FirmListRule) -> str:
    """Say what a record does under a rule."""
    if isinstance(rule, FirmListRule):
        return f"listed for {_of(rule.term)} months" if rule.term else "listed until performance"
    told = [f"{float(rule.points.exact):+g} points"] if rule.points.exact else []
    if rule.assign:
        told.append(f"{rule.assign} at once, and no better in the year's rating")
    if rule.lift:
        share = f"{100 * rule.lift.share.value:g} percent of them"
        told.append(f"from {rule.lift.from_} to {rule.lift.to} at once, {share}")
    return "; ".join(told)


def _grades(one: Rating, sources: Sources) -> Iterator[str]:
    yield from ("### Grades", "")
    if one.month:
        given = f"Grades are given at the end of {MONTHS[int(one.month.exact) - 1]} ({sources.of(one.month)})"
        yield f"{given}; a year begins with {_of(one.start)} points ({sources.of(one.start)})."
    else:
        yield f"No grade is given by the year; {_of(one.start)} points give the first ({sources.of(one.start)})."
    yield ""
    rows: list[Row] = [(g.grade, _of(g.lowest), _of(g.highest), sources.of(g)) for g in reversed(one.grades)]
    if one.newcomers:
        instead = f"{one.newcomers.instead_of} or better, of newcomers"
        rows.append((one.newcomers.grade, instead, "", sources.of(one.newcomers)))
    yield from table(("grade", "from", "to", "rests on"), rows)


def _out(one: FirmInstrument, sources: Sources) -> Iterator[str]:
    if isinstance(one, Rating):
        if one.month:
            yield "- Each rating year begins anew."
        lifts = [rule.id for rule in one.rules if rule.lift]
        if lifts:
            yield f"- Some are lifted before: {', '.join(lifts)}."
    else:
        lasting = [rule.id for rule in one.rules if rule.term is None]
        if lasting:
            yield f"- Performing the judgment ends it: {', '.join(lasting)}."
        if len(lasting) < len(one.rules):
            yield f"- {'The others' if lasting else 'Listings'} end with their term."
        soon = ", ".join(f"{rule.id} after {in_months(rule.least)}" for rule in one.rules if rule.least)
        if one.repair and soon:
            share = f"{100 * one.repair.value:g} percent of those who may ask are let off each month"
            yield f"- Before that a firm may ask for repair, {soon}: {share} ({sources.of(one.repair)})."
    if one.appeal and one.notice:
        yield f"- Firms are told of entries. An appeal is decided within {in_months(one.appeal.months)}"
        upheld = [(one.appeal.upheld_wrong, "of those who had not done it"), (one.appeal.upheld_other, "of the others")]
        told = " and ".join(f"{100 * share.value:g} percent {who} ({sources.of(share)})" for share, who in upheld)
        yield f"  ({sources.of(one.appeal.months)}); it is upheld for {told}."
    else:
        yield f"- Firms are {'told of entries' if one.notice else 'not told of entries'}."
        yield "- No way to contest an entry is written in this book."


def in_months(quantity: Quantity) -> str:
    """Say how many months."""
    return f"{_of(quantity)} month{'' if quantity.exact == 1 else 's'}"


def _of(quantity: Quantity | None) -> str:
    return f"{quantity.value:g}" if quantity else ""

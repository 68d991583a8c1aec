"""What must fit together in the instruments of firms that a rulebook has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from scorepolis.parameters import Parameters
from scorepolis.rulebooks.checking import (
    FURTHEST_SCORE,
    MOST_RULES,
    Fault,
    Where,
    attested,
    bands,
    consequences,
    held,
    known,
    owned,
    share_of_one,
    unique,
    unknown,
    whole,
)
from scorepolis.rulebooks.schema import Binding, FirmInstrument, FirmListing, Instrument, Listing, Rating, Rulebook

LONGEST_LISTING: Final = 254
"""Months, which a byte holds beside that of a listing without term."""


def firm_faults(path: Where, firm: FirmInstrument, rulebook: Rulebook, parameters: Parameters) -> Iterator[Fault]:
    """Check an instrument of firms."""
    firms = parameters.firms
    yield from known((*path, "scope", "sizes"), firm.scope.sizes, firms.sizes, "size")
    yield from known((*path, "scope", "sectors"), firm.scope.sectors, firms.sectors, "sector")
    yield from known((*path, "reach"), firm.reach, firms.sensors, "sensor of firms")
    if isinstance(firm, FirmListing):
        for r, entry in enumerate(firm.rules):
            if entry.term is not None:
                here = (*path, "rules", r, "term")
                yield from whole(here, entry.term, f"the term of rule {entry.id}", 1, LONGEST_LISTING)
    else:
        yield from _rating(path, firm)
    yield from _firm_rules(path, firm, parameters)
    seen: set[tuple[str, str]] = set()
    for n, inspection in enumerate(firm.inspections):
        here = (*path, "inspections", n)
        yield from unknown((*here, "sensor"), "inspecting sensor", inspection.sensor, firms.inspecting)
        yield from known((*here, "grades"), inspection.grades, firm.grade_names, "grade")
        yield from share_of_one((*here, "share"), inspection.share, "the share inspected")
        yield from attested(here, inspection, f"the inspections by {inspection.sensor}")
        for g, grade in enumerate(inspection.grades):
            if (inspection.sensor, grade) in seen:
                message = f"inspections by {inspection.sensor} at grade {grade} stand twice"
                yield Fault((*here, "grades", g), message, "each sensor once per grade")
            seen.add((inspection.sensor, grade))
    yield from consequences(path, firm, firms.services)
    yield from _process(path, firm)
    for n, binding in enumerate(firm.binds):
        here = (*path, "binds", n)
        yield from unknown((*here, "grade"), "grade", binding.grade, firm.grade_names)
        if binding.grade == firm.grade_names[-1]:
            yield Fault((*here, "grade"), "the representatives of all firms are bound", "a lower grade")
        yield from attested(here, binding, f"the binding to {binding.rulebook}")
        if binding.rulebook == rulebook.name:  # another book need not be in the run
            yield from _bound(here, binding, rulebook.instruments)


def _process(path: Where, firm: FirmInstrument) -> Iterator[Fault]:
    """Check notice, appeal, publicity and repair."""
    if firm.appeal is not None:
        here = (*path, "appeal")
        yield from whole((*here, "months"), firm.appeal.months, "the months of an appeal", 1, LONGEST_LISTING)
        yield from share_of_one((*here, "upheld_wrong"), firm.appeal.upheld_wrong, "upheld_wrong")
        yield from share_of_one((*here, "upheld_other"), firm.appeal.upheld_other, "upheld_other")
    if firm.publicity is not None:
        here = (*path, "publicity")
        yield from known((*here, "grades"), firm.publicity.grades, firm.grade_names, "grade")
        yield from share_of_one((*here, "custom"), firm.publicity.custom, "the custom lost")
        yield from attested(here, firm.publicity, "publicity")
    if isinstance(firm, FirmListing):
        least = [rule.least for rule in firm.rules if rule.least is not None]
        if firm.repair is not None:
            yield from share_of_one((*path, "repair"), firm.repair, "the share let off")
            if not least:
                message = "nobody may ask for repair"
                yield Fault((*path, "repair"), message, "`least` of a rule: months from which on one may")
        for r, rule in enumerate(firm.rules):
            if rule.least is None:
                continue
            here = (*path, "rules", r, "least")
            if firm.repair is None:
                yield Fault(here, f"rule {rule.id} has `least`, and the list knows no repair", "`repair` of the list")
            longest = int(rule.term.exact) - 1 if rule.term else 0
            if longest < 1:
                yield Fault(here, f"rule {rule.id} has `least` and no term that is longer", "a longer `term`")
            else:
                yield from whole(here, rule.least, f"the least months of rule {rule.id}", 1, longest)


def _bound(path: Where, binding: Binding, instruments: Iterable[Instrument]) -> Iterator[Fault]:
    """Find what a binding names that is no list of people in its book."""
    lists = [instrument.id for instrument in instruments if isinstance(instrument, Listing)]
    yield from unknown((*path, "instrument"), "list of people", binding.instrument, lists)


def _rating(path: Where, firm: Rating) -> Iterator[Fault]:
    yield from bands(path, firm)
    if firm.month is not None:
        yield from whole((*path, "month"), firm.month, "the month of the rating", 1, 12)
    if firm.newcomers is not None:
        here, banded = (*path, "newcomers"), [grade.grade for grade in firm.grades]
        yield from unknown((*here, "instead_of"), "grade", firm.newcomers.instead_of, banded)
        if firm.newcomers.grade in banded:
            message = f"the newcomers' grade {firm.newcomers.grade} has a band"
            yield Fault((*here, "grade"), message, "a grade of their own")
        yield from attested(here, firm.newcomers, "the newcomers' grade")
    for r, rule in enumerate(firm.rules):
        here = (*path, "rules", r)
        yield from whole(
            (*here, "points"), rule.points, f"the points of rule {rule.id}", -FURTHEST_SCORE, FURTHEST_SCORE
        )
        if rule.points.exact and firm.month is None:
            yield Fault((*here, "points"), f"rule {rule.id} has points and there is no rating of the year", "0")
        elif rule.points.exact == 0 and rule.assign is None and rule.lift is None:
            yield Fault((*here, "points"), f"rule {rule.id} has no effect", "points other than 0, `assign` or `lift`")
        if rule.assign is not None:
            yield from held(here, "assign", rule.assign, firm.grade_names, "an assignment")
        if rule.lift is not None:
            for key, grade in (("from", rule.lift.from_), ("to", rule.lift.to)):
                yield from unknown((*here, "lift", key), "grade", grade, firm.grade_names)
            yield from share_of_one((*here, "lift", "share"), rule.lift.share, "the share lifted")
            order = firm.grade_names
            if {rule.lift.from_, rule.lift.to} <= set(order) and order.index(rule.lift.from_) >= order.index(
                rule.lift.to
            ):
                yield Fault((*here, "lift", "to"), f"rule {rule.id} lifts nobody", "a grade above `from`")


def _firm_rules(path: Where, firm: FirmInstrument, parameters: Parameters) -> Iterator[Fault]:
    yield from unique([((*path, "rules", r, "id"), rule.id) for r, rule in enumerate(firm.rules)], "rule")
    if len(firm.rules) > MOST_RULES:
        yield Fault((*path, "rules"), f"{len(firm.rules)} rules", f"at most {MOST_RULES}")
    owner: dict[tuple[str, str], str] = {}
    for r, rule in enumerate(firm.rules):
        here = (*path, "rules", r)
        for n, behaviour in enumerate(rule.behaviours):
            where = (*here, "behaviours", n)
            every = parameters.firms.behaviours
            yield from unknown(where, "behaviour of firms", behaviour, every, f"rule {rule.id} on an ")
            yield from owned(where, rule, behaviour, owner)
        if rule.by is not None:
            yield from known((*here, "by"), rule.by, firm.reach, "sensor within reach")
        yield from attested(here, rule, f"rule {rule.id}")

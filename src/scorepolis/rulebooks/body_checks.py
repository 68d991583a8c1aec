"""What must fit together in the instruments of public bodies that a rulebook has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scorepolis.parameters import Parameters
from scorepolis.parameters.bodies import BEHAVIOURS
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
    unique,
    unknown,
    whole,
)
from scorepolis.rulebooks.firm_checks import LONGEST_LISTING
from scorepolis.rulebooks.schema import BodyInstrument, BodyListing, BodyRating, Listing, Rulebook

FINEST: Final = 10_000
"""Parts of a report that a quota may tell: products stay within 63 bits."""
MOST_REPORTS: Final = 1000
"""Of each thousand residents and month; beyond it targets would leave 63 bits."""


def body_faults(path: Where, body: BodyInstrument, rulebook: Rulebook, parameters: Parameters) -> Iterator[Fault]:
    """Check an instrument of public bodies."""
    bodies = parameters.bodies
    if body.id in {one.id for one in (*rulebook.instruments, *rulebook.firms)}:
        message = f"an instrument of people or firms has the id '{body.id}' too"
        yield Fault((*path, "id"), message, "a different id for each instrument")
    yield from known((*path, "scope", "kinds"), body.scope.kinds, bodies.kinds, "kind of public body")
    yield from known((*path, "reach"), body.reach, bodies.sensors, "sensor of public bodies")
    if body.quota is not None:
        yield from _quota((*path, "quota"), body, rulebook, parameters)
    if isinstance(body, BodyListing):
        for r, entry in enumerate(body.rules):
            if entry.term is not None:
                here = (*path, "rules", r, "term")
                yield from whole(here, entry.term, f"the term of rule {entry.id}", 1, LONGEST_LISTING)
    else:
        yield from _rating(path, body)
    yield from _rules(path, body)
    yield from consequences(path, body, bodies.services)
    for n, binding in enumerate(body.binds):
        here = (*path, "binds", n)
        yield from unknown((*here, "grade"), "grade", binding.grade, body.grade_names)
        if binding.grade == body.grade_names[-1]:
            yield Fault((*here, "grade"), "the heads of all bodies are bound", "a lower grade")
        yield from attested(here, binding, f"the binding to {binding.rulebook}")
        if binding.rulebook == rulebook.name:  # another book need not be in the run
            lists = [one.id for one in rulebook.instruments if isinstance(one, Listing)]
            yield from unknown((*here, "instrument"), "list of people", binding.instrument, lists)


def _quota(path: Where, body: BodyInstrument, rulebook: Rulebook, parameters: Parameters) -> Iterator[Fault]:
    bodies, quota = parameters.bodies, body.quota
    if quota is not None and not 0 <= quota.exact <= MOST_REPORTS:
        message = f"{quota.value} reports per 1,000 residents and month"
        yield Fault((*path, "value"), message, f"a number from 0 to {MOST_REPORTS}")
    elif quota is not None and FINEST % quota.exact.denominator:
        yield Fault((*path, "value"), f"{quota.value} reports", "a number with at most four decimals")
    near = [name for name, kind in bodies.kinds.items() if kind.place == "neighbourhood"]
    if not set(near) & set(body.scope.kinds or bodies.kinds):
        yield Fault(path, "a quota for bodies that have no residents", f"{' or '.join(near)} within the scope")
    if bodies.reports_by not in rulebook.employs and not parameters.sensors[bodies.reports_by].ordinary:
        message = f"a quota of reports by {bodies.reports_by}, which the rulebook does not employ"
        yield Fault(path, message, f"'{bodies.reports_by}' under employs")


def _rating(path: Where, body: BodyRating) -> Iterator[Fault]:
    yield from bands(path, body)
    if body.month is not None:
        yield from whole((*path, "month"), body.month, "the month of the rating", 1, 12)
    for r, rule in enumerate(body.rules):
        here = (*path, "rules", r)
        what = f"the points of rule {rule.id}"
        yield from whole((*here, "points"), rule.points, what, -FURTHEST_SCORE, FURTHEST_SCORE)
        if rule.points.exact and body.month is None:
            yield Fault((*here, "points"), f"rule {rule.id} has points and there is no rating of the year", "0")
        elif rule.points.exact == 0 and rule.assign is None:
            yield Fault((*here, "points"), f"rule {rule.id} has no effect", "points other than 0, or `assign`")
        if rule.assign is not None:
            yield from held(here, "assign", rule.assign, body.grade_names, "an assignment")


def _rules(path: Where, body: BodyInstrument) -> Iterator[Fault]:
    yield from unique([((*path, "rules", r, "id"), rule.id) for r, rule in enumerate(body.rules)], "rule")
    if len(body.rules) > MOST_RULES:
        yield Fault((*path, "rules"), f"{len(body.rules)} rules", f"at most {MOST_RULES}")
    owner: dict[tuple[str, str], str] = {}
    for r, rule in enumerate(body.rules):
        here = (*path, "rules", r)
        for n, behaviour in enumerate(rule.behaviours):
            where = (*here, "behaviours", n)
            what = "behaviour of public bodies"
            yield from unknown(where, what, behaviour, BEHAVIOURS, f"rule {rule.id} on an ")
            yield from owned(where, rule, behaviour, owner)
        if rule.by is not None:
            yield from known((*here, "by"), rule.by, body.reach, "sensor within reach")
        yield from attested(here, rule, f"rule {rule.id}")

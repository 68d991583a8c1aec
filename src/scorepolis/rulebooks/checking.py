"""A fault in a rulebook, and what is checked of all instruments, be they of people, firms or public bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from scorepolis.core.errors import nearest
from scorepolis.core.provenance import Quantity
from scorepolis.rulebooks.schema import (
    AnyFirmRule,
    AnyRule,
    Attested,
    BodyInstrument,
    BodyRating,
    BonusMalus,
    Consequence,
    FirmInstrument,
    Graded,
    Instrument,
    Points,
    Rating,
)

Where = tuple[str | int, ...]

# Widths of the engine's state: a byte for the rule and 16 bits for the points of an agenda entry.
MOST_RULES: Final = 256
MOST_GRADES: Final = 16
FURTHEST_SCORE: Final = 30_000
LONGEST_TERM: Final = 36_500


class Fault(NamedTuple):
    """Something that does not fit, where it stands, and what was expected."""

    path: Where
    message: str
    expected: str | None = None
    nearest: str | None = None


def held(path: Where, key: str, grade: str, grades: tuple[str, ...], what: str) -> Iterator[Fault]:
    """Yield a fault if a grade to which something holds people down is none, or the best."""
    yield from unknown((*path, key), "grade", grade, grades)
    if grade == grades[-1]:
        yield Fault((*path, key), f"{what} to {grade} holds nobody down", "a lower grade")


def bands(path: Where, instrument: Graded | Rating | BodyRating) -> Iterator[Fault]:
    """Yield faults of a start, a range and bands of grades that do not fit together."""
    bounds = ("lowest", "highest")
    numbers = (
        [((*path, "start"), instrument.start, "a start")]
        if isinstance(instrument, Points | BonusMalus | Rating | BodyRating)
        else []
    )
    numbers += [((*path, "range", bound), getattr(instrument.range, bound), "a bound of the range") for bound in bounds]
    for g, grade in enumerate(instrument.grades):
        numbers += [((*path, "grades", g, bound), getattr(grade, bound), "a bound of a grade") for bound in bounds]
    broken = [
        fault
        for where, quantity, what in numbers
        for fault in whole(where, quantity, what, -FURTHEST_SCORE, FURTHEST_SCORE)
    ]
    if broken:
        yield from broken
        return
    lowest, highest = int(instrument.range.lowest.exact), int(instrument.range.highest.exact)
    if (
        isinstance(instrument, Points | BonusMalus | Rating | BodyRating)
        and not lowest <= instrument.start.exact <= highest
    ):
        message = f"the start {instrument.start.value} lies outside the range"
        yield Fault((*path, "start"), message, f"a score from {lowest} to {highest}")
    if len(instrument.grades) > MOST_GRADES:
        yield Fault((*path, "grades"), f"{len(instrument.grades)} grades", f"at most {MOST_GRADES}")
    yield from unique(
        [((*path, "grades", g, "grade"), grade.grade) for g, grade in enumerate(instrument.grades)], "grade"
    )
    below: str | None = None
    due = lowest
    for g, grade in enumerate(instrument.grades):
        low, high = int(grade.lowest.exact), int(grade.highest.exact)
        where, begins = (*path, "grades", g, "lowest"), f"{grade.grade} begins at {low}"
        if low != due and below is None:
            yield Fault(where, f"the bands do not cover the range: {begins}", f"{lowest}, the lowest score")
        elif low < due:
            yield Fault(where, f"the bands of {below} and {grade.grade} overlap: {begins}", f"{due}")
        elif low > due:
            yield Fault(where, f"a gap between the bands of {below} and {grade.grade}: {begins}", f"{due}")
        if high < low:
            where = (*path, "grades", g, "highest")
            yield Fault(where, f"the band of {grade.grade} ends before it begins", f"{low} or more")
        below, due = grade.grade, high + 1
    if due != highest + 1:
        last = len(instrument.grades) - 1
        yield Fault(
            (*path, "grades", last, "highest"),
            f"the bands do not cover the range: {below} ends at {due - 1}",
            f"{highest}, the highest score",
        )


def consequences(
    path: Where, instrument: Instrument | FirmInstrument | BodyInstrument, services: Iterable[str]
) -> Iterator[Fault]:
    """Yield faults of what an instrument does to services."""
    seen: set[tuple[str, str, str]] = set()
    for c, consequence in enumerate(instrument.consequences):
        here = (*path, "consequences", c)
        yield from unknown((*here, "service"), "service", consequence.service, services)
        yield from known((*here, "grades"), consequence.grades, instrument.grade_names, "grade")
        yield from _amounts(here, consequence)
        yield from attested(here, consequence, f"the consequence for {consequence.service}")
        for n, grade in enumerate(consequence.grades):
            if (consequence.service, consequence.effect, grade) in seen:
                message = f"{consequence.effect} of {consequence.service} at grade {grade} stands twice"
                yield Fault((*here, "grades", n), message, "each effect on a service once per grade")
            seen.add((consequence.service, consequence.effect, grade))


def _amounts(path: Where, consequence: Consequence) -> Iterator[Fault]:
    effect = consequence.effect
    most = 100 if effect == "discount" else 1000
    for key, effects, highest in (("days", ("delay",), LONGEST_TERM), ("percent", ("surcharge", "discount"), most)):
        quantity: Quantity | None = getattr(consequence, key)
        if effect in effects and quantity is None:
            yield Fault(path, f"a {effect} of {consequence.service} without {key}", f"{key}: a quantity")
        elif effect not in effects and quantity is not None:
            yield Fault((*path, key), f"a {effect} has no {key}", f"{key} only with {' or '.join(effects)}")
        elif quantity is not None:
            yield from whole((*path, key), quantity, f"the {key} of a {effect}", 1, highest)


def attested(path: Where, part: Attested, what: str) -> Iterator[Fault]:
    """Yield a fault if a part does not say where it comes from, as its status asks."""
    if part.status is None:
        if not any(part.quantities()):
            yield Fault(path, f"{what} does not say where it comes from", "status with source or reason")
        elif part.source or part.reason:
            yield Fault(path, f"{what} has a source or reason but no status", "documented, reported or assumed")
    elif part.status == "assumed" and part.reason is None:
        yield Fault((*path, "status"), f"{what} is assumed without a reason", "reason: why this was assumed")
    elif part.status != "assumed" and part.source is None:
        yield Fault((*path, "status"), f"{what} is {part.status} without a source", "source: the text it rests on")


def whole(path: Where, quantity: Quantity, what: str, lowest: int, highest: int) -> Iterator[Fault]:
    """Yield a fault if a quantity is no whole number within bounds."""
    exact = quantity.exact
    if exact.denominator != 1 or not lowest <= exact <= highest:
        yield Fault((*path, "value"), f"{quantity.value} for {what}", f"a whole number from {lowest} to {highest}")


def positive(path: Where, quantity: Quantity, what: str) -> Iterator[Fault]:
    """Yield a fault if a quantity is not above 0."""
    if quantity.exact <= 0:
        yield Fault((*path, "value"), f"{quantity.value} for {what}", "a number above 0")


def share_of_one(path: Where, quantity: Quantity, what: str) -> Iterator[Fault]:
    """Yield a fault if a quantity is no share."""
    if not 0 <= quantity.exact <= 1:
        yield Fault((*path, "value"), f"{quantity.value} for {what}", "a share from 0 to 1")


def known(path: Where, names: Iterable[str], known: Iterable[str], kind: str) -> Iterator[Fault]:
    """Yield a fault for each name that is not among those known, or stands twice."""
    seen: set[str] = set()
    for n, name in enumerate(names):
        yield from unknown((*path, n), kind, name, known)
        if name in seen:
            yield Fault((*path, n), f"{kind} '{name}' stands twice", f"each {kind} once")
        seen.add(name)


def unknown(path: Where, kind: str, name: str, known: Iterable[str], prefix: str = "") -> Iterator[Fault]:
    """Yield a fault if a name is not among those known."""
    if name not in known:
        every = tuple(known)
        expected = f"one of {', '.join(every)}" if every else f"nothing: there is no {kind} to name"
        yield Fault(path, f"{prefix}unknown {kind} '{name}'", expected, nearest(name, every))


def unique(named: Iterable[tuple[Where, str]], kind: str) -> Iterator[Fault]:
    """Yield a fault for each id that stands twice."""
    seen: set[str] = set()
    for path, name in named:
        if name in seen:
            yield Fault(path, f"two {kind}s have the id '{name}'", f"a different id for each {kind}")
        seen.add(name)


def owned(
    where: Where, rule: AnyRule | AnyFirmRule, behaviour: str, owner: dict[tuple[str, str], str]
) -> Iterator[Fault]:
    """Yield a fault for each sensor whose records of a behaviour have a rule already, and note whose they are now."""
    for sensor in rule.by or ("",):
        if (behaviour, sensor) in owner:
            by = f" by the sensor '{sensor}'" if sensor else ""
            message = f"'{behaviour}'{by} stands in rule {owner[behaviour, sensor]} and again in rule {rule.id}"
            yield Fault(where, message, "one rule of an instrument for each behaviour")
        owner.setdefault((behaviour, sensor), rule.id)

"""Each rule and each knob of a rulebook, and the measure that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from tests.ablation.fixtures import ASSUMED, points

from scorepolis.core.provenance import Quantity
from scorepolis.rulebooks import Instrument, Rule, Rulebook

SHOWS = {
    "deny": "refused_by_service",
    "delay": "delayed",
    "surcharge": "dearer",
    "discount": "cheaper",
    "priority": "first_in_line",
}


class Knob(NamedTuple):
    """One change of a rulebook, and the measure that it moves: for everybody, or `at` some place."""

    name: str
    book: Rulebook
    measure: str
    at: dict[str, str]

    @property
    def fixture(self) -> str:
        """Where it shows: what counts repeated records needs people of habit."""
        habit = {"repeat", "cap", "override"} & set(self.name.split("."))
        return f"{self.book.name}, by habit" if habit else self.book.name


def knobs(book: Rulebook) -> Iterator[Knob]:
    """Turn every knob of a rulebook, one at a time."""
    whole, knob = book.instruments[0], partial(_knob, book)
    yield from _scope(whole, knob)
    yield from _scale(whole, knob)
    yield from _sensors(book, whole)
    for n, rule in enumerate(whole.rules):
        yield knob(f"rules.{rule.id}", _effect(rule), rules=_without(whole.rules, n))
        for name, measure, changed in _rule(rule):
            yield knob(f"rules.{rule.id}.{name}", measure, rules=_with(whole.rules, n, changed))
    yield from _consequences(whole, knob)
    yield from _publicity(whole, knob)


def _knob(book: Rulebook, name: str, measure: str, at: dict[str, str] | None = None, **changes: object) -> Knob:
    return Knob(name, points(book, **changes), measure, at or {})


def _scope(i: Instrument, knob: Callable[..., Knob]) -> Iterator[Knob]:
    yield knob("scope.min_age", "penalties", scope=i.scope.with_(min_age=_set(i.scope.min_age, 50)))
    yield knob("scope.migrants", "penalties", {"group": "migrant"}, scope=i.scope.with_(migrants=not i.scope.migrants))
    for transparency in ("published", "partly", "secret"):
        if transparency != i.transparency:
            yield knob(f"transparency.{transparency}", "deterred", transparency=transparency)
    # Where everybody knows from the start there is nothing to notify of, so this knob is turned in secrecy.
    yield knob("notice", "aware", transparency="secret", notice=not i.notice)


def _scale(i: Instrument, knob: Callable[..., Knob]) -> Iterator[Knob]:
    yield knob("start", "score", start=_set(i.start, int(i.start.value) - 5))
    first, last = i.grades[0], i.grades[-1]
    higher = _set(i.range.lowest, (int(first.lowest.value) + int(first.highest.value)) // 2)
    nearer = _set(i.range.highest, int(last.lowest.value) + 1)
    grades = _with(i.grades, 0, first.with_(lowest=higher))
    yield knob("range.lowest", "deterred", range=i.range.with_(lowest=higher), grades=grades)
    grades = _with(i.grades, len(i.grades) - 1, last.with_(highest=nearer))
    yield knob("range.highest", "score", range=i.range.with_(highest=nearer), grades=grades)
    for n, (below, above) in enumerate(zip(i.grades, i.grades[1:], strict=False)):
        border = _moved(below.highest)
        grades = _with(i.grades, n, below.with_(highest=border))
        grades = _with(grades, n + 1, above.with_(lowest=_set(above.lowest, int(border.value) + 1)))
        # Few stand near the lowest border, but everybody dreads it.
        yield knob(f"grades.{below.grade}.highest", "grade_share" if n else "deterred", grades=grades)


def _sensors(book: Rulebook, i: Instrument) -> Iterator[Knob]:
    for name in i.reach:
        rest = tuple(other for other in i.reach if other != name)
        unreached = points(book, reach=rest)
        yield Knob(f"reach.{name}", unreached, "points_gained" if name == "self_report" else "points_lost", {})
        if name in book.employs:
            employed = tuple(other for other in book.employs if other != name)
            yield Knob(f"employs.{name}", unreached.with_(employs=employed), "recall", {"sensor": name})


def _effect(rule: Rule) -> str:
    return "rewards" if rule.points.value > 0 else "penalties"


def _rule(rule: Rule) -> Iterator[tuple[str, str, Rule]]:
    flow = "points_gained" if rule.points.value > 0 else "points_lost"
    yield "points", flow, rule.with_(points=_moved(rule.points))
    if rule.points.value:
        yield "expires", "score", rule.with_(expires=_moved(rule.expires) if rule.expires else _days(30))
    for name, measure in {"repeat": flow, "cap": flow, "override": "grade_share"}.items():
        part = getattr(rule, name)
        if part is None:
            continue
        if rule.points.value:
            yield name, measure, rule.with_(**{name: None})
        for field in type(part).model_fields:
            if isinstance(quantity := getattr(part, field), Quantity):
                yield f"{name}.{field}", measure, rule.with_(**{name: part.with_(**{field: _moved(quantity)})})


def _consequences(i: Instrument, knob: Callable[..., Knob]) -> Iterator[Knob]:
    for n, one in enumerate(i.consequences):
        name = f"consequences.{one.effect} {one.service} {'-'.join(one.grades)}"
        at = {"service": one.service} if one.effect == "deny" else {}
        yield knob(name, SHOWS[one.effect], at, consequences=_without(i.consequences, n))
        for field in ("days", "percent"):
            if (amount := getattr(one, field)) is not None:
                changed = one.with_(**{field: _moved(amount)})
                yield knob(f"{name}.{field}", "hardship", consequences=_with(i.consequences, n, changed))


def _publicity(i: Instrument, knob: Callable[..., Knob]) -> Iterator[Knob]:
    publicity, billboard, gallery = i.publicity, i.publicity.billboard, i.publicity.gallery
    if billboard:
        yield knob("billboard", "ever_shown", publicity=publicity.with_(billboard=None))
        changed = billboard.with_(price_of_shame=_moved(billboard.price_of_shame))
        yield knob("billboard.price_of_shame", "deterred", publicity=publicity.with_(billboard=changed))
    if gallery:
        yield knob("gallery", "opinion", publicity=publicity.with_(gallery=None))
        praised = gallery.with_(praise=_moved(gallery.praise))
        yield knob("gallery.praise", "for_points", publicity=publicity.with_(gallery=praised))


def _with(items: tuple[Any, ...], n: int, item: object) -> tuple[Any, ...]:
    return (*items[:n], item, *items[n + 1 :])


def _without(items: tuple[Any, ...], n: int) -> tuple[Any, ...]:
    return (*items[:n], *items[n + 1 :])


def _set(quantity: Quantity, value: int) -> Quantity:
    return Quantity(value=value, unit=quantity.unit, range=(value, value), **ASSUMED)


def _moved(quantity: Quantity) -> Quantity:
    """The end of the range that is farther away, but not 0; twice the value where the range leaves no choice."""
    lowest, highest = quantity.range
    far = lowest if quantity.value - lowest > highest - quantity.value and lowest else highest
    return _set(quantity, int(far if far != quantity.value else 2 * quantity.value or -10))


def _days(number: int) -> Quantity:
    return Quantity(value=number, unit="days", range=(number, number), **ASSUMED)

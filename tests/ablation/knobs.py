"""Each rule and each knob of a rulebook, and the measure that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.ablation.fixtures import ASSUMED

from scorepolis.core.provenance import Quantity
from scorepolis.parameters import load
from scorepolis.rulebooks import Instrument, Rule, Rulebook
from scorepolis.rulebooks.schema import (
    SEVERITIES,
    AttributeFeature,
    ListRule,
    RecordFeature,
    Repair,
    Weighted,
    repaired_as,
    takes,
)

PARAMETERS = load()
SHOWS = {
    "deny": "refused_by_service",
    "delay": "delayed",
    "surcharge": "dearer",
    "discount": "cheaper",
    "priority": "first_in_line",
}

LOWEST = "at the lowest border"
HIGHEST = "at the highest border"
"""Where few stand in other worlds, there everybody starts."""
LATER = "let off"
"""Where it takes long until somebody may ask for repair, there is time for it."""


class Knob(NamedTuple):
    """One change of a rulebook, and the measure that it moves: for everybody, or `at` some place."""

    name: str
    book: Rulebook
    measure: str
    at: dict[str, str]

    where: str = ""

    @property
    def fixture(self) -> str:
        """Where it shows: what counts repeated records needs people of habit."""
        habit = {"repeat", "cap", "override"} & set(self.name.split("."))
        where = "by habit" if habit else self.where
        return f"{self.book.name}, {where}" if where else self.book.name


def knobs(book: Rulebook) -> Iterator[Knob]:
    """Turn every knob of a rulebook, one at a time."""
    for n, instrument in enumerate(book.instruments):
        turn = Turn(book, n)
        yield from _scope(instrument, turn)
        match instrument.method:
            case "points":
                yield turn("start", "score", start=_set(instrument.start, int(instrument.start.value) - 5))
                yield from _scale(instrument, turn)
                yield from _rules(instrument, turn)
            case "weighted":
                yield from _scale(instrument, turn)
                yield from _weights(instrument, turn)
            case "list":
                yield from _listing(instrument, turn)
                yield from _rules(instrument, turn)
        yield from _appeal(instrument, turn)
        yield from _repair(instrument, turn)
        yield from _consequences(instrument, turn)
        yield from _publicity(instrument, turn)
    yield from _sensors(book)
    yield from _courts(book)


OF_COURTS = {"grace": "cases", "mistaken_able": "penalties_by_truth", "mistaken_unable": "penalties"}


def _courts(book: Rulebook) -> Iterator[Knob]:
    """Leave courts to the model in one number at a time; see `prompt` among the fixtures."""
    said = dict(book.courts.said()) if book.courts else {}
    for name in said:
        rest = {other: quantity for other, quantity in said.items() if other != name}
        yield Knob(f"courts.{name}", book.with_(courts=rest or None), OF_COURTS[name], {})


class Turn(NamedTuple):
    """What turns the knobs of one instrument."""

    book: Rulebook
    number: int

    def __call__(
        self, name: str, measure: str, at: dict[str, str] | None = None, where: str = "", **changes: object
    ) -> Knob:
        instrument = self.book.instruments[self.number]
        turned = fitting(instrument.with_(**changes))
        changed = self.book.with_(instruments=_with(self.book.instruments, self.number, turned))
        return Knob(f"{instrument.id}.{name}", changed, measure, at or {}, where)


def _scope(i: Instrument, turn: Turn) -> Iterator[Knob]:
    yield turn("scope.min_age", "penalties", scope=i.scope.with_(min_age=_set(i.scope.min_age, 50)))
    at = {"group": "migrant"} if i.scope.migrants else {}
    yield turn("scope.migrants", "penalties", at, scope=i.scope.with_(migrants=not i.scope.migrants))
    for name in ("permit_holders", "foreigners"):
        if getattr(i.scope, name) is not None:
            other = i.scope.with_(**{name: not getattr(i.scope, name)})
            yield turn(f"scope.{name}", "penalties", {"group": "migrant"}, scope=other)
    if i.scope.requires:
        yield turn("scope.requires", "penalties", scope=i.scope.with_(requires=None))
    if i.scope.consent:
        yield turn("scope.consent", "penalties", scope=i.scope.with_(consent=None))
    for transparency in ("published", "partly", "secret"):
        if transparency != i.transparency:
            yield turn(f"transparency.{transparency}", "aware", transparency=transparency)
    # Where everybody knows from the start there is nothing to notify of, so this knob is turned in secrecy.
    yield turn("notice", "aware", transparency="secret", notice=not i.notice)


def _scale(i: Instrument, turn: Turn) -> Iterator[Knob]:
    first, last = i.grades[0], i.grades[-1]
    higher = _set(i.range.lowest, int(first.highest.value) - 1)
    nearer = _set(i.range.highest, max(int(last.lowest.value), int(i.start.value)) + 1)
    grades = _with(i.grades, 0, first.with_(lowest=higher))
    # Points are what they were; a weighted score spreads over another range.
    where = LOWEST if i.method == "points" else ""
    yield turn("range.lowest", "score", where=where, range=i.range.with_(lowest=higher), grades=grades)
    grades = _with(i.grades, len(i.grades) - 1, last.with_(highest=nearer))
    if any(rule.points.value > 0 for rule in i.rules):  # else nobody gets above the start
        yield turn("range.highest", "score", range=i.range.with_(highest=nearer), grades=grades)
    for n, (below, above) in enumerate(zip(i.grades, i.grades[1:], strict=False)):
        border = _moved(below.highest)
        if i.method == "weighted":  # whose borders are known to the point, and where few stand at one
            border = _set(below.highest, (int(below.lowest.value) + int(below.highest.value)) // 2)
        grades = _with(i.grades, n, below.with_(highest=border))
        grades = _with(grades, n + 1, above.with_(lowest=_set(above.lowest, int(border.value) + 1)))
        where = LOWEST if n == 0 and i.method == "points" else ""
        yield turn(f"grades.{below.grade}.highest", "grade_share", where=where, grades=grades)
    if i.fed_by:
        yield turn("fed_by", "grade_share", fed_by=())


def _weights(i: Weighted, turn: Turn) -> Iterator[Knob]:
    for d, dimension in enumerate(i.dimensions):
        name = f"dimensions.{dimension.id}"
        heavier = dimension.with_(weight=_moved(dimension.weight))
        yield turn(f"{name}.weight", "score", dimensions=_with(i.dimensions, d, heavier))
        yield turn(name, "score", dimensions=_without(i.dimensions, d))
        for kind in ("records", "attributes"):
            features = getattr(dimension, kind)
            for n, feature in enumerate(features):
                for part, changed in _feature(feature, alone=len(dimension.features) == 1):
                    turned = dimension.with_(**{kind: _with(features, n, changed)})
                    yield turn(f"{name}.{feature.id}.{part}", "score", dimensions=_with(i.dimensions, d, turned))
                if len(dimension.features) > 1:
                    turned = dimension.with_(**{kind: _without(features, n)})
                    yield turn(f"{name}.{feature.id}", "score", dimensions=_with(i.dimensions, d, turned))


def _feature(feature: RecordFeature | AttributeFeature, *, alone: bool) -> Iterator[tuple[str, Any]]:
    if not alone:  # a feature that has its dimension for itself gives it all, whatever its weight
        yield "weight", feature.with_(weight=_moved(feature.weight))
    worse, better = int(feature.worst.value), int(feature.best.value)
    yield "worst", feature.with_(worst=_set(feature.worst, _near(worse, better)))
    yield "best", feature.with_(best=_set(feature.best, _near(better, worse)))
    if isinstance(feature, RecordFeature):
        yield "window", feature.with_(window=_days(max(1, int(feature.window.value) // 60)))
        for b, behaviour in enumerate(feature.behaviours if len(feature.behaviours) > 1 else ()):
            yield f"behaviours.{behaviour}", feature.with_(behaviours=_without(feature.behaviours, b))


def _near(value: int, other: int) -> int:
    """Another value close by, which is not that other one."""
    return next(near for near in (value + 1, value - 1, value + 2) if near not in (-1, other))


def _listing(i: Instrument, turn: Turn) -> Iterator[Knob]:
    if i.stock:
        yield turn("stock", "grade_share", stock=None)
    if i.spending_order:
        yield turn("spending_order", "cases", {"step": "broke_order"}, spending_order=False)
    for n, service in enumerate(i.family):
        yield turn(f"family.{service}", "refused_by_service", {"service": service}, family=_without(i.family, n))


def _appeal(i: Instrument, turn: Turn) -> Iterator[Knob]:
    if i.appeal:
        yield turn("appeal", "appeals", appeal=None)
        days = "shut_out" if i.method == "list" else "score"
        shown = {"days": days, "upheld_wrong": "wrongful_corrected", "upheld_other": "appeals_upheld"}
        for field, measure in shown.items():
            quantity = getattr(i.appeal, field)
            # A fifth of the days, so that what is corrected is so within the run.
            moved = _days(-(-int(quantity.value) // 5)) if field == "days" else _moved(quantity)
            yield turn(f"appeal.{field}", measure, appeal=i.appeal.with_(**{field: moved}))


REPAIRED = {"asks": "repairs_asked", "granted": "repairs_granted", "days": "time_to_repair"}


def _repair(i: Instrument, turn: Turn) -> Iterator[Knob]:
    repair = i.repair
    if repair is None:
        return
    yield turn("repair", "repairs_granted", where=LATER, repair=None)
    yield turn("repair.clean", "repairs_asked", where=LATER, repair=repair.with_(clean=not repair.clean))
    for field, measure in REPAIRED.items():
        yield turn(
            f"repair.{field}", measure, where=LATER, repair=repair.with_(**{field: _moved(getattr(repair, field))})
        )
    for severity in SEVERITIES:
        known = getattr(repair, severity)
        if known is None:
            continue
        later = known.with_(after=_days(int(known.after.value) + 4))
        yield turn(f"repair.{severity}.after", "repairs_asked", where=LATER, repair=repair.with_(**{severity: later}))
        yield turn(f"repair.{severity}", "repairs_asked", where=LATER, repair=_named(repair.with_(**{severity: None})))
        for way in known.by if len(known.by) > 1 else ():
            fewer = known.with_(by=tuple(other for other in known.by if other != way))
            turned = _named(repair.with_(**{severity: fewer}))
            yield turn(f"repair.{severity}.by.{way}", "repairs_asked", {"way": way}, LATER, repair=turned)
    if repair.course:
        dear = _set(repair.course.costs, 100_000)
        course = repair.course.with_(costs=dear)
        yield turn("repair.course.costs", "repairs_too_poor", where=LATER, repair=repair.with_(course=course))
    if repair.good_deeds:
        deeds = repair.good_deeds.with_(least=_set(repair.good_deeds.least, 1))
        yield turn("repair.good_deeds.least", "repairs_asked", where=LATER, repair=repair.with_(good_deeds=deeds))


def _named(repair: Repair) -> Repair:
    """Leave out ways that no class names, as the loader asks."""
    ways = {way for severity in SEVERITIES if (known := getattr(repair, severity)) for way in known.by}
    return repair.with_(**{way: None for way in ("course", "good_deeds") if way not in ways})


def fitting(i: Instrument) -> Instrument:
    """Leave out of repair what no rule is left for; without any repair no rule has a severity."""
    if i.repair:
        i = _with_severities(i, {rule.id: _severity(i, rule) for rule in i.rules})
        used = {rule.severity for rule in i.rules}
        repair = _named(i.repair.with_(**{severity: None for severity in SEVERITIES if severity not in used}))
        deeds = repair.good_deeds
        if deeds and not set(deeds.rules) <= {rule.id for rule in i.rules if rule.points.value > 0}:
            kept = {s: one for s in SEVERITIES if (one := getattr(repair, s)) and set(one.by) != {"good_deeds"}}
            fewer = {s: one.with_(by=tuple(way for way in one.by if way != "good_deeds")) for s, one in kept.items()}
            repair = _named(repair.with_(**(dict.fromkeys(SEVERITIES) | fewer)))
        left = any(getattr(repair, severity) for severity in SEVERITIES)
        i = i.with_(repair=repair if left else None)
    return i if i.repair else _with_severities(i, {})


def _severity(i: Instrument, rule: Rule | ListRule) -> str | None:
    """As severe as it was; what is over before it could be repaired is of a class that is not repaired at all."""
    if not takes(rule):
        return None
    known, terms = repaired_as(i, rule), rule.terms
    late = known and None not in terms and max(t.value for t in terms) <= known.after.value + i.repair.days.value
    return next(severity for severity in SEVERITIES if getattr(i.repair, severity) is None) if late else rule.severity


def _with_severities(i: Instrument, severities: dict[str, str | None]) -> Instrument:
    if i.method == "weighted":
        kept = [[f.with_(severity=severities.get(f.id)) for f in d.records] for d in i.dimensions]
        dimensions = [d.with_(records=records) for d, records in zip(i.dimensions, kept, strict=True)]
        return i.with_(dimensions=dimensions)
    if i.method in ("points", "list"):
        return i.with_(rules=[rule.with_(severity=severities.get(rule.id)) for rule in i.rules])
    return i


def _rules(i: Instrument, turn: Turn) -> Iterator[Knob]:
    for n, rule in enumerate(i.rules):
        if len(i.rules) > 1:
            yield turn(f"rules.{rule.id}", _effect(rule), rules=_without(i.rules, n))
        else:  # a list without a rule is none, but one that nothing reaches has none that acts
            yield turn(f"rules.{rule.id}", _effect(rule), reach=())
        knobs = _rule(rule) if i.method == "points" else _ground(rule)
        for name, measure, changed in knobs:
            yield turn(f"rules.{rule.id}.{name}", measure, rules=_with(i.rules, n, changed))
        for b, behaviour in enumerate(rule.behaviours if len(rule.behaviours) > 1 else ()):
            rest = rule.with_(behaviours=_without(rule.behaviours, b))
            yield turn(f"rules.{rule.id}.behaviours.{behaviour}", _effect(rule), rules=_with(i.rules, n, rest))
        if rule.legal_basis == "none":
            founded = _with(i.rules, n, rule.with_(legal_basis=None))
            yield turn(f"rules.{rule.id}.legal_basis", "penalties_by_truth", rules=founded)
        if rule.by:
            yield turn(f"rules.{rule.id}.by", _flow(rule), rules=_exchanged(i.rules, n))


def _exchanged(rules: tuple[Any, ...], n: int) -> tuple[Any, ...]:
    """Give what one rule is about `by` to the others on the same behaviours, and let it take the rest."""
    by, behaviours = rules[n].by, set(rules[n].behaviours)
    alike = {m: by for m, rule in enumerate(rules) if rule.by is None and behaviours & set(rule.behaviours)}
    return tuple(rule.with_(by=alike.get(m)) if m in alike or m == n else rule for m, rule in enumerate(rules))


def _effect(rule: Rule | ListRule) -> str:
    # What is taken from a rule `by` certain sensors falls to another: as many entries, but not the same.
    if rule.by:
        return _flow(rule)
    return "rewards" if rule.points.value > 0 else "penalties"


def _flow(rule: Rule | ListRule) -> str:
    if rule.points.value:
        return "points_gained" if rule.points.value > 0 else "points_lost"
    return "shut_out"


def _rule(rule: Rule) -> Iterator[tuple[str, str, Rule]]:
    flow = _flow(rule)
    yield "points", flow, rule.with_(points=_moved(rule.points))
    if rule.points.value:
        yield "expires", "score", rule.with_(expires=_moved(rule.expires) if rule.expires else _days(30))
    if rule.shared:
        measure = "shared_rewards" if rule.points.value > 0 else "shared_penalties"
        yield "shared", measure, rule.with_(shared=None)
        yield "shared.share", "score", rule.with_(shared=rule.shared.with_(share=_set(rule.shared.share, 0.4)))
    for name, measure in {"repeat": flow, "cap": flow, "override": "grade_share"}.items():
        part = getattr(rule, name)
        if part is None:
            continue
        if rule.points.value:
            yield name, measure, rule.with_(**{name: None})
        for field in type(part).model_fields:
            if isinstance(quantity := getattr(part, field), Quantity):
                moved = _days(int(quantity.value) // 2) if field == "window" else _moved(quantity)
                yield f"{name}.{field}", measure, rule.with_(**{name: part.with_(**{field: moved})})


def _ground(rule: ListRule) -> Iterator[tuple[str, str, ListRule]]:
    # A tenth of the term, so that it ends within the run, whatever the text leaves; a term at all where there is none.
    term = _days(max(1, int(rule.term.value) // 10) if rule.term else 5)
    yield "term", "shut_out", rule.with_(term=term, discretion=None)


def _consequences(i: Instrument, turn: Turn) -> Iterator[Knob]:
    for n, one in enumerate(i.consequences):
        name = f"consequences.{one.effect} {one.service} {'-'.join(one.grades)}"
        at = {"service": one.service} if one.effect == "deny" else {}
        kept = _without(i.consequences, n)
        # What is denied to the family is denied to the listed in the first place.
        family = {"family": tuple(f for f in i.family if f != one.service)} if i.method == "list" else {}
        where = _border(i, one.grades)
        yield turn(name, SHOWS[one.effect], at, where, consequences=kept, **family)
        for field in ("days", "percent"):
            if (amount := getattr(one, field)) is not None:
                changed = one.with_(**{field: _moved(amount)})
                yield turn(f"{name}.{field}", "hardship", where=where, consequences=_with(i.consequences, n, changed))


def _border(i: Instrument, grades: tuple[str, ...]) -> str:
    """Where those stand whom it concerns, if it concerns the lowest or the highest grade of points alone."""
    borders = {i.grade_names[:1]: LOWEST, i.grade_names[-1:]: HIGHEST} if i.method == "points" else {}
    return borders.get(grades, "")


def _publicity(i: Instrument, turn: Turn) -> Iterator[Knob]:
    for name, channel in i.publicity.channels():
        silent = i.publicity.with_(**{name: None})
        yield turn(f"publicity.{name}", "on_channel", {"channel": name}, publicity=silent)
        price, measure = ("praise", "for_points") if hasattr(channel, "praise") else ("price_of_shame", "deterred")
        changed = channel.with_(**{price: _moved(getattr(channel, price))})
        # Who is on a list for what a court decides fears it there.
        shown = "cases" if i.method == "list" else measure
        where = HIGHEST if price == "praise" else ""
        yield turn(f"publicity.{name}.{price}", shown, where=where, publicity=i.publicity.with_(**{name: changed}))


def _sensors(book: Rulebook) -> Iterator[Knob]:
    for n, i in enumerate(book.instruments):
        for name in i.reach:
            unreached = book.with_(instruments=_with(book.instruments, n, _unreached(i, name)))
            costs = any(
                PARAMETERS.may_write(name, b) for rule in i.rules if rule.points.value <= 0 for b in rule.behaviours
            )
            measure = "penalties" if i.method == "list" else "points_lost" if costs else "points_gained"
            yield Knob(f"{i.id}.reach.{name}", unreached, measure, {})
    for name in book.employs:
        rest = tuple(other for other in book.employs if other != name)
        unreached = book.with_(instruments=[_unreached(i, name) for i in book.instruments], employs=rest)
        yield Knob(f"employs.{name}", unreached, "recall", {"sensor": name})


def _unreached(i: Instrument, sensor: str) -> Instrument:
    """Take a sensor from the reach, and with it the rules on its records alone."""
    reach = tuple(other for other in i.reach if other != sensor)
    if i.method == "weighted":
        kept = [[f for f in d.records if f.by is None or sensor not in f.by] for d in i.dimensions]
        dimensions = [d.with_(records=records) for d, records in zip(i.dimensions, kept, strict=True)]
        return fitting(i.with_(reach=reach, dimensions=[d for d in dimensions if d.features]))
    return fitting(i.with_(reach=reach, rules=[rule for rule in i.rules if rule.by is None or sensor not in rule.by]))


def _with(items: tuple[Any, ...], n: int, item: object) -> tuple[Any, ...]:
    return (*items[:n], item, *items[n + 1 :])


def _without(items: tuple[Any, ...], n: int) -> tuple[Any, ...]:
    return (*items[:n], *items[n + 1 :])


def _set(quantity: Quantity, value: float) -> Quantity:
    return Quantity(value=value, unit=quantity.unit, range=(value, value), **ASSUMED)


def _moved(quantity: Quantity) -> Quantity:
    """The end of the range that is farther away, but not 0; twice the value where the range leaves no choice."""
    lowest, highest = quantity.range
    far = lowest if quantity.value - lowest > highest - quantity.value and lowest else highest
    return _set(quantity, far if far != quantity.value else 2 * quantity.value or -10)


def _days(number: int) -> Quantity:
    return Quantity(value=number, unit="days", range=(number, number), **ASSUMED)

"""What must fit together in a rulebook: names that exist, bands without gaps, rules that the engine can hold.

Each check yields faults with the path of the offending value, so that a message can point at its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from scorepolis.core.errors import nearest
from scorepolis.core.provenance import Quantity
from scorepolis.parameters import Parameters
from scorepolis.rulebooks.schema import (
    EXEMPTIBLE,
    LISTED,
    MOST_YEARS,
    AnyDimension,
    AnyRule,
    Attested,
    Binding,
    BonusMalus,
    CardAttribute,
    CardRecord,
    Consequence,
    CountedFeature,
    Dimension,
    Dimensioned,
    Feature,
    Featured,
    Feed,
    FirmInstrument,
    FirmListing,
    Graded,
    Instrument,
    InstrumentRule,
    Listing,
    ListRule,
    Points,
    Rank,
    Rating,
    Rule,
    Rulebook,
    Scorecard,
    Shame,
    TunedDimension,
)

Where = tuple[str | int, ...]

# Widths of the engine's state: nibbles for counters and overrides; a byte for the rule and 16 bits for the points of an
# agenda entry.
MOST_INSTRUMENTS: Final = 16
MOST_RULES: Final = 256
MOST_GRADES: Final = 16
MOST_COUNTERS: Final = 8
MOST_COUNTED: Final = 15
MOST_OVERRIDE_GRADES: Final = 2
FURTHEST_SCORE: Final = 30_000
LONGEST_TERM: Final = 36_500
LONGEST_LISTING: Final = 254
"""Months, which a byte holds beside that of a listing without term."""
MOST_FEATURES: Final = 32
HIGHEST_ATTRIBUTE: Final = 100
MOST_FAULT_RULES: Final = 6
LONGEST_HISTORY: Final = 60
MOST_TURNS: Final = 24
FINEST: Final = 10_000
"""Factors and log-odds have at most four decimals: their products stay within 63 bits."""
LARGEST: Final = 100


class Fault(NamedTuple):
    """Something that does not fit, where it stands, and what was expected."""

    path: Where
    message: str
    expected: str | None = None
    nearest: str | None = None


def faults(rulebook: Rulebook, parameters: Parameters) -> Iterator[Fault]:
    """Find what does not fit together in a rulebook.

    Parameters
    ----------
    rulebook : Rulebook
        The rulebook to check.
    parameters : Parameters
        The behaviours, services and sensors that it may name.

    Yields
    ------
    Fault
        Faults in the order of the file, as far as that is possible.
    """
    until = rulebook.in_force.until
    if until is not None and until < rulebook.in_force.from_:
        yield Fault(("in_force", "until"), "the rulebook ends before it begins", f"{rulebook.in_force.from_} or later")
    yield from _known(("employs",), rulebook.employs, parameters.sensors, "sensor")
    if len(rulebook.instruments) > MOST_INSTRUMENTS:
        yield Fault(("instruments",), f"{len(rulebook.instruments)} instruments", f"at most {MOST_INSTRUMENTS}")
    yield from _unique(
        [(("instruments", i, "id"), instrument.id) for i, instrument in enumerate(rulebook.instruments)], "instrument"
    )
    for i, instrument in enumerate(rulebook.instruments):
        yield from _instrument(("instruments", i), instrument, rulebook, parameters)
        for f, feed in enumerate(instrument.fed_by):
            yield from _feed(("instruments", i, "fed_by", f), feed, i, rulebook)
    yield from _unique([(("firms", n, "id"), firm.id) for n, firm in enumerate(rulebook.firms)], "instrument")
    for n, firm in enumerate(rulebook.firms):
        yield from _firms(("firms", n), firm, rulebook, parameters)


def _instrument(path: Where, instrument: Instrument, rulebook: Rulebook, parameters: Parameters) -> Iterator[Fault]:
    yield from _whole((*path, "scope", "min_age"), instrument.scope.min_age, "a minimum age", 0, 120)
    yield from _known((*path, "scope", "exempt"), instrument.scope.exempt, EXEMPTIBLE, "status")
    if isinstance(instrument, Graded):
        yield from _bands(path, instrument)
    yield from _known((*path, "reach"), instrument.reach, parameters.sensors, "sensor")
    for n, name in enumerate(instrument.reach):
        sensor = parameters.sensors.get(name)
        if sensor is not None and not sensor.ordinary and name not in rulebook.employs:
            yield Fault(
                (*path, "reach", n),
                f"the sensor '{name}' is not at work under ordinary law and the rulebook does not employ it",
                f"'{name}' under employs",
            )
    yield from _rules(path, instrument, parameters)
    yield from _appeal(path, instrument)
    yield from _consequences(path, instrument, parameters.services)
    yield from _publicity(path, instrument)
    if isinstance(instrument, Listing):
        yield from _listing(path, instrument, parameters)
    if isinstance(instrument, Featured):
        yield from _features(path, instrument)
    if isinstance(instrument, Dimensioned):
        yield from _weights(path, instrument)
    if isinstance(instrument, Scorecard):
        yield from _scale(path, instrument)
    if isinstance(instrument, Rank):
        yield from _turns(path, instrument)
    if isinstance(instrument, BonusMalus):
        yield from _years(path, instrument)


def _appeal(path: Where, instrument: Instrument) -> Iterator[Fault]:
    appeal = instrument.appeal
    if appeal is not None:
        here = (*path, "appeal")
        yield from _whole((*here, "days"), appeal.days, "the days of an appeal", 1, LONGEST_TERM)
        yield from _share((*here, "upheld_wrong"), appeal.upheld_wrong, "upheld_wrong")
        yield from _share((*here, "upheld_other"), appeal.upheld_other, "upheld_other")


def _listing(path: Where, instrument: Listing, parameters: Parameters) -> Iterator[Fault]:
    if instrument.stock is not None:
        yield from _share((*path, "stock"), instrument.stock, "the stock")
    yield from _known((*path, "family"), instrument.family, parameters.services, "service")
    denied = {c.service for c in instrument.consequences if c.effect == "deny" and LISTED in c.grades}
    for n, service in enumerate(instrument.family):
        if service in parameters.services and service not in denied:
            message = f"the family is denied {service}, which the listed are not"
            yield Fault((*path, "family", n), message, f"one of {', '.join(sorted(denied))}")


def _weights(path: Where, instrument: Dimensioned) -> Iterator[Fault]:
    if not instrument.dimensions:
        yield Fault((*path, "dimensions"), f"instrument {instrument.id} weighs nothing", "one dimension or more")
    yield from _unique(
        [((*path, "dimensions", d, "id"), dimension.id) for d, dimension in enumerate(instrument.dimensions)],
        "dimension",
    )
    for d, dimension in enumerate(instrument.dimensions):
        here = (*path, "dimensions", d)
        yield from _weight(here, dimension)
        yield from _attested(here, dimension, f"dimension {dimension.id}")
        if not dimension.features:
            yield Fault((*here, "id"), f"dimension {dimension.id} has no feature", "records, attributes, or both")


def _weight(path: Where, dimension: AnyDimension) -> Iterator[Fault]:
    what = f"the weight of dimension {dimension.id}"
    if isinstance(dimension, Dimension):
        yield from _positive((*path, "weight"), dimension.weight, what)
    if isinstance(dimension, TunedDimension):
        for turn, weight in enumerate(dimension.weights):
            if weight.exact < 0:
                yield Fault((*path, "weights", turn, "value"), f"{weight.value} for {what}", "0 or more")
        if not any(weight.exact for weight in dimension.weights):
            yield Fault((*path, "weights"), f"dimension {dimension.id} never weighs anything", "a weight above 0")


def _features(path: Where, instrument: Featured) -> Iterator[Fault]:
    features: list[tuple[Where, Feature]] = []
    for place, counted, registered in instrument.bundles:
        features += [((*path, *place, "records", n), feature) for n, feature in enumerate(counted)]  # type: ignore[misc]
        features += [((*path, *place, "attributes", n), feature) for n, feature in enumerate(registered)]  # type: ignore[misc]
    yield from _unique([((*where, "id"), feature.id) for where, feature in features], "feature")
    if len(features) > MOST_FEATURES:
        last = features[MOST_FEATURES][0]
        yield Fault(last, f"{len(features)} features", f"at most {MOST_FEATURES}")
    for where, feature in features:
        yield from _feature(where, feature)


def _feature(path: Where, feature: Feature) -> Iterator[Fault]:
    what = f"feature {feature.id}"
    most = MOST_COUNTED if isinstance(feature, CountedFeature) else HIGHEST_ATTRIBUTE
    if isinstance(feature, CardRecord | CardAttribute):
        yield from _log_odds((*path, "coefficient"), feature.coefficient, f"the coefficient of {what}")
        if feature.coefficient.exact == 0:
            yield Fault((*path, "coefficient", "value"), f"{what} tells nobody from anybody", "a number other than 0")
        for key, quantity in (("least", feature.least), ("most", feature.most)):
            yield from _whole((*path, key), quantity, f"the {key} of {what}", 0, most)
        if feature.least.exact >= feature.most.exact:
            message = f"{what} ends before it begins: least {feature.least.value}, most {feature.most.value}"
            yield Fault((*path, "most", "value"), message, "more than the least")
    else:
        yield from _positive((*path, "weight"), feature.weight, f"the weight of {what}")
        for key, quantity in (("worst", feature.worst), ("best", feature.best)):
            yield from _whole((*path, key), quantity, f"the {key} of {what}", 0, most)
        if feature.worst.exact == feature.best.exact:
            message = f"{what} gives the same to everybody: worst and best are both {feature.best.value}"
            yield Fault((*path, "best", "value"), message, "a best other than the worst")
    if isinstance(feature, CountedFeature):
        yield from _whole((*path, "window"), feature.window, f"the window of {what}", 1, LONGEST_TERM)
    yield from _attested(path, feature, what)


def _scale(path: Where, instrument: Scorecard) -> Iterator[Fault]:
    if not instrument.records and not instrument.attributes:
        yield Fault((*path, "id"), f"instrument {instrument.id} has no feature", "records, attributes, or both")
    here, scale = (*path, "scale"), instrument.scale
    yield from _whole((*here, "score"), scale.score, "the score of the scale", -FURTHEST_SCORE, FURTHEST_SCORE)
    yield from _whole((*here, "double"), scale.double, "the points that double the odds", 1, FURTHEST_SCORE)
    yield from _positive((*here, "odds"), scale.odds, "the odds of the scale")
    yield from _log_odds((*path, "intercept"), instrument.intercept, "the intercept")


def _turns(path: Where, instrument: Rank) -> Iterator[Fault]:
    yield from _whole((*path, "every"), instrument.every, "the months between two turns", 1, 1200)
    first = instrument.dimensions[0] if instrument.dimensions else None
    for d, dimension in enumerate(instrument.dimensions):
        count = len(dimension.weights)
        where = (*path, "dimensions", d, "weights")
        if count > MOST_TURNS:
            yield Fault(where, f"{count} turns", f"at most {MOST_TURNS}")
        if first is not None and count != len(first.weights):
            message = f"dimension {dimension.id} has {count} weights, dimension {first.id} {len(first.weights)}"
            yield Fault(where, message, "one weight for each turn in every dimension")
    for turn in range(instrument.turns):
        if instrument.dimensions and not any(instrument.shares_in(turn)):
            message = f"no dimension weighs anything in turn {turn + 1}"
            yield Fault((*path, "dimensions", 0, "weights", turn, "value"), message, "a weight above 0 in every turn")


def _years(path: Where, instrument: BonusMalus) -> Iterator[Fault]:
    if instrument.range.highest.exact >= 0:
        message = f"{instrument.range.highest.value} for the best score of a coefficient"
        yield Fault((*path, "range", "highest", "value"), message, "-100 times the lowest coefficient, below 0")
    if not 0 < instrument.claim_free.exact < 1:
        message = f"{instrument.claim_free.value} for the factor of a year without a fault"
        yield Fault((*path, "claim_free", "value"), message, "a number between 0 and 1")
    yield from _fine((*path, "claim_free"), instrument.claim_free, "the factor of a year without a fault")
    for key, years in (("protected", instrument.protected), ("returns", instrument.returns)):
        if years is not None:
            yield from _whole((*path, key), years, f"the years of {key}", 1, MOST_YEARS)
    yield from _whole((*path, "history"), instrument.history, "the years of history", 0, LONGEST_HISTORY)
    if len(instrument.faults) > MOST_FAULT_RULES:
        where = (*path, "rules", MOST_FAULT_RULES)
        yield Fault(where, f"{len(instrument.faults)} rules of faults", f"at most {MOST_FAULT_RULES}")
    for r, fault in enumerate(instrument.faults):
        here = (*path, "rules", r, "factor")
        if not 1 < fault.factor.exact <= LARGEST:
            yield Fault((*here, "value"), f"{fault.factor.value} for a fault of rule {fault.id}", "a factor above 1")
        yield from _fine(here, fault.factor, f"the factor of rule {fault.id}")
        yield from _attested((*path, "rules", r), fault, f"rule {fault.id}")


def _log_odds(path: Where, quantity: Quantity, what: str) -> Iterator[Fault]:
    if abs(quantity.exact) > LARGEST:
        yield Fault((*path, "value"), f"{quantity.value} for {what}", f"log-odds from -{LARGEST} to {LARGEST}")


def _fine(path: Where, quantity: Quantity, what: str) -> Iterator[Fault]:
    if FINEST % quantity.exact.denominator:
        yield Fault((*path, "value"), f"{quantity.value} for {what}", "at most four decimals")


def _feed(path: Where, feed: Feed, fed: int, rulebook: Rulebook) -> Iterator[Fault]:
    yield from _held(path, "override", feed.override, rulebook.instruments[fed].grade_names, "a feed")
    yield from _attested(path, feed, f"the feed from {feed.rulebook}")
    # Another book need not be in the run; this one is.
    if feed.rulebook == rulebook.name:
        yield from feeder_faults(path, feed, rulebook.instruments[:fed])


def feeder_faults(path: Where, feed: Feed, instruments: Iterable[Instrument]) -> Iterator[Fault]:
    """Find what a feed names that is not there, among the instruments of its book that may feed."""
    grades = {instrument.id: instrument.grade_names for instrument in instruments}
    yield from unknown((*path, "instrument"), "instrument", feed.instrument, grades, "fed by an ")
    if feed.instrument in grades:
        yield from unknown((*path, "grade"), "grade", feed.grade, grades[feed.instrument])


def _held(path: Where, key: str, grade: str, grades: tuple[str, ...], what: str) -> Iterator[Fault]:
    yield from unknown((*path, key), "grade", grade, grades)
    if grade == grades[-1]:
        yield Fault((*path, key), f"{what} to {grade} holds nobody down", "a lower grade")


def _bands(path: Where, instrument: Graded | Rating) -> Iterator[Fault]:
    bounds = ("lowest", "highest")
    numbers = (
        [((*path, "start"), instrument.start, "a start")]
        if isinstance(instrument, Points | BonusMalus | Rating)
        else []
    )
    numbers += [((*path, "range", bound), getattr(instrument.range, bound), "a bound of the range") for bound in bounds]
    for g, grade in enumerate(instrument.grades):
        numbers += [((*path, "grades", g, bound), getattr(grade, bound), "a bound of a grade") for bound in bounds]
    broken = [
        fault
        for where, quantity, what in numbers
        for fault in _whole(where, quantity, what, -FURTHEST_SCORE, FURTHEST_SCORE)
    ]
    if broken:
        yield from broken
        return
    lowest, highest = int(instrument.range.lowest.exact), int(instrument.range.highest.exact)
    if isinstance(instrument, Points | BonusMalus | Rating) and not lowest <= instrument.start.exact <= highest:
        message = f"the start {instrument.start.value} lies outside the range"
        yield Fault((*path, "start"), message, f"a score from {lowest} to {highest}")
    if len(instrument.grades) > MOST_GRADES:
        yield Fault((*path, "grades"), f"{len(instrument.grades)} grades", f"at most {MOST_GRADES}")
    yield from _unique(
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


def _rules(path: Where, instrument: Instrument, parameters: Parameters) -> Iterator[Fault]:
    rules: tuple[InstrumentRule, ...] = instrument.rules
    places = [(*path, *instrument.rule_path(r)) for r in range(len(rules))]
    if not isinstance(instrument, Featured):  # whose ids are those of features, checked with these
        yield from _unique([((*place, "id"), rule.id) for place, rule in zip(places, rules, strict=True)], "rule")
    if len(rules) > MOST_RULES:
        yield Fault((*path, "rules"), f"{len(rules)} rules", f"at most {MOST_RULES}")
    owner: dict[tuple[str, str], str] = {}
    for here, rule in zip(places, rules, strict=True):
        for n, behaviour in enumerate(rule.behaviours):
            where = (*here, "behaviours", n)
            yield from unknown(where, "behaviour", behaviour, parameters.behaviours, f"rule {rule.id} on an ")
            for sensor in rule.by or ("",):
                if (behaviour, sensor) in owner:
                    by = f" by the sensor '{sensor}'" if sensor else ""
                    message = f"'{behaviour}'{by} stands in rule {owner[behaviour, sensor]} and again in rule {rule.id}"
                    yield Fault(where, message, "one rule of an instrument for each behaviour")
                owner.setdefault((behaviour, sensor), rule.id)
        yield from _by(here, rule, instrument.reach)
        yield from _grounds(here, rule)
        if isinstance(rule, ListRule):
            yield from _list_rule(here, rule)
        elif isinstance(rule, Rule):
            yield from _rule(here, rule, instrument.grade_names)
    counted = instrument.counted_rules
    if len(counted) > MOST_COUNTERS:
        what = "features of records" if isinstance(instrument, Featured) else "rules with repeat or cap"
        yield Fault(
            places[counted[MOST_COUNTERS]],
            f"{len(counted)} {what} in instrument {instrument.id}",
            f"at most {MOST_COUNTERS}",
        )
    overrides = [
        ((*place, "override", "grade"), rule.override.grade)
        for place, rule in zip(places, rules, strict=True)
        if rule.override
    ]
    overrides += [((*path, "fed_by", f, "override"), feed.override) for f, feed in enumerate(instrument.fed_by)]
    held: list[str] = []
    for where, grade in overrides:
        if grade not in held:
            held.append(grade)
            if len(held) > MOST_OVERRIDE_GRADES:
                message = f"overrides to {len(held)} grades ({', '.join(held)})"
                yield Fault(where, message, f"at most {MOST_OVERRIDE_GRADES} grades in an instrument")


def _by(path: Where, rule: AnyRule, reach: tuple[str, ...]) -> Iterator[Fault]:
    if rule.by is not None:
        yield from _known((*path, "by"), rule.by, reach, "sensor within reach")


def _grounds(path: Where, rule: AnyRule) -> Iterator[Fault]:
    # One word is no law with its article: more likely it is `none`, misspelt.
    if rule.legal_basis is not None and rule.legal_basis != "none" and len(rule.legal_basis.split()) < 2:
        message = f"unknown legal_basis '{rule.legal_basis}'"
        yield Fault((*path, "legal_basis"), message, "'none', or a law and its article", "none")
    bounds = rule.discretion
    if bounds and bounds.lowest and bounds.highest and bounds.lowest.exact > bounds.highest.exact:
        yield Fault((*path, "discretion"), f"the discretion of rule {rule.id} ends before it begins", "lowest, highest")


def _list_rule(path: Where, rule: ListRule) -> Iterator[Fault]:
    if rule.term is not None:
        yield from _whole((*path, "term"), rule.term, f"the term of rule {rule.id}", 1, LONGEST_TERM)
    yield from _attested(path, rule, f"rule {rule.id}")


def _rule(path: Where, rule: Rule, grades: tuple[str, ...]) -> Iterator[Fault]:
    yield from _whole((*path, "points"), rule.points, f"the points of rule {rule.id}", -FURTHEST_SCORE, FURTHEST_SCORE)
    if rule.expires is not None:
        yield from _whole((*path, "expires"), rule.expires, f"the expiry of rule {rule.id}", 1, LONGEST_TERM)
    if rule.points.exact == 0 and rule.expires is not None:
        yield Fault((*path, "expires"), f"rule {rule.id} has no points that could expire", "expires: null")
    if rule.points.exact == 0 and rule.override is None:
        yield Fault((*path, "points"), f"rule {rule.id} has no effect", "points other than 0, or an override")
    if rule.repeat and rule.cap:
        yield Fault((*path, "cap"), f"rule {rule.id} has both repeat and cap", "one of the two")
    if rule.repeat:
        yield from _whole((*path, "repeat", "window"), rule.repeat.window, "a window", 1, LONGEST_TERM)
        yield from _whole((*path, "repeat", "step"), rule.repeat.step, "a step", 1, FURTHEST_SCORE)
        most = FURTHEST_SCORE // max(1, abs(int(rule.points.exact)))
        yield from _whole((*path, "repeat", "most"), rule.repeat.most, "the largest multiple", 2, most)
    if rule.cap:
        yield from _whole((*path, "cap", "window"), rule.cap.window, "a window", 1, LONGEST_TERM)
        yield from _whole((*path, "cap", "most"), rule.cap.most, f"the cap of rule {rule.id}", 1, MOST_COUNTED)
        if rule.points.exact <= 0:
            yield Fault((*path, "cap"), f"rule {rule.id} caps records that it does not reward", "points above 0")
    if rule.override:
        yield from _held((*path, "override"), "grade", rule.override.grade, grades, "an override")
        term = rule.override.term
        if term is None:
            yield Fault((*path, "override", "term"), f"the override of rule {rule.id} never ends", "a term in days")
        else:
            yield from _whole((*path, "override", "term"), term, "the term of an override", 1, LONGEST_TERM)
    yield from _attested(path, rule, f"rule {rule.id}")


def _consequences(path: Where, instrument: Instrument | FirmInstrument, services: Iterable[str]) -> Iterator[Fault]:
    seen: set[tuple[str, str, str]] = set()
    for c, consequence in enumerate(instrument.consequences):
        here = (*path, "consequences", c)
        yield from unknown((*here, "service"), "service", consequence.service, services)
        yield from _known((*here, "grades"), consequence.grades, instrument.grade_names, "grade")
        yield from _amounts(here, consequence)
        yield from _attested(here, consequence, f"the consequence for {consequence.service}")
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
            yield from _whole((*path, key), quantity, f"the {key} of a {effect}", 1, highest)


def _publicity(path: Where, instrument: Instrument) -> Iterator[Fault]:
    for name, channel in instrument.publicity.channels():
        here = (*path, "publicity", name)
        yield from _known((*here, "grades"), channel.grades, instrument.grade_names, "grade")
        yield from _attested(here, channel, f"the {name}")
        key = "price_of_shame" if isinstance(channel, Shame) else "praise"
        if getattr(channel, key).exact < 0:
            yield Fault((*here, key, "value"), f"{key} is below zero", "yuan a year, 0 or more")


def _firms(path: Where, firm: FirmInstrument, rulebook: Rulebook, parameters: Parameters) -> Iterator[Fault]:
    """Check an instrument of firms."""
    firms = parameters.firms
    yield from _known((*path, "scope", "sizes"), firm.scope.sizes, firms.sizes, "size")
    yield from _known((*path, "scope", "sectors"), firm.scope.sectors, firms.sectors, "sector")
    yield from _known((*path, "reach"), firm.reach, firms.sensors, "sensor of firms")
    if isinstance(firm, FirmListing):
        for r, entry in enumerate(firm.rules):
            if entry.term is not None:
                here = (*path, "rules", r, "term")
                yield from _whole(here, entry.term, f"the term of rule {entry.id}", 1, LONGEST_LISTING)
    else:
        yield from _rating(path, firm)
    yield from _firm_rules(path, firm, parameters)
    seen: set[tuple[str, str]] = set()
    for n, inspection in enumerate(firm.inspections):
        here = (*path, "inspections", n)
        yield from unknown((*here, "sensor"), "inspecting sensor", inspection.sensor, firms.inspecting)
        yield from _known((*here, "grades"), inspection.grades, firm.grade_names, "grade")
        yield from _share((*here, "share"), inspection.share, "the share inspected")
        yield from _attested(here, inspection, f"the inspections by {inspection.sensor}")
        for g, grade in enumerate(inspection.grades):
            if (inspection.sensor, grade) in seen:
                message = f"inspections by {inspection.sensor} at grade {grade} stand twice"
                yield Fault((*here, "grades", g), message, "each sensor once per grade")
            seen.add((inspection.sensor, grade))
    yield from _consequences(path, firm, firms.services)
    for n, binding in enumerate(firm.binds):
        here = (*path, "binds", n)
        yield from unknown((*here, "grade"), "grade", binding.grade, firm.grade_names)
        if binding.grade == firm.grade_names[-1]:
            yield Fault((*here, "grade"), "the representatives of all firms are bound", "a lower grade")
        yield from _attested(here, binding, f"the binding to {binding.rulebook}")
        if binding.rulebook == rulebook.name:  # another book need not be in the run
            yield from bound_faults(here, binding, rulebook.instruments)


def bound_faults(path: Where, binding: Binding, instruments: Iterable[Instrument]) -> Iterator[Fault]:
    """Find what a binding names that is no list of people in its book."""
    lists = [instrument.id for instrument in instruments if isinstance(instrument, Listing)]
    yield from unknown((*path, "instrument"), "list of people", binding.instrument, lists)


def _rating(path: Where, firm: Rating) -> Iterator[Fault]:
    yield from _bands(path, firm)
    if firm.month is not None:
        yield from _whole((*path, "month"), firm.month, "the month of the rating", 1, 12)
    if firm.newcomers is not None:
        here, bands = (*path, "newcomers"), [grade.grade for grade in firm.grades]
        yield from unknown((*here, "instead_of"), "grade", firm.newcomers.instead_of, bands)
        if firm.newcomers.grade in bands:
            message = f"the newcomers' grade {firm.newcomers.grade} has a band"
            yield Fault((*here, "grade"), message, "a grade of their own")
        yield from _attested(here, firm.newcomers, "the newcomers' grade")
    for r, rule in enumerate(firm.rules):
        here = (*path, "rules", r)
        yield from _whole(
            (*here, "points"), rule.points, f"the points of rule {rule.id}", -FURTHEST_SCORE, FURTHEST_SCORE
        )
        if rule.points.exact and firm.month is None:
            yield Fault((*here, "points"), f"rule {rule.id} has points and there is no rating of the year", "0")
        elif rule.points.exact == 0 and rule.assign is None and rule.lift is None:
            yield Fault((*here, "points"), f"rule {rule.id} has no effect", "points other than 0, `assign` or `lift`")
        if rule.assign is not None:
            yield from _held(here, "assign", rule.assign, firm.grade_names, "an assignment")
        if rule.lift is not None:
            for key, grade in (("from", rule.lift.from_), ("to", rule.lift.to)):
                yield from unknown((*here, "lift", key), "grade", grade, firm.grade_names)
            yield from _share((*here, "lift", "share"), rule.lift.share, "the share lifted")
            order = firm.grade_names
            if {rule.lift.from_, rule.lift.to} <= set(order) and order.index(rule.lift.from_) >= order.index(
                rule.lift.to
            ):
                yield Fault((*here, "lift", "to"), f"rule {rule.id} lifts nobody", "a grade above `from`")


def _firm_rules(path: Where, firm: FirmInstrument, parameters: Parameters) -> Iterator[Fault]:
    yield from _unique([((*path, "rules", r, "id"), rule.id) for r, rule in enumerate(firm.rules)], "rule")
    if len(firm.rules) > MOST_RULES:
        yield Fault((*path, "rules"), f"{len(firm.rules)} rules", f"at most {MOST_RULES}")
    owner: dict[tuple[str, str], str] = {}
    for r, rule in enumerate(firm.rules):
        here = (*path, "rules", r)
        for n, behaviour in enumerate(rule.behaviours):
            where = (*here, "behaviours", n)
            every = parameters.firms.behaviours
            yield from unknown(where, "behaviour of firms", behaviour, every, f"rule {rule.id} on an ")
            for sensor in rule.by or ("",):
                if (behaviour, sensor) in owner:
                    by = f" by the sensor '{sensor}'" if sensor else ""
                    message = f"'{behaviour}'{by} stands in rule {owner[behaviour, sensor]} and again in rule {rule.id}"
                    yield Fault(where, message, "one rule of an instrument for each behaviour")
                owner.setdefault((behaviour, sensor), rule.id)
        if rule.by is not None:
            yield from _known((*here, "by"), rule.by, firm.reach, "sensor within reach")
        yield from _attested(here, rule, f"rule {rule.id}")


def _attested(path: Where, part: Attested, what: str) -> Iterator[Fault]:
    if part.status is None:
        if not any(part.quantities()):
            yield Fault(path, f"{what} does not say where it comes from", "status with source or reason")
        elif part.source or part.reason:
            yield Fault(path, f"{what} has a source or reason but no status", "documented, reported or assumed")
    elif part.status == "assumed" and part.reason is None:
        yield Fault((*path, "status"), f"{what} is assumed without a reason", "reason: why this was assumed")
    elif part.status != "assumed" and part.source is None:
        yield Fault((*path, "status"), f"{what} is {part.status} without a source", "source: the text it rests on")


def _whole(path: Where, quantity: Quantity, what: str, lowest: int, highest: int) -> Iterator[Fault]:
    exact = quantity.exact
    if exact.denominator != 1 or not lowest <= exact <= highest:
        yield Fault((*path, "value"), f"{quantity.value} for {what}", f"a whole number from {lowest} to {highest}")


def _positive(path: Where, quantity: Quantity, what: str) -> Iterator[Fault]:
    if quantity.exact <= 0:
        yield Fault((*path, "value"), f"{quantity.value} for {what}", "a number above 0")


def _share(path: Where, quantity: Quantity, what: str) -> Iterator[Fault]:
    if not 0 <= quantity.exact <= 1:
        yield Fault((*path, "value"), f"{quantity.value} for {what}", "a share from 0 to 1")


def _known(path: Where, names: Iterable[str], known: Iterable[str], kind: str) -> Iterator[Fault]:
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


def _unique(named: Iterable[tuple[Where, str]], kind: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, name in named:
        if name in seen:
            yield Fault(path, f"two {kind}s have the id '{name}'", f"a different id for each {kind}")
        seen.add(name)

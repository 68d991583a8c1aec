"""What must fit together in a rulebook: names that exist, bands without gaps, rules that the engine can hold.

Each check yields faults with the path of the offending value, so that a message can point at its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from scorepolis.core.exact import q
from scorepolis.core.provenance import Quantity
from scorepolis.parameters import Parameters
from scorepolis.rulebooks.body_checks import body_faults
from scorepolis.rulebooks.checking import (
    FURTHEST_SCORE,
    LONGEST_TERM,
    MOST_RULES,
    Fault,
    Where,
    attested,
    bands,
    consequences,
    held,
    known,
    owned,
    positive,
    share_of_one,
    unique,
    unknown,
    whole,
)
from scorepolis.rulebooks.courts import court_faults
from scorepolis.rulebooks.firm_checks import firm_faults
from scorepolis.rulebooks.repair_checks import repair_faults
from scorepolis.rulebooks.schema import (
    EXEMPTIBLE,
    LISTED,
    MOST_YEARS,
    AnyDimension,
    AnyRule,
    BonusMalus,
    CardAttribute,
    CardRecord,
    CountedFeature,
    Dimension,
    Dimensioned,
    Discretion,
    Feature,
    Featured,
    Feed,
    Graded,
    Instrument,
    InstrumentRule,
    Listing,
    ListRule,
    Rank,
    Rule,
    Rulebook,
    Scope,
    Scorecard,
    Shame,
    TunedDimension,
)

# Widths of the engine's state: nibbles for counters and overrides.
MOST_INSTRUMENTS: Final = 16
MOST_COUNTERS: Final = 8
MOST_COUNTED: Final = 15
MOST_OVERRIDE_GRADES: Final = 2
MOST_FEATURES: Final = 32
HIGHEST_ATTRIBUTE: Final = 100
MOST_FAULT_RULES: Final = 6
LONGEST_HISTORY: Final = 60
MOST_TURNS: Final = 24
FINEST: Final = 10_000
"""Factors and log-odds have at most four decimals: their products stay within 63 bits."""
LARGEST: Final = 100


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
    yield from known(("employs",), rulebook.employs, parameters.sensors, "sensor")
    if rulebook.courts is not None:
        yield from court_faults(("courts",), rulebook.courts)
    if len(rulebook.instruments) > MOST_INSTRUMENTS:
        yield Fault(("instruments",), f"{len(rulebook.instruments)} instruments", f"at most {MOST_INSTRUMENTS}")
    yield from unique(
        [(("instruments", i, "id"), instrument.id) for i, instrument in enumerate(rulebook.instruments)], "instrument"
    )
    for i, instrument in enumerate(rulebook.instruments):
        yield from _instrument(("instruments", i), instrument, rulebook, parameters)
        for f, feed in enumerate(instrument.fed_by):
            yield from _feed(("instruments", i, "fed_by", f), feed, i, rulebook)
    yield from unique([(("firms", n, "id"), firm.id) for n, firm in enumerate(rulebook.firms)], "instrument")
    for n, firm in enumerate(rulebook.firms):
        yield from firm_faults(("firms", n), firm, rulebook, parameters)
    yield from unique([(("bodies", n, "id"), body.id) for n, body in enumerate(rulebook.bodies)], "instrument")
    for n, body in enumerate(rulebook.bodies):
        yield from body_faults(("bodies", n), body, rulebook, parameters)


def _scope(path: Where, scope: Scope) -> Iterator[Fault]:
    """Check that a scope covers somebody, and does not say yes and no of the same people."""
    words = ("residents", "permit_holders", "migrants", "foreigners")
    if not any(scope.covers.values()):
        yield Fault(path, "a scope that covers nobody", f"`true` for one of {', '.join(words)}")
    if scope.migrants and scope.permit_holders is False:
        said = "a scope of migrants that leaves out those with a residence permit"
        yield Fault((*path, "permit_holders"), said, "`migrants: false`, or nothing of permit holders")
    if scope.requires in scope.exempt:
        yield Fault((*path, "requires"), f"nobody is covered who must be {scope.requires} and is exempt for it")
    if scope.requires == "public_servant" and [name for name, yes in scope.covers.items() if yes] == ["foreigner"]:
        yield Fault((*path, "requires"), "nobody is covered: no foreigner is a public servant", "`requires` left out")
    if scope.consent:
        yield from share_of_one((*path, "consent", "share"), scope.consent.share, "consent")


def _instrument(path: Where, instrument: Instrument, rulebook: Rulebook, parameters: Parameters) -> Iterator[Fault]:
    yield from whole((*path, "scope", "min_age"), instrument.scope.min_age, "a minimum age", 0, 120)
    yield from known((*path, "scope", "exempt"), instrument.scope.exempt, EXEMPTIBLE, "status")
    yield from _scope((*path, "scope"), instrument.scope)
    if isinstance(instrument, Graded):
        yield from bands(path, instrument)
    yield from known((*path, "reach"), instrument.reach, parameters.sensors, "sensor")
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
    yield from repair_faults(path, instrument)
    yield from consequences(path, instrument, parameters.services)
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
        yield from whole((*here, "days"), appeal.days, "the days of an appeal", 1, LONGEST_TERM)
        yield from share_of_one((*here, "upheld_wrong"), appeal.upheld_wrong, "upheld_wrong")
        yield from share_of_one((*here, "upheld_other"), appeal.upheld_other, "upheld_other")


def _listing(path: Where, instrument: Listing, parameters: Parameters) -> Iterator[Fault]:
    if instrument.stock is not None:
        yield from share_of_one((*path, "stock"), instrument.stock, "the stock")
    yield from known((*path, "family"), instrument.family, parameters.services, "service")
    denied = {c.service for c in instrument.consequences if c.effect == "deny" and LISTED in c.grades}
    if instrument.spending_order and not denied:
        yield Fault((*path, "spending_order"), "an order not to spend, on nothing", "a service denied to the listed")
    for n, service in enumerate(instrument.family):
        if service in parameters.services and service not in denied:
            message = f"the family is denied {service}, which the listed are not"
            yield Fault((*path, "family", n), message, f"one of {', '.join(sorted(denied))}")


def _weights(path: Where, instrument: Dimensioned) -> Iterator[Fault]:
    if not instrument.dimensions:
        yield Fault((*path, "dimensions"), f"instrument {instrument.id} weighs nothing", "one dimension or more")
    yield from unique(
        [((*path, "dimensions", d, "id"), dimension.id) for d, dimension in enumerate(instrument.dimensions)],
        "dimension",
    )
    for d, dimension in enumerate(instrument.dimensions):
        here = (*path, "dimensions", d)
        yield from _weight(here, dimension)
        yield from attested(here, dimension, f"dimension {dimension.id}")
        if not dimension.features:
            yield Fault((*here, "id"), f"dimension {dimension.id} has no feature", "records, attributes, or both")


def _weight(path: Where, dimension: AnyDimension) -> Iterator[Fault]:
    what = f"the weight of dimension {dimension.id}"
    if isinstance(dimension, Dimension):
        yield from positive((*path, "weight"), dimension.weight, what)
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
    yield from unique([((*where, "id"), feature.id) for where, feature in features], "feature")
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
            yield from whole((*path, key), quantity, f"the {key} of {what}", 0, most)
        if feature.least.exact >= feature.most.exact:
            message = f"{what} ends before it begins: least {feature.least.value}, most {feature.most.value}"
            yield Fault((*path, "most", "value"), message, "more than the least")
    else:
        yield from positive((*path, "weight"), feature.weight, f"the weight of {what}")
        for key, quantity in (("worst", feature.worst), ("best", feature.best)):
            yield from whole((*path, key), quantity, f"the {key} of {what}", 0, most)
        if feature.worst.exact == feature.best.exact:
            message = f"{what} gives the same to everybody: worst and best are both {feature.best.value}"
            yield Fault((*path, "best", "value"), message, "a best other than the worst")
    if isinstance(feature, CountedFeature):
        yield from whole((*path, "window"), feature.window, f"the window of {what}", 1, LONGEST_TERM)
    yield from attested(path, feature, what)


def _scale(path: Where, instrument: Scorecard) -> Iterator[Fault]:
    if not instrument.records and not instrument.attributes:
        yield Fault((*path, "id"), f"instrument {instrument.id} has no feature", "records, attributes, or both")
    here, scale = (*path, "scale"), instrument.scale
    yield from whole((*here, "score"), scale.score, "the score of the scale", -FURTHEST_SCORE, FURTHEST_SCORE)
    yield from whole((*here, "double"), scale.double, "the points that double the odds", 1, FURTHEST_SCORE)
    yield from positive((*here, "odds"), scale.odds, "the odds of the scale")
    yield from _log_odds((*path, "intercept"), instrument.intercept, "the intercept")


def _turns(path: Where, instrument: Rank) -> Iterator[Fault]:
    yield from whole((*path, "every"), instrument.every, "the months between two turns", 1, 1200)
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
            yield from whole((*path, key), years, f"the years of {key}", 1, MOST_YEARS)
    yield from whole((*path, "history"), instrument.history, "the years of history", 0, LONGEST_HISTORY)
    if len(instrument.faults) > MOST_FAULT_RULES:
        where = (*path, "rules", MOST_FAULT_RULES)
        yield Fault(where, f"{len(instrument.faults)} rules of faults", f"at most {MOST_FAULT_RULES}")
    for r, fault in enumerate(instrument.faults):
        here = (*path, "rules", r, "factor")
        if not 1 < fault.factor.exact <= LARGEST:
            yield Fault((*here, "value"), f"{fault.factor.value} for a fault of rule {fault.id}", "a factor above 1")
        yield from _fine(here, fault.factor, f"the factor of rule {fault.id}")
        yield from attested((*path, "rules", r), fault, f"rule {fault.id}")


def _log_odds(path: Where, quantity: Quantity, what: str) -> Iterator[Fault]:
    if abs(quantity.exact) > LARGEST:
        yield Fault((*path, "value"), f"{quantity.value} for {what}", f"log-odds from -{LARGEST} to {LARGEST}")


def _fine(path: Where, quantity: Quantity, what: str) -> Iterator[Fault]:
    if FINEST % quantity.exact.denominator:
        yield Fault((*path, "value"), f"{quantity.value} for {what}", "at most four decimals")


def _feed(path: Where, feed: Feed, fed: int, rulebook: Rulebook) -> Iterator[Fault]:
    yield from held(path, "override", feed.override, rulebook.instruments[fed].grade_names, "a feed")
    yield from attested(path, feed, f"the feed from {feed.rulebook}")
    # Another book need not be in the run; this one is.
    if feed.rulebook == rulebook.name:
        yield from feeder_faults(path, feed, rulebook.instruments[:fed])


def feeder_faults(path: Where, feed: Feed, instruments: Iterable[Instrument]) -> Iterator[Fault]:
    """Find what a feed names that is not there, among the instruments of its book that may feed."""
    grades = {instrument.id: instrument.grade_names for instrument in instruments}
    yield from unknown((*path, "instrument"), "instrument", feed.instrument, grades, "fed by an ")
    if feed.instrument in grades:
        yield from unknown((*path, "grade"), "grade", feed.grade, grades[feed.instrument])


def _rules(path: Where, instrument: Instrument, parameters: Parameters) -> Iterator[Fault]:
    rules: tuple[InstrumentRule, ...] = instrument.rules
    places = [(*path, *instrument.rule_path(r)) for r in range(len(rules))]
    if not isinstance(instrument, Featured):  # whose ids are those of features, checked with these
        yield from unique([((*place, "id"), rule.id) for place, rule in zip(places, rules, strict=True)], "rule")
    if len(rules) > MOST_RULES:
        yield Fault((*path, "rules"), f"{len(rules)} rules", f"at most {MOST_RULES}")
    owner: dict[tuple[str, str], str] = {}
    for here, rule in zip(places, rules, strict=True):
        for n, behaviour in enumerate(rule.behaviours):
            where = (*here, "behaviours", n)
            yield from unknown(where, "behaviour", behaviour, parameters.behaviours, f"rule {rule.id} on an ")
            yield from owned(where, rule, behaviour, owner)
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
        yield from known((*path, "by"), rule.by, reach, "sensor within reach")


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
        yield from whole((*path, "term"), rule.term, f"the term of rule {rule.id}", 1, LONGEST_TERM)
    if rule.discretion:
        yield from _left(path, rule, rule.discretion)
    yield from attested(path, rule, f"rule {rule.id}")


def _left(path: Where, rule: ListRule, discretion: Discretion) -> Iterator[Fault]:
    if rule.term is None:
        yield Fault(
            (*path, "discretion"), f"rule {rule.id} has no term that could be left to anybody", "a term in days"
        )
        return
    for name, bound in (("lowest", discretion.lowest), ("highest", discretion.highest)):
        if bound is None:
            continue
        yield from whole((*path, "discretion", name), bound, f"the {name} term of rule {rule.id}", 1, LONGEST_TERM)
        if (rule.term.exact - bound.exact) * (1 if name == "lowest" else -1) < 0:
            message = f"the term of rule {rule.id} is {rule.term.value} days, and what the text leaves is not"
            side = "least" if name == "lowest" else "most"
            yield Fault((*path, "discretion", name, "value"), message, f"{rule.term.value} at {side}")


def _rule(path: Where, rule: Rule, grades: tuple[str, ...]) -> Iterator[Fault]:
    yield from whole((*path, "points"), rule.points, f"the points of rule {rule.id}", -FURTHEST_SCORE, FURTHEST_SCORE)
    if rule.expires is not None:
        yield from whole((*path, "expires"), rule.expires, f"the expiry of rule {rule.id}", 1, LONGEST_TERM)
    if rule.points.exact == 0 and rule.expires is not None:
        yield Fault((*path, "expires"), f"rule {rule.id} has no points that could expire", "expires: null")
    if rule.points.exact == 0 and rule.override is None:
        yield Fault((*path, "points"), f"rule {rule.id} has no effect", "points other than 0, or an override")
    if rule.repeat and rule.cap:
        yield Fault((*path, "cap"), f"rule {rule.id} has both repeat and cap", "one of the two")
    if rule.repeat:
        yield from whole((*path, "repeat", "window"), rule.repeat.window, "a window", 1, LONGEST_TERM)
        yield from whole((*path, "repeat", "step"), rule.repeat.step, "a step", 1, FURTHEST_SCORE)
        most = FURTHEST_SCORE // max(1, abs(int(rule.points.exact)))
        yield from whole((*path, "repeat", "most"), rule.repeat.most, "the largest multiple", 2, most)
    if rule.cap:
        yield from whole((*path, "cap", "window"), rule.cap.window, "a window", 1, LONGEST_TERM)
        yield from whole((*path, "cap", "most"), rule.cap.most, f"the cap of rule {rule.id}", 1, MOST_COUNTED)
        if rule.points.exact <= 0:
            yield Fault((*path, "cap"), f"rule {rule.id} caps records that it does not reward", "points above 0")
    if rule.override:
        yield from held((*path, "override"), "grade", rule.override.grade, grades, "an override")
        term = rule.override.term
        if term is None:
            yield Fault((*path, "override", "term"), f"the override of rule {rule.id} never ends", "a term in days")
        else:
            yield from whole((*path, "override", "term"), term, "the term of an override", 1, LONGEST_TERM)
    if rule.shared:
        yield from _shared((*path, "shared", "share"), rule, rule.shared.share)
    yield from attested(path, rule, f"rule {rule.id}")


def _shared(path: Where, rule: Rule, share: Quantity) -> Iterator[Fault]:
    yield from share_of_one(path, share, f"the share of rule {rule.id}")
    if not q(0, abs(rule.points.exact) * share.exact):
        message = f"rule {rule.id} shares {share.value} of {rule.points.value} points, which is none"
        yield Fault((*path, "value"), message, "a share that makes a point or more")


def _publicity(path: Where, instrument: Instrument) -> Iterator[Fault]:
    for name, channel in instrument.publicity.channels():
        here = (*path, "publicity", name)
        yield from known((*here, "grades"), channel.grades, instrument.grade_names, "grade")
        yield from attested(here, channel, f"the {name}")
        key = "price_of_shame" if isinstance(channel, Shame) else "praise"
        if getattr(channel, key).exact < 0:
            yield Fault((*here, key, "value"), f"{key} is below zero", "yuan a year, 0 or more")

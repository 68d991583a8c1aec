"""Compiling rulebooks to tables: the integers that score and treat read, computed exactly once per run.

All tables stack the instruments of all rulebooks in order; shorter lists of rules and grades are padded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import CHANNELS
from scorepolis.core.errors import InputError
from scorepolis.core.exact import exp_fraction, q
from scorepolis.core.provenance import Quantity
from scorepolis.parameters import Parameters
from scorepolis.parameters.model import REGISTRATIONS
from scorepolis.rulebooks.checking import Fault
from scorepolis.rulebooks.checks import MOST_COUNTED, MOST_INSTRUMENTS, faults, feeder_faults
from scorepolis.rulebooks.codes import (
    BY_PARTS,
    BY_RANK,
    BY_YEARS,
    FIRST_FLAG,
    HIGHEST_VALUE,
    KINDS_OF_VALUE,
    NEVER,
    NO_FEATURE,
)
from scorepolis.rulebooks.effects import Effects
from scorepolis.rulebooks.schema import (
    ATTRIBUTES,
    EXEMPTIBLE,
    WAYS,
    BonusMalus,
    Featured,
    Instrument,
    InstrumentRule,
    Listing,
    Rank,
    RegisteredFeature,
    Rulebook,
    repaired_as,
)
from scorepolis.rulebooks.taking import fill_taking
from scorepolis.rulebooks.value import score_values

Table = npt.NDArray[np.generic]

CELLS: Final = 32
"""Rate cells of people: age band * 4 + female * 2 + urban."""
BEYOND: Final = 1 << 30
"""Lowest score and midpoint of a grade that does not exist: no score reaches it."""
ALWAYS_OPEN: Final = 1 << 16
ADULTS: Final = range(8, CELLS)
"""Rate cells from band 2 on."""


def compile_instruments(rulebooks: Sequence[Rulebook], parameters: Parameters) -> dict[str, Table]:
    """Compile the instruments of rulebooks to tables.

    Parameters
    ----------
    rulebooks : sequence of Rulebook
        The rulebooks of the run, in order. Without instruments the tables are empty.
    parameters : Parameters
        Behaviours, services, sensors and coefficients.

    Returns
    -------
    dict of str to numpy.ndarray
        Tables by name. First axis: instruments. Other axes: behaviours, rules, grades, services, sensors, rate cells.

    Raises
    ------
    InputError
        If a rulebook does not fit together, stands twice, or there are more than 16 instruments.
    """
    _check(rulebooks, parameters)
    instruments = [instrument for rulebook in rulebooks for instrument in rulebook.instruments]
    rules = max((len(instrument.rules) for instrument in instruments), default=0)
    grades = max((len(instrument.grades) for instrument in instruments), default=0)
    features = max((len(i.features) for i in instruments if isinstance(i, Featured)), default=0)
    turns = max((i.turns for i in instruments if isinstance(i, Rank)), default=0)
    tables = _empty(len(instruments), rules, grades, features, parameters, turns)
    for k, instrument in enumerate(instruments):
        _fill_instrument(tables, k, instrument, parameters)
        _fill_rules(tables, k, instrument, parameters)
        if isinstance(instrument, Featured):
            _fill_features(tables, k, instrument)
        if isinstance(instrument, Rank):
            _fill_turns(tables, k, instrument)
        if isinstance(instrument, BonusMalus):
            _fill_years(tables, k, instrument)
        _fill_repair(tables, k, instrument)
        _fill_effects(tables, k, instrument, parameters)
        _fill_worth(tables, k, instrument, parameters)
    tables["value"] = score_values(tables)
    for k, instrument in enumerate(instruments):
        _fill_wrongful(tables, k, instrument, parameters)
    _fill_feeds(tables, rulebooks)
    return tables


def _check(rulebooks: Sequence[Rulebook], parameters: Parameters) -> None:
    # A rulebook that was loaded is sound already; one changed in Python by `with_` is checked here.
    for rulebook in rulebooks:
        for fault in (*faults(rulebook, parameters), *_misfed(rulebook, rulebooks)):
            place = ".".join(str(part) for part in fault.path)
            raise InputError(
                f"rulebook {rulebook.name}, {place}: {fault.message}", expected=fault.expected, nearest=fault.nearest
            )
    names = [rulebook.name for rulebook in rulebooks]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"the rulebook '{name}' stands twice in one run", expected="each rulebook once")
    count = sum(len(rulebook.instruments) for rulebook in rulebooks)
    if count > MOST_INSTRUMENTS:
        raise InputError(f"{count} instruments in one run", expected=f"at most {MOST_INSTRUMENTS}")


def _misfed(rulebook: Rulebook, rulebooks: Sequence[Rulebook]) -> Iterator[Fault]:
    """Check the feeds that come from other books of the run."""
    for m, fed in enumerate(rulebook.instruments):
        for f, feed in enumerate(fed.fed_by):
            for other in rulebooks:
                if other.name == feed.rulebook != rulebook.name:
                    yield from feeder_faults(("instruments", m, "fed_by", f), feed, other.instruments)


def _empty(
    instruments: int, rules: int, grades: int, features: int, parameters: Parameters, turns: int
) -> dict[str, Table]:
    behaviours, services, sensors = len(parameters.behaviours), len(parameters.services), len(parameters.sensors)
    shapes: dict[str, tuple[tuple[int, ...], type[np.generic], int]] = {
        "rule_of": ((behaviours, sensors), np.int16, -1),
        "rule_weighed": ((behaviours,), np.int16, -1),
        "rule_points": ((rules,), np.int16, 0),
        "rule_expires": ((rules,), np.int32, -1),
        "rule_counter": ((rules,), np.int8, -1),
        "rule_window": ((rules,), np.int32, 0),
        "rule_step": ((rules,), np.int16, 0),
        "rule_repeat_most": ((rules,), np.int16, 0),
        "rule_cap": ((rules,), np.int16, -1),
        "rule_override": ((rules,), np.int8, -1),
        "rule_override_term": ((rules,), np.int32, 0),
        "rule_nibble": ((rules,), np.int8, -1),
        "rule_duration": ((rules,), np.int64, 0),
        "rule_shared": ((rules,), np.int64, 0),
        "rule_repair": ((rules,), np.int32, -1),
        "rule_ways": ((rules, len(WAYS)), np.int8, -1),
        "repair_asks": ((), np.int64, 0),
        "repair_granted": ((), np.int64, 0),
        "repair_days": ((), np.int32, 0),
        "repair_clean": ((), np.uint8, 0),
        "repair_costs": ((), np.int64, 0),
        "repair_deeds": ((), np.uint8, 0),
        "repair_least": ((), np.int32, 0),
        "override_grade": ((2,), np.int8, -1),
        "is_list": ((), np.uint8, 0),
        "is_weighted": ((), np.uint8, 0),
        "rule_steps": ((rules, MOST_COUNTED + 1), np.int32, 0),
        "feature_value": ((features,), np.int8, NO_FEATURE),
        "feature_parts": ((features, HIGHEST_VALUE + 1), np.int64, 0),
        "reckoning": ((), np.uint8, 0),
        "score_base": ((), np.int64, 0),
        "turn_months": ((), np.int32, 1),
        "turns_count": ((), np.int32, 1),
        "merit_parts": ((turns, features, HIGHEST_VALUE + 1), np.int64, 0),
        "rule_factor": ((rules, 2), np.int32, 1),
        "year_factor": ((2,), np.int32, 1),
        "year_protected": ((), np.int32, NEVER),
        "year_returns": ((), np.int32, NEVER),
        "history_days": ((), np.int32, 0),
        "rules_count": ((), np.int32, 0),
        "stock_q32": ((), np.int64, 0),
        "spending_order": ((), np.uint8, 0),
        "feed_grade": ((instruments,), np.int8, -1),
        "feed_override": ((instruments,), np.int8, -1),
        "score_lowest": ((), np.int32, 0),
        "score_highest": ((), np.int32, 0),
        "score_start": ((), np.int32, 0),
        "grade_lowest": ((grades,), np.int32, BEYOND),
        "grade_midpoint": ((grades,), np.int32, BEYOND),
        "grades_count": ((), np.int32, 0),
        "reach": ((sensors,), np.uint8, 0),
        "scope_min_age": ((), np.int32, 0),
        "scope_covers": ((len(REGISTRATIONS),), np.uint8, 0),
        "scope_exempt": ((), np.uint8, 0),
        "scope_requires": ((), np.uint16, 0),
        "notice": ((), np.uint8, 0),
        "appeal_days": ((), np.int32, 0),
        "upheld_q32": ((2,), np.int64, 0),
        "awareness_q32": ((), np.int64, 0),
        "effect_bits": ((services, grades), np.uint8, 0),
        "effect_days": ((services, grades), np.int32, 0),
        "effect_percent": ((services, grades), np.int32, 0),
        "family_denies": ((services,), np.uint8, 0),
        "shown_on": ((grades,), np.uint8, 0),
        "worth": ((CELLS, grades), np.int64, 0),
        "open_door": ((behaviours, grades), np.int64, ALWAYS_OPEN),
        "no_legal_basis": ((rules, behaviours), np.uint8, 0),
        "disproportionate": ((rules, behaviours), np.uint8, 0),
    }
    return {name: np.full((instruments, *shape), fill, dtype) for name, (shape, dtype, fill) in shapes.items()}


def _fill_instrument(tables: dict[str, Table], k: int, instrument: Instrument, parameters: Parameters) -> None:
    awareness = parameters.coefficients.awareness
    share = {"published": Fraction(1), "partly": awareness.partly_known.exact, "secret": Fraction(0)}
    known = Fraction(1) if instrument.scope.consent else awareness.awareness.exact  # whoever agrees knows of it
    tables["awareness_q32"][k] = q(32, known * share[instrument.transparency])
    tables["score_lowest"][k] = _whole(instrument.range.lowest)
    tables["score_highest"][k] = _whole(instrument.range.highest)
    tables["score_start"][k] = _whole(instrument.start)
    tables["scope_min_age"][k] = _whole(instrument.scope.min_age)
    tables["scope_covers"][k] = list(instrument.scope.covers.values())
    tables["scope_exempt"][k] = sum(1 << EXEMPTIBLE.index(status) for status in instrument.scope.exempt)
    if instrument.scope.requires:
        tables["scope_requires"][k] = _flag_bit(instrument.scope.requires)
    tables["notice"][k] = instrument.notice
    if instrument.appeal:
        tables["appeal_days"][k] = _whole(instrument.appeal.days)
        upheld = instrument.appeal.upheld_wrong, instrument.appeal.upheld_other
        tables["upheld_q32"][k] = [q(32, share.exact) for share in upheld]
    if isinstance(instrument, Listing):
        tables["is_list"][k] = True
        tables["stock_q32"][k] = q(32, instrument.stock.exact) if instrument.stock else 0
        tables["spending_order"][k] = instrument.spending_order
        tables["family_denies"][k] = [service in instrument.family for service in parameters.services]
    tables["grades_count"][k] = len(instrument.grades)
    for g, grade in enumerate(instrument.grades):
        tables["grade_lowest"][k, g] = _whole(grade.lowest)
        tables["grade_midpoint"][k, g] = (_whole(grade.lowest) + _whole(grade.highest)) // 2
    for s, sensor in enumerate(parameters.sensors):
        tables["reach"][k, s] = sensor in instrument.reach
    for n, g in enumerate(instrument.override_grades):
        tables["override_grade"][k, n] = g


def _flag_bit(name: str) -> int:
    """Give the bit of a flag among those of a person."""
    return 1 << (KINDS_OF_VALUE + ATTRIBUTES.index(name) - FIRST_FLAG)


def _fill_rules(tables: dict[str, Table], k: int, instrument: Instrument, parameters: Parameters) -> None:
    grades = instrument.grade_names
    rules: tuple[InstrumentRule, ...] = instrument.rules
    fill_taking(tables["rule_of"][k], tables["rule_weighed"][k], rules, parameters.behaviours, parameters.sensors)
    for counter, r in enumerate(instrument.counted_rules):
        tables["rule_counter"][k, r] = counter
    for r, rule in enumerate(rules):
        if not isinstance(instrument, Featured | BonusMalus):  # whose records change nothing before they are reckoned
            tables["rule_points"][k, r] = _whole(rule.points)
        tables["rule_duration"][k, r] = _duration(rule, parameters)
        if rule.expires:
            tables["rule_expires"][k, r] = _whole(rule.expires)
        if rule.repeat:
            tables["rule_window"][k, r] = _whole(rule.repeat.window)
            tables["rule_step"][k, r] = _whole(rule.repeat.step)
            tables["rule_repeat_most"][k, r] = _whole(rule.repeat.most)
        if rule.cap:
            tables["rule_window"][k, r] = _whole(rule.cap.window)
            tables["rule_cap"][k, r] = _whole(rule.cap.most)
        if rule.shared:
            tables["rule_shared"][k, r] = q(16, rule.shared.share.exact)
        if rule.override:
            tables["rule_override"][k, r] = grades.index(rule.override.grade)
            tables["rule_override_term"][k, r] = _whole(rule.override.term)
            tables["rule_nibble"][k, r] = instrument.nibble(r)


def _fill_repair(tables: dict[str, Table], k: int, instrument: Instrument) -> None:
    """Tabulate who may ask for repair and when, by which ways, and what these ask."""
    repair = instrument.repair
    if repair is None:
        return
    tables["repair_asks"][k] = q(32, repair.asks.exact)
    tables["repair_granted"][k] = q(32, repair.granted.exact)
    tables["repair_days"][k] = _whole(repair.days)
    tables["repair_clean"][k] = repair.clean
    tables["repair_costs"][k] = _whole(repair.course.costs) if repair.course else 0
    rules: tuple[InstrumentRule, ...] = instrument.rules
    if repair.good_deeds:
        counted = [rules[r].id for r in instrument.counted_rules]
        tables["repair_deeds"][k] = sum(1 << counted.index(name) for name in repair.good_deeds.rules)
        tables["repair_least"][k] = _whole(repair.good_deeds.least)
    for r, rule in enumerate(rules):
        if known := repaired_as(instrument, rule):
            tables["rule_repair"][k, r] = _whole(known.after)
            tables["rule_ways"][k, r, : len(known.by)] = [WAYS.index(way) for way in known.by]


def _fill_features(tables: dict[str, Table], k: int, instrument: Featured) -> None:
    """Of each feature what it reads, and what it gives at each value."""
    tables["is_weighted"][k] = True
    tables["reckoning"][k] = BY_PARTS
    tables["score_base"][k] = q(16, instrument.base)
    for f, (feature, _) in enumerate(instrument.features):
        known = KINDS_OF_VALUE + ATTRIBUTES.index(feature.attribute) if isinstance(feature, RegisteredFeature) else f
        tables["feature_value"][k, f] = known
        tables["feature_parts"][k, f] = [instrument.part(f, value) for value in range(HIGHEST_VALUE + 1)]
    for r, rule in enumerate(instrument.rules):
        tables["rule_window"][k, r] = _whole(rule.window)
        tables["rule_steps"][k, r] = [instrument.step(r, earlier) for earlier in range(MOST_COUNTED + 1)]


def _fill_turns(tables: dict[str, Table], k: int, instrument: Rank) -> None:
    """Tabulate what each feature adds to merit, turn by turn."""
    tables["reckoning"][k] = BY_RANK
    tables["turn_months"][k] = _whole(instrument.every)
    tables["turns_count"][k] = instrument.turns
    for turn in range(instrument.turns):
        for f in range(len(instrument.features)):
            parts = [instrument.merit_part(turn, f, value) for value in range(HIGHEST_VALUE + 1)]
            tables["merit_parts"][k, turn, f] = parts


def _fill_years(tables: dict[str, Table], k: int, instrument: BonusMalus) -> None:
    """Tabulate what a year does to the coefficient, as exact fractions."""
    tables["is_weighted"][k] = True
    tables["reckoning"][k] = BY_YEARS
    tables["year_factor"][k] = instrument.claim_free.exact.as_integer_ratio()
    for name, years in (("year_protected", instrument.protected), ("year_returns", instrument.returns)):
        tables[name][k] = NEVER if years is None else _whole(years)
    tables["history_days"][k] = 365 * _whole(instrument.history)
    tables["rules_count"][k] = len(instrument.faults)
    for r, fault in enumerate(instrument.faults):
        tables["rule_factor"][k, r] = fault.factor.exact.as_integer_ratio()
        tables["rule_steps"][k, r] = [instrument.step(r, earlier) for earlier in range(MOST_COUNTED + 1)]


def _duration(rule: InstrumentRule, parameters: Parameters) -> int:
    """Discounted years for which a record of the rule counts, in Q8."""
    coefficients = parameters.coefficients
    days = max((term or coefficients.past.past_horizon).exact for term in rule.terms)
    years, rate = days / 365, coefficients.deterrence.discount_rate.exact
    # Without discounting, the formula's limit is the plain number of years.
    return q(8, (1 - exp_fraction(-rate * years)) / rate if rate else years)


def _fill_effects(tables: dict[str, Table], k: int, instrument: Instrument, parameters: Parameters) -> None:
    services, effects = tuple(parameters.services), _effects(tables, k)
    effects.fill(instrument, services)
    for b, behaviour in enumerate(parameters.behaviours.values()):
        if behaviour.door is not None:
            shut = effects.denied[services.index(behaviour.door.service)]
            tables["open_door"][k, b, : len(shut)][shut] = q(16, 1 - behaviour.door.share.exact)
    for name, channel in instrument.publicity.channels():
        for g in map(instrument.grade_names.index, channel.grades):
            tables["shown_on"][k, g] |= 1 << CHANNELS.index(name)


def _fill_worth(tables: dict[str, Table], k: int, instrument: Instrument, parameters: Parameters) -> None:
    """Worth of each grade to each rate cell, in yuan a year."""
    effects = _effects(tables, k)
    channels = [channel for _, channel in instrument.publicity.channels()]
    for g, grade in enumerate(instrument.grade_names):
        shown = sum((channel.worth for channel in channels if grade in channel.grades), Fraction(0))
        worths = {
            name: effects.worth(v, g, service, parameters)
            for v, (name, service) in enumerate(parameters.services.items())
            if effects.bits[v, g] or effects.percent[v, g]
        }
        for cell in range(CELLS):
            total = sum(_want(parameters, name, cell) * worth for name, worth in worths.items())
            tables["worth"][k, cell, g] = q(0, shown + total)


def _effects(tables: dict[str, Table], k: int) -> Effects:
    return Effects(*(tables[f"effect_{name}"][k] for name in Effects._fields))


def _fill_wrongful(tables: dict[str, Table], k: int, instrument: Instrument, parameters: Parameters) -> None:
    """Which true records have no legal basis, and for which the sanction is out of proportion to the harm."""
    proportion, start = parameters.coefficients.wrongful.proportion.exact, _whole(instrument.start)
    names = tuple(parameters.behaviours)
    rules: tuple[InstrumentRule, ...] = instrument.rules
    for r, rule in enumerate(rules):
        then = start + _whole(rule.points)
        if rule.override:
            then = min(then, int(tables["grade_midpoint"][k, tables["rule_override"][k, r]]))
        loss = _mean_worth(tables, k, start) - _mean_worth(tables, k, then)
        loss = (loss * int(tables["rule_duration"][k, r])) >> 8
        punishes = rule.points.exact < 0 or rule.override is not None
        for name in rule.behaviours:
            b, behaviour = names.index(name), parameters.behaviours[name]
            harm = behaviour.harm.exact if behaviour.harm else Fraction(0)
            bearable = q(0, proportion * harm * behaviour.weight.exact)
            tables["disproportionate"][k, r, b] = punishes and loss > bearable
            tables["no_legal_basis"][k, r, b] = behaviour.protected is not None or rule.legal_basis == "none"


def _mean_worth(tables: dict[str, Table], k: int, score: int) -> int:
    """Worth of a score to adults, in yuan a year: the plain mean over their rate cells."""
    lowest, highest = int(tables["score_lowest"][k]), int(tables["score_highest"][k])
    worths = tables["value"][k, :, min(max(score, lowest), highest) - lowest]
    return sum(int(worths[cell]) for cell in ADULTS) // len(ADULTS)


def _fill_feeds(tables: dict[str, Table], rulebooks: Sequence[Rulebook]) -> None:
    """Which instrument is fed by which before it in the run; a feed from a book that is not there is idle."""
    order = [(rulebook.name, instrument) for rulebook in rulebooks for instrument in rulebook.instruments]
    for m, (_, fed) in enumerate(order):
        for feed in fed.fed_by:
            for k, (book, feeder) in enumerate(order[:m]):
                if (book, feeder.id) == (feed.rulebook, feed.instrument):
                    tables["feed_grade"][k, m] = feeder.grade_names.index(feed.grade)
                    tables["feed_override"][k, m] = fed.grade_names.index(feed.override)


def _want(parameters: Parameters, name: str, cell: int) -> Fraction:
    """Applications for a service per person and year in a rate cell."""
    service = parameters.services[name]
    factor = service.urban.exact if service.urban is not None and cell & 1 else Fraction(1)
    return service.wants.exact * parameters.age_profiles[service.age].exact[cell >> 2] * factor


def _whole(quantity: Quantity | None) -> int:
    # The checks have made sure that it is whole, and there where it is needed.
    return 0 if quantity is None else int(quantity.exact)

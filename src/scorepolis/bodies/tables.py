"""The tables of public bodies: chances and yuan as integers, made once from parameters and rulebooks, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.errors import InputError
from scorepolis.core.exact import exp_fraction, q
from scorepolis.core.provenance import Quantity
from scorepolis.firms.buffers import NONE
from scorepolis.firms.chances import CERTAIN, law_risk
from scorepolis.firms.tables import LEVELS, MOST_INSTRUMENTS, MOST_YUAN, q30
from scorepolis.measures.bodies import layout
from scorepolis.parameters import Parameters
from scorepolis.parameters.bodies import BEHAVIOURS
from scorepolis.rulebooks.effects import Effects
from scorepolis.rulebooks.organisations import bindings, span
from scorepolis.rulebooks.schema import BodyInstrument, BodyRating, Rulebook
from scorepolis.rulebooks.taking import fill_taking
from scorepolis.rulebooks.value import score_values

Tables = dict[str, Any]

YEAR: Final = 256
"""A year, in 1/256."""


def common_body_tables(parameters: Parameters, quantiles: Sequence[Fraction]) -> Tables:
    """Build what does not depend on rulebooks.

    Parameters
    ----------
    parameters
        Validated.
    quantiles
        Standard normal score of each level of a trait.

    Returns
    -------
    dict
        Arrays by the names in `core.columns`.
    """
    bodies = parameters.bodies
    arrears, judgments = bodies.behaviours.payment_arrears, bodies.behaviours.ignoring_judgment
    falsified = bodies.behaviours.falsified_reports
    kinds, sensors = range(len(bodies.kinds)), tuple(bodies.sensors.values())

    def yuan(amount: Quantity | None, least: int = 0) -> int:
        return min(MOST_YUAN, max(least, q(0, amount.exact) if amount else 0))

    def factors(slope: Quantity) -> npt.NDArray[np.int64]:
        levels = [exp_fraction(slope.exact * z) for z in quantiles]
        mean = sum(levels, Fraction(0)) / LEVELS
        return np.array([q(16, level / mean) for level in levels], np.int64)

    rates = np.array([q30(arrears.rate.exact * arrears.kinds.exact[x] / 12) for x in kinds], np.int64)
    bill = (rates[:, None] * factors(arrears.slope)) >> 16
    ignore = (q30(judgments.ignored.exact) * factors(judgments.slope)) >> 16
    shares = (arrears.unable, arrears.paid, arrears.sued, judgments.performed, falsified.effort)
    wants = [[q30(s.wants.exact * s.kinds.exact[x] / 12) for x in kinds] for s in bodies.services.values()]
    seen = np.full((len(BEHAVIOURS), len(sensors)), -1, np.int64)
    ordinary = np.zeros((len(sensors), len(bodies.kinds)), np.int64)
    for s, sensor in enumerate(sensors):
        for name, chance in sensor.sees.items():
            seen[BEHAVIOURS.index(name), s] = q30(chance.exact)
        if sensor.inspects:
            ordinary[s] = [q30(sensor.inspects.rate.exact * sensor.inspects.kinds.exact[x] / 12) for x in kinds]
    np.minimum(ordinary, CERTAIN, out=ordinary)
    desk = np.array([sensor.inspects is None for sensor in sensors], np.uint8)
    return {
        "body_bill": np.minimum(bill, CERTAIN),
        "body_ignore": np.minimum(ignore, CERTAIN),
        "body_shares": np.array([q30(share.exact) for share in shares], np.int64),
        "body_wants": np.minimum(np.array(wants, np.int64).reshape(len(wants), len(kinds)), CERTAIN),
        "body_fine": np.array([yuan(one) for one in (arrears.fine, judgments.fine, None, falsified.fine)], np.int64),
        "body_gain": np.array(
            [yuan(one, 1) for one in (arrears.gain, judgments.gain, None, falsified.scruple)], np.int64
        ),
        "body_temper": factors(falsified.slope),
        "firm_strain": np.int64(q(8, bodies.suppliers.strain.exact)),
        "body_seen": seen,
        "body_desk": desk,
        "body_ordinary": ordinary,
        "body_risk": law_risk(np.maximum(seen, 0), desk, ordinary),
        "body_wrong": np.array([q30(sensor.wrong_body.exact) for sensor in sensors], np.int64),
        "body_false": np.array(
            [q30(sensor.false_finding.exact) if sensor.false_finding else 0 for sensor in sensors], np.int64
        ),
        "body_term": np.int64(q(0, bodies.head_term.exact)),
        "body_past": np.int64(q(0, bodies.past_months.exact)),
        "body_reporter": np.int64(tuple(parameters.sensors).index(bodies.reports_by)),
    }


def instrument_body_tables(
    parameters: Parameters, rulebooks: Sequence[Rulebook], in_force: Sequence[int], people: Sequence[tuple[str, str]]
) -> Tables:
    """Build what depends on the rulebooks in force in a place.

    Parameters
    ----------
    parameters, rulebooks
        Validated: all rulebooks of the run.
    in_force
        Numbers of the rulebooks in force there.
    people
        Rulebook and id of each instrument of people in force there, in order.

    Returns
    -------
    dict
        Arrays by the names in `core.columns`, first axis the instruments of bodies in force, but for `body_binds`.
    """
    bodies = parameters.bodies
    every = [(n, instrument) for n, book in enumerate(rulebooks) for instrument in book.bodies]
    if len(every) > MOST_INSTRUMENTS:
        raise InputError(
            f"{len(every)} instruments of public bodies in one run", expected=f"at most {MOST_INSTRUMENTS}"
        )
    here = [(number, instrument) for number, (n, instrument) in enumerate(every) if n in in_force]
    grades = max((len(instrument.grade_names) for _, instrument in every), default=0)
    rules = max((len(instrument.rules) for _, instrument in every), default=0)
    scores = max((span(instrument) for _, instrument in every), default=1)
    kinds, services, sensors = len(bodies.kinds), len(bodies.services), len(bodies.sensors)
    shapes: dict[str, tuple[tuple[int, ...], type[np.generic], int]] = {
        "body_list": ((), np.uint8, 0),
        "body_known": ((), np.uint8, 0),
        "body_kinds": ((kinds,), np.uint8, 0),
        "body_quota": ((2,), np.int64, 0),
        "body_reach": ((sensors,), np.uint8, 0),
        "body_rule_of": ((len(BEHAVIOURS), sensors), np.int16, -1),
        "body_rule_weighed": ((len(BEHAVIOURS),), np.int16, -1),
        "body_rule_points": ((rules,), np.int32, 0),
        "body_rule_assign": ((rules,), np.uint8, NONE),
        "body_rule_term": ((rules,), np.uint8, NONE),
        "body_rule_duration": ((rules,), np.int64, YEAR),
        "body_month": ((), np.int64, 0),
        "body_start": ((), np.int32, 0),
        "body_range": ((2,), np.int32, 0),
        "body_graded": ((scores,), np.uint8, 0),
        "body_worth": ((kinds, grades), np.int64, 0),
        "body_value": ((kinds, scores), np.int64, 0),
        "body_effect_bits": ((services, grades), np.uint8, 0),
        "body_effect_days": ((services, grades), np.int32, 0),
        "body_effect_percent": ((services, grades), np.int32, 0),
    }
    tables: Tables = {name: np.full((len(here), *shape), fill, dtype) for name, (shape, dtype, fill) in shapes.items()}
    plan = layout(parameters, rulebooks)
    first = [at for at, (what, _, _) in enumerate(plan.moments) if what == "in_scope"]
    tables["body_instruments"] = np.array([number for number, _ in here], np.int64)
    tables["body_columns"] = np.array([first[number] for number, _ in here], np.int64)
    tables["body_widths"] = np.array([len(plan.groups), len(plan.flows), len(plan.moments)], np.int64)
    for k, (_, instrument) in enumerate(here):
        _fill(tables, k, instrument, parameters)
    tables["body_binds"] = bindings([instrument for _, instrument in here], people)
    return tables


def sight_table(parameters: Parameters, tables: Tables) -> Tables:
    """Build what the sensor by which bodies report sees of bad conduct where it covers all, from the tables of a place.

    Parameters
    ----------
    parameters
        Validated.
    tables
        With `behaviour_sensors` and `seen`.

    Returns
    -------
    dict
        `body_sight`: 2^-32, by behaviour; 0 of what it does not see, of good deeds, and where it is not in force.
    """
    reporter = tuple(parameters.sensors).index(parameters.bodies.reports_by)
    sight = np.zeros(len(parameters.behaviours), np.int64)
    for b, behaviour in enumerate(parameters.behaviours.values()):
        at = np.flatnonzero(tables["behaviour_sensors"][b] == reporter)
        if at.size and behaviour.conduct == "bad":
            sight[b] = tables["seen"][b, at[0], -1]
    return {"body_sight": sight}


def _fill(tables: Tables, k: int, instrument: BodyInstrument, parameters: Parameters) -> None:
    bodies = parameters.bodies
    tables["body_known"][k] = instrument.transparency != "secret"
    tables["body_kinds"][k] = [not instrument.scope.kinds or x in instrument.scope.kinds for x in bodies.kinds]
    quota = instrument.quota.exact if instrument.quota else Fraction(0)
    tables["body_quota"][k] = quota.numerator, quota.denominator
    tables["body_reach"][k] = [sensor in instrument.reach for sensor in bodies.sensors]
    rule_of, weighed = tables["body_rule_of"][k], tables["body_rule_weighed"][k]
    fill_taking(rule_of, weighed, instrument.rules, BEHAVIOURS, bodies.sensors)
    effects = Effects(*(tables[f"body_effect_{name}"][k] for name in Effects._fields))
    effects.fill(instrument, tuple(bodies.services))
    _fill_worth(tables, k, instrument, effects, parameters)
    if isinstance(instrument, BodyRating):
        _fill_rating(tables, k, instrument)
    else:
        tables["body_list"][k] = True
        for r, rule in enumerate(instrument.rules):
            if rule.term:
                tables["body_rule_term"][k, r] = int(rule.term.exact)
                tables["body_rule_duration"][k, r] = q(8, rule.term.exact / 12)


def _fill_rating(tables: Tables, k: int, rating: BodyRating) -> None:
    names = rating.grade_names
    lowest, highest = int(rating.range.lowest.exact), int(rating.range.highest.exact)
    tables["body_month"][k] = int(rating.month.exact) if rating.month else 0
    tables["body_start"][k] = int(rating.start.exact)
    tables["body_range"][k] = lowest, highest
    for g, band in enumerate(rating.grades):
        tables["body_graded"][k, int(band.lowest.exact) - lowest : int(band.highest.exact) - lowest + 1] = g
    for r, rule in enumerate(rating.rules):
        tables["body_rule_points"][k, r] = int(rule.points.exact)
        if rule.assign is not None:
            tables["body_rule_assign"][k, r] = names.index(rule.assign)
    middles = [(int(band.lowest.exact) + int(band.highest.exact)) // 2 for band in rating.grades]
    values = score_values(
        {
            "worth": tables["body_worth"][k : k + 1, :, : len(names)],
            "grade_midpoint": np.array([middles]),
            "grades_count": np.array([len(names)]),
            "score_lowest": np.array([lowest]),
            "score_highest": np.array([highest]),
        }
    )
    tables["body_value"][k, :, : highest - lowest + 1] = values[0]


def _fill_worth(tables: Tables, k: int, instrument: BodyInstrument, effects: Effects, parameters: Parameters) -> None:
    """Worth of each grade to each kind of body, in yuan a year: what it opens and closes."""
    bodies = parameters.bodies
    for x in range(len(bodies.kinds)):
        for g in range(len(instrument.grade_names)):
            total = Fraction(0)
            for v, service in enumerate(bodies.services.values()):
                effect = effects.worth(v, g, service, parameters)
                total += service.wants.exact * service.kinds.exact[x] * effect
            tables["body_worth"][k, x, g] = q(0, total)

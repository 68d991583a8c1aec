"""The tables of firms: chances and yuan as integers, made once from parameters and rulebooks, in exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.errors import InputError
from scorepolis.core.exact import exp_fraction, q
from scorepolis.core.provenance import Quantities, Quantity
from scorepolis.firms.buffers import NONE
from scorepolis.firms.chances import CERTAIN, law_risk
from scorepolis.measures.firms import BESIDES, STANDING_OF_APPEALS, layout
from scorepolis.parameters import Parameters
from scorepolis.parameters.firms import CLEAN, Firms
from scorepolis.rulebooks.effects import Effects
from scorepolis.rulebooks.organisations import bindings, span
from scorepolis.rulebooks.schema import FirmInstrument, Rating, Rulebook
from scorepolis.rulebooks.taking import fill_taking

Tables = dict[str, Any]

MOST_INSTRUMENTS: Final = 16
LEVELS: Final = 16
MOST_YUAN: Final = (1 << 31) - 1


def q30(share: Fraction) -> int:
    """Round a chance to the fixed point of firms."""
    return q(30, share)


def cells_of(firms: Firms) -> list[tuple[int, int, str]]:
    """Give the size, its number, and the sector of each cell."""
    return [(x, y, sector) for x in range(len(firms.sizes)) for y, sector in enumerate(firms.sectors)]


def common_firm_tables(parameters: Parameters, quantiles: Sequence[Fraction]) -> Tables:
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

    Raises
    ------
    InputError
        If some firm would do more than one thing a month.
    """
    firms = parameters.firms
    cells = cells_of(firms)
    behaviours, sensors = tuple(firms.behaviours.items()), tuple(firms.sensors.items())
    habits: list[tuple[Quantity | None, Quantities | None, tuple[str, ...], Quantity | None]] = [
        (b.rate, b.sizes, b.sectors, b.slope) for _, b in behaviours
    ]
    habits += [(s.wants, s.sizes, s.sectors, None) for s in firms.services.values()]
    rates = np.zeros((len(habits), len(cells)), np.int64)
    traits = np.full((len(habits), LEVELS), 1 << 16, np.int64)
    for kind, (rate, sizes, sectors, slope) in enumerate(habits):
        if rate is None or sizes is None:
            continue
        rates[kind] = [
            q30(rate.exact * sizes.exact[x] / 12) if not sectors or sector in sectors else 0 for x, _, sector in cells
        ]
        if slope is not None:
            levels = [exp_fraction(slope.exact * z) for z in quantiles]
            mean = sum(levels, Fraction(0)) / len(levels)
            traits[kind] = [q(16, level / mean) for level in levels]
    most = ((rates[:, :, None] * traits[:, None, :]) >> 16).sum(axis=0).max(initial=0)
    if most > CERTAIN:
        raise InputError(
            f"firms would do {most / CERTAIN:.2f} things a month", expected="at most 1: lower rates in firms.behaviours"
        )
    scale = [size.scale.exact for size in firms.sizes.values()]

    def yuan(amounts: Sequence[Fraction], least: int) -> npt.NDArray[np.int64]:
        return np.array([[min(MOST_YUAN, max(least, q(0, a * s))) for s in scale] for a in amounts], np.int64)

    seen = np.zeros((len(behaviours), len(sensors)), np.int64)
    ordinary = np.zeros((len(sensors), len(cells)), np.int64)
    bad_seen = np.full((len(sensors), len(behaviours)), -1, np.int64)
    favours = np.full((len(sensors), 2), -1, np.int64)
    names = tuple(firms.behaviours)
    for s, (_, sensor) in enumerate(sensors):
        for name, chance in sensor.sees.items():
            seen[names.index(name), s] = q30(chance.exact)
        bad = [names.index(name) for name in sensor.sees if firms.behaviours[name].conduct == "bad"]
        bad_seen[s, : len(bad)] = bad
        if sensor.inspects:
            ordinary[s] = [
                q30(sensor.inspects.rate.exact * sensor.inspects.sizes.exact[x] / 12)
                if not sensor.sectors or sector in sensor.sectors
                else 0
                for x, _, sector in cells
            ]
        if sensor.favours:
            favours[s] = names.index(sensor.favours.behaviour), q30(sensor.favours.share.exact)
    np.minimum(ordinary, CERTAIN, out=ordinary)
    desk = np.array([sensor.inspects is None for _, sensor in sensors], np.uint8)
    life = firms.life
    return {
        "firm_rates": rates,
        "firm_traits": traits,
        "firm_fine": yuan([b.fine.exact if b.fine else Fraction(0) for _, b in behaviours], 0),
        "firm_gain": yuan([b.gain.exact if b.gain else Fraction(0) for _, b in behaviours], 1),
        "firm_unable": np.array([q30(b.unable.exact) if b.unable else 0 for _, b in behaviours], np.int64),
        "firm_bad": np.array([b.conduct == "bad" for _, b in behaviours], np.uint8),
        "firm_clean": np.int64(names.index(CLEAN) if CLEAN in names else -1),
        "firm_seen": seen,
        "firm_desk": desk,
        "firm_ordinary": ordinary,
        "firm_law_risk": law_risk(seen, desk, ordinary),
        "firm_wrong": np.array([q30(sensor.wrong_firm.exact) for _, sensor in sensors], np.int64),
        "firm_false": np.array(
            [q30(sensor.false_finding.exact) if sensor.false_finding else 0 for _, sensor in sensors], np.int64
        ),
        "firm_bad_seen": bad_seen,
        "firm_favours": favours,
        "firm_performs": np.int64(q30(life.performs.exact)),
        "firm_binding": np.int64(q30(life.binding.exact)),
        "firm_past": np.int64(q(0, life.past_months.exact)),
        "firm_told": np.int64(q30(life.told.exact)),
        "firm_appeals": np.array([q30(life.appeals_wronged.exact), q30(life.appeals_other.exact)], np.int64),
    }


def instrument_firm_tables(
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
        Arrays by the names in `core.columns`, first axis the instruments of firms in force, but for `firm_binds`.
    """
    firms = parameters.firms
    every = [(n, instrument) for n, book in enumerate(rulebooks) for instrument in book.firms]
    if len(every) > MOST_INSTRUMENTS:
        raise InputError(f"{len(every)} instruments of firms in one run", expected=f"at most {MOST_INSTRUMENTS}")
    here = [(number, instrument) for number, (n, instrument) in enumerate(every) if n in in_force]
    grades = max((len(instrument.grade_names) for _, instrument in every), default=0)
    rules = max((len(instrument.rules) for _, instrument in every), default=0)
    scores = max((span(instrument) for _, instrument in every), default=1)
    behaviours, services, sensors = len(firms.behaviours), len(firms.services), len(firms.sensors)
    shapes: dict[str, tuple[tuple[int, ...], type[np.generic], int]] = {
        "firm_list": ((), np.uint8, 0),
        "firm_notice": ((), np.uint8, 0),
        "firm_appeal": ((), np.uint8, 0),
        "firm_upheld": ((2,), np.int64, 0),
        "firm_repair": ((), np.int64, 0),
        "firm_shown": ((grades,), np.uint8, 0),
        "firm_custom": ((len(firms.sizes),), np.int64, 0),
        "firm_besides": ((2,), np.int64, -1),
        "firm_known": ((), np.uint8, 0),
        "firm_sizes": ((len(firms.sizes),), np.uint8, 0),
        "firm_sectors": ((len(firms.sectors),), np.uint8, 0),
        "firm_reach": ((sensors,), np.uint8, 0),
        "firm_rule_of": ((behaviours, sensors), np.int16, -1),
        "firm_rule_weighed": ((behaviours,), np.int16, -1),
        "firm_rule_points": ((rules,), np.int32, 0),
        "firm_rule_assign": ((rules,), np.uint8, NONE),
        "firm_rule_lift": ((rules, 2), np.uint8, NONE),
        "firm_rule_lifted": ((rules,), np.int64, 0),
        "firm_rule_term": ((rules,), np.uint8, NONE),
        "firm_rule_opens": ((rules,), np.uint8, 0),
        "firm_rule_duration": ((rules,), np.int64, 0),
        "firm_month": ((), np.int64, 0),
        "firm_start": ((), np.int32, 0),
        "firm_range": ((2,), np.int32, 0),
        "firm_graded": ((2, scores), np.uint8, 0),
        "firm_share": ((sensors, grades), np.int64, -1),
        "firm_worth": ((len(cells_of(firms)), grades), np.int64, 0),
        "firm_effect_bits": ((services, grades), np.uint8, 0),
        "firm_effect_days": ((services, grades), np.int32, 0),
        "firm_effect_percent": ((services, grades), np.int32, 0),
    }
    tables: Tables = {name: np.full((len(here), *shape), fill, dtype) for name, (shape, dtype, fill) in shapes.items()}
    plan = layout(parameters, rulebooks)
    first = [at for at, (what, _, _) in enumerate(plan.moments) if what == "in_scope"]
    tables["firm_instruments"] = np.array([number for number, _ in here], np.int64)
    tables["firm_columns"] = np.array([first[number] for number, _ in here], np.int64)
    tables["firm_widths"] = np.array([len(plan.groups), len(plan.flows), len(plan.moments)], np.int64)
    named = [f"{rulebooks[n].name}.{instrument.id}" for n, instrument in every]
    besides = [
        (
            plan.flows.index((BESIDES[0], named[number], "")),
            plan.moments.index((STANDING_OF_APPEALS[0], named[number], "")),
        )
        if instrument.says_more
        else (-1, -1)
        for number, instrument in here
    ]
    tables["firm_besides"] = np.array(besides, np.int64).reshape(len(here), 2)
    for k, (_, instrument) in enumerate(here):
        _fill(tables, k, instrument, parameters)
    sharing = (tables["firm_share"] >= 0).any(axis=2)
    tables["firm_sharing"] = np.full((sensors, len(here) + 1), -1, np.int64)
    for s, k in np.argwhere(sharing.T):
        tables["firm_sharing"][s, sharing[:k, s].sum()] = k
    tables["firm_binds"] = bindings([instrument for _, instrument in here], people)
    return tables


def _fill(tables: Tables, k: int, instrument: FirmInstrument, parameters: Parameters) -> None:
    firms, names = parameters.firms, instrument.grade_names
    tables["firm_known"][k] = instrument.transparency != "secret"
    tables["firm_sizes"][k] = [not instrument.scope.sizes or x in instrument.scope.sizes for x in firms.sizes]
    tables["firm_sectors"][k] = [not instrument.scope.sectors or y in instrument.scope.sectors for y in firms.sectors]
    tables["firm_reach"][k] = [sensor in instrument.reach for sensor in firms.sensors]
    rule_of, weighed = tables["firm_rule_of"][k], tables["firm_rule_weighed"][k]
    fill_taking(rule_of, weighed, instrument.rules, firms.behaviours, firms.sensors)
    if isinstance(instrument, Rating):
        tables["firm_rule_duration"][k] = q(8, firms.life.horizon.exact)
        _fill_rating(tables, k, instrument)
    else:
        tables["firm_list"][k] = True
        for r, rule in enumerate(instrument.rules):
            months = rule.term.exact if rule.term else 1 / firms.life.performs.exact
            tables["firm_rule_term"][k, r] = int(rule.term.exact) if rule.term else NONE
            if rule.term and rule.least:
                tables["firm_rule_opens"][k, r] = int(rule.term.exact) - int(rule.least.exact)
            tables["firm_rule_duration"][k, r] = q(8, months / 12)
    for inspection in instrument.inspections:
        s = tuple(firms.sensors).index(inspection.sensor)
        for g in map(names.index, inspection.grades):
            tables["firm_share"][k, s, g] = q30(inspection.share.exact)
    _fill_process(tables, k, instrument, parameters)
    effects = Effects(*(tables[f"firm_effect_{name}"][k] for name in Effects._fields))
    effects.fill(instrument, tuple(firms.services))
    _fill_worth(tables, k, instrument, effects, parameters)


def _fill_process(tables: Tables, k: int, instrument: FirmInstrument, parameters: Parameters) -> None:
    """Notice, appeal, repair, and what being shown costs."""
    firms, appeal, publicity = parameters.firms, instrument.appeal, instrument.publicity
    tables["firm_notice"][k] = instrument.notice
    if instrument.notice and appeal:
        tables["firm_appeal"][k] = int(appeal.months.exact)
        tables["firm_upheld"][k] = q30(appeal.upheld_wrong.exact), q30(appeal.upheld_other.exact)
    if instrument.repair:
        tables["firm_repair"][k] = q30(instrument.repair.exact)
    if publicity:
        tables["firm_shown"][k, [instrument.grade_names.index(grade) for grade in publicity.grades]] = True
        lost = publicity.custom.exact * firms.life.earnings.exact
        tables["firm_custom"][k] = [q(0, size.scale.exact * lost / 12) for size in firms.sizes.values()]


def _fill_rating(tables: Tables, k: int, rating: Rating) -> None:
    names = rating.grade_names
    lowest = int(rating.range.lowest.exact)
    tables["firm_month"][k] = int(rating.month.exact) if rating.month else 0
    tables["firm_start"][k] = int(rating.start.exact)
    tables["firm_range"][k] = lowest, int(rating.range.highest.exact)
    for band in rating.grades:
        g = names.index(band.grade)
        bounds = slice(int(band.lowest.exact) - lowest, int(band.highest.exact) - lowest + 1)
        newcomers = g
        if rating.newcomers and g >= names.index(rating.newcomers.instead_of):
            newcomers = names.index(rating.newcomers.grade)
        tables["firm_graded"][k, 0, bounds] = g
        tables["firm_graded"][k, 1, bounds] = newcomers
    for r, rule in enumerate(rating.rules):
        tables["firm_rule_points"][k, r] = int(rule.points.exact)
        if rule.assign is not None:
            tables["firm_rule_assign"][k, r] = names.index(rule.assign)
        if rule.lift is not None:
            tables["firm_rule_lift"][k, r] = names.index(rule.lift.from_), names.index(rule.lift.to)
            tables["firm_rule_lifted"][k, r] = q30(rule.lift.share.exact)


def _fill_worth(tables: Tables, k: int, instrument: FirmInstrument, effects: Effects, parameters: Parameters) -> None:
    """Worth of each grade to each cell, in yuan a year: what it opens and closes, and who comes to look."""
    firms = parameters.firms
    scales = [size.scale.exact for size in firms.sizes.values()]
    for cell, (x, _, sector) in enumerate(cells_of(firms)):
        for g, grade in enumerate(instrument.grade_names):
            total = Fraction(0)
            for v, service in enumerate(firms.services.values()):
                if service.sectors and sector not in service.sectors:
                    continue
                effect = effects.worth(v, g, service, parameters)
                total += service.wants.exact * service.sizes.exact[x] * effect
            for inspection in instrument.inspections:
                sensor = firms.sensors[inspection.sensor]
                usual = sensor.inspects
                if usual is None or grade not in inspection.grades or (sensor.sectors and sector not in sensor.sectors):
                    continue
                more = 12 * inspection.share.exact - usual.rate.exact * usual.sizes.exact[x]
                total -= more * usual.burden.exact
            if instrument.publicity and grade in instrument.publicity.grades:
                total -= instrument.publicity.custom.exact * firms.life.earnings.exact
            tables["firm_worth"][k, cell, g] = q(0, scales[x] * total)

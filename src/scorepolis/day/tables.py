"""The tables of a run: rates and chances as integers, made once from parameters, rulebooks and society.

Everything here is exact: YAML numbers are rationals, exponentials come from `decimal`, and each entry is rounded once.
So the same inputs give the same tables on any machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.bodies.tables import common_body_tables, instrument_body_tables, sight_table
from scorepolis.core.buffers import OUT_REFUSED
from scorepolis.core.draws import split_seed
from scorepolis.core.exact import exp_fraction, q
from scorepolis.day.coefficients import CONFORMITY, coefficient_table
from scorepolis.firms.tables import common_firm_tables, instrument_firm_tables
from scorepolis.parameters import Parameters
from scorepolis.parameters.model import COURT, FOUND, Behaviour, Province, Sensor, Society
from scorepolis.rulebooks.compile import compile_instruments
from scorepolis.rulebooks.courts import said_of_courts
from scorepolis.rulebooks.schema import Consent, Rulebook
from scorepolis.society.flags import GROUPS, OPPORTUNITIES
from scorepolis.society.population import income_table
from scorepolis.society.registration import registration_limits

DOMAINS = ("government", "commerce", "society", "judiciary")
TRAITS = ("self_control", "public_spirit", "dissent", "prudence")
LEVELS = 16
CELLS = 32
NORMAL_QUANTILES = tuple(
    Fraction(z) for z in ("0.0784", "0.2372", "0.4023", "0.5791", "0.7764", "1.0100", "1.3180", "1.8627")
)
"""Standard normal quantiles of (level + 1/2) / 16 for levels 8 to 15; the lower half mirrors them."""

Tables = dict[str, npt.NDArray[Any]]


def trait_quantiles() -> tuple[Fraction, ...]:
    """Give the standard normal score of each of the 16 levels of a trait."""
    return tuple(-z for z in reversed(NORMAL_QUANTILES)) + NORMAL_QUANTILES


def sensors_in_force(parameters: Parameters, rulebooks: Sequence[Rulebook]) -> tuple[str, ...]:
    """Sensors at work: those of ordinary law and those that a rulebook employs, in file order."""
    employed = {name for rulebook in rulebooks for name in rulebook.employs}
    return tuple(name for name, s in parameters.sensors.items() if s.ordinary or name in employed)


def build_tables(parameters: Parameters, rulebooks: Sequence[Rulebook], society: Society, seed: int) -> Tables:
    """Build every table of a run in a society of one province, where all rulebooks are in force.

    Parameters
    ----------
    parameters, rulebooks, society
        Validated inputs.
    seed
        64-bit seed.

    Returns
    -------
    dict
        Arrays by the names in `core.columns`, and those that the start needs besides.
    """
    (province,) = parameters.provinces_of(society).values()
    return (
        common_tables(parameters, seed)
        | rulebook_tables(parameters, rulebooks, compile_instruments(rulebooks, parameters), range(len(rulebooks)))
        | province_tables(parameters, province, society)
    )


def common_tables(parameters: Parameters, seed: int) -> Tables:
    """Build what is the same everywhere."""
    coefficients = coefficient_table(parameters)
    return {
        "seed_words": np.array(split_seed(seed), np.uint32),
        "coefficients": coefficients,
        "conformity": coefficients[CONFORMITY],
        "neg_exp": np.array(negative_exponentials(), np.int64),
        "past_horizon": np.array(q(0, parameters.coefficients.past.past_horizon.exact), np.int64),
        "registration": registration_limits(parameters),
        **rate_tables(parameters),
        **life_tables(parameters),
        **common_firm_tables(parameters, trait_quantiles()),
        **common_body_tables(parameters, trait_quantiles()),
    }


def rulebook_tables(
    parameters: Parameters, rulebooks: Sequence[Rulebook], compiled: Tables, in_force: Sequence[int]
) -> Tables:
    """Build what depends on the rulebooks in force in a place.

    Parameters
    ----------
    parameters, rulebooks
        Validated inputs: all rulebooks of the run.
    compiled
        All their instruments, compiled.
    in_force
        Numbers of the rulebooks in force there.

    Returns
    -------
    dict
        Tables of the instruments in force, with their numbers in the run, and of the sensors at work; the
        coefficients too, where a rulebook says how courts act.

    Raises
    ------
    InputError
        If two rulebooks say different things of the courts.
    """
    instruments = instruments_of(rulebooks, in_force)
    tables = {name: table[instruments] for name, table in compiled.items()}
    for name in ("feed_grade", "feed_override"):  # what is not in force here feeds nothing
        tables[name] = compiled[name][np.ix_(instruments, instruments)]
    here = [rulebooks[number] for number in in_force]
    sensors = sensors_in_force(parameters, here)
    tables["instruments"] = instruments
    if said := said_of_courts(here):
        tables["coefficients"] = coefficient_table(parameters, said)
    tables |= consent_tables([instrument.scope.consent for book in here for instrument in book.instruments])
    tables["denies"] = np.any(tables["effect_bits"] & OUT_REFUSED, axis=1).astype(np.uint8)
    tables["rule_behaviours"] = rule_behaviours(parameters, here, tables["rule_points"].shape)
    tables |= detection_tables(parameters, sensors, tables["reach"], tables["rule_of"], tables["rule_points"])
    people = [(book.name, instrument.id) for book in here for instrument in book.instruments]
    tables |= instrument_firm_tables(parameters, rulebooks, in_force, people)
    tables |= instrument_body_tables(parameters, rulebooks, in_force, people)
    tables |= sensor_tables(parameters, sensors)
    return tables | sight_table(parameters, tables)


def consent_tables(asked: Sequence[Consent | None]) -> Tables:
    """Tabulate who agrees to be scored, by instrument and level of the trait that it goes with, in 2^-32.

    Parameters
    ----------
    asked
        What each instrument in force asks; None: nobody is asked, and everybody is scored.

    Returns
    -------
    dict
        `agrees`, (instruments, levels), int64, and `agrees_shift`, (instruments,), int64: where in `traits` it stands.
    """
    tables: Tables = {
        "agrees": np.full((len(asked), LEVELS), 1 << 32, np.int64),
        "agrees_shift": np.zeros(len(asked), np.int64),
    }
    for k, consent in enumerate(asked):
        if consent is not None:
            agrees = [q(32, consent.share.exact * pull) for pull in _pulls(consent.slope.exact)]
            tables["agrees"][k] = np.minimum(agrees, 1 << 32)
            tables["agrees_shift"][k] = 4 * TRAITS.index(consent.trait)
    return tables


def province_tables(parameters: Parameters, province: Province, society: Society) -> Tables:
    """Build what depends on the province."""
    return {
        "income_table": income_table(province.income_mean.exact, society.income_gini.exact),
        "law_risk": law_risk(parameters, province.urban_share.exact),
    }


def instruments_of(rulebooks: Sequence[Rulebook], chosen: Sequence[int]) -> npt.NDArray[np.int64]:
    """Give the numbers in the run of the instruments of some rulebooks."""
    owner = [number for number, rulebook in enumerate(rulebooks) for _ in rulebook.instruments]
    return np.flatnonzero(np.isin(owner, chosen))


@cache
def negative_exponentials() -> tuple[int, ...]:
    """Tabulate exp(-k/256) in 2^-16, for k = 0 to 4095: the same in every world."""
    return tuple(q(16, exp_fraction(Fraction(-k, 256))) for k in range(4096))


def rate_tables(parameters: Parameters) -> Tables:
    """Tables of what people do and want: rates, traits, ceilings."""
    behaviours, services = parameters.behaviours, parameters.services
    kinds = len(behaviours) + len(services)
    rates = np.zeros((CELLS, kinds), np.int64)
    factor = np.full((kinds, LEVELS), 65536, np.int64)
    room = np.full(kinds, 256, np.int64)
    shift = np.zeros(kinds, np.int64)
    requires = np.zeros(kinds, np.uint16)
    peers_most = Fraction(q(8, parameters.coefficients.peers.peers_most.exact), 1 << 8)
    reward_most = Fraction(q(16, parameters.coefficients.reward.reward_most.exact), 1 << 16)
    for n, b in enumerate(behaviours.values()):
        profile = parameters.age_profiles[b.age].exact
        for cell in range(CELLS):
            rate = (b.rate.female if cell & 2 else b.rate.male).exact * profile[cell >> 2] / 365 / b.weight.exact
            rates[cell, n] = q(32, rate * (b.urban.exact if b.urban and cell & 1 else 1))
        factor[n] = [q(16, pull) for pull in _pulls(b.slope.exact)]
        shift[n] = 4 * TRAITS.index(b.trait)
        # From the integers that the day uses, so that no rate can exceed its ceiling.
        more = 1 + Fraction(255 * q(16, b.hardship.exact / 255) if b.hardship else 0, 1 << 16)
        more *= max(Fraction(1), peers_most) if b.peers and b.peers.exact > 0 else 1
        more *= 1 + reward_most if b.conduct == "good" else 1
        room[n] = -((-256 * more) // 1)
        requires[n] = OPPORTUNITIES[b.requires] if b.requires else 0
    for n, s in enumerate(services.values(), start=len(behaviours)):
        profile = parameters.age_profiles[s.age].exact
        for cell in range(CELLS):
            rates[cell, n] = q(
                32, s.wants.exact * profile[cell >> 2] * (s.urban.exact if s.urban and cell & 1 else 1) / 365
            )
        requires[n] = OPPORTUNITIES[s.requires] if s.requires else 0
    suits = [q(32, b.suit.exact) if b.suit else 0 for b in behaviours.values()]
    names = list(behaviours)
    court = [names.index(name) if name in names else -1 for name in FOUND]
    court.append(list(parameters.sensors).index(COURT))
    court.append(next((n for n, share in enumerate(suits) if share), 0))
    eighth = [q(8, b.peers.exact) if b.peers else 0 for b in behaviours.values()]
    base = (rates.T[:, :, None] * factor[:, None, :]) >> 16
    ceilings = (base * room[:, None, None]) >> 8
    trait = np.where(np.arange(kinds) < len(behaviours), shift, -1)
    tables: Tables = {
        "suit_share": np.array(suits, np.int64),
        "court_numbers": np.array(court, np.int64),
        "rates": rates,
        "trait_factor": factor,
        "trait_shift": shift,
        "room": room,
        "requires": requires,
        "domain": np.array([DOMAINS.index(b.domain) for b in behaviours.values()], np.int64),
        "is_bad": np.array([b.conduct == "bad" for b in behaviours.values()], np.uint8),
        "hardship_pull": np.array(
            [q(16, b.hardship.exact / 255) if b.hardship else 0 for b in behaviours.values()], np.int64
        ),
        "peers_pull": np.array(eighth, np.int64),
        "price": np.array([q(0, s.price.exact) for s in services.values()], np.int64),
        "refused_income": np.array([q(16, 128 * s.refused_income.exact) for s in services.values()], np.int64),
        "refused_hardship": np.array([q(16, 255 * s.refused_hardship.exact) for s in services.values()], np.int64),
    }
    return tables | walk_tables([int(bulk) for bulk in rates.sum(axis=0) * room], trait, requires, ceilings)


def _pulls(slope: Fraction) -> list[Fraction]:
    """Response to each level of a trait, with a mean of 1."""
    pulls = [exp_fraction(slope * z) for z in trait_quantiles()]
    mean = sum(pulls, Fraction(0)) / LEVELS
    return [pull / mean for pull in pulls]


def walk_tables(
    bulks: Sequence[int], trait: npt.NDArray[Any], requires: npt.NDArray[Any], ceilings: npt.NDArray[Any]
) -> Tables:
    """Tables by which a draw finds its kind: first the group, kinds of one trait and one required flag; then the kind.

    Parameters
    ----------
    bulks
        How likely each kind is, in all.
    trait
        Where the trait of each kind stands among the traits, in bits; -1 for none.
    requires
        Flag that each kind requires.
    ceilings : shape (kinds, cells, levels)
        Ceiling of each kind, in 2^-32 acts a day.
    """
    members: dict[tuple[int, int], list[int]] = {}
    for kind in sorted(range(len(bulks)), key=lambda kind: (-bulks[kind], kind)):
        members.setdefault((int(trait[kind]), int(requires[kind])), []).append(kind)
    groups = sorted(members, key=lambda g: (-sum(bulks[kind] for kind in members[g]), min(members[g])))
    walk = [kind for g in groups for kind in members[g]]
    together = np.array([ceilings[members[g]].sum(axis=0) for g in groups])
    most = 2**32 - 1  # no chance reaches 2^32, and so short an integer halves the tables
    return {
        "walk": np.array(walk, np.int64),
        "walk_ceilings": np.ascontiguousarray(np.minimum(ceilings, most)[walk].transpose(1, 2, 0), np.uint32),
        "group_ceilings": np.ascontiguousarray(np.minimum(together, most).transpose(1, 0, 2), np.uint32),
        "group_first": np.cumsum([0] + [len(members[g]) for g in groups[:-1]]),
        "group_shift": np.array([max(0, at) for at, _ in groups], np.int64),
        "group_requires": np.array([flag for _, flag in groups], np.uint16),
    }


def rule_behaviours(
    parameters: Parameters, rulebooks: Sequence[Rulebook], shape: tuple[int, ...]
) -> npt.NDArray[np.int64]:
    """Behaviours of each rule, in the rule's order; -1 ends the list."""
    names = list(parameters.behaviours)
    table = np.full((*shape, len(names)), -1, np.int64)
    for k, instrument in enumerate(i for rulebook in rulebooks for i in rulebook.instruments):
        for r, rule in enumerate(instrument.rules):
            table[k, r, : len(rule.behaviours)] = [names.index(b) for b in rule.behaviours]
    return table


def _padded(lists: Iterable[list[int]]) -> npt.NDArray[np.int64]:
    """Stack lists into a table, -1 behind the end of each."""
    rows = list(lists)
    table = np.full((len(rows), max(1, *map(len, rows))), -1, np.int64)
    for at, row in enumerate(rows):
        table[at, : len(row)] = row
    return table


def sensor_tables(parameters: Parameters, in_force: Sequence[str]) -> Tables:
    """Tables of the sensors: whom they see, how late, how wrongly."""
    names = list(parameters.sensors)
    behaviours = list(parameters.behaviours)
    sensors = list(parameters.sensors.values())
    working = [name in in_force for name in names]
    lists = _padded([s for s, name in enumerate(names) if working[s] and b in sensors[s].sees] for b in behaviours)
    seen = np.zeros((len(behaviours), lists.shape[1], LEVELS), np.int64)
    for b, name in enumerate(behaviours):
        weight = int(parameters.behaviours[name].weight.exact)
        for j, s in enumerate(lists[b]):
            if s >= 0:
                sensitivity = sensors[s].sees[name].exact
                seen[b, j] = [q(32, 1 - (1 - sensitivity * Fraction(level, 15)) ** weight) for level in range(LEVELS)]
    bias = [s.bias.factor.exact if s.bias else Fraction(1) for s in sensors]
    bad = [[behaviours.index(b) for b in s.sees if parameters.behaviours[b].conduct == "bad"] for s in sensors]
    false = [
        q(32, s.false_positive.exact * factor) if at_work and seen_bad and s.false_positive else 0
        for s, factor, at_work, seen_bad in zip(sensors, bias, working, bad, strict=True)
    ]
    found = parameters.sensors[COURT].sees
    return {
        "behaviour_sensors": lists,
        "seen": seen,
        "sensor_wrong": np.array([q(32, s.wrong_person.exact) for s in sensors], np.int64),
        "sensor_delay": np.array(
            [[q(0, s.delay.shortest.exact), q(0, s.delay.longest.exact - s.delay.shortest.exact) + 1] for s in sensors],
            np.int64,
        ),
        "sensor_false": np.array(false, np.int64),
        "sensor_bias": np.array(
            [
                [GROUPS[s.bias.group] if s.bias else 0, q(32, 1 / factor)]
                for s, factor in zip(sensors, bias, strict=True)
            ],
            np.int64,
        ),
        "sensor_bad": _padded(bad),
        "court_enters": np.array([q(32, found[n].exact) if n in found else 0 for n in FOUND], np.int64),
        "sensor_near": np.array([s.kind in ("collector", "tip_off") for s in sensors], np.uint8),
    }


def unseen_share(behaviour: Behaviour, name: str, sensors: Iterable[Sensor], urban_share: Fraction) -> Fraction:
    """Chance that an act is seen by none of some sensors, at their mean coverage for an urban share."""
    unseen = Fraction(1)
    for s in sensors:
        if name in s.sees:
            coverage = urban_share * s.coverage.urban.exact + (1 - urban_share) * s.coverage.rural.exact
            unseen *= (1 - s.sees[name].exact * coverage) ** int(behaviour.weight.exact)
    return unseen


def law_risk(parameters: Parameters, urban_share: Fraction) -> npt.NDArray[np.int64]:
    """Risk of being recorded under ordinary law, by domain, in 2^-16, over bad acts at base rates."""
    ordinary = [s for s in parameters.sensors.values() if s.ordinary]
    risks = []
    for d in DOMAINS:
        acts, seen = Fraction(0), Fraction(0)
        for name, b in parameters.behaviours.items():
            if b.domain == d and b.conduct == "bad":
                rate = (b.rate.male.exact + b.rate.female.exact) / 2 / b.weight.exact
                acts += rate
                seen += rate * (1 - unseen_share(b, name, ordinary, urban_share))
        risks.append(min(65535, q(16, seen / acts)) if acts else 0)
    return np.array(risks, np.int64)


def detection_tables(
    parameters: Parameters,
    in_force: Sequence[str],
    reach: npt.NDArray[Any],
    rule_of: npt.NDArray[Any],
    rule_points: npt.NDArray[Any],
) -> Tables:
    """Chance that an act comes to each rule, by behaviour, in rural and urban places: for drawing the past."""
    table = np.zeros((*rule_points.shape, len(parameters.behaviours), 2), np.int64)
    for k, (at, (name, b)) in product(range(len(reach)), enumerate(parameters.behaviours.items())):
        writers: dict[int, list[str]] = {}
        for n, sensor in enumerate(parameters.sensors):
            if sensor in in_force and reach[k, n] and rule_of[k, at, n] >= 0:
                writers.setdefault(int(rule_of[k, at, n]), []).append(sensor)
        for r, names in writers.items():
            free = 1 - b.suit.exact if b.suit and COURT in names else Fraction(1)
            sensors = [parameters.sensors[sensor] for sensor in names]
            table[k, r, at] = [q(16, 1 - free * unseen_share(b, name, sensors, Fraction(urban))) for urban in (0, 1)]
    return {"detection": table}


def life_tables(parameters: Parameters) -> Tables:
    """Tables of what people return to."""
    opinion = parameters.coefficients.life.opinion
    base = np.zeros((8, 5, 4, 2), np.int64)
    for band, fifth, education, urban in np.ndindex(*base.shape):
        mean = opinion.base.exact + opinion.age.exact * (band - 4) + opinion.income.exact * (fifth - 2)
        mean += opinion.education.exact * (education - 1) + opinion.urban.exact * urban
        base[band, fifth, education, urban] = min(max(q(0, 255 * mean), 0), 255)
    crowding = parameters.coefficients.reward.crowding_out
    return {
        "opinion_base": base,
        "crowding_floor": np.array([q(7, 1 - crowding[d].exact) if d in crowding else 128 for d in DOMAINS], np.int64),
    }

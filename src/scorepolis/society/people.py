"""What a person is: age, sex, education, income, flags and traits, and the cells by which rates and counts go."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.draws import Purpose, draw_words
from scorepolis.core.errors import InputError
from scorepolis.core.exact import q
from scorepolis.parameters.model import BANDS, Flag, Parameters, Province
from scorepolis.society.cells import OLDEST, group_cells, rate_cells
from scorepolis.society.chances import OWN, choose, passed
from scorepolis.society.flags import MIGRANT, MINORITY, URBAN

Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint32]
Limits = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a person's words are compared with, in units of 2^-32; a word below its threshold means yes.

    Attributes
    ----------
    age_sex
        Cumulated over the 42 classes 0-4 male, 0-4 female, 5-9 male, ..., 100+ female.
    minority, migrant
        Of a household.
    education_homogamy
        Whether a person takes the education word of the household.
    education
        Cumulated over the levels, [urban * 8 + band, 3].
    income_education
        Whether a household's income goes by its education word.
    income_tilt
        Whether a rural household is pulled down, and an urban one up, [2].
    flags
        Of each flag that conduct may require, [rate cell].
    party
        [((age * 2 + female) * 2 + college) * 2 + minority].
    """

    age_sex: Limits
    minority: np.uint64
    migrant: np.uint64
    education_homogamy: np.uint64
    education: Limits
    income_education: np.uint64
    income_tilt: Limits
    flags: dict[str, Limits]
    party: Limits


def thresholds_of(name: str, province: Province, parameters: Parameters) -> Thresholds:
    """Turn the published shares into thresholds for 32-bit words.

    Parameters
    ----------
    name
        Name of the province.
    province
        Its shares.
    parameters
        The parameters of all people.

    Returns
    -------
    Thresholds
        Ready for any neighbourhood of the province.
    """
    population = parameters.population
    return Thresholds(
        age_sex=_age_sex_thresholds(name, parameters),
        minority=_threshold(province.minority_share.exact),
        migrant=_threshold(province.migrant_share.exact),
        education_homogamy=_threshold(population.education_homogamy.exact),
        education=_education_thresholds(parameters),
        income_education=_threshold(population.income_education.exact),
        income_tilt=_income_thresholds(province, parameters),
        flags={name: _flag_thresholds(flag) for name, flag in population.flags.items()},
        party=_party_thresholds(parameters),
    )


def draw_age_and_sex(slots: Words, thresholds: Thresholds, seed: int) -> tuple[npt.NDArray[np.int64], Bools]:
    """Draw age, and sex (true: female), of the people of some slots, before they move into households."""
    w0, w1, _, _ = draw_words(seed, Purpose.PERSON, slots, 0, 0)
    number = np.zeros(w0.size, np.uint8)
    passed(w0, thresholds.age_sex, number)
    age = number // 2 * 5 + ((w1.astype(np.int64) * 5) >> 32)
    return np.minimum(age, OLDEST), (number & 1).astype(np.bool_)


def draw_homes(
    heads: Words, urban: Bools, thresholds: Thresholds, seed: int
) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16], Words, Words]:
    """Draw what the members of a household share.

    Parameters
    ----------
    heads
        Slot of each household's head.
    urban
        Whether each household is urban.
    thresholds
        From `thresholds_of`.
    seed
        Seed of the run.

    Returns
    -------
    flags, income_rank : uint16
        Minority, migrant and urban flags; rank of income, 0..1023.
    education_word, dog_word : uint32
        Shared words for education and for keeping a dog.
    """
    a0, a1, a2, a3 = draw_words(seed, Purpose.HOME, heads, 0, 0)
    b0, b1, b2, b3 = draw_words(seed, Purpose.HOME, heads, 1, 0)
    flags = (b0 < thresholds.minority) * np.uint16(MINORITY)
    flags |= (b1 < thresholds.migrant) * np.uint16(MIGRANT)
    flags |= urban * np.uint16(URBAN)
    income = np.where(a3 < thresholds.income_education, a0, a1)
    # A second word pulls some rural households down and some urban ones up; over the society the two balance.
    pulled = b2 < thresholds.income_tilt[urban.astype(np.intp)]
    income = np.where(pulled, np.where(urban, np.maximum(income, a2), np.minimum(income, a2)), income)
    return flags, (income >> np.uint32(22)).astype(np.uint16), a0, b3


def draw_people(
    slots: Words,
    age: npt.NDArray[np.uint8],
    flags: npt.NDArray[np.uint16],
    education_word: Words,
    dog_word: Words,
    thresholds: Thresholds,
    seed: int,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint16], npt.NDArray[np.uint16]]:
    """Draw what is a person's own.

    Parameters
    ----------
    slots
        Slot of each person.
    age
        Of each person.
    flags
        Sex and the flags of the household.
    education_word, dog_word
        Of the household, from `draw_homes`.
    thresholds
        From `thresholds_of`.
    seed
        Seed of the run.

    Returns
    -------
    education : uint8
        0 none or primary, 1 lower secondary, 2 upper secondary, 3 college.
    flags : uint16
        Complete.
    traits : uint16
        Four levels of four bits.
    """
    v0, v1, v2, v3 = draw_words(seed, Purpose.ATTRIBUTE, slots, 0, 0)
    x0, x1, x2, x3 = draw_words(seed, Purpose.ATTRIBUTE, slots, 1, 0)
    t0, t1, t2, t3 = draw_words(seed, Purpose.TRAIT, slots, 0, 0)
    cell, flags = rate_cells(age, flags), flags.copy()
    education, traits = np.empty(slots.size, np.uint8), np.empty(slots.size, np.uint16)
    limits = np.array([thresholds.flags[name] for name in OWN])
    choose(
        age, cell, (v0, v1, education_word), (v2, v3, x0, x1, dog_word, x2), x3, (t0, t1, t2, t3),
        thresholds.education_homogamy, thresholds.education, limits, thresholds.party, flags, education, traits,
    )  # fmt: skip
    return education, flags, traits


def birthday(columns: dict[str, npt.NDArray[Any]]) -> None:
    """Make everybody a year older, in place: age, rate cell and group cell; nothing else changes.

    Parameters
    ----------
    columns
        From `build_people`.
    """
    age, flags = columns["age"], columns["flags"]
    age[:] = np.minimum(age + columns["occupied"], OLDEST)
    columns["rate_cell"][:] = rate_cells(age, flags)
    columns["group_cell"][:] = group_cells(age, flags, columns["income_rank"])


def _threshold(probability: Fraction) -> np.uint64:
    return np.uint64(q(32, min(probability, Fraction(1))))


def _age_sex_thresholds(province: str, parameters: Parameters) -> Limits:
    counts = parameters.population.age_sex[province]
    classes = [n for pair in zip(counts.male.exact, counts.female.exact, strict=True) for n in pair]
    total = sum(classes)
    return np.array([(2**32 * n) // total for n in accumulate(classes)], dtype=np.uint64)


def _education_thresholds(parameters: Parameters) -> Limits:
    education = parameters.population.education
    rows = []
    for place in (education.rural, education.urban):
        for band in BANDS:  # children count in the lowest level
            shares = accumulate(place[band].exact[:3]) if band in place else [Fraction(1)] * 3
            rows.append([_threshold(share) for share in shares])
    return np.array(rows, dtype=np.uint64)


def _income_thresholds(province: Province, parameters: Parameters) -> Limits:
    urban = province.urban_share.exact
    tilt = parameters.population.income_urban.exact
    if urban in (0, 1):
        return np.zeros(2, dtype=np.uint64)
    upwards = tilt * (1 - urban) / urban
    if upwards > 1:
        raise InputError(
            f"income_urban {float(tilt):g} cannot be balanced with an urban share of {float(urban):g}",
            expected=f"at most {float(urban / (1 - urban)):g}",
        )
    return np.array([_threshold(tilt), _threshold(upwards)], dtype=np.uint64)


def _flag_thresholds(flag: Flag) -> Limits:
    sexes = (flag.male.exact, flag.female.exact)
    places = (flag.rural.exact, flag.urban.exact)
    return np.array(
        [_threshold(share * sex * place) for share in flag.share.exact for sex in sexes for place in places],
        dtype=np.uint64,
    )


def _party_thresholds(parameters: Parameters) -> Limits:
    party = parameters.population.party
    by_rate = [
        [
            _threshold(entry.rate.exact * sex * schooling * people)
            for sex in (party.male.exact, party.female.exact)
            for schooling in (party.other.exact, party.college.exact)
            for people in (party.majority.exact, party.minority.exact)
        ]
        for entry in party.by_age
    ]
    entry_of_age = np.searchsorted([entry.to for entry in party.by_age], np.arange(OLDEST + 1), side="left")
    return np.array(by_rate, dtype=np.uint64)[entry_of_age].reshape(-1)

"""Base rates: of what is recorded, how much is true where the recorded thing is rare.

A sensor that seldom errs still writes mostly false records if what it looks for is rarer than its errors. Closed forms
in exact fractions; beside them a society that is watched by the day's own observe.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import AGENDA, NOT_DONE, TRUE_RECORD
from scorepolis.core.errors import InputError
from scorepolis.core.items import key_slot
from scorepolis.day.district import Columns
from scorepolis.validation.check import Check
from scorepolis.validation.habit import Society

BAYES = "Bayes' rule"
SOUTH_WALES = "South Wales Police, Champions League final of 2017, as told by the press (Wired, The Guardian)"

OFFENCE = "jaywalking"
DAY = ("act", "court", "observe")
MOST_FALSE = 15
"""False records that a sensor writes in a neighbourhood and day at most."""

NEIGHBOURHOOD = 100
"""People of a neighbourhood; few, so that even a careless sensor stays below its most."""


@dataclass(frozen=True)
class Setting:
    """What is looked for, and with what.

    Attributes
    ----------
    base_rate
        Share of people to whom it applies.
    sensitivity
        Share of those who are found.
    specificity
        Share of all others who are left in peace.
    """

    base_rate: Fraction
    sensitivity: Fraction
    specificity: Fraction

    @classmethod
    def of(cls, base_rate: str, sensitivity: str, specificity: str) -> Setting:
        """Read decimal numbers or quotients exactly.

        Raises
        ------
        InputError
            If one of them is not a share.
        """
        shares = [Fraction(text) for text in (base_rate, sensitivity, specificity)]
        for text, share in zip((base_rate, sensitivity, specificity), shares, strict=True):
            if not 0 <= share <= 1:
                raise InputError(f"{text} is not a share", expected="a number from 0 to 1")
        return cls(*shares)

    @property
    def precision(self) -> Fraction:
        """Share of what is found that is true, exactly.

        Raises
        ------
        InputError
            If nothing is ever found.
        """
        true = self.base_rate * self.sensitivity
        found = true + (1 - self.base_rate) * (1 - self.specificity)
        if found == 0:
            raise InputError("nothing is ever found", expected="true or false alarms")
        return true / found


RARE = Setting.of("0.001", "0.99", "0.99")
SCREENED = Setting.of("0.01", "0.8", "0.904")
VERY_RARE = Setting.of("0.0001", "0.999", "0.999")
CROWD = Setting.of("173/170000", "1", f"{1 - Fraction(2297, 170_000 - 173)}")
"""The crowd in Cardiff: 2,470 of some 170,000 faces set off an alert, 173 of them rightly. How many on the watch list
passed unnoticed is not known; the precision does not depend on it."""


@dataclass(frozen=True)
class Records:
    """What a sensor wrote.

    Attributes
    ----------
    true, false
        Records of what was done, and of what was not.
    watched
        Days of all adults.
    """

    true: int
    false: int
    watched: int

    @property
    def precision(self) -> float:
        """Share of the records that are true."""
        return self.true / (self.true + self.false)

    @property
    def standard_error(self) -> float:
        """Standard error of the precision."""
        return math.sqrt(self.precision * (1 - self.precision) / (self.true + self.false))


@dataclass(frozen=True)
class Struck:
    """Whom false records struck.

    Attributes
    ----------
    chances
        Days of all adults.
    struck
        Days on which an adult had at least one.
    """

    chances: int
    struck: int

    @property
    def rate(self) -> float:
        """Share of the days."""
        return self.struck / self.chances

    @property
    def standard_error(self) -> float:
        """Standard error of the rate."""
        return math.sqrt(self.rate * (1 - self.rate) / self.chances)


def any_false(chance: str, sensors: int) -> Fraction:
    """Chance that at least one of some independent sensors errs, exactly."""
    return 1 - (1 - Fraction(chance)) ** sensors


def simulate(setting: Setting, *, people: int = 6000, days: int = 400, seed: int = 1) -> Records:
    """Let the day's own sensors watch a society.

    Parameters
    ----------
    setting
        The base rate is the chance that an adult offends on a day.
    people, days, seed
        The society, how long it is watched, and the luck.

    Returns
    -------
    Records
    """
    society = _society(float(setting.base_rate), float(setting.sensitivity), people, seed)
    _err(society, [society.sensor], float((1 - setting.base_rate) * (1 - setting.specificity)))
    true = false = 0
    for day in range(days):
        for columns in society.turn(day, DAY):
            kinds = _truth(columns)
            true += int(np.count_nonzero(kinds == TRUE_RECORD))
            false += int(np.count_nonzero(kinds == NOT_DONE))
    return Records(true, false, society.adults * days)


def strike(chance: str = "0.01", sensors: int = 10, *, people: int = 6000, days: int = 10, seed: int = 1) -> Struck:
    """Let several sensors err, each about everybody with the same chance a day, and count who is struck at all.

    Parameters
    ----------
    chance
        Chance that a sensor writes something false about an adult on a day.
    sensors
        How many they are; no more than the model has.
    people, days, seed
        The society, how long it is watched, and the luck.

    Returns
    -------
    Struck
    """
    society = _society(0, 0, people, seed)
    most = society.tables["sensor_false"].size
    if not 1 <= sensors <= most:
        raise InputError(f"{sensors} sensors", expected=f"from 1 to {most}")
    # Records fall as they may, now and then two on one person; their mean number is then a little above the chance.
    _err(society, range(sensors), -math.log1p(-float(Fraction(chance))))
    struck = 0
    for day in range(days):
        for columns in society.turn(day, DAY):
            struck += len({int(key_slot(key)) for key in columns["agenda_key"][: columns["filled"][AGENDA]]})
    return Struck(society.adults * days, struck)


def checks() -> tuple[Check, ...]:
    """Compare with the closed forms and with what was reported."""
    model, call = "Base rates", "base_rates."

    def closed(name: str, setting: Setting, published: Fraction, claim: str) -> Check:
        ours = float(setting.precision)
        return Check(model, BAYES, claim, "exact", float(published), ours, 1e-12, f"float({call}{name}.precision)")

    def simulated(name: str, setting: Setting, claim: str) -> Check:
        wrote = simulate(setting)
        numbers = (float(setting.precision), wrote.precision, 3 * wrote.standard_error)
        return Check(model, BAYES, claim, "derived", *numbers, f"{call}simulate({call}{name}).precision")

    struck = strike()
    return (
        closed("RARE", RARE, Fraction(11, 122), "true of what is found: one in 1,000, both rates 99 %"),
        closed("SCREENED", SCREENED, Fraction(25, 322), "one in 100, 80 % found, 9.6 % of the others too"),
        closed("VERY_RARE", VERY_RARE, Fraction(111, 1222), "one in 10,000, both rates 99.9 %"),
        simulated("RARE", RARE, "true of the day's records at the first (within three standard errors)"),
        simulated("SCREENED", SCREENED, "true of them at the second"),
        simulated("VERY_RARE", VERY_RARE, "true of them at the third"),
        Check(
            model, SOUTH_WALES, "true of 2,470 alerts in a crowd", "reported",
            0.0700, float(CROWD.precision), 5e-5, f"float({call}CROWD.precision)",
        ),
        simulated("CROWD", CROWD, "true of the day's records in such a crowd"),
        Check(
            model, BAYES, "struck by any of 10 sensors that err once in 100 days: 1 - 0.99^10", "exact",
            float(any_false("0.01", 10)), struck.rate, 3 * struck.standard_error, f"{call}strike().rate",
        ),
    )  # fmt: skip


def _society(chance: float, sensitivity: float, people: int, seed: int) -> Society:
    """Found a society of small neighbourhoods under ordinary law."""
    return Society.of(
        OFFENCE, chance=chance, sensitivity=sensitivity, people=people, neighbourhood=NEIGHBOURHOOD, seed=seed
    )


def _err(society: Society, sensors: Iterable[int], mean: float) -> None:
    """Let sensors write false records of the offence: so many per adult and day on average.

    Raises
    ------
    InputError
        If that is more than the day writes.
    """
    if mean * NEIGHBOURHOOD > MOST_FALSE:
        raise InputError(
            f"{mean:.3f} false records per adult and day", expected=f"at most {MOST_FALSE / NEIGHBOURHOOD}"
        )
    tables = society.tables
    for sensor in sensors:
        tables["sensor_false"][sensor] = int(mean * (1 << 32) + 0.5)
        tables["sensor_bias"][sensor] = 0, 1 << 32
        tables["sensor_bad"][sensor] = -1
        tables["sensor_bad"][sensor, 0] = society.habit


def _truth(columns: Columns) -> npt.NDArray[np.uint32]:
    """Kinds of truth of the day's records."""
    kinds: npt.NDArray[np.uint32] = columns["agenda_truth"][: columns["filled"][AGENDA]] & np.uint32(15)
    return kinds

"""Bonus-malus: where a coefficient leads, year after year, by the function that closes insurance years.

The French coefficient as it is told: 0.95 a year without a fault and 1.25 for each fault, cut to hundredths, from 0.50
to 3.50; a first fault after three years at the floor costs nothing, and two years without a fault lead back to 1.00.
Drivers of one and the same risk spread over the coefficients, and after decades no longer move as a whole: the shares
are those of a Markov chain, worked out here besides, from the words of the rule.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
import numpy.typing as npt

from scorepolis.core.draws import Purpose, draw_words
from scorepolis.core.errors import InputError
from scorepolis.rulebooks.years import close_years
from scorepolis.validation.check import Check

CRM = "Code des assurances, A121-1, as told by april.fr and la-voiture.fr"
CHAIN = "the chain that the rule implies"

FLOOR, START, CAP = 50, 100, 350
MOST_FAULTS = 3
"""Faults of a year, at most: more are as good as none where one in twenty has one."""


@dataclass(frozen=True)
class Rule:
    """What a year does to a coefficient in hundredths; `None` where a rule is left out."""

    claim_free: Fraction = Fraction(19, 20)
    fault: Fraction = Fraction(5, 4)
    protected: int | None = 3
    returns: int | None = 2


@dataclass(frozen=True)
class Spread:
    """How drivers stand.

    Attributes
    ----------
    coefficients : int64[drivers]
        In hundredths.
    """

    coefficients: npt.NDArray[np.int64]

    @property
    def at_floor(self) -> float:
        """Share of the drivers who pay the least."""
        return float(np.mean(self.coefficients == FLOOR))

    @property
    def mean(self) -> float:
        """Mean coefficient, 1 being that of a beginner."""
        return float(self.coefficients.mean()) / 100

    @property
    def standard_error(self) -> float:
        """Standard error of the share at the floor."""
        return math.sqrt(self.at_floor * (1 - self.at_floor) / self.coefficients.size)


def run(
    *, risk: float = 0.05, drivers: int = 20_000, years: int = 60, seed: int = 1, rule: Rule | None = None
) -> Spread:
    """Let drivers of one risk grow old under the rule, beginning at 1.00.

    Parameters
    ----------
    risk
        Faults a year, of which each driver has none, one, two or three as a Poisson law cut there has it.
    drivers, years, seed
        How many, for how long, and their luck.
    rule
        What a year does; the French one if None.

    Returns
    -------
    Spread

    Raises
    ------
    InputError
        If the risk is no rate.
    """
    return Spread(-_driven(_faults(risk, drivers, years, seed), rule or Rule()).astype(np.int64))


def years_to_floor(rule: Rule | None = None) -> int:
    """Count the years without a fault from 1.00 to the floor."""
    for years in range(1, 100):
        if _driven(np.zeros((1, years), np.int64), rule or Rule())[0] == -FLOOR:
            return years
    return 100


def after(*faults: int, rule: Rule | None = None) -> int:
    """Give the coefficient in hundredths of somebody who began at 1.00 and had so many faults in each year."""
    return -int(_driven(np.array([faults], np.int64), rule or Rule())[0])


def stationary(risk: float = 0.05, rule: Rule | None = None) -> float:
    """Share at the floor to which the chain that the rule implies settles."""
    return settled(risk, rule).get(FLOOR, 0.0)


def settled(risk: float = 0.05, rule: Rule | None = None) -> dict[int, float]:
    """Shares of the coefficients, in hundredths, to which the chain that the rule implies settles.

    The chain is written down here from the words of the rule, in its own states; nothing of the engine is in it.
    """
    rule = rule or Rule()
    shares: dict[tuple[int, int, int], float] = {(START, 0, 0): 1.0}
    chances = _chances(risk)
    for _ in range(200):
        following: dict[tuple[int, int, int], float] = {}
        for state, share in shares.items():
            for faults, chance in enumerate(chances):
                to = _step(state, faults, rule)
                following[to] = following.get(to, 0.0) + share * chance
        shares = following
    spread: dict[int, float] = {}
    for (coefficient, _, _), share in shares.items():
        spread[coefficient] = spread.get(coefficient, 0.0) + share
    return spread


@cache
def _step(state: tuple[int, int, int], faults: int, rule: Rule) -> tuple[int, int, int]:
    coefficient, free, top = state
    if faults:
        spared = rule.protected is not None and top >= rule.protected
        for _ in range(faults - spared):
            coefficient = min(CAP, math.floor(coefficient * rule.fault))
        return coefficient, 0, 0
    # Further years make no difference, so that the chain need not tell them apart.
    free, top = min(free + 1, rule.returns or 0), min(top + 1, rule.protected or 0) if coefficient == FLOOR else 0
    coefficient = max(FLOOR, math.floor(coefficient * rule.claim_free))
    if rule.returns is not None and free >= rule.returns:
        coefficient = min(coefficient, START)
    return coefficient, free, top


def _chances(risk: float) -> list[float]:
    """Chances of no fault, one, and so on in a year."""
    if not 0 <= risk <= 1:
        raise InputError(f"{risk} faults a year", expected="a number from 0 to 1")
    poisson = [math.exp(-risk) * risk**n / math.factorial(n) for n in range(MOST_FAULTS)]
    return [*poisson, 1 - sum(poisson)]


def _faults(risk: float, drivers: int, years: int, seed: int) -> npt.NDArray[np.int64]:
    """Draw how many faults each driver has in each year."""
    bounds = [int(sum(_chances(risk)[: n + 1]) * (1 << 32)) for n in range(MOST_FAULTS)]
    people = np.arange(drivers)
    return np.column_stack(
        [
            np.searchsorted(bounds, draw_words(seed, Purpose.EXPERIMENT, people, 0, year)[0], side="right")
            for year in range(years)
        ]
    ).astype(np.int64)


def _driven(faults: npt.NDArray[np.int64], rule: Rule) -> npt.NDArray[np.int16]:
    """Close year after year of each driver, by the engine's own function; gives raw scores."""
    drivers, years = faults.shape
    raw = np.full((1, drivers), -START, np.int16)
    counters = np.zeros((1, drivers), np.uint32)
    tables = (
        np.array([-CAP], np.int32),
        np.array([-FLOOR], np.int32),
        np.array([-START], np.int32),
        np.array([[rule.fault.as_integer_ratio()]], np.int32),
        np.array([1], np.int32),
        np.array([rule.claim_free.as_integer_ratio()], np.int32),
        np.array([-1 if rule.protected is None else rule.protected], np.int32),
        np.array([-1 if rule.returns is None else rule.returns], np.int32),
    )
    # The function closes the longest past first, and takes the last year as the first.
    close_years(
        np.int64(0), np.arange(drivers), np.full(drivers, years, np.int64), np.ascontiguousarray(faults[:, ::-1]), raw,
        counters, *tables,
    )  # fmt: skip
    ends: npt.NDArray[np.int16] = raw[0]
    return ends


def checks() -> tuple[Check, ...]:
    """Compare with what is told of the French coefficient, and with the chain."""
    model = "Bonus-malus"
    spread = run()
    return (
        Check(
            model, CRM, "years without a fault from 1.00 to the floor", "reported", 13, years_to_floor(), 0,
            "bonus_malus.years_to_floor()",
        ),
        Check(
            model, CRM, "hundredths after a first fault", "reported", 125, after(1), 0, "bonus_malus.after(1)"
        ),
        Check(
            model, CRM, "hundredths after a fault that follows three years at the floor", "reported", 50,
            after(*[0] * 16, 1), 0, "bonus_malus.after(*[0] * 16, 1)",
        ),
        Check(
            model, CRM, "hundredths two years after three faults", "recalled", 100, after(3, 0, 0), 0,
            "bonus_malus.after(3, 0, 0)",
        ),
        Check(
            model, CHAIN, "drivers at the floor, one fault in twenty years (within three standard errors)", "derived",
            stationary(), spread.at_floor, 3 * spread.standard_error, "bonus_malus.run().at_floor",
        ),
    )  # fmt: skip

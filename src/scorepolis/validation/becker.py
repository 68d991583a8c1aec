"""Deterrence as in Becker (1968), and the enforcement that is best under it, as in Polinsky and Shavell (2000).

Somebody offends if the gain exceeds the expected fine. Gains are spread evenly from nothing to the largest; an offence
does a harm; a fine takes at most all wealth and costs nothing; certainty costs. Then the best fine is the largest there
is, and the best certainty leaves the expected fine below the harm: more deterrence would cost more than it saves.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from scorepolis.core.errors import InputError
from scorepolis.validation import crowd
from scorepolis.validation.check import Check, Kind
from scorepolis.validation.crowd import Decisions
from scorepolis.validation.mechanism import Deterrent, deterrence_settings

BECKER = "Becker, Journal of Political Economy 76 (1968) 169"
POLINSKY_SHAVELL = "Polinsky and Shavell, Journal of Economic Literature 38 (2000) 45"


@dataclass(frozen=True)
class Enforcement:
    """The best enforcement, and the crime that is left under it.

    Attributes
    ----------
    certainty
        Best risk of being fined.
    fine
        Best fine, in years of income.
    expected_fine
        Their product; below the harm, there is under-deterrence.
    crime_rate
        Share of opportunities that are taken.
    welfare
        Gains less harms less the cost of certainty, per opportunity.
    """

    certainty: float
    fine: float
    expected_fine: float
    crime_rate: float
    welfare: float


def run(
    *,
    largest_gain: float = 2,
    harm: float = 1,
    wealth: float = 3,
    cost_of_certainty: float = 0.5,
    grid: int = 2048,
    fines: int = 12,
) -> Enforcement:
    """Search for the certainty and the fine that are best, given how the day's own people answer to them.

    Parameters
    ----------
    largest_gain, harm, wealth
        In years of income.
    cost_of_certainty
        Cost of certain detection, per opportunity; a lesser risk costs in proportion.
    grid, fines
        Steps of certainty from 0 to 1, and of the fine from nothing to all wealth.

    Returns
    -------
    Enforcement

    Raises
    ------
    InputError
        If a number lies outside its range.
    """
    for name, value in (("harm", harm), ("wealth", wealth), ("cost_of_certainty", cost_of_certainty)):
        if value < 0:
            raise InputError(f"{name} is {value}", expected="a number not below 0")
    for name, steps in (("grid", grid), ("fines", fines)):
        if steps < 1:
            raise InputError(f"{name} is {steps}", expected="at least one step")
    people = Deterrent.of(form="uniform_gain", largest_gain=largest_gain)

    def outcome(certainty: float, fine: float) -> Enforcement:
        crime = people.remaining(certainty, fine)
        # Those who are not deterred are those with the largest gains, which are thus known from the crime rate alone.
        gain = largest_gain * (2 - crime) / 2
        welfare = crime * (gain - harm) - cost_of_certainty * certainty
        return Enforcement(certainty, fine, certainty * fine, crime, welfare)

    # The largest fine and the least certainty come first, so that they win where nothing else decides.
    choices = (outcome(c / grid, wealth * f / fines) for f in range(fines, -1, -1) for c in range(grid + 1))
    return max(choices, key=lambda choice: choice.welfare)


def simulate(
    *,
    certainty: float,
    fine: float = 3,
    largest_gain: float = 2,
    people: int = 20_000,
    days: int = 360,
    seed: int = 1,
) -> Decisions:
    """Let people of a synthetic society decide, by the day's own act, under a certainty and a fine.

    Returns
    -------
    Decisions
        Wishes and crimes.
    """
    overrides = deterrence_settings(form="uniform_gain", largest_gain=largest_gain)
    return crowd.decide(risk=certainty, loss=fine, overrides=overrides, people=people, days=days, seed=seed)


def crime_rate(*, certainty: float, fine: float, largest_gain: float = 2) -> float:
    """Share of opportunities that the day's people take, under a certainty and a fine."""
    return Deterrent.of(form="uniform_gain", largest_gain=largest_gain).remaining(certainty, fine)


def best_certainty(*, largest_gain: float, harm: float, wealth: float, cost_of_certainty: float) -> float:
    """Best certainty in closed form: where a little more of it saves as much as it costs, within what is possible."""
    if wealth == 0:
        return 0.0
    inner = (harm - cost_of_certainty * largest_gain / wealth) / wealth
    return min(max(inner, 0.0), 1.0, largest_gain / wealth)


def spread_at_same_product(*, largest_gain: float = 2, product: float = 0.5, halvings: int = 4) -> float:
    """Largest difference in crime between threats with the same product of certainty and fine.

    Certainty is halved again and again, from 1 on, and the fine doubled.
    """
    steps = range(halvings + 1)
    crimes = [crime_rate(certainty=0.5**n, fine=product * 2**n, largest_gain=largest_gain) for n in steps]
    return max(abs(a - b) for a, b in pairwise(crimes))


def checks() -> tuple[Check, ...]:
    """Compare with the published results."""
    best = run()
    crowd_at_best = simulate(certainty=2 / 9)
    model = "Choice under threat"

    def check(source: str, claim: str, kind: Kind, numbers: tuple[float, float, float], call: str) -> Check:
        return Check(model, source, claim, kind, *numbers, f"becker.{call}")

    ps, one = POLINSKY_SHAVELL, "run()"
    return (
        check(ps, "best certainty", "derived", (2 / 9, best.certainty, 0.001), f"{one}.certainty"),
        check(ps, "best fine: all wealth", "exact", (3, best.fine, 0), f"{one}.fine"),
        check(
            ps, "expected fine, below the harm of 1", "derived", (2 / 3, best.expected_fine, 0.003),
            f"{one}.expected_fine",
        ),
        check(BECKER, "crime rate", "derived", (2 / 3, best.crime_rate, 0.0015), f"{one}.crime_rate"),
        check(
            BECKER, "crime rate of people who decide by the day's act (within three standard errors)", "derived",
            (2 / 3, crowd_at_best.rate, 3 * crowd_at_best.standard_error), "simulate(certainty=2 / 9).rate",
        ),
        check(
            BECKER, "certainty and severity alike: spread of crime at the same product", "exact",
            (0, spread_at_same_product(), 0), "spread_at_same_product()",
        ),
        check(
            ps, "crime rate of those with nothing left to lose, at full certainty", "exact",
            (1, crime_rate(certainty=1, fine=0), 0), "crime_rate(certainty=1, fine=0)",
        ),
    )  # fmt: skip

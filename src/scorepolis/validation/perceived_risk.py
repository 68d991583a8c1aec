"""Learning the risk of being caught, as in Lochner (2007) and Anwar and Loughran (2011).

A belief is the mean of a Beta distribution worth n0 observations. After C crimes of which A ended in arrest it is
(n0 p0 + A) / (n0 + C). The day keeps beliefs in bytes and revises them one crime at a time, rounding by chance; on
average over people it has to come to the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import RECORD, TRUE_RECORD
from scorepolis.core.draws import Purpose, draw_words
from scorepolis.core.errors import InputError
from scorepolis.day.coefficients import EXPERIENCE_MOST, PRIOR_WEIGHT, coefficient_table
from scorepolis.day.district import Columns
from scorepolis.day.respond import revise
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.society.ties import NOBODY
from scorepolis.validation.check import Check

LOCHNER = "Lochner, American Economic Review 97 (2007) 444"
ANWAR_LOUGHRAN = "Anwar and Loughran, Criminology 49 (2011) 667"

ARRESTED, FREE = True, False


@dataclass(frozen=True)
class Learning:
    """Beliefs along a history of crimes.

    Attributes
    ----------
    prior_weight
        Weight of the prior in crimes, in the sixteenths in which the day holds it.
    believed
        Mean belief of many people before the first crime and after each.
    posterior
        What it should be.
    standard_errors
        Of `believed`.
    """

    prior_weight: float
    believed: tuple[float, ...]
    posterior: tuple[float, ...]
    standard_errors: tuple[float, ...]


@dataclass(frozen=True)
class Bystanders:
    """Whose beliefs moved, in a society where people learn from few sources.

    Attributes
    ----------
    offenders, tied, strangers
        People who offended; others in the household or among the ties of one who did; everybody else.
    penalised
        Offenders who were recorded for what they did and lost points by it.
    offenders_moved, tied_moved, strangers_moved
        How many of them believe otherwise than at the start.
    """

    offenders: int
    tied: int
    strangers: int
    penalised: int
    offenders_moved: int
    tied_moved: int
    strangers_moved: int


def run(
    *,
    prior: float = 0.3,
    prior_weight: float | None = None,
    history: Sequence[bool] = (ARRESTED, FREE, FREE, ARRESTED, FREE, FREE, FREE, FREE),
    people: int = 4000,
    seed: int = 1,
) -> Learning:
    """Let many people with the same prior live through the same crimes and arrests.

    Parameters
    ----------
    prior
        Believed risk at the start.
    prior_weight
        Weight of the prior in crimes; the model's own if None.
    history
        For each crime whether it ended in arrest; no longer than what people keep in mind.
    people, seed
        How many they are, and their luck in rounding.

    Returns
    -------
    Learning

    Raises
    ------
    InputError
        If a number lies outside its range, or the history is longer than experience counts.
    """
    coefficients = coefficient_table(
        load_parameters({} if prior_weight is None else {"coefficients.learning.prior_weight": prior_weight})
    )
    if not 0 <= prior <= 1:
        raise InputError(f"the prior {prior} is not a share", expected="a number from 0 to 1")
    if len(history) > coefficients[EXPERIENCE_MOST]:
        raise InputError(f"a history of {len(history)} crimes", expected=f"at most {coefficients[EXPERIENCE_MOST]}")
    if people < 2:
        raise InputError(f"people is {people}", expected="at least 2")
    weight = int(coefficients[PRIOR_WEIGHT])
    everybody = np.arange(people)
    start = draw_words(seed, Purpose.START, everybody, 0, 0)[0].astype(np.int64)
    beliefs = ((int(prior * 255 * (1 << 32)) + start) >> 32).tolist()
    moments = [_mean_and_error(beliefs)]
    for crime, arrested in enumerate(history):
        luck = draw_words(seed, Purpose.LEARN, everybody, 0, crime)[0].tolist()
        evidence = 255 if arrested else 0
        beliefs = [int(revise(b, evidence, crime, weight, u)) for b, u in zip(beliefs, luck, strict=True)]
        moments.append(_mean_and_error(beliefs))
    n0 = weight / 16
    posterior = [(n0 * prior + sum(history[:crimes])) / (n0 + crimes) for crimes in range(len(history) + 1)]
    believed, errors = zip(*moments, strict=True)
    return Learning(n0, believed, tuple(posterior), errors)


def arrest_effect(
    experience: int = 0, *, prior_weight: float | None = None, people: int = 4000, seed: int = 1
) -> float:
    """Gap in belief between those arrested for their last crime and those not, after so many crimes without arrest."""
    before = (FREE,) * experience
    caught, not_caught = (
        run(prior_weight=prior_weight, history=(*before, last), people=people, seed=seed).believed[-1]
        for last in (ARRESTED, FREE)
    )
    return caught - not_caught


def wrong_directions(priors: Sequence[float] = (0.1, 0.3, 0.5, 0.7, 0.9)) -> int:
    """Count the priors from which an arrest does not raise belief, or a crime without arrest does not lower it."""
    wrong = 0
    for prior in priors:
        before, caught = run(prior=prior, history=(ARRESTED,)).believed
        not_caught = run(prior=prior, history=(FREE,)).believed[-1]
        wrong += not not_caught < before < caught
    return wrong


def growing_effects(experiences: Sequence[int] = (0, 2, 5, 10, 20)) -> int:
    """Count the steps of experience at which the effect of an arrest does not shrink."""
    effects = [arrest_effect(experience, people=1000) for experience in experiences]
    return sum(later >= earlier for earlier, later in pairwise(effects))


def bystanders(*, peer_weight: float = 0, people: int = 4000, days: int = 10, seed: int = 1) -> Bystanders:
    """Run a society in which neither tales from afar nor publicity move beliefs, and see whose moved.

    Parameters
    ----------
    peer_weight
        How much a tie's experience counts; with 0, one's own alone does.
    people, days, seed
        The society, under the rules of Rongcheng.

    Returns
    -------
    Bystanders
    """
    weights = {"learning.peer_weight": peer_weight, "learning.far_weight": 0}
    weights |= {f"publicity.{channel}_weight": 0 for channel in ("billboard", "app", "broadcast", "ringtone")}
    parameters = load_parameters({f"coefficients.{name}": weight for name, weight in weights.items()})
    rulebook = load_rulebook("rongcheng-2019", parameters)
    world = World(parameters, [rulebook], society="village", people=people, seed=seed)
    before = [columns["belief"].copy() for columns in world.districts]
    world.run(days)
    ledger = world.tally.ledger()
    true = (ledger["what"] == RECORD) & (ledger["truth"] == TRUE_RECORD) & (ledger["points"] < 0)
    groups = np.zeros((3, 2), np.int64)
    for columns, belief in zip(world.districts, before, strict=True):
        moved = (columns["belief"] != belief).any(axis=0)
        offended = columns["experience"] > 0
        tied = _near(columns, offended) & ~offended
        occupied = columns["occupied"] > 0
        for group, members in enumerate((offended, tied, ~offended & ~tied)):
            groups[group] += np.count_nonzero(members & occupied), np.count_nonzero(members & occupied & moved)
    (offenders, a), (near, b), (strangers, c) = groups.tolist()
    return Bystanders(offenders, near, strangers, len(np.unique(ledger["slot"][true])), a, b, c)


def checks() -> tuple[Check, ...]:
    """Compare with the published results."""
    learned, first = run(), arrest_effect()
    model, call = "Learning the risk", "perceived_risk."
    return (
        Check(
            model, LOCHNER, "belief after 8 crimes, 2 arrests, from 0.3 (within three standard errors)", "exact",
            learned.posterior[-1], learned.believed[-1], 3 * learned.standard_errors[-1], f"{call}run().believed[-1]",
        ),
        Check(
            model, ANWAR_LOUGHRAN, "gap of arrested and not, first crime: 1 / (n0 + 1)", "derived",
            1 / (learned.prior_weight + 1), first, 0.0005, f"{call}arrest_effect()",
        ),
        Check(
            model, ANWAR_LOUGHRAN, "the same gap as measured, 6.3 points; our prior's weight is set by it", "recalled",
            0.063, first, 0.001, f"{call}arrest_effect()",
        ),
        Check(
            model, LOCHNER, "priors from which arrested do not revise up, or others down", "reported",
            0, wrong_directions(), 0, f"{call}wrong_directions()",
        ),
        Check(
            model, ANWAR_LOUGHRAN, "steps of experience at which an arrest's effect does not shrink", "recalled",
            0, growing_effects(), 0, f"{call}growing_effects()",
        ),
        Check(
            model, LOCHNER, "strangers moved by others' arrests", "reported",
            0, bystanders().strangers_moved, 0, f"{call}bystanders().strangers_moved",
        ),
    )  # fmt: skip


def _mean_and_error(beliefs: Sequence[int]) -> tuple[float, float]:
    shares = np.asarray(beliefs) / 255
    return float(shares.mean()), float(shares.std(ddof=1)) / math.sqrt(len(beliefs))


def _near(columns: Columns, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Mark who is in the household or among the ties of the chosen."""
    near = np.zeros(chosen.size, np.bool_)
    ties = columns["ties"][chosen]
    near[ties[ties != NOBODY]] = True
    home = np.arange(chosen.size) - (columns["household"] >> 4)
    return near | np.isin(home, home[chosen])

"""Strategic gaming: who is short of a threshold climbs to it, if what it gives is worth what it takes.

Everybody stands somewhere between 0 and 1; whoever stands at the cut or above is qualified. A score at the threshold
or above is admitted, which is worth 1, and to move up costs in proportion (Hardt and others 2016). Then all climb who
are near enough, qualified or not. A threshold so high that the unqualified do not reach it admits the right ones, who
all have to climb for it, and bear the cost: the social burden (Milli and others 2019).

Here a deed gives a point, a grade begins at the threshold, and people decide by the day's own act, looking ahead as
far as it takes (`foresight`), with a deed costing what it costs (`effort`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import ACTS, IN_SCOPE
from scorepolis.core.errors import InputError
from scorepolis.day.district import Columns
from scorepolis.day.start import set_standing
from scorepolis.parameters import load
from scorepolis.rulebooks import load_text
from scorepolis.rulebooks.value import score_values
from scorepolis.validation.check import Check, Kind
from scorepolis.validation.crowd import INCOME
from scorepolis.validation.habit import Society, adults

HARDT = "Hardt, Megiddo, Papadimitriou and Wootters, ITCS 2016"
MILLI = "Milli, Miller, Dragan and Hardt, FAT* 2019"
MODEL = "Strategic gaming"

DEED = "giving_blood"
"""A good deed that needs nothing."""

POINTS = 160
"""Points from 0 to 1; a number by which the published costs give costs of a deed that are held exactly."""

WORTH = 4
"""Years of income that admission is worth: so much that nobody who wants to climb hesitates."""

CHANCE = 0.5
"""Opportunities a day, of which those who climb take every one."""

IDLE = 25
"""Days without a deed after which nobody has anything to gain any more."""

LONGEST = 10 * POINTS
"""Days after which whoever still climbs is left to it."""

DAY = ("act", "court", "observe", "score")
"""Rows of the plan that are turned: nobody's motive changes, there being none."""

BOOK = """
version: 1
name: threshold
title: A threshold
purpose: To reproduce a published model
legal_basis: none
in_force: {{from: 2019-01-01, until: null}}
tag: stylised
employs: [self_report]
instruments:
  - id: score
    method: points
    subject: person
    scope:
      min_age: {{value: 18, unit: years, status: assumed, range: [18, 18], reason: adults}}
      migrants: true
    transparency: published
    notice: true
    start: {{value: 0, unit: points, status: assumed, range: [0, 0], reason: set apart}}
    range:
      lowest: {{value: 0, unit: points, status: assumed, range: [0, 0], reason: from nothing}}
      highest: {{value: {points}, unit: points, status: assumed, range: [{points}, {points}], reason: to the top}}
    grades:
{grades}
    reach: [self_report]
    rules:
      - id: D
        text: A deed
        behaviours: [giving_blood]
        points: {{value: 1, unit: points, status: assumed, range: [1, 1], reason: the smallest step}}
        expires: null
"""

GRADE = """      - grade: {grade}
        lowest: {{value: {lowest}, unit: points, status: assumed, range: [0, {points}], reason: as the model has it}}
        highest: {{value: {highest}, unit: points, status: assumed, range: [0, {points}], reason: as the model has it}}
"""


@dataclass(frozen=True)
class Admission:
    """Who is admitted, once nobody has anything to gain any more.

    Attributes
    ----------
    admitted
        Share of all.
    unqualified
        Share of the admitted who stood below the cut.
    errors
        Share of all who are admitted and unqualified, or qualified and not admitted.
    shut_out
        Share of the qualified who are not admitted.
    burden
        Mean cost that the qualified have borne, in units of what admission is worth.
    """

    admitted: float
    unqualified: float
    errors: float
    shut_out: float
    burden: float


@cache
def run(
    *,
    threshold: float = 0.6,
    cut: float = 0.6,
    cost: float = 2.5,
    gain: float = 1,
    foresight: int = 100,
    people: int = 2500,
    seed: int = 1,
) -> Admission:
    """Let people climb who stand evenly from 0 to 1, and see who is admitted.

    Parameters
    ----------
    threshold
        From where on one is admitted, above 0 and up to 1.
    cut
        From where on one is qualified.
    cost
        Of moving up by 1.
    gain
        What admission is worth.
    foresight
        Deeds that people look ahead; each is a 160th of the way from 0 to 1.
    people, seed
        Size of the society whose adults they are, and its luck.

    Returns
    -------
    Admission

    Raises
    ------
    InputError
        If there is no such threshold, or a number is negative.
    """
    edge = int(threshold * POINTS + 0.5)
    if not 2 <= edge <= POINTS:
        raise InputError(f"a threshold of {threshold}", expected="a number above 0 and up to 1")
    for name, value in (("cost", cost), ("gain", gain)):
        if value < 0:
            raise InputError(f"the {name} is {value}", expected="a number not below 0")
    society = _society(edge, foresight, cost * WORTH / POINTS, people, seed)
    _same_worth(society.tables, edge, gain)
    stood = _stand_evenly(society)
    deeds = [np.zeros(place.size, np.int64) for place in stood]
    idle = 0
    for day in range(LONGEST):
        acted = False
        for columns, done in zip(society.turn(day, DAY), deeds, strict=True):
            slots = columns["acts_slot"][: columns["filled"][ACTS]]
            np.add.at(done, slots, 1)
            acted |= slots.size > 0
        idle = 0 if acted else idle + 1
        if idle == IDLE:
            break
    here = np.concatenate([adults(columns) for columns in society.districts])
    qualified = np.concatenate(stood)[here] >= cut * POINTS
    admitted = np.concatenate([columns["standing"][0] for columns in society.districts])[here] >= _first_admitted(edge)
    spent = np.concatenate(deeds)[here] * (cost / POINTS)
    return Admission(
        float(np.mean(admitted)),
        _mean(~qualified[admitted]),
        float(np.mean(admitted != qualified)),
        _mean(~admitted[qualified]),
        _mean(spent[qualified]),
    )


def _mean(values: npt.NDArray[Any]) -> float:
    """Mean of values, of which there may be none."""
    return float(values.sum() / max(1, values.size))


def _bands(edge: int) -> list[tuple[str, int, int]]:
    """Grades from lowest to highest: worth jumps between the two of a single score, below and at the threshold."""
    bands = [("far", 0, edge - 2), ("near", edge - 1, edge - 1), ("in", edge, edge), ("above", edge + 1, POINTS)]
    return [band for band in bands if band[1] <= band[2]]


def _first_admitted(edge: int) -> int:
    """Give the number of the lowest grade that is admitted."""
    return [name for name, *_ in _bands(edge)].index("in")


def _society(edge: int, foresight: int, effort: float, people: int, seed: int) -> Society:
    """Found a society under a threshold, in which a deed costs so many years of income."""
    grades = "".join(
        GRADE.format(grade=grade, lowest=lowest, highest=highest, points=POINTS)
        for grade, lowest, highest in _bands(edge)
    )
    overrides = {
        "coefficients.reward.reward_pull": 200,
        "coefficients.reward.foresight": foresight,
        "coefficients.reward.effort": effort,
    }
    book = load_text(BOOK.format(points=POINTS, grades=grades), "threshold.yaml", load(overrides))
    return Society.of(DEED, chance=CHANCE, sensitivity=1, rulebook=book, overrides=overrides, people=people, seed=seed)


def _same_worth(tables: Columns, edge: int, gain: float) -> None:
    """Let admission be worth the same to everybody, every year alike."""
    tables["income_table"][:] = INCOME
    tables["worth"][:] = 0
    tables["worth"][:, :, _first_admitted(edge) :] = int(gain * WORTH * INCOME + 0.5)
    tables["value"][:] = score_values(tables)
    tables["rule_duration"][:] = 256


def _stand_evenly(society: Society) -> list[npt.NDArray[np.int64]]:
    """Let the adults stand evenly from 0 to 1, know the rule, and have no motive but points; tells where they stand."""
    stood, counted = [], 0
    for columns in society.districts:
        here = adults(columns)
        place = np.zeros(here.size, np.int64)
        place[here] = ((counted + np.arange(int(here.sum()))) * POINTS) // society.adults
        counted += int(here.sum())
        columns["raw"][0] = place
        columns["marks"][:] = np.where(here, IN_SCOPE, 0)
        columns["aware"][:] = 1
        columns["motive"][:] = 0
        set_standing(columns, society.tables, 0, here)
        stood.append(place)
    return stood


def checks() -> tuple[Check, ...]:
    """Compare with the published model, for one set of numbers."""
    naive, robust = run(threshold=0.6), run(threshold=1.0)
    dear, reached = run(threshold=1.0, cost=3.75), run(threshold=1.0, cost=3.75, gain=1.5)

    def check(source: str, claim: str, numbers: tuple[float, float, float], call: str, kind: Kind = "derived") -> Check:
        return Check(MODEL, source, claim, kind, *numbers, f"gaming.{call}")

    near, deed = 1e-3, 2.5 / POINTS
    return (
        check(HARDT, "admitted by a threshold at the cut", (0.8, naive.admitted, near), "run(threshold=0.6).admitted"),
        check(
            HARDT, "unqualified among them", (0.5, naive.unqualified, near), "run(threshold=0.6).unqualified"
        ),
        check(HARDT, "admitted by the robust threshold", (0.4, robust.admitted, near), "run(threshold=1.0).admitted"),
        check(HARDT, "its errors", (0, robust.errors, 0), "run(threshold=1.0).errors", "exact"),
        check(
            MILLI, "cost that the qualified bear under it (within half a deed)", (0.5, robust.burden, deed / 2 + near),
            "run(threshold=1.0).burden",
        ),
        check(
            MILLI, "qualified whom it shuts out where costs are half as high again",
            (1 / 3, dear.shut_out, deed + near), "run(threshold=1.0, cost=3.75).shut_out",
        ),
        check(
            MILLI, "cost that they bear, where admission is worth it to all of them (within half a deed)",
            (0.75, reached.burden, 1.5 * deed / 2 + near), "run(threshold=1.0, cost=3.75, gain=1.5).burden",
        ),
    )  # fmt: skip

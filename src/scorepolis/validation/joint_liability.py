"""Joint liability: two borrowers answer for one another, as in Besley and Coate (1995).

A borrower repays if what default costs exceeds the debt. Of two who answer for one another both are penalised unless
both debts are paid. So one pays for the other who does not, if that is still worth it; but one who would have paid the
own debt gives up, too, where the other's is too much. Whether pairs repay more often than single borrowers depends on
how many would pay one debt and how many two.

Here the penalty for a debt left open is entered for the household, too, by a rule that shares it. Whoever it was
entered for without owing anything is asked once more: the other's debt, too, or the penalty. People decide by the day's
own act, each time about the same project, that is, with the same luck; who is asked again is what the day's records,
scores and shared entries have made of the first answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import ACTS, DONE, E_SLOT, E_WHAT, ENTRIES, IN_SCOPE, SHARED
from scorepolis.core.errors import InputError
from scorepolis.day.district import Columns
from scorepolis.day.start import set_standing
from scorepolis.parameters import load
from scorepolis.rulebooks import load_text
from scorepolis.rulebooks.value import score_values
from scorepolis.validation.check import Check
from scorepolis.validation.crowd import INCOME
from scorepolis.validation.habit import Society, adults, turn
from scorepolis.validation.mechanism import deterrence_settings

SOURCE = "Besley and Coate, Journal of Development Economics 46 (1995) 1"
MODEL = "Joint liability"

BREACH = "guarantee_breach"
"""What it is not to pay: each stands surety for the other."""

LARGEST_GAIN = 2
"""Years of income that the most tempting debt is worth, spread evenly from nothing."""

DUE = 1 - 2**-16
"""Chance a day that a debt is due: as near to certain as a gate lets through."""

FIRST = ("act", "court", "observe", "score", "share")
SECOND = ("act",)
"""Rows of the plan that are turned when one's own debt is due, and when the other's is."""

SPARED, STRUCK = 1, 0
"""Scores of those whom no penalty was entered for, and of the others."""

APART = ((0.1, 0.3), (0.1, 0.7), (0.3, 0.5), (0.3, 0.8), (0.5, 0.6), (0.5, 0.9))
"""Settings at which pairs and single borrowers are far enough apart to tell which repay more often."""

BOOK = """
version: 1
name: pairs
title: Borrowers in pairs
purpose: To reproduce a published model
legal_basis: none
in_force: {from: 2019-01-01, until: null}
tag: stylised
instruments:
  - id: loan
    method: points
    subject: person
    scope:
      min_age: {value: 18, unit: years, status: assumed, range: [18, 18], reason: adults borrow}
      migrants: true
    transparency: published
    notice: true
    start: {value: 1, unit: points, status: assumed, range: [1, 1], reason: nobody is penalised yet}
    range:
      lowest: {value: 0, unit: points, status: assumed, range: [0, 0], reason: penalised}
      highest: {value: 1, unit: points, status: assumed, range: [1, 1], reason: not penalised}
    grades:
      - grade: penalised
        lowest: {value: 0, unit: points, status: assumed, range: [0, 0], reason: penalised}
        highest: {value: 0, unit: points, status: assumed, range: [0, 0], reason: penalised}
      - grade: clear
        lowest: {value: 1, unit: points, status: assumed, range: [1, 1], reason: not penalised}
        highest: {value: 1, unit: points, status: assumed, range: [1, 1], reason: not penalised}
    reach: [bank]
    rules:
      - id: B
        text: A debt left open
        behaviours: [guarantee_breach]
        points: {value: -1, unit: points, status: assumed, range: [-1, -1], reason: the penalty}
        expires: null
        shared:
          among: household
          share: {value: 1, unit: share, status: assumed, range: [1, 1], reason: both answer for both}
"""


@dataclass(frozen=True)
class Repayment:
    """How often debts are repaid.

    Attributes
    ----------
    single
        Share of the borrowers who would each repay the own debt.
    joint
        Share of the pairs of whom both debts are repaid.
    pairs
        How many pairs were asked.
    """

    single: float
    joint: float
    pairs: int

    @property
    def standard_error(self) -> float:
        """Standard error of the share of pairs, and more than that of single borrowers."""
        return math.sqrt(max(self.joint * (1 - self.joint), self.single * (1 - self.single)) / self.pairs)


@cache
def run(
    *, one: float = 0.2, both: float = 0.4, averted: bool = True, people: int = 2500, days: int = 40, seed: int = 1
) -> Repayment:
    """Let pairs of borrowers decide about their debts, and about one another's.

    Parameters
    ----------
    one, both
        Share of the projects that earn too little to make it worth while to pay one debt, and to pay two.
    averted
        Whether one who pays for the other averts the penalty; if not, it stands whatever they do.
    people, days, seed
        Size of the society whose households of two adults borrow, how often they do, and their luck.

    Returns
    -------
    Repayment

    Raises
    ------
    InputError
        If a share is none, or fewer would pay one debt than two.
    """
    if not 0 <= one <= both <= 1:
        raise InputError(f"one is {one} and both is {both}", expected="two shares, the second not below the first")
    overrides = deterrence_settings(form="uniform_gain", largest_gain=LARGEST_GAIN)
    book = load_text(BOOK, "pairs.yaml", load(overrides))
    society = Society.of(
        BREACH, chance=DUE, sensitivity=1, rulebook=book, overrides=overrides, people=people, seed=seed
    )
    society.tables["suit_share"][:] = 0  # the penalty is all there is
    repaid = joint = asked = 0
    for columns in society.districts:
        pairs = _pairs(columns)
        gates = columns["gate"].copy()
        for day in range(days):
            left_open, liable = _own_debt(columns, society.tables, pairs, gates, day, one)
            unpaid = _others_debt(columns, society.tables, liable, gates, day, both, averted=averted)
            repaid += int((~left_open[pairs]).sum())
            joint += int((~(unpaid | (left_open & ~_of_other(liable, pairs)))[pairs]).all(axis=1).sum())
            asked += len(pairs)
    return Repayment(repaid / (2 * asked), joint / asked, asked)


def _pairs(columns: Columns) -> npt.NDArray[np.int64]:
    """Find the households with two adults, who are in scope and know the rule; all others borrow nothing."""
    grown = np.flatnonzero(adults(columns))
    heads = grown - (columns["household"][grown] >> 4)
    _, first, count = np.unique(heads, return_index=True, return_counts=True)
    at = first[count == 2]
    pairs = np.column_stack([grown[at], grown[at + 1]])
    columns["marks"][:] = 0
    columns["marks"][0, pairs.ravel()] = IN_SCOPE
    columns["aware"][:] = 1
    columns["belief"][:] = 255
    return pairs


def _own_debt(
    columns: Columns, tables: Columns, pairs: npt.NDArray[np.int64], gates: npt.NDArray[np.uint16], day: int, one: float
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Let everybody decide about the own debt; tells who left it open, and for whom else the penalty was entered."""
    columns["raw"][:] = SPARED
    set_standing(columns, tables, 0, columns["occupied"] > 0)
    _ask(columns, gates, pairs.ravel())
    _cost(tables, 1 - one)
    turn(columns, day, FIRST)
    left_open = _did(columns)
    entries = columns["entries"][: columns["filled"][ENTRIES]]
    struck = _mark(columns, entries[entries[:, E_WHAT] == SHARED, E_SLOT])
    return left_open, struck & ~left_open


def _others_debt(
    columns: Columns,
    tables: Columns,
    liable: npt.NDArray[np.bool_],
    gates: npt.NDArray[np.uint16],
    day: int,
    both: float,
    *,
    averted: bool,
) -> npt.NDArray[np.bool_]:
    """Let the liable decide about both debts, on the same day, so with the same luck; tells who does not pay."""
    if averted:
        columns["raw"][0, liable] = SPARED
        set_standing(columns, tables, 0, columns["occupied"] > 0)
    _ask(columns, gates, np.flatnonzero(liable))
    _cost(tables, 1 - both)
    turn(columns, day, SECOND)
    return _did(columns)


def _of_other(liable: npt.NDArray[np.bool_], pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Mark those whose partner is liable."""
    marked = np.zeros_like(liable)
    marked[pairs] = liable[pairs[:, ::-1]]
    return marked


def _ask(columns: Columns, gates: npt.NDArray[np.uint16], slots: npt.NDArray[np.int64]) -> None:
    """Let a debt be due of these people alone."""
    columns["gate"] = np.zeros_like(gates)
    columns["gate"][slots] = gates[slots]


def _cost(tables: Columns, share: float) -> None:
    """Let the penalty cost so much that this share of the debts is worth less."""
    tables["income_table"][:] = INCOME
    tables["worth"][:] = int(share * LARGEST_GAIN * INCOME + 0.5)
    tables["worth"][:, :, STRUCK] = 0
    tables["value"][:] = score_values(tables)
    tables["rule_duration"][:] = 256


def _did(columns: Columns) -> npt.NDArray[np.bool_]:
    """Mark those who did what they were tempted to."""
    acts = slice(0, int(columns["filled"][ACTS]))
    return _mark(columns, columns["acts_slot"][acts][columns["acts_fate"][acts] == DONE])


def _mark(columns: Columns, slots: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    marked = np.zeros(columns["age"].size, np.bool_)
    marked[slots] = True
    return marked


def closed_form(one: float, both: float) -> float:
    """Share of pairs that repay in the published game, without any penalty among themselves."""
    return 1 - both**2 + (both - one) ** 2


def contradictions() -> int:
    """Count the settings at which pairs repay more often although 1 + F1 > 2 F2 does not hold, or the reverse."""
    found = [(run(one=one, both=both), 1 + one > 2 * both) for one, both in APART]
    return sum((repayment.joint > repayment.single) is not better for repayment, better in found)


def checks() -> tuple[Check, ...]:
    """Compare with the published game, for two sets of numbers."""
    few, many = run(one=0.2, both=0.4), run(one=0.2, both=0.8)

    def check(claim: str, numbers: tuple[float, float, float], call: str) -> Check:
        return Check(MODEL, SOURCE, claim, "derived", *numbers, f"joint_liability.{call}")

    return (
        check(
            "debts repaid one by one, a fifth of the projects earning too little (within three standard errors)",
            (0.8, few.single, 3 * few.standard_error), "run(one=0.2, both=0.4).single",
        ),
        check(
            "repaid by pairs, where two fifths earn too little for two debts",
            (closed_form(0.2, 0.4), few.joint, 3 * few.standard_error), "run(one=0.2, both=0.4).joint",
        ),
        check(
            "repaid by pairs, where four fifths do", (closed_form(0.2, 0.8), many.joint, 3 * many.standard_error),
            "run(one=0.2, both=0.8).joint",
        ),
        check(
            "settings, of six, at which pairs do better though 1 + F1 > 2 F2 does not hold, or worse though it does",
            (0, contradictions(), 0), "contradictions()",
        ),
    )  # fmt: skip

"""What a year did to each person of the panel, so that the same person can be compared across schemes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import IN_SCOPE, RECORD, REFUSED, SHOWN
from scorepolis.measures.counts import CELLS
from scorepolis.measures.groups import masks

if TYPE_CHECKING:
    from scorepolis.engine.simulate import Outcome
    from scorepolis.engine.world import World

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Personal:
    """A number that every person has at the end of a run.

    Attributes
    ----------
    name, title, unit, description : str
        As of a measure.
    better : 1 or -1
        Whether more of it is a gain or a loss to the person.
    """

    name: str
    title: str
    unit: str
    better: Literal[1, -1]
    description: str


PERSONAL: Final = (
    Personal(
        "standing_worth", "Worth of the standing", "yuan a year", 1,
        "What the person's standings at the end are worth to people of their age, sex and place, by the method's own "
        "V: services wanted times what is denied, delayed, dearer, cheaper or sooner, less the price of being shamed. "
        "Ordinary law alone gives no standing, hence 0.",
    ),
    Personal("income", "Income", "yuan per head and year", 1, "Income at the end, after what refusals cost."),
    Personal("hardship", "Hardship", "share of full scale", -1, "Hardship at the end."),
    Personal("ties", "Ties beyond the household", "ties", 1, "Neighbours, friends and workmates at the end."),
    Personal(
        "penalties", "Penalties", "entries", -1, "Ledger entries of records that took points or forced a grade."
    ),
    Personal(
        "wrongful_penalties", "Wrongful penalties", "entries", -1, "Those of them that are wrongful in one of six ways."
    ),
    Personal("rewards", "Rewards", "entries", 1, "Ledger entries of records that gave points."),
    Personal(
        "net_points", "Net points", "points", 1,
        "Points given less points taken by records, under all instruments of the scheme together. Points of two "
        "instruments cannot be compared, so it serves only where schemes share an instrument.",
    ),
    Personal("refused", "Ever refused", "share", -1, "Whether a service was ever refused under any instrument."),
    Personal("shamed", "Ever shamed in public", "share", -1, "Whether the person was ever shamed on any channel."),
)  # fmt: skip


@dataclass(frozen=True)
class Persons:
    """The panel at the end of a run, everybody in the same place under every scheme.

    Attributes
    ----------
    slot : int64, (P,)
        Where they live; the order of all that follows.
    cell : int64, (P,)
        Group cell.
    values : float64, (P, len(PERSONAL))
        See `PERSONAL`.
    at_start, at_end : int64, (I, P)
        Standing under each instrument; -1 out of its scope.
    """

    slot: IntArray
    cell: IntArray
    values: FloatArray
    at_start: IntArray
    at_end: IntArray

    def mean_by_group(self, *figures: npt.NDArray[Any]) -> FloatArray:
        """Give the means of figures over the people of each group.

        Parameters
        ----------
        *figures : ndarray, (P, K)
            Numbers, or yes and no, of each person.

        Returns
        -------
        ndarray of float64, (figures, groups, K)
            NaN for a group with nobody in it.
        """
        columns = np.concatenate(figures, axis=1).T.astype(np.float64)
        by_cell = np.array([np.bincount(self.cell, column, minlength=CELLS) for column in columns])
        size = masks() @ np.bincount(self.cell, minlength=CELLS)
        sums = np.einsum("gc,kc->gk", masks(), by_cell)
        means = np.divide(sums, size[:, None], out=np.full(sums.shape, np.nan), where=size[:, None] > 0)
        return np.stack(np.split(means, len(figures), axis=1))


def standings(world: World) -> IntArray:
    """Give the standing of the panel under each instrument, at this moment.

    Returns
    -------
    ndarray of int64, (I, P)
        -1 for those out of scope.
    """
    return np.where(_accounts(world, "marks") & IN_SCOPE, _accounts(world, "standing"), -1)


def persons(outcome: Outcome, at_start: IntArray) -> Persons:
    """Take from a finished run what it did to each person of the panel.

    Parameters
    ----------
    outcome : Outcome
        The run.
    at_start : ndarray of int64, (I, P)
        `standings` of its world before the first day.

    Returns
    -------
    Persons
        In the order of their slots.
    """
    from scorepolis.society.ties import NOBODY  # compiled; who reads a finished comparison needs none of it

    world = cast("World", outcome.world)  # comparisons live in memory
    slot = np.concatenate([int(d["first_slot"]) + np.flatnonzero(d["panel"]) for d in world.districts])
    marks = _accounts(world, "marks")
    income = (_base_income(world) * _panel(world, "income")) >> 7
    ties = np.concatenate([(d["ties"][d["panel"] > 0] != NOBODY).sum(axis=1) for d in world.districts])
    values = np.column_stack(
        [
            _worth(world),
            income,
            _panel(world, "hardship") / 255.0,
            ties,
            *_entries(outcome, slot),
            (marks & REFUSED).any(axis=0),
            (marks & SHOWN).any(axis=0),
        ]
    ).astype(np.float64)
    return Persons(slot, _panel(world, "group_cell"), values, at_start, standings(world))


def _panel(world: World, name: str) -> IntArray:
    """Give a column of the panel; the person is the last axis."""
    return np.concatenate([d[name][..., d["panel"] > 0].astype(np.int64) for d in world.districts], axis=-1)


def _accounts(world: World, name: str) -> IntArray:
    """Give a column of the panel by instrument of the run; 0, and so out of scope, where one is not in force."""
    every = len(world.regions.whole["score_start"])
    parts = []
    for d in world.districts:
        held = np.zeros((every, np.count_nonzero(d["panel"])), np.int64)
        held[d["instruments"]] = d[name][:, d["panel"] > 0]
        parts.append(held)
    return np.concatenate(parts, axis=1)


def _base_income(world: World) -> IntArray:
    """Give the income of the panel at the start, in yuan a year: by rank, in the province of each."""
    return np.concatenate([d["income_table"][d["income_rank"][d["panel"] > 0]] for d in world.districts])


def _worth(world: World) -> IntArray:
    """Sum what the effective scores of everybody are worth to them, in yuan a year (method, sections 5 and 7)."""
    tables: dict[str, Any] = world.regions.whole
    in_scope = (_accounts(world, "marks") & IN_SCOPE) > 0
    raw, overrides, cell = _accounts(world, "raw"), _accounts(world, "overrides"), _panel(world, "rate_cell")
    total = np.zeros(cell.size, np.int64)
    for k in range(len(raw)):
        lowest, highest = int(tables["score_lowest"][k]), int(tables["score_highest"][k])
        score = np.clip(raw[k], lowest, highest)
        grades = tables["override_grade"][k].astype(np.int64)
        forced = np.where(overrides[k] & 15, grades[0], np.where(overrides[k] >> 4, grades[1], -1))
        most = tables["grade_midpoint"][k].astype(np.int64)[np.maximum(forced, 0)]
        score = np.where(forced >= 0, np.minimum(score, most), score)
        total += np.where(in_scope[k], tables["value"][k][cell, score - lowest], 0)
    return total


def _entries(outcome: Outcome, slot: IntArray) -> tuple[IntArray, ...]:
    """Count each person's penalties, those that are wrongful, and rewards, and sum their points."""
    ledger = outcome.ledger
    record = ledger["what"] == RECORD
    who = np.searchsorted(slot, ledger["slot"])
    points = ledger["points"]
    forces = np.zeros(points.size, bool)
    if points.size:
        forces = outcome.world.regions.whole["rule_override"][ledger["instrument"], ledger["rule"]] >= 0
    penalty = record & (points <= 0) & ((points < 0) | forces)

    def count(rows: npt.NDArray[np.bool_], weights: IntArray | None = None) -> IntArray:
        chosen = None if weights is None else weights[rows]
        return np.bincount(who[rows], chosen, minlength=slot.size).astype(np.int64)

    return count(penalty), count(penalty & (ledger["truth"] > 0)), count(record & (points > 0)), count(record, points)

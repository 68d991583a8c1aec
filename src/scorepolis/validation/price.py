"""A crowd and a good deed that has a price for a while: acts, records, points, motive, by the day's own rows.

A price is posted by taking everybody into the scope of an instrument that rewards the deed, and withdrawn by letting
them out again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scorepolis.core.buffers import ACTS, FOR_POINTS, IN_SCOPE
from scorepolis.day.district import Columns
from scorepolis.rulebooks.value import score_values
from scorepolis.validation.crowd import INCOME
from scorepolis.validation.habit import Society, adults

DEED = "giving_blood"
"""A good deed of the domain society, with a rule in the teaching town that has no cap."""

DAY = ("act", "court", "observe", "score", "learn")
MONTH = ("live",)
"""Rows of the plan that are turned: what is shown to others stays out."""


@dataclass(frozen=True)
class Term:
    """Days with or without a price.

    Attributes
    ----------
    days
        How many.
    priced
        Whether the deed has its price.
    """

    days: int
    priced: bool


@dataclass(frozen=True)
class Deeds:
    """What was done in a term.

    Attributes
    ----------
    chances
        Days of all adults.
    done
        Deeds.
    for_points
        Deeds among them that were done for the price only.
    motive
        Mean motive at the term's end, 1 at the start.
    """

    chances: int
    done: int
    for_points: int
    motive: float

    @property
    def rate(self) -> float:
        """Deeds per adult and day."""
        return self.done / self.chances

    @property
    def standard_error(self) -> float:
        """Standard error of the rate."""
        return math.sqrt(self.rate * (1 - self.rate) / self.chances)


def live_through(
    terms: Sequence[Term],
    *,
    chance: float,
    worth: float,
    month: int,
    overrides: Mapping[str, float | str],
    people: int,
    seed: int,
) -> tuple[Deeds, ...]:
    """Let a society live through terms with and without a price; every deed is recorded.

    Parameters
    ----------
    terms
        One after another.
    chance
        Deeds per adult and day by full motive, unpriced.
    worth
        What a priced deed brings, in years of income.
    month
        Days after which motives return by a step.
    overrides
        Parameters by dotted path.
    people, seed
        The society and its luck.

    Returns
    -------
    tuple of Deeds
        One for each term.
    """
    society = Society.of(
        DEED, chance=chance, sensitivity=1, rulebook="teaching-town", overrides=overrides, people=people, seed=seed
    )
    _same_worth(society.tables, worth)
    day, told = 0, []
    for term in terms:
        done = for_points = 0
        _post(society.districts, term.priced)
        for _ in range(term.days):
            for columns in society.turn(day, DAY if (day + 1) % month else DAY + MONTH):
                columns["raw"][:] = columns["score_lowest"][:, None]  # so that tomorrow's gain is today's
                fates = columns["acts_fate"][: columns["filled"][ACTS]]
                done += len(fates)
                for_points += int(np.count_nonzero(fates == FOR_POINTS))
            day += 1
        motive = sum(int(columns["motive"][adults(columns)].sum(dtype=np.int64)) for columns in society.districts)
        told.append(Deeds(society.adults * term.days, done, for_points, motive / 128 / society.adults))
    return tuple(told)


def _same_worth(tables: Columns, worth: float) -> None:
    """Let a record lift from the lowest score to the highest, and let that be worth the same to everybody."""
    tables["income_table"][:] = INCOME
    tables["worth"][:] = int(worth * INCOME + 0.5)
    tables["worth"][:, :, 0] = 0
    tables["value"][:] = score_values(tables)
    tables["rule_points"][:] = (tables["score_highest"] - tables["score_lowest"])[:, None]
    tables["rule_expires"][:] = -1
    tables["rule_duration"][:] = 256


def _post(districts: Sequence[Columns], priced: bool) -> None:
    """Take everybody into the instrument's scope and tell them, or let them out."""
    for columns in districts:
        columns["marks"][:] = IN_SCOPE if priced else 0
        columns["aware"][:] = priced
        columns["raw"][:] = columns["score_lowest"][:, None]

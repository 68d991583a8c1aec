"""A crowd before one and the same temptation, deciding by the day's own act."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import ACTS, IN_SCOPE, SILENCED
from scorepolis.core.draws import Purpose, draw_words
from scorepolis.day.district import Columns
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.rulebooks.value import score_values
from scorepolis.validation.habit import turn

INCOME = 10_000
"""Everybody's income in yuan a year, so that a loss is the same share of it to all."""


@dataclass(frozen=True)
class Decisions:
    """What came of a crowd's wishes.

    Attributes
    ----------
    wishes
        How often somebody wished to do what a rule forbids.
    crimes
        How often it was done.
    """

    wishes: int
    crimes: int

    @property
    def rate(self) -> float:
        """Share of the wishes that were carried out."""
        return self.crimes / self.wishes

    @property
    def standard_error(self) -> float:
        """Standard error of the rate."""
        return math.sqrt(self.rate * (1 - self.rate) / self.wishes)


def decide(
    *,
    risk: float,
    loss: float,
    overrides: Mapping[str, float | str],
    people: int = 20_000,
    days: int = 360,
    seed: int = 1,
) -> Decisions:
    """Let people of a synthetic society decide, all of whom believe in the same risk and have the same to lose.

    Only `act` is turned: nobody is recorded and nobody learns, so that the temptation stays as it is.

    Parameters
    ----------
    risk
        Believed risk of being recorded.
    loss
        What a record costs, in years of income.
    overrides
        Parameters by dotted path.
    people, days, seed
        Size of the society, days of wishing, and the luck.

    Returns
    -------
    Decisions
    """
    parameters = load_parameters(overrides)
    book = load_rulebook("teaching-town", parameters)
    # The points alone: what two instruments took would count twice.
    points = tuple(instrument.with_(fed_by=()) for instrument in book.instruments if instrument.method == "points")
    world = World(parameters, [book.with_(instruments=points)], society="village", people=people, seed=seed)
    _same_loss(world.tables, loss)
    wishes = crimes = 0
    for columns in world.districts:
        _same_belief(columns, risk, seed)
        forbidden = (columns["is_bad"] > 0) & (columns["rule_weighed"] >= 0).any(axis=0)
        for day in range(days):
            fates = _act(columns, day, forbidden)
            wishes += len(fates)
            crimes += int(np.count_nonzero(fates != SILENCED))
    return Decisions(wishes, crimes)


def _same_loss(tables: Columns, loss: float) -> None:
    """Let every rule throw down to the lowest grade, and let that cost everybody the same."""
    tables["income_table"][:] = INCOME
    tables["worth"][:] = int(loss * INCOME + 0.5)
    tables["worth"][:, :, 0] = 0
    tables["value"][:] = score_values(tables)
    tables["rule_override"][:] = 0
    tables["rule_duration"][:] = 256


def _same_belief(columns: Columns, risk: float, seed: int) -> None:
    """Let everybody know the rules, stand at the top, and believe in one risk, which bytes hold on average only."""
    slots = int(columns["first_slot"]) + np.arange(columns["age"].size)
    words = draw_words(seed, Purpose.START, slots, 0, 0)
    for domain, word in enumerate(words):
        columns["belief"][domain] = (int(risk * 255 * (1 << 32)) + word.astype(np.int64)) >> 32
    columns["marks"][:] |= IN_SCOPE
    columns["aware"][:] = 1
    columns["overrides"][:] = 0
    columns["raw"][:] = columns["score_highest"][:, None]


def _act(columns: Columns, day: int, forbidden: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
    """Turn the plan's own row `act` for a day; returns the fates of wishes for what is forbidden."""
    turn(columns, day, ("act",))
    done = int(columns["filled"][ACTS])
    kept: npt.NDArray[Any] = columns["acts_fate"][:done][forbidden[columns["acts_kind"][:done]]]
    return kept

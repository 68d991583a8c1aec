"""Rewarded blood donors: rewards raise giving and do no later harm (Lacetera, Macis and Slonim 2013).

Of 19 rewards tried in the field 18 raised giving, the dearer ones more; after they had ended nothing was left of them,
neither good nor harm. Here a season of rewards for every donation is set into the lives of donors, beside the same
donors who are never rewarded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from scorepolis.core.errors import InputError
from scorepolis.validation.check import Check
from scorepolis.validation.price import Deeds, Term, live_through

LACETERA = "Lacetera, Macis and Slonim, Science 340 (2013) 927"

YEAR, SEASON, MONTH = 360, 90, 30

DAY_OFF = 1 / 250
"""Worth of a day off work, in years of income."""

WORTHS = (DAY_OFF / 2, DAY_OFF, 2 * DAY_OFF, 4 * DAY_OFF, 8 * DAY_OFF)


@dataclass(frozen=True)
class Giving:
    """Donations of the rewarded, and of the same people without rewards.

    Attributes
    ----------
    during, after
        While there are rewards, and in the year after.
    during_unrewarded, after_unrewarded
        The same days without rewards.
    """

    during: Deeds
    after: Deeds
    during_unrewarded: Deeds
    after_unrewarded: Deeds

    @property
    def rise(self) -> float:
        """Share by which rewards raise giving while they last."""
        return self.during.done / self.during_unrewarded.done - 1

    @property
    def change_after(self) -> float:
        """Share by which giving is higher in the year after; negative if rewards did harm."""
        return self.after.done / self.after_unrewarded.done - 1

    @property
    def standard_error(self) -> float:
        """Standard error of that share if the unrewarded were other people, as in the field."""
        return math.sqrt(self.after.done + self.after_unrewarded.done) / self.after_unrewarded.done


def run(
    *,
    worth: float = DAY_OFF,
    crowding_out: float | None = None,
    gifts: float = 2,
    season: int = SEASON,
    people: int = 8000,
    seed: int = 1,
) -> Giving:
    """Reward donors for a season, and follow them for a year.

    Parameters
    ----------
    worth
        What a donation brings, in years of income.
    crowding_out
        Share of motive that rewards take away in the end; the model's own if None.
    gifts
        Donations a year.
    season
        Days of rewards.
    people, seed
        Size of the society whose adults are the donors, and its luck.

    Returns
    -------
    Giving

    Raises
    ------
    InputError
        If a number lies outside its range.
    """
    if worth < 0 or season < 1:
        raise InputError(f"a worth of {worth} for {season} days", expected="a number not below 0, for a day at least")
    overrides = {} if crowding_out is None else {"coefficients.reward.crowding_out.society": crowding_out}
    give = partial(
        live_through, chance=gifts / YEAR, worth=worth, month=MONTH, overrides=overrides, people=people, seed=seed
    )
    rewarded, unrewarded = (give([Term(season, priced), Term(YEAR, False)]) for priced in (True, False))
    return Giving(*rewarded, *unrewarded)


def idle_rewards(worths: Sequence[float] = WORTHS, *, people: int = 8000, seed: int = 1) -> int:
    """Count the rewards that raise giving in a season no further than a lesser one, or none; the lesser come first."""
    give = partial(live_through, chance=2 / YEAR, month=MONTH, overrides={}, people=people, seed=seed)
    unrewarded = give([Term(SEASON, False)], worth=0)
    rewarded = (give([Term(SEASON, True)], worth=worth) for worth in worths)
    return sum(dearer.done <= cheaper.done for (cheaper,), (dearer,) in pairwise((unrewarded, *rewarded)))


def checks() -> tuple[Check, ...]:
    """Compare with the published findings."""
    model = "Rewarded donors"
    giving = run()
    return (
        Check(
            model, LACETERA, "rewards, of five worths from half a day's income up, that raise giving no further",
            "recalled", 0, idle_rewards(), 0, "donors.idle_rewards()",
        ),
        Check(
            model, LACETERA, "change of giving in the year after a season of rewards (within three standard errors)",
            "reported", 0, giving.change_after, 3 * giving.standard_error, "donors.run().change_after",
        ),
    )  # fmt: skip

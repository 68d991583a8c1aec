"""What can be said of a condition: met, not met, or cannot be told from a rulebook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

MET: Final = "met"
NOT_MET: Final = "not met"
UNTOLD: Final = "cannot be told from a rulebook"


class Answer(NamedTuple):
    """What can be said of a condition, why, and the line of the rulebook on which it rests."""

    state: str
    why: str
    line: int | None = None


def gravest(answers: Iterable[Answer], *, duty: bool) -> Answer:
    """Choose among answers about several whom a rulebook treats: what is done to one of them is done.

    Parameters
    ----------
    answers : iterable of Answer
        At least one; of the equally grave the first is chosen.
    duty : bool
        Whether a norm asks for the condition: then *not met* is the gravest, otherwise *met*.

    Returns
    -------
    Answer
        One of them.
    """
    order = (NOT_MET, UNTOLD, MET) if duty else (MET, UNTOLD, NOT_MET)
    return min(answers, key=lambda one: order.index(one.state))

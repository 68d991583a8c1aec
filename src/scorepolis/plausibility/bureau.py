"""How the scores of a credit bureau spread, and how many default at which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import IN_SCOPE, RECORD
from scorepolis.plausibility.worlds import Lived, Worlds

SCORE: Final = 0
"""Number of the bureau's instrument: there is no other."""
IN_DEFAULT: Final = "B2"
"""Rule of the bureau for accounts that are charged off or in collection."""


@dataclass(frozen=True)
class Borrowers:
    """Who has a file.

    Attributes
    ----------
    scores : int64[borrowers]
        On the first day.
    defaulted : bool[borrowers]
        Who had an account in default since.
    """

    scores: npt.NDArray[np.int64]
    defaulted: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, lived: Lived) -> Borrowers:
        """Follow everybody with a file through the ledger."""
        in_scope = (lived.column("marks", SCORE) & IN_SCOPE) > 0
        slots = np.concatenate([d["first_slot"] + np.flatnonzero(d["occupied"]) for d in lived.world.districts])[
            in_scope
        ]
        (card,) = lived.world.rulebooks[0].instruments
        lowest, highest = int(card.range.lowest.exact), int(card.range.highest.exact)
        scores = np.clip(lived.column("raw", SCORE)[in_scope], lowest, highest)
        ledger = lived.world.tally.ledger()
        # The ledger leads from the first day on: whoever has an entry began where the first of them begins.
        begun, first = np.unique(ledger["slot"], return_index=True)
        scores[np.searchsorted(slots, begun)] = ledger["score_before"][first]
        rule = [rule.id for rule in card.rules].index(IN_DEFAULT)
        entered = ledger["slot"][(ledger["what"] == RECORD) & (ledger["rule"] == rule)]
        return cls(scores, np.isin(slots, entered))

    def share(self, lowest: int, highest: int) -> float:
        """Percent of the borrowers who begin with a score in a band."""
        return 100 * float(np.mean((self.scores >= lowest) & (self.scores <= highest)))

    def default(self, lowest: int, highest: int) -> float:
        """Percent of those in a band who default; 0 if nobody is in it."""
        inside = self.defaulted[(self.scores >= lowest) & (self.scores <= highest)]
        return 100 * float(inside.mean()) if inside.size else 0.0


MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        "bureau_below_600": lambda worlds: Borrowers.of(worlds.bureau).share(300, 599),
        "bureau_from_600": lambda worlds: Borrowers.of(worlds.bureau).share(600, 699),
        "bureau_from_700": lambda worlds: Borrowers.of(worlds.bureau).share(700, 850),
        "default_from_600": lambda worlds: Borrowers.of(worlds.bureau).default(600, 639),
        "default_from_640": lambda worlds: Borrowers.of(worlds.bureau).default(640, 679),
        "default_from_720": lambda worlds: Borrowers.of(worlds.bureau).default(720, 850),
    }
)

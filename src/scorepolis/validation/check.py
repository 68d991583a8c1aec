"""A published number beside ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["exact", "derived", "measured", "reported", "recalled"]


@dataclass(frozen=True)
class Check:
    """One published result and what our own mechanism gives.

    Attributes
    ----------
    model, source
        Short name of the model, and where it was published.
    claim
        What the number is.
    kind
        `exact`: an identity of the published model. `derived`: worked out from the published model for one set of
        numbers. `measured`: worked out from the paper's own data. `reported`: a finding as the paper's abstract, or who
        tells of it, states it. `recalled`: from memory of the literature, not read again.
    published, ours, tolerance
        Numbers. A finding that is no number becomes one by counting what contradicts it.
    call
        How to get ours.
    """

    model: str
    source: str
    claim: str
    kind: Kind
    published: float
    ours: float
    tolerance: float
    call: str

    @property
    def holds(self) -> bool:
        """Whether ours agrees with what was published."""
        return abs(self.ours - self.published) <= self.tolerance

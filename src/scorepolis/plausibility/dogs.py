"""Points for dog owners: how many were penalised, and how many of those lost all twelve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import RECORD
from scorepolis.plausibility.worlds import Lived, Worlds
from scorepolis.society.flags import DOG_OWNER

PUBLISHED: Final = 1430
"""Owners penalised in Jinan."""


def owners(lived: Lived) -> int:
    """Count the adults who answer for a dog."""
    return int(((lived.column("flags") & DOG_OWNER > 0) & (lived.column("age") >= 18)).sum())


def penalised(lived: Lived) -> npt.NDArray[np.int64]:
    """Find those from whom points were taken, each once."""
    ledger = lived.world.tally.ledger()
    taken = (ledger["what"] == RECORD) & (ledger["points"] < 0)
    return np.unique(ledger["slot"][taken])


def out_of_points(lived: Lived) -> npt.NDArray[np.int64]:
    """Find those who ever stood without a point left, each once."""
    ledger = lived.world.tally.ledger()
    return np.unique(ledger["slot"][ledger["standing_after"] == 0])


def owners_penalised(worlds: Worlds) -> float:
    """Those penalised, in percent of the owners."""
    return 100 * len(penalised(worlds.dogs)) / owners(worlds.dogs)


def owners_out_of_points(worlds: Worlds) -> float:
    """Of as many penalised as were published, those who lost all points."""
    return PUBLISHED * len(out_of_points(worlds.dogs)) / len(penalised(worlds.dogs))


MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {"dog_owners_penalised": owners_penalised, "dog_owners_out_of_points": owners_out_of_points}
)

"""How far a camera's record can be believed, which follows from how rare the act is and how often the camera errs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from scorepolis.core.buffers import NOT_DONE, STALE, TRUE_RECORD
from scorepolis.plausibility.trials import MEASURES as OF_TRIALS
from scorepolis.plausibility.worlds import Lived, Worlds

CAMERA: Final = "street_camera"
FEW, MANY = 0.00001, 0.0001
"""False records per person and day; the second is the most that may be set."""


def precision(lived: Lived) -> float:
    """Share of the camera's records that are of the right person and of an act that was done."""
    records = lived.records(CAMERA)
    return float((records[TRUE_RECORD] + records[STALE]) / records.sum())


def false_per_true(lived: Lived) -> float:
    """Divide the records of acts that nobody did by the true ones."""
    records = lived.records(CAMERA)
    return float(records[NOT_DONE] / records[TRUE_RECORD])


def growth_of_false_records(worlds: Worlds) -> float:
    """By what factor false records per true one grow, over that by which the rate of false records does."""
    few, many = (false_per_true(worlds.misreading(rate)) for rate in (FEW, MANY))
    return many / few / (MANY / FEW)


MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        "camera_precision": lambda worlds: 100 * precision(worlds.scheme),
        "growth_of_false_records": growth_of_false_records,
        **OF_TRIALS,
    }
)

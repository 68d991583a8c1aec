"""Rates of people and the ceilings that follow from them: who could do what, and how often anything at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.errors import InputError
from scorepolis.day.tables import Tables

Columns = dict[str, npt.NDArray[Any]]

LARGEST_GATE = 32768
"""Nobody's ceiling may exceed one act in two days."""


def base_rate(columns: Columns, tables: Tables, kind: int) -> npt.NDArray[np.int64]:
    """Rate of a kind for each slot, in 2^-32 acts a day, before anything that varies."""
    level = (columns["traits"].astype(np.int64) >> tables["trait_shift"][kind]) & 15
    base = (tables["rates"][:, kind][columns["rate_cell"]] * tables["trait_factor"][kind][level]) >> 16
    need = tables["requires"][kind]
    able = columns["occupied"] > 0 if need == 0 else (columns["flags"] & need) > 0
    return np.where(able, base, 0)


def set_gates(columns: Columns, tables: Tables) -> None:
    """Set each person's gate and each neighbourhood's expected acts.

    Raises
    ------
    InputError
        If rates are so high that somebody's ceiling exceeds one act in two days.
    """
    kinds, behaviours = tables["rates"].shape[1], tables["domain"].size
    total = np.zeros(columns["age"].size, np.int64)
    expected = np.empty((total.size >> 10, behaviours), np.int64)
    for kind in range(kinds):
        base = base_rate(columns, tables, kind)
        total += (base * tables["room"][kind]) >> 8
        if kind < behaviours:
            expected[:, kind] = base.reshape(-1, 1024).sum(axis=1)
    gate = (total + 65535) >> 16
    highest = int(gate.max())
    if highest > LARGEST_GATE:
        raise InputError(
            f"the rates of behaviours and wants add up to a ceiling of {highest / 65536:.2f} acts a day for one person",
            expected="at most 0.5 for anybody: a lower rate or a higher weight",
        )
    columns["gate"] = gate.astype(np.uint16)
    columns["expected"] = expected

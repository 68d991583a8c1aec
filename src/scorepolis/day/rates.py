"""Rates of people and the ceilings that follow from them: who could do what, and how often anything at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.compiled import compiled
from scorepolis.core.errors import InputError
from scorepolis.day.tables import Tables

Columns = dict[str, npt.NDArray[Any]]

LARGEST_GATE = 32768
"""Nobody's ceiling may exceed one act in two days."""


@compiled
def fill_rates(occupied, flags, traits, rate_cell, kind, rates, trait_factor, trait_shift, requires, base):  # type: ignore[no-untyped-def]
    """Write the rate of a kind for each slot."""
    need = requires[kind]
    for i in range(base.size):
        able = occupied[i] != 0 and (flags[i] & need) == need
        level = (np.int64(traits[i]) >> trait_shift[kind]) & 15
        base[i] = (rates[rate_cell[i], kind] * trait_factor[kind, level]) >> 16 if able else 0


def base_rate(columns: Columns, tables: Tables, kind: int) -> npt.NDArray[np.int64]:
    """Rate of a kind for each slot, in 2^-32 acts a day, before anything that varies."""
    base = np.empty(columns["occupied"].size, np.int64)
    fill_rates(
        columns["occupied"], columns["flags"], columns["traits"], columns["rate_cell"], kind,
        tables["rates"], tables["trait_factor"], tables["trait_shift"], tables["requires"], base,
    )  # fmt: skip
    return base


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

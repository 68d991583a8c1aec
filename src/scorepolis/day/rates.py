"""Rates of people and the ceilings that follow from them: who could do what, and how often anything at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.compiled import compiled, inlined
from scorepolis.core.errors import InputError
from scorepolis.day.tables import Tables

Columns = dict[str, npt.NDArray[Any]]

LARGEST_GATE = 32768
"""Nobody's ceiling may exceed one act in two days."""


@inlined
def rate_of(i, kind, flags, traits, rate_cell, rates, trait_factor, trait_shift, requires):  # type: ignore[no-untyped-def]
    """Find the rate at which person i does or wants a kind, before anything that varies."""
    need = requires[kind]
    level = (np.int64(traits[i]) >> trait_shift[kind]) & 15
    return ((rates[rate_cell[i], kind] * trait_factor[kind, level]) >> 16) * np.int64((flags[i] & need) == need)


@compiled
def fill_rates(occupied, flags, traits, rate_cell, kind, rates, trait_factor, trait_shift, requires, base):  # type: ignore[no-untyped-def]
    """Write the rate of a kind for each slot."""
    for i in range(base.size):
        base[i] = 0
        if occupied[i]:
            base[i] = rate_of(i, kind, flags, traits, rate_cell, rates, trait_factor, trait_shift, requires)


@compiled
def fill_ceilings(  # type: ignore[no-untyped-def]
    occupied, flags, traits, rate_cell, rates, trait_factor, trait_shift, requires, room, total, expected
):
    """Write each slot's ceiling over all kinds, and add up the rates of behaviours in each neighbourhood."""
    kinds = rates.shape[1]
    behaviours = expected.shape[1]
    for i in range(occupied.size):
        total[i] = 0
        if occupied[i] == 0:
            continue
        for kind in range(kinds):
            base = rate_of(i, kind, flags, traits, rate_cell, rates, trait_factor, trait_shift, requires)
            total[i] += (base * room[kind]) >> 8
            if kind < behaviours:
                expected[i >> 10, kind] += base


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
    total = np.empty(columns["age"].size, np.int64)
    expected = np.zeros((total.size >> 10, tables["domain"].size), np.int64)
    fill_ceilings(
        columns["occupied"], columns["flags"], columns["traits"], columns["rate_cell"], tables["rates"],
        tables["trait_factor"], tables["trait_shift"], tables["requires"], tables["room"], total, expected,
    )  # fmt: skip
    gate = (total + 65535) >> 16
    highest = int(gate.max())
    if highest > LARGEST_GATE:
        raise InputError(
            f"the rates of behaviours and wants add up to a ceiling of {highest / 65536:.2f} acts a day for one person",
            expected="at most 0.5 for anybody: a lower rate or a higher weight",
        )
    columns["gate"] = gate.astype(np.uint16)
    columns["expected"] = expected

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
    occupied, flags, traits, rate_cell, base, walk, group_first, group_requires, group_shift, group_ceilings, many,
    total, expected
):  # fmt: skip
    """Write each slot's ceiling over all kinds, and add up the rates of behaviours in each neighbourhood.

    Kinds of a group have the same trait and required flag. So their ceilings are added once for all, and their rates
    once for `many` people of a cell and level. `base` has the rates of behaviours.
    """
    groups, behaviours = group_first.size, expected.shape[1]
    levels = group_ceilings.shape[2]
    for h in range(expected.shape[0]):
        many[:] = 0
        for i in range(h << 10, (h + 1) << 10):
            total[i] = 0
            if occupied[i] == 0:
                continue
            cell = np.int64(rate_cell[i])
            for group in range(groups):
                level = (np.int64(traits[i]) >> group_shift[group]) & 15
                able = np.int64((flags[i] & group_requires[group]) == group_requires[group])
                total[i] += able * np.int64(group_ceilings[cell, group, level])
                many[group, cell * levels + level] += able
        for group in range(groups):
            end = group_first[group + 1] if group + 1 < groups else walk.size
            for step in range(group_first[group], end):
                if walk[step] < behaviours:
                    acts = np.int64(0)
                    for at in range(many.shape[1]):
                        acts += many[group, at] * base[walk[step], at]
                    expected[h, walk[step]] = acts


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
    behaviours = tables["domain"].size
    expected = np.zeros((total.size >> 10, behaviours), np.int64)
    rates, factor = tables["rates"].T[:behaviours, :, None], tables["trait_factor"][:behaviours, None, :]
    base = ((rates * factor) >> 16).reshape(behaviours, -1)
    many = np.zeros((tables["group_first"].size, base.shape[1]), np.int64)
    fill_ceilings(
        columns["occupied"], columns["flags"], columns["traits"], columns["rate_cell"], base, tables["walk"],
        tables["group_first"], tables["group_requires"], tables["group_shift"], tables["group_ceilings"], many, total,
        expected,
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

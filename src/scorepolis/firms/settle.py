"""Who the firms of a district are: a function of seed and firm slot, and of the people who live there on day 0."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.draws import Purpose, draw_words
from scorepolis.core.exact import q
from scorepolis.firms.tables import q30
from scorepolis.parameters import Parameters
from scorepolis.society.flags import PARTY, PUBLIC_SERVANT, WORKING
from scorepolis.society.ties import CLIQUE, workplaces

Columns = dict[str, Any]

WHO = {
    "firm_representative": np.uint16,
    "firm_sector": np.uint8,
    "firm_size": np.uint8,
    "firm_cell": np.uint8,
    "firm_diligence": np.uint8,
    "firm_newcomer": np.uint8,
    "firm_connected": np.uint8,
    "firm_employees": np.int32,
}
"""Columns of who a firm is."""


def no_firms() -> Columns:
    """Columns of a district without firms."""
    return {name: np.zeros(0, dtype) for name, dtype in WHO.items()}


def number_of_firms(people: int, parameters: Parameters) -> tuple[int, int]:
    """Give how many enterprises, and how many who work for themselves, so many people have."""
    enterprises, alone = (q(0, people * per.exact / 1000) for _, per in parameters.firms.numbers)
    return enterprises, alone


def settle_firms(people: Columns, parameters: Parameters, seed: int) -> Columns:
    """Settle the firms of a district.

    Parameters
    ----------
    people
        Columns of a district that has been settled.
    parameters
        Of firms.
    seed
        64-bit seed.

    Returns
    -------
    dict
        Columns of who the firms are.
    """
    firms, living = parameters.firms, int(people["first_rank"][-1])
    grown = people["age"] >= int(firms.life.full_age.exact)
    able = np.flatnonzero(grown & ((people["flags"] & WORKING) != 0) & (people["occupied"] != 0))
    enterprises, alone = number_of_firms(living, parameters) if able.size else (0, 0)
    number = enterprises + alone
    slots = int(people["first_slot"]) + np.arange(number)
    w0, w1, w2, w3 = draw_words(seed, Purpose.FIRM, slots, 0, 0)
    shares = [sector.share.exact for sector in firms.sectors.values()]
    bounds = np.array([q(32, part / sum(shares)) for part in accumulate(shares)], np.int64)
    bounds[-1] = 1 << 32
    representative = able[(w0.astype(np.int64) * able.size) >> 32] if number else np.zeros(0, np.int64)
    employees = np.zeros(number, np.int64)
    employees[:enterprises] = _employees(people, enterprises, int(firms.life.concentration.exact), seed)
    sector = np.searchsorted(bounds, w1.astype(np.int64), "right")
    size = _sizes(employees, enterprises, parameters)
    return {
        "firm_representative": representative.astype(np.uint16),
        "firm_sector": sector.astype(np.uint8),
        "firm_size": size.astype(np.uint8),
        "firm_cell": (size * len(firms.sectors) + sector).astype(np.uint8),
        "firm_diligence": (w2 >> np.uint32(28)).astype(np.uint8),
        "firm_newcomer": ((w3 >> np.uint32(2)) < q30(firms.life.newcomers.exact)).astype(np.uint8),
        "firm_connected": ((people["flags"][representative] & (PARTY | PUBLIC_SERVANT)) != 0).astype(np.uint8),
        "firm_employees": employees.astype(np.int32),
    }


def _employees(people: Columns, enterprises: int, power: int, seed: int) -> npt.NDArray[np.int64]:
    """Count the working people at the workplaces of each enterprise; a few of these have most of them."""
    if not enterprises:
        return np.zeros(0, np.int64)
    places = workplaces(people["flags"], people["sizes"], people["first_rank"], people["district_keys"], WORKING)
    cliques = int(people["first_rank"][-1] + CLIQUE - 1) // CLIQUE
    words = draw_words(seed, Purpose.FIRM, int(people["first_slot"]) + np.arange(cliques), 1, 0)[0]
    half = (words >> np.uint32(1)).astype(np.int64)
    raised = half
    for _ in range(power - 1):
        raised = (raised * half) >> 31
    employer = (enterprises * raised) >> 31
    return np.bincount(employer[places // CLIQUE], minlength=enterprises).astype(np.int64)


def _sizes(employees: npt.NDArray[np.int64], enterprises: int, parameters: Parameters) -> npt.NDArray[np.int64]:
    least = [q(0, size.least.exact) for size in parameters.firms.sizes.values() if size.least]
    size = np.zeros(employees.size, np.int64)
    size[:enterprises] = 1 + np.searchsorted(least, employees[:enterprises], "right")
    return size

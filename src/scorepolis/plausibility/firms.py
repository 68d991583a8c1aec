"""Firms: how they are rated, and whose ratings are lifted by soft merits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from scorepolis.core.buffers import IN_SCOPE, INSPECTED
from scorepolis.firms.inspect import inspect
from scorepolis.firms.start import call, firm_spaces
from scorepolis.measures.firms import layout
from scorepolis.plausibility.worlds import Lived, Worlds

TAX: Final = "corporate-tax.rating"
SOFT: Final = "corporate-comprehensive.rating"
CUSTOMS: Final = "corporate-customs.credit"
MONTHS: Final = 12
"""For so long traders are inspected at one grade."""


def graded(lived: Lived, instrument: str, *grades: str, connections: tuple[str, ...] = ()) -> float:
    """Share of the rated firms that stand at some grades on the first day, after two years of past."""
    world = lived.world
    plan = layout(world.parameters, world.rulebooks)
    counted = sum(d["firm_moment"] for d in world.districts)
    rows = [row for row, (*_, connection) in enumerate(plan.groups) if not connections or connection in connections]
    here = {(what, how): counted[rows, n].sum() for n, (what, of, how) in enumerate(plan.moments) if of == instrument}
    return float(sum(here["grade", grade] for grade in grades) / here["in_scope", ""])


def lead_of_the_connected(worlds: Worlds) -> float:
    """Share of firms with connections at the best grade, less that of the others."""
    connected, others = (
        graded(worlds.firms, SOFT, "excellent", connections=(name,)) for name in ("connected", "unconnected")
    )
    return connected - others


def inspected(lived: Lived, grade: str) -> float:
    """Share of the traders that customs inspect in a month, were all of them at one grade; by the month's own row."""
    world = lived.world
    (instrument,) = world.rulebooks[0].firms
    sensor = tuple(world.parameters.firms.sensors).index("customs")
    standing = np.uint8(instrument.grade_names.index(grade))
    seen = asked = 0
    for district in world.districts:
        trading = district["firm_marks"][0] & IN_SCOPE > 0
        columns: dict[str, Any] = district | firm_spaces(district, trading.size)
        columns["firm_standing"] = np.full_like(district["firm_standing"], standing)
        columns["firm_filled"] = np.zeros_like(district["firm_filled"])  # nothing is done: only visits are counted
        for month in range(MONTHS):
            call(inspect, columns | {"day": np.int64(month)})
            visits = columns["firm_inspections"][: columns["firm_filled"][INSPECTED]]
            seen += int(trading[visits[visits[:, 1] == sensor, 0]].sum())
        asked += MONTHS * int(trading.sum())
    return seen / asked


MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        "excellent_with_connections": lambda worlds: 100 * lead_of_the_connected(worlds),
        "tax_a_2019": lambda worlds: 100 * graded(worlds.firms, TAX, "A"),
        "tax_d_2019": lambda worlds: 100 * graded(worlds.firms, TAX, "D"),
        "tax_a_2020": lambda worlds: 100 * graded(worlds.firms, TAX, "A"),
        "tax_b_and_m_2020": lambda worlds: 100 * graded(worlds.firms, TAX, "B", "M"),
        "tax_c_and_d_2020": lambda worlds: 100 * graded(worlds.firms, TAX, "C", "D"),
        "inspected_when_certified": lambda worlds: 100 * inspected(worlds.traders, "advanced"),
        "inspected_when_discredited": lambda worlds: 100 * inspected(worlds.traders, "discredited"),
        "traders_certified": lambda worlds: 100 * graded(worlds.traders, CUSTOMS, "advanced"),
        "traders_discredited": lambda worlds: 100 * graded(worlds.traders, CUSTOMS, "discredited"),
    }
)

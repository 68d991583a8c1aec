"""Firms: how they are rated, and whose ratings are lifted by soft merits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from scorepolis.measures.firms import layout
from scorepolis.plausibility.worlds import Worlds

TAX: Final = "corporate-tax.rating"
SOFT: Final = "corporate-comprehensive.rating"


def graded(worlds: Worlds, instrument: str, *grades: str, connections: tuple[str, ...] = ()) -> float:
    """Share of the rated firms that stand at some grades on the first day, after two years of past."""
    world = worlds.firms.world
    plan = layout(world.parameters, world.rulebooks)
    counted = sum(d["firm_moment"] for d in world.districts)
    rows = [row for row, (*_, connection) in enumerate(plan.groups) if not connections or connection in connections]
    here = {(what, how): counted[rows, n].sum() for n, (what, of, how) in enumerate(plan.moments) if of == instrument}
    return float(sum(here["grade", grade] for grade in grades) / here["in_scope", ""])


def lead_of_the_connected(worlds: Worlds) -> float:
    """Share of firms with connections at the best grade, less that of the others."""
    connected, others = (
        graded(worlds, SOFT, "excellent", connections=(name,)) for name in ("connected", "unconnected")
    )
    return connected - others


MEASURES: Final[Mapping[str, Callable[[Worlds], float]]] = MappingProxyType(
    {
        "excellent_with_connections": lambda worlds: 100 * lead_of_the_connected(worlds),
        "tax_a_2019": lambda worlds: 100 * graded(worlds, TAX, "A"),
        "tax_d_2019": lambda worlds: 100 * graded(worlds, TAX, "D"),
        "tax_a_2020": lambda worlds: 100 * graded(worlds, TAX, "A"),
        "tax_b_and_m_2020": lambda worlds: 100 * graded(worlds, TAX, "B", "M"),
        "tax_c_and_d_2020": lambda worlds: 100 * graded(worlds, TAX, "C", "D"),
    }
)

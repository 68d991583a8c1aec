"""Synthetic people and where they live: everything that never changes, recomputable from (seed, slot)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scorepolis.core.lazy import homes

if TYPE_CHECKING:
    from scorepolis.society.people import birthday
    from scorepolis.society.places import SLOTS, Places, build_places
    from scorepolis.society.population import build_people, income_table

__all__ = ["SLOTS", "Places", "birthday", "build_people", "build_places", "income_table"]

# Whoever reads a finished run needs the flags of its people, and none of this.
__getattr__ = homes(
    __name__,
    {
        "people": ("birthday",),
        "places": ("SLOTS", "Places", "build_places"),
        "population": ("build_people", "income_table"),
    },
)

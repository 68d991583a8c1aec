"""Synthetic people and where they live: everything that never changes, recomputable from (seed, slot)."""

from scorepolis.society.people import birthday
from scorepolis.society.places import SLOTS, Places, build_places
from scorepolis.society.population import build_people, income_table

__all__ = ["SLOTS", "Places", "birthday", "build_people", "build_places", "income_table"]

"""Scenarios: a society, the rulebooks in force, and what else happens."""

from scorepolis.scenarios.load import Scenario, load, names

__all__ = ["Scenario", "load", "names"]

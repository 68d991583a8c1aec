"""The small worlds in which the effect of one thing is looked for, and what is read off them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import xarray as xr

from scorepolis.core import exact, provenance
from scorepolis.core.calendar import months
from scorepolis.day import tables
from scorepolis.engine.world import World
from scorepolis.measures.context import Context
from scorepolis.measures.dataset import summary
from scorepolis.parameters import Parameters, load, quantities
from scorepolis.rulebooks import Rulebook
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.society import population

START = date(2019, 1, 1)


@dataclass(frozen=True)
class Fixture:
    """A world small enough to be run hundreds of times, and strong enough in one respect to show what acts in it.

    `set` names quantities by pattern and gives each a number, or the `lowest` or `highest` of its declared range, so
    that the fixture keeps its character whatever the defaults are; other paths are set as they stand. `edit` changes
    the rulebook.
    """

    set: Mapping[str, float | str] = field(default_factory=dict)
    book: str = "teaching-town"
    edit: Callable[[Rulebook], Rulebook] = lambda book: book
    society: str = "village"
    people: int = 3000
    days: int = 90

    @functools.cached_property
    def overrides(self) -> dict[str, float | str]:
        """Values by dotted path; of two patterns that fit, the later one counts."""
        chosen: dict[str, float | str] = {f"societies.{self.society}.people": self.people}
        for pattern, value in self.set.items():
            fitting = {path: quantity for path, quantity in quantities(load()) if fnmatchcase(path, pattern)}
            for path, quantity in fitting.items():
                chosen[path] = dict(zip(("lowest", "highest"), quantity.range, strict=True)).get(str(value), value)
            if not fitting:
                chosen[pattern] = value
        return chosen

    @functools.cached_property
    def parameters(self) -> Parameters:
        return load(self.overrides)

    @functools.cached_property
    def rulebook(self) -> Rulebook:
        return self.edit(load_rulebook(self.book, self.parameters))

    @functools.cached_property
    def base(self) -> tuple[World, xr.Dataset]:
        """The world as it is, and its measures."""
        return self._run(self.parameters, self.rulebook)

    def with_values(self, values: Mapping[str, float | str]) -> xr.Dataset:
        """Measures when some parameters have other values."""
        return self.with_parameters(load({**self.overrides, **values}))

    def with_parameters(self, parameters: Parameters) -> xr.Dataset:
        """Measures when the parameters are others."""
        return self._run(parameters, self.rulebook)[1]

    def with_rulebook(self, rulebook: Rulebook) -> xr.Dataset:
        """Measures under another rulebook."""
        return self._run(self.parameters, rulebook, like=self.base[0])[1]

    def _run(self, parameters: Parameters, rulebook: Rulebook, like: World | None = None) -> tuple[World, xr.Dataset]:
        world = World(parameters, [rulebook], society=self.society, start=START, like=like)
        world.run(self.days)
        ends = [month.end for month in months(START, self.days)]
        context = Context.of(parameters=parameters, rulebooks=[rulebook], start=START, months=ends)
        return world, summary(world.tally.counts(), context)


def read(measures: xr.Dataset, name: str, at: Mapping[str, str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Take a measure where `at` says; dimensions that it does not name stay."""
    return np.asarray(measures[name].sel(at).values, np.float64)


def assert_moved(before: xr.Dataset, after: xr.Dataset, name: str, at: Mapping[str, str], sign: int = 0) -> None:
    """Check that a measure has moved for some group; `sign`: that for everybody it has risen (1) or fallen (-1)."""
    at = {"group": "all", **at} if sign else at
    was, now = read(before, name, at), read(after, name, at)
    where = f"{name} {dict(at)}: {was} before, {now} after"
    assert not np.isnan(was).all(), f"{where}: the fixture is too thin"
    assert not np.array_equal(was, now, equal_nan=True), where
    if sign:
        assert (now - was) * sign > 0, f"{where}: it went the wrong way"


def memoise(patch: pytest.MonkeyPatch) -> None:
    """Remember the exact arithmetic that all worlds share: hundreds of them take the same exponentials."""
    once = {name: functools.cache(getattr(exact, name)) for name in ("exp_fraction", "ln_fraction")}
    for module in (tables, population):
        for name, function in once.items():
            if hasattr(module, name):
                patch.setattr(module, name, function)
    patch.setattr(tables, "income_table", functools.cache(population.income_table))
    patch.setattr(provenance, "Fraction", functools.cache(Fraction))

"""The small worlds in which the effect of one thing is looked for, and what is read off them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pytest
import xarray as xr
from tests.ablation.changes import put

from scorepolis.core.calendar import months
from scorepolis.core.provenance import Quantities, Quantity
from scorepolis.engine.world import World
from scorepolis.measures import dataset
from scorepolis.measures.context import Context
from scorepolis.measures.counts import Counts, IntArray
from scorepolis.measures.declared import BY_NAME
from scorepolis.measures.groups import masks
from scorepolis.parameters import Parameters, load, quantities
from scorepolis.parameters.checks import faults
from scorepolis.rulebooks import Rulebook
from scorepolis.rulebooks import load as load_rulebook

START = date(2019, 1, 1)


class Grouped:
    """Counts whose cells are summed into groups only where a measure asks for them."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts

    def __getattr__(self, name: str) -> IntArray:
        return np.moveaxis(np.tensordot(masks(), getattr(self.counts, name), axes=(1, 1)), 0, 1)


def measured(counts: Counts, context: Context, name: str) -> xr.DataArray:
    """Give one measure for the whole run, as `summary` gives all of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dataset, "MEASURES", (BY_NAME[name],))
        patch.setattr(dataset, "by_group", Grouped)
        return dataset.summary(counts, context)[name]


Measured = Callable[[str], xr.DataArray]
"""A measure by its name."""


@dataclass(frozen=True)
class Fixture:
    """A world small enough to be run hundreds of times, and strong enough in one respect to show what acts in it.

    `set` names quantities by pattern and gives each a number, or the `lowest` or `highest` of its declared range, so
    that the fixture keeps its character whatever the defaults are; other paths are set as they stand. `shape` changes
    the parameters once they are set, `edit` every rulebook.
    """

    set: Mapping[str, float | str] = field(default_factory=dict)
    books: tuple[str, ...] = ("teaching-town",)
    edit: Callable[[Rulebook], Rulebook] = lambda book: book
    shape: Callable[[Parameters], Parameters] = lambda parameters: parameters
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
    def quantities(self) -> dict[str, Quantity | Quantities]:
        """Quantities by dotted path, as they are here."""
        return dict(quantities(self.parameters))

    @functools.cached_property
    def parameters(self) -> Parameters:
        return self.shape(load(self.overrides))

    @functools.cached_property
    def rulebooks(self) -> tuple[Rulebook, ...]:
        return tuple(self.edit(load_rulebook(book, self.parameters)) for book in self.books)

    @functools.cached_property
    def base(self) -> tuple[World, Measured]:
        """The world as it is, and its measures."""
        return self._run(self.parameters, self.rulebooks)

    def with_values(self, values: Mapping[str, float | str]) -> Measured:
        """Measures when some parameters have other values."""
        changed = self.parameters
        for path, value in values.items():
            changed = put(changed, path, value)
        assert [fault.message for fault in faults(changed)] == []
        return self.with_parameters(changed)

    def with_parameters(self, parameters: Parameters) -> Measured:
        """Measures when the parameters are others."""
        return self._run(parameters, self.rulebooks)[1]

    def with_rulebook(self, rulebook: Rulebook) -> Measured:
        """Measures when the rulebook of that name is another."""
        books = tuple(rulebook if book.name == rulebook.name else book for book in self.rulebooks)
        return self._run(self.parameters, books, like=self.base[0])[1]

    def _run(
        self, parameters: Parameters, rulebooks: tuple[Rulebook, ...], like: World | None = None
    ) -> tuple[World, Measured]:
        world = World(parameters, rulebooks, society=self.society, start=START, like=like)
        world.run(self.days)
        ends = [month.end for month in months(START, self.days)]
        context = Context.of(parameters=parameters, rulebooks=rulebooks, start=START, months=ends)
        return world, functools.partial(measured, world.tally.counts(), context)


def read(measures: Measured, name: str, at: Mapping[str, str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Take a measure where `at` says; dimensions that it does not name stay."""
    return np.asarray(measures(name).sel(at).values, np.float64)


def assert_moved(before: Measured, after: Measured, name: str, at: Mapping[str, str], sign: int = 0) -> None:
    """Check that a measure has moved for some group; `sign`: that for everybody it has risen (1) or fallen (-1)."""
    at = {"group": "all", **at} if sign else at
    was, now = read(before, name, at), read(after, name, at)
    where = f"{name} {dict(at)}: {was} before, {now} after"
    assert not np.isnan(was).all(), f"{where}: the fixture is too thin"
    assert not np.array_equal(was, now, equal_nan=True), where
    if sign:
        assert (now - was) * sign > 0, f"{where}: it went the wrong way"

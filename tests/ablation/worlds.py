"""The small worlds in which the effect of one thing is looked for, and what is read off them."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Iterable, Mapping
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
from scorepolis.core.provenance import Quantities, Quantity
from scorepolis.day import tables
from scorepolis.engine.world import World
from scorepolis.measures import dataset
from scorepolis.measures.context import Context
from scorepolis.measures.counts import Counts
from scorepolis.measures.declared import BY_NAME
from scorepolis.measures.groups import masks
from scorepolis.parameters import Parameters, load, quantities
from scorepolis.parameters.model import Behaviour, Record
from scorepolis.rulebooks import Instrument, Rulebook
from scorepolis.rulebooks import compile as compiling
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.society import population

START = date(2019, 1, 1)

PER_YEAR = Fraction(1, 10)
"""How often a person does or wants, at least, what is rare but for a fixture that makes it frequent."""


def frequent(parameters: Parameters) -> Parameters:
    """Multiply the rates of what is rare, beyond the declared ranges: a village in a season has to have some of it."""
    usual = load()
    behaviours = {
        name: b.model_copy(update={"rate": times(b.rate, ("male", "female"), rarity(usual.behaviours[name]))})
        for name, b in parameters.behaviours.items()
        if b.decided_by is None
    }
    services = {
        name: times(s, ("wants",), max(1, math.ceil(PER_YEAR / usual.services[name].wants.exact)))
        for name, s in parameters.services.items()
    }
    changed = {"behaviours": parameters.behaviours | behaviours, "services": parameters.services | services}
    return parameters.model_copy(update=changed)


def rarity(behaviour: Behaviour) -> int:
    acts = (behaviour.rate.male.exact + behaviour.rate.female.exact) / 2 / behaviour.weight.exact
    return max(1, math.ceil(PER_YEAR / acts))


def times(entry: Record, names: tuple[str, ...], factor: int) -> Any:
    """Multiply some quantities of an entry."""
    return entry.model_copy(update={name: multiplied(getattr(entry, name), factor) for name in names})


def multiplied(quantity: Quantity, factor: int) -> Quantity:
    lowest, highest = quantity.range
    value = float(quantity.exact * factor)
    return quantity.model_copy(update={"value": value, "range": (lowest * factor, highest * factor)})


def sharing(mine: Any, other: Any, paths: Iterable[str]) -> Any:
    """Give the other with the very objects of mine wherever no path leads: tables made of those are known already."""
    inner: dict[str, list[str]] = {}
    for path in paths:
        head, _, rest = path.partition(".")
        inner.setdefault(head, []).append(rest)
    if isinstance(mine, dict):
        return {name: sharing(mine[name], other[name], inner[name]) if name in inner else mine[name] for name in mine}
    if isinstance(mine, Record):
        mixed = {
            name: sharing(value, getattr(other, name), inner[name]) if name in inner else value for name, value in mine
        }
        return other.model_copy(update=mixed)
    return other


class Grouped:
    """Counts whose cells are summed into groups only where a measure asks for them."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts

    def __getattr__(self, name: str) -> Any:
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
    def ranges(self) -> dict[str, Quantity | Quantities]:
        """Quantities by dotted path, with their declared ranges."""
        return dict(quantities(load(self.overrides)))

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
        changed = self.shape(load({**self.overrides, **values}))
        return self.with_parameters(sharing(self.parameters, changed, values))

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


class Is:
    """A thing that is the same as another only if it is the very same."""

    def __init__(self, thing: object) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Is) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing)


def once(function: Callable[..., Any], looks_at: Callable[..., tuple[object, ...]], size: int) -> Callable[..., Any]:
    """Remember what a function last made of the same things; `looks_at` picks all that matters of its arguments."""
    known: dict[tuple[object, ...], Any] = {}

    def remembered(*arguments: Any) -> Any:
        key = tuple(thing if isinstance(thing, str | Fraction) else Is(thing) for thing in looks_at(*arguments))
        if key not in known:
            known[key] = function(*arguments)
            if len(known) > size:
                del known[next(iter(known))]
        return known[key]

    return remembered


# Of the sensors the rates need the names alone. Should one of these come to look at more, then what it does not see
# is without effect, and a test fails.
LOOKS_AT: dict[str, tuple[Callable[..., tuple[object, ...]], int]] = {
    "rate_tables": (
        lambda p: (p.age_profiles, p.behaviours, p.services, p.coefficients.peers, p.coefficients.reward),
        8,
    ),
    "sensor_tables": (lambda p, in_force: (p.behaviours, p.sensors, *in_force), 8),
    "seen_share": (lambda behaviour, name, sensors, urban: (behaviour, name, *sensors, urban), 10_000),
    "life_tables": (lambda p: (p.coefficients,), 8),
}


def memoise(patch: pytest.MonkeyPatch) -> None:
    """Remember the exact arithmetic that worlds share: hundreds of them are alike but for one number."""
    exponentials = {name: functools.cache(getattr(exact, name)) for name in ("exp_fraction", "ln_fraction")}
    for module in (tables, compiling, population):
        for name, function in exponentials.items():
            if hasattr(module, name):
                patch.setattr(module, name, function)
    for name, (looks_at, size) in LOOKS_AT.items():
        patch.setattr(tables, name, once(getattr(tables, name), looks_at, size))
    patch.setattr(tables, "income_table", functools.cache(population.income_table))
    patch.setattr(provenance, "Fraction", functools.cache(Fraction))
    fill = compiling._fill_worth  # noqa: SLF001 - half of the time that a world takes to be made

    def filled(instrument: Instrument, parameters: Parameters, made: tables.Tables, k: int) -> Any:
        fill(made, k, instrument, parameters)
        return made["worth"][k].copy()

    worth = once(filled, lambda i, p, *_: (i, p.age_profiles, p.services, p.coefficients.services), 64)
    patch.setattr(compiling, "_fill_worth", lambda made, k, i, p: made["worth"].__setitem__(k, worth(i, p, made, k)))

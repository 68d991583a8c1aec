"""The table that comes with the package: its form, reading it, and whether it is of these very parameters."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.resources import files
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any, Final

from scorepolis.core.errors import InputError
from scorepolis.rests.version import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.resources.abc import Traversable

FORMAT: Final = "scorepolis-rests"
VERSION: Final = 1

Point = dict[str, int | float]


@dataclass(frozen=True)
class Mover:
    """A parameter that moves a measure.

    Attributes
    ----------
    path : str
        Its dotted path; of several that are turned together, what their paths have in common.
    low, high : dict of str to number
        The ends of the ranges; empty where the parameter stands there already.
    at_low, at_high : list of float
        The measure there, seed by seed; empty where there is no such end, or nothing could be run.
    """

    path: str
    low: Point
    high: Point
    at_low: list[float]
    at_high: list[float]


@dataclass(frozen=True)
class Moved:
    """A measure, and what moves it most.

    Attributes
    ----------
    output : dict
        The measure, of whom and in which world, as an experiment file names it.
    base : list of float
        With all parameters as shipped, seed by seed.
    others : list of float
        The same with other people and other luck: more seeds.
    movers : list of Mover
        The one that moves it most first.
    """

    output: dict[str, str]
    base: list[float]
    others: list[float]
    movers: list[Mover]

    @cached_property
    def value(self) -> float:
        """The mean over the seeds."""
        return fmean(self.base)

    @cached_property
    def luck(self) -> float:
        """The standard deviation between seeds: how far other people with other luck lie apart."""
        return stdev([*self.base, *self.others])

    def effect(self, mover: Mover) -> tuple[float, float]:
        """Give the mean change at the low and at the high end, with the same luck; NaN where there is none."""
        low, high = (self._change(values) for values in (mover.at_low, mover.at_high))
        return low, high

    def size(self, mover: Mover) -> float:
        """Give the larger of the two changes, without its sign."""
        return max((abs(change) for change in self.effect(mover) if change == change), default=0.0)  # noqa: PLR0124

    def _change(self, values: list[float]) -> float:
        return fmean(value - base for value, base in zip(values, self.base, strict=True)) if values else float("nan")


@dataclass(frozen=True)
class Rests:
    """What a scenario's results rest on.

    Attributes
    ----------
    record : dict
        Package, scenario, people, days, seeds, how the parameters were chosen, hashes of parameters and rulebooks.
    measures : list of Moved
        The headlines.
    failed : dict of str to str
        Parameters that cannot be turned alone, and why.
    """

    record: dict[str, Any]
    measures: list[Moved]
    failed: dict[str, str]

    def is_current(self) -> bool:
        """Say whether it was reckoned by this version of the model, its parameters and its rulebooks."""
        return bool(self.record["code"] == stamp())

    def has_books(self, books: Iterable[Mapping[str, str]]) -> bool:
        """Say whether it was reckoned from these rulebooks, each with its ``name`` and ``sha256``."""
        ours = {(book["name"], book["sha256"]) for book in self.record["rulebooks"]}
        return ours == {(book["name"], book["sha256"]) for book in books}

    def to_text(self) -> str:
        """Write it as JSON."""
        plain = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def tables() -> Traversable:
    """Give the folder of the tables."""
    return files("scorepolis.rests").joinpath("tables")


def names() -> tuple[str, ...]:
    """Name the scenarios that have a table."""
    return tuple(
        sorted(entry.name.removesuffix(".json") for entry in tables().iterdir() if entry.name.endswith(".json"))
    )


def load(name: str) -> Rests:
    """Read the table of a scenario.

    Parameters
    ----------
    name : str
        One of `names`.

    Returns
    -------
    Rests

    Raises
    ------
    InputError
        If the scenario has none, or it is not of this version.
    """
    if name not in names():
        raise InputError(
            f"what '{name}' rests on has not been reckoned", expected=f"one of {', '.join(names()) or 'none so far'}"
        )
    data = json.loads(tables().joinpath(f"{name}.json").read_text(encoding="utf-8"))
    if data.pop("format") != FORMAT or data.pop("version") != VERSION:
        raise InputError("the table is of another version", file=f"{name}.json", expected=f"version {VERSION}")
    measures = [
        Moved(one["output"], one["base"], one["others"], [Mover(**mover) for mover in one["movers"]])
        for one in data["measures"]
    ]
    return Rests(data["record"], measures, data["failed"])


def of_books(books: Iterable[Mapping[str, str]]) -> Rests | None:
    """Find the table that was reckoned from these rulebooks, if there is one."""
    wanted = list(books)
    return next((table for table in map(load, names()) if table.has_books(wanted)), None)

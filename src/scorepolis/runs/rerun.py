"""Running again from the record of a run, and telling precisely what comes out otherwise."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from scorepolis.parameters import load as load_parameters
from scorepolis.runs.folder import PROVENANCE, load
from scorepolis.runs.make import parameters_digest, run
from scorepolis.runs.panel import TABLES
from scorepolis.runs.recipe import Recipe, book_of, placed, recipe_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt
    import xarray as xr

    from scorepolis.parameters import Parameters
    from scorepolis.rulebooks import Rulebook
    from scorepolis.runs.make import Progress
    from scorepolis.runs.result import Run

    _Columns = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Change:
    """Something the run was made with that is not what it was.

    Attributes
    ----------
    what
        The package, the parameters or a rulebook.
    then, now
        Version or hash.
    """

    what: str
    then: str
    now: str

    def __str__(self) -> str:
        return f"{self.what}: {_short(self.then)} then, {_short(self.now)} now"


@dataclass(frozen=True)
class Difference:
    """The first number that came out otherwise.

    Attributes
    ----------
    world
        `scheme` or `baseline`.
    what
        The array or the measure.
    where
        The place in it.
    then, now
        The number recorded, and that of the new run.
    """

    world: str
    what: str
    where: str
    then: int | float | str | None
    now: int | float | str | None

    def __str__(self) -> str:
        then, now = ("nothing" if value is None else value for value in (self.then, self.now))
        return f"{self.world}, {self.what}, {self.where}: {then} then, {now} now"


@dataclass(frozen=True)
class Rerun:
    """How a run made again compares with the one recorded.

    Attributes
    ----------
    then, now
        Digests of the results.
    changes
        What the run was made with that has changed since.
    differences
        In each world, the first array and the first measure that differ; none if everything is the same.
    """

    then: str
    now: str
    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether every number is the same."""
        return self.then == self.now and not self.differences

    def lines(self) -> list[str]:
        """Tell it to a person."""
        told = [f"same: the digest is {self.now}" if self.same else f"differs: {self.then} then, {self.now} now"]
        told += [f"  differs first in {difference}" for difference in self.differences]
        return told + [f"  changed since: {change}" for change in self.changes]

    def to_json(self) -> dict[str, Any]:
        """Give plain values that JSON can hold."""
        return {"same": self.same, **asdict(self)}


def rerun(folder: str | Path, *, threads: int | None = None, progress: Progress | None = None) -> Rerun:
    """Run again what a folder records.

    Parameters
    ----------
    folder : str or Path
        A run folder; the scenario and rulebook files it was made from need not exist any more.
    threads : int, optional
        By default one per core. It changes the time taken and nothing else.
    progress : callable, optional
        As for `run`.

    Returns
    -------
    Rerun
        The comparison.

    Raises
    ------
    InputError
        If the folder is no run, is damaged, or does not say how it was made.
    """
    then = load(folder)
    then.verify()
    file = str(Path(folder) / PROVENANCE)
    recipe = recipe_of(then.provenance, file)
    parameters = load_parameters(recipe.overrides)
    books = [book_of(book, parameters, file) for book in recipe.rulebooks]
    with TemporaryDirectory(prefix="scorepolis-") as place:
        now = run(
            recipe.scenario.with_books(tuple(placed(recipe.rulebooks, books, Path(place)))),
            people=recipe.people,
            days=recipe.days,
            seed=recipe.seed,
            threads=threads,
            set=recipe.overrides,
            panel=recipe.panel,
            baseline=recipe.baseline,
            progress=progress,
        )
    return Rerun(then.digest, now.digest, tuple(_changes(recipe, books, parameters)), tuple(differences(then, now)))


def differences(then: Run, now: Run) -> Iterator[Difference]:
    """Find where two runs part: in each world, the first array and the first measure that differ.

    Parameters
    ----------
    then, now : Run
        The runs to compare.

    Yields
    ------
    Difference
        The scheme's before its baseline's; an array before a measure.
    """
    for world, one, other in (("scheme", then, now), ("baseline", then.baseline, now.baseline)):
        if one is not None and other is not None:
            yield from _first(_arrays(world, one, other))
            yield from _first(_measures(world, one, other))


def _changes(recipe: Recipe, books: list[Rulebook], parameters: Parameters) -> Iterator[Change]:
    from scorepolis import __version__

    pairs = [("the package", recipe.package, __version__)]
    pairs.append(("the parameters", recipe.parameters, parameters_digest(parameters)))
    pairs += [
        (f"the rulebook {book.name}", entry.sha256, book.digest())
        for entry, book in zip(recipe.rulebooks, books, strict=True)
    ]
    for what, then, now in pairs:
        if then != now:
            yield Change(what, then, now)


def _arrays(world: str, then: Run, now: Run) -> Iterator[Difference]:
    for kind, one, other in (
        ("counts", dict(then.counts.items()), dict(now.counts.items())),
        ("the ledger", then.ledger_columns, now.ledger_columns),
        *((f"the panel's {name}", *tables) for name, tables in _panels(then, now)),
    ):
        yield from _columns(world, kind, one, other)


def _panels(then: Run, now: Run) -> Iterator[tuple[str, tuple[_Columns, _Columns]]]:
    """Give the tables of the panel of both runs, unless the earlier one keeps none."""
    if then.world.panel is not None:
        yield from ((name, (then.panel.read(name, None), now.panel.read(name, None))) for name in TABLES)


def _columns(
    world: str, kind: str, then: Mapping[str, npt.NDArray[Any]], now: Mapping[str, npt.NDArray[Any]]
) -> Iterator[Difference]:
    for name in {**then, **now}:
        what = f"{name} of {kind}"
        if name not in then or name not in now:
            one, other = (f"{len(columns[name])} entries" if name in columns else None for columns in (then, now))
            yield Difference(world, what, "as a whole", one, other)
        elif then[name].shape != now[name].shape:
            yield Difference(world, what, "its shape", _shape(then[name]), _shape(now[name]))
        elif len(places := np.argwhere(then[name] != now[name])):
            at = tuple(places[0])
            where = f"at [{', '.join(map(str, at))}]"
            yield Difference(world, what, where, int(then[name][at]), int(now[name][at]))


def _measures(world: str, then: Run, now: Run) -> Iterator[Difference]:
    for name, one in then.measures.data_vars.items():
        other, what = now.measures[name], f"the measure {name}"
        if one.shape != other.shape:
            yield Difference(world, what, "its shape", _shape(one), _shape(other))
            continue
        for dim in one.dims:
            ours, theirs = (variable.coords[dim].values for variable in (one, other))
            if len(places := np.flatnonzero(ours != theirs)):
                at = int(places[0])
                yield Difference(world, what, f"{dim} {at}", _name(ours[at]), _name(theirs[at]))
        apart = (one.values != other.values) & ~(np.isnan(one.values) & np.isnan(other.values))
        if len(found := np.argwhere(apart)):
            place = tuple(found[0])
            yield Difference(world, what, _where(one, place), _number(one.values[place]), _number(other.values[place]))


def _first(found: Iterator[Difference]) -> Iterator[Difference]:
    first = next(found, None)
    if first is not None:
        yield first


def _where(variable: xr.DataArray, place: tuple[Any, ...]) -> str:
    """Name a place by the names on the axes."""
    return ", ".join(
        f"{dim} {_name(variable.coords[dim].values[at])}" for dim, at in zip(variable.dims, place, strict=True)
    )


def _name(label: np.generic) -> str:
    return str(label)[:10] if isinstance(label, np.datetime64) else str(label)


def _shape(array: npt.NDArray[Any] | xr.DataArray) -> str:
    return " x ".join(map(str, array.shape))


def _number(value: np.floating[Any]) -> float | None:
    return None if np.isnan(value) else float(value)


def _short(text: str) -> str:
    return text[:12]

"""The tables of a comparison, tidy: a row per value, and a column for whatever tells one value from another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from scorepolis.experiments.flows import COLUMNS as FLOW_COLUMNS
from scorepolis.experiments.flows import flows as flow_rows
from scorepolis.experiments.intervals import over_seeds
from scorepolis.experiments.luck import luck
from scorepolis.experiments.persons import PERSONAL
from scorepolis.measures.declared import BY_NAME
from scorepolis.measures.figures import places
from scorepolis.measures.groups import GROUPS
from scorepolis.runs.ledger import person_numbers

if TYPE_CHECKING:
    import numpy.typing as npt

    from scorepolis.experiments.persons import FloatArray, Persons
    from scorepolis.experiments.replicate import Lived
    from scorepolis.measures.context import Context, Unit

Lives = Mapping[str, Mapping[int, "Lived"]]
"""By scheme and seed."""
Pairs = Sequence[tuple[str, str]]
"""Schemes, each with the one it is compared to."""

DIMS: Final = (
    "group", "behaviour", "service", "sensor", "domain", "truth", "step", "channel", "way", "instrument", "grade",
)  # fmt: skip
"""The axes of measures, in the order of the columns; a grade goes by its name."""


@dataclass(frozen=True)
class Measured:
    """All measures of one scheme.

    Attributes
    ----------
    rows : pandas.DataFrame
        ``measure`` and `DIMS`; an axis that a measure lacks is empty.
    values : ndarray of float64, (seeds, rows)
        NaN where there is nothing to divide by.
    """

    rows: pd.DataFrame
    values: FloatArray

    @classmethod
    def of(cls, context: Context, figures: Sequence[Mapping[str, FloatArray]]) -> Measured:
        """Lay out the figures of some seeds, whose places are named in their context."""
        values = np.stack([np.concatenate([array.ravel() for array in one.values()]) for one in figures])
        measured = np.flatnonzero(~np.isnan(values).all(axis=0))
        shapes = {name: array.shape for name, array in figures[0].items()}
        return cls(_rows(context, shapes, measured), values[:, measured])

    @cached_property
    def index(self) -> pd.MultiIndex:
        """Measure and axes, as labels of the rows."""
        return pd.MultiIndex.from_frame(self.rows)


def _rows(context: Context, shapes: Mapping[str, tuple[int, ...]], kept: npt.NDArray[np.intp]) -> pd.DataFrame:
    """Name some of the places of all measures, counted through one after the other."""
    names = {dim: np.array(named, object) for dim, named in places(context).items()}
    parts: dict[str, list[npt.NDArray[np.object_]]] = {column: [] for column in ("measure", *DIMS)}
    end = 0
    for measure, shape in shapes.items():
        start, end = end, end + math.prod(shape)
        own = kept[(start <= kept) & (kept < end)] - start
        at = dict(zip(("group", *BY_NAME[measure].dims), np.unravel_index(own, shape), strict=True))
        labels = {dim: names[dim][place] for dim, place in at.items() if dim in names}
        if "grade" in at:
            grades = np.full((len(context.instruments), shape[-1]), "", object)
            for k, instrument in enumerate(context.instruments):
                grades[k, : len(instrument.grades)] = instrument.grades
            labels["grade"] = grades[at["instrument"], at["grade"]]
        labels["measure"] = np.full(own.shape, measure, object)
        for column, part in parts.items():
            part.append(labels.get(column, np.full(own.shape, "", object)))
    return pd.DataFrame({column: np.concatenate(part) for column, part in parts.items()}).astype(str)


def measures(measured: Mapping[str, Measured], seeds: Sequence[int]) -> pd.DataFrame:
    """Give every measure of every scheme with every seed."""
    parts = [
        one.rows.assign(scheme=name, seed=seed, value=one.values[at])
        for name, one in measured.items()
        for at, seed in enumerate(seeds)
    ]
    return _tidy(pd.concat(parts).dropna(subset="value"), ["scheme", "seed", "measure", *DIMS, "value"])


def means(measured: Mapping[str, Measured]) -> pd.DataFrame:
    """Give the mean of every measure over the seeds, with its interval."""
    parts = [one.rows.assign(scheme=name, **over_seeds(one.values).columns()) for name, one in measured.items()]
    return _tidy(pd.concat(parts), ["scheme", "measure", *DIMS, "mean", "low", "high", "seeds"])


def differences(measured: Mapping[str, Measured], pairs: Pairs) -> pd.DataFrame:
    """Give the differences of every measure that two schemes share, seed by seed, as mean and interval."""
    parts = []
    for name, against in pairs:
        one, other = measured[name], measured[against]
        place = other.index.get_indexer(one.index)
        shared = place >= 0
        apart = over_seeds(one.values[:, shared] - other.values[:, place[shared]])
        parts.append(one.rows[shared].assign(scheme=name, against=against, **apart.columns()))
    names = ["scheme", "against", "measure", *DIMS, "mean", "low", "high", "seeds"]
    return _tidy(pd.concat(parts) if parts else pd.DataFrame(columns=names), names)


def effects(lives: Lives, pairs: Pairs) -> pd.DataFrame:
    """Give what schemes do to persons, each beside themselves under another scheme, by group.

    Of every number in `PERSONAL`: the mean change, and the shares who gain, who lose and for whom it is the same.
    """
    better = np.array([personal.better for personal in PERSONAL])
    parts = []
    for name, against in pairs:
        by_seed = []
        for seed, one in lives[name].items():
            change = one.people.values - lives[against][seed].people.values
            signed = change * better
            by_seed.append(one.people.mean_by_group(change, signed > 0, signed < 0, signed == 0))
        found = over_seeds(np.stack(by_seed))
        rows = pd.MultiIndex.from_product(
            [("change", "gain", "lose", "same"), [g.name for g in GROUPS], [number.name for number in PERSONAL]],
            names=["of", "group", "number"],
        ).to_frame(index=False)
        columns = {key: column.ravel() for key, column in found.columns().items()}
        parts.append(rows.assign(scheme=name, against=against, **columns))
    names = ["scheme", "against", "number", "of", "group", "mean", "low", "high", "seeds"]
    return _tidy(pd.concat(parts) if parts else pd.DataFrame(columns=names), names)


def lucks(first: Mapping[str, Persons], second: Mapping[str, Persons], law: str) -> pd.DataFrame:
    """Give the share of luck in what differs between persons: in the number itself, and in its change against law.

    Parameters
    ----------
    first, second : mapping of str to Persons
        By scheme, the same people in two lives.
    law : str
        The baseline.
    """
    rows = []
    for name in first:
        place = first[name].slot >> 10
        one, other = first[name].values, second[name].values
        lived = {"number": (one, other)}
        if name != law:
            lived["change"] = (one - first[law].values, other - second[law].values)
        for of, (x, y) in lived.items():
            for at, personal in enumerate(PERSONAL):
                found = luck(x[:, at], y[:, at], place)
                rows.append((name, personal.name, of, found.share, found.low, found.high))
    names = ["scheme", "number", "of", "share", "low", "high"]
    return _tidy(pd.DataFrame(rows, columns=names), names)


def flows(lives: Lives, seeds: Iterable[int]) -> pd.DataFrame:
    """Give the flows between grades, of the panel of every seed."""
    rows = [
        row
        for seed in seeds
        for row in flow_rows(
            seed,
            {name: by_seed[seed].people for name, by_seed in lives.items()},
            {name: by_seed[seed].context for name, by_seed in lives.items()},
        )
    ]
    return _tidy(pd.DataFrame(rows, columns=list(FLOW_COLUMNS)), list(FLOW_COLUMNS))


def persons(panel: Mapping[str, Persons], people: int, neighbourhoods: int, units: Sequence[Unit] = ()) -> pd.DataFrame:
    """Give the numbers of every person of the panel under every scheme, a row per person and scheme."""
    names = [personal.name for personal in PERSONAL]
    parts = [
        pd.DataFrame(one.values, columns=names).assign(
            person=person_numbers(one.slot, people, neighbourhoods, units), group_cell=one.cell, scheme=name
        )
        for name, one in panel.items()
    ]
    return _tidy(pd.concat(parts), ["person", "group_cell", "scheme", *names])


def _tidy(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Order the columns, and keep every word once."""
    tidy = table[list(columns)].reset_index(drop=True)
    words = [name for name in columns if tidy[name].dtype == object or isinstance(tidy[name].dtype, pd.StringDtype)]
    return tidy.astype(dict.fromkeys(words, "category"))

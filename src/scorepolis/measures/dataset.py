"""Turning counts into measures: an `xarray.Dataset` in which every variable explains itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from scorepolis.core.buffers import CHANNELS
from scorepolis.measures.context import Context, FloatArray
from scorepolis.measures.counts import COURT_STEPS, DOMAINS, PLACE_FLOWS, TRUTHS, Counts
from scorepolis.measures.declared import MEASURES, Measure
from scorepolis.measures.groups import GROUPS, by_group

if TYPE_CHECKING:
    import numpy.typing as npt

PLURAL = {"neighbourhood": "Neighbourhoods", "unit": "Units", "province": "Provinces"}

_PLACE_TEXT = {
    "bad_acts": ("Bad acts", "acts", "Bad acts done by people who live there."),
    "records": ("Records", "records", "Records scored of people who live there."),
    "negative_entries": ("Penalties", "entries", "Penalties of people who live there."),
    "refusals": ("Refusals", "applications", "Applications refused of people who live there."),
}


def dataset(counts: Counts, context: Context) -> xr.Dataset:
    """Give every measure by month and group.

    Parameters
    ----------
    counts : Counts
        The counts of one world.
    context : Context
        The names behind their axes.

    Returns
    -------
    xarray.Dataset
        Dimensions ``time`` (the last day of the month), ``group`` and, where they apply, ``behaviour``, ``service``,
        ``sensor``, ``domain``, ``instrument``, ``channel``, ``grade`` (0 is the lowest; names in ``grade_name``)
        and ``neighbourhood``, or ``unit`` and ``province`` in a society of several provinces (with the province, the
        number there and the residents of each unit). A measure with nothing to divide by is NaN. Every variable carries
        ``units``, ``long_name``, ``description``, ``denominator`` and ``cannot_tell``.
    """
    grouped = by_group(counts)
    variables: dict[str, Any] = {}
    for measure in MEASURES:
        above, below = _fraction(measure, grouped, context)
        variables[measure.name] = (("time", "group", *measure.dims), _ratio(above, below), _attributes(measure))
    variables |= _by_place(counts, context)
    coordinates = {
        "time": pd.DatetimeIndex(context.months),
        **_coordinates(counts, context),
        **_places(counts, context),
    }
    return xr.Dataset(variables, coordinates, {"title": "Measures of a synthetic society, by month and group"})


def summary(counts: Counts, context: Context) -> xr.Dataset:
    """Give every measure for the whole run: flows over all months, stocks as they stand at the end.

    Parameters
    ----------
    counts : Counts
        The counts of one world.
    context : Context
        The names behind their axes.

    Returns
    -------
    xarray.Dataset
        As `dataset`, without the dimension ``time`` and the flows by neighbourhood.
    """
    grouped = by_group(counts)
    variables: dict[str, Any] = {}
    for measure in MEASURES:
        above, below = _fraction(measure, grouped, context)
        whole = _ratio(above[-1], below[-1]) if measure.stock else _ratio(above.sum(axis=0), below.sum(axis=0))
        variables[measure.name] = (("group", *measure.dims), whole, _attributes(measure))
    coordinates = _coordinates(counts, context)
    return xr.Dataset(variables, coordinates, {"title": "Measures of a synthetic society, whole run by group"})


def tidy(measures: xr.Dataset) -> pd.DataFrame:
    """Give the measures as one long table, a row per value, without the values that do not exist.

    Parameters
    ----------
    measures : xarray.Dataset
        Made by `dataset`.

    Returns
    -------
    pandas.DataFrame
        Columns ``measure``, ``time``, ``group``, the other dimensions (missing where they do not apply), ``value``.
    """
    dims = [str(dim) for dim in measures.dims if dim != "time"]
    places: dict[str, list[npt.NDArray[np.int64]]] = {dim: [] for dim in ("measure", "time", *dims)}
    values = []
    for number, variable in enumerate(measures.data_vars.values()):
        known = np.flatnonzero(~np.isnan(variable.values.ravel()))
        own = dict(zip(variable.dims, np.unravel_index(known, variable.shape), strict=True)) | {"measure": number}
        for dim, column in places.items():
            column.append(np.broadcast_to(np.asarray(own.get(dim, -1), dtype=np.int64), known.shape))
        values.append(variable.values.ravel()[known].astype(np.float64))
    at = {dim: np.concatenate(column) for dim, column in places.items()}
    return pd.DataFrame(
        {
            "measure": pd.Categorical.from_codes(at["measure"], pd.Index([str(name) for name in measures.data_vars])),
            "time": measures.indexes["time"].take(at["time"]),
            **{dim: _labelled(at[dim], measures.indexes[dim]) for dim in dims},
            "value": np.concatenate(values),
        }
    )


def _labelled(places: npt.NDArray[np.int64], labels: pd.Index[Any]) -> pd.Categorical | pd.arrays.IntegerArray:
    """Give the labels at some places, none at -1."""
    if not pd.api.types.is_integer_dtype(labels):
        return pd.Categorical.from_codes(places, labels)
    numbers = np.append(labels.to_numpy(np.int32), np.int32(0))
    return pd.arrays.IntegerArray(numbers[places], places < 0)


def _by_place(counts: Counts, context: Context) -> dict[str, Any]:
    """Give the flows by neighbourhood, or by unit and by province."""
    levels = {"place": ("unit" if context.units else "neighbourhood", counts.by_place)}
    if context.units:
        owner = np.array([context.provinces.index(unit.province) for unit in context.units])
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        levels["province"] = ("province", np.add.reduceat(counts.by_place, starts, axis=1))
    return {
        f"{level}_{name}": (
            ("time", dim),
            flows[..., number],
            {
                "long_name": f"{title} by {dim}",
                "units": f"{unit} per month",
                "description": text,
                "denominator": "none: a count",
                "cannot_tell": f"{PLURAL[dim]} differ in size and people; a count is no rate.",
            },
        )
        for level, (dim, flows) in levels.items()
        for number, name in enumerate(PLACE_FLOWS)
        for title, unit, text in [_PLACE_TEXT[name]]
    }


def _fraction(measure: Measure, grouped: Counts, context: Context) -> tuple[FloatArray, FloatArray]:
    """Give numerator and denominator over the months, shaped alike; of a stock, the moments at the months' ends."""
    above, below = measure.figure(grouped, context), measure.per.figure(grouped, context)
    first = 1 if measure.stock else 0
    # A dimension that the denominator lacks is spread.
    lacking = tuple(slice(None) if dim in measure.per.dims else None for dim in measure.dims)
    return above[first:], np.broadcast_to(below[first:][(slice(None), slice(None), *lacking)], above[first:].shape)


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0))


def _attributes(measure: Measure) -> dict[str, str]:
    return {
        "long_name": measure.title,
        "units": measure.unit,
        "description": measure.description,
        "denominator": measure.per.text,
        "cannot_tell": measure.cannot_tell,
        "kind": "stock" if measure.stock else "flow",
    }


def _coordinates(counts: Counts, context: Context) -> dict[str, Any]:
    grades = counts.grades.shape[-1]
    names = [[*i.grades, *[""] * (grades - len(i.grades))] for i in context.instruments]
    return {
        "group": [group.name for group in GROUPS],
        "behaviour": [b.name for b in context.behaviours],
        "service": [s.name for s in context.services],
        "sensor": [s.name for s in context.sensors],
        "domain": list(DOMAINS),
        "truth": list(TRUTHS),
        "step": list(COURT_STEPS),
        "channel": list(CHANNELS),
        "instrument": np.array([f"{i.rulebook}/{i.name}" for i in context.instruments], dtype=str),
        "grade": np.arange(grades),
        "grade_name": (("instrument", "grade"), np.array(names, dtype=str).reshape(len(names), grades)),
    }


def _places(counts: Counts, context: Context) -> dict[str, Any]:
    numbers = np.arange(counts.by_place.shape[1])
    if not context.units:
        return {"neighbourhood": numbers}
    return {
        "unit": numbers,
        "province": list(context.provinces),
        "unit_province": ("unit", np.array([unit.province for unit in context.units], dtype=str)),
        "unit_number": ("unit", np.array([unit.number for unit in context.units])),
        "unit_people": ("unit", np.array([unit.people for unit in context.units])),
    }

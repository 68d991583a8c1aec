"""Turning counts into measures: an `xarray.Dataset` in which every variable explains itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from scorepolis.measures.declared import MEASURES, Measure
from scorepolis.measures.figures import by_month, by_place, over_the_run, places
from scorepolis.measures.groups import by_group

if TYPE_CHECKING:
    from scorepolis.measures.context import Context
    from scorepolis.measures.counts import Counts

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
        months = by_month(measure, grouped, context)
        variables[measure.name] = (("time", "group", *measure.dims), months, _attributes(measure))
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
        whole = over_the_run(measure, grouped, context)
        variables[measure.name] = (("group", *measure.dims), whole, _attributes(measure))
    coordinates = _coordinates(counts, context)
    return xr.Dataset(variables, coordinates, {"title": "Measures of a synthetic society, whole run by group"})


def _by_place(counts: Counts, context: Context) -> dict[str, Any]:
    """Give the flows by neighbourhood, or by unit and by province."""
    return {
        name: (
            ("time", dim),
            flows,
            {
                "long_name": f"{title} by {dim}",
                "units": f"{unit} per month",
                "description": text,
                "denominator": "none: a count",
                "cannot_tell": f"{PLURAL[dim]} differ in size and people; a count is no rate.",
            },
        )
        for name, flow, dim, flows in by_place(counts, context)
        for title, unit, text in [_PLACE_TEXT[flow]]
    }


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
    named = places(context)
    return named | {
        "instrument": np.array(named["instrument"], dtype=str),
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

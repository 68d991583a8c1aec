"""Measures as plain arrays: what files, pages and the tables that explain themselves are made of.

A page asks for a thousand single numbers. A table that explains itself, as `Run.summary` is, would cost more to make
than all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scorepolis.core.buffers import CHANNELS
from scorepolis.measures.counts import COURT_STEPS, DOMAINS, PLACE_FLOWS, TRUTHS, WAYS
from scorepolis.measures.declared import MEASURES
from scorepolis.measures.groups import GROUPS, by_group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scorepolis.measures.context import Context, FloatArray
    from scorepolis.measures.counts import Counts, IntArray
    from scorepolis.measures.declared import Measure


def figures(counts: Counts, context: Context) -> dict[str, FloatArray]:
    """Give every measure for the whole run, by group; as `over_the_run`.

    Parameters
    ----------
    counts : Counts
        Of cells.
    context : Context
        The names behind their axes.
    """
    grouped = by_group(counts)
    return {measure.name: over_the_run(measure, grouped, context) for measure in MEASURES}


def over_the_run(measure: Measure, counts: Counts, context: Context) -> FloatArray:
    """Give a measure for the whole run: a flow over all months, a stock as it stands at the end.

    Parameters
    ----------
    measure : Measure
        Which.
    counts : Counts
        Of groups, such as `measures.groups.by_group` makes them.
    context : Context
        The names behind their axes.

    Returns
    -------
    float64 array
        By group, and then as the measure's own dimensions; NaN where there is nothing to divide by.
    """
    above, below = measure.figure(counts, context), measure.per.figure(counts, context)
    if measure.stock:
        return _ratio(above[-1], below[-1], measure)
    return _ratio(above.sum(axis=0), below.sum(axis=0), measure)


def by_month(measure: Measure, counts: Counts, context: Context) -> FloatArray:
    """Give a measure by month: a flow of the month, a stock as it stands at the month's end.

    Parameters
    ----------
    measure, counts, context
        As of `over_the_run`.

    Returns
    -------
    float64 array
        By month, group, and the measure's own dimensions.
    """
    above, below = measure.figure(counts, context), measure.per.figure(counts, context)
    first = 1 if measure.stock else 0
    return _ratio(above[first:], below[first:], measure)


def by_place(counts: Counts, context: Context) -> Iterator[tuple[str, str, str, IntArray]]:
    """Give the flows of a month by place.

    Yields
    ------
    tuple
        Of each its name, which flow it is, the dimension of places (``neighbourhood``, or ``unit`` and ``province``),
        and int64 by month and place.
    """
    levels = [("place", "unit" if context.units else "neighbourhood", counts.by_place)]
    if context.units:
        owner = np.array([context.provinces.index(unit.province) for unit in context.units])
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        levels.append(("province", "province", np.add.reduceat(counts.by_place, starts, axis=1)))
    for level, dim, flows in levels:
        for number, name in enumerate(PLACE_FLOWS):
            yield f"{level}_{name}", name, dim, flows[..., number]


def _ratio(above: FloatArray, below: FloatArray, measure: Measure) -> FloatArray:
    """Divide, where there is something to divide by; a dimension that the denominator lacks is spread."""
    own = tuple(slice(None) if dim in measure.per.dims else None for dim in measure.dims)
    before = (slice(None),) * (above.ndim - len(own))
    below = np.broadcast_to(below[(*before, *own)], above.shape)
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0))


def places(context: Context) -> dict[str, list[str]]:
    """Name the places on the axes of measures, by dimension; the names of grades are each instrument's own."""
    return {
        "group": [group.name for group in GROUPS],
        "behaviour": [behaviour.name for behaviour in context.behaviours],
        "service": [service.name for service in context.services],
        "sensor": [sensor.name for sensor in context.sensors],
        "domain": list(DOMAINS),
        "truth": list(TRUTHS),
        "step": list(COURT_STEPS),
        "channel": list(CHANNELS),
        "way": list(WAYS),
        "instrument": [f"{instrument.rulebook}/{instrument.name}" for instrument in context.instruments],
    }

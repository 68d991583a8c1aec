"""Measures over a whole run as plain arrays.

A page asks for a thousand single numbers. A table that explains itself, as `Run.summary` is, would cost more to make
than all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scorepolis.core.buffers import CHANNELS
from scorepolis.measures.counts import COURT_STEPS, DOMAINS, TRUTHS
from scorepolis.measures.declared import MEASURES
from scorepolis.measures.groups import GROUPS, by_group

if TYPE_CHECKING:
    from scorepolis.measures.context import Context, FloatArray
    from scorepolis.measures.counts import Counts
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
    above, below = (above[-1], below[-1]) if measure.stock else (above.sum(axis=0), below.sum(axis=0))
    # A dimension that the denominator lacks is spread.
    lacking = tuple(slice(None) if dim in measure.per.dims else None for dim in measure.dims)
    below = np.broadcast_to(below[(slice(None), *lacking)], above.shape)
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
        "instrument": [f"{instrument.rulebook}/{instrument.name}" for instrument in context.instruments],
    }

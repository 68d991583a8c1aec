"""A run as plain values, for programs: the same sentences and numbers that `show` tells a person."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

from scorepolis.measures.declared import MEASURES
from scorepolis.report import bodies, durations, firms
from scorepolis.report.words import cannot_tell, what_it_did, what_was_run
from scorepolis.runs.reading import worlds

if TYPE_CHECKING:
    import xarray as xr

    from scorepolis.runs.result import Run

Nested: TypeAlias = "float | dict[str, Nested] | None"


def to_json(run: Run) -> dict[str, Any]:
    """Give a run as values that JSON can hold.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    dict
        ``provenance``, the sentences of ``show``, and for every measure its title, unit, denominator, axes and numbers
        of the whole run, by the names on its axes; what has nothing to divide by is null. ``durations``: the rows of
        ``Run.durations``, null if a rulebook of the run is no longer at hand. ``firms``: those of ``Run.firms``;
        ``bodies``: those of ``Run.bodies``.
    """
    measures = {
        measure.name: {
            "title": measure.title,
            "unit": measure.unit,
            "denominator": measure.per.text,
            "axes": ["group", *measure.dims],
            **{world: _by_name(one.summary[measure.name]) for world, one in worlds(run).items()},
        }
        for measure in MEASURES
    }
    # A rulebook's full text is for making the run again, not for reading.
    books = [{key: value for key, value in book.items() if key != "text"} for book in run.provenance["rulebooks"]]
    return {
        "provenance": {**run.provenance, "rulebooks": books},
        "what_was_run": what_was_run(run),
        "what_it_did": what_it_did(run),
        "cannot_tell": cannot_tell(run),
        "measures": measures,
        "durations": durations.to_json(run),
        "firms": firms.to_json(run),
        "bodies": bodies.to_json(run),
    }


def _by_name(variable: xr.DataArray) -> Nested:
    """Unfold a variable, axis after axis, by the names on it."""
    if not variable.dims:
        value = float(variable)
        return None if math.isnan(value) else value
    dim = variable.dims[0]
    return {str(name): _by_name(variable.isel({dim: at})) for at, name in enumerate(variable.coords[dim].values)}

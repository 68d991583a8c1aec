"""All measures as one long table, a row per value: what other programs read from the folder of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scorepolis.measures.declared import MEASURES
from scorepolis.measures.figures import by_month, by_place, places
from scorepolis.measures.groups import by_group

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from scorepolis.measures.context import Context
    from scorepolis.measures.counts import Counts


def tidy(counts: Counts, context: Context) -> pd.DataFrame:
    """Give the measures by month as one long table, without the values that do not exist.

    Parameters
    ----------
    counts : Counts
        The counts of one world.
    context : Context
        The names behind their axes.

    Returns
    -------
    pandas.DataFrame
        Columns ``measure``, ``time`` (the last day of the month), ``group``, the other dimensions (missing where they
        do not apply), ``value``.
    """
    grouped = by_group(counts)
    variables: dict[str, tuple[tuple[str, ...], npt.NDArray[Any]]] = {
        measure.name: (("time", "group", *measure.dims), by_month(measure, grouped, context)) for measure in MEASURES
    }
    variables |= {name: (("time", dim), flows) for name, _, dim, flows in by_place(counts, context)}
    dims = list(dict.fromkeys(dim for own, _ in variables.values() for dim in own if dim != "time"))
    at: dict[str, list[npt.NDArray[np.int64]]] = {dim: [] for dim in ("measure", "time", *dims)}
    values = []
    for number, (own, array) in enumerate(variables.values()):
        known = np.flatnonzero(~np.isnan(array.ravel()))
        here = dict(zip(own, np.unravel_index(known, array.shape), strict=True)) | {"measure": number}
        for dim, column in at.items():
            column.append(np.broadcast_to(np.asarray(here.get(dim, -1), dtype=np.int64), known.shape))
        values.append(array.ravel()[known].astype(np.float64))
    where = {dim: np.concatenate(column) for dim, column in at.items()}
    named: dict[str, Sequence[str]] = places(context) | {"province": context.provinces}
    return pd.DataFrame(
        {
            "measure": pd.Categorical.from_codes(where["measure"], pd.Index(list(variables))),
            "time": pd.DatetimeIndex(context.months).take(where["time"]),
            **{dim: _labelled(where[dim], named.get(dim)) for dim in dims},
            "value": np.concatenate(values),
        }
    )


def _labelled(at: npt.NDArray[np.int64], names: Sequence[str] | None) -> pd.api.extensions.ExtensionArray:
    """Give the names at some places, none at -1; what has no names is told by its number."""
    if names is not None:
        return pd.Categorical.from_codes(at, pd.Index(list(names), dtype=str))
    return pd.arrays.IntegerArray(np.maximum(at, 0).astype(np.int32), at < 0)

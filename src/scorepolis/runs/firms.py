"""What became of the firms of a run: its counts as a table, flows of the whole run and standing at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from scorepolis.measures.context import Context
    from scorepolis.measures.counts import Counts

UNITS: Final = {
    "acts": "acts and applications",
    "could_not": "acts",
    "deterred": "opportunities",
    "let_off": "acts",
    "inspections": "inspections",
    "clean": "inspections",
    "records": "records",
    "outcomes": "applications",
    "negative": "entries",
    "positive": "entries",
    "firms": "firms",
    "employees": "people",
    "bound": "representatives",
    "in_scope": "firms",
    "points": "points",
    "ever": "firms",
    "grade": "firms",
    "told": "notices",
    "appealed": "appeals",
    "upheld": "appeals",
    "righted": "appeals",
    "repaired": "listings",
    "shown": "firm-months",
    "custom": "yuan",
    "under_appeal": "firms",
    "worse_for_it": "firms",
    "harm": "yuan",
    "benefit": "yuan",
}
"""Unit of each count of firms."""


def firms(counts: Counts, context: Context) -> pd.DataFrame:
    """Give the counts of firms: no rows where there are none.

    Parameters
    ----------
    counts : Counts
        Of one world.
    context : Context
        What they are counts of.

    Returns
    -------
    pandas.DataFrame
        Columns `count`, `of` (behaviour, service, sensor or instrument), `how` (truth, outcome, grade, mark), `size`,
        `sector` (empty in folders of runs that did not tell sectors apart), `connected`, `unit`, and `number`: flows of
        the whole run, firms as they stand at its end, and the harm and the benefit that their acts did to others.
    """
    layout = context.firms
    parts = [(layout.flows, counts.firm_flows.sum(axis=0)), (layout.moments, counts.firm_moments[-1])]
    groups = [
        (size, "".join(sector), connection == "connected")  # of none or one
        for size, *sector, connection in layout.groups
    ]
    rows = [
        (what, of, how, *group, UNITS[what], int(number))
        for names, table in parts
        for group, numbers in zip(groups, np.asarray(table), strict=True)
        for (what, of, how), number in zip(names, numbers, strict=True)
    ]
    acts = {(of, *group): number for what, of, _, *group, _, number in rows if what == "acts"}
    rows += [
        (what, of, "", *group, UNITS[what], round(yuan * acts[of, *group]))
        for what, of, size, yuan in layout.yuan
        for group in groups
        if group[0] == size
    ]
    return pd.DataFrame(rows, columns=["count", "of", "how", "size", "sector", "connected", "unit", "number"])

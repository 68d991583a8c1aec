"""What became of the public bodies of a run: its counts as a table, flows of the whole run and standing at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from scorepolis.measures.context import Context
    from scorepolis.measures.counts import Counts

UNITS: Final = {
    "acts": "bills, judgments, months and reports",
    "could_not": "bills and judgments",
    "deterred": "bills and judgments",
    "paid": "bills",
    "judged": "judgments",
    "performed": "judgments",
    "reported": "reports",
    "extra_looks": "reports",
    "target": "reports",
    "inspections": "inspections",
    "clean": "inspections",
    "records": "records",
    "applications": "applications",
    "outcomes": "applications",
    "negative": "entries",
    "positive": "entries",
    "supplier_months": "firm-months",
    "supplier_acts": "acts",
    "bodies": "bodies",
    "officials": "people",
    "bound": "officials",
    "owed": "bills",
    "owed_unable": "bills",
    "defied": "judgments",
    "defied_unable": "judgments",
    "making_up": "bodies",
    "suppliers": "firms",
    "suppliers_waiting": "firms",
    "inherited": "officials",
    "in_scope": "bodies",
    "points": "points",
    "ever": "bodies",
    "grade": "bodies",
}
"""Unit of each count of public bodies."""


def bodies(counts: Counts, context: Context) -> pd.DataFrame:
    """Give the counts of public bodies: no rows where there are none.

    Parameters
    ----------
    counts : Counts
        Of one world.
    context : Context
        What they are counts of.

    Returns
    -------
    pandas.DataFrame
        Columns `count`, `of` (behaviour, service, sensor or instrument), `how` (truth, outcome, grade, mark), `kind` of
        body, `unit`, and `number`: flows of the whole run, and bodies as they stand at its end. Of the acts, those of
        `missed_target` are months, those of `falsified_reports` reports.
    """
    layout = context.bodies
    parts = [(layout.flows, counts.body_flows.sum(axis=0)), (layout.moments, counts.body_moments[-1])]
    rows = [
        (what, of, how, kind, UNITS[what], int(number))
        for names, table in parts
        for (kind, _), numbers in zip(layout.groups, table, strict=True)
        for (what, of, how), number in zip(names, numbers, strict=True)
    ]
    return pd.DataFrame(rows, columns=["count", "of", "how", "kind", "unit", "number"])

"""An experiment in words and tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from rich.console import Group as Renderables
from rich.text import Text

from scorepolis.listing import MISSING
from scorepolis.report.numbers import whole
from scorepolis.report.tables import Section, Table
from scorepolis.report.words import bulleted, laid_out, limits

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from scorepolis.experiments.experiment import Experiment

MOST_ROWS: Final = 20

_KINDS: Final = {"sweep": "sweep", "sensitivity": "sensitivity analysis", "calibrate": "calibration"}
_TITLES: Final = {
    "sensitivity": "What moves the measures most",
    "estimate": "Parameters found",
    "targets": "Published and simulated figures",
    "posterior": "The sample",
}


def show(found: Experiment) -> Renderables:
    """Tell an experiment to a person.

    Parameters
    ----------
    found : Experiment
        What was found.

    Returns
    -------
    rich.console.Group
        To be printed by a Rich console.
    """
    made = found.provenance["experiment"]
    parts: list[RenderableType] = [Text(made["title"], style="bold"), Text(f"{' '.join(what_was_done(found))}\n")]
    parts += [laid_out(table) for table in tables(found)]
    parts += [Text("What it cannot tell", style="bold"), Text(bulleted(limits()))]
    return Renderables(*parts)


def tables(found: Experiment) -> list[Table]:
    """Give what was reckoned, and where nothing was, the first points."""
    reckoned = [_laid(_TITLES[name], _most(name, table)) for name, table in found.tables.items()]
    return reckoned or [_laid("The first points", found.results.head(MOST_ROWS))]


def what_was_done(found: Experiment) -> list[str]:
    """Say in a few sentences what was run, and what failed."""
    made = found.provenance["experiment"]
    points = int(found.results["point"].nunique())
    told = [f"A {_KINDS[made['kind']]} of {whole(points, 'point')}, {whole(len(found.results), 'row')} in all."]
    if found.failures:
        first = str(found.results["error"].dropna().iloc[0])
        told.append(f"{whole(found.failures, 'row')} failed, the first of them with: {first}.")
    return told


def to_json(found: Experiment) -> dict[str, Any]:
    """Give an experiment as values that JSON can hold; what has no number is null."""
    tables = {"results": found.results, **found.tables}
    return {
        "provenance": dict(found.provenance),
        "what_was_done": what_was_done(found),
        "cannot_tell": limits(),
        **{name: [_values(row) for row in table.to_dict("records")] for name, table in tables.items()},
    }


def _values(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): None if isinstance(value, float) and math.isnan(value) else value for key, value in row.items()}


def _most(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Of a long table, what matters most: of each measure the first parameters."""
    if name == "sensitivity":
        first = table["index"].isin(["mu_star", "ST"])
        return table[first].groupby("measure", sort=False).head(MOST_ROWS)
    return table.head(MOST_ROWS)


def _laid(title: str, table: pd.DataFrame) -> Table:
    from pandas.api.types import is_numeric_dtype

    rows = tuple(tuple(_cell(value) for value in row) for row in table.itertuples(index=False))
    wordy = tuple(at for at, kind in enumerate(table.dtypes) if not is_numeric_dtype(kind))
    return Table(title, tuple(map(str, table.columns)), (Section(rows),), words=wordy)


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)

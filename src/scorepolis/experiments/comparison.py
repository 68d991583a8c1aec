"""What a comparison is: the tables that tell schemes apart, and a record of how they were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scorepolis.shown import Shown

if TYPE_CHECKING:
    import pandas as pd
    from rich.repr import Result

    from scorepolis.runs.result import Run

TABLES: Final = ("measures", "means", "differences", "effects", "luck", "flows", "persons")
"""The tables of a comparison, each a file of its folder."""


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Shown):
    """Schemes side by side. Every table is tidy; intervals are 95 %, Student's t over seeds.

    Attributes
    ----------
    provenance : mapping
        How it was made: society, people, days, seeds, schemes with their rulebooks by hash, which of them failed and
        why. Nothing of the machine or its user.
    measures : pandas.DataFrame
        Every measure of the whole run by ``scheme``, ``seed``, ``group`` and the measure's own axes: ``value``.
    means : pandas.DataFrame
        The same over the seeds: ``mean``, ``low``, ``high``, ``seeds``.
    differences : pandas.DataFrame
        ``scheme`` less ``against``, seed by seed: ``mean``, ``low``, ``high``, ``seeds``. Against law alone, and
        against the first scheme.
    effects : pandas.DataFrame
        What becomes of persons under ``scheme`` beside themselves under ``against``, by ``group``: of each ``number``
        the mean ``change`` and the shares who ``gain``, ``lose`` and stay the ``same`` (column ``of``).
    luck : pandas.DataFrame
        ``share`` of the variance between persons that is luck, of each ``number`` and of its ``change`` against law
        alone.
    flows : pandas.DataFrame
        ``people`` by grade on the first and the last day, and by grade under one scheme and under another.
    persons : pandas.DataFrame
        The numbers of every person of the first seed's panel under every scheme.
    runs : mapping of str to Run
        Of the first seed, whole, by scheme.
    path : Path or None
        The comparison folder; None if it was not saved.

    Examples
    --------
    >>> found = sp.compare("rongcheng-2019", "defaulter-list", seeds=5)  # doctest: +SKIP
    >>> found.differences.query("measure == 'refused' and group == 'fifth_1'")  # doctest: +SKIP
    """

    provenance: Mapping[str, Any]
    measures: pd.DataFrame
    means: pd.DataFrame
    differences: pd.DataFrame
    effects: pd.DataFrame
    luck: pd.DataFrame
    flows: pd.DataFrame
    persons: pd.DataFrame
    runs: Mapping[str, Run]
    path: Path | None = None

    @property
    def schemes(self) -> tuple[str, ...]:
        """Names of the schemes that ran, law alone among them."""
        return tuple(scheme["name"] for scheme in self.provenance["schemes"] if scheme["error"] is None)

    @property
    def failures(self) -> dict[str, str]:
        """Why the others did not, by name."""
        return {scheme["name"]: scheme["error"] for scheme in self.provenance["schemes"] if scheme["error"] is not None}

    def __rich_repr__(self) -> Result:
        made = self.provenance
        yield from (scheme["name"] for scheme in made["schemes"])
        yield "society", made["society"]
        yield "people", made["people"]
        yield "days", made["days"]
        yield "seeds", made["seeds"]
        yield "failures", self.failures, {}
        yield "path", str(self.path) if self.path else None, None

    def __repr__(self) -> str:
        made = self.provenance
        names = ", ".join(repr(scheme["name"]) for scheme in made["schemes"])
        return f"Comparison({names}, society={made['society']!r}, people={made['people']}, seeds={made['seeds']})"

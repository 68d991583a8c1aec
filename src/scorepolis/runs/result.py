"""What a run is: two worlds, the scheme's and its baseline's, and a record of how they were made."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scorepolis.core.errors import InputError
from scorepolis.runs.digest import digest
from scorepolis.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd
    import xarray as xr
    from rich.repr import Result

    from scorepolis.measures.context import Context, FloatArray
    from scorepolis.measures.counts import Counts
    from scorepolis.runs.durations import Lasting
    from scorepolis.runs.panel import Panel


@dataclass(frozen=True)
class World:
    """Where the integers of one world come from; each is asked for once, and only when needed."""

    counts: Callable[[], Counts]
    ledger: Callable[[], Mapping[str, npt.NDArray[Any]]]
    panel: Callable[[], Panel] | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Run(Shown):
    """The result of a run, loaded as it is asked for.

    Attributes
    ----------
    provenance : mapping
        How it was made: scenario, seed, rulebooks and parameters by hash, digest. Nothing of the machine or its user.
    timing : mapping
        Seconds, and nanoseconds per person-day by row of the plan. Kept apart, for it differs between machines.
    context : Context
        The names behind the axes of the counts.
    baseline : Run or None
        The same people with the same luck under ordinary law alone.
    path : Path or None
        The run folder; None if it was not saved.

    Examples
    --------
    >>> run = sp.run("village", seed=7)  # doctest: +SKIP
    >>> run.measures.bad_acts.sel(group="all") - run.baseline.measures.bad_acts.sel(group="all")  # doctest: +SKIP
    """

    provenance: Mapping[str, Any]
    timing: Mapping[str, float]
    context: Context
    world: World = field(repr=False)
    baseline: Run | None = None
    path: Path | None = None

    @cached_property
    def counts(self) -> Counts:
        """The canonical integers, by month and group cell."""
        return self.world.counts()

    @cached_property
    def ledger_columns(self) -> Mapping[str, npt.NDArray[Any]]:
        """The ledger of the panel as integers, ordered by slot, day and order of the day."""
        return self.world.ledger()

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """The ledger of the panel: every entry that changed a standing, with names and dates."""
        from scorepolis.runs.ledger import readable

        return readable(self.ledger_columns, self.context)

    @cached_property
    def durations(self) -> pd.DataFrame:
        """How long it took to get out of the panel's penalties, by instrument, truth and way out.

        Those still open when the run ended are right-censored: see :func:`scorepolis.runs.durations.durations`.
        """
        from scorepolis.runs.durations import durations

        return durations(self)

    @cached_property
    def lasting(self) -> Sequence[Lasting]:
        """The rows of `durations` as plain values."""
        from scorepolis.runs.durations import lasting

        return lasting(self)

    @cached_property
    def firms(self) -> pd.DataFrame:
        """What firms did and met, and how they stand: see :func:`scorepolis.runs.firms.firms`."""
        from scorepolis.runs.firms import firms

        return firms(self.counts, self.context)

    @cached_property
    def bodies(self) -> pd.DataFrame:
        """What public bodies did and met, and how they stand: see :func:`scorepolis.runs.bodies.bodies`."""
        from scorepolis.runs.bodies import bodies

        return bodies(self.counts, self.context)

    @cached_property
    def panel(self) -> Panel:
        """Who the people of the panel are, what happened to them, and how they stood at each month's end.

        Raises
        ------
        InputError
            If the run keeps none: it was made without, or written by an earlier version.
        """
        if self.world.panel is None:
            raise InputError(
                "this run keeps no lives: " + ("it was written by an earlier version" if self.path else "lives=False"),
                file=str(self.path) if self.path else None,
                expected="a run made by this version; run the scenario again" if self.path else "a run with lives",
            )
        return self.world.panel()

    @cached_property
    def measures(self) -> xr.Dataset:
        """All measures by month and group; every variable has units, a description and its limits."""
        from scorepolis.measures.dataset import dataset

        return dataset(self.counts, self.context)

    @cached_property
    def summary(self) -> xr.Dataset:
        """All measures for the whole run, by group."""
        from scorepolis.measures.dataset import summary

        return summary(self.counts, self.context)

    @cached_property
    def figures(self) -> Mapping[str, FloatArray]:
        """The numbers of `summary` as plain arrays, by measure: the group first, then the measure's own dimensions."""
        from scorepolis.measures.figures import figures

        return figures(self.counts, self.context)

    @cached_property
    def digest(self) -> str:
        """A hash of all results, computed from them: the same on any machine and any number of threads."""
        worlds = [("scheme", self)] + ([("baseline", self.baseline)] if self.baseline else [])
        return digest((name, run.counts, run.ledger_columns) for name, run in worlds)

    def verify(self) -> str:
        """Compare the results with the digest recorded when they were made.

        Returns
        -------
        str
            The digest.

        Raises
        ------
        InputError
            If they differ: the files are not what the run wrote.
        """
        recorded = self.provenance["digest"]
        if self.digest != recorded:
            raise InputError(
                f"the results are not those that were written: their digest is {self.digest}, recorded is {recorded}",
                file=str(self.path),
                expected="an unchanged run folder; run the scenario again",
            )
        return self.digest

    def __rich_repr__(self) -> Result:
        made = self.provenance
        yield made["scenario"]["name"]
        yield "people", made["people"]
        yield "start", made["start"]
        yield "days", made["days"]
        yield "seed", made["seed"]
        yield "rulebooks", [book["name"] for book in made["rulebooks"]]
        yield "baseline", self.baseline is not None
        yield "path", str(self.path) if self.path else None, None

    def __repr__(self) -> str:
        parts = [repr(item[0]) if len(item) == 1 else f"{item[0]}={item[1]!r}" for item in self._repr_items()]
        return f"Run({', '.join(parts)})"

    def _repr_items(self) -> list[tuple[Any, ...]]:
        items = [item if isinstance(item, tuple) else (item,) for item in self.__rich_repr__()]
        return [item for item in items if len(item) < 3 or item[1] != item[2]]

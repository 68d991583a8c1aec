"""How long it took to get out: from each penalty in the panel's ledger to its correction, its exit or its end.

The matching is that of ``docs/method.md``, section 12. A penalty that nothing had ended when the run did is *open*: its
duration is right-censored, known only to be longer than it had waited. The durations of those that did end leave out
just the longest ones, so alone they are too short; read them beside the open ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scorepolis.measures.counts import TRUTHS
from scorepolis.runs.books import rulebooks_of
from scorepolis.runs.ledger import EVENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from scorepolis.rulebooks.schema import Instrument, InstrumentRule
    from scorepolis.runs.result import Run

HELD: Final = ("until_performance", "term", "points")
"""What an entry does, by which one gets out of it: a listing until performance; a grade (or a list) for a term; points
alone. Of a rule that takes points and also holds down to a grade for a term, the term is followed."""

OUT: Final = ("points_expire", "term_ends", "exit", "exit_late", "correction", "open")
"""The ways out, and `open`: none of them came within the run."""

EVERY: Final = "all"
"""In place of a truth: entries of any."""

_FIELDS: Final = ("slot", "day", "what", "instrument", "rule", "points", "truth")
_NONE: Final = -1


def durations(run: Run) -> pd.DataFrame:
    """Tell how long it took to get out of a run's penalties.

    Parameters
    ----------
    run : Run
        What was run; its panel is everybody, or 20,000 people of larger societies.

    Returns
    -------
    pandas.DataFrame
        A row for each combination that occurred of ``instrument`` (rulebook/instrument), ``held`` (see `HELD`),
        ``truth`` of the entry (see `TRUTHS`, and before them `EVERY`) and ``out`` (see `OUT`), with the ``number`` of
        entries and the ``median``, ``mean`` and ``longest`` of their days. Days of ``open`` ones are those waited up
        to the last day of the run: right-censored, for they go on beyond it.

    Raises
    ------
    InputError
        If a rulebook of the library is no longer the one that the run was made with.
    """
    import pandas as pd  # slow to import, and only tables for a reader need it

    instruments = [instrument for book in rulebooks_of(run) for instrument in book.instruments]
    found = spells(run.ledger_columns, instruments, int(run.provenance["days"]))
    names = [f"{one.rulebook}/{one.name}" for one in run.context.instruments]
    truths = pd.CategoricalDtype([EVERY, *TRUTHS])
    found["instrument"] = pd.Categorical.from_codes(found["instrument"].to_numpy(), dtype=pd.CategoricalDtype(names))
    found["truth"] = found["truth"].astype(truths)
    every = found.assign(truth=pd.Series(EVERY, index=found.index, dtype=truths))
    rows = pd.concat([every, found], ignore_index=True)
    grouped = rows.groupby(["instrument", "held", "truth", "out"], observed=True)["days"]
    return grouped.agg(number="size", median="median", mean="mean", longest="max").reset_index()


def spells(columns: Mapping[str, npt.NDArray[Any]], instruments: Sequence[Instrument], days: int) -> pd.DataFrame:
    """Follow each penalty of a ledger to the first thing that ended it.

    Parameters
    ----------
    columns : mapping of str to array
        The integers of a ledger, ordered by slot, day and order of the agenda.
    instruments : sequence of Instrument
        Those of the ledger's codes, as their rulebooks have them.
    days : int
        How many days were run.

    Returns
    -------
    pandas.DataFrame
        A row for each penalty, in the order of the ledger: ``slot``, ``instrument`` and ``rule`` (codes), ``day`` of
        the entry, ``points``, ``truth``, ``held``, ``out``, and ``days`` from the entry to the way out. For ``open``
        ones: to the last day of the run, so that they are right-censored.
    """
    import pandas as pd

    ledger = pd.DataFrame({name: np.asarray(columns[name], dtype=np.int64) for name in _FIELDS})
    ledger["at"] = np.arange(len(ledger))
    entries = ledger[ledger["what"] == EVENTS.index("record")].merge(_rules(instruments), on=["instrument", "rule"])
    penal = (entries["points"] < 0) | ((entries["points"] == 0) & (entries["held"] != HELD.index("points")))
    entries = entries[penal].reset_index(drop=True)

    day, points, held = (entries[name].to_numpy() for name in ("day", "points", "held"))
    appeal, term, expires = (entries[name].to_numpy() for name in ("appeal", "term", "expires"))
    alone = held == HELD.index("points")
    spent = (expires != _NONE) & (expires <= appeal)  # before the appeal is over the points are back already
    exits = _exits(entries, ledger)
    late = np.append(ledger["truth"].to_numpy(), 0)[exits] == TRUTHS.index("stale")
    never = len(ledger)
    closing = {
        "points_expire": _due(entries, ledger, "points_expire", _after(day, np.where(alone, expires, _NONE)), -points),
        "term_ends": _due(entries, ledger, "override_ends", _after(day, term), 0 * points),
        "exit": np.where(late, never, exits),
        "exit_late": np.where(late, exits, never),
        "correction": _due(entries, ledger, "correction", _after(day, appeal), np.where(spent, 0, -points)),
    }
    order = np.stack([closing[name] for name in OUT[:-1]])
    first = order.min(axis=0)
    out = np.where(first == never, OUT.index("open"), order.argmin(axis=0))
    ended = np.append(ledger["day"].to_numpy(), days - 1)[first]
    made = entries[["slot", "instrument", "rule", "day", "points"]].copy()
    made["truth"] = pd.Categorical.from_codes(entries["truth"].to_numpy(), dtype=pd.CategoricalDtype(list(TRUTHS)))
    made["held"] = pd.Categorical.from_codes(held, dtype=pd.CategoricalDtype(list(HELD)))
    made["out"] = pd.Categorical.from_codes(out, dtype=pd.CategoricalDtype(list(OUT)))
    made["days"] = ended - day
    return made


def _rules(instruments: Sequence[Instrument]) -> pd.DataFrame:
    """Give by instrument and rule what holds, and the days of its term, its expiry and an appeal against it."""
    import pandas as pd

    rows = []
    for k, instrument in enumerate(instruments):
        appeal = int(instrument.appeal.days.exact) if instrument.appeal and instrument.notice else _NONE
        rules: tuple[InstrumentRule, ...] = instrument.rules
        for r, rule in enumerate(rules):
            term = rule.override.term if rule.override else None
            held = "points" if rule.override is None else "until_performance" if term is None else "term"
            lengths = [int(length.exact) if length else _NONE for length in (term, rule.expires)]
            rows.append((k, r, HELD.index(held), *lengths, appeal))
    names = ["instrument", "rule", "held", "term", "expires", "appeal"]
    return pd.DataFrame(np.array(rows, dtype=np.int64).reshape(len(rows), len(names)), columns=names)


def _after(day: npt.NDArray[np.int64], length: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.where(length == _NONE, _NONE, day + length)


def _due(
    entries: pd.DataFrame,
    ledger: pd.DataFrame,
    what: str,
    due: npt.NDArray[np.int64],
    points: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Find the row of the ledger that ended each entry on the very day it was due, or one behind the last row."""
    keys = ["slot", "instrument", "rule", "day", "points"]
    wanted = entries[["slot", "instrument", "rule"]].assign(day=due, points=points)
    found = ledger.loc[ledger["what"] == EVENTS.index(what), [*keys, "at"]]
    # Of several that are the same in all of this, the first goes with the first.
    wanted, found = (table.assign(nth=table.groupby(keys).cumcount()) for table in (wanted, found))
    both = wanted.merge(found, on=[*keys, "nth"], how="left")
    return both["at"].fillna(len(ledger)).to_numpy(dtype=np.int64)


def _exits(entries: pd.DataFrame, ledger: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Find the row of the first exit after each listing until performance, or one behind the last row."""
    import pandas as pd

    rows = np.full(len(entries), len(ledger), dtype=np.int64)
    waiting = (entries["held"] == HELD.index("until_performance")).to_numpy()
    keys = ["slot", "instrument", "at"]
    exits = ledger.loc[ledger["what"] == EVENTS.index("exit"), keys].assign(exit=lambda table: table["at"])
    both = pd.merge_asof(entries.loc[waiting, keys], exits, on="at", by=keys[:2], direction="forward")
    rows[waiting] = both["exit"].fillna(len(ledger)).to_numpy(dtype=np.int64)
    return rows

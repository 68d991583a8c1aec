"""The ledger of the panel: integers in the file, names and dates for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scorepolis.measures.counts import TRUTHS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from scorepolis.measures.context import Context, Unit

    Columns = Mapping[str, npt.NDArray[Any]]

EVENTS: Final = (
    "points_expire", "window_ends", "override_back", "override_ends", "record", "exit", "correction",
    "judgment", "deadline", "decision", "review", "fed", "reckoned", "held", "shared", "repair",
)  # fmt: skip
_RECORD = EVENTS.index("record")
_WITH_RULE: Final = tuple(EVENTS.index(what) for what in ("record", "shared", "repair"))


def in_order(columns: Columns) -> dict[str, npt.NDArray[Any]]:
    """Order the entries by slot and day; entries of one person and day keep their order."""
    order = np.lexsort((columns["day"], columns["slot"]))
    return {name: np.ascontiguousarray(column[order]) for name, column in columns.items()}


def person_numbers(
    slots: npt.NDArray[Any], people: int, neighbourhoods: int, units: Sequence[Unit] = ()
) -> npt.NDArray[np.int64]:
    """Give every person a number: the rank of the slot among the occupied ones.

    Parameters
    ----------
    slots
        Slots of persons.
    people, neighbourhoods
        How many there are in a society of one province.
    units
        Of a society of several.
    """
    divided = [(unit.people, unit.neighbourhoods) for unit in units] or [(people, neighbourhoods)]
    residents, places = np.array(divided, np.int64).T
    neighbourhood, rank = np.divmod(slots.astype(np.int64), 1024)
    first = np.cumsum(places) - places
    unit = np.searchsorted(first, neighbourhood, side="right") - 1
    within = neighbourhood - first[unit]
    each, more = np.divmod(residents[unit], places[unit])
    before = (np.cumsum(residents) - residents)[unit]
    return np.asarray(before + within * each + np.minimum(within, more) + rank)


def readable(columns: Columns, context: Context) -> pd.DataFrame:
    """Give the ledger as a table in which codes have become names.

    Parameters
    ----------
    columns : mapping of str to array
        The integers of the ledger.
    context : Context
        The names behind the codes.

    Returns
    -------
    pandas.DataFrame
        A row per entry, with its ``date`` first. Only an entry of a record has a rule, behaviour,
        sensor and truth, and one for another member of the household or of a repair a rule; only a record of an act
        that was done has a doer (the slot within the district).
    """
    import pandas as pd  # slow to import, and only tables for a reader need it

    table = pd.DataFrame(dict(columns))
    table.insert(0, "date", pd.Timestamp(context.start) + pd.to_timedelta(table["day"], unit="D"))
    record = np.asarray(columns["what"]) == _RECORD
    instrument = np.asarray(columns["instrument"], dtype=np.int64)
    table["what"] = _named(columns["what"], EVENTS)
    table["instrument"] = _named(instrument, [f"{i.rulebook}/{i.name}" for i in context.instruments])
    for name in ("standing_before", "standing_after"):
        table[name] = _named_within(instrument, columns[name], [i.grades for i in context.instruments])
    rule = np.where(np.isin(columns["what"], _WITH_RULE), columns["rule"], -1)
    table["rule"] = _named_within(instrument, rule, [i.rules for i in context.instruments])
    for name, names in (
        ("behaviour", [b.name for b in context.behaviours]),
        ("sensor", [s.name for s in context.sensors]),
        ("truth", TRUTHS),
    ):
        table[name] = _named(np.where(record, columns[name], -1), names)
    done = record & (np.asarray(columns["truth"]) != TRUTHS.index("not_done"))
    table["doer"] = table["doer"].astype("Int64").where(done)
    return table


def _named(codes: npt.NDArray[Any], names: Sequence[str]) -> pd.Series[Any]:
    import pandas as pd

    dtype = pd.CategoricalDtype(list(names))
    return pd.Series(pd.Categorical.from_codes(codes.astype(np.int64), dtype=dtype))


def _named_within(
    instrument: npt.NDArray[np.int64], codes: npt.NDArray[Any], names: Sequence[Sequence[str]]
) -> pd.Series[Any]:
    """Name codes that count within their instrument."""
    known = sorted({name for own in names for name in own})
    place = np.full((len(names), max(map(len, names), default=0) + 1), -1)  # the last column stands for none
    for row, own in enumerate(names):
        place[row, : len(own)] = [known.index(name) for name in own]
    found = place[instrument, np.asarray(codes, dtype=np.int64)] if len(instrument) else instrument
    return _named(found, known)

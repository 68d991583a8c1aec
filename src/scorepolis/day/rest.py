"""A district at rest: the little that its people's seed and number do not tell.

At a month's end it is ten bytes of state per person, who knows of which scheme, every standing that
is not that of the start, ties that have ended, what is due, and how neighbourhoods respond. All else is settled anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.diary import Due, all_due
from scorepolis.day.start import clear_standing, leanings
from scorepolis.day.tables import Tables
from scorepolis.society.ties import NOBODY

Columns = dict[str, Any]
Packed = dict[str, npt.NDArray[Any]]

STATE = ("experience", "income", "hardship", "trust", "opinion", "motive")
FIRM_STATE = ("firm_points", "firm_assigned", "firm_standing", "firm_left", "firm_marks", "firm_bound")
ACCOUNT = ("raw", "standing", "counters", "overrides", "marks")


def pack(columns: Columns, settled: Columns, tables: Tables) -> Packed:
    """Pack a district at the end of a month, after the last of its rows.

    Parameters
    ----------
    columns
        Of the district.
    settled
        As it was settled.
    tables
        Of its region.

    Returns
    -------
    dict
        Arrays that `unpack` takes.
    """
    here = np.flatnonzero(columns["occupied"])
    blank = {name: settled[name] for name in ("age", "flags", "occupied")}
    clear_standing(blank, tables)
    differs = np.zeros(columns["raw"].shape, np.bool_)
    for name in ACCOUNT:
        differs |= columns[name] != blank[name]
    instruments, slots = np.nonzero(differs)
    lost = np.flatnonzero((settled["ties"] != NOBODY) & (columns["ties"] == NOBODY))
    days, keys, truths = all_due(columns, int(columns["day"]))
    return {
        "belief": np.ascontiguousarray(columns["belief"][:, here]),
        **{name: columns[name][here].copy() for name in STATE},
        "aware": np.packbits(columns["aware"][:, here] > 0, axis=1),
        "account_instrument": instruments.astype(np.uint8),
        "account_slot": slots.astype(np.uint16),
        **{f"account_{name}": columns[name][differs] for name in ACCOUNT},
        "ties_lost": lost.astype(np.uint32),
        "due_day": days.astype(np.int32),
        "due_key": keys,
        "due_truth": truths,
        "peers_factor": columns["peers_factor"].copy(),
        **{name: columns[name].copy() for name in FIRM_STATE},
    }


def unpack(columns: Columns, packed: Packed, tables: Tables) -> Due:
    """Give a district that has just been settled the state of its people.

    Parameters
    ----------
    columns
        Of the district; the state is added.
    packed
        From `pack`.
    tables
        Of its region.

    Returns
    -------
    days, keys, truths : int64, uint64 and uint32 arrays
        What its diary must hold.
    """
    clear_standing(columns, tables)
    here = np.flatnonzero(columns["occupied"])
    size = columns["age"].size
    columns["belief"] = np.zeros((4, size), np.uint8)
    columns["belief"][:, here] = packed["belief"]
    for name in STATE:
        columns[name] = np.zeros(size, np.uint8)
        columns[name][here] = packed[name]
    columns["aware"][:, here] = np.unpackbits(packed["aware"], axis=1, count=here.size)
    at = packed["account_instrument"].astype(np.intp), packed["account_slot"].astype(np.intp)
    for name in ACCOUNT:
        columns[name][at] = packed[f"account_{name}"]
    columns["ties"].flat[packed["ties_lost"].astype(np.intp)] = NOBODY
    columns["leaning"] = leanings(columns, tables)
    return packed["due_day"].astype(np.int64), packed["due_key"], packed["due_truth"]

"""A district at rest: the little that its people's seed and number do not tell.

At a month's end it is ten bytes of state per person, who knows of which scheme, every standing that
is not that of the start, ties that have ended, what is due, and how neighbourhoods respond. All else is settled anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import IN_SCOPE
from scorepolis.core.compiled import compiled
from scorepolis.core.diary import Due, all_due
from scorepolis.day.start import clear_standing, leanings, start_grades
from scorepolis.day.tables import Tables
from scorepolis.society.ties import NOBODY

Columns = dict[str, Any]
Packed = dict[str, npt.NDArray[Any]]

BELIEFS = 4
STATE = ("experience", "income", "hardship", "trust", "opinion", "motive")
KNOWING = BELIEFS + len(STATE)
"""Where, among what is kept of people byte by byte, it begins that they know of instruments."""
FIRM_STATE = (
    "firm_points", "firm_assigned", "firm_standing", "firm_left", "firm_opens", "firm_marks", "firm_bound",
    "firm_open", "firm_won", "firm_clear_points", "firm_clear_assigned", "firm_clear_standing", "firm_clear_left",
    "firm_clear_opens",
)  # fmt: skip
BODY_STATE = (
    *("body_head", "body_owed", "body_stuck", "body_defied", "body_beyond", "body_bills", "body_extra", "body_forge"),
    *("body_points", "body_assigned", "body_standing", "body_left", "body_marks", "body_bound"),
)
ACCOUNT = ("raw", "standing", "counters", "overrides", "marks")


@compiled
def find_moved(  # type: ignore[no-untyped-def]
    occupied, raw, standing, counters, overrides, marks, score_start, start_grade, instruments, slots
):
    """Write which standings are no longer that of the start, by instrument and slot; returns how many.

    Who is in scope does not change, so that of the marks all others tell.
    """
    many = np.int64(0)
    for k in range(raw.shape[0]):
        for i in range(occupied.size):
            if occupied[i] and (
                raw[k, i] != score_start[k]
                or standing[k, i] != start_grade[k]
                or counters[k, i] != 0
                or overrides[k, i] != 0
                or (marks[k, i] & ~np.uint8(IN_SCOPE)) != 0
            ):
                instruments[many] = k
                slots[many] = i
                many += 1
    return many


@compiled
def find_lost(settled, now, settled_words, now_words, lost):  # type: ignore[no-untyped-def]
    """Write where ties were and are no longer; returns how many.

    Few end: so they are compared in words of several ties first.
    """
    many, each = np.int64(0), now.size // now_words.size
    for word in range(now_words.size):
        if now_words[word] != settled_words[word]:
            for e in range(each * word, each * (word + 1)):
                if now[e] == NOBODY and settled[e] != NOBODY:
                    lost[many] = e
                    many += 1
    return many


@compiled
def gather(sizes, column, packed):  # type: ignore[no-untyped-def]
    """Write those of a column who live here, one after the other."""
    at = np.int64(0)
    for h in range(sizes.size):
        for i in range(h << 10, (h << 10) + sizes[h]):
            packed[at] = column[i]
            at += 1


@compiled
def scatter(sizes, packed, column):  # type: ignore[no-untyped-def]
    """Undo `gather`; who does not live here keeps what the column holds."""
    at = np.int64(0)
    for h in range(sizes.size):
        for i in range(h << 10, (h << 10) + sizes[h]):
            column[i] = packed[at]
            at += 1


def organised(columns: Columns) -> tuple[str, ...]:
    """Name what is kept of a district's firms and public bodies, if it has any."""
    return (*(FIRM_STATE if columns["firm_size"].size else ()), *(BODY_STATE if columns["body_kind"].size else ()))


def _rows(columns: Columns) -> list[npt.NDArray[np.uint8]]:
    """Give what is kept of people byte by byte."""
    return [*columns["belief"], *(columns[name] for name in STATE), *columns["aware"]]


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
    rows = _rows(columns)
    of_people = np.empty((len(rows), int(columns["sizes"].sum())), np.uint8)
    for row, kept in zip(rows, of_people, strict=True):
        gather(columns["sizes"], row, kept)
    belief, state, aware = of_people[:BELIEFS], of_people[BELIEFS:KNOWING], of_people[KNOWING:]
    instruments = np.empty(columns["raw"].size, np.uint8)
    slots = np.empty(columns["raw"].size, np.uint16)
    many = find_moved(
        columns["occupied"], columns["raw"], columns["standing"], columns["counters"], columns["overrides"],
        columns["marks"], tables["score_start"], start_grades(tables), instruments, slots,
    )  # fmt: skip
    at = instruments[:many].astype(np.intp), slots[:many].astype(np.intp)
    lost = np.empty(columns["ties"].size, np.uint32)
    before, now = settled["ties"].reshape(-1), columns["ties"].reshape(-1)
    ended = find_lost(before, now, before.view(np.uint64), now.view(np.uint64), lost)
    days, keys, truths = all_due(columns, int(columns["day"]))
    return {
        "belief": belief,
        **dict(zip(STATE, state, strict=True)),
        "aware": np.packbits(aware, axis=1),
        "account_instrument": instruments[:many].copy(),
        "account_slot": slots[:many].copy(),
        **{f"account_{name}": columns[name][at] for name in ACCOUNT},
        "ties_lost": lost[:ended].copy(),
        "due_day": days.astype(np.int32),
        "due_key": keys,
        "due_truth": truths,
        "peers_factor": columns["peers_factor"].copy(),
        **{name: columns[name].copy() for name in organised(columns)},
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
    size = columns["age"].size
    columns["belief"] = np.zeros((BELIEFS, size), np.uint8)
    columns |= {name: np.zeros(size, np.uint8) for name in STATE}
    aware = np.unpackbits(packed["aware"], axis=1, count=packed["belief"].shape[1])
    for row, kept in zip(_rows(columns), (*packed["belief"], *(packed[name] for name in STATE), *aware), strict=True):
        scatter(columns["sizes"], kept, row)
    at = packed["account_instrument"].astype(np.intp), packed["account_slot"].astype(np.intp)
    for name in ACCOUNT:
        columns[name][at] = packed[f"account_{name}"]
    columns["ties"].flat[packed["ties_lost"].astype(np.intp)] = NOBODY
    columns["leaning"] = leanings(columns, tables)
    return packed["due_day"].astype(np.int64), packed["due_key"], packed["due_truth"]

"""How long it took to get out: from each penalty in the panel's ledger to its correction, repair, exit or end.

The matching is that of ``docs/method.md``, section 12. A penalty that nothing had ended when the run did is *open*: its
duration is right-censored, known only to be longer than it had waited. The durations of those that did end leave out
just the longest ones, so alone they are too short; read them beside the open ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from scorepolis.core.buffers import REPAIR_MONTH
from scorepolis.measures.counts import TRUTHS
from scorepolis.runs.books import rulebooks_of
from scorepolis.runs.ledger import EVENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from scorepolis.rulebooks.schema import Instrument, InstrumentRule
    from scorepolis.runs.result import Run

    Integers = npt.NDArray[np.int64]
    Columns = Mapping[str, npt.NDArray[Any]]

HELD: Final = ("until_performance", "term", "points")
"""What an entry does, by which one gets out of it: a listing until performance; a grade (or a list) for a term; points
alone. Of a rule that takes points and also holds down to a grade for a term, the term is followed."""

OUT: Final = ("points_expire", "term_ends", "exit", "exit_late", "correction", "repair", "open")
"""The ways out, and `open`: none of them came within the run."""

EVERY: Final = "all"
"""In place of a truth: entries of any."""

_FIELDS: Final = ("slot", "day", "what", "instrument", "rule", "points", "truth")
_NONE: Final = -1


class Lasting(NamedTuple):
    """How long the penalties of one kind lasted that ended in one way; `durations` has them as a table."""

    instrument: str
    held: str
    truth: str
    out: str
    number: int
    median: float
    mean: float
    longest: int


def lasting(run: Run) -> tuple[Lasting, ...]:
    """Tell how long it took to get out of a run's penalties, as plain values.

    Parameters
    ----------
    run : Run
        What was run; its panel is everybody, or 20,000 people of larger societies.

    Returns
    -------
    tuple of Lasting
        The rows of `durations`.

    Raises
    ------
    InputError
        If a rulebook of the library is no longer the one that the run was made with.
    """
    instruments = [instrument for book in rulebooks_of(run) for instrument in book.instruments]
    found = spells(run.ledger_columns, instruments, int(run.provenance["days"]))
    names = [f"{one.rulebook}/{one.name}" for one in run.context.instruments]
    truths = (EVERY, *TRUTHS)
    sorts = (len(names), len(HELD), len(truths), len(OUT))
    own = [found["instrument"], _codes(found["held"], HELD), _codes(found["truth"], truths), _codes(found["out"], OUT)]
    every = [*own[:2], 0 * own[2], own[3]]
    kinds = np.ravel_multi_index(tuple(np.concatenate(pair) for pair in zip(every, own, strict=True)), sorts)
    days = np.tile(found["days"], 2)
    told = []
    for kind in np.unique(kinds):
        k, held, truth, out = np.unravel_index(kind, sorts)
        these = days[kinds == kind]
        figures = len(these), float(np.median(these)), float(these.mean()), int(these.max())
        told.append(Lasting(names[k], HELD[held], truths[truth], OUT[out], *figures))
    return tuple(told)


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
    import pandas as pd  # slow to import, and pages and words do without

    categories = {
        "instrument": [f"{one.rulebook}/{one.name}" for one in run.context.instruments],
        "held": HELD,
        "truth": (EVERY, *TRUTHS),
        "out": OUT,
    }
    table = pd.DataFrame(run.lasting, columns=list(Lasting._fields))
    return table.astype({name: pd.CategoricalDtype(list(order)) for name, order in categories.items()})


def spells(columns: Columns, instruments: Sequence[Instrument], days: int) -> dict[str, npt.NDArray[Any]]:
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
    dict of str to array
        A place for each penalty, in the order of the ledger: ``slot``, ``instrument`` and ``rule`` (codes), ``day`` of
        the entry, ``points``, and in words ``truth``, ``held`` and ``out``, and ``days`` from the entry to the way
        out. For ``open`` ones: to the last day of the run, so that they are right-censored.
    """
    ledger = {name: np.asarray(columns[name], dtype=np.int64) for name in _FIELDS}
    rules = _rules(instruments)
    lengths = np.array([len(instrument.rules) for instrument in instruments], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    ledger["subject"] = _numbered(ledger["slot"], ledger["instrument"], ledger["rule"])
    records = np.flatnonzero(ledger["what"] == EVENTS.index("record"))
    held, term, expires, appeal, repair = rules[:, starts[ledger["instrument"][records]] + ledger["rule"][records]]
    points = ledger["points"][records]
    penal = (points < 0) | ((points == 0) & (held != HELD.index("points")))
    rows = records[penal]
    held, term, expires, appeal, repair = (known[penal] for known in (held, term, expires, appeal, repair))

    subject, day, points = (ledger[name][rows] for name in ("subject", "day", "points"))
    alone = held == HELD.index("points")
    spent = (expires != _NONE) & (expires <= appeal)  # before the appeal is over the points are back already
    never = len(ledger["day"])
    exits = _exits(ledger, rows, held == HELD.index("until_performance"))
    late = np.append(ledger["truth"], 0)[exits] == TRUTHS.index("stale")

    def due(what: str, on: Integers, back: Integers) -> Integers:
        return _due(ledger, what, subject, on, back)

    closing = {
        "points_expire": due("points_expire", _after(day, np.where(alone, expires, _NONE)), -points),
        "term_ends": due("override_ends", _after(day, term), 0 * points),
        "exit": np.where(late, never, exits),
        "exit_late": np.where(late, exits, never),
        "correction": due("correction", _after(day, appeal), np.where(spent, 0, -points)),
    }
    ended = np.min(list(closing.values()), axis=0)
    closing["repair"] = _repaired(ledger, subject, day, repair, expires, points, ended)
    order = np.stack([closing[name] for name in OUT[:-1]])
    first = order.min(axis=0)
    out = np.where(first == never, OUT.index("open"), order.argmin(axis=0))
    return {
        **{name: ledger[name][rows] for name in ("slot", "instrument", "rule", "day", "points")},
        "truth": np.array(TRUTHS)[ledger["truth"][rows]],
        "held": np.array(HELD)[held],
        "out": np.array(OUT)[out],
        "days": np.append(ledger["day"], days - 1)[first] - day,
    }


def _codes(words: npt.NDArray[Any], known: Sequence[str]) -> Integers:
    order = np.argsort(known)
    return np.asarray(order[np.searchsorted(known, words, sorter=order)])


def _rules(instruments: Sequence[Instrument]) -> Integers:
    """Give what each rule holds by, and the days of its term, its expiry, an appeal and the soonest repair, in rows."""
    from scorepolis.rulebooks.schema import repaired_as  # models are slow to import

    columns = []
    for instrument in instruments:
        appeal = int(instrument.appeal.days.exact) if instrument.appeal and instrument.notice else _NONE
        rules: tuple[InstrumentRule, ...] = instrument.rules
        for rule in rules:
            term = rule.override.term if rule.override else None
            held = "points" if rule.override is None else "until_performance" if term is None else "term"
            lengths = [int(length.exact) if length else _NONE for length in (term, rule.expires)]
            known = repaired_as(instrument, rule)
            soonest = int(known.after.exact + instrument.repair.days.exact) if known and instrument.repair else _NONE
            columns.append((HELD.index(held), *lengths, appeal, soonest))
    return np.array(columns, dtype=np.int64).reshape(len(columns), 5).T


def _numbered(*columns: Integers) -> Integers:
    """Give what stands side by side in columns a number from 0, the same for the same."""
    above = [column - column.min(initial=0) for column in columns]
    places = np.ravel_multi_index(above, [int(column.max(initial=0)) + 1 for column in above])
    return np.unique(places, return_inverse=True)[1]


def _after(day: Integers, length: Integers) -> Integers:
    return np.where(length == _NONE, _NONE, day + length)


def _due(ledger: Columns, what: str, subject: Integers, due: Integers, points: Integers) -> Integers:
    """Find the row of the ledger that ended each entry on the very day it was due, or one behind the last row."""
    ends = np.flatnonzero(ledger["what"] == EVENTS.index(what))
    there = (ledger[name][ends] for name in ("subject", "day", "points"))
    both = _numbered(*map(np.concatenate, zip((subject, due, points), there, strict=True)))
    wanted, found = np.split(both, [len(subject)])
    order = np.argsort(found, kind="stable")
    # Of several that are the same in all of this, the first goes with the first.
    place = np.searchsorted(found, wanted, sorter=order) + _nth(wanted)
    hit = place < np.searchsorted(found, wanted, side="right", sorter=order)
    rows = np.full(len(subject), len(ledger["day"]), dtype=np.int64)
    rows[hit] = ends[order[place[hit]]]
    return rows


def _repaired(
    ledger: Columns, subject: Integers, day: Integers, soonest: Integers, expires: Integers, points: Integers,
    ended: Integers,
) -> Integers:  # fmt: skip
    """Find the row of the ledger that repaired each entry, or one behind the last row: there is a try each month.

    What has `ended` otherwise before is repaired no more.
    """
    rows = np.full(len(subject), len(ledger["day"]), dtype=np.int64)
    ends = np.flatnonzero(ledger["what"] == EVENTS.index("repair"))
    waiting: dict[int, list[int]] = {}
    for n in np.flatnonzero((soonest != _NONE) & np.isin(subject, ledger["subject"][ends])).tolist():
        waiting.setdefault(int(subject[n]), []).append(n)
    for row in ends.tolist():
        for n in waiting.get(int(ledger["subject"][row]), ()):
            past = int(ledger["day"][row] - day[n])
            spent = expires[n] != _NONE and expires[n] <= past
            back = 0 if spent else -points[n]
            tried = past >= soonest[n] and (past - soonest[n]) % REPAIR_MONTH == 0
            if tried and ledger["points"][row] == back and row < ended[n]:
                rows[n] = row
                waiting[int(ledger["subject"][row])].remove(n)
                break
    return rows


def _nth(keys: Integers) -> Integers:
    """Count from 0 those that are the same, in their order."""
    order = np.argsort(keys, kind="stable")
    nth = np.empty_like(keys)
    nth[order] = np.arange(len(keys)) - np.searchsorted(keys, keys[order], sorter=order)
    return nth


def _exits(ledger: Columns, rows: Integers, waiting: npt.NDArray[np.bool_]) -> Integers:
    """Find the row of the first exit after each listing until performance, or one behind the last row."""
    never = len(ledger["day"])
    who = _numbered(ledger["slot"], ledger["instrument"])
    ends = np.flatnonzero(ledger["what"] == EVENTS.index("exit"))
    ends = ends[np.argsort(who[ends], kind="stable")]
    # By whom and then by row, so that what stands at or behind an entry's place is the first exit after it.
    place = np.searchsorted(who[ends] * (never + 1) + ends, who[rows] * (never + 1) + rows)
    after = np.append(ends, never)[place]
    return np.where(waiting & (np.append(who, _NONE)[after] == who[rows]), after, never)

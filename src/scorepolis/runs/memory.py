"""Memory: about how much a run needs, how much there is, and how it goes with less than it would like.

A run that does not fit goes out of core: its districts are in files, and of those at rest only as many stay in memory
as there is room for.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from scorepolis.core.errors import InputError

if TYPE_CHECKING:
    from scorepolis.rulebooks import Instrument, Rulebook

GIB: Final = 1 << 30

PROCESS: Final = 450 << 20
"""Bytes of a process before there are people: the interpreter, libraries, compiled functions, tables, workspaces."""

PERSON: Final = 75
"""Bytes of a person: who they are, whom they know, their state. Measured on 14 million people, like the next two."""

ACCOUNT: Final = 14
"""Bytes of a person's standing under an instrument."""

ENTRIES: Final = 60
"""Bytes of a person's entries that are due under an instrument of points, which expire one by one."""

FIRM, FIRM_ACCOUNT = 24, 16
"""Bytes of a firm, and of its standing under an instrument of firms, with what it would be if a record fell."""

FIRM_AT_WORK, FIRM_ENTRIES = 220, 110
"""Bytes of a firm while its month is lived, and of its entries and appeals under an instrument."""

AT_WORK: Final = 700
"""Bytes of a person while their district is settled, lives and is written, most of them for a moment. Measured."""

WORKSPACE: Final = 32 << 20
"""Bytes of what a thread works with besides."""

STATE, STANDING = 2 * 4 * 11, 2 * 4 * 4
"""Bytes of the panel's state, and of its standing under an instrument, by person and moment: kept, and put in order."""

FOLLOWED: Final = 20
"""Bytes of the life and ledger of a person of the panel, of a day: kept, and put in order. Measured."""

SPARE: Final = 0.9
"""Share of the machine's memory that a run may take, unless it is told otherwise."""

CONTAINER: Final = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class Share:
    """What a run out of core may take.

    Attributes
    ----------
    threads
        How many districts are at work at once.
    spare
        Bytes of those at rest that may stay in memory.
    """

    threads: int
    spare: int


@dataclass(frozen=True)
class Load:
    """What a run is, as far as memory is concerned.

    Attributes
    ----------
    people : int
        Size of the society.
    district : int
        People of its largest district, at most.
    books, where : sequences
        Rulebooks, and for each where it is in force; None: everywhere. What is in force in some places only counts for
        nothing in the whole.
    panel, days : int
        People who are followed, and how long.
    firms : float
        Firms per person: those who are rated in no place of the run have none.
    """

    people: int
    district: int
    books: Sequence[Rulebook]
    where: Sequence[object]
    panel: int = 0
    days: int = 0
    firms: float = 0

    @property
    def followed(self) -> int:
        """Bytes of the panel's ledger, life and states."""
        standings = sum(len(book.instruments) for book in self.books)
        moments = self.days // 30 + 2
        return min(self.panel, self.people) * (moments * (STATE + STANDING * standings) + FOLLOWED * self.days)

    @property
    def needed(self) -> int:
        """Bytes that the run takes at its most, to about a quarter, if all districts stay in memory."""
        everywhere = [book for book, places in zip(self.books, self.where, strict=True) if places is None]
        rated = FIRM + FIRM_ACCOUNT * sum(len(book.firms) for book in everywhere)
        person = PERSON + sum(_account(i) for book in everywhere for i in book.instruments) + self.firms * rated
        return PROCESS + int(self.people * person) + self.followed

    @property
    def at_work(self) -> int:
        """Bytes that a district takes at its most."""
        rated = FIRM + FIRM_AT_WORK + (FIRM_ACCOUNT + FIRM_ENTRIES) * sum(len(book.firms) for book in self.books)
        person = AT_WORK + sum(_account(i) for book in self.books for i in book.instruments) + self.firms * rated
        return WORKSPACE + int(self.district * person)


def _account(instrument: Instrument) -> int:
    return ACCOUNT + (ENTRIES if instrument.method == "points" else 0)


def available() -> int | None:
    """Give the bytes that the machine, or the container, lets a process have; None where it does not say."""
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
    try:
        return min(machine, int(CONTAINER.read_text(encoding="ascii")))
    except (OSError, ValueError):
        return machine


def share_of(load: Load, budget: float | None, *, threads: int, filed: bool) -> Share | None:
    """Decide whether a run stays in memory.

    Parameters
    ----------
    load : Load
        What is run.
    budget : float or None
        GiB that the run may take; by default nine tenths of what there is.
    threads : int
        As wished.
    filed : bool
        Whether it has a folder to keep districts in.

    Returns
    -------
    Share or None
        What it may take out of core; None: it stays in memory.

    Raises
    ------
    InputError
        If it would not fit and has no folder, with the number of people that would; or if not even one district at a
        time would fit.
    """
    most = allowed(budget)
    if load.needed <= most:
        return None
    if not filed:
        each = (load.needed - PROCESS - load.followed) / load.people
        fitting = max(0, int((most - PROCESS - load.followed) / each))
        told = f"at most {fitting:,} people" if fitting else "a larger budget"
        raise InputError(
            f"{load.people:,} people need about {_told(load.needed)} of memory, and the budget is {_told(most)}",
            expected=f"{told} (--people, --memory), or a folder with checkpoints, to run out of core (--out)",
        )
    room = most - PROCESS - load.followed
    at_once = min(threads, int(room // load.at_work))
    if at_once < 1:
        _refuse(PROCESS + load.followed + load.at_work, most)
    return Share(at_once, int(room - at_once * load.at_work))


def spare_of_worker(load: Load, budget: float | None, workers: int) -> int:
    """Share out a budget among worker processes on this machine, each with one thread, beside the one that leads.

    Returns
    -------
    int
        Bytes of districts at rest that each may keep.

    Raises
    ------
    InputError
        If not even one district at a time would fit in each.
    """
    most = allowed(budget)
    least = PROCESS + load.followed + workers * (PROCESS + load.at_work)
    if least > most:
        _refuse(least, most)
    return int((most - least) // workers) if most < float("inf") else 0


def spare_of_remote(load: Load, budget: float | None, limit: int, threads: int) -> int:
    """Find what a worker on another machine may keep: of a budget in GiB of its own, or of half of Dask's limit.

    Dask stops giving work to a worker, and at last kills it, as it comes near the limit.

    Parameters
    ----------
    load : Load
        What is run.
    budget : float or None
        GiB that each worker may take.
    limit : int
        Bytes that Dask allows each; 0: as many as it likes, and then none are kept.
    threads : int
        Of each.

    Returns
    -------
    int
        Bytes of districts at rest that each may keep.

    Raises
    ------
    InputError
        If not even the districts at work would fit in a worker.
    """
    most = budget * GIB if budget is not None else limit / 2
    least = PROCESS + threads * load.at_work
    if budget is not None and least > most:
        _refuse(least, most)
    return max(0, int(most - least))


def allowed(budget: float | None) -> float:
    """Give the bytes of a budget in GiB; without one, nine tenths of what there is."""
    there = available()
    return budget * GIB if budget is not None else there * SPARE if there is not None else float("inf")


def _refuse(least: float, most: float) -> NoReturn:
    raise InputError(
        f"one district at a time needs about {_told(least)} of memory, and the budget is {_told(most)}",
        expected=f"a larger budget (--memory), at least {least / GIB:.3f}",
    )


def _told(size: float) -> str:
    return f"{size / GIB:.{1 if size >= GIB else 3}f} GiB"

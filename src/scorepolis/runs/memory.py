"""Memory: about how much a run needs, how much there is, and a clear word before there is too little."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scorepolis.core.errors import InputError

if TYPE_CHECKING:
    from scorepolis.rulebooks import Rulebook

GIB: Final = 1 << 30

PROCESS: Final = 450 << 20
"""Bytes of a process before there are people: the interpreter, libraries, compiled functions, tables, workspaces."""

PERSON: Final = 75
"""Bytes of a person: who they are, whom they know, their state. Measured on 14 million people, like the next two."""

ACCOUNT: Final = 14
"""Bytes of a person's standing under an instrument."""

ENTRIES: Final = 60
"""Bytes of a person's entries that are due under an instrument of points, which expire one by one."""

SPARE: Final = 0.9
"""Share of the machine's memory that a run may take, unless it is told otherwise."""

CONTAINER: Final = Path("/sys/fs/cgroup/memory.max")


def needed(people: int, books: Sequence[Rulebook], where: Sequence[object]) -> int:
    """Estimate the bytes that a run takes at its most.

    Parameters
    ----------
    people : int
        Size of the society.
    books, where : sequences
        Rulebooks, and for each where it is in force; None: everywhere. What is in force in some places only counts for
        nothing here.

    Returns
    -------
    int
        Bytes, to about a quarter.
    """
    everywhere = [i for book, places in zip(books, where, strict=True) if places is None for i in book.instruments]
    each = PERSON + sum(ACCOUNT + (ENTRIES if i.method == "points" else 0) for i in everywhere)
    return PROCESS + people * each


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


def check_memory(people: int, books: Sequence[Rulebook], where: Sequence[object], budget: float | None) -> None:
    """Refuse a run that would not fit.

    Parameters
    ----------
    people, books, where
        As for `needed`.
    budget : float or None
        GiB that the run may take; by default nine tenths of what there is.

    Raises
    ------
    InputError
        If it needs more, with the number of people that would fit.
    """
    there = available()
    most = budget * GIB if budget is not None else there * SPARE if there is not None else float("inf")
    wanted = needed(people, books, where)
    if wanted > most:
        each = (wanted - PROCESS) / people
        fitting = max(0, int((most - PROCESS) / each))
        told = f"at most {fitting:,} people" if fitting else "a larger budget"
        raise InputError(
            f"{people:,} people need about {wanted / GIB:.1f} GiB of memory, and the budget is {most / GIB:.1f} GiB",
            expected=f"{told} (--people, --memory)",
        )

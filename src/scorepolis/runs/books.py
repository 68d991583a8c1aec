"""The rulebooks that a run was made with, read again: what its codes of rules stand for in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scorepolis.core.errors import InputError

if TYPE_CHECKING:
    from scorepolis.rulebooks import Rulebook
    from scorepolis.runs.result import Run


def rulebooks_of(run: Run) -> tuple[Rulebook, ...]:
    """Read the rulebooks that a run was made with.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    tuple of Rulebook
        In the order of the run; their instruments, one book after the other, are in the order of its codes.

    Raises
    ------
    InputError
        If a rulebook of the library is no longer the one that the run was made with.
    """
    from scorepolis.rulebooks import reread  # slow to import, and most of a run is read without its rulebooks

    books = []
    for entry in run.provenance["rulebooks"]:
        book = reread(entry["name"], entry.get("text"))
        if book.digest() != entry["sha256"]:
            raise InputError(
                f"the rulebook '{book.name}' is not the one that the run was made with",
                file=str(run.path) if run.path else None,
                expected="a run made by this version; run the scenario again",
            )
        books.append(book)
    return tuple(books)

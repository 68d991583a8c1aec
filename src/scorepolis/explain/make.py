"""From a folder and a wish to a story: who is told of, from which run, and beside which other world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scorepolis.core.errors import InputError
from scorepolis.explain.books import books_of
from scorepolis.explain.choose import by_chance, by_number, worst_off, wronged
from scorepolis.explain.find import against, find
from scorepolis.explain.life import life_of
from scorepolis.explain.story import tell

if TYPE_CHECKING:
    from pathlib import Path

    from scorepolis.explain.books import Books
    from scorepolis.explain.choose import Choice
    from scorepolis.explain.story import Story
    from scorepolis.runs.make import Progress
    from scorepolis.runs.result import Run


def explain(
    folder: str | Path | Run,
    *,
    person: int | None = None,
    random: bool = False,
    worst: bool = False,
    kind: str | None = None,
    rulebook: str | None = None,
    progress: Progress | None = None,
) -> Story:
    """Tell the life of one person of a run, beside the same life under other rules.

    Parameters
    ----------
    folder : str, Path or Run
        A run folder; or a comparison folder, of which the run of the first scheme beyond law alone is told; or a run
        that is at hand.
    person : int, optional
        Whose life, by number.
    random : bool
        Somebody whom the run's own seed draws; so it is too if nothing else is asked for.
    worst : bool
        Who was shut out longest.
    kind : str, optional
        Who was penalised wrongly most often: one of the six kinds, or ``"any"``.
    rulebook : str, optional
        The rules of the life beside; by default the stored baseline. What is not stored is run in memory.
    progress : callable, optional
        As for `scorepolis.run`.

    Returns
    -------
    Story

    Raises
    ------
    InputError
        If the folder or what is asked for cannot be used.
    """
    if sum((person is not None, random, worst, kind is not None)) > 1:
        raise InputError(
            "several people are asked for", expected="one of --person, --random, --worst and --wronged, or none of them"
        )
    found = find(folder, rulebook)
    run = found.run
    books = books_of(run)
    choice = choose(run, books, person=person, worst=worst, kind=kind)
    here = life_of(run, choice.person, books)
    other = against(found, rulebook, progress)
    name = " + ".join(book["name"] for book in run.provenance["rulebooks"]) or "no rulebook"
    return tell(choice, (name, here), (other[0], life_of(other[1], choice.person)) if other else None)


def choose(run: Run, books: Books, *, person: int | None, worst: bool, kind: str | None) -> Choice:
    """Choose whose life is told; without any wish, by chance."""
    if person is not None:
        return by_number(person)
    if worst:
        return worst_off(run, books)
    if kind is not None:
        return wronged(run, books, kind)
    return by_chance(run)

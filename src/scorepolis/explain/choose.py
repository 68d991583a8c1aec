"""Choosing whose life is told: by number, by chance, by hardship of the scheme, or by the wrong done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scorepolis.core.buffers import IN_SCOPE
from scorepolis.core.errors import InputError, nearest
from scorepolis.core.philox import Purpose, draw_once
from scorepolis.measures.counts import TRUTHS
from scorepolis.runs.ledger import EVENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from scorepolis.explain.books import Books
    from scorepolis.runs.result import Run

KINDS: Final = {
    "wrong_person": "for what somebody else did",
    "not_done": "for what nobody did",
    "unable": "although they could not pay",
    "no_basis": "without a legal basis or for a protected act",
    "disproportionate": "out of proportion to the harm",
    "stale": "for what lay too far back",
}
"""The six kinds of wrongful, and how each is told."""

ANY: Final = "any"
"""Wronged in whatever way."""


@dataclass(frozen=True)
class Choice:
    """Whose life is told, and why that one."""

    person: int
    why: str


def by_number(person: int) -> Choice:
    """Choose a person by number."""
    return Choice(person, f"Person {person:,} was asked for.")


def by_chance(run: Run) -> Choice:
    """Choose a person of the panel by the run's own luck: the same one whenever the run is told.

    The number is (w0 * P) >> 32 of the P people in order, w0 the first word of draw(PANEL, 0, 1, 0).
    """
    numbers = run.panel.people["person"]
    word, *_ = draw_once(run.provenance["seed"], Purpose.PANEL, 0, 1, 0)
    person = int(numbers[(word * len(numbers)) >> 32])
    return Choice(person, f"Person {person:,} was drawn from the panel by the seed of the run.")


def worst_off(run: Run, books: Books) -> Choice:
    """Choose who was shut out longest, counted once for each instrument; of those, who stood lowest at the end.

    Raises
    ------
    InputError
        If the run has no instrument, so that nobody has a standing.
    """
    if not books.instruments:
        raise InputError(
            "nobody has a standing: the run has no instrument", expected="--random or --person, or a run of a scheme"
        )
    shut = shut_out(run, books)
    states = _standings(run, books)
    people = len(shut)
    height, score = np.zeros(people), np.zeros(people)
    for k, instrument in enumerate(books.instruments):
        last = {name: states[f"{name}_{k}"].reshape(people, -1)[:, -1] for name in ("standing", "score", "marks")}
        inside = (last["marks"] & IN_SCOPE) > 0
        height += np.where(inside, last["standing"] / (len(instrument.grade_names) - 1), 1)
        score += np.where(inside, last["score"], 0)
    at = int(np.lexsort((run.panel.people["person"], score, height, -shut))[0])
    person = int(run.panel.people["person"][at])
    return Choice(
        person,
        f"Person {person:,} was shut out longest of the {people:,} people in the panel; where several were, whoever "
        "stood lowest at the end.",
    )


def wronged(run: Run, books: Books, kind: str = ANY) -> Choice:
    """Choose who was penalised wrongly most often; of those, who was shut out longest, then the lowest number.

    Parameters
    ----------
    run : Run
        What was run.
    books : Books
        Its rulebooks.
    kind : str
        One of `KINDS`, or `ANY`.

    Returns
    -------
    Choice

    Raises
    ------
    InputError
        If there is no such kind, or nobody in the panel was wronged in that way.
    """
    if kind not in (*KINDS, ANY):
        raise InputError(
            f"there is no kind of wrongful called '{kind}'",
            expected=f"one of {', '.join(KINDS)}",
            nearest=nearest(kind, KINDS),
        )
    numbers = run.panel.people["person"]
    times = {name: _times(run, books, name) for name in KINDS}
    found = sum(times.values(), np.zeros(len(numbers), np.int64)) if kind == ANY else times[kind]
    if not found.any():
        others = [f"{name} ({_people(int((count > 0).sum()))})" for name, count in times.items() if count.any()]
        raise InputError(
            "nobody in the panel was penalised wrongly" + ("" if kind == ANY else f" in this way: {kind}"),
            expected=f"one of {', '.join(others)}" if others else "another run, or --random",
        )
    at = int(np.lexsort((numbers, -shut_out(run, books), -found))[0])
    person = int(numbers[at])
    how = "whatever the reason" if kind == ANY else KINDS[kind]
    many = int((found > 0).sum())
    return Choice(
        person,
        f"Of {len(numbers):,} people in the panel {many:,} {'was' if many == 1 else 'were'} penalised wrongly, {how}; "
        f"person {person:,} most often.",
    )


def shut_out(run: Run, books: Books) -> npt.NDArray[np.int64]:
    """Count the days on which each person of the panel was denied a service, once for each instrument.

    Returns
    -------
    int64 array
        By person of the panel, in order.
    """
    numbers, days = run.panel.people["person"], int(run.provenance["days"])
    states, ledger = _standings(run, books), run.ledger_columns
    total = np.zeros(len(numbers), np.int64)
    for k in range(len(books.instruments)):
        denies = books.denies(k)
        first = {name: states[f"{name}_{k}"].reshape(len(numbers), -1)[:, 0] for name in ("standing", "marks")}
        total += denies[first["standing"]] * ((first["marks"] & IN_SCOPE) > 0) * days
        ours = ledger["instrument"] == k
        change = denies[ledger["standing_after"][ours]] - denies[ledger["standing_before"][ours]]
        np.add.at(total, _places(run, ledger["person"][ours]), change * (days - ledger["day"][ours]))
    return total


def _standings(run: Run, books: Books) -> Mapping[str, npt.NDArray[Any]]:
    """Read how everybody of the panel stood, at the start and at each month's end."""
    names = ("standing", "score", "marks")
    return run.panel.states(fields=[f"{name}_{k}" for k in range(len(books.instruments)) for name in names])


def _times(run: Run, books: Books, kind: str) -> npt.NDArray[np.int64]:
    """Count each person's penalties that are wrongful in one way."""
    ledger = run.ledger_columns
    ours = (ledger["what"] == EVENTS.index("record")) & (ledger["truth"] == TRUTHS.index(kind))
    rows = zip(*(ledger[name][ours].tolist() for name in ("instrument", "rule", "points")), strict=True)
    penal = np.array([books.penal(*row) for row in rows], np.bool_)
    places = _places(run, ledger["person"][ours][penal])
    return np.bincount(places, minlength=len(run.panel.people["person"])).astype(np.int64)


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _places(run: Run, persons: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Find people in the panel by their numbers."""
    return np.searchsorted(run.panel.people["person"], persons).astype(np.int64)

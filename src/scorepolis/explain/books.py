"""The rulebooks of a run, as a told life needs them: what a rule rests on, and what a standing opens and closes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scorepolis.runs.books import rulebooks_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from scorepolis.rulebooks import Instrument
    from scorepolis.rulebooks.schema import Attested, Consequence
    from scorepolis.runs.result import Run


@dataclass(frozen=True)
class Ground:
    """What something in a rulebook rests on; `grounds` is its source, or its own reason where it is assumed."""

    status: str
    grounds: str


@dataclass(frozen=True)
class Books:
    """The instruments of a run, in the order of its codes.

    Attributes
    ----------
    instruments : tuple of Instrument
        As the rulebooks have them.
    labels : tuple of str
        Each by its rulebook, and by its own name where the book has several.
    """

    instruments: tuple[Instrument, ...]
    labels: tuple[str, ...]

    def penal(self, k: int, rule: int, points: int) -> bool:
        """Say whether an entry is a penalty: points lost, or a grade held down to."""
        return points < 0 or (points == 0 and self.instruments[k].rules[rule].override is not None)

    def effects(self, k: int, grade: int) -> dict[tuple[str, str], Consequence]:
        """Give what a grade does to applications, by service and a word for the effect."""
        name = self.instruments[k].grade_names[grade]
        here = [c for c in self.instruments[k].consequences if name in c.grades]
        denied = {c.service for c in here if c.effect == "deny"}  # a service denied has no other effects
        return {(c.service, _effect(c)): c for c in here if c.effect == "deny" or c.service not in denied}

    def denying(self, k: int, service: str, grade: int) -> Consequence | None:
        """Give the consequence by which a grade denies a service, if it does."""
        return self.effects(k, grade).get((service, "refused"))

    def denies(self, k: int) -> npt.NDArray[np.int64]:
        """Give for each grade of an instrument 1 if it denies any service, else 0."""
        grades = range(len(self.instruments[k].grade_names))
        return np.array([any(effect == "refused" for _, effect in self.effects(k, g)) for g in grades], np.int64)

    def family(self, k: int) -> tuple[str, ...]:
        """Name the services that an instrument denies to the household of the listed."""
        instrument = self.instruments[k]
        return instrument.family if instrument.method == "list" else ()


def ground(part: Attested) -> Ground:
    """Say what a rule or a consequence rests on: its own provenance, else that of its first number."""
    carrier = part if part.status else next(part.quantities())
    return Ground(str(carrier.status), str(carrier.source or carrier.reason))


def books_of(run: Run) -> Books:
    """Read the rulebooks that a run was made with.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    Books

    Raises
    ------
    InputError
        If a rulebook of the library is no longer the one that the run was made with.
    """
    books = rulebooks_of(run)
    return Books(
        tuple(instrument for book in books for instrument in book.instruments),
        tuple(
            f"{book.name}/{instrument.id}" if len(book.instruments) > 1 else book.name
            for book in books
            for instrument in book.instruments
        ),
    )


def _effect(consequence: Consequence) -> str:
    """Name what a consequence does to an application."""
    days, percent = consequence.days, consequence.percent
    match consequence.effect:
        case "deny":
            return "refused"
        case "delay" if days is not None:
            return f"delayed by {days.value:g} days"
        case "surcharge" if percent is not None:
            return f"dearer by {percent.value:g} %"
        case "discount" if percent is not None:
            return f"cheaper by {percent.value:g} %"
    return "first in line"

"""What a rulebook rests on: its sources, numbered, and its assumptions, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import BaseModel

from scorepolis.core.provenance import Quantity
from scorepolis.rulebooks.schema import Attested

if TYPE_CHECKING:
    from scorepolis.rulebooks.schema import Rulebook

NAMES: Final = ("id", "grade", "service")
"""Fields by which a part is called; other parts are called by the field in which they stand."""


class Ground(NamedTuple):
    """A number or a provision of a rulebook with what it rests on."""

    place: str
    part: Quantity | Attested

    @property
    def number(self) -> str:
        """Value and unit, if it is a number."""
        return f"{self.part.value:g} {self.part.unit}" if isinstance(self.part, Quantity) else ""

    @property
    def range(self) -> str:
        """Lowest and highest plausible value, if it is a number."""
        return "{:g} to {:g}".format(*self.part.range) if isinstance(self.part, Quantity) else ""


def grounds(book: Rulebook) -> tuple[Ground, ...]:
    """List everything in a rulebook that says what it rests on.

    Parameters
    ----------
    book : Rulebook
        The rulebook.

    Returns
    -------
    tuple of Ground
        In the order of the file.
    """
    parts = (*book.instruments, *book.firms, *book.bodies)
    return (*_within(book.courts, ("courts",)), *_within(parts, ()))


def _within(part: object, place: tuple[str, ...]) -> Iterator[Ground]:
    if isinstance(part, tuple):
        for one in part:
            yield from _within(one, (*place, *_called(one)))
    elif isinstance(part, Quantity):
        yield Ground(", ".join(place), part)
    elif isinstance(part, BaseModel):
        if isinstance(part, Attested) and part.status is not None:
            yield Ground(", ".join(place), part)
        for name in type(part).model_fields:
            value = getattr(part, name)
            # What stands in a list is called by its name, and need not be called by that of the list.
            inner = () if isinstance(value, tuple) else (name.replace("_", " "),)
            yield from _within(value, (*place, *inner))


def _called(part: object) -> tuple[str, ...]:
    return tuple(str(getattr(part, name)) for name in NAMES if isinstance(part, BaseModel) and hasattr(part, name))[:1]


@dataclass
class Sources:
    """The sources of a page, numbered as they are first named."""

    known: dict[str, int] = field(default_factory=dict)

    def of(self, *parts: Quantity | Attested | None) -> str:
        """Say what some parts of a rulebook rest on.

        Parameters
        ----------
        *parts : Quantity, Attested or None
            Numbers, and provisions that may hold numbers of their own.

        Returns
        -------
        str
            Each status once, with the numbers of its sources.
        """
        told: dict[str, None] = {}
        for part in parts:
            for one in _attesting(part):
                number = f" [{self.known.setdefault(one.source, len(self.known) + 1)}]" if one.source else ""
                told[f"{one.status}{number}"] = None
        return ", ".join(told)


def _attesting(part: Quantity | Attested | None) -> Iterator[Quantity | Attested]:
    if isinstance(part, Attested):
        if part.status is not None:
            yield part
        yield from part.quantities()
    elif part is not None:
        yield part

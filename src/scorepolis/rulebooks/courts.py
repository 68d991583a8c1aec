"""What rulebooks say of how courts act: numbers in place of the model's, where a book is in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from scorepolis.core.errors import InputError
from scorepolis.rulebooks.checking import LONGEST_TERM, Fault, Where, share_of_one, whole

if TYPE_CHECKING:
    from scorepolis.core.provenance import Quantity
    from scorepolis.rulebooks.schema import CourtPractice, Rulebook


def court_faults(path: Where, courts: CourtPractice) -> Iterator[Fault]:
    """Find numbers that no court can act by, and a section that says nothing.

    Parameters
    ----------
    path : tuple of str or int
        Where the section stands.
    courts : CourtPractice
        The section.

    Yields
    ------
    Fault
        In the order of the fields.
    """
    said = dict(courts.said())
    if not said:
        names = ", ".join(type(courts).model_fields)
        yield Fault(path, "nothing is said of courts", f"one of {names}, or no `courts`")
    for name, quantity in said.items():
        if name == "grace":
            yield from whole((*path, name), quantity, "the grace of courts", 1, LONGEST_TERM)
        else:
            yield from share_of_one((*path, name), quantity, f"{name} of courts")


def said_of_courts(rulebooks: Iterable[Rulebook]) -> dict[str, Quantity]:
    """Gather what the rulebooks of a place say of its courts.

    Parameters
    ----------
    rulebooks : iterable of Rulebook
        Those in force in the same place.

    Returns
    -------
    dict of str to Quantity
        By the name of the coefficient that it replaces; what no book says is not there.

    Raises
    ------
    InputError
        If two books give different values to the same number.
    """
    said: dict[str, Quantity] = {}
    by: dict[str, str] = {}
    for book in rulebooks:
        for name, quantity in book.courts.said() if book.courts else ():
            other = said.setdefault(name, quantity)
            first = by.setdefault(name, book.name)
            if other.exact != quantity.exact:
                raise InputError(
                    f"the rulebooks '{first}' and '{book.name}' are in force in the same place, and say different "
                    f"things of `courts.{name}`: {other.value} and {quantity.value} {quantity.unit}",
                    expected="books that agree, or books in force in different places",
                )
    return said

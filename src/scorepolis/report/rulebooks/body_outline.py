"""An instrument of public bodies in short, for a terminal: which, from which records, what is asked, whom it binds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.report.rulebooks.body_page import BODY_METHODS, effect
from scorepolis.report.rulebooks.outline import bands, doors, scored, summed
from scorepolis.rulebooks.schema import BodyRating

if TYPE_CHECKING:
    from scorepolis.listing import Listing
    from scorepolis.rulebooks import BodyInstrument


def instrument(one: BodyInstrument) -> Iterator[str]:
    """Tell which bodies an instrument grades or lists, and from which records."""
    yield f"{one.id} ({BODY_METHODS[one.method]}): {_who(one)}"
    yield f"  Rules {one.transparency}; records of {', '.join(one.reach)}"
    if one.quota:
        yield f"  It asks for {one.quota.value} reports per 1,000 residents and month"
    if isinstance(one, BodyRating):
        yield f"  Each year starts at {one.start.value}; grades {bands(one.grades)}"
    for binding in one.binds:
        yield f"  At {binding.grade} or lower it binds the official at the head by {binding.rulebook},"
        yield f"  {binding.instrument}"


def in_a_row(one: BodyInstrument) -> tuple[str, ...]:
    """Give an instrument of public bodies in short; as `outline.summed`."""
    return summed(one, _who(one))


def tables(one: BodyInstrument) -> Iterator[Listing]:
    """Give rules and consequences as tables.

    Parameters
    ----------
    one : BodyInstrument
        The instrument.

    Yields
    ------
    Listing
        Those that have rows.
    """
    yield scored(one, map(effect, one.rules))
    if one.consequences:
        yield doors(one)


def _who(one: BodyInstrument) -> str:
    return f"public bodies: {', '.join(one.scope.kinds)}" if one.scope.kinds else "all public bodies"

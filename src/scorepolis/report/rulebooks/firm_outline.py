"""An instrument of firms in short, for a terminal: which firms, from which records, to which grades, whom it binds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.listing import Listing
from scorepolis.report.rulebooks.firm_page import FIRM_METHODS, effect, in_months
from scorepolis.report.rulebooks.outline import bands, doors, scored, status, summed
from scorepolis.rulebooks.schema import Rating

if TYPE_CHECKING:
    from scorepolis.rulebooks import FirmInstrument


def instrument(one: FirmInstrument) -> Iterator[str]:
    """Tell which firms an instrument rates or lists, and from which records."""
    yield f"{one.id} ({FIRM_METHODS[one.method]}): {_who(one)}"
    told = "every entry is told" if one.notice else "nobody is told of an entry"
    yield f"  Rules {one.transparency}; {told}; records of {', '.join(one.reach)}"
    yield f"  Appeal: {f'decided within {in_months(one.appeal.months)}' if one.appeal else 'none'}"
    if one.publicity:
        lost = f"{100 * one.publicity.custom.value:g} percent of earnings"
        yield f"  Shown in public: {', '.join(one.publicity.grades)}; it costs {lost}"
    if isinstance(one, Rating):
        yield f"  Each year starts at {one.start.value}; grades {bands(one.grades)}"
    for binding in one.binds:
        yield f"  At {binding.grade} or lower it binds the representative by {binding.rulebook}, {binding.instrument}"


def in_a_row(one: FirmInstrument) -> tuple[str, ...]:
    """Give an instrument of firms in short; as `outline.summed`."""
    return summed(one, _who(one))


def tables(one: FirmInstrument) -> Iterator[Listing]:
    """Give rules, inspections and consequences as tables.

    Parameters
    ----------
    one : FirmInstrument
        The instrument.

    Yields
    ------
    Listing
        Those that have rows.
    """
    yield scored(one, map(effect, one.rules))
    if one.inspections:
        looks = tuple((i.sensor, i.grades, f"{i.share.value} a month", status(i)) for i in one.inspections)
        yield Listing(f"{one.id}: who comes to look", ("Sensor", "Grades", "Share", "Status"), looks)
    if one.consequences:
        yield doors(one)


def _who(one: FirmInstrument) -> str:
    sizes = f"{', '.join(one.scope.sizes)} firms" if one.scope.sizes else "firms of all sizes"
    return f"{sizes}, {', '.join(one.scope.sectors) or 'all sectors'}"

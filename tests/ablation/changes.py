"""Changes of parameters in place: one number, or all that is rare."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TypeVar

from pydantic import BaseModel

from scorepolis.core.provenance import Choice, Quantities, Quantity
from scorepolis.parameters import Parameters, load
from scorepolis.parameters.model import Behaviour, Record

Entry = TypeVar("Entry", bound=Record)

PER_YEAR = Fraction(1, 10)
"""How often a person does or wants, at least, what is rare but for a fixture that makes it frequent."""


def frequent(parameters: Parameters) -> Parameters:
    """Multiply the rates of what is rare, beyond the declared ranges: a village in a season has to have some of it."""
    usual = load()
    behaviours = {
        name: b.model_copy(update={"rate": times(b.rate, ("male", "female"), rarity(usual.behaviours[name]))})
        for name, b in parameters.behaviours.items()
        if b.decided_by is None
    }
    services = {
        name: times(s, ("wants",), max(1, math.ceil(PER_YEAR / usual.services[name].wants.exact)))
        for name, s in parameters.services.items()
    }
    changed = {"behaviours": parameters.behaviours | behaviours, "services": parameters.services | services}
    return parameters.model_copy(update=changed)


def rarity(behaviour: Behaviour) -> int:
    acts = (behaviour.rate.male.exact + behaviour.rate.female.exact) / 2 / behaviour.weight.exact
    return max(1, math.ceil(PER_YEAR / acts))


def times(entry: Entry, names: tuple[str, ...], factor: int) -> Entry:
    """Multiply some quantities of an entry."""
    return entry.model_copy(update={name: multiplied(getattr(entry, name), factor) for name in names})


def multiplied(quantity: Quantity, factor: int) -> Quantity:
    lowest, highest = quantity.range
    value = float(quantity.exact * factor)
    return quantity.model_copy(update={"value": value, "range": (lowest * factor, highest * factor)})


def put(entry: object, path: str, value: float | str) -> object:
    """Copy parameters with another value at a path; all else stays the very same, and its tables are known already."""
    head, _, rest = path.partition(".")
    match entry:
        case Quantity() | Choice():
            return entry.model_copy(update={"value": value})
        case Quantities():
            return entry.model_copy(update={"values": put(entry.values, path, value)})
        case dict():
            return entry | {head: put(entry[head], rest, value)}
        case tuple():
            place = int(head)
            return (*entry[:place], put(entry[place], rest, value) if rest else value, *entry[place + 1 :])
        case BaseModel():
            return entry.model_copy(update={head: put(getattr(entry, head), rest, value)})
    raise TypeError(f"no path leads into {entry!r}")

"""What worlds share is made once: hundreds of them are alike but for one number."""

from __future__ import annotations

import functools
from collections.abc import Callable
from fractions import Fraction
from types import ModuleType

import pytest

from scorepolis.day import tables
from scorepolis.engine import setting
from scorepolis.parameters import Parameters
from scorepolis.rulebooks import compile as compiling
from scorepolis.society import population

PLAIN = (str, Fraction)


class Is:
    """A thing that is the same as another only if it is the very same."""

    def __init__(self, thing: object) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Is) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing)


def once(
    function: Callable[..., object], looks_at: Callable[..., tuple[object, ...]], size: int
) -> Callable[..., object]:
    """Remember what a function last made of the same things; `looks_at` picks all that matters of its arguments."""
    known: dict[tuple[object, ...], object] = {}

    def remembered(*arguments: object, **named: object) -> object:
        key = tuple(thing if type(thing) in PLAIN else Is(thing) for thing in (*looks_at(*arguments), str(named)))
        if key not in known:
            known[key] = function(*arguments, **named)
            if len(known) > size:
                del known[next(iter(known))]
        return known[key]

    return remembered


HABITS = ("rate", "weight", "slope", "urban", "hardship", "peers", "suit")


def habits(p: Parameters) -> tuple[object, ...]:
    """What rates are made of."""
    own = (getattr(b, part) for b in p.behaviours.values() for part in HABITS)
    return (p.age_profiles, *own, p.services, p.coefficients.peers, p.coefficients.reward)


# Of the sensors the rates need the names alone. Should one of these come to look at more, then what it does not see
# is without effect, and a test fails.
LOOKS_AT: dict[tuple[ModuleType, str], Callable[..., tuple[object, ...]]] = {
    (tables, "rate_tables"): habits,
    (tables, "sensor_tables"): lambda p, in_force: (*(b.weight for b in p.behaviours.values()), p.sensors, *in_force),
    (tables, "unseen_share"): lambda b, name, sensors, urban: (b.weight, name, *sensors, urban),
    (tables, "life_tables"): lambda p: (p.coefficients,),
    (compiling, "_want"): lambda p, name, cell: (p.age_profiles, p.services, name, str(cell)),
    (setting, "settle"): lambda number, places, society, p, *_: (
        *(str(number), society, p.population, p.provinces, *habits(p)),
        *(sensor.coverage for sensor in p.sensors.values()),
    ),
}
SIZE = {"unseen_share": 10_000, "_want": 10_000}
"""How much is remembered of what is small."""


def memoise(patch: pytest.MonkeyPatch) -> None:
    """Remember what worlds share: hundreds of them are alike but for one number."""
    for (module, name), looks_at in LOOKS_AT.items():
        patch.setattr(module, name, once(getattr(module, name), looks_at, SIZE.get(name, 8)))
    patch.setattr(tables, "income_table", functools.cache(population.income_table))

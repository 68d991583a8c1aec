"""A fault in the parameters, and checks of single numbers and names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from scorepolis.core.errors import nearest
from scorepolis.core.provenance import Quantities, Quantity
from scorepolis.core.yamlfile import Keys


class Fault(NamedTuple):
    """What does not hold, and where."""

    path: Keys
    message: str
    expected: str | None = None
    nearest: str | None = None


def one(
    path: Keys,
    quantity: Quantity | None,
    low: int | None = None,
    high: int | None = None,
    *,
    whole: bool = False,
    above: bool = False,
) -> Iterator[Fault]:
    """Check one number, if it is there, against its bounds; `above`: the lowest itself will not do."""
    if quantity is None:
        return
    kind = "a whole number" if whole else "a number"
    least = "" if low is None else f" above {low}" if above else f" of at least {low}"
    most = "" if high is None else f" and at most {high}" if least else f" of at most {high}"
    if not within(quantity.exact, low, high) or (above and quantity.exact == low):
        yield Fault(path, f"{quantity.value} will not do", kind + least + most)
    elif whole and quantity.exact.denominator != 1:
        yield Fault(path, f"{quantity.value} is not whole", kind + least + most)


def share(path: Keys, quantity: Quantity) -> Iterator[Fault]:
    """Check that a number is a share."""
    if not within(quantity.exact, 0, 1):
        yield Fault(path, f"{quantity.value} is not a share", "a number from 0 to 1")


def several(path: Keys, values: Quantities, number: int, low: int, high: int | None = None) -> Iterator[Fault]:
    """Check how many numbers a list has, and each against its bounds."""
    if len(values.values) != number:
        yield Fault(path, f"{len(values.values)} values", f"{number} values")
    for value, exact in zip(values.values, values.exact, strict=True):
        if not within(exact, low, high):
            expected = f"numbers of at least {low}" if high is None else f"numbers from {low} to {high}"
            yield Fault(path, f"{value} will not do", expected)


def shares(path: Keys, values: Quantities, number: int) -> Iterator[Fault]:
    """Check that a list is of so many shares that sum to 1."""
    yield from several(path, values, number, low=0, high=1)
    total = sum(values.exact)
    if total != 1:
        yield Fault(path, f"the shares sum to {float(total)}", "shares that sum to 1 exactly")


def within(exact: Fraction, low: int | None, high: int | None) -> bool:
    """Say whether a number lies within its bounds."""
    return (low is None or low <= exact) and (high is None or exact <= high)


def known(path: Keys, name: str, names: Iterable[str], what: str) -> Iterator[Fault]:
    """Check that a name is one of those there are."""
    every = list(names)
    if name not in every:
        yield Fault(path, f"unknown {what} '{name}'", "one of " + ", ".join(every), nearest(name, every))

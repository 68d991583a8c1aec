"""Provinces and their units (counties, cities, city districts): how many people each has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Final

from scorepolis.core.errors import InputError
from scorepolis.core.exact import exp_fraction, ln_fraction, q
from scorepolis.parameters.model import Parameters, Province, Society

LEAST: Final = 20
"""People that a unit has at least, in a society of several provinces: so many always have an adult among them."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a run.

    Attributes
    ----------
    province
        Name of its province.
    number
        Its number in the province; of units that were merged, that of the first.
    places
        Names of the places in which it lies.
    people
        How many live there.
    """

    province: str
    number: int
    places: tuple[str, ...]
    people: int


def shared_out(total: int, parts: Sequence[int]) -> list[int]:
    """Share a total out in proportion to `parts`: rounded down, the rest one each to the largest remainders.

    Examples
    --------
    >>> shared_out(10, [1, 1, 4])
    [2, 2, 6]
    """
    whole = sum(parts)
    shares = [total * part // whole for part in parts]
    nearest = sorted(range(len(parts)), key=lambda at: (-(total * parts[at] % whole), at))
    for at in nearest[: total - sum(shares)]:
        shares[at] += 1
    return shares


def units_of(society: Society, people: int, parameters: Parameters) -> tuple[Unit, ...]:
    """Divide the people of a society into provinces and units.

    Parameters
    ----------
    society
        The society.
    people
        How many they are in the run; every province keeps its share of them.
    parameters
        Supplies the provinces.

    Returns
    -------
    tuple of Unit
        By province, then by number. The people of a province follow a log-logistic distribution over its units, the
        largest first; units that would not fill a neighbourhood are merged, those of the same places with one another.

    Raises
    ------
    InputError
        If a province, or a named place in it, is left with hardly anybody.
    """
    provinces = parameters.provinces_of(society)
    parts = shared_out(people, [_census(name, parameters) for name in provinces])
    full = max(LEAST, int(society.neighbourhood_size.exact))
    units = []
    for (name, province), many in zip(provinces.items(), parts, strict=True):
        units += sorted(_merged(_full_units(name, province, many, society), full), key=attrgetter("number"))
    for unit in units:
        if unit.people < LEAST and society.provinces:
            where = ", ".join((*unit.places, unit.province))
            raise InputError(
                f"of {people:,} people {unit.people} live in {where}",
                expected=f"so many people that no place has fewer than {LEAST}: about "
                f"{-(-people * LEAST // max(1, unit.people)):,}",
            )
    return tuple(units)


def _census(name: str, parameters: Parameters) -> int:
    counted = parameters.population.age_sex[name]
    return int(sum(counted.male.exact) + sum(counted.female.exact))


def _full_units(name: str, province: Province, people: int, society: Society) -> list[Unit]:
    """Give all units of a province, the smallest too."""
    shape = Fraction(0) if society.unit_size_shape is None else society.unit_size_shape.exact
    sizes = shared_out(people, _weights(int(province.units.exact), shape))
    areas = {place: area.units for place, area in society.places.items() if area.province == name}
    return [
        Unit(name, number, tuple(place for place, numbers in areas.items() if number in numbers), size)
        for number, size in enumerate(sizes)
    ]


@cache
def _weights(units: int, shape: Fraction) -> tuple[int, ...]:
    """Quantiles of a log-logistic distribution, the largest first, in 2^-32."""
    odds = (Fraction(2 * units - 2 * j - 1, 2 * j + 1) for j in range(units))
    return tuple(q(32, exp_fraction(shape * ln_fraction(odd))) for odd in odds)


def _merged(units: list[Unit], full: int) -> Iterator[Unit]:
    """Merge units of the same places, in order, until each fills a neighbourhood, as far as they go."""
    by_places = attrgetter("places")
    for places, alike in groupby(sorted(units, key=by_places), by_places):
        groups: list[list[Unit]] = [[]]
        for unit in alike:
            if sum(one.people for one in groups[-1]) >= full:
                groups.append([])
            groups[-1].append(unit)
        if len(groups) > 1 and sum(one.people for one in groups[-1]) < full:
            rest = groups.pop()
            groups[-1] += rest
        for group in groups:
            first = group[0]
            yield Unit(first.province, first.number, places, sum(one.people for one in group))

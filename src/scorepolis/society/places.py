"""Units, neighbourhoods and districts: their sizes, their place on the map, and how well each is watched."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.draws import Purpose, draw_words
from scorepolis.core.errors import InputError
from scorepolis.core.exact import q
from scorepolis.parameters.model import Parameters, Society
from scorepolis.society.units import Unit, units_of

SLOTS: Final = 1024
"""Slots of a neighbourhood; its people occupy the first of them."""

LARGEST_NEIGHBOURHOOD: Final = 1000
HIGHEST_LEVEL: Final = 15
MOST_NEIGHBOURHOODS: Final = (1 << 32) // SLOTS
"""A slot's number takes 32 bits."""

Ints = npt.NDArray[np.int32]
Counts = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the people of a society live. Nothing here depends on the seed.

    Attributes
    ----------
    people
        Number of people N.
    neighbourhoods
        Number of neighbourhoods H.
    units
        The units of the run, U of them, by province.
    unit_starts
        First neighbourhood of each unit, and H at the end, int32[U + 1].
    sizes
        People of each neighbourhood, int32[H].
    districts
        First neighbourhood of each district, and H at the end, int32[D + 1].
    district_units
        Unit of each district, int32[D].
    urban
        1 in urban neighbourhoods, uint8[H].
    x, y
        Position on the map, int32[H].
    coverage
        Fifteenths of rural and of urban places that each sensor covers, in 2^-32, uint64[2, S].
    """

    people: int
    neighbourhoods: int
    units: tuple[Unit, ...]
    unit_starts: Ints
    sizes: Ints
    districts: Ints
    district_units: Ints
    urban: npt.NDArray[np.uint8]
    x: Ints
    y: Ints
    coverage: npt.NDArray[np.uint64]

    def unit_of(self, neighbourhood: int) -> Unit:
        """Find the unit in which a neighbourhood lies."""
        return self.units[int(np.searchsorted(self.unit_starts, neighbourhood, side="right")) - 1]


def build_places(society: Society, people: int, parameters: Parameters) -> Places:
    """Lay out the neighbourhoods of a society.

    Parameters
    ----------
    society
        Supplies the sizes of neighbourhoods and districts.
    people
        Number of people, which may differ from the society's own.
    parameters
        Supplies the provinces, their units and their urban shares.

    Returns
    -------
    Places
        The same for the same arguments, on any machine.

    Raises
    ------
    InputError
        If there is nobody, a neighbourhood would not fit into its slots, or a place would have hardly anybody.
    """
    size = int(society.neighbourhood_size.exact)
    per_district = int(society.district_neighbourhoods.exact)
    if people < 1:
        raise InputError(f"a society of {people} people; expected at least 1")
    if not 1 <= size <= LARGEST_NEIGHBOURHOOD:
        raise InputError(f"neighbourhood_size {size}; expected 1 to {LARGEST_NEIGHBOURHOOD}")
    if per_district < 1:
        raise InputError(f"district_neighbourhoods {per_district}; expected at least 1")

    units = units_of(society, people, parameters)
    residents = np.array([unit.people for unit in units])
    counts = -(-residents // size)
    districts = -(-counts // per_district)
    neighbourhoods = int(counts.sum())
    if neighbourhoods > MOST_NEIGHBOURHOODS:
        raise InputError(
            f"{neighbourhoods:,} neighbourhoods",
            expected=f"at most {MOST_NEIGHBOURHOODS:,}: fewer people, or larger neighbourhoods",
        )
    x, y = _spiral(neighbourhoods)
    return Places(
        people=people,
        neighbourhoods=neighbourhoods,
        units=units,
        unit_starts=_starts(counts),
        sizes=_evenly(residents, counts),
        districts=_starts(_evenly(counts, districts)),
        district_units=np.repeat(np.arange(len(units)), districts).astype(np.int32),
        urban=_urban(units, counts, society, parameters),
        x=x,
        y=y,
        coverage=_coverage(parameters),
    )


def coverage_levels(places: Places, seed: int, first: int, last: int) -> npt.NDArray[np.uint8]:
    """Draw how well some neighbourhoods are covered by each sensor.

    Coverage is rounded to fifteenths, up or down by chance, so that the mean over places is kept.

    Parameters
    ----------
    places
        From `build_places`.
    seed
        Seed of the run.
    first, last
        The neighbourhoods wanted, `last` not among them.

    Returns
    -------
    uint8[last - first, S]
        Levels from 0 to 15.
    """
    place = np.arange(first, last, dtype=np.uint32)[:, None]
    number = np.arange(places.coverage.shape[1], dtype=np.uint32)[None, :]
    w0 = draw_words(seed, Purpose.PLACE, place, number, 0)[0]
    levels: npt.NDArray[np.uint64] = (places.coverage[places.urban[first:last]] + w0) >> np.uint64(32)
    return np.minimum(levels, HIGHEST_LEVEL).astype(np.uint8)


def _coverage(parameters: Parameters) -> npt.NDArray[np.uint64]:
    shares = [sensor.coverage for sensor in parameters.sensors.values()]
    return (
        np.array([[q(32, 15 * own.exact) for own in (share.rural, share.urban)] for share in shares], np.uint64)
        .reshape(-1, 2)
        .T
    )


def _evenly(totals: Counts, parts: Counts) -> Ints:
    """Share each total over its parts as evenly as whole numbers allow, the larger parts first."""
    within = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    shares: Ints = (np.repeat(totals // parts, parts) + (within < np.repeat(totals % parts, parts))).astype(np.int32)
    return shares


def _starts(counts: Counts) -> Ints:
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32)


def _urban(
    units: tuple[Unit, ...], counts: npt.NDArray[np.int_], society: Society, parameters: Parameters
) -> npt.NDArray[np.uint8]:
    """Mark the first neighbourhoods of each unit as urban: more of a large unit than of a small one."""
    spread = Fraction(0) if society.unit_urban_spread is None else society.unit_urban_spread.exact
    urban = np.zeros(int(counts.sum()), np.uint8)
    start = 0
    for name, own in groupby(zip(units, counts.tolist(), strict=True), lambda item: item[0].province):
        share = parameters.provinces_of(society)[name].urban_share.exact
        room = spread * min(share, 1 - share)
        sizes = [count for _, count in own]
        whole = sum(sizes)
        passed = marked = 0
        for count in sizes:
            passed += count
            up_to_here = q(0, passed * share + room * passed * Fraction(whole - passed, whole))
            urban[start : start + up_to_here - marked] = 1
            marked = up_to_here
            start += count
    return urban


def _spiral(points: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Walk the square spiral: runs of 1, 1, 2, 2, 3, 3, ... steps east, north, west, south."""
    runs = np.arange(2 * int(np.sqrt(points)) + 2)
    heading = np.repeat(runs % 4, runs // 2 + 1)[: points - 1]
    east = np.array([1, 0, -1, 0])[heading]
    north = np.array([0, 1, 0, -1])[heading]
    x = np.concatenate(([0], np.cumsum(east)))
    y = np.concatenate(([0], np.cumsum(north)))
    return x.astype(np.int32), y.astype(np.int32)

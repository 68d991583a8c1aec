"""Neighbourhoods and districts: their sizes, their place on the map, and how well each is watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.draws import Purpose, draw_words
from scorepolis.core.errors import InputError
from scorepolis.core.exact import q
from scorepolis.parameters.model import Parameters, Society

SLOTS: Final = 1024
"""Slots of a neighbourhood; its people occupy the first of them."""

LARGEST_NEIGHBOURHOOD: Final = 1000
HIGHEST_LEVEL: Final = 15


@dataclass(frozen=True, slots=True)
class Places:
    """Where the people of a society live.

    Attributes
    ----------
    people
        Number of people N.
    neighbourhoods
        Number of neighbourhoods H.
    sizes
        People of each neighbourhood, int32[H].
    districts
        First neighbourhood of each district, and H at the end, int32[D + 1].
    urban
        1 in urban neighbourhoods, uint8[H].
    x, y
        Position on the map, int32[H].
    levels
        Coverage level 0..15 of each sensor, uint8[H, S].
    """

    people: int
    neighbourhoods: int
    sizes: npt.NDArray[np.int32]
    districts: npt.NDArray[np.int32]
    urban: npt.NDArray[np.uint8]
    x: npt.NDArray[np.int32]
    y: npt.NDArray[np.int32]
    levels: npt.NDArray[np.uint8]


def build_places(society: Society, people: int, parameters: Parameters, seed: int) -> Places:
    """Lay out the neighbourhoods of a society.

    Parameters
    ----------
    society
        Supplies the sizes of neighbourhoods and districts and the urban share.
    people
        Number of people, which may differ from the society's own.
    parameters
        Supplies the coverage of the sensors.
    seed
        Seed of the run.

    Returns
    -------
    Places
        The same for the same arguments, on any machine.

    Raises
    ------
    InputError
        If there is nobody, or a neighbourhood would not fit into its slots.
    """
    size = int(society.neighbourhood_size.exact)
    per_district = int(society.district_neighbourhoods.exact)
    if people < 1:
        raise InputError(f"a society of {people} people; expected at least 1")
    if not 1 <= size <= LARGEST_NEIGHBOURHOOD:
        raise InputError(f"neighbourhood_size {size}; expected 1 to {LARGEST_NEIGHBOURHOOD}")
    if per_district < 1:
        raise InputError(f"district_neighbourhoods {per_district}; expected at least 1")

    neighbourhoods = -(-people // size)
    district_sizes = _shared_out(neighbourhoods, -(-neighbourhoods // per_district))
    urban_count = q(0, neighbourhoods * society.urban_share.exact)
    urban = (np.arange(neighbourhoods) < urban_count).astype(np.uint8)
    x, y = _spiral(neighbourhoods)
    return Places(
        people=people,
        neighbourhoods=neighbourhoods,
        sizes=_shared_out(people, neighbourhoods),
        districts=np.concatenate(([0], np.cumsum(district_sizes))).astype(np.int32),
        urban=urban,
        x=x,
        y=y,
        levels=_coverage_levels(urban, parameters, seed),
    )


def _shared_out(total: int, parts: int) -> npt.NDArray[np.int32]:
    """Share `total` as evenly as whole numbers allow, the larger parts first."""
    return (total // parts + (np.arange(parts) < total % parts)).astype(np.int32)


def _spiral(points: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Walk the square spiral: runs of 1, 1, 2, 2, 3, 3, ... steps east, north, west, south."""
    runs = np.arange(2 * int(np.sqrt(points)) + 2)
    heading = np.repeat(runs % 4, runs // 2 + 1)[: points - 1]
    east = np.array([1, 0, -1, 0])[heading]
    north = np.array([0, 1, 0, -1])[heading]
    x = np.concatenate(([0], np.cumsum(east)))
    y = np.concatenate(([0], np.cumsum(north)))
    return x.astype(np.int32), y.astype(np.int32)


def _coverage_levels(urban: npt.NDArray[np.uint8], parameters: Parameters, seed: int) -> npt.NDArray[np.uint8]:
    """Round each sensor's coverage to fifteenths, up or down by chance, so that the mean over places is kept."""
    sensors = list(parameters.sensors.values())
    rural_and_urban = np.array(
        [[q(32, 15 * sensor.coverage.rural.exact), q(32, 15 * sensor.coverage.urban.exact)] for sensor in sensors],
        dtype=np.uint64,
    ).reshape(len(sensors), 2)
    place = np.arange(urban.size, dtype=np.uint32)[:, None]
    number = np.arange(len(sensors), dtype=np.uint32)[None, :]
    w0 = draw_words(seed, Purpose.PLACE, place, number, 0)[0]
    levels: npt.NDArray[np.uint64] = (rural_and_urban.T[urban] + w0) >> np.uint64(32)
    return np.minimum(levels, HIGHEST_LEVEL).astype(np.uint8)

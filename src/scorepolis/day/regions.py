"""Regions: where districts have the same tables, a province with the rulebooks that are in force there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from scorepolis.core.draws import split_seed
from scorepolis.day.tables import Tables, common_tables, province_tables, rulebook_tables
from scorepolis.parameters import Parameters
from scorepolis.parameters.checks import check_place
from scorepolis.parameters.model import Society
from scorepolis.rulebooks.compile import compile_instruments
from scorepolis.rulebooks.schema import Rulebook
from scorepolis.society.people import Thresholds, thresholds_of
from scorepolis.society.places import Places

Where = tuple[str, ...] | None
"""Names of the places where a rulebook is in force; None: everywhere."""


@dataclass(frozen=True)
class Regions:
    """The regions of a run.

    Attributes
    ----------
    names
        Of each region: the province, and the numbers of the rulebooks in force.
    tables
        Of each region. What regions share is the same array in all of them.
    thresholds
        Of each region, what the words of its people are compared with.
    of_district
        Region of each district, int32[D].
    whole
        Tables of the instruments of the whole run.
    common, by_province, thresholds_by_province
        What depends on no rulebook: tables that are the same everywhere, and those of each province.
    """

    names: tuple[tuple[str, tuple[int, ...]], ...]
    tables: tuple[Tables, ...]
    thresholds: tuple[Thresholds, ...]
    of_district: npt.NDArray[np.int32]
    whole: Tables
    common: Tables
    by_province: dict[str, Tables]
    thresholds_by_province: dict[str, Thresholds]

    def with_seed(self, seed: int) -> Regions:
        """Give the regions to a run with another seed, which nothing in them but its words depends on."""
        words = np.array(split_seed(seed), np.uint32)
        return replace(self, tables=tuple(tables | {"seed_words": words} for tables in self.tables))


def build_regions(
    parameters: Parameters,
    rulebooks: Sequence[Rulebook],
    where: Sequence[Where],
    society: Society,
    places: Places,
    seed: int,
    like: Regions | None = None,
) -> Regions:
    """Find the regions of a society under rulebooks, and build the tables of each.

    Parameters
    ----------
    parameters, rulebooks, society, places
        Validated inputs.
    where
        Of each rulebook, where it is in force.
    seed
        64-bit seed.
    like
        Regions of the same parameters and society under other rulebooks, perhaps with another seed.

    Returns
    -------
    Regions
        In the order in which they come.

    Raises
    ------
    InputError
        If the society has no place of a name.
    """
    for name in (name for names in where for name in names or ()):
        check_place(name, society)
    of_unit = [
        (unit.province, tuple(n for n, names in enumerate(where) if _in_force(names, (*unit.places, unit.province))))
        for unit in places.units
    ]
    regions = tuple(dict.fromkeys(of_unit))
    whole = compile_instruments(rulebooks, parameters)
    if like is None:
        common = common_tables(parameters, seed)
        provinces = parameters.provinces_of(society)
        by_province = {name: province_tables(parameters, province, society) for name, province in provinces.items()}
        thresholds = {name: thresholds_of(name, province, parameters) for name, province in provinces.items()}
    else:
        common = like.common | {"seed_words": np.array(split_seed(seed), np.uint32)}
        by_province, thresholds = like.by_province, like.thresholds_by_province
    by_books = {
        books: rulebook_tables(parameters, rulebooks, whole, books) for books in dict.fromkeys(b for _, b in regions)
    }
    numbers = np.array([regions.index(region) for region in of_unit], np.int32)
    return Regions(
        names=regions,
        tables=tuple(common | by_books[books] | by_province[name] for name, books in regions),
        thresholds=tuple(thresholds[name] for name, _ in regions),
        of_district=numbers[places.district_units],
        whole=whole,
        common=common,
        by_province=by_province,
        thresholds_by_province=thresholds,
    )


def _in_force(names: Where, here: Sequence[str]) -> bool:
    return names is None or any(name in here for name in names)

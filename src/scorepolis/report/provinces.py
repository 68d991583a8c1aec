"""What befell the people of each province, and of the places that a scenario may single out, in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scorepolis.measures.counts import PLACE_FLOWS
from scorepolis.report.drawing import Picture
from scorepolis.report.numbers import amount, whole
from scorepolis.report.reading import titled
from scorepolis.report.tables import Row, Section, Table

if TYPE_CHECKING:
    import numpy.typing as npt

    from scorepolis.runs.result import Run

    Floats = npt.NDArray[np.float64]

HEADS: Final = ("Bad acts", "Records", "Penalties", "Refusals")
"""Of `PLACE_FLOWS`, in their order."""
PENALTIES: Final = PLACE_FLOWS.index("negative_entries")

NOTE: Final = (
    "Per 100 residents over the whole run. Provinces differ by age, town and country, income, minorities and migrants, "
    "and by the rulebooks in force there, in nothing else: none of them is the real one."
)


def by_province(run: Run) -> Picture:
    """Set the provinces of a divided society beside one another; it has no map.

    Parameters
    ----------
    run : Run
        What was run, in a society of several provinces.

    Returns
    -------
    Picture
        A sentence and a table, without a drawing.
    """
    units = run.context.units
    flows = run.counts.by_place.sum(axis=0)
    residents = np.array([unit.people for unit in units])

    def rates(chosen: list[bool]) -> Floats:
        shares: Floats = 100 * flows[chosen].sum(axis=0) / residents[chosen].sum()
        return shares

    def row(name: str, chosen: list[bool]) -> Row:
        return (titled(name), f"{residents[chosen].sum():,}", *(amount(rate, "per 100") for rate in rates(chosen)))

    provinces = {name: [unit.province == name for unit in units] for name in run.context.provinces}
    named = dict.fromkeys(place for unit in units for place in unit.places)
    places = {name: [name in unit.places for unit in units] for name in named}
    penalties = {name: rates(chosen)[PENALTIES] for name, chosen in provinces.items()}
    most = max(penalties, key=lambda name: penalties[name])
    sentence = (
        f"{whole(len(provinces), 'province')} of {whole(len(units), 'unit')}: most penalties per resident in "
        f"{titled(most)}, {amount(penalties[most], 'per 100')} per 100 residents over the whole run."
    )
    sections = (
        Section(tuple(row(name, chosen) for name, chosen in provinces.items())),
        Section(tuple(row(name, chosen) for name, chosen in places.items()), "Places in them"),
        Section((row("all", [True] * len(units)),)),
    )
    kept = tuple(section for section in sections if section.rows)
    return Picture("By province", sentence, "", Table("By province", ("Province", "Residents", *HEADS), kept, NOTE))

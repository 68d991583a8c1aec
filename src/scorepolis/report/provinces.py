"""What befell the people of each province, and of the places that a scenario may single out, in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scorepolis.measures.counts import PLACE_FLOWS
from scorepolis.report.drawing import Picture
from scorepolis.report.language import say
from scorepolis.report.numbers import amount, whole
from scorepolis.report.tables import Row, Section, Table
from scorepolis.runs.reading import titled

if TYPE_CHECKING:
    import numpy.typing as npt

    from scorepolis.runs.result import Run

    Floats = npt.NDArray[np.float64]

PENALTIES: Final = PLACE_FLOWS.index("negative_entries")


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
        return (name, f"{residents[chosen].sum():,}", *(amount(rate, "per 100") for rate in rates(chosen)))

    provinces = {name: [unit.province == name for unit in units] for name in run.context.provinces}
    named = dict.fromkeys(place for unit in units for place in unit.places)
    places = {name: [name in unit.places for unit in units] for name in named}
    penalties = {name: rates(chosen)[PENALTIES] for name, chosen in provinces.items()}
    most = max(penalties, key=lambda name: penalties[name])
    sentence = say(
        "province.sentence",
        provinces=whole(len(provinces), "province"),
        units=whole(len(units), "unit"),
        most=titled(most),
        rate=amount(penalties[most], "per 100"),
    )
    sections = (
        Section(tuple(row(titled(name), chosen) for name, chosen in provinces.items())),
        Section(tuple(row(titled(name), chosen) for name, chosen in places.items()), say("province.places")),
        Section((row(say("province.all"), [True] * len(units)),)),
    )
    heads = tuple(say(f"province.{name}") for name in ("province", "residents", *PLACE_FLOWS))
    kept = tuple(section for section in sections if section.rows)
    title = say("province.title")
    return Picture(title, sentence, "", Table(title, heads, kept, say("province.note")))

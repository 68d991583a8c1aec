"""What instruments of firms and those of public bodies have in common, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scorepolis.rulebooks.schema import BodyRating, Rating

if TYPE_CHECKING:
    from scorepolis.rulebooks.schema import BodyInstrument, FirmInstrument


def span(instrument: FirmInstrument | BodyInstrument) -> int:
    """Count the scores that an instrument can give; a list gives one."""
    if not isinstance(instrument, Rating | BodyRating):
        return 1
    return int(instrument.range.highest.exact - instrument.range.lowest.exact) + 1


def bindings(
    instruments: Sequence[FirmInstrument | BodyInstrument], people: Sequence[tuple[str, str]]
) -> npt.NDArray[np.int64]:
    """Tell which standings hold the person behind an organisation down, and under which lists of people.

    Parameters
    ----------
    instruments
        Of firms, or of public bodies, in force in a place.
    people
        Rulebook and id of each instrument of people in force there, in order.

    Returns
    -------
    ndarray, shape (bindings, 3), int64
        Instrument, list of people, and the highest grade that is held; of lists that are in force there.
    """
    found = [
        (k, people.index((binding.rulebook, binding.instrument)), instrument.grade_names.index(binding.grade))
        for k, instrument in enumerate(instruments)
        for binding in instrument.binds
        if (binding.rulebook, binding.instrument) in people
    ]
    return np.array(found, np.int64).reshape(len(found), 3)

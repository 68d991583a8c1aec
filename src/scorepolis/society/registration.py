"""Where people are registered: here, elsewhere with a residence permit or without one, or abroad.

Nothing that anybody does or wants goes by it, and no state keeps it: it is drawn again from the seed wherever somebody
has to know, which only the scope of an instrument does.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.draws import Purpose, draw_words
from scorepolis.core.exact import q
from scorepolis.parameters.model import REGISTRATIONS, Parameters
from scorepolis.society.flags import MIGRANT, MINORITY, PARTY, PUBLIC_SERVANT

RESIDENT, PERMIT_HOLDER, WITHOUT_PERMIT, FOREIGNER = range(len(REGISTRATIONS))
NO_FOREIGNERS: Final = MINORITY | PARTY | PUBLIC_SERVANT
"""Flags of citizens alone."""


def registration_limits(parameters: Parameters) -> npt.NDArray[np.uint64]:
    """Below which a word makes a migrant a foreigner, and gives one who is none a residence permit, in 2^-32.

    Parameters
    ----------
    parameters
        The parameters of all people.

    Returns
    -------
    uint64[2]
        The two limits.
    """
    shares = parameters.population.registration
    return np.array([q(32, shares.foreign.exact), q(32, shares.permit.exact)], np.uint64)


def registrations(
    flags: npt.NDArray[Any], slots: npt.NDArray[Any], limits: npt.NDArray[Any], seed: int
) -> npt.NDArray[np.uint8]:
    """Tell people apart by where they are registered.

    Parameters
    ----------
    flags
        Of each person.
    slots
        Slot of each person.
    limits : uint64[2]
        From `registration_limits`.
    seed
        Seed of the run.

    Returns
    -------
    uint8 array
        0 registered here, 1 a migrant with a residence permit, 2 a migrant without, 3 a foreigner: the places of
        `parameters.model.REGISTRATIONS`.
    """
    abroad, permitted, _, _ = draw_words(seed, Purpose.ATTRIBUTE, slots, 2, 0)
    foreign = (abroad < limits[0]) & ((flags & NO_FOREIGNERS) == 0)
    elsewhere = np.where(foreign, FOREIGNER, np.where(permitted < limits[1], PERMIT_HOLDER, WITHOUT_PERMIT))
    return np.where((flags & MIGRANT) > 0, elsewhere, RESIDENT).astype(np.uint8)

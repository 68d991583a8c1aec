"""What the public bodies of a district are: a function of seed and place, and of the people who live there on day 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from scorepolis.core.draws import Purpose, draw_words
from scorepolis.firms.tables import q30
from scorepolis.parameters import Parameters
from scorepolis.society.flags import PUBLIC_SERVANT

Columns = dict[str, Any]

FULL_AGE = 18
NOWHERE = -1
WHO = {
    "body_head": np.uint16,
    "body_kind": np.uint8,
    "body_integrity": np.uint8,
    "body_near": np.int16,
    "body_officials": np.int32,
    "body_entered": np.uint16,
    "body_servants": np.uint16,
    "body_suppliers": np.int32,
}
"""Columns of what a body is."""
SUPPLIER = {"firm_body": np.int16, "firm_turn": np.uint16}
"""Columns of whom a firm supplies."""
SUPPLIES = 3
"""The draw by which a firm comes to supply a body."""


def no_bodies() -> Columns:
    """Columns of a district without public bodies."""
    return {name: np.zeros(0, dtype) for name, dtype in (WHO | SUPPLIER).items()} | {"bodies_live": np.int64(0)}


def number_of_bodies(neighbourhoods: int, parameters: Parameters) -> int:
    """Give how many bodies a district of so many neighbourhoods has, if it has officials."""
    kinds = parameters.bodies.kinds.values()
    return sum(int(kind.number.exact) if kind.number else neighbourhoods for kind in kinds)


def settle_bodies(people: Columns, parameters: Parameters, seed: int) -> Columns:
    """Settle the public bodies of a district, and deal its public servants out to them.

    Parameters
    ----------
    people
        Columns of a district that has been settled, and of its firms.
    parameters
        Of public bodies.
    seed
        64-bit seed.

    Returns
    -------
    dict
        Columns of what the bodies are, and of which firms supply them.
    """
    servant = ((people["flags"] & PUBLIC_SERVANT) != 0) & (people["age"] >= FULL_AGE) & (people["occupied"] != 0)
    officials = np.flatnonzero(servant)
    kinds, near = [], []
    for x, kind in enumerate(parameters.bodies.kinds.values() if officials.size else ()):
        places = [NOWHERE] * int(kind.number.exact) if kind.number else range(len(people["sizes"]))
        kinds += [x] * len(places)
        near += [*places]
    number = len(kinds)
    w0, _, w2, w3 = draw_words(seed, Purpose.BODY, int(people["first_slot"]) + np.arange(number), 0, 0)
    # Official q works for body q % number; a body that gets none has one who works for another too.
    own = np.array([len(range(j, officials.size, number)) for j in range(number)], np.int64)
    which = np.arange(number) + number * ((w0.astype(np.int64) * own) >> 32)
    which[own == 0] %= max(1, officials.size)
    return {
        "body_head": officials[which].astype(np.uint16) if number else np.zeros(0, np.uint16),
        "body_kind": np.array(kinds, np.uint8),
        "body_integrity": (w2 >> np.uint32(28)).astype(np.uint8),
        "body_near": np.array(near, np.int16),
        "body_officials": np.maximum(own, 1).astype(np.int32),
        "body_entered": ((w3.astype(np.int64) * int(parameters.bodies.head_term.exact)) >> 32).astype(np.uint16),
        "body_servants": officials.astype(np.uint16),
        "bodies_live": np.int64(1),
        **_suppliers(people, number, parameters, seed),
    }


def _suppliers(people: Columns, bodies: int, parameters: Parameters, seed: int) -> Columns:
    """Draw the enterprises that supply public bodies, and give those of a body their turns."""
    firms = people["firm_size"].size
    w0, w1, _, _ = draw_words(seed, Purpose.FIRM, int(people["first_slot"]) + np.arange(firms), SUPPLIES, 0)
    supplies = (people["firm_size"] > 0) & ((w0 >> np.uint32(2)) < q30(parameters.bodies.suppliers.share.exact))
    body = np.full(firms, NOWHERE, np.int16)
    turn = np.zeros(firms, np.uint16)
    if bodies:
        body[supplies] = ((w1.astype(np.int64) * bodies) >> 32)[supplies]
    number = np.bincount(body[body >= 0], minlength=bodies)
    for j in np.flatnonzero(number):
        turn[body == j] = np.arange(number[j])
    return {"body_suppliers": number.astype(np.int32), "firm_body": body, "firm_turn": turn}

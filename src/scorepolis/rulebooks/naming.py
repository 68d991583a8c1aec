"""Names in a file whose entries are not all valid, so that it is no rulebook yet: those of what there is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from scorepolis.parameters import Parameters
from scorepolis.rulebooks.checking import Fault, Where, unknown

KINDS: Final = {"behaviours": "behaviour", "service": "service", "reach": "sensor", "employs": "sensor"}
"""Keys whose values are names, and of what."""

Known = Mapping[str, tuple[str, ...]]


def unknown_names(data: object, parameters: Parameters) -> Iterator[Fault]:
    """Find names that nothing has, in whatever stands in a file.

    Parameters
    ----------
    data : object
        What was read: mappings, lists and plain values.
    parameters : Parameters
        The behaviours, services and sensors that a rulebook may name.

    Yields
    ------
    Fault
        In the order of the file.
    """
    if not isinstance(data, dict):
        return
    firms, bodies = parameters.firms, parameters.bodies
    people = _known(parameters.behaviours, parameters.services, parameters.sensors)
    known = {
        "employs": people,
        "instruments": people,
        "firms": _known(firms.behaviours, firms.services, firms.sensors),
        "bodies": _known(type(bodies.behaviours).model_fields, bodies.services, bodies.sensors),
    }
    for key, value in data.items():
        if key in known:
            yield from _within((key,), key, value, known[key])


def _known(behaviours: Mapping[str, object], services: Mapping[str, object], sensors: Mapping[str, object]) -> Known:
    return {"behaviour": tuple(behaviours), "service": tuple(services), "sensor": tuple(sensors)}


def _within(path: Where, key: str, value: object, known: Known) -> Iterator[Fault]:
    if isinstance(value, str) and key in KINDS:
        yield from unknown(path, KINDS[key], value, known[KINDS[key]])
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _within((*path, name), name, part, known)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _within((*path, number), key, part, known)

"""Reading the parameters, with a run's own values in place of the defaults."""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from types import MappingProxyType
from typing import Final, get_args

from pydantic import BaseModel

from scorepolis.core.errors import InputError, nearest
from scorepolis.core.provenance import Quantities, Quantity
from scorepolis.core.yamlfile import Document, Keys, Plain, read, validate
from scorepolis.parameters.bodies import BodiesFile
from scorepolis.parameters.checks import faults
from scorepolis.parameters.firms import FirmsFile
from scorepolis.parameters.model import (
    BehavioursFile,
    CoefficientsFile,
    Form,
    Parameters,
    PopulationFile,
    ProvincesFile,
    SensorsFile,
    ServicesFile,
    SocietiesFile,
)

FILES: Final = (
    "behaviours", "services", "sensors", "coefficients", "population", "provinces", "societies", "firms", "bodies",
)  # fmt: skip
# The first name of a dotted path, the file it lives in, and the path there.
ROOTS: Final[Mapping[str, tuple[str, Keys]]] = MappingProxyType(
    {
        "age_profiles": ("behaviours", ("age_profiles",)),
        "behaviours": ("behaviours", ("behaviours",)),
        "services": ("services", ("services",)),
        "sensors": ("sensors", ("sensors",)),
        "coefficients": ("coefficients", ()),
        "population": ("population", ()),
        "provinces": ("provinces", ("provinces",)),
        "societies": ("societies", ("societies",)),
        "firms": ("firms", ()),
        "bodies": ("bodies", ()),
    }
)
LONGEST_NUMBER: Final = 40
_DECIMAL: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def load(overrides: Mapping[str, str | float] = MappingProxyType({})) -> Parameters:
    """Load the parameters.

    Parameters
    ----------
    overrides : mapping of str to str or float
        Dotted path of a quantity, such as ``behaviours.jaywalking.rate.male``, and the value in place of the default.
        A number within a list is named by its place, from 0: ``age_profiles.adult.3``.

    Returns
    -------
    loaded : Parameters
        All parameters, checked.

    Raises
    ------
    InputError
        If a path is unknown, a value lies outside its declared range, or the parameters do not fit together.

    Examples
    --------
    >>> load({"coefficients.learning.peer_weight": "0.05"}).coefficients.learning.peer_weight.exact
    Fraction(1, 20)
    """
    return _load(tuple(sorted((path, str(value)) for path, value in overrides.items())))


def quantities(parameters: Parameters) -> Iterator[tuple[str, Quantity | Quantities]]:
    """Walk over every number.

    Parameters
    ----------
    parameters : Parameters
        The parameters.

    Yields
    ------
    tuple of str and Quantity or Quantities
        Dotted path and quantity, in the order of the files.
    """
    return _walk("", parameters)


def _walk(path: str, entry: object) -> Iterator[tuple[str, Quantity | Quantities]]:
    inner: Iterable[tuple[object, object]] = ()
    if isinstance(entry, Quantity | Quantities):
        yield path, entry
    elif isinstance(entry, BaseModel):
        # What a file leaves out is no number of its own.
        inner = ((key, value) for key, value in entry if key in entry.model_fields_set)
    elif isinstance(entry, Mapping):
        inner = entry.items()
    elif isinstance(entry, tuple):
        inner = enumerate(entry)
    for key, value in inner:
        yield from _walk(f"{path}.{key}" if path else str(key), value)


@functools.cache
def _documents() -> Mapping[str, Document]:
    folder = resources.files("scorepolis.parameters")
    return {name: read(folder / f"{name}.yaml", f"parameters/{name}.yaml") for name in FILES}


@functools.lru_cache(maxsize=16)
def _load(overrides: tuple[tuple[str, str], ...]) -> Parameters:
    documents = dict(_documents())
    own: dict[str, Document] = {}
    for path, text in overrides:
        root = path.partition(".")[0]
        if root not in ROOTS:
            raise _unknown(path)
        name = ROOTS[root][0]
        if name not in own:
            own[name] = documents[name].with_data(copy.deepcopy(documents[name].data))
        _set(own[name].data, path, text)
    return build(documents | own)


def build(documents: Mapping[str, Document]) -> Parameters:
    """Make parameters of the nine files.

    Parameters
    ----------
    documents : mapping of str to Document
        The files by name, without the ending.

    Returns
    -------
    loaded : Parameters
        The parameters, checked.

    Raises
    ------
    InputError
        About the first fault, with its place.
    """
    behaviours = validate(BehavioursFile, documents["behaviours"])
    coefficients = validate(CoefficientsFile, documents["coefficients"])
    population = validate(PopulationFile, documents["population"])
    parameters = Parameters(
        age_profiles=behaviours.age_profiles,
        behaviours=behaviours.behaviours,
        services=validate(ServicesFile, documents["services"]).services,
        sensors=validate(SensorsFile, documents["sensors"]).sensors,
        coefficients=coefficients,
        population=population,
        provinces=validate(ProvincesFile, documents["provinces"]).provinces,
        societies=validate(SocietiesFile, documents["societies"]).societies,
        firms=validate(FirmsFile, documents["firms"]),
        bodies=validate(BodiesFile, documents["bodies"]),
    )
    for fault in faults(parameters):
        name, start = ROOTS[str(fault.path[0])]
        dotted = ".".join(str(key) for key in fault.path)
        raise documents[name].error(
            (*start, *fault.path[1:]), f"{dotted}: {fault.message}", fault.expected, fault.nearest
        )
    return parameters


def _set(data: Plain, path: str, text: str) -> None:
    """Put a run's own value where the path of a quantity leads."""
    root, *keys = path.split(".")
    entry = data
    for key in ROOTS[root][1]:
        entry = entry[key]
    while keys and not _is_leaf(entry):
        entry = _inner(entry, keys.pop(0))
    if not _is_leaf(entry) or len(keys) != ("values" in entry):
        raise _unknown(path)
    if "values" in entry:
        place = _place(entry["values"], keys[0])
        if place is None:
            raise _unknown(path)
        default, entry["values"][place] = entry["values"][place], _number(path, text, entry)
    else:
        default, entry["value"] = entry["value"], _number(path, text, entry) if "range" in entry else _form(path, text)
    # What a user sets is nobody's finding any more.
    entry.pop("source", None)
    entry.update(status="assumed", reason=f"set for this run; the default is {default}")


def _is_leaf(entry: Plain) -> bool:
    return isinstance(entry, dict) and "status" in entry


def _inner(entry: Plain, key: str) -> Plain:
    if isinstance(entry, list):
        place = _place(entry, key)
        return None if place is None else entry[place]
    return entry.get(key) if isinstance(entry, dict) else None


def _place(several: list[Plain], key: str) -> int | None:
    return next((place for place in range(len(several)) if key == str(place)), None)


def _number(path: str, text: str, entry: Plain) -> int | float:
    low, high = entry["range"]
    expected = f"a number from {low} to {high} ({entry['unit']})"
    if len(text) > LONGEST_NUMBER or not _DECIMAL.fullmatch(text):
        raise InputError(f"{path}: '{text[:60]}' is not a number", expected=expected)
    number = float(text) if set(text) & set(".eE") else int(text)
    if not low <= number <= high:
        raise InputError(f"{path}: {text} lies outside the declared range", expected=expected)
    return number


def _form(path: str, text: str) -> str:
    forms = get_args(Form)
    if text not in forms:
        raise InputError(
            f"{path}: unknown form '{text[:60]}'", expected=" or ".join(forms), nearest=nearest(text, forms)
        )
    return text


def _unknown(path: str) -> InputError:
    """Say that no quantity has this path, and which one has a path like it."""
    paths = ["coefficients.deterrence.form"]
    for known, quantity in quantities(load()):
        several = range(len(quantity.values)) if isinstance(quantity, Quantities) else ()
        paths += [f"{known}.{place}" for place in several] or [known]
    return InputError(
        f"no parameter has the path {path[:120]!r}",
        expected="the dotted path of one number, such as coefficients.learning.peer_weight",
        nearest=nearest(path, paths),
    )

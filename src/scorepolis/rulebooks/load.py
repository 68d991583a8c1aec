"""Finding rulebooks in the library or in a file, and reading them with line numbers."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from scorepolis.core.errors import InputError, nearest
from scorepolis.core.yamlfile import Document, invalid, read, read_text, validate
from scorepolis.parameters import Parameters
from scorepolis.rulebooks.checks import faults
from scorepolis.rulebooks.naming import unknown_names
from scorepolis.rulebooks.schema import Rulebook

SUFFIXES = (".yaml", ".yml")

_DATED: Final = re.compile(r"(?P<family>.+)-\d{4}")


def names() -> tuple[str, ...]:
    """Name the rulebooks of the library.

    Returns
    -------
    tuple of str
        Names in alphabetical order.
    """
    files_of_library = (entry.name for entry in library().iterdir())
    stems = (name.removesuffix(".yaml") for name in files_of_library if name.endswith(".yaml"))
    return tuple(sorted(stem for stem in stems if not stem.endswith(".cases")))


def families() -> dict[str, str]:
    """Name the latest rulebook of each family of dated ones.

    Returns
    -------
    dict of str to str
        By the name without the year, the full name.
    """
    # Names come in alphabetical order, so that the latest of a family is the last.
    return {found["family"]: name for name in names() if (found := _DATED.fullmatch(name))}


def load(name_or_path: str | Path, parameters: Parameters) -> Rulebook:
    """Read a rulebook and check that it fits together.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a rulebook of the library, or a YAML file (a path, or anything that ends in ``.yaml``).
    parameters : Parameters
        The behaviours, services and sensors that the rulebook may name.

    Returns
    -------
    Rulebook
        The rulebook, frozen.

    Raises
    ------
    InputError
        If there is no such rulebook, or something in it is wrong; the message names file, line and column.
    """
    return of_document(document(name_or_path), parameters)


def document(name_or_path: str | Path) -> Document:
    """Read the YAML of a rulebook, with the place of every entry, and check nothing but that.

    Parameters
    ----------
    name_or_path : str or Path
        As for `load`.

    Returns
    -------
    Document
        What stands in the file.

    Raises
    ------
    InputError
        If there is no such rulebook, or it is no YAML.
    """
    if isinstance(name_or_path, Path) or name_or_path.endswith(SUFFIXES) or "/" in name_or_path:
        return read(Path(name_or_path))
    every = names()
    if name_or_path not in every:
        raise InputError(
            f"there is no rulebook '{name_or_path}'",
            expected=f"one of {', '.join(every)}, or a .yaml file",
            nearest=nearest(name_or_path, every),
        )
    return _of_library(name_or_path)


def of_document(document: Document, parameters: Parameters) -> Rulebook:
    """Turn a document into a rulebook.

    Parameters
    ----------
    document : Document
        What stands in its file.
    parameters : Parameters
        The behaviours, services and sensors that the rulebook may name.

    Returns
    -------
    Rulebook
        The rulebook, frozen.

    Raises
    ------
    InputError
        About the first thing that is wrong, with its line and column.
    """
    return _parse(document, Path(document.name).stem, parameters)


def problems(document: Document, parameters: Parameters) -> tuple[InputError, ...]:
    """Find everything that is wrong with a rulebook, not the first thing only.

    Parameters
    ----------
    document : Document
        What stands in its file.
    parameters : Parameters
        The behaviours, services and sensors that the rulebook may name.

    Returns
    -------
    tuple of InputError
        In the order of the file. What must fit together is looked at only when every entry by itself is valid; names
        always are.
    """
    alone = invalid(Rulebook, document)
    if alone:
        names = (document.error(*fault) for fault in unknown_names(document.data, parameters))
        return tuple(sorted((*alone, *names), key=lambda error: (error.line or 0, error.column or 0)))
    rulebook = validate(Rulebook, document)
    named = _misnamed(rulebook, document, Path(document.name).stem)
    together = (document.error(*fault) for fault in faults(rulebook, parameters))
    every = [*([named] if named else []), *together]
    return tuple(sorted(every, key=lambda error: (error.line or 0, error.column or 0)))


def load_text(text: str, file: str, parameters: Parameters) -> Rulebook:
    """Read a rulebook from a string.

    Parameters
    ----------
    text : str
        The YAML.
    file : str
        What messages call it; its last part without the ending must be the name of the rulebook.
    parameters : Parameters
        The behaviours, services and sensors that the rulebook may name.

    Returns
    -------
    Rulebook
        The rulebook, frozen.

    Raises
    ------
    InputError
        If something in it is wrong; the message names line and column.
    """
    return _parse(read_text(text, file), Path(file).stem, parameters)


def reread(name: str, text: str | None = None) -> Rulebook:
    """Read a rulebook that was checked before, such as that of a run, without asking again whether it fits together.

    Parameters
    ----------
    name : str
        Its name.
    text : str, optional
        The YAML, if it is not of the library.

    Returns
    -------
    Rulebook
        The rulebook, frozen.

    Raises
    ------
    InputError
        If there is no such rulebook in the library, or it is not of the form of a rulebook.
    """
    if text is not None:
        return validate(Rulebook, read_text(text, f"{name}.yaml"))
    every = names()
    if name not in every:
        raise InputError(f"there is no rulebook '{name}'", expected="one of the library", nearest=nearest(name, every))
    return validate(Rulebook, _of_library(name))


def json_schema() -> dict[str, object]:
    """Give the JSON Schema of a rulebook file, for editors.

    Returns
    -------
    dict
        JSON Schema, draft 2020-12.
    """
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Rulebook.model_json_schema(by_alias=True)


def library() -> Traversable:
    """Give the folder of the rulebooks that come with the package."""
    return files("scorepolis.rulebooks").joinpath("library")


@cache
def _of_library(name: str) -> Document:
    """Read a rulebook of the library, once: a run needs it for its check, its tables and its record."""
    text = library().joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return read_text(text, f"rulebooks/library/{name}.yaml")


def _parse(document: Document, stem: str, parameters: Parameters) -> Rulebook:
    rulebook = validate(Rulebook, document)
    named = _misnamed(rulebook, document, stem)
    if named:
        raise named
    for fault in faults(rulebook, parameters):
        raise document.error(*fault)
    return rulebook


def _misnamed(rulebook: Rulebook, document: Document, stem: str) -> InputError | None:
    if rulebook.name == stem:
        return None
    return document.error(("name",), f"the rulebook is named '{rulebook.name}'", f"'{stem}', the name of its file")

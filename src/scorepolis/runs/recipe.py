"""The record of how a run was made, read so that it can be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from scorepolis.core.errors import InputError, nearest
from scorepolis.core.usual import PANEL
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.rulebooks import load_text, names
from scorepolis.scenarios import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scorepolis.parameters import Parameters
    from scorepolis.rulebooks import Rulebook


class Book(BaseModel):
    """A rulebook as the record has it: by hash, and in full if it was not of the library."""

    name: str
    sha256: str
    text: str | None = None


class Recipe(BaseModel):
    """What the record must say for a run to be made again."""

    package: str
    scenario: Scenario
    people: int
    days: int
    seed: int
    panel: int = PANEL
    overrides: dict[str, int | float | str]
    rulebooks: tuple[Book, ...]
    parameters: str
    baseline: bool


def recipe_of(record: Mapping[str, Any], file: str) -> Recipe:
    """Read how a run was made from its record; InputError names `file` and what it lacks."""
    try:
        return Recipe.model_validate(record)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(key) for key in fault["loc"])
        raise InputError(
            f"the run does not say how it was made: {place}: {fault['msg'].lower()}",
            file=file,
            expected="the record that a run of this version writes",
        ) from error


def book_of(book: Book, parameters: Parameters, file: str) -> Rulebook:
    """Find a rulebook of the record: in full there, or by name in the library, and nowhere else."""
    if book.text is not None:
        return load_text(book.text, f"{book.name}.yaml", parameters)
    if book.name not in names():
        raise InputError(
            f"the run was made with the rulebook '{book.name}', which the library does not have",
            file=file,
            expected=f"one of {', '.join(names())}",
            nearest=nearest(book.name, names()),
        )
    return load_rulebook(book.name, parameters)


def placed(recorded: tuple[Book, ...], books: list[Rulebook], place: Path) -> Iterator[str]:
    """Name the rulebooks for a run; those in full become files, under the checked name that stands in them."""
    for entry, book in zip(recorded, books, strict=True):
        if entry.text is None:
            yield book.name
        else:
            path = place / f"{book.name}.yaml"
            path.write_text(entry.text, encoding="utf-8")
            yield str(path)

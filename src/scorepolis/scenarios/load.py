"""Reading scenarios, from the library or from a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr

from scorepolis.core.errors import InputError, nearest
from scorepolis.core.yamlfile import Document, read, read_text, validate
from scorepolis.parameters import load as load_parameters
from scorepolis.parameters.checks import check_place
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.shown import Shown

SUFFIXES = (".yaml", ".yml")
MOST_DAYS = 36_500

T = TypeVar("T")


class Placed(BaseModel):
    """A rulebook that is in force in some places only.

    Attributes
    ----------
    name
        Name or file of the rulebook.
    where
        Names of places: provinces, or what the society names under `places`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: StrictStr
    where: Annotated[tuple[StrictStr, ...], Field(min_length=1)]


class Scenario(Shown, BaseModel):
    """A society, the rulebooks in force, when it starts and how long it runs.

    Attributes
    ----------
    name, title
        Name (that of its file) and title.
    society
        Name of the society.
    rulebooks
        Names or files of rulebooks, with the places where they are in force if that is not everywhere.
    start
        Date of day 0.
    days
        Length of the run.
    set
        Parameters changed, by dotted path.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1]
    name: str
    title: str
    society: str
    rulebooks: tuple[StrictStr | Placed, ...]
    start: date
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)]
    set: dict[str, StrictInt | StrictFloat | StrictStr] = {}

    @property
    def books(self) -> tuple[str, ...]:
        """Names or files of the rulebooks."""
        return tuple(book if isinstance(book, str) else book.name for book in self.rulebooks)

    @property
    def where(self) -> tuple[tuple[str, ...] | None, ...]:
        """Of each rulebook the places where it is in force; None: everywhere."""
        return tuple(None if isinstance(book, str) else book.where for book in self.rulebooks)

    def with_books(self, books: Sequence[str]) -> Scenario:
        """Call the rulebooks by other names or files; each stays in force where it was."""
        named = [
            new if isinstance(old, str) else old.model_copy(update={"name": new})
            for old, new in zip(self.rulebooks, books, strict=True)
        ]
        return self.model_copy(update={"rulebooks": tuple(named)})


def names() -> tuple[str, ...]:
    """Names of the scenarios in the library, in alphabetical order."""
    entries = (entry.name for entry in files("scorepolis.scenarios").joinpath("library").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in entries if name.endswith(".yaml")))


def load(name_or_path: str | Path) -> Scenario:
    """Read a scenario and check that what it names exists.

    Parameters
    ----------
    name_or_path
        Name of a scenario of the library, or a YAML file.

    Returns
    -------
    Scenario

    Raises
    ------
    InputError
        If there is no such scenario or something in it is wrong; the message names file, line and column.
    """
    if isinstance(name_or_path, Path) or name_or_path.endswith(SUFFIXES) or "/" in name_or_path:
        path = Path(name_or_path)
        return _parse(read(path), path.stem, path.parent)
    every = names()
    if name_or_path not in every:
        raise InputError(
            f"there is no scenario '{name_or_path}'",
            expected=f"one of {', '.join(every)}, or a .yaml file",
            nearest=nearest(name_or_path, every),
        )
    text = files("scorepolis.scenarios").joinpath("library", f"{name_or_path}.yaml").read_text(encoding="utf-8")
    return _parse(read_text(text, f"scenarios/library/{name_or_path}.yaml"), name_or_path, None)


def _parse(document: Document, stem: str, folder: Path | None) -> Scenario:
    scenario = validate(Scenario, document)
    if scenario.name != stem:
        raise document.error(("name",), f"the scenario is named '{scenario.name}'", f"'{stem}', the name of its file")
    for path, value in scenario.set.items():
        _located(document, ("set", path), partial(load_parameters, {path: value}))
    parameters = _located(document, ("set",), partial(load_parameters, scenario.set))
    if scenario.society not in parameters.societies:
        raise document.error(
            ("society",),
            f"there is no society '{scenario.society}'",
            f"one of {', '.join(parameters.societies)}",
            nearest(scenario.society, parameters.societies),
        )
    society = parameters.societies[scenario.society]
    # A rulebook's file is named from where the scenario's file lies.
    books = [str(folder / book) if folder is not None and book.endswith(SUFFIXES) else book for book in scenario.books]
    for at, (book, places) in enumerate(zip(books, scenario.where, strict=True)):
        named = ("rulebooks", at) if places is None else ("rulebooks", at, "name")
        _located(document, named, partial(load_rulebook, book, parameters))
        for n, place in enumerate(places or ()):
            _located(document, ("rulebooks", at, "where", n), partial(check_place, place, society))
    return scenario.with_books(books)


def _located(document: Document, path: tuple[str | int, ...], read_it: Callable[[], T]) -> T:
    """Read what an entry names; a fault that has no place of its own is said to stand at the entry."""
    try:
        return read_it()
    except InputError as error:
        if error.line is not None:
            raise
        what = f"{error.file}: {error.message}" if error.file else error.message
        raise document.error(path, what, error.expected, error.nearest) from error

"""The specification of a world: all that it is made of, as a file that any process can make the same setting of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from scorepolis import __version__, rulebooks
from scorepolis.core.compiled import KERNELS, PACKAGE
from scorepolis.core.errors import InputError, ScorepolisError
from scorepolis.engine.checkpoint import checksum_of, put
from scorepolis.engine.setting import Setting
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks.schema import Rulebook

FILE: Final = "specification.json"


@dataclass(frozen=True)
class Book:
    """A rulebook: its name, its hash, its text unless the library has it, and where it is in force."""

    name: str
    sha256: str
    text: str | None
    where: tuple[str, ...] | None


@dataclass(frozen=True)
class Specification:
    """All that a world is made of.

    Attributes
    ----------
    package, sources
        Version of Scorepolis, and hash of what it computes with.
    society, people, seed, start, days, panel, firms, bodies
        As for a world, and the length of the run.
    overrides
        Values of parameters by dotted path.
    books
        The rulebooks.
    """

    package: str
    sources: str
    society: str
    people: int
    seed: int
    start: str
    days: int
    panel: int
    firms: bool
    bodies: bool
    overrides: Mapping[str, str | float]
    books: tuple[Book, ...]

    def write(self, folder: Path) -> str:
        """Write it into the folder of the world, and give its checksum."""
        content = self.text.encode()
        folder.mkdir(parents=True, exist_ok=True)
        put(folder / FILE, content)
        return checksum_of(content)

    @property
    def text(self) -> str:
        """What stands in the file."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)

    def setting(self) -> Setting:
        """Make the setting, or give that which was made of it before; InputError if it would be another one here."""
        return _setting(self.text)


@lru_cache(1)  # who leads and who works in the same process need it at the same time
def _setting(text: str) -> Setting:
    """Make the setting of a specification's text."""
    what = specification_of(text)
    _check("version", what.package, __version__)
    _check("source code", what.sources, sources())
    parameters = load_parameters(dict(what.overrides))
    books: list[Rulebook] = []
    for book in what.books:
        read = (
            rulebooks.load(book.name, parameters)
            if book.text is None
            else rulebooks.load_text(book.text, f"{book.name}.yaml", parameters)
        )
        _check(f"rulebook {book.name}", book.sha256, read.digest())
        books.append(read)
    return Setting(
        parameters, books, society=what.society, where=[book.where for book in what.books], people=what.people,
        seed=what.seed, start=date.fromisoformat(what.start), panel=what.panel, firms=what.firms,
        bodies=what.bodies,
    )  # fmt: skip


def _check(what: str, run: str, here: str) -> None:
    if run != here:
        raise InputError(
            f"another {what} of Scorepolis is here than that of the run: {here[:12]}",
            expected=f"{run[:12]}, the same on every machine",
        )


def specify(
    names: Sequence[str],
    *,
    where: Sequence[tuple[str, ...] | None],
    society: str,
    people: int | None,
    seed: int,
    start: date,
    days: int,
    panel: int,
    firms: bool | None = None,
    bodies: bool | None = None,
    overrides: Mapping[str, str | float],
) -> Specification:
    """Specify a world.

    Parameters
    ----------
    names
        Names or files of the rulebooks.
    where, society, people, seed, start, panel
        As for a world.
    days
        Length of the run.
    firms
        Whether there are firms; by default, if a rulebook rates them.
    bodies
        Whether there are public bodies; by default, if a rulebook grades them.
    overrides
        Values of parameters by dotted path.

    Raises
    ------
    InputError
        If a rulebook is wrong.
    """
    parameters = load_parameters(dict(overrides))
    books, rated, graded = [], False, False
    for name, places in zip(names, where, strict=True):
        text = None if name in rulebooks.names() else Path(name).read_text(encoding="utf-8-sig")
        read = rulebooks.load(name, parameters)
        books.append(Book(read.name, read.digest(), text, places))
        rated, graded = rated or bool(read.firms), graded or bool(read.bodies)
    size = people or int(parameters.societies[society].people.exact)
    return Specification(
        __version__, sources(), society, size, seed, start.isoformat(), days, panel,
        rated if firms is None else firms, graded if bodies is None else bodies, dict(overrides), tuple(books),
    )  # fmt: skip


def read(folder: Path, checksum: str) -> Specification:
    """Read the specification of the world in a folder.

    Raises
    ------
    InputError
        If this process does not see the folder.
    ScorepolisError
        If the file is not what was written.
    """
    file = folder / FILE
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"{file} is not seen here",
            expected="a folder that all machines share, under the same name",
        ) from error
    if checksum_of(content) != checksum:
        raise ScorepolisError(f"{file} is damaged, or not what the run has written")
    return specification_of(content.decode())


def specification_of(text: str) -> Specification:
    """Read a specification from its text."""
    about: dict[str, Any] = json.loads(text)
    books = tuple(
        Book(b["name"], b["sha256"], b["text"], None if b["where"] is None else tuple(b["where"]))
        for b in about.pop("books")
    )
    return Specification(**about, books=books)


@cache
def sources() -> str:
    """Hash all that results rest on but rulebooks: the code of model and engine, and the parameters as delivered."""
    state = hashlib.sha256()
    for part in (*KERNELS, "engine", "parameters"):
        for file in sorted(file for kind in ("*.py", "*.yaml") for file in (PACKAGE / part).rglob(kind)):
            if "library" not in file.parts:
                state.update(f"{file.relative_to(PACKAGE).as_posix()}\n".encode())
                state.update(hashlib.sha256(file.read_bytes()).digest())
    return state.hexdigest()

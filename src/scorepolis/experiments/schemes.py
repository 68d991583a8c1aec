"""What a name on the command line stands for: a scenario, or a rulebook put into a society's scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from scorepolis import rulebooks, scenarios
from scorepolis.core.errors import InputError, nearest
from scorepolis.core.yamlfile import read
from scorepolis.parameters import Parameters
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import Rulebook
from scorepolis.runs.make import LAW_ONLY
from scorepolis.scenarios import Scenario
from scorepolis.scenarios.load import SUFFIXES

SOCIETY: Final = "town"
"""Where rulebooks are compared if nothing else is said."""
START: Final = date(2019, 1, 1)
DAYS: Final = 365
"""When a society without a scenario of its own begins, and for how long it runs."""


@dataclass(frozen=True)
class Scheme:
    """What is compared: rulebooks in force together, in a scenario.

    Attributes
    ----------
    name, title : str
        Of the scenario, or of the rulebook that stands alone in one.
    scenario : Scenario
        Society, rulebooks, start and length.
    books : tuple of Rulebook
        The rulebooks, read.
    texts : mapping of str to str
        By name, the rulebooks that are not of the library, as they stand in their files.
    """

    name: str
    title: str
    scenario: Scenario
    books: tuple[Rulebook, ...]
    texts: Mapping[str, str]

    @property
    def is_law_only(self) -> bool:
        """Whether it is ordinary law alone: the baseline of all others."""
        return [book.name for book in self.books] == [LAW_ONLY]


@dataclass(frozen=True)
class _Named:
    """A name that is known to stand for a scenario or for a rulebook."""

    scenario: Scenario | None
    book: str


def resolve(names: Sequence[str | Path], *, society: str | None = None) -> tuple[tuple[Scheme, ...], Parameters]:
    """Find out what names stand for, and that they can be compared.

    Parameters
    ----------
    names : sequence of str or Path
        Names of rulebooks, of families of dated rulebooks (the latest is taken) or of scenarios, and YAML files of
        either. A rulebook stands for the scenario of the others, or else of the society, with that rulebook alone.
    society : str, optional
        Where all of them are put; by default that of the scenarios, or the town.

    Returns
    -------
    tuple of Scheme, Parameters
        In the order of the names, and the parameters that they share.

    Raises
    ------
    InputError
        If a name is unknown or stands twice, or if the scenarios differ in anything but their rulebooks.
    """
    named = [_find(str(name)) for name in names]
    own = [one.scenario for one in named if one.scenario is not None]
    if society is not None:
        _known_society(society)
        own = [scenario.model_copy(update={"society": society}) for scenario in own]
    place = own[0] if own else _scenario_of(society or SOCIETY)
    for scenario in own[1:]:
        _alike(place, scenario)
    parameters = load_parameters(place.set)
    schemes = tuple(_scheme(one, place, parameters) for one in named)
    seen: set[str] = set()
    for scheme in schemes:
        if scheme.name in seen:
            raise InputError(f"'{scheme.name}' is to be compared with itself", expected="every scheme once")
        seen.add(scheme.name)
    return schemes, parameters


def law_only(like: Scheme, parameters: Parameters) -> Scheme:
    """Give ordinary law alone, where and when another scheme is in force."""
    return _scheme(_Named(None, LAW_ONLY), like.scenario, parameters)


def _find(name: str) -> _Named:
    if name.endswith(SUFFIXES) or "/" in name:
        if "society" in read(Path(name)).data:
            return _Named(scenarios.load(name), "")
        return _Named(None, name)
    if name in rulebooks.names():
        return _Named(None, name)
    if name in scenarios.names():
        return _Named(scenarios.load(name), "")
    latest = rulebooks.families()
    if name in latest:
        return _Named(None, latest[name])
    every = (*rulebooks.names(), *scenarios.names(), *latest)
    raise InputError(
        f"there is no rulebook or scenario '{name}'",
        expected=f"one of {', '.join(every)}, or a .yaml file",
        nearest=nearest(name, every),
    )


def _scheme(named: _Named, place: Scenario, parameters: Parameters) -> Scheme:
    if named.scenario is not None:
        scenario = named.scenario.model_copy(update={"society": place.society})
    else:
        book = rulebooks.load(named.book, parameters)
        scenario = place.model_copy(update={"name": book.name, "title": book.title, "rulebooks": (named.book,)})
    # The text first: if the file changes meanwhile, the record of the run is refused rather than wrong.
    files = [book for book in scenario.books if book not in rulebooks.names()]
    texts = {Path(book).stem: Path(book).read_text(encoding="utf-8-sig") for book in files}
    books = tuple(rulebooks.load(book, parameters) for book in scenario.books)
    return Scheme(scenario.name, scenario.title, scenario, books, texts)


def _scenario_of(society: str) -> Scenario:
    """Give the scenario of a society: that of its name, or another one in it, or a plain year."""
    _known_society(society)
    every = [scenarios.load(name) for name in scenarios.names()]
    own = sorted((scenario for scenario in every if scenario.society == society), key=lambda s: s.name != society)
    if own:
        return own[0]
    return Scenario(version=1, name=society, title=society, society=society, rulebooks=(), start=START, days=DAYS)


def _known_society(society: str) -> None:
    known = load_parameters().societies
    if society not in known:
        raise InputError(
            f"there is no society '{society}'", expected=f"one of {', '.join(known)}", nearest=nearest(society, known)
        )


def _alike(one: Scenario, other: Scenario) -> None:
    """Refuse scenarios that differ in more than their rulebooks: nobody could say what a difference comes from."""
    for what, remedy in (("society", "one society, as --society gives to all"), ("start", "the same first day")):
        if getattr(one, what) != getattr(other, what):
            raise InputError(
                f"'{one.name}' and '{other.name}' differ in their {what}: {getattr(one, what)}, {getattr(other, what)}",
                expected=remedy,
            )
    if one.set != other.set:
        differ = sorted(key for key in {**one.set, **other.set} if one.set.get(key) != other.set.get(key))
        raise InputError(
            f"'{one.name}' and '{other.name}' differ in parameters: {', '.join(differ)}",
            expected="the same parameters in all; to change parameters, use an experiment",
        )

"""A rulebook as the checks read it: its parts with their places in the file, what leads where, and what feeds what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from scorepolis import rulebooks
from scorepolis.audit.law import Law
from scorepolis.audit.organisation_book import BodyPart, FirmPart, OrganisationPart, PlacedBinding
from scorepolis.audit.part import AnyPart
from scorepolis.parameters import Parameters
from scorepolis.parameters.model import IGNORING, UNFULFILLED
from scorepolis.rulebooks.schema import (
    CardRule,
    Fault,
    Featured,
    Feed,
    Graded,
    Instrument,
    InstrumentRule,
    Points,
    RegisteredFeature,
    Rulebook,
    Shame,
    WeightedRule,
    repaired_as,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from scorepolis.core.yamlfile import Document
    from scorepolis.rulebooks.checking import Where


class PlacedRule(NamedTuple):
    """A rule, where it stands, and how one names the place."""

    path: Where
    at: str
    rule: InstrumentRule

    @property
    def penalises(self) -> bool:
        """Whether it takes points or holds down."""
        return self.rule.points.exact < 0 or self.rule.override is not None

    @property
    def rewards(self) -> bool:
        """Whether it gives points."""
        return self.rule.points.exact > 0

    @property
    def amount(self) -> Where:
        """Place of what says how much a record counts."""
        kinds = {WeightedRule: "weight", CardRule: "coefficient", Fault: "factor"}
        return (*self.path, kinds.get(type(self.rule), "points"))

    @property
    def endless(self) -> bool:
        """Whether what it does never runs out of itself."""
        return any(term is None for term in self.rule.terms)

    @property
    def stuck(self) -> tuple[str, ...]:
        """Behaviours for which one is held down without a term, though there is no judgment to perform."""
        override = self.rule.override
        if override is None or override.term is not None:
            return ()
        return tuple(name for name in self.rule.behaviours if name not in (IGNORING, UNFULFILLED))

    def repairable(self, instrument: Instrument | None) -> bool:
        """Whether what it takes can be repaired on application, under the instrument that it is of."""
        return instrument is not None and repaired_as(instrument, self.rule) is not None

    @property
    def most_at_once(self) -> float:
        """Points of a reward that can be in force at once, if it is earned as often as it pays."""
        rule = self.rule
        if isinstance(rule, WeightedRule | CardRule):  # no more than its weight
            return float(rule.points.exact * max(end.exact for end in rule.ends))
        if rule.cap is None or rule.expires is None:
            return inf
        windows = -(-rule.expires.exact // rule.cap.window.exact)
        return float(rule.points.exact * rule.cap.most.exact * windows)


class PlacedAttribute(NamedTuple):
    """An attribute that a score weighs, where it stands, and how one names the place."""

    path: Where
    at: str
    feature: RegisteredFeature


class PlacedShame(NamedTuple):
    """A channel that shames, where it stands, and how one names the place."""

    path: Where
    at: str
    shame: Shame


@dataclass(frozen=True)
class PlacedFeed:
    """A feed, where it stands, how one names the place, and what lies behind it.

    Attributes
    ----------
    path, at, feed
        The feed with its place, and the name of it.
    foreign
        Whether another rulebook feeds.
    instrument
        The instrument that feeds; None if its rulebook is not in the library.
    """

    path: Where
    at: str
    feed: Feed
    foreign: bool
    instrument: Instrument | None

    @cached_property
    def behind(self) -> tuple[PlacedRule, ...]:
        """Rules of the feeding instrument that take points or hold down, all at the place of the feed."""
        if self.instrument is None:
            return ()
        book = f"{self.feed.rulebook}." if self.foreign else ""
        every = [PlacedRule(self.path, f"{book}{self.instrument.id}.{rule.id}", rule) for rule in self.instrument.rules]
        return tuple(placed for placed in every if placed.penalises)

    @property
    def behaviours(self) -> tuple[str, ...]:
        """What the feeding instrument penalises."""
        return tuple(dict.fromkeys(name for placed in self.behind for name in placed.rule.behaviours))

    @property
    def punishes_itself(self) -> bool:
        """Whether anything bad follows from the feeding instrument by itself."""
        if self.instrument is None:
            return False
        burdened = bool(Part(0, self.instrument).burdens)
        return burdened or any(isinstance(one, Shame) for _, one in self.instrument.publicity.channels())


@dataclass(frozen=True)
class Part(AnyPart["Instrument", PlacedRule]):
    """One instrument of people of a rulebook, with its place, and what feeds it."""

    instrument: Instrument
    feeds: tuple[PlacedFeed, ...] = ()

    key: ClassVar[str] = "instruments"

    @cached_property
    def rules(self) -> tuple[PlacedRule, ...]:
        """The rules in the order of the file."""
        rules: tuple[InstrumentRule, ...] = self.instrument.rules
        places = [(*self.path, *self.instrument.rule_path(r)) for r in range(len(rules))]
        return tuple(PlacedRule(place, f"{self.at}.{rule.id}", rule) for place, rule in zip(places, rules, strict=True))

    @property
    def shames(self) -> Iterator[PlacedShame]:
        """Channels that shame."""
        for name, channel in self.instrument.publicity.channels():
            if isinstance(channel, Shame):
                yield PlacedShame((*self.path, "publicity", name), f"{self.at}.{name}", channel)

    @property
    def penalises(self) -> bool:
        """Whether anybody can be worse off under it than at the start, by a rule or by a feed."""
        return bool(self.penalties or self.feeds)

    @property
    def punishes(self) -> bool:
        """Whether anything bad can follow from it for anybody."""
        return self.penalises and bool(self.burdens or any(self.shames))

    def fed_into(self, grades: Sequence[str]) -> Iterator[PlacedFeed]:
        """Find the feeds that hold down to one of some grades, or can leave one below it."""
        for placed in self.feeds:
            names = self.instrument.grade_names
            if any(names.index(grade) <= names.index(placed.feed.override) for grade in grades):
                yield placed

    @property
    def points(self) -> Points | None:
        """The instrument, if it is one of points."""
        return self.instrument if isinstance(self.instrument, Points) else None

    @property
    def graded(self) -> Graded | None:
        """The instrument, if it has grades by score."""
        return self.instrument if isinstance(self.instrument, Graded) else None

    @property
    def obtainable(self) -> float:
        """Points of all rewards that can be in force at once."""
        return sum((placed.most_at_once for placed in self.rewards), 0.0)


@dataclass(frozen=True)
class Book:
    """A rulebook with its places, the behaviours and services it names, and the tables of law."""

    rulebook: Rulebook
    document: Document
    parameters: Parameters
    law: Law

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The instruments in the order of the file."""
        return tuple(
            Part(number, instrument, tuple(self._feeds(number, instrument)))
            for number, instrument in enumerate(self.rulebook.instruments)
        )

    @cached_property
    def firms(self) -> tuple[FirmPart, ...]:
        """The instruments of firms in the order of the file."""
        return tuple(FirmPart(number, instrument) for number, instrument in enumerate(self.rulebook.firms))

    @cached_property
    def bodies(self) -> tuple[BodyPart, ...]:
        """The instruments of public bodies in the order of the file."""
        return tuple(BodyPart(number, instrument) for number, instrument in enumerate(self.rulebook.bodies))

    @property
    def organisations(self) -> tuple[OrganisationPart, ...]:
        """The instruments of firms, then those of public bodies."""
        return (*self.firms, *self.bodies)

    @cached_property
    def bindings(self) -> tuple[PlacedBinding, ...]:
        """What holds natural persons for organisations."""
        return tuple(
            PlacedBinding(
                (*part.path, "binds", n),
                f"{part.at}.{one.rulebook}",
                one,
                self,
                part,
                self.instrument(one.rulebook, one.instrument),
                self._beside(one.rulebook),
            )
            for part in self.organisations
            for n, one in enumerate(part.instrument.binds)
        )

    def _beside(self, name: str) -> bool:
        """Say whether another rulebook of the library is in force on some day on which this one is."""
        if name == self.rulebook.name:
            return True
        if name not in rulebooks.names():
            return False
        here, there = self.rulebook.in_force, rulebooks.load(name, self.parameters).in_force
        return here.from_ <= (there.until or date.max) and there.from_ <= (here.until or date.max)

    def instrument(self, book: str, name: str) -> Instrument | None:
        """Give an instrument of people of this book or of one of the library."""
        return next((one for one in self._instruments(book) if one.id == name), None)

    def _feeds(self, number: int, instrument: Instrument) -> Iterator[PlacedFeed]:
        for f, feed in enumerate(instrument.fed_by):
            foreign = feed.rulebook != self.rulebook.name
            feeder = self.instrument(feed.rulebook, feed.instrument)
            path = ("instruments", number, "fed_by", f)
            yield PlacedFeed(path, f"{instrument.id}.{feed.instrument}", feed, foreign, feeder)

    def _instruments(self, book: str) -> tuple[Instrument, ...]:
        """Give the instruments of this book or of one of the library; of any other nothing is known."""
        if book == self.rulebook.name:
            return self.rulebook.instruments
        return rulebooks.load(book, self.parameters).instruments if book in rulebooks.names() else ()

    @cached_property
    def penalties(self) -> tuple[tuple[Part, PlacedRule], ...]:
        """Every rule that takes points or holds down, with its instrument."""
        return tuple((part, placed) for part in self.parts for placed in part.penalties)

    @cached_property
    def inflicted(self) -> tuple[tuple[Part, PlacedRule], ...]:
        """Every penalty of the book, and those of other books that feed it, at the place of the feed."""
        fed = [(part, placed) for part in self.parts for feed in part.feeds if feed.foreign for placed in feed.behind]
        return (*self.penalties, *fed)

    @property
    def attributes(self) -> Iterator[PlacedAttribute]:
        """What scores weigh of the public register."""
        for part in self.parts:
            for place, feature in part.instrument.registered() if isinstance(part.instrument, Featured) else ():
                yield PlacedAttribute((*part.path, *place, "attribute"), f"{part.at}.{feature.id}", feature)

    @cached_property
    def tables(self) -> dict[str, npt.NDArray[np.generic]]:
        """The rulebook compiled, as a run would use it."""
        from scorepolis.rulebooks.compile import compile_instruments

        return compile_instruments([self.rulebook], self.parameters)

    def domain(self, behaviour: str) -> str:
        """Give the domain of a behaviour."""
        return self.parameters.behaviours[behaviour].domain

    def harm(self, behaviour: str) -> Fraction:
        """Give the harm of a behaviour, in yuan per episode."""
        harm = self.parameters.behaviours[behaviour].harm
        return harm.exact if harm is not None else Fraction(0)

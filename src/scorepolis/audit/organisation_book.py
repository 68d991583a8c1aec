"""Instruments of organisations, firms or public bodies, as the checks read them: their parts, and what leads where."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from scorepolis.audit.part import AnyPart
from scorepolis.rulebooks.schema import (
    LISTED,
    Binding,
    BodyInstrument,
    BodyRating,
    BodyRule,
    FirmInstrument,
    FirmListRule,
    FirmRule,
    Rating,
)

if TYPE_CHECKING:
    from scorepolis.audit.book import Book
    from scorepolis.audit.law import Law, OfOrganisations
    from scorepolis.rulebooks.checking import Where
    from scorepolis.rulebooks.schema import Instrument


class PlacedOrganisationRule(NamedTuple):
    """A rule, where it stands, and how one names the place."""

    path: Where
    at: str
    rule: FirmRule | BodyRule | FirmListRule

    @property
    def points(self) -> Fraction:
        """Points that a record takes or gives; on lists none."""
        return Fraction(0) if isinstance(self.rule, FirmListRule) else self.rule.points.exact

    @property
    def assigned(self) -> str | None:
        """Grade that a record assigns at once."""
        return LISTED if isinstance(self.rule, FirmListRule) else self.rule.assign

    @property
    def penalises(self) -> bool:
        """Whether it lists, takes points or assigns a grade."""
        return self.points < 0 or self.assigned is not None

    @property
    def rewards(self) -> bool:
        """Whether it gives points or lifts."""
        return self.points > 0 or (isinstance(self.rule, FirmRule) and self.rule.lift is not None)


@dataclass(frozen=True)
class OrganisationPart(AnyPart["FirmInstrument | BodyInstrument", PlacedOrganisationRule]):
    """One instrument of firms or of public bodies, with its place."""

    whom: ClassVar[str]
    """What one calls a subject."""

    @abstractmethod
    def tables(self, law: Law) -> OfOrganisations:
        """Give what the law has to say of such subjects."""

    @cached_property
    def rules(self) -> tuple[PlacedOrganisationRule, ...]:
        """The rules in the order of the file."""
        rules: tuple[FirmRule | BodyRule | FirmListRule, ...] = self.instrument.rules
        return tuple(
            PlacedOrganisationRule((*self.path, "rules", r), f"{self.at}.{rule.id}", rule)
            for r, rule in enumerate(rules)
        )

    @property
    def shown(self) -> tuple[str, ...]:
        """Grades that are shown in public."""
        return ()

    @property
    def rating(self) -> Rating | BodyRating | None:
        """The instrument, if it is a rating."""
        return self.instrument if isinstance(self.instrument, Rating | BodyRating) else None

    @property
    def bands(self) -> tuple[str, ...]:
        """Grades by score, from lowest to highest; of a list none."""
        return tuple(grade.grade for grade in self.rating.grades) if self.rating else ()

    @property
    def punishes(self) -> bool:
        """Whether anything bad can follow from it for its subjects, or for whoever stands for them."""
        return bool(self.penalties and (self.burdens or self.shown or self.instrument.binds))

    @property
    def lifted(self) -> frozenset[str]:
        """Grades from which some record lifts."""
        lifts = [placed.rule.lift for placed in self.rules if isinstance(placed.rule, FirmRule)]
        return frozenset(lift.from_ for lift in lifts if lift is not None and lift.share.exact > 0)

    def endless(self, placed: PlacedOrganisationRule) -> bool:
        """Say whether what a penalty does runs out neither of itself nor with the rating of a year."""
        if isinstance(placed.rule, FirmListRule):
            return placed.rule.term is None
        return placed.assigned is not None and self.rating is not None and self.rating.month is None

    def leads_to(self, placed: PlacedOrganisationRule, grades: Sequence[str]) -> bool:
        """Say whether a penalty can lead to one of some grades."""
        order = self.instrument.grade_names
        assigned = placed.assigned
        return placed.points < 0 or (
            assigned is not None and any(order.index(assigned) <= order.index(g) for g in grades)
        )


@dataclass(frozen=True)
class FirmPart(OrganisationPart):
    """One instrument of firms."""

    instrument: FirmInstrument

    key: ClassVar[str] = "firms"
    whom: ClassVar[str] = "firm"

    def tables(self, law: Law) -> OfOrganisations:
        """Give what the law has to say of firms."""
        return law.firms

    @property
    def shown(self) -> tuple[str, ...]:
        """Grades that are shown in public."""
        return self.instrument.publicity.grades if self.instrument.publicity else ()


@dataclass(frozen=True)
class BodyPart(OrganisationPart):
    """One instrument of public bodies."""

    instrument: BodyInstrument

    key: ClassVar[str] = "bodies"
    whom: ClassVar[str] = "public body"

    def tables(self, law: Law) -> OfOrganisations:
        """Give what the law has to say of public bodies."""
        return law.bodies

    def endless(self, placed: PlacedOrganisationRule) -> bool:
        """As of firms; but a listing without a term ends with the first month that brings no record."""
        return not isinstance(placed.rule, FirmListRule) and super().endless(placed)


class Among(NamedTuple):
    """Instruments of one kind of subject, and the book in which they stand."""

    book: Book
    parts: Sequence[OrganisationPart]


@dataclass(frozen=True)
class PlacedBinding:
    """What holds a natural person for an organisation, where it stands, and whom it holds under what.

    Attributes
    ----------
    path, at, binding
        The binding with its place, and the name of it.
    book
        The rulebook.
    part
        The instrument that binds.
    target
        The list of people under which one stands as listed; None if its rulebook is not in the library.
    beside
        Whether both books are in force on some day: otherwise nothing follows.
    """

    path: Where
    at: str
    binding: Binding
    book: Book
    part: OrganisationPart
    target: Instrument | None
    beside: bool

    @property
    def held(self) -> str:
        """Name the person who is held."""
        who = "representative of a firm" if isinstance(self.part, FirmPart) else "head of a public body"
        return f"the {who} at {self.binding.grade}"

    @property
    def under(self) -> str:
        """Name the list of people."""
        return f"{self.binding.rulebook}, {self.binding.instrument}"

    @property
    def leading(self) -> tuple[PlacedOrganisationRule, ...]:
        """Penalties that lead to where one is held."""
        return tuple(one for one in self.part.penalties if self.part.leads_to(one, (self.binding.grade,)))

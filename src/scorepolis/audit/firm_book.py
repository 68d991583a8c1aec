"""Instruments of firms as the checks read them: their parts with places in the file, and what leads where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from scorepolis.rulebooks.schema import LISTED, FirmInstrument, FirmListRule, FirmRule, Rating

if TYPE_CHECKING:
    from scorepolis.audit.book import PlacedConsequence
    from scorepolis.rulebooks.checking import Where


class PlacedFirmRule(NamedTuple):
    """A rule, where it stands, and how one names the place."""

    path: Where
    at: str
    rule: FirmRule | FirmListRule

    @property
    def points(self) -> Fraction:
        """Points that a record takes or gives; on lists none."""
        return self.rule.points.exact if isinstance(self.rule, FirmRule) else Fraction(0)

    @property
    def assigned(self) -> str | None:
        """Grade that a record assigns at once."""
        return self.rule.assign if isinstance(self.rule, FirmRule) else LISTED

    @property
    def penalises(self) -> bool:
        """Whether it lists, takes points or assigns a grade."""
        return self.points < 0 or self.assigned is not None

    @property
    def rewards(self) -> bool:
        """Whether it gives points or lifts."""
        return self.points > 0 or (isinstance(self.rule, FirmRule) and self.rule.lift is not None)


@dataclass(frozen=True)
class FirmPart:
    """One instrument of firms of a rulebook, with its place."""

    number: int
    instrument: FirmInstrument

    @property
    def path(self) -> Where:
        """Place of the instrument."""
        return ("firms", self.number)

    @property
    def at(self) -> str:
        """Name of the instrument."""
        return self.instrument.id

    @cached_property
    def rules(self) -> tuple[PlacedFirmRule, ...]:
        """The rules in the order of the file."""
        rules: tuple[FirmRule | FirmListRule, ...] = self.instrument.rules
        return tuple(
            PlacedFirmRule((*self.path, "rules", r), f"{self.at}.{rule.id}", rule) for r, rule in enumerate(rules)
        )

    @property
    def penalties(self) -> tuple[PlacedFirmRule, ...]:
        """Rules that list, take points or assign a grade."""
        return tuple(placed for placed in self.rules if placed.penalises)

    @property
    def rewards(self) -> tuple[PlacedFirmRule, ...]:
        """Rules that give points or lift."""
        return tuple(placed for placed in self.rules if placed.rewards)

    @property
    def consequences(self) -> Iterator[PlacedConsequence]:
        """What standings do to services."""
        from scorepolis.audit.book import PlacedConsequence

        for c, consequence in enumerate(self.instrument.consequences):
            yield PlacedConsequence((*self.path, "consequences", c), f"{self.at}.{consequence.service}", consequence)

    @property
    def burdens(self) -> tuple[PlacedConsequence, ...]:
        """Consequences that make a service worse."""
        from scorepolis.audit.book import BURDENS

        return tuple(placed for placed in self.consequences if placed.consequence.effect in BURDENS)

    @property
    def shown(self) -> tuple[str, ...]:
        """Grades that are shown in public."""
        return self.instrument.publicity.grades if self.instrument.publicity else ()

    @property
    def rating(self) -> Rating | None:
        """The instrument, if it is a rating."""
        return self.instrument if isinstance(self.instrument, Rating) else None

    @property
    def bands(self) -> tuple[str, ...]:
        """Grades by score, from lowest to highest; of a list none."""
        return tuple(grade.grade for grade in self.rating.grades) if self.rating else ()

    @property
    def punishes(self) -> bool:
        """Whether anything bad can follow from it for a firm, or for who represents it."""
        return bool(self.penalties and (self.burdens or self.shown or self.instrument.binds))

    @property
    def lifted(self) -> frozenset[str]:
        """Grades from which some record lifts."""
        lifts = [placed.rule.lift for placed in self.rules if isinstance(placed.rule, FirmRule)]
        return frozenset(lift.from_ for lift in lifts if lift is not None and lift.share.exact > 0)

    def endless(self, placed: PlacedFirmRule) -> bool:
        """Say whether what a penalty does runs out neither of itself nor with the rating of a year."""
        if isinstance(placed.rule, FirmListRule):
            return placed.rule.term is None
        return placed.assigned is not None and self.rating is not None and self.rating.month is None

    def leads_to(self, placed: PlacedFirmRule, grades: Sequence[str]) -> bool:
        """Say whether a penalty can lead to one of some grades."""
        order = self.instrument.grade_names
        assigned = placed.assigned
        return placed.points < 0 or (
            assigned is not None and any(order.index(assigned) <= order.index(g) for g in grades)
        )

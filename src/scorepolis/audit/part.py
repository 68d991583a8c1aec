"""What the parts of a rulebook have in common, be their subjects people, firms or public bodies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Generic, NamedTuple, Protocol, TypeVar

from scorepolis.rulebooks.schema import AnyBodyInstrument, AnyFirmInstrument, AnyInstrument, Consequence

if TYPE_CHECKING:
    from scorepolis.rulebooks.checking import Where
    from scorepolis.rulebooks.schema import AnyFirmRule, InstrumentRule

BURDENS: Final = ("deny", "delay", "surcharge")
"""Effects that make a service worse."""


class PlacedConsequence(NamedTuple):
    """A consequence, where it stands, and how one names the place."""

    path: Where
    at: str
    consequence: Consequence


class AnyPlacedRule(Protocol):
    """A rule, where it stands, and how one names the place."""

    @property
    def path(self) -> Where:
        """Where it stands."""

    @property
    def at(self) -> str:
        """How one names the place."""

    @property
    def rule(self) -> InstrumentRule | AnyFirmRule:
        """The rule itself."""

    @property
    def penalises(self) -> bool:
        """Whether it makes a standing worse."""

    @property
    def rewards(self) -> bool:
        """Whether it makes a standing better."""


Of_co = TypeVar("Of_co", bound="AnyInstrument | AnyFirmInstrument | AnyBodyInstrument", covariant=True)
Placed_co = TypeVar("Placed_co", bound=AnyPlacedRule, covariant=True)


@dataclass(frozen=True)
class AnyPart(ABC, Generic[Of_co, Placed_co]):
    """One instrument of a rulebook, with its place."""

    number: int
    instrument: Of_co

    key: ClassVar[str]
    """Under which the instruments of such subjects stand in the file."""

    @property
    def path(self) -> Where:
        """Place of the instrument."""
        return (self.key, self.number)

    @property
    def at(self) -> str:
        """Name of the instrument."""
        return self.instrument.id

    @property
    @abstractmethod
    def rules(self) -> Sequence[Placed_co]:
        """The rules in the order of the file."""

    @property
    def penalties(self) -> tuple[Placed_co, ...]:
        """Rules that make a standing worse."""
        return tuple(placed for placed in self.rules if placed.penalises)

    @property
    def rewards(self) -> tuple[Placed_co, ...]:
        """Rules that make a standing better."""
        return tuple(placed for placed in self.rules if placed.rewards)

    @property
    def consequences(self) -> Iterator[PlacedConsequence]:
        """What standings do to services."""
        for c, consequence in enumerate(self.instrument.consequences):
            yield PlacedConsequence((*self.path, "consequences", c), f"{self.at}.{consequence.service}", consequence)

    @property
    def burdens(self) -> tuple[PlacedConsequence, ...]:
        """Consequences that make a service worse."""
        return tuple(placed for placed in self.consequences if placed.consequence.effect in BURDENS)

    @property
    def burdened(self) -> frozenset[str]:
        """Services that it makes worse."""
        return frozenset(placed.consequence.service for placed in self.burdens)

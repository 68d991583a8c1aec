"""The tables of law as data: conditions of norms, the directories of what may be recorded and punished, thresholds."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from scorepolis.core.provenance import Provenance, Quantity, Text
from scorepolis.core.yamlfile import read, validate
from scorepolis.rulebooks.schema import Attribute, Effect, Slug

Names = Annotated[tuple[str, ...], Field(min_length=1)]


class Entry(BaseModel):
    """A part of the file that takes its own keys only."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(Entry):
    """One condition of a norm, and what about it a rulebook cannot show."""

    id: Slug
    duty: bool = False
    """Whether the norm asks for it: then it is bad news if it is not met, otherwise if it is."""
    text: Text
    limit: Text


class Norm(Provenance):
    """A norm, whom it binds, since when, and its conditions one by one."""

    id: Slug
    title: Text
    binds: Text
    since: date
    of_firms: bool = False
    """Whether it protects firms, too."""
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]


class Behaviours(Provenance):
    """Behaviours that a directory treats alike; with `by`, only records of these sensors are inside."""

    inside: bool
    kind: Text
    behaviours: Names
    by: Names | None = None


class Services(Provenance):
    """Services that a directory treats alike: which effects on them it knows."""

    kind: Text
    services: Names
    effects: tuple[Effect, ...]


class Channels(Provenance):
    """Channels of publicity that a directory treats alike."""

    inside: bool
    kind: Text
    channels: Names


class InformationDirectory(Entry):
    """What may be recorded as public credit information."""

    title: Text
    since: date
    entries: tuple[Behaviours, ...]

    def allows(self, behaviour: str, by: tuple[str, ...] | None) -> bool | None:
        """Say whether records of a behaviour are inside; None if the behaviour stands nowhere in the table."""
        for entry in self.entries:
            if behaviour in entry.behaviours:
                return entry.inside and (entry.by is None or (by is not None and set(by) <= set(entry.by)))
        return None

    def entry(self, behaviour: str) -> Behaviours:
        """Give the entry in which a behaviour stands."""
        return next(entry for entry in self.entries if behaviour in entry.behaviours)


class MeasuresDirectory(Entry):
    """What may be done to people for bad credit."""

    title: Text
    since: date
    entries: tuple[Services, ...]
    publicity: tuple[Channels, ...]

    def entry(self, service: str) -> Services:
        """Give the entry in which a service stands."""
        return next(entry for entry in self.entries if service in entry.services)

    def channel(self, name: str) -> Channels:
        """Give the entry in which a channel stands."""
        return next(entry for entry in self.publicity if name in entry.channels)


class Thresholds(Entry):
    """Where something begins to be grave, wide or out of step: ours, each with a range."""

    grave_harm: Quantity
    wide_discretion: Quantity
    lighter: Quantity
    feeding_hardship: Quantity
    feeding_income: Quantity
    full_age: Quantity
    shown_at_most: Quantity


class KindOfBehaviours(Provenance):
    """Behaviours that fall under a notion of a norm."""

    kind: Text
    behaviours: Names


class KindOfServices(Provenance):
    """Services that fall under a notion of a norm."""

    kind: Text
    services: Names


class KindOfAttributes(Provenance):
    """What the register says of people, as far as it falls under a notion of a norm."""

    kind: Text
    attributes: Annotated[tuple[Attribute, ...], Field(min_length=1)]


class Readings(Entry):
    """Which of the model's behaviours, services and attributes are what norms speak of: our own reading."""

    crimes: KindOfBehaviours
    allegiance: KindOfBehaviours
    revealing: KindOfAttributes
    statuses: KindOfAttributes
    travel: KindOfServices
    public_posts: KindOfServices


class RelatedServices(KindOfServices):
    """Services, and the behaviours of firms that matter to whoever grants them."""

    behaviours: Names


class FirmMeasures(Entry):
    """What may be done to firms for bad credit."""

    title: Text
    since: date
    entries: tuple[Services, ...]

    def entry(self, service: str) -> Services:
        """Give the entry in which a service stands."""
        return next(entry for entry in self.entries if service in entry.services)


class Representatives(KindOfServices):
    """Since when whoever represents a firm may be restricted for it in these services only."""

    since: date


class OfOrganisations(Entry):
    """What is particular to firms, or to public bodies."""

    related_services: tuple[RelatedServices, ...]
    wanting: KindOfBehaviours
    earning: KindOfServices

    def related(self, service: str) -> tuple[str, ...]:
        """Give the behaviours that matter to whoever grants a service."""
        return next(entry.behaviours for entry in self.related_services if service in entry.services)


class OfBodies(OfOrganisations):
    """What is particular to public bodies."""

    residents: KindOfServices


class OfFirms(OfOrganisations):
    """What is particular to firms."""

    representatives: Representatives
    information: InformationDirectory
    measures: FirmMeasures


class Law(Entry):
    """law.yaml."""

    version: Literal[1]
    thresholds: Thresholds
    readings: Readings
    acts_of_others: Behaviours
    information: InformationDirectory
    measures: MeasuresDirectory
    firms: OfFirms
    bodies: OfBodies
    norms: tuple[Norm, ...]


@cache
def load() -> Law:
    """Read the tables of law that come with the package.

    Returns
    -------
    Law
        Frozen.

    Raises
    ------
    InputError
        If something in the file is wrong; the message names line and column.
    """
    return validate(Law, read(files("scorepolis.audit").joinpath("law.yaml"), "audit/law.yaml"))

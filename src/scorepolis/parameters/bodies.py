"""The parameters of public bodies as frozen models, field for field as in bodies.yaml."""

from __future__ import annotations

from typing import Final, Literal

from scorepolis.core.provenance import Quantities, Quantity, Text
from scorepolis.parameters.firms import Entry

ARREARS, IGNORING, MISSED, FALSIFIED = range(4)
BEHAVIOURS: Final = ("payment_arrears", "ignoring_judgment", "missed_target", "falsified_reports")
"""What a public body may do, by number."""


class BodyKind(Entry):
    """A kind of public body: one for each neighbourhood, or so many per district."""

    title: Text
    place: Literal["neighbourhood", "district"]
    number: Quantity | None = None


class Arrears(Entry):
    """Bills of firms that a body could leave unpaid, and what becomes of those that it does."""

    title: Text
    rate: Quantity
    kinds: Quantities
    slope: Quantity
    gain: Quantity
    fine: Quantity
    unable: Quantity
    paid: Quantity
    sued: Quantity


class Judgments(Entry):
    """Judgments on unpaid bills, and whether they are obeyed."""

    title: Text
    ignored: Quantity
    slope: Quantity
    gain: Quantity
    fine: Quantity
    performed: Quantity


class Missed(Entry):
    """Reporting less than a target asks for; how it comes about, targets say."""

    title: Text


class Falsified(Entry):
    """What is done when a target would be missed: collectors look harder, and reports are made up."""

    title: Text
    slope: Quantity
    scruple: Quantity
    fine: Quantity
    effort: Quantity


class BodyBehaviours(Entry):
    """The four, each of its own form."""

    payment_arrears: Arrears
    ignoring_judgment: Judgments
    missed_target: Missed
    falsified_reports: Falsified


class Suppliers(Entry):
    """Firms that work for public bodies, and what it does to them not to be paid."""

    share: Quantity
    strain: Quantity


class BodyService(Entry):
    """Something bodies, or those at their head, apply for."""

    title: Text
    wants: Quantity
    kinds: Quantities
    worth: Quantity
    price: Quantity


class BodyInspects(Entry):
    """How often a sensor comes to look."""

    rate: Quantity
    kinds: Quantities


class BodySensor(Entry):
    """What may notice what a body does: by inspection, or from a desk that looks every month."""

    title: Text
    kind: Literal["agency", "tip_off"]
    inspects: BodyInspects | None = None
    sees: dict[str, Quantity]
    false_finding: Quantity | None = None
    wrong_body: Quantity


class Bodies(Entry):
    """All parameters of public bodies."""

    past_months: Quantity
    head_term: Quantity
    kinds: dict[str, BodyKind]
    behaviours: BodyBehaviours
    suppliers: Suppliers
    reports_by: str
    services: dict[str, BodyService]
    sensors: dict[str, BodySensor]

    @property
    def titles(self) -> dict[str, str]:
        """Titles of the behaviours by name."""
        return {name: getattr(self.behaviours, name).title for name in BEHAVIOURS}

    @property
    def inspecting(self) -> tuple[str, ...]:
        """Names of the sensors that inspect."""
        return tuple(name for name, sensor in self.sensors.items() if sensor.inspects)

    def may_write(self, sensor: str, behaviour: str) -> bool:
        """Say whether records of a behaviour can come from a sensor."""
        return behaviour in self.sensors[sensor].sees


class BodiesFile(Bodies):
    """bodies.yaml."""

    version: Literal[1]

"""The parameters of firms as frozen models, field for field as in firms.yaml."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from scorepolis.core.provenance import Quantities, Quantity, Text

CLEAN: Final = "clean_inspection"
"""What an inspection writes that finds nothing."""
KINDS: Final = ("self_employed", "enterprises")


class Entry(BaseModel):
    """A frozen entry that takes its own keys only."""

    # Whoever reads a finished run meets these models and reads no parameters: validators are built when first used.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Numbers(Entry):
    """Firms per 1,000 people."""

    enterprises: Quantity
    self_employed: Quantity


class FirmLife(Entry):
    """What holds of all firms."""

    full_age: Quantity
    concentration: Quantity
    horizon: Quantity
    newcomers: Quantity
    past_months: Quantity
    performs: Quantity
    binding: Quantity
    told: Quantity
    appeals_wronged: Quantity
    appeals_other: Quantity
    earnings: Quantity


class Size(Entry):
    """A class of size; `least` are the employees from which on an enterprise is of it."""

    title: Text
    least: Quantity | None = None
    scale: Quantity


class Sector(Entry):
    """A line of business, and the share of firms in it."""

    title: Text
    share: Quantity


class FirmBehaviour(Entry):
    """Something a firm may do. Of bad conduct the rate is of opportunities, whose gains differ."""

    title: Text
    conduct: Literal["bad", "good"]
    sectors: tuple[str, ...] = ()
    slope: Quantity | None = None
    rate: Quantity | None = None
    sizes: Quantities | None = None
    gain: Quantity | None = None
    fine: Quantity | None = None
    unable: Quantity | None = None
    harm: Quantity | None = None
    benefit: Quantity | None = None
    found: Literal["inspection"] | None = None


class FirmService(Entry):
    """Something firms apply for."""

    title: Text
    sectors: tuple[str, ...] = ()
    wants: Quantity
    sizes: Quantities
    worth: Quantity
    price: Quantity


class Inspects(Entry):
    """How often a sensor comes to look, and what that costs the firm."""

    rate: Quantity
    sizes: Quantities
    burden: Quantity


class Favours(Entry):
    """A merit that firms with connections are given for nothing."""

    behaviour: str
    share: Quantity


class FirmSensor(Entry):
    """What may notice what a firm does: by inspection, or from a desk that always sees."""

    title: Text
    kind: Literal["agency", "platform", "tip_off"]
    sectors: tuple[str, ...] = ()
    inspects: Inspects | None = None
    sees: dict[str, Quantity]
    false_finding: Quantity | None = None
    wrong_firm: Quantity
    favours: Favours | None = None


class Firms(Entry):
    """All parameters of firms."""

    numbers: Numbers
    life: FirmLife
    sizes: dict[str, Size]
    sectors: dict[str, Sector]
    behaviours: dict[str, FirmBehaviour]
    services: dict[str, FirmService]
    sensors: dict[str, FirmSensor]

    @property
    def done(self) -> dict[str, FirmBehaviour]:
        """Behaviours that firms do of their own accord."""
        return {name: behaviour for name, behaviour in self.behaviours.items() if behaviour.found is None}

    @property
    def inspecting(self) -> tuple[str, ...]:
        """Names of the sensors that inspect."""
        return tuple(name for name, sensor in self.sensors.items() if sensor.inspects)

    def may_write(self, sensor: str, behaviour: str) -> bool:
        """Say whether records of a behaviour can come from a sensor."""
        own = self.sensors[sensor]
        favoured = own.favours is not None and own.favours.behaviour == behaviour
        return behaviour in own.sees or favoured or (behaviour == CLEAN and own.inspects is not None)


class FirmsFile(Firms):
    """firms.yaml."""

    version: Literal[1]

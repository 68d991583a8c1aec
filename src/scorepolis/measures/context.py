"""The names behind the axes of `Counts`, and the few figures that turn counts into measures.

It is kept as plain values, so that a run folder can be read without the parameters and rulebooks it was made with.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scorepolis.measures import bodies as of_bodies
from scorepolis.measures.bodies import NO_BODIES
from scorepolis.measures.firms import NO_FIRMS, Layout, layout

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scorepolis.parameters import Parameters
    from scorepolis.rulebooks import Rulebook
    from scorepolis.society import Places

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Behaviour:
    """A behaviour as the measures see it; `worth` is harm (bad) or benefit (good), in yuan per episode."""

    name: str
    title: str
    domain: str
    conduct: str
    protected: bool
    weight: int
    worth: float


@dataclass(frozen=True)
class Service:
    """A service as the measures see it; `worth` is that of one grant, in yuan."""

    name: str
    title: str
    worth: float


@dataclass(frozen=True)
class Sensor:
    """A sensor as the measures see it; `sees` names behaviours."""

    name: str
    title: str
    kind: str
    sees: tuple[str, ...]


@dataclass(frozen=True)
class Instrument:
    """An instrument as the measures see it; `method` is as in the rulebook; grades rise from the first."""

    rulebook: str
    name: str
    method: str
    grades: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Unit:
    """A unit (county, city, city district) as the measures see it; `places` are the named ones in which it lies."""

    province: str
    number: int
    people: int
    neighbourhoods: int
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """What the axes of `Counts` stand for.

    Attributes
    ----------
    start : date
        Day 0.
    months : tuple of date
        The last day of every month of the run.
    behaviours, services, sensors, instruments
        In the order of the axes; the kinds of `acts` are the behaviours, then the services.
    units
        Of a society of several provinces, in the order of `by_place`; of one province there are none, and `by_place`
        tells of neighbourhoods.
    firms, bodies
        What is counted of firms and of public bodies, if there are any.
    """

    start: date
    months: tuple[date, ...]
    behaviours: tuple[Behaviour, ...]
    services: tuple[Service, ...]
    sensors: tuple[Sensor, ...]
    instruments: tuple[Instrument, ...]
    units: tuple[Unit, ...] = ()
    firms: Layout = NO_FIRMS
    bodies: Layout = NO_BODIES

    @classmethod
    def of(
        cls,
        *,
        parameters: Parameters,
        rulebooks: Sequence[Rulebook],
        start: date,
        months: Sequence[date],
        places: Places | None = None,
        firms: bool = False,
        bodies: bool = False,
    ) -> Context:
        """Take the names and figures from parameters and rulebooks; of units, firms and public bodies if told so."""
        return cls(
            start=start,
            months=tuple(months),
            behaviours=tuple(
                Behaviour(
                    name=name,
                    title=b.title,
                    domain=b.domain,
                    conduct=b.conduct,
                    protected=b.protected is not None,
                    weight=int(b.weight.exact),
                    worth=float(worth.exact) if (worth := b.harm or b.benefit) else 0.0,
                )
                for name, b in parameters.behaviours.items()
            ),
            services=tuple(Service(name, s.title, float(s.worth.exact)) for name, s in parameters.services.items()),
            sensors=tuple(Sensor(name, s.title, s.kind, tuple(s.sees)) for name, s in parameters.sensors.items()),
            instruments=tuple(
                Instrument(
                    rulebook=book.name,
                    name=instrument.id,
                    method=instrument.method,
                    grades=tuple(grade.grade for grade in instrument.grades),
                    rules=tuple(rule.id for rule in instrument.rules),
                )
                for book in rulebooks
                for instrument in book.instruments
            ),
            units=()
            if places is None
            else tuple(
                Unit(unit.province, unit.number, unit.people, int(neighbourhoods), unit.places)
                for unit, neighbourhoods in zip(places.units, np.diff(places.unit_starts), strict=True)
            ),
            firms=layout(parameters, rulebooks) if firms else NO_FIRMS,
            bodies=of_bodies.layout(parameters, rulebooks) if bodies else NO_BODIES,
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Context:
        """Read back what `to_json` wrote."""
        return cls(
            start=date.fromisoformat(data["start"]),
            months=tuple(date.fromisoformat(day) for day in data["months"]),
            behaviours=tuple(Behaviour(**item) for item in data["behaviours"]),
            services=tuple(Service(**item) for item in data["services"]),
            sensors=tuple(Sensor(**{**item, "sees": tuple(item["sees"])}) for item in data["sensors"]),
            instruments=tuple(
                Instrument(**{**item, "grades": tuple(item["grades"]), "rules": tuple(item["rules"])})
                for item in data["instruments"]
            ),
            units=tuple(Unit(**{**item, "places": tuple(item["places"])}) for item in data.get("units", ())),
            firms=_layout(data.get("firms")),
            bodies=_layout(data.get("bodies")),
        )

    def to_json(self) -> dict[str, Any]:
        """Give plain values that JSON can hold."""
        return {
            **asdict(self),
            "start": self.start.isoformat(),
            "months": [day.isoformat() for day in self.months],
        }

    @cached_property
    def provinces(self) -> tuple[str, ...]:
        """Names of the provinces, in the order of their units."""
        return tuple(dict.fromkeys(unit.province for unit in self.units))

    @cached_property
    def days(self) -> FloatArray:
        """Days in every month of the run; the first and the last may be cut short."""
        ends = [(day - self.start).days + 1 for day in self.months]
        return np.diff(np.array([0, *ends], dtype=np.float64))

    @cached_property
    def weight(self) -> FloatArray:
        """Episodes for which one act of each behaviour stands."""
        return np.array([b.weight for b in self.behaviours], dtype=np.float64)

    @cached_property
    def bad(self) -> FloatArray:
        """1 for bad behaviours, 0 for the others."""
        return np.array([b.conduct == "bad" for b in self.behaviours], dtype=np.float64)

    @cached_property
    def good(self) -> FloatArray:
        """1 for good behaviours, 0 for the others."""
        return 1.0 - self.bad

    @cached_property
    def protected(self) -> FloatArray:
        """1 for acts protected by human rights, 0 for the others."""
        return np.array([b.protected for b in self.behaviours], dtype=np.float64)

    @cached_property
    def worth(self) -> FloatArray:
        """Yuan of harm or benefit per episode of each behaviour."""
        return np.array([b.worth for b in self.behaviours], dtype=np.float64)

    @cached_property
    def grants(self) -> FloatArray:
        """Yuan that one grant of each service is worth."""
        return np.array([s.worth for s in self.services], dtype=np.float64)

    @cached_property
    def sees(self) -> FloatArray:
        """Behaviours by sensors: 1 where the sensor may notice the behaviour."""
        return np.array([[b.name in s.sees for s in self.sensors] for b in self.behaviours], dtype=np.float64).reshape(
            len(self.behaviours), len(self.sensors)
        )

    def named(self, *names: str) -> FloatArray:
        """1 for the behaviours of these names, 0 for the others."""
        return np.array([b.name in names for b in self.behaviours], dtype=np.float64)


def _layout(data: Mapping[str, Any] | None) -> Layout:
    """Read back a layout; what was written before there were such subjects has none."""
    return Layout(**{part: tuple(map(tuple, rows)) for part, rows in (data or asdict(NO_FIRMS)).items()})

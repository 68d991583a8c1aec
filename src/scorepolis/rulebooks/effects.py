"""What standings do to applications, of people, firms and public bodies alike: as tables, and in yuan."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import OUT_DELAYED, OUT_FIRST, OUT_REFUSED

if TYPE_CHECKING:
    from scorepolis.parameters import Parameters
    from scorepolis.parameters.bodies import BodyService
    from scorepolis.parameters.firms import FirmService
    from scorepolis.parameters.model import Service
    from scorepolis.rulebooks.schema import BodyInstrument, FirmInstrument, Instrument


class Effects(NamedTuple):
    """What the standings under an instrument do to applications: each (services, grades).

    Attributes
    ----------
    bits
        Refused, delayed, first in line: bits of `core.buffers`.
    days
        By how much an application is delayed.
    percent
        By how much it is dearer, or cheaper if below 0.
    """

    bits: npt.NDArray[Any]
    days: npt.NDArray[Any]
    percent: npt.NDArray[Any]

    def fill(self, instrument: Instrument | FirmInstrument | BodyInstrument, services: Sequence[str]) -> None:
        """Write the consequences of an instrument into tables of nothing; where a grade denies, all else is idle."""
        for consequence in instrument.consequences:
            v, quantity = services.index(consequence.service), consequence.days or consequence.percent
            amount = int(quantity.exact) if quantity else 0
            for g in map(instrument.grade_names.index, consequence.grades):
                match consequence.effect:
                    case "deny":
                        self.bits[v, g] |= OUT_REFUSED
                    case "priority":
                        self.bits[v, g] |= OUT_FIRST
                    case "delay":
                        self.bits[v, g] |= OUT_DELAYED
                        self.days[v, g] = amount
                    case "surcharge":
                        self.percent[v, g] += amount
                    case "discount":
                        self.percent[v, g] -= amount
        denied = self.denied
        self.bits[denied], self.days[denied], self.percent[denied] = OUT_REFUSED, 0, 0

    @property
    def denied(self) -> npt.NDArray[np.bool_]:
        """Which services are refused at which grades."""
        return np.asarray((self.bits & OUT_REFUSED) != 0)

    def worth(self, v: int, g: int, service: Service | FirmService | BodyService, parameters: Parameters) -> Fraction:
        """Give what grade g makes of one application for service v, in yuan (docs/method.md, section 5)."""
        if self.bits[v, g] & OUT_REFUSED:
            return -service.worth.exact
        treatment = parameters.coefficients.services
        waits = min(Fraction(1), treatment.delay_cost.exact * int(self.days[v, g]))
        sooner = treatment.priority_worth.exact if self.bits[v, g] & OUT_FIRST else 0
        return service.worth.exact * (sooner - waits) - service.price.exact * Fraction(int(self.percent[v, g]), 100)

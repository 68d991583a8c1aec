"""What can be turned: every assumed parameter with a range, to both of its ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scorepolis.core.provenance import Quantities
from scorepolis.parameters import quantities

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scorepolis.core.provenance import Quantity
    from scorepolis.parameters import Parameters
    from scorepolis.rulebooks import Rulebook
    from scorepolis.scenarios import Scenario

TOGETHER: Final = ("male", "female", "urban", "rural", "shortest", "longest")
"""Numbers that say one thing of two sorts of people or places, or of two ends: they are turned together."""

DEVICE: Final = "weight"
"""How many episodes an act stands for: a device of reckoning, and nothing that could be so or otherwise."""

Point = dict[str, int | float]


@dataclass(frozen=True)
class Turn:
    """A parameter, or several that say one thing, and the ends of what it may be.

    Attributes
    ----------
    path : str
        Its dotted path; of several, what their paths have in common.
    low, high : dict of str to number
        Each number at the end of its range; empty where the parameter stands at that end already.
    wide : str
        The end that lies farther from the value: ``low`` or ``high``.
    """

    path: str
    low: Point
    high: Point
    wide: str

    @property
    def wider(self) -> Point:
        """The numbers at the end that lies farther."""
        return self.low if self.wide == "low" else self.high

    @property
    def nearer(self) -> Point:
        """The numbers at the other end, if there is one."""
        return self.high if self.wide == "low" else self.low


def turns(scenario: Scenario, parameters: Parameters, books: Iterable[Rulebook]) -> Iterator[Turn]:
    """Give every assumed parameter that a scenario uses.

    Parameters
    ----------
    scenario : Scenario
        Its society and its sensors are the ones that count.
    parameters : Parameters
        The parameters as shipped.
    books : iterable of Rulebook
        Those of the scenario.

    Yields
    ------
    Turn
        In the order of the files.
    """
    employed = {sensor for book in books for sensor in book.employs}
    away = {name for name, sensor in parameters.sensors.items() if not sensor.ordinary and name not in employed}
    society = parameters.societies[scenario.society]
    provinces = society.provinces or (society.province,)
    groups: dict[str, list[tuple[str, Quantity | Quantities]]] = {}
    for path, quantity in quantities(parameters):
        root, name, *_ = (*path.split("."), "")
        other = (root == "societies" and name != scenario.society) or (root == "provinces" and name not in provinces)
        lowest, highest = quantity.range
        if quantity.status == "assumed" and lowest < highest and not other and name not in away:
            groups.setdefault(_group(path), []).append((path, quantity))
    for group, members in groups.items():
        if not group.endswith(f".{DEVICE}"):
            yield _turn(group, members)


def _group(path: str) -> str:
    """Name what a number is turned with."""
    parts = path.split(".")
    if parts[0] == "sensors" and "sees" in parts:
        return ".".join(parts[: parts.index("sees") + 1])
    return ".".join(parts[:-1]) if parts[-1] in TOGETHER else path


def _turn(group: str, members: list[tuple[str, Quantity | Quantities]]) -> Turn:
    low: Point = {}
    high: Point = {}
    down = up = 0.0
    for path, quantity in members:
        lowest, highest = quantity.range
        for at, value in _numbers(path, quantity).items():
            low |= {at: lowest} if value > lowest else {}
            high |= {at: highest} if value < highest else {}
            down, up = down + (value - lowest) / (highest - lowest), up + (highest - value) / (highest - lowest)
    return Turn(group, low, high, "low" if down > up else "high")


def _numbers(path: str, quantity: Quantity | Quantities) -> Mapping[str, int | float]:
    if isinstance(quantity, Quantities):
        return {f"{path}.{place}": value for place, value in enumerate(quantity.values)}
    return {path: quantity.value}

"""What declared things are called in the language that is spoken: measures with their units and limits, groups, ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scorepolis.measures.declared import BY_NAME
from scorepolis.report.language import named, say

if TYPE_CHECKING:
    from scorepolis.measures.context import Behaviour, Sensor, Service
    from scorepolis.measures.groups import Group


def measure(name: str) -> str:
    """Give the title of a measure."""
    return named("measures", name, BY_NAME[name].title)


def limit(name: str) -> str:
    """Say what a measure cannot tell."""
    return named("limits", name, BY_NAME[name].cannot_tell)


def unit(name: str) -> str:
    """Give the unit of a measure; of a share, what it is a share of."""
    own = BY_NAME[name]
    if own.unit == "share":
        return say("unit.of", what=named("denominators", own.per.text.replace(" ", "_"), own.per.text))
    return bare_unit(own.unit)


def bare_unit(words: str) -> str:
    """Give a unit as it stands behind a number."""
    return named("units", words.replace(" ", "_"), words)


def group(one: Group) -> str:
    """Give the title of a group."""
    return named("groups", one.name, one.title)


def sensor(one: Sensor) -> str:
    """Give the title of a sensor."""
    return named("sensors", one.name, one.title)


def service(one: Service) -> str:
    """Give the title of a service."""
    return named("services", one.name, one.title)


def behaviour(one: Behaviour) -> str:
    """Give the title of a behaviour."""
    return named("behaviours", one.name, one.title)

"""What must hold between the parameters of firms, beyond the form of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scorepolis.core.yamlfile import Keys
from scorepolis.parameters.checking import Fault, known, one, several, share
from scorepolis.parameters.firms import CLEAN, FirmBehaviour, Firms, FirmSensor

ROOT: Keys = ("firms",)
MOST_SENSORS = 16
"""That inspect: four words a draw, in the draws set aside for them."""
MOST_BEHAVIOURS = 255
CHOSEN = ("slope", "rate", "sizes")
OFFENCE = ("gain", "fine", "harm")


def firm_faults(firms: Firms) -> Iterator[Fault]:
    """Find what does not hold.

    Parameters
    ----------
    firms : Firms
        Parameters whose entries are each of the right form.

    Yields
    ------
    Fault
        One fault after the other, in the order of the file.
    """
    for name, number in firms.numbers:
        yield from one((*ROOT, "numbers", name), number, 0, 500)
    yield from one((*ROOT, "life", "full_age"), firms.life.full_age, 0, 120, whole=True)
    yield from one((*ROOT, "life", "concentration"), firms.life.concentration, 1, 32, whole=True)
    yield from one((*ROOT, "life", "horizon"), firms.life.horizon, 0, 100, above=True)
    yield from one((*ROOT, "life", "earnings"), firms.life.earnings, 0)
    for name in ("newcomers", "binding", "told", "appeals_wronged", "appeals_other"):
        yield from share((*ROOT, "life", name), getattr(firms.life, name))
    yield from one((*ROOT, "life", "performs"), firms.life.performs, 0, 1, above=True)
    yield from one((*ROOT, "life", "past_months"), firms.life.past_months, 0, 1200, whole=True)
    yield from _sizes(firms)
    yield from _sectors(firms)
    for name, behaviour in firms.behaviours.items():
        yield from _behaviour((*ROOT, "behaviours", name), name, behaviour, firms)
    for name, service in firms.services.items():
        here = (*ROOT, "services", name)
        yield from _named(here, "sectors", service.sectors, firms.sectors, "sector")
        for field in ("wants", "worth", "price"):
            yield from one((*here, field), getattr(service, field), 0)
        yield from several((*here, "sizes"), service.sizes, len(firms.sizes), 0)
    if len(firms.inspecting) > MOST_SENSORS:
        yield Fault((*ROOT, "sensors"), f"{len(firms.inspecting)} sensors that inspect", f"at most {MOST_SENSORS}")
    for name, sensor in firms.sensors.items():
        yield from _sensor((*ROOT, "sensors", name), sensor, firms)
    seen = {behaviour for sensor in firms.sensors.values() for behaviour in sensor.sees}
    for name in firms.done:
        if name not in seen:
            yield Fault((*ROOT, "behaviours", name), "no sensor sees it", "a sensor whose `sees` names it")


def _sizes(firms: Firms) -> Iterator[Fault]:
    if len(firms.sizes) < 2:
        yield Fault((*ROOT, "sizes"), "too few sizes", "that of the self-employed, and one of enterprises or more")
    last = 0
    for x, (name, size) in enumerate(firms.sizes.items()):
        here = (*ROOT, "sizes", name)
        yield from one((*here, "scale"), size.scale, 0, above=True)
        if (size.least is None) != (x < 2):
            expected = "no such key in the first two" if x < 2 else "`least`: employees"
            yield Fault((*here, "least") if size.least else here, "`least` does not fit", expected)
        elif size.least is not None:
            yield from one((*here, "least"), size.least, last + 1, whole=True)
            last = int(size.least.exact)


def _sectors(firms: Firms) -> Iterator[Fault]:
    for name, sector in firms.sectors.items():
        yield from share((*ROOT, "sectors", name, "share"), sector.share)


def _behaviour(path: Keys, name: str, behaviour: FirmBehaviour, firms: Firms) -> Iterator[Fault]:
    given = behaviour.model_fields_set
    if (behaviour.found is not None) != (name == CLEAN):
        yield Fault(path, "`found` does not fit", f"`found: inspection` of {CLEAN}, and of nothing else")
    bad = behaviour.conduct == "bad"
    needed = () if behaviour.found else (*CHOSEN, *(OFFENCE if bad else ("benefit",)))
    for field in needed:
        if field not in given:
            yield Fault(path, f"'{field}' is missing", f"`{field}` for {behaviour.conduct} conduct")
    allowed = () if behaviour.found else (*needed, *(("unable",) if bad else ()), "sectors")
    for field in (*CHOSEN, *OFFENCE, "benefit", "unable", "sectors"):
        if field in given and field not in allowed:
            yield Fault((*path, field), f"{behaviour.conduct} conduct with `{field}`", "no such key here")
    yield from _named(path, "sectors", behaviour.sectors, firms.sectors, "sector")
    for field in ("rate", "gain", "fine", "harm", "benefit"):
        yield from one((*path, field), getattr(behaviour, field), 0)
    if behaviour.unable is not None:
        yield from share((*path, "unable"), behaviour.unable)
    if behaviour.sizes is not None:
        yield from several((*path, "sizes"), behaviour.sizes, len(firms.sizes), 0)


def _sensor(path: Keys, sensor: FirmSensor, firms: Firms) -> Iterator[Fault]:
    yield from _named(path, "sectors", sensor.sectors, firms.sectors, "sector")
    if sensor.inspects is None and sensor.sectors:
        yield Fault((*path, "sectors"), "a desk reads what comes from all sectors", "`inspects`, or no `sectors`")
    if sensor.inspects is not None:
        for field in ("rate", "burden"):
            yield from one((*path, "inspects", field), getattr(sensor.inspects, field), 0)
        yield from several((*path, "inspects", "sizes"), sensor.inspects.sizes, len(firms.sizes), 0)
    for name, chance in sensor.sees.items():
        yield from known((*path, "sees", name), name, firms.done, "behaviour of firms")
        yield from share((*path, "sees", name), chance)
    yield from share((*path, "wrong_firm"), sensor.wrong_firm)
    if sensor.false_finding is not None:
        yield from share((*path, "false_finding"), sensor.false_finding)
        bad = [name for name in sensor.sees if name in firms.done and firms.done[name].conduct == "bad"]
        if sensor.inspects is None or not bad:
            yield Fault((*path, "false_finding"), "the sensor inspects nobody, or sees no bad conduct", "no such key")
    if sensor.favours is not None:
        yield from share((*path, "favours", "share"), sensor.favours.share)
        good = {name: b for name, b in firms.done.items() if b.conduct == "good"}
        yield from known((*path, "favours", "behaviour"), sensor.favours.behaviour, good, "good deed of firms")


def _named(path: Keys, key: str, names: Iterable[str], every: Mapping[str, object], what: str) -> Iterator[Fault]:
    for place, name in enumerate(names):
        yield from known((*path, key, place), name, every, what)

"""What must hold between the parameters of public bodies, beyond the form of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scorepolis.core.yamlfile import Keys
from scorepolis.parameters.bodies import BEHAVIOURS, Bodies, BodySensor
from scorepolis.parameters.checking import Fault, known, one, several, share

ROOT: Keys = ("bodies",)
MOST_SENSORS = 16
"""Of all kinds: their draws follow one another."""
MOST_BODIES = 100
"""Of a kind in a district."""
MOST_MONTHS = 1200
MOST_STRAIN = 100
"""Times for each bill."""


def body_faults(bodies: Bodies, people_sensors: Iterable[str]) -> Iterator[Fault]:
    """Find what does not hold.

    Parameters
    ----------
    bodies : Bodies
        Parameters whose entries are each of the right form.
    people_sensors : iterable of str
        Names of the sensors of people.

    Yields
    ------
    Fault
        One fault after the other, in the order of the file.
    """
    yield from one((*ROOT, "past_months"), bodies.past_months, 0, MOST_MONTHS, whole=True)
    yield from one((*ROOT, "head_term"), bodies.head_term, 1, MOST_MONTHS, whole=True)
    yield from _kinds(bodies)
    yield from _behaviours(bodies)
    yield from share((*ROOT, "suppliers", "share"), bodies.suppliers.share)
    yield from one((*ROOT, "suppliers", "strain"), bodies.suppliers.strain, 0, MOST_STRAIN)
    yield from known((*ROOT, "reports_by"), bodies.reports_by, people_sensors, "sensor")
    for name, service in bodies.services.items():
        here = (*ROOT, "services", name)
        for field in ("wants", "worth", "price"):
            yield from one((*here, field), getattr(service, field), 0)
        yield from several((*here, "kinds"), service.kinds, len(bodies.kinds), 0)
    if len(bodies.sensors) > MOST_SENSORS:
        yield Fault((*ROOT, "sensors"), f"{len(bodies.sensors)} sensors", f"at most {MOST_SENSORS}")
    for name, sensor in bodies.sensors.items():
        yield from _sensor((*ROOT, "sensors", name), sensor, len(bodies.kinds))
    seen = {behaviour for sensor in bodies.sensors.values() for behaviour in sensor.sees}
    for name in BEHAVIOURS:
        if name not in seen:
            yield Fault((*ROOT, "behaviours", name), "no sensor sees it", "a sensor whose `sees` names it")


def _kinds(bodies: Bodies) -> Iterator[Fault]:
    if not bodies.kinds:
        yield Fault((*ROOT, "kinds"), "no kind of public body", "one or more")
    near = [name for name, kind in bodies.kinds.items() if kind.place == "neighbourhood"]
    for name in near[1:]:
        yield Fault((*ROOT, "kinds", name, "place"), "a second kind of neighbourhoods", "at most one: `district`")
    for name, kind in bodies.kinds.items():
        here = (*ROOT, "kinds", name)
        if (kind.number is None) != (kind.place == "neighbourhood"):
            expected = "no such key: there is one for each" if kind.number else "`number`: bodies per district"
            yield Fault((*here, "number") if kind.number else here, "`number` does not fit", expected)
        yield from one((*here, "number"), kind.number, 0, MOST_BODIES, whole=True)


def _behaviours(bodies: Bodies) -> Iterator[Fault]:
    here = (*ROOT, "behaviours")
    arrears, judgments = bodies.behaviours.payment_arrears, bodies.behaviours.ignoring_judgment
    falsified = bodies.behaviours.falsified_reports
    yield from one((*here, "payment_arrears", "rate"), arrears.rate, 0)
    yield from several((*here, "payment_arrears", "kinds"), arrears.kinds, len(bodies.kinds), 0)
    for name, field, amount in (
        ("payment_arrears", "gain", arrears.gain),
        ("payment_arrears", "fine", arrears.fine),
        ("ignoring_judgment", "gain", judgments.gain),
        ("ignoring_judgment", "fine", judgments.fine),
        ("falsified_reports", "scruple", falsified.scruple),
        ("falsified_reports", "fine", falsified.fine),
    ):
        yield from one((*here, name, field), amount, 0)
    for name, field, part in (
        ("payment_arrears", "unable", arrears.unable),
        ("payment_arrears", "paid", arrears.paid),
        ("payment_arrears", "sued", arrears.sued),
        ("ignoring_judgment", "ignored", judgments.ignored),
        ("ignoring_judgment", "performed", judgments.performed),
        ("falsified_reports", "effort", falsified.effort),
    ):
        yield from share((*here, name, field), part)


def _sensor(path: Keys, sensor: BodySensor, kinds: int) -> Iterator[Fault]:
    if sensor.inspects is not None:
        yield from one((*path, "inspects", "rate"), sensor.inspects.rate, 0)
        yield from several((*path, "inspects", "kinds"), sensor.inspects.kinds, kinds, 0)
    for name, chance in sensor.sees.items():
        yield from known((*path, "sees", name), name, BEHAVIOURS, "behaviour of public bodies")
        yield from share((*path, "sees", name), chance)
    yield from share((*path, "wrong_body"), sensor.wrong_body)
    if sensor.false_finding is not None:
        yield from share((*path, "false_finding"), sensor.false_finding)
        if sensor.inspects is None or not sensor.sees:
            yield Fault((*path, "false_finding"), "the sensor inspects nobody, or sees nothing", "no such key")

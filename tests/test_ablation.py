"""Nothing is without effect: whatever is switched off, a named measure moves in the world named beside it."""

import pytest
from tests.ablation.fixtures import FIXTURES, LISTS
from tests.ablation.knobs import knobs
from tests.ablation.parameters import PARAMETERS, row_of
from tests.ablation.worlds import assert_moved, memoise

from scorepolis.core.provenance import Quantities
from scorepolis.parameters import load, quantities
from scorepolis.parameters.model import Coverage, Rate
from scorepolis.rulebooks import load as load_rulebook

QUANTITIES = dict(quantities(load()))
BOOKS = ("teaching-town", "rongcheng-2019", *LISTS)
KNOBS = {
    f"{name}.{knob.name}": knob for name in BOOKS for knob in knobs(FIXTURES[name].edit(load_rulebook(name, load())))
}


@pytest.fixture(autouse=True, scope="module")
def _memoised():
    with pytest.MonkeyPatch.context() as patch:
        memoise(patch)
        yield


def moved(path, quantity, to):
    """Values of a parameter that has been moved, and whether it has risen (1) or fallen (-1)."""
    lowest, highest = quantity.range
    ends = {"lowest": lowest, "highest": highest}
    if isinstance(quantity, Quantities):
        values = quantity.values[::-1] if to == "reversed" else [ends[to or "lowest"]] * len(quantity.values)
        return {f"{path}.{place}": value for place, value in enumerate(values)}, -1
    new = ends[to] if to else lowest if quantity.value - lowest >= highest - quantity.value else highest
    return {path: new}, 1 if new > quantity.value else -1


@pytest.mark.parametrize("path", QUANTITIES)
def test_every_parameter_moves_a_measure(path):
    row = row_of(path)
    fixture = FIXTURES[row.fixture.format(*path.split("."))]
    values, direction = moved(path, fixture.ranges[path], row.to)
    assert_moved(fixture.base[1], fixture.with_values(values), row.measure, row.here(path), row.sign * direction)


def test_the_choice_of_form_moves_a_measure():
    fixture = FIXTURES["uniform gain"]
    exponential = fixture.with_values({"coefficients.deterrence.form": "exponential"})
    assert_moved(fixture.base[1], exponential, "deterred", {})


@pytest.mark.parametrize("name", [name for name, b in load().behaviours.items() if b.decided_by is None])
def test_every_behaviour_can_be_switched_off(name):
    fixture = FIXTURES["busy"]
    behaviour = fixture.parameters.behaviours[name]
    never = Rate(male=nought(behaviour.rate.male), female=nought(behaviour.rate.female))
    parameters = altered(fixture.parameters, "behaviours", name, rate=never)
    assert_moved(fixture.base[1], fixture.with_parameters(parameters), "episodes", {"behaviour": name}, -1)


@pytest.mark.parametrize("name", load().services)
def test_every_service_can_be_switched_off(name):
    fixture = FIXTURES["village"]
    wants = nought(fixture.parameters.services[name].wants)
    parameters = altered(fixture.parameters, "services", name, wants=wants)
    assert_moved(fixture.base[1], fixture.with_parameters(parameters), "applications", {"service": name}, -1)


@pytest.mark.parametrize("name", load().sensors)
def test_every_sensor_can_be_switched_off(name):
    fixture = FIXTURES["busy"]
    coverage = fixture.parameters.sensors[name].coverage
    blind = Coverage(urban=nought(coverage.urban), rural=nought(coverage.rural))
    parameters = altered(fixture.parameters, "sensors", name, coverage=blind)
    assert_moved(fixture.base[1], fixture.with_parameters(parameters), "recall", {"sensor": name}, -1)


def nought(quantity):
    return quantity.model_copy(update={"value": 0, "range": (0, quantity.range[1])})


def altered(parameters, family, name, **changes):
    """Parameters in which one behaviour, service or sensor is another."""
    entries = getattr(parameters, family)
    changed = {name: entries[name].model_copy(update=changes)}
    return parameters.model_copy(update={family: entries | changed})


def test_every_row_is_needed():
    used = [row_of(path) for path in QUANTITIES]
    assert [row.path for row in PARAMETERS if row not in used] == []


@pytest.mark.parametrize("name", KNOBS)
def test_every_rule_and_every_knob_of_a_rulebook_moves_a_measure(name):
    knob = KNOBS[name]
    fixture = FIXTURES[knob.fixture]
    assert_moved(fixture.base[1], fixture.with_rulebook(knob.book), knob.measure, knob.at)

"""Nothing is without effect: whatever is switched off, a named measure moves in the world named beside it."""

import fnmatch
from functools import cache

import pytest
from tests.ablation.fixtures import FIXTURES, LISTS, OTHERS, WEIGHTED
from tests.ablation.knobs import knobs
from tests.ablation.memory import memoise
from tests.ablation.parameters import PARAMETERS, row_of
from tests.ablation.worlds import assert_moved

from scorepolis.core.provenance import Quantities
from scorepolis.parameters import load, quantities
from scorepolis.rulebooks import load as load_rulebook

# Those of firms are moved in test_firms, those of public bodies in test_bodies.
QUANTITIES = {path: quantity for path, quantity in quantities(load()) if not path.startswith(("firms.", "bodies."))}
BOOKS = ("teaching-town", "rongcheng-2019", "sesame", *WEIGHTED, *LISTS, *OTHERS)
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
    values, direction = moved(path, fixture.quantities[path], row.to)
    assert_moved(fixture.base[1], fixture.with_values(values), row.measure, row.here(path), row.sign * direction)


def test_the_choice_of_form_moves_a_measure():
    fixture = FIXTURES["uniform gain"]
    exponential = fixture.with_values({"coefficients.deterrence.form": "exponential"})
    assert_moved(fixture.base[1], exponential, "deterred", {})


OFF = {
    "behaviour": ("behaviours.*.rate.*", "episodes"),
    "service": ("services.*.wants", "applications"),
    "sensor": ("sensors.*.coverage.*", "recall"),
}
# What is done in the course of a case has no rate; it is the coefficients of the courts that switch it off, above.
ALL = {
    "behaviour": [name for name, behaviour in load().behaviours.items() if behaviour.decided_by is None],
    "service": load().services,
    "sensor": load().sensors,
}


@cache
def all_off(kind):
    """Measures of a world in which nobody does, wants or watches anything: the one as well as the others."""
    fixture, (pattern, _) = FIXTURES["busy"], OFF[kind]
    return fixture.with_values(dict.fromkeys(fnmatch.filter(fixture.quantities, pattern), 0))


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in ALL.items() for name in names])
def test_every_behaviour_service_and_sensor_can_be_switched_off(kind, name):
    assert_moved(FIXTURES["busy"].base[1], all_off(kind), OFF[kind][1], {kind: name}, -1)


def test_every_row_is_needed():
    used = [row_of(path) for path in QUANTITIES]
    assert [row.path for row in PARAMETERS if row not in used] == []


@pytest.mark.parametrize("name", KNOBS)
def test_every_rule_and_every_knob_of_a_rulebook_moves_a_measure(name):
    knob = KNOBS[name]
    fixture = FIXTURES[knob.fixture]
    assert_moved(fixture.base[1], fixture.with_rulebook(fixture.edit(knob.book)), knob.measure, knob.at)

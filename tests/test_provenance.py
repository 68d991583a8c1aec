"""A number without unit, status, grounds or range is no parameter."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scorepolis.core.provenance import Choice, Quantities, Quantity

GOOD: dict[str, Any] = {"value": 0.1, "unit": "share", "status": "assumed", "reason": "ours", "range": [0, 1]}


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name != key}


def test_a_number_keeps_its_digits():
    assert Quantity.model_validate(GOOD).exact == Fraction(1, 10)
    assert Quantity.model_validate(GOOD | {"value": 1e-6}).exact == Fraction(1, 10**6)
    several = Quantities.model_validate(without("value") | {"values": [0.1, 1, 0.3]})
    assert several.exact == (Fraction(1, 10), Fraction(1), Fraction(3, 10))


@given(st.decimals(min_value=-1000, max_value=1000, places=6))
def test_exact_is_what_was_written(number):
    quantity = Quantity.model_validate(GOOD | {"value": float(number), "range": [-1000, 1000]})
    assert quantity.exact == Fraction(number)


@pytest.mark.parametrize("key", list(GOOD))
def test_nothing_may_be_left_out(key: str):
    with pytest.raises(ValidationError):
        Quantity.model_validate(without(key))


@pytest.mark.parametrize(
    "change",
    [
        {"status": "documented"},  # no source
        {"status": "reported"},
        {"status": "documented", "source": " "},
        {"status": "guessed"},
        {"reason": ""},
        {"reason": None, "source": "a paper"},  # a source is no reason of one's own
        {"unit": ""},
        {"value": 2},
        {"value": -0.001},
        {"value": True},
        {"value": "0.1"},
        {"value": None},
        {"value": float("nan")},
        {"value": float("inf"), "range": [0, float("inf")]},
        {"value": 10**400, "range": [0, 10**400]},
        {"range": [1, 0]},
        {"range": [0]},
        {"range": [0, 1, 2]},
        {"range": [0, float("nan")]},
        {"range": "0-1"},
        {"sauce": "x"},
        {"values": [0.1]},
    ],
)
def test_refused(change: dict[str, Any]):
    with pytest.raises(ValidationError):
        Quantity.model_validate(GOOD | change)


@pytest.mark.parametrize("values", [[], [0.1, 2], [0.1, True], [0.1, "0.2"], 0.1])
def test_refused_lists(values: object):
    with pytest.raises(ValidationError):
        Quantities.model_validate(without("value") | {"values": values})


@pytest.mark.parametrize("status", ["documented", "reported"])
def test_found_values_need_a_source_only(status: str):
    found = without("reason") | {"status": status, "source": "National Bureau of Statistics of China", "note": "2020"}
    assert Quantity.model_validate(found).source == "National Bureau of Statistics of China"


def test_frozen():
    quantity = Quantity.model_validate(GOOD)
    with pytest.raises(ValidationError):
        quantity.value = 0.2


def test_a_choice_has_grounds_too():
    form = Choice[Literal["a", "b"]]
    assert form.model_validate({"value": "a", "status": "assumed", "reason": "ours"}).value == "a"
    with pytest.raises(ValidationError):
        form.model_validate({"value": "c", "status": "assumed", "reason": "ours"})
    with pytest.raises(ValidationError):
        form.model_validate({"value": "a", "status": "assumed"})

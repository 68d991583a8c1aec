"""Tables of a small made-up book over made-up parameters, against numbers worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorepolis import parameters, rulebooks
from scorepolis.core.errors import InputError
from scorepolis.core.exact import exp_fraction, ln_fraction, q
from scorepolis.core.provenance import Quantities, Quantity
from scorepolis.parameters.model import (
    Awareness,
    Behaviour,
    Coefficients,
    Coverage,
    Delay,
    Deterrence,
    Door,
    Parameters,
    Past,
    Rate,
    Sensor,
    Service,
    Treatment,
)
from scorepolis.rulebooks import Rulebook, compile_instruments
from scorepolis.rulebooks.compile import BEYOND


def number(value: float) -> Quantity:
    return Quantity(value=value, unit="units", status="assumed", reason="an example", range=(-(10**6), 10**6))


def behaviour(conduct: str, door: Door | None = None) -> Behaviour:
    rate = Rate(male=number(1), female=number(1))
    return Behaviour(
        title="An act", domain="society", conduct=conduct, trait="prudence", age="adult", rate=rate, weight=number(1),
        slope=number(0), door=door, harm=number(1),
    )  # fmt: skip


def service(wants: float, worth: float, price: float, urban: float | None = None) -> Service:
    return Service(
        title="A thing", domain="society", age="adult", wants=number(wants), worth=number(worth), price=number(price),
        urban=None if urban is None else number(urban), refused_income=number(0), refused_hardship=number(0),
    )  # fmt: skip


def sensor(*, ordinary: bool) -> Sensor:
    return Sensor(
        title="A sensor", kind="agency", ordinary=ordinary, coverage=Coverage(urban=number(1), rural=number(1)),
        sees={"speeding": number(1)}, false_positive=number(0), wrong_person=number(0),
        delay=Delay(shortest=number(0), longest=number(0)),
    )  # fmt: skip


PARAMETERS = Parameters.model_construct(
    age_profiles={
        "adult": Quantities(
            values=[0, 0.5, 1, 1, 1, 1, 1, 0.5], unit="factor", status="assumed", reason="an example", range=(0, 1)
        )
    },
    behaviours={
        "singing": behaviour("good"),
        "speeding": behaviour("bad"),
        "lying": behaviour("bad", Door(service="flight", share=number(0.25))),
        "helping": behaviour("good"),
    },
    services={"flight": service(2, 300, 1000, 1.5), "train": service(4, 100, 200)},
    sensors={"camera": sensor(ordinary=True), "neighbour": sensor(ordinary=False)},
    coefficients=Coefficients.model_construct(
        deterrence=Deterrence.model_construct(discount_rate=number(0.2)),
        awareness=Awareness.model_construct(awareness=number(0.11), partly_known=number(0.5)),
        services=Treatment.model_construct(delay_cost=number(0.05), priority_worth=number(0.1)),
        past=Past(past_horizon=number(1825)),
    ),
)


def grades(*bands: tuple[str, int, int]) -> list[dict[str, object]]:
    return [{"grade": name, "lowest": number(low), "highest": number(high)} for name, low, high in bands]


def assumed(**entries: object) -> dict[str, object]:
    return {"status": "assumed", "reason": "an example", **entries}


def book(name: str, **instrument: object) -> Rulebook:
    return Rulebook.model_validate(
        {
            "version": 1, "name": name, "title": "A book", "purpose": "Tests", "legal_basis": "None", "tag": "stylised",
            "in_force": {"from": "2019-01-01"}, "employs": ["neighbour"],
            "instruments": [{"id": "points", "method": "points", "subject": "person", **instrument}],
        }
    )  # fmt: skip


ONE = book(
    "one",
    scope={"min_age": number(18), "migrants": True},
    transparency="partly",
    notice=True,
    start=number(100),
    range={"lowest": number(0), "highest": number(200)},
    grades=grades(("C", 0, 79), ("B", 80, 119), ("A", 120, 200)),
    reach=["neighbour"],
    rules=[
        {
            "id": "R1", "text": "Speeding", "behaviours": ["speeding"], "points": number(-5), "expires": number(365),
            "repeat": {"window": number(30), "step": number(2), "most": number(4)},
        },
        {
            "id": "R2", "text": "Lying", "behaviours": ["lying"], "points": number(-20), "expires": None,
            "override": {"grade": "B", "term": number(3650)},
        },
        {
            "id": "R3", "text": "Helping", "behaviours": ["helping", "singing"], "points": number(5),
            "expires": number(30), "cap": {"window": number(20), "most": number(3)},
        },
    ],
    consequences=[
        assumed(service="flight", grades=["C"], effect="deny"),
        assumed(service="flight", grades=["C"], effect="surcharge", percent=number(50)),
        assumed(service="train", grades=["C"], effect="delay", days=number(4)),
        assumed(service="train", grades=["B"], effect="surcharge", percent=number(10)),
        assumed(service="flight", grades=["A"], effect="priority"),
        assumed(service="flight", grades=["A"], effect="delay", days=number(1)),
        assumed(service="train", grades=["A"], effect="discount", percent=number(25)),
    ],
    publicity={
        "billboard": {"grades": ["C"], "price_of_shame": number(1000)},
        "gallery": {"grades": ["A"], "praise": number(200)},
    },
)  # fmt: skip

TWO = book(
    "two",
    scope={"min_age": number(0), "migrants": False},
    transparency="secret",
    notice=False,
    start=number(-50),
    range={"lowest": number(-101), "highest": number(-50)},
    grades=grades(("low", -101, -60), ("high", -59, -50)),
    reach=["camera", "neighbour"],
    rules=[
        {
            "id": "X", "text": "Lying", "behaviours": ["lying"], "points": number(0), "expires": None,
            "override": {"grade": "low", "term": number(365)},
        }
    ],
)  # fmt: skip


@pytest.fixture(scope="module")
def tables():
    return compile_instruments([ONE, TWO], PARAMETERS)


# Columns of rules: R1, R2, R3 of the first book; X and two that are padding of the second.
RULES = {
    "rule_of": [[2, 0, 1, 2], [-1, -1, 0, -1]],
    "rule_points": [[-5, -20, 5], [0, 0, 0]],
    "rule_expires": [[365, -1, 30], [-1, -1, -1]],
    "rule_counter": [[0, -1, 1], [-1, -1, -1]],
    "rule_window": [[30, 0, 20], [0, 0, 0]],
    "rule_step": [[2, 0, 0], [0, 0, 0]],
    "rule_repeat_most": [[4, 0, 0], [0, 0, 0]],
    "rule_cap": [[-1, -1, 3], [-1, -1, -1]],
    "rule_override": [[-1, 1, -1], [0, -1, -1]],
    "rule_override_term": [[0, 3650, 0], [365, 0, 0]],
    # (1 - e^-0.2)/0.2 = 0.906346 for a year; the override's ten years, (1 - e^-2)/0.2 = 4.323324, outlast the horizon
    # of five; thirty days are 0.081520 years; in the second book the override's year outlasts ten days. Times 256.
    "rule_duration": [[232, 1107, 21], [232, 0, 0]],
    "override_grade": [[1, -1], [0, -1]],
}

GRADES = {
    "score_lowest": [0, -101],
    "score_highest": [200, -50],
    "score_start": [100, -50],
    "grade_lowest": [[0, 80, 120], [-101, -59, BEYOND]],
    "grade_midpoint": [[39, 99, 160], [-81, -55, BEYOND]],
    "grades_count": [3, 2],
    "reach": [[0, 1], [1, 1]],
    "scope_min_age": [18, 0],
    "scope_migrants": [1, 0],
    "notice": [1, 0],
    "awareness_q32": [236_223_201, 0],  # 0.11 * 0.5 * 2^32 = 236223201.28
}

EFFECTS = {
    "effect_bits": [[[1, 0, 18], [2, 0, 0]], [[0, 0, 0], [0, 0, 0]]],
    "effect_days": [[[0, 0, 1], [4, 0, 0]], [[0, 0, 0], [0, 0, 0]]],
    "effect_percent": [[[0, 0, 0], [0, 10, -25]], [[0, 0, 0], [0, 0, 0]]],
    "on_billboard": [[1, 0, 0], [0, 0, 0]],
    "in_gallery": [[0, 0, 1], [0, 0, 0]],
}


@pytest.mark.parametrize(("name", "expected"), (RULES | GRADES | EFFECTS).items())
def test_table_by_hand(tables, name, expected):
    assert tables[name].tolist() == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        # Three flights and four trains a year: C = -3*300 - 4*100*0.2 - 1000; B = -4*200*0.1;
        # A = 3*300*(0.1 - 0.05) + 4*200*0.25 + 200.
        (3 * 4 + 1, [-1980, -80, 445]),
        (3 * 4 + 3, [-1980, -80, 445]),  # women want the same
        (3 * 4 + 0, [-1680, -80, 430]),  # two flights in the country
        (1 * 4 + 1, [-1490, -40, 323]),  # half as much under 18; 322.5 rounds up
        (0, [-1000, 0, 200]),  # small children want nothing; shame and praise remain
    ],
)
def test_worth_by_hand(tables, cell, expected):
    assert tables["worth"][0, cell].tolist() == expected


def test_worth_without_consequences_is_nothing(tables):
    assert not tables["worth"][1].any()


def test_a_denied_service_shuts_the_door_behind_it(tables):
    assert tables["open_door"][0].tolist() == [[65536] * 3, [65536] * 3, [49152, 65536, 65536], [65536] * 3]
    assert (tables["open_door"][1] == 65536).all()


def test_types(tables):
    wide = {"rule_duration", "awareness_q32", "worth", "open_door"}
    assert {name for name, table in tables.items() if table.dtype == np.int64} == wide
    for name in ("reach", "scope_migrants", "notice", "effect_bits", "on_billboard", "in_gallery"):
        assert tables[name].dtype == np.uint8
    for name in ("rule_counter", "rule_override", "override_grade"):
        assert tables[name].dtype == np.int8
    for name in ("rule_of", "rule_points", "rule_step", "rule_repeat_most", "rule_cap"):
        assert tables[name].dtype == np.int16


def test_a_point_that_never_expires_counts_for_the_horizon():
    rules = tuple(rule.with_(override=None) for rule in ONE.instruments[0].rules)
    tables = compile_instruments([ONE.with_(instruments=(ONE.instruments[0].with_(rules=rules),))], PARAMETERS)
    assert tables["rule_duration"][0].tolist() == [232, 809, 21]  # (1 - e^-1)/0.2 = 3.160603
    assert tables["override_grade"].tolist() == [[-1, -1]]


def test_two_override_grades_stand_lower_first():
    rules = list(ONE.instruments[0].rules)
    rules[2] = rules[2].with_(override={"grade": "C", "term": number(5)})
    tables = compile_instruments([ONE.with_(instruments=(ONE.instruments[0].with_(rules=tuple(rules)),))], PARAMETERS)
    assert tables["override_grade"].tolist() == [[0, 1]]
    assert tables["rule_override"].tolist() == [[-1, 1, 0]]


def test_order_of_books_is_the_order_of_instruments(tables):
    other = compile_instruments([TWO, ONE], PARAMETERS)
    for name, table in tables.items():
        assert np.array_equal(other[name], table[::-1]), name


def test_without_instruments_the_tables_are_empty():
    law = rulebooks.load("law-only", parameters.load())
    for books in ([], [law]):
        tables = compile_instruments(books, PARAMETERS)
        assert all(len(table) == 0 for table in tables.values())
        assert tables["rule_of"].shape == (0, 4)
        assert tables["worth"].shape == (0, 32, 0)
        assert tables["reach"].shape == (0, 2)


def test_a_changed_book_is_checked_again():
    broken = ONE.with_(instruments=(ONE.instruments[0].with_(reach=("neighbor",)),))
    with pytest.raises(InputError, match=r"one, instruments\.0\.reach\.0: unknown sensor 'neighbor'.*'neighbour'"):
        compile_instruments([broken], PARAMETERS)


def test_a_book_stands_once_in_a_run():
    with pytest.raises(InputError, match="'one' stands twice"):
        compile_instruments([ONE, ONE], PARAMETERS)


def test_library_compiles():
    everything = parameters.load()
    books = [rulebooks.load(name, everything) for name in rulebooks.names()]
    tables = compile_instruments(books, everything)
    assert len(tables["score_start"]) == 2
    # A better grade is never worth less, to anybody.
    for k, count in enumerate(tables["grades_count"]):
        assert (np.diff(tables["worth"][k, :, :count], axis=-1) >= 0).all()


@settings(deadline=None)
@given(st.integers(0, 40), st.fractions(min_value=-1000, max_value=1000))
def test_q_rounds_to_the_nearest(bits, value):
    error = Fraction(q(bits, value), 1 << bits) - value
    assert -Fraction(1, 2 << bits) < error <= Fraction(1, 2 << bits)


def test_q_rounds_halves_upward():
    assert [q(0, Fraction(n, 2)) for n in (-3, -1, 1, 3)] == [-1, 0, 1, 2]
    assert q(16, 1) == 65536


def test_exponential_and_logarithm_to_forty_digits():
    e = Fraction("2.718281828459045235360287471352662497757247093699959574966967627724")
    ln2 = Fraction("0.693147180559945309417232121458176568075500134360255254120680009493")
    assert abs(exp_fraction(1) - e) < Fraction(1, 10**39)
    assert abs(ln_fraction(2) - ln2) < Fraction(1, 10**40)
    assert exp_fraction(0) == 1
    assert ln_fraction(1) == 0
    # A third has no end in decimal digits.
    assert abs(exp_fraction(Fraction(1, 3)) ** 3 - e) < Fraction(1, 10**38)
    with pytest.raises(ValueError, match="above zero"):
        ln_fraction(0)

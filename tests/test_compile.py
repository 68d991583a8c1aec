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
    Wrongful,
)
from scorepolis.rulebooks import Rulebook, compile_instruments
from scorepolis.rulebooks.compile import BEYOND


def number(value: float) -> Quantity:
    return Quantity(value=value, unit="units", status="assumed", reason="an example", range=(-(10**6), 10**6))


def behaviour(conduct: str, harm: float = 1, weight: int = 1, **entries: object) -> Behaviour:
    rate = Rate(male=number(1), female=number(1))
    return Behaviour(
        title="An act", domain="society", conduct=conduct, trait="prudence", age="adult", rate=rate,
        weight=number(weight), slope=number(0), harm=number(harm), **entries,
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
        "lying": behaviour("bad", door=Door(service="flight", share=number(0.25))),
        "helping": behaviour("good"),
    },
    services={"flight": service(2, 300, 1000, 1.5), "train": service(4, 100, 200)},
    sensors={"camera": sensor(ordinary=True), "neighbour": sensor(ordinary=False)},
    coefficients=Coefficients.model_construct(
        deterrence=Deterrence.model_construct(discount_rate=number(0.2)),
        awareness=Awareness.model_construct(awareness=number(0.11), partly_known=number(0.5)),
        services=Treatment.model_construct(delay_cost=number(0.05), priority_worth=number(0.1)),
        past=Past(past_horizon=number(1825)),
        wrongful=Wrongful.model_construct(proportion=number(10)),
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
        "app": {"grades": ["C"], "price_of_shame": number(0)},
        "gallery": {"grades": ["A"], "praise": number(200)},
        "broadcast_praise": {"grades": ["A", "B"], "praise": number(0)},
    },
)  # fmt: skip

TWO = book(
    "two",
    scope={"min_age": number(0), "migrants": False, "exempt": ["public_servant"]},
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
    "rule_of": [[[2, 2], [0, 0], [1, 1], [2, 2]], [[-1, -1], [-1, -1], [0, 0], [-1, -1]]],
    "rule_weighed": [[2, 0, 1, 2], [-1, -1, 0, -1]],
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
    "rule_shared": [[0, 0, 0], [0, 0, 0]],
    "override_grade": [[1, -1], [0, -1]],
    "rule_nibble": [[-1, 0, -1], [0, -1, -1]],
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
    "scope_covers": [[1, 1, 1, 1], [1, 0, 0, 0]],
    "scope_exempt": [0, 2],
    "notice": [1, 0],
    "awareness_q32": [236_223_201, 0],  # 0.11 * 0.5 * 2^32 = 236223201.28
    "is_list": [0, 0],
    "stock_q32": [0, 0],
    "appeal_days": [0, 0],
    "upheld_q32": [[0, 0], [0, 0]],
    "feed_grade": [[-1, -1], [-1, -1]],
    "feed_override": [[-1, -1], [-1, -1]],
}

EFFECTS = {
    "effect_bits": [[[1, 0, 18], [2, 0, 0]], [[0, 0, 0], [0, 0, 0]]],
    "effect_days": [[[0, 0, 1], [4, 0, 0]], [[0, 0, 0], [0, 0, 0]]],
    "effect_percent": [[[0, 0, 0], [0, 10, -25]], [[0, 0, 0], [0, 0, 0]]],
    "shown_on": [[0b000011, 0b100000, 0b110000], [0, 0, 0]],
    "family_denies": [[0, 0], [0, 0]],
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
    wide = {"rule_duration", "rule_shared", "awareness_q32", "worth", "value", "open_door", "upheld_q32", "stock_q32"}
    wide |= {"feature_parts", "merit_parts", "score_base", "repair_asks", "repair_granted", "repair_costs"}
    assert {name for name, table in tables.items() if table.dtype == np.int64} == wide
    for name in (
        *("reach", "scope_covers", "scope_exempt", "notice", "effect_bits", "shown_on", "is_list", "family_denies"),
        *("no_legal_basis", "disproportionate", "is_weighted", "reckoning"),
    ):
        assert tables[name].dtype == np.uint8
    for name in (
        "rule_counter",
        "rule_override",
        "override_grade",
        "rule_nibble",
        "feed_grade",
        "feed_override",
        "feature_value",
    ):
        assert tables[name].dtype == np.int8
    for name in ("rule_of", "rule_weighed", "rule_points", "rule_step", "rule_repeat_most", "rule_cap"):
        assert tables[name].dtype == np.int16
    assert tables["appeal_days"].dtype == np.int32


def test_a_point_that_never_expires_counts_for_the_horizon():
    rules = tuple(rule.with_(override=None) for rule in ONE.instruments[0].rules)
    tables = compile_instruments([ONE.with_(instruments=(ONE.instruments[0].with_(rules=rules),))], PARAMETERS)
    assert tables["rule_duration"][0].tolist() == [232, 809, 21]  # (1 - e^-1)/0.2 = 3.160603
    assert tables["override_grade"].tolist() == [[-1, -1]]


# A list over made-up acts: speeding until performance, lying for a year, but for ten days only if a neighbour says so.
# Helping counts if a neighbour says so, and from nobody else.
LIST = book(
    "list",
    method="list",
    scope={"min_age": number(18), "migrants": True},
    transparency="published",
    notice=True,
    reach=["camera", "neighbour"],
    appeal={"days": number(15), "upheld_wrong": number(0.5), "upheld_other": number(0.125)},
    stock=number(0.25),
    family=["train"],
    rules=[
        assumed(id="L1", text="Lying, said by a neighbour", behaviours=["lying"], by=["neighbour"], term=number(10)),
        assumed(id="L2", text="Lying", behaviours=["lying"], term=number(365), legal_basis="none"),
        assumed(id="L3", text="Speeding", behaviours=["speeding"], term=None),
        assumed(id="L4", text="Helping", behaviours=["helping"], by=["neighbour"], term=number(100)),
    ],
    consequences=[
        assumed(service="train", grades=["listed"], effect="deny"),
        assumed(service="flight", grades=["listed"], effect="surcharge", percent=number(50)),
    ],
    publicity={
        "billboard": {"grades": ["listed"], "price_of_shame": number(70)},
        "ringtone": {"grades": ["listed"], "price_of_shame": number(30)},
        "broadcast_shame": {"grades": ["listed"], "price_of_shame": number(0)},
    },
)

LISTED = {
    # By behaviour, then by camera and neighbour.
    "rule_of": [[-1, -1], [2, 2], [1, 0], [-1, 3]],
    "rule_weighed": [-1, 2, 1, 3],
    "rule_points": [0, 0, 0, 0],
    "rule_expires": [-1, -1, -1, -1],
    "rule_counter": [-1, -1, -1, -1],
    "rule_override": [0, 0, 0, 0],
    "rule_override_term": [10, 365, 0, 100],
    "rule_nibble": [1, 1, 0, 1],
    # (1 - e^-0.2t)/0.2 for ten days 0.027322, a year 0.906346, five years of horizon 3.160603, 100 days 0.266615.
    "rule_duration": [7, 232, 809, 68],
    "rule_shared": [0, 0, 0, 0],
    "override_grade": [0, 0],
    "score_lowest": 0,
    "score_highest": 1,
    "score_start": 1,
    "grade_lowest": [0, 1],
    "grade_midpoint": [0, 1],
    "grades_count": 2,
    "is_list": 1,
    "stock_q32": 1 << 30,
    "appeal_days": 15,
    "upheld_q32": [1 << 31, 1 << 29],
    "family_denies": [0, 1],
    "effect_bits": [[0, 0], [1, 0]],
    "effect_percent": [[50, 0], [0, 0]],
    "shown_on": [0b001101, 0],
}


@pytest.fixture(scope="module")
def listed():
    return compile_instruments([LIST], PARAMETERS)


@pytest.mark.parametrize(("name", "expected"), LISTED.items())
def test_table_of_a_list_by_hand(listed, name, expected):
    assert listed[name][0].tolist() == expected


def test_worth_of_a_list_by_hand(listed):
    # Three flights in town at half of 1000 more, four trains at 100 each, and the shame; in the country two flights.
    assert listed["worth"][0, 13].tolist() == [-1500 - 400 - 100, 0]
    assert listed["worth"][0, 12].tolist() == [-1000 - 400 - 100, 0]


def fed(grade: str, override: str, *more: dict[str, object], listing: str = "list") -> Rulebook:
    feed = assumed(rulebook=listing, instrument="points", grade=grade, override=override)
    return ONE.with_(instruments=(ONE.instruments[0].with_(fed_by=[feed, *more]),))


def test_feeds_by_hand():
    tables = compile_instruments([TWO, LIST, fed("listed", "C")], PARAMETERS)
    assert tables["feed_grade"].tolist() == [[-1, -1, -1], [-1, -1, 0], [-1, -1, -1]]
    assert tables["feed_override"].tolist() == [[-1, -1, -1], [-1, -1, 0], [-1, -1, -1]]
    # C by the feed, B by lying.
    assert tables["override_grade"].tolist() == [[0, -1], [0, 0], [0, 1]]
    assert tables["rule_nibble"][2, :3].tolist() == [-1, 1, -1]


def test_points_feed_points_too():
    tables = compile_instruments([TWO, fed("high", "B", listing="two")], PARAMETERS)
    assert tables["feed_grade"].tolist() == [[-1, 1], [-1, -1]]
    assert tables["feed_override"].tolist() == [[-1, 1], [-1, -1]]
    assert tables["override_grade"].tolist() == [[0, -1], [1, -1]]


@pytest.mark.parametrize("books", [[fed("listed", "C"), LIST], [fed("listed", "C")]])
def test_a_feed_from_behind_or_from_elsewhere_is_idle(books):
    tables = compile_instruments(books, PARAMETERS)
    assert (tables["feed_grade"] == -1).all()
    assert (tables["feed_override"] == -1).all()
    assert tables["override_grade"][0].tolist() == [0, 1]


def test_a_feed_must_find_what_it_names():
    with pytest.raises(InputError, match=r"one, instruments\.0\.fed_by\.0\.grade: unknown grade 'lifted'"):
        compile_instruments([LIST, fed("lifted", "C")], PARAMETERS)
    with pytest.raises(InputError, match="a feed to A holds nobody down"):
        compile_instruments([LIST, fed("listed", "A")], PARAMETERS)
    other = LIST.with_(instruments=(LIST.instruments[0].with_(id="other"),))
    with pytest.raises(InputError, match=r"fed by an unknown instrument 'points'; expected one of other"):
        compile_instruments([other, fed("listed", "C")], PARAMETERS)


def test_what_has_no_legal_basis(listed):
    # By rule and behaviour: singing, speeding, lying, helping.
    assert listed["no_legal_basis"][0].tolist() == [[0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    behaviours = PARAMETERS.behaviours | {"speeding": behaviour("bad", protected="ICCPR 12")}
    parameters = PARAMETERS.model_copy(update={"behaviours": behaviours})
    tables = compile_instruments([LIST], parameters)
    assert tables["no_legal_basis"][0].tolist() == [[0, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("speeding", "lying", "expected"),
    [
        # The listed lose 2000 yuan a year in town and 1500 in the country, from 70 on half of what they buy, and the
        # shame: -(10 * 2000 + 10 * 1500 + 2 * 1050 + 2 * 800) // 24 = -1613.
        # Times DUR/256: 1613 * 7 >> 8 = 44; * 232 >> 8 = 1461; * 809 >> 8 = 5097; * 68 >> 8 = 428.
        (behaviour("bad", 509.7), behaviour("bad", 4.4), [0, 1, 0, 0]),  # ten times the harm: 5097 and 44, just borne
        (behaviour("bad", 509.6), behaviour("bad", 4.3), [1, 1, 1, 0]),
        (behaviour("bad", 254.8, weight=2), behaviour("bad", 146.1), [0, 0, 1, 0]),  # 2 * 2548 = 5096; 1461
        (behaviour("bad", 254.85, weight=2), behaviour("bad", 146), [0, 1, 0, 0]),  # 5097; 1460
    ],
)
def test_proportion_by_hand(speeding, lying, expected):
    behaviours = PARAMETERS.behaviours | {"speeding": speeding, "lying": lying, "helping": behaviour("good", 42.8)}
    parameters = PARAMETERS.model_copy(update={"behaviours": behaviours})
    table = compile_instruments([LIST], parameters)["disproportionate"][0]
    assert [int(table[r, b]) for r, b in ((0, 2), (1, 2), (2, 1), (3, 3))] == expected
    assert table.sum() == sum(expected)


def test_proportion_of_points_by_hand():
    """Only what takes points or holds down can be out of proportion; the loss is read off between the midpoints."""
    # Adults' worth at 160, 99, 39: country 430, -80, -1680; town 445, -80, -1980; from 70 on half, shame and praise
    # apart: 315, -40, -1340 and 323, -40, -1490. Mean of 10, 10, 2 and 2 of these.
    # At the start 100: 1/61 of the way up from -80: -72 (-80 + 510 // 61, and 525 // 61); from -40: -35 (355 // 61 and
    # 363 // 61): (20 * -72 + 4 * -35) // 24 = -66. Speeding, at 95: town -80 is 56 of 60 of the way from -1980:
    # -1980 + 1900 * 56 // 60 = -207; country -1680 + 1600 * 56 // 60 = -187; half: -1490 + 1450 * 56 // 60 = -137,
    # -1340 + 1300 * 56 // 60 = -127: (-2070 - 1870 - 274 - 254) // 24 = -187. Loss 121 * 232 >> 8 = 109.
    # Lying, -20 points and at most the midpoint of B: at 80, 41 of 60: -682, -587, -500, -452 (-1490 + 990,
    # -1340 + 888): (-6820 - 5870 - 1000 - 904) // 24 = -609. Loss 543 * 1107 >> 8 = 2348.
    for harm, expected in ((10.8, 1), (10.9, 0)):
        behaviours = PARAMETERS.behaviours | {"speeding": behaviour("bad", harm), "lying": behaviour("bad", 234.7)}
        tables = compile_instruments([ONE], PARAMETERS.model_copy(update={"behaviours": behaviours}))
        assert tables["disproportionate"][0].tolist() == [[0, expected, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
        assert not tables["no_legal_basis"].any()
    lying = PARAMETERS.behaviours | {"lying": behaviour("bad", 234.8)}
    tables = compile_instruments([ONE], PARAMETERS.model_copy(update={"behaviours": lying}))
    assert tables["disproportionate"][0, 1, 2] == 0


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
        assert tables["rule_of"].shape == (0, 4, 2)
        assert tables["feed_grade"].shape == (0, 0)
        assert tables["worth"].shape == (0, 32, 0)
        assert tables["reach"].shape == (0, 2)


def test_a_changed_book_is_checked_again():
    broken = ONE.with_(instruments=(ONE.instruments[0].with_(reach=("neighbor",)),))
    with pytest.raises(InputError, match=r"one, instruments\.0\.reach\.0: unknown sensor 'neighbor'.*'neighbour'"):
        compile_instruments([broken], PARAMETERS)


def test_a_book_stands_once_in_a_run():
    with pytest.raises(InputError, match="'one' stands twice"):
        compile_instruments([ONE, ONE], PARAMETERS)


@pytest.mark.parametrize("name", rulebooks.names())
def test_library_compiles(name):
    everything = parameters.load()
    whole = rulebooks.load(name, everything)
    tables = compile_instruments([whole], everything)
    assert len(tables["score_start"]) == len(whole.instruments)
    # The best grade is never worth less than the worst; what lies between, the audit looks at.
    for k, count in enumerate(tables["grades_count"]):
        assert (tables["worth"][k, :, 0] <= tables["worth"][k, :, count - 1]).all()


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

"""Scorecards: what log-odds are in points, and what follows from records and register."""

from __future__ import annotations

from math import exp, log
from pathlib import Path

import numpy as np
import pytest

from scorepolis import parameters, rulebooks
from scorepolis.rulebooks.codes import BY_PARTS
from scorepolis.rulebooks.compile import compile_instruments

PARAMETERS = parameters.load()
BOOK = rulebooks.load(Path(__file__).parent / "books" / "reckoned.yaml", PARAMETERS)
CARD = BOOK.instruments[0]
NAMES = [one.id for one, _ in CARD.features]


def points(log_odds):
    return 600 + 20 / log(2) * (log_odds - log(30))


@pytest.mark.parametrize(
    ("values", "log_odds"),
    [
        ((0, 0, 0, 18, 0), 3.4),
        ((2, 0, 0, 18, 0), 3.4 - 2 * 0.9),
        ((15, 1, 0, 90, 1), 3.4 - 4 * 0.9 + 52 * 0.031 - 1.7),
        ((0, 3, 7, 40, 1), 3.4 - 2 * 0.35 + 7 * 0.47 + 22 * 0.031 - 1.7),
    ],
)
def test_a_score_is_the_log_odds_on_the_scale(values, log_odds):
    assert CARD.reckoned(values) == pytest.approx(points(log_odds), abs=0.51)


def test_twice_the_odds_are_worth_the_points_that_double_them():
    one = CARD.reckoned((0, 0, 0, 18, 0))
    raised = CARD.with_(intercept=CARD.intercept.model_copy(update={"value": 3.4 + log(2)}))
    assert raised.reckoned((0, 0, 0, 18, 0)) == one + 20
    assert exp(log(2)) == pytest.approx(2)


def test_nobody_leaves_the_range():
    low = CARD.with_(intercept=CARD.intercept.model_copy(update={"value": -90}))
    high = CARD.with_(intercept=CARD.intercept.model_copy(update={"value": 90}))
    assert low.reckoned((0, 0, 0, 18, 0)) == 300
    assert high.reckoned((0, 0, 0, 18, 0)) == 850


def test_tables_hold_base_parts_and_steps():
    tables = compile_instruments([BOOK], PARAMETERS)
    assert NAMES == ["A", "B", "C", "D", "E"]
    assert (tables["is_weighted"][0], tables["reckoning"][0]) == (1, BY_PARTS)
    assert tables["score_base"][0] / 65536 == pytest.approx(points(3.4), abs=1e-4)
    late = tables["feature_parts"][0, 0] / 65536
    assert late[[0, 1, 4, 15]] == pytest.approx(np.array([0, 1, 4, 4]) * -0.9 * 20 / log(2), abs=1e-4)
    assert tables["rule_steps"][0, 0].tolist() == [-26] * 4 + [0] * 12
    assert tables["rule_steps"][0, 1].tolist() == [0, -10, -10] + [0] * 13
    assert not tables["rule_points"][0].any()
    assert tables["score_start"][0] == pytest.approx(points(3.4 + 26 * 0.031 - 0.85), abs=0.51)

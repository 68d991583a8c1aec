"""Verification at tiny sizes: it tells good generators from bad, and notices whatever is not the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scorepolis.core.draws import draw_words
from verification import cuts, draws, faults, kills, oracle, patterns, randomness
from verification.outcome import Case, Outcome, whole
from verification.weak import WEAK, few_rounds

N = 1 << 13
TINY = Case("town", 300, 62)


def chance(n: int) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 1 << 32, n, dtype=np.uint32)


# ----------------------------------------------------------------------------------------------------------- the draws


@pytest.fixture(scope="module")
def verdict():
    return draws.judge(draw_words, 1, N, lags=2)


def test_the_draws_pass(verdict) -> None:
    assert verdict.passed, verdict.failed[:3]
    assert len(verdict.tested) > 3000
    assert "REJECTED" not in str(verdict)


@pytest.mark.parametrize("name", WEAK)
def test_weak_generators_are_found_out(name) -> None:
    verdict = draws.judge(WEAK[name], 1, N, lags=2)
    assert not verdict.passed
    assert "REJECTED" in str(verdict)


def test_the_mixer_is_found_out_by_its_collisions() -> None:
    """By subject it looks well; what betrays it is that subject and day change places."""
    found = {block.name: randomness.collisions(block.values) for block in patterns.blocks(WEAK[next(iter(WEAK))], 1, N)}
    assert found["subjects and days"] < 1e-12


def test_known_answers() -> None:
    answers = draws.known_answers()
    assert len(answers) == 4
    assert all(right for _, right in answers)


def test_the_weak_philox_is_philox_but_for_its_rounds() -> None:
    index = np.arange(50)
    ten = few_rounds(9, 3, index, 4, 5, rounds=10)
    assert all(np.array_equal(a, b) for a, b in zip(ten, draw_words(9, 3, index, 4, 5), strict=True))


def test_every_way_to_reject_can_reject() -> None:
    """Each test passes chance, and rejects numbers that have the fault it looks for."""
    good, n = chance(1 << 15), 1 << 15
    counter = np.arange(n, dtype=np.uint32)
    constant = np.zeros(n, np.uint32)
    for name, test in (randomness.SEQUENCE | randomness.WHOLE_WORDS).items():
        assert test(good, 32) > 1e-4, name
        assert test(constant, 32) < 1e-6, name
    assert randomness.low_16(counter, 32) < 1e-6  # too even is as suspicious
    for name, test in randomness.PAIR.items():
        assert test(good[: n // 2], good[n // 2 :], 32, 32) > 1e-4, name
    assert randomness.bit_by_bit(good, good, 32, 32) < 1e-6
    assert randomness.same_bits(good, good, 32, 32) < 1e-6
    assert randomness.low_bits(good, good, 32, 32) < 1e-6
    assert randomness.high_bits(good, good, 32, 32) < 1e-6
    assert randomness.high_and_low_bits(good, good >> np.uint32(28), 32, 32) < 1e-6
    assert randomness.collisions(good) > 1e-4
    assert randomness.collisions(np.repeat(good, 2)) < 1e-6


def test_holm_adjusts_for_the_number_of_tests() -> None:
    adjusted = randomness.holm(np.array([0.01, 0.04, 0.03, 0.005]))
    assert adjusted.tolist() == pytest.approx(
        [0.03, 0.06, 0.06, 0.02]
    )  # 3 x 0.01; no less than that for 0.03 and 0.04, 2 x 0.03; 4 x 0.005
    assert randomness.holm(np.array([0.9, 0.8])).max() == 1


# --------------------------------------------------------------------------------------------------------- the digests


def test_digests_of_runs_cut_otherwise() -> None:
    assert cuts.digest_of(TINY, 2, 7) == whole(TINY)
    assert cuts.digest_of(Case("town", 301, 62), 2, 7) != whole(TINY)


def test_digests_of_runs_out_of_core(tmp_path) -> None:
    found = next(cuts.out_of_core(TINY, tmp_path))
    assert found.good, found


@pytest.mark.slow
def test_a_run_stopped_in_every_month(tmp_path) -> None:
    found = list(cuts.interrupted(TINY, tmp_path))
    assert len(found) == 6
    assert all(one.good for one in found), found


@pytest.mark.slow
def test_a_run_killed_before_an_operation(tmp_path) -> None:
    (found,) = kills.at_operations(TINY, tmp_path, 1)
    assert found.good, found


@pytest.mark.parametrize("fault", [faults.a_flipped_byte, faults.no_room_for_the_record], ids=lambda f: f.__name__)
def test_faults_end_well(fault, tmp_path: Path) -> None:
    found = fault(TINY, tmp_path)
    assert found.good, found


def test_an_outcome_names_its_result() -> None:
    assert [Outcome("", "", good).result for good in (True, False, None)] == ["passed", "FAILED", "not tried"]


# ---------------------------------------------------------------------------------------------------------- the oracle


def test_the_comparison_with_the_oracle(monkeypatch) -> None:
    assert oracle.difference("town", 200, 5) is None
    monkeypatch.setattr(oracle.oracle.World, "columns", lambda _: {"age": [1] * 200})
    assert "age differs" in str(oracle.difference("town", 200, 5))

"""Believed risk: what people come to believe is what their own acts taught them, by the exact rule, bit by bit."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import numba
import numpy as np
import pytest
from tests.oracle import day as oracle
from tests.oracle.respond import learn_from_act

from scorepolis.core.buffers import ACTS, SILENCED
from scorepolis.core.draws import Purpose, draw_words
from scorepolis.day.coefficients import EXPERIENCE_MOST, PRIOR_WEIGHT, coefficient_table
from scorepolis.day.respond import revise
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook

PARAMETERS = load_parameters()
LEARNING = PARAMETERS.coefficients.learning
PRIOR, MOST = LEARNING.prior_weight.exact, int(LEARNING.experience_most.exact)
BELIEVED = 0.1
"""What everybody believes at first: far from the truth, so that it has to be unlearned."""

TRUE_RISKS = (0.002, 0.01, 0.03)


def expected(risk, acts):
    """Mean belief after a number of acts: (n0 p0 + A) / (n0 + C), with at most so many acts of experience."""
    belief = BELIEVED
    for earlier in range(acts):
        belief += (risk - belief) / (float(PRIOR) + min(earlier, MOST) + 1)
    return belief


def test_the_rule_is_the_posterior_mean_until_experience_is_full():
    assert expected(0.03, MOST) == pytest.approx((float(PRIOR) * BELIEVED + 0.03 * MOST) / (float(PRIOR) + MOST))


# ------------------------------------------------------------------------------------------------------- the engine


@numba.njit
def live_and_learn(belief, caught, words, prior_weight, most):
    """Let people act so many times; returns the sum of all beliefs after each act."""
    sums = np.zeros(caught.shape[0], np.int64)
    for act in range(caught.shape[0]):
        for person in range(belief.size):
            evidence = 255 if caught[act, person] else 0
            belief[person] = revise(belief[person], evidence, min(act, most), prior_weight, words[act, person])
            sums[act] += belief[person]
    return sums


def mean_beliefs(risk, *, people, acts, seed):
    """Mean belief after each act of many people who are caught at a true risk, in the engine."""
    chance = np.random.default_rng(seed)
    table = coefficient_table(PARAMETERS)
    start = np.floor(BELIEVED * 255 + chance.random(people)).astype(np.uint8)
    caught = chance.random((acts, people)) < risk
    words = chance.integers(0, 1 << 32, (acts, people), np.uint32)
    return live_and_learn(start, caught, words, table[PRIOR_WEIGHT], table[EXPERIENCE_MOST]) / people / 255


@pytest.mark.parametrize("risk", TRUE_RISKS)
def test_in_the_engine_the_long_run_belief_is_that_of_the_rule(risk):
    beliefs = mean_beliefs(risk, people=2000, acts=1500, seed=1)
    assert beliefs[500:].mean() == pytest.approx(risk, rel=0.1)
    assert expected(risk, 1500) == pytest.approx(risk, rel=0.001)


@pytest.mark.parametrize("risk", TRUE_RISKS)
@pytest.mark.parametrize("acts", [1, 10, 30, 60])
def test_on_the_way_there_too(risk, acts):
    beliefs = mean_beliefs(risk, people=20_000, acts=acts, seed=2)
    assert beliefs[-1] == pytest.approx(expected(risk, acts), rel=0.02)


# ------------------------------------------------------------------------------------------------------- the oracle


class Loner:
    """Just enough of the oracle's world for somebody without ties to learn in."""

    def __init__(self, words):
        learning = {"prior_weight": PRIOR, "experience_most": Fraction(MOST)}
        self.setting = SimpleNamespace(
            coefficients={"learning": learning | {"peer_weight": Fraction(0)}}, behaviours=[SimpleNamespace(domain=0)]
        )
        self.ties = SimpleNamespace(of=lambda person: [])
        self.words = iter(words)

    def draw(self, purpose, index, sub, day):
        return next(self.words), 0, 0, 0


def somebody(belief, experience=0):
    return SimpleNamespace(slot=0, belief=[belief], experience=experience)


@pytest.mark.parametrize(("risk", "people"), list(zip(TRUE_RISKS, (200, 50, 20), strict=True)))
def test_in_the_oracle_the_long_run_belief_is_that_of_the_rule(risk, people):
    acts, burn_in = 1000, 400
    chance = np.random.default_rng(3)
    total, rule_total = 0, 0.0
    for _ in range(people):
        person, rule = somebody(int(BELIEVED * 255 + chance.random())), BELIEVED
        world = Loner(chance.integers(0, 1 << 32, acts).tolist())
        for act, caught in enumerate((chance.random(acts) < risk).tolist()):
            rule += (caught - rule) / (float(PRIOR) + min(act, MOST) + 1)
            learn_from_act(world, 0, oracle.Act(person, 0, caught=caught))
            if act >= burn_in:
                total += person.belief[0]
                rule_total += rule
    believed, ruled = (x / people / (acts - burn_in) for x in (total / 255, rule_total))
    # Beside the same luck by the exact rule, and beside the true risk as far as so few people's luck allows.
    assert believed == pytest.approx(ruled, rel=0.1)
    assert believed == pytest.approx(risk, rel=0.25)


def test_engine_and_oracle_revise_alike():
    chance = np.random.default_rng(4)
    prior_weight = int(coefficient_table(PARAMETERS)[PRIOR_WEIGHT])
    for belief in range(0, 256, 5):
        for experience in (0, 1, MOST - 1, MOST):
            for caught in (False, True):
                word = int(chance.integers(0, 1 << 32))
                person = somebody(belief, experience)
                learn_from_act(Loner([word]), 0, oracle.Act(person, 0, caught=caught))
                mine = revise(
                    np.uint8(belief), 255 if caught else 0, np.uint8(experience), prior_weight, np.uint32(word)
                )
                assert person.belief[0] == mine
                assert person.experience == min(experience + 1, MOST)


# -------------------------------------------------------------------------------------------------------- whole world


class Biographer(World):
    """A world that remembers every bad act and whether it was caught, in order."""

    one_by_one = True

    def __init__(self, *arguments, **how):
        self.lives = []
        super().__init__(*arguments, **how)

    def _turn(self, row, columns):
        super()._turn(row, columns)
        if row.name == "observe":
            count, day, first = columns["filled"][ACTS], int(columns["day"]), int(columns["first_slot"])
            fields = (columns[f"acts_{field}"][:count].tolist() for field in ("slot", "kind", "fate", "caught"))
            for slot, kind, fate, caught in zip(*fields, strict=True):
                if fate != SILENCED and columns["is_bad"][kind]:
                    self.lives.append((first + slot, day, int(columns["domain"][kind]), caught))


LONELY = {
    "coefficients.learning.peer_weight": 0,
    "coefficients.learning.far_weight": 0,
    "coefficients.publicity.billboard_weight": 0,
    "coefficients.publicity.app_weight": 0,
    "coefficients.publicity.broadcast_weight": 0,
    "coefficients.publicity.ringtone_weight": 0,
    "societies.village.district_neighbourhoods": 2,
}


def beliefs_of(world):
    return np.concatenate([columns["belief"] for columns in world.districts], axis=1).T.tolist()


def test_without_others_people_believe_what_their_own_acts_taught_them():
    seed = 31
    parameters = load_parameters(LONELY)
    world = Biographer(parameters, [load_rulebook("teaching-town", parameters)], society="village", seed=seed)
    beliefs = beliefs_of(world)
    world.run(70)
    acts_before = dict.fromkeys(range(len(beliefs)), 0)
    n0 = int(coefficient_table(parameters)[PRIOR_WEIGHT])
    for slot, day, domain, caught in sorted(world.lives, key=lambda act: act[1]):
        word = int(draw_words(seed, Purpose.LEARN, slot, 0, day)[0])
        distance, weight = 16 * (255 * caught - beliefs[slot][domain]), n0 + 16 * min(acts_before[slot], MOST) + 16
        step, rest = divmod(distance, weight)
        beliefs[slot][domain] += step + ((word * weight) >> 32 < rest)
        acts_before[slot] += 1
    assert len(world.lives) > 200
    assert {caught for *_, caught in world.lives} == {0, 1}
    assert beliefs_of(world) == beliefs


def test_with_others_they_believe_otherwise():
    worlds = []
    for overrides in (LONELY, LONELY | {"coefficients.learning.peer_weight": 0.2}):
        parameters = load_parameters(overrides)
        world = World(parameters, [load_rulebook("law-only", parameters)], society="village", seed=31)
        world.run(40)
        worlds.append(beliefs_of(world))
    assert worlds[0] != worlds[1]

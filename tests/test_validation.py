"""Published results through the functions that turn the day; each check fails when the mechanism is another."""

from __future__ import annotations

import dataclasses
import math
import re
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from scorepolis import validation
from scorepolis.core.errors import InputError
from scorepolis.day.act import deterrence
from scorepolis.day.coefficients import (
    EFFORT,
    FORESIGHT,
    FORM_UNIFORM_GAIN,
    LARGEST_GAIN,
    REWARD_PULL,
    coefficient_table,
)
from scorepolis.day.respond import crowd_out, recover, revise
from scorepolis.validation import __main__ as command
from scorepolis.validation import (
    base_rates,
    becker,
    bonus_malus,
    crowd,
    daycare,
    delayed_impact,
    donors,
    gaming,
    habit,
    joint_liability,
    mechanism,
    perceived_risk,
    price,
    thresholds,
)
from scorepolis.validation.base_rates import Setting
from scorepolis.validation.mechanism import Deterrent, deterrence_settings
from scorepolis.validation.perceived_risk import ARRESTED, FREE

PAGE = Path(__file__).parents[1] / "docs" / "validation.md"


@pytest.fixture(autouse=True)
def _forget():
    yield
    gaming.run.cache_clear()
    joint_liability.run.cache_clear()


@pytest.fixture(scope="module")
def checks():
    return validation.checks()


def failing(checks):
    return {check.call for check in checks if not check.holds}


def test_every_published_result_is_reproduced(checks):
    assert len(checks) == 55
    assert failing(checks) == set()


def test_a_check_holds_within_its_tolerance_only(checks):
    check = dataclasses.replace(checks[0], published=1.0, tolerance=0.5, ours=1.5)
    assert check.holds
    for ours in (1.51, 0.49, math.nan):
        assert not dataclasses.replace(check, ours=ours).holds


# ------------------------------------------------------------------------------------------------ choice under threat


def test_best_enforcement_of_the_published_example():
    best = becker.run()
    assert best.certainty == pytest.approx(0.22222, abs=1e-3)
    assert best.fine == 3
    assert best.expected_fine == pytest.approx(0.66667, abs=3e-3)
    assert best.expected_fine < 1  # under-deterrence
    assert best.crime_rate == pytest.approx(0.66667, abs=2e-3)
    assert best.welfare == pytest.approx((4 - 4 / 9) / 4 - 2 / 3 - 1 / 9, abs=1e-5)


@pytest.mark.parametrize(
    "case",
    [
        {"largest_gain": 2, "harm": 1, "wealth": 3, "cost_of_certainty": 0.2},
        {"largest_gain": 4, "harm": 3, "wealth": 8, "cost_of_certainty": 1},
        {"largest_gain": 1.5, "harm": 0.75, "wealth": 2, "cost_of_certainty": 0.1},
        {"largest_gain": 1, "harm": 2, "wealth": 4, "cost_of_certainty": 0.1},  # worth deterring altogether
        {"largest_gain": 2, "harm": 1, "wealth": 3, "cost_of_certainty": 2},  # too dear to deter at all
    ],
)
def test_best_enforcement_follows_the_closed_form(case):
    best = becker.run(**case)
    assert best.certainty == pytest.approx(becker.best_certainty(**case), abs=2e-3)
    assert best.crime_rate == pytest.approx(1 - best.expected_fine / case["largest_gain"], abs=1e-4)
    assert best.certainty == 0 or best.fine == case["wealth"]


def test_free_certainty_makes_offenders_pay_for_the_harm():
    assert becker.run(cost_of_certainty=0).expected_fine == pytest.approx(1, abs=1e-3)


def test_dearer_certainty_leaves_more_crime():
    rates = [becker.run(cost_of_certainty=cost, fines=1).crime_rate for cost in (0, 0.3, 0.6, 0.9, 1.2, 1.5)]
    assert all(less < more for less, more in pairwise(rates))
    assert rates[-1] == 1


@pytest.mark.parametrize("form", ["uniform_gain", "exponential"])
def test_with_nothing_left_to_lose_there_is_no_deterrence(form):
    people = Deterrent.of(form=form, threshold=0)
    assert [people.remaining(risk / 10, 0) for risk in range(11)] == [1] * 11
    assert people.remaining(1, 0.01) < 1


def test_the_destitute_commit_every_crime():
    broke = becker.run(wealth=0)
    assert (broke.certainty, broke.expected_fine, broke.crime_rate) == (0, 0, 1)
    decisions = becker.simulate(certainty=1, fine=0, people=2000, days=60)
    assert decisions.crimes == decisions.wishes > 500


@pytest.mark.parametrize("product", [0.125, 0.5, 0.75])
def test_only_the_product_of_certainty_and_fine_matters(product):
    assert becker.spread_at_same_product(product=product) == 0


def test_the_exponential_form_does_not_treat_certainty_and_severity_alike():
    people = Deterrent.of(certainty=2, severity=1, threshold=0.3)
    assert people.remaining(0.8, 0.5) < people.remaining(0.4, 1) - 0.1


@pytest.mark.parametrize(("certainty", "fine", "largest_gain"), [(2 / 9, 3, 2), (0.5, 1, 2), (0.05, 4, 1.6)])
def test_people_decide_as_the_model_says(certainty, fine, largest_gain):
    decisions = becker.simulate(certainty=certainty, fine=fine, largest_gain=largest_gain, people=10_000, seed=5)
    assert decisions.wishes > 20_000
    assert abs(decisions.rate - (1 - certainty * fine / largest_gain)) < 3 * decisions.standard_error


def test_people_who_decide_otherwise_are_told_apart():
    decisions = crowd.decide(
        risk=2 / 9, loss=3, overrides=deterrence_settings(form="exponential"), people=10_000, seed=5
    )
    assert abs(decisions.rate - 2 / 3) > 10 * decisions.standard_error


@pytest.mark.parametrize(
    ("wrong", "caught_by"),
    [
        (lambda p, _law, l, c, n: deterrence(p * p >> 16, 0, l, c, n), "run().certainty"),
        (lambda p, _law, l, c, n: deterrence(p, 0, l * l >> 12, c, n), "spread_at_same_product()"),
        (lambda p, _law, l, c, n: deterrence(p, 0, max(l, 1000), c, n), "crime_rate(certainty=1, fine=0)"),
        (lambda p, _law, l, c, n: deterrence(p, 0, l, c, n) * 98 // 100, "run().crime_rate"),
        (lambda *_: 65536, "run().expected_fine"),
        (lambda p, _law, l, c, n: deterrence(p, 0, 12288 - l, c, n), "run().fine"),
    ],
)
def test_another_mechanism_of_choice_fails(monkeypatch, wrong, caught_by):
    monkeypatch.setattr(mechanism, "deterrence", wrong)
    monkeypatch.setattr(becker, "simulate", lambda **_: crowd.Decisions(300, 200))  # decides by the day's act, as ever
    assert f"becker.{caught_by}" in failing(becker.checks())


# --------------------------------------------------------------------------------------------- certainty and severity


def test_perceived_risk_deters_only_above_a_threshold_and_then_ever_more():
    curve = thresholds.run()
    assert 0.3 <= curve.onset <= 0.4
    below = [left for risk, left in zip(curve.risks, curve.remaining, strict=True) if risk <= 0.3]
    assert min(below) > 1 - thresholds.NOTICED
    assert thresholds.idle_steps(curve) == 0
    assert curve.remaining[-1] < 0.5


@pytest.mark.parametrize("threshold", [0.05, 0.2, 0.4])
def test_the_onset_of_deterrence_is_where_the_threshold_is(threshold):
    assert thresholds.run(threshold=threshold, certainty=3, severity=1).onset == pytest.approx(
        threshold + 0.01, abs=1e-9
    )


def test_no_certainty_and_no_severity_deter_nobody():
    curve = thresholds.run(certainty=0, severity=0)
    assert set(curve.remaining) == {1}
    assert math.isnan(curve.onset)


def test_certainty_is_the_stronger_lever_because_it_counts_by_itself():
    doubled = thresholds.levers(0.35, 0.5, Deterrent.of(certainty=2, severity=1, threshold=0.3))
    assert doubled.certainty > 2 * doubled.severity > 0
    # Without it only the expected loss is left, to which both contribute alike.
    assert thresholds.severity_first(certainty=0) == len(thresholds.RISKS) * len(thresholds.LOSSES)


@pytest.mark.parametrize(
    ("wrong", "caught_by"),
    [
        (lambda p, _law, l, c, n: deterrence(min(65536, p + 9000), 0, l, c, n), "run().onset"),
        (lambda p, _law, l, c, n: deterrence(min(40000, p), 0, l, c, n), "idle_steps(thresholds.run())"),
        (lambda p, _law, l, c, n: deterrence(p, 0, min(65535, l * l >> 2), c, n), "severity_first()"),
    ],
)
def test_another_form_of_deterrence_fails(monkeypatch, wrong, caught_by):
    monkeypatch.setattr(mechanism, "deterrence", wrong)
    assert f"thresholds.{caught_by}" in failing(thresholds.checks())


# -------------------------------------------------------------------------------------------------- learning the risk


@pytest.mark.parametrize("prior", [0.02, 0.5, 1])
@pytest.mark.parametrize("prior_weight", [1, 14.9, 80])
@pytest.mark.parametrize("history", [(ARRESTED,), (FREE,) * 12, (FREE, ARRESTED, ARRESTED, FREE, FREE)])
def test_beliefs_are_the_posterior_mean_on_average(prior, prior_weight, history):
    learned = perceived_risk.run(prior=prior, prior_weight=prior_weight, history=history, people=2000)
    assert learned.prior_weight == pytest.approx(prior_weight, abs=1 / 32)
    n0 = learned.prior_weight
    assert learned.posterior[-1] == pytest.approx((n0 * prior + sum(history)) / (n0 + len(history)))
    for believed, posterior, error in zip(learned.believed, learned.posterior, learned.standard_errors, strict=True):
        assert abs(believed - posterior) <= 4 * error + 1e-12


def test_the_order_of_crimes_does_not_matter_in_the_end():
    early, late = (
        perceived_risk.run(history=history) for history in [(ARRESTED, FREE, FREE, FREE), (FREE, FREE, FREE, ARRESTED)]
    )
    assert early.believed[1] > late.believed[1] + 0.05
    assert early.believed[-1] == pytest.approx(late.believed[-1], abs=4 * max(early.standard_errors[-1], 1e-4))


@pytest.mark.parametrize("prior_weight", [1, 4, 14.875, 60])
@pytest.mark.parametrize("experience", [0, 1, 9])
def test_the_effect_of_an_arrest(prior_weight, experience):
    effect = perceived_risk.arrest_effect(experience, prior_weight=prior_weight, people=1000)
    assert effect == pytest.approx(1 / (prior_weight + experience + 1), abs=4e-4)


def test_strangers_keep_their_beliefs_and_ties_do_as_they_are_told():
    alone = perceived_risk.bystanders()
    assert alone.penalised > 0
    assert alone.offenders_moved > 0
    assert min(alone.strangers, alone.tied) > 100
    assert alone.tied_moved == alone.strangers_moved == 0

    together = perceived_risk.bystanders(peer_weight=0.2)
    assert together.strangers > 100
    assert together.strangers_moved == 0
    assert together.tied_moved > together.tied / 4


def test_bystanders_are_everybody():
    found = perceived_risk.bystanders(people=1000, days=3)
    assert found.offenders + found.tied + found.strangers == 1000


@pytest.mark.parametrize(
    ("wrong", "caught_by"),
    [
        (lambda b, x, _e, w, u: revise(b, x, 0, w, u), "run().believed[-1]"),  # experience does not count
        (lambda b, x, _e, w, u: revise(b, x, 0, w, u), "growing_effects()"),
        (lambda b, x, e, w, _u: revise(b, x, e, w, 2**31), "run().believed[-1]"),  # to the nearest byte
        (lambda b, x, e, w, u: revise(b, 255 - x, e, w, u), "wrong_directions()"),
        (lambda b, x, e, w, u: revise(b, x, e, w - 16, u), "arrest_effect()"),
    ],
)
def test_another_way_of_learning_fails(monkeypatch, wrong, caught_by):
    unmoved = perceived_risk.Bystanders(1, 1, 1, 1, 1, 0, 0)
    monkeypatch.setattr(perceived_risk, "revise", wrong)
    monkeypatch.setattr(perceived_risk, "bystanders", lambda **_: unmoved)  # learns by the day's learn, as ever
    assert f"perceived_risk.{caught_by}" in failing(perceived_risk.checks())


# ------------------------------------------------------------------------------------------------- a fine is a price


@pytest.mark.parametrize("floor", [0, 64, 120, 128])
@pytest.mark.parametrize("motive", [100, 128])
def test_a_price_takes_motive_above_its_floor_and_time_gives_it_back(floor, motive):
    words = range(0, 1 << 32, 1 << 24)
    after = [int(crowd_out(motive, floor, 65536 // 5, u)) for u in words]
    assert sum(after) / len(after) == pytest.approx(motive - max(0, motive - floor) / 5, abs=0.02)
    back = [int(recover(motive, 65536 // 5, u)) for u in words]
    assert sum(back) / len(back) == pytest.approx(motive + (128 - motive) / 5, abs=0.02)


def test_lateness_doubles_under_the_fine_and_stays_when_it_is_gone():
    late = daycare.run(seed=2)
    assert late.before == pytest.approx(daycare.BEFORE, abs=4 * late.standard_error)
    assert late.before < late.first < late.priced
    assert late.after == pytest.approx(daycare.AFTER, abs=0.05)
    assert 2.0 <= late.ratio <= 2.6
    assert late.passes


@pytest.mark.parametrize(("motive_return", "passes"), [(0, True), (0.1, True), (0.5, False)])
def test_only_a_motive_that_stays_away_predicts_the_weeks_after(motive_return, passes):
    late = daycare.run(motive_return=motive_return)
    assert late.priced == pytest.approx(daycare.PRICED, abs=0.03)  # fitted as well as any other
    assert late.passes is passes


def test_with_no_hysteresis_parents_come_as_before():
    late = daycare.run(motive_return=1)
    assert late.after == pytest.approx(late.before, abs=4 * late.standard_error)
    assert not late.passes


def test_without_a_fine_nothing_changes():
    early, late = price.live_through(
        [price.Term(20, False)] * 2, chance=0.9, worth=0, month=20, overrides={}, people=2500, seed=2
    )
    assert early.motive == late.motive == 1
    assert early.rate == pytest.approx(0.9, abs=4 * early.standard_error)
    assert late.rate == pytest.approx(0.9, abs=4 * late.standard_error)


def test_parents_who_do_not_take_the_fine_for_a_price_fail(monkeypatch):
    monkeypatch.setattr(price, "DAY", ("act", "court", "observe", "score"))  # nobody learns
    assert {"daycare.run().priced", "daycare.run().after", "daycare.run().ratio"} <= failing(daycare.checks())


def test_a_model_said_to_be_without_hysteresis_that_has_it_is_noticed(monkeypatch):
    monkeypatch.setattr(daycare, "AT_ONCE", 0.03)
    assert failing(daycare.checks()) == {"daycare.passing_without_hysteresis()"}


# -------------------------------------------------------------------------------------------------- rewarded donors


def test_rewards_raise_giving_while_they_last():
    giving = donors.run(crowding_out=0)
    assert giving.during.done - giving.during_unrewarded.done == giving.during.for_points
    assert giving.rise > 0.04
    assert giving.after == giving.after_unrewarded  # not one donation more or less
    assert giving.during_unrewarded.for_points == giving.after.for_points == 0


def test_a_reward_too_small_to_tell_raises_nothing():
    assert donors.idle_rewards((1 / 8000,)) == 1
    assert donors.idle_rewards((0.01, 0.01)) == 1
    assert donors.idle_rewards((0.01, 0.02)) == 0


def test_what_crowds_out_more_does_more_harm_later():
    less, more = (donors.run(crowding_out=out).change_after for out in (0.1, 0.5))
    assert 0 > less > more


def test_donors_who_lose_their_motive_fail(monkeypatch):
    monkeypatch.setattr(donors, "run", partial(donors.run, crowding_out=0.5, season=360))
    assert failing(donors.checks()) == {"donors.run().change_after"}


def test_rewards_that_are_worth_nothing_fail(monkeypatch):
    same_worth = price._same_worth
    monkeypatch.setattr(price, "_same_worth", lambda tables, _: same_worth(tables, 0))
    assert failing(donors.checks()) == {"donors.idle_rewards()"}


# ------------------------------------------------------------------------------------------------------- base rates


@pytest.mark.parametrize(
    ("setting", "exact", "rounded"),
    [
        (("0.001", "0.99", "0.99"), Fraction(11, 122), 0.09016),
        (("0.01", "0.8", "0.904"), Fraction(25, 322), 0.07764),
        (("0.0001", "0.999", "0.999"), Fraction(111, 1222), 0.09083),
        (("1/2", "1", "0"), Fraction(1, 2), 0.5),
        (("0.2", "0", "0.5"), Fraction(0), 0),
    ],
)
def test_the_share_that_is_true_follows_bayes_exactly(setting, exact, rounded):
    assert Setting.of(*setting).precision == exact
    assert float(Setting.of(*setting).precision) == pytest.approx(rounded, abs=5e-6)


def test_the_crowd_in_cardiff():
    assert base_rates.CROWD.precision == Fraction(173, 2470)
    assert float(1 - base_rates.CROWD.specificity) == pytest.approx(0.0135, abs=5e-5)


@pytest.mark.parametrize("setting", [("0.02", "0.5", "0.99"), ("0.3", "1", "0.9"), ("0.05", "0.9", "1")])
def test_the_share_of_true_records_is_that_of_the_closed_form(setting):
    setting = Setting.of(*setting)
    wrote = base_rates.simulate(setting, days=100)
    assert wrote.true > 1000
    assert abs(wrote.precision - float(setting.precision)) <= 3 * wrote.standard_error


@pytest.mark.parametrize(("chance", "sensors"), [("0.05", 1), ("0.002", 12), ("0.02", 5)])
def test_many_sensors_strike_as_independent_ones_would(chance, sensors):
    struck = base_rates.strike(chance, sensors)
    expected = float(base_rates.any_false(chance, sensors))
    assert expected == pytest.approx(1 - (1 - float(chance)) ** sensors, abs=1e-12)
    assert abs(struck.rate - expected) <= 3 * struck.standard_error


@pytest.mark.parametrize("times", [0.8, 1.25])
def test_sensors_that_err_otherwise_fail(monkeypatch, times):
    err = base_rates._err
    monkeypatch.setattr(base_rates, "_err", lambda society, sensors, mean: err(society, sensors, mean * times))
    wrong = failing(base_rates.checks())
    assert {"base_rates.strike().rate", "base_rates.simulate(base_rates.RARE).precision"} <= wrong
    assert not any(call.startswith("float") for call in wrong)


# -------------------------------------------------------------------------------------------------- strategic gaming


@pytest.mark.parametrize(
    ("threshold", "cut", "cost", "gain"), [(0.75, 0.5, 4, 1), (0.5, 0.5, 2.5, 0.75), (1, 0.25, 4, 2)]
)
def test_all_climb_who_are_near_enough(threshold, cut, cost, gain):
    found = gaming.run(threshold=threshold, cut=cut, cost=cost, gain=gain)
    least = threshold - gain / cost
    deed = 1 / gaming.POINTS
    assert found.admitted == pytest.approx(1 - least, abs=2 * deed)
    assert found.unqualified == pytest.approx(max(0, cut - least) / (1 - least), abs=3 * deed)
    assert found.shut_out == pytest.approx(max(0, least - cut) / (1 - cut), abs=3 * deed)
    climbing = max(least, cut)
    burden = cost * (threshold - climbing) ** 2 / 2 / (1 - cut)
    assert found.burden == pytest.approx(burden, abs=cost * deed)


def test_who_looks_no_further_than_the_next_deed_does_not_set_out():
    found = gaming.run(threshold=0.6, foresight=1)
    assert found.admitted == pytest.approx(0.4 + 1 / gaming.POINTS, abs=1e-3)


def test_nobody_climbs_for_nothing():
    found = gaming.run(threshold=1.0, gain=0)
    assert found.burden == found.admitted == 0


def test_dearer_deeds_widen_the_burden_of_those_who_climb_as_far():
    cheap, dear = (gaming.run(threshold=1.0, cost=cost, gain=1.5).burden for cost in (2.5, 3.75))
    assert dear == pytest.approx(1.5 * cheap)


@pytest.mark.parametrize(
    ("coefficient", "wrong", "caught_by"),
    [
        (FORESIGHT, lambda deeds: deeds // 4, "run(threshold=0.6).admitted"),
        (EFFORT, lambda cost: 2 * cost, "run(threshold=1.0).errors"),
        (EFFORT, lambda cost: cost // 2, "run(threshold=0.6).unqualified"),
        (REWARD_PULL, lambda _: 0, "run(threshold=1.0).burden"),
    ],
)
def test_people_who_choose_otherwise_fail(monkeypatch, coefficient, wrong, caught_by):
    def table(parameters):
        coefficients = coefficient_table(parameters)
        coefficients[coefficient] = wrong(coefficients[coefficient])
        return coefficients

    gaming.run.cache_clear()
    monkeypatch.setattr(habit, "coefficient_table", table)
    assert f"gaming.{caught_by}" in failing(gaming.checks())


def test_deeds_that_nobody_scores_fail(monkeypatch):
    gaming.run.cache_clear()
    monkeypatch.setattr(gaming, "LONGEST", 40)
    monkeypatch.setattr(gaming, "DAY", ("act", "court", "observe"))
    assert "gaming.run(threshold=0.6).admitted" in failing(gaming.checks())


# --------------------------------------------------------------------------------------------------- joint liability


@pytest.mark.parametrize(("one", "both"), [(0.1, 0.9), (0.4, 0.4), (0.6, 0.7), (0, 0.5), (0.3, 1)])
def test_pairs_repay_as_the_game_has_it(one, both):
    found = joint_liability.run(one=one, both=both, seed=3)
    assert found.pairs > 10_000
    assert abs(found.single - (1 - one)) <= 4 * found.standard_error + 1e-4
    assert abs(found.joint - joint_liability.closed_form(one, both)) <= 4 * found.standard_error + 1e-4


@pytest.mark.parametrize("one", [0.1, 0.5])
def test_where_nothing_averts_the_penalty_nobody_pays_for_the_other(one):
    found = joint_liability.run(one=one, both=one, averted=False)
    assert abs(found.joint - (1 - one) ** 2) <= 4 * found.standard_error
    assert found.joint < found.single


def test_pairs_whose_penalties_are_not_shared_fail(monkeypatch):
    joint_liability.run.cache_clear()
    monkeypatch.setattr(joint_liability, "FIRST", ("act", "court", "observe", "score"))
    assert "joint_liability.run(one=0.2, both=0.4).joint" in failing(joint_liability.checks())


@pytest.mark.parametrize(("coefficient", "factor"), [(LARGEST_GAIN, 2), (FORM_UNIFORM_GAIN, 0)])
def test_borrowers_who_decide_otherwise_fail(monkeypatch, coefficient, factor):
    def table(parameters):
        coefficients = coefficient_table(parameters)
        coefficients[coefficient] *= factor
        return coefficients

    joint_liability.run.cache_clear()
    monkeypatch.setattr(habit, "coefficient_table", table)
    assert "joint_liability.run(one=0.2, both=0.4).single" in failing(joint_liability.checks())


# -------------------------------------------------------------------------------------------------------- wrong input


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: becker.run(wealth=-1), "wealth is -1; expected a number not below 0"),
        (lambda: becker.run(wealth=17, fines=1), "a loss of 17.0 years of income"),
        (lambda: becker.run(grid=0), "grid is 0; expected at least one step"),
        (lambda: becker.run(largest_gain=0), "outside the declared range"),
        (lambda: thresholds.run(threshhold=0.3), "did you mean 'coefficients.deterrence.threshold'"),
        (lambda: thresholds.run(steps=0), "steps is 0"),
        (lambda: thresholds.levers(0.6, 1, Deterrent.of()), "the risk 1.2 is not a share"),
        (lambda: perceived_risk.run(prior=1.5), "the prior 1.5 is not a share"),
        (lambda: perceived_risk.run(history=(FREE,) * 256), "a history of 256 crimes; expected at most"),
        (lambda: perceived_risk.run(people=1), "people is 1; expected at least 2"),
        (lambda: daycare.simulate(0.4), "outside the declared range"),
        (lambda: donors.run(worth=-1), "a worth of -1"),
        (lambda: donors.run(gifts=800), "a chance of 2.2"),
        (lambda: donors.run(gifts=300, worth=0.1), "rewards call for more acts than one a day"),
        (lambda: Setting.of("0.1", "1.2", "0.9"), "1.2 is not a share"),
        (lambda: joint_liability.run(one=0.5, both=0.4), "one is 0.5 and both is 0.4; expected two shares"),
        (lambda: gaming.run(threshold=1.2), "a threshold of 1.2; expected a number above 0 and up to 1"),
        (lambda: gaming.run(cost=-1), "the cost is -1; expected a number not below 0"),
        (lambda: gaming.run(foresight=0), "outside the declared range"),
        (lambda: Setting.of("0", "1", "1").precision, "nothing is ever found"),
        (lambda: base_rates.simulate(Setting.of("0.1", "0.5", "0.5")), "0.450 false records per adult and day"),
        (lambda: base_rates.strike(sensors=0), "0 sensors; expected from 1"),
    ],
)
def test_what_cannot_be_asked_is_refused(call, words):
    with pytest.raises(InputError, match=re.escape(words)):
        call()


# ------------------------------------------------------------------------------------------------- page and command


def test_the_page_tells_each_check_as_it_is(checks):
    rows = [
        [cell.strip().strip("`") for cell in line.strip("| \n").split(" | ")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith(("| Result", "| ---"))
    ]
    told = [row for row in rows if len(row) == 7]
    assert [(row[0], row[1], row[5], row[6]) for row in told] == [(c.claim, c.source, c.kind, c.call) for c in checks]
    for check, row in zip(checks, told, strict=True):
        published, ours, tolerance = map(float, row[2:5])
        assert published == pytest.approx(check.published, rel=1e-4)
        assert tolerance == pytest.approx(check.tolerance, rel=0.3)  # a standard error moves with the parameters
        assert abs(ours - published) <= tolerance
        assert ours == pytest.approx(check.ours, rel=1e-4, abs=1e-9)


def test_each_result_can_be_called_as_the_page_says(checks):
    names = {name: getattr(validation, name) for name in validation.__all__}
    slow = (
        "becker.run",
        "becker.simulate",
        "perceived_risk.bystanders",
        "daycare.passing",
        "daycare.run",
        "donors",
        "bonus_malus.run",
        "gaming",
        "joint_liability",
    )
    for check in (check for check in checks if not check.call.startswith(slow)):
        assert eval(check.call, names) == check.ours


# -------------------------------------------------------------------------------------------------------- bonus-malus


def test_drivers_spread_as_the_chain_says():
    for risk, rule in [(0.2, bonus_malus.Rule()), (0.1, bonus_malus.Rule(protected=None, returns=None))]:
        spread = bonus_malus.run(risk=risk, drivers=6000, rule=rule)
        assert spread.at_floor == pytest.approx(bonus_malus.stationary(risk, rule), abs=4 * spread.standard_error)


def test_without_protection_fewer_stand_at_the_floor():
    assert bonus_malus.stationary(0.1, bonus_malus.Rule(protected=None)) < bonus_malus.stationary(0.1) - 0.05
    assert bonus_malus.after(3, 0, 0, rule=bonus_malus.Rule(returns=None)) == 175  # 195, 185, 175


def test_another_closing_of_years_fails_the_checks(monkeypatch):
    def twice(k, people, lived, faults, *others):
        closed(k, people, lived, np.minimum(15, 2 * faults), *others)

    closed = bonus_malus.close_years
    monkeypatch.setattr(bonus_malus, "close_years", twice)
    assert {"bonus_malus.after(1)", "bonus_malus.run().at_floor"} <= failing(bonus_malus.checks())


def test_a_risk_is_a_rate():
    with pytest.raises(InputError, match="2 faults a year"):
        bonus_malus.run(risk=2)


# ----------------------------------------------------------------------------------------------------- delayed impact


MADE_UP = (
    delayed_impact.Group(
        np.array([400.0, 500, 600, 700]), np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.3, 0.45, 0.8, 0.9]), 0.2
    ),
    delayed_impact.Group(
        np.array([400.0, 500, 600, 700]), np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.4, 0.6, 0.9, 0.95]), 0.8
    ),
)


def test_profit_alone_lends_where_a_loan_does_not_lose():
    (everybody,) = delayed_impact.run()
    assert (everybody.threshold, everybody.rate) == (600, pytest.approx(0.85))
    a, b = delayed_impact.run(MADE_UP)
    assert (a.threshold, b.threshold) == (600, 600)
    assert (a.rate, b.rate) == pytest.approx((0.3, 0.7))
    assert a.change == pytest.approx(0.2 * 30 + 0.1 * 52.5)


def test_equal_rates_harm_whom_they_were_meant_to_help():
    a, b = delayed_impact.run(MADE_UP, delayed_impact.equal_rates)
    assert a.rate == pytest.approx(b.rate)
    assert a.rate == pytest.approx(0.6)
    assert a.change < 0 < delayed_impact.run(MADE_UP)[0].change
    assert b.change > 0


def test_equal_opportunity_gives_the_same_share_to_those_who_repay():
    granted = delayed_impact.equal_opportunity(MADE_UP)
    served = [g.shares @ (g.repays * loan) / (g.shares @ g.repays) for g, loan in zip(MADE_UP, granted, strict=True)]
    assert served[0] == pytest.approx(served[1])
    best = delayed_impact.utility(MADE_UP, granted)
    assert delayed_impact.utility(MADE_UP, delayed_impact.equal_rates(MADE_UP)) <= best
    assert best <= delayed_impact.utility(MADE_UP, delayed_impact.max_profit(MADE_UP))


def test_a_score_stays_within_the_range():
    edge = delayed_impact.Group(np.array([310.0, 840]), np.array([0.5, 0.5]), np.array([0.0, 1.0]))
    assert delayed_impact.moves(edge).tolist() == [-10, 10]


def test_another_way_to_add_points_or_to_stand_fails_the_checks(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(delayed_impact, "add_points", lambda raw, k, i, points: None)
        assert failing(delayed_impact.checks()) == {"delayed_impact.bands_that_fall()"}
    with monkeypatch.context() as patch:
        patch.setattr(delayed_impact, "grade_of", lambda score, k, lowest, count: 2)
        assert len(failing(delayed_impact.checks())) == 3


def written(folder, *, groups="Score,Non- Hispanic white,Black", cell="50"):
    folder.joinpath(delayed_impact.CDFS).write_text(f"{groups}\n0,0,0\n50,{cell},80\n100,100,100\n", "utf-8")
    folder.joinpath(delayed_impact.DEFAULTS).write_text(
        "Score,Non- Hispanic white,Black\n0,90,95\n50,20,30\n100,1,2\n", "utf-8"
    )
    folder.joinpath(delayed_impact.TOTALS).write_text("Kind,Non- Hispanic white,Black\nSSA,300,100\n", "utf-8")
    return folder


def test_groups_are_read_from_a_folder(tmp_path):
    a, b = delayed_impact.read(written(tmp_path))
    assert (a.weight, b.weight) == (0.25, 0.75)
    assert a.shares == pytest.approx([0, 0.8, 0.2])
    assert b.repays == pytest.approx([0.1, 0.8, 0.99])
    assert a.scores == pytest.approx([300, 650 + 50 * (50 - 47.7) / 13.8, 850])


def test_a_folder_that_does_not_hold_them_is_wrong_input(tmp_path, capsys):
    assert command.main(["--data", str(tmp_path)]) == 2
    assert delayed_impact.CDFS in capsys.readouterr().err
    with pytest.raises(InputError, match="does not have the groups"):
        delayed_impact.read(written(tmp_path, groups="Score,White,Black"))
    with pytest.raises(InputError, match="other than numbers"):
        delayed_impact.read(written(tmp_path, cell="many"))


def test_the_published_numbers_are_compared_where_the_data_are(tmp_path):
    told = delayed_impact.published(written(tmp_path))
    assert len(told) == 21
    assert not all(check.holds for check in told)


@pytest.mark.parametrize(("ours", "code", "words"), [(1.0, 0, "All 2 agree."), (1.2, 1, "1 of 2 do not agree.")])
def test_the_command_prints_the_table_and_tells_by_its_exit_code(monkeypatch, capsys, checks, ours, code, words):
    one = dataclasses.replace(checks[0], claim="a claim", published=1.0, tolerance=0.1, ours=ours)
    monkeypatch.setattr(validation, "checks", lambda: (one, dataclasses.replace(one, ours=1.0)))
    assert command.main() == code
    printed = capsys.readouterr().out
    assert words in printed
    assert "a claim" in printed
    assert printed.count("NO") == code

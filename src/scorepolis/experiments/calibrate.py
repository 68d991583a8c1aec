"""Searching parameters: a point that fits best, by Optuna, or all that agree with data, by ABC-SMC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from scorepolis import plausibility
from scorepolis.core.errors import ScorepolisError
from scorepolis.experiments.abc_smc import abc_smc, weighted_quantile
from scorepolis.experiments.objectives import FIT

if TYPE_CHECKING:
    from scorepolis.experiments.design import Calibrate, Knob
    from scorepolis.experiments.points import Row
    from scorepolis.experiments.pool import Pool
    from scorepolis.experiments.sampling import Point

Floats = npt.NDArray[np.float64]
Tables = dict[str, pd.DataFrame]

MOST_LUCK = 2**32
"""Seeds of single simulations lie above this, apart from those of the file."""


def calibrate(design: Calibrate, knobs: Sequence[Knob], pool: Pool) -> Tables:
    """Search.

    Parameters
    ----------
    design, knobs
        Of the experiment.
    pool : Pool
        Evaluates points.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``estimate`` with a row per parameter; with the objective `fit`, ``targets`` with a row per figure, fitted or
        held out; of ABC-SMC also ``posterior`` with a row per particle.

    Raises
    ------
    ScorepolisError
        If no point could be evaluated.
    """
    return _optuna(design, knobs, pool) if design.method == "optuna" else _abc(design, knobs, pool)


def distance(numbers: dict[str, float], fitted: Sequence[str]) -> float:
    """Give the distance between simulated and published figures.

    Parameters
    ----------
    numbers : dict of str to float
        Simulated, by figure.
    fitted : sequence of str
        Figures that count.

    Returns
    -------
    float
        The root of the mean square of the differences, each in halves of the range within which a simulated figure
        fits; NaN if one is.
    """
    figures = plausibility.load().figures
    apart = []
    for name in fitted:
        published = figures[name].published
        half = (published.range[1] - published.range[0]) / 2 or 1.0
        apart.append((numbers[name] - published.value) / half)
    return float(np.sqrt(np.mean(np.square(apart))))


def _optuna(design: Calibrate, knobs: Sequence[Knob], pool: Pool) -> Tables:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=design.seed), direction="minimize")
    space: dict[str, optuna.distributions.BaseDistribution] = {
        knob.path: optuna.distributions.FloatDistribution(0.0, 1.0) for knob in knobs
    }
    seeds = tuple(range(design.seed, design.seed + design.seeds))
    best: tuple[float, Point, dict[str, float]] | None = None
    asked = 0
    while asked < design.trials:
        # The batch is of the file and not of the machine, so that any number of workers finds the same.
        trials = [study.ask(space) for _ in range(min(design.batch, design.trials - asked))]
        asked += len(trials)
        points = [{knob.path: knob.at(trial.params[knob.path]) for knob in knobs} for trial in trials]
        for trial, point, rows in zip(trials, points, pool.run([(p, seeds) for p in points]), strict=True):
            numbers = _mean(rows)
            value = np.nan if numbers is None else _objective(design, numbers)
            if numbers is None or np.isnan(value):
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
                continue
            study.tell(trial, value)
            if best is None or value < best[0]:
                best = (value, point, numbers)
    if best is None:
        raise ScorepolisError("no point could be evaluated; the table of results tells why")
    value, point, numbers = best
    estimate = pd.DataFrame({"parameter": list(point), "value": list(map(float, point.values())), "objective": value})
    tables = {"estimate": estimate}
    if design.objective == FIT:
        tables["targets"] = _targets(design, {name: (number, np.nan, np.nan) for name, number in numbers.items()})
    return tables


def _abc(design: Calibrate, knobs: Sequence[Knob], pool: Pool) -> Tables:
    fitted = [target.figure for target in design.targets if not target.held_out]
    simulated: list[dict[str, float]] = []

    def simulate(shares: Floats, first: int) -> Floats:
        points = [{knob.path: knob.at(share) for knob, share in zip(knobs, row, strict=True)} for row in shares]
        # Every simulation has luck of its own, or the sample would agree with the luck of one.
        base = MOST_LUCK + design.seed * 1_000_000 + first * design.seeds
        jobs = [
            (point, tuple(range(base + at * design.seeds, base + (at + 1) * design.seeds)))
            for at, point in enumerate(points)
        ]
        means = [_mean(rows) for rows in pool.run(jobs)]
        simulated.extend({} if numbers is None else numbers for numbers in means)
        apart = np.array([np.inf if numbers is None else distance(numbers, fitted) for numbers in means])
        return np.where(np.isnan(apart), np.inf, apart)

    try:
        found = abc_smc(
            simulate,
            np.zeros(len(knobs)),
            np.ones(len(knobs)),
            particles=design.particles,
            simulations=design.simulations,
            seed=design.seed,
        )
    except ValueError as error:
        raise ScorepolisError(f"{error}; the table of results tells why") from error
    values = np.array([[knob.at(share) for knob, share in zip(knobs, row, strict=True)] for row in found.points])
    shares = (0.05, 0.5, 0.95)
    bounds = [
        [weighted_quantile(column, found.weights, share) for share in shares] for column in values.T.astype(float)
    ]
    estimate = pd.DataFrame(bounds, columns=["low", "median", "high"])
    estimate.insert(0, "parameter", [knob.path for knob in knobs])
    estimate = estimate.assign(generations=len(found.tolerances), tolerance=(np.nan, *found.tolerances)[-1])
    posterior = pd.DataFrame(values.astype(float), columns=[knob.path for knob in knobs])
    posterior = posterior.assign(weight=found.weights, distance=found.distances, simulation=found.numbers)
    figures = {}
    for target in design.targets:
        numbers = np.array([simulated[n].get(target.figure, np.nan) for n in found.numbers])
        known = ~np.isnan(numbers)
        weights = found.weights[known]
        if weights.size:
            low, _, high = (weighted_quantile(numbers[known], weights, share) for share in shares)
            figures[target.figure] = (float(np.average(numbers[known], weights=weights)), low, high)
        else:
            figures[target.figure] = (np.nan, np.nan, np.nan)
    return {"estimate": estimate, "targets": _targets(design, figures), "posterior": posterior}


def _objective(design: Calibrate, numbers: dict[str, float]) -> float:
    if design.objective == FIT:
        return distance(numbers, [target.figure for target in design.targets if not target.held_out])
    return numbers[design.objective]


def _mean(rows: Sequence[Row]) -> dict[str, float] | None:
    """Give the mean of each number over the seeds; None if one of them failed."""
    if any(row.error is not None for row in rows):
        return None
    return {name: float(np.mean([row.numbers[name] for row in rows])) for name in rows[0].numbers}


def _targets(design: Calibrate, simulated: dict[str, tuple[float, float, float]]) -> pd.DataFrame:
    catalogue = plausibility.load().figures
    rows = []
    for target in design.targets:
        published = catalogue[target.figure].published
        mean, low, high = simulated[target.figure]
        fits = published.range[0] <= mean <= published.range[1]
        rows.append(
            (target.figure, published.unit, target.held_out, float(published.value), *map(float, published.range),
             mean, low, high, fits)
        )  # fmt: skip
    names = ["figure", "unit", "held_out", "published", "lowest", "highest", "simulated", "low", "high", "fits"]
    return pd.DataFrame(rows, columns=names)

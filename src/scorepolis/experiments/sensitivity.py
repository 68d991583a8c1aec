"""Which parameters move a measure: elementary effects (Morris) and shares of variance (Sobol), by SALib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from scorepolis.experiments.design import Knob, Sensitivity

Floats = npt.NDArray[np.float64]


def sample(design: Sensitivity, knobs: Sequence[Knob]) -> Floats:
    """Give the points of a sensitivity analysis, as shares of the ranges.

    Returns
    -------
    ndarray of float64, (points, parameters)
        Trajectories (Morris 1991, Technometrics 33, 161) or Saltelli's scheme over Sobol's sequence (Saltelli and
        others 2010, Computer Physics Communications 181, 259), block after block.
    """
    if design.method == "morris":
        from SALib.sample import morris

        drawn = morris.sample(_problem(knobs), design.samples, num_levels=design.levels, seed=design.seed)
    else:
        from SALib.sample import sobol

        drawn = sobol.sample(_problem(knobs), design.samples, calc_second_order=False, seed=design.seed)
    return np.asarray(drawn, dtype=np.float64)


def analyse(design: Sensitivity, knobs: Sequence[Knob], shares: Floats, measured: Mapping[str, Floats]) -> pd.DataFrame:
    """Reckon how much each parameter moves each measure.

    Parameters
    ----------
    design, knobs
        Of the experiment.
    shares : ndarray of float64, (points, parameters)
        Made by `sample`.
    measured : mapping of str to ndarray of float64, (points,)
        By measure, the mean over the seeds; NaN where a point failed. The trajectory or block it stands in is left out.

    Returns
    -------
    pandas.DataFrame
        ``measure``, ``parameter``, ``index``, ``value``, ``error`` (half of a 95 % interval, from resampling),
        ``blocks`` (trajectories or base samples used), the parameters that move a measure most first. Of Morris: `mu`
        the mean effect of the whole range, `mu_star` of its size, `sigma` its spread. Of Sobol: `S1` the share of
        variance that a parameter explains alone, `ST` with all its interactions.
    """
    size = len(knobs) + (1 if design.method == "morris" else 2)
    parts = []
    for name, values in measured.items():
        whole = ~np.isnan(values).reshape(-1, size).any(axis=1)
        kept = np.repeat(whole, size)
        blocks = int(whole.sum())
        parts += [(name, *row, blocks) for row in _ranked(design, knobs, shares[kept], values[kept], blocks)]
    return pd.DataFrame(parts, columns=["measure", "parameter", "index", "value", "error", "blocks"])


def _ranked(
    design: Sensitivity, knobs: Sequence[Knob], shares: Floats, values: Floats, blocks: int
) -> list[tuple[str, str, float, float]]:
    """Give parameter, index, value and error; none of a measure with too few blocks, zeros of one that never moves."""
    names = {"morris": ("mu_star", "mu", "sigma"), "sobol": ("ST", "S1")}[design.method]
    if blocks < 2:
        return []
    if np.ptp(values) == 0:
        return [(knob.path, name, 0.0, 0.0) for knob in knobs for name in names]
    found: Any
    if design.method == "morris":
        from SALib.analyze import morris

        found = morris.analyze(_problem(knobs), shares, values, num_levels=design.levels, seed=design.seed)
        errors = {"mu_star": found["mu_star_conf"]}
    else:
        from SALib.analyze import sobol

        found = sobol.analyze(_problem(knobs), values, calc_second_order=False, seed=design.seed)
        errors = {name: found[f"{name}_conf"] for name in names}
    order = np.argsort(-np.asarray(found[names[0]], dtype=np.float64), kind="stable")
    none = np.full(len(knobs), np.nan)
    return [
        (knobs[at].path, name, float(found[name][at]), float(errors.get(name, none)[at]))
        for at in order
        for name in names
    ]


def _problem(knobs: Sequence[Knob]) -> dict[str, Any]:
    return {"num_vars": len(knobs), "names": [knob.path for knob in knobs], "bounds": [[0.0, 1.0]] * len(knobs)}

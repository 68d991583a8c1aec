"""Delayed impact: whom a lender's threshold helps and whom it harms, once loans have changed the scores.

Liu and others (2018) let a lender choose thresholds for two groups, A and B, in three ways: as profit asks; with the
same share of loans in both; with the same share of loans among those who would repay. A loan that is repaid raises the
score, one that is not lowers it, so that a group's mean score may fall by the very loans that it was given.

Whether somebody stands above a threshold, and where points lead within the range, is asked of the functions that score.
The published numbers rest on score distributions of American consumers by group, which are not shipped; they are read
from a folder with the two files that the authors used. Without it, the published shares and defaults by band of the
Federal Reserve (2007), of all consumers together, stand for a population.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.errors import InputError
from scorepolis.day.ledger import add_points
from scorepolis.rulebooks.standing import grade_of, score_of
from scorepolis.validation.check import Check

LIU = "Liu, Dean, Rolf, Simchowitz and Hardt, ICML 2018 (arXiv 1803.04383), the authors' notebook"
FED = "Federal Reserve, Report to the Congress on Credit Scoring, August 2007, tables 1 and 2"

LOWEST, HIGHEST = 300, 850
FINE: Final = 10
"""Scores are held in tenths of a point, so that rounding to whole numbers does not show."""

REPAID, DEFAULTED = 75, -150
PROFIT: Final = (1.0, -4.0)
"""What a loan that is repaid brings to the lender, and one that is not."""

BANDS: Final = ((300, 2.1), (350, 4.2), (400, 5.4), (450, 6.5), (500, 7.9), (550, 9.6), (600, 12.0), (650, 13.8),
                (700, 17.0), (750, 15.8), (800, 5.7))  # fmt: skip
"""Where fifty points begin, and the percent of consumers in them, by which percentiles become scores."""

FED_SHARES: Final = ((300, 499, 2), (500, 549, 5), (550, 599, 8), (600, 649, 12), (650, 699, 15), (700, 749, 18),
                     (750, 799, 27), (800, 850, 13))  # fmt: skip
FED_DEFAULTS: Final = ((300, 41.0), (520, 28.4), (560, 22.5), (600, 15.8), (640, 8.9), (680, 4.4), (720, 1.0))
"""Where bands begin, and the percent of their people who default within two years."""

CDFS, DEFAULTS, TOTALS = ("transrisk_cdf_by_race_ssa.csv", "transrisk_performance_by_race_ssa.csv", "totals.csv")
GROUPS: Final = ("Black", "Non- Hispanic white")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """A group of applicants.

    Attributes
    ----------
    scores, shares, repays : float64[scores]
        Scores in rising order, the share of the group who has each, and who of them would repay.
    weight
        The group's share of all applicants.
    """

    scores: Floats
    shares: Floats
    repays: Floats
    weight: float = 1.0

    @property
    def mean(self) -> float:
        """Mean score."""
        return float(self.shares @ self.scores)


@dataclass(frozen=True)
class Outcome:
    """What a policy does to one group.

    Attributes
    ----------
    threshold
        Score from which on loans are granted; between two scores where some of the lower are drawn.
    rate
        Share of the group who gets a loan.
    change
        Change of the group's mean score, in points.
    """

    threshold: float
    rate: float
    change: float


def federal_reserve() -> Group:
    """Give all consumers of the Federal Reserve's tables, evenly spread within each band."""
    scores = np.arange(LOWEST, HIGHEST + 1, dtype=np.float64)
    shares, repays = np.zeros(scores.size), np.ones(scores.size)
    for first, last, percent in FED_SHARES:
        inside = (scores >= first) & (scores <= last)
        shares[inside] = percent / inside.sum()
    for first, defaults in FED_DEFAULTS:
        repays[scores >= first] = 1 - defaults / 100
    return Group(scores, shares / shares.sum(), repays)


def read(folder: str | Path) -> tuple[Group, Group]:
    """Read two groups from the files that the authors used.

    Parameters
    ----------
    folder
        Where they lie; they are part of the material for the book Fairness and Machine Learning, and not shipped.

    Returns
    -------
    tuple of Group
        A, the smaller, and B.

    Raises
    ------
    InputError
        If a file is missing or does not have the groups.
    """
    cumulated, defaults, totals = (_columns(Path(folder) / name) for name in (CDFS, DEFAULTS, TOTALS))
    scores = np.array([_score(percentile) for percentile in cumulated["Score"]])
    size = [totals[group][0] for group in GROUPS]
    a, b = (
        Group(
            scores,
            np.diff(np.array(cumulated[group]) / 100, prepend=0),
            1 - np.array(defaults[group]) / 100,
            number / sum(size),
        )
        for group, number in zip(GROUPS, size, strict=True)
    )
    return a, b


def _columns(path: Path) -> dict[str, list[float]]:
    if not path.is_file():
        raise InputError("the file is not there", file=str(path), expected=f"{CDFS}, {DEFAULTS} and {TOTALS}")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if not rows or not set(GROUPS) <= rows[0].keys():
        raise InputError("the file does not have the groups", file=str(path), expected=", ".join(GROUPS))
    names = [name for name in rows[0] if name != "Kind"]
    try:
        return {name: [float(row[name]) for row in rows] for name in names}
    except (TypeError, ValueError):
        raise InputError("the file holds something other than numbers", file=str(path), expected="numbers") from None


def _score(percentile: float) -> float:
    """Turn a percentile into the score that as many have at most."""
    below = 0.0
    for (begins, percent), (ends, _) in pairwise((*BANDS, (HIGHEST, 0.0))):
        if below + percent >= percentile - 1e-9:
            return float(begins + (ends - begins) * (percentile - below) / percent)
        below += percent
    return float(HIGHEST)


# ------------------------------------------------------------------------------------------------ the mechanisms asked


def moves(group: Group, *, repaid: float = REPAID, defaulted: float = DEFAULTED) -> Floats:
    """Reckon what a loan does to each score, by its expected points: added and kept within the range as scoring does.

    Returns
    -------
    float64[scores]
        In points.
    """
    raw = np.round(group.scores * FINE).astype(np.int16).reshape(1, -1)
    lowest, highest = np.array([LOWEST * FINE], np.int32), np.array([HIGHEST * FINE], np.int32)
    before = raw[0].astype(np.int64)
    expected = group.repays * repaid + (1 - group.repays) * defaulted
    for n, points in enumerate(np.round(expected * FINE).astype(np.int64)):
        add_points(raw, 0, n, points)
    after = [score_of(raw[0, n], 0, lowest, highest) for n in range(before.size)]
    change: Floats = (np.array(after) - before) / FINE
    return change


def loans(group: Group, margin: int, drawn: float) -> Floats:
    """Say what share of each score gets a loan: all above the margin, and some of those at it.

    Standing is asked of the grades: refused below the margin, drawn at it, granted above.
    """
    scores = np.round(group.scores * FINE).astype(np.int64)
    beyond = HIGHEST * FINE + 1
    bounds = np.array([[LOWEST * FINE, scores[margin], scores[margin + 1] if margin + 1 < scores.size else beyond]])
    standings = np.array([grade_of(score, 0, bounds.astype(np.int32), np.array([3], np.int32)) for score in scores])
    granted: Floats = np.array([0.0, drawn, 1.0])[standings]
    return granted


def outcome(group: Group, granted: Floats, *, repaid: float = REPAID, defaulted: float = DEFAULTED) -> Outcome:
    """Say what granted loans do to a group."""
    first = int(np.flatnonzero(granted > 0)[0])
    gap = group.scores[first + 1] - group.scores[first] if first + 1 < group.scores.size else 0.0
    change = float(group.shares @ (granted * moves(group, repaid=repaid, defaulted=defaulted)))
    return Outcome(float(group.scores[first] + (1 - granted[first]) * gap), float(group.shares @ granted), change)


# --------------------------------------------------------------------------------------------------------- the policies


def max_profit(groups: Sequence[Group], profit: tuple[float, float] = PROFIT) -> tuple[Floats, ...]:
    """Grant loans from the first score on at which they do not lose money."""
    gains, losses = profit
    return tuple(loans(g, int(np.argmax(g.repays * gains + (1 - g.repays) * losses >= -1e-12)), 1.0) for g in groups)


def equal_rates(groups: Sequence[Group], profit: tuple[float, float] = PROFIT) -> tuple[Floats, ...]:
    """Grant the most profitable loans that give both groups the same share."""
    return _equal(groups, [group.shares for group in groups], profit)


def equal_opportunity(groups: Sequence[Group], profit: tuple[float, float] = PROFIT) -> tuple[Floats, ...]:
    """Grant the most profitable loans that give the same share to those of both groups who would repay."""
    repaying = [group.shares * group.repays for group in groups]
    return _equal(groups, [shares / shares.sum() for shares in repaying], profit)


def _equal(groups: Sequence[Group], measures: Sequence[Floats], profit: tuple[float, float]) -> tuple[Floats, ...]:
    """Take the best level of what is to be equal: profit bends only where a group's margin moves on to a next score."""
    levels = np.unique(np.concatenate([np.cumsum(measure[::-1]) for measure in measures]))
    levels = levels[(levels > 0) & (levels <= 1)]
    best = max(levels, key=lambda level: utility(groups, _filled(groups, measures, level), profit))
    return _filled(groups, measures, best)


def _filled(groups: Sequence[Group], measures: Sequence[Floats], level: float) -> tuple[Floats, ...]:
    """Grant from the highest score down until the level is reached."""
    granted = []
    for group, measure in zip(groups, measures, strict=True):
        above = np.cumsum(measure[::-1])[::-1] - measure
        margin = int(np.argmax(above <= level))
        drawn = (level - above[margin]) / measure[margin] if measure[margin] else 1.0
        granted.append(loans(group, margin, min(1.0, drawn)))
    return tuple(granted)


def utility(groups: Sequence[Group], granted: Sequence[Floats], profit: tuple[float, float] = PROFIT) -> float:
    """Reckon what loans bring to the lender, per applicant."""
    gains, losses = profit
    return sum(
        group.weight * float(group.shares @ (loan * (group.repays * gains + (1 - group.repays) * losses)))
        for group, loan in zip(groups, granted, strict=True)
    )


def run(
    groups: Sequence[Group] | None = None,
    policy: Callable[[Sequence[Group], tuple[float, float]], tuple[Floats, ...]] = max_profit,
    *,
    profit: tuple[float, float] = PROFIT,
    repaid: float = REPAID,
    defaulted: float = DEFAULTED,
) -> tuple[Outcome, ...]:
    """Let a lender choose, and see what becomes of each group.

    Parameters
    ----------
    groups
        From `read`, from `federal_reserve`, or made up; all consumers of the Federal Reserve's table if None.
    policy
        `max_profit`, `equal_rates` or `equal_opportunity`.
    profit
        What a loan that is repaid brings, and one that is not.
    repaid, defaulted
        Points that a loan changes the score by.

    Returns
    -------
    tuple of Outcome
        One for each group.
    """
    groups = (federal_reserve(),) if groups is None else groups
    chosen = policy(groups, profit)
    return tuple(
        outcome(group, granted, repaid=repaid, defaulted=defaulted)
        for group, granted in zip(groups, chosen, strict=True)
    )


def bands_that_fall(group: Group | None = None) -> int:
    """Count the bands of default in the Federal Reserve's table in which a loan lowers the score."""
    group = group or federal_reserve()
    change = moves(group)
    return sum(float(change[group.scores == max(first, 500)][0]) < 0 for first, _ in FED_DEFAULTS)


def checks() -> tuple[Check, ...]:
    """Compare with what follows from the Federal Reserve's tables; no group's distribution is needed."""
    model = "Delayed impact"
    all_consumers = (federal_reserve(),)
    (profit,) = run(all_consumers)
    (wary,) = run(all_consumers, profit=(1.0, -10.0))
    return (
        Check(
            model, FED, "bands in which a loan lowers the score: those where more than a third default", "derived", 1,
            bands_that_fall(), 0, "delayed_impact.bands_that_fall()",
        ),
        Check(
            model, FED, "threshold of a lender who loses 4 by a default and gains 1 by a repaid loan", "derived", 600,
            profit.threshold, 0, "delayed_impact.run([delayed_impact.federal_reserve()])[0].threshold",
        ),
        Check(
            model, FED, "share of consumers above it", "derived", 0.85, profit.rate, 1e-9,
            "delayed_impact.run([delayed_impact.federal_reserve()])[0].rate",
        ),
        Check(
            model, FED, "threshold of one who loses 10", "derived", 640, wary.threshold, 0,
            "delayed_impact.run([delayed_impact.federal_reserve()], profit=(1.0, -10.0))[0].threshold",
        ),
    )  # fmt: skip


def published(folder: str | Path) -> tuple[Check, ...]:
    """Compare with the authors' numbers, on their distributions.

    Parameters
    ----------
    folder
        See `read`.
    """
    groups = read(folder)
    told = (
        ("profit alone", "max_profit", (645.00, 613.75), (0.1677, 0.6634), (8.397, 38.666), 0.45735),
        ("equal rates", "equal_rates", (480.10, 649.17), (0.5774, 0.5774), (-17.142, 35.040), 0.33549),
        ("equal opportunity", "equal_opportunity", (557.29, 630.96), (0.3561, 0.6249), (6.013, 37.239), 0.43050),
    )
    made = [
        Check("Delayed impact by group", LIU, claim, "reported", value, ours, tolerance, call)
        for name, policy, *pairs, whole in told
        for claim, value, ours, tolerance, call in _compared(groups, name, policy, pairs, whole)
    ]
    return tuple(made)


def _compared(
    groups: tuple[Group, Group],
    name: str,
    policy: str,
    pairs: Sequence[tuple[float, float]],
    whole: float,
) -> list[tuple[str, float, float, float, str]]:
    chosen = {"max_profit": max_profit, "equal_rates": equal_rates, "equal_opportunity": equal_opportunity}[policy]
    outcomes = run(groups, chosen)
    call = f"delayed_impact.run(delayed_impact.read(FOLDER), delayed_impact.{policy})"
    rows = []
    for field, tolerance, values in zip(("threshold", "rate", "change"), (0.5, 0.002, 0.05), pairs, strict=True):
        for place, value in enumerate(values):
            claim = f"{name}: {field} of group {'AB'[place]}"
            rows.append((claim, value, getattr(outcomes[place], field), tolerance, f"{call}[{place}].{field}"))
    brings = utility(groups, chosen(groups, PROFIT))
    rows.append((f"{name}: what it brings to the lender", whole, brings, 0.0005, f"{call}, its utility"))
    return rows

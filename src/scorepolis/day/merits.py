"""Merits: how all who are ranked stand, by which each of them gets a place."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import IN_SCOPE
from scorepolis.core.compiled import compiled
from scorepolis.rulebooks.codes import BY_RANK, MERITS
from scorepolis.rulebooks.reckoning import merit_of

Columns = dict[str, npt.NDArray[Any]]


@compiled
def turn_of(k, month_number, turn_months, turns_count):  # type: ignore[no-untyped-def]
    """Turn of re-tuning that is in force in a month."""
    return (month_number // np.int64(turn_months[k])) % np.int64(turns_count[k])


@compiled
def count_merits(  # type: ignore[no-untyped-def]
    month_number, ranks, merits, marks, counters, age, education, household, flags, feature_value, merit_parts,
    turn_months, turns_count,
):  # fmt: skip
    """Count who is in scope of each rank by merit."""
    for n in range(ranks.size):
        k = ranks[n]
        turn = turn_of(k, month_number, turn_months, turns_count)
        for i in range(age.size):
            if marks[k, i] & IN_SCOPE:
                merits[
                    n, merit_of(i, k, turn, counters, age, education, household, flags, feature_value, merit_parts)
                ] += 1


def merits_here(columns: Columns) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Count a district's people by merit under each rank in force there.

    Returns
    -------
    ranks : int64[R]
        Numbers, among the instruments in force there, of those that rank.
    merits : int32[R, MERITS]
        People in scope by merit, with today's counters and this month's weights.
    """
    ranks = np.flatnonzero(columns["reckoning"] == BY_RANK).astype(np.int64)
    merits = np.zeros((ranks.size, MERITS), np.int32)
    if ranks.size:
        count_merits(
            columns["month_number"], ranks, merits, columns["marks"], columns["counters"], columns["age"],
            columns["education"], columns["household"], columns["flags"], columns["feature_value"],
            columns["merit_parts"], columns["turn_months"], columns["turns_count"],
        )  # fmt: skip
    return ranks, merits


def doubled_places(peers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Give twice the number who stand behind each merit, half of those who are alike among them.

    Parameters
    ----------
    peers : int64[..., MERITS]
        People by merit.

    Returns
    -------
    int64[..., MERITS]
    """
    return 2 * np.cumsum(peers, axis=-1) - peers


def take_places(columns: Columns, ranked: npt.NDArray[np.int64], peers: npt.NDArray[np.int64]) -> None:
    """Write down the score that each merit gives, from how all peers stand.

    Parameters
    ----------
    columns
        Of the district.
    ranked : int64[ranks of the run]
        Numbers in the run of the instruments that rank.
    peers : int64[ranks of the run, MERITS]
        People by merit, wherever the instrument is in force.
    """
    for k in np.flatnonzero(columns["reckoning"] == BY_RANK):
        of_all = peers[ranked == columns["instruments"][k]][0]
        lowest, highest = int(columns["score_lowest"][k]), int(columns["score_highest"][k])
        columns["place_of_merit"][k] = lowest + ((highest - lowest) * doubled_places(of_all)) // max(
            1, 2 * int(of_all.sum())
        )

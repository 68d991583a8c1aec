"""The canonical integers of a run: what happened, by month and group cell.

The engine fills these arrays and everything a person reads is derived from them, so two runs are the same run exactly
when these integers are the same. A *flow* has one row per month; a *snapshot* has one row more, row 0 being the start.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import CHANNELS
from scorepolis.measures.bodies import NO_BODIES
from scorepolis.measures.firms import NO_FIRMS, Layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

IntArray = npt.NDArray[np.int64]

CELLS: Final = 640
"""Group cells: 4 ages x female x urban x minority x migrant x 5 income fifths x party."""

DOMAINS: Final = ("government", "commerce", "society", "judiciary")
TRUTHS: Final = ("true", "wrong_person", "not_done", "unable", "no_basis", "disproportionate", "stale")
COURT_STEPS: Final = (
    "judged", "could_not", "performed", "deterred", "would_not", "enforced", "performed_late",
    "settled", "broke_order", "broke_settlement", "exits", "exits_stale",
)  # fmt: skip
APPEALS: Final = ("made", "upheld", "righted")
WAYS: Final = ("course", "pledge", "good_deeds")
REPAIRS: Final = (
    "asked_by_course", "asked_by_pledge", "asked_by_good_deeds",
    "granted_by_course", "granted_by_pledge", "granted_by_good_deeds", "barred", "too_poor", "days",
)  # fmt: skip
ENTRIES: Final = ("negative", "positive", "wrongful_negative", "wrongful_positive")
SHARED: Final = ("negative", "positive")
POINTS: Final = ("lost", "gained")
OUTCOMES: Final = ("refused", "delayed", "dearer", "cheaper", "first")
MARKS: Final = ("refused", "penalised", "shown", "rewarded")
PLACE_FLOWS: Final = ("bad_acts", "records", "negative_entries", "refusals")


OTHERS: Final = {"firm_flows": "acts", "firm_moments": "people", "body_flows": "acts", "body_moments": "people"}
"""Counts of firms and of public bodies, and those of people that have as many months or moments."""

UNGROUPED: Final = ("by_place", *OTHERS)
"""Counts that are not by group cell."""


@dataclass(frozen=True)
class Counts:
    """Monthly counts of one world, all ``int64``.

    Axes: M months (M+1 moments in snapshots), C group cells, B behaviours, V services, K = B + V kinds, S sensors,
    I instruments, G grades (of the instrument that has most), P places.

    Attributes
    ----------
    acts : (M, C, K)
        Acts done (behaviours) and applications made (services), not yet multiplied by the weight of an act.
    silenced : (M, C, K)
        Bad acts wished and left undone for fear of the scheme.
    for_points : (M, C, K)
        Good acts done only for the reward.
    records : (M, C, S, 7)
        Records scored, by their truth: see `TRUTHS`. The cell is the subject's.
    entries : (M, C, I, 4)
        Ledger entries of records: see `ENTRIES`; the wrongful ones are counted in the first two as well.
    shared : (M, C, I, 2)
        Ledger entries for records of other members of the household: see `SHARED`.
    wrongful : (M, C, I, 7)
        Negative ledger entries of records by their truth: see `TRUTHS`.
    courts : (M, C, 9)
        Steps of cases: see `COURT_STEPS`.
    appeals : (M, C, I, 3)
        Appeals made, upheld, and upheld for those who had not done it: see `APPEALS`.
    repairs : (M, C, I, 9)
        Repair asked for and granted, by way; wished for by those to whom no way was open, and where they could not pay
        for a course; days from the entries to the end of those that are repaired: see `REPAIRS`.
    points : (M, C, I, 2)
        Points lost and gained by records, both as positive numbers.
    outcomes : (M, C, V, 5)
        Applications by what happened to them: see `OUTCOMES`.
    shut_out : (M, C, I)
        Person-days on which at least one service was denied by standing.
    audience : (M, C, 6)
        People who saw or heard of somebody on each channel: see `CHANNELS`. Of ringtones, contacts.
    ties_lost : (M, C)
        Ties beyond the household that ended because the person was shamed.
    by_place : (M, P, 4)
        Flows by place: see `PLACE_FLOWS`. Places are the neighbourhoods of a society in one province, and the units of
        one in several.
    people, income, hardship, trust, opinion, motive, private_support, public_support, ties : (M+1, C)
        People; sums over them of income in yuan and of the four states in bytes; how many show support; the sum of
        ties beyond the household.
    belief : (M+1, C, 4)
        Sums of the believed risk of being caught, in 1/255, by domain: see `DOMAINS`.
    on_channel : (M+1, C, 6)
        People who stand on each channel under any instrument.
    in_scope, score, aware : (M+1, C, I)
        People in the scope of the instrument, the sum of their scores, how many know they are scored.
    grades : (M+1, C, I, G)
        People in scope by standing, the lowest grade first.
    marks : (M+1, C, I, 4)
        People in scope who were ever so treated: see `MARKS`.
    firm_flows : (M, X, F)
    firm_moments : (M+1, X, N)
        Firms by group: what they did and met, and how they stand; see `measures.firms.layout`. Without firms X is 0.
    body_flows : (M, X, F)
    body_moments : (M+1, X, N)
        Public bodies likewise, by kind; see `measures.bodies.layout`.
    """

    acts: IntArray
    silenced: IntArray
    for_points: IntArray
    records: IntArray
    entries: IntArray
    shared: IntArray
    wrongful: IntArray
    courts: IntArray
    appeals: IntArray
    repairs: IntArray
    points: IntArray
    outcomes: IntArray
    shut_out: IntArray
    audience: IntArray
    ties_lost: IntArray
    by_place: IntArray
    people: IntArray
    belief: IntArray
    income: IntArray
    hardship: IntArray
    trust: IntArray
    opinion: IntArray
    motive: IntArray
    private_support: IntArray
    public_support: IntArray
    ties: IntArray
    on_channel: IntArray
    in_scope: IntArray
    grades: IntArray
    score: IntArray
    aware: IntArray
    marks: IntArray
    firm_flows: IntArray
    firm_moments: IntArray
    body_flows: IntArray
    body_moments: IntArray

    def __post_init__(self) -> None:
        """Freeze the arrays: a result that is shared cannot change."""
        for name, array in self.items():
            if array.dtype != np.int64:
                raise TypeError(f"counts: {name} is {array.dtype}, must be int64")
            array.flags.writeable = False

    def items(self) -> Iterator[tuple[str, IntArray]]:
        """Yield name and array in the order of declaration."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)

    def hashed(self) -> Iterator[tuple[str, IntArray]]:
        """Yield what the digest is made of: nothing of firms, public bodies, shared entries, repairs without any."""
        said = {name: bool(getattr(self, name).size) for name in OTHERS}
        said |= {name: bool(getattr(self, name).any()) for name in ("shared", "repairs")}
        yield from ((name, array) for name, array in self.items() if said.get(name, True))

    @classmethod
    def of(cls, arrays: Mapping[str, IntArray]) -> Counts:
        """Make counts of arrays by name; what is not told of firms, public bodies, shared entries, repairs is none."""
        none = {name: np.zeros((len(arrays[like]), 0, 0), np.int64) for name, like in OTHERS.items()}
        none["shared"] = np.zeros_like(arrays["entries"][..., : len(SHARED)])
        none["repairs"] = np.zeros((*arrays["entries"].shape[:-1], len(REPAIRS)), np.int64)
        return cls(**{field.name: {**none, **arrays}[field.name] for field in fields(cls)})


def shapes(
    *,
    months: int,
    behaviours: int,
    services: int,
    sensors: int,
    instruments: int,
    grades: int,
    places: int,
    firms: Layout = NO_FIRMS,
    bodies: Layout = NO_BODIES,
) -> dict[str, tuple[int, ...]]:
    """Give the shape of every array of `Counts`.

    Parameters
    ----------
    months, behaviours, services, sensors, instruments, grades, places : int
        The lengths M, B, V, S, I, G and P of the axes; the group cells are always `CELLS`.
    firms, bodies : Layout
        Of the counts of firms and of public bodies.

    Returns
    -------
    dict of str to tuple of int
        By name, in the order of declaration.
    """
    cell, kinds = CELLS, behaviours + services
    flow, moment = (months, cell), (months + 1, cell)
    return {
        "acts": (*flow, kinds),
        "silenced": (*flow, kinds),
        "for_points": (*flow, kinds),
        "records": (*flow, sensors, len(TRUTHS)),
        "entries": (*flow, instruments, len(ENTRIES)),
        "shared": (*flow, instruments, len(SHARED)),
        "wrongful": (*flow, instruments, len(TRUTHS)),
        "courts": (*flow, len(COURT_STEPS)),
        "appeals": (*flow, instruments, len(APPEALS)),
        "repairs": (*flow, instruments, len(REPAIRS)),
        "points": (*flow, instruments, len(POINTS)),
        "outcomes": (*flow, services, len(OUTCOMES)),
        "shut_out": (*flow, instruments),
        "audience": (*flow, len(CHANNELS)),
        "ties_lost": flow,
        "by_place": (months, places, len(PLACE_FLOWS)),
        "people": moment,
        "belief": (*moment, len(DOMAINS)),
        "income": moment,
        "hardship": moment,
        "trust": moment,
        "opinion": moment,
        "motive": moment,
        "private_support": moment,
        "public_support": moment,
        "ties": moment,
        "on_channel": (*moment, len(CHANNELS)),
        "in_scope": (*moment, instruments),
        "grades": (*moment, instruments, grades),
        "score": (*moment, instruments),
        "aware": (*moment, instruments),
        "marks": (*moment, instruments, len(MARKS)),
        "firm_flows": (months, len(firms.groups), len(firms.flows)),
        "firm_moments": (months + 1, len(firms.groups), len(firms.moments)),
        "body_flows": (months, len(bodies.groups), len(bodies.flows)),
        "body_moments": (months + 1, len(bodies.groups), len(bodies.moments)),
    }

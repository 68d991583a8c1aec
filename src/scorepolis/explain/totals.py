"""What a life adds up to, in counts: what was done, recorded, lost, asked for and refused, before and after."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scorepolis.core.buffers import (
    ACT,
    APPEALED,
    APPLICATION,
    COURT_STEP,
    FOR_POINTS,
    NOTICE,
    OUT_DELAYED,
    OUT_REFUSED,
    RECORDED,
    SILENCED,
    WON,
)
from scorepolis.measures.counts import TRUTHS
from scorepolis.runs.ledger import EVENTS

if TYPE_CHECKING:
    from scorepolis.explain.life import Life, Row


@dataclass(frozen=True)
class Conduct:
    """What a person did within some days: acts, not multiplied by their weight."""

    days: int
    bad: int = 0
    good: int = 0
    for_points: int = 0
    undone: int = 0

    @property
    def acts(self) -> int:
        """All acts done."""
        return self.bad + self.good


@dataclass(frozen=True)
class Totals:
    """What a whole life in a run adds up to.

    Attributes
    ----------
    conduct : Conduct
        Of all days.
    seen : int
        Acts that were recorded of the one who did them.
    records : dict
        Records against the person, by truth.
    entries, penalties, rewards, lost, gained : int
        Ledger entries of all sorts; of records, those that took and those that gave; points lost and gained by them.
    wrongful : dict
        Penalties by kind of wrongful.
    applications, refused, delayed, court_steps, appeals, upheld : int
        As they are called.
    shut_out : int
        Days on which at least one service was denied, when the day had been scored.
    """

    conduct: Conduct
    seen: int
    records: dict[str, int]
    entries: int
    penalties: int
    rewards: int
    lost: int
    gained: int
    wrongful: dict[str, int]
    applications: int
    refused: int
    delayed: int
    court_steps: int
    appeals: int
    upheld: int
    shut_out: int

    def to_json(self) -> dict[str, Any]:
        """Give plain values that JSON can hold."""
        return asdict(self)


@dataclass(frozen=True)
class Turn:
    """Conduct before and after a day.

    Attributes
    ----------
    day : int
        The day of the first penalty.
    before, after : Conduct
        Of the days up to and with that day, which ends with scoring, and of those after it.
    """

    day: int
    before: Conduct
    after: Conduct


def totals_of(life: Life) -> Totals:
    """Add up a life."""
    events = {code: [row for row in life.events if row["event"] == code] for code in range(NOTICE + 1)}
    penalties = list(life.penalties())
    of_records = [row for row in life.entries if EVENTS[row["what"]] == "record"]
    answers, notices = events[APPLICATION], events[NOTICE]
    return Totals(
        conduct=conduct(life, 0, life.days),
        seen=sum(row["b"] for row in events[ACT]),
        records=_by_truth(row["b"] for row in events[RECORDED]),
        entries=len(life.entries),
        penalties=len(penalties),
        rewards=sum(row["points"] > 0 for row in of_records),
        lost=-sum(row["points"] for row in of_records if row["points"] < 0),
        gained=sum(row["points"] for row in of_records if row["points"] > 0),
        wrongful={kind: n for kind, n in _by_truth(row["truth"] for row in penalties).items() if kind != "true"},
        applications=len(answers),
        refused=sum(bool(row["a"] & OUT_REFUSED) for row in answers),
        delayed=sum(bool(row["a"] & OUT_DELAYED) for row in answers),
        court_steps=len(events[COURT_STEP]),
        appeals=sum(bool(row["c"] & APPEALED) for row in notices),
        upheld=sum(bool(row["c"] & WON) for row in notices),
        shut_out=_days_shut_out(life),
    )


def conduct(life: Life, first: int, last: int) -> Conduct:
    """Count what a person did from day `first` until before day `last`."""
    acts = [row for row in life.events if row["event"] == ACT and first <= row["day"] < last]
    done = [row for row in acts if row["a"] != SILENCED]
    bad = sum(life.context.behaviours[row["code"]].conduct == "bad" for row in done)
    return Conduct(
        days=last - first,
        bad=bad,
        good=len(done) - bad,
        for_points=sum(row["a"] == FOR_POINTS for row in done),
        undone=len(acts) - len(done),
    )


def turn_of(life: Life) -> Turn | None:
    """Compare conduct before and after the first penalty; None if there was none, or it was on the last day."""
    first: Row | None = next(life.penalties(), None)
    if first is None or first["day"] + 1 >= life.days:
        return None
    day = first["day"]
    return Turn(day, conduct(life, 0, day + 1), conduct(life, day + 1, life.days))


def _by_truth(codes: Any) -> dict[str, int]:  # noqa: ANN401 - any iterable of codes
    counts = dict.fromkeys(TRUTHS, 0)
    for code in codes:
        counts[TRUTHS[code]] += 1
    return {name: n for name, n in counts.items() if n}


def _days_shut_out(life: Life) -> int:
    """Walk through the days, with the denials of all instruments together."""
    denies = {k: life.books.denies(k) for k in life.scopes}
    standing = {k: life.standing(k, -1) for k in life.scopes}
    changes: dict[int, list[Row]] = {}
    for row in life.entries:
        changes.setdefault(row["day"], []).append(row)
    shut = 0
    for day in range(life.days):
        for row in changes.get(day, ()):
            standing[row["instrument"]] = row["standing_after"]
        shut += any(denies[k][grade] for k, grade in standing.items())
    return shut

"""The same life twice: what the person did and met under one scheme and under another, and where the two part."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scorepolis.core.buffers import ACT, APPLICATION, COURT_STEP, DETERRED, PERFORMED, RECORDED, SILENCED
from scorepolis.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scorepolis.explain.life import Life, Row

    Days = Mapping[int, list[tuple[int, ...]]]


@dataclass(frozen=True)
class Parting:
    """Where two lives part.

    Attributes
    ----------
    lived : int or None
        The first day on which they did, went through or were answered something else; None if they never do.
    recorded : int or None
        The first day on which something else was recorded of them.
    """

    lived: int | None
    recorded: int | None


def check_same(one: Life, other: Life) -> None:
    """Make sure that two lives are those of the same person, with the same luck.

    Raises
    ------
    InputError
        If society, people, start, length, seed or parameters differ.
    """
    ours, theirs = one.run.provenance, other.run.provenance
    for name in ("society", "people", "start", "days", "seed", "overrides", "parameters"):
        if ours[name] != theirs[name]:
            raise InputError(
                f"the runs differ in {name}: {ours[name]} and {theirs[name]}",
                file=str(other.run.path) if other.run.path else None,
                expected="two runs of the same people with the same luck",
            )


def parting(one: Life, other: Life) -> Parting:
    """Find where two lives of the same person part.

    A deed counts as the same whether or not it was done for points or for fear; a wish left undone is no deed.

    Parameters
    ----------
    one, other : Life
        Of the same person.

    Returns
    -------
    Parting
    """
    return Parting(
        _first_other(_lived(one.events), _lived(other.events)),
        _first_other(_recorded(one.events), _recorded(other.events)),
    )


def _lived(events: list[Row]) -> Days:
    """Give what a person did, went through and was answered, by day."""
    days: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for row in events:
        event, code = row["event"], row["code"]
        if event == ACT and row["a"] != SILENCED:
            days[row["day"]].append((event, code))
        elif event == COURT_STEP:
            step = PERFORMED if row["a"] == DETERRED else row["a"]
            days[row["day"]].append((event, code, step, row["b"], row["c"]))
        elif event == APPLICATION:
            days[row["day"]].append((event, code, row["a"], row["b"], row["c"]))
    return days


def _recorded(events: list[Row]) -> Days:
    """Give what was recorded of a person, by day."""
    days: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for row in events:
        if row["event"] == RECORDED:
            days[row["day"]].append((row["code"], row["a"], row["b"], row["c"]))
    return days


def _first_other(one: Days, other: Days) -> int | None:
    """Find the first day that is not the same."""
    return next((day for day in sorted({*one, *other}) if one.get(day) != other.get(day)), None)

"""What is counted of firms: flows of a month and snapshots of a moment, by group, each under a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scorepolis.parameters import Parameters
    from scorepolis.rulebooks import Rulebook

TRUTHS = ("true", "wrong_firm", "not_done", "unable")
OUTCOMES = ("refused", "delayed", "dearer", "cheaper", "first")
SIGNS = ("negative", "positive")
MARKS = ("refused", "penalised")
CONNECTIONS = ("unconnected", "connected")


@dataclass(frozen=True)
class Layout:
    """Where each count stands: what is counted, of what, and how; the last is empty where there is but one way.

    Attributes
    ----------
    groups : tuple of (size, connection)
        Rows of both tables.
    flows, moments : tuple of (what, of, how)
        Their columns.
    """

    groups: tuple[tuple[str, str], ...]
    flows: tuple[tuple[str, str, str], ...]
    moments: tuple[tuple[str, str, str], ...]


NO_FIRMS = Layout((), (), ())


def layout(parameters: Parameters, rulebooks: Sequence[Rulebook]) -> Layout:
    """Lay out the counts of firms in a run.

    Parameters
    ----------
    parameters
        Sizes, behaviours, services and sensors of firms.
    rulebooks
        All of the run, in order.
    """
    firms = parameters.firms
    instruments = [(f"{book.name}.{one.id}", one.grade_names) for book in rulebooks for one in book.firms]
    flows = [
        *(("acts", name, "") for name in (*firms.behaviours, *firms.services)),
        *((fate, name, "") for fate in ("could_not", "deterred", "let_off") for name in firms.behaviours),
        *(("inspections", name, "") for name in firms.sensors),
        *(("clean", name, "") for name in firms.sensors),
        *(("records", name, truth) for name in firms.sensors for truth in TRUTHS),
        *(("outcomes", name, outcome) for name in firms.services for outcome in OUTCOMES),
        *((sign, name, truth) for name, _ in instruments for sign in SIGNS for truth in TRUTHS),
    ]
    moments = [("firms", "", ""), ("employees", "", ""), ("bound", "", "")]
    for name, grades in instruments:
        moments += [("in_scope", name, ""), ("points", name, "")]
        moments += [("ever", name, mark) for mark in MARKS]
        moments += [("grade", name, grade) for grade in grades]
    groups = tuple((size, connection) for size in firms.sizes for connection in CONNECTIONS)
    return Layout(groups, tuple(flows), tuple(moments))

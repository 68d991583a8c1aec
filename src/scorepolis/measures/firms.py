"""What is counted of firms: flows of a month and snapshots of a moment, by group, each under a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scorepolis.parameters import Parameters
    from scorepolis.rulebooks import Rulebook

TRUTHS = ("true", "wrong_firm", "not_done", "unable")
OUTCOMES = ("refused", "delayed", "dearer", "cheaper", "first")
SIGNS = ("negative", "positive")
MARKS = ("refused", "penalised")
BESIDES = ("told", "appealed", "upheld", "righted", "repaired", "shown", "custom")
"""Flows of instruments that say something of notice, repair or publicity."""
STANDING_OF_APPEALS = ("under_appeal", "worse_for_it")
"""What is counted of such an instrument at a moment."""
CONNECTIONS = ("unconnected", "connected")


@dataclass(frozen=True)
class Layout:
    """Where each count stands: what is counted, of what, and how; the last is empty where there is but one way.

    Attributes
    ----------
    groups : tuple of (size, sector, connection)
        Rows of both tables.
    flows, moments : tuple of (what, of, how)
        Their columns.
    yuan : tuple of (what, behaviour, size, yuan)
        What one act of a firm of each size does to others: harm or benefit.
    """

    groups: tuple[tuple[str, ...], ...]
    flows: tuple[tuple[str, str, str], ...]
    moments: tuple[tuple[str, str, str], ...]
    yuan: tuple[tuple[str, str, str, float], ...] = ()


NO_FIRMS = Layout((), (), ())


def layout(parameters: Parameters, rulebooks: Sequence[Rulebook]) -> Layout:
    """Lay out the counts of firms in a run.

    Parameters
    ----------
    parameters
        Sizes, sectors, behaviours, services and sensors of firms.
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
    besides = [f"{book.name}.{one.id}" for book in rulebooks for one in book.firms if one.says_more]
    flows += [(what, name, "") for name in besides for what in BESIDES]
    moments += [(what, name, "") for name in besides for what in STANDING_OF_APPEALS]
    yuan = [
        (what, name, size, float(amount.exact * scale.scale.exact))
        for name, behaviour in firms.behaviours.items()
        for what, amount in (("harm", behaviour.harm), ("benefit", behaviour.benefit))
        if amount is not None
        for size, scale in firms.sizes.items()
    ]
    groups = tuple(product(firms.sizes, firms.sectors, CONNECTIONS))
    return Layout(groups, tuple(flows), tuple(moments), tuple(yuan))

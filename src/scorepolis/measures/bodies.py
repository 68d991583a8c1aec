"""What is counted of public bodies: flows of a month and snapshots of a moment, by kind of body, each under a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scorepolis.measures.firms import MARKS, OUTCOMES, SIGNS, Layout

if TYPE_CHECKING:
    from scorepolis.parameters import Parameters
    from scorepolis.rulebooks import Rulebook

TRUTHS = ("true", "wrong_body", "not_done", "unable")
MONEY = ("paid", "waiting")
"""Whether public bodies leave bills of a supplier unpaid."""
NO_BODIES = Layout((), (), ())
WHOLE = (
    *("bodies", "officials", "bound", "owed", "owed_unable", "defied", "defied_unable", "making_up"),
    *("suppliers", "suppliers_waiting", "inherited"),
)
"""What is counted of bodies at a moment, before instruments."""


def layout(parameters: Parameters, rulebooks: Sequence[Rulebook]) -> Layout:
    """Lay out the counts of public bodies in a run.

    Parameters
    ----------
    parameters
        Kinds, services and sensors of public bodies.
    rulebooks
        All of the run, in order.

    Returns
    -------
    Layout
        Its groups are kinds of bodies, with nothing behind.
    """
    from scorepolis.parameters.bodies import BEHAVIOURS

    bodies, conduct = parameters.bodies, parameters.firms.behaviours
    instruments = [(f"{book.name}.{one.id}", one.grade_names) for book in rulebooks for one in book.bodies]
    flows = [
        *(("acts", name, "") for name in BEHAVIOURS),
        *((fate, name, "") for fate in ("could_not", "deterred") for name in BEHAVIOURS[:2]),
        *((step, "", "") for step in ("paid", "judged", "performed", "reported", "extra_looks", "target")),
        *(("inspections", name, "") for name in bodies.sensors),
        *(("clean", name, "") for name in bodies.sensors),
        *(("records", name, truth) for name in bodies.sensors for truth in TRUTHS),
        *(("applications", name, "") for name in bodies.services),
        *(("outcomes", name, outcome) for name in bodies.services for outcome in OUTCOMES),
        *((sign, name, truth) for name, _ in instruments for sign in SIGNS for truth in TRUTHS),
        *(("supplier_months", "", whether) for whether in MONEY),
        *(("supplier_acts", name, whether) for name in conduct for whether in MONEY),
    ]
    moments = [(what, "", "") for what in WHOLE]
    for name, grades in instruments:
        moments += [("in_scope", name, ""), ("points", name, "")]
        moments += [("ever", name, mark) for mark in MARKS]
        moments += [("grade", name, grade) for grade in grades]
    return Layout(tuple((kind, "") for kind in bodies.kinds), tuple(flows), tuple(moments))

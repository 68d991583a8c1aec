"""Which rule takes which record, of people, firms and public bodies alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

if TYPE_CHECKING:
    from scorepolis.rulebooks.schema import AnyFirmRule, AnyRule


def fill_taking(
    rule_of: npt.NDArray[Any],
    weighed: npt.NDArray[Any],
    rules: Sequence[AnyRule | AnyFirmRule],
    behaviours: Collection[str],
    sensors: Collection[str],
) -> None:
    """Write which rule of an instrument takes a record, -1 for none.

    Parameters
    ----------
    rule_of
        (behaviours, sensors): by what is recorded, and who recorded it.
    weighed
        (behaviours,): the rule that subjects weigh before they act.
    rules
        Of the instrument, in the order of the book.
    behaviours, sensors
        Their names, in order.
    """
    for b, behaviour in enumerate(behaviours):
        taking = [(r, rule.by) for r, rule in enumerate(rules) if behaviour in rule.behaviours]
        # The rule for records of any sensor comes first; those for certain sensors take theirs from it.
        taking.sort(key=lambda rule: rule[1] is not None)
        for r, by in taking:
            rule_of[b, [by is None or sensor in by for sensor in sensors]] = r
        weighed[b] = taking[0][0] if taking else -1

"""Inspection by rating: who is found out is inspected more often from then on, and complies until that is forgiven.

A firm in good standing is inspected rarely and pays little for a violation, but is listed for it; a listed firm is
inspected often, and leaves the list by some of the inspections that find nothing (Harrington 1988). Up to a certain
cost of compliance it pays to comply while listed only. Chances are those of the tables by which firms are inspected and
rated; months are lived by the same functions, and what firms do in them is the policy in question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scorepolis.core.buffers import DID, INSPECTED
from scorepolis.core.errors import InputError
from scorepolis.day.tables import Tables, build_tables
from scorepolis.firms.buffers import DONE
from scorepolis.firms.chances import CERTAIN
from scorepolis.firms.inspect import inspect
from scorepolis.firms.rate import rate
from scorepolis.firms.settle import WHO
from scorepolis.firms.start import call, firm_spaces, open_firms
from scorepolis.parameters import Parameters, load
from scorepolis.rulebooks import load_text
from scorepolis.validation.check import Check

SOURCE = "Harrington, Journal of Public Economics 37 (1988) 29"
MODEL = "Inspection by rating"
LISTED, GOOD = 0, 1
SENSOR, BEHAVIOUR = "environment_office", "pollution"

EXACT = {
    f"firms.sensors.{SENSOR}.sees.{BEHAVIOUR}": 1,
    f"firms.sensors.{SENSOR}.false_finding": 0,
    f"firms.sensors.{SENSOR}.wrong_firm": 0,
}
"""The model knows no error."""

BOOK = """
version: 1
name: two-groups
title: Two groups of firms
purpose: To reproduce a published model
legal_basis: none
in_force: {{from: 2019-01-01, until: null}}
tag: stylised
instruments: []
firms:
  - id: groups
    method: rating
    subject: firm
    transparency: published
    month: null
    start: {{value: 1, unit: points, status: assumed, range: [1, 1], reason: good standing}}
    range:
      lowest: {{value: 0, unit: points, status: assumed, range: [0, 0], reason: two groups}}
      highest: {{value: 1, unit: points, status: assumed, range: [1, 1], reason: two groups}}
    grades:
      - grade: listed
        lowest: {{value: 0, unit: points, status: assumed, range: [0, 0], reason: two groups}}
        highest: {{value: 0, unit: points, status: assumed, range: [0, 0], reason: two groups}}
      - grade: good
        lowest: {{value: 1, unit: points, status: assumed, range: [1, 1], reason: two groups}}
        highest: {{value: 1, unit: points, status: assumed, range: [1, 1], reason: two groups}}
    reach: [environment_office]
    rules:
      - id: V
        text: Violation found
        behaviours: [pollution]
        points: {{value: 0, unit: points, status: assumed, range: [0, 0], reason: only the group counts}}
        assign: listed
      - id: C
        text: Compliance found
        behaviours: [clean_inspection]
        points: {{value: 0, unit: points, status: assumed, range: [0, 0], reason: only the group counts}}
        lift:
          from: listed
          to: good
          share: {{value: {forgiven}, unit: share, status: assumed, range: [0, 1], reason: as the model has it}}
    inspections:
      - sensor: environment_office
        grades: [good]
        share: {{value: {good}, unit: share, status: assumed, range: [0, 1], reason: as the model has it}}
      - sensor: environment_office
        grades: [listed]
        share: {{value: {listed}, unit: share, status: assumed, range: [0, 1], reason: as the model has it}}
"""


@dataclass(frozen=True)
class Groups:
    """What comes of two groups.

    Attributes
    ----------
    threshold
        Cost of compliance, in fines of the listed, up to which it pays to comply while listed rather than never.
    compliance
        Share of months in which firms comply that do so while listed only.
    inspections
        Share of months in which they are inspected.
    """

    threshold: float
    compliance: float
    inspections: float


def run(
    *,
    good: float = 0.05,
    listed: float = 0.35,
    forgiven: float = 0.3,
    discount: float = 0.95,
    fine_good: float = 0.0,
    fine_listed: float = 1.0,
    firms: int = 40_000,
    months: int = 600,
    seed: int = 1,
) -> Groups:
    """Let firms comply while listed only, and find up to which cost that pays.

    Parameters
    ----------
    good, listed
        Share of the firms of each group that are inspected in a month.
    forgiven
        Share of the inspections of listed firms that find nothing and end the listing.
    discount
        Worth of the next month's yuan.
    fine_good, fine_listed
        What a violation costs that is found, in each group.
    firms, months
        How many firms live, and how long; the first tenth of it is not counted.
    seed
        Of the draws.

    Returns
    -------
    Groups

    Raises
    ------
    InputError
        If a share is none, or there is nothing to simulate.
    """
    for name, share in (("good", good), ("listed", listed), ("forgiven", forgiven), ("discount", discount)):
        if not 0 < share < 1:
            raise InputError(f"{name} is {share}", expected="a share above 0 and below 1")
    if firms < 1 or months < 10:
        raise InputError(f"{firms} firms and {months} months", expected="at least one firm and ten months")
    parameters = load(EXACT)
    book = load_text(BOOK.format(good=good, listed=listed, forgiven=forgiven), "two-groups.yaml", parameters)
    tables = build_tables(parameters, [book], parameters.societies["village"], seed)
    compliance, inspections = _lived(tables, parameters, firms, months)
    return Groups(_threshold(tables, parameters, discount, fine_good, fine_listed), compliance, inspections)


def _threshold(tables: Tables, parameters: Parameters, discount: float, fine_good: float, fine_listed: float) -> float:
    """Solve for the cost at which complying while listed is worth as much as never complying."""
    s = tuple(parameters.firms.sensors).index(SENSOR)
    rarely, often = (int(tables["firm_share"][0, s, group]) / CERTAIN for group in (GOOD, LISTED))
    leaves = often * int(tables["firm_rule_lifted"][0, 1]) / CERTAIN
    step = np.array([[1 - rarely, rarely], [leaves, 1 - leaves]])  # from and to: good, listed
    values = np.linalg.inv(np.eye(2) - discount * step)
    fined, of_cost = values @ [rarely * fine_good, 0], values @ [0, 1]
    # Who never complies stays listed for good.
    never = often * fine_listed / (1 - discount)
    return float((never - fined[1]) / of_cost[1])


def _lived(tables: Tables, parameters: Parameters, firms: int, months: int) -> tuple[float, float]:
    """Let months pass, in which those in good standing violate and the listed comply."""
    b = tuple(parameters.firms.behaviours).index(BEHAVIOUR)
    sector = tuple(parameters.firms.sectors).index("manufacturing")
    size = np.ones(firms, np.uint8)
    columns: dict[str, Any] = tables | {name: np.zeros(firms, dtype) for name, dtype in WHO.items()}
    columns |= {"firm_size": size, "firm_sector": size * np.uint8(sector), "first_slot": np.int64(0)}
    columns["firm_cell"] = (size.astype(np.int64) * len(parameters.firms.sectors) + sector).astype(np.uint8)
    columns |= open_firms(columns)
    columns |= firm_spaces(columns, firms)
    complied = inspected = counted = 0
    for month in range(months):
        acting = np.flatnonzero(columns["firm_standing"][0] == GOOD)
        columns["firm_acts"][: acting.size] = np.column_stack(
            [acting, np.full(acting.size, b), np.full(acting.size, DONE)]
        )
        columns["firm_filled"][DID] = acting.size
        columns |= {"day": np.int64(month), "calendar_month": np.int64(1)}
        call(inspect, columns)
        call(rate, columns)
        if month >= months // 10:
            complied += firms - acting.size
            visits = columns["firm_inspections"][: columns["firm_filled"][INSPECTED], 1]
            inspected += int((visits == tuple(parameters.firms.sensors).index(SENSOR)).sum())
            counted += firms
    return complied / counted, inspected / counted


def checks() -> tuple[Check, ...]:
    """Compare with the published model, for one set of numbers."""
    groups = run()
    return (
        Check(
            MODEL, SOURCE, "largest cost at which it pays to comply while listed, in fines", "derived", 0.708077,
            groups.threshold, 1e-6, "inspection.run().threshold",
        ),
        Check(
            MODEL, SOURCE, "compliance of those who comply while listed only", "derived", 0.32258, groups.compliance,
            1e-3, "inspection.run().compliance",
        ),
        Check(
            MODEL, SOURCE, "their mean rate of inspections, and so the cost up to which a uniform one would do",
            "derived", 0.14677, groups.inspections, 1e-3, "inspection.run().inspections",
        ),
    )  # fmt: skip

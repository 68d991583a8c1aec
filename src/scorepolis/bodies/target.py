"""Target: what a neighbourhood reported is held against what was asked; what lacks, collectors and officials make up.

Officials make reports up if a missed target costs them more than being found out, in proportion to what is above that.
"""

from __future__ import annotations

import numpy as np

from scorepolis.bodies.choices import MOST_LOSS, stake
from scorepolis.bodies.steps import ACTS, ARRIVED, DAYS, DOES, EXTRA_LOOKS, FORGED, IN, LOOKED, TARGET
from scorepolis.core.buffers import IN_SCOPE
from scorepolis.core.compiled import compiled

MISSED, FALSIFIED = 2, 3
EFFORT = 4
"""Position in `body_shares`."""


@compiled
def target(  # type: ignore[no-untyped-def]
    body_kind, body_integrity, body_near, body_points, body_assigned, body_standing, body_marks, body_shares,
    body_fine, body_gain, body_temper, body_risk, body_known, body_list, body_rule_weighed, body_rule_points,
    body_rule_assign, body_rule_duration, body_month, body_start, body_range, body_worth, body_value, body_targets,
    body_reports, body_extra, body_forge, body_acts, body_steps,
):  # fmt: skip
    """Close the month of reports, and set how hard the next one is pressed."""
    for j in range(body_kind.size):
        h = np.int64(body_near[j])
        if h < 0:
            continue
        kind = np.int64(body_kind[j])
        asked = np.int64(0)
        for k in range(body_known.size):
            if (body_marks[k, j] & IN_SCOPE) != 0:
                asked = max(asked, body_targets[k, h])
        came, forged = body_reports[h, IN], body_reports[h, FORGED]
        body_extra[h] = 0
        body_forge[h] = 0
        if asked > 0:
            if came < asked:
                body_acts[j, MISSED] = DOES
                body_steps[j, ACTS + MISSED] = 1
            lacks = max(np.int64(0), asked - max(np.int64(0), came - forged))
            missing = stake(
                j, MISSED, kind, body_marks, body_known, body_points, body_assigned, body_standing, body_list,
                body_rule_weighed, body_rule_points, body_rule_assign, body_rule_duration, body_month, body_start,
                body_range, body_worth, body_value,
            )  # fmt: skip
            found_out = body_fine[FALSIFIED] + stake(
                j, FALSIFIED, kind, body_marks, body_known, body_points, body_assigned, body_standing, body_list,
                body_rule_weighed, body_rule_points, body_rule_assign, body_rule_duration, body_month, body_start,
                body_range, body_worth, body_value,
            )  # fmt: skip
            gain = (min(np.int64(MOST_LOSS), missing) * body_risk[MISSED, kind]) >> 30
            cost = (min(np.int64(MOST_LOSS), found_out) * body_risk[FALSIFIED, kind]) >> 30
            scruple = body_gain[FALSIFIED]
            if gain > 0:
                body_extra[h] = (body_shares[EFFORT] * lacks) // asked
            share = (min(scruple, max(np.int64(0), gain - cost)) << 30) // scruple
            daily = (lacks * share * 4) // DAYS
            body_forge[h] = min((lacks << 32) // DAYS, (daily * body_temper[body_integrity[j]]) >> 16)
        if forged > 0:
            body_acts[j, FALSIFIED] = DOES
            body_steps[j, ACTS + FALSIFIED] = forged
        body_steps[j, ARRIVED] = came
        body_steps[j, LOOKED] = body_reports[h, EXTRA_LOOKS]
        body_steps[j, TARGET] = asked
        body_reports[h, :] = 0

"""Wait: what public bodies leave unpaid is missing at the firms that supply them.

The bills of a body fall to its suppliers in turn, and who has waited longest is paid first. A judgment that is defied
ends no wait.
"""

from __future__ import annotations

import numpy as np

from scorepolis.core.compiled import compiled, inlined


@inlined
def turns_until(number, turn, suppliers):  # type: ignore[no-untyped-def]
    """Give how many of the first bills, so many, fell to the supplier whose turn this is."""
    return (number + suppliers - 1 - turn) // suppliers


@compiled
def wait(  # type: ignore[no-untyped-def]
    body_suppliers, body_owed, body_defied, body_bills, firm_body, firm_turn, firm_waits
):
    """Renew how many bills each firm waits for."""
    for i in range(firm_body.size):
        j = firm_body[i]
        if j < 0:
            continue
        turn, suppliers = np.int64(firm_turn[i]), np.int64(body_suppliers[j])
        last = body_bills[j]
        first = last - np.int64(body_owed[j]) - np.int64(body_defied[j])
        firm_waits[i] = turns_until(last, turn, suppliers) - turns_until(first, turn, suppliers)

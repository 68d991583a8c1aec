"""Numbers as cells of a table: the figures that matter, and a dash where there is nothing to say."""

from __future__ import annotations

import math

from scorepolis.listing import MISSING, Cell


def figure(number: float) -> Cell:
    """Keep the three figures that matter; it stays a number, so that programs can read it.

    Examples
    --------
    >>> figure(1234.5), figure(0.00123456), figure(float("nan"))
    (1230, 0.00123, '–')
    """
    if math.isnan(number):
        return MISSING
    rounded = float(f"{float(number):.3g}")
    return int(rounded) if rounded.is_integer() else rounded


def ratio(above: float, below: float) -> Cell:
    """Divide, if there is something to divide by.

    Examples
    --------
    >>> ratio(1, 3), ratio(1, 0)
    (0.333, '–')
    """
    return figure(above / below) if below > 0 else MISSING

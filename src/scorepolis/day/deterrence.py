"""Deterrence: how much of a wish survives the threat of being recorded, be it of people or of debtors."""

from __future__ import annotations

import numpy as np

from scorepolis.core.compiled import compiled
from scorepolis.day.coefficients import (
    CERTAINTY,
    FORM_UNIFORM_GAIN,
    FULL_CERTAINTY_LOSS,
    LARGEST_GAIN,
    SEVERITY,
    THRESHOLD,
)


@compiled
def deterrence(risk, law_risk, loss, coefficients, neg_exp):  # type: ignore[no-untyped-def]
    """Share of wishes that survive the threat, in units of 2^-16.

    Certainty and severity enter separately. Certainty counts only above the risk under ordinary law and above a
    threshold (Loughran and others 2012), and in full only if there is enough to lose; severity counts as expected loss.
    With nothing to lose there is no deterrence. The form `uniform_gain` is Becker's choice (offend iff the gain exceeds
    risk times loss) with gains uniform on [0, largest_gain].

    Parameters
    ----------
    risk, law_risk
        Believed risk of being recorded, and that under ordinary law, in 2^-16.
    loss
        What a record would cost, in years of income per head, in 2^-12.
    coefficients, neg_exp
        Tables of the run.

    Returns
    -------
    int64
        0 to 65536.
    """
    if loss == 0:
        return np.int64(65536)
    if coefficients[FORM_UNIFORM_GAIN]:
        return np.int64(65536) - min(np.int64(65536), (risk * loss) // coefficients[LARGEST_GAIN])
    above = max(np.int64(0), risk - max(law_risk, coefficients[THRESHOLD]))
    full = coefficients[FULL_CERTAINTY_LOSS]
    certainty = ((coefficients[CERTAINTY] * above) >> 8) * min(loss, full) // full
    severity = (coefficients[SEVERITY] * risk * loss) >> 20
    return neg_exp[min(np.int64(neg_exp.size - 1), (certainty + severity) >> 8)]

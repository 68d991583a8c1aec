"""Answer: what public bodies and their heads ask for meets their standing, as what firms ask for does."""

from __future__ import annotations

from scorepolis.core.compiled import compiled
from scorepolis.firms.serve import serve


@compiled
def answer(  # type: ignore[no-untyped-def]
    body_standing, body_marks, body_effect_bits, body_effect_days, body_effect_percent, body_applications,
    body_outcomes, body_filled,
):  # fmt: skip
    """Grant, refuse, delay, make dearer or cheaper."""
    serve(
        body_standing, body_marks, body_effect_bits, body_effect_days, body_effect_percent, body_applications,
        body_outcomes, body_filled,
    )  # fmt: skip

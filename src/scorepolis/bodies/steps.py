"""The codes of what public bodies do in a month, and of what their neighbourhoods report."""

from __future__ import annotations

ACTS, COULD_NOT, DETERRED, PAID, JUDGED, PERFORMED, ARRIVED, LOOKED, TARGET = 0, 4, 6, 8, 9, 10, 11, 12, 13
STEPS = 14
"""Positions in `body_steps`: acts of the four behaviours; of the first two those without a choice and those left for
fear; bills paid, judgments, judgments performed; reports that arrived, of extra looks, and how many were asked.
"""

IN, FORGED, EXTRA_LOOKS = range(3)
REPORTS = 3
"""Positions in `body_reports`: what arrived this month, what was made up, what extra looks wrote."""

NOT, DOES, CANNOT = range(3)
"""What a body does of a behaviour this month: not; does; has no choice."""

MOST_OPEN = 200
"""Bills, or judgments, that a body can leave open."""

DAYS = 30
"""Days to which what a month lacks is spread."""

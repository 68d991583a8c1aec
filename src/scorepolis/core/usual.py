"""What a run takes where nobody says otherwise."""

from typing import Final

PANEL: Final = 20_000
"""People, about, whose whole ledger and life are kept."""

PAUSE: Final = 20.0
"""Seconds between two checkpoints, at least."""

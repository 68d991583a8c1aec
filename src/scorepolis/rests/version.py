"""Which version of everything that a run depends on: the code of the model, its parameters and its rulebooks."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parents[1]
AFTER: Final = ("audit", "cli.py", "explain", "plausibility", "report", "rests", "validation")
"""What a run does not depend on."""


@cache
def stamp() -> str:
    """Hash the files: a table of another stamp may be another one now, and what was run is not gone on with."""
    state = hashlib.sha256()
    for file in sorted(file for suffix in ("py", "yaml") for file in PACKAGE.rglob(f"*.{suffix}")):
        if file.relative_to(PACKAGE).parts[0] not in AFTER:
            state.update(f"{file.relative_to(PACKAGE)}\n".encode() + file.read_bytes())
    return state.hexdigest()[:16]

"""``python -m scorepolis.rests [SCENARIO ...]``: reckon what shipped scenarios rest on, into the package."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Final

from rich.console import Console

from scorepolis.core.aside import write_text
from scorepolis.rests.reckon import reckon

HERE: Final = Path(__file__).parent / "tables"
SCENARIOS: Final = ("town",)
"""Those that are reckoned; others with the same rulebooks are answered from them."""
STEPS: Final = 50
PACKAGE: Final = HERE.parents[1]
AFTER: Final = ("audit", "cli.py", "explain", "plausibility", "report", "rests", "validation")
"""What a run does not depend on."""


def main(arguments: list[str]) -> int:
    """Reckon, and write a table for each scenario; finished runs are kept under ``runs/rests`` until it is written."""
    log = Console(stderr=True)
    workers = int(os.environ.get("WORKERS", "1"))
    for name in arguments or SCENARIOS:
        folder = Path("runs/rests") / stamp() / name

        def progress(done: int, total: int, name: str = name) -> None:
            if done % STEPS == 0 or done == total:
                log.print(f"{name}: {done:,} of {total:,} runs are done.", highlight=False)

        found = reckon(name, workers=workers, folder=folder, progress=progress)
        write_text(HERE / f"{name}.json", found.to_text())
        log.print(f"The table is in {HERE / f'{name}.json'}.", highlight=False)
    return 0


def stamp() -> str:
    """Name this very version: another one must not go on with what this one has run."""
    state = hashlib.sha256()
    for file in sorted(file for suffix in ("py", "yaml") for file in PACKAGE.rglob(f"*.{suffix}")):
        if file.relative_to(PACKAGE).parts[0] not in AFTER:
            state.update(f"{file.relative_to(PACKAGE)}\n".encode() + file.read_bytes())
    return state.hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

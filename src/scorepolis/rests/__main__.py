"""``python -m scorepolis.rests [--workers N] [SCENARIO ...]``: reckon what scenarios rest on, into the package."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from rich.console import Console

from scorepolis.core.aside import write_text
from scorepolis.rests.reckon import reckon
from scorepolis.rests.version import stamp

HERE: Final = Path(__file__).parent / "tables"
SCENARIOS: Final = ("town",)
"""Those that are reckoned; others with the same rulebooks are answered from them."""
STEPS: Final = 50


def main(arguments: list[str]) -> int:
    """Reckon, and write a table for each scenario; finished runs are kept under ``runs/rests`` until it is written."""
    log = Console(stderr=True)
    workers, names = (int(arguments[1]), arguments[2:]) if arguments[:1] == ["--workers"] else (1, arguments)
    for name in names or SCENARIOS:
        folder = Path("runs/rests") / stamp() / name

        def progress(done: int, total: int, name: str = name) -> None:
            if done % STEPS == 0 or done == total:
                log.print(f"{name}: {done:,} of {total:,} runs are done.", highlight=False)

        found = reckon(name, workers=workers, folder=folder, progress=progress)
        write_text(HERE / f"{name}.json", found.to_text())
        log.print(f"The table is in {HERE / f'{name}.json'}.", highlight=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

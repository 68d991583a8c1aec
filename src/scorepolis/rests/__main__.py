"""``python -m scorepolis.rests [--workers N] [SCENARIO ...]``: reckon what scenarios rest on, into the package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from rich.console import Console

from scorepolis.core.aside import write_text
from scorepolis.core.errors import InputError
from scorepolis.rests.reckon import reckon
from scorepolis.rests.version import stamp

HERE: Final = Path(__file__).parent / "tables"
SCENARIOS: Final = ("town",)
"""Those that are reckoned; others with the same rulebooks are answered from them."""
STEPS: Final = 50


def main(arguments: list[str]) -> int:
    """Reckon, and write a table for each scenario; finished runs are kept under ``runs/rests`` until it is written."""
    parser = argparse.ArgumentParser(prog="python -m scorepolis.rests", description=__doc__)
    parser.add_argument("--workers", type=int, default=1, help="processes that share the runs")
    parser.add_argument("scenario", nargs="*", default=SCENARIOS)
    asked = parser.parse_args(arguments)
    log, workers = Console(stderr=True), asked.workers
    for name in asked.scenario:
        folder = Path("runs/rests") / stamp() / name

        def progress(done: int, total: int, name: str = name) -> None:
            if done % STEPS == 0 or done == total:
                log.print(f"{name}: {done:,} of {total:,} runs are done.", highlight=False)

        try:
            found = reckon(name, workers=workers, folder=folder, progress=progress)
        except InputError as error:
            parser.error(str(error))
        write_text(HERE / f"{name}.json", found.to_text())
        log.print(f"The table is in {HERE / f'{name}.json'}.", highlight=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

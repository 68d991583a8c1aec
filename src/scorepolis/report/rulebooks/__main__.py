"""``python -m scorepolis.report.rulebooks FOLDER``: write the page of every rulebook of the library."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scorepolis.report.rulebooks.pages import pages


def main(arguments: Sequence[str]) -> int:
    """Write the pages into the folder that is named; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scorepolis.report.rulebooks", description=__doc__)
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="for the pages; others there are removed")
    folder: Path = parser.parse_args(arguments).folder
    folder.mkdir(parents=True, exist_ok=True)
    made = dict(pages())
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

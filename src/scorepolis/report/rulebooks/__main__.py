"""``python -m scorepolis.report.rulebooks FOLDER``: write the page of every rulebook of the library."""

from __future__ import annotations

import argparse
from pathlib import Path

from scorepolis.report.rulebooks.pages import pages

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m scorepolis.report.rulebooks", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pages are written; others that end in .md are removed")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    made = dict(pages())
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")

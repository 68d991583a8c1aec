"""``python -m scorepolis.report.rulebooks FOLDER``: write the page of every rulebook of the library."""

from __future__ import annotations

import sys
from pathlib import Path

from scorepolis.report.rulebooks.pages import pages

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    made = dict(pages())
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")

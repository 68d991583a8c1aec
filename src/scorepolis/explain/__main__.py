"""Write the told lives: ``python -m scorepolis.explain docs/lives.md``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scorepolis.explain.told import page


def main(arguments: Sequence[str]) -> int:
    """Write the page into the file that is named.

    Parameters
    ----------
    arguments : sequence of str
        The file.

    Returns
    -------
    int
        The exit code.
    """
    parser = argparse.ArgumentParser(
        prog="python -m scorepolis.explain", description="Write lives of some types, told from a small run."
    )
    parser.add_argument("file", metavar="FILE.md", type=Path, help="the page; what is there is replaced")
    file: Path = parser.parse_args(arguments).file
    file.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

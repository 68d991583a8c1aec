"""Write the told lives: ``python -m scorepolis.explain docs/lives.md``."""

from __future__ import annotations

import sys
from pathlib import Path

from scorepolis.explain.told import page


def main(arguments: list[str]) -> int:
    """Write the page into the file that is named.

    Parameters
    ----------
    arguments : list of str
        The file.

    Returns
    -------
    int
        The exit code.
    """
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m scorepolis.explain FILE.md\n")
        return 2
    Path(arguments[0]).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

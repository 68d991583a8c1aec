"""What the commands of this folder share: their options, and telling how far they are."""

from __future__ import annotations

import argparse
import sys
import time

BEGAN = time.monotonic()


def options(about: str | None, quick: str, *, seed: bool = False) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true", help=f"small and soon done: {quick}")
    if seed:
        parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    return parser.parse_args()


def tell(what: str, text: str) -> None:
    """Say how far it is, beside the results."""
    print(f"{time.monotonic() - BEGAN:6.0f} s  {what}: {text}", file=sys.stderr, flush=True)

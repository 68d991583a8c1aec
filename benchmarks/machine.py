"""What a figure was measured on, and how much memory a process holds."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from benchmarks.rows import processor

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
QUIET = 0.25
"""Load for each core up to which a machine is called quiet."""


def described(command: str) -> str:
    """Say which command made a table, on what machine and day, and whether others were at work there."""
    cores = os.cpu_count() or 1
    day = datetime.now().astimezone().date().isoformat()
    return f"Made by `{command}` on {day}: {processor()}, {cores} cores, Python {platform.python_version()}. {load()}"


def load() -> str:
    """Say whether others were at work on the machine before the start."""
    if not hasattr(os, "getloadavg"):
        return "How busy the machine was is not known."
    cores, busy = os.cpu_count() or 1, os.getloadavg()[1]
    found = f"a load of {busy:.1f} on {cores} cores over the five minutes before"
    return f"The machine was quiet: {found}." if busy <= QUIET * cores else f"**The machine was busy**: {found}."


def status(field: str) -> int | None:
    """Bytes of a field of the process's status; None where there is no such file."""
    if not STATUS.exists():
        return None
    for line in STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    return None


def forget_peak() -> int | None:
    """Let the peak of memory begin anew; returns the bytes held now, None where that cannot be told."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)  # what was freed goes back, or it would be used again unseen
    try:
        CLEAR.write_text("5", encoding="ascii")
    except OSError:
        return None
    return status("VmRSS")


def peak() -> int | None:
    """Most bytes held since the peak began anew."""
    return status("VmHWM")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a table in Markdown, the first column to the left and all others to the right, padded for plain eyes."""
    widths = [max(len(row[at]) for row in [header, *rows]) for at in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        left, *right = zip(cells, widths, strict=True)
        padded = [left[0].ljust(left[1]), *(cell.rjust(width) for cell, width in right)]
        return f"| {' | '.join(padded)} |"

    rule = ["-" * widths[0], *("-" * (w - 1) + ":" for w in widths[1:])]
    return "\n".join([line(header), line(rule), *map(line, rows)])

"""What is run, and what is found out about it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import scorepolis as sp
from scorepolis.runs.unfinished import UNFINISHED

ROOT = Path(__file__).parents[1]
SEED = 11


@dataclass(frozen=True)
class Case:
    """A run."""

    scenario: str
    people: int
    days: int

    def __str__(self) -> str:
        return f"{self.scenario}, {self.people:,} people, {self.days} days"

    @property
    def how(self) -> dict[str, Any]:
        return {"people": self.people, "days": self.days, "seed": SEED}

    def command(self, out: Path, *more: str) -> list[str]:
        """The command line of the run."""
        return [
            "run",
            self.scenario,
            *(f"--{name}={value}" for name, value in self.how.items()),
            "--checkpoint-pause=0",
            f"--out={out}",
            *more,
        ]


@dataclass(frozen=True)
class Outcome:
    """What was tried, what was seen, and whether it is as it should be."""

    what: str
    seen: str
    good: bool | None
    """None: it could not be tried on this machine."""

    @property
    def result(self) -> str:
        return {True: "passed", False: "FAILED", None: "not tried"}[self.good]


@cache
def whole(case: Case) -> str:
    """The digest of a run that nothing hindered, on one thread, in memory."""
    return sp.run(case.scenario, **case.how, threads=1).digest


def environment() -> dict[str, str]:
    """That of a process that imports this very source."""
    places = [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places)), "COLUMNS": "200"}


def start(arguments: list[str], **how: Any) -> subprocess.Popen[str]:  # noqa: ANN401 - those of Popen
    """Start the program."""
    return subprocess.Popen(
        [sys.executable, "-m", "scorepolis", *arguments], env=environment(), encoding="utf-8",
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **how,
    )  # fmt: skip


def called(arguments: list[str], **how: Any) -> tuple[int, str]:  # noqa: ANN401 - those of Popen
    """Run the program to its end: its exit code, and what it says about errors."""
    with start(arguments, **how) as process:
        _, said = process.communicate()
    return process.returncode, said


def message(said: str) -> str:
    """The last line that the program says, the names of folders cut short; a traceback is none."""
    if "Traceback" in said:
        return "a traceback: " + said.strip().splitlines()[-1]
    return said.strip().splitlines()[-1] if said.strip() else ""


def left_over(folder: Path) -> list[str]:
    """What a run that is whole should not have left, in its folder and beside it."""
    own = re.compile(rf"\.{re.escape(folder.name)}\.\d+\.(partial|replaced)")
    beside = [entry.name for entry in folder.parent.iterdir() if own.fullmatch(entry.name)]
    return beside + ([UNFINISHED] if (folder / UNFINISHED).exists() else [])

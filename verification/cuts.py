"""Cutting the work otherwise, or stopping at each month's end and going on, changes no bit."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import scorepolis as sp
from scorepolis import scenarios
from scorepolis.core.calendar import months
from scorepolis.engine.checkpoint import Checkpoints
from scorepolis.engine.crew import Threads
from scorepolis.engine.simulate import simulate
from scorepolis.runs.digest import digest
from verification.outcome import Case, Outcome, whole

THREADS = (1, 2)
TILES = (1, 7, 30)
SPARE = {"no": 0, "some": 5 << 20, "all": 1 << 40}
"""Bytes of districts at rest that may stay in memory."""
WORLDS = ("scheme", "baseline")


class StoppedError(Exception):
    """What a run is interrupted with."""


def cut(case: Case) -> Iterator[Outcome]:
    """Run with other numbers of threads and other tiles."""
    for threads, tile in product(THREADS, TILES):
        found = digest_of(case, threads, tile)
        yield Outcome(f"{case}: {threads} threads, tiles of {tile} days", found[:16], found == whole(case))


def out_of_core(case: Case, scratch: Path) -> Iterator[Outcome]:
    """Run with all districts in files, with some of them in memory besides, and with all."""
    for threads, (told, spare) in product(THREADS, SPARE.items()):
        home, crew = Path(tempfile.mkdtemp(dir=scratch)), Threads(threads, spare)
        found = _digest(case, partial(_filed, home, crew))
        shutil.rmtree(home)
        yield Outcome(
            f"{case}: out of core, {threads} threads, {told} districts in memory", found[:16], found == whole(case)
        )


def _filed(home: Path, crew: Threads, world: str) -> dict[str, Any]:
    return {"crew": crew, "checkpoints": Checkpoints(home / world, "key")}


def digest_of(case: Case, threads: int, tile: int) -> str:
    """The digest of a run whose tiles are chosen, which the command line does not offer."""
    return _digest(case, lambda _: {"threads": threads, "tile": tile})


def _digest(case: Case, means: Callable[[str], dict[str, Any]]) -> str:
    """The digest of a run whose worlds are lived by some means each."""
    from scorepolis.runs.ledger import in_order, person_numbers
    from scorepolis.runs.make import LAW_ONLY

    scenario = scenarios.load(case.scenario)
    scheme = simulate(scenario, **case.how, **means("scheme"))
    law = simulate(scenario, **case.how, **means("baseline"), rulebooks=[LAW_ONLY], like=scheme)
    worlds = []
    for name, outcome in (("scheme", scheme), ("baseline", law)):
        ledger = in_order(outcome.ledger)
        ledger["person"] = person_numbers(
            ledger["slot"],
            people=outcome.people,
            neighbourhoods=outcome.counts.by_place.shape[1],
            units=outcome.context.units,
        )
        worlds.append((name, outcome.counts, ledger))
    return digest(worlds)


def interrupted(case: Case, scratch: Path) -> Iterator[Outcome]:
    """Stop a run in each of its months and go on; and one run in all of them, one after the other."""
    home = Path(tempfile.mkdtemp(dir=scratch))
    firsts = [month.first for month in months(scenarios.load(case.scenario).start, case.days)]
    moments = [(world, first) for world in WORLDS for first in firsts][1:]  # a checkpoint lies behind each of them
    for number, (world, first) in enumerate(moments):
        yield _finished(
            f"{case}: stopped in the {world}, on day {first + 1}", case, home / str(number), [(world, first)]
        )
    yield _finished(f"{case}: stopped {len(moments)} times", case, home / "all", moments)


def _finished(what: str, case: Case, folder: Path, moments: list[tuple[str, int]]) -> Outcome:
    stopped = 0
    for at in moments:
        try:
            _go(case, folder, _stop(*at))
        except StoppedError:
            stopped += 1
    run = _go(case, folder, lambda *_: None)
    seen = run.verify()
    shutil.rmtree(folder)
    return Outcome(what, f"{seen[:16]}, stopped {stopped}", seen == whole(case) and stopped == len(moments))


def _go(case: Case, folder: Path, progress: Callable[[str, int, int], None]) -> sp.Run:
    if folder.exists():
        return sp.resume(folder, threads=2, checkpoint_pause=0, progress=progress)
    return sp.run(case.scenario, **case.how, threads=2, checkpoint_pause=0, out=folder, progress=progress)


def _stop(world: str, first: int) -> Callable[[str, int, int], None]:
    def progress(name: str, done: int, _: int) -> None:
        if name == world and done > first:
            raise StoppedError

    return progress

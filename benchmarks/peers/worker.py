"""One peer in a process of its own: it makes its people, then lets days pass whenever it is told to.

Reads a number of days a line and answers each with a line of JSON; at the end of its input it tells memory and counts.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import sys
import time
import warnings
from collections.abc import Iterable
from importlib import metadata

from benchmarks import machine
from benchmarks.peers import PEERS, start


def say(**what: object) -> None:
    print(json.dumps(what), file=sys.__stdout__, flush=True)


def main(name: str, people: int, seed: int, core: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})  # before anything is imported that counts the cores
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(sys.stderr):  # frameworks like to greet
        try:
            module = importlib.import_module(f"benchmarks.peers.{name}")
        except ImportError as error:
            say(missing=str(error))
            return
        if hasattr(module, "warm_up"):
            module.warm_up()
        gc.collect()
        before = machine.forget_peak()
        loop = module.Loop(people, seed)
        get_ready = getattr(loop, "ready", None)
        if get_ready is None:
            loop.run(1)  # the first day meets a cold cache
        package = next(peer.package for peer in PEERS if peer.name == name)
        say(version=metadata.version(package) if package else "")
        days_run = 0 if get_ready else 1
        for line in sys.stdin:
            days = int(line)
            if get_ready is not None:
                get_ready()
            gc.collect()
            wall, processor = time.perf_counter(), time.process_time()
            loop.run(days)
            say(seconds=time.perf_counter() - wall, processor=time.process_time() - processor)
            days_run += days
        peak = machine.peak()
        counts = None
        if loop.counts is not None:
            counts = dict(zip(start.COUNTS, map(int, sum_rows(loop.counts)), strict=True))
        say(
            bytes=None if peak is None or before is None else (peak - before) / people,
            days=days_run,
            counts=counts,
            checksum=start.checksum(loop.state()) if hasattr(loop, "state") else None,
        )


def sum_rows(rows: Iterable[Iterable[int]]) -> list[int]:
    """Sum the neighbourhoods."""
    return [sum(column) for column in zip(*(list(map(int, row)) for row in rows), strict=True)]


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))

"""All peers side by side: each in its own process, all on the same core, one after the other, round after round."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.peers import EXACT, NAMES, OURS, PEERS, Peer, lines_of_code, start
from benchmarks.rows import count

ROOT = Path(__file__).parents[2]
SEED = 7
ROUNDS = 3
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "STARSIM_INSTALL_FONTS": "0",
}
SIGMAS = 6
"""Two peers agree in a count if they differ by no more than so many standard deviations of luck."""


@dataclass
class Found:
    """What was measured of one peer.

    Attributes
    ----------
    peer
        The peer, with the people and days of this run.
    nanoseconds
        Processor time per agent-day, by round.
    version
        Version of its package.
    bytes
        Growth of the process from before the people were made to its peak, per person; None if not known.
    counts
        Counts of W per agent-day; None for Scorepolis.
    checksum
        Of the end, for exact peers.
    missing
        Why it did not run; empty if it did.
    """

    peer: Peer
    nanoseconds: list[float] = field(default_factory=list)
    version: str = ""
    bytes: float | None = None
    days: int = 0
    counts: dict[str, int] | None = None
    checksum: str | None = None
    missing: str = ""


class Worker:
    """A process that holds one peer."""

    def __init__(self, peer: Peer, core: int) -> None:
        self.found = Found(peer)
        paths = [str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.peers.worker", peer.name, str(peer.people), str(SEED), str(core)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            cwd=ROOT,
        )
        answer = self.answer()
        self.found.missing = answer.get("missing", "")
        self.found.version = answer.get("version", "")

    def answer(self) -> dict[str, Any]:
        """Read a line of the process; if it has died, its last words say why it is missing."""
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        _, last = self.process.communicate()
        return {"missing": (last.strip().splitlines() or ["it ended without a word"])[-1]}

    def turn(self) -> None:
        """Let the peer's days pass once."""
        if self.found.missing:
            return
        peer = self.found.peer
        self.process.stdin.write(f"{peer.days}\n")
        self.process.stdin.flush()
        answer = self.answer()
        if "missing" in answer:
            self.found.missing = answer["missing"]
            return
        self.found.nanoseconds.append(answer["processor"] / (peer.people * peer.days) * 1e9)

    def end(self) -> Found:
        """Hear how it ended."""
        if not self.found.missing:
            self.process.stdin.close()
            answer = json.loads(self.process.stdout.readline())
            for name in ("bytes", "days", "counts", "checksum"):
                setattr(self.found, name, answer[name])
        self.close()
        return self.found

    def close(self) -> None:
        """End the process, however it stands."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


def measure(peers: Sequence[Peer], *, rounds: int, core: int, tell: Callable[[str], None] = print) -> list[Found]:
    """Run all peers, in turn, for some rounds.

    What slows a machine down for a while then slows them all down, and ratios within a round stay right.
    """
    workers: list[Worker] = []
    try:
        for peer in peers:
            tell(f"{peer.name}: {peer.people:,} people")
            workers.append(Worker(peer, core))
            if workers[-1].found.missing:
                tell(f"{peer.name}: missing: {workers[-1].found.missing}")
        for turn in range(rounds):
            tell(f"round {turn + 1} of {rounds}")
            for worker in workers:
                worker.turn()
        return [worker.end() for worker in workers]
    finally:
        for worker in workers:
            worker.close()


def disagreements(found: Sequence[Found]) -> list[str]:
    """Say which peers do not do what W says: against the same people and days in `numpy_tuned`, which is exact."""
    from benchmarks.peers.numpy_tuned import Loop

    reference: dict[tuple[int, int], tuple[dict[str, int], str]] = {}
    said = []
    for one in found:
        if one.missing or one.counts is None:
            continue
        size = (one.peer.people, one.days)
        if size not in reference:
            loop = Loop(one.peer.people, SEED)
            loop.run(one.days)
            totals = dict(zip(start.COUNTS, map(int, loop.counts.sum(0)), strict=True))
            reference[size] = totals, start.checksum(loop.state())
        totals, checksum = reference[size]
        if one.checksum is not None and one.checksum != checksum:
            said.append(f"{one.peer.name}: checksum {one.checksum}, not {checksum}")
        for name in ("bad", "good", "observed", "wrong", "listings"):
            here, there = one.counts[name], totals[name]
            if abs(here - there) > SIGMAS * (here + there + 1) ** 0.5:
                said.append(f"{one.peer.name}: {here:,} {name}, but {there:,} in numpy_tuned")
    return said


HEADER = (
    "implementation",
    "version",
    "people",
    "days",
    "ns per agent-day",
    "times Scorepolis",
    "lowest to highest",
    "bytes per person",
    "lines",
    "bad",
    "good",
    "observed",
)


def rows(found: Sequence[Found]) -> list[list[str]]:
    """Rows of the table, the fastest first; ratios are the median over rounds, each within its round."""
    ours = next((one.nanoseconds for one in found if one.peer.name == OURS.name), [])
    ran = sorted((one for one in found if not one.missing), key=lambda one: min(one.nanoseconds))
    lines = []
    for one in ran:
        ratios = [here / there for here, there in zip(one.nanoseconds, ours, strict=False)]
        rates = [f"{one.counts[name] / one.peer.people / one.days:.4f}" if one.counts else "" for name in start.RATES]
        lines.append(
            [
                one.peer.title,
                one.version,
                f"{one.peer.people:,}",
                str(one.peer.days),
                f"{min(one.nanoseconds):,.3g}" if min(one.nanoseconds) < 100 else f"{min(one.nanoseconds):,.0f}",
                f"{statistics.median(ratios):.3g}" if ratios else "",
                f"{min(ratios):.3g} to {max(ratios):.3g}" if ratios else "",
                "" if one.bytes is None else f"{one.bytes:,.0f}",
                f"{sum(map(lines_of_code, one.peer.files)):,}",
                *rates,
            ]
        )
    return lines


def report(found: Sequence[Found], rounds: int) -> str:
    """Write the table and what has to be said about it."""
    parts = [machine.table(HEADER, rows(found))]
    parts.append(f"Best of {rounds} {'round' if rounds == 1 else 'rounds'}; ratios are the median of them.")
    missing = [f"{one.peer.title} ({one.missing})" for one in found if one.missing]
    parts.append(f"Missing here: {'; '.join(missing)}." if missing else "No peer is missing.")
    wrong = disagreements(found)
    parts.append("**They do not agree:** " + "; ".join(wrong) + "." if wrong else AGREE)
    return "\n\n".join(parts)


AGREE = (
    f"All agree: counts within {SIGMAS} standard deviations of luck, and those of {', '.join(EXACT)} on every bit of "
    "scores, beliefs, days on the list and counts."
)


def chosen(only: str | None, quick: bool) -> list[Peer]:
    """Peers that are asked for, at their size or at the least there is."""
    names = only.split(",") if only else NAMES
    unknown = set(names) - set(NAMES)
    if unknown:
        raise argparse.ArgumentTypeError(f"no peer {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    some = [peer for peer in PEERS if peer.name in names]
    return [replace(peer, people=start.DISTRICT, days=2) for peer in some] if quick else some


def last_core() -> int:
    """The last core that this process may use; interrupts tend to be served on the first."""
    return max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--only", help="names of peers, with commas between; default all")
    parser.add_argument("--rounds", type=count, default=ROUNDS, help="rounds; default %(default)s")
    parser.add_argument("--core", type=int, default=last_core(), help="core they all run on; default %(default)s")
    parser.add_argument("--quick", action="store_true", help="65,536 people for two days, to see that it works")
    given = parser.parse_args()
    try:
        peers = chosen(given.only, given.quick)
    except argparse.ArgumentTypeError as error:
        parser.error(str(error))
    made = machine.described(shlex.join(["python", "-m", "benchmarks.peers", *sys.argv[1:]]))
    found = measure(peers, rounds=given.rounds, core=given.core, tell=lambda text: print(text, file=sys.stderr))
    print(f"{made}\n\n{report(found, given.rounds)}")
    if disagreements(found):
        sys.exit(1)


if __name__ == "__main__":
    main()

"""The same small loop, W, in several frameworks, beside a whole day of Scorepolis.

A peer is a module of this package with a class `Loop`: `Loop(people, seed)` makes the people, `run(days)` lets days
pass, `counts` has a row for each neighbourhood and the columns of `start.COUNTS`. An exact peer has `state()`, of which
`start.checksum` is the same for all exact ones. A module that compiles has `warm_up()`. A loop that cannot go on from
where it stopped has `ready()`, called before each run.
"""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = HERE.parents[1] / "src" / "scorepolis"


@dataclass(frozen=True)
class Peer:
    """One implementation.

    Attributes
    ----------
    name
        Name of its module.
    title
        What it is called in tables.
    package
        The distribution that it needs, whose version is told; empty if none beside NumPy.
    people, days
        Size of a run that takes it a second or so.
    files
        Where the model is written, for the count of lines.
    """

    name: str
    title: str
    package: str
    people: int
    days: int
    files: tuple[Path, ...]


def _peer(name: str, title: str, package: str, people: int, days: int, file: str | None = None) -> Peer:
    return Peer(name, title, package, people, days, (HERE / (file or f"{name}.py"),))


OURS = Peer(
    "scorepolis", "**Scorepolis, its whole day**", "scorepolis", 670_000, 365, tuple(sorted(SOURCES.glob("day/*.py")))
)
PEERS = (
    OURS,
    _peer("c", "C by hand", "", 1 << 20, 200, "w.c"),
    _peer("numba", "Numba", "numba", 1 << 20, 100),
    _peer("numpy_tuned", "NumPy, tuned", "numpy", 1 << 20, 32),
    _peer("numpy_plain", "NumPy, idiomatic", "numpy", 1 << 20, 16),
    _peer("jax", "JAX", "jax", 1 << 20, 16),
    _peer("polars", "Polars", "polars", 1 << 20, 12),
    _peer("starsim", "Starsim", "starsim", 1 << 20, 8),
    _peer("mesa", "Mesa", "mesa", 1 << 16, 8),
    _peer("agentpy", "AgentPy", "agentpy", 1 << 16, 8),
)
NAMES = tuple(peer.name for peer in PEERS)
EXACT = ("c", "numba", "numpy_tuned")


def lines_of_code(path: Path) -> int:
    """Lines that are neither empty nor comment nor docstring, in Python or C."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".c":
        bare = re.sub(r"/\*.*?\*/|//[^\n]*", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
        return sum(1 for line in bare.splitlines() if line.strip())
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines: set[int] = set()
    before = tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        says = token.type == tokenize.STRING and before in silent  # a string that begins a line is a docstring
        if token.type not in silent and not says:
            lines.update(range(token.start[0], token.end[0] + 1))
        if token.type not in {tokenize.COMMENT, tokenize.NL}:
            before = token.type
    return len(lines)

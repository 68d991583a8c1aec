"""How to cite a result, and the command that makes it again."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from scorepolis.report.language import say
from scorepolis.report.parts.part import Part

if TYPE_CHECKING:
    from scorepolis.experiments.comparison import Comparison
    from scorepolis.runs.result import Run


def of_run(run: Run) -> list[Part]:
    """Cite a run."""
    made = run.provenance
    cited = say(
        "cite.run", package=made["package"], name=made["scenario"]["name"], seed=made["seed"], digest=made["digest"]
    )
    return [_cite(cited), Part("command", (say("command.run"),), code=(command_of_run(run), "scorepolis rerun RUN"))]


def of_comparison(comparison: Comparison) -> list[Part]:
    """Cite a comparison."""
    made = comparison.provenance
    run = next(iter(comparison.runs.values()))
    digests = "; ".join(f"{name} {one.provenance['digest']}" for name, one in comparison.runs.items())
    seeds = made["seeds"]
    cited = say(
        "cite.comparison", package=run.provenance["package"], names=", ".join(comparison.schemes),
        first=seeds[0], last=seeds[-1], digests=digests,
    )  # fmt: skip
    return [_cite(cited), Part("command", (say("command.comparison"),), code=(command_of_comparison(comparison),))]


def command_of_run(run: Run) -> str:
    """Write the command that makes a run again.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    str
        For a shell.
    """
    made = run.provenance
    words = ["scorepolis", "run", made["scenario"]["name"]]
    words += [f"--{name}={made[name]}" for name in ("people", "days", "seed")]
    words += [f"--set={path}={value}" for path, value in made["overrides"].items()]
    return shlex.join(words + ([] if made["baseline"] else ["--no-baseline"]))


def command_of_comparison(comparison: Comparison) -> str:
    """Write the command that makes a comparison again; as `command_of_run`."""
    made = comparison.provenance
    names = [scheme["name"] for scheme in made["schemes"] if scheme["name"] != made["baseline"]]
    words = ["scorepolis", "compare", *names]
    words += [f"--{name}={made[name]}" for name in ("society", "people", "days")]
    return shlex.join([*words, f"--seeds={len(made['seeds'])}", f"--seed={made['seeds'][0]}"])


def _cite(text: str) -> Part:
    return Part("cite", (say("cite.how"),), code=(text,))

"""Finding the runs that a life is told from: a run folder or a comparison, and the world that stands beside."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scorepolis.core.errors import InputError
from scorepolis.core.usual import PANEL
from scorepolis.rulebooks import names
from scorepolis.runs.folder import load
from scorepolis.runs.make import LAW_ONLY
from scorepolis.runs.result import Run

if TYPE_CHECKING:
    from scorepolis.runs.make import Progress

COMPARISON: Final = "comparison.json"


@dataclass(frozen=True)
class Found:
    """A run, and the runs of other schemes on the same people that lie with it, by scheme."""

    run: Run
    others: dict[str, Path]


def find(folder: str | Path | Run, beside: str | None = None) -> Found:
    """Read a run folder, or of a comparison folder the run of its first scheme.

    Parameters
    ----------
    folder : str, Path or Run
        A run folder, or a folder with a ``comparison.json``; or a run that is at hand.
    beside : str, optional
        The scheme that is to stand beside. Of a comparison the first scheme is taken that is neither this one nor
        ordinary law alone, under which nothing is scored; if there is none, the first.

    Returns
    -------
    Found

    Raises
    ------
    InputError
        If it is neither, or is damaged.
    """
    if isinstance(folder, Run):
        return Found(folder, {})
    path = Path(folder)
    if not (path / COMPARISON).is_file():
        return Found(load(folder), {})
    runs = _runs(path)
    told = next((scheme for scheme in runs if scheme not in {beside, LAW_ONLY}), next(iter(runs)))
    return Found(load(runs[told]), {scheme: at for scheme, at in runs.items() if scheme != told})


def against(found: Found, rulebook: str | None, progress: Progress | None = None) -> tuple[str, Run] | None:
    """Find the run of the same people under another rulebook, or make it in memory.

    Parameters
    ----------
    found : Found
        The run whose life is told.
    rulebook : str or None
        Name of a rulebook, a YAML file, or a scheme of the comparison; None for the stored baseline.
    progress : callable, optional
        As for `scorepolis.run`.

    Returns
    -------
    tuple of str and Run, or None
        What the other world is called, and its run; None if none was asked for and no baseline is stored.

    Raises
    ------
    InputError
        If there is no such rulebook, or it is the one that the run has.
    """
    run = found.run
    own = [book["name"] for book in run.provenance["rulebooks"]]
    if rulebook is None or rulebook == LAW_ONLY:
        if run.baseline is not None and run.baseline.world.panel is not None:
            return LAW_ONLY, run.baseline
        if rulebook is None and LAW_ONLY not in found.others:
            return None
        rulebook = LAW_ONLY
    if rulebook in found.others:
        return rulebook, load(found.others[rulebook])
    if own == [rulebook]:
        raise InputError(f"the run is itself one of {rulebook}", expected="another rulebook")
    return _name(rulebook), _made(run, rulebook, progress)


def _made(run: Run, rulebook: str, progress: Progress | None) -> Run:
    """Let the same people live under a rulebook, with the same luck."""
    from scorepolis.runs.make import run as make
    from scorepolis.scenarios import Scenario

    made = run.provenance
    scenario = Scenario.model_validate(made["scenario"]).model_copy(update={"rulebooks": (rulebook,)})
    return make(
        scenario,
        people=made["people"],
        days=made["days"],
        seed=made["seed"],
        panel=made.get("panel", PANEL),
        set=made["overrides"],
        baseline=False,
        progress=progress,
    )


def _name(rulebook: str) -> str:
    return rulebook if rulebook in names() else Path(rulebook).stem


def _runs(folder: Path) -> dict[str, Path]:
    """Read which run folders a comparison holds: one for each scheme that did not fail, by its name."""
    file = folder / COMPARISON
    try:
        record = json.loads(file.read_text("utf-8"))
        names = [str(scheme["name"]) for scheme in record["schemes"] if scheme.get("error") is None]
        runs = {name: folder / "runs" / name for name in names}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(file, str(error)) from error
    if not runs:
        raise _damaged(file, "it names no run")
    for scheme, path in runs.items():
        if not path.resolve().is_relative_to(folder.resolve()):
            raise _damaged(file, f"the run folder of {scheme} lies outside it")
    return runs


def _damaged(file: Path, what: str) -> InputError:
    return InputError(
        f"the comparison is damaged: {what}", file=str(file), expected="a complete comparison; compare again"
    )

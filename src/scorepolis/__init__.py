"""Scorepolis: a laboratory for social-scoring schemes, on people who do not exist.

>>> import scorepolis as sp
>>> run = sp.run("village", seed=7)  # doctest: +SKIP
>>> run.measures.ever_refused.sel(group="migrant")  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scorepolis.audit.static import Audit, audit
    from scorepolis.core.errors import InputError, ScorepolisError
    from scorepolis.experiments.compare import compare
    from scorepolis.experiments.comparison import Comparison
    from scorepolis.experiments.experiment import Experiment, experiment, load_experiment
    from scorepolis.experiments.folder import load_comparison
    from scorepolis.explain.make import explain
    from scorepolis.explain.story import Story
    from scorepolis.library import load_rulebook, load_scenario, load_society
    from scorepolis.measures.counts import Counts
    from scorepolis.parameters.model import Society
    from scorepolis.report.catalogue import facts_listing as facts
    from scorepolis.report.catalogue import listing as catalogue
    from scorepolis.report.report import report
    from scorepolis.rulebooks import Rulebook
    from scorepolis.runs.folder import load, save
    from scorepolis.runs.make import resume, run
    from scorepolis.runs.result import Run
    from scorepolis.scenarios import Scenario

    __version__: str

__all__ = [
    "Audit",
    "Comparison",
    "Counts",
    "Experiment",
    "InputError",
    "Rulebook",
    "Run",
    "Scenario",
    "ScorepolisError",
    "Society",
    "Story",
    "__version__",
    "audit",
    "catalogue",
    "compare",
    "experiment",
    "explain",
    "facts",
    "load",
    "load_comparison",
    "load_experiment",
    "load_rulebook",
    "load_scenario",
    "load_society",
    "report",
    "resume",
    "run",
    "save",
]

# Importing the package costs nothing; a name's module is imported when the name is first used.
_HOMES = {
    "Audit": "scorepolis.audit.static",
    "Comparison": "scorepolis.experiments.comparison",
    "Counts": "scorepolis.measures.counts",
    "Experiment": "scorepolis.experiments.experiment",
    "InputError": "scorepolis.core.errors",
    "Rulebook": "scorepolis.rulebooks",
    "Run": "scorepolis.runs.result",
    "Scenario": "scorepolis.scenarios",
    "ScorepolisError": "scorepolis.core.errors",
    "Society": "scorepolis.parameters.model",
    "Story": "scorepolis.explain.story",
    "compare": "scorepolis.experiments.compare",
    "experiment": "scorepolis.experiments.experiment",
    "load": "scorepolis.runs.folder",
    "load_comparison": "scorepolis.experiments.folder",
    "load_experiment": "scorepolis.experiments.experiment",
    "load_rulebook": "scorepolis.library",
    "load_scenario": "scorepolis.library",
    "load_society": "scorepolis.library",
    "resume": "scorepolis.runs.make",
    "run": "scorepolis.runs.make",
    "save": "scorepolis.runs.folder",
}
# These have another name at home: `list` and a bare `facts` would say too little, or too much, there.
_RENAMED = {
    "catalogue": ("scorepolis.report.catalogue", "listing"),
    "facts": ("scorepolis.report.catalogue", "facts_listing"),
}
# These are packages that can be called.
_CALLED = ("audit", "explain", "report")


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        value: Any
        try:
            value = version("scorepolis")
        except PackageNotFoundError:  # run from a source tree that is not installed
            value = "unknown"
    elif name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    elif name in _RENAMED:
        home, own = _RENAMED[name]
        value = getattr(importlib.import_module(home), own)
    elif name in _CALLED:
        value = importlib.import_module(f"scorepolis.{name}")
    else:
        raise AttributeError(f"module 'scorepolis' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__

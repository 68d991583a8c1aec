"""Running an experiment file: points in processes, kept as they finish, and one tidy table of all of them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scorepolis.core import aside
from scorepolis.core.errors import InputError
from scorepolis.experiments.hands import check_cluster
from scorepolis.runs.make import THREADS, parameters_digest, within
from scorepolis.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

    from scorepolis.experiments.design import Plan
    from scorepolis.experiments.points import Row
    from scorepolis.experiments.pool import Pool
    from scorepolis.experiments.sampling import Point

    Progress = Callable[[int, int], None]

FORMAT: Final = "scorepolis-experiment"
VERSION: Final = 1

RECORD: Final = "experiment.json"
POINTS: Final = "points"
RESULTS: Final = "results"
TABLES: Final = {
    "sweep": (RESULTS,),
    "sensitivity": (RESULTS, "sensitivity"),
    "calibrate": (RESULTS, "estimate", "targets", "posterior"),
}
"""The tables of each kind, each a Parquet file; the last two of a calibration only where they apply."""


@dataclass(frozen=True, eq=False, repr=False)
class Experiment(Shown):
    """An experiment and what it found.

    Attributes
    ----------
    provenance : mapping
        What the file says, package, hashes of scenario, rulebooks and parameters.
    results : pandas.DataFrame
        A row per point and seed: ``point``, ``seed``, a column per parameter by its path, a column per number measured,
        ``error`` where it failed.
    tables : mapping of str to pandas.DataFrame
        What was reckoned from them: ``sensitivity``; or ``estimate``, ``targets`` and ``posterior``.
    path : Path or None
        The folder; None if nothing was kept.
    """

    provenance: Mapping[str, Any]
    results: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    path: Path | None = None

    @property
    def failures(self) -> int:
        """Rows with an error."""
        return int(self.results["error"].notna().sum())

    def __repr__(self) -> str:
        made = self.provenance["experiment"]
        return f"Experiment({made['name']!r}, kind={made['kind']!r}, rows={len(self.results)})"


def experiment(
    file: str | Path,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Experiment:
    """Run an experiment file, or go on with one that was interrupted.

    Parameters
    ----------
    file : str or Path
        YAML: a sweep, a sensitivity analysis or a calibration.
    out : str or Path, optional
        Folder for points and tables; if it holds a part of this very experiment, that part is not run again.
    workers : int, optional
        Processes; by default one per core. They change the time taken and nothing else.
    cluster : str, optional
        ``"local:N"`` or ``"tcp://HOST:PORT"``: the workers of Dask distributed in the place of processes. A point
        whose worker dies is given to another one.
    force : bool
        Whether another experiment at `out` may be replaced.
    progress : callable, optional
        Called with the points done and the points in all.

    Returns
    -------
    Experiment
        A point that failed is a row with its error.

    Raises
    ------
    InputError
        If something in the file cannot be used, or the folder holds something else; nothing has been run then.
    ScorepolisError
        If the cluster is lost; the same call goes on.
    """
    within("workers", workers, THREADS)
    check_cluster(cluster, workers=workers)
    from scorepolis.experiments.design import plan_of
    from scorepolis.experiments.hands import on_cluster, processes
    from scorepolis.experiments.pool import Pool

    plan = plan_of(file)
    record = _record(plan)
    folder = None if out is None else _open(Path(out), record, str(out), force=force)
    total, done = _points_in_all(plan), 0

    def count() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    workers = workers or min(os.cpu_count() or 1, THREADS[1])
    with on_cluster(cluster) if cluster else processes(0 if workers == 1 else workers) as hands:
        pool = Pool(_task(plan), None if folder is None else folder / POINTS, hands, count)
        tables = _run(plan, pool)
    found = Experiment(record, _table(pool.table, plan), tables, folder)
    if folder is not None:
        for name, table in {RESULTS: found.results, **tables}.items():
            aside.write(folder / f"{name}.parquet", partial(table.to_parquet, index=False))
    return found


def finished(folder: str | Path | None) -> int:
    """Count the finished points that a folder keeps."""
    return 0 if folder is None else sum(1 for _ in (Path(folder) / POINTS).glob("*.json"))


def load_experiment(folder: str | Path) -> Experiment:
    """Read the folder of a finished experiment.

    Parameters
    ----------
    folder : str or Path
        Written by `experiment`.

    Returns
    -------
    Experiment

    Raises
    ------
    InputError
        If it is no experiment, is not finished, or is damaged.
    """
    import pandas as pd

    path = Path(folder)
    record = _read(path)
    tables = {}
    for name in TABLES[record["experiment"]["kind"]]:
        file = path / f"{name}.parquet"
        if file.is_file():
            try:
                tables[name] = pd.read_parquet(file)
            except (OSError, ValueError) as error:
                raise InputError(
                    f"the experiment is damaged: {error}", file=str(file), expected="the same command once more"
                ) from error
    if RESULTS not in tables:
        raise InputError("the experiment is not finished", file=str(folder), expected="the same command once more")
    return Experiment(record, tables.pop(RESULTS), tables, path)


def _run(plan: Plan, pool: Pool) -> dict[str, pd.DataFrame]:
    from scorepolis.experiments.design import Calibrate, Sensitivity

    design = plan.design
    if isinstance(design, Calibrate):
        from scorepolis.experiments.calibrate import calibrate

        return calibrate(design, plan.knobs, pool)
    seeds = tuple(range(design.seed, design.seed + design.seeds))
    if isinstance(design, Sensitivity):
        from scorepolis.experiments.sampling import placed
        from scorepolis.experiments.sensitivity import analyse, sample

        shares = sample(design, plan.knobs)
        rows = pool.run([(placed(plan.knobs, row), seeds) for row in shares])
        measured = {output.column: _means(rows, output.column) for output in plan.outputs}
        return {"sensitivity": analyse(design, plan.knobs, shares, measured)}
    from scorepolis.experiments.sampling import points

    pool.run([(point, seeds) for point in points(design, plan.knobs)])
    return {}


def _means(points: Sequence[Sequence[Row]], column: str) -> Any:  # noqa: ANN401 - an array
    """Give the mean of a number over the seeds of each point; NaN if one of them failed."""
    import numpy as np

    return np.array([np.mean([row.numbers.get(column, np.nan) for row in rows]) for rows in points])


def _table(table: Sequence[tuple[Point, Sequence[Row]]], plan: Plan) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {"point": number, "seed": row.seed, **point, **row.numbers, "error": row.error}
        for number, (point, found) in enumerate(table)
        for row in found
    ]
    numbers = list(dict.fromkeys(name for _, found in table for row in found for name in row.numbers))
    wanted = [*(output.column for output in plan.outputs), *plan.figures]
    names = [*(knob.path for knob in plan.knobs), *dict.fromkeys([*wanted, *numbers])]
    frame = pd.DataFrame(rows, columns=["point", "seed", *names, "error"])
    return frame.astype({**dict.fromkeys(names, "float64"), "error": "object"})


def _task(plan: Plan) -> Any:  # noqa: ANN401 - a Task, imported where it is needed
    from scorepolis.experiments.design import Calibrate
    from scorepolis.experiments.objectives import FIT
    from scorepolis.experiments.points import Task

    design = plan.design
    objective = design.objective if isinstance(design, Calibrate) and design.objective != FIT else ""
    return Task(plan.scenario, design.people, design.days, plan.outputs, plan.figures, objective)


def _points_in_all(plan: Plan) -> int:
    from scorepolis.experiments.design import Sensitivity, Sweep
    from scorepolis.experiments.sampling import points

    design = plan.design
    if isinstance(design, Sweep):
        return len(points(design, plan.knobs))
    if isinstance(design, Sensitivity):
        return design.samples * (len(plan.knobs) + (1 if design.method == "morris" else 2))
    return design.trials if design.method == "optuna" else design.simulations


def _record(plan: Plan) -> dict[str, Any]:
    """Record everything that a result depends on, so that only the very same experiment goes on."""
    from scorepolis import __version__
    from scorepolis.parameters import load as load_parameters
    from scorepolis.rulebooks import load as load_rulebook

    parameters = load_parameters(plan.scenario.set)
    books = [load_rulebook(book, parameters) for book in plan.scenario.books]
    made: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "package": __version__,
        "experiment": plan.design.model_dump(mode="json"),
        "scenario": plan.scenario.with_books([Path(book).stem for book in plan.scenario.books]).model_dump(mode="json"),
        "rulebooks": [{"name": book.name, "sha256": book.digest()} for book in books],
        "parameters": parameters_digest(parameters),
    }
    text = json.dumps(made, sort_keys=True)
    return {**made, "sha256": hashlib.sha256(text.encode()).hexdigest()}


def _open(folder: Path, record: Mapping[str, Any], shown: str, *, force: bool) -> Path:
    """Make the folder, or find in it a part of the same experiment."""
    folder = folder.absolute()
    if folder.exists() and not folder.is_dir():
        raise InputError("the output folder is a file", file=shown, expected="a new or empty folder")
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / RECORD).is_file():
            raise InputError("the output folder holds something else", file=shown, expected="a new or empty folder")
        if _read(folder)["sha256"] != record["sha256"]:
            if not force:
                raise InputError(
                    "the output folder holds another experiment, or the same one with other rules, parameters or "
                    "version",
                    file=shown,
                    expected="another folder, or --force to replace it",
                )
            _clear(folder)
        elif force:
            _clear(folder)
    (folder / POINTS).mkdir(parents=True, exist_ok=True)
    aside.write_text(folder / RECORD, json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    return folder


def _clear(folder: Path) -> None:
    """Remove what an experiment wrote, and nothing else."""
    shutil.rmtree(folder / POINTS, ignore_errors=True)
    for name in {name for names in TABLES.values() for name in names}:
        (folder / f"{name}.parquet").unlink(missing_ok=True)
    (folder / RECORD).unlink()


def _read(folder: Path) -> dict[str, Any]:
    file = folder / RECORD
    if not file.is_file():
        raise InputError("this is not an experiment", file=str(folder), expected=f"a folder with an {RECORD}")
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        sound = record["format"] == FORMAT and record["experiment"]["kind"] in TABLES and bool(record["sha256"])
        version = record["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"the record of the experiment is damaged: {error}", file=str(file), expected="another folder"
        ) from error
    if not sound or version != VERSION:
        raise InputError(
            "this is not the record of an experiment of this version", file=str(file), expected=f"version {VERSION}"
        )
    return dict(record)

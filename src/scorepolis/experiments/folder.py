"""The comparison folder: written whole or not at all, and read back with suspicion."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scorepolis.core.errors import InputError
from scorepolis.experiments.comparison import TABLES, Comparison
from scorepolis.runs import folder as run_folder

if TYPE_CHECKING:
    import pandas as pd

FORMAT: Final = "scorepolis-comparison"
VERSION: Final = 1

RECORD: Final = "comparison.json"
RUNS: Final = "runs"
_FILES: Final = {name: f"{name}.parquet" for name in TABLES}
_CONTENTS: Final = frozenset({RECORD, RUNS, run_folder.REPORT, *_FILES.values()})


def is_comparison(folder: str | Path) -> bool:
    """Say whether a folder holds a comparison, whole or damaged."""
    return (Path(folder) / RECORD).is_file()


def check_out(out: str | Path, *, force: bool = False) -> Path:
    """Make sure that a comparison folder may be written, without writing anything.

    Parameters
    ----------
    out : str or Path
        Where the comparison is to go.
    force : bool
        Whether an earlier comparison there may be replaced. Nothing else is ever replaced.

    Returns
    -------
    Path
        The folder, absolute.

    Raises
    ------
    InputError
        If the folder holds something else, holds a comparison and `force` is not given, or cannot be written.
    """

    def is_own(folder: Path, held: set[str]) -> bool:
        return held <= _CONTENTS and is_comparison(folder)

    return run_folder.check_free(out, "comparison", is_own, force=force)


def save_comparison(comparison: Comparison, out: str | Path, *, force: bool = False) -> Comparison:
    """Write a comparison folder, whole or not at all.

    Parameters
    ----------
    comparison : Comparison
        What to write.
    out : str or Path
        The folder; new, empty, or with `force` an earlier comparison.
    force : bool
        Whether an earlier comparison there may be replaced.

    Returns
    -------
    Comparison
        The same, at its path.

    Raises
    ------
    InputError
        As `check_out`.
    """
    folder = check_out(out, force=force)
    run_folder.write_whole(folder, lambda partial: _write(comparison, partial))
    runs = {name: run_folder.load(folder / RUNS / name) for name in comparison.runs}
    return replace(comparison, path=folder, runs=runs)


def load_comparison(folder: str | Path) -> Comparison:
    """Read a comparison folder.

    Parameters
    ----------
    folder : str or Path
        Written by `save_comparison`.

    Returns
    -------
    Comparison
        Its runs are read when they are asked for.

    Raises
    ------
    InputError
        If it is not a comparison, was written in another format version, or is damaged.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError(
            "there is no such comparison folder", file=str(folder), expected="a folder that a comparison has written"
        )
    if not is_comparison(path):
        raise InputError("this is not a comparison", file=str(folder), expected=f"a folder with a {RECORD}")
    record = _record(path / RECORD)
    tables = {name: _table(path / file, record["files"]) for name, file in _FILES.items()}
    runs = {s["name"]: run_folder.load(path / RUNS / s["name"]) for s in record["schemes"] if s["error"] is None}
    made = {key: value for key, value in record.items() if key not in ("format", "version", "files")}
    return Comparison(provenance=made, **tables, runs=runs, path=path)


def _write(comparison: Comparison, folder: Path) -> None:
    folder.mkdir()
    (folder / RUNS).mkdir()
    law = folder / RUNS / comparison.provenance["baseline"]
    run_folder.write(comparison.runs[law.name], law)
    with ThreadPoolExecutor() as pool:  # most of the time goes into compressing, which threads can share
        others = [(run, folder / RUNS / name) for name, run in comparison.runs.items() if name != law.name]
        written = [pool.submit(run_folder.write, run, place, law) for run, place in others]
        for name, file in _FILES.items():
            getattr(comparison, name).to_parquet(folder / file, index=False, compression="zstd")
        for one in written:
            one.result()
    record = {
        "format": FORMAT,
        "version": VERSION,
        **comparison.provenance,
        "files": {file: _hash(folder / file) for file in _FILES.values()},
    }
    (folder / RECORD).write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _record(file: Path) -> dict[str, Any]:
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(file, str(error)) from error
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise InputError("this is not the record of a comparison", file=str(file), expected=f"the format {FORMAT}")
    if record.get("version") != VERSION:
        raise InputError(
            f"the comparison was written in format version {record.get('version')}",
            file=str(file),
            expected=f"version {VERSION}; compare again",
        )
    needed = {"society", "people", "start", "days", "seeds", "luck", "baseline", "first", "schemes", "files"}
    if missing := sorted(needed - record.keys()):
        raise _damaged(file, f"it lacks {', '.join(missing)}")
    if not (isinstance(record["files"], dict) and isinstance(record["schemes"], list)):
        raise _damaged(file, "its files or schemes are not what they should be")
    for scheme in record["schemes"]:
        if not isinstance(scheme, dict) or not {"name", "title", "error"} <= scheme.keys():
            raise _damaged(file, "a scheme without name, title or error")
        if Path(str(scheme["name"])).name != scheme["name"]:  # it names a folder
            raise _damaged(file, f"a scheme is named {scheme['name']!r}")
    return record


def _table(file: Path, hashes: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    if not file.is_file():
        raise _damaged(file, "the file is missing")
    if _hash(file) != hashes.get(file.name):
        raise _damaged(file, "the file is not the one that was written")
    return pd.read_parquet(file)


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _damaged(file: Path, what: str) -> InputError:
    return InputError(
        f"the comparison folder is damaged: {what}", file=str(file), expected="a complete folder; compare again"
    )

"""The report: a finished run or a comparison as one file, for whoever has to understand it or to trust it."""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scorepolis.core.errors import InputError
from scorepolis.experiments import folder as comparisons
from scorepolis.explain.books import books_of
from scorepolis.explain.find import find
from scorepolis.report import pictures, resting, words
from scorepolis.report.comparing import what_was_compared
from scorepolis.report.html import check_target, fill, write_page
from scorepolis.report.language import ENGLISH, check_language, named, say, speaking, spoken, told
from scorepolis.report.loop import loop
from scorepolis.report.parts import (
    balance,
    bearing,
    citing,
    doors,
    findings,
    flows,
    grounds,
    lives,
    mapped,
    schemes,
    silence,
    wrongs,
)
from scorepolis.report.parts.part import Part
from scorepolis.runs import folder as runs
from scorepolis.runs.reading import channels, label

if TYPE_CHECKING:
    from scorepolis.experiments.comparison import Comparison
    from scorepolis.explain.books import Books
    from scorepolis.report.drawing import Picture
    from scorepolis.runs.result import Run


@dataclass(frozen=True)
class Report:
    """A report before it is laid out.

    Attributes
    ----------
    title, lead : str
        What it is of, in three sentences.
    parts : list of Part
        In the order in which they are read.
    cannot_tell : list of str
        What must not be concluded from any of it.
    footer : str
        What made it.
    digest : str
        Of the results; empty for a comparison, which has one for each scheme.
    """

    title: str
    lead: str
    parts: list[Part]
    cannot_tell: list[str]
    footer: str
    digest: str


def report(folder: str | Path, out: str | Path | None = None, *, language: str = ENGLISH) -> Path:
    """Write the report of a run or a comparison, whole or not at all.

    Parameters
    ----------
    folder : str or Path
        A run folder, or that of a comparison.
    out : str or Path, optional
        The HTML file; by default ``report.html`` in the folder.
    language : str
        ``en`` or ``zh-Hans``.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the folder is damaged or neither, the file cannot be one, or there is no such language.
    """
    check_language(language)
    if out is not None:
        check_target(out)
    gc.disable()  # a tenth of the time would go into looking through what Matplotlib leaves behind
    try:
        page = _page_of(folder, language)
    finally:
        gc.enable()
    return write_page(page, check_target(Path(folder) / runs.REPORT if out is None else out))


def _page_of(folder: str | Path, language: str) -> str:
    if comparisons.is_comparison(folder):
        return page_of_comparison(comparisons.load_comparison(folder), language)
    run = runs.load(folder)
    run.verify()
    return page_of_run(run, language)


def page_of_run(run: Run, language: str = ENGLISH) -> str:
    """Make the report of a run; the same run gives the same bytes."""
    with speaking(language):
        return _laid_out(of_run(run))


def page_of_comparison(comparison: Comparison, language: str = ENGLISH) -> str:
    """Make the report of a comparison; the same comparison gives the same bytes."""
    with speaking(language):
        return _laid_out(of_comparison(comparison))


def of_run(run: Run) -> Report:
    """Gather the report of a run in the language that is spoken."""
    made = run.provenance
    books = _books(run)
    instruments = range(len(run.context.instruments))
    parts = [
        *([_did("did", run)] if run.context.instruments or run.baseline else []),
        Part("beside", pictures=(pictures.beside(run),), limit=say("limits.model")),
        Part("loop", pictures=_loops(run), limit=say("loop.limit")),
        mapped.part(run),
    ]
    if run.context.instruments:
        over_time = tuple(pictures.grades(run, number) for number in instruments)
        parts[3:3] = [flows.part(run), Part("grades", pictures=over_time, limit=say("loop.standing_limit"))]
        parts += [balance.part(run), bearing.part(run, books), doors.part(run), silence.part(run), wrongs.part(run)]
        if channels(run):
            parts.append(Part("publicity", pictures=(pictures.publicity(run),), limit=say("loop.standing_limit")))
    if run.counts.records.any():
        parts.append(Part("sensors", pictures=(pictures.sensors(run),), limit=say("loop.sensors_limit")))
    if run.context.instruments:
        parts += lives.parts(run, run, books)
    rests = resting.of_run(made["rulebooks"])
    parts += [findings.part(made["rulebooks"]), grounds.part([books] if books else [], rests), *citing.of_run(run)]
    return Report(
        title=named("scenarios", made["scenario"]["name"], made["scenario"]["title"]),
        lead=told(words.what_was_run(run)),
        parts=parts,
        cannot_tell=words.cannot_tell(run),
        footer=say("report.made", package=made["package"], scenario=made["scenario"]["name"], seed=made["seed"]),
        digest=made["digest"],
    )


def of_comparison(comparison: Comparison) -> Report:
    """Gather the report of a comparison in the language that is spoken."""
    made = comparison.provenance
    scored = [run for run in comparison.runs.values() if run.context.instruments]
    books = [known for run in scored if (known := _books(run))]
    parts = [*schemes.parts(comparison), flows.part_of_comparison(comparison)]
    for name, run in comparison.runs.items():
        if run.context.instruments:
            drawn = (*_loops(run, name), *wrongs.part(run, name).pictures)
            own = replace(_did("scheme", run), pictures=drawn, limit=say("schemes.one_seed"), named=name)
            parts.append(own)
    if comparison.path and scored:
        told_of = find(comparison.path).run
        parts += lives.parts(comparison.path, told_of, _books(told_of))
    rulebooks = [book for run in comparison.runs.values() for book in run.provenance["rulebooks"]]
    rests = next((one for run in scored if (one := resting.of_run(run.provenance["rulebooks"]))), None)
    parts += [findings.part(rulebooks), grounds.part(books, rests), *citing.of_comparison(comparison)]
    package = next(iter(comparison.runs.values())).provenance["package"]
    return Report(
        title=say("schemes.title", names=", ".join(name for name in comparison.schemes if name != made["baseline"])),
        lead=told(what_was_compared(comparison)),
        parts=parts,
        cannot_tell=words.limits(),
        footer=say("report.compared", package=package, first=made["seeds"][0], last=made["seeds"][-1]),
        digest="",
    )


def _did(key: str, run: Run) -> Part:
    """Say what a scheme did, instrument by instrument."""
    numbers = range(len(run.context.instruments))
    groups = tuple((label(run, number), tuple(words.burden(run, number))) for number in numbers)
    return Part(key, tuple(words.conduct(run)), groups)


def _loops(run: Run, name: str = "") -> tuple[Picture, ...]:
    numbers = range(len(run.context.instruments))
    return tuple(loop(run, number, name) for number in numbers) or (loop(run),)


def _books(run: Run) -> Books | None:
    """Read the rulebooks of a run; None where one is no longer as it was, so that nothing can be said of its rules."""
    try:
        return books_of(run)
    except InputError:
        return None


def _laid_out(found: Report) -> str:
    return fill("report.html", report=found, foreign=spoken() != ENGLISH)

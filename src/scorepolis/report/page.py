"""A run as one page: words, pictures and tables in a single file that asks nothing of a network or a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scorepolis.measures.counts import PLACE_FLOWS
from scorepolis.report import durations, words
from scorepolis.report.html import fill, write_page
from scorepolis.report.language import told
from scorepolis.report.loop import loop
from scorepolis.report.maps import FLOWS, flow_map
from scorepolis.report.pictures import beside, burden, grades, publicity, sensors
from scorepolis.report.provinces import by_province
from scorepolis.runs.folder import PAGE
from scorepolis.runs.reading import channels

if TYPE_CHECKING:
    from pathlib import Path

    from scorepolis.report.drawing import Picture
    from scorepolis.runs.result import Run


def write(run: Run) -> Path:
    """Write the page of a run into its folder, whole or not at all.

    Parameters
    ----------
    run : Run
        A run that has a folder.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    ValueError
        If the run has not been saved.
    OSError
        If the page cannot be written.
    """
    if run.path is None:
        raise ValueError("the run has no folder; save it first")
    return write_page(page(run), run.path / PAGE)


def page(run: Run) -> str:
    """Make the page of a run; the same run gives the same bytes.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    str
        HTML.
    """
    return fill(
        "page.html",
        made=run.provenance,
        ran=told(words.what_was_run(run)),
        did=words.what_it_did(run),
        cannot_tell=words.cannot_tell(run),
        pictures=pictures(run),
    )


def pictures(run: Run) -> list[Picture]:
    """Draw a run, in the order in which it is read.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    list of Picture
        What did not happen is not drawn: no grades without a scheme, no map of refusals where nobody was refused.
    """
    instruments = range(len(run.context.instruments))
    drawn = [loop(run, number) for number in instruments] or [loop(run)]
    drawn.append(beside(run))
    drawn += [draw(run, number) for number in instruments for draw in (grades, burden)]
    drawn += durations.pictures(run)
    drawn += [publicity(run)] if channels(run) else []
    if run.context.units:
        drawn.append(by_province(run))
    else:
        drawn += [flow_map(run, flow) for flow in FLOWS if run.counts.by_place[..., PLACE_FLOWS.index(flow)].any()]
    return [*drawn, *([sensors(run)] if run.counts.records.any() else [])]

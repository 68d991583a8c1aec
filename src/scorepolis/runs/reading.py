"""Reading single numbers off a run: by measure, group and instrument."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scorepolis.core.buffers import CHANNELS
from scorepolis.measures.groups import GROUPS, masks

if TYPE_CHECKING:
    from scorepolis.runs.result import Run

FEW: Final = 100
"""A group this small says more about chance than about the scheme."""

_PLACES: Final = {group.name: place for place, group in enumerate(GROUPS)}


def value(run: Run, name: str, number: int | None = None, group: str = "all") -> float:
    """Give a measure over the whole run.

    Parameters
    ----------
    run : Run
        What was run.
    name : str
        The measure.
    number : int, optional
        The place on the measure's own axis, for measures that have one: of an instrument, a channel, a sensor.
    group : str
        Of whom.

    Returns
    -------
    float
        NaN where there is nothing to divide by.
    """
    found = run.figures[name][_PLACES[group]]
    return float(found if number is None else found[number])


def worlds(run: Run) -> dict[str, Run]:
    """Give the world of the scheme, and that of the law alone if it was run, by name."""
    return {"scheme": run} | ({"baseline": run.baseline} if run.baseline else {})


def both(run: Run, name: str, number: int | None = None, group: str = "all") -> tuple[float, float]:
    """Give a measure over the whole run under the scheme and under the law alone; as `value`.

    Returns
    -------
    tuple of float
        The second is NaN without a baseline, and of an instrument, which the law alone does not have.
    """
    ours = value(run, name, number, group)
    theirs = value(run.baseline, name, None, group) if run.baseline and number is None else float("nan")
    return ours, theirs


def scope_of(run: Run, group: str, number: int) -> int:
    """Count the people of a group who are in the scope of an instrument at the end."""
    row = masks()[_PLACES[group]]
    return int(row @ run.counts.in_scope[-1, :, number])


def people_of(run: Run, group: str) -> int:
    """Count the people of a group at the end."""
    row = masks()[_PLACES[group]]
    return int(row @ run.counts.people[-1])


def channels(run: Run) -> list[str]:
    """Name the channels on which anybody stood when a month ended, or of which anybody heard."""
    on, audience = run.counts.on_channel, run.counts.audience
    return [name for c, name in enumerate(CHANNELS) if on[..., c].any() or audience[..., c].any()]


def label(run: Run, number: int) -> str:
    """Name an instrument by its rulebook, and by itself where the book has several."""
    ours = run.context.instruments[number]
    several = sum(other.rulebook == ours.rulebook for other in run.context.instruments) > 1
    return f"{ours.rulebook}/{ours.name}" if several else ours.rulebook


def is_list(run: Run, number: int) -> bool:
    """Say whether an instrument is a list, which has neither points nor a score."""
    return run.context.instruments[number].method == "list"


def titled(name: str) -> str:
    """Write the name of a province or place for a reader.

    Examples
    --------
    >>> titled("inner_mongolia")
    'Inner Mongolia'
    """
    return name.replace("_", " ").title()

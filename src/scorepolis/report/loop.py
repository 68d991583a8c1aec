"""The loop as a picture: from what people do to what they are refused, with a count at every station."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from scorepolis.measures.counts import ENTRIES, MARKS, OUTCOMES, POINTS, TRUTHS
from scorepolis.report.drawing import BAD, LINE, PAPER, SOFT, WIDTH, Picture, drawing
from scorepolis.report.numbers import MISSING, amount, brief, people, whole
from scorepolis.report.reading import is_list, label
from scorepolis.report.tables import ERRORS, Section, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from scorepolis.runs.result import Run

_BOX: Final = (148, 102)  # points
_GAP: Final = 32
_EDGE: Final = 6
# Clockwise from the upper left: column and row from above.
_PLACES: Final = ((0, 0), (1, 0), (1, 1), (1, 2), (0, 2), (0, 1))


@dataclass(frozen=True)
class Count:
    """What a run counted on the way round; `number` is the instrument, none where there is no scheme."""

    acts: int
    bad: int
    undone: int
    for_points: int
    seen: int
    records: int
    wrong: int
    penalties: int = 0
    wrongful: int = 0
    rewards: int = 0
    lost: int = 0
    gained: int = 0
    lowest: int = 0
    shown: int = 0
    refused: int = 0
    applications: int = 0
    refused_people: int = 0


@dataclass(frozen=True)
class Station:
    """A box of the picture: a head, a number, what it consists of, and what of it went wrong."""

    head: str
    number: str
    lines: tuple[str, ...]
    wrong: str = ""


def count(run: Run, number: int | None = None) -> Count:
    """Count a run on its way round the loop.

    Parameters
    ----------
    run : Run
        What was run.
    number : int, optional
        The instrument; without it the way ends at the records.

    Returns
    -------
    Count
        Acts, as the model draws them: a frequent habit comes in bundles, and so do its records.
    """
    counts, context = run.counts, run.context
    kinds = len(context.behaviours)
    acts = counts.acts.sum(axis=(0, 1))
    records = counts.records.sum(axis=(0, 1, 2))
    done = {
        "acts": int(acts[:kinds].sum()),
        "bad": int(acts[:kinds] @ context.bad),
        "undone": int(counts.silenced.sum()),
        "for_points": int(counts.for_points.sum()),
        "seen": int(records.sum() - records[TRUTHS.index("not_done")]),
        "records": int(records.sum()),
        "wrong": int(sum(records[TRUTHS.index(truth)] for truth in ERRORS)),
    }
    if number is None:
        return Count(**done)
    entries = counts.entries[:, :, number].sum(axis=(0, 1))
    points = counts.points[:, :, number].sum(axis=(0, 1))
    marks = counts.marks[-1, :, number].sum(axis=0)
    return Count(
        **done,
        penalties=int(entries[ENTRIES.index("negative")]),
        wrongful=int(entries[ENTRIES.index("wrongful_negative")]),
        rewards=int(entries[ENTRIES.index("positive")]),
        lost=int(points[POINTS.index("lost")]),
        gained=int(points[POINTS.index("gained")]),
        lowest=int(counts.grades[-1, :, number, 0].sum()),
        shown=int(marks[MARKS.index("shown")]),
        refused=int(counts.outcomes[..., OUTCOMES.index("refused")].sum()),
        applications=int(acts[kinds:].sum()),
        refused_people=int(marks[MARKS.index("refused")]),
    )


def loop(run: Run, number: int | None = None) -> Picture:
    """Draw the loop of an instrument, or what ordinary law sees where there is none.

    Parameters
    ----------
    run : Run
        What was run.
    number : int, optional
        The instrument.

    Returns
    -------
    Picture
        With a table of all the counts.
    """
    c = count(run, number)
    title = "What is seen" if number is None else f"The loop: {label(run, number)}"
    sentence = _sentence(run, c, number)
    stations = _stations(run, c, number)
    rows = 1 + max(row for _, row in _PLACES[: len(stations)])
    height = rows * _BOX[1] + (rows - 1) * _GAP + 2 * _EDGE
    with drawing("loop" if number is None else f"loop-{number}", f"{title}. {sentence}", height) as canvas:
        axes = canvas.sheet()
        axes.set_ylim(-height, 0)  # from above
        for station, place in zip(stations, _PLACES, strict=False):
            _box(axes, station, *_corner(*place))
        ways = list(pairwise(_PLACES))[: len(stations) - 1]
        if number is not None:
            ways.append((_PLACES[-1], _PLACES[0]))
            x, y = _corner(*_PLACES[-1])
            axes.text(x + _BOX[0] / 2 + 8, y + _BOX[1] + _GAP / 2, "people respond", color=SOFT, va="center")
        for start, end in ways:
            _arrow(axes, start, end)
    return Picture(title, sentence, canvas.svg, _table(run, c, number, title))


def _sentence(run: Run, c: Count, number: int | None) -> str:
    seen = f"Of {brief(c.acts)} acts {brief(c.seen)} were seen and recorded ({_share(c.seen, c.acts)})"
    wrong = f"of {brief(c.records)} records {brief(c.wrong)} were wrong ({_share(c.wrong, c.records)})"
    if number is None:
        return f"{seen}, and {wrong}."
    brought = f"{brief(c.penalties)} penalties and {brief(c.rewards)} rewards"
    if is_list(run, number):
        brought = whole(c.penalties, "listing")
    return (
        f"{seen}; {wrong}; they brought {brought}, and {brief(c.refused)} of {brief(c.applications)} applications were "
        f"refused ({_share(c.refused, c.applications)})."
    )


def _stations(run: Run, c: Count, number: int | None) -> list[Station]:
    good = c.acts - c.bad
    stations = [
        Station("People act", brief(c.acts), (f"{brief(c.bad)} bad", f"{brief(good)} good")),
        Station("Sensors see", brief(c.seen), (f"{_share(c.seen, c.acts)} of the acts",)),
        Station("Records", brief(c.records), (), f"{brief(c.wrong)} wrong ({_share(c.wrong, c.records)})"),
    ]
    if number is None:
        return stations
    stations[0] = replace(stations[0], lines=(*stations[0].lines, f"{brief(c.undone)} undone for fear"))
    wrongful = f"{brief(c.wrongful)} wrongful ({_share(c.wrongful, c.penalties)})"
    shown = f"{brief(c.shown)} shamed in public"
    if is_list(run, number):
        standing = [
            Station("Listings", brief(c.penalties), (), wrongful),
            Station("On the list", brief(c.lowest), ("at the end", shown)),
        ]
    else:
        grade = run.context.instruments[number].grades[0]
        points = (f"{brief(c.rewards)} rewards", f"{brief(c.penalties)} penalties")
        standing = [
            Station("Points", f"−{brief(c.lost)} / +{brief(c.gained)}", points, wrongful),
            Station("Grades", brief(c.lowest), (f"in {grade}, the lowest", shown)),
        ]
    return [
        *stations,
        *standing,
        Station(
            "Doors",
            brief(c.refused),
            ("applications refused", f"{_share(c.refused, c.applications)} of all", f"of {people(c.refused_people)}"),
        ),
    ]


def _table(run: Run, c: Count, number: int | None, title: str) -> Table:
    parts: dict[str, dict[str, int]] = {
        "What people do": {"Acts": c.acts, "Bad acts": c.bad, "Good acts": c.acts - c.bad},
        "What is recorded": {"Records": c.records, "Records of an act that was seen": c.seen, "Wrong records": c.wrong},
    }
    if number is not None:
        parts["What people do"] |= {
            "Bad acts left undone for fear": c.undone,
            "Good acts done only for points": c.for_points,
        }
        if is_list(run, number):
            parts["The list"] = {
                "Listings": c.penalties,
                "Wrongful listings": c.wrongful,
                "People on the list at the end": c.lowest,
            }
        else:
            parts["Points"] = {
                "Penalties": c.penalties,
                "Wrongful penalties": c.wrongful,
                "Rewards": c.rewards,
                "Points lost": c.lost,
                "Points gained": c.gained,
                f"People in {run.context.instruments[number].grades[0]}, the lowest grade, at the end": c.lowest,
            }
        parts["Doors"] = {
            "Applications": c.applications,
            "Applications refused": c.refused,
            "People ever refused": c.refused_people,
            "People ever shamed in public": c.shown,
        }
    sections = tuple(
        Section(tuple((what, f"{n:,}") for what, n in rows.items()), heading) for heading, rows in parts.items()
    )
    note = (
        "Acts as the model draws them: frequent habits come in bundles, and one act stands for several episodes. A "
        "case before a court brings records of its own."
    )
    if len(run.context.instruments) > 1:
        note += " An application is refused if any instrument denies it."
    return Table(title, ("What", "Number"), sections, note)


def _share(part: int, of: int) -> str:
    return amount(part / of, "share") if of else MISSING


def _corner(column: int, row: int) -> tuple[float, float]:
    """Give the lower left corner of a box."""
    across = WIDTH - 2 * _EDGE - _BOX[0]
    return _EDGE + column * across, -_EDGE - row * (_BOX[1] + _GAP) - _BOX[1]


def _box(axes: Axes, station: Station, x: float, y: float) -> None:
    wide, high = _BOX
    axes.add_patch(
        FancyBboxPatch(
            (x, y), wide, high, boxstyle="round,pad=0,rounding_size=8", facecolor=PAPER, edgecolor=LINE, linewidth=1.2
        )
    )
    axes.text(x + 9, y + high - 17, station.head, color=SOFT)
    size = min(19, 200 / len(station.number))  # a long number keeps within the box
    axes.text(x + 9, y + high - 41, station.number, size=size, weight="bold")
    lines = [*((line, SOFT) for line in station.lines), *([(station.wrong, BAD)] if station.wrong else [])]
    for row, (text, colour) in enumerate(lines):
        axes.text(x + 9, y + high - 60 - 15 * row, text, color=colour)


def _arrow(axes: Axes, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Lead from box to box: across, or up and down."""
    (x0, y0), (x1, y1) = (_corner(*place) for place in (start, end))
    wide, high = _BOX
    if y0 == y1:
        rightwards = x1 > x0
        ends = ((x0 + wide * rightwards, y0 + high / 2), (x1 + wide * (not rightwards), y0 + high / 2))
    else:
        upwards = y1 > y0
        ends = ((x0 + wide / 2, y0 + high * upwards), (x0 + wide / 2, y1 + high * (not upwards)))
    axes.add_patch(
        FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=13, shrinkA=3, shrinkB=3, color=SOFT, linewidth=1.4)
    )

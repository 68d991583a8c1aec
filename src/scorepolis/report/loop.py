"""The loop as a picture: from what people do to what they are refused, with a count at every station."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from scorepolis.listing import MISSING
from scorepolis.measures.counts import ENTRIES, MARKS, OUTCOMES, POINTS, TRUTHS
from scorepolis.report.drawing import BAD, LINE, PAPER, SOFT, WIDTH, Picture, drawing
from scorepolis.report.language import say, told
from scorepolis.report.numbers import amount, brief, people, whole
from scorepolis.report.tables import ERRORS, Section, Table
from scorepolis.runs.reading import is_list, label

if TYPE_CHECKING:
    from scorepolis.report.drawing import Sheet
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


def loop(run: Run, number: int | None = None, within: str = "") -> Picture:
    """Draw the loop of an instrument, or what ordinary law sees where there is none.

    Parameters
    ----------
    run : Run
        What was run.
    number : int, optional
        The instrument.
    within : str
        Tells the picture from those of other runs on the same page.

    Returns
    -------
    Picture
        With a table of all the counts.
    """
    c = count(run, number)
    title = say("loop.seen_title") if number is None else say("loop.title", name=label(run, number))
    sentence = _sentence(run, c, number)
    stations = _stations(run, c, number)
    rows = 1 + max(row for _, row in _PLACES[: len(stations)])
    height = rows * _BOX[1] + (rows - 1) * _GAP + 2 * _EDGE
    key = "-".join(str(part) for part in ("loop", within, number) if part not in ("", None))
    with drawing(key, f"{title}. {sentence}", height) as canvas:
        sheet = canvas.sheet(from_above=True)
        for station, place in zip(stations, _PLACES, strict=False):
            _box(sheet, station, *_corner(*place))
        ways = list(pairwise(_PLACES))[: len(stations) - 1]
        if number is not None:
            ways.append((_PLACES[-1], _PLACES[0]))
            x, y = _corner(*_PLACES[-1])
            sheet.text(x + _BOX[0] / 2 + 8, y + _BOX[1] + _GAP / 2, say("loop.respond"), color=SOFT, va="center")
        for start, end in ways:
            _arrow(sheet, start, end)
    return Picture(title, sentence, canvas.svg, _table(run, c, number, title))


def _sentence(run: Run, c: Count, number: int | None) -> str:
    seen = say("loop.seen", acts=brief(c.acts), seen=brief(c.seen), share=_share(c.seen, c.acts))
    wrong = say("loop.wrong", records=brief(c.records), wrong=brief(c.wrong), share=_share(c.wrong, c.records))
    if number is None:
        return say("loop.ends", seen=seen, wrong=wrong)
    brought = say("loop.penalties_rewards", penalties=whole(c.penalties, "penalty"), rewards=whole(c.rewards, "reward"))
    return say(
        "loop.goes_on",
        seen=seen,
        wrong=wrong,
        brought=whole(c.penalties, "listing") if is_list(run, number) else brought,
        refused=brief(c.refused),
        applications=brief(c.applications),
        share=_share(c.refused, c.applications),
    )


def _stations(run: Run, c: Count, number: int | None) -> list[Station]:
    def counted(key: str, count: int) -> str:
        return say(f"loop.{key}", n=brief(count))

    def part(key: str, count: int, of: int) -> str:
        return say(f"loop.{key}", n=brief(count), share=_share(count, of))

    stations = [
        Station(say("loop.act"), brief(c.acts), (counted("bad", c.bad), counted("good", c.acts - c.bad))),
        Station(say("loop.sensors"), brief(c.seen), (say("loop.of_acts", share=_share(c.seen, c.acts)),)),
        Station(say("loop.records"), brief(c.records), (), part("n_wrong", c.wrong, c.records)),
    ]
    if number is None:
        return stations
    stations[0] = replace(stations[0], lines=(*stations[0].lines, counted("undone", c.undone)))
    wrongful, shown = part("wrongful", c.wrongful, c.penalties), counted("shamed", c.shown)
    if is_list(run, number):
        standing = [
            Station(say("loop.listings"), brief(c.penalties), (), wrongful),
            Station(say("loop.on_list"), brief(c.lowest), (say("loop.at_end"), shown)),
        ]
    else:
        lowest = say("loop.in_lowest", grade=run.context.instruments[number].grades[0])
        points = (counted("n_rewards", c.rewards), counted("n_penalties", c.penalties))
        standing = [
            Station(say("loop.points"), f"−{brief(c.lost)} / +{brief(c.gained)}", points, wrongful),
            Station(say("loop.grades"), brief(c.lowest), (lowest, shown)),
        ]
    refused = (
        say("loop.refused"),
        say("loop.of_all", share=_share(c.refused, c.applications)),
        say("loop.of_people", people=people(c.refused_people)),
    )
    return [*stations, *standing, Station(say("loop.doors"), brief(c.refused), refused)]


def _table(run: Run, c: Count, number: int | None, title: str) -> Table:
    parts: dict[str, dict[str, int]] = {
        "people_do": {"acts": c.acts, "bad_acts": c.bad, "good_acts": c.acts - c.bad},
        "recorded": {"records": c.records, "records_seen": c.seen, "wrong_records": c.wrong},
    }
    lowest = ""
    if number is not None:
        lowest = run.context.instruments[number].grades[0]
        parts["people_do"] |= {"left_undone": c.undone, "for_points": c.for_points}
        if is_list(run, number):
            parts["list"] = {
                "listings": c.penalties,
                "wrongful_listings": c.wrongful,
                "people_on_list": c.lowest,
            }
        else:
            parts["points"] = {
                "penalties": c.penalties,
                "wrongful_penalties": c.wrongful,
                "rewards": c.rewards,
                "points_lost": c.lost,
                "points_gained": c.gained,
                "people_in": c.lowest,
            }
        parts["doors"] = {
            "applications": c.applications,
            "applications_refused": c.refused,
            "people_refused": c.refused_people,
            "people_shamed": c.shown,
        }
    sections = tuple(
        Section(tuple((say(f"loop.{what}", grade=lowest), f"{n:,}") for what, n in rows.items()), say(f"heading.{of}"))
        for of, rows in parts.items()
    )
    several = len(run.context.instruments) > 1
    note = told([say("loop.note"), *([say("loop.note_several")] if several else [])])
    return Table(title, (say("table.what"), say("table.number")), sections, note)


def _share(part: int, of: int) -> str:
    return amount(part / of, "share") if of else MISSING


def _corner(column: int, row: int) -> tuple[float, float]:
    """Give the lower left corner of a box."""
    across = WIDTH - 2 * _EDGE - _BOX[0]
    return _EDGE + column * across, -_EDGE - row * (_BOX[1] + _GAP) - _BOX[1]


def _box(sheet: Sheet, station: Station, x: float, y: float) -> None:
    wide, high = _BOX
    sheet.add_artist(
        FancyBboxPatch(
            (x, y), wide, high, boxstyle="round,pad=0,rounding_size=8", facecolor=PAPER, edgecolor=LINE, linewidth=1.2
        )
    )
    sheet.text(x + 9, y + high - 17, station.head, color=SOFT)
    size = min(19, 200 / len(station.number))  # a long number keeps within the box
    sheet.text(x + 9, y + high - 41, station.number, size=size, weight="bold")
    lines = [*((line, SOFT) for line in station.lines), *([(station.wrong, BAD)] if station.wrong else [])]
    for row, (text, colour) in enumerate(lines):
        sheet.text(x + 9, y + high - 60 - 15 * row, text, color=colour)


def _arrow(sheet: Sheet, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Lead from box to box: across, or up and down."""
    (x0, y0), (x1, y1) = (_corner(*place) for place in (start, end))
    wide, high = _BOX
    if y0 == y1:
        rightwards = x1 > x0
        ends = ((x0 + wide * rightwards, y0 + high / 2), (x1 + wide * (not rightwards), y0 + high / 2))
    else:
        upwards = y1 > y0
        ends = ((x0 + wide / 2, y0 + high * upwards), (x0 + wide / 2, y1 + high * (not upwards)))
    sheet.add_artist(
        FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=13, shrinkA=3, shrinkB=3, color=SOFT, linewidth=1.4)
    )

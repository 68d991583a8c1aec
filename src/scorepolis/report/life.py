"""One told life as a page: a single file with words, the picture of its points, and its days beside another world's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scorepolis.core.buffers import APPLICATION, OUT_REFUSED
from scorepolis.explain.words import LIMITS, cells, sentences
from scorepolis.listing import MISSING
from scorepolis.measures.counts import TRUTHS
from scorepolis.report.drawing import ACCENT, BAD, INK, SOFT, Picture, drawing
from scorepolis.report.html import check_target, fill, write_page
from scorepolis.report.language import say
from scorepolis.report.numbers import day, whole
from scorepolis.report.tables import Section, Table
from scorepolis.runs.ledger import EVENTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from scorepolis.explain.life import Life, Row
    from scorepolis.explain.story import Story

_ROOM: Final = 0.12  # of the height, above and below the highest and the lowest point


def write(story: Story, file: str | Path) -> Path:
    """Write the page of a life, whole or not at all.

    Parameters
    ----------
    story : Story
        A life, and the same life beside it.
    file : str or Path
        Where the page goes; an earlier file there is replaced.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    InputError
        If the file cannot be one.
    """
    target = check_target(file)
    return write_page(page(story), target)


def page(story: Story) -> str:
    """Make the page of a life; the same story gives the same bytes.

    Parameters
    ----------
    story : Story
        A life, and the same life beside it.

    Returns
    -------
    str
        HTML.
    """
    return fill(
        "life.html",
        made=story.here.life.run.provenance,
        person=f"{story.choice.person:,}",
        why=story.choice.why,
        told=sentences(story),
        cannot_tell=LIMITS,
        names=[world.name for world in (story.here, story.there) if world],
        days=[
            (story.date(on).isoformat(), head, here, there, wrongful)
            for on, head, here, there, wrongful in cells(story)
        ],
        pictures=[standing(story, k) for k in story.here.life.scopes],
    )


def standing(story: Story, k: int) -> Picture:
    """Draw the points of a life over time, or on which days it was listed, with marks for what was entered.

    Parameters
    ----------
    story : Story
        A life.
    k : int
        The instrument, in whose scope the person is.

    Returns
    -------
    Picture
        Without a drawing where nothing ever changed.
    """
    life = story.here.life
    label, listing = life.books.labels[k], life.books.instruments[k].method == "list"
    title = say("life.list_over_time" if listing else "life.points_over_time", name=label)
    entries = [row for row in life.entries if row["instrument"] == k]
    table = _table(story, k, entries)
    sentence = _sentence(life, k, entries)
    if not entries:
        return Picture(title, sentence, "", table)
    height = "standing" if listing else "score"
    days = [0, *(row["day"] + 1 for row in entries), life.days]
    levels = [life.states[0][f"{height}_{k}"], *(row[f"{height}_after"] for row in entries)]
    with drawing(f"standing-{k}", f"{title}. {sentence}", 150 if listing else 240) as canvas:
        axes = canvas.axes(left=48, right=44, top=24, bottom=34)
        axes.set_xlim(0, life.days)
        axes.set_xlabel(say("picture.days"))
        low, high = (0, 1) if listing else (min(levels), max(levels))
        room = max(_ROOM * (high - low), 0.3 if listing else 5)
        axes.set_ylim(low - room, high + room)
        grades = life.books.instruments[k].grades
        if listing:
            axes.set_yticks([0, 1], [grade.grade for grade in grades])
        else:
            axes.grid(axis="y")
            for grade in grades[1:]:
                edge = float(grade.lowest.exact)
                if low - room < edge < high + room:
                    axes.axhline(edge, color=SOFT, linewidth=1, linestyle=":")
                    axes.text(life.days * 1.02, edge, grade.grade, color=SOFT, va="bottom")
        axes.step(days, [*levels, levels[-1]], where="post", color=INK, linewidth=1.5)
        marked = _marks(axes, life, k, entries, height, low - 0.6 * room)
        if marked:
            axes.legend(
                loc="lower left", bbox_to_anchor=(0, 1), ncols=4, frameon=False, borderpad=0, handletextpad=0.1,
                columnspacing=1,
            )  # fmt: skip
    return Picture(title, sentence, canvas.svg, table)


def _marks(axes: Axes, life: Life, k: int, entries: Sequence[Row], height: str, floor: float) -> bool:
    """Mark penalties, wrongful ones apart, rewards, and refusals at the foot; say whether there was any."""
    records = [row for row in entries if EVENTS[row["what"]] == "record"]
    penal = [row for row in records if life.books.penal(k, row["rule"], row["points"])]
    sorts = (
        (say("life.penalty"), [row for row in penal if not row["truth"]], BAD, "v"),
        (say("life.wrongful"), [row for row in penal if row["truth"]], BAD, "X"),
        (say("life.reward"), [row for row in records if row["points"] > 0], ACCENT, "^"),
    )
    for word, rows, colour, marker in sorts:
        if rows:
            places = [row["day"] + 1 for row in rows], [row[f"{height}_after"] for row in rows]
            axes.plot(*places, marker, color=colour, markersize=7, label=word, clip_on=False)
    refused = [row["day"] for row in life.events if row["event"] == APPLICATION and row["a"] & OUT_REFUSED]
    if refused:
        axes.plot(refused, [floor] * len(refused), "x", color=SOFT, markersize=5, label=say("life.refused"))
    return bool(refused) or any(rows for _, rows, _, _ in sorts)


def _sentence(life: Life, k: int, entries: Sequence[Row]) -> str:
    label, instrument = life.books.labels[k], life.books.instruments[k]
    first, last = life.states[0], life.states[-1]
    if not entries:
        return say("life.nothing", name=label, grade=instrument.grade_names[last[f"standing_{k}"]])
    penal = [row for row in life.penalties() if row["instrument"] == k]
    wrong = sum(row["truth"] != TRUTHS.index("true") for row in penal)
    if instrument.method == "list":
        start, end = (instrument.grade_names[row[f"standing_{k}"]] for row in (first, last))
        way = say("life.standing", start=start, end=end)
    else:
        way = say("life.score", start=f"{first[f'score_{k}']:,}", end=f"{last[f'score_{k}']:,}")
    counted = {"entries": whole(len(entries), "entry"), "penalties": whole(len(penal), "penalty")}
    return say("life.sentence", name=label, way=way, **counted, wrong=wrong or say("life.none"))


def _table(story: Story, k: int, entries: Sequence[Row]) -> Table:
    life = story.here.life
    instrument, label = life.books.instruments[k], life.books.labels[k]
    heads = tuple(say(f"life.{head}") for head in ("date", "what", "points", "score_head", "grade", "truth"))
    start = life.states[0]
    grade = instrument.grade_names[start[f"standing_{k}"]]
    rows = [(say("table.the_start"), MISSING, MISSING, f"{start[f'score_{k}']:,}", grade, MISSING)]
    for row in entries:
        record = EVENTS[row["what"]] == "record"
        what = say("life.rule", rule=instrument.rules[row["rule"]].id) if record else say(f"life.{EVENTS[row['what']]}")
        truth = say(f"life.of_truth.{TRUTHS[row['truth']]}") if record else MISSING
        rows.append(
            (
                day(story.date(row["day"])),
                what,
                f"{row['points']:+d}",
                f"{row['score_after']:,}",
                instrument.grade_names[row["standing_after"]],
                truth,
            )
        )
    return Table(
        say("life.entries", person=f"{life.person:,}", name=label), heads, (Section(tuple(rows)),), words=(1, 4, 5)
    )

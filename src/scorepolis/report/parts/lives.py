"""The life of one wronged and of one random person, told beside the same life under the law alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scorepolis.core.errors import InputError
from scorepolis.explain.make import explain
from scorepolis.explain.words import cells, sentences
from scorepolis.report.language import say
from scorepolis.report.life import standing
from scorepolis.report.parts.part import Part
from scorepolis.report.tables import Section, Table

if TYPE_CHECKING:
    from pathlib import Path

    from scorepolis.explain.books import Books
    from scorepolis.explain.story import Story, Told
    from scorepolis.runs.result import Run

_COUNTED = ("applications", "refused", "delayed", "shut_out", "appeals", "upheld")


def parts(of: Run | Path, run: Run, books: Books | None) -> list[Part]:
    """Tell two lives, if the run keeps any and its rulebooks can still be read.

    Parameters
    ----------
    of : Run or Path
        A run, or the folder of a comparison.
    run : Run
        The run that is told of.
    books : Books or None
        Its rulebooks; None where they cannot be read any more.
    """
    if run.world.panel is None or books is None:
        return [Part("wronged", (say("lives.none"),))]
    return [_wronged(of, run), _told("random", explain(of, random=True))]


def _wronged(of: Run | Path, run: Run) -> Part:
    if not run.counts.wrongful[..., 1:].any():
        return Part("wronged", (say("lives.nobody"),))
    try:
        story = explain(of, kind="any")
    except InputError as error:
        if "nobody in the panel" not in str(error):
            raise
        return Part("wronged", (say("lives.nobody"),))
    return _told("wronged", story)


def _told(key: str, story: Story) -> Part:
    pictures = [standing(story, k) for k in story.here.life.scopes]
    drawn = tuple(replace(one, svg=one.svg.replace("standing-", f"{key}-standing-")) for one in pictures if one.svg)
    return Part(
        key,
        pictures=drawn,
        tables=(_totals(story), _days(story)),
        told=(story.choice.why, *sentences(story)),
        limit=say("lives.limit"),
    )


def _totals(story: Story) -> Table:
    worlds = [told for told in (story.here, story.there) if told]
    columns = [_numbers(told) for told in worlds]
    rows = tuple((say(f"lives.{name}"), *(f"{column[name]:,}" for column in columns)) for name in columns[0])
    heads = (say("table.what"), *(told.name for told in worlds))
    return Table(say("lives.numbers", person=f"{story.choice.person:,}"), heads, (Section(rows),))


def _numbers(told: Told) -> dict[str, int]:
    totals = told.totals
    return {
        "days": totals.conduct.days,
        "bad": totals.conduct.bad,
        "good": totals.conduct.good,
        "undone": totals.conduct.undone,
        "seen": totals.seen,
        "records": sum(totals.records.values()),
        "penalties": totals.penalties,
        "wrongful": sum(totals.wrongful.values()),
        "rewards": totals.rewards,
        **{name: getattr(totals, name) for name in _COUNTED},
    }


def _days(story: Story) -> Table:
    beside = story.there is not None
    rows = tuple(
        (story.date(on).isoformat(), head, here, *((there,) if beside else ()))
        for on, head, here, there, _ in cells(story)
    )
    heads = [say("lives.date"), say("table.what"), *(told.name for told in (story.here, story.there) if told)]
    title = say("lives.day_by_day", person=f"{story.choice.person:,}")
    return Table(title, tuple(heads), (Section(rows),), say("lives.day_note"), words=tuple(range(1, len(heads))))

"""The tables of a run, as text in cells: the terminal and the page lay out the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

from scorepolis.core.buffers import CHANNELS
from scorepolis.listing import MISSING
from scorepolis.measures.counts import TRUTHS
from scorepolis.measures.declared import BY_NAME
from scorepolis.measures.groups import GROUPS
from scorepolis.report import names
from scorepolis.report.language import say
from scorepolis.report.numbers import amount, day, whole
from scorepolis.runs.reading import FEW, both, channels, is_list, label, people_of, scope_of, value

if TYPE_CHECKING:
    from scorepolis.measures.groups import Group
    from scorepolis.runs.result import Run

Headlines: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]

# What a reader needs first, in the order of the loop.
HEADLINES: Final[Headlines] = (
    (
        "people_do",
        ("bad_acts", "harm", "theft_and_violence", "fraud_losses", "good_deeds", "for_points", "chilled"),
    ),
    ("recorded", ("records", "records_not_done", "records_wrong_person")),
    ("standing", ("penalties", "wrongful_penalties", "rewards", "score", "aware")),
    ("doors", ("refused", "ever_refused", "shut_out", "delayed", "dearer", "cheaper", "first_in_line", "ever_shown")),
    ("living", ("income", "hardship", "trust", "private_support", "public_support", "support_gap")),
)
"""Measures by the heading under which they stand."""

POINTS_ONLY: Final = ("rewards", "score", "ever_rewarded")
"""What a list does not have."""

BURDENS: Final = {
    "ever_penalised": "penalised",
    "wrongful_penalties": "wrongful",
    "ever_refused": "refused",
    "shut_out": "shut_out",
    "ever_rewarded": "rewarded",
    "ever_shown": "shamed",
}
"""What groups bear, by the string that names the column."""

RECORDED: Final = ("true", "stale", "wrong_person", "not_done", "unable")
"""What a record may be worth, by its truth."""
ERRORS: Final = ("wrong_person", "not_done", "unable")
"""Records that say of somebody what is not so; a stale one was so once."""

Row = tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """Rows that belong together, under a heading if they have one."""

    rows: tuple[Row, ...]
    heading: str = ""


@dataclass(frozen=True)
class Table:
    """Text in cells.

    Attributes
    ----------
    title : str
        What the table is of.
    heads : tuple of str
        A head for each column; the first column names the rows.
    sections : tuple of Section
        The rows, together with those that belong to them.
    note : str
        What the heads mean, where they do not say it themselves.
    words : tuple of int
        Columns that hold words too, as the first does.
    """

    title: str
    heads: tuple[str, ...]
    sections: tuple[Section, ...]
    note: str = ""
    words: tuple[int, ...] = ()

    def is_text(self, column: int) -> bool:
        """Say whether a column holds words, which stand to the left, rather than numbers, which stand to the right."""
        return column in (0, *self.words)


def headlines(run: Run, which: Headlines = HEADLINES) -> Table:
    """Set the headline measures of the scheme, or some of them, beside those of the law alone, if that was run."""
    columns = ("measure", "scheme", "law", "difference", "unit") if run.baseline else ("measure", "scheme", "unit")
    sections = []
    for heading, measures in which:
        rows = []
        for name in measures:
            if "instrument" not in BY_NAME[name].dims:
                rows.append(_headline(run, name, None))
            else:
                rows += [_headline(run, name, number) for number in _having(run, name)]
        sections.append(Section(tuple(rows), say(f"heading.{heading}")))
    title = say("table.beside" if run.baseline else "table.only")
    return Table(title, _heads(*columns), tuple(sections), words=(len(columns) - 1,))


def burden(run: Run, number: int) -> Table:
    """Show group by group what an instrument did to its people."""
    measures = [name for name in BURDENS if number in _having(run, name)]
    sections = []
    for _, groups in groupby(GROUPS, key=lambda group: group.axis):
        rows = tuple(_burden_of(run, number, group, measures) for group in groups if scope_of(run, group.name, number))
        if rows:
            sections.append(Section(rows))
    listing = is_list(run, number)
    columns = {**BURDENS, "ever_penalised": "listed" if listing else "penalised"}
    whom = "covered" if listing else "scored"
    heads = _heads("group", whom, *(columns[name] for name in measures), "undone", "hardship")
    note = say("table.burden_list" if listing else "table.burden_points")
    return Table(say("table.who_bears", name=label(run, number)), heads, tuple(sections), note)


def grades(run: Run, number: int) -> Table:
    """Show how many people stand in each grade, the highest first, at the start and at the end."""
    moments = run.counts.grades[[0, -1], :, number].sum(axis=1)
    scoped = moments.sum(axis=1)
    every = run.context.instruments[number].grades
    rows = []
    for rank in reversed(range(len(every))):
        start, end = (
            amount(float(moments[at, rank]) / scoped[at] if scoped[at] else float("nan"), "share") for at in (0, 1)
        )
        rows.append((every[rank], start, end, f"{moments[1, rank]:,}"))
    heads = _heads("grade", "at_start", "at_end", "people_at_end")
    return Table(say("table.grades", name=label(run, number)), heads, (Section(tuple(rows)),))


def grades_by_month(run: Run, number: int) -> Table:
    """Show how many people stand in each grade, the lowest first, at the start and at the end of every month."""
    every = run.context.instruments[number].grades
    moments = run.counts.grades[:, :, number, : len(every)].sum(axis=1)
    whens = (say("table.the_start"), *(day(month) for month in run.context.months))
    rows = tuple((when, *(f"{people:,}" for people in row)) for when, row in zip(whens, moments, strict=True))
    heads = (*_heads("at_end_of"), *every)
    return Table(say("table.by_grade", name=label(run, number)), heads, (Section(rows),))


def publicity(run: Run) -> Table:
    """Show who stood on which channel, how many people it reached, and that ties were lost over it."""
    rows = []
    for name in channels(run):
        c = CHANNELS.index(name)
        start, end = run.counts.on_channel[[0, -1], :, c].sum(axis=1)
        found = (f"{start:,}", f"{end:,}", f"{reached(run, name):,.0f}", _most_often(run, name))
        rows.append((say(f"channel.{name}"), *found))
    before, after = run.counts.ties[[0, -1]].sum(axis=1) / run.counts.people[[0, -1]].sum(axis=1)
    lost = whole(run.counts.ties_lost.sum(), "pair")
    note = say("table.shown_note", lost=lost, before=f"{before:.3f}", after=f"{after:.3f}")
    heads = _heads("channel", "at_start", "at_end", "reached", "most_often")
    return Table(say("table.shown"), heads, (Section(tuple(rows)),), note, words=(4,))


def reached(run: Run, channel: str) -> float:
    """Count the people whom a channel reached in the average month; of ringtones, the contacts."""
    return float(run.counts.audience[..., CHANNELS.index(channel)].sum(axis=1).mean())


def _most_often(run: Run, channel: str) -> str:
    """Name the group with the largest share of people on a channel at the end, and that share."""
    at = CHANNELS.index(channel)
    groups = [group for group in GROUPS[1:] if people_of(run, group.name) >= FEW]
    shares = {names.group(group): value(run, "on_channel", at, group.name) for group in groups}
    title = max(shares, key=lambda key: shares[key], default=None)
    if title is None or not shares[title] > 0:
        return MISSING
    return say("table.group_share", group=title, share=amount(shares[title], "share"))


def sensors(run: Run) -> Table:
    """Show how many of the records of each sensor are wrong, and how much of what it could see it recorded."""
    heads = (*_heads("sensor", "records"), *(say(f"recorded.{truth}") for truth in RECORDED), *_heads("recall"))
    records = run.counts.records.sum(axis=(0, 1))
    rows = []
    for number, sensor in enumerate(run.context.sensors):
        total = records[number].sum()
        if total:
            parts = [records[number, TRUTHS.index(truth)] for truth in RECORDED]
            shares = [amount(float(part) / total, "share") for part in parts]
            rows.append((names.sensor(sensor), f"{total:,}", *shares, amount(value(run, "recall", number), "share")))
    return Table(say("table.sensors"), heads, (Section(tuple(rows)),))


def _heads(*columns: str) -> Row:
    return tuple(say(f"table.{column}") for column in columns)


def _headline(run: Run, name: str, number: int | None) -> Row:
    measure = BY_NAME[name]
    ours, theirs = both(run, name, number)
    title = names.measure(name)
    if number is not None and len(run.context.instruments) > 1:
        title = say("table.of_instrument", title=title, name=label(run, number))
    row = [title, amount(ours, measure.unit)]
    if run.baseline:
        row += [amount(theirs, measure.unit), amount(ours - theirs, measure.unit, signed=True)]
    return (*row, names.unit(name))


def _having(run: Run, name: str) -> list[int]:
    """Give the instruments that have a measure."""
    return [n for n in range(len(run.context.instruments)) if not (is_list(run, n) and name in POINTS_ONLY)]


def _burden_of(run: Run, number: int, group: Group, measures: list[str]) -> Row:
    own = [amount(value(run, name, number, group.name), BY_NAME[name].unit) for name in measures]
    chilled = amount(value(run, "chilled", None, group.name), "share")
    ours, theirs = both(run, "hardship", None, group.name)
    hardship = amount(100 * (ours - theirs), "points", signed=True)
    return (names.group(group), f"{scope_of(run, group.name, number):,}", *own, chilled, hardship)

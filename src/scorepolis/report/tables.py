"""The tables of a run, as text in cells: the terminal and the page lay out the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from scorepolis.core.buffers import CHANNELS
from scorepolis.measures.counts import TRUTHS
from scorepolis.measures.declared import BY_NAME
from scorepolis.measures.groups import GROUPS
from scorepolis.report.numbers import MISSING, amount, day, whole
from scorepolis.report.reading import FEW, channels, is_list, label, people_of, scope_of, value

if TYPE_CHECKING:
    from scorepolis.measures.groups import Group
    from scorepolis.runs.result import Run

# What a reader needs first, in the order of the loop.
HEADLINES: Final = (
    (
        "What people do",
        ("bad_acts", "harm", "theft_and_violence", "fraud_losses", "good_deeds", "for_points", "chilled"),
    ),
    ("What is recorded", ("records", "records_not_done", "records_wrong_person")),
    ("Points and lists", ("penalties", "wrongful_penalties", "rewards", "score", "aware")),
    ("Doors", ("refused", "ever_refused", "shut_out", "delayed", "dearer", "cheaper", "first_in_line", "ever_shown")),
    ("How people live", ("income", "hardship", "trust", "private_support", "public_support", "support_gap")),
)

POINTS_ONLY: Final = ("rewards", "score", "ever_rewarded")
"""What a list does not have."""

BURDENS: Final = {
    "ever_penalised": "Penalised",
    "wrongful_penalties": "Wrongful",
    "ever_refused": "Refused",
    "shut_out": "Shut out",
    "ever_rewarded": "Rewarded",
    "ever_shown": "Shamed",
}
BURDEN_NOTE: Final = (
    "{people}: people in scope. {penalised}, refused, {rewarded}shamed in public: to how many of them it ever "
    "happened. Wrongful: of {penalties}. Shut out: days a year per person. Undone: of protected acts wished. Hardship: "
    "change against the law alone, in points of percent."
)

RECORDED: Final = {
    "true": "True",
    "stale": "True but stale",
    "wrong_person": "Wrong person",
    "not_done": "Nobody did it",
    "unable": "Could not pay",
}
"""What a record may be worth, by its truth."""
ERRORS: Final = ("wrong_person", "not_done", "unable")
"""Records that say of somebody what is not so; a stale one was so once."""

CHANNEL_TITLES: Final = {
    "billboard": "Billboard",
    "app": "App",
    "ringtone": "Ringtone",
    "broadcast_shame": "Loudspeaker, shaming",
    "gallery": "Gallery",
    "broadcast_praise": "Loudspeaker, praising",
}

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
    """

    title: str
    heads: tuple[str, ...]
    sections: tuple[Section, ...]
    note: str = ""

    def is_text(self, column: int) -> bool:
        """Say whether a column holds words, which stand to the left, rather than numbers, which stand to the right."""
        return column == 0 or self.heads[column] in {"Unit", "Most often"}


def headlines(run: Run) -> Table:
    """Set the headline measures of the scheme beside those of the law alone, if that was run."""
    heads = ("Measure", "Scheme", "Law alone", "Difference", "Unit") if run.baseline else ("Measure", "Scheme", "Unit")
    sections = []
    for heading, names in HEADLINES:
        rows = []
        for name in names:
            if "instrument" not in BY_NAME[name].dims:
                rows.append(_headline(run, name, None))
            else:
                rows += [_headline(run, name, number) for number in _having(run, name)]
        sections.append(Section(tuple(rows), heading))
    return Table("The scheme beside the law alone" if run.baseline else "The scheme", heads, tuple(sections))


def burden(run: Run, number: int) -> Table:
    """Show group by group what an instrument did to its people."""
    names = [name for name in BURDENS if number in _having(run, name)]
    sections = []
    for _, groups in groupby(GROUPS, key=lambda group: group.axis):
        rows = tuple(_burden_of(run, number, group, names) for group in groups if scope_of(run, group.name, number))
        if rows:
            sections.append(Section(rows))
    if is_list(run, number):
        words = {"people": "Covered", "penalised": "Listed", "rewarded": "", "penalties": "listings"}
    else:
        words = {"people": "Scored", "penalised": "Penalised", "rewarded": "rewarded, ", "penalties": "penalties"}
    told = {**BURDENS, "ever_penalised": words["penalised"]}
    heads = ("Group", words["people"], *(told[name] for name in names), "Undone", "Hardship")
    return Table(f"Who bears it: {label(run, number)}", heads, tuple(sections), BURDEN_NOTE.format(**words))


def grades(run: Run, number: int) -> Table:
    """Show how many people stand in each grade, the highest first, at the start and at the end."""
    moments = run.counts.grades[[0, -1], :, number].sum(axis=1)
    scoped = moments.sum(axis=1)
    names = run.context.instruments[number].grades
    rows = []
    for rank in reversed(range(len(names))):
        start, end = (
            amount(float(moments[at, rank]) / scoped[at] if scoped[at] else float("nan"), "share") for at in (0, 1)
        )
        rows.append((names[rank], start, end, f"{moments[1, rank]:,}"))
    heads = ("Grade", "At the start", "At the end", "People at the end")
    return Table(f"Grades: {label(run, number)}", heads, (Section(tuple(rows)),))


def grades_by_month(run: Run, number: int) -> Table:
    """Show how many people stand in each grade, the lowest first, at the start and at the end of every month."""
    names = run.context.instruments[number].grades
    moments = run.counts.grades[:, :, number, : len(names)].sum(axis=1)
    whens = ("The start", *(day(month) for month in run.context.months))
    rows = tuple((when, *(f"{people:,}" for people in row)) for when, row in zip(whens, moments, strict=True))
    return Table(f"People by grade: {label(run, number)}", ("At the end of", *names), (Section(rows),))


def publicity(run: Run) -> Table:
    """Show who stood on which channel, how many people it reached, and that ties were lost over it."""
    rows = []
    for name in channels(run):
        c = CHANNELS.index(name)
        start, end = run.counts.on_channel[[0, -1], :, c].sum(axis=1)
        row = (CHANNEL_TITLES[name], f"{start:,}", f"{end:,}", f"{reached(run, name):,.0f}", _most_often(run, name))
        rows.append(row)
    before, after = run.counts.ties[[0, -1]].sum(axis=1) / run.counts.people[[0, -1]].sum(axis=1)
    lost = whole(run.counts.ties_lost.sum(), "tie between two people", "ties between two people")
    note = (
        "People on a channel, under any instrument. Reached: who saw or heard somebody there, in the average month; of "
        f"ringtones, contacts. Most often: the group with the largest share on it at the end. {lost} ended, "
        f"since some shun those who are shamed; beyond the household a person had {before:.3f} ties at the start and "
        f"{after:.3f} at the end."
    )
    heads = ("Channel", "At the start", "At the end", "Reached", "Most often")
    return Table("Shown in public", heads, (Section(tuple(rows)),), note)


def reached(run: Run, channel: str) -> float:
    """Count the people whom a channel reached in the average month; of ringtones, the contacts."""
    return float(run.counts.audience[..., CHANNELS.index(channel)].sum(axis=1).mean())


def _most_often(run: Run, channel: str) -> str:
    """Name the group with the largest share of people on a channel at the end, and that share."""
    on = run.summary["on_channel"].sel(channel=channel)
    shares = {group.title: float(on.sel(group=group.name)) for group in GROUPS[1:] if people_of(run, group.name) >= FEW}
    title = max(shares, key=lambda key: shares[key], default=None)
    return f"{title}, {amount(shares[title], 'share')}" if title and shares[title] > 0 else MISSING


def sensors(run: Run) -> Table:
    """Show how many of the records of each sensor are wrong, and how much of what it could see it recorded."""
    heads = ("Sensor", "Records", *RECORDED.values(), "Of what it could see, it recorded")
    records = run.counts.records.sum(axis=(0, 1))
    recall = run.summary["recall"].sel(group="all")
    rows = []
    for number, sensor in enumerate(run.context.sensors):
        total = records[number].sum()
        if total:
            parts = [records[number, TRUTHS.index(truth)] for truth in RECORDED]
            shares = [amount(float(part) / total, "share") for part in parts]
            rows.append((sensor.title, f"{total:,}", *shares, amount(float(recall[number]), "share")))
    return Table("How often the records are wrong", heads, (Section(tuple(rows)),))


def _headline(run: Run, name: str, number: int | None) -> Row:
    measure = BY_NAME[name]
    ours = value(run, name, number)
    title = measure.title
    if number is not None and len(run.context.instruments) > 1:
        title += f", {label(run, number)}"
    row = [title, amount(ours, measure.unit)]
    if run.baseline:
        # An instrument is the scheme's own; the law alone has nothing to set beside it.
        theirs = value(run.baseline, name) if number is None else float("nan")
        row += [amount(theirs, measure.unit), amount(ours - theirs, measure.unit, signed=True)]
    unit = f"of {measure.per.text}" if measure.unit == "share" else measure.unit
    return (*row, unit)


def _having(run: Run, name: str) -> list[int]:
    """Give the instruments that have a measure."""
    return [n for n in range(len(run.context.instruments)) if not (is_list(run, n) and name in POINTS_ONLY)]


def _burden_of(run: Run, number: int, group: Group, names: list[str]) -> Row:
    own = [amount(value(run, name, number, group.name), BY_NAME[name].unit) for name in names]
    chilled = amount(value(run, "chilled", None, group.name), "share")
    hardship = MISSING
    if run.baseline:
        gap = value(run, "hardship", None, group.name) - value(run.baseline, "hardship", None, group.name)
        hardship = amount(100 * gap, "points", signed=True)
    return (group.title, f"{scope_of(run, group.name, number):,}", *own, chilled, hardship)

"""A run in words and tables: what the scheme did, to whom, how often it was wrong, and what the run cannot tell."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from rich.box import SIMPLE_HEAD
from rich.console import Group as Renderables
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scorepolis.measures.declared import BY_NAME
from scorepolis.measures.groups import GROUPS, masks
from scorepolis.report.numbers import MISSING, amount, change, day, people, whole

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scorepolis.runs.result import Run

# What a reader needs first, in the order of the loop.
HEADLINES: Final = (
    (
        "What people do",
        ("bad_acts", "harm", "theft_and_violence", "fraud_losses", "good_deeds", "for_points", "chilled"),
    ),
    ("What is recorded", ("records", "records_not_done", "records_wrong_person")),
    ("Points", ("penalties", "wrongful_penalties", "rewards", "score", "aware")),
    ("Doors", ("refused", "ever_refused", "shut_out", "delayed", "dearer", "cheaper", "first_in_line", "ever_shown")),
    ("How people live", ("income", "hardship", "trust", "private_support", "public_support", "support_gap")),
)

BURDENS: Final = ("ever_penalised", "wrongful_penalties", "ever_refused", "shut_out", "ever_rewarded", "ever_shown")
BURDEN_HEADS: Final = (
    "Scored", "Penalised", "Wrongful", "Refused", "Shut out", "Rewarded", "Shown", "Undone", "Hardship"
)  # fmt: skip
BURDEN_NOTE: Final = (
    "Scored: people in scope. Penalised, refused, rewarded, shown: to how many of them it ever happened. Wrongful: of "
    "penalties. Shut out: days a year per person. Undone: of protected acts wished. Hardship: change against the law "
    "alone, in points of percent."
)

# A group this small says more about chance than about the scheme.
_FEW: Final = 100

LIMITS: Final = (
    "Everybody here is synthetic. Nothing in it is about a real person, and no number is a finding about a real place.",
    "Differences are the scheme's doing in this model, whose responses are largely assumed; another seed, other luck.",
    "Groups differ through sensors, rules and circumstances only; their joint distribution is assumed.",
)


def show(run: Run) -> Renderables:
    """Tell a run to a person.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    rich.console.Group
        To be printed by a Rich console.
    """
    parts: list[RenderableType] = [
        Text(run.provenance["scenario"]["title"], style="bold"),
        _text(" ".join(what_was_run(run))),
    ]
    parts += [Text("What it did", style="bold"), _text(_listed(what_it_did(run)))]
    parts.append(_padded(_headline_table(run)))
    for number in range(len(run.context.instruments)):
        parts += [_burden_table(run, number), _text(BURDEN_NOTE), _padded(_grade_table(run, number))]
    if run.counts.records.sum() > 0:
        parts.append(_padded(_sensor_table(run)))
    parts += [Text("What it cannot tell", style="bold"), _text(_listed(cannot_tell(run)))]
    return Renderables(*parts)


def what_was_run(run: Run) -> list[str]:
    """Say in three sentences what was run.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    list of str
        Sentences.
    """
    made = run.provenance
    books = ", ".join(f"{book['name']} ({book['title']})" for book in made["rulebooks"]) or "no rulebook"
    start = day(date.fromisoformat(made["start"]))
    first = (
        f"{whole(made['people'], 'synthetic person', 'synthetic people')} of the society '{made['society']}' lived "
        f"{whole(made['days'], 'day')} from {start} under {books}, with seed {made['seed']}."
    )
    changed = made["overrides"]
    second = (
        f"Changed for this run: {', '.join(f'{path} = {value}' for path, value in changed.items())}."
        if changed
        else "Every parameter has its usual value."
    )
    third = (
        "The same people with the same luck also lived under ordinary law alone; a difference between the two is the "
        "scheme's doing in this model."
        if run.baseline
        else "No baseline was run, so nothing here can be called the scheme's doing."
    )
    return [first, second, third]


def what_it_did(run: Run) -> list[str]:
    """Say what the scheme did, in sentences made from the numbers.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    list of str
        Sentences.
    """
    return [*_conduct(run), *[line for number in range(len(run.context.instruments)) for line in _burden(run, number)]]


def cannot_tell(run: Run) -> list[str]:
    """Say what must not be concluded: the limits of the model, then of each headline measure.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    list of str
        Sentences.
    """
    own = [
        f"{BY_NAME[name].title}: {BY_NAME[name].cannot_tell}"
        for name in (
            "bad_acts",
            "chilled",
            "wrongful_penalties",
            "refused",
            "ever_refused",
            "shut_out",
            "public_support",
        )
        if run.context.instruments or not BY_NAME[name].dims
    ]
    return [*LIMITS, *own]


def _conduct(run: Run) -> list[str]:
    lines = []
    if run.baseline:
        for name, verb in (("bad_acts", "were"), ("harm", "was"), ("good_deeds", "were")):
            ours, theirs = _value(run, name), _value(run.baseline, name)
            unit = BY_NAME[name].unit
            figures = " against ".join(dict.fromkeys((amount(ours, unit), amount(theirs, unit))))
            lines.append(f"{BY_NAME[name].title} {verb} {change(ours, theirs)} under the law alone: {figures} {unit}.")
    for_points, chilled = _value(run, "for_points"), _value(run, "chilled")
    if for_points > 0:
        lines.append(f"{amount(for_points, 'share')} of the good deeds were done only for points.")
    if chilled > 0:
        lines.append(f"{amount(chilled, 'share')} of the protected acts that people wished were left undone for fear.")
    if run.baseline:
        for name in ("trust", "hardship"):
            ours, theirs = _value(run, name), _value(run.baseline, name)
            lines.append(
                f"{BY_NAME[name].title} stood at {amount(ours, 'share')} of full scale at the end, under the law alone "
                f"at {amount(theirs, 'share')}."
            )
    return lines


def _burden(run: Run, number: int) -> list[str]:
    """Tell one instrument: whom it reached, how often it erred, whom it hit hardest."""
    label = _label(run, number)
    scoped = int(run.counts.in_scope[-1, :, number].sum())
    if not scoped:
        return [f"Nobody was in the scope of {label}."]
    penalties = int(run.counts.entries[:, :, number, 0].sum())
    wrongful = int(run.counts.entries[:, :, number, 2].sum())
    marks = run.counts.marks[-1, :, number].sum(axis=0)
    aware = amount(_value(run, "aware", number), "share")
    erred = "."
    if penalties:
        erred = (
            f", and {whole(wrongful, 'penalty was', 'penalties were')} for what the person had not done "
            f"({amount(wrongful / penalties, 'share')})."
        )
    refused, penalised, shown, rewarded = (people(mark) for mark in marks)
    lines = [
        f"{label} scored {people(scoped)}; {aware} of them knew of it at the end.",
        f"It penalised {penalised} ({amount(marks[1] / scoped, 'share')}) {whole(penalties, 'time')}{erred}",
        f"It gave points to {rewarded}, had {refused} refused a service and showed {shown} in public.",
    ]
    for name, verb in (("ever_penalised", "penalised"), ("ever_refused", "refused a service")):
        if worst := _hardest_hit(run, name, number):
            lines.append(f"Most often {verb}: {worst}.")
    return lines


def _hardest_hit(run: Run, name: str, number: int) -> str | None:
    """Name the group with the highest share, and how many times the share of everybody that is."""
    everybody = _value(run, name, number)
    if not everybody > 0:
        return None
    shares = {
        group.title: _value(run, name, number, group.name)
        for group in GROUPS[1:]
        if _scope_of(run, group.name, number) >= _FEW
    }
    if not shares:
        return None
    title = max(shares, key=lambda key: shares[key])
    return (
        f"{title[0].lower() + title[1:]}, {amount(shares[title], 'share')} of them "
        f"({shares[title] / everybody:.1f} times the share of everybody)"
    )


def _headline_table(run: Run) -> Table:
    table = _table("The scheme beside the law alone" if run.baseline else "The scheme")
    table.add_column("Measure")
    table.add_column("Scheme", justify="right")
    if run.baseline:
        table.add_column("Law alone", justify="right")
        table.add_column("Difference", justify="right")
    table.add_column("Unit", style="dim")
    for heading, names in HEADLINES:
        table.add_section()
        table.add_row(Text(heading, style="bold"))
        for name in names:
            if "instrument" not in BY_NAME[name].dims:
                table.add_row(*_headline_row(run, name, None))
                continue
            for number in range(len(run.context.instruments)):
                table.add_row(*_headline_row(run, name, number))
    return table


def _headline_row(run: Run, name: str, number: int | None) -> list[str]:
    measure = BY_NAME[name]
    ours = _value(run, name, number)
    title = measure.title
    if number is not None and len(run.context.instruments) > 1:
        title += f", {_label(run, number)}"
    row = [f"  {title}", amount(ours, measure.unit)]
    if run.baseline:
        # An instrument is the scheme's own; the law alone has nothing to set beside it.
        theirs = _value(run.baseline, name) if number is None else float("nan")
        row += [amount(theirs, measure.unit), amount(ours - theirs, measure.unit, signed=True)]
    unit = f"of {measure.per.text}" if measure.unit == "share" else measure.unit
    return [*row, unit]


def _burden_table(run: Run, number: int) -> Table:
    table = _table(f"Who bears it: {_label(run, number)}")
    table.add_column("Group", no_wrap=True)
    for head in BURDEN_HEADS:
        table.add_column(head, justify="right", min_width=len(head))
    axis = None
    for group in GROUPS:
        scoped = _scope_of(run, group.name, number)
        if not scoped:
            continue
        if group.axis != axis:
            table.add_section()
            axis = group.axis
        own = [amount(_value(run, name, number, group.name), BY_NAME[name].unit) for name in BURDENS]
        chilled = amount(_value(run, "chilled", None, group.name), "share")
        hardship = MISSING
        if run.baseline:
            gap = _value(run, "hardship", None, group.name) - _value(run.baseline, "hardship", None, group.name)
            hardship = amount(100 * gap, "points", signed=True)
        table.add_row(group.title, f"{scoped:,}", *own, chilled, hardship)
    return table


def _grade_table(run: Run, number: int) -> Table:
    table = _table(f"Grades: {_label(run, number)}")
    for head in ("Grade", "At the start", "At the end", "People at the end"):
        table.add_column(head, justify="left" if head == "Grade" else "right")
    moments = run.counts.grades[[0, -1], :, number].sum(axis=1)
    scoped = moments.sum(axis=1)
    grades = run.context.instruments[number].grades
    for rank in reversed(range(len(grades))):
        start, end = (
            amount(float(moments[at, rank]) / scoped[at] if scoped[at] else float("nan"), "share") for at in (0, 1)
        )
        table.add_row(grades[rank], start, end, f"{moments[1, rank]:,}")
    return table


def _sensor_table(run: Run) -> Table:
    table = _table("How often the records are wrong")
    heads = ("Sensor", "Records", "True", "Wrong person", "Nobody did it", "Of what it could see, it recorded")
    for head in heads:
        table.add_column(head, justify="left" if head == "Sensor" else "right")
    records = run.counts.records.sum(axis=(0, 1))
    recall = run.summary["recall"].sel(group="all")
    for number, sensor in enumerate(run.context.sensors):
        total = records[number].sum()
        if total:
            shares = [amount(float(part) / total, "share") for part in records[number]]
            table.add_row(sensor.title, f"{total:,}", *shares, amount(float(recall[number]), "share"))
    return table


def _value(run: Run, name: str, number: int | None = None, group: str = "all") -> float:
    variable = run.summary[name].sel(group=group)
    return float(variable if number is None else variable.isel(instrument=number))


def _scope_of(run: Run, group: str, number: int) -> int:
    row = masks()[[g.name for g in GROUPS].index(group)]
    return int(row @ run.counts.in_scope[-1, :, number])


def _label(run: Run, number: int) -> str:
    """Name an instrument by its rulebook, and by itself where the book has several."""
    ours = run.context.instruments[number]
    several = sum(other.rulebook == ours.rulebook for other in run.context.instruments) > 1
    return f"{ours.rulebook}/{ours.name}" if several else ours.rulebook


def _table(title: str) -> Table:
    return Table(
        title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False
    )


def _listed(lines: list[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def _text(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 1, 0))


def _padded(table: Table) -> Padding:
    return Padding(table, (0, 0, 1, 0))

"""A run in words and tables: what the scheme did, to whom, how often it was wrong, and what the run cannot tell."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Group as Renderables
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scorepolis.core.buffers import CHANNELS
from scorepolis.measures.counts import TRUTHS
from scorepolis.measures.declared import BY_NAME
from scorepolis.measures.groups import GROUPS
from scorepolis.report import durations, tables
from scorepolis.report.numbers import amount, change, day, people, whole
from scorepolis.report.reading import FEW, channels, is_list, label, penalised, scope_of, titled, value

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scorepolis.runs.result import Run

# Names up to this long keep to one line of the terminal.
_SHORT: Final = 20

_WRONGFUL: Final = {
    "wrong_person": "for what somebody else did",
    "not_done": "for what nobody did",
    "unable": "of people who could not pay",
    "no_basis": "without a legal basis or for a protected act",
    "disproportionate": "out of proportion",
    "stale": "too late",
}

_SHOWN: Final = {
    "billboard": "on a billboard",
    "app": "in an app",
    "ringtone": "by a ringtone",
    "broadcast_shame": "shamed by loudspeaker",
    "gallery": "in a gallery",
    "broadcast_praise": "praised by loudspeaker",
}

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
    if did := what_it_did(run):
        parts += [Text("What it did", style="bold"), _text(_listed(did))]
    parts.append(laid_out(tables.headlines(run)))
    for number in range(len(run.context.instruments)):
        parts += [laid_out(tables.burden(run, number)), laid_out(tables.grades(run, number))]
    parts += [laid_out(table) for table in durations.tables(run)]
    if channels(run):
        parts.append(laid_out(tables.publicity(run)))
    if run.counts.records.sum() > 0:
        parts.append(laid_out(tables.sensors(run)))
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
    books = ", ".join(_book(run, book) for book in made["rulebooks"]) or "no rulebook"
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


def _book(run: Run, book: dict[str, Any]) -> str:
    """Name a rulebook, and the places where it was in force if that was not everywhere."""
    entries = run.provenance["scenario"]["rulebooks"]
    placed = {entry["name"]: entry["where"] for entry in entries if isinstance(entry, dict)}
    where = f", in {' and '.join(map(titled, placed[book['name']]))} only" if book["name"] in placed else ""
    return f"{book['name']} ({book['title']}{where})"


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
    burdens = [line for number in range(len(run.context.instruments)) for line in _burden(run, number)]
    return [*_conduct(run), *burdens, *durations.how_long(run), *publicity(run)]


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
            ours, theirs = value(run, name), value(run.baseline, name)
            unit = BY_NAME[name].unit
            figures = " against ".join(dict.fromkeys((amount(ours, unit), amount(theirs, unit))))
            lines.append(f"{BY_NAME[name].title} {verb} {change(ours, theirs)} under the law alone: {figures} {unit}.")
    for_points, chilled = value(run, "for_points"), value(run, "chilled")
    if for_points > 0:
        lines.append(f"{amount(for_points, 'share')} of the good deeds were done only for points.")
    if chilled > 0:
        lines.append(f"{amount(chilled, 'share')} of the protected acts that people wished were left undone for fear.")
    if run.baseline:
        for name in ("trust", "hardship"):
            ours, theirs = value(run, name), value(run.baseline, name)
            lines.append(
                f"{BY_NAME[name].title} stood at {amount(ours, 'share')} of full scale at the end, under the law alone "
                f"at {amount(theirs, 'share')}."
            )
    return lines


def _burden(run: Run, number: int) -> list[str]:
    """Tell one instrument: whom it reached, how often it erred, whom it hit hardest."""
    name = label(run, number)
    scoped = int(run.counts.in_scope[-1, :, number].sum())
    if not scoped:
        return [f"Nobody was in the scope of {name}."]
    marks = run.counts.marks[-1, :, number].sum(axis=0)
    aware = amount(value(run, "aware", number), "share")
    refused, struck, shamed, rewarded = (people(mark) for mark in marks)
    if times := int(run.counts.entries[:, :, number, 0].sum()):
        struck += f" ({amount(marks[1] / scoped, 'share')}) {whole(times, 'time')}"
    if is_list(run, number):
        before, after = (people(listed) for listed in run.counts.grades[[0, -1], :, number, 0].sum(axis=1))
        told = [
            f"{name} covered {people(scoped)}; {aware} of them knew of it at the end.",
            f"It held {before} at the start and {after} at the end, and listed {struck}.",
            *_wrongful(run, number),
            f"It had {refused} refused a service and shamed {shamed} in public.",
        ]
    else:
        told = [
            f"{name} scored {people(scoped)}; {aware} of them knew of it at the end.",
            f"It penalised {struck}.",
            *_wrongful(run, number),
            f"It gave points to {rewarded}, had {refused} refused a service and shamed {shamed} in public.",
        ]
    return [*told, *hardest_hit(run, number)]


def _wrongful(run: Run, number: int) -> list[str]:
    """Say how many of an instrument's penalties were wrongful, and in which way."""
    kinds = run.counts.wrongful[:, :, number].sum(axis=(0, 1))
    every, wrongful = int(kinds.sum()), int(kinds[1:].sum())
    if not every:
        return []
    what = ("listing was", "listings were") if is_list(run, number) else ("penalty was", "penalties were")
    told = f"{whole(wrongful, *what)} wrongful ({amount(wrongful / every, 'share')})"
    ways = [f"{kinds[TRUTHS.index(kind)]:,} {way}" for kind, way in _WRONGFUL.items() if kinds[TRUTHS.index(kind)]]
    return [f"{told}: {', '.join(ways)}." if ways else f"{told}."]


def publicity(run: Run) -> list[str]:
    """Say who was shown on which channel, how many people that reached, and how many ties were lost over it.

    Parameters
    ----------
    run : Run
        What was run.

    Returns
    -------
    list of str
        Sentences; none where nobody was shown.
    """
    used = channels(run)
    if not used:
        return []
    ends = {name: run.counts.on_channel[-1, :, CHANNELS.index(name)].sum() for name in used}
    standing = ", ".join(f"{people(ends[name])} {_SHOWN[name]}" for name in used)
    reached = [f"{tables.CHANNEL_TITLES[name].lower()}: {people(round(tables.reached(run, name)))}" for name in used]
    told = [
        f"Shown in public at the end: {standing}.",
        f"Reached in the average month, by {'; '.join(reached)}.",
    ]
    if lost := int(run.counts.ties_lost.sum()):
        share = amount(2 * lost / int(run.counts.ties[0].sum()), "share")  # each person of a tie counts it
        were = "was" if lost == 1 else "were"
        told.append(f"{whole(lost, 'tie')} ({share}) {were} lost, since some shun those who are shamed.")
    return told


def hardest_hit(run: Run, number: int) -> list[str]:
    """Say which groups an instrument penalised and shut out most often.

    Parameters
    ----------
    run : Run
        What was run.
    number : int
        The instrument.

    Returns
    -------
    list of str
        Sentences; none of what befell nobody.
    """
    verbs = (("ever_penalised", penalised(run, number)), ("ever_refused", "refused a service"))
    return [f"Most often {verb}: {worst}." for name, verb in verbs if (worst := _hardest_hit(run, name, number))]


def _hardest_hit(run: Run, name: str, number: int) -> str | None:
    """Name the group with the highest share, and how many times the share of everybody that is."""
    everybody = value(run, name, number)
    if not everybody > 0:
        return None
    shares = {
        group.title: value(run, name, number, group.name)
        for group in GROUPS[1:]
        if scope_of(run, group.name, number) >= FEW
    }
    if not shares:
        return None
    title = max(shares, key=lambda key: shares[key])
    return (
        f"{title[0].lower() + title[1:]}, {amount(shares[title], 'share')} of them "
        f"({shares[title] / everybody:.1f} times the share of everybody)"
    )


def laid_out(table: tables.Table) -> Padding:
    """Lay a table out for the terminal, its note below it."""
    rich = Table(
        title=table.title,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    names = [row[0] for section in table.sections for row in section.rows]
    short = max(map(len, names), default=0) <= _SHORT
    for number, head in enumerate(table.heads):
        rich.add_column(
            head,
            justify="left" if table.is_text(number) else "right",
            style="dim" if number and table.is_text(number) else None,
            no_wrap=short and number == 0,
            overflow="fold",
            min_width=min(len(head), _SHORT),
        )
    for section in table.sections:
        rich.add_section()
        if section.heading:
            rich.add_row(Text(section.heading, style="bold"))
        indent = "  " if section.heading else ""
        for row in section.rows:
            rich.add_row(Text(indent + row[0]), *map(Text, row[1:]))
    return Padding(Renderables(rich, Text(table.note)) if table.note else rich, (0, 0, 1, 0))


def _listed(lines: list[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def _text(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 1, 0))

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
from scorepolis.report import bodies, durations, firms, names, tables
from scorepolis.report.language import listed, named, say, told
from scorepolis.report.numbers import amount, change, day, people, whole
from scorepolis.runs.reading import FEW, both, channels, is_list, label, scope_of, titled, value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

    from scorepolis.runs.result import Run

# Names up to this long keep to one line of the terminal.
_SHORT: Final = 20

_LIMITS: Final = ("synthetic", "model", "groups")
_LIMITED: Final = (
    "bad_acts", "chilled", "wrongful_penalties", "refused", "ever_refused", "shut_out", "public_support",
)  # fmt: skip
"""Headline measures whose limits are told."""


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
        _text(told(what_was_run(run))),
    ]
    if did := what_it_did(run):
        parts += [Text(say("heading.did"), style="bold"), _text(bulleted(did))]
    parts.append(laid_out(tables.headlines(run)))
    for number in range(len(run.context.instruments)):
        parts += [laid_out(tables.burden(run, number)), laid_out(tables.grades(run, number))]
    parts += [laid_out(table) for table in (*durations.tables(run), *firms.tables(run), *bodies.tables(run))]
    if channels(run):
        parts.append(laid_out(tables.publicity(run)))
    if run.counts.records.sum() > 0:
        parts.append(laid_out(tables.sensors(run)))
    parts += [Text(say("heading.cannot_tell"), style="bold"), _text(bulleted(cannot_tell(run)))]
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
    books = listed(_book(run, book) for book in made["rulebooks"]) or say("ran.no_book")
    first = say(
        "ran.lived",
        people=whole(made["people"], "synthetic"),
        society=made["society"],
        days=whole(made["days"], "day"),
        start=day(date.fromisoformat(made["start"])),
        books=books,
        seed=made["seed"],
    )
    changed = made["overrides"]
    what = listed(f"{path} = {value}" for path, value in changed.items())
    second = say("ran.changed", what=what) if changed else say("ran.usual")
    third = say("ran.beside" if run.baseline else "ran.alone")
    return [first, second, third]


def _book(run: Run, book: Mapping[str, Any]) -> str:
    """Name a rulebook, and the places where it was in force if that was not everywhere."""
    entries = run.provenance["scenario"]["rulebooks"]
    placed = {entry["name"]: entry["where"] for entry in entries if isinstance(entry, dict)}
    if book["name"] not in placed:
        return say("ran.book", **_named(book))
    return say("ran.book_there", **_named(book), places=say("between.also").join(map(titled, placed[book["name"]])))


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
    burdens = [line for number in range(len(run.context.instruments)) for line in burden(run, number)]
    others = [*firms.what_firms_met(run), *bodies.what_bodies_met(run)]
    return [*conduct(run), *burdens, *durations.how_long(run), *publicity(run), *others]


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
        say("did.about", title=names.measure(name), limit=names.limit(name))
        for name in _LIMITED
        if run.context.instruments or not BY_NAME[name].dims
    ]
    return [*limits(), *own]


def limits() -> list[str]:
    """Say what must not be concluded from any run."""
    return [say(f"limits.{name}") for name in _LIMITS]


def penalised(run: Run, number: int) -> str:
    """Say in a word what an instrument's penalties do to people."""
    return say("did.verb.listed" if is_list(run, number) else "did.verb.penalised")


def _named(book: Mapping[str, Any]) -> dict[str, str]:
    return {"name": book["name"], "title": named("rulebooks", book["name"], book["title"])}


def conduct(run: Run) -> list[str]:
    """Say what people did and how they live, against the law alone."""
    lines = []
    if run.baseline:
        for name in ("bad_acts", "harm", "good_deeds"):
            pair = both(run, name)
            unit = BY_NAME[name].unit
            figures = say("between.against").join(dict.fromkeys(amount(one, unit) for one in pair))
            about = {"title": names.measure(name), "change": change(*pair), "unit": names.bare_unit(unit)}
            lines.append(say(f"did.{name}", figures=figures, **about))
    shares = {name: value(run, name) for name in ("for_points", "chilled")}
    lines += [say(f"did.{name}", share=amount(share, "share")) for name, share in shares.items() if share > 0]
    if run.baseline:
        for name in ("trust", "hardship"):
            ours, theirs = (amount(one, "share") for one in both(run, name))
            lines.append(say("did.state", title=names.measure(name), ours=ours, theirs=theirs))
    return lines


def burden(run: Run, number: int) -> list[str]:
    """Tell one instrument: whom it reached, how often it erred, whom it hit hardest."""
    name = label(run, number)
    scoped = int(run.counts.in_scope[-1, :, number].sum())
    if not scoped:
        return [say("did.nobody_in_scope", name=name)]
    marks = run.counts.marks[-1, :, number].sum(axis=0)
    aware = amount(value(run, "aware", number), "share")
    refused, struck, shamed, rewarded = (people(mark) for mark in marks)
    if times := int(run.counts.entries[:, :, number, 0].sum()):
        share = amount(marks[1] / scoped, "share")
        how = "did.struck" if marks[1] <= times else "did.struck_or_bound"  # more people than records: some for firms
        struck = say(how, people=struck, share=share, times=whole(times, "time"))
    if is_list(run, number):
        before, after = (people(on) for on in run.counts.grades[[0, -1], :, number, 0].sum(axis=1))
        lines = [
            say("did.covered", name=name, people=people(scoped), aware=aware),
            say("did.held", before=before, after=after, struck=struck),
            *wrongful(run, number),
            say("did.refused_shamed", refused=refused, shamed=shamed),
        ]
    else:
        lines = [
            say("did.scored", name=name, people=people(scoped), aware=aware),
            say("did.penalised", struck=struck),
            *wrongful(run, number),
            say("did.rewarded", rewarded=rewarded, refused=refused, shamed=shamed),
        ]
    return [*lines, *hardest_hit(run, number)]


def wrongful(run: Run, number: int) -> list[str]:
    """Say how many of an instrument's penalties were wrongful, and in which way; nothing where there were none."""
    kinds = run.counts.wrongful[:, :, number].sum(axis=(0, 1))
    every, wrong = int(kinds.sum()), int(kinds[1:].sum())
    if not every:
        return []
    what = "listing_was" if is_list(run, number) else "penalty_was"
    line = say("did.wrongful", counted=whole(wrong, what), share=amount(wrong / every, "share"))
    ways = [
        say("did.way", n=f"{kinds[n]:,}", way=say(f"wrongful.{kind}"))
        for n, kind in enumerate(TRUTHS)
        if n and kinds[n]
    ]
    return [say("did.of_ways", told=line, ways=listed(ways)) if ways else say("did.plainly", told=line)]


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
    standing = listed(say("did.way", n=people(ends[name]), way=say(f"shown.{name}")) for name in used)
    reached = [
        say("did.reached_by", channel=say(f"channel.{c}").lower(), people=people(round(tables.reached(run, c))))
        for c in used
    ]
    lines = [
        say("did.shown", standing=standing),
        say("did.reached", reached=say("between.parts").join(reached)),
    ]
    if lost := int(run.counts.ties_lost.sum()):
        share = amount(2 * lost / int(run.counts.ties[0].sum()), "share")  # each person of a tie counts it
        key = f"did.ties_lost.{'one' if lost == 1 else 'other'}"
        lines.append(say(key, ties=whole(lost, "tie"), share=share))
    return lines


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
    verbs = (("ever_penalised", penalised(run, number)), ("ever_refused", say("did.verb.refused")))
    return [
        say("did.most_often", verb=verb, worst=worst)
        for name, verb in verbs
        if (worst := _hardest_hit(run, name, number))
    ]


def _hardest_hit(run: Run, name: str, number: int) -> str | None:
    """Name the group with the highest share, and how many times the share of everybody that is."""
    everybody = value(run, name, number)
    if not everybody > 0:
        return None
    shares = {
        names.group(group): value(run, name, number, group.name)
        for group in GROUPS[1:]
        if scope_of(run, group.name, number) >= FEW
    }
    if not shares:
        return None
    title = max(shares, key=lambda key: shares[key])
    return say(
        "did.hit",
        group=title[0].lower() + title[1:],
        share=amount(shares[title], "share"),
        times=f"{shares[title] / everybody:.1f}",
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
    firsts = [row[0] for section in table.sections for row in section.rows]
    short = max(map(len, firsts), default=0) <= _SHORT
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


def bulleted(lines: list[str]) -> str:
    """Put sentences under one another."""
    return "\n".join(f"• {line}" for line in lines)


def _text(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 1, 0))

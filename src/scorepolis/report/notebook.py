"""A result as a card in a notebook: its sentences, one table, and the rest folded away.

It is a fragment of HTML without a script and with few colours of its own, so that it follows the page that it stands
in, by day and by night.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import singledispatch
from itertools import chain, groupby
from typing import TYPE_CHECKING, Final

from scorepolis.audit.static import OF_CONDITIONS, Audit
from scorepolis.audit.words import summary
from scorepolis.experiments.comparison import Comparison
from scorepolis.experiments.experiment import Experiment
from scorepolis.explain.story import Story
from scorepolis.explain.words import LIMITS, cells, sentences
from scorepolis.listing import Listing, is_number, written
from scorepolis.report import comparing, experimenting, tables, words
from scorepolis.report.html import fill
from scorepolis.report.language import say
from scorepolis.report.numbers import day, whole
from scorepolis.report.rulebooks import body_outline, firm_outline, outline
from scorepolis.report.tables import Section, Table
from scorepolis.rulebooks import Rulebook
from scorepolis.runs.result import Run
from scorepolis.scenarios import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BRIEF: Final = (
    ("people_do", ("bad_acts", "good_deeds", "chilled")),
    ("standing", ("penalties", "wrongful_penalties")),
    ("doors", ("refused", "ever_refused")),
    ("living", ("hardship", "private_support", "public_support")),
)
"""The measures of a card, by the heading under which they stand."""


@dataclass(frozen=True)
class Card:
    """What a notebook shows.

    Attributes
    ----------
    title
        What it is.
    told
        Sentences, a paragraph each.
    points
        Sentences, a bullet each.
    first
        The table in view.
    more
        Tables that are folded away.
    folded
        Lists of sentences by their heading, folded away too.
    """

    title: str
    told: tuple[str, ...]
    points: tuple[str, ...] = ()
    first: Table | None = None
    more: tuple[Table, ...] = ()
    folded: Mapping[str, Sequence[str]] = field(default_factory=dict)


def html(thing: object) -> str:
    """Show a result in a notebook.

    Parameters
    ----------
    thing : Run, Comparison, Experiment, Rulebook, Scenario, Audit, Story or Listing
        What to show.

    Returns
    -------
    str
        A fragment of HTML; all text is escaped.

    Raises
    ------
    TypeError
        If it is nothing that is shown so.
    """
    return fill("notebook.html", card=card(thing))


@singledispatch
def card(thing: object) -> Card:
    """Make the card of a result."""
    raise TypeError(f"a notebook has no card for {type(thing).__name__}")


@card.register
def _run(thing: Run) -> Card:
    return Card(
        thing.provenance["scenario"]["title"],
        tuple(words.what_was_run(thing)),
        (),
        tables.headlines(thing, BRIEF),
        (_all(tables.headlines(thing)), *(tables.burden(thing, k) for k in range(len(thing.context.instruments)))),
        {say("heading.did"): words.what_it_did(thing), say("heading.cannot_tell"): words.cannot_tell(thing)},
    )


@card.register
def _comparison(thing: Comparison) -> Card:
    law = thing.provenance["baseline"]
    return Card(
        say("compare.title"),
        tuple(comparing.what_was_compared(thing)),
        (),
        comparing.side_by_side(thing, BRIEF),
        (
            _all(comparing.side_by_side(thing)),
            comparing.differences(thing, law),
            *(comparing.changes(thing, name) for name in thing.schemes if name != law),
        ),
        {say("heading.cannot_tell"): words.limits()},
    )


@card.register
def _experiment(thing: Experiment) -> Card:
    title = thing.provenance["experiment"]["title"]
    first, *more = experimenting.tables(thing)
    limits = {say("heading.cannot_tell"): words.limits()}
    return Card(title, tuple(experimenting.what_was_done(thing)), (), first, tuple(more), limits)


@card.register
def _rulebook(thing: Rulebook) -> Card:
    _, *told = outline.about(thing)
    instruments = Table(
        "Instruments",
        ("Instrument", "Method", "Who", "Rules", "Grades", "Opens and closes"),
        (
            Section(
                (
                    *map(outline.in_a_row, thing.instruments),
                    *map(firm_outline.in_a_row, thing.firms),
                    *map(body_outline.in_a_row, thing.bodies),
                )
            ),
        ),
        words=(1, 2, 4, 5),
    )
    return Card(
        f"{thing.title} ({thing.name}, {thing.tag})",
        tuple(told),
        (),
        instruments if thing.instruments or thing.firms or thing.bodies else None,
        tuple(
            map(
                _table,
                chain(
                    *map(outline.tables, thing.instruments),
                    *map(firm_outline.tables, thing.firms),
                    *map(body_outline.tables, thing.bodies),
                ),
            )
        ),
        {"What is not known, or not said": thing.limits},
    )


@card.register
def _scenario(thing: Scenario) -> Card:
    where = {book: places for book, places in zip(thing.books, thing.where, strict=True) if places}
    books = tuple((book, ", ".join(where.get(book, ("everywhere",)))) for book in thing.books)
    changed = tuple((path, str(value)) for path, value in thing.set.items())
    return Card(
        f"{thing.title} ({thing.name})",
        (f"{whole(thing.days, 'day')} from {day(thing.start)} in the society '{thing.society}'.",),
        (),
        Table("Rulebooks", ("Rulebook", "In force in"), (Section(books),), words=(1,)),
        (Table("Parameters changed", ("Path", "Value"), (Section(changed),)),) if changed else (),
    )


@card.register
def _audit(thing: Audit) -> Card:
    norms = tuple(
        Section(tuple((one.condition.text, one.answer.state, one.answer.why) for one in several), norm.title)
        for norm, several in groupby(thing.conditions, key=lambda one: one.norm)
    )
    limits = tuple(dict.fromkeys(f"{f.check.id}: {f.check.limit}" for f in thing.findings))
    return Card(
        f"Audit of {thing.book.rulebook.title}",
        (summary(thing), *thing.cautions),
        (),
        _findings(thing) if thing.findings else None,
        (Table("Conditions of norms", ("Condition", "Answer", "Why"), norms, OF_CONDITIONS, (1, 2)),),
        {say("heading.cannot_tell"): limits},
    )


@card.register
def _story(thing: Story) -> Card:
    heads = ["Date", "What", f"Under {thing.here.name}"]
    heads += [f"Under {thing.there.name}"] if thing.there else []
    days = tuple(
        (thing.date(day).isoformat(), head, here, there)[: len(heads)] for day, head, here, there, _ in cells(thing)
    )
    return Card(
        f"One life: person {thing.choice.person:,}",
        (thing.choice.why,),
        tuple(sentences(thing)),
        None,
        (Table("Day by day", tuple(heads), (Section(days),), words=(1, 2, 3)),),
        {say("heading.cannot_tell"): LIMITS},
    )


@card.register
def _listing(thing: Listing) -> Card:
    return Card("", (), (), _table(thing))


def _all(table: Table) -> Table:
    """Tell the whole of a table from the few rows of it in view."""
    return replace(table, title="All measures")


def _findings(audit: Audit) -> Table:
    """Set the findings under one another; a reason to accept stands there only if the rulebook gives one."""
    heads = ("Severity", "Check", "Where", "Line", "What is wrong", "Accepted, because")
    columns = len(heads) if len(audit.open) < len(audit.findings) else len(heads) - 1
    rows = tuple(
        (f.check.severity, f.check.id, f.at, str(f.line), f.message, f.accepted or "")[:columns] for f in audit.findings
    )
    return Table("Findings", heads[:columns], (Section(rows),), words=(1, 2, 4, 5))


def _table(listing: Listing) -> Table:
    """Take a listing for a table: columns of numbers stand to the right."""
    wordy = tuple(at for at in range(1, len(listing.heads)) if not _numeric(row[at] for row in listing.rows))
    rows = tuple(tuple(written(cell) for cell in row) for row in listing.rows)
    return Table(listing.title, listing.heads, (Section(rows),), words=wordy)


def _numeric(column: Iterable[object]) -> bool:
    return all(is_number(cell) for cell in column)  # type: ignore[arg-type]

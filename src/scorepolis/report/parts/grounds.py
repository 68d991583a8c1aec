"""What a result rests on: how many numbers are documented, reported or assumed, and how wide their ranges are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, get_args

from scorepolis.core.provenance import Status
from scorepolis.explain.books import ground
from scorepolis.listing import written
from scorepolis.report import resting
from scorepolis.report.catalogue import Fact, every_fact
from scorepolis.report.drawing import ACCENT, Picture
from scorepolis.report.language import say
from scorepolis.report.numbers import amount
from scorepolis.report.parts.bars import bars
from scorepolis.report.parts.part import Part
from scorepolis.report.tables import Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scorepolis.explain.books import Books
    from scorepolis.rests.table import Rests

WIDEST: Final = 15
STATUSES: Final[tuple[str, ...]] = get_args(Status)


def part(books: Iterable[Books], found: Rests | None = None) -> Part:
    """Count what the parameters and the rulebooks rest on, and show what moves the headlines and the widest ranges.

    Parameters
    ----------
    books : iterable of Books
        Those of the runs.
    found : Rests, optional
        Which assumed parameters move the headlines most, if that has been reckoned for the runs' rulebooks.
    """
    facts = every_fact()
    parameters = Counter(fact.status for fact in facts)
    rules = _rules(books)
    title = say("grounds.title")
    heads = (say("grounds.status"), say("grounds.parameters"), say("grounds.rules"))
    rows = tuple((say(f"grounds.{s}"), f"{parameters[s]:,}", f"{rules[s]:,}") for s in STATUSES)
    together = (say("table.all"), f"{parameters.total():,}", f"{rules.total():,}")
    table = Table(title, heads, (Section(rows), Section((together,))), say("grounds.note"))
    sentence = say(
        "grounds.sentence",
        all=f"{parameters.total():,}",
        assumed=f"{parameters['assumed']:,}",
        share=amount(parameters["assumed"] / parameters.total(), "share"),
        reported=f"{parameters['reported']:,}",
        documented=f"{parameters['documented']:,}",
    )
    shares = [100 * parameters[s] / parameters.total() for s in STATUSES]
    ends = [f"{parameters[s]:,}" for s in STATUSES]
    names = [say(f"grounds.{s}") for s in STATUSES]
    label = f"{title}. {sentence}"
    svg = bars("grounds", label, names, {say("grounds.parameters"): (shares, ACCENT)}, ends, say("grounds.percent"))
    return Part(
        "grounds",
        tuple(resting.lines(found)) if found else (say("rests.none"),),
        pictures=(Picture(title, sentence, svg, table),),
        tables=(*([resting.table(found)] if found else []), _widest(facts)),
        limit=say("grounds.limit"),
    )


def _rules(books: Iterable[Books]) -> Counter[str]:
    """Count rules and consequences by what they rest on; a book that several runs share counts once."""
    instruments = {id(one): one for some in books for one in some.instruments}.values()
    distinct = {repr(one): one for one in instruments}.values()
    return Counter(ground(attested).status for one in distinct for attested in (*one.rules, *one.consequences))


def _widest(facts: Iterable[Fact]) -> Table:
    """Show the numbers whose range is widest beside their value."""
    known = [(_width(fact), fact) for fact in facts if fact.status == "assumed" and _width(fact) > 0]
    known.sort(key=lambda pair: (-pair[0], pair[1].path))
    rows = tuple(
        (
            fact.path,
            written(fact.value),
            " – ".join(written(edge) for edge in fact.range or ()),
            fact.unit or "",
            fact.reason or "",
        )
        for _, fact in known[:WIDEST]
    )
    heads = tuple(say(f"grounds.{head}") for head in ("path", "value", "range", "unit", "reason"))
    return Table(say("grounds.widest"), heads, (Section(rows),), say("grounds.widest_note"), words=(3, 4))


def _width(fact: Fact) -> float:
    """Give the width of a range in values; nought of a list, a word, or a value of nought."""
    if fact.range is None or isinstance(fact.value, bool) or not isinstance(fact.value, int | float) or not fact.value:
        return 0.0
    low, high = fact.range
    return (high - low) / abs(fact.value)

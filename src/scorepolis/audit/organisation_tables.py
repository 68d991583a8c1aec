"""Tables of what a rulebook did to firms and to public bodies in a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from scorepolis.audit.cells import figure, ratio
from scorepolis.audit.organisation_counts import (
    EVERYBODY,
    NOT_DONE,
    TRUE,
    UNABLE,
    WRONG_SUBJECT,
    Counted,
    bodies,
    firms,
    grounds,
)
from scorepolis.listing import MISSING, Cell, Listing
from scorepolis.rulebooks.schema import LISTED, AnyFirmInstrument, FirmListing

if TYPE_CHECKING:
    from scorepolis.audit.book import Book
    from scorepolis.audit.organisation_book import OrganisationPart
    from scorepolis.audit.organisation_counts import Group, Organisations
    from scorepolis.runs.result import Run

    Told = tuple[Listing, str]

FEW: Final = 30
"""Fewer organisations or entries of a group than these say more about chance than about the scheme."""
OUTCOMES: Final = {
    "refused": "Applications refused",
    "delayed": "Applications delayed",
    "dearer": "Applications made dearer",
    "cheaper": "Applications made cheaper",
    "first": "Applications first in line",
}
SCOPED: Final = {"size": "sizes", "sector": "sectors", "kind": "kinds"}
"""Columns of the counts by which a scope may choose, and what it calls them."""
STEPS: Final = ("told", "appealed", "upheld", "righted", "repaired")


def tables(run: Run, law: Run, book: Book) -> Iterator[Told]:
    """Set firms and public bodies under a rulebook beside the same ones under ordinary law alone.

    Parameters
    ----------
    run, law : Run
        With the rulebook, and under ordinary law alone.
    book : Book
        The rulebook.

    Yields
    ------
    tuple of (Listing, str)
        Tables, each with a sentence on what it cannot tell; of firms and of bodies if the book has instruments of them.
    """
    for parts, gather, measures in ((book.firms, firms, _OF_FIRMS), (book.bodies, bodies, _OF_BODIES)):
        if parts:
            them = gather(run, law, book)
            yield _beside(them, measures)
            yield _sensors(them)
            yield _instruments(them)
            yield _wrongful(them)
            if them.by_act:
                yield _redress(them)
            yield _still_there(them)
            yield _groups(them)


class Measure(NamedTuple):
    """A figure of one world: counts over counts."""

    title: str
    unit: str
    above: tuple[str, ...]
    """Counts that are added up."""
    of: str | None = None
    """Behaviour or the like; `bad`: all that do harm; None: whatever is counted."""
    how: str | None = None
    below: tuple[str, ...] = ()
    """Counts by which it is divided; none: years lived through, all together."""
    times: int = 1


def _measured(them: Organisations, counted: Counted, one: Measure) -> float:
    of = {None: None, "bad": them.bad}.get(one.of, (one.of,) if one.of else None)
    above = sum(counted.number(count, of, (one.how,) if one.how else None) for count in one.above)
    below = sum(counted.number(count, of) for count in one.below) if one.below else them.years
    return one.times * above / below if below else float("nan")


_OF_FIRMS: Final = (
    Measure("Harm done to others", "yuan per firm and year", ("harm",)),
    Measure("Benefit to others", "yuan per firm and year", ("benefit",)),
    Measure("Violations", "per 1,000 firms and year", ("acts",), "bad", times=1000),
    Measure("Violations that could not be helped", "share of violations", ("could_not",), "bad", below=("acts",)),
    Measure(
        "Violations left undone for fear of the scheme", "share of violations done or not", ("deterred",), "bad",
        below=("acts", "deterred"),
    ),
    Measure("Violations that fewer inspections let off", "share of violations", ("let_off",), "bad", below=("acts",)),
    Measure("Inspections", "per 1,000 firms and year", ("inspections",), times=1000),
    Measure("Inspections without a finding", "share of inspections", ("clean",), below=("inspections",)),
    *(Measure(title, "per 1,000 firms and year", ("outcomes",), how=how, times=1000)
      for how, title in OUTCOMES.items()),
    Measure("Earnings lost by being shown", "yuan per firm and year", ("custom",)),
    Measure("Representatives held at the end", "per 1,000 firms", ("bound",), below=("firms",), times=1000),
)  # fmt: skip
_OF_BODIES: Final = (
    Measure("Bills of firms left unpaid", "per body and year", ("acts",), "payment_arrears"),
    Measure(
        "Unpaid bills that could not be helped", "share of unpaid bills", ("could_not",), "payment_arrears",
        below=("acts",),
    ),
    Measure(
        "Bills paid for fear of the scheme", "share of bills that could be left unpaid", ("deterred",),
        "payment_arrears", below=("acts", "deterred"),
    ),
    Measure("Unpaid bills at the end", "per body", ("owed",), below=("bodies",)),
    Measure("Judgments not obeyed", "per body and year", ("acts",), "ignoring_judgment"),
    Measure("Reports on residents", "per body and year", ("reported",)),
    Measure("Reports on residents made up", "per body and year", ("acts",), "falsified_reports"),
    Measure("Reports by looking harder for a target", "per body and year", ("extra_looks",)),
    Measure("Months with a missed target", "per body and year", ("acts",), "missed_target"),
    Measure("Inspections", "per body and year", ("inspections",)),
    *(Measure(title, "per 1,000 bodies and year", ("outcomes",), how=how, times=1000)
      for how, title in OUTCOMES.items()),
    Measure("Heads held at the end", "per 1,000 bodies", ("bound",), below=("bodies",), times=1000),
)  # fmt: skip


def _beside(them: Organisations, measures: tuple[Measure, ...]) -> Told:
    rows = []
    for one in measures:
        ours, theirs = (_measured(them, world, one) for world in (them.ours, them.theirs))
        rows.append((one.title, figure(ours), figure(theirs), figure(ours - theirs), one.unit))
    heads = ("Measure", "Scheme", "Law alone", "Difference", "Unit")
    note = "The difference is the scheme's doing in this model only, whose responses are largely assumed."
    return Listing(f"Costs and benefits of {them.many}, in one table", heads, tuple(rows)), note


def _sensors(them: Organisations) -> Told:
    rows = []
    for sensor, seen in them.sees.items():
        records = them.ours.number("records", (sensor,))
        right = them.ours.number("records", (sensor,), [them.truths[truth] for truth in (TRUE, UNABLE)])
        if records:
            acts = them.ours.number("acts", seen)
            rows.append((sensor, records, ratio(right, records), *_recall(them, right, acts)))
    note = (
        f"Base rate: acts per 1,000 {them.many} and year; precision hangs on it. Right is a record of who did it, be "
        "it for want of money. An act that another sensor recorded first counts as missed."
        if them.by_act
        else _ANEW
    )
    heads = ("Sensor", "Records", "Precision", *(("Acts it may see", "Recall", "Base rate") if them.by_act else ()))
    return Listing(f"{_precision(them)} by sensor", heads, tuple(rows)), note


_ANEW: Final = (
    "What a public body owes is found anew from month to month, so that there is no act to be missed, and no recall. "
    "Right is a record of who did it, be it for want of money."
)


def _precision(them: Organisations) -> str:
    return f"{them.many.capitalize()}: precision{' and recall' if them.by_act else ''}"


def _recall(them: Organisations, right: int, acts: int) -> tuple[Cell, ...]:
    """Give acts, the share of them that was found, and how frequent they are; nothing of what lasts."""
    if not them.by_act:
        return ()
    return acts, ratio(right, acts), ratio(1000 * acts, them.years)


def _instruments(them: Organisations) -> Told:
    rows = []
    for part in them.parts:
        entries, right = them.entries(part), them.entries(part, TRUE)
        done, unable = (
            them.ours.number(count, grounds(part), group=_in_scope(part)) for count in ("acts", "could_not")
        )
        acts = done - unable
        rows.append((part.at, part.instrument.method, entries, ratio(right, entries), *_recall(them, right, acts)))
    note = (
        "Precision: entries against who did it and could have done otherwise. Recall is of such acts, by "
        f"{them.many} in scope. Base rate: such acts per 1,000 {them.many} and year."
        if them.by_act
        else "Precision: entries against who did it and could have done otherwise; who owes is entered anew each month."
    )
    missed = ("Acts on its grounds", "Recall", "Base rate") if them.by_act else ()
    heads = ("Instrument", "Method", "Entries", "Precision", *missed)
    return Listing(f"{_precision(them)} by instrument", heads, tuple(rows)), note


def _in_scope(part: OrganisationPart, group: Group = EVERYBODY) -> Group:
    """Narrow a group down to those of it that an instrument meets."""
    scope = part.instrument.scope
    met = {column: names for column, field in SCOPED.items() if (names := getattr(scope, field, ()))}
    return met | {column: [one for one in some if one in met.get(column, some)] for column, some in group.items()}


def _wrongful(them: Organisations) -> Told:
    rows = []
    titles = {
        WRONG_SUBJECT: f"Another {them.one} did it",
        NOT_DONE: "Nobody did it",
        UNABLE: f"The {them.one} had no money to comply",
    }
    for part in them.parts:
        entries = them.entries(part)
        for truth, title in titles.items():
            number = them.entries(part, truth)
            rows.append((part.at, title, number, entries, ratio(number, entries)))
    heads = ("Instrument", "Wrongful, since", "Entries", "Of all", "Share")
    note = "Each is counted under the first that applies; error rates, and who had no money, rest on assumptions."
    return Listing(f"Wrongful entries against {them.many}", heads, tuple(rows)), note


def _redress(them: Organisations) -> Told:
    rows = []
    for part in them.parts:
        wrong = them.entries(part, WRONG_SUBJECT, NOT_DONE)
        told, appealed, upheld, righted, repaired = (_step(them, part, step) for step in STEPS)
        share = ratio(righted, wrong) if isinstance(righted, int) else MISSING
        rows.append((part.at, them.entries(part), told, appealed, upheld, wrong, righted, share, repaired))
    heads = (
        "Instrument", "Entries", "Told", "Appeals", "Upheld", "Not done by them", "Of these righted", "Share",
        "Let off by repair",
    )  # fmt: skip
    note = (
        "Righted: appeals upheld of firms that had not done it. Of all others entered wrongly, who got out by the term "
        "or by repair is not counted apart from those entered rightly."
    )
    return Listing("Notice, appeal and repair of firms", heads, tuple(rows)), note


def _step(them: Organisations, part: OrganisationPart, step: str) -> int | str:
    """Count a step; a dash if the instrument has no such thing."""
    instrument = part.instrument
    if not isinstance(instrument, AnyFirmInstrument):
        return MISSING
    if step == "repaired":
        has = isinstance(instrument, FirmListing) and instrument.repair is not None
    else:
        has = instrument.notice and (step == "told" or instrument.appeal is not None)
    return them.ours.number(step, them.named(part)) if has else MISSING


def _still_there(them: Organisations) -> Told:
    rows = []
    for part in them.parts:
        lowest = part.instrument.grade_names[0]
        ever = them.ours.number("ever", them.named(part), ("penalised",))
        scope = them.ours.number("in_scope", them.named(part))
        there = them.ours.number("grade", them.named(part), (lowest,))
        out = (max(0, ever - there), ratio(min(ever, there), ever)) if lowest == LISTED else (MISSING, MISSING)
        rows.append((part.at, ever, scope, ratio(ever, scope), lowest, there, *out))
    heads = (
        "Instrument", "Ever entered", "In scope", "Share", "Lowest grade", "In it at the end", "Out, at least",
        "Never out, at most",
    )  # fmt: skip
    note = (
        f"Ever entered: {them.many} against which there was an entry within the run. Which of them stand in the grade "
        "at its end is not counted, so that of lists the bounds are told: all who stand there may be among them. Of "
        "ratings an entry is not yet a fall."
    )
    return Listing(f"{them.many.capitalize()} ever entered, and still there", heads, tuple(rows)), note


def _groups(them: Organisations) -> Told:
    rows = []
    for part in them.parts:
        for (title, one), (beside, other) in them.pairs:
            found = [them.entries(part, group=group) for group in (one, other)]
            scope = [them.ours.number("in_scope", them.named(part), group=group) for group in (one, other)]
            conduct = [
                them.theirs.number("acts", grounds(part), group=_in_scope(part, group)) for group in (one, other)
            ]
            raw = ratio(found[0] * scope[1], found[1] * scope[0])
            equal = (ratio(found[0] * conduct[1], found[1] * conduct[0]),) if them.by_act else ()
            few = "not in scope" if min(scope) == 0 else "too few" if min(*scope, *found) < FEW else ""
            pair = f"{title} to {beside[0].lower()}{beside[1:]}"
            rows.append((part.at, pair, *equal, raw, *found, *scope, few))
    equal_head = ("Equal conduct",) if them.by_act else ()
    heads = (
        "Instrument", "Groups", *equal_head, "Raw", "Entries", "Entries 2", "In scope", "In scope 2", "Note"
    )  # fmt: skip
    note = (
        "Equal conduct: entries over acts on the instrument's grounds under ordinary law alone, by firms of sizes and "
        "sectors in scope; raw: entries per firm in scope. All acts on its grounds weigh alike. Where there are too "
        "few firms or entries, chance rules."
        if them.by_act
        else "Raw: entries per public body in scope. Where there are too few of either, chance rules."
    )
    return Listing(f"Entries against one group of {them.many} over those against another", heads, tuple(rows)), note

"""The part of the audit that runs a rulebook on synthetic people, beside a world without it, and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from scorepolis.audit.cells import figure, ratio
from scorepolis.audit.organisation_tables import tables as organisation_tables
from scorepolis.core.errors import InputError
from scorepolis.listing import MISSING, Cell, Listing
from scorepolis.measures import figures
from scorepolis.measures.counts import COURT_STEPS, DOMAINS, OUTCOMES, TRUTHS, UNGROUPED, Counts
from scorepolis.measures.declared import BY_NAME, PERSON_YEARS
from scorepolis.measures.groups import GROUPS, masks
from scorepolis.parameters.model import FOUND
from scorepolis.runs.ledger import EVENTS
from scorepolis.runs.reading import FEW

if TYPE_CHECKING:
    import numpy.typing as npt

    from scorepolis.audit.book import Book, PlacedFeed
    from scorepolis.measures.context import Context
    from scorepolis.measures.declared import Measure
    from scorepolis.rulebooks.schema import Instrument
    from scorepolis.runs.make import Progress
    from scorepolis.runs.result import Run

    Numbers = npt.NDArray[np.float64]

SOCIETY: Final = "town"
PEOPLE: Final = 20_000
"""At most; up to there the ledger is kept of everybody."""
DAYS: Final = 3_650
SEED: Final = 1

FEW_PENALTIES: Final = 30
"""Fewer penalties of a group than these say more about chance than about the scheme."""
WORSE: Final = ("refused", "delayed", "dearer")
MISTAKEN: Final = ("wrong_person", "not_done", "unable")
"""Kinds of wrongful penalties of which a record, or what was made of it, is to blame."""
PAIRS: Final = (
    ("minority", "majority"),
    ("migrant", "registered"),
    ("fifth_1", "fifth_5"),
    ("rural", "urban"),
    ("not_party", "party"),
    ("female", "male"),
)
"""Groups that are set beside one another: the first is divided by the second."""

BESIDE: Final = (
    "harm", "theft_and_violence", "fraud_losses", "deterred", "benefit", "good_deeds", "for_points", "motive",
    "chilled", "support_gap", "services_received", "refused", "dearer", "cheaper", "income", "hardship", "trust",
    "ties_lost",
)  # fmt: skip
"""Costs and benefits, by the same measures under the scheme and under the law alone."""

KINDS: Final = {
    "wrong_person": "Somebody else did it",
    "not_done": "Nobody did it",
    "unable": "The person could not pay",
    "no_basis": "No legal basis, or a protected act",
    "disproportionate": "Out of proportion to the harm",
    "stale": "Entered too late",
}


@dataclass(frozen=True)
class Measured:
    """What a run of the rulebook brought.

    Attributes
    ----------
    ran
        What was run, in a sentence each.
    tables
        Tables, each with a sentence on what it cannot tell.
    """

    ran: tuple[str, ...]
    tables: tuple[tuple[Listing, str], ...]

    def to_json(self) -> dict[str, object]:
        """Give it as plain data."""
        told = [{"title": one.title, "rows": one.to_json(), "cannot_tell": note} for one, note in self.tables]
        return {"ran": list(self.ran), "tables": told}


def measure(
    book: Book,
    *,
    people: int = PEOPLE,
    days: int = DAYS,
    seed: int = SEED,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Measured:
    """Run a rulebook on a synthetic town, and the same people without it, and set the two side by side.

    Without it they live under ordinary law alone; or, if books of the library feed it, or it holds people under their
    lists, under those in both runs.

    Parameters
    ----------
    book : Book
        A rulebook that was read from the library or from a file.
    people, days : int
        How many people live there, and for how long.
    seed : int
        The luck.
    threads : int, optional
        By default one per core; they change nothing but the time taken.
    progress : callable, optional
        As for `scorepolis.run`.

    Returns
    -------
    Measured
        What was run, and the tables.

    Raises
    ------
    InputError
        If `people` or `days` are out of bounds, or the file of the rulebook changed meanwhile.
    """
    from scorepolis import rulebooks
    from scorepolis.runs.make import run as make
    from scorepolis.scenarios import Scenario

    if people > PEOPLE:
        raise InputError(f"people is {people:,}", expected=f"at most {PEOPLE:,}: so many have their ledger kept")
    name, start = book.rulebook.name, book.rulebook.in_force.from_
    of_library = book.document.name == f"rulebooks/library/{name}.yaml" and name in rulebooks.names()

    def lives(books: Sequence[str], *, baseline: bool, progress: Progress | None) -> Run:
        title = f"Audit of {name}"
        scenario = Scenario(
            version=1, name="audit", title=title, society=SOCIETY, rulebooks=tuple(books), start=start, days=DAYS
        )
        return make(
            scenario, people=people, days=days, seed=seed, threads=threads, baseline=baseline, lives=False,
            progress=progress,
        )  # fmt: skip

    own, beside = name if of_library else book.document.name, (*feeding(book), *holding(book))
    if not beside:
        return measured(lives([own], baseline=True, progress=progress), book)
    without = None if progress is None else lambda _, done, total: progress("baseline", done, total)
    # Organisations live in a world whose rulebooks treat any, and in its baseline: so do those under law alone.
    run = lives([*beside, own], baseline=bool(book.organisations), progress=progress)
    return measured(replace(run, baseline=lives(beside, baseline=False, progress=without)), book, run.baseline)


def feeding(book: Book) -> tuple[str, ...]:
    """Name the books of the library that feed a book, and those that feed them, each before what it feeds."""
    from scorepolis import rulebooks

    found: dict[str, None] = {}

    def follow(instruments: Sequence[Instrument], seen: tuple[str, ...]) -> None:
        for feed in (feed for instrument in instruments for feed in instrument.fed_by):
            if feed.rulebook not in seen and feed.rulebook in rulebooks.names():
                follow(rulebooks.load(feed.rulebook, book.parameters).instruments, (*seen, feed.rulebook))
                found.setdefault(feed.rulebook)

    follow(book.rulebook.instruments, (book.rulebook.name,))
    return tuple(found)


def holding(book: Book) -> tuple[str, ...]:
    """Name the other books of the library under whose lists a book holds people, if in force on its first day."""
    from scorepolis import rulebooks

    start, fed = book.rulebook.in_force.from_, feeding(book)
    named = dict.fromkeys(one.binding.rulebook for one in book.bindings if one.target is not None)
    others = [rulebooks.load(name, book.parameters) for name in named if name not in (book.rulebook.name, *fed)]
    return tuple(
        other.name
        for other in others
        if other.in_force.from_ <= start and (other.in_force.until is None or start <= other.in_force.until)
    )


def measured(run: Run, book: Book, law: Run | None = None) -> Measured:
    """Set a run of a rulebook and its baseline side by side; as `measure`, of a run that is there already.

    The book's instruments are the last of the run; what stands before them feeds the book, in the baseline too. `law`
    is the world under ordinary law alone in which organisations live; by default the baseline.
    """
    if run.baseline is None:
        raise ValueError("the run has no baseline")
    made = run.provenance
    whom = f"{made['people']:,} synthetic people for {made['days']:,} days from {made['start']}, seed {made['seed']}"
    ran = [f"{whom}: once under {book.rulebook.name}, once under ordinary law alone."]
    beside = [entry["name"] for entry in made.get("rulebooks", ())][:-1]
    if beside:
        ran = [f"{whom}: once under {book.rulebook.name}, once without it."]
    fed = {feed.rulebook for part in book.parts for feed in part.instrument.fed_by}
    held = {one.binding.rulebook for one in book.bindings}
    feeders = [name for name in beside if name not in held or name in fed]
    lists = [name for name in beside if name not in feeders]
    if feeders:
        ran.append(f"Both times under {', '.join(feeders)} too, which feeds it.")
    if lists:
        ran.append(f"Both times under {', '.join(lists)} too, under whose lists it holds people.")
    there = (book.rulebook.name, *beside)
    idle = sorted(fed.difference(there))
    if idle:
        ran.append(f"Feeds from {', '.join(idle)} were idle: there is no such book in the library.")
    idle = sorted(held.difference(there, fed))
    if idle:
        ran.append(f"Nobody was held under {', '.join(idle)}: not in the library, or not in force on the first day.")
    without = "Without it" if beside else "Law alone"
    tables = [_beside(run, run.baseline, without)]
    if book.parts:
        tables += [_matrix(run, run.baseline, book), _wrongful(run, book), _sensors(run), _instruments(run, book)]
        tables += [_groups(run, run.baseline, book), _never_out(run, book)]
    tables += organisation_tables(run, law or run.baseline, book)
    return Measured(tuple(ran), tuple(tables))


def _beside(run: Run, law: Run, other: str) -> tuple[Listing, str]:
    ours, theirs = _everybody(run), _everybody(law)
    rows = []
    for name in BESIDE:
        one = BY_NAME[name]
        rows.append(_row(one.title, one, *(float(_over_the_run(one, *world)) for world in (ours, theirs))))
    cases = BY_NAME["cases"]
    scheme, alone = _over_the_run(cases, *ours), _over_the_run(cases, *theirs)
    for step, title in (("performed", "Debts performed in time"), ("performed_late", "Debts performed late")):
        s = COURT_STEPS.index(step)
        rows.append(_row(title, cases, float(scheme[s]), float(alone[s])))
    heads = ("Measure", "Scheme", other, "Difference", "Unit", "Of what")
    note = "The difference is the scheme's doing in this model only, whose responses are largely assumed."
    return Listing("Costs and benefits, in one table", heads, tuple(rows)), note


def _row(title: str, measure: Measure, ours: float, theirs: float) -> tuple[Cell, ...]:
    return (title, figure(ours), figure(theirs), figure(ours - theirs), measure.unit, measure.per.text)


def _everybody(run: Run) -> tuple[Counts, Context]:
    """Add up the group cells: of everybody alone the measures are soon reckoned."""
    cells = {n: a if n in UNGROUPED else a.sum(axis=1, keepdims=True) for n, a in run.counts.items()}
    return Counts.of(cells), run.context


def _over_the_run(measure: Measure, counts: Counts, context: Context) -> Numbers:
    """Give a measure of everybody, whom the only group holds, for the whole run."""
    everybody: Numbers = figures.over_the_run(measure, counts, context)[0]
    return everybody


def _first(run: Run, book: Book) -> int:
    """Give the number in the run of the book's first instrument: what feeds the book stands before it."""
    return len(run.context.instruments) - len(book.parts)


def _ledger(run: Run, book: Book) -> dict[str, npt.NDArray[np.int64]]:
    """Give the columns of the book's own entries, with instruments as the book numbers them."""
    ledger = {name: np.asarray(column, dtype=np.int64) for name, column in run.ledger_columns.items()}
    ledger["instrument"] = ledger["instrument"] - _first(run, book)
    own = ledger["instrument"] >= 0
    return {name: column[own] for name, column in ledger.items()}


def _penalties(run: Run, book: Book) -> dict[str, npt.NDArray[np.int64]]:
    """Give the columns of the ledger for penalties alone: records that took points or held down."""
    ledger = _ledger(run, book)
    most = max(len(part.rules) for part in book.parts)
    holds = np.zeros((len(book.parts), most + 1), dtype=bool)
    for part in book.parts:
        holds[part.number, : len(part.rules)] = [placed.rule.override is not None for placed in part.rules]
    record = ledger["what"] == EVENTS.index("record")
    held = holds[ledger["instrument"], np.where(record, ledger["rule"], most)]
    taken = record & ((ledger["points"] < 0) | ((ledger["points"] == 0) & held))
    return {name: column[taken] for name, column in ledger.items()}


def _counted(columns: dict[str, npt.NDArray[np.int64]], run: Run, book: Book) -> Numbers:
    """Count ledger entries by instrument and behaviour."""
    counts = np.zeros((len(book.parts), len(run.context.behaviours)))
    np.add.at(counts, (columns["instrument"], columns["behaviour"]), 1)
    return counts


def _behind(run: Run, placed: PlacedFeed) -> Numbers:
    """Count the penalties of an instrument that feeds, by the behaviour of their record."""
    ledger = {name: np.asarray(column, dtype=np.int64) for name, column in run.ledger_columns.items()}
    feeder = (placed.feed.rulebook, placed.feed.instrument)
    numbers = [k for k, one in enumerate(run.context.instruments) if (one.rulebook, one.name) == feeder]
    lists = np.array([one.method == "list" for one in run.context.instruments])
    mine = np.isin(ledger["instrument"], numbers) & (ledger["what"] == EVENTS.index("record"))
    mine &= (ledger["points"] < 0) | lists[ledger["instrument"]]
    return np.bincount(ledger["behaviour"][mine], minlength=len(run.context.behaviours)).astype(np.float64)


def _matrix(run: Run, law: Run, book: Book) -> tuple[Listing, str]:
    """Divide what was made worse in a domain among the domains of conduct, as its instruments' penalties divide."""
    penalties = _counted(_penalties(run, book), run, book)
    domains = np.array([[one.domain == domain for domain in DOMAINS] for one in run.context.behaviours])
    bad = [OUTCOMES.index(name) for name in WORSE]
    ours, theirs = (world.counts.outcomes.sum(axis=(0, 1))[:, bad].sum(axis=1) for world in (run, law))
    worse = np.maximum(0, ours - theirs)  # what feeds the book makes worse in both
    matrix = np.zeros((len(DOMAINS), len(DOMAINS)))
    for v, service in enumerate(run.context.services):
        named = np.zeros(len(domains))
        for part in (part for part in book.parts if service.name in part.burdened):
            burdens = [burden.consequence for burden in part.burdens if burden.consequence.service == service.name]
            grades = [grade for burden in burdens for grade in burden.grades]
            named += penalties[part.number]
            for feed in part.fed_into(grades):
                named += _behind(run, feed)
        weights = named @ domains
        if weights.sum() > 0:
            domain = DOMAINS.index(book.parameters.services[service.name].domain)
            matrix[:, domain] += worse[v] * weights / weights.sum()
    years = _years(run)
    rates = (matrix * 1000 / years).round(3).tolist()
    rows: tuple[tuple[Cell, ...], ...] = tuple((name, *rates[d]) for d, name in enumerate(DOMAINS))
    title = "Conduct in a domain, services made worse in a domain: applications per 1,000 person-years"
    note = (
        "Which record led to which refusal is not counted: what was refused, delayed or made dearer in a service is "
        "divided among the domains of conduct in the proportion of the penalties of the instruments that burden it, "
        "and of those that feed them."
    )
    return Listing(title, ("Conduct in", *(f"Services of {name}" for name in DOMAINS)), rows), note


def _wrongful(run: Run, book: Book) -> tuple[Listing, str]:
    kinds = run.counts.wrongful.sum(axis=(0, 1))
    rows = []
    for k, instrument in list(enumerate(run.context.instruments))[_first(run, book) :]:
        total = int(kinds[k].sum())
        for kind, title in KINDS.items():
            number = int(kinds[k, TRUTHS.index(kind)])
            rows.append((instrument.name, title, number, total, ratio(number, total)))
    heads = ("Instrument", "Wrongful, since", "Penalties", "Of all", "Share")
    note = "Each is counted under the first kind that applies; error rates, stale and proportion rest on assumptions."
    return Listing("The six kinds of wrongful penalty", heads, tuple(rows)), note


def _sensors(run: Run) -> tuple[Listing, str]:
    counts, context = run.counts, run.context
    years = _years(run)
    records = counts.records.sum(axis=(0, 1))
    right = records[:, TRUTHS.index("true")] + records[:, TRUTHS.index("stale")]
    acts = counts.acts.sum(axis=(0, 1))[: len(context.behaviours)] @ context.sees
    rows = tuple(
        (
            sensor.name,
            int(records[s].sum()),
            ratio(right[s], records[s].sum()),
            round(float(acts[s])),
            ratio(right[s], acts[s]),
            figure(1000 * acts[s] / years),
        )
        for s, sensor in enumerate(context.sensors)
        if records[s].any()
    )
    heads = ("Sensor", "Records", "Precision", "Acts it may see", "Recall", "Base rate")
    note = (
        "Base rate: acts per 1,000 person-years; precision hangs on it. Records are those that were scored. An act "
        "that another sensor recorded first counts as missed."
    )
    return Listing("Precision and recall by sensor", heads, rows), note


def _instruments(run: Run, book: Book) -> tuple[Listing, str]:
    counts, context = run.counts, run.context
    years = _years(run)
    acts = counts.acts.sum(axis=(0, 1))[: len(context.behaviours)]
    penalties = _penalties(run, book)
    right = np.isin(penalties["truth"], [TRUTHS.index(kind) for kind in MISTAKEN], invert=True)
    every, deserved = (_counted(some, run, book) for some in (penalties, {n: c[right] for n, c in penalties.items()}))
    rows = []
    for part in book.parts:
        named = {name for placed in part.penalties for name in placed.rule.behaviours}
        # What is done in the course of a case is no act, and has none to be missed.
        grounds = context.named(*named) * (acts > 0)
        total, done = every[part.number].sum(), float(acts @ grounds)
        recall, base = (ratio(deserved[part.number] @ grounds, done), figure(1000 * done / years))
        what = part.instrument.method
        share = ratio(deserved[part.number].sum(), total)
        rows.append((part.at, what, int(total), share, round(done), recall if done else MISSING, base))
    heads = ("Instrument", "Method", "Penalties", "Precision", "Acts on its grounds", "Recall", "Base rate")
    note = (
        "Precision: penalties of who did it and could have done otherwise. Recall is of acts of one's own accord: what "
        "is done in the course of a case is none, and is left out of it. Base rate: acts per 1,000 person-years."
    )
    return Listing("Precision and recall by instrument", heads, tuple(rows)), note


def expected_penalties(run: Run, law: Run, penalties: Numbers, first: int = 0) -> tuple[Numbers, Numbers]:
    """Reckon how many penalties each group would have if every act under ordinary law brought as many as on average.

    Parameters
    ----------
    run, law : Run
        The scheme, and the same people under ordinary law alone.
    penalties : ndarray of float64, (behaviours,)
        Penalties by the behaviour of their record, of the panel or of all.
    first : int
        Number of the first instrument that is asked about.

    Returns
    -------
    tuple of ndarray of float64, (groups,)
        Penalties found, and penalties to be expected by conduct under ordinary law; both of all people, the second up
        to a factor that all groups share.
    """
    conduct = law.counts.acts.sum(axis=0)[:, : len(run.context.behaviours)].astype(np.float64)
    # Of what is done in the course of a case only who was judged could do it.
    judged = law.counts.courts[..., COURT_STEPS.index("judged")].sum(axis=0)
    for b, behaviour in enumerate(run.context.behaviours):
        if behaviour.name in FOUND:
            conduct[:, b] = judged
    expected = masks() @ (conduct @ (penalties / np.maximum(1.0, conduct.sum(axis=0))))
    found = masks() @ run.counts.entries[:, :, first:, 0].sum(axis=(0, 2)).astype(np.float64)
    return found, np.asarray(expected, dtype=np.float64)


def _groups(run: Run, law: Run, book: Book) -> tuple[Listing, str]:
    """Compare groups by penalties, as they stand and against what their conduct under ordinary law would bring."""
    first = _first(run, book)
    found, expected = expected_penalties(run, law, _counted(_penalties(run, book), run, book).sum(axis=0), first)
    heads_ = masks() @ run.counts.in_scope[-1][:, first:].max(axis=1).astype(np.float64)
    number = {group.name: n for n, group in enumerate(GROUPS)}
    rows = []
    for one, other in PAIRS:
        a, b = number[one], number[other]
        raw = ratio(found[a] * heads_[b], found[b] * heads_[a])
        equal = ratio(found[a] * expected[b], found[b] * expected[a])
        few = min(heads_[a], heads_[b]) < FEW or min(found[a], found[b]) < FEW_PENALTIES
        pair = f"{GROUPS[a].title} to {GROUPS[b].title[0].lower()}{GROUPS[b].title[1:]}"
        numbers = (round(float(n)) for n in (found[a], found[b], heads_[a], heads_[b]))
        note = "not in scope" if min(heads_[a], heads_[b]) == 0 else "too few" if few else ""
        rows.append((pair, equal, raw, *numbers, note))
    heads = ("Groups", "Equal conduct", "Raw", "Penalties", "Penalties 2", "In scope", "In scope 2", "Note")
    note = (
        "Equal conduct: penalties over those to be expected if every act under ordinary law alone (of debtors, every "
        "judgment) brought as many as on average; raw: penalties per person in scope. No conduct differs by minority "
        "or Party; joint distributions are assumed. Too few people or penalties: chance rules. Not in scope: one of "
        "the two groups, as a whole."
    )
    return Listing("Penalties of one group over those of another", heads, tuple(rows)), note


def _never_out(run: Run, book: Book) -> tuple[Listing, str]:
    """Count who ever stood in the lowest grade, and who of them had not left it when the run ended."""
    ledger, first_of_book = _ledger(run, book), _first(run, book)
    rows = []
    for k, instrument in list(enumerate(run.context.instruments))[first_of_book:]:
        mine = ledger["instrument"] == k - first_of_book
        person, before, after = (ledger[name][mine] for name in ("person", "standing_before", "standing_after"))
        low = np.unique(person[(before == 0) | (after == 0)])
        left = np.unique(person[(before == 0) & (after > 0)])
        # Whoever was there at the start and had no entry since is in no ledger.
        first = np.unique(person, return_index=True)[1]
        silent = int(run.counts.grades[0, :, k, 0].sum()) - int((before[first] == 0).sum())
        ever, never = len(low) + silent, len(low) - len(left) + silent
        scope = int(run.counts.in_scope[-1, :, k].sum())
        rows.append((instrument.name, instrument.grades[0], ever, scope, ratio(ever, scope), never, ratio(never, ever)))
    heads = ("Instrument", "Grade", "Ever in it", "In scope", "Share", "Never out", "Of those ever in")
    note = "Within the run only: who came in late had little time to leave."
    return Listing("Ever in the lowest grade, and never out", heads, tuple(rows)), note


def _years(run: Run) -> float:
    """Give the person-years of a run, by the measures' own denominator."""
    return float(PERSON_YEARS.figure(run.counts, run.context).sum())

"""The cases beside a rulebook, replayed record by record: a few records of one imagined person, never more.

It is a reading of the rules in plain Python, for people who write them. What scores a society is the engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from scorepolis import parameters, rulebooks
from scorepolis.core.errors import InputError
from scorepolis.core.exact import q
from scorepolis.core.yamlfile import read
from scorepolis.report.rulebooks.body_cases import replay_body
from scorepolis.report.rulebooks.firm_cases import replay_firm
from scorepolis.rulebooks.cases import CaseRecord, Cases, load_cases, parse_cases
from scorepolis.rulebooks.schema import (
    BonusMalus,
    CountedFeature,
    Fault,
    Featured,
    RegisteredFeature,
    repaired_as,
)

if TYPE_CHECKING:
    from scorepolis.parameters import Parameters
    from scorepolis.report.rulebooks.firm_cases import Standing
    from scorepolis.rulebooks import BodyInstrument, Case, Expectation, FirmInstrument, Instrument, Rulebook
    from scorepolis.rulebooks.schema import Attribute, InstrumentRule

MOST_RECORDS: Final = 100
"""Records of a case, at most: cases are examples to read, and no door for real records."""
MOST_COUNTED: Final = 15
DAYS_OF_YEAR: Final = 365
POINTS_EXPIRE, WINDOW_ENDS, OVERRIDE_ENDS = range(3)
NEVER: Final = 1_000_000
"""A day that does not come."""


class Outcome(NamedTuple):
    """What a case expects of one instrument, and what came of it."""

    book: str
    case: str
    instrument: str
    expected: str
    found: str

    @property
    def good(self) -> bool:
        """Whether the one is the other."""
        return self.expected == self.found


@dataclass
class Account:
    """The imagined person under one instrument."""

    instrument: Instrument
    fed: list[tuple[Account, str, str]]
    raw: int
    attributes: Mapping[Attribute, int] = field(default_factory=dict)
    due: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Day, what ends, rule, points."""
    counts: Counter[int] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    rules: list[str] = field(default_factory=list)
    years: tuple[int, int] = (0, 0)
    """Years of insurance without a fault, and at the floor."""
    repairs: list[tuple[int, tuple[tuple[int, int, int, int], ...]]] = field(default_factory=list)
    """Day, and what ends on it that would end later by itself, or never."""
    other: Account | None = None
    """Another member of the household, if anything was recorded of one."""

    def end(self, day: int) -> None:
        """Let run out what is due on a day."""
        if self.other:
            self.other.end(day)
        for _, what, number, points in sorted(entry for entry in self.due if entry[0] == day):
            self._run_out(what, number, points)

    def _run_out(self, what: int, number: int, points: int) -> None:
        override = self.instrument.rules[number].override
        if what == POINTS_EXPIRE:
            self.raw -= points
        elif what == WINDOW_ENDS:
            self.counts[number] -= 1
        elif override is not None:
            self.held[override.grade] -= 1

    def repair(self, day: int) -> None:
        """End early what repair was granted of on a day."""
        for entry in (one for on, entries in self.repairs if on == day for one in entries):
            if entry in self.due and entry[0] > day:
                self.due.remove(entry)
                self._run_out(*entry[1:])

    def enter(self, record: CaseRecord) -> None:
        """Score a record under the rule that takes it, if one does; of another member, what the rule shares."""
        number = self._taking(record)
        if number is None:
            return
        if record.member:
            self._echo(record, number)
            return
        rule: InstrumentRule = self.instrument.rules[number]
        counted = rule if isinstance(rule, CountedFeature) else rule.repeat or rule.cap
        known = len(self.due)
        points, earlier = int(rule.points.exact), self.counts[number]
        if rule.repeat:
            points *= min(int(rule.repeat.most.exact), 1 + int(rule.repeat.step.exact) * earlier)
        if rule.cap and earlier >= rule.cap.most.exact:
            points = 0
        elif counted and earlier < MOST_COUNTED:
            self.counts[number] += 1
            self.due.append((record.day + int(counted.window.exact), WINDOW_ENDS, number, 0))
        if isinstance(rule, Fault):
            self.counts[number] += earlier < MOST_COUNTED
        elif not isinstance(rule, CountedFeature):  # which is reckoned from the count
            self.raw += points
        if points and not isinstance(rule, CountedFeature | Fault):
            ends = record.day + int(rule.expires.exact) if rule.expires else NEVER
            self.due.append((ends, POINTS_EXPIRE, number, points))
        if rule.override:
            self.held[rule.override.grade] += 1
            ends = record.day + int(rule.override.term.exact) if rule.override.term else NEVER
            self.due.append((ends, OVERRIDE_ENDS, number, 0))
        self._grant(record, rule, self.due[known:])
        self.rules.append(rule.id)

    def _grant(self, record: CaseRecord, rule: InstrumentRule, entered: list[tuple[int, int, int, int]]) -> None:
        """Note the repair of what a record entered, if it comes when the rules allow it."""
        known, repair = repaired_as(self.instrument, rule), self.instrument.repair
        if record.repaired is None or known is None or repair is None:
            return
        if record.repaired - record.day >= known.after.exact + repair.days.exact:
            windows = isinstance(rule, CountedFeature)
            kept = tuple(entry for entry in entered if windows or entry[1] != WINDOW_ENDS)
            self.repairs.append((record.repaired, kept))

    def _echo(self, record: CaseRecord, number: int) -> None:
        """Score another member's record, and enter what is shared of it."""
        rule: InstrumentRule = self.instrument.rules[number]
        if rule.shared is None:
            return
        if self.other is None:
            self.other = Account(self.instrument, [], 0)
        before = self.other.raw
        self.other.enter(record.with_(member=False))
        entered = self.other.raw - before
        size = q(0, abs(entered) * rule.shared.share.exact)
        points = size if entered > 0 else -size
        self.raw += points
        if points and rule.expires:
            self.due.append((record.day + int(rule.expires.exact), POINTS_EXPIRE, number, points))
        self.rules.append(rule.id)

    def close_year(self) -> None:
        """End a year of insurance, if this is one: as many days after the last."""
        if isinstance(self.instrument, BonusMalus):
            faults = [self.counts[number] for number in range(len(self.instrument.faults))]
            coefficient, *years = self.instrument.after_year(-self.raw, *self.years, faults)
            self.raw, self.years = -coefficient, (years[0], years[1])
            self.counts.clear()

    def _taking(self, record: CaseRecord) -> int | None:
        """Find the rule of a record: one for this very sensor, else one for all."""
        if record.sensor not in self.instrument.reach:
            return None
        rules = [(n, rule.by) for n, rule in enumerate(self.instrument.rules) if record.behaviour in rule.behaviours]
        own = [number for number, by in rules if by and record.sensor in by]
        return next(iter(own + [number for number, by in rules if not by]), None)

    @property
    def score(self) -> int:
        """The points, kept within the range; a score of features as it would be reckoned today."""
        bounds = self.instrument.range
        if isinstance(self.instrument, Featured):
            return self.instrument.reckoned(self._values(self.instrument))
        return min(max(self.raw, int(bounds.lowest.exact)), int(bounds.highest.exact))

    def _values(self, instrument: Featured) -> list[int]:
        """Give the values of all features."""
        return [
            self.attributes[feature.attribute] if isinstance(feature, RegisteredFeature) else self.counts[number]
            for number, (feature, _) in enumerate(instrument.features)
        ]

    @property
    def grade(self) -> str:
        """The grade by points, or the lowest that one is held down to."""
        rank = self.instrument.grade_names.index
        own = next(g.grade for g in self.instrument.grades if g.lowest.exact <= self.score <= g.highest.exact)
        fed = [
            down
            for other, grade, down in self.fed
            if other.instrument.grade_names.index(other.grade) <= other.instrument.grade_names.index(grade)
        ]
        return min([own, *fed, *(grade for grade, count in self.held.items() if count)], key=rank)


def replay(book: Rulebook, case: Case, known: Parameters) -> dict[str, Account]:
    """Enter the records of a case, day by day.

    Parameters
    ----------
    book : Rulebook
        The rulebook.
    case : Case
        At most 100 records of one imagined person, by relative days.
    known : Parameters
        Behaviours and sensors, whose order decides within a day.

    Returns
    -------
    dict of str to Account
        What stands under each instrument on the day of the expectation.

    Raises
    ------
    InputError
        If the case has more records.
    """
    if len(case.records) > MOST_RECORDS:
        raise InputError(
            f"the case '{case.name[:60]}' has {len(case.records)} records", expected=f"{MOST_RECORDS} at most"
        )
    behaviours, sensors = list(known.behaviours), list(known.sensors)
    accounts: dict[str, Account] = {}
    for instrument in book.instruments:
        feeds = [feed for feed in instrument.fed_by if feed.rulebook == book.name and feed.instrument in accounts]
        fed = [(accounts[feed.instrument], feed.grade, feed.override) for feed in feeds]
        accounts[instrument.id] = Account(instrument, fed, int(instrument.start.exact), case.attributes)
    records = sorted(case.records, key=lambda r: (r.day, behaviours.index(r.behaviour), sensors.index(r.sensor)))
    for day in range(case.day + 1):
        for account in accounts.values():
            account.end(day)
            for record in records:
                if record.day == day:
                    account.enter(record)
            account.repair(day)
            if day % DAYS_OF_YEAR == DAYS_OF_YEAR - 1:
                account.close_year()
    return accounts


@dataclass(frozen=True)
class Report:
    """What came of the cases of a rulebook, and which of its rules none of them reaches."""

    book: str
    outcomes: tuple[Outcome, ...]
    unreached: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether all came out as expected."""
        return all(outcome.good for outcome in self.outcomes)

    def lines(self) -> Iterator[str]:
        """Tell it: a sentence, then each case that came out otherwise, then the rules without a case."""
        right = sum(outcome.good for outcome in self.outcomes)
        yield f"{self.book}: {right} of {len(self.outcomes)} expectations hold"
        for outcome in self.outcomes:
            if not outcome.good:
                yield f"  {outcome.case}, {outcome.instrument}: expected {outcome.expected}; found {outcome.found}"
        if self.unreached:
            yield f"  no case reaches {', '.join(self.unreached)}"

    def to_json(self) -> dict[str, object]:
        """Give it as plain data."""
        cases = [{**outcome._asdict(), "good": outcome.good} for outcome in self.outcomes]
        return {"rulebook": self.book, "good": self.good, "cases": cases, "unreached": list(self.unreached)}


def report(name_or_path: str) -> Report:
    """Replay the cases beside a rulebook.

    Parameters
    ----------
    name_or_path : str
        Name of a rulebook of the library, or a file; its cases stand beside it, in `NAME.cases.yaml`.

    Returns
    -------
    Report
        What came of them.

    Raises
    ------
    InputError
        If rulebook or cases are missing or wrong.
    """
    known = parameters.load()
    book = rulebooks.load(name_or_path, known)
    cases = _cases(name_or_path, book, known)
    return Report(book.name, tuple(_outcomes(book, cases, known)), rulebooks.unreached(book, cases))


def _cases(name_or_path: str, book: Rulebook, known: Parameters) -> Cases:
    if name_or_path in rulebooks.names():
        return load_cases(book, known)
    path = Path(name_or_path)
    return parse_cases(read(path.with_name(f"{path.stem}.cases.yaml")), book, known)


def _outcomes(book: Rulebook, cases: Cases, known: Parameters) -> Iterator[Outcome]:
    for case in cases.cases:
        if case.is_of_body(book):
            yield from _of_others(book, case, case.body_expectations(book), replay_body(case, book, known))
            continue
        if case.is_of_firm(book):
            yield from _of_others(book, case, case.firm_expectations(book), replay_firm(case, book, known))
            continue
        accounts = replay(book, case, known)
        for instrument, expected in case.expectations(book):
            account = accounts[instrument.id]
            score = None if expected.score is None else account.score
            yield Outcome(
                book.name,
                case.name,
                instrument.id,
                _said(expected.score, expected.grade, expected.rules),
                _said(score, account.grade, tuple(account.rules)),
            )


def _of_others(
    book: Rulebook,
    case: Case,
    expectations: Iterable[tuple[FirmInstrument | BodyInstrument, Expectation]],
    found: Mapping[str, Standing],
) -> Iterator[Outcome]:
    for instrument, expected in expectations:
        said = _said(expected.score, expected.grade, expected.rules)
        yield Outcome(book.name, case.name, instrument.id, said, _said(*found[instrument.id]))


def _said(score: int | None, grade: str, rules: tuple[str, ...]) -> str:
    number = "" if score is None else f"{score} points, "
    return f"{number}{grade}, by {', '.join(rules) or 'no rule'}"

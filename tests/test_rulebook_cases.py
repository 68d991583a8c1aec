"""The cases beside each rulebook, replayed record by record from the words of the rules, without any compiled table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor, log, log2

import pytest

from scorepolis import parameters, rulebooks
from scorepolis.core.errors import InputError
from scorepolis.core.yamlfile import read_text
from scorepolis.rulebooks.cases import CaseRecord, parse_cases

PARAMETERS = parameters.load()
RECKONED = ("weighted", "scorecard", "rank", "bonus_malus")
BEHAVIOURS, SENSORS = tuple(PARAMETERS.behaviours), tuple(PARAMETERS.sensors)


@dataclass
class Replay:
    """One person under one instrument: points and windows that are due to end, and what was scored."""

    instrument: rulebooks.Instrument
    feeders: list[tuple[Replay, str, str]]  # the other instrument, its grade or lower, the grade one is held down to
    raw: int
    attributes: dict[str, int]
    due: list[tuple[int, int, int, int]] = field(default_factory=list)  # day, what, rule, points
    counts: Counter[int] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    rules: list[str] = field(default_factory=list)
    free: int = 0
    top: int = 0
    let_off: list[tuple[int, int, int, int]] = field(default_factory=list)  # day, of which day, rule, points

    def repair(self, day: int) -> None:
        """Give back what an entry took, as far as it has not come back by itself."""
        for _, entered, number, points in [one for one in self.let_off if one[0] == day]:
            rule, age = self.instrument.rules[number], day - entered
            if self.instrument.method in RECKONED:
                if age < rule.window.value:
                    self.counts[number] -= 1
                    self.due.remove((entered + int(rule.window.value), 1, number, 0))
                continue
            if points and (rule.expires is None or age < rule.expires.value):
                self.raw -= points
                if rule.expires:
                    self.due.remove((entered + int(rule.expires.value), 0, number, points))
            if rule.override and (rule.override.term is None or age < rule.override.term.value):
                self.held[rule.override.grade] -= 1
                if rule.override.term:
                    self.due.remove((entered + int(rule.override.term.value), 2, number, 0))

    def close(self, day: int) -> None:
        for entry in sorted(entry for entry in self.due if entry[0] == day):
            _, what, number, points = entry
            override = self.instrument.rules[number].override
            if what == 0:
                self.raw -= points
            elif what == 1:
                self.counts[number] -= 1
            else:
                assert override is not None
                self.held[override.grade] -= 1

    def taking(self, record: CaseRecord) -> int | None:
        """The rule of the record: one for this very sensor, else one for all."""
        rules = [(n, rule.by) for n, rule in enumerate(self.instrument.rules) if record.behaviour in rule.behaviours]
        own = [number for number, by in rules if by and record.sensor in by]
        of_all = [number for number, by in rules if not by]
        return next(iter(own + of_all), None) if record.sensor in self.instrument.reach else None

    def record(self, day: int, record: CaseRecord) -> None:
        number = self.taking(record)
        if number is None:
            return
        rule = self.instrument.rules[number]
        reckoned = self.instrument.method in RECKONED
        points, earlier = int(rule.points.value), self.counts[number]
        counted = rule if reckoned else rule.repeat or rule.cap
        if rule.repeat:
            points *= min(int(rule.repeat.most.value), 1 + int(rule.repeat.step.value) * earlier)
        if rule.cap and earlier >= rule.cap.most.value:
            points = 0
        elif counted and earlier < 15:
            self.counts[number] += 1
            if self.instrument.method != "bonus_malus":  # whose faults count until the year ends
                self.due.append((day + int(counted.window.value), 1, number, 0))
        self.raw += 0 if reckoned else points
        if points and rule.expires:
            self.due.append((day + int(rule.expires.value), 0, number, points))
        if rule.override:
            self.held[rule.override.grade] += 1
            if rule.override.term:
                self.due.append((day + int(rule.override.term.value), 2, number, 0))
        self.rules.append(rule.id)
        known = getattr(self.instrument.repair, rule.severity or "", None)
        if record.repaired is not None and known is not None:
            soonest = day + int(known.after.value) + int(self.instrument.repair.days.value)
            if record.repaired >= soonest:
                self.let_off.append((record.repaired, day, number, points))

    def close_year(self) -> None:
        """The rules of a coefficient, in hundredths: cut after each step, spared, or brought back to the start."""
        i, faults = self.instrument, sum(self.counts.values())
        floor_, cap, start = -i.range.highest.value, -i.range.lowest.value, -i.start.value
        coefficient = -self.raw
        if faults == 0:
            self.top = self.top + 1 if coefficient == floor_ else 0
            coefficient, self.free = max(floor_, floor(coefficient * i.claim_free.exact)), self.free + 1
            if i.returns and self.free >= i.returns.value:
                coefficient = min(coefficient, start)
        else:
            spared = 1 if i.protected and self.top >= i.protected.value else 0
            each = [rule.factor.exact for number, rule in enumerate(i.faults) for _ in range(self.counts[number])]
            for factor in each[spared:]:
                coefficient = min(cap, floor(coefficient * factor))
            self.free = self.top = 0
        self.raw, self.counts = -coefficient, Counter()

    @property
    def log_odds(self) -> float:
        i, counts = self.instrument, iter(range(8))
        total = float(i.intercept.value)
        for feature in (*i.records, *i.attributes):
            value = self.attributes[feature.attribute] if hasattr(feature, "attribute") else self.counts[next(counts)]
            total += feature.coefficient.value * (
                min(max(value, feature.least.value), feature.most.value) - feature.least.value
            )
        return total

    @property
    def score(self) -> int:
        lowest, highest = (int(end.value) for end in (self.instrument.range.lowest, self.instrument.range.highest))
        if self.instrument.method == "weighted":
            return floor(
                self.reckoned(lowest, highest, [d.weight.exact for d in self.instrument.dimensions]) + Fraction(1, 2)
            )
        if self.instrument.method == "rank":  # among 1001 peers, one at each merit
            weights = [d.weights[0].exact for d in self.instrument.dimensions]
            merit = floor(self.reckoned(0, 1000, weights) + Fraction(1, 2))
            return lowest + floor((highest - lowest) * Fraction(2 * merit + 1, 2 * 1001))
        if self.instrument.method == "scorecard":
            scale = self.instrument.scale
            told = scale.score.value + scale.double.value * (self.log_odds / log(2) - log2(scale.odds.value))
            return min(max(floor(told + 0.5), lowest), highest)
        return min(max(self.raw, int(self.instrument.range.lowest.value)), int(self.instrument.range.highest.value))

    def reckoned(self, lowest: int, highest: int, weights: list[Fraction]) -> Fraction:
        """The lowest score, and from every feature its share of the range: plain fractions, feature by feature."""
        dimensions, counts = self.instrument.dimensions, iter(range(8))
        score = Fraction(lowest)
        for dimension, weight in zip(dimensions, weights, strict=True):
            features = [*dimension.records, *dimension.attributes]
            for feature in features:
                by_register = hasattr(feature, "attribute")
                value = self.attributes[feature.attribute] if by_register else self.counts[next(counts)]
                worst, best = feature.worst.exact, feature.best.exact
                share = min(max((value - worst) / (best - worst), 0), 1)
                share *= feature.weight.exact / sum(other.weight.exact for other in features)
                score += (highest - lowest) * share * weight / sum(weights)
        return score

    @property
    def grade(self) -> str:
        names = self.instrument.grade_names
        own = next(g.grade for g in self.instrument.grades if g.lowest.value <= self.score <= g.highest.value)
        fed = [
            down
            for other, grade, down in self.feeders
            if other.instrument.grade_names.index(other.grade) <= other.instrument.grade_names.index(grade)
        ]
        return min([own, *fed, *(grade for grade, count in self.held.items() if count)], key=names.index)


def replay(
    books: list[rulebooks.Rulebook],
    records: tuple[CaseRecord, ...],
    until: int,
    attributes: dict[str, int] | None = None,
) -> dict[str, Replay]:
    """One person under all instruments of some books in order, by `book.instrument`."""
    people: dict[str, Replay] = {}
    for book in books:
        for instrument in book.instruments:
            feeds = [(f"{feed.rulebook}.{feed.instrument}", feed) for feed in instrument.fed_by]
            feeders = [(people[name], feed.grade, feed.override) for name, feed in feeds if name in people]
            people[f"{book.name}.{instrument.id}"] = Replay(
                instrument, feeders, int(instrument.start.value), attributes or {}
            )
    for day in range(until + 1):
        today = [r for r in records if r.day == day]
        today.sort(key=lambda r: (BEHAVIOURS.index(r.behaviour), SENSORS.index(r.sensor)))
        for person in people.values():
            person.close(day)
            for record in today:
                person.record(day, record)
            person.repair(day)
            if person.instrument.method == "bonus_malus" and day % 365 == 364:
                person.close_year()
    return people


CASES = [
    pytest.param(book, instrument, case, expected, id=f"{name}: {case.name}: {instrument.id}")
    for name in rulebooks.names()
    for book in [rulebooks.load(name, PARAMETERS)]
    for case in rulebooks.load_cases(book, PARAMETERS).cases
    for instrument, expected in case.expectations(book)
]


@pytest.mark.parametrize(("book", "instrument", "case", "expected"), CASES)
def test_case(book, instrument, case, expected):
    person = replay([book], case.records, case.day, case.attributes)[f"{book.name}.{instrument.id}"]
    score = None if instrument.method == "list" else person.score
    assert (score, person.grade, tuple(person.rules)) == (expected.score, expected.grade, expected.rules)


def listed(day: int, behaviour: str) -> tuple[CaseRecord, ...]:
    return (CaseRecord(day=day, behaviour=behaviour, sensor="court"),)


@pytest.mark.parametrize(
    ("behaviour", "day", "grade"),
    [
        ("ignoring_judgment", 3650, "D"),  # until performance
        ("hiding_assets", 729, "D"),
        ("hiding_assets", 730, "A"),  # with the term the points are free again
        ("unfulfilled_judgment", 0, "A"),  # found unable: not listed
    ],
)
def test_the_list_of_2017_holds_the_points_of_rongcheng_down(behaviour, day, grade):
    fed, feeder = (rulebooks.load(name, PARAMETERS) for name in ("rongcheng-2019", "defaulter-list-2017"))
    records = listed(0, behaviour)
    assert replay([feeder, fed], records, day)["rongcheng-2019.points"].grade == grade
    # Behind the points, or not in the run, the list feeds nothing.
    assert replay([fed, feeder], records, day)["rongcheng-2019.points"].grade == "A"
    assert replay([fed], records, day)["rongcheng-2019.points"].grade == "A"


def test_unable_debtors_under_the_restrictions():
    """Until 2024 they stay restricted until they perform; then for half a year."""
    books = [rulebooks.load(f"spending-restriction-{year}", PARAMETERS) for year in (2013, 2017, 2020, 2024)]
    standings = replay(books, listed(0, "unfulfilled_judgment"), 180)
    assert [person.grade for person in standings.values()] == ["listed", "listed", "listed", "clear"]


@pytest.mark.parametrize("name", rulebooks.names())
def test_every_rule_is_reached_by_a_case(name):
    book = rulebooks.load(name, PARAMETERS)
    assert rulebooks.unreached(book, rulebooks.load_cases(book, PARAMETERS)) == ()


def _rules(case: rulebooks.Case) -> set[str]:
    return {rule for expectation in case.expect.values() for rule in expectation.rules}


def test_an_unreached_rule_is_reported():
    book = rulebooks.load("teaching-town", PARAMETERS)
    cases = rulebooks.load_cases(book, PARAMETERS)
    some = cases.with_(cases=tuple(case for case in cases.cases if "T15" not in _rules(case)))
    assert rulebooks.unreached(book, some) == ("points.T15",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("theft", "thefts", ["6:", "unknown behaviour 'thefts'", "'theft'"]),
        ("court", "courts", ["6:", "unknown sensor 'courts'", "'court'"]),
        ("court", "tax_office", ["6:", "the sensor 'tax_office' does not see 'theft'"]),
        ("theft, sensor: court", "late_loan_payment, sensor: utility", ["6:", "one that does: bank, court"]),
        ("grade: C", "grade: X", ["7:", "unknown grade 'X'"]),
        ("T09", "T99", ["7:", "unknown rule 'T99'"]),
        ("rulebook: teaching-town", "rulebook: other", ["2:", "'other'", "'teaching-town'"]),
        ("day: 0", "day: -1", ["6:"]),
        ("expect:", "expected:", ["7:", "'expected'", "'expect'"]),
        ("points: {score: 70", "point: {score: 70", ["7:", "unknown instrument 'point'", "'points'"]),
        ("{points: {score: 70, grade: C, rules: [T09]}}", "{score: 70, grade: C, rules: []}", ["unknown instrument"]),
        ("score: 70, ", "", ["7:", "a score is expected of points"]),
        ("points: {score: 70, grade: C, rules: [T09]}", "teaching-list: {score: 1, grade: clear, rules: []}", ["7:"]),
    ],
)
def test_broken_cases_are_refused(old, new, words):
    text = (
        "version: 1\nrulebook: teaching-town\ncases:\n  - name: one theft\n    records:\n"
        "      - {day: 0, behaviour: theft, sensor: court}\n"
        "    expect: {points: {score: 70, grade: C, rules: [T09]}}\n"
    )
    book = rulebooks.load("teaching-town", PARAMETERS)
    assert parse_cases(read_text(text, "x.cases.yaml"), book, PARAMETERS).cases[0].day == 0
    with pytest.raises(InputError) as caught:
        parse_cases(read_text(text.replace(old, new), "x.cases.yaml"), book, PARAMETERS)
    for word in words:
        assert word in str(caught.value)

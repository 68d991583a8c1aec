"""The cases beside each rulebook, replayed record by record from the words of the rules, without any compiled table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from scorepolis import parameters, rulebooks
from scorepolis.core.errors import InputError
from scorepolis.core.yamlfile import read_text
from scorepolis.rulebooks.cases import parse_cases

PARAMETERS = parameters.load()
BEHAVIOURS, SENSORS = tuple(PARAMETERS.behaviours), tuple(PARAMETERS.sensors)


@dataclass
class Replay:
    """One person under one instrument: points and windows that are due to end, and what was scored."""

    instrument: rulebooks.Instrument
    raw: int
    due: list[tuple[int, int, int, int]] = field(default_factory=list)  # day, what, rule, points
    counts: Counter[int] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    rules: list[str] = field(default_factory=list)

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

    def record(self, day: int, behaviour: str) -> None:
        for number, rule in enumerate(self.instrument.rules):
            if behaviour not in rule.behaviours:
                continue
            points, earlier, counted = int(rule.points.value), self.counts[number], rule.repeat or rule.cap
            if rule.repeat:
                points *= min(int(rule.repeat.most.value), 1 + int(rule.repeat.step.value) * earlier)
            if rule.cap and earlier >= rule.cap.most.value:
                points = 0
            elif counted and earlier < 15:
                self.counts[number] += 1
                self.due.append((day + int(counted.window.value), 1, number, 0))
            self.raw += points
            if points and rule.expires:
                self.due.append((day + int(rule.expires.value), 0, number, points))
            if rule.override:
                self.held[rule.override.grade] += 1
                self.due.append((day + int(rule.override.term.value), 2, number, 0))
            self.rules.append(rule.id)

    @property
    def score(self) -> int:
        return min(max(self.raw, int(self.instrument.range.lowest.value)), int(self.instrument.range.highest.value))

    @property
    def grade(self) -> str:
        names = self.instrument.grade_names
        own = next(g.grade for g in self.instrument.grades if g.lowest.value <= self.score <= g.highest.value)
        return min([own, *(grade for grade, count in self.held.items() if count)], key=names.index)


def replay(instrument: rulebooks.Instrument, case: rulebooks.Case) -> Replay:
    person = Replay(instrument, int(instrument.start.value))
    rule_of = {behaviour: number for number, rule in enumerate(instrument.rules) for behaviour in rule.behaviours}
    records = [r for r in case.records if r.sensor in instrument.reach and r.behaviour in rule_of]
    for day in range(case.day + 1):
        person.close(day)
        today = [r for r in records if r.day == day]
        for record in sorted(today, key=lambda r: (BEHAVIOURS.index(r.behaviour), SENSORS.index(r.sensor))):
            person.record(day, record.behaviour)
    return person


CASES = [
    pytest.param(book, instrument, case, expected, id=f"{name}: {case.name}")
    for name in rulebooks.names()
    for book in [rulebooks.load(name, PARAMETERS)]
    for case in rulebooks.load_cases(book, PARAMETERS).cases
    for instrument, expected in case.expectations(book)
]


@pytest.mark.parametrize(("book", "instrument", "case", "expected"), CASES)
def test_case(book, instrument, case, expected):
    person = replay(instrument, case)
    assert (person.score, person.grade, tuple(person.rules)) == (expected.score, expected.grade, expected.rules)


@pytest.mark.parametrize("name", rulebooks.names())
def test_every_rule_is_reached_by_a_case(name):
    book = rulebooks.load(name, PARAMETERS)
    assert rulebooks.unreached(book, rulebooks.load_cases(book, PARAMETERS)) == ()


def test_an_unreached_rule_is_reported():
    book = rulebooks.load("teaching-town", PARAMETERS)
    cases = rulebooks.load_cases(book, PARAMETERS)
    some = cases.with_(cases=tuple(case for case in cases.cases if "T15" not in case.expect[""].rules))
    assert rulebooks.unreached(book, some) == ("points.T15",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("theft", "thefts", ["6:", "unknown behaviour 'thefts'", "'theft'"]),
        ("court", "courts", ["6:", "unknown sensor 'courts'", "'court'"]),
        ("court", "tax_office", ["6:", "the sensor 'tax_office' does not see 'theft'"]),
        ("grade: C", "grade: X", ["7:", "unknown grade 'X'"]),
        ("T09", "T99", ["7:", "unknown rule 'T99'"]),
        ("rulebook: teaching-town", "rulebook: other", ["2:", "'other'", "'teaching-town'"]),
        ("day: 0", "day: -1", ["6:"]),
        ("expect:", "expected:", ["7:", "'expected'", "'expect'"]),
    ],
)
def test_broken_cases_are_refused(old, new, words):
    text = (
        "version: 1\nrulebook: teaching-town\ncases:\n  - name: one theft\n    records:\n"
        "      - {day: 0, behaviour: theft, sensor: court}\n"
        "    expect: {score: 70, grade: C, rules: [T09]}\n"
    )
    book = rulebooks.load("teaching-town", PARAMETERS)
    assert parse_cases(read_text(text, "x.cases.yaml"), book, PARAMETERS).cases[0].day == 0
    with pytest.raises(InputError) as caught:
        parse_cases(read_text(text.replace(old, new), "x.cases.yaml"), book, PARAMETERS)
    for word in words:
        assert word in str(caught.value)

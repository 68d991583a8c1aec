"""Section 9: the agenda, the standing of people, and the ledger."""

from dataclasses import dataclass

from .agenda import (
    CORRECTION,
    EXIT,
    FED,
    OVERRIDE_BACK,
    OVERRIDE_ENDS,
    POINTS_EXPIRE,
    RECORD,
    REPAIR,
    SHARED,
    WINDOW_ENDS,
    Item,
)
from .court import EXITS, STALE_EXITS
from .repair import MAY_ASK
from .society import Person
from .tables import STALE, TRUE

NOTHING = Item(0, 0)  # behind an entry that rests on no item of the agenda


@dataclass(slots=True)
class Entry:
    """A line of the ledger."""

    person: Person
    day: int
    what: int
    instrument: int  # among those in force where the person lives
    rule: int
    behaviour: int
    sensor: int
    points: int
    score_before: int
    score_after: int
    standing_before: int
    standing_after: int
    kind: int = 0
    doer: int = 0
    upheld: bool = False  # an appeal against it

    @property
    def number(self):
        """The instrument's number in the run."""
        return self.person.region.numbers[self.instrument]

    def line(self):
        return (
            self.person.slot, self.day, self.what, self.number, self.rule, self.behaviour, self.sensor,
            self.points, self.score_before, self.score_after, self.standing_before, self.standing_after,
            self.kind, self.doer,
        )  # fmt: skip


def score(world, day, todays):
    """The day's agenda; returns the ledger entries."""
    scoring = Scoring(world, day)
    for item in sorted(world.diary.take(day) + todays):
        scoring.work(item, world.society.people[item.number])
    scoring.share()
    return scoring.entries


def stood(instrument, item):
    """How long an entry had stood that is corrected or repaired, days."""
    return instrument.appeal.days if item.what == CORRECTION else instrument.repair.over(item.rule, item.sensor)


class Scoring:
    """The working through of one day's agenda."""

    def __init__(self, world, day):
        self.day, self.diary, self.month = day, world.diary, world.month
        self.entries = []
        self.to_share = []  # entries, their items, and for how long what is undone by them had stood

    def work(self, item, person):
        if item.what == RECORD:
            self.month.records[item.sensor][item.kind] += 1
            self.record(item, person)
        elif item.what == EXIT:
            self.leave_lists(item, person)
        elif item.what != REPAIR or item.behaviour != MAY_ASK:
            instrument, account = person.instruments[item.instrument], person.accounts[item.instrument]
            rule = instrument.rules[item.rule]
            before, points = self.look(person, instrument), item.points
            if item.what == WINDOW_ENDS:
                account.counters[rule.counter] = max(0, account.counters[rule.counter] - 1)
                return
            if item.what == POINTS_EXPIRE and rule.reckoned:
                account.counters[rule.counter] = min(15, account.counters[rule.counter] + 1)
                return
            if item.what == OVERRIDE_BACK:
                account.overrides[rule.nibble] += 1
                return
            if item.what == POINTS_EXPIRE:
                account.earn(-points)
            elif item.what == OVERRIDE_ENDS:
                account.drop(rule.nibble)
            elif item.what in (CORRECTION, REPAIR):
                since = stood(instrument, item)
                points = self.undo(item, person, instrument, rule, since)
                item = item._replace(behaviour=0, sensor=0)
            entry = self.enter(item.what, person, instrument, before, rule.number, -points, item)
            if item.what in (CORRECTION, REPAIR):
                self.to_share.append((entry, item, since))

    def look(self, person, instrument):
        """What there is before something changes under an instrument: the score, and the standings under all."""
        return person.accounts[instrument.number].score(instrument), [each.standing for each in person.accounts]

    def enter(self, what, person, instrument, before, rule=0, points=0, item=NOTHING):
        """Renew the standing after a change, enter it, and see to those that it feeds."""
        k, (score, standings) = instrument.number, before
        account = person.accounts[k]
        account.renew(instrument)
        entry = Entry(
            person, self.day, what, k, rule, item.behaviour, item.sensor, points,
            score, account.score(instrument), standings[k], account.standing, item.kind, item.doer,
        )  # fmt: skip
        self.entries.append(entry)
        for fed in person.instruments[k + 1 :]:
            self.feed(person, k, fed, standings)
        return entry

    def feed(self, person, k, fed, standings):
        """What a new standing under k (and under those that k feeds) means for one of the instruments behind it."""
        account, moved = person.accounts[fed.number], False
        if not account.in_scope:
            return
        for feed in fed.feeds:
            if feed.source >= k:
                held = standings[feed.source] <= feed.grade
                holds = person.accounts[feed.source].standing <= feed.grade
                if holds and not held and account.overrides[feed.nibble] < 15:
                    account.overrides[feed.nibble] += 1
                    moved = True
                if held and not holds:
                    moved |= account.drop(feed.nibble)
        if moved:
            score, standing = account.score(fed), account.standing
            account.renew(fed)
            self.entries.append(
                Entry(person, self.day, FED, fed.number, 0, 0, 0, 0, score, score, standing, account.standing)
            )

    def record(self, item, person):
        """A record, under every instrument that it reaches."""
        for instrument, table in zip(person.instruments, person.tables.instruments, strict=True):
            rule = instrument.rule_for(item.behaviour, item.sensor)
            if table.reaches[item.sensor] and person.accounts[instrument.number].in_scope and rule is not None:
                before = self.look(person, instrument)
                points = self.apply(person, instrument, rule)
                entry = self.enter(RECORD, person, instrument, before, rule.number, points, item)
                if entry.kind == TRUE:
                    entry.kind = table.ground[rule.number, item.behaviour]
                self.month.count_entry(entry, rule)
                self.to_share.append((entry, item, 0))

    def apply(self, person, instrument, rule):
        """One record under one rule; returns the points."""
        account, k = person.accounts[instrument.number], instrument.number
        points, capped = rule.points, False
        if rule.counter is not None:
            c = account.counters[rule.counter]
            if rule.reckoned:
                points = rule.steps[c]
            elif rule.kind == "repeat":
                points *= min(rule.most, 1 + rule.step * c)
            elif c >= rule.most:
                points, capped = 0, True
            if c < 15 and not capped:
                account.counters[rule.counter] += 1
                if rule.window:
                    self.diary.end(self.day + rule.window, person, WINDOW_ENDS, k, rule)
        if not rule.reckoned:
            account.earn(points)
        if points != 0 and rule.expires is not None:
            self.diary.end(self.day + rule.expires, person, POINTS_EXPIRE, k, rule, points)
        if rule.grade is not None and account.overrides[rule.nibble] < 14:
            account.overrides[rule.nibble] += 1
            if rule.term is not None:
                self.diary.end(self.day + rule.term, person, OVERRIDE_ENDS, k, rule)
        if points < 0 or rule.grade is not None:
            account.marks |= 4
        if points > 0:
            account.marks |= 16
        return points

    def share(self):
        """What today's records, corrections and repairs enter for the others of the household."""
        for entry, item, since in self.to_share:
            person, k = entry.person, entry.instrument
            instrument, rule = person.instruments[k], person.instruments[k].rules[entry.rule]
            points = rule.echo(entry.points)
            if points == 0:
                continue
            for other in person.home:
                account = other.accounts[k]
                if other is person or not account.in_scope:
                    continue
                before = self.look(other, instrument)
                account.earn(points)
                if rule.expires is not None:
                    self.diary.end(self.day + rule.expires - since, other, POINTS_EXPIRE, k, rule, points)
                if item.what == RECORD:
                    account.marks |= 4 if points < 0 else 16
                    self.month.shared[entry.number][points > 0] += 1
                self.enter(SHARED, other, instrument, before, rule.number, points, item)

    def leave_lists(self, item, person):
        """The end of all listings that last until performance."""
        left = False
        for instrument in person.instruments:
            account = person.accounts[instrument.number]
            if instrument.is_list and account.in_scope and account.overrides[0] > 0:
                before = self.look(person, instrument)
                account.overrides[0] = 0
                self.enter(EXIT, person, instrument, before, item=item)
                left = True
        if left:
            self.month.courts[STALE_EXITS if item.kind == STALE else EXITS] += 1

    def undo(self, item, person, instrument, rule, since):
        """Undo what is in force of an entry after so many days, and the ends due to it; returns the points undone."""
        account, k = person.accounts[instrument.number], instrument.number
        if rule.reckoned:
            of_the_year = rule.window == 0
            if account.counters[rule.counter] == 0 or not (of_the_year or rule.window > since):
                return 0
            account.counters[rule.counter] -= 1
            if not of_the_year:
                self.diary.end(self.day + rule.window - since, person, POINTS_EXPIRE, k, rule)
            return item.points
        points = item.points if rule.expires is None or rule.expires > since else 0
        if points != 0:
            account.earn(-points)
            if rule.expires is not None:
                self.diary.end(self.day + rule.expires - since, person, POINTS_EXPIRE, k, rule, -points)
        if rule.grade is not None and (rule.term is None or rule.term > since):
            fell = account.drop(rule.nibble)
            if fell and rule.term is not None:
                self.diary.end(self.day + rule.term - since, person, OVERRIDE_BACK, k, rule)
        return points

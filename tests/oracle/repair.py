"""Section 11b: entries that end before their time, on application; and section 6, who may ask from the start."""

from dataclasses import dataclass

from .agenda import RECORD, REPAIR, Item
from .draws import REPAIR as DRAW
from .draws import byte, q, sround

MAY_ASK, GRANTED = 0, 1  # what an item of repair says: its `behaviour`
COURSE, PLEDGE, GOOD_DEEDS = WAYS = range(3)
NAMES = ("course", "pledge", "good_deeds")
ASKED_BY, GRANTED_BY, BARRED, TOO_POOR, DAYS = 0, 3, 6, 7, 8  # of the nine counts
TRIES = 256
BETWEEN = 30  # days from one try to the next


@dataclass(slots=True)
class Repair:
    """How repair works under an instrument."""

    asks: int  # Q32
    granted: int  # Q32
    decided: int  # days
    clean: bool
    after: dict[int, int]  # of each rule that is repairable, the age at the first try
    ways: dict[int, list[int]]
    costs: int  # of a course, yuan
    deeds: list[int]  # counters
    least: int

    def age(self, r, n):
        """A(r, n)."""
        return self.after[r] + BETWEEN * n

    def over(self, r, n):
        """The age at which what was asked for at try n is granted."""
        return self.age(r, n) + self.decided


def repair(instrument, described, rules):
    """What the entry of an instrument says; `described` are the entries of its rules. None: there is no way back."""
    entry = instrument.get("repair")
    if not entry:
        return None
    after, ways = {}, {}
    for rule, each in zip(rules, described, strict=True):
        if rule.takes and entry[each["severity"]] is not None:
            terms = entry[each["severity"]]
            after[rule.number] = q(0, terms["after"])
            ways[rule.number] = [NAMES.index(way) for way in terms["by"]]
    course, deeds = entry.get("course") or {}, entry.get("good_deeds") or {}
    named = deeds.get("rules") or []
    return Repair(
        asks=q(32, entry["asks"]),
        granted=q(32, entry["granted"]),
        decided=q(0, entry["days"]),
        clean=entry.get("clean") or False,
        after=after,
        ways=ways,
        costs=q(0, course.get("costs", 0)),
        deeds=[rule.counter for rule, each in zip(rules, described, strict=True) if each["id"] in named],
        least=q(0, deeds.get("least", 0)),
    )


def put(diary, day, person, k, r, points, says, n):
    """An item of repair into the diary."""
    diary.add(day, Item(person.number, REPAIR, k, r, points & 0xFFFF, says, n))


def look_back(diary, person, k, instrument, rule, ago):
    """A record of the past has left something in force: when its subject may ask."""
    terms = instrument.repair
    if terms is None or rule.number not in terms.after:
        return
    after = terms.after[rule.number]
    n = 0 if ago < after else (ago - after) // BETWEEN + 1
    if n < TRIES:
        put(diary, terms.age(rule.number, n) - ago, person, k, rule.number, rule.points, MAY_ASK, n)


def seek(world, day, agenda, entries):
    """Who may ask today; then who may later, over the entries of today."""
    for item in sorted(agenda):
        if item.what == REPAIR and item.behaviour == MAY_ASK:
            attempt(world, day, item)
    for entry in entries:
        terms = entry.person.instruments[entry.instrument].repair
        if entry.what != RECORD or terms is None or entry.rule not in terms.after or entry.upheld:
            continue
        rule = entry.person.instruments[entry.instrument].rules[entry.rule]
        if entry.points < 0 or rule.grade is not None:
            due = day + terms.after[entry.rule]
            put(world.diary, due, entry.person, entry.instrument, entry.rule, entry.points, MAY_ASK, 0)


def attempt(world, day, item):
    """A try; returns what came of it."""
    i, k, r, n = world.society.people[item.number], item.instrument, item.rule, item.sensor
    instrument, account = i.instruments[k], i.accounts[k]
    rule, terms, tally = instrument.rules[r], instrument.repair, world.month.repairs[i.group_cell][i.region.numbers[k]]

    def later():
        if n + 1 < TRIES:
            put(world.diary, day + BETWEEN, i, k, r, item.points, MAY_ASK, n + 1)

    held, over, counted = in_force(rule, account, item.points, terms.over(r, n))
    if held == 0 and not over and not counted:
        return "lapsed"
    w = world.draw(DRAW, i.slot, 256 * k + r, day)
    if not account.aware or w[0] >= terms.asks:
        later()
        return "did not ask" if account.aware else "unaware"
    if terms.clean and not is_clean(instrument, account, rule, held, over):
        tally[BARRED] += 1
        later()
        return "not clean"
    way = first_open(world, i, account, terms, r, w[1], tally)
    if way is None:
        tally[BARRED] += 1
        later()
        return "no way"
    tally[ASKED_BY + way] += 1
    if way == COURSE:
        income = max(1, world.society.income_now(i))
        i.hardship = byte(i.hardship + sround(terms.costs * 255 * 12, income, w[3]))
    if w[2] >= terms.granted:
        later()
        return "refused"
    tally[GRANTED_BY + way] += 1
    tally[DAYS] += terms.over(r, n)
    put(world.diary, day + terms.decided, i, k, r, item.points, GRANTED, n)
    return "granted"


def in_force(rule, account, points, over):
    """h, o and c: what of an entry will still stand at the age at which it would be over."""
    if rule.reckoned:
        held, counted = 0, account.counters[rule.counter] > 0 and rule.window > over
    else:
        held, counted = points if rule.expires is None or rule.expires > over else 0, False
    lasting = rule.grade is not None and (rule.term is None or rule.term > over)
    return held, lasting and account.overrides[rule.nibble] > 0, counted


def is_clean(instrument, account, rule, held, over):
    """Whether nothing but the entry stands against somebody."""
    if rule.reckoned:
        against = sum(account.counters[each.counter] for each in instrument.rules if each.takes)
        return against <= 1 and account.overrides == [0, 0]
    return account.raw - held >= instrument.start and sum(account.overrides) <= over


def first_open(world, i, account, terms, r, word, tally):
    """The way that is taken, None if none is open."""
    for way in terms.ways[r]:
        if way == PLEDGE:
            return way
        if way == GOOD_DEEDS and sum(account.counters[counter] for counter in terms.deeds) >= terms.least:
            return way
        if way == COURSE:
            if word >= world.court.unable(i) and 12 * terms.costs <= max(1, world.society.income_now(i)):
                return way
            tally[TOO_POOR] += 1
    return None

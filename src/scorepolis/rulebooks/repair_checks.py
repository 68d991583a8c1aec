"""What must fit together in `repair`: classes that rules are of, ways that are described, times that come in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scorepolis.rulebooks.checking import LONGEST_TERM, Fault, Where, share_of_one, unique, unknown, whole
from scorepolis.rulebooks.schema import (
    SEVERITIES,
    WAYS,
    BonusMalus,
    GoodDeeds,
    Instrument,
    InstrumentRule,
    Repair,
    repaired_as,
    takes,
)

MOST_COUNTED: Final = 15
DEAREST: Final = 1_000_000
"""Yuan of a course, at most."""


def repair_faults(path: Where, instrument: Instrument) -> Iterator[Fault]:
    """Find what does not fit together in the repair of an instrument of people, and in the severities of its rules."""
    repair = instrument.repair
    rules: tuple[InstrumentRule, ...] = instrument.rules
    for r, rule in enumerate(rules):
        yield from _severity((*path, *instrument.rule_path(r)), instrument, rule)
    if repair is None:
        return
    here = (*path, "repair")
    if isinstance(instrument, BonusMalus):
        yield Fault(here, "a bonus-malus is repaired by years without a fault alone", "no `repair`")
        return
    yield from share_of_one((*here, "asks"), repair.asks, "the share that asks")
    yield from share_of_one((*here, "granted"), repair.granted, "the share granted")
    yield from whole((*here, "days"), repair.days, "the days until a repair is decided", 1, LONGEST_TERM)
    yield from _classes(here, repair, {rule.severity for rule in rules})
    yield from _ways(here, repair)
    if repair.good_deeds is not None:
        yield from _good_deeds((*here, "good_deeds"), repair.good_deeds, instrument)


def _severity(path: Where, instrument: Instrument, rule: InstrumentRule) -> Iterator[Fault]:
    here, repair = (*path, "severity"), instrument.repair
    if rule.severity is None:
        if repair is not None and takes(rule) and not isinstance(instrument, BonusMalus):
            message = f"rule {rule.id} takes something and does not say how severe it is"
            yield Fault((*path, "id"), message, f"severity: one of {', '.join(SEVERITIES)}")
        return
    if repair is None:
        message = f"rule {rule.id} has a severity, and the instrument knows no repair"
        yield Fault(here, message, "`repair` of the instrument")
    elif not takes(rule):
        yield Fault(here, f"rule {rule.id} takes nothing that could be repaired", "no severity")
    elif (known := repaired_as(instrument, rule)) and None not in rule.terms:
        soonest = known.after.exact + repair.days.exact
        over = max(term.exact for term in rule.terms if term)
        if over <= soonest:
            message = f"what rule {rule.id} takes is over after {over} days, before it could be repaired"
            yield Fault(here, message, f"a term above {soonest} days, or repair sooner")


def _classes(path: Where, repair: Repair, used: set[str | None]) -> Iterator[Fault]:
    for severity in SEVERITIES:
        one = getattr(repair, severity)
        if one is None:
            continue
        here = (*path, severity)
        yield from whole((*here, "after"), one.after, f"the least days of what is {severity}", 1, LONGEST_TERM)
        yield from unique([((*here, "by", n), way) for n, way in enumerate(one.by)], "way")
        if not one.by:
            yield Fault((*here, "by"), f"no way leads back from what is {severity}", f"one of {', '.join(WAYS)}")
        if severity not in used:
            yield Fault(here, f"no rule is {severity}", f"`{severity}: null`, or a rule of this severity")
    if not any(getattr(repair, severity) for severity in SEVERITIES):
        yield Fault(path, "nothing can be repaired", "a class that is not null, or no `repair`")


def _ways(path: Where, repair: Repair) -> Iterator[Fault]:
    named = {way for severity in SEVERITIES if (one := getattr(repair, severity)) for way in one.by}
    for way, described in (("course", repair.course), ("good_deeds", repair.good_deeds)):
        if way in named and described is None:
            yield Fault(path, f"repair by {way} is not described", f"`{way}`")
        elif described is not None and way not in named:
            yield Fault((*path, way), f"no class can be repaired by {way}", f"{way} under `by` of a class")
    if repair.course is not None:
        yield from whole((*path, "course", "costs"), repair.course.costs, "the costs of a course", 1, DEAREST)


def _good_deeds(path: Where, deeds: GoodDeeds, instrument: Instrument) -> Iterator[Fault]:
    rules: tuple[InstrumentRule, ...] = instrument.rules
    counted = [rules[r].id for r in instrument.counted_rules if rules[r].points.exact > 0]
    for n, name in enumerate(deeds.rules):
        yield from unknown((*path, "rules", n), "rule that gives points and counts records", name, counted)
    yield from unique([((*path, "rules", n), name) for n, name in enumerate(deeds.rules)], "rule")
    caps = {rule.id: int(rule.cap.most.exact) if rule.cap else MOST_COUNTED for rule in rules}
    most = sum(caps.get(name, MOST_COUNTED) for name in deeds.rules)
    yield from whole((*path, "least"), deeds.least, "the least good deeds, of those that can be counted", 1, most)

"""Section 12, durations: what became of each penalty in the ledger of a run."""

from dataclasses import dataclass, field

from .agenda import CORRECTION, EXIT, OVERRIDE_ENDS, POINTS_EXPIRE, RECORD, REPAIR
from .repair import BETWEEN
from .score import Entry
from .tables import STALE


@dataclass(slots=True, eq=False)
class Penalty:
    """An entry that takes something, and its way out."""

    entry: Entry
    held: str
    out: str = "open"
    days: int = 0
    closed: set[int] = field(default_factory=set)  # the kinds of entries that have gone with it

    @property
    def rule(self):
        return self.instrument.rules[self.entry.rule]

    @property
    def instrument(self):
        return self.entry.person.instruments[self.entry.instrument]

    def goes_with(self, other):
        """Whether an entry behind it in the ledger may be its way out."""
        age, rule, back = other.day - self.entry.day, self.rule, -self.entry.points
        if other.what == EXIT:
            return self.held == "until_performance" and self.out == "open"
        if other.rule != self.entry.rule or other.what in self.closed:
            return False
        spent = rule.expires is not None and rule.expires <= age
        if other.what == POINTS_EXPIRE:
            return self.held == "points" and age == rule.expires and other.points == back
        if other.what == OVERRIDE_ENDS:
            return self.held == "term" and age == rule.term
        if other.what == CORRECTION:
            return age == self.instrument.appeal.days and other.points == (0 if spent else back)
        if other.what == REPAIR and self.out == "open" and rule.number in self.instrument.repair.after:
            late = age - self.instrument.repair.over(rule.number, 0)
            return late >= 0 and late % BETWEEN == 0 and other.points == (0 if spent else back)
        return False

    def end(self, other):
        self.closed.add(other.what)
        if self.out == "open":
            self.days = other.day - self.entry.day
            self.out = {
                POINTS_EXPIRE: "points_expire",
                OVERRIDE_ENDS: "term_ends",
                EXIT: "exit_late" if other.kind == STALE else "exit",
                CORRECTION: "correction",
                REPAIR: "repair",
            }[other.what]


def durations(world, days):
    """Every penalty by slot and order of the ledger: slot, day, instrument, rule, kind, held by, way out, days."""
    penalties, of = [], {}
    for entry in sorted(world.entries, key=lambda entry: (entry.person.slot, entry.day)):
        mine = of.setdefault((entry.person.slot, entry.number), [])
        rule = entry.person.instruments[entry.instrument].rules[entry.rule] if entry.what == RECORD else None
        if rule is None:
            going = [penalty for penalty in mine if penalty.goes_with(entry)]
            for penalty in going if entry.what == EXIT else going[:1]:
                penalty.end(entry)
        elif entry.points < 0 or (entry.points == 0 and rule.grade is not None):
            held = "points" if rule.grade is None else "until_performance" if rule.term is None else "term"
            mine.append(Penalty(entry, held, days=days - 1 - entry.day))
            penalties.append(mine[-1])
    return [
        (
            each.entry.person.slot, each.entry.day, each.entry.number, each.entry.rule, each.entry.kind,
            each.held, each.out, each.days,
        )
        for each in penalties
    ]  # fmt: skip

"""Section 8, the agenda: what can be due on a day, and the diary that keeps it until then."""

from typing import NamedTuple

POINTS_EXPIRE, WINDOW_ENDS, OVERRIDE_BACK, OVERRIDE_ENDS, RECORD, EXIT, CORRECTION = range(7)
JUDGMENT, DEADLINE, DECISION, REVIEW = CASES = range(7, 11)
REPAIR = 15
# In the ledger alone: a standing moved by that under another instrument; a weighted score made anew; held for a firm;
# entered for somebody of the household.
FED, RECKONED, BOUND, SHARED = 11, 12, 13, 14


class Item(NamedTuple):
    """Something due; the order of the fields is the order of the agenda."""

    number: int  # of the person
    what: int
    instrument: int = 0
    rule: int = 0
    packed: int = 0  # points, modulo 2^16
    behaviour: int = 0
    sensor: int = 0
    truth: int = 0

    @property
    def points(self):
        return self.packed - 65536 if self.packed >= 32768 else self.packed

    @property
    def kind(self):
        return self.truth & 15

    @property
    def doer(self):
        return self.truth >> 4


class Diary:
    def __init__(self):
        self.days = {}

    def add(self, day, item):
        self.days.setdefault(day, []).append(item)

    def end(self, day, person, what, k, rule, points=0):
        """Something under a rule comes to its end."""
        self.add(day, Item(person.number, what, k, rule.number, points & 0xFFFF))

    def cases(self, day):
        """Take out what the court has to do."""
        items = self.days.pop(day, [])
        self.days[day] = [item for item in items if item.what not in CASES]
        return [item for item in items if item.what in CASES]

    def take(self, day):
        return self.days.pop(day, [])

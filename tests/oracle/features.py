"""Section 5: features, which are what weighted scores, scorecards and ranks are made of."""

from dataclasses import dataclass
from fractions import Fraction

from .draws import clamp, q

HALF = 2**15
KINDS = ("records", "attributes")


@dataclass(slots=True)
class Feature:
    """One feature: the rule whose records it counts, or the attribute that it reads."""

    rule: int | None
    attribute: str | None
    bit: int  # of the flag that the attribute is, 0 if it is none
    window: int
    part: list[int]  # PART[f][x], Q16

    def value(self, person, account):
        """x: the records counted, or what the register says."""
        if self.rule is not None:
            return account.counters[self.rule]
        match self.attribute:
            case "age":
                return person.age
            case "education":
                return person.education
            case "household_size":
                return person.household & 15
            case _:
                return 1 if person.has(self.bit) else 0

    def steps(self):
        """STEP[r]: the points seen in one record more after c earlier ones, for each c."""
        return [(self.part[min(c + 1, 15)] - self.part[c] + HALF) >> 16 for c in range(16)]


def feature(number, entry, bits, part):
    """A feature from its entry; `part` gives the part of x as an exact fraction, `bits` are those of the flags."""
    counted = "attribute" not in entry
    return Feature(
        rule=number if counted else None,
        attribute=entry.get("attribute"),
        bit=bits.get(entry.get("attribute"), 0),
        window=int(entry["window"]) if counted else 0,
        part=[q(16, part(x)) for x in range(128)],
    )


def numbered(groups):
    """Everything within some groups of features, those of records first: (group, entry) by number."""
    return [(group, each) for kind in KINDS for group in groups for each in group.get(kind) or []]


def weight_within(dimension, entry):
    """The share of a feature in its dimension."""
    return entry["weight"] / sum(each["weight"] for _, each in numbered([dimension]))


def share(entry, x):
    return clamp(Fraction(x - entry["worst"]) / (entry["best"] - entry["worst"]), 0, 1)


def total(features, person, account):
    """The parts of all features together, for somebody as they are today, Q16."""
    return sum(each.part[each.value(person, account)] for each in features)


class OfFeatures:
    """What the methods made of features have in common: their records are counted, each for its window."""

    def __init__(self, features, start):
        self.features, self.start = features, start

    def steps(self, r):
        return self.features[r].steps()

    def window(self, r):
        return self.features[r].window

    def lasts(self, r):
        """Days for which people take a record to count."""
        return self.features[r].window

    def span(self, r):
        """T: days of the past in which a record may have been written."""
        return self.features[r].window

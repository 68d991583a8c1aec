"""Weighted scores: features and what they give (section 5), and the reckoning at the month's end (section 9)."""

from dataclasses import dataclass
from fractions import Fraction

from .agenda import RECKONED
from .draws import clamp, q

HALF = 2**15


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

    def step(self, c):
        """STEP[r][c]: the points seen in one record more after c earlier ones."""
        return (self.part[min(c + 1, 15)] - self.part[c] + HALF) >> 16


def share(entry, x):
    return clamp(Fraction(x - entry["worst"]) / (entry["best"] - entry["worst"]), 0, 1)


def weighed(entry):
    """All features of an instrument's entry, those of records first, each with its part of the range."""
    span = entry["range"]["highest"] - entry["range"]["lowest"]
    all_dimensions = sum(dimension["weight"] for dimension in entry["dimensions"])
    by_kind = {"records": [], "attributes": []}
    for dimension in entry["dimensions"]:
        inside = [(kind, each) for kind in by_kind for each in dimension.get(kind) or []]
        whole_weight = sum(each["weight"] for _, each in inside)
        for kind, each in inside:
            by_kind[kind].append((each, span * dimension["weight"] / all_dimensions * each["weight"] / whole_weight))
    return by_kind["records"], by_kind["attributes"]


def features(entry, bits):
    """The features as the run needs them; `bits` are those of the flags."""
    records, attributes = weighed(entry)
    made = []
    for each, most in records + attributes:
        counted = "attribute" not in each
        made.append(
            Feature(
                rule=len(made) if counted else None,
                attribute=each.get("attribute"),
                bit=bits.get(each.get("attribute"), 0),
                window=int(each["window"]) if counted else 0,
                part=[q(16, most * share(each, x)) for x in range(128)],
            )
        )
    return made


def start(entry):
    """The score of somebody without records, of whom every attribute stands half-way."""
    records, attributes = weighed(entry)
    given = sum(most * share(each, 0) for each, most in records) + sum(most / 2 for _, most in attributes)
    return int(entry["range"]["lowest"]) + q(0, given)


def reckoned(person, instrument, account):
    """The score that follows from what is counted and registered today."""
    return instrument.lowest + (
        (HALF + sum(feature.part[feature.value(person, account)] for feature in instrument.features)) >> 16
    )


def reckon(world, scoring):
    """The month's end: raw is made anew, and who has another score by it gets an entry."""
    for person in world.society.people:
        for instrument in person.instruments:
            account = person.accounts[instrument.number]
            if instrument.features and account.in_scope:
                before = scoring.look(person, instrument)
                account.raw = reckoned(person, instrument, account)
                change = account.score(instrument) - before[0]
                if change != 0:
                    scoring.enter(RECKONED, person, instrument, before, points=change)

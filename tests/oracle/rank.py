"""Sections 5 and 9, ranks: a place among peers, by merit whose weights are tuned anew every so many months."""

from fractions import Fraction

from .draws import clamp, q
from .features import HALF, OfFeatures, feature, numbered, share, weight_within

BEST = 1000  # of merit


class Rank(OfFeatures):
    """`entry` is the instrument's, `bits` are those of the flags."""

    def __init__(self, entry, bits):
        self.lowest, self.highest = int(entry["range"]["lowest"]), int(entry["range"]["highest"])
        self.every, dimensions = int(entry["every"]), entry["dimensions"]
        turns = range(len(dimensions[0]["weights"]))
        sums = [sum(dimension["weights"][t] for dimension in dimensions) for t in turns]
        made, self.merit_parts = [], [[] for _ in turns]
        for number, (dimension, each) in enumerate(numbered(dimensions)):
            within = weight_within(dimension, each)
            weights = [dimension["weights"][t] / sums[t] for t in turns]
            most = (self.highest - self.lowest) * Fraction(sum(weights)) / len(turns) * within
            made.append(feature(number, each, bits, lambda x, each=each, most=most: most * share(each, x)))
            for t in turns:
                best = BEST * weights[t] * within
                self.merit_parts[t].append([q(16, best * share(each, x)) for x in range(128)])
        super().__init__(made, (self.lowest + self.highest) // 2)

    def begin(self, _person, _account, _faults, _z):
        """Nobody is ranked before the first month's end."""

    def reckon(self, _person, _account, _z):
        """Ranks have a row of their own."""

    def merit(self, person, account, z):
        parts = self.merit_parts[(z // self.every) % len(self.merit_parts)]
        values = [feature.value(person, account) for feature in self.features]
        return clamp((HALF + sum(part[x] for part, x in zip(parts, values, strict=True))) >> 16, 0, BEST)

    def places(self, merits):
        """The raw score that each merit has among all of `merits`."""
        alike = [0] * (BEST + 1)
        for merit in merits:
            alike[merit] += 1
        raw, behind = {}, 0
        for merit, n in enumerate(alike):
            if n > 0:
                raw[merit] = self.lowest + ((self.highest - self.lowest) * (2 * behind + n)) // (2 * len(merits))
            behind += n
        return raw

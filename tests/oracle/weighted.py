"""Section 5, weighted scores: features by dimensions, each with its weight in the range."""

from fractions import Fraction

from .draws import q
from .features import HALF, OfFeatures, feature, numbered, share, total, weight_within


class Weighted(OfFeatures):
    """`entry` is the instrument's, `bits` are those of the flags."""

    def __init__(self, entry, bits):
        self.lowest = int(entry["range"]["lowest"])
        span = entry["range"]["highest"] - entry["range"]["lowest"]
        all_dimensions = sum(dimension["weight"] for dimension in entry["dimensions"])
        made, given = [], Fraction(0)
        for number, (dimension, each) in enumerate(numbered(entry["dimensions"])):
            most = span * dimension["weight"] / all_dimensions * weight_within(dimension, each)
            made.append(feature(number, each, bits, lambda x, each=each, most=most: most * share(each, x)))
            given += most / 2 if "attribute" in each else most * share(each, 0)
        super().__init__(made, self.lowest + q(0, given))

    def begin(self, person, account, _faults, _z):
        account.raw = self._reckoned(person, account)

    def reckon(self, person, account, _z):
        account.raw = self._reckoned(person, account)

    def _reckoned(self, person, account):
        return self.lowest + ((HALF + total(self.features, person, account)) >> 16)

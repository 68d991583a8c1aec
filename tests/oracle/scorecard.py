"""Section 5, scorecards: the log-odds of a modelled default, told on a scale of points."""

from .draws import clamp, ln, q
from .features import HALF, OfFeatures, feature, numbered, total


class Scorecard(OfFeatures):
    """`entry` is the instrument's, `bits` are those of the flags."""

    def __init__(self, entry, bits):
        scale = entry["scale"]
        f = scale["double"] / ln(2)
        base = scale["score"] + f * (entry["intercept"] - ln(scale["odds"]))
        self.base = q(16, base)
        made, given = [], base
        for number, (_, each) in enumerate(numbered([entry])):

            def above(x, each=each):
                return clamp(x, each["least"], each["most"]) - each["least"]

            made.append(feature(number, each, bits, lambda x, k=each["coefficient"], above=above: f * k * above(x)))
            s = (each["most"] - each["least"]) / 2 if "attribute" in each else above(0)
            given += f * each["coefficient"] * s
        lowest, highest = int(entry["range"]["lowest"]), int(entry["range"]["highest"])
        super().__init__(made, clamp(q(0, given), lowest, highest))

    def begin(self, person, account, _faults, _z):
        account.raw = self._reckoned(person, account)

    def reckon(self, person, account, _z):
        account.raw = self._reckoned(person, account)

    def _reckoned(self, person, account):
        return clamp((HALF + self.base + total(self.features, person, account)) >> 16, -30000, 30000)

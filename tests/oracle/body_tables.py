"""Section 14, the tables of public bodies: computed in exact fractions and rounded once."""

from fractions import Fraction

from .body_files import ARREARS, BEHAVIOURS, FALSIFIED, IGNORING, NAMES
from .draws import exp, q
from .firm_tables import MOST, WHOLE, FirmInstrumentTables
from .tables import Z


class BodyTables:
    def __init__(self, setting, coefficients):
        self.setting = setting
        arrears, ignoring, _, falsified = setting.behaviours
        self.t = {b: self._response(setting.behaviours[b]["slope"]) for b in (ARREARS, IGNORING, FALSIFIED)}
        self.bill = [
            [min(WHOLE, (q(30, arrears["rate"] * factor / 12) * t) >> 16) for t in self.t[ARREARS]]
            for factor in arrears["kinds"]
        ]
        self.ignore = [min(WHOLE, (q(30, ignoring["ignored"]) * t) >> 16) for t in self.t[IGNORING]]
        self.unable, self.paid, self.sued = (q(30, arrears[name]) for name in ("unable", "paid", "sued"))
        self.term = q(0, setting.head_term)
        self.performed, self.effort = q(30, ignoring["performed"]), q(30, falsified["effort"])
        self.want = [[min(WHOLE, q(30, v.wants * factor / 12)) for factor in v.kinds] for v in setting.services]
        self.fine = [min(MOST, q(0, each.get("fine", Fraction(0)))) for each in setting.behaviours]
        self.gain = {b: max(1, min(MOST, q(0, setting.behaviours[b]["gain"]))) for b in (ARREARS, IGNORING)}
        self.scruple = max(1, min(MOST, q(0, falsified["scruple"])))
        self.seen = [[q(30, s.sees.get(name, 0)) for s in setting.sensors] for name in NAMES]
        self.ordinary = [[min(WHOLE, q(30, s.rate * factor / 12)) for factor in s.kinds] for s in setting.sensors]
        self.sees = [[b for b in BEHAVIOURS if NAMES[b] in s.sees] for s in setting.sensors]
        self.risk = [[self._risk(b, kind.number) for kind in setting.kinds] for b in BEHAVIOURS]
        self.instruments = [BodyInstrumentTables(each, self, coefficients) for each in setting.instruments]

    def _response(self, slope):
        response = [exp(slope * z) for z in Z]
        return [q(16, each * 16 / sum(response)) for each in response]

    def _risk(self, b, x):
        """How likely a body of a kind is recorded in a month, Q30."""
        miss = WHOLE
        for s in self.setting.sensors:
            if b in self.sees[s.number]:
                c = self.seen[b][s.number]
                if s.inspecting is not None:
                    c = (self.ordinary[s.number][x] * c) >> 30
                miss = (miss * (WHOLE - c)) >> 30
        return WHOLE - miss


class BodyInstrumentTables:
    """What one instrument of bodies makes of grades."""

    _effects = FirmInstrumentTables._effects

    def __init__(self, instrument, tables, coefficients):
        self.instrument, setting = instrument, tables.setting
        self._effects(setting, coefficients)
        self.midpoint = [(low + high) // 2 for low, high in instrument.bands]
        grades = range(len(instrument.grades))
        self.worth = [[self._worth(setting, kind.number, g) for g in grades] for kind in setting.kinds]
        self.reaches = [s.name in instrument.reach for s in setting.sensors]
        self.weighed = [instrument.rule_weighed(b) for b in BEHAVIOURS]
        self.duration = [256 if rule.term is None else q(8, Fraction(rule.term, 12)) for rule in instrument.rules]

    def _worth(self, setting, x, g):
        """WORTH: what a grade is worth to a body of a kind, yuan a year."""
        worth = Fraction(0)
        for v, service in enumerate(setting.services):
            effect = -service.worth if self.denies[v][g] else self.effect[v][g]
            worth += service.wants * service.kinds[x] * effect
        return q(0, worth)

    def value(self, x, score):
        """V(x, s): the worth of a score, between the midpoints of the grades on a straight line."""
        s, m, v = self.instrument.held(score), self.midpoint, self.worth[x]
        if s <= m[0]:
            return v[0]
        if s >= m[-1]:
            return v[-1]
        j = next(j for j in range(len(m)) if m[j] <= s < m[j + 1])
        return v[j] + ((v[j + 1] - v[j]) * (s - m[j])) // (m[j + 1] - m[j])

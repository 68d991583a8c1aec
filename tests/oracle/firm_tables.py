"""Section 13, the tables of firms: computed in exact fractions and rounded once."""

from fractions import Fraction

from .draws import exp, q
from .tables import Z

WHOLE = 2**30  # a chance of one
MOST = 2**31 - 1  # yuan


class FirmTables:
    def __init__(self, setting, coefficients, strain=Fraction(0)):
        """`strain`: what an unpaid bill of a public body adds to the occasions without a choice, as a multiple."""
        self.setting, self.strain = setting, q(8, strain)
        sectors = range(len(setting.shares))
        self.cells = [(size, sector) for size in range(len(setting.scales)) for sector in sectors]
        self.unable = {b.number: q(30, b.unable) for b in setting.behaviours if b.bad}
        self.kinds = [*[each for each in setting.behaviours if not each.found], *setting.services]
        self.rate = [self._rate(kind) for kind in self.kinds]
        self.t = [self._response(kind) for kind in self.kinds]
        self.fine = [[min(MOST, q(0, b.fine * scale)) for scale in setting.scales] for b in setting.behaviours]
        self.gain = [[max(1, min(MOST, q(0, b.gain * scale))) for scale in setting.scales] for b in setting.behaviours]
        self.seen = [[q(30, s.sees.get(b.name, 0)) for s in setting.sensors] for b in setting.behaviours]
        self.ordinary = [
            [min(WHOLE, q(30, s.rate * s.sizes[x] / 12)) if y in s.sectors else 0 for x, y in self.cells]
            for s in setting.sensors
        ]
        self.watching = [[s for s in setting.sensors if b.name in s.sees] for b in setting.behaviours]
        bad = {b.name: b for b in setting.behaviours if b.bad}
        self.bad_seen = [[bad[name] for name in s.sees if name in bad] for s in setting.sensors]
        self.clean = next((b.number for b in setting.behaviours if b.found), None)
        self.instruments = [FirmInstrumentTables(each, self, coefficients) for each in setting.instruments]

    def cell(self, size, sector):
        return size * len(self.setting.shares) + sector

    def _rate(self, kind):
        often = kind.wants if hasattr(kind, "wants") else kind.rate
        return [q(30, often * kind.sizes[x] / 12) if y in kind.sectors else 0 for x, y in self.cells]

    def _response(self, kind):
        if hasattr(kind, "wants"):
            return [65536] * 16
        response = [exp(kind.slope * z) for z in Z]
        return [q(16, each * 16 / sum(response)) for each in response]


class FirmInstrumentTables:
    """What one instrument of firms makes of grades."""

    def __init__(self, instrument, tables, coefficients):
        self.instrument, setting = instrument, tables.setting
        grades = range(len(instrument.grades))
        self.share = [[None for _ in grades] for _ in setting.sensors]  # Q30; None: the sensor's own
        exact = [[None for _ in grades] for _ in setting.sensors]
        numbers = {s.name: s.number for s in setting.sensors}
        for sensor, at, share in instrument.inspections:
            for g in at:
                exact[numbers[sensor]][g] = share
                self.share[numbers[sensor]][g] = q(30, share)
        self._effects(setting, coefficients)
        self.worth = [[self._worth(setting, x, y, exact, g) for g in grades] for x, y in tables.cells]
        self.reaches = [s.name in instrument.reach for s in setting.sensors]
        self.weighed = [instrument.rule_weighed(b.number) for b in setting.behaviours]
        self.duration = [self._duration(rule, setting) for rule in instrument.rules]
        self.lost = [q(0, scale * instrument.custom * setting.life["earnings"] / 12) for scale in setting.scales]

    def _duration(self, rule, setting):
        if not self.instrument.is_list:
            return q(8, setting.life["horizon"])
        return q(8, 1 / (12 * setting.life["performs"]) if rule.term is None else Fraction(rule.term, 12))

    def _effects(self, setting, coefficients):
        grades, services = range(len(self.instrument.grades)), setting.services
        self.denies = [[False for _ in grades] for _ in services]
        self.days = [[0 for _ in grades] for _ in services]
        self.percent = [[0 for _ in grades] for _ in services]
        self.first = [[False for _ in grades] for _ in services]
        self.effect = [[Fraction(0) for _ in grades] for _ in services]
        delay_cost, priority_worth = coefficients["services"]["delay_cost"], coefficients["services"]["priority_worth"]
        numbers = {service.name: service.number for service in services}
        for each in self.instrument.consequences:
            v = numbers[each["service"]]
            service = services[v]
            for g in each["grades"]:
                match each["effect"]:
                    case "deny":
                        self.denies[v][g] = True
                    case "delay":
                        self.days[v][g] = max(self.days[v][g], each["days"])
                        self.effect[v][g] -= service.worth * min(1, delay_cost * each["days"])
                    case "surcharge":
                        self.percent[v][g] += each["percent"]
                        self.effect[v][g] -= service.price * each["percent"] / 100
                    case "discount":
                        self.percent[v][g] -= each["percent"]
                        self.effect[v][g] += service.price * each["percent"] / 100
                    case "priority":
                        self.first[v][g] = True
                        self.effect[v][g] += service.worth * priority_worth
                    case other:
                        raise ValueError(other)

    def _worth(self, setting, x, y, exact, g):
        """WORTH: what a grade is worth to a firm of a size and sector, yuan a year."""
        worth = Fraction(0)
        for v, service in enumerate(setting.services):
            if y in service.sectors:
                effect = -service.worth if self.denies[v][g] else self.effect[v][g]
                worth += service.wants * service.sizes[x] * effect
        for s, sensor in enumerate(setting.sensors):
            if exact[s][g] is not None and y in sensor.sectors:
                worth -= (12 * exact[s][g] - sensor.rate * sensor.sizes[x]) * sensor.burden
        if g in self.instrument.shown:
            worth -= self.instrument.custom * setting.life["earnings"]
        return q(0, setting.scales[x] * worth)

"""Section 5: rates and tables, computed in exact fractions and rounded once."""

import math
from fractions import Fraction

from .draws import clamp, exp, ln, q

QUANTILES = [Fraction(z) for z in ("0.0784", "0.2372", "0.4023", "0.5791", "0.7764", "1.0100", "1.3180", "1.8627")]
Z = [-z for z in reversed(QUANTILES)] + QUANTILES
TRUE, WRONG_PERSON, NOT_DONE, UNABLE, NO_BASIS, OUT_OF_PROPORTION, STALE = range(7)  # kinds of truth
CELLS = [(band, female, urban) for band in range(8) for female in (0, 1) for urban in (0, 1)]


def band(age):
    """The band of age, 0 to 7."""
    return sum(age >= least for least in (6, 18, 30, 40, 50, 60, 70))


def incomes(mean, gini):
    """Yuan a year per head, by income rank."""
    shares = [exp(gini * ln(Fraction(2 * k + 1, 2047 - 2 * k))) for k in range(1024)]
    total = sum(shares)
    return [max(1, q(0, mean * 1024 * share / total)) for share in shares]


class Tables:
    def __init__(self, setting):
        self.setting = setting
        self.coefficients = setting.coefficients
        self.behaviours, self.services, self.sensors = setting.behaviours, setting.services, setting.sensors
        self.urban_share = setting.province["urban_share"]
        self.kinds = [*self.behaviours, *self.services]
        self.income = incomes(setting.province["income_mean"], setting.society["income_gini"])
        self._rates()
        self._sight()
        self._psychology()
        self.instruments = [InstrumentTables(instrument, self) for instrument in setting.instruments]

    def _rates(self):
        self.reward_most = q(16, self.coefficients["reward"]["reward_most"])
        self.peers_most = q(8, self.coefficients["peers"]["peers_most"])
        self.a, self.t, self.room, self.hardship = [], [], [], []
        for b in self.behaviours:
            self.a.append(
                [
                    q(32, (b.female if f else b.male) * b.profile[g] * (b.urban if u else 1) / 365 / b.weight)
                    for g, f, u in CELLS
                ]
            )
            response = [exp(b.slope * z) for z in Z]
            self.t.append([q(16, each * 16 / sum(response)) for each in response])
            self.hardship.append(q(16, b.hardship / 255))
            self.room.append(self._room(b))
        for v in self.services:
            self.a.append([q(32, v.wants * v.profile[g] * (v.urban if u else 1) / 365) for g, _, u in CELLS])
            self.t.append([65536] * 16)
            self.room.append(256)
        self.walk = self._walk()

    def _walk(self):
        """The order of kinds: groups of one trait and one required flag by their bulk, and so the members of each."""
        bulk = [room * sum(a) for room, a in zip(self.room, self.a, strict=True)]
        groups = {}
        for number, kind in enumerate(self.kinds):
            trait = kind.trait if number < len(self.behaviours) else None
            groups.setdefault((trait, kind.requires), []).append(number)
        ordered = sorted(groups.values(), key=lambda group: (-sum(bulk[number] for number in group), min(group)))
        return [number for group in ordered for number in sorted(group, key=lambda number: (-bulk[number], number))]

    def _room(self, behaviour):
        """How far above its base the rate can rise, Q8, rounded up."""
        room = 1 + Fraction(255 * self.hardship[behaviour.number], 2**16)
        if behaviour.peers > 0:
            room *= Fraction(max(2**8, self.peers_most), 2**8)
        if not behaviour.bad:
            room *= 1 + Fraction(self.reward_most, 2**16)
        return math.ceil(256 * room)

    def _sight(self):
        self.sensors_of = [[s for s in self.sensors if s.in_force and b.name in s.sees] for b in self.behaviours]
        self.seen = [
            [[q(32, 1 - (1 - s.sees[b.name] * level / 15) ** b.weight) for level in range(16)] for s in sensors]
            for b, sensors in zip(self.behaviours, self.sensors_of, strict=True)
        ]
        self.p_law = []
        for domain in range(4):
            mass = caught = Fraction(0)
            for b in self.behaviours:
                if b.bad and b.domain == domain:
                    unseen = Fraction(1)
                    for s in self.sensors_of[b.number]:
                        if s.ordinary:
                            covered = self.urban_share * s.coverage[1] + (1 - self.urban_share) * s.coverage[0]
                            unseen *= (1 - s.sees[b.name] * covered) ** b.weight
                    m = (b.male + b.female) / 2 / b.weight
                    mass += m
                    caught += m * (1 - unseen)
            self.p_law.append(min(65535, q(16, caught / mass)) if mass else 0)
        self.false = []  # (sensor, F, threshold for those not of the group, bad behaviours it sees)
        numbers = {b.name: b for b in self.behaviours}
        for s in self.sensors:
            bad = [numbers[name] for name in s.sees if numbers[name].bad]
            if s.in_force and s.false_positive > 0 and bad:
                self.false.append((s, q(32, s.false_positive * s.bias), q(32, 1 / s.bias), bad))

    def _psychology(self):
        deterrence = self.coefficients["deterrence"]
        self.form = deterrence["form"]
        self.e_p = q(8, deterrence["certainty"])
        self.e_l = q(8, deterrence["severity"])
        self.threshold = q(16, deterrence["threshold"])
        self.l_0 = max(1, q(12, deterrence["full_certainty_loss"]))
        self.largest_gain = q(12, deterrence["largest_gain"])
        self.expneg = [q(16, exp(Fraction(-k, 256))) for k in range(4096)]
        self.reward_pull = q(8, self.coefficients["reward"]["reward_pull"])
        self.foresight = q(0, self.coefficients["reward"]["foresight"])
        self.effort = q(20, self.coefficients["reward"]["effort"])
        wrongful = self.coefficients.get("wrongful")
        self.stale_after = wrongful["stale_after"] if wrongful else math.inf

    def deterrence(self, p, p_law, loss):
        """The share of wished bad acts that are still done, Q16; p and p_law in Q16, loss in Q12 of a year's income."""
        if loss == 0:
            return 65536
        if self.form == "uniform_gain":
            return 65536 - min(65536, (p * loss) // self.largest_gain)
        if self.form != "exponential":
            raise ValueError(self.form)
        dp = max(0, p - max(p_law, self.threshold))
        certainty = ((self.e_p * dp) >> 8) * min(loss, self.l_0) // self.l_0
        severity = (self.e_l * p * loss) >> 20
        return self.expneg[min(4095, (certainty + severity) >> 8)]

    def line(self):
        return q(0, self.coefficients["life"]["poverty_line"])

    def trust_base(self, urban):
        return q(0, 255 * self.coefficients["life"]["trust_urban" if urban else "trust_rural"])

    def opinion_base(self, person):
        o = self.coefficients["life"]["opinion"]
        opinion = (
            o["base"]
            + o["age"] * (band(person.age) - 4)
            + o["income"] * (person.fifth - 2)
            + o["education"] * (person.education - 1)
            + o["urban"] * (1 if person.urban else 0)
        )
        return clamp(q(0, 255 * opinion), 0, 255)


class InstrumentTables:
    """What one instrument makes of grades: what they do to services, and what they are worth."""

    def __init__(self, instrument, tables):
        self.instrument = instrument
        coefficients, services = tables.coefficients, tables.services
        names = {service.name: service.number for service in services}
        grades = range(len(instrument.bands))
        self.denies = [[False for _ in grades] for _ in services]
        self.days = [[0 for _ in grades] for _ in services]
        self.percent = [[0 for _ in grades] for _ in services]
        self.first = [[False for _ in grades] for _ in services]
        effect = [[Fraction(0) for _ in grades] for _ in services]
        delay_cost, priority_worth = coefficients["services"]["delay_cost"], coefficients["services"]["priority_worth"]
        for each in instrument.consequences:
            v = names[each["service"]]
            service = services[v]
            for g in each["grades"]:
                match each["effect"]:
                    case "deny":
                        self.denies[v][g] = True
                    case "delay":
                        self.days[v][g] = max(self.days[v][g], each["days"])
                        effect[v][g] -= service.worth * min(1, delay_cost * each["days"])
                    case "surcharge":
                        self.percent[v][g] += each["percent"]
                        effect[v][g] -= service.price * each["percent"] / 100
                    case "discount":
                        self.percent[v][g] -= each["percent"]
                        effect[v][g] += service.price * each["percent"] / 100
                    case "priority":
                        self.first[v][g] = True
                        effect[v][g] += service.worth * priority_worth
                    case other:
                        raise ValueError(other)
        self.midpoint = [(low + high) // 2 for low, high in instrument.bands]
        self.value = []
        for age_band, _, urban in CELLS:
            row = []
            for g in grades:
                worth = Fraction(0)
                for v, service in enumerate(services):
                    want = service.wants * service.profile[age_band] * (service.urban if urban else 1)
                    worth += want * (-service.worth if self.denies[v][g] else effect[v][g])
                worth += sum(instrument.channels[c].worth for c in instrument.shows(g))
                row.append(q(0, worth))
            self.value.append(row)
        horizon = coefficients["past"]["past_horizon"]
        self.horizon = int(horizon)
        self.duration = []
        for rule in instrument.rules:
            if instrument.is_list:
                days = horizon if rule.term is None else rule.term
            else:
                days = rule.life(horizon)
                if rule.grade is not None:
                    days = max(days, rule.term)
            d, t = coefficients["deterrence"]["discount_rate"], Fraction(days) / 365
            self.duration.append(q(8, (1 - exp(-d * t)) / d if d else t))
        self.open = [
            [q(16, 1 - b.door_share) if b.door and self.denies[names[b.door]][g] else 65536 for g in grades]
            for b in tables.behaviours
        ]
        self.reaches = [s.name in instrument.reach for s in tables.sensors]
        self.qbar = {
            (rule.number, b, urban): self._qbar(rule, tables.behaviours[b], urban, tables)
            for rule in instrument.rules
            for b in rule.behaviours
            for urban in (0, 1)
        }
        awareness = coefficients["awareness"]
        share = {"published": Fraction(1), "partly": awareness["partly_known"], "secret": Fraction(0)}
        consent = instrument.consent
        knows = 1 if consent else awareness["awareness"]
        self.aware_at_start = q(32, knows * share[instrument.transparency])
        response = [exp(consent.slope * z) for z in Z] if consent else []
        self.agrees = [min(2**32, q(32, consent.share * each * 16 / sum(response))) for each in response]
        self.family = [service.name in instrument.family for service in services]
        self.weighed = [instrument.rule_weighed(b.number) for b in tables.behaviours]
        wrongful = coefficients.get("wrongful")
        self.ground = {
            (rule.number, b): self._ground(rule, tables.behaviours[b], wrongful)
            for rule in instrument.rules
            for b in rule.behaviours
        }

    def _qbar(self, rule, behaviour, urban, tables):
        """How likely an act of the past has come under a rule, Q16: by a sensor or by the court."""

        def takes(sensor):
            return self.reaches[sensor.number] and self.instrument.rule_for(behaviour.number, sensor.number) is rule

        missed = Fraction(1)
        for s in tables.sensors_of[behaviour.number]:
            if takes(s):
                missed *= (1 - s.sees[behaviour.name] * s.coverage[urban]) ** behaviour.weight
        if behaviour.suit is not None and any(s.name == "court" and takes(s) for s in tables.sensors):
            missed *= 1 - behaviour.suit
        return q(16, 1 - missed)

    def _ground(self, rule, behaviour, wrongful):
        """The kind (section 12) of a ledger entry whose record is true: whether the rule itself wrongs."""
        if behaviour.protected or rule.baseless:
            return NO_BASIS
        if wrongful is None or (rule.points >= 0 and rule.grade is None):
            return TRUE
        start = self.instrument.start
        loss = ((self._mean_worth(start) - self._mean_worth(self.held(start, rule))) * self.duration[rule.number]) >> 8
        measure = q(0, wrongful["proportion"] * behaviour.harm * behaviour.weight)
        return OUT_OF_PROPORTION if loss > measure else TRUE

    def held(self, score, rule):
        """The score after a rule's points, under its override if it has one."""
        after = score + rule.points
        return after if rule.grade is None else min(after, self.midpoint[rule.grade])

    def _mean_worth(self, score):
        """W(s): V(cell, s) over the cells of adults."""
        cells = [cell for cell, (age_band, _, _) in enumerate(CELLS) if age_band >= 2]
        return sum(self.worth(cell, score) for cell in cells) // len(cells)

    def worth(self, cell, score):
        """V(cell, s): the worth of a score, between the midpoints of the grades on a straight line."""
        m, v = self.midpoint, self.value[cell]
        if score <= m[0]:
            return v[0]
        if score >= m[-1]:
            return v[-1]
        j = next(j for j in range(len(m)) if m[j] <= score < m[j + 1])
        return v[j] + ((v[j + 1] - v[j]) * (score - m[j])) // (m[j + 1] - m[j])

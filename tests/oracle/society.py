"""Sections 2, 3 and 6: places, people, and how they start."""

from dataclasses import dataclass, field

from .agenda import OVERRIDE_ENDS, POINTS_EXPIRE, WINDOW_ENDS, Diary
from .draws import ATTRIBUTE, HOME, HOUSEHOLD, PAST, PERSON, PLACE, START, TRAIT, clamp, q, sround
from .files import BANDS, BIT, CHANNELS
from .tables import band

RURAL_URBAN = ("rural", "urban")


@dataclass(slots=True, eq=False)
class Account:
    """A person under one instrument."""

    in_scope: bool
    raw: int
    counters: list[int] = field(default_factory=lambda: [0] * 8)
    overrides: list[int] = field(default_factory=lambda: [0, 0])
    standing: int = 0
    marks: int = 0
    aware: bool = False

    def score(self, instrument):
        return clamp(self.raw, instrument.lowest, instrument.highest)

    def active_overrides(self, instrument):
        """The grades that active overrides hold the person down to, lowest first."""
        return [grade for grade, nibble in zip(instrument.override_grades, self.overrides, strict=False) if nibble > 0]

    def renew(self, instrument):
        self.standing = min([instrument.grade(self.score(instrument)), *self.active_overrides(instrument)])

    def earn(self, points):
        self.raw = clamp(self.raw + points, -30000, 30000)

    def drop(self, nibble):
        """One override less, if there is one; returns whether there was."""
        held = self.overrides[nibble] > 0
        self.overrides[nibble] -= held
        return held

    def effective_score(self, instrument, midpoint):
        return min([self.score(instrument), *[midpoint[grade] for grade in self.active_overrides(instrument)]])


@dataclass(slots=True, eq=False)
class Person:
    slot: int
    number: int  # among all people, in slot order
    h: int
    rank: int  # in the neighbourhood
    district: int
    district_rank: int  # among the people of the district
    local: int  # slot within the district
    urban: bool
    age: int
    female: bool
    household: int = 0
    home: list["Person"] = field(default_factory=list)  # everybody in the household, in slot order
    flags: int = 0
    education: int = 0
    income_rank: int = 0
    fifth: int = 0
    traits: list[int] = field(default_factory=list)
    rate_cell: int = 0
    group_cell: int = 0
    base: list[int] = field(default_factory=list)
    ceiling: list[int] = field(default_factory=list)
    gate: int = 0
    belief: list[int] = field(default_factory=list)
    experience: int = 0
    income: int = 128
    hardship: int = 0
    trust: int = 0
    opinion: int = 0
    motive: int = 128
    accounts: list[Account] = field(default_factory=list)
    in_stock: bool = False  # on a list from the start

    def has(self, bits):
        return self.flags & bits == bits


@dataclass(slots=True, eq=False)
class Neighbourhood:
    number: int
    urban: bool
    levels: list[int]
    peers: list[int]  # the N factors
    acts: list[int]  # of the behaviours, since the last exchange
    shown: list[int] = field(default_factory=lambda: [0] * len(CHANNELS))
    people: list[Person] = field(default_factory=list)


class Society:
    def __init__(self, setting, tables, draw):
        self.setting, self.tables, self.draw = setting, tables, draw
        self.neighbourhoods, self.districts, self.people = [], [], []
        self._lay_out()
        for person in self.people:
            self._draw_attributes(person)
            self._renew_cells(person)
            self._renew_rates(person)
        ceilings = sum(sum(person.ceiling) for person in self.people)
        if ceilings * 100 > 8 * 2**32 * len(self.people) or max(person.gate for person in self.people) > 32768:
            raise ValueError("the ceilings are too high")
        self.diary = Diary()
        for person in self.people:
            self._start(person)
            self._stock(person)

    def _lay_out(self):
        society, n = self.setting.society, self.setting.people
        h_count = -(-n // int(society["neighbourhood_size"]))
        urban_count = q(0, h_count * society["urban_share"])
        d_count = -(-h_count // int(society["district_neighbourhoods"]))
        h = 0
        for d in range(d_count):
            first = h
            district = []
            for h in range(first, first + h_count // d_count + (1 if d < h_count % d_count else 0)):
                urban = h < urban_count
                levels = []
                for s in self.setting.sensors:
                    w = self.draw(PLACE, h, s.number, 0)
                    levels.append(clamp((q(32, 15 * s.coverage[urban]) + w[0]) >> 32, 0, 15))
                kinds = len(self.setting.behaviours)
                place = Neighbourhood(h, urban, levels, [256] * kinds, [0] * kinds)
                self._people(place, n // h_count + (1 if h < n % h_count else 0), d, 1024 * first, district)
                self.neighbourhoods.append(place)
            self.districts.append(district)
            h += 1

    def _people(self, place, n, d, district_slot, district):
        """Ages and sexes, households, and the people in their slots."""
        first = 1024 * place.number
        province = self.setting.population["age_sex"][self.setting.society["province"]]
        counts = [c for pair in zip(province["male"], province["female"], strict=True) for c in pair]
        bounds = [2**32 * sum(counts[: k + 1]) // sum(counts) for k in range(42)]
        ages, sexes = [], []
        for r in range(n):
            w = self.draw(PERSON, first + r, 0, 0)
            k = next(k for k in range(42) if w[0] < bounds[k])
            ages.append(100 if k >= 40 else 5 * (k // 2) + ((w[1] * 5) >> 32))
            sexes.append(k % 2)
        shares = self.setting.population["household_size"]
        bounds = [q(32, sum(shares[: z + 1])) for z in range(6)]
        bounds[-1] = 2**32
        sizes = []
        while sum(sizes) < n:
            w = self.draw(HOUSEHOLD, first + len(sizes), 0, 0)
            size = 1 + next(z for z in range(6) if w[0] < bounds[z])
            sizes.append(min(size, n - sum(sizes)))
        for members in households(ages, sexes, sizes):
            home = []
            for position, r in enumerate(members):
                slot = first + len(place.people)
                person = Person(
                    slot=slot,
                    number=len(self.people),
                    h=place.number,
                    rank=len(place.people),
                    district=d,
                    district_rank=len(district),
                    local=slot - district_slot,
                    urban=place.urban,
                    age=ages[r],
                    female=bool(sexes[r]),
                    household=position << 4 | len(members),
                    home=home,
                )
                for group in (home, place.people, district, self.people):
                    group.append(person)

    def _draw_attributes(self, person):
        society, population = self.setting.society, self.setting.population
        home = person.home[0].slot
        a, b = self.draw(HOME, home, 0, 0), self.draw(HOME, home, 1, 0)
        v, x = self.draw(ATTRIBUTE, person.slot, 0, 0), self.draw(ATTRIBUTE, person.slot, 1, 0)
        age_band = band(person.age)
        flags = BIT["female"] * person.female | BIT["urban"] * person.urban
        if b[0] < q(32, society["minority_share"]):
            flags |= BIT["minority"]
        if b[1] < q(32, society["migrant_share"]):
            flags |= BIT["migrant"]

        if age_band >= 2:
            e = a[0] if v[0] < q(32, population["education_homogamy"]) else v[1]
            shares = population["education"][RURAL_URBAN[person.urban]][BANDS[age_band]]
            person.education = sum(e >= q(32, min(1, sum(shares[: z + 1]))) for z in range(3))

        y = a[0] if a[3] < q(32, population["income_education"]) else a[1]
        u, k = society["urban_share"], population["income_urban"]
        if 0 < u < 1:
            if k * (1 - u) / u > 1:
                raise ValueError("income_urban is too high for this urban_share")
            if not person.urban and b[2] < q(32, k):
                y = min(y, a[2])
            if person.urban and b[2] < q(32, k * (1 - u) / u):
                y = max(y, a[2])
        person.income_rank = y >> 22
        person.fifth = (person.income_rank * 5) >> 10

        words = {"driver": v[2], "borrower": v[3], "online": x[0], "working": x[1], "dog_owner": b[3]}
        words["public_servant"] = x[2]
        for name, word in words.items():
            bound = self._flag_bound(name, age_band, person.female, person.urban)
            if word < bound and (name != "public_servant" or flags & BIT["working"]):
                flags |= BIT[name]
        college, minority = person.education == 3, bool(flags & BIT["minority"])
        if x[3] < self._party_bound(person.age, person.female, college, minority):
            flags |= BIT["party"]
        person.flags = flags

        person.traits = [word >> 28 for word in self.draw(TRAIT, person.slot, 0, 0)]

    def _flag_bound(self, name, age_band, female, urban):
        entry = self.setting.population["flags"][name]
        p = entry["share"][age_band] * entry["female" if female else "male"] * entry["urban" if urban else "rural"]
        return q(32, min(1, p))

    def _party_bound(self, age, female, college, minority):
        party = self.setting.population["party"]
        p = next((entry["rate"] for entry in party["by_age"] if age <= entry["to"]), 0)
        p *= party["female" if female else "male"]
        p *= party["college" if college else "other"]
        p *= party["minority" if minority else "majority"]
        return q(32, min(1, p))

    def _renew_cells(self, person):
        person.rate_cell = band(person.age) * 4 + person.female * 2 + person.urban
        cell = sum(person.age >= least for least in (18, 40, 60))
        for flag in ("female", "urban", "minority", "migrant"):
            cell = cell * 2 + person.has(BIT[flag])
        person.group_cell = (cell * 5 + person.fifth) * 2 + person.has(BIT["party"])

    def _renew_rates(self, person):
        tables = self.tables
        person.base = []
        for number, kind in enumerate(tables.kinds):
            level = person.traits[kind.trait] if number < len(tables.behaviours) else 0
            rate = (tables.a[number][person.rate_cell] * tables.t[number][level]) >> 16
            person.base.append(rate if person.has(kind.requires) else 0)
        person.ceiling = [(base * room) >> 8 for base, room in zip(person.base, tables.room, strict=True)]
        person.gate = (sum(person.ceiling) + 65535) >> 16

    def new_year(self):
        for person in self.people:
            person.age = min(100, person.age + 1)
            self._renew_cells(person)
            self._renew_rates(person)

    # Section 6

    def income_now(self, person):
        return (self.tables.income[person.income_rank] * person.income) >> 7

    def hardship_target(self, person):
        line, income = self.tables.line(), self.income_now(person)
        return 0 if income >= line else (255 * (line - income)) // line

    def _start(self, person):
        tables = self.tables
        w = self.draw(START, person.slot, 0, 0)
        person.belief = [sround(p_law * 255, 65536, word) for p_law, word in zip(tables.p_law, w, strict=True)]
        person.hardship = self.hardship_target(person)
        person.trust = tables.trust_base(person.urban)
        person.opinion = tables.opinion_base(person)
        for k, table in enumerate(tables.instruments):
            instrument = table.instrument
            in_scope = person.age >= instrument.min_age and (instrument.migrants or not person.has(BIT["migrant"]))
            in_scope = in_scope and not any(person.has(BIT[status]) for status in instrument.exempt)
            account = Account(in_scope, instrument.start)
            person.accounts.append(account)
            if in_scope:
                account.marks = 1
                account.aware = self.draw(START, person.slot, 1 + k, 0)[0] < table.aware_at_start
                self._past(person, k, table, account)
            account.renew(instrument)

    def _past(self, person, k, table, account):
        choices, total = [], 0  # choices: (cumulative m, rule, T)
        for rule in table.instrument.rules:
            span = max(rule.life(table.horizon), rule.term or 0, rule.window)
            for b in rule.behaviours:
                total += ((person.base[b] * table.qbar[b, person.urban]) >> 16) * span
                choices.append((total, rule, span))
        total = min(total, 2**36 - 1)
        count = min(15, (total + self.draw(PAST, person.slot, 64 * k, 0)[0]) >> 32)
        for e in range(count):
            w = self.draw(PAST, person.slot, 64 * k + 1 + e, 0)
            x = (w[0] * (total >> 8)) >> 24
            chosen = next(((rule, span) for bound, rule, span in choices if x < bound), None)
            if chosen is None:
                continue
            rule, span = chosen
            ago = (w[1] * span) >> 32
            c = rule.counter
            if c is not None and ago < rule.window:
                if rule.kind == "cap" and account.counters[c] >= rule.most:
                    continue
                if account.counters[c] < 15:
                    account.counters[c] += 1
                    self.diary.end(rule.window - ago, person, WINDOW_ENDS, k, rule)
            if rule.expires is None or ago < rule.expires:
                account.earn(rule.points)
                if rule.points != 0 and rule.expires is not None:
                    self.diary.end(rule.expires - ago, person, POINTS_EXPIRE, k, rule, rule.points)
            lasting = rule.term is None or ago < rule.term
            if rule.grade is not None and lasting and account.overrides[rule.nibble] < 15:
                account.overrides[rule.nibble] += 1
                if rule.term is not None:
                    self.diary.end(rule.term - ago, person, OVERRIDE_ENDS, k, rule)

    def _stock(self, person):
        """Who is on a list from the start, and what the standings under some instruments mean for others."""
        word = self.draw(PAST, person.slot, 63, 0)[0]
        for instrument, account in zip(self.setting.instruments, person.accounts, strict=True):
            if instrument.is_list and account.in_scope and word < q(32, instrument.stock):
                account.overrides[0] += 1
                account.renew(instrument)
                person.in_stock = True
        for instrument, account in zip(self.setting.instruments, person.accounts, strict=True):
            if account.in_scope:
                for feed in instrument.feeds:
                    account.overrides[feed.nibble] += person.accounts[feed.source].standing <= feed.grade
                account.renew(instrument)


def households(ages, sexes, sizes):
    """Who lives with whom: for every household the ranks of its people, in the order in which they are stored."""
    n, count = len(ages), len(sizes)
    adults = [r for r in range(n) if ages[r] >= 20]
    if len(adults) < count:
        raise ValueError("fewer adults than households")
    heads, free = adults[:count], adults[count:]
    partner = [None] * count

    for sex in (0, 1):
        seeking = [k for k in range(count) if sexes[heads[k]] == sex and sizes[k] >= 2]
        seeking.sort(key=lambda k: (ages[heads[k]], heads[k]))
        found = sorted((r for r in free if sexes[r] != sex), key=lambda r: (ages[r], r))
        pairs = min(len(seeking), len(found))
        for p in range(pairs):
            partner[seeking[(p * len(seeking)) // pairs]] = found[(p * len(found)) // pairs]
        free = [r for r in free if r not in partner]

    lists = [[], []]
    for k in sorted(range(count), key=lambda k: (ages[heads[k]], k)):
        rooms = sizes[k] - 1 - (0 if partner[k] is None else 1)
        lists[0 if 22 <= ages[heads[k]] <= 59 else 1] += [k] * rooms
    first, all_rooms = len(lists[0]), lists[0] + lists[1]
    children = sorted((r for r in range(n) if ages[r] < 20), key=lambda r: (ages[r], r))
    if len(children) > len(all_rooms):
        raise ValueError("fewer rooms than children")
    spread = len(children) <= first
    taken = {((c * first) // len(children) if spread else c): r for c, r in enumerate(children)}
    left = [room for room in range(len(all_rooms)) if room not in taken]
    taken.update(zip(left, free, strict=True))

    others = [[] for _ in range(count)]
    for room, r in taken.items():
        others[all_rooms[room]].append(r)
    stored = []
    for k in range(count):
        couple = [heads[k]] if partner[k] is None else [heads[k], partner[k]]
        stored.append(couple + sorted(others[k], key=lambda r: (-ages[r], r)))
    return stored

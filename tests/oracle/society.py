"""Sections 2, 3 and 6: places, people, and how they start."""

from dataclasses import dataclass, field

from .agenda import OVERRIDE_ENDS, POINTS_EXPIRE, WINDOW_ENDS, Diary
from .draws import ATTRIBUTE, HOME, HOUSEHOLD, PAST, PERSON, PLACE, START, TRAIT, clamp, q, sround
from .files import BANDS, BIT, CHANNELS, FOREIGNER, MIGRANT, PERMIT_HOLDER, RESIDENT
from .places import Region, units, urban_before
from .repair import look_back
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
    region: Region
    age: int
    female: bool
    household: int = 0
    home: list["Person"] = field(default_factory=list)  # everybody in the household, in slot order
    flags: int = 0
    registration: str = RESIDENT
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

    @property
    def tables(self):
        return self.region.tables

    @property
    def instruments(self):
        """Those in force where the person lives; a k counts them."""
        return self.region.setting.instruments


@dataclass(slots=True, eq=False)
class Neighbourhood:
    number: int
    urban: bool
    region: Region
    levels: list[int]
    peers: list[int]  # the N factors
    acts: list[int]  # of the behaviours, since the last exchange
    shown: list[int] = field(default_factory=lambda: [0] * len(CHANNELS))
    people: list[Person] = field(default_factory=list)


class Society:
    def __init__(self, files, regions, draw, month):
        """`month` is the number of the month of day 0."""
        self.files, self.regions, self.draw, self.month = files, regions, draw, month
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
        for person in self.people:
            self._live_past(person)
        for person in self.people:
            self._stock(person)

    def _lay_out(self):
        society = self.files.society
        size, per_district = int(society["neighbourhood_size"]), int(society["district_neighbourhoods"])
        run = units(self.files)
        in_province, before = {}, {}
        for unit in run:
            in_province[unit.province] = in_province.get(unit.province, 0) - (-unit.people // size)
        for unit in run:
            h_count, h_p = -(-unit.people // size), in_province[unit.province]
            region = self.regions.of(unit.province, unit.places)
            e = before.get(unit.province, 0)
            before[unit.province] = e + h_count
            urban_share, spread = region.setting.province["urban_share"], society.get("unit_urban_spread", 0)
            urban_count = urban_before(e + h_count, h_p, urban_share, spread) - urban_before(
                e, h_p, urban_share, spread
            )
            sizes = [unit.people // h_count + (r < unit.people % h_count) for r in range(h_count)]
            d_count = -(-h_count // per_district)
            r = 0
            for d in range(d_count):
                district, first = [], len(self.neighbourhoods)
                for _ in range(h_count // d_count + (d < h_count % d_count)):
                    self._neighbourhood(unit, region, r < urban_count, sizes[r], first, district)
                    r += 1
                self.districts.append(district)

    def _neighbourhood(self, unit, region, urban, n, first, district):
        """A neighbourhood with its n people; `first` is the first neighbourhood of its district."""
        h = len(self.neighbourhoods)
        levels = []
        for s in region.setting.sensors:
            w = self.draw(PLACE, h, s.number, 0)
            levels.append(clamp((q(32, 15 * s.coverage[urban]) + w[0]) >> 32, 0, 15))
        kinds = len(region.setting.behaviours)
        place = Neighbourhood(h, urban, region, levels, [256] * kinds, [0] * kinds)
        self.neighbourhoods.append(place)
        self._people(place, unit.province, n, 1024 * first, district)

    def _people(self, place, province, n, district_slot, district):
        """Ages and sexes, households, and the people in their slots."""
        first = 1024 * place.number
        counts = self.files.census(province)
        bounds = [2**32 * sum(counts[: k + 1]) // sum(counts) for k in range(42)]
        ages, sexes = [], []
        for r in range(n):
            w = self.draw(PERSON, first + r, 0, 0)
            k = next(k for k in range(42) if w[0] < bounds[k])
            ages.append(100 if k >= 40 else 5 * (k // 2) + ((w[1] * 5) >> 32))
            sexes.append(k % 2)
        shares = place.region.setting.population["household_size"]
        bounds = [q(32, sum(shares[: z + 1])) for z in range(6)]
        bounds[-1] = 2**32
        sizes = []
        while sum(sizes) < n:
            w = self.draw(HOUSEHOLD, first + len(sizes), 0, 0)
            size = 1 + next(z for z in range(6) if w[0] < bounds[z])
            sizes.append(min(size, n - sum(sizes)))
        sizes = with_heads(sizes, sum(age >= 20 for age in ages))
        for members in households(ages, sexes, sizes):
            home = []
            for position, r in enumerate(members):
                slot = first + len(place.people)
                person = Person(
                    slot=slot,
                    number=len(self.people),
                    h=place.number,
                    rank=len(place.people),
                    district=len(self.districts),
                    district_rank=len(district),
                    local=slot - district_slot,
                    urban=place.urban,
                    region=place.region,
                    age=ages[r],
                    female=bool(sexes[r]),
                    household=position << 4 | len(members),
                    home=home,
                )
                for group in (home, place.people, district, self.people):
                    group.append(person)

    def _draw_attributes(self, person):
        province, population = person.region.setting.province, person.region.setting.population
        home = person.home[0].slot
        a, b = self.draw(HOME, home, 0, 0), self.draw(HOME, home, 1, 0)
        v, x = self.draw(ATTRIBUTE, person.slot, 0, 0), self.draw(ATTRIBUTE, person.slot, 1, 0)
        age_band = band(person.age)
        flags = BIT["female"] * person.female | BIT["urban"] * person.urban
        if b[0] < q(32, province["minority_share"]):
            flags |= BIT["minority"]
        if b[1] < q(32, province["migrant_share"]):
            flags |= BIT["migrant"]

        if age_band >= 2:
            e = a[0] if v[0] < q(32, population["education_homogamy"]) else v[1]
            shares = population["education"][RURAL_URBAN[person.urban]][BANDS[age_band]]
            person.education = sum(e >= q(32, min(1, sum(shares[: z + 1]))) for z in range(3))

        y = a[0] if a[3] < q(32, population["income_education"]) else a[1]
        u, k = province["urban_share"], population["income_urban"]
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
            bound = self._flag_bound(population, name, age_band, person.female, person.urban)
            if word < bound and (name != "public_servant" or flags & BIT["working"]):
                flags |= BIT[name]
        college, minority = person.education == 3, bool(flags & BIT["minority"])
        if x[3] < self._party_bound(population, person.age, person.female, college, minority):
            flags |= BIT["party"]
        person.flags = flags
        person.registration = self._registration(population["registration"], person)

        person.traits = [word >> 28 for word in self.draw(TRAIT, person.slot, 0, 0)]

    def _registration(self, shares, person):
        """What somebody is registered as, for good."""
        if not person.has(BIT["migrant"]):
            return RESIDENT
        z = self.draw(ATTRIBUTE, person.slot, 2, 0)
        of_here = any(person.has(BIT[name]) for name in ("minority", "party", "public_servant"))
        if z[0] < q(32, shares["foreign"]) and not of_here:
            return FOREIGNER
        return PERMIT_HOLDER if z[1] < q(32, shares["permit"]) else MIGRANT

    def _flag_bound(self, population, name, age_band, female, urban):
        entry = population["flags"][name]
        p = entry["share"][age_band] * entry["female" if female else "male"] * entry["urban" if urban else "rural"]
        return q(32, min(1, p))

    def _party_bound(self, population, age, female, college, minority):
        party = population["party"]
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
        tables = person.tables
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
        return (person.tables.income[person.income_rank] * person.income) >> 7

    def hardship_target(self, person):
        line, income = person.tables.line(), self.income_now(person)
        return 0 if income >= line else (255 * (line - income)) // line

    def _start(self, person):
        tables = person.tables
        w = self.draw(START, person.slot, 0, 0)
        person.belief = [sround(p_law * 255, 65536, word) for p_law, word in zip(tables.p_law, w, strict=True)]
        person.hardship = self.hardship_target(person)
        person.trust = tables.trust_base(person.urban)
        person.opinion = tables.opinion_base(person)
        for k, table in enumerate(tables.instruments):
            instrument = table.instrument
            in_scope = person.age >= instrument.min_age and person.registration in instrument.covers
            in_scope = in_scope and person.has(instrument.requires)
            in_scope = in_scope and not any(person.has(BIT[status]) for status in instrument.exempt)
            if instrument.consent:
                level = person.traits[instrument.consent.trait]
                in_scope = in_scope and self.draw(START, person.slot, 1 + k, 0)[1] < table.agrees[level]
            account = Account(in_scope, instrument.start)
            person.accounts.append(account)
            if in_scope:
                account.marks = 1
                account.aware = self.draw(START, person.slot, 1 + k, 0)[0] < table.aware_at_start

    def _live_past(self, person):
        for k, (table, account) in enumerate(zip(person.tables.instruments, person.accounts, strict=True)):
            if account.in_scope:
                past = self._past(person, k, table)
                for rule, ago in past:
                    self._relive(person, k, account, rule, ago)
                if table.instrument.method:
                    faults = [(rule.number, ago) for rule, ago in past]
                    table.instrument.method.begin(person, account, faults, self.month)

    def _past(self, person, k, table):
        """The records of the time before, in the order of their draws: rule, and days ago."""
        method, found = table.instrument.method, []
        choices, total = [], 0  # choices: (cumulative m, rule, T)
        for rule in table.instrument.rules:
            span = max(rule.life(table.horizon), rule.term or 0, rule.window)
            if method:
                span = method.span(rule.number)
            for b in rule.behaviours:
                total += ((person.base[b] * table.qbar[rule.number, b, person.urban]) >> 16) * span
                choices.append((total, rule, span))
        total = min(total, 2**36 - 1)
        count = min(15, (total + self.draw(PAST, person.slot, 64 * k, 0)[0]) >> 32)
        for e in range(count):
            w = self.draw(PAST, person.slot, 64 * k + 1 + e, 0)
            x = (w[0] * (total >> 8)) >> 24
            chosen = next(((rule, span) for bound, rule, span in choices if x < bound), None)
            if chosen is not None:
                rule, span = chosen
                found.append((rule, (w[1] * span) >> 32))
        return found

    def _relive(self, person, k, account, rule, ago):
        """What a record of so many days ago has left behind."""
        c, left = rule.counter, False
        if c is not None and ago < rule.window:
            if rule.kind == "cap" and account.counters[c] >= rule.most:
                return
            if account.counters[c] < 15:
                account.counters[c] += 1
                left = rule.reckoned
                self.diary.end(rule.window - ago, person, WINDOW_ENDS, k, rule)
        if not rule.reckoned and (rule.expires is None or ago < rule.expires):
            account.earn(rule.points)
            left = rule.points < 0
            if rule.points != 0 and rule.expires is not None:
                self.diary.end(rule.expires - ago, person, POINTS_EXPIRE, k, rule, rule.points)
            self._share(person, k, rule, ago)
        lasting = rule.term is None or ago < rule.term
        if rule.grade is not None and lasting and account.overrides[rule.nibble] < 15:
            account.overrides[rule.nibble] += 1
            left = True
            if rule.term is not None:
                self.diary.end(rule.term - ago, person, OVERRIDE_ENDS, k, rule)
        if left:
            look_back(self.diary, person, k, person.instruments[k], rule, ago)

    def _share(self, person, k, rule, ago):
        """What a record of so many days ago has left behind for the others of the household."""
        points = rule.echo(rule.points)
        for other in person.home:
            if points != 0 and other is not person and other.accounts[k].in_scope:
                other.accounts[k].earn(points)
                if rule.expires is not None:
                    self.diary.end(rule.expires - ago, other, POINTS_EXPIRE, k, rule, points)

    def _stock(self, person):
        """Who is on a list from the start, and what the standings under some instruments mean for others."""
        for instrument, account in zip(person.instruments, person.accounts, strict=True):
            account.renew(instrument)
        word = self.draw(PAST, person.slot, 63, 0)[0]
        for instrument, account in zip(person.instruments, person.accounts, strict=True):
            if instrument.is_list and account.in_scope and word < q(32, instrument.stock):
                account.overrides[0] += 1
                account.renew(instrument)
                person.in_stock = True
        for instrument, account in zip(person.instruments, person.accounts, strict=True):
            if account.in_scope:
                for feed in instrument.feeds:
                    account.overrides[feed.nibble] += person.accounts[feed.source].standing <= feed.grade
                account.renew(instrument)


def with_heads(sizes, adults):
    """Without a head a household is given up, and what it would hold goes to the others, one by one."""
    if adults >= len(sizes):
        return sizes
    if adults == 0:
        raise ValueError("no adult to head a household")
    kept = sizes[:adults]
    for extra in range(sum(sizes[adults:])):
        kept[extra % adults] += 1
    if max(kept) > 15:
        raise ValueError("too large a household")
    return kept


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

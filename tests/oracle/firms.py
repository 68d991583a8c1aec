"""Section 13: who the firms are, how they start, and whom they bind."""

from dataclasses import dataclass, field
from datetime import timedelta

from .agenda import BOUND
from .draws import FIRM, chance, q
from .files import BIT
from .firm_counts import FirmFlows, moment
from .firm_month import live_a_month
from .firm_rate import IN_SCOPE, PENALISED, REFUSED, Account
from .firm_tables import FirmTables
from .score import Scoring
from .society import Person


def month_number(date):
    return 12 * date.year + date.month - 1


@dataclass(slots=True, eq=False)
class Firm:
    slot: int
    number: int  # in the district
    representative: Person
    connected: bool
    newcomer: bool
    size: int
    sector: int
    cell: int
    employees: int
    base: list[int]
    accounts: list[Account]
    waits: int = 0  # for bills of public bodies, section 14
    did: int | None = None  # the behaviour of this month
    bound: dict[tuple[int, int], bool] = field(default_factory=dict)  # by instrument and binding

    @property
    def group(self):
        return 2 * self.cell + self.connected


@dataclass(slots=True, eq=False)
class District:
    tables: FirmTables
    numbers: list[int]  # in the run, of the instruments in force
    firms: list[Firm]


class Firms:
    """All firms of the run, by district."""

    def __init__(self, world, setting):
        """`setting` is that of all rulebooks together."""
        self.world, self.draw, self.setting = world, world.draw, setting
        self.districts = []
        for number, people in enumerate(world.society.districts):
            region = people[0].region
            firms = self._found(number, people, region.firms)
            self.districts.append(District(region.firms, region.firm_numbers, firms))
        self.driven = 0  # acts in occasions that waiting brought
        self._live_past()
        self.at_start = moment(self.setting, self.districts)

    def _found(self, number, people, tables):
        """The firms of a district on the morning of day 0."""
        setting, first = tables.setting, people[0].slot
        workers = [person for person in people if person.age >= setting.life["full_age"] and person.has(BIT["working"])]
        if not workers:
            return []
        enterprises = q(0, len(people) * setting.enterprises / 1000)
        count = enterprises + q(0, len(people) * setting.self_employed / 1000)
        employees = self._employees(number, people, enterprises)
        everything = sum(setting.shares)
        bounds = [q(32, sum(setting.shares[: y + 1]) / everything) for y in range(len(setting.shares))]
        firms = []
        for j in range(count):
            w = self.draw(FIRM, first + j, 0, 0)
            representative = workers[(w[0] * len(workers)) >> 32]
            sector = next(y for y, bound in enumerate(bounds) if w[1] < bound)
            size = 0
            if j < enterprises:
                size = max([1, *[x for x in range(2, len(setting.least)) if employees[j] >= setting.least[x]]])
            cell, level = tables.cell(size, sector), w[2] >> 28
            base = [(rate[cell] * t[level]) >> 16 for rate, t in zip(tables.rate, tables.t, strict=True)]
            if sum(base) > 2**30:
                raise ValueError("firms do too much")
            newcomer = chance(w[3], q(30, setting.life["newcomers"]))
            accounts = []
            for instrument in setting.instruments:
                in_scope = size in instrument.sizes and sector in instrument.sectors
                standing = instrument.grade(instrument.start, newcomer)
                accounts.append(Account(standing, in_scope=in_scope, marks=IN_SCOPE if in_scope else 0))
            firms.append(
                Firm(
                    slot=first + j,
                    number=j,
                    representative=representative,
                    connected=representative.has(BIT["party"]) or representative.has(BIT["public_servant"]),
                    newcomer=newcomer,
                    size=size,
                    sector=sector,
                    cell=cell,
                    employees=employees[j] if j < enterprises else 0,
                    base=base,
                    accounts=accounts,
                )
            )
        return firms

    def _employees(self, number, people, enterprises):
        """How many people work for each enterprise: clique by clique of workmates."""
        employees = [0] * enterprises
        if enterprises > 0:
            work, power = self.world.ties.wide[number][2], int(self.setting.life["concentration"])
            for person in people:
                if person.has(BIT["working"]):
                    g = work.forward(person.district_rank) // 5
                    a = self.draw(FIRM, people[0].slot + g, 1, 0)[0] >> 1
                    c = a
                    for _ in range(power - 1):
                        c = (c * a) >> 31
                    employees[(enterprises * c) >> 31] += 1
        return employees

    def _live_past(self):
        """The months before day 0, of which nothing is counted; then who is bound, without ledger and marks."""
        for district in self.districts:
            months = int(district.tables.setting.life["past_months"])
            for t in range(months):
                before = month_number(self.world.start) - months + t
                live_a_month(self.draw, district, 2**32 - months + t, before, None)
            for firm in district.firms:
                for account in firm.accounts:
                    account.marks &= ~(REFUSED | PENALISED)
        scoring = Scoring(self.world, 0)
        self.bind(scoring, marks=False)

    def live(self, day):
        """The month's end, before people are reckoned."""
        flows, month = FirmFlows(self.setting), month_number(self.world.start + timedelta(days=day))
        for district in self.districts:
            live_a_month(self.draw, district, day, month, flows)
        self.world.month.firm_flows = flows.flat()
        self.driven += flows.driven

    def bind(self, scoring, marks=True):
        """After people are reckoned: whose representatives are held to what their firm has earned."""
        for district in self.districts:
            setting = district.tables.setting
            binding = q(30, setting.life["binding"])
            for firm in district.firms:
                bindable = chance(self.draw(FIRM, firm.slot, 2, 0)[0], binding)
                person = firm.representative
                for k, instrument in enumerate(setting.instruments):
                    for n, each in enumerate(instrument.binds):
                        held, account = firm.accounts[k], person.accounts[each.instrument]
                        bound = bindable and held.in_scope and held.standing <= each.grade and account.in_scope
                        if bound != firm.bound.get((k, n), False):
                            firm.bound[k, n] = bound
                            hold(scoring, person, each.instrument, bound, marks)

    def end_month(self, scoring):
        """After people are reckoned."""
        self.bind(scoring)
        self.world.month.firm_moments = moment(self.setting, self.districts)


def hold(scoring, person, m, bound, marks):
    """Nibble 1 of a list of people rises or falls."""
    instrument, account = person.instruments[m], person.accounts[m]
    before = scoring.look(person, instrument)
    if bound and account.overrides[1] < 15:
        account.overrides[1] += 1
        if marks:
            account.marks |= 4
        moved = True
    else:
        moved = not bound and account.drop(1)
    if moved:
        scoring.enter(BOUND, person, instrument, before)

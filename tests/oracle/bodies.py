"""Section 14: what public bodies there are, and how they start."""

from dataclasses import dataclass, field
from datetime import timedelta

from .body_counts import BodyFlows, moment
from .body_files import BEHAVIOURS, Kind
from .body_month import live_a_month
from .body_tables import BodyTables
from .draws import BODY
from .files import BIT
from .firm_rate import IN_SCOPE, PENALISED, REFUSED
from .firms import Account, Firm, month_number
from .heads import bind, succeed
from .score import Scoring
from .society import Neighbourhood, Person
from .suppliers import count, supply, wait


@dataclass(slots=True, eq=False)
class Body:
    slot: int
    number: int  # in the district
    kind: Kind
    place: Neighbourhood | None  # whose it is; None: the district's
    integrity: int
    head: Person
    officials: int
    entered: int  # when in the course of months the term of the head is over
    accounts: list[Account]
    suppliers: list[Firm] = field(default_factory=list)
    owed: int = 0
    stuck: int = 0
    defied: int = 0
    beyond: int = 0
    bills: int = 0  # left unpaid so far
    doing: list[int] = field(default_factory=lambda: [0] * len(BEHAVIOURS))  # A, of this month
    arrived: int = 0
    forged: int = 0
    looked: int = 0  # records of extra looks, of this month
    extra: int = 0
    forge: int = 0
    bound: dict[tuple[int, int], Person | None] = field(default_factory=dict)  # who is, by instrument and binding
    inherited: set[tuple[int, int]] = field(default_factory=set)  # of these, those that a head came to


@dataclass(slots=True, eq=False)
class District:
    tables: BodyTables
    numbers: list[int]  # in the run, of the instruments in force
    bodies: list[Body]
    servants: list[Person] = field(default_factory=list)  # public servants of full age, V


class Bodies:
    """All public bodies of the run, by district."""

    def __init__(self, world, setting, firm_behaviours):
        """`setting` is that of all rulebooks together; `firm_behaviours`: how many of them there are."""
        self.world, self.draw, self.setting = world, world.draw, setting
        self.districts = []
        self.firm_behaviours = firm_behaviours
        for number, people in enumerate(world.society.districts):
            region = people[0].region
            servants = [person for person in people if person.age >= 18 and person.has(BIT["public_servant"])]
            bodies = self._found(people, servants, region.bodies)
            if world.firms:
                supply(self.draw, world.firms.districts[number].firms, bodies, region.bodies.setting.suppliers)
            self.districts.append(District(region.bodies, region.body_numbers, bodies, servants))
        self._live_past()
        self.at_start = moment(self.setting, self.districts)

    def _found(self, people, officials, tables):
        """The bodies of a district on the morning of day 0."""
        if not officials:
            return []
        places = [self.world.society.neighbourhoods[h] for h in sorted({person.h for person in people})]
        wanted = [
            (kind, place)
            for kind in tables.setting.kinds
            for place in (places if kind.of_neighbourhood else [None] * kind.per_district)
        ]
        bodies = []
        for j, (kind, place) in enumerate(wanted):
            slot = people[0].slot + j
            w = self.draw(BODY, slot, 0, 0)
            own = officials[j :: len(wanted)] or [officials[j % len(officials)]]
            accounts = []
            for instrument in tables.setting.instruments:
                in_scope, standing = kind.number in instrument.kinds, instrument.grade(instrument.start)
                accounts.append(Account(standing, in_scope=in_scope, marks=IN_SCOPE if in_scope else 0))
            bodies.append(
                Body(
                    slot=slot,
                    number=j,
                    kind=kind,
                    place=place,
                    integrity=w[2] >> 28,
                    head=own[(w[0] * len(own)) >> 32],
                    officials=len(own),
                    entered=(w[3] * tables.term) >> 32,
                    accounts=accounts,
                )
            )
        return bodies

    def _live_past(self):
        """The months before day 0, of which nothing is counted; then whom bodies bind, without ledger and marks."""
        months, first = self.setting.past_months, month_number(self.world.start)
        for district in self.districts:
            for t in range(months):
                day, month = 2**32 - months + t, first - months + t
                live_a_month(self.draw, district, day, month, flows=None, targets=False)
            for body in district.bodies:
                for account in body.accounts:
                    account.marks &= ~(REFUSED | PENALISED)
            wait(district.bodies)
            bind(Scoring(self.world, 0), district, marks=False)

    def live(self, day):
        """The month's end, before people are reckoned."""
        flows = BodyFlows(self.setting, self.firm_behaviours)
        month = month_number(self.world.start + timedelta(days=day))
        for district in self.districts:
            live_a_month(self.draw, district, day, month, flows, targets=True)
            count(district.bodies, flows)
            wait(district.bodies)
        self.world.month.body_flows = flows.flat()

    def end_month(self, scoring):
        """After people are reckoned, behind firms."""
        month = month_number(self.world.start + timedelta(days=scoring.day))
        for district in self.districts:
            succeed(self.draw, district, scoring.day, month)
            bind(scoring, district, marks=True)
        self.world.month.body_moments = moment(self.setting, self.districts)

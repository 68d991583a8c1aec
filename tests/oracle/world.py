"""The run."""

from datetime import timedelta

from .bodies import Bodies
from .court import Court
from .day import live_a_day
from .draws import Draws
from .files import Files
from .firms import Firms
from .month import Month, end_month
from .places import Regions
from .reckon import month_number
from .society import Account, Society
from .ties import Ties


class World:
    """`setting` and `tables` are of all rulebooks together; what people live under are those of their region.

    `where` names, for each rulebook, the places where it is in force; None stands for everywhere. `firms` and `bodies`
    say whether there are any, as in a baseline; by default, if a rulebook has instruments of them.
    """

    def __init__(
        self,
        parameters_dir,
        rulebooks,
        society,
        people,
        seed,
        start,
        overrides=None,
        where=None,
        firms=None,
        bodies=None,
    ):
        files = Files(parameters_dir, rulebooks, society, people, overrides or {})
        regions = Regions(files, where, firms, bodies)
        self.setting, self.tables = regions.whole().setting, regions.whole().tables
        self.start = start
        self.draw = Draws(seed)
        self.society = Society(files, regions, self.draw, month_number(start))
        self.ties = Ties(self.society, self.draw)
        self.diary = self.society.diary
        self.court = Court(self)
        self.court.stock()
        self.court.under_way()
        self.stories = []  # (source, domain), told at the next exchange
        self.news = []  # by instrument and neighbourhood
        self.last_exchange = -1
        self.entries = []
        self.months = []
        self.month = None
        firms = regions.whole().firms
        self.firms = Firms(self, firms.setting) if firms else None  # None: none live in the run
        bodies = regions.whole().bodies
        behaviours = len(files.trees["firms"]["behaviours"])
        self.bodies = Bodies(self, bodies.setting, behaviours) if bodies else None

    def run(self, days):
        """The whole run; the last day ends a month."""
        for day in range(days):
            date = self.start + timedelta(days=day)
            if self.month is None:
                self.month = Month(self.setting)
            if day > 0 and (date.month, date.day) == (1, 1):
                self.society.new_year()
            self.entries += live_a_day(self, day)
            if (date + timedelta(days=1)).day == 1 or day == days - 1:
                self.entries += end_month(self, day)
                self.months.append(self.month)
                self.month = None

    def columns(self):
        """The people in slot order, attribute by attribute."""
        people = self.society.people
        names = ["age", "flags", "education", "income_rank", "household", "rate_cell", "group_cell", "gate"]
        names += ["experience", "income", "hardship", "trust", "opinion", "motive"]
        columns = {name: [getattr(person, name) for person in people] for name in names}
        columns["traits"] = [sum(level << 4 * t for t, level in enumerate(person.traits)) for person in people]
        for d in range(4):
            columns[f"belief_{d}"] = [person.belief[d] for person in people]
        for k in range(len(self.setting.instruments)):
            accounts = [account_in(person, k) or Account(in_scope=False, raw=0) for person in people]
            for name in ("raw", "standing", "marks"):
                columns[f"{name}_{k}"] = [getattr(account, name) for account in accounts]
            columns[f"aware_{k}"] = [int(account.aware) for account in accounts]
            for name in ("counters", "overrides"):
                nibbles = [getattr(account, name) for account in accounts]
                columns[f"{name}_{k}"] = [sum(n << 4 * c for c, n in enumerate(each)) for each in nibbles]
        return columns

    @property
    def ledger(self):
        """Everybody's ledger, by slot, day and order of the agenda."""
        return [entry.line() for entry in sorted(self.entries, key=lambda entry: (entry.person.slot, entry.day))]

    @property
    def counts(self):
        """Each count as a list over the months."""
        names = [] if not self.months else vars(self.months[0])
        return {name: [getattr(month, name) for month in self.months] for name in names}

    @property
    def neighbourhoods(self):
        places = self.society.neighbourhoods
        return {"levels": [place.levels for place in places], "peers": [place.peers for place in places]}


def account_in(person, k):
    """The account of a person under number k of the run, None if it is not in force where they live."""
    numbers = person.region.numbers
    return person.accounts[numbers.index(k)] if k in numbers else None

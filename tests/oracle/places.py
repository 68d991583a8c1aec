"""Section 2: provinces and units, and where which rulebooks are in force."""

from dataclasses import dataclass
from fractions import Fraction

from .body_files import bodies_live, body_setting
from .body_tables import BodyTables
from .draws import exp, ln, q
from .files import Setting
from .firm_files import firm_setting, firms_live
from .firm_tables import FirmTables
from .tables import Tables


@dataclass(slots=True, eq=False)
class Unit:
    """A unit of the run: as many people as units of the province that were merged have together."""

    province: str
    number: int
    places: set[str]
    people: int


@dataclass(slots=True, eq=False)
class Region:
    """A province with the rulebooks in force there."""

    setting: Setting
    tables: Tables
    numbers: list[int]  # in the run, of the instruments in force
    firms: FirmTables | None  # None: no firms live in the run
    firm_numbers: list[int]
    bodies: BodyTables | None  # None: no public bodies live in the run
    body_numbers: list[int]
    courts: dict | None = None  # how they act; not said of what no district lies in


class Regions:
    def __init__(self, files, where, firms, bodies):
        """`firms`, `bodies`: whether any live in the run; None: if a rulebook of it has instruments of them."""
        self.files, self.where = files, where or [None] * len(files.books)
        self.firms = firms_live(files.books) if firms is None else firms
        self.bodies = bodies_live(files.books) if bodies is None else bodies
        self.known = {}

    def of(self, province, places):
        """The region of a unit in some named places."""
        names = {province, *places}
        in_force = tuple(n for n, where in enumerate(self.where) if where is None or names & set(where))
        courts = self.files.courts(in_force)
        region = self.get(province, in_force)
        region.courts = courts
        return region

    def get(self, province, in_force):
        if (province, in_force) not in self.known:
            setting = self.files.setting(province, in_force)
            self.known[province, in_force] = Region(
                setting,
                Tables(setting),
                self.files.numbers(in_force),
                self._firms(in_force),
                self.files.numbers(in_force, "firms"),
                self._bodies(in_force),
                self.files.numbers(in_force, "bodies"),
            )
        return self.known[province, in_force]

    def _firms(self, in_force):
        """The tables of firms under some rulebooks, if the run has any."""
        if not self.firms:
            return None
        setting = firm_setting(self.files.trees["firms"], *self._binding(in_force))
        strain = self.files.trees["bodies"]["suppliers"]["strain"]
        return FirmTables(setting, self.files.trees["coefficients"], strain)

    def _bodies(self, in_force):
        """The tables of public bodies likewise."""
        if not self.bodies:
            return None
        setting = body_setting(self.files.trees["bodies"], *self._binding(in_force))
        return BodyTables(setting, self.files.trees["coefficients"])

    def _binding(self, in_force):
        """The rulebooks in force, and the numbers of their instruments of people."""
        books = [self.files.books[number] for number in in_force]
        entries = [(book["name"], entry["id"]) for book in books for entry in book.get("instruments") or []]
        return books, {entry: number for number, entry in enumerate(entries)}

    def whole(self):
        """All rulebooks together, in the first province."""
        return self.get(next(iter(self.files.provinces)), tuple(range(len(self.files.books))))


def share(n, amounts):
    """Largest remainders."""
    total = sum(amounts)
    given = [n * amount // total for amount in amounts]
    left = n - sum(given)
    for i in sorted(range(len(amounts)), key=lambda i: (-(n * amounts[i] % total), i))[:left]:
        given[i] += 1
    return given


def units(files):
    """The units of the run."""
    found = []
    several = "provinces" in files.society
    shape = files.society.get("unit_size_shape", Fraction(0))
    people = share(files.people, [sum(files.census(name)) for name in files.provinces])
    for (name, province), n in zip(files.provinces.items(), people, strict=True):
        count = int(province["units"])
        weights = [q(32, exp(shape * ln(Fraction(2 * count - 2 * j - 1, 2 * j + 1)))) for j in range(count)]
        named = {place: area for place, area in files.society.get("places", {}).items() if area["province"] == name}
        alone = [
            Unit(name, j, {place for place, area in named.items() if j in area["units"]}, size)
            for j, size in enumerate(share(n, weights))
        ]
        merged = []
        for places in {frozenset(unit.places) for unit in alone}:
            merged += merge(
                [unit for unit in alone if unit.places == places], max(20, files.society["neighbourhood_size"])
            )
        if several and any(unit.people < 20 for unit in merged):
            raise ValueError("too few people")
        found += sorted(merged, key=lambda unit: unit.number)
    return found


def merge(alike, full):
    """Small units of the same named places become one."""
    closed, group = [], None
    for unit in alike:
        group = unit if group is None else Unit(unit.province, group.number, unit.places, group.people + unit.people)
        if group.people >= full:
            closed.append(group)
            group = None
    if group is not None and closed:
        closed[-1].people += group.people
    elif group is not None:
        closed.append(group)
    return closed


def urban_before(e, h_p, urban_share, spread):
    """R(E): how many of the first E of the h_p neighbourhoods of a province are urban."""
    s = spread * min(urban_share, 1 - urban_share)
    return q(0, e * urban_share + s * e * Fraction(h_p - e, h_p))

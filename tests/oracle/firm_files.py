"""The files of firms (docs/formats.md): what firms.yaml says, and the instruments under `firms` of the rulebooks."""

from dataclasses import dataclass
from fractions import Fraction

from .files import Instrument, whole

ONE = Fraction(1)


@dataclass(slots=True)
class Behaviour:
    number: int
    name: str
    bad: bool
    found: bool  # what an inspection finds, not what a firm does
    sectors: set[int]
    slope: Fraction
    rate: Fraction
    sizes: list[Fraction]
    gain: Fraction
    fine: Fraction
    unable: Fraction


@dataclass(slots=True)
class Service:
    number: int
    name: str
    sectors: set[int]
    wants: Fraction
    sizes: list[Fraction]
    worth: Fraction
    price: Fraction


@dataclass(slots=True)
class Sensor:
    number: int
    name: str
    inspecting: int | None  # its number among the inspecting; None: a desk
    rate: Fraction
    sizes: list[Fraction]
    burden: Fraction
    sectors: set[int]
    sees: dict[str, Fraction]
    false_finding: Fraction
    wrong_firm: Fraction
    favours: int | None  # the behaviour of which it writes records for nothing
    favour: Fraction


@dataclass(slots=True)
class Rule:
    number: int
    behaviours: list[int]
    by: set[int] | None
    points: int
    assign: int | None
    lift: tuple[int, int, Fraction] | None  # from, to, share
    term: int | None  # of a list, months; None: until performance
    least: int | None  # months of the term from which on one may ask for repair; None: never


@dataclass(slots=True)
class Binding:
    instrument: int  # of people, among those in force
    grade: int  # of the firm, at this or lower its representative is bound


@dataclass(slots=True)
class Appeal:
    months: int
    upheld_wrong: Fraction
    upheld_other: Fraction


@dataclass(slots=True)
class FirmInstrument:
    number: int
    is_list: bool
    sizes: set[int]
    sectors: set[int]
    secret: bool
    month: int | None
    start: int
    grades: list[str]
    bands: list[tuple[int, int, int]]  # lowest, highest, grade
    newcomers: int | None  # their grade
    instead_of: int
    reach: set[str]
    rules: list[Rule]
    inspections: list[tuple[str, set[int], Fraction]]  # sensor, grades, share
    consequences: list[dict]
    binds: list[Binding]
    notice: bool
    appeal: Appeal | None
    repair: Fraction | None  # share a month of those who may ask for it that are let off
    public: bool
    shown: set[int]  # grades that are public
    custom: Fraction  # share of earnings that being shown costs

    @property
    def contestable(self):
        return self.notice and self.appeal is not None

    @property
    def told_of(self):
        """Whether it is counted what firms are told, contest, are let off and lose in public."""
        return self.notice or self.public or self.repair is not None

    rule_for = Instrument.rule_for
    rule_weighed = Instrument.rule_weighed

    def grade(self, score, newcomer):
        """GR(s)."""
        score = min(max(score, self.bands[0][0]), self.bands[-1][1])
        grade = next(g for low, high, g in self.bands if low <= score <= high)
        return self.newcomers if newcomer and self.newcomers is not None and grade >= self.instead_of else grade


@dataclass(slots=True)
class FirmSetting:
    """What the files say about firms where some of the rulebooks are in force."""

    enterprises: Fraction
    self_employed: Fraction
    life: dict
    scales: list[Fraction]  # by size
    least: list[Fraction]  # employees from which on, by size
    shares: list[Fraction]  # by sector
    behaviours: list[Behaviour]
    services: list[Service]
    sensors: list[Sensor]
    instruments: list[FirmInstrument]


def firms_live(books):
    return any(book.get("firms") for book in books)


def firm_setting(tree, books, people):
    """`people` gives the number of an instrument of people and of the lists among them, by rulebook and id."""
    sizes, sectors = list(tree["sizes"]), list(tree["sectors"])

    def within(entry):
        return {sectors.index(name) for name in entry.get("sectors") or sectors}

    behaviours = [
        Behaviour(
            number=number,
            name=name,
            bad=entry["conduct"] == "bad",
            found="found" in entry,
            sectors=within(entry),
            slope=entry.get("slope", Fraction(0)),
            rate=entry.get("rate", Fraction(0)),
            sizes=entry.get("sizes") or [ONE] * len(sizes),
            gain=entry.get("gain", Fraction(0)),
            fine=entry.get("fine", Fraction(0)),
            unable=entry.get("unable", Fraction(0)),
        )
        for number, (name, entry) in enumerate(tree["behaviours"].items())
    ]
    services = [
        Service(number, name, within(entry), entry["wants"], entry["sizes"], entry["worth"], entry["price"])
        for number, (name, entry) in enumerate(tree["services"].items())
    ]
    done = {each.name: each.number for each in behaviours}
    sensors = []
    for number, (name, entry) in enumerate(tree["sensors"].items()):
        inspects, favours = entry.get("inspects") or {}, entry.get("favours") or {}
        before = sum(sensor.inspecting is not None for sensor in sensors)
        sensors.append(
            Sensor(
                number=number,
                name=name,
                inspecting=before if inspects else None,
                rate=inspects.get("rate", Fraction(0)),
                sizes=inspects.get("sizes") or [ONE] * len(sizes),
                burden=inspects.get("burden", Fraction(0)),
                sectors=within(entry),
                sees=entry.get("sees") or {},
                false_finding=entry.get("false_finding", Fraction(0)),
                wrong_firm=entry.get("wrong_firm", Fraction(0)),
                favours=done[favours["behaviour"]] if favours else None,
                favour=favours.get("share", Fraction(0)),
            )
        )
    names = sizes, sectors, done, {each.name: each.number for each in sensors}
    entries = [entry for book in books for entry in book.get("firms") or []]
    return FirmSetting(
        enterprises=tree["numbers"]["enterprises"],
        self_employed=tree["numbers"]["self_employed"],
        life=tree["life"],
        scales=[entry["scale"] for entry in tree["sizes"].values()],
        least=[entry.get("least", Fraction(0)) for entry in tree["sizes"].values()],
        shares=[entry["share"] for entry in tree["sectors"].values()],
        behaviours=behaviours,
        services=services,
        sensors=sensors,
        instruments=[_instrument(number, entry, names, people) for number, entry in enumerate(entries)],
    )


def _instrument(number, entry, names, people):
    sizes, sectors, behaviours, sensors = names
    is_list, scope = entry["method"] == "list", entry.get("scope") or {}
    bands = [(0, 0, "listed"), (1, 1, "clear")]
    if not is_list:
        bands = [(whole(each["lowest"]), whole(each["highest"]), str(each["grade"])) for each in entry["grades"]]
    grades = [name for *_, name in bands]
    newcomers = entry.get("newcomers") or {}
    if newcomers:
        grades.insert(grades.index(str(newcomers["instead_of"])), str(newcomers["grade"]))

    appeal, publicity = entry.get("appeal"), entry.get("publicity") or {}
    bound = [(people.get((each["rulebook"], each["instrument"])), each["grade"]) for each in entry.get("binds") or []]
    return FirmInstrument(
        number=number,
        is_list=is_list,
        sizes={sizes.index(name) for name in scope.get("sizes") or sizes},
        sectors={sectors.index(name) for name in scope.get("sectors") or sectors},
        secret=entry["transparency"] == "secret",
        month=None if entry.get("month") is None else whole(entry["month"]),
        start=1 if is_list else whole(entry["start"]),
        grades=grades,
        bands=[(low, high, grades.index(name)) for low, high, name in bands],
        newcomers=grades.index(str(newcomers["grade"])) if newcomers else None,
        instead_of=grades.index(str(newcomers["instead_of"])) if newcomers else 0,
        reach=set(entry["reach"]),
        rules=instrument_rules(entry, grades, behaviours, sensors),
        inspections=[
            (each["sensor"], numbered(grades, each["grades"]), each["share"]) for each in entry.get("inspections") or []
        ],
        consequences=consequences(entry, grades),
        binds=[Binding(k, grades.index(str(grade))) for k, grade in bound if k is not None],
        notice=entry.get("notice") is True,
        appeal=Appeal(whole(appeal["months"]), appeal["upheld_wrong"], appeal["upheld_other"]) if appeal else None,
        repair=entry.get("repair"),
        public=bool(publicity),
        shown=numbered(grades, publicity.get("grades") or []),
        custom=publicity.get("custom", Fraction(0)),
    )


def numbered(grades, listed):
    return {grades.index(str(name)) for name in listed}


def instrument_rules(entry, grades, behaviours, sensors):
    """The rules of an instrument of firms or bodies; behaviours and sensors are numbers by name."""
    is_list, rules = entry["method"] == "list", []
    for r, rule in enumerate(entry["rules"]):
        lift, assign = rule.get("lift"), rule.get("assign")
        rules.append(
            Rule(
                number=r,
                behaviours=[behaviours[name] for name in rule["behaviours"]],
                by={sensors[name] for name in rule["by"]} if rule.get("by") else None,
                points=0 if is_list else whole(rule["points"]),
                assign=None if assign is None else grades.index(str(assign)),
                lift=(grades.index(str(lift["from"])), grades.index(str(lift["to"])), lift["share"]) if lift else None,
                term=None if rule.get("term") is None else whole(rule["term"]),
                least=None if rule.get("least") is None else whole(rule["least"]),
            )
        )
    return rules


def consequences(entry, grades):
    """What an instrument of firms or bodies does to services."""
    return [
        {
            "service": each["service"],
            "grades": numbered(grades, each["grades"]),
            "effect": each["effect"],
            "days": whole(each.get("days", Fraction(0))),
            "percent": whole(each.get("percent", Fraction(0))),
        }
        for each in entry.get("consequences") or []
    ]

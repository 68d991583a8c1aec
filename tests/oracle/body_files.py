"""The files of public bodies (docs/formats.md): what bodies.yaml says, and the instruments under `bodies`."""

from dataclasses import dataclass
from fractions import Fraction

from .files import Instrument, whole
from .firm_files import Binding, Rule, consequences, instrument_rules

ARREARS, IGNORING, MISSED, FALSIFIED = BEHAVIOURS = range(4)
NAMES = ["payment_arrears", "ignoring_judgment", "missed_target", "falsified_reports"]
ONE = Fraction(1)


@dataclass(slots=True)
class Kind:
    number: int
    name: str
    of_neighbourhood: bool
    per_district: int


@dataclass(slots=True)
class Service:
    number: int
    name: str
    wants: Fraction
    kinds: list[Fraction]
    worth: Fraction
    price: Fraction


@dataclass(slots=True)
class Sensor:
    number: int
    name: str
    inspecting: int | None  # its number among the inspecting; None: a desk
    rate: Fraction
    kinds: list[Fraction]
    sees: dict[str, Fraction]
    false_finding: Fraction
    wrong_body: Fraction


@dataclass(slots=True)
class BodyInstrument:
    number: int
    is_list: bool
    kinds: set[int]
    quota: Fraction
    secret: bool
    month: int | None
    start: int
    grades: list[str]
    bands: list[tuple[int, int]]
    reach: set[str]
    rules: list[Rule]
    consequences: list[dict]
    binds: list[Binding]

    rule_for = Instrument.rule_for
    rule_weighed = Instrument.rule_weighed

    def held(self, score):
        """A score within the range."""
        return min(max(score, self.bands[0][0]), self.bands[-1][1])

    def grade(self, score):
        """GR(s)."""
        return next(g for g, (low, high) in enumerate(self.bands) if low <= self.held(score) <= high)


@dataclass(slots=True)
class BodySetting:
    """What the files say about public bodies where some of the rulebooks are in force."""

    past_months: int
    head_term: Fraction  # months
    kinds: list[Kind]
    behaviours: list[dict]  # what the file says of each, by number
    reports_by: str
    suppliers: Fraction  # share of enterprises
    services: list[Service]
    sensors: list[Sensor]
    instruments: list[BodyInstrument]


def bodies_live(books):
    return any(book.get("bodies") for book in books)


def body_setting(tree, books, people):
    """`people` gives the number of an instrument of people, by rulebook and id."""
    kinds = [
        Kind(number, name, entry["place"] == "neighbourhood", whole(entry.get("number", Fraction(0))))
        for number, (name, entry) in enumerate(tree["kinds"].items())
    ]
    services = [
        Service(number, name, entry["wants"], entry["kinds"], entry["worth"], entry["price"])
        for number, (name, entry) in enumerate(tree["services"].items())
    ]
    sensors = []
    for number, (name, entry) in enumerate(tree["sensors"].items()):
        inspects = entry.get("inspects") or {}
        sensors.append(
            Sensor(
                number=number,
                name=name,
                inspecting=sum(sensor.inspecting is not None for sensor in sensors) if inspects else None,
                rate=inspects.get("rate", Fraction(0)),
                kinds=inspects.get("kinds") or [ONE] * len(kinds),
                sees=entry.get("sees") or {},
                false_finding=entry.get("false_finding", Fraction(0)),
                wrong_body=entry["wrong_body"],
            )
        )
    names = [kind.name for kind in kinds], {each.name: each.number for each in sensors}
    entries = [entry for book in books for entry in book.get("bodies") or []]
    return BodySetting(
        past_months=whole(tree["past_months"]),
        head_term=tree["head_term"],
        kinds=kinds,
        behaviours=[tree["behaviours"][name] for name in NAMES],
        reports_by=tree["reports_by"],
        suppliers=tree["suppliers"]["share"],
        services=services,
        sensors=sensors,
        instruments=[_instrument(number, entry, names, people) for number, entry in enumerate(entries)],
    )


def _instrument(number, entry, names, people):
    kinds, sensors = names
    is_list, scope = entry["method"] == "list", entry.get("scope") or {}
    bands, grades = [(0, 0), (1, 1)], ["listed", "clear"]
    if not is_list:
        bands = [(whole(each["lowest"]), whole(each["highest"])) for each in entry["grades"]]
        grades = [str(each["grade"]) for each in entry["grades"]]
    bound = [(people.get((each["rulebook"], each["instrument"])), each["grade"]) for each in entry.get("binds") or []]
    return BodyInstrument(
        number=number,
        is_list=is_list,
        kinds={kinds.index(name) for name in scope.get("kinds") or kinds},
        quota=entry.get("quota") or Fraction(0),
        secret=entry["transparency"] == "secret",
        month=None if entry.get("month") is None else whole(entry["month"]),
        start=1 if is_list else whole(entry["start"]),
        grades=grades,
        bands=bands,
        reach=set(entry["reach"]),
        rules=instrument_rules(entry, grades, {name: b for b, name in enumerate(NAMES)}, sensors),
        consequences=consequences(entry, grades),
        binds=[Binding(k, grades.index(str(grade))) for k, grade in bound if k is not None],
    )

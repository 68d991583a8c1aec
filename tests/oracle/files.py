"""The files (docs/formats.md): YAML to exact fractions, then to plain records."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ruamel.yaml import YAML

from .bonus_malus import BonusMalus
from .draws import q
from .rank import Rank
from .repair import Repair, repair
from .scorecard import Scorecard
from .weighted import Weighted

BANDS = ["0-5", "6-17", "18-29", "30-39", "40-49", "50-59", "60-69", "70+"]
DOMAINS = ["government", "commerce", "society", "judiciary"]
TRAITS = ["self_control", "public_spirit", "dissent", "prudence"]
FLAGS = [
    "female", "urban", "minority", "migrant", "party", "driver", "dog_owner", "borrower", "online", "working",
    "public_servant",
]  # fmt: skip
BIT = {name: 1 << number for number, name in enumerate(FLAGS)}
CHANNELS = ["billboard", "app", "ringtone", "broadcast_shame", "gallery", "broadcast_praise"]
SHAMING = range(4)  # the first four; the others praise
METHODS = {"weighted": Weighted, "scorecard": Scorecard, "bonus_malus": BonusMalus, "rank": Rank}
REGISTRATIONS = RESIDENT, PERMIT_HOLDER, MIGRANT, FOREIGNER = ["residents", "permit_holders", "migrants", "foreigners"]
PRACTICE = ["grace", "mistaken_able", "mistaken_unable"]  # what rulebooks may say of courts
PARAMETERS = ["behaviours", "services", "sensors", "coefficients", "population", "provinces", "societies"]
PARAMETERS += ["firms", "bodies"]


def read(path):
    return YAML(typ="safe", pure=True).load(Path(path).read_text(encoding="utf-8"))


def settle(node):
    """Quantities to their values, numbers to exact fractions."""
    if isinstance(node, dict):
        if "value" in node:
            return settle(node["value"])
        if "values" in node:
            return settle(node["values"])
        return {key: settle(child) for key, child in node.items()}
    if isinstance(node, list):
        return [settle(child) for child in node]
    if isinstance(node, (int, float)) and not isinstance(node, bool):
        return Fraction(str(node))
    return node


def override(trees, path, value):
    """Replace the value of the quantity at a dotted path, such as coefficients.learning.peer_weight."""
    name, *keys = path.split(".")
    node = trees[name]
    if isinstance(node.get(name), dict) and keys[0] in node[name]:
        node = node[name]
    for key in keys:
        node = node[int(key)] if isinstance(node, list) else node[key]
    node["values" if "values" in node else "value"] = value


def whole(x):
    """A number that must be whole, as an int."""
    if x.denominator != 1:
        raise ValueError(f"{x} is not a whole number")
    return int(x)


@dataclass(slots=True)
class Behaviour:
    number: int
    name: str
    domain: int
    bad: bool
    trait: int
    requires: int  # bit, 0 for none
    profile: list[Fraction]
    male: Fraction
    female: Fraction
    weight: int
    slope: Fraction
    urban: Fraction
    hardship: Fraction
    peers: Fraction
    door: str | None
    door_share: Fraction
    protected: bool
    harm: Fraction
    suit: Fraction | None  # None: it never ends in court


@dataclass(slots=True)
class Service:
    number: int
    name: str
    requires: int
    profile: list[Fraction]
    wants: Fraction
    urban: Fraction
    worth: Fraction
    price: Fraction
    refused_income: Fraction
    refused_hardship: Fraction


@dataclass(slots=True)
class Sensor:
    number: int
    name: str
    kind: str
    ordinary: bool
    in_force: bool
    coverage: list[Fraction]  # rural, urban
    sees: dict[str, Fraction]
    false_positive: Fraction
    wrong_person: Fraction
    group: int  # bit of the group a bias is against, 0 for none
    bias: Fraction
    shortest: int
    longest: int


@dataclass(slots=True)
class Rule:
    number: int
    behaviours: list[int]
    by: set[int] | None  # the only sensors whose records it takes; None for all that no other rule takes
    baseless: bool  # without a legal basis
    points: int
    expires: int | None
    kind: str | None  # "repeat" or "cap"
    window: int
    step: int
    most: int
    counter: int | None
    steps: list[int] | None  # points seen after c earlier records, if these change nothing before they are reckoned
    lasts: int  # days for which people take such a record to count
    grade: int | None  # of the override
    term: int | None  # None: until an exit
    nibble: int
    shared: int = 0  # of its points, how many are entered for each other member of the household, Q16

    def echo(self, points):
        """What a record of so many points enters for each other member of the household."""
        part = (abs(points) * self.shared + 2**15) >> 16
        return -part if points < 0 else part

    @property
    def takes(self):
        """Whether a record costs points, or holds down to a grade."""
        return self.points < 0 or self.grade is not None

    @property
    def reckoned(self):
        return self.steps is not None

    def life(self, horizon):
        """Days its points last, for the past and the planning ahead: `horizon` stands for ever, no points last none."""
        if self.reckoned:
            return self.lasts
        if self.expires is not None:
            return self.expires
        return horizon if self.points else 0


@dataclass(slots=True)
class Appeal:
    days: int
    upheld_wrong: Fraction
    upheld_other: Fraction


@dataclass(slots=True)
class Feed:
    source: int  # the instrument that feeds
    grade: int  # of the source: at this or lower it feeds
    nibble: int


@dataclass(slots=True)
class Channel:
    grades: set[int]  # that it shows
    worth: Fraction  # of being shown, yuan a year: below zero where it shames


@dataclass(slots=True)
class Consent:
    share: Fraction
    trait: int
    slope: Fraction


@dataclass(slots=True)
class Instrument:
    number: int
    is_list: bool
    min_age: int
    covers: set[str]  # of the four that people are registered as
    exempt: list[str]
    requires: int  # the flag that one must have to be in scope, 0 for none
    consent: Consent | None  # None: nobody is asked
    transparency: str
    notice: bool
    start: int
    lowest: int
    highest: int
    bands: list[tuple[int, int]]  # of the grades, lowest first
    reach: set[str]
    rules: list[Rule]
    override_grades: list[int]
    appeal: Appeal | None
    repair: Repair | None
    stock: Fraction
    family: set[str]
    spending_order: bool  # whoever is on it is under an order that restricts what they spend
    feeds: list[Feed]  # in the order of their sources
    method: Weighted | Scorecard | BonusMalus | Rank | None  # None: points or a list
    consequences: list[dict]  # service (name), grades (numbers), effect, days, percent
    channels: list[Channel]

    def shows(self, standing):
        """The numbers of the channels that show a standing."""
        return {c for c, channel in enumerate(self.channels) if standing in channel.grades}

    def grade(self, score):
        return next(g for g, (low, high) in enumerate(self.bands) if low <= score <= high)

    def rule_for(self, behaviour, sensor):
        """The rule that takes a record, or None."""
        rules = [rule for rule in self.rules if behaviour in rule.behaviours]
        named = [rule for rule in rules if rule.by is not None and sensor in rule.by]
        return next(iter([*named, *[rule for rule in rules if rule.by is None]]), None)

    def rule_weighed(self, behaviour):
        """The rule that people think of before they act, or None."""
        rules = [rule for rule in self.rules if behaviour in rule.behaviours]
        return next(iter([*[rule for rule in rules if rule.by is None], *rules]), None)


@dataclass(slots=True)
class Setting:
    """Everything the files say about one run."""

    behaviours: list[Behaviour]
    services: list[Service]
    sensors: list[Sensor]
    instruments: list[Instrument]
    coefficients: dict
    population: dict
    society: dict
    province: dict  # its shares and its mean income


class Files:
    """The files of a run, and what they say about a province with some of the rulebooks in force."""

    def __init__(self, parameters, rulebooks, society, people, overrides):
        trees = {name: read(Path(parameters) / f"{name}.yaml") for name in PARAMETERS}
        for path, value in overrides.items():
            override(trees, path, value)
        self.trees = {name: settle(tree) for name, tree in trees.items()}
        self.books = [settle(read(path)) for path in rulebooks]
        self.society = self.trees["societies"]["societies"][society]
        self.people = whole(self.society["people"]) if people is None else people
        one = {self.society.get("province"): self.society | {"units": Fraction(1)}}
        self.provinces = (
            {name: self.trees["provinces"]["provinces"][name] for name in self.society["provinces"]}
            if "provinces" in self.society
            else one
        )

    def census(self, province):
        """Its people by age and sex, in the order of the classes."""
        table = self.trees["population"]["age_sex"][province]
        return [int(count) for pair in zip(table["male"], table["female"], strict=True) for count in pair]

    def numbers(self, in_force, section="instruments"):
        """The numbers in the run of the instruments of some rulebooks, or of those of firms or bodies."""
        owners = [number for number, book in enumerate(self.books) for _ in book.get(section) or []]
        return [k for k, owner in enumerate(owners) if owner in in_force]

    def courts(self, in_force):
        """How courts act where some rulebooks are in force; None if there are none."""
        own = self.trees["coefficients"].get("courts")
        if own is None:
            return None
        courts = dict(own)
        said = [self.books[number].get("courts") or {} for number in in_force]
        for name in PRACTICE:
            numbers = {each[name] for each in said if name in each}
            if len(numbers) > 1:
                raise ValueError(f"rulebooks in force in one place say different numbers of {name}")
            if numbers:
                courts[name] = numbers.pop()
        return courts

    def setting(self, province, in_force):
        return make_setting(
            self.trees, [self.books[number] for number in in_force], self.society, self.provinces[province]
        )


def make_setting(trees, books, society, province):
    employed = {sensor for book in books for sensor in book.get("employs") or []}

    profiles = trees["behaviours"]["age_profiles"]
    behaviours = [
        _behaviour(number, name, entry, profiles)
        for number, (name, entry) in enumerate(trees["behaviours"]["behaviours"].items())
    ]
    services = [
        _service(number, name, entry, profiles)
        for number, (name, entry) in enumerate(trees["services"]["services"].items())
    ]
    sensors = [
        _sensor(number, name, entry, employed)
        for number, (name, entry) in enumerate(trees["sensors"]["sensors"].items())
    ]
    numbers = {each.name: each.number for each in behaviours}, {each.name: each.number for each in sensors}
    entries = [(book["name"], entry) for book in books for entry in book.get("instruments") or []]
    places = {(book, entry["id"]): (number, _grade_names(entry)) for number, (book, entry) in enumerate(entries)}
    instruments = [_instrument(number, entry, numbers, places) for number, (_, entry) in enumerate(entries)]
    return Setting(
        behaviours, services, sensors, instruments, trees["coefficients"], trees["population"], society, province
    )


def _behaviour(number, name, entry, profiles):
    door = entry.get("door") or {}
    by_court = entry.get("decided_by") == "court"
    nobody = {"male": Fraction(0), "female": Fraction(0)}
    rate = nobody if by_court else entry["rate"]
    return Behaviour(
        number=number,
        name=name,
        domain=DOMAINS.index(entry["domain"]),
        bad=entry["conduct"] == "bad",
        trait=TRAITS.index(entry["trait"]),
        requires=BIT[entry["requires"]] if entry.get("requires") else 0,
        profile=[Fraction(1)] * len(BANDS) if by_court else profiles[entry["age"]],
        male=rate["male"],
        female=rate["female"],
        weight=1 if by_court else whole(entry["weight"]),
        slope=entry.get("slope", Fraction(0)),
        urban=entry.get("urban", Fraction(1)),
        hardship=entry.get("hardship", Fraction(0)),
        peers=entry.get("peers", Fraction(0)),
        door=door.get("service"),
        door_share=door.get("share", Fraction(0)),
        protected="protected" in entry,
        harm=entry.get("harm", Fraction(0)),
        suit=entry.get("suit"),
    )


def _service(number, name, entry, profiles):
    return Service(
        number=number,
        name=name,
        requires=BIT[entry["requires"]] if entry.get("requires") else 0,
        profile=profiles[entry["age"]],
        wants=entry["wants"],
        urban=entry.get("urban", Fraction(1)),
        worth=entry["worth"],
        price=entry["price"],
        refused_income=entry["refused_income"],
        refused_hardship=entry["refused_hardship"],
    )


def _sensor(number, name, entry, employed):
    bias = entry.get("bias") or {}
    return Sensor(
        number=number,
        name=name,
        kind=entry["kind"],
        ordinary=entry["ordinary"],
        in_force=entry["ordinary"] or name in employed,
        coverage=[entry["coverage"]["rural"], entry["coverage"]["urban"]],
        sees=entry["sees"] or {},
        false_positive=entry.get("false_positive") or Fraction(0),
        wrong_person=entry["wrong_person"],
        group=BIT[bias["group"]] if bias else 0,
        bias=max(Fraction(1), bias["factor"]) if bias else Fraction(1),
        shortest=whole(entry["delay"]["shortest"]),
        longest=whole(entry["delay"]["longest"]),
    )


def _grade_names(entry):
    return ["listed", "clear"] if entry["method"] == "list" else [str(grade["grade"]) for grade in entry["grades"]]


def _instrument(number, entry, numbers, places):
    is_list = entry["method"] == "list"
    names = _grade_names(entry)

    def grades(listed):
        return {names.index(str(name)) for name in listed}

    method = METHODS[entry["method"]](entry, BIT) if entry["method"] in METHODS else None
    if method:
        rules = [_reckoned_rule(r, each, method, numbers) for r, each in enumerate(_counted(entry))]
    else:
        make = _list_rule if is_list else _points_rule
        rules = [make(r, rule, names, numbers) for r, rule in enumerate(entry.get("rules") or [])]
    fed_by = entry.get("fed_by") or []
    if is_list:
        override_grades = [0, 0] if rules else []
    else:
        held = {rule.grade for rule in rules if rule.grade is not None}
        override_grades = sorted(held | grades(feed["override"] for feed in fed_by))
        for rule in rules:
            if rule.grade is not None:
                rule.nibble = override_grades.index(rule.grade)
    counting = [rule for rule in rules if rule.kind or rule.reckoned]
    for counter, rule in enumerate(counting):
        rule.counter = counter
    if len(counting) > 8 or len(override_grades) > 2:
        raise ValueError("too many counters or override grades")
    feeds = []
    for feed in fed_by:
        source, source_grades = places.get((feed["rulebook"], feed["instrument"]), (number, []))
        if source < number:  # else idle
            held = names.index(str(feed["override"]))
            feeds.append(Feed(source, source_grades.index(str(feed["grade"])), override_grades.index(held)))
    consequences = [
        {
            "service": each["service"],
            "grades": grades(each["grades"]),
            "effect": each["effect"],
            "days": whole(each.get("days", Fraction(0))),
            "percent": whole(each.get("percent", Fraction(0))),
        }
        for each in entry.get("consequences") or []
    ]
    publicity = entry.get("publicity") or {}
    appeal = entry.get("appeal")
    asked = entry["scope"].get("consent")
    return Instrument(
        number=number,
        is_list=is_list,
        min_age=whole(entry["scope"]["min_age"]),
        covers=covers(entry["scope"]),
        exempt=entry["scope"].get("exempt") or [],
        requires=BIT[entry["scope"]["requires"]] if entry["scope"].get("requires") else 0,
        consent=Consent(asked["share"], TRAITS.index(asked["trait"]), asked["slope"]) if asked else None,
        transparency=entry["transparency"],
        notice=entry["notice"],
        start=1 if is_list else method.start if method else whole(entry["start"]),
        lowest=0 if is_list else whole(entry["range"]["lowest"]),
        highest=1 if is_list else whole(entry["range"]["highest"]),
        bands=[(0, 0), (1, 1)] if is_list else [(whole(g["lowest"]), whole(g["highest"])) for g in entry["grades"]],
        reach=set(entry["reach"]),
        rules=rules,
        override_grades=override_grades,
        appeal=Appeal(whole(appeal["days"]), appeal["upheld_wrong"], appeal["upheld_other"]) if appeal else None,
        repair=repair(entry, _counted(entry), rules),
        stock=entry.get("stock") or Fraction(0),
        family=set(entry.get("family") or []),
        spending_order=_spending_order(entry, is_list),
        feeds=sorted(feeds, key=lambda feed: feed.source),
        method=method,
        consequences=consequences,
        channels=[_channel(c, publicity.get(name), grades) for c, name in enumerate(CHANNELS)],
    )


def _spending_order(entry, is_list):
    says = entry.get("spending_order", False)
    if says and not is_list:
        raise ValueError("only a list is a spending order")
    return says


def covers(scope):
    """As what people must be registered to be in scope."""
    migrants = scope["migrants"]
    by_default = {RESIDENT: True, PERMIT_HOLDER: migrants, MIGRANT: migrants, FOREIGNER: migrants}
    covers = {name for name in REGISTRATIONS if scope.get(name, by_default[name])}
    if not covers or (migrants and PERMIT_HOLDER not in covers):
        raise ValueError("a scope covers nobody, or migrants but for those with a permit")
    return covers


def _channel(number, entry, grades):
    if not entry:
        return Channel(set(), Fraction(0))
    return Channel(grades(entry["grades"]), -entry["price_of_shame"] if number in SHAMING else entry["praise"])


def _points_rule(number, entry, grade_names, numbers):
    kind = next((kind for kind in ("repeat", "cap") if entry.get(kind)), None)
    counter = entry[kind] if kind else {}
    over = entry.get("override") or {}
    return Rule(
        number=number,
        **_addressed(entry, numbers),
        points=whole(entry["points"]),
        expires=None if entry.get("expires") is None else whole(entry["expires"]),
        kind=kind,
        window=whole(counter.get("window", Fraction(0))),
        step=whole(counter.get("step", Fraction(0))),
        most=whole(counter.get("most", Fraction(0))),
        counter=None,
        steps=None,
        lasts=0,
        grade=grade_names.index(str(over["grade"])) if over else None,
        term=whole(over.get("term", Fraction(0))),
        nibble=0,
        shared=q(16, entry["shared"]["share"]) if entry.get("shared") else 0,
    )


def _list_rule(number, entry, _grade_names, numbers):
    """A listing: no points, held at `listed` for a term (nibble 1) or until the court ends it (nibble 0)."""
    term = None if entry.get("term") is None else whole(entry["term"])
    return Rule(
        number=number,
        **_addressed(entry, numbers),
        points=0,
        expires=None,
        kind=None,
        window=0,
        step=0,
        most=0,
        counter=None,
        steps=None,
        lasts=0,
        grade=0,
        term=term,
        nibble=0 if term is None else 1,
    )


def _counted(entry):
    """What counts records: the rules, or the features of records, dimension after dimension."""
    groups = entry.get("dimensions") or [entry]
    return entry.get("rules") or [each for group in groups for each in group.get("records") or []]


def _reckoned_rule(number, entry, method, numbers):
    """What counts records until they are reckoned: its points are those of a first record."""
    steps = method.steps(number)
    return Rule(
        number=number,
        **_addressed(entry, numbers),
        points=steps[0],
        expires=None,
        kind=None,
        window=method.window(number),
        step=0,
        most=0,
        counter=None,
        steps=steps,
        lasts=method.lasts(number),
        grade=None,
        term=0,
        nibble=0,
    )


def _addressed(entry, numbers):
    """Which records a rule takes, and on what ground."""
    behaviours, sensors = numbers
    return {
        "behaviours": [behaviours[name] for name in entry["behaviours"]],
        "by": {sensors[name] for name in entry["by"]} if entry.get("by") else None,
        "baseless": entry.get("legal_basis") == "none",
    }

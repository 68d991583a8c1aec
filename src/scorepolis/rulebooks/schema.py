"""What a rulebook is made of: frozen models of the file format, nothing read and nothing computed.

What a single field may hold is checked here; what must fit together is checked in :mod:`scorepolis.rulebooks.checks`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Annotated, ClassVar, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, ValidationError

from scorepolis.core.buffers import CHANNELS
from scorepolis.core.errors import InputError, nearest
from scorepolis.core.exact import q
from scorepolis.core.provenance import Quantity, Status, Text
from scorepolis.parameters.model import FlagName

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$")]
"""A name in lower case, such as `rongcheng-2019`."""

Label = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_+-]*$")]
"""The id of a rule or a grade, such as `R20` or `AAA`."""

LISTED: Final = "listed"
CLEAR: Final = "clear"

Effect = Literal["deny", "delay", "surcharge", "discount", "priority"]
Exempt = Literal["party", "public_servant"]
EXEMPTIBLE: Final[tuple[str, ...]] = get_args(Exempt)

Attribute = Literal[
    "age", "education", "household_size",
    "female", "urban", "minority", "migrant", "party", "driver", "dog_owner", "borrower", "online", "working",
    "public_servant",
]  # fmt: skip
ATTRIBUTES: Final[tuple[str, ...]] = get_args(Attribute)
"""What the public register says of people, and a weighted score may read; flags in the order of their bits."""


class Frozen(BaseModel):
    """An immutable part of a rulebook; `with_` makes a changed copy."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def with_(self, **changes: object) -> Self:
        """Make a copy in which some fields are changed.

        Parameters
        ----------
        **changes : object
            New values of fields, as models or as plain data.

        Returns
        -------
        Frozen
            A new object of the same type; this one stays as it is.

        Raises
        ------
        InputError
            If there is no such field or a value does not fit.
        """
        fields = tuple(type(self).model_fields)
        kind = type(self).__name__
        for name in changes:
            if name not in fields:
                every = f"one of {', '.join(fields)}"
                raise InputError(f"a {kind} has no field '{name}'", expected=every, nearest=nearest(name, fields))
        kept = {name: getattr(self, name) for name in fields}
        try:
            return type(self).model_validate(kept | changes)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise InputError(f"a {kind} with this {place} is not valid: {first['msg']}") from None


class Attested(Frozen):
    """A part that carries its own provenance, unless its quantities carry theirs."""

    status: Status | None = None
    source: Text | None = None
    reason: Text | None = None
    note: Text | None = None

    def quantities(self) -> Iterator[Quantity]:
        """Yield the quantities that stand directly in this part."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Quantity):
                yield value


class Scope(Frozen):
    """Whom an instrument scores."""

    min_age: Quantity
    migrants: StrictBool
    exempt: tuple[Exempt, ...] = ()
    """Who is left out for a status of theirs, whatever they do."""
    requires: FlagName | None = None
    """What one must be or have to be scored at all, such as a car."""


class Range(Frozen):
    """The scores an instrument can give."""

    lowest: Quantity
    highest: Quantity


def _implied(value: int, reason: str = "A list knows two standings, worked as the scores 0 and 1") -> Quantity:
    """Give a number that the method itself implies, without any file."""
    return Quantity(value=value, unit="points", status="assumed", reason=reason, range=(min(0, value), max(1, value)))


class Grade(Attested):
    """A named band of scores."""

    grade: Label
    lowest: Quantity
    highest: Quantity


class Repeat(Frozen):
    """Points that grow with the earlier records in a trailing window."""

    window: Quantity
    step: Quantity
    most: Quantity


class Cap(Frozen):
    """The most rewarded records in a trailing window."""

    window: Quantity
    most: Quantity


class Override(Frozen):
    """A grade that one is held down to for a term, whatever the points; on lists also without a term."""

    grade: Label
    term: Quantity | None


class Discretion(Frozen):
    """What the text leaves to whoever applies a rule, from the least to the most; None: it names no bound.

    A run takes the rule's own number; the bounds are read by the audit.
    """

    lowest: Quantity | None
    highest: Quantity | None


class AnyRule(Attested):
    """Which records a rule takes: those of its behaviours, and of certain sensors only if it says `by`."""

    id: Label
    text: Text
    behaviours: Annotated[tuple[str, ...], Field(min_length=1)]
    by: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    legal_basis: Text | None = None
    """A law and its article, or `none`; by default that of the book."""
    discretion: Discretion | None = None


class Rule(AnyRule):
    """What a record does to the points or the grade."""

    points: Quantity
    expires: Quantity | None
    repeat: Repeat | None = None
    cap: Cap | None = None
    override: Override | None = None

    @property
    def terms(self) -> tuple[Quantity | None, ...]:
        """How long what the rule does lasts, in days; None: without end."""
        lasting = (self.expires,) if self.points.exact else ()  # no points, none that could expire
        return (*lasting, self.override.term) if self.override else lasting


class ListRule(AnyRule):
    """A ground for listing: for a term, or until performance.

    Beside what the file says it has what a rule of points has: no points, and an override to `listed`.
    """

    term: Quantity | None

    points: ClassVar[Quantity] = _implied(0)
    expires: ClassVar[None] = None
    repeat: ClassVar[None] = None
    cap: ClassVar[None] = None

    @property
    def override(self) -> Override:
        """Held down to `listed`."""
        return Override(grade=LISTED, term=self.term)

    @property
    def terms(self) -> tuple[Quantity | None, ...]:
        """How long what the rule does lasts, in days; None: without end."""
        return (self.term,)


class Consequence(Attested):
    """What a grade does to an application for a service."""

    service: str
    grades: Annotated[tuple[str, ...], Field(min_length=1)]
    effect: Effect
    days: Quantity | None = None
    percent: Quantity | None = None


class Shame(Attested):
    """Grades whose holders are shamed on a channel."""

    grades: Annotated[tuple[str, ...], Field(min_length=1)]
    price_of_shame: Quantity

    @property
    def worth(self) -> Fraction:
        """What it is worth to be shown there, in yuan a year."""
        return -self.price_of_shame.exact


class Praise(Attested):
    """Grades whose holders are praised on a channel."""

    grades: Annotated[tuple[str, ...], Field(min_length=1)]
    praise: Quantity

    @property
    def worth(self) -> Fraction:
        """What it is worth to be shown there, in yuan a year."""
        return self.praise.exact


class Publicity(Frozen):
    """What is shown of standings in public, channel by channel."""

    billboard: Shame | None = None
    app: Shame | None = None
    ringtone: Shame | None = None
    broadcast_shame: Shame | None = None
    gallery: Praise | None = None
    broadcast_praise: Praise | None = None

    def channels(self) -> Iterator[tuple[str, Shame | Praise]]:
        """Yield the channels in use, each with its name."""
        for name in CHANNELS:
            channel = getattr(self, name)
            if channel is not None:
                yield name, channel


class Appeal(Frozen):
    """How long an appeal against an entry takes, and how often it is upheld: of who had not done it, and of others."""

    days: Quantity
    upheld_wrong: Quantity
    upheld_other: Quantity


class Feed(Attested):
    """A standing under another instrument that holds one down to a grade for as long as it lasts."""

    rulebook: Slug
    instrument: Slug
    grade: Label
    override: Label


class AnyInstrument(Frozen):
    """What instruments of all methods have: whom they score, what reaches them, and what follows."""

    id: Slug
    subject: Literal["person"]
    scope: Scope
    transparency: Literal["published", "partly", "secret"]
    notice: StrictBool
    reach: tuple[str, ...]
    appeal: Appeal | None = None
    consequences: tuple[Consequence, ...] = ()
    publicity: Publicity = Publicity()

    def rule_path(self, rule: int) -> tuple[str | int, ...]:
        """Give the place of a rule within the instrument."""
        return ("rules", rule)


class Graded(AnyInstrument):
    """What instruments with a score have: grades by bands of it, and others that may hold one down to a grade."""

    range: Range
    grades: Annotated[tuple[Grade, ...], Field(min_length=2)]
    fed_by: tuple[Feed, ...] = ()

    @property
    def grade_names(self) -> tuple[str, ...]:
        """Names of the grades, from lowest to highest."""
        return tuple(grade.grade for grade in self.grades)

    def held_down_to(self, grades: Iterable[str]) -> tuple[int, ...]:
        """Give the numbers of grades that rules and feeds hold people down to, from lowest to highest."""
        held = [*grades, *(feed.override for feed in self.fed_by)]
        return tuple(sorted({self.grade_names.index(grade) for grade in held}))


class Points(Graded):
    """Points from a start, with grades by score, and rules that take and give points or hold down to a grade."""

    method: Literal["points"]
    start: Quantity
    rules: tuple[Rule, ...]

    @property
    def counted_rules(self) -> tuple[int, ...]:
        """Numbers of the rules that count records in a window; their order gives the numbers of the counters."""
        return tuple(number for number, rule in enumerate(self.rules) if rule.repeat or rule.cap)

    @property
    def override_grades(self) -> tuple[int, ...]:
        """Numbers of the grades that overrides and feeds hold people down to, from lowest to highest."""
        return self.held_down_to(rule.override.grade for rule in self.rules if rule.override)

    def nibble(self, rule: int) -> int:
        """Give the number of the nibble that counts a rule's overrides; -1 if it has none."""
        override = self.rules[rule].override
        return self.override_grades.index(self.grade_names.index(override.grade)) if override else -1


class RecordFeature(AnyRule):
    """How many records of some behaviours stand in a trailing window.

    It gives nothing of its weight at `worst` records, all at `best`, and is linear between.
    """

    window: Quantity
    weight: Quantity
    worst: Quantity
    best: Quantity


class AttributeFeature(Attested):
    """What the public register says of a person, whatever they do; weighted as a feature of records."""

    id: Label
    text: Text
    attribute: Attribute
    weight: Quantity
    worst: Quantity
    best: Quantity


Feature = RecordFeature | AttributeFeature


class Dimension(Attested):
    """Features that share out the weight of one dimension by their own weights."""

    id: Slug
    text: Text
    weight: Quantity
    records: tuple[RecordFeature, ...] = ()
    attributes: tuple[AttributeFeature, ...] = ()

    @property
    def features(self) -> tuple[Feature, ...]:
        """All features of the dimension."""
        return (*self.records, *self.attributes)


class WeightedRule(RecordFeature):
    """A feature of records as a rule: its points are what a first record is worth, by itself."""

    points: Quantity

    expires: ClassVar[None] = None
    repeat: ClassVar[None] = None
    cap: ClassVar[None] = None
    override: ClassVar[None] = None

    @property
    def terms(self) -> tuple[Quantity | None, ...]:
        """How long a record counts, in days."""
        return (self.window,)

    def quantities(self) -> Iterator[Quantity]:
        """Yield the quantities of the file, without the points that follow from them."""
        yield from (self.weight, self.worst, self.best, self.window)


class Weighted(Graded):
    """A score reckoned each month from features, weighted by dimension and rescaled to a range."""

    method: Literal["weighted"]
    dimensions: tuple[Dimension, ...]

    @cached_property
    def features(self) -> tuple[tuple[Feature, Fraction], ...]:
        """Features of records, then of attributes, in the order of the file, each with the points it gives at best."""
        span = self.range.highest.exact - self.range.lowest.exact
        total = sum(dimension.weight.exact for dimension in self.dimensions)
        records: list[tuple[Feature, Fraction]] = []
        attributes: list[tuple[Feature, Fraction]] = []
        for dimension in self.dimensions:
            within = sum(feature.weight.exact for feature in dimension.features)
            # The checks refuse weights that do not add up to anything.
            each = span * dimension.weight.exact / total / within if total and within else Fraction(0)
            for feature in dimension.features:
                kind = records if isinstance(feature, RecordFeature) else attributes
                kind.append((feature, each * feature.weight.exact))
        return (*records, *attributes)

    @property
    def attributes(self) -> tuple[str, ...]:
        """What it reads of the public register."""
        return tuple(dict.fromkeys(f.attribute for dimension in self.dimensions for f in dimension.attributes))

    def part(self, feature: int, value: int) -> int:
        """Give the points that a feature gives at a value, in 2^-16."""
        one, most = self.features[feature]
        return q(16, most * share(one, value))

    def step(self, rule: int, earlier: int) -> int:
        """Give the whole points that one record more is worth after so many earlier ones, of at most 15."""
        return (self.part(rule, min(earlier + 1, 15)) - self.part(rule, earlier) + (1 << 15)) >> 16

    @cached_property
    def rules(self) -> tuple[WeightedRule, ...]:
        """The features of records, as rules."""
        reason = "What a first record changes by itself, as the weights have it"
        return tuple(
            WeightedRule.model_construct(**dict(feature), points=_implied(self.step(number, 0), reason))
            for number, (feature, _) in enumerate(self.features)
            if isinstance(feature, RecordFeature)
        )

    @cached_property
    def start(self) -> Quantity:
        """The score of somebody without records, of whom every attribute stands half-way."""
        half = Fraction(1, 2)
        given = sum(
            (most * (share(one, 0) if isinstance(one, RecordFeature) else half) for one, most in self.features),
            Fraction(0),
        )
        reason = "Somebody without records, of whom every attribute stands half-way"
        return _implied(int(self.range.lowest.exact) + q(0, given), reason)

    @property
    def counted_rules(self) -> tuple[int, ...]:
        """Numbers of the rules: each of them counts records."""
        return tuple(range(len(self.rules)))

    @property
    def override_grades(self) -> tuple[int, ...]:
        """Numbers of the grades that feeds hold people down to, from lowest to highest."""
        return self.held_down_to(())

    def nibble(self, rule: int) -> int:  # noqa: ARG002 - as of instruments whose rules hold down
        """Give the number of the nibble that counts a rule's overrides: none does."""
        return -1

    def rule_path(self, rule: int) -> tuple[str | int, ...]:
        """Give the place of a rule within the instrument."""
        places = [
            ("dimensions", d, "records", r)
            for d, dimension in enumerate(self.dimensions)
            for r in range(len(dimension.records))
        ]
        return places[rule]


def share(feature: Feature, value: int) -> Fraction:
    """Give the share of its weight that a feature gives at a value."""
    span = feature.best.exact - feature.worst.exact
    # The checks refuse a feature that tells nobody from anybody.
    return min(max((value - feature.worst.exact) / span, Fraction(0)), Fraction(1)) if span else Fraction(0)


class Listing(AnyInstrument):
    """A list: one is on it or not.

    It is worked like points from 0 to 1 that start at 1 and that nothing changes: grade `listed` at 0, `clear` at 1,
    and every rule an override to `listed`.
    """

    method: Literal["list"]
    rules: Annotated[tuple[ListRule, ...], Field(min_length=1)]
    stock: Quantity | None = None
    family: tuple[str, ...] = ()

    start: ClassVar[Quantity] = _implied(1)
    range: ClassVar[Range] = Range(lowest=_implied(0), highest=_implied(1))
    grades: ClassVar[tuple[Grade, ...]] = tuple(
        Grade(grade=name, lowest=_implied(score), highest=_implied(score)) for score, name in enumerate((LISTED, CLEAR))
    )
    grade_names: ClassVar[tuple[str, ...]] = (LISTED, CLEAR)
    counted_rules: ClassVar[tuple[int, ...]] = ()
    override_grades: ClassVar[tuple[int, ...]] = (0, 0)
    fed_by: ClassVar[tuple[Feed, ...]] = ()

    def nibble(self, rule: int) -> int:
        """Give the number of the nibble that counts a rule's listings: 0 until performance, 1 for a term."""
        return 0 if self.rules[rule].term is None else 1


Instrument = Annotated[Points | Listing | Weighted, Field(discriminator="method")]
"""An instrument of any method."""

InstrumentRule = Rule | ListRule | WeightedRule
"""A rule of an instrument of any method."""


class FirmScope(Frozen):
    """Which firms an instrument rates; none named: all."""

    sizes: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()


class AnyFirmRule(Attested):
    """Which records of firms a rule takes, as `AnyRule` of people."""

    id: Label
    text: Text
    behaviours: Annotated[tuple[str, ...], Field(min_length=1)]
    by: Annotated[tuple[str, ...], Field(min_length=1)] | None = None


class Lift(Frozen):
    """A grade that some of those who are recorded so leave at once for a better one."""

    from_: Label = Field(alias="from")
    to: Label
    share: Quantity


class FirmRule(AnyFirmRule):
    """What a record does to a firm's score of the year, and to its grade at once."""

    points: Quantity
    assign: Label | None = None
    lift: Lift | None = None


class FirmListRule(AnyFirmRule):
    """A ground for listing a firm: for a term in months, or until performance."""

    term: Quantity | None


class Newcomers(Attested):
    """The grade that firms without a year behind them get in place of another one or better."""

    grade: Label
    instead_of: Label


class Inspection(Attested):
    """Share of the firms at some grades that a sensor inspects in a month, in place of its usual one."""

    sensor: str
    grades: Annotated[tuple[str, ...], Field(min_length=1)]
    share: Quantity


class Binding(Attested):
    """A list of people on which the representative of a firm at a grade or lower stands as listed."""

    rulebook: Slug
    instrument: Slug
    grade: Label


class AnyFirmInstrument(Frozen):
    """What instruments of firms have, whatever their method."""

    id: Slug
    subject: Literal["firm"]
    scope: FirmScope = FirmScope()
    transparency: Literal["published", "partly", "secret"]
    reach: tuple[str, ...]
    inspections: tuple[Inspection, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    binds: tuple[Binding, ...] = ()


class Rating(AnyFirmInstrument):
    """A score of the year from a start, turned into a grade once a year; some records assign a grade at once.

    Without a month no score counts, and the grade moves by what records assign and lift alone.
    """

    method: Literal["rating"]
    month: Quantity | None
    start: Quantity
    range: Range
    grades: Annotated[tuple[Grade, ...], Field(min_length=2)]
    newcomers: Newcomers | None = None
    rules: Annotated[tuple[FirmRule, ...], Field(min_length=1)]

    @property
    def grade_names(self) -> tuple[str, ...]:
        """Names of the grades, from lowest to highest, that of newcomers just below the one which it stands for."""
        names = [grade.grade for grade in self.grades]
        if self.newcomers and self.newcomers.instead_of in names:
            names.insert(names.index(self.newcomers.instead_of), self.newcomers.grade)
        return tuple(names)


class FirmListing(AnyFirmInstrument):
    """A list of firms."""

    method: Literal["list"]
    rules: Annotated[tuple[FirmListRule, ...], Field(min_length=1)]

    grade_names: ClassVar[tuple[str, ...]] = (LISTED, CLEAR)


FirmInstrument = Annotated[Rating | FirmListing, Field(discriminator="method")]
"""An instrument of firms, of any method."""


class InForce(Frozen):
    """The dates between which a rulebook holds."""

    from_: date = Field(alias="from")
    until: date | None = None


class Accepted(Frozen):
    """A finding of the audit that the authors of a book know of and let stand, with their reason."""

    check: Slug
    at: Text | None = None
    """Where: `instrument`, or `instrument.rule` and the like, as the finding names it; by default everywhere."""
    reason: Text


class Rulebook(Frozen):
    """A scheme as data: purpose, legal basis, dates, and the instruments that score people."""

    version: Literal[1]
    name: Slug
    title: Text
    purpose: Text
    legal_basis: Text
    in_force: InForce
    tag: Literal["documented", "reported", "stylised"]
    employs: tuple[str, ...] = ()
    instruments: tuple[Instrument, ...]
    firms: tuple[FirmInstrument, ...] = ()
    """Instruments whose subjects are firms."""
    limits: tuple[Text, ...] = ()
    """What is not known of the scheme, and what of it could not be written down here."""
    accepted: tuple[Accepted, ...] = ()

    def digest(self) -> str:
        """Hash the content: the same for the same rules, however the file is laid out.

        Returns
        -------
        str
            SHA-256 in hexadecimal digits.
        """
        content = self.model_dump(mode="json", by_alias=True)
        if not self.firms:  # one that says nothing of firms is the book that it was before there were any
            del content["firms"]
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

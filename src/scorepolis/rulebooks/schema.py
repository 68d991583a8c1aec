"""What a rulebook is made of: frozen models of the file format, nothing read and nothing computed.

What a single field may hold is checked here; what must fit together is checked in :mod:`scorepolis.rulebooks.checks`.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Annotated, ClassVar, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, ValidationError

from scorepolis.core.buffers import CHANNELS
from scorepolis.core.errors import InputError, nearest
from scorepolis.core.exact import ln_fraction, q
from scorepolis.core.provenance import Quantity, Status, Text
from scorepolis.parameters.model import REGISTRATIONS, FlagName, Trait
from scorepolis.shown import Shown

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$")]
"""A name in lower case, such as `rongcheng-2019`."""

Label = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_+-]*$")]
"""The id of a rule or a grade, such as `R20` or `AAA`."""

HIGHEST_MERIT: Final = 1000
"""Merit, by which a rank orders peers, goes from 0 to this."""
MOST_YEARS: Final = 15
"""To which years without a fault are counted."""

LISTED: Final = "listed"
CLEAR: Final = "clear"

SAID_SINCE: Final = frozenset({"notice", "appeal", "publicity", "repair", "least", "legal_basis", "discretion"})
"""What books could not yet say of firms when those were first rated."""

Effect = Literal["deny", "delay", "surcharge", "discount", "priority"]
Severity = Literal["minor", "general", "serious"]
SEVERITIES: Final[tuple[str, ...]] = get_args(Severity)
"""Classes of what a rule takes something for, by which it can be repaired sooner, later or never."""

Way = Literal["course", "pledge", "good_deeds"]
WAYS: Final[tuple[str, ...]] = get_args(Way)
"""Ways of repair on application, in the order in which they are counted."""

Exempt = Literal["party", "public_servant"]
EXEMPTIBLE: Final[tuple[str, ...]] = get_args(Exempt)

Attribute = Literal[
    "age", "education", "household_size",
    "female", "urban", "minority", "migrant", "party", "driver", "dog_owner", "borrower", "online", "working",
    "public_servant",
]  # fmt: skip
ATTRIBUTES: Final[tuple[str, ...]] = get_args(Attribute)
"""What the public register says of people, and a score of features may read; flags in the order of their bits."""


class Frozen(BaseModel):
    """An immutable part of a rulebook; `with_` makes a changed copy."""

    # Validators are built when first used: that of a rulebook holds those of all its parts.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)

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


class Consent(Frozen):
    """Who agrees to be scored: a share of those asked, which goes with a trait of theirs."""

    share: Quantity
    trait: Trait
    slope: Quantity
    """Per standard deviation of the trait, in logarithms."""


class Scope(Frozen):
    """Whom an instrument scores."""

    min_age: Quantity
    migrants: StrictBool
    """Whether those are scored who are registered elsewhere, whatever papers they have."""
    residents: StrictBool = True
    """Whether those are who are registered here."""
    permit_holders: StrictBool | None = None
    """Whether migrants with a residence permit are; as `migrants` if nothing is said."""
    foreigners: StrictBool | None = None
    """Whether foreigners are; as `migrants` if nothing is said."""
    exempt: tuple[Exempt, ...] = ()
    """Who is left out for a status of theirs, whatever they do."""
    requires: FlagName | None = None
    """What one must be or have to be scored at all, such as a car."""
    consent: Consent | None = None
    """Who does not agree is left alone; without it nobody is asked."""

    @property
    def covers(self) -> dict[str, bool]:
        """Whom it covers, by where they are registered."""
        said = (self.permit_holders, self.foreigners)
        permitted, foreign = (self.migrants if word is None else word for word in said)
        return dict(zip(REGISTRATIONS, (self.residents, permitted, self.migrants, foreign), strict=True))

    @property
    def tells_apart(self) -> bool:
        """Whether it is more than a matter of being registered here or not."""
        _, *elsewhere = self.covers.values()
        return len(set(elsewhere)) > 1


class Range(Frozen):
    """The scores an instrument can give."""

    lowest: Quantity
    highest: Quantity


def _implied(
    value: int, reason: str = "A list knows two standings, worked as the scores 0 and 1", unit: str = "points"
) -> Quantity:
    """Give a number that the method itself implies, without any file."""
    return Quantity(value=value, unit=unit, status="assumed", reason=reason, range=(min(0, value), max(1, value)))


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


class Shared(Frozen):
    """With whom a rule shares: so much of the points of a record is entered for each of them, too."""

    among: Literal["household"]
    share: Quantity


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
    severity: Severity | None = None
    """Of what the rule takes something for, where the instrument has `repair`."""


class Rule(AnyRule):
    """What a record does to the points or the grade."""

    points: Quantity
    expires: Quantity | None
    repeat: Repeat | None = None
    cap: Cap | None = None
    override: Override | None = None
    shared: Shared | None = None

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
    shared: ClassVar[None] = None

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


class Course(Frozen):
    """A course that one takes at one's own cost."""

    costs: Quantity


class GoodDeeds(Frozen):
    """How many records of some rules must stand in their windows."""

    rules: Annotated[tuple[Label, ...], Field(min_length=1)]
    least: Quantity


class RepairClass(Frozen):
    """After how many days entries of a class may be repaired, and by which ways, the first choice first."""

    after: Quantity
    by: tuple[Way, ...]


class Repair(Frozen):
    """A way back on application, before an entry's time is over; a class that is null has none."""

    asks: Quantity
    """Share a month of those who know the scheme and may ask that would."""
    granted: Quantity
    days: Quantity
    """Until an application is decided."""
    clean: StrictBool = False
    """Whether it is only for those against whom nothing else stands."""
    minor: RepairClass | None
    general: RepairClass | None
    serious: RepairClass | None
    course: Course | None = None
    good_deeds: GoodDeeds | None = None

    def of(self, severity: Severity | None) -> RepairClass | None:
        """Give the class of a severity; None: there is no way back."""
        if severity is None:
            return None
        return {"minor": self.minor, "general": self.general, "serious": self.serious}[severity]


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
    repair: Repair | None = None
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


class CountedFeature(AnyRule):
    """How many records of some behaviours stand in a trailing window."""

    window: Quantity


class RegisteredFeature(Attested):
    """What the public register says of a person, whatever they do."""

    id: Label
    text: Text
    attribute: Attribute


class RecordFeature(CountedFeature):
    """A count of records that gives nothing of its weight at `worst`, all at `best`, and is linear between."""

    weight: Quantity
    worst: Quantity
    best: Quantity

    @property
    def ends(self) -> tuple[Quantity, Quantity]:
        """From where to where its value counts."""
        return self.worst, self.best


class AttributeFeature(RegisteredFeature):
    """Something registered, weighted as a feature of records."""

    weight: Quantity
    worst: Quantity
    best: Quantity

    @property
    def ends(self) -> tuple[Quantity, Quantity]:
        """From where to where its value counts."""
        return self.worst, self.best


class CardRecord(CountedFeature):
    """A count of records that adds its coefficient, in log-odds, for each above `least`, up to `most`."""

    coefficient: Quantity
    least: Quantity
    most: Quantity

    @property
    def ends(self) -> tuple[Quantity, Quantity]:
        """From where to where its value counts."""
        return self.least, self.most


class CardAttribute(RegisteredFeature):
    """Something registered that adds its coefficient, in log-odds, for each unit above `least`, up to `most`."""

    coefficient: Quantity
    least: Quantity
    most: Quantity

    @property
    def ends(self) -> tuple[Quantity, Quantity]:
        """From where to where its value counts."""
        return self.least, self.most


Feature = RecordFeature | AttributeFeature | CardRecord | CardAttribute


class ReckonedRule:
    """What rules have whose records are counted first and reckoned later: points tell what one record more is worth."""

    expires: ClassVar[None] = None
    repeat: ClassVar[None] = None
    cap: ClassVar[None] = None
    override: ClassVar[None] = None
    shared: ClassVar[None] = None


class WeightedRule(ReckonedRule, RecordFeature):
    """A feature of records as a rule: its points are what a first record is worth, by itself."""

    points: Quantity

    @property
    def terms(self) -> tuple[Quantity | None, ...]:
        """How long a record counts, in days."""
        return (self.window,)

    def quantities(self) -> Iterator[Quantity]:
        """Yield the quantities of the file, without the points that follow from them."""
        yield from (self.weight, self.worst, self.best, self.window)


class CardRule(ReckonedRule, CardRecord):
    """A feature of records of a scorecard as a rule: its points are what a first record is worth."""

    points: Quantity

    @property
    def terms(self) -> tuple[Quantity | None, ...]:
        """How long a record counts, in days."""
        return (self.window,)

    def quantities(self) -> Iterator[Quantity]:
        """Yield the quantities of the file, without the points that follow from them."""
        yield from (self.coefficient, self.least, self.most, self.window)


FeatureRule = WeightedRule | CardRule
Bundle = tuple[tuple[str | int, ...], tuple[CountedFeature, ...], tuple[RegisteredFeature, ...]]
"""A place in an instrument, and the features of records and of attributes that stand there."""


class Featured(Graded, ABC):
    """A score reckoned each month from features: records in trailing windows, and what the public register says."""

    @property
    @abstractmethod
    def bundles(self) -> tuple[Bundle, ...]:
        """Where features stand together, in the order of the file."""

    @property
    @abstractmethod
    def features(self) -> tuple[tuple[Feature, Fraction], ...]:
        """Features of records, then of attributes, in the order of the file, each with the points it gives at most."""

    @property
    @abstractmethod
    def base(self) -> Fraction:
        """The points before any feature."""

    @property
    def attributes_read(self) -> tuple[str, ...]:
        """What it reads of the public register."""
        return tuple(dict.fromkeys(feature.attribute for _, _, registered in self.bundles for feature in registered))

    def part(self, feature: int, value: int) -> int:
        """Give the points that a feature gives at a value, in 2^-16."""
        one, most = self.features[feature]
        return q(16, most * share(one, value))

    def step(self, rule: int, earlier: int) -> int:
        """Give the whole points that one record more is worth after so many earlier ones, of at most 15."""
        return (self.part(rule, min(earlier + 1, 15)) - self.part(rule, earlier) + (1 << 15)) >> 16

    def reckoned(self, values: Sequence[int]) -> int:
        """Give the score that follows from the values of the features."""
        given = sum(self.part(number, value) for number, value in enumerate(values))
        return self.within((q(16, self.base) + given + (1 << 15)) >> 16)

    def within(self, score: int) -> int:
        """Keep a score within the range."""
        return min(max(score, int(self.range.lowest.exact)), int(self.range.highest.exact))

    @cached_property
    def rules(self) -> tuple[FeatureRule, ...]:
        """The features of records, as rules."""
        reason = "What a first record changes by itself, as the weights have it"
        made: list[FeatureRule] = []
        for number, (feature, _) in enumerate(self.features):
            if isinstance(feature, CountedFeature):
                kind: type[FeatureRule] = CardRule if isinstance(feature, CardRecord) else WeightedRule
                made.append(kind.model_construct(**dict(feature), points=_implied(self.step(number, 0), reason)))
        return tuple(made)

    @cached_property
    def start(self) -> Quantity:
        """The score of somebody without records, of whom every attribute stands half-way."""
        half = Fraction(1, 2)
        given = sum(
            (most * (share(one, 0) if isinstance(one, CountedFeature) else half) for one, most in self.features),
            Fraction(0),
        )
        reason = "Somebody without records, of whom every attribute stands half-way"
        return _implied(self.within(q(0, self.base + given)), reason)

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
        return [(*place, "records", r) for place, counted, _ in self.bundles for r in range(len(counted))][rule]

    def registered(self) -> Iterator[tuple[tuple[str | int, ...], RegisteredFeature]]:
        """Yield the features of attributes, each with its place within the instrument."""
        for place, _, registered in self.bundles:
            for number, feature in enumerate(registered):
                yield (*place, "attributes", number), feature


class AnyDimension(Attested):
    """Features that share out the weight of one dimension by their own weights."""

    id: Slug
    text: Text
    records: tuple[RecordFeature, ...] = ()
    attributes: tuple[AttributeFeature, ...] = ()

    @property
    def features(self) -> tuple[RecordFeature | AttributeFeature, ...]:
        """All features of the dimension."""
        return (*self.records, *self.attributes)


class Dimension(AnyDimension):
    """A dimension with one weight."""

    weight: Quantity


class TunedDimension(AnyDimension):
    """A dimension with a weight for each turn of re-tuning."""

    weights: Annotated[tuple[Quantity, ...], Field(min_length=1)]

    def quantities(self) -> Iterator[Quantity]:
        """Yield the weights."""
        yield from self.weights


class Dimensioned(Featured):
    """A score whose range is shared out among dimensions, and by these among their features."""

    dimensions: tuple[AnyDimension, ...]

    @property
    @abstractmethod
    def shares(self) -> tuple[Fraction, ...]:
        """Share of the range of each dimension."""

    @property
    def bundles(self) -> tuple[Bundle, ...]:
        """The features of each dimension."""
        return tuple(
            (("dimensions", number), dimension.records, dimension.attributes)
            for number, dimension in enumerate(self.dimensions)
        )

    @property
    def base(self) -> Fraction:
        """The lowest score."""
        return self.range.lowest.exact

    @cached_property
    def features(self) -> tuple[tuple[Feature, Fraction], ...]:
        """Features of records, then of attributes, in the order of the file, each with the points it gives at best."""
        return self.shared(self.range.highest.exact - self.range.lowest.exact, self.shares)

    def shared(self, span: Fraction, shares: Sequence[Fraction]) -> tuple[tuple[Feature, Fraction], ...]:
        """Share out a span among the features, records first."""
        records: list[tuple[Feature, Fraction]] = []
        attributes: list[tuple[Feature, Fraction]] = []
        for dimension, share_of_span in zip(self.dimensions, shares, strict=True):
            within = sum(feature.weight.exact for feature in dimension.features)
            # The checks refuse weights that do not add up to anything.
            each = span * share_of_span / within if within else Fraction(0)
            for feature in dimension.features:
                kind = records if isinstance(feature, RecordFeature) else attributes
                kind.append((feature, each * feature.weight.exact))
        return (*records, *attributes)


class Weighted(Dimensioned):
    """A score reckoned each month from features, weighted by dimension and rescaled to a range."""

    method: Literal["weighted"]
    dimensions: tuple[Dimension, ...]

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """Share of the range of each dimension."""
        return _of_whole([dimension.weight.exact for dimension in self.dimensions])


class Rank(Dimensioned):
    """A place among peers by merit, whose weights are tuned anew on a schedule.

    People do not know the turn, nor how their peers stand: to them the rank moves as merit does, at the mean weights.
    """

    method: Literal["rank"]
    every: Quantity
    dimensions: tuple[TunedDimension, ...]

    @property
    def turns(self) -> int:
        """How many turns there are."""
        return min((len(dimension.weights) for dimension in self.dimensions), default=1)

    def shares_in(self, turn: int) -> tuple[Fraction, ...]:
        """Share of merit of each dimension in one turn."""
        return _of_whole([dimension.weights[turn].exact for dimension in self.dimensions])

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """Share of merit of each dimension, in the mean of all turns."""
        by_turn = [self.shares_in(turn) for turn in range(self.turns)]
        return tuple(sum(shares, Fraction(0)) / self.turns for shares in zip(*by_turn, strict=True))

    def merit_part(self, turn: int, feature: int, value: int) -> int:
        """Give what a feature adds to merit at a value in one turn, in 2^-16."""
        one, most = self.shared(Fraction(HIGHEST_MERIT), self.shares_in(turn))[feature]
        return q(16, most * share(one, value))

    @cached_property
    def start(self) -> Quantity:
        """The middle, until somebody is ranked."""
        middle = (int(self.range.lowest.exact) + int(self.range.highest.exact)) // 2
        return _implied(middle, "The middle of the range, until people are ranked")

    def reckoned(self, values: Sequence[int]) -> int:
        """Give the score in the first turn, among peers whose merits are spread evenly."""
        merit = (sum(self.merit_part(0, number, value) for number, value in enumerate(values)) + (1 << 15)) >> 16
        span = int(self.range.highest.exact - self.range.lowest.exact)
        place = 2 * min(max(merit, 0), HIGHEST_MERIT) + 1
        return int(self.range.lowest.exact) + (span * place) // (2 * HIGHEST_MERIT + 2)


def _of_whole(weights: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Give each weight's share of all, or nothing where the checks will refuse them."""
    total = sum(weights)
    return tuple(weight / total if total else Fraction(0) for weight in weights)


class Scale(Frozen):
    """How log-odds are told: `score` points at odds of `odds` to 1, `double` points more for twice the odds."""

    score: Quantity
    odds: Quantity
    double: Quantity


class Scorecard(Featured):
    """The log-odds of not defaulting, as a logistic model has them, scaled to points."""

    method: Literal["scorecard"]
    scale: Scale
    intercept: Quantity
    records: tuple[CardRecord, ...] = ()
    attributes: tuple[CardAttribute, ...] = ()

    @cached_property
    def factor(self) -> Fraction:
        """Points for one unit of log-odds."""
        return self.scale.double.exact / ln_fraction(2)

    @property
    def bundles(self) -> tuple[Bundle, ...]:
        """All features stand together."""
        return (((), self.records, self.attributes),)

    @cached_property
    def base(self) -> Fraction:
        """The points of somebody of whom every feature stands at its least."""
        return self.scale.score.exact + self.factor * (self.intercept.exact - ln_fraction(self.scale.odds.exact))

    @cached_property
    def features(self) -> tuple[tuple[Feature, Fraction], ...]:
        """Features of records, then of attributes, in the order of the file, each with the points it gives at most."""
        every: tuple[CardRecord | CardAttribute, ...] = (*self.records, *self.attributes)
        return tuple((one, self.factor * one.coefficient.exact * (one.most.exact - one.least.exact)) for one in every)


def share(feature: Feature, value: int) -> Fraction:
    """Give the share of its points that a feature gives at a value."""
    begins, ends = (end.exact for end in feature.ends)
    # The checks refuse a feature that tells nobody from anybody.
    return min(max((value - begins) / (ends - begins), Fraction(0)), Fraction(1)) if begins != ends else Fraction(0)


class FaultRule(AnyRule):
    """What a fault does to a bonus-malus: it multiplies the coefficient."""

    factor: Quantity


class Fault(ReckonedRule, FaultRule):
    """A kind of fault as a rule: its points are what the first of a year costs somebody at the start."""

    points: Quantity
    years: Quantity

    @property
    def terms(self) -> tuple[Quantity | None, ...]:
        """How long it takes until years without a fault have made up for it, in days."""
        return (self.years,)

    def quantities(self) -> Iterator[Quantity]:
        """Yield the quantity of the file."""
        yield self.factor


class BonusMalus(Graded):
    """A coefficient multiplied once a year: down without a fault, up with each; the score is -100 times it."""

    method: Literal["bonus_malus"]
    start: Quantity
    claim_free: Quantity
    protected: Quantity | None
    returns: Quantity | None
    history: Quantity
    faults: Annotated[tuple[FaultRule, ...], Field(min_length=1, alias="rules")]

    def after_year(self, coefficient: int, free: int, top: int, faults: Sequence[int]) -> tuple[int, int, int]:
        """Close a year.

        Parameters
        ----------
        coefficient, free, top
            Coefficient in hundredths, years without a fault, and years spent at the floor.
        faults
            How many faults there were of each rule.

        Returns
        -------
        coefficient, free, top : int
            As they are in the next year.
        """
        floor, cap, begins = (-int(end.exact) for end in (self.range.highest, self.range.lowest, self.start))
        if not any(faults):
            top = min(MOST_YEARS, top + 1) if coefficient == floor else 0
            coefficient, free = max(floor, int(coefficient * self.claim_free.exact)), min(MOST_YEARS, free + 1)
            back = self.returns is not None and free >= self.returns.exact
            return (min(coefficient, begins) if back else coefficient), free, top
        spared = self.protected is not None and top >= self.protected.exact
        for rule, count in zip(self.faults, faults, strict=True):
            for _ in range(count):
                coefficient = coefficient if spared else min(cap, int(coefficient * rule.factor.exact))
                spared = False
        return coefficient, 0, 0

    def after_faults(self, rule: int, count: int) -> int:
        """Give the coefficient of somebody who began at the start, after so many faults of one rule."""
        none = [0] * len(self.faults)
        begins = -int(self.start.exact)
        return self.after_year(begins, 0, 0, [*none[:rule], count, *none[rule + 1 :]])[0] if count else begins

    def step(self, rule: int, earlier: int) -> int:
        """Give the points that one fault more costs somebody who began the year at the start."""
        free = self.after_year(-int(self.start.exact), 0, 0, [0] * len(self.faults))[0]
        before = self.after_faults(rule, earlier) if earlier else free
        return before - self.after_faults(rule, earlier + 1)

    def _years(self, rule: int) -> int:
        """Years without a fault that make up for one."""
        state = self.after_faults(rule, 1), 0, 0
        for year in range(1, MOST_YEARS + 1):
            state = self.after_year(*state, [0] * len(self.faults))
            if state[0] <= -int(self.start.exact):
                return year
        return MOST_YEARS

    @cached_property
    def rules(self) -> tuple[Fault, ...]:
        """The kinds of faults, as rules."""
        reason = "What the first fault of a year costs somebody at the start, as the factors have it"
        back = "Years without a fault until it is made up for, as the factors have it"
        return tuple(
            Fault.model_construct(
                **dict(fault),
                points=_implied(self.step(number, 0), reason),
                years=_implied(365 * self._years(number), back, "days"),
            )
            for number, fault in enumerate(self.faults)
        )

    @property
    def counted_rules(self) -> tuple[int, ...]:
        """Numbers of the rules: each of them counts the year's faults."""
        return tuple(range(len(self.faults)))

    @property
    def override_grades(self) -> tuple[int, ...]:
        """Numbers of the grades that feeds hold people down to, from lowest to highest."""
        return self.held_down_to(())

    def nibble(self, rule: int) -> int:  # noqa: ARG002 - as of instruments whose rules hold down
        """Give the number of the nibble that counts a rule's overrides: none does."""
        return -1


class Listing(AnyInstrument):
    """A list: one is on it or not.

    It is worked like points from 0 to 1 that start at 1 and that nothing changes: grade `listed` at 0, `clear` at 1,
    and every rule an override to `listed`.
    """

    method: Literal["list"]
    rules: Annotated[tuple[ListRule, ...], Field(min_length=1)]
    stock: Quantity | None = None
    family: tuple[str, ...] = ()
    spending_order: StrictBool = False
    """Whether the listed are ordered not to spend on what is refused, so that to do it is an act of its own."""

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


Instrument = Annotated[Points | Listing | Weighted | Scorecard | BonusMalus | Rank, Field(discriminator="method")]
"""An instrument of any method."""

InstrumentRule = Rule | ListRule | FeatureRule | Fault
"""A rule of an instrument of any method."""


def takes(rule: InstrumentRule) -> bool:
    """Say whether a rule takes something, points or a better grade."""
    return rule.points.exact < 0 or rule.override is not None


def repaired_as(instrument: Instrument, rule: InstrumentRule) -> RepairClass | None:
    """Give the class as which what a rule takes can be repaired; None: not at all."""
    return instrument.repair.of(rule.severity) if instrument.repair and takes(rule) else None


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
    legal_basis: Text | None = None
    discretion: Discretion | None = None


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
    """A ground for listing a firm: for a term in months, or until performance.

    After `least` months a firm may ask to be let off, if the list has `repair`.
    """

    term: Quantity | None
    least: Quantity | None = None


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


class FirmAppeal(Frozen):
    """How long an appeal of a firm takes, and how often it is upheld: of who had not done it, and of others."""

    months: Quantity
    upheld_wrong: Quantity
    upheld_other: Quantity


class FirmPublicity(Attested):
    """Grades of firms that are shown in public, and the share of its earnings that being shown costs a firm."""

    grades: Annotated[tuple[str, ...], Field(min_length=1)]
    custom: Quantity


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
    notice: StrictBool = False
    appeal: FirmAppeal | None = None
    publicity: FirmPublicity | None = None


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

    repair: ClassVar[None] = None

    @property
    def grade_names(self) -> tuple[str, ...]:
        """Names of the grades, from lowest to highest, that of newcomers just below the one which it stands for."""
        names = [grade.grade for grade in self.grades]
        if self.newcomers and self.newcomers.instead_of in names:
            names.insert(names.index(self.newcomers.instead_of), self.newcomers.grade)
        return tuple(names)

    @property
    def says_more(self) -> bool:
        """Whether the book says something of notice or publicity."""
        return self.notice or self.publicity is not None


class FirmListing(AnyFirmInstrument):
    """A list of firms."""

    method: Literal["list"]
    rules: Annotated[tuple[FirmListRule, ...], Field(min_length=1)]
    repair: Quantity | None = None
    """Share a month of those who may ask for it that are let off before their term."""

    grade_names: ClassVar[tuple[str, ...]] = (LISTED, CLEAR)

    @property
    def says_more(self) -> bool:
        """Whether the book says something of notice, publicity or repair."""
        return self.notice or self.publicity is not None or self.repair is not None


FirmInstrument = Annotated[Rating | FirmListing, Field(discriminator="method")]
"""An instrument of firms, of any method."""


class BodyScope(Frozen):
    """Which public bodies an instrument grades; none named: all."""

    kinds: tuple[str, ...] = ()


class BodyRule(AnyFirmRule):
    """What a record does to a body's score of the year, and to its grade at once."""

    points: Quantity
    assign: Label | None = None


class AnyBodyInstrument(Frozen):
    """What instruments of public bodies have, whatever their method; a binding holds the official at the head."""

    id: Slug
    subject: Literal["body"]
    scope: BodyScope = BodyScope()
    quota: Quantity | None = None
    """Reports per 1,000 residents and month that a body of a neighbourhood is to deliver."""
    transparency: Literal["published", "partly", "secret"]
    reach: tuple[str, ...]
    consequences: tuple[Consequence, ...] = ()
    binds: tuple[Binding, ...] = ()


class BodyRating(AnyBodyInstrument):
    """A score of the year from a start, turned into a grade once a year; some records assign a grade at once."""

    method: Literal["rating"]
    month: Quantity | None
    start: Quantity
    range: Range
    grades: Annotated[tuple[Grade, ...], Field(min_length=2)]
    rules: Annotated[tuple[BodyRule, ...], Field(min_length=1)]

    @property
    def grade_names(self) -> tuple[str, ...]:
        """Names of the grades, from lowest to highest."""
        return tuple(grade.grade for grade in self.grades)


class BodyListing(AnyBodyInstrument):
    """A list of public bodies: for a term, or for as long as every month brings another record."""

    method: Literal["list"]
    rules: Annotated[tuple[FirmListRule, ...], Field(min_length=1)]

    grade_names: ClassVar[tuple[str, ...]] = (LISTED, CLEAR)


BodyInstrument = Annotated[BodyRating | BodyListing, Field(discriminator="method")]
"""An instrument of public bodies, of any method."""


class InForce(Frozen):
    """The dates between which a rulebook holds."""

    from_: date = Field(alias="from")
    until: date | None = None


class CourtPractice(Frozen):
    """How courts act where the book is in force; what it does not say stays the model's."""

    grace: Quantity | None = None
    """Days from the application for enforcement to the decision."""
    mistaken_able: Quantity | None = None
    """Share of the unable who are taken for able."""
    mistaken_unable: Quantity | None = None
    """Share of the able who are taken for unable."""

    def said(self) -> Iterator[tuple[str, Quantity]]:
        """Yield what is said, each number under the name of the coefficient that it replaces."""
        for name in type(self).model_fields:
            quantity = getattr(self, name)
            if quantity is not None:
                yield name, quantity


class Accepted(Frozen):
    """A finding of the audit that the authors of a book know of and let stand, with their reason."""

    check: Slug
    at: Text | None = None
    """Where: `instrument`, or `instrument.rule` and the like, as the finding names it; by default everywhere."""
    reason: Text


class Rulebook(Shown, Frozen):
    """A scheme as data: purpose, legal basis, dates, and the instruments that score people."""

    version: Literal[1]
    name: Slug
    title: Text
    purpose: Text
    legal_basis: Text
    in_force: InForce
    tag: Literal["documented", "reported", "stylised"]
    employs: tuple[str, ...] = ()
    courts: CourtPractice | None = None
    """What it says of how courts act, in place of the model's coefficients."""
    instruments: tuple[Instrument, ...]
    firms: tuple[FirmInstrument, ...] = ()
    """Instruments whose subjects are firms."""
    bodies: tuple[BodyInstrument, ...] = ()
    """Instruments whose subjects are public bodies."""
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
        for others in ("firms", "bodies"):  # one that says nothing of these is the book that it was before them
            if not content[others]:
                del content[others]
        if self.courts is None:
            del content["courts"]
        for firm in content.get("firms", ()):  # and so is one that says nothing of what could not be said once
            for part in (firm, *firm["rules"]):
                for name in SAID_SINCE & part.keys():
                    if not part[name]:
                        del part[name]
        for instrument in content["instruments"]:
            dimensions = instrument.get("dimensions", ())
            rules = [*instrument.get("rules", ()), *instrument.get("records", ())]
            rules += [record for dimension in dimensions for record in dimension["records"]]
            parts = ((instrument, ("repair",)), (instrument["scope"], ("consent", "permit_holders", "foreigners")))
            for part, names in (*parts, *((rule, ("shared", "severity")) for rule in rules)):
                for name in names:
                    if name in part and part[name] is None:
                        del part[name]
            if instrument["scope"]["residents"]:
                del instrument["scope"]["residents"]
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

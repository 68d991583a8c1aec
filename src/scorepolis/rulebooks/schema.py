"""What a rulebook is made of: frozen models of the file format, nothing read and nothing computed.

What a single field may hold is checked here; what must fit together is checked in :mod:`scorepolis.rulebooks.checks`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, ValidationError

from scorepolis.core.errors import InputError, nearest
from scorepolis.core.provenance import Quantity, Status, Text

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$")]
"""A name in lower case, such as `rongcheng-2019`."""

Label = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_+-]*$")]
"""The id of a rule or a grade, such as `R20` or `AAA`."""

Effect = Literal["deny", "delay", "surcharge", "discount", "priority"]


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


class Range(Frozen):
    """The scores an instrument can give."""

    lowest: Quantity
    highest: Quantity


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
    """A grade that one is held down to for a term, whatever the points."""

    grade: Label
    term: Quantity


class Rule(Attested):
    """What a record of certain behaviours does to the points or the grade."""

    id: Label
    text: Text
    behaviours: Annotated[tuple[str, ...], Field(min_length=1)]
    points: Quantity
    expires: Quantity | None
    repeat: Repeat | None = None
    cap: Cap | None = None
    override: Override | None = None


class Consequence(Attested):
    """What a grade does to an application for a service."""

    service: str
    grades: Annotated[tuple[str, ...], Field(min_length=1)]
    effect: Effect
    days: Quantity | None = None
    percent: Quantity | None = None


class Billboard(Attested):
    """Grades whose holders are shamed in public."""

    grades: Annotated[tuple[str, ...], Field(min_length=1)]
    price_of_shame: Quantity


class Gallery(Attested):
    """Grades whose holders are praised in public."""

    grades: Annotated[tuple[str, ...], Field(min_length=1)]
    praise: Quantity


class Publicity(Frozen):
    """What is shown of standings in public."""

    billboard: Billboard | None = None
    gallery: Gallery | None = None


class Instrument(Frozen):
    """One score of one kind of subject, with its rules, grades and consequences."""

    id: Slug
    method: Literal["points"]
    subject: Literal["person"]
    scope: Scope
    transparency: Literal["published", "partly", "secret"]
    notice: StrictBool
    start: Quantity
    range: Range
    grades: Annotated[tuple[Grade, ...], Field(min_length=2)]
    reach: tuple[str, ...]
    rules: tuple[Rule, ...]
    consequences: tuple[Consequence, ...] = ()
    publicity: Publicity = Publicity()

    @property
    def grade_names(self) -> tuple[str, ...]:
        """Names of the grades, from lowest to highest."""
        return tuple(grade.grade for grade in self.grades)

    @property
    def counted_rules(self) -> tuple[int, ...]:
        """Numbers of the rules that count records in a window; their order gives the numbers of the counters."""
        return tuple(number for number, rule in enumerate(self.rules) if rule.repeat or rule.cap)

    @property
    def override_grades(self) -> tuple[int, ...]:
        """Numbers of the grades that overrides hold people down to, from lowest to highest."""
        names = self.grade_names
        return tuple(sorted({names.index(rule.override.grade) for rule in self.rules if rule.override}))


class InForce(Frozen):
    """The dates between which a rulebook holds."""

    from_: date = Field(alias="from")
    until: date | None = None


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

    def digest(self) -> str:
        """Hash the content: the same for the same rules, however the file is laid out.

        Returns
        -------
        str
            SHA-256 in hexadecimal digits.
        """
        content = self.model_dump(mode="json", by_alias=True)
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

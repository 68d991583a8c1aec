"""A number never travels alone: it carries its unit, its plausible range, and where it comes from."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import Annotated, Final, Generic, Literal, Self, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Status: TypeAlias = Literal["documented", "reported", "assumed"]


LARGEST: Final = 10**15


def _number(value: object) -> object:
    """Refuse what Python would let pass for a number: `true`, `"5"`, `.inf` and `.nan`."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"{value!r} is not a number")  # noqa: TRY004 - Pydantic collects ValueErrors
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value!r} is not a finite number")
    if abs(value) > LARGEST:
        raise ValueError(f"the number is too large; at most {LARGEST}")
    return value


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("the text is empty")
    return value


Number: TypeAlias = Annotated[int | float, BeforeValidator(_number)]
Text: TypeAlias = Annotated[str, AfterValidator(_text)]
Name = TypeVar("Name", bound=str)


class Provenance(BaseModel):
    """Where something comes from.

    `documented` is a primary text or official statistics and `reported` is press or a paper, both with their `source`;
    `assumed` is ours, with a `reason` of its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: Status
    source: Text | None = None
    reason: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _has_grounds(self) -> Self:
        if self.status == "assumed" and self.reason is None:
            raise ValueError("an assumed value without a reason")
        if self.status != "assumed" and self.source is None:
            raise ValueError(f"a {self.status} value without a source")
        return self


class Measured(Provenance):
    """Unit and range of a number or of a list of numbers."""

    unit: Text
    range: tuple[Number, Number]

    def _check(self, numbers: tuple[int | float, ...]) -> None:
        low, high = self.range
        if low > high:
            raise ValueError(f"the range [{low}, {high}] ends before it begins")
        for number in numbers:
            if not low <= number <= high:
                raise ValueError(f"{number} lies outside its range [{low}, {high}]")


@cache
def _as_written(number: int | float) -> Fraction:
    # Tables ask for the same few hundred numbers thousands of times.
    return Fraction(str(number))


class Quantity(Measured):
    """One number with unit, range and provenance."""

    value: Number

    @model_validator(mode="after")
    def _within_range(self) -> Self:
        self._check((self.value,))
        return self

    @property
    def exact(self) -> Fraction:
        """The number as it was written, without binary rounding."""
        return _as_written(self.value)


class Quantities(Measured):
    """Numbers that share one unit, range and provenance."""

    values: Annotated[tuple[Number, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _within_range(self) -> Self:
        self._check(self.values)
        return self

    @property
    def exact(self) -> tuple[Fraction, ...]:
        """The numbers as they were written, without binary rounding."""
        return tuple(map(_as_written, self.values))


class Choice(Provenance, Generic[Name]):
    """One of a few named forms, with provenance."""

    value: Name

"""What changed from one rulebook to another: rule by rule, not line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from pydantic import BaseModel

from scorepolis.core.provenance import Quantity
from scorepolis.rulebooks.schema import Binding, Feed

if TYPE_CHECKING:
    from scorepolis.rulebooks import Rulebook

Plain: TypeAlias = Any  # what a model holds: models, tuples, strings, numbers, dates, None

PARTS: Final = ("instruments", "firms")
"""Fields that hold the instruments."""
NAMES: Final = ("id", "grade", "check")
"""Fields by which the parts of a list are told apart, where they have one."""


class Difference(NamedTuple):
    """A thing that is in one book only, or not the same in both; `before` or `after` is None where it is not."""

    path: str
    before: str | None
    after: str | None

    def line(self) -> str:
        """Tell it in a line: minus for what went, plus for what came, a tilde for what is another."""
        if self.before is None:
            return f"+ {self.path}: {self.after}"
        if self.after is None:
            return f"- {self.path}: {self.before}"
        return f"~ {self.path}: {self.before} -> {self.after}"


def diff(before: Rulebook, after: Rulebook) -> tuple[Difference, ...]:
    """Compare two rulebooks part by part.

    Parameters
    ----------
    before, after : Rulebook
        The books. Instruments, rules and grades are matched by their names, consequences by service, effect and
        grades, inspections by sensor and grades, feeds and bindings by what they name; where each book has a single
        instrument, of people or of firms, these are matched whatever they are called.

    Returns
    -------
    tuple of Difference
        In the order of the first book, then of the second; none if the books say the same.
    """
    alone = {
        name: getattr(after, name)[0].id
        for name in PARTS
        if len(getattr(before, name)) == len(getattr(after, name)) == 1
    }
    one, other = dict(_walk("", before, alone)), dict(_walk("", after, alone))
    every = dict.fromkeys([*one, *other])
    return tuple(Difference(path, one.get(path), other.get(path)) for path in every if one.get(path) != other.get(path))


def _fields(part: BaseModel) -> Iterator[tuple[str, Plain]]:
    for name, field in type(part).model_fields.items():
        yield field.alias or name, getattr(part, name)


def _walk(path: str, entry: Plain, alone: Mapping[str, str], called: str | None = None) -> Iterator[tuple[str, str]]:
    if isinstance(entry, Quantity):
        yield path, f"{entry.value} {entry.unit}"
        low, high = entry.range
        yield f"{path} range", f"{low} to {high}"
        yield f"{path} status", entry.status
        yield f"{path} grounds", entry.source or entry.reason or ""
        if entry.note:
            yield f"{path} note", entry.note
    elif isinstance(entry, BaseModel):
        for name, inner in _fields(entry):
            # Instruments are the first thing that one looks for: their name stands at the beginning.
            inside = "" if name == "instruments" else f"{path}.{name}" if path else name
            yield from _walk(inside, inner, alone, None if path else alone.get(name))
    elif isinstance(entry, tuple) and any(isinstance(inner, BaseModel) for inner in entry):
        for number, inner in enumerate(entry):
            name = called or _name(inner, number)
            yield from _walk(f"{path}.{name}" if path else name, inner, alone)
    elif isinstance(entry, tuple):
        if entry:
            yield path, ", ".join(map(str, entry))
    elif entry is not None:
        yield path, " ".join(str(entry).split())


def _name(part: BaseModel, number: int) -> str:
    fields = type(part).model_fields
    if "service" in fields:
        return " ".join([part.effect, "of", part.service, "at", "-".join(part.grades)])  # type: ignore[attr-defined]
    if "sensor" in fields:
        return f"by {part.sensor} at {'-'.join(part.grades)}"  # type: ignore[attr-defined]
    if isinstance(part, Binding):  # to several books, as the date may be
        return f"{part.rulebook} {part.instrument} at {part.grade}"
    if isinstance(part, Feed):  # mostly of the same book, which has another name in its later version
        return f"{part.instrument} at {part.grade}"
    return next((str(getattr(part, name)) for name in NAMES if name in fields), str(number))

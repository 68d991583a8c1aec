"""Rulebooks: schemes as data, read with line numbers, checked, and compiled to tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scorepolis.core.lazy import homes
from scorepolis.rulebooks.load import (
    document,
    families,
    json_schema,
    load,
    load_text,
    names,
    of_document,
    problems,
    reread,
)
from scorepolis.rulebooks.schema import (
    BodyInstrument,
    Consequence,
    FirmInstrument,
    FirmListing,
    Grade,
    Instrument,
    Listing,
    ListRule,
    Points,
    Publicity,
    Rating,
    Rule,
    Rulebook,
    Scope,
)

if TYPE_CHECKING:
    from scorepolis.rulebooks.cases import Case, Cases, Expectation, load_cases, unreached
    from scorepolis.rulebooks.compile import compile_instruments

__all__ = [
    "BodyInstrument",
    "Case",
    "Cases",
    "Consequence",
    "Expectation",
    "FirmInstrument",
    "FirmListing",
    "Grade",
    "Instrument",
    "ListRule",
    "Listing",
    "Points",
    "Publicity",
    "Rating",
    "Rule",
    "Rulebook",
    "Scope",
    "compile_instruments",
    "document",
    "families",
    "json_schema",
    "load",
    "load_cases",
    "load_text",
    "names",
    "of_document",
    "problems",
    "reread",
    "unreached",
]

# Whoever reads a finished run reads its rulebooks, and neither compiles them nor replays their cases.
__getattr__ = homes(
    __name__,
    {
        "cases": ("Case", "Cases", "Expectation", "load_cases", "unreached"),
        "compile": ("compile_instruments",),
    },
)

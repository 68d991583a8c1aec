"""Rulebooks: schemes as data, read with line numbers, checked, and compiled to tables."""

from scorepolis.rulebooks.cases import Case, Cases, Expectation, load_cases, unreached
from scorepolis.rulebooks.compile import compile_instruments
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
    Consequence,
    Grade,
    Instrument,
    Listing,
    ListRule,
    Points,
    Publicity,
    Rule,
    Rulebook,
    Scope,
)

__all__ = [
    "Case",
    "Cases",
    "Consequence",
    "Expectation",
    "Grade",
    "Instrument",
    "ListRule",
    "Listing",
    "Points",
    "Publicity",
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

"""Cases of a rulebook: a few records, and the points, grade and rules that a reader of the rules would expect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, StrictBool, field_validator

from scorepolis.core.provenance import Text
from scorepolis.core.yamlfile import Document, read_text, validate
from scorepolis.parameters import Parameters
from scorepolis.parameters.bodies import BEHAVIOURS, Bodies
from scorepolis.parameters.firms import Firms
from scorepolis.rulebooks.checking import Fault, Where, unknown
from scorepolis.rulebooks.load import library
from scorepolis.rulebooks.schema import (
    Attribute,
    BodyInstrument,
    Featured,
    FirmInstrument,
    Frozen,
    Instrument,
    Rulebook,
    Slug,
)

Day = Annotated[int, Field(ge=0, le=36_500, strict=True)]


class CaseRecord(Frozen):
    """A record of the case, on a day counted from its first day."""

    day: Day
    behaviour: str
    sensor: str
    member: StrictBool = False
    """Whether it is of another member of the household, and not of the imagined person."""
    repaired: Day | None = None
    """The day on which repair was granted of what it entered, if the rules let it be by then."""


class Expectation(Frozen):
    """What one instrument should show on the day of the expectation."""

    score: Annotated[int, Field(strict=True)] | None = None
    """Of points, or as it would be reckoned on that day; a list has none.

    Years of insurance end on days 364, 729, and so on; a rank is one among peers whose merits are spread evenly.
    """
    grade: str
    rules: tuple[str, ...]
    """The rule of each record so far, in the order in which records are scored; of others, where it is shared."""


class Case(Frozen):
    """A few records of one imagined person, and what is expected of them."""

    name: Text
    records: tuple[CaseRecord, ...]
    attributes: dict[Attribute, Annotated[int, Field(ge=0, le=100, strict=True)]] = Field(default_factory=dict)
    """What the public register says of the imagined person, as far as a score of features reads it."""
    newcomer: bool = False
    """Whether the imagined firm has no full year of business yet."""
    on_day: Day | None = None
    expect: dict[str, Expectation]
    """Expectations by instrument; the name is empty where the rulebook has only one."""

    @field_validator("expect", mode="before")
    @classmethod
    def _by_instrument(cls, value: object) -> object:
        return {"": value} if isinstance(value, Mapping) and "grade" in value else value

    @property
    def day(self) -> int:
        """The day on which the expectation holds, after scoring."""
        return self.on_day if self.on_day is not None else max((record.day for record in self.records), default=0)

    def expectations(self, rulebook: Rulebook) -> Iterator[tuple[Instrument, Expectation]]:
        """Pair what is expected with the instrument it is expected of."""
        for instrument in rulebook.instruments:
            for name in (instrument.id, ""):
                if name in self.expect:
                    yield instrument, self.expect[name]

    def firm_expectations(self, rulebook: Rulebook) -> Iterator[tuple[FirmInstrument, Expectation]]:
        """Pair what is expected with the instrument of firms it is expected of."""
        for instrument in rulebook.firms:
            for name in (instrument.id, ""):
                if name in self.expect:
                    yield instrument, self.expect[name]

    def body_expectations(self, rulebook: Rulebook) -> Iterator[tuple[BodyInstrument, Expectation]]:
        """Pair what is expected with the instrument of public bodies it is expected of."""
        for instrument in rulebook.bodies:
            for name in (instrument.id, ""):
                if name in self.expect:
                    yield instrument, self.expect[name]

    def every_expectation(
        self, rulebook: Rulebook
    ) -> Iterator[tuple[Instrument | FirmInstrument | BodyInstrument, Expectation]]:
        """Pair what is expected with the instruments of people, of firms and of public bodies."""
        yield from self.expectations(rulebook)
        yield from self.firm_expectations(rulebook)
        yield from self.body_expectations(rulebook)

    def is_of_body(self, rulebook: Rulebook) -> bool:
        """Say whether it tells of a public body, and not of a person or a firm."""
        bodies = {instrument.id for instrument in rulebook.bodies}
        return bool(bodies) and (self.expect.keys() <= bodies or not (rulebook.instruments or rulebook.firms))

    def is_of_firm(self, rulebook: Rulebook) -> bool:
        """Say whether it tells of a firm, and not of a person."""
        firms = {instrument.id for instrument in rulebook.firms}
        return bool(firms) and (self.expect.keys() <= firms or not rulebook.instruments)


class Cases(Frozen):
    """The cases of one rulebook."""

    version: Literal[1]
    rulebook: Slug
    cases: tuple[Case, ...]


def load_cases(rulebook: Rulebook, parameters: Parameters) -> Cases:
    """Read the cases that stand beside a rulebook of the library.

    Parameters
    ----------
    rulebook : Rulebook
        A rulebook of the library.
    parameters : Parameters
        The behaviours and sensors that records may name.

    Returns
    -------
    Cases
        The cases, whose names all exist.

    Raises
    ------
    InputError
        If something in the file is wrong; the message names file, line and column.
    """
    file = f"{rulebook.name}.cases.yaml"
    text = library().joinpath(file).read_text(encoding="utf-8")
    return parse_cases(read_text(text, f"rulebooks/library/{file}"), rulebook, parameters)


def parse_cases(document: Document, rulebook: Rulebook, parameters: Parameters) -> Cases:
    """Turn a document into the cases of a rulebook, or point at the first thing that is wrong."""
    cases = validate(Cases, document)
    if cases.rulebook != rulebook.name:
        raise document.error(("rulebook",), f"the cases are for '{cases.rulebook}'", f"'{rulebook.name}'")
    for fault in _faults(cases, rulebook, parameters):
        raise document.error(*fault)
    return cases


def unreached(rulebook: Rulebook, cases: Cases) -> tuple[str, ...]:
    """Name the rules that no case reaches.

    Parameters
    ----------
    rulebook : Rulebook
        The rulebook.
    cases : Cases
        Its cases.

    Returns
    -------
    tuple of str
        ``instrument.rule`` for each rule that no expectation names.
    """
    reached = {
        (instrument.id, rule)
        for case in cases.cases
        for instrument, expectation in case.every_expectation(rulebook)
        for rule in expectation.rules
    }
    return tuple(
        f"{instrument.id}.{rule.id}"
        for instrument in (*rulebook.instruments, *rulebook.firms, *rulebook.bodies)
        for rule in instrument.rules
        if (instrument.id, rule.id) not in reached
    )


def subjects(case: Case, rulebook: Rulebook, parameters: Parameters) -> Parameters | Firms | Bodies:
    """Give the parameters that say what the subject of a case may do, and who may record it."""
    if case.is_of_body(rulebook):
        return parameters.bodies
    return parameters.firms if case.is_of_firm(rulebook) else parameters


def _faults(cases: Cases, rulebook: Rulebook, parameters: Parameters) -> Iterator[Fault]:
    ids = tuple(instrument.id for instrument in (*rulebook.instruments, *rulebook.firms, *rulebook.bodies))
    for c, case in enumerate(cases.cases):
        here: Where = ("cases", c)
        of_whom = subjects(case, rulebook, parameters)
        behaviours = BEHAVIOURS if isinstance(of_whom, Bodies) else tuple(of_whom.behaviours)
        for r, record in enumerate(case.records):
            where = (*here, "records", r)
            yield from unknown((*where, "behaviour"), "behaviour", record.behaviour, behaviours)
            yield from unknown((*where, "sensor"), "sensor", record.sensor, tuple(of_whom.sensors))
            if record.repaired is not None and (record.repaired <= record.day or of_whom is not parameters):
                message = "a record that is repaired before it is scored, or is of no person"
                yield Fault((*where, "repaired"), message, f"of a person, a day after {record.day}")
            known = record.sensor in of_whom.sensors and record.behaviour in behaviours
            if known and not of_whom.may_write(record.sensor, record.behaviour):
                message = f"the sensor '{record.sensor}' does not see '{record.behaviour}'"
                yield Fault((*where, "sensor"), message, f"one that does: {_seers(record.behaviour, of_whom)}")
        for name in case.expect:
            if name or len(ids) != 1:
                yield from unknown((*here, "expect", name), "instrument", name, ids)
        for firm, expectation in case.firm_expectations(rulebook):
            where = (*here, "expect") if "" in case.expect else (*here, "expect", firm.id)
            yield from _expected(where, expectation, firm)
        for body, expectation in case.body_expectations(rulebook):
            where = (*here, "expect") if "" in case.expect else (*here, "expect", body.id)
            yield from _expected(where, expectation, body)
        for instrument, expectation in case.expectations(rulebook):
            where = (*here, "expect") if "" in case.expect else (*here, "expect", instrument.id)
            read = instrument.attributes_read if isinstance(instrument, Featured) else ()
            if missing := set(read) - set(case.attributes):
                message = f"the case does not say of the person: {', '.join(sorted(missing))}"
                yield Fault(here, message, f"attributes: {{{', '.join(read)}}}")
            yield from _expected(where, expectation, instrument)


def _expected(
    where: Where, expectation: Expectation, instrument: Instrument | FirmInstrument | BodyInstrument
) -> Iterator[Fault]:
    yield from unknown((*where, "grade"), "grade", expectation.grade, instrument.grade_names)
    if (expectation.score is None) != (instrument.method == "list"):
        yield Fault(where, f"a score is expected of {instrument.id}, or none", "`score` of points only")
    rules = tuple(rule.id for rule in instrument.rules)
    for n, rule in enumerate(expectation.rules):
        yield from unknown((*where, "rules", n), "rule", rule, rules)


def _seers(behaviour: str, parameters: Parameters | Firms | Bodies) -> str:
    return ", ".join(name for name in parameters.sensors if parameters.may_write(name, behaviour))

"""The cases of instruments of public bodies, replayed in plain Python: one imagined body, one year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scorepolis.parameters.bodies import BEHAVIOURS
from scorepolis.report.rulebooks.firm_cases import Standing
from scorepolis.rulebooks.schema import CLEAR, LISTED, BodyRating

if TYPE_CHECKING:
    from scorepolis.parameters import Parameters
    from scorepolis.rulebooks import BodyInstrument, Case, Rulebook
    from scorepolis.rulebooks.cases import CaseRecord
    from scorepolis.rulebooks.schema import BodyRule, FirmListRule


def replay_body(case: Case, book: Rulebook, parameters: Parameters) -> dict[str, Standing]:
    """Replay a case under every instrument of public bodies of its book.

    Parameters
    ----------
    case : Case
        A few records of one body.
    book : Rulebook
        Its rulebook.
    parameters : Parameters
        The order of sensors.

    Returns
    -------
    dict of str to Standing
        By instrument: after the rating that ends the year; of lists, after the last record.
    """
    sensors = tuple(parameters.bodies.sensors)
    records = sorted(case.records, key=lambda r: (r.day, BEHAVIOURS.index(r.behaviour), sensors.index(r.sensor)))
    return {one.id: _graded(one, records) for one in book.bodies}


def _graded(one: BodyInstrument, records: list[CaseRecord]) -> Standing:
    taken = [rule for record in records if (rule := _taking(one, record)) is not None]
    ids = tuple(rule.id for rule in taken)
    if not isinstance(one, BodyRating):
        return Standing(None, LISTED if taken else CLEAR, ids)
    rules = {rule.id: rule for rule in one.rules}
    lowest, highest = int(one.range.lowest.exact), int(one.range.highest.exact)
    begun = int(one.start.exact)
    score = begun + sum(int(rules[name].points.exact) for name in ids)
    score = min(max(score, lowest), highest) if one.month else begun
    band = next(grade.grade for grade in reversed(one.grades) if score >= grade.lowest.exact)
    assigned = [assign for name in ids if (assign := rules[name].assign) is not None]
    return Standing(score, min((band, *assigned), key=one.grade_names.index), ids)


def _taking(one: BodyInstrument, record: CaseRecord) -> BodyRule | FirmListRule | None:
    """Find the rule of a record: one for this very sensor, else one for all."""
    rules = [rule for rule in one.rules if record.behaviour in rule.behaviours and record.sensor in one.reach]
    own = [rule for rule in rules if rule.by and record.sensor in rule.by]
    return next(iter(own + [rule for rule in rules if not rule.by]), None)

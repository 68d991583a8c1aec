"""The cases of instruments of firms, replayed record by record, in plain Python: one imagined firm, one rating year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from scorepolis.rulebooks.schema import CLEAR, LISTED, Rating

if TYPE_CHECKING:
    from scorepolis.parameters import Parameters
    from scorepolis.rulebooks import Case, FirmInstrument, Rulebook
    from scorepolis.rulebooks.cases import CaseRecord
    from scorepolis.rulebooks.schema import FirmListRule, FirmRule


class Standing(NamedTuple):
    """How a firm comes out: of a list without a score."""

    score: int | None
    grade: str
    rules: tuple[str, ...]


def replay_firm(case: Case, book: Rulebook, parameters: Parameters) -> dict[str, Standing]:
    """Replay a case under every instrument of firms of its book.

    Parameters
    ----------
    case : Case
        A few records of one firm.
    book : Rulebook
        Its rulebook.
    parameters : Parameters
        The order of behaviours and sensors.

    Returns
    -------
    dict of str to Standing
        By instrument: after the rating that ends the year; of lists, after the last record.
    """
    behaviours, sensors = tuple(parameters.firms.behaviours), tuple(parameters.firms.sensors)
    records = sorted(case.records, key=lambda r: (r.day, behaviours.index(r.behaviour), sensors.index(r.sensor)))
    return {one.id: _rated(one, records, newcomer=case.newcomer) for one in book.firms}


def _rated(one: FirmInstrument, records: list[CaseRecord], *, newcomer: bool) -> Standing:
    taken = [rule for record in records for rule in _taking(one, record)]
    ids = tuple(rule.id for rule in taken)
    if not isinstance(one, Rating):
        return Standing(None, LISTED if taken else CLEAR, ids)
    names, rules = one.grade_names, {rule.id: rule for rule in one.rules}
    lowest, highest = int(one.range.lowest.exact), int(one.range.highest.exact)
    score, standing, assigned = int(one.start.exact), _graded(one, int(one.start.exact), newcomer), names[-1]
    for rule in (rules[name] for name in ids):
        score += int(rule.points.exact)
        if rule.assign:
            assigned, standing = (min(grade, rule.assign, key=names.index) for grade in (assigned, standing))
        if rule.lift and rule.lift.from_ == standing and rule.lift.share.exact == 1:
            assigned, standing = names[-1], rule.lift.to
    score = min(max(score, lowest), highest)
    given = min(_graded(one, score, newcomer), assigned, key=names.index)
    return Standing(score, given if one.month else standing, ids)


def _taking(one: FirmInstrument, record: CaseRecord) -> Iterator[FirmRule | FirmListRule]:
    """Find the rule of a record: one for this very sensor, else one for all."""
    rules = [rule for rule in one.rules if record.behaviour in rule.behaviours and record.sensor in one.reach]
    own = [rule for rule in rules if rule.by and record.sensor in rule.by]
    yield from (own + [rule for rule in rules if not rule.by])[:1]


def _graded(one: Rating, score: int, newcomer: bool) -> str:
    names = one.grade_names
    band = next(grade.grade for grade in reversed(one.grades) if score >= grade.lowest.exact)
    if newcomer and one.newcomers and names.index(band) >= names.index(one.newcomers.instead_of):
        return one.newcomers.grade
    return band

"""The moments of a life in order: what was done, seen, scored, opened, closed and answered, each in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from scorepolis.core.buffers import (
    ACT,
    APPEALED,
    APPLICATION,
    COURT_STEP,
    FOR_POINTS,
    KNOWS,
    NOTICE,
    OUT_CHEAPER,
    OUT_DEARER,
    OUT_DELAYED,
    OUT_FIRST,
    OUT_REFUSED,
    RECORDED,
    SILENCED,
    WON,
)
from scorepolis.explain.books import ground
from scorepolis.explain.choose import KINDS
from scorepolis.measures.counts import COURT_STEPS, TRUTHS
from scorepolis.runs.ledger import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scorepolis.explain.life import Life, Row

COURT_TEXTS: Final = {
    "judged": "A court gave judgment over {what}.",
    "could_not": "The deadline of the judgment over {what} passed: they could not pay.",
    "performed": "They did what the judgment over {what} ordered.",
    "deterred": "They did what the judgment over {what} ordered; without fear of the scheme they would not have.",
    "would_not": "The deadline of the judgment over {what} passed: they could have paid and did not.",
    "enforced": "The creditor had the judgment over {what} enforced.",
    "performed_late": "They did, late, what the judgment over {what} ordered.",
    "settled": "They and the creditor settled how the judgment over {what} is to be performed.",
    "broke_order": "They spent on what an order forbade while the judgment over {what} was not performed.",
    "broke_settlement": "They could have kept the settlement of the judgment over {what} and did not.",
}


@dataclass(frozen=True)
class Moment:
    """Something that happened to a person on a day.

    Attributes
    ----------
    day : int
        From 0.
    what : str
        `act`, `undone`, `court`, `record`, `entry`, `door`, `answer` or `notice`.
    text : str
        In a sentence or two.
    lived : bool
        Whether it belongs to what the person did and met, rather than to what was written down of it.
    wrongful : str or None
        One of the six kinds, if what was written down was wrongful.
    detail : dict
        The same by names, for programs.
    """

    day: int
    what: str
    text: str
    lived: bool = False
    wrongful: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def moments(life: Life) -> list[Moment]:
    """Tell the moments of a life.

    Parameters
    ----------
    life : Life
        What the run kept of the person.

    Returns
    -------
    list of Moment
        In the order in which the days brought them.
    """
    rows = [*((row["day"], 0, row) for row in life.events), *((row["day"], 1, row) for row in life.entries)]
    told: list[Moment] = []
    for day, today in groupby(sorted(rows, key=lambda row: row[:2]), key=lambda row: row[0]):
        pairs = [(source, row) for _, source, row in today]
        events = [row for source, row in pairs if source == 0]
        entries = [row for source, row in pairs if source == 1]
        told += [_act(life, row) for row in events if row["event"] == ACT]
        told += [_court(life, row) for row in events if row["event"] == COURT_STEP]
        told += _scored(life, [row for row in events if row["event"] == RECORDED], entries)
        told += [_answer(life, day, row) for row in events if row["event"] == APPLICATION]
        told += [_notice(life, row) for row in events if row["event"] == NOTICE]
    return told


def _act(life: Life, row: Row) -> Moment:
    behaviour = life.context.behaviours[row["code"]]
    many = f" (one act stands for {behaviour.weight} of its kind)" if behaviour.weight > 1 else ""
    detail = {"behaviour": behaviour.name, "conduct": behaviour.conduct, "episodes": behaviour.weight}
    if row["a"] == SILENCED:
        text = f"Wished, and left undone for fear of the scheme: {lower(behaviour.title)}{many}."
        return Moment(row["day"], "undone", text, True, None, {**detail, "protected": behaviour.protected})
    for_points = row["a"] == FOR_POINTS
    recorded = bool(row["b"])
    why = ", for the points alone" if for_points else ""
    seen = "It was seen." if recorded else "No sensor recorded it of them."
    text = f"{behaviour.title}{many}{why}. {seen}"
    return Moment(row["day"], "act", text, True, None, {**detail, "for_points": for_points, "recorded": recorded})


def _court(life: Life, row: Row) -> Moment:
    step, truth = COURT_STEPS[row["a"]], TRUTHS[row["b"]]
    behaviour = life.context.behaviours[row["code"]]
    text = COURT_TEXTS[step].format(what=lower(behaviour.title))
    detail: dict[str, Any] = {"step": step, "behaviour": behaviour.name, "truth": truth}
    if truth == "wrong_person":
        detail["doer"] = life.doer(row["c"])
        text += f" FALSE: the debt is that of person {detail['doer']:,}, who was taken for them."
    return Moment(row["day"], "court", text, True, "wrong_person" if truth == "wrong_person" else None, detail)


def _scored(life: Life, records: Sequence[Row], entries: Sequence[Row]) -> Iterator[Moment]:
    """Put each record before the entries that it led to: both stand in the order of the day's agenda."""
    waiting = list(records)
    last = (-1, -1, 99)  # behaviour, sensor and instrument of the entry before
    for entry in entries:
        what = EVENTS[entry["what"]]
        if what == "record":
            key = (entry["behaviour"], entry["sensor"])
            if key != last[:2] or entry["instrument"] <= last[2]:
                while waiting:
                    record = waiting.pop(0)
                    yield _record(life, record)
                    if (record["code"], record["a"]) == key:
                        break
            last = (*key, entry["instrument"])
        elif what in {"exit", "correction", "shared", "repair"}:  # they come after all records
            while waiting:
                yield _record(life, waiting.pop(0))
        yield _entry(life, entry)
        if door := _door(life, entry):
            yield door
    for record in waiting:
        yield _record(life, record)


def _record(life: Life, row: Row) -> Moment:
    behaviour, sensor = life.context.behaviours[row["code"]], life.context.sensors[row["a"]]
    truth = TRUTHS[row["b"]]
    detail: dict[str, Any] = {"behaviour": behaviour.name, "sensor": sensor.name, "truth": truth}
    text = f"Recorded of them by {lower(sensor.title)}: {lower(behaviour.title)}."
    if truth == "wrong_person":
        detail["doer"] = life.doer(row["c"])
        text += f" FALSE: it was done by person {detail['doer']:,}."
    elif truth == "not_done":
        text += " FALSE: nobody did it."
    elif truth == "unable":
        text += " WRONGFUL: they could not pay."
    elif truth == "stale":
        text += " TOO LATE: it was done long before."
    return Moment(row["day"], "record", text, False, truth if truth in KINDS else None, detail)


def _entry(life: Life, row: Row) -> Moment:
    k, what = row["instrument"], EVENTS[row["what"]]
    instrument, label = life.books.instruments[k], life.books.labels[k]
    before, after = (instrument.grade_names[row[name]] for name in ("standing_before", "standing_after"))
    detail: dict[str, Any] = {
        "cause": what,
        "instrument": label,
        "points": row["points"],
        "score_before": row["score_before"],
        "score_after": row["score_after"],
        "standing_before": before,
        "standing_after": after,
    }
    wrongful = None
    if what == "record":
        rule = instrument.rules[row["rule"]]
        rests = ground(rule)
        truth = TRUTHS[row["truth"]]
        wrongful = truth if truth in KINDS else None
        detail |= {
            "rule": rule.id,
            "text": rule.text,
            "status": rests.status,
            "grounds": rests.grounds,
            "behaviour": life.context.behaviours[row["behaviour"]].name,
            "sensor": life.context.sensors[row["sensor"]].name,
            "penalty": life.books.penal(k, row["rule"], row["points"]),
            "truth": truth,
        }
        begins = f"{label}, rule {rule.id} ({rule.text})"
        ends = f" Rule {rests.status}: {rests.grounds.rstrip('.')}."
    elif what == "shared":
        rule = instrument.rules[row["rule"]]
        detail |= {"rule": rule.id, "text": rule.text, "penalty": row["points"] < 0}
        begins, ends = f"{label}, rule {rule.id} ({rule.text}), for another member of the household", ""
    else:
        begins, ends = f"{label}, {_BESIDES[what]}", ""
        if what == "repair":
            rule = instrument.rules[row["rule"]]
            detail |= {"rule": rule.id, "text": rule.text}
            begins += f" of what rule {rule.id} took ({rule.text})"
    if instrument.method == "list":
        moved = f"{before} before, {after} after" if before != after else f"{after} as before"
    else:
        later = " at the next reckoning" if instrument.method in RECKONED and what != "reckoned" else ""
        moved = f"{row['points']:+d} points{later}, {row['score_before']} to {row['score_after']}"
        moved += f", grade {before} to {after}" if before != after else f", grade {after} as before"
    text = f"{begins}: {moved}."
    if wrongful:
        text += f" WRONGFUL: {KINDS[wrongful]}."
    return Moment(row["day"], "entry", text + ends, False, wrongful, detail)


RECKONED: Final = ("weighted", "scorecard", "bonus_malus", "rank")
"""Methods under which a record only moves a count until the next reckoning."""

_BESIDES: Final = {
    "points_expire": "old points run out",
    "override_ends": "a term ends",
    "exit": "an exit after performance",
    "correction": "a correction after an appeal",
    "repair": "repair, asked for and granted",
    "fed": "because of the standing under another instrument",
    "reckoned": "reckoned anew at the month's end",
    "held": "for the standing of a firm that the person represents, or of a public body that the person heads",
}


def _door(life: Life, row: Row) -> Moment | None:
    """Tell what a change of standing opens and closes."""
    k = row["instrument"]
    before, after = (life.books.effects(k, row[name]) for name in ("standing_before", "standing_after"))
    titles = {service.name: service.title for service in life.context.services}
    gone, come = ([key for key in one if key not in other] for one, other in ((before, after), (after, before)))
    parts = []
    detail: dict[str, Any] = {"instrument": life.books.labels[k]}
    groups = (
        ("closed", "Closed", [s for s, effect in come if effect == "refused"]),
        ("opened", "Open again", [s for s, effect in gone if effect == "refused"]),
    )
    for name, word, services in groups:
        if services:
            detail[name] = services
            parts.append(f"{word}: {', '.join(lower(titles[s]) for s in services)}.")
    for name, word, keys in (("begins", "From now on", come), ("ends", "No longer", gone)):
        if others := [(s, effect) for s, effect in keys if effect != "refused"]:
            detail[name] = [f"{s} {effect}" for s, effect in others]
            parts.append(f"{word}: {', '.join(f'{lower(titles[s])} {effect}' for s, effect in others)}.")
    if not parts:
        return None
    return Moment(row["day"], "door", f"{life.books.labels[k]}. {' '.join(parts)}", False, None, detail)


def _answer(life: Life, day: int, row: Row) -> Moment:
    service, bits = life.context.services[row["code"]], row["a"]
    detail: dict[str, Any] = {"service": service.name}
    if bits & OUT_REFUSED:
        reasons, by = _refusal(life, day, service.name)
        detail |= {"answer": "refused", "by": by}
        text = f"Asked for: {lower(service.title)}. Refused: {'; '.join(reasons)}."
        return Moment(day, "answer", text, True, None, detail)
    words = [
        f"{row['b']} days later" if bits & OUT_DELAYED else "",
        f"{row['c']} % dearer" if bits & OUT_DEARER else "",
        f"{-row['c']} % cheaper" if bits & OUT_CHEAPER else "",
        "first in line" if bits & OUT_FIRST else "",
    ]
    granted = ", ".join(["granted", *(word for word in words if word)])
    detail |= {"answer": "granted", "days": row["b"], "percent": row["c"], "first": bool(bits & OUT_FIRST)}
    text = f"Asked for: {lower(service.title)}. {granted.capitalize()}."
    return Moment(day, "answer", text, True, None, detail)


def _refusal(life: Life, day: int, service: str) -> tuple[list[str], list[str]]:
    """Say under which instruments a service was refused, and what that rests on; and name them."""
    reasons, by = [], []
    for k in life.scopes:
        grade = life.standing(k, day)
        if consequence := life.books.denying(k, service, grade):
            name, rests = life.books.instruments[k].grade_names[grade], ground(consequence)
            reasons.append(f"{life.books.labels[k]} denies it at {name} ({rests.status}: {rests.grounds.rstrip('.')})")
            by.append(life.books.labels[k])
    if not reasons:
        for k, label in enumerate(life.books.labels):
            if service in life.books.family(k):
                reasons.append(f"somebody in the household is listed under {label}")
                by.append(label)
    return reasons, by


def _notice(life: Life, row: Row) -> Moment:
    k, followed = row["code"], row["c"]
    label, rule = life.books.labels[k], life.books.instruments[k].rules[row["a"]]
    knows = (
        f"They know that {label} covers them."
        if followed & KNOWS
        else f"They do not know yet that {label} covers them."
    )
    detail = {
        "instrument": label,
        "rule": rule.id,
        "knows": bool(followed & KNOWS),
        "appealed": bool(followed & APPEALED),
        "upheld": bool(followed & WON),
    }
    appeal = ""
    if followed & APPEALED:
        ends = "it will be upheld" if followed & WON else "it will be turned down"
        appeal = f" They appealed; {ends}."
    return Moment(row["day"], "notice", f"Notice of rule {rule.id}. {knows}{appeal}", False, None, detail)


def lower(title: str) -> str:
    """Write a title within a sentence."""
    return title[0].lower() + title[1:]

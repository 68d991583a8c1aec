"""How people are dealt with: what they are told, how they object, how it ends, who may decide how much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import check
from scorepolis.rulebooks.schema import SEVERITIES, FirmListRule, ListRule

if TYPE_CHECKING:
    from scorepolis.audit.book import Book
    from scorepolis.rulebooks.checking import Where
    from scorepolis.rulebooks.schema import AnyFirmRule, AnyRule

    Discreet = AnyRule | AnyFirmRule


@check(
    "medium",
    norm="GDPR 5(1)(e) and 17; General Office 2025 no. 22, repair of credit.",
    mend="Give the rule `expires` in days.",
    limit="Whether a term is too long for its cause; whether points that ran out are deleted.",
)
def no_expiry(book: Book) -> Iterator[Hit]:
    """Points taken for ever."""
    for part, placed in book.penalties:
        if part.points and placed.rule.points.exact < 0 and placed.rule.expires is None:
            how = "come back on application alone" if placed.repairable(part.instrument) else "never come back"
            yield Hit((*placed.path, "expires"), placed.at, f"points taken under rule {placed.rule.id} {how}")


@check(
    "medium",
    norm="GDPR 13 and 14; State Council General Office 2020 no. 49: the person is to be told, with the grounds.",
    mend="Set `notice: true`: tell people of every entry against them, and why.",
    limit="Whether a notice arrives, in time, and is understood.",
)
def no_notice(book: Book) -> Iterator[Hit]:
    """People are penalised and not told; who does not know cannot object."""
    for part in book.parts:
        if part.penalises and not part.instrument.notice:
            yield Hit((*part.path, "notice"), part.at, "nobody is told of an entry")


@check(
    "high",
    norm="ICCPR 14 and 2(3); GDPR 16 and 22(3); State Council General Office 2020 no. 49, objections.",
    mend="Give the instrument an `appeal`, with a term in which it is decided.",
    limit="Whether who decides is independent; the courts of ordinary law may stand open besides.",
)
def no_appeal(book: Book) -> Iterator[Hit]:
    """Nobody can have an entry reviewed, be it ever so wrong."""
    for part in book.parts:
        if part.penalises and part.instrument.appeal is None:
            yield Hit(part.path, part.at, "there is no appeal against an entry")


@check(
    "high",
    norm="General Office 2025 no. 22, repair of credit; State Council General Office 2020 no. 49.",
    mend="Give the ground a `term` in days, or the list a `repair` for grounds of its severity.",
    limit="Whether repair on application is granted; exits by discretion alone are not in the rulebook's format.",
)
def list_without_exit(book: Book) -> Iterator[Hit]:
    """A ground for listing that has no term, no repair, and nothing that could be performed.

    Who is listed until performance leaves by performing a judgment; where there is no judgment, nothing ends it.
    """
    for part, placed in book.penalties:
        stuck = () if part.graded or placed.repairable(part.instrument) else placed.stuck
        if stuck:
            message = f"who is listed under {placed.rule.id} for {', '.join(stuck)} never gets off"
            yield Hit((*placed.path, "term"), placed.at, message)


@check(
    "low",
    norm="General Office 2025 no. 22: repair goes by what is minor, general or serious; proportionality.",
    mend="Let what is graver wait longer: another `after`, or other ways under `by`, for each class.",
    limit="Whether a matter is in the right class; whether who decides looks at its gravity all the same.",
)
def repair_not_graded(book: Book) -> Iterator[Hit]:
    """What is minor and what is serious are repaired alike: after as many days, by the same ways."""
    for part in book.parts:
        repair = part.instrument.repair
        known = {name: one for name in SEVERITIES if repair and (one := getattr(repair, name))}
        alike = {(one.after.exact, frozenset(one.by)) for one in known.values()}
        if len(known) > 1 and len(alike) == 1:
            names = " and ".join(known)
            yield Hit((*part.path, "repair"), part.at, f"what is {names} is repaired alike")


@check(
    "medium",
    norm="ICCPR 26, equality before the law; proportionality: the poor are to have the same way back.",
    mend="Name another way under `by` that costs nothing: `pledge`, or `good_deeds`.",
    limit="What a course costs in truth, and whether it is waived for the poor; a run shows who could not pay.",
)
def repair_for_money(book: Book) -> Iterator[Hit]:
    """A class that can be repaired by a course alone, which costs money: who is poor stays."""
    for part in book.parts:
        repair = part.instrument.repair
        for name in SEVERITIES:
            known = getattr(repair, name) if repair else None
            if known is not None and known.by == ("course",) and repair and repair.course:
                costs = f"{float(repair.course.costs.exact):g} yuan"
                message = f"what is {name} is repaired by a course alone, which costs {costs}"
                yield Hit((*part.path, "repair", name), part.at, message)


@check(
    "high",
    norm="ICCPR 15 and 17; GDPR 5(1)(a) and 13 to 15; PIPL 24.",
    mend="Publish the rules: `transparency: published`.",
    limit="Whether people read what is published.",
)
def secret_rules(book: Book) -> Iterator[Hit]:
    """Rules that nobody may know and everybody should keep."""
    for part in book.parts:
        if part.rules and part.instrument.transparency == "secret":
            yield Hit((*part.path, "transparency"), part.at, "the rules are secret")


@check(
    "medium",
    norm="GDPR 5(1)(a) and 15(1)(h), with C-203/22; PIPL 24.",
    mend="Publish all of the rules: `transparency: published`.",
    limit="Which part of them is known.",
)
def rules_partly_published(book: Book) -> Iterator[Hit]:
    """Rules of which only a part is published, as with weights that are a business secret."""
    for part in book.parts:
        if part.rules and part.instrument.transparency == "partly":
            yield Hit((*part.path, "transparency"), part.at, "only a part of the rules is published")


@check(
    "medium",
    norm="ICCPR 17, no arbitrary interference; State Council General Office 2020 no. 49: uniform standards.",
    mend="Lay down the least and the most under `discretion`, and what decides between them.",
    limit="Discretion that no text speaks of is not seen.",
)
def discretion_without_bounds(book: Book) -> Iterator[Hit]:
    """A penalty whose size is left to whoever applies it, without a bound on one side or on both."""
    for _, placed in book.penalties:
        yield from bounds_missing(placed.path, placed.at, placed.rule)


def bounds_missing(path: Where, at: str, rule: Discreet) -> Iterator[Hit]:
    """Yield a rule whose discretion lacks a bound."""
    bounds = rule.discretion
    if bounds is not None and (bounds.lowest is None or bounds.highest is None):
        missing = [name for name in ("lowest", "highest") if getattr(bounds, name) is None]
        listed = isinstance(rule, ListRule | FirmListRule)
        what = f"how long rule {rule.id} lists" if listed else f"how much rule {rule.id} takes"
        message = f"{what} is left to the assessor, with no {' and no '.join(missing)}"
        yield Hit((*path, "discretion"), at, message)


@check(
    "low",
    norm="ICCPR 26, equality before the law; State Council General Office 2020 no. 49: uniform standards.",
    mend="Narrow the bounds, or split the rule by what makes one case graver than another.",
    limit="How the discretion is used; where wide begins is a threshold of ours.",
)
def discretion_too_wide(book: Book) -> Iterator[Hit]:
    """A penalty that may be many times larger for one than for another, as the assessor sees fit."""
    for _, placed in book.penalties:
        yield from bounds_too_wide(book, placed.path, placed.at, placed.rule)


def bounds_too_wide(book: Book, path: Where, at: str, rule: Discreet) -> Iterator[Hit]:
    """Yield a rule whose bounds lie far apart."""
    bounds = rule.discretion
    if bounds is None or bounds.lowest is None or bounds.highest is None:
        return
    least, most = sorted((abs(bounds.lowest.exact), abs(bounds.highest.exact)))
    if most > book.law.thresholds.wide_discretion.exact * least:
        listed = isinstance(rule, ListRule | FirmListRule)
        what, unit = ("list for", f" {bounds.highest.unit}") if listed else ("take from", "")
        message = f"rule {rule.id} may {what} {float(least):g} to {float(most):g}{unit}, as the assessor sees fit"
        yield Hit((*path, "discretion"), at, message)


@check(
    "high",
    norm="ICCPR 17, honour and reputation; General Office 2025 no. 22, terms of publication; GDPR 17.",
    mend="Let what leads there end: `expires` or `term` in days for every rule that leads to a grade that is shown.",
    limit="Whether what was once shown can ever be taken back; who has seen it has seen it.",
)
def publicity_without_end(book: Book) -> Iterator[Hit]:
    """People are shamed in public for as long as a grade lasts, and something that leads there has no term."""
    for part in book.parts:
        own = [placed.rule.id for placed in part.penalties if placed.endless]
        for shame in part.shames:
            feeds = part.fed_into(shame.shame.grades)
            endless = own + [placed.at for feed in feeds for placed in feed.behind if placed.endless]
            if endless:
                grades = ", ".join(shame.shame.grades)
                how = "without a term" if part.graded else "until performance or for ever"
                yield Hit(shame.path, shame.at, f"{grades} is shown {how}, by rule {', '.join(endless)}")

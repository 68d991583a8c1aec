"""The conditions of norms, answered of natural persons whom a rulebook holds for what a firm or a public body did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from scorepolis.audit.answer import MET, NOT_MET, UNTOLD, Answer
from scorepolis.audit.checks.grounds import says_nothing
from scorepolis.audit.organisation_book import FirmPart
from scorepolis.audit.part import BURDENS
from scorepolis.rulebooks.schema import Shame

if TYPE_CHECKING:
    from scorepolis.audit.law import Readings
    from scorepolis.audit.organisation_book import PlacedBinding

    Bound = Callable[[PlacedBinding], Answer]


def answer_of_bound(norm: str, condition: str, one: PlacedBinding) -> Answer:
    """Answer a condition of whoever is held for an organisation.

    Parameters
    ----------
    norm, condition : str
        Ids of law.yaml.
    one : PlacedBinding
        Who is held, for what and under which list.

    Returns
    -------
    Answer
        With the line of the binding.
    """
    found = OF_BOUND.get((norm, condition), _nothing_of_theirs)(one)
    return found._replace(line=one.book.document.where(one.path)[0])


def _nothing_of_theirs(one: PlacedBinding) -> Answer:
    return Answer(NOT_MET, f"what counts for {one.held} is what the {one.part.whom} did, and nothing else")


def _natural_persons(one: PlacedBinding) -> Answer:
    return Answer(MET, f"{one.held} stands as listed under {one.under}, for what the {one.part.whom} did")


def _as_long(one: PlacedBinding) -> Answer:
    return Answer(MET, f"{one.held} is held for as long as the {one.part.whom} stands there")


def _behaviour(one: PlacedBinding) -> Answer:
    held = f"{one.held} is held for what the {one.part.whom} did"
    return Answer(UNTOLD, f"{held}; how far that was their own behaviour, no rulebook says")


def _idle(one: PlacedBinding) -> Answer:
    """Answer what a list does of which nothing is known, or that is gone."""
    held = f"{one.held} is held under {one.under}, which"
    if one.target is None:
        return Answer(UNTOLD, f"{held} is not in the library")
    return Answer(NOT_MET, f"{held} is never in force beside this book, so that nothing follows")


def _detriment(one: PlacedBinding) -> Answer:
    if one.target is None or not one.beside:
        return _idle(one)
    for consequence in one.target.consequences:
        if consequence.effect in BURDENS:
            grades = ", ".join(consequence.grades)
            what = f"{consequence.effect} of {consequence.service} at {grades} under {one.under}"
            return Answer(MET, f"{what}, for {one.held}")
    shown = _shown(one)
    return shown if shown.state == MET else Answer(NOT_MET, f"{one.under} makes nothing worse for {one.held}")


def _context(one: PlacedBinding) -> Answer:
    led = ", ".join(dict.fromkeys(name for placed in one.leading for name in placed.rule.behaviours))
    return Answer(UNTOLD, f"{one.held} bears what {one.under} does for {led}; our contexts are of what people do")


def _unjustified(one: PlacedBinding) -> Answer:
    why = f"{one.held} answers for what the {one.part.whom} did"
    return Answer(UNTOLD, f"{why}; how far it was in their hands, no rulebook says")


def _kept(one: PlacedBinding) -> Answer:
    for placed in one.leading:
        if one.part.endless(placed) and placed.assigned not in one.part.lifted:
            return Answer(NOT_MET, f"{one.held} is held for as long as {placed.at} counts, which has no term")
    return Answer(MET, f"{one.held} is held for as long as the {one.part.whom} stands there, which has an end")


def _told(one: PlacedBinding) -> Answer:
    if one.part.instrument.transparency != "published":
        return _transparent(one)
    return Answer(UNTOLD, f"whether {one.held} is told, the format of rulebooks does not say")


def _appeal(one: PlacedBinding) -> Answer:
    if not isinstance(one.part, FirmPart):
        return Answer(UNTOLD, f"whether {one.held} can object, the format of rulebooks does not say")
    if one.part.instrument.appeal is None:
        return Answer(NOT_MET, f"{one.part.at} gives the firm no appeal, nor {one.held}")
    return Answer(UNTOLD, f"the firm can appeal; whether {one.held} can, the format of rulebooks does not say")


def _refused(choose: Callable[[Readings], Sequence[str]], not_met: str) -> Bound:
    def answer(one: PlacedBinding) -> Answer:
        if one.target is None or not one.beside:
            return _idle(one)
        for consequence in one.target.consequences:
            if consequence.effect == "deny" and consequence.service in choose(one.book.law.readings):
                return Answer(MET, f"{consequence.service} is refused under {one.under} to {one.held}")
        return Answer(NOT_MET, f"{not_met} under {one.under}, which holds {one.held}")

    return answer


def _legality(one: PlacedBinding) -> Answer:
    if says_nothing(one.book.rulebook.legal_basis):
        return Answer(MET, f"the book names no law by which {one.held} is held")
    for placed in one.leading:
        if placed.rule.legal_basis == "none":
            return Answer(MET, f"{one.held} is held by {placed.at}, which has no legal basis")
    return Answer(UNTOLD, f"by what law {one.held} is held, was not read")


def _shown(one: PlacedBinding) -> Answer:
    if one.target is None or not one.beside:
        return _idle(one)
    for name, channel in one.target.publicity.channels():
        if isinstance(channel, Shame):
            return Answer(MET, f"{one.held} is shamed by {name} under {one.under}")
    return Answer(NOT_MET, f"{one.under} shames nobody in public")


def _unable(one: PlacedBinding) -> Answer:
    return Answer(UNTOLD, f"whether the {one.part.whom}, or {one.held}, could have paid is not asked")


def _transparent(one: PlacedBinding) -> Answer:
    if one.part.instrument.transparency == "published":
        return Answer(MET, f"the rules by which {one.held} is held are published")
    how = {"partly": "published in part only", "secret": "secret"}[one.part.instrument.transparency]
    return Answer(NOT_MET, f"the rules by which {one.held} is held are {how}")


def _open(why: str) -> Bound:
    return lambda _: Answer(UNTOLD, why)


OF_BOUND: Final[dict[tuple[str, str], Bound]] = {
    ("eu-ai-act-5-1-c", "natural-persons"): _natural_persons,
    ("eu-ai-act-5-1-c", "over-time"): _as_long,
    ("eu-ai-act-5-1-c", "behaviour-or-traits"): _behaviour,
    ("eu-ai-act-5-1-c", "detriment"): _detriment,
    ("eu-ai-act-5-1-c", "unrelated-context"): _context,
    ("eu-ai-act-5-1-c", "unjustified-or-disproportionate"): _unjustified,
    ("gdpr", "purpose-limited"): _context,
    ("gdpr", "storage-limited"): _kept,
    ("gdpr", "informed"): _told,
    ("gdpr", "rectification"): _appeal,
    ("gdpr", "erasure"): _kept,
    ("gdpr", "automated-decision"): _open("who decides, and whether a person may decide otherwise, is open"),
    ("gdpr", "significant-effect"): _detriment,
    ("gdpr", "contestable"): _appeal,
    ("gdpr", "impact-assessed"): _open("no rulebook says whether there was one"),
    ("iccpr", "movement"): _refused(lambda readings: readings.travel.services, "no travel is refused"),
    ("iccpr", "fair-hearing"): _appeal,
    ("iccpr", "legality"): _legality,
    ("iccpr", "privacy-and-honour"): _shown,
    ("iccpr", "public-affairs"): _refused(lambda readings: readings.public_posts.services, "no public post is refused"),
    ("china-constraint-2020", "told-before"): _told,
    ("china-constraint-2020", "objection"): _appeal,
    ("china-unable-2024", "unable-told-apart"): _unable,
    ("pipl-24", "transparent"): _transparent,
    ("pipl-24", "explained-on-request"): _appeal,
}
"""What answers each condition of whoever is held; of any other nothing counts but what the organisation did."""

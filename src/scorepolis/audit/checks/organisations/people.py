"""What the standing of a firm or a public body does to the people behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scorepolis.audit.finding import Hit
from scorepolis.audit.registry import check
from scorepolis.rulebooks.schema import Shame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scorepolis.audit.book import Book
    from scorepolis.rulebooks.schema import Instrument


@check(
    "high",
    norm="Supreme People's Court, Fa Fa (2019) no. 35: a representative is not listed because the firm is.",
    mend="Bind the representative, or the head, by a restriction of spending alone, or by nothing.",
    limit="Books that are not in the library are not followed; how a court reads who is responsible, no rulebook says.",
)
def representative_listed(book: Book) -> Iterator[Hit]:
    """Whoever represents a firm is listed for it, beyond the restriction of spending that the law of the date allows.

    Or whoever is at the head of a public body is listed for that.

    A list of people restricts spending if it does nothing but refuse kinds of consumption; one that shows in public or
    refuses more is a listing.
    """
    law = book.law.firms.representatives
    until = book.rulebook.in_force.until
    if until is not None and until < law.since:
        return
    for one in book.bindings:
        if one.target is not None and not _restricts(one.target, law.services):
            message = f"{one.held} stands as listed under {one.under}, for what the {one.part.whom} did"
            yield Hit(one.path, one.at, message)


@check(
    "low",
    norm="Clarity of the rules: a threat that cannot be carried out is none.",
    mend="Name under `binds` the list that is in force when the book is.",
    limit="Books that are not in the library; a run lets every book it is given be in force, whatever its dates.",
)
def idle_binding(book: Book) -> Iterator[Hit]:
    """Whoever stands for a firm or a public body is held under a list that is never in force beside the book."""
    for one in book.bindings:
        if one.target is not None and not one.beside:
            yield Hit(
                one.path, one.at, f"{one.held} is held under {one.under}, which is never in force beside this book"
            )


def _restricts(target: Instrument, services: Sequence[str]) -> bool:
    """Say whether a list of people does nothing but refuse kinds of consumption."""
    refused = all(one.effect == "deny" and one.service in services for one in target.consequences)
    return refused and not any(isinstance(channel, Shame) for _, channel in target.publicity.channels())

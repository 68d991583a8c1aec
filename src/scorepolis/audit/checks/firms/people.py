"""What a firm's standing does to the people behind it."""

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
    mend="Bind the representative by a restriction of spending alone, or by nothing.",
    limit="Books that are not in the library are not followed; how a court reads who is responsible, no rulebook says.",
)
def representative_listed(book: Book) -> Iterator[Hit]:
    """Whoever represents a firm is listed for it, beyond the restriction of spending that the law of the date allows.

    A list of people restricts spending if it does nothing but refuse kinds of consumption; one that shows in public or
    refuses more is a listing.
    """
    law = book.law.firms.representatives
    until = book.rulebook.in_force.until
    if until is not None and until < law.since:
        return
    for part in book.firms:
        for n, binding in enumerate(part.instrument.binds):
            target = book.instrument(binding.rulebook, binding.instrument)
            if target is not None and not _restricts(target, law.services):
                who = f"the representative of a firm at {binding.grade}"
                message = (
                    f"{who} stands as listed under {binding.rulebook}, {binding.instrument}, for what the firm did"
                )
                yield Hit((*part.path, "binds", n), f"{part.at}.{binding.rulebook}", message)


def _restricts(target: Instrument, services: Sequence[str]) -> bool:
    """Say whether a list of people does nothing but refuse kinds of consumption."""
    refused = all(one.effect == "deny" and one.service in services for one in target.consequences)
    return refused and not any(isinstance(channel, Shame) for _, channel in target.publicity.channels())

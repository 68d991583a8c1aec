"""What a run of a rulebook counted of firms and of public bodies, and what under ordinary law alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from scorepolis.measures import bodies as of_bodies
from scorepolis.measures import firms as of_firms
from scorepolis.parameters.bodies import BEHAVIOURS

if TYPE_CHECKING:
    import pandas as pd

    from scorepolis.audit.book import Book
    from scorepolis.audit.organisation_book import OrganisationPart
    from scorepolis.measures.context import Context
    from scorepolis.runs.result import Run

    Group = Mapping[str, Collection[str | bool]]
    """Columns of the counts, and what they may hold for a group."""
    Titled = tuple[str, Group]

EVERYBODY: Final[Group] = {}
TRUE, WRONG_SUBJECT, NOT_DONE, UNABLE = range(len(of_firms.TRUTHS))
"""Ways in which a record may be right or wrong, as firms and public bodies both have them."""


@dataclass(frozen=True)
class Counted:
    """Counts of firms or of public bodies in one world."""

    frame: pd.DataFrame

    def number(
        self,
        count: str,
        of: Collection[str] | None = None,
        how: Collection[str] | None = None,
        group: Group = EVERYBODY,
    ) -> int:
        """Add up a count; of all that is not chosen from."""
        chosen = {"count": (count,), "of": of, "how": how, **group}
        rows = np.ones(len(self.frame), dtype=bool)
        for column, values in chosen.items():
            if values is not None:
                rows &= self.frame[column].isin(list(values)).to_numpy()
        return int(self.frame.loc[rows, "number"].sum())


@dataclass(frozen=True)
class Organisations:
    """Firms, or public bodies, under a rulebook and under ordinary law alone.

    Attributes
    ----------
    one, many
        How they are called.
    book
        Name of the rulebook.
    parts
        Their instruments in it.
    ours, theirs
        Counts under the rulebook, and under ordinary law alone.
    years
        Years that they lived through, all together.
    truths
        Names of the ways in which a record may be right or wrong.
    bad
        Behaviours that do harm.
    sees
        Behaviours that each sensor may record.
    pairs
        Groups that are set beside one another: the first is divided by the second.
    by_act
        Whether a record is of one act; if not, it is of what lasts, and is found anew from month to month.
    """

    one: str
    many: str
    book: str
    parts: Sequence[OrganisationPart]
    ours: Counted
    theirs: Counted
    years: float
    truths: tuple[str, ...]
    bad: tuple[str, ...]
    sees: dict[str, tuple[str, ...]]
    pairs: tuple[tuple[Titled, Titled], ...]
    by_act: bool

    def named(self, part: OrganisationPart) -> tuple[str]:
        """Give the name under which an instrument is counted."""
        return (f"{self.book}.{part.at}",)

    def entries(self, part: OrganisationPart, *truths: int, group: Group = EVERYBODY) -> int:
        """Count entries against them under an instrument, of some truths or of all."""
        how = [self.truths[truth] for truth in truths] or None
        return self.ours.number("negative", self.named(part), how, group)


def grounds(part: OrganisationPart) -> tuple[str, ...]:
    """Name the behaviours that an instrument penalises."""
    return tuple(dict.fromkeys(name for placed in part.penalties for name in placed.rule.behaviours))


def months_counted(context: Context) -> int:
    """Count the calendar months of a run that came to their end: organisations live at months' ends.

    Parameters
    ----------
    context : Context
        Of the run; the last of its months may be cut short.

    Returns
    -------
    int
        Months.
    """
    return sum((month + timedelta(days=1)).day == 1 for month in context.months)


def firms(run: Run, law: Run, book: Book) -> Organisations:
    """Gather what was counted of firms.

    Parameters
    ----------
    run, law : Run
        With the rulebook, and under ordinary law alone.
    book : Book
        The rulebook.

    Returns
    -------
    Organisations
        Firms, compared by size, by sector and by connections.
    """
    known, ours = book.parameters.firms, Counted(run.firms)
    sizes: list[Titled] = [(size.title, {"size": (name,)}) for name, size in known.sizes.items()]
    sectors: list[tuple[Titled, Titled]] = [
        ((sector.title, {"sector": (name,)}), ("Other sectors", {"sector": known.sectors.keys() - {name}}))
        for name, sector in known.sectors.items()
    ]
    connected: tuple[Titled, Titled] = (
        ("With connections", {"connected": (True,)}),
        ("without", {"connected": (False,)}),
    )
    return Organisations(
        one="firm",
        many="firms",
        book=book.rulebook.name,
        parts=book.firms,
        ours=ours,
        theirs=Counted(law.firms),
        years=ours.number("firms") * months_counted(run.context) / 12,
        truths=of_firms.TRUTHS,
        bad=tuple(name for name, behaviour in known.done.items() if behaviour.conduct == "bad"),
        sees={
            name: (*sensor.sees, *([sensor.favours.behaviour] if sensor.favours else []))
            for name, sensor in known.sensors.items()
        },
        pairs=(*pairwise(sizes), *sectors, connected),
        by_act=True,
    )


def bodies(run: Run, law: Run, book: Book) -> Organisations:
    """Gather what was counted of public bodies; as `firms`, compared by kind."""
    known, ours = book.parameters.bodies, Counted(run.bodies)
    kinds: list[Titled] = [(kind.title, {"kind": (name,)}) for name, kind in known.kinds.items()]
    return Organisations(
        one="public body",
        many="public bodies",
        book=book.rulebook.name,
        parts=book.bodies,
        ours=ours,
        theirs=Counted(law.bodies),
        years=ours.number("bodies") * months_counted(run.context) / 12,
        truths=of_bodies.TRUTHS,
        bad=BEHAVIOURS,
        sees={name: tuple(sensor.sees) for name, sensor in known.sensors.items()},
        pairs=tuple(pairwise(kinds)),
        by_act=False,
    )

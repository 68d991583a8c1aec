"""Lives told as examples: types that the public debate knows, found in a run, and of nobody in particular."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scorepolis.core.buffers import COURT_STEP, WOULD_NOT
from scorepolis.core.errors import ScorepolisError
from scorepolis.explain.books import Books, books_of
from scorepolis.explain.choose import Choice, wronged
from scorepolis.explain.life import life_of
from scorepolis.explain.story import Story, tell
from scorepolis.explain.words import LIMITS, SAME, cells, sentences
from scorepolis.measures.counts import TRUTHS
from scorepolis.runs.ledger import EVENTS
from scorepolis.runs.make import LAW_ONLY, run
from scorepolis.runs.result import Run
from scorepolis.society.flags import WORKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SCENARIO: Final = "town"
SEED: Final = 7
DISPUTE: Final = "contract_breach"

_HEAD: Final = """\
# Lives

Some lives of the model, told by `scorepolis explain` and written here by `make lives`. They are types that the public
debate knows: nobody in them exists, and none is made after a person. Every word comes from what the run counted.

The run is `{scenario}` with seed {seed}: {title}, {days} days from {start}. To tell them again:

    scorepolis run {scenario} --seed {seed} --out runs/{scenario}

A student with a high private score is not among them, since nobody has a private score under the rulebooks of this run.

What no such life can tell:

{limits}
"""


@dataclass(frozen=True)
class Type:
    """A type of life.

    Attributes
    ----------
    title : str
        Whose life it is, without any name.
    pick : callable
        Finds one in a run.
    """

    title: str
    pick: Callable[[Run, Books], Choice]


def disputed(run: Run, books: Books) -> Choice:
    """Find who works, was ordered by a court to pay over a broken contract, did not, and was listed for that.

    Raises
    ------
    ScorepolisError
        If there is nobody in the panel.
    """
    listing = [k for k, instrument in enumerate(books.instruments) if instrument.method == "list"]
    behaviours = [behaviour.name for behaviour in run.context.behaviours]
    events, ledger, people = run.panel.events(), run.ledger_columns, run.panel.people
    refusing = (events["event"] == COURT_STEP) & (events["code"] == behaviours.index(DISPUTE))
    refusing &= (events["a"] == WOULD_NOT) & (events["b"] == TRUTHS.index("true"))
    listed = (ledger["what"] == EVENTS.index("record")) & np.isin(ledger["instrument"], listing)
    listed &= (ledger["truth"] == TRUTHS.index("true")) & (ledger["standing_after"] < ledger["standing_before"])
    working = people["person"][(people["flags"] & WORKING) > 0]
    found = set(events["person"][refusing].tolist()) & set(ledger["person"][listed].tolist()) & set(working.tolist())
    if not found:
        raise ScorepolisError("nobody in the panel was listed after a dispute over a contract")
    person = min(found)
    return Choice(
        person,
        f"Of {len(people['person']):,} people in the panel {len(found):,} work, did not do what a court ordered over a "
        f"broken contract, and were listed; person {person:,} is the first.",
    )


def mistaken(run: Run, books: Books) -> Choice:  # noqa: ARG001 - all that find somebody are called alike
    """Find whose standing first fell for what somebody else had done.

    Raises
    ------
    ScorepolisError
        If there is nobody in the panel.
    """
    ledger = run.ledger_columns
    fell = (ledger["what"] == EVENTS.index("record")) & (ledger["truth"] == TRUTHS.index("wrong_person"))
    fell &= ledger["standing_after"] < ledger["standing_before"]
    if not fell.any():
        raise ScorepolisError("nobody's standing in the panel fell for what somebody else had done")
    at = int(np.argmin(np.where(fell, ledger["day"], run.provenance["days"])))
    person, many = int(ledger["person"][at]), len(np.unique(ledger["person"][fell]))
    everybody = len(run.panel.people["person"])
    return Choice(
        person,
        f"Of {everybody:,} people in the panel {many:,} fell by a grade or more for what somebody else had done; "
        f"person {person:,} was the first.",
    )


TYPES: Final = (
    Type("A trader, listed after a dispute over a payment that a court ordered", disputed),
    Type("Somebody who could not pay", lambda run, books: wronged(run, books, "unable")),
    Type("Somebody taken for somebody else", mistaken),
)
"""What is told."""


def page() -> str:
    """Run the scenario, find the types in it and tell them.

    Returns
    -------
    str
        Markdown, the same on any machine.
    """
    made = run(SCENARIO, seed=SEED)
    books = books_of(made)
    about = made.provenance
    parts = [
        _HEAD.format(
            scenario=SCENARIO,
            seed=SEED,
            title=about["scenario"]["title"],
            days=about["days"],
            start=about["start"],
            limits="\n".join(f"- {line}" for line in LIMITS),
        )
    ]
    for kind in TYPES:
        choice = kind.pick(made, books)
        name = " + ".join(book["name"] for book in about["rulebooks"])
        there = (LAW_ONLY, life_of(made.baseline, choice.person)) if made.baseline else None
        parts.append("\n".join(_section(kind.title, tell(choice, (name, life_of(made, choice.person, books)), there))))
    return "\n".join(parts)


def _section(title: str, story: Story) -> Iterator[str]:
    """Tell one life: what it adds up to, and the days on which something was written, closed or answered otherwise."""
    yield f"## {title}\n"
    yield f"`scorepolis explain runs/{SCENARIO} --person {story.choice.person}`. {story.choice.why}\n"
    yield from (f"- {line}" for line in sentences(story))
    yield "\nThe days that tell it, under the scheme and under the law alone; what both lives have stands once.\n"
    yield "| date | | under the scheme | under the law alone |\n| --- | --- | --- | --- |"
    for day, head, here, there, wrongful in cells(story):
        if there == SAME and head in {"Did", "Asked"}:
            continue
        told = f"**{here}**" if wrongful and here else here
        yield f"| {story.date(day).isoformat()} | {head} | {told} | {there} |"
    yield ""

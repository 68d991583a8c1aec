"""What a scenario's results rest on, for a reader: the assumed parameters that move each headline most."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from rich.console import Group
from rich.padding import Padding

from scorepolis.core.errors import InputError
from scorepolis.measures.declared import BY_NAME
from scorepolis.parameters import load as load_parameters
from scorepolis.report import names
from scorepolis.report.language import say
from scorepolis.report.numbers import amount
from scorepolis.report.tables import Section, Table
from scorepolis.report.words import laid_out
from scorepolis.rests.table import load, of_books
from scorepolis.rests.table import names as reckoned
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.scenarios import load as load_scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scorepolis.rests.table import Moved, Rests

SHOWN: Final = 3
"""Parameters of each headline in a report; the command shows all that the table keeps."""


def find(scenario: str) -> Rests:
    """Find what a shipped scenario rests on: its own table, or that of one with the same rulebooks.

    Raises
    ------
    InputError
        If there is no such scenario, or no table for its rulebooks.
    """
    if scenario in reckoned():
        return load(scenario)
    chosen = load_scenario(scenario)
    parameters = load_parameters(chosen.set)
    books = [load_rulebook(book, parameters) for book in chosen.books]
    found = of_books([{"name": book.name, "sha256": book.digest()} for book in books])
    if found is None:
        raise InputError(
            f"what '{scenario}' rests on has not been reckoned",
            expected=f"one of {', '.join(reckoned())}, or a sensitivity analysis of your own (scorepolis experiment)",
        )
    return found


def show(found: Rests) -> Group:
    """Tell a table to a person, for a Rich console."""
    return Group(*lines(found), Padding(laid_out(table(found, None)), (1, 0, 0, 0)))


def lines(found: Rests) -> list[str]:
    """Say what was reckoned, how, and what it cannot tell."""
    made = found.record
    said = [
        say(
            "rests.scenario", name=made["scenario"], people=f"{made['people']:,}", days=f"{made['days']:,}",
            package=made["package"],
        ),
        say(
            "rests.design", turned=f"{made['screened']['turned']:,}", small=f"{made['screened']['people']:,}",
            finalists=made["screened"]["finalists"], seeds=len(made["seeds"]),
        ),
    ]  # fmt: skip
    if not found.is_current():
        said.append(say("rests.other"))
    if found.failed:
        said.append(say("rests.failed", n=len(found.failed)))
    return [*said, say("rests.limit")]


def table(found: Rests, most: int | None = SHOWN) -> Table:
    """Lay out under each headline the parameters that move it most."""
    sections = []
    for moved in found.measures:
        unit = BY_NAME[moved.output["measure"]].unit
        movers = [mover for mover in moved.movers if moved.size(mover) > 0][:most]
        rows = tuple((mover.path, *(_change(change, unit) for change in moved.effect(mover))) for mover in movers)
        sections.append(Section(rows, _headline(moved, unit)))
    heads = tuple(say(f"rests.{head}") for head in ("parameter", "low", "high"))
    return Table(say("rests.title"), heads, tuple(sections), say("rests.note"))


def to_json(found: Rests) -> dict[str, Any]:
    """Give plain values that JSON can hold, with the effects reckoned."""

    def plain(change: float) -> float | None:
        return None if math.isnan(change) else change

    return {
        "record": found.record,
        "current": found.is_current(),
        "measures": [
            {
                **moved.output,
                "value": moved.value,
                "luck": moved.luck,
                "movers": [
                    {
                        "path": mover.path,
                        "low": mover.low,
                        "high": mover.high,
                        **dict(zip(("change_at_low", "change_at_high"), map(plain, moved.effect(mover)), strict=True)),
                    }
                    for mover in moved.movers
                ],
            }
            for moved in found.measures
        ],
        "failed": found.failed,
    }


def of_run(books: Iterable[Mapping[str, Any]]) -> Rests | None:
    """Find the table of the rulebooks of a run, as its record names them."""
    return of_books([{"name": book["name"], "sha256": book["sha256"]} for book in books])


def _headline(moved: Moved, unit: str) -> str:
    name, signed = moved.output["measure"], "world" in moved.output
    title = names.measure(name)
    if "instrument" in moved.output:
        title = say("rests.of_instrument", title=title, name=moved.output["instrument"])
    if signed:
        title = say("rests.against_law", title=title)
    value = amount(moved.value, unit, signed=signed)
    luck = amount(moved.luck, unit, signed=signed).removeprefix("+")
    return say("rests.headline", title=title, value=value, luck=luck, unit=names.unit(name))


def _change(change: float, unit: str) -> str:
    return amount(change, unit, signed=True)

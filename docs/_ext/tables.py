"""Tables and a figure of the documentation, made from the code as Markdown when the pages are built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html import escape

import numpy as np
import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from scorepolis.cli import app
from scorepolis.core.columns import COLUMNS
from scorepolis.core.draws import Purpose
from scorepolis.day.plan import PLAN
from scorepolis.listing import Cell, written
from scorepolis.measures.declared import MEASURES
from scorepolis.measures.groups import GROUPS
from scorepolis.report import catalogue

STATUSES = ("documented", "reported", "assumed")

ENTITIES = {
    "persons": ("person", "person x domain", "person x tie"),
    "standings": ("person x instrument",),
    "places": (
        "neighbourhood", "neighbourhood x sensor", "neighbourhood x layer", "neighbourhood x behaviour",
        "neighbourhood x channel", "neighbourhood x instrument", "district", "district x layer",
    ),
    "day": ("buffer", "diary"),
    "counts": ("tally", "panel", "panel x field"),
    "run": ("run",),
}  # fmt: skip
"""Columns by what they belong to; any others go by the first word of that."""

HEADINGS = {
    "persons": "Persons",
    "standings": "Standing under an instrument",
    "places": "Places",
    "day": "The day's work and the diary",
    "counts": "What is counted",
    "run": "Tables of a run, made once from rulebooks and parameters, in exact fractions",
}


def table(heads: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    """Write a table in Markdown."""
    names = list(heads)
    lines = [names, ["---"] * len(names), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(cell: Cell) -> str:
    return written(cell).replace("|", "\\|").replace("\n", " ").replace("<", "&lt;") or " "


def _code(text: str) -> str:
    return f"`{text}`"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(map(_code, names))


def there_is() -> str:
    """Count what there is of each kind."""
    found = catalogue.listing()
    return table(found.heads, found.rows)


def listed(kind: str) -> str:
    """List what there is of one kind."""
    found = catalogue.listing(kind)
    return table(found.heads, ((_code(str(name)), *rest) for name, *rest in found.rows))


def entity_of(per: str) -> str:
    """Name the entity to which a column belongs."""
    return next((name for name, pers in ENTITIES.items() if per in pers), per.split(maxsplit=1)[0])


def state(of: str) -> str:
    """Tell the columns of an entity: what they hold, in which unit, who may know them and who writes them."""
    columns = [column for column in COLUMNS.values() if entity_of(column.per) == of]
    heads = ("Column", "Per", "Holds", "Unit of one step", "Type", "Access", "Written by")
    return table(
        heads,
        ((_code(c.name), c.per, c.meaning, c.unit, c.dtype, c.access.value, ", ".join(c.writers)) for c in columns),
    )


def entities() -> tuple[str, ...]:
    """Name the entities that have columns: those of the headings, then any others."""
    return tuple(dict.fromkeys((*ENTITIES, *(entity_of(column.per) for column in COLUMNS.values()))))


def columns() -> str:
    """Give every column, entity by entity."""
    return "\n\n".join(f"## {HEADINGS.get(of, of.capitalize())}\n\n{state(of)}" for of in entities())


def further_state() -> str:
    """Give the columns of entities that have no heading of their own."""
    return "\n\n".join(f"**{of.capitalize()}.**\n\n{state(of)}" for of in entities() if of not in ENTITIES)


def bytes_a_person() -> str:
    """Say how much is kept of a person, and how much of it is state that moves."""
    own = [column for column in COLUMNS.values() if column.per in {"person", "person x domain"}]
    moving = [column for column in own if {"learn", "live"} & set(column.writers)]
    domains = 4
    sizes = {c.name: np.dtype(c.dtype).itemsize * (domains if c.per == "person x domain" else 1) for c in own}
    return (
        f"Of a person {sum(sizes.values())} bytes are kept while their district is at work, of which "
        f"{sum(sizes[c.name] for c in moving)} are state that moves; the rest never changes within a year and can be "
        "made again from the seed and the number of the slot. Ties, standings under instruments and the diary come on "
        "top."
    )


def schedule() -> str:
    """Give the rows of the plan, in the order in which they turn."""
    heads = ("Stage", "Row", "When", "What it does", "Draws for", "Writes")
    rows = (
        (row.stage, _code(row.name), row.frequency, row.summary, _codes(p.name for p in row.draws), _codes(row.writes))
        for row in PLAN
    )
    return table(heads, rows)


def purposes() -> str:
    """Give the purposes of draws, and which rows of the plan draw for them."""
    drawing = {purpose: [row.name for row in PLAN if purpose in row.draws] for purpose in Purpose}
    return table(
        ("Purpose", "Number", "Drawn by"),
        ((_code(p.name), p.value, ", ".join(drawing[p]) or "before the first day, or outside of any") for p in Purpose),
    )


def provenance() -> str:
    """Count the numbers by file and by what they rest on."""
    found = Counter((fact.path.partition(".")[0], fact.status) for fact in catalogue.every_fact())
    roots = list(dict.fromkeys(root for root, _ in found))
    rows = [(_code(root), *(found[root, status] for status in STATUSES)) for root in roots]
    total = ("all", *(sum(found[root, status] for root in roots) for status in STATUSES))
    return table(("Numbers of", *STATUSES), [*rows, total])


def every_parameter() -> str:
    """Give every number, file by file."""
    roots = dict.fromkeys(fact.path.partition(".")[0] for fact in catalogue.every_fact())
    return "\n\n".join(f"## {root}\n\n{parameters(root)}" for root in roots)


def parameters(root: str) -> str:
    """Give every number below a path: value, range, unit, status, and what it rests on."""
    rows = (
        (
            _code(fact.path.removeprefix(f"{root}.")),
            fact.value,
            None if fact.range is None else " to ".join(map(written, fact.range)),
            fact.unit,
            fact.status,
            _rests(fact),
        )
        for fact in catalogue.facts(root)
    )
    return table(("Path", "Value", "Range", "Unit", "Status", "Source or reason"), rows)


def _rests(fact: catalogue.Fact) -> str:
    return ". ".join(part.rstrip(".") for part in (fact.source, fact.reason, fact.note) if part)


def measures() -> str:
    """Give every measure with its unit, denominator and limits."""
    rows = (
        (
            _code(one.name),
            one.title,
            one.unit,
            one.per.text,
            ", ".join(one.dims),
            "at month's end" if one.stock else "over the month",
            f"{one.description.rstrip('.')}.",
            one.cannot_tell,
        )
        for one in MEASURES
    )
    heads = ("Name", "Measure", "Unit", "Per", "Further axes", "When", "What it is", "What it cannot tell")
    return table(heads, rows)


def groups() -> str:
    """Give the groups for which every measure is told."""
    return table(("Name", "Group"), ((_code(group.name), group.title) for group in GROUPS))


def commands() -> str:
    """Describe the command line, command by command."""
    return "\n\n".join(_described(typer.main.get_command(app), ("scorepolis",)))


def _described(command: TyperCommand | TyperGroup, names: tuple[str, ...]) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from _described(inner, (*names, name))
        return
    usage = command.get_usage(typer.Context(command, info_name=" ".join(names))).removeprefix("Usage: ")
    yield f"## {' '.join(names[1:])}"
    yield f"```text\n{' '.join(usage.split())}\n```"
    yield from _told(command.help or "")
    rows = [(_named(one), one.help) for one in command.params if getattr(one, "help", None)]
    if rows:
        yield table(("Argument or option", "What it does"), rows)


def _named(parameter: TyperArgument | TyperOption) -> str:
    if isinstance(parameter, TyperOption):
        return _codes([*parameter.opts, *parameter.secondary_opts])
    return _code(str(parameter.metavar))


def _told(text: str) -> Iterator[str]:
    """Set the help of a command as paragraphs; its examples as a block."""
    for paragraph in text.strip().split("\n\n"):
        lines = " ".join(paragraph.split())
        if lines.startswith("scorepolis "):
            yield f"    {lines}"
        else:
            yield lines.replace("[bold]", "**").replace("[/bold]", "**")


def figure() -> str:
    """Draw the loop from the plan: stages from left to right, their rows below, and the way back."""
    stages = list(dict.fromkeys(row.stage for row in PLAN))
    marks = {"day": "●", "month": "○", "year": "△"}
    width, head, line = 122, 34, 20
    tallest = max(sum(row.stage == stage for row in PLAN) for stage in stages)
    height = head + 26 + tallest * line + 46
    opening = (
        f'<svg class="plan" viewBox="0 0 {width * len(stages)} {height}" role="img" '
        'aria-label="The stages of the plan with their rows; the schedule below says the same in words" '
        'font-family="inherit" font-size="14" fill="currentColor">'
    )
    parts = [opening]
    for at, stage in enumerate(stages):
        left = at * width
        parts.append(
            f'<rect x="{left + 2}" y="2" width="{width - 26}" height="{head}" rx="6" fill="none" '
            f'stroke="currentColor"/><text x="{left + width / 2 - 11}" y="{head - 10}" text-anchor="middle" '
            f'font-weight="bold">{escape(stage)}</text>'
        )
        if at + 1 < len(stages):
            parts.append(f'<text x="{left + width - 21}" y="{head - 10}">→</text>')
        for down, row in enumerate(row for row in PLAN if row.stage == stage):
            parts.append(
                f'<text x="{left + 6}" y="{head + 26 + down * line}" font-size="13">'
                f"{marks[row.every]} {escape(row.name)}</text>"
            )
    foot = height - 12
    parts.append(
        f'<text x="4" y="{foot}" font-size="13">● daily   ○ at each month\'s end   △ on each 1 January; '
        "and the next day begins at the left again.</text></svg>"
    )
    return "".join(parts)


TABLES: dict[str, Callable[..., str]] = {
    "bytes-a-person": bytes_a_person,
    "columns": columns,
    "commands": commands,
    "every-parameter": every_parameter,
    "figure": figure,
    "further-state": further_state,
    "groups": groups,
    "listed": listed,
    "measures": measures,
    "parameters": parameters,
    "provenance": provenance,
    "purposes": purposes,
    "schedule": schedule,
    "state": state,
    "there-is": there_is,
}
"""By the name that a page calls them."""

"""A comparison in words and tables: measures side by side, who gains and who loses, how much of it is luck."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from rich.console import Group as Renderables
from rich.text import Text

from scorepolis.experiments.flows import ACROSS, OVER_TIME
from scorepolis.experiments.persons import PERSONAL
from scorepolis.listing import MISSING
from scorepolis.measures.declared import BY_NAME, MEASURES
from scorepolis.measures.groups import GROUPS
from scorepolis.report import names
from scorepolis.report.language import listed, named, say, told
from scorepolis.report.numbers import amount, day, is_share, whole
from scorepolis.report.tables import HEADLINES, POINTS_ONLY, Headlines, Section, Table
from scorepolis.report.words import bulleted, laid_out, limits

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from scorepolis.experiments.comparison import Comparison

    _Estimates = dict[tuple[str, str], list[tuple[float, float]]]

PLAIN: Final = tuple(measure.name for measure in MEASURES if set(measure.dims) <= {"instrument"})
"""Measures that have no axis but the group and the instrument."""

MOST_PAIRS: Final = 3
"""Pairs of instruments whose flows are still shown."""

_CHANGES: Final = (
    ("gain", "standing_worth", "gain"),
    ("lose", "standing_worth", "lose"),
    ("worth", "standing_worth", "change"),
    ("penalised", "penalties", "lose"),
    ("wrongly", "wrongful_penalties", "lose"),
    ("refused", "refused", "lose"),
    ("shamed", "shamed", "lose"),
)
"""Columns of who gains and who loses: the string of the head, the number, and what of it."""


def show(comparison: Comparison) -> Renderables:
    """Tell a comparison to a person.

    Parameters
    ----------
    comparison : Comparison
        What was compared.

    Returns
    -------
    rich.console.Group
        To be printed by a Rich console.
    """
    law, first = comparison.provenance["baseline"], comparison.provenance["first"]
    parts: list[RenderableType] = [
        Text(say("compare.title"), style="bold"),
        Text(told(what_was_compared(comparison)) + "\n"),
        laid_out(side_by_side(comparison)),
        laid_out(differences(comparison, law)),
    ]
    if first != law and first in comparison.schemes and len(comparison.schemes) > 2:
        parts.append(laid_out(differences(comparison, first)))
    parts += [laid_out(changes(comparison, name)) for name in comparison.schemes if name != law]
    parts.append(laid_out(luck(comparison)))
    parts += [laid_out(table) for table in flows(comparison)]
    parts += [Text(say("heading.cannot_tell"), style="bold"), Text(bulleted(limits()))]
    return Renderables(*parts)


def what_was_compared(comparison: Comparison) -> list[str]:
    """Say in a few sentences what was compared, and what failed.

    Parameters
    ----------
    comparison : Comparison
        What was compared.

    Returns
    -------
    list of str
        Sentences.
    """
    made = comparison.provenance
    seeds = made["seeds"]
    lived = say(
        "compare.lived",
        people=whole(made["people"], "synthetic"),
        society=made["society"],
        days=whole(made["days"], "day"),
        start=day(date.fromisoformat(made["start"])),
        schemes=listed(comparison.schemes),
    )
    if len(seeds) == 1:
        trust = say("compare.one_seed", seed=seeds[0])
    else:
        trust = say("compare.seeds", first=seeds[0], last=seeds[-1])
    return [lived, trust, *(say("compare.failed", name=name, error=e) for name, e in comparison.failures.items())]


def side_by_side(comparison: Comparison, which: Headlines = HEADLINES) -> Table:
    """Set the headline measures, or some of them, of all schemes side by side."""
    lists = {
        f"{i.rulebook}/{i.name}"
        for run in comparison.runs.values()
        for i in run.context.instruments
        if i.method == "list"
    }
    found = comparison.means[comparison.means["group"] == "all"]
    found = found[~(found["measure"].isin(POINTS_ONLY) & found["instrument"].isin(lists))]
    rows = _estimates(found)
    schemes = comparison.schemes
    sections = []
    for heading, measures in which:
        own = [
            (names.measure(measure), *(_cell(rows, name, measure) for name in schemes), names.unit(measure))
            for measure in measures
        ]
        sections.append(Section(tuple(own), say(f"heading.{heading}")))
    several = any(len(run.context.instruments) > 1 for run in comparison.runs.values())
    heads = (say("table.measure"), *schemes, say("table.unit"))
    note = say("compare.several") if several else ""
    return Table(say("compare.measures"), heads, tuple(sections), note, words=(len(heads) - 1,))


def differences(comparison: Comparison, against: str) -> Table:
    """Show what the schemes change of the headline measures that all worlds have."""
    found = comparison.differences
    rows = found[(found["group"] == "all") & (found["against"] == against)]
    schemes = [name for name in comparison.schemes if name in set(rows["scheme"])]
    table = _estimates(rows)
    sections = []
    for heading, measures in HEADLINES:
        own = [
            (names.measure(m), *(_cell(table, name, m, signed=True) for name in schemes), names.unit(m))
            for m in measures
            if not BY_NAME[m].dims
        ]
        if own:
            sections.append(Section(tuple(own), say(f"heading.{heading}")))
    heads = (say("table.measure"), *schemes, say("table.unit"))
    title = say("compare.differences", against=against)
    return Table(title, heads, tuple(sections), words=(len(heads) - 1,))


def changes(comparison: Comparison, name: str) -> Table:
    """Show who gains and who loses under a scheme, group by group."""
    law = comparison.provenance["baseline"]
    found = comparison.effects
    found = found[(found["scheme"] == name) & (found["against"] == law)]
    keys = zip(*(found[key].to_list() for key in ("number", "of", "group")), strict=True)
    rows = dict(zip(keys, zip(found["mean"].to_list(), found["low"].to_list(), strict=True), strict=True))
    groups: dict[str | None, list[tuple[str, ...]]] = {}
    for group in GROUPS:
        cells = []
        for _, number, of in _CHANGES:
            mean, low = rows[number, of, group.name]
            # The heads say percent, so that the cells need not.
            scale = 1.0 if number == "standing_worth" and of == "change" else 100.0
            cells.append(_estimate(mean * scale, low * scale, "", signed=of == "change"))
        if any(cell != MISSING for cell in cells):
            groups.setdefault(group.axis, []).append((names.group(group), *cells))
    heads = (say("table.group"), *(say(f"compare.{head}") for head, _, _ in _CHANGES))
    sections = tuple(Section(tuple(own)) for own in groups.values())
    return Table(say("compare.changes", name=name), heads, sections, say("compare.changes_note"))


def luck(comparison: Comparison) -> Table:
    """Show how much of what a scheme does to one person and not to another is luck."""
    law = comparison.provenance["baseline"]
    found = comparison.luck[comparison.luck["of"] == "change"]
    columns = (found[name].to_list() for name in ("scheme", "number", "share", "low"))
    # Sampling may take a share above one; the interval keeps its width.
    shares = {
        (scheme, number): (min(share, 1.0), low - max(share - 1.0, 0.0))
        for scheme, number, share, low in zip(*columns, strict=True)
    }
    schemes = [name for name in comparison.schemes if name != law]
    lines = []
    for personal in PERSONAL:
        cells = [_estimate(*shares[name, personal.name], "share") for name in schemes]
        lines.append((named("personal", personal.name, personal.title), *cells))
    heads = (say("compare.change_of"), *schemes)
    return Table(say("compare.luck"), heads, (Section(tuple(lines)),), say("compare.luck_note"))


def flows(comparison: Comparison) -> list[Table]:
    """Show the flows between grades, summed over the seeds, in shares of those who come from a grade."""
    found = comparison.flows
    tables = []
    for kind in (OVER_TIME, ACROSS):
        own = found[found["kind"] == kind]
        keys = ["from_scheme", "from_instrument", "to_scheme", "to_instrument"]
        pairs = list(own.groupby(keys, observed=True, sort=False))
        if kind == ACROSS and len(pairs) > MOST_PAIRS:
            continue
        tables += [_flow(comparison, kind, tuple(map(str, key)), rows) for key, rows in pairs]
    return tables


def to_json(comparison: Comparison) -> dict[str, Any]:
    """Give a comparison as values that JSON can hold.

    Parameters
    ----------
    comparison : Comparison
        What was compared.

    Returns
    -------
    dict
        ``provenance``, the sentences of ``show``, and as lists of rows the tables of means and differences (measures
        without axes but group and instrument), effects, luck and flows; what has no number is null.
    """
    return {
        "provenance": dict(comparison.provenance),
        "what_was_compared": what_was_compared(comparison),
        "cannot_tell": limits(),
        "means": _records(_plain(comparison.means)),
        "differences": _records(_plain(comparison.differences)),
        "effects": _records(comparison.effects),
        "luck": _records(comparison.luck),
        "flows": _records(comparison.flows),
    }


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    kept = table[table["measure"].isin(PLAIN)]
    return kept[[name for name in kept.columns if not _is_empty(kept[name])]]


def _is_empty(column: pd.Series[Any]) -> bool:
    return bool((column.astype(str) == "").all())


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): None if isinstance(value, float) and math.isnan(value) else value for key, value in row.items()}
        for row in table.to_dict("records")
    ]


def _estimates(found: pd.DataFrame) -> _Estimates:
    """Gather means and lower edges by scheme and measure: one for each instrument, or a single one."""
    rows: _Estimates = {}
    columns = (found[name].to_list() for name in ("scheme", "measure", "mean", "low"))
    for scheme, measure, mean, low in zip(*columns, strict=True):
        rows.setdefault((scheme, measure), []).append((mean, low))
    return rows


def _cell(rows: _Estimates, scheme: str, measure: str, *, signed: bool = False) -> str:
    """Write a measure of a scheme, of each of its instruments if it has them."""
    unit = BY_NAME[measure].unit
    found = rows.get((scheme, measure), ())
    return "\n".join(_estimate(mean, low, unit, signed=signed) for mean, low in found) or MISSING


def _estimate(mean: float, low: float, unit: str, *, signed: bool = False) -> str:
    """Write a mean and how far its interval reaches to either side."""
    told = amount(mean, unit, signed=signed)
    if math.isnan(mean) or math.isnan(low) or mean == low:
        return told
    number, _, sign = told.rpartition(" ") if is_share(unit) else (told, "", "")
    half = amount(mean - low, unit).removesuffix(" %")
    return f"{number} ± {half} {sign}".rstrip()


def _flow(comparison: Comparison, kind: str, key: tuple[str, ...], rows: pd.DataFrame) -> Table:
    ours, theirs = (_grades(comparison, key[at], key[at + 1]) for at in (0, 2))
    people = rows.groupby(["from_grade", "to_grade"], observed=True)["people"].sum().to_dict()
    lines = []
    for start in reversed(ours):
        counts = [int(people.get((start, end), 0)) for end in reversed(theirs)]
        total = sum(counts)
        if total:
            lines.append((start, *(amount(n / total, "share") for n in counts), f"{total:,}"))
    if kind == OVER_TIME:
        title = say("compare.over_time", scheme=key[0], instrument=key[1])
    else:
        title = say("compare.across", scheme=key[0], instrument=key[1], other=key[2], others=key[3])
    ends = (say("compare.to", grade=end) for end in reversed(theirs))
    return Table(title, (say("compare.from"), *ends, say("compare.people")), (Section(tuple(lines)),))


def _grades(comparison: Comparison, scheme: str, instrument: str) -> tuple[str, ...]:
    instruments = comparison.runs[scheme].context.instruments
    return next(i.grades for i in instruments if f"{i.rulebook}/{i.name}" == instrument)

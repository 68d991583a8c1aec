"""Schemes side by side: means with intervals, paired differences, who gains and loses, how much is luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scorepolis.experiments.persons import PERSONAL
from scorepolis.measures.declared import BY_NAME
from scorepolis.measures.groups import GROUPS
from scorepolis.report import comparing, names
from scorepolis.report.drawing import ACCENT, BAD, INK, SOFT, Picture, drawing
from scorepolis.report.language import named, say, told
from scorepolis.report.numbers import amount, is_share
from scorepolis.report.parts.bars import LEFT, intervals
from scorepolis.report.parts.part import Part
from scorepolis.report.rows import name_rows

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    from scorepolis.experiments.comparison import Comparison

SHOWN: Final = ("harm", "good_deeds", "chilled", "refused", "hardship", "trust", "support_gap")
"""Measures that all worlds have, and that a reader asks about first."""
_ROW: Final = 17
_HEAD: Final = 20
_LUCK: Final = ("standing_worth", "penalties", "wrongful_penalties", "refused", "hardship", "income")


def parts(comparison: Comparison) -> list[Part]:
    """Give the parts of a comparison that tell schemes apart."""
    law, first = comparison.provenance["baseline"], comparison.provenance["first"]
    others = [name for name in comparison.schemes if name != law]
    limit = say("limits.model")
    if not others:
        return [Part("side_by_side", pictures=(side_by_side(comparison),), limit=limit)]
    paired = [paired_differences(comparison, law)]
    if first != law and first in others and len(others) > 1:
        paired.append(paired_differences(comparison, first))
    return [
        Part("side_by_side", pictures=(side_by_side(comparison),), limit=limit),
        Part("differences", pictures=tuple(paired), limit=say("schemes.seeds_limit")),
        Part("effects", pictures=tuple(gains(comparison, name) for name in others), limit=say("schemes.gains_limit")),
        Part("luck", pictures=(luck(comparison, others),), limit=say("schemes.luck_limit")),
    ]


def side_by_side(comparison: Comparison) -> Picture:
    """Draw the means of every scheme over the seeds, a scale for each measure."""
    found = comparison.means[comparison.means["group"] == "all"]
    title = say("part.side_by_side")
    furthest = max(SHOWN, key=lambda name: _spread(found, name))
    rows = found[found["measure"] == furthest].set_index("scheme")["mean"]
    unit = BY_NAME[furthest].unit
    sentence = say(
        "schemes.sentence", measure=names.measure(furthest).lower(),
        values="; ".join(f"{name} {amount(float(rows[name]), unit)}" for name in comparison.schemes),
    )  # fmt: skip
    svg = _panels("side", f"{title}. {sentence}", found, list(comparison.schemes))
    return Picture(title, sentence, svg, comparing.side_by_side(comparison), _turn(found, list(comparison.schemes)))


def paired_differences(comparison: Comparison, against: str) -> Picture:
    """Draw what schemes change against another one, seed by seed."""
    every = comparison.differences
    found = every[(every["group"] == "all") & (every["against"] == against)]
    schemes = [name for name in comparison.schemes if name in set(found["scheme"])]
    table = comparing.differences(comparison, against)
    sure = [
        say("schemes.apart", scheme=name, counted=sum(_sure(found, name, measure) for measure in SHOWN), of=len(SHOWN))
        for name in schemes
    ]
    sentence = told([say("schemes.paired", against=against), *sure])
    svg = _panels(f"apart-{against}", f"{table.title}. {sentence}", found, schemes, nought=True)
    return Picture(table.title, sentence, svg, table)


def gains(comparison: Comparison, scheme: str) -> Picture:
    """Draw which share of each group gains and which loses under a scheme."""
    law = comparison.provenance["baseline"]
    every = comparison.effects
    found = every[(every["scheme"] == scheme) & (every["against"] == law) & (every["number"] == "standing_worth")]
    share = {of: found[found["of"] == of].set_index("group")["mean"] for of in ("gain", "lose", "change")}
    table = comparing.changes(comparison, scheme)
    groups = [group for group in GROUPS if not np.isnan(share["gain"].get(group.name, np.nan))]
    everybody = [amount(float(share[of]["all"]), "share") for of in ("gain", "lose")]
    worst = max(groups[1:], key=lambda group: share["lose"][group.name], default=groups[0])
    sentence = say(
        "schemes.gains", gain=everybody[0], lose=everybody[1],
        yuan=amount(float(share["change"]["all"]), "yuan", signed=True),
        group=names.group(worst), most=amount(float(share["lose"][worst.name]), "share"),
    )  # fmt: skip
    with drawing(f"gains-{scheme}", f"{table.title}. {sentence}", 62 + _ROW * len(groups)) as canvas:
        axes = canvas.axes(left=LEFT, right=12, top=24, bottom=36)
        name_rows(axes, [names.group(group) for group in groups])
        for of, sign, colour in (("gain", 1, ACCENT), ("lose", -1, BAD)):
            widths = [100 * sign * share[of][group.name] for group in groups]
            axes.barh(range(len(groups)), widths, height=0.6, color=colour, label=say(f"schemes.{of}"))
        reach = 1.1 * max(1.0, *(100 * float(share[of][group.name]) for of in ("gain", "lose") for group in groups))
        axes.set_xlim(-reach, reach)
        axes.axvline(0, color=INK, linewidth=1)
        axes.xaxis.set_major_formatter(lambda percent, _: f"{abs(percent):g} %")
        axes.set_xlabel(say("schemes.of_group"), loc="right")
        axes.legend(
            loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, borderpad=0, handlelength=0.8,
            handletextpad=0.4,
        )  # fmt: skip
    return Picture(table.title, sentence, canvas.svg, table)


def luck(comparison: Comparison, schemes: list[str]) -> Picture:
    """Draw how much of what becomes of persons is luck."""
    found = comparison.luck[comparison.luck["of"] == "change"].set_index(["number", "scheme"])
    table = comparing.luck(comparison)
    titles = {personal.name: personal.title for personal in PERSONAL}
    shares = {name: found.loc[name].reindex(schemes) for name in _LUCK}
    known = [name for name, rows in shares.items() if rows["share"].notna().any()]
    if not known:
        return Picture(table.title, say("schemes.no_luck"), "", table)
    sentence = say(
        "schemes.luck", scheme=schemes[0], number=named("personal", known[0], titles[known[0]]).lower(),
        share=amount(min(float(shares[known[0]]["share"].iloc[0]), 1.0), "share"),
    )  # fmt: skip
    high = _HEAD + _ROW * len(schemes)
    with drawing("luck", f"{table.title}. {sentence}", high * len(known) + 24) as canvas:
        for n, name in enumerate(known):
            axes = canvas.axes(left=LEFT, right=40, top=n * high + _HEAD, bottom=canvas.height - (n + 1) * high)
            edges = [
                np.clip(100 * shares[name][edge].to_numpy(np.float64), 0, 100) for edge in ("share", "low", "high")
            ]
            intervals(axes, schemes, *edges)
            axes.set_xlim(0, 100)
            axes.xaxis.set_major_formatter(lambda percent, _: f"{percent:g} %")
            axes.tick_params(axis="x", labelbottom=n == len(known) - 1)
            _head(axes, named("personal", name, titles[name]))
    return Picture(table.title, sentence, canvas.svg, table)


def _panels(key: str, label: str, found: pd.DataFrame, schemes: list[str], *, nought: bool = False) -> str:
    """Draw a small chart for each measure: a row per scheme, its mean and its interval."""
    high = _HEAD + _ROW * len(schemes) + 16
    with drawing(key, label, high * len(SHOWN)) as canvas:
        for n, name in enumerate(SHOWN):
            axes = canvas.axes(left=LEFT, right=40, top=n * high + _HEAD, bottom=canvas.height - (n + 1) * high + 16)
            rows = found[found["measure"] == name].set_index("scheme").reindex(schemes)
            scale = 100.0 if is_share(BY_NAME[name].unit) else 1.0
            means = scale * rows["mean"].to_numpy(np.float64)
            found_edges = (scale * rows[edge].to_numpy(np.float64) for edge in ("low", "high"))
            edges = [np.where(np.isnan(edge), means, edge) for edge in found_edges]
            intervals(axes, schemes, means, *edges)
            _head(axes, _titled(name))
            axes.locator_params(axis="x", nbins=4)
            axes.tick_params(axis="x", labelsize=8)
            axes.spines["bottom"].set_color(SOFT)
            _room(axes, np.concatenate((means, *edges)), nought=nought)
    return canvas.svg


def _turn(found: pd.DataFrame, schemes: list[str]) -> dict[str, Any]:
    measures = []
    for name in SHOWN:
        rows = found[found["measure"] == name].set_index("scheme").reindex(schemes)
        scale = 100.0 if is_share(BY_NAME[name].unit) else 1.0
        values = {
            edge: [None if np.isnan(v) else scale * float(v) for v in rows[edge]] for edge in ("mean", "low", "high")
        }
        measures.append({"name": _titled(name), **values})
    return {"kind": "schemes", "schemes": schemes, "measures": measures, "choose": say("turn.measure")}


def _room(axes: Axes, values: npt.NDArray[np.float64], *, nought: bool) -> None:
    """Give the values some room to either side, and a line at nought where that tells something."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if nought:
        low, high = min(low, 0.0), max(high, 0.0)
        axes.axvline(0, color=INK, linewidth=0.8)
    room = 0.08 * (high - low) or 0.5
    axes.set_xlim(low - room, high + room)


def _titled(name: str) -> str:
    unit = BY_NAME[name].unit
    return f"{names.measure(name)} ({'%' if is_share(unit) else names.bare_unit(unit)})"


def _head(axes: Axes, words: str) -> None:
    """Write above a small chart what it is of, from the left edge of the drawing."""
    axes.annotate(words, (0, 1), (8 - LEFT, 5), "axes fraction", "offset points", size=10, weight="bold")


def _spread(found: pd.DataFrame, name: str) -> float:
    """Say how far apart the schemes are in a measure, relative to its size."""
    values = found[found["measure"] == name]["mean"]
    size = float(values.abs().max()) if len(values) else 0.0
    return float(values.max() - values.min()) / size if size > 0 else 0.0


def _sure(found: pd.DataFrame, scheme: str, measure: str) -> bool:
    """Say whether the interval of a difference leaves nought out."""
    rows = found[(found["scheme"] == scheme) & (found["measure"] == measure)]
    return bool(((rows["low"] > 0) | (rows["high"] < 0)).any())

"""Charts of rows that several parts draw: bars one after the other, and means with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scorepolis.report.drawing import ACCENT, INK, SOFT, drawing
from scorepolis.report.rows import lay_bars, name_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes

    Floats = npt.NDArray[np.float64]

ROW: Final = 23  # points from row to row
LEFT: Final = 132


def bars(
    key: str, label: str, rows: Sequence[str], parts: Mapping[str, tuple[Sequence[float], str]], ends: Sequence[str],
    under: str,
) -> str:  # fmt: skip
    """Draw stacked bars.

    Parameters
    ----------
    key, label : str
        As for `drawing`.
    rows : sequence of str
        What each bar is of.
    parts : mapping of str to (values, colour)
        What the bars consist of, from the left.
    ends : sequence of str
        What stands behind each bar.
    under : str
        What the length means.

    Returns
    -------
    str
        An ``svg`` element.
    """
    legend = len(parts) > 1
    with drawing(key, label, 34 + 20 * legend + ROW * len(rows)) as canvas:
        axes = canvas.axes(left=LEFT, right=8, top=8 + 20 * legend, bottom=26)
        name_rows(axes, rows)
        start = np.zeros(len(rows))
        for word, (values, colour) in parts.items():
            lay_bars(axes, start, values, colour, word)
            start += np.asarray(values)
        for row, end in enumerate(ends):
            axes.annotate(end, (start[row], row), (4, 0), textcoords="offset points", va="center")
        axes.set_xlim(0, 1.45 * max(float(start.max()), 1e-9))
        _bare(axes, under)
        if legend:
            axes.legend(
                loc="lower right", bbox_to_anchor=(1, 1), ncols=len(parts), frameon=False, borderpad=0,
                handlelength=0.8, handletextpad=0.4, columnspacing=1,
            )  # fmt: skip
    return canvas.svg


def moves(key: str, label: str, rows: Sequence[str], values: Sequence[float], ends: Sequence[str], under: str) -> str:
    """Draw bars to both sides of nought; as `bars`."""
    with drawing(key, label, 34 + ROW * len(rows)) as canvas:
        axes = canvas.axes(left=LEFT, right=8, top=8, bottom=26)
        name_rows(axes, rows)
        lay_bars(axes, 0, values, ACCENT)
        reach = 2.2 * max(*map(abs, values), 1e-9)  # room for the figure behind the longest bar
        axes.set_xlim(-reach, reach)
        axes.axvline(0, color=INK, linewidth=1)
        for row, (value, end) in enumerate(zip(values, ends, strict=True)):
            offset, side = (4, "left") if value >= 0 else (-4, "right")
            axes.annotate(end, (value, row), (offset, 0), textcoords="offset points", ha=side, va="center")
        _bare(axes, under)
    return canvas.svg


def intervals(axes: Axes, rows: Sequence[str], means: Floats, lows: Floats, highs: Floats) -> None:
    """Draw means as dots and their intervals as lines, a row each."""
    name_rows(axes, rows)
    axes.hlines(range(len(rows)), lows, highs, color=SOFT, linewidth=2)
    axes.plot(means, range(len(rows)), "o", color=ACCENT, markersize=6, clip_on=False)


def _bare(axes: Axes, under: str) -> None:
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_xlabel(under, color=SOFT)

"""The rows of a chart: their names, lines from side to side, and bars.

Names are letters of ours rather than ticks, of which Matplotlib makes five parts each, shown or not; and bars that go
together are one shape rather than one each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from scorepolis.report.drawing import LINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes

_PAD: Final = 3.5  # points between a name and the chart


def name_rows(axes: Axes, names: Sequence[str], *, ruled: bool = False) -> None:
    """Name the rows of a chart, the first on top.

    Parameters
    ----------
    axes : Axes
        With rows at 0, 1, 2, ... from above.
    names : sequence of str
        Of the rows.
    ruled : bool
        Whether a thin line runs through each row.
    """
    across = axes.get_yaxis_transform()
    axes.set_yticks([])
    axes.set_ylim(len(names) - 0.5, -0.5)
    if ruled:
        axes.hlines(range(len(names)), 0, 1, transform=across, color=LINE, linewidth=0.7)
    for row, name in enumerate(names):
        axes.text(-_PAD / axes.bbox.width, row, name, transform=across, ha="right", va="center_baseline")


def lay_bars(axes: Axes, starts: npt.ArrayLike, lengths: npt.ArrayLike, colour: str, word: str = "") -> None:
    """Lay a bar into each row, half as high as the row.

    Parameters
    ----------
    axes : Axes
        With rows at 0, 1, 2, ...; its limits are left as they are.
    starts, lengths : array of float
        Where each bar begins, and how far it goes from there; to the left if below 0.
    colour : str
        Of all of them.
    word : str
        What the legend calls them.
    """
    left, right = np.broadcast_arrays(starts, np.add(starts, lengths))
    x = np.stack((left, right, right, left, left), axis=1)
    y = np.arange(len(x))[:, None] + np.array([-0.25, -0.25, 0.25, 0.25, -0.25])
    codes = np.tile([Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY], len(x))
    shape = Path(np.stack((x, y), axis=-1).reshape(-1, 2), codes)
    axes.add_artist(PathPatch(shape, facecolor=colour, label=word))

"""Drawing with Matplotlib into SVG that belongs to the page: its fonts and colours, no date, the same bytes each time.

Matplotlib knows fixed colours only, while a page that reads well by day and by night has colours by role. So a drawing
uses one code per role, and the code is turned into the role's CSS when the drawing is done.
"""

from __future__ import annotations

import io
import re
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, cast
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties
    from matplotlib.typing import RcKeyType

    from scorepolis.report.tables import Table

WIDTH: Final = 340
"""Points across every drawing, so that on a telephone the letters keep almost their size."""

INK: Final = "#000001"
SOFT: Final = "#000002"
LINE: Final = "#000003"
PAPER: Final = "#000004"
ACCENT: Final = "#000005"
BAD: Final = "#000006"
_ROLES: Final = {
    INK: "currentColor",
    SOFT: "var(--soft)",
    LINE: "var(--line)",
    PAPER: "var(--paper)",
    ACCENT: "var(--accent)",
    BAD: "var(--bad)",
}
_BLEND: Final = "#0001"
_CODE: Final = re.compile(r"#[0-9a-f]{6}")

_SVG: Final = "{http://www.w3.org/2000/svg}"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)|^#(.+)$")
_FAMILY: Final = re.compile(r"font-family: [^;]*;? ?")
_STYLE: Final[dict[RcKeyType, Any]] = {
    "axes.edgecolor": LINE,
    "axes.facecolor": "none",
    "axes.labelcolor": SOFT,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": True,
    "figure.dpi": 72,
    "figure.facecolor": "none",
    "font.size": 11,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "patch.linewidth": 0,
    "savefig.facecolor": "none",
    "svg.fonttype": "none",
    "text.color": INK,
    "text.parse_math": False,  # a dollar in a rulebook's title is a dollar
    "xtick.color": LINE,
    "xtick.labelcolor": SOFT,
    "ytick.color": LINE,
    "ytick.labelcolor": INK,
    "ytick.major.size": 0,
}


@dataclass(frozen=True)
class Picture:
    """A picture as the page shows it.

    Attributes
    ----------
    title, sentence : str
        Above it, and below it.
    svg : str
        An ``svg`` element; empty where there is only a table.
    table : Table
        The numbers.
    turn : mapping or None
        The same numbers for the picture that a reader turns, where there is one; see ``web/``.
    """

    title: str
    sentence: str
    svg: str
    table: Table
    turn: Mapping[str, Any] | None = None


def blend(share: float) -> str:
    """Give the colour that lies at a share of the way from bad to accent."""
    return f"{_BLEND}{round(100 * share):02x}"


class Drawing:
    """A figure of given height, measured in points; `svg` is its text once it has been drawn.

    Attributes
    ----------
    figure : Figure
        To draw into.
    svg : str
        An ``svg`` element.
    """

    def __init__(self, height: float) -> None:
        self.figure = Figure(figsize=(WIDTH / 72, height / 72))
        self.height = height
        self.svg = ""

    def axes(self, *, left: float = 8, right: float = 8, top: float = 8, bottom: float = 8) -> Axes:
        """Add axes within margins in points."""
        across, up = WIDTH - left - right, self.height - top - bottom
        return self.figure.add_axes((left / WIDTH, bottom / self.height, across / WIDTH, up / self.height))

    def sheet(self, *, from_above: bool = False) -> Sheet:
        """Draw without axes, in points from the lower left corner, or with `from_above` from the upper left one."""
        return Sheet(self.figure, self.height if from_above else 0)


class Sheet:
    """A drawing without axes, of which Matplotlib makes a hundred parts, shown or not; its units are points."""

    def __init__(self, figure: Figure, origin: float) -> None:
        self._figure = figure
        self._place = Affine2D().translate(0, origin)

    def text(self, x: float, y: float, words: str, **style: Any) -> None:  # noqa: ANN401 - as Matplotlib takes it
        """Write."""
        self._figure.text(x, y, words, transform=self._place, **style)

    def add_artist(self, artist: Artist) -> None:
        """Put something there."""
        artist.set_transform(self._place)
        self._figure.add_artist(artist)


@contextmanager
def drawing(key: str, label: str, height: float) -> Iterator[Drawing]:
    """Draw a picture.

    Parameters
    ----------
    key : str
        Names the picture within the page, so that no two pictures share an id.
    label : str
        What it shows, for those who cannot see it.
    height : float
        In points.

    Yields
    ------
    Drawing
        Its `svg` is ready when the context ends.
    """
    with mpl.rc_context(), warnings.catch_warnings():
        # Letters are set by the browser; that Matplotlib's own font lacks some of them does not matter.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        dict.update(cast("dict[str, Any]", mpl.rcParams), _settings())  # they were checked when they were made
        mpl.rcParams["svg.hashsalt"] = key
        canvas = Drawing(height)
        yield canvas
        text = io.StringIO()
        renderer: Any = _Renderer(WIDTH, height, text)
        canvas.figure.draw(renderer)
        renderer.finalize()
    canvas.svg = _for_the_page(text.getvalue(), key, label, height)


@cache
def _settings() -> dict[str, Any]:
    """Give Matplotlib's own settings, and ours in their place: each check of all takes as long as a small drawing."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        # Past the mapping's own reading, which would load a backend to name it.
        return {name: value for name, value in dict.items(mpl.rcParams) if name != "backend"}


class _Renderer(RendererSVG):
    """Matplotlib's own, but without its date and name, and what a text measures is kept for the next drawing."""

    def __init__(self, width: float, height: float, text: io.StringIO) -> None:
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        super().__init__(width, height, text, metadata=nothing)  # type: ignore[no-untyped-call]

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | Literal["TeX"]
    ) -> tuple[float, float, float]:
        """Give width, height and descent of a text in points."""
        return _extent(s, prop, ismath)


@lru_cache(4096)
def _extent(text: str, font: FontProperties, ismath: bool | Literal["TeX"]) -> tuple[float, float, float]:
    return text_to_path.get_text_width_height_descent(text, font, ismath)


def _for_the_page(text: str, key: str, label: str, height: float) -> str:
    """Keep the shapes and leave the rest: prologue, styles of its own, sizes, fonts, names that nobody refers to."""
    root = ET.fromstring(text)  # noqa: S314 - written a moment ago, by us
    for defs in root.iter(f"{_SVG}defs"):
        for sheet in defs.findall(f"{_SVG}style"):
            defs.remove(sheet)  # it would reach the whole page
    values = (value for part in root.iter() for value in part.attrib.values() if "#" in value)
    used = {name for value in values for name in _references(value)}
    for part in root.iter():
        part.tag = part.tag.removeprefix(_SVG)
        if _HREF in part.attrib:
            part.set("href", part.attrib.pop(_HREF))
        if part.get("id") not in used:
            part.attrib.pop("id", None)
        for name, value in part.attrib.items():
            if name == "id":
                part.set(name, f"{key}-{value}")
            elif "#" in value:  # and not the long ways of the pen
                part.set(name, _renamed(_coloured(value), key))
        if style := part.get("style"):
            part.set("style", _FAMILY.sub("", style))
    root.attrib.clear()
    root.attrib.update(viewBox=f"0 0 {WIDTH} {height:g}", role="img")
    root.set("aria-label", label)
    ET.indent(root, "")
    return ET.tostring(root, encoding="unicode")


def _references(value: str) -> list[str]:
    return [first or second for first, second in _REFERENCE.findall(value)]


def _renamed(value: str, key: str) -> str:
    return _REFERENCE.sub(lambda match: match[0].replace("#", f"#{key}-"), value)


def _coloured(value: str) -> str:
    return _CODE.sub(lambda match: _css(match[0]), value)


def _css(code: str) -> str:
    if code.startswith(_BLEND):
        return f"color-mix(in oklab, var(--accent) {int(code[-2:], 16)}%, var(--bad))"
    return _ROLES[code]

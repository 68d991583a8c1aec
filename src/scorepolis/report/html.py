"""Templates filled, and pages written whole or not at all."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scorepolis.core import aside
from scorepolis.core.errors import InputError
from scorepolis.report.language import say, spoken

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


_HERE: Final = files("scorepolis.report")
WEB: Traversable | Path = _HERE.joinpath("web")
"""Where `make web` puts what it builds."""


def fill(template: str, **values: object) -> str:
    """Fill a template of this package in the language that is spoken; the same values give the same bytes.

    Parameters
    ----------
    template : str
        Name of the file.
    **values
        What stands in it; all text is escaped.

    Returns
    -------
    str
        HTML.
    """
    environment = Environment(
        loader=PackageLoader("scorepolis.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawn"] = Markup  # a drawing is escaped when it is drawn
    style = _HERE.joinpath("page.css").read_text(encoding="utf-8")
    return environment.get_template(template).render(
        say=say,
        language=spoken(),
        script=bundle(),
        style=Markup(style),  # noqa: S704 - our own file
        **values,
    )


def bundle() -> str:
    """Give the script of the turning pictures as it stands in a page; empty where it has not been built."""
    built = WEB.joinpath("report.js")
    if not built.is_file():
        return ""
    return Markup(built.read_text(encoding="utf-8").replace("</script", "<\\/script"))  # noqa: S704 - our own file


def check_target(file: str | Path) -> Path:
    """Make sure that a page can be written to a place, before anything is reckoned.

    Raises
    ------
    InputError
        If there is no folder for it, or it is a folder itself.
    """
    target = Path(file)
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise InputError("the page cannot be written", file=str(file), expected="a file in a folder that is there")
    return target


def write_page(text: str, file: str | Path) -> Path:
    """Write a page, whole or not at all.

    Parameters
    ----------
    text : str
        HTML.
    file : str or Path
        Where it goes; an earlier file there is replaced.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    target = Path(file)
    aside.write_text(target, text)
    return target

"""An audit as one page: a single file that asks nothing of a network or a script."""

from __future__ import annotations

from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from scorepolis.audit.static import NO_FINDING, OF_CONDITIONS
from scorepolis.audit.words import summary
from scorepolis.core import aside
from scorepolis.core.errors import InputError
from scorepolis.listing import written

if TYPE_CHECKING:
    from scorepolis.audit.measured import Measured
    from scorepolis.audit.static import Audit


def page(audit: Audit, measured: Measured | None = None) -> str:
    """Make the page of an audit; the same audit gives the same bytes.

    Parameters
    ----------
    audit : Audit
        What reading the rulebook brought.
    measured : Measured, optional
        What running it brought.

    Returns
    -------
    str
        HTML.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files("scorepolis.audit").joinpath("page.html").read_text(encoding="utf-8"))
    style = files("scorepolis.report").joinpath("page.css").read_text(encoding="utf-8")
    return template.render(
        style=Markup(f"{style}td.wide {{ white-space: normal; min-width: 22rem; }}\n"),  # noqa: S704 - our own file
        book=audit.book.rulebook,
        digest=audit.book.rulebook.digest(),
        summary=" ".join((summary(audit), *audit.cautions)),
        no_finding=NO_FINDING,
        of_conditions=OF_CONDITIONS,
        checks=[(check, list(several)) for check, several in groupby(audit.findings, key=lambda f: f.check)],
        norms=[(norm, list(several)) for norm, several in groupby(audit.conditions, key=lambda one: one.norm)],
        measured=measured,
        written=written,
    )


def check_target(target: str | Path) -> Path:
    """Make sure that a page can be written to a place, before anything is computed.

    Parameters
    ----------
    target : str or Path
        Where to.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If there is no folder for it, or it is a folder itself.
    """
    path = Path(target)
    if path.is_dir() or not path.parent.is_dir():
        what = "is a folder" if path.is_dir() else "lies in no folder that exists"
        raise InputError(f"the page {what}", file=str(target), expected="the name of an HTML file")
    return path


def write(text: str, target: str | Path) -> Path:
    """Write a page, whole or not at all.

    Parameters
    ----------
    text : str
        The page.
    target : str or Path
        Where to; a file that is there is replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If there is no folder for it, or it is a folder itself.
    OSError
        If it cannot be written.
    """
    path = check_target(target)
    aside.write_text(path, text)
    return path

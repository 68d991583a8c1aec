"""A rulebook to begin with: commented, and valid as it stands."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from scorepolis.core.errors import InputError

SLUG = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")


def text(name: str) -> str:
    """Give the template under a name.

    Parameters
    ----------
    name : str
        Name of the new rulebook, in lower case.

    Returns
    -------
    str
        YAML with comments.

    Raises
    ------
    InputError
        If this cannot be the name of a rulebook.
    """
    if not SLUG.fullmatch(name):
        expected = "lower-case words joined by hyphens, such as my-town"
        raise InputError(f"'{name[:60]}' cannot be the name of a rulebook", expected=expected)
    return files("scorepolis.report.rulebooks").joinpath("template.yaml").read_text("utf-8").replace("NAME", name)


def write(name: str) -> Path:
    """Write the template to `NAME.yaml`, in the folder one is in.

    Parameters
    ----------
    name : str
        Name of the new rulebook, in lower case.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If this cannot be the name of a rulebook, or there is such a file already.
    OSError
        If it cannot be written.
    """
    content, path = text(name), Path(f"{name}.yaml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise InputError("the file is there already", file=str(path), expected="another name") from None
    return path

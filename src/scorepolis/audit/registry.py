"""Where checks are entered as they are defined: the name of the function is the id, its docstring the explanation."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from scorepolis.audit.finding import Check, Hit, Severity

if TYPE_CHECKING:
    from scorepolis.audit.book import Book

    Find = Callable[[Book], Iterator[Hit]]

REGISTRY: dict[str, Check] = {}


def check(severity: Severity, *, norm: str, mend: str, limit: str) -> Callable[[Find], Find]:
    """Enter a function as a check.

    Parameters
    ----------
    severity : str
        `low`, `medium` or `high`.
    norm, mend, limit : str
        What it rests on, what would mend what it finds, and what it cannot tell; each a full sentence or title.

    Returns
    -------
    callable
        A decorator that leaves the function as it is.
    """

    def enter(find: Find) -> Find:
        name = find.__name__.replace("_", "-")
        explanation = " ".join((inspect.getdoc(find) or "").split())
        REGISTRY[name] = Check(name, severity, explanation, norm, mend, limit, find)
        return find

    return enter


def of_firms(name: str) -> Callable[[Find], Find]:
    """Enter a function as what a check asks of instruments of firms; all else about the check stays.

    Parameters
    ----------
    name : str
        Id of a check that has been entered.

    Returns
    -------
    callable
        A decorator that leaves the function as it is.
    """

    def enter(find: Find) -> Find:
        REGISTRY[name] = replace(REGISTRY[name], find_of_firms=find)
        return find

    return enter

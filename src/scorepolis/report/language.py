"""The languages of a report: every sentence is a template by key, the same keys in each language.

English is the language of the package: what has a title where it is declared (a measure, a group, a sensor) is called
so in English, and by an entry under ``names`` in every other language.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from scorepolis.core.errors import InputError, nearest
from scorepolis.core.yamlfile import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ENGLISH: Final = "en"
LANGUAGES: Final = (ENGLISH, "zh-Hans")
NAMES: Final = "names"

_SPOKEN: Final[ContextVar[str]] = ContextVar("language", default=ENGLISH)


def spoken() -> str:
    """Give the language that is spoken now, as HTML calls it."""
    return _SPOKEN.get()


def check_language(language: str) -> str:
    """Make sure that there is a language.

    Raises
    ------
    InputError
        If there is not.
    """
    if language not in LANGUAGES:
        raise InputError(
            f"there is no report in the language '{language[:40]}'",
            expected=" or ".join(LANGUAGES),
            nearest=nearest(language, LANGUAGES),
        )
    return language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language until the context ends.

    Parameters
    ----------
    language : str
        One of `LANGUAGES`.
    """
    before = _SPOKEN.set(check_language(language))
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def say(key: str, **values: object) -> str:
    """Fill the template of a key in the language that is spoken.

    Parameters
    ----------
    key : str
        Dotted, as in ``strings/en.yaml``.
    **values
        What stands in its blanks.

    Returns
    -------
    str
    """
    return strings(spoken())[key].format(**values)


def named(kind: str, name: str, title: str) -> str:
    """Give what something is called in the language that is spoken.

    Parameters
    ----------
    kind : str
        A key under ``names``: ``measures``, ``groups``, ``sensors``, ...
    name, title : str
        Its name, and its title in English; the title also serves what only this run declares.
    """
    return title if spoken() == ENGLISH else strings(spoken()).get(f"{NAMES}.{kind}.{name}", title)


def listed(words: Iterable[str]) -> str:
    """Put words into a row."""
    return say("between.words").join(words)


def told(sentences: Iterable[str]) -> str:
    """Put sentences one after the other."""
    return say("between.sentences").join(sentences)


@cache
def strings(language: str) -> Mapping[str, str]:
    """Read the strings of a language, by dotted keys."""
    file = files("scorepolis.report").joinpath("strings", f"{language}.yaml")
    return dict(_flat(read(file, f"report/strings/{language}.yaml").data, ""))


def _flat(data: Mapping[Any, Any], above: str) -> Iterator[tuple[str, str]]:
    for key, entry in data.items():
        if isinstance(entry, dict):
            yield from _flat(entry, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(entry)

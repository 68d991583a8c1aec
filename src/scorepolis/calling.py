"""Packages that are called as functions: `scorepolis.audit` is where the audit lives, and what makes one.

A submodule, once imported, becomes an attribute of its package, whatever else has that name there. So a name of the
public face that is also the name of a package can only be that package; it is then made to answer a call.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class _Callable(ModuleType):
    """A package that hands a call on to its main function, which is imported only then."""

    @property
    def __wrapped__(self) -> Callable[..., Any]:
        # Also what tells a call's signature, to `help` and to whoever completes words.
        function: Callable[..., Any] = getattr(import_module(self.__dict__["main"]), self.__name__.rpartition(".")[2])
        return function

    def __call__(self, *args: object, **kwargs: object) -> object:
        return self.__wrapped__(*args, **kwargs)


def called_as(package: str, main: str) -> None:
    """Let a package be called like the function in it that has its name.

    Parameters
    ----------
    package : str
        Its name, from within itself.
    main : str
        The module of the function.
    """
    module = sys.modules[package]
    module.__class__ = _Callable
    module.__dict__["main"] = main

"""The one decorator for compiled functions, so that their options are the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: Final[dict[str, Any]] = {
    "cache": True,
    "nogil": True,
    "boundscheck": False,
    "error_model": "numpy",
    "_nrt": False,
}


def compiled(function: F) -> F:
    """Compile a function to machine code on first use, cached on disk.

    Compiled functions release the interpreter lock, so districts run on several threads, and follow NumPy's rules for
    division by zero. Fast-math is never switched on: results are the same bits on every machine. They allocate nothing,
    and do without Numba's counting of references to arrays, which would cost more than their work: they are handed all
    the space they need.
    """
    wrapped: F = numba.njit(**_OPTIONS)(function)
    return wrapped


def inlined(function: F) -> F:
    """Compile a small helper into its callers."""
    wrapped: F = numba.njit(**_OPTIONS, inline="always")(function)
    return wrapped

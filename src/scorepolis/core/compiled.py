"""The one decorator for compiled functions, so that their options are the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function to machine code on first use, cached on disk.

    Compiled functions release the interpreter lock, so districts run on several threads, and follow NumPy's rules for
    division by zero. Fast-math is never switched on: results are the same bits on every machine.
    """
    wrapped: F = numba.njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")(function)
    return wrapped


def inlined(function: F) -> F:
    """Compile a small helper into its callers."""
    wrapped: F = numba.njit(cache=True, nogil=True, boundscheck=False, error_model="numpy", inline="always")(function)
    return wrapped

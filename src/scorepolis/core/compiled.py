"""The one decorator for compiled functions, so that their options are the same everywhere."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import numba
from numba.core.dispatcher import Dispatcher

F = TypeVar("F", bound=Callable[..., Any])

PACKAGE: Final = Path(__file__).parents[1]
KERNELS: Final = ("bodies", "core", "day", "firms", "measures", "rulebooks", "society")
"""Folders that hold compiled functions, and all that these import."""


def cache_folder(package: Path, under: str) -> str:
    """Name the folder of the machine code: another one whenever any source file in `KERNELS` is another one.

    Numba looks at the file of the function alone, and would go on with the constants of another file as they were.

    Parameters
    ----------
    package
        Folder of the sources.
    under
        Where the user wants caches to be; empty for the package's own `__pycache__`.

    Returns
    -------
    str
        The folder, which need not exist yet.
    """
    state = hashlib.sha256()
    for file in sorted(file for part in KERNELS for file in (package / part).rglob("*.py")):
        about = file.stat()
        state.update(f"{file.relative_to(package)} {about.st_size} {about.st_mtime_ns}\n".encode())
    return str((Path(under) if under else package / "__pycache__") / f"kernels-{state.hexdigest()[:16]}")


numba.config.CACHE_DIR = cache_folder(PACKAGE, numba.config.CACHE_DIR)

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


_compiling = threading.Lock()


def compile_once(function: Callable[..., Any], arguments: Mapping[str, Any], strided: Container[str]) -> Any:  # noqa: ANN401
    """Compile a function for arguments like these, if it is not yet, and for no others.

    NumPy calls an array of no rows contiguous, however it was laid; without a word on layout a world without
    instruments would have all functions compiled anew.

    Parameters
    ----------
    function
        Made by `compiled`; any other is left as it is.
    arguments
        By the function's own names, in order.
    strided
        Names of arrays that may have any strides.

    Returns
    -------
    numba.core.compiler.CompileResult or None
        What it was compiled to, for these arguments.
    """
    dispatcher: Any = function
    if not isinstance(function, Dispatcher):
        return None
    kinds = {name: numba.typeof(argument) for name, argument in arguments.items()}
    signature = tuple(kind.copy(layout="A") if name in strided else kind for name, kind in kinds.items())
    with _compiling:
        if signature not in dispatcher.overloads:
            alone = not dispatcher.signatures  # but for who called it in another way before, and may do so again
            dispatcher.compile(signature)
            dispatcher.disable_compile(alone)
        return dispatcher.overloads[signature]


def inlined(function: F) -> F:
    """Compile a small helper into its callers."""
    wrapped: F = numba.njit(**_OPTIONS, inline="always")(function)
    return wrapped

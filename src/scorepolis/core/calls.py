"""Calls of compiled functions by address, with arguments that are laid out once for many calls.

Numba looks at every argument of every call: what it is, where it lies, how long it is; and whoever calls from Python
must have the interpreter's lock, for which threads wait. A district's day hands some three hundred arrays to ten rows
of the plan, nearly always those of the day before. So the words that compiled functions take are laid side by side
once, and what calls one function after another is compiled itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.registry import cpu_target
from numba.extending import intrinsic
from numba.np.numpy_support import as_dtype

from scorepolis.core.compiled import compiled

MOST: Final = 512
"""Words that a function takes at most; all of them are passed, and one that takes fewer never looks at the others."""

_WORD: Final = ir.IntType(64)
_CODE: Final = ir.IntType(32)


@intrinsic
def call(_typing, code, words):  # type: ignore[no-untyped-def]
    """Call the compiled function at an address with the words at another; gives 0 if nothing went wrong.

    Numba's functions take where to put their result, where to put what went wrong, and then the words.
    """

    def generate(_context, builder, _signature, arguments):  # type: ignore[no-untyped-def]
        at, start = arguments
        first = builder.inttoptr(start, _WORD.as_pointer())
        passed = [cgutils.alloca_once(builder, _WORD), cgutils.alloca_once(builder, _WORD)]
        passed += [builder.load(builder.gep(first, [_WORD(place)])) for place in range(MOST)]
        takes = ir.FunctionType(_CODE, [one.type for one in passed])
        return builder.call(builder.inttoptr(at, takes.as_pointer()), passed)

    return types.int32(code, words), generate


@intrinsic
def read_clock(_typing, code, clock, moment):  # type: ignore[no-untyped-def]
    """Let the function at an address, of the kind of POSIX's `clock_gettime`, write seconds and nanoseconds."""

    def generate(_context, builder, _signature, arguments):  # type: ignore[no-untyped-def]
        at, number, into = arguments
        takes = ir.FunctionType(_CODE, [_CODE, _WORD])
        return builder.call(builder.inttoptr(at, takes.as_pointer()), [builder.trunc(number, _CODE), into])

    return types.int32(code, clock, moment), generate


@compiled
def now(clock):  # type: ignore[no-untyped-def]
    """Nanoseconds by a clock: the address of what reads it, its number, and space for seconds and nanoseconds."""
    read_clock(clock[0], clock[1], clock.ctypes.data + 16)
    return clock[2] * 1_000_000_000 + clock[3]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a compiled function takes for one of its parameters: an array, or else a whole number."""

    dtype: np.dtype[Any] | None = None
    dimensions: int = 0
    contiguous: bool = False

    @classmethod
    def of(cls, numba_type: Any) -> Kind:  # noqa: ANN401 - Numba's types are not typed
        """Read one of Numba's types.

        Raises
        ------
        TypeError
            If it is not an array or a number of 64 bits.
        """
        if isinstance(numba_type, types.Array):
            return cls(as_dtype(numba_type.dtype), numba_type.ndim, numba_type.layout == "C")
        if numba_type in (types.int64, types.uint64):
            return cls()
        raise TypeError(f"a function that is called by address takes arrays and numbers of 64 bits, not {numba_type}")

    @property
    def length(self) -> int:
        """Words that an argument takes."""
        return 1 if self.dtype is None else 5 + 2 * self.dimensions

    def words(self, argument: Any) -> tuple[int, ...] | None:  # noqa: ANN401
        """Give the words of an argument as Numba passes it; None if it is not what the function was compiled for."""
        if self.dtype is None:
            return (int(argument),)
        if argument.dtype != self.dtype or argument.ndim != self.dimensions:
            return None
        if self.contiguous and not argument.flags.c_contiguous:
            return None
        # Who counts its references (nobody) and who owns it: compiled code does not ask.
        start: int = argument.__array_interface__["data"][0]
        return (0, 0, argument.size, argument.itemsize, start, *argument.shape, *argument.strides)


class Layout:
    """Arguments of compiled functions that take them from the same columns, as words.

    Parameters
    ----------
    functions
        What each was compiled to, by `core.compiled.compile_once`; with the columns that it takes, in the order of its
        parameters.

    Attributes
    ----------
    laid : int64 array
        The words of all functions.
    codes, words : int64 arrays
        Of each function the address of its code, and of its words.

    Raises
    ------
    TypeError
        If a function takes anything but arrays and numbers of 64 bits.
    """

    def __init__(self, functions: Sequence[tuple[Any, Sequence[str]]]) -> None:
        self._arguments: dict[str, Any] = {}
        self._takers: dict[str, list[tuple[int, Kind]]] = {}
        codes, starts, place = [], [], 0
        for function, names in functions:
            code, kinds = _about(function)
            codes.append(code)
            starts.append(place)
            for name, kind in zip(names, kinds, strict=True):
                self._takers.setdefault(name, []).append((place, kind))
                place += kind.length
        self.laid = np.zeros(place + MOST, np.int64)
        self.codes = np.array(codes, np.int64)
        self.words = self.laid.ctypes.data + 8 * np.array(starts, np.int64)

    def lay(self, columns: Mapping[str, Any]) -> None:
        """Lay out the arguments as they are now; whoever puts another array in a column's place must do so again.

        Raises
        ------
        TypeError
            If a column is not what a function was compiled for.
        """
        for name, takers in self._takers.items():
            argument = columns[name]
            if argument is self._arguments.get(name):
                continue
            for place, kind in takers:
                words = kind.words(argument)
                if words is None:
                    raise TypeError(f"nothing was compiled for a column {name} like this one")
                self.laid[place : place + kind.length] = words
            self._arguments[name] = argument  # and nobody may free it

    def places(self, name: str) -> npt.NDArray[np.int64]:
        """Find where in `laid` a column stands that is a number, so that compiled code can put another there."""
        return np.array([place for place, _ in self._takers.get(name, ())], np.int64)


def _about(function: Any) -> tuple[int, tuple[Kind, ...]]:  # noqa: ANN401
    """Find where a compiled function begins, and what it takes."""
    about = function.fndesc
    kinds = tuple(map(Kind.of, about.argtypes))
    words = sum(kind.length for kind in kinds)
    takes = cpu_target.target_context.call_conv.get_function_type(about.restype, about.argtypes)
    if len(takes.args) != 2 + words or words > MOST:
        raise TypeError(f"{about.qualname} takes its arguments otherwise than in {MOST} words at most")
    return function.library.get_pointer_to_function(about.llvm_func_name), kinds

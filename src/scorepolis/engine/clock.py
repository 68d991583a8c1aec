"""The clock by which compiled code times the rows of a day; nothing of it enters a world."""

from __future__ import annotations

import ctypes
import time
from typing import Any, Final

import numpy as np
import numpy.typing as npt


def thread_clock() -> npt.NDArray[np.int64]:
    """Make a clock of this thread's processor time, as `core.calls.now` reads it."""
    try:
        address = ctypes.cast(ctypes.CDLL(None).clock_gettime, ctypes.c_void_p).value
        number = time.CLOCK_THREAD_CPUTIME_ID
    except (AttributeError, OSError, TypeError):  # not a POSIX system
        address, number = ctypes.cast(_ask_python, ctypes.c_void_p).value, 0
    return np.array([address, number, 0, 0], np.int64)


def _python_clock(_number: int, moment: Any) -> int:  # noqa: ANN401
    moment[0], moment[1] = divmod(time.thread_time_ns(), 1_000_000_000)
    return 0


_ask_python: Final = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_int64))(_python_clock)

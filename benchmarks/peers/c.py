"""W in C, exact: `w.c`, compiled by the machine's compiler into a folder that is gone afterwards."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.peers import start
from benchmarks.peers.start import DISTRICT, NEIGHBOURHOOD

SOURCE = Path(__file__).with_name("w.c")
FLAGS = ("-O3", "-march=native", "-std=c11", "-shared", "-fPIC")
WIDE = ("-mprefer-vector-width=512",) if platform.machine() == "x86_64" else ()
COLUMNS = ("score", "belief", "until", "infr", "good", "wealth", "expo", "cam", "counts")
TABLES = ("threshold", "other", "visibility", "points", "severe")


class World(ctypes.Structure):
    """The struct of the same name: addresses of all columns and tables."""

    _fields_ = [(name, ctypes.c_void_p) for name in COLUMNS + TABLES]


def compiler() -> str:
    """Name of a C compiler."""
    for name in (os.environ.get("CC"), "gcc", "cc", "clang"):
        if name and shutil.which(name):
            return name
    raise ImportError("no C compiler")


def build() -> ctypes.CDLL:
    """Compile and load; what is loaded stays when its file is gone."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "w.so"
        subprocess.run([compiler(), *FLAGS, *WIDE, "-o", str(library), str(SOURCE)], check=True)
        loaded = ctypes.CDLL(str(library))
    loaded.run.argtypes = [ctypes.POINTER(World), ctypes.c_uint64, *[ctypes.c_uint32] * 3]
    loaded.run.restype = None
    return loaded


class Loop:
    """W, days following one another."""

    def __init__(self, people: int, seed: int) -> None:
        self.library = build()
        self.districts, self.seed, self.day = people // DISTRICT, seed, 0
        self.columns = start.people(people, seed) | {
            "score": np.full(people, 1000, np.int16),
            "belief": np.full(people, 96, np.uint8),
            "until": np.zeros(people, np.uint16),
            "counts": np.zeros((people // NEIGHBOURHOOD, 6), np.int32),
        }
        self.columns |= {name: getattr(start.tables(), name) for name in TABLES}
        self.world = World(*[self.columns[name].ctypes.data for name in COLUMNS + TABLES])

    def run(self, days: int) -> None:
        self.library.run(ctypes.byref(self.world), self.seed, self.districts, self.day, days)
        self.day += days

    @property
    def counts(self) -> np.ndarray:
        return self.columns["counts"]

    def state(self) -> dict[str, np.ndarray]:
        return {name: self.columns[name] for name in ("score", "belief", "until", "counts")}

"""The digest: a hash of everything a run found out, over canonical integers and never over the bytes of files."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from scorepolis.measures.counts import Counts


def digest(worlds: Iterable[tuple[str, Counts, Mapping[str, npt.NDArray[np.integer]]]]) -> str:
    """Hash the integers of worlds.

    Parameters
    ----------
    worlds : iterable of (name, counts, ledger columns)
        In order: the scheme, then its baseline if there is one.

    Returns
    -------
    str
        SHA-256 in hexadecimal, over the name and shape of every array and its values as little-endian 64-bit integers.
    """
    state = hashlib.sha256()
    for world, counts, ledger in worlds:
        arrays = [
            *((f"counts/{name}", array) for name, array in counts.hashed()),
            *((f"ledger/{name}", array) for name, array in ledger.items()),
        ]
        for name, array in arrays:
            state.update(f"{world}/{name}:{'x'.join(map(str, array.shape))}\n".encode())
            state.update(np.ascontiguousarray(array, "<i8").ravel().data)  # as they lie there, not a copy
    return state.hexdigest()

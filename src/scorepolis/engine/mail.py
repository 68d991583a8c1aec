"""Mail: letters of many districts put together, and the news of all districts bound into one file and opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.day.exchange import Letters, News, peers_of

Arrays = dict[str, npt.NDArray[Any]]


def together(letters: Sequence[Letters], instruments: int) -> Letters:
    """Put the letters of some districts into one.

    Parameters
    ----------
    letters
        Of the districts, in order.
    instruments
        Of the run.
    """
    known = np.zeros((2, instruments), np.int64)
    for letter in letters:
        known[:, letter.instruments] += letter.known
    stories = np.concatenate([np.zeros((0, 2), np.int64), *(letter.stories for letter in letters)])
    return Letters(stories, known, np.arange(instruments), *peers_of(letters))


def bound(news: Sequence[News]) -> Arrays:
    """Bind the news of all districts into arrays."""
    return {
        "stories": np.concatenate([one.stories for one in news]),
        "bounds": np.cumsum([0, *(len(one.stories) for one in news)]),
        "share": news[0].share,
        "ranked": news[0].ranked,
        "peers": news[0].peers,
    }


def opened(arrays: Mapping[str, npt.NDArray[Any]]) -> list[News]:
    """Open what `bound` has bound."""
    stories, for_all = arrays["stories"], [arrays[name] for name in ("share", "ranked", "peers")]
    return [News(stories[first:last], *for_all) for first, last in pairwise(arrays["bounds"].tolist())]

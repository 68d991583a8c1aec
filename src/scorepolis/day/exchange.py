"""Exchange: what crosses districts, once a month, in sorted order.

Stories of penalties reach far acquaintances; news of a scheme spreads with the share who know of it; and each
neighbourhood takes stock of what was done there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import IN_SCOPE, STORIES
from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, draw
from scorepolis.core.integers import byte, sround
from scorepolis.day.coefficients import FAR_WEIGHT, NEWS_REACH, PEERS_LEAST, PEERS_MOST, PUBLICITY_REACH, SHOWN_MOST
from scorepolis.day.merits import merits_here, take_places
from scorepolis.day.tables import Tables
from scorepolis.rulebooks.codes import MERITS
from scorepolis.society.places import SLOTS, Places
from scorepolis.society.ties import FAR_LAYER, partners, tie_keys

EXCHANGE = int(Purpose.EXCHANGE)
Columns = dict[str, npt.NDArray[Any]]

RATIO_MOST = 1024
SHRINK = 10
"""Acts by which both sides of the neighbourhood's ratio are padded, so that a rare act's luck means little."""


@compiled
def tell(day, seed_words, targets, sources, domains, belief, far_weight):  # type: ignore[no-untyped-def]
    """Let each target's belief rise at the story of its far acquaintance's penalty."""
    for e in range(targets.size):
        d = domains[e]
        now = np.int64(belief[d, targets[e]])
        w0, w1, w2, w3 = draw(seed_words[0], seed_words[1], EXCHANGE, sources[e], d, day)
        belief[d, targets[e]] = byte(now + sround((255 - now) * far_weight, 65536, w0))


@compiled
def count_known(marks, aware, known):  # type: ignore[no-untyped-def]
    """Add up, by instrument, who is in scope and who knows of the scheme."""
    for i in range(marks.shape[1]):
        for k in range(marks.shape[0]):
            known[0, k] += marks[k, i] & IN_SCOPE
            known[1, k] += aware[k, i]


@dataclass(frozen=True)
class Letters:
    """What a district sends at a month's end.

    Attributes
    ----------
    stories : int64[n, 2]
        Slot of the person penalised, and domain.
    known : int64[2, K]
        By instrument in force there, people in scope and those among them who know of the scheme.
    instruments : int64[K]
        Numbers of these instruments in the run.
    ranked : int64[R]
        Numbers in the run of those that rank people.
    merits : int32 or int64[R, MERITS]
        People by merit under each of them.
    """

    stories: npt.NDArray[np.int64]
    known: npt.NDArray[np.int64]
    instruments: npt.NDArray[np.int64]
    ranked: npt.NDArray[np.int64]
    merits: npt.NDArray[np.int32] | npt.NDArray[np.int64]


@dataclass(frozen=True)
class News:
    """What a district receives.

    Attributes
    ----------
    stories : int64[n, 3]
        Local slot of the far acquaintance, slot of the source, and domain; sorted.
    share : int64[instruments of the run]
        Who knows of each scheme, of those in its scope anywhere, in 2^-16.
    ranked : int64[R]
        Numbers in the run of the instruments that rank people.
    peers : int64[R, MERITS]
        People by merit under each of them, anywhere.
    """

    stories: npt.NDArray[np.int64]
    share: npt.NDArray[np.int64]
    ranked: npt.NDArray[np.int64]
    peers: npt.NDArray[np.int64]


def send(columns: Columns, tables: Tables, days: int) -> Letters:
    """Close a district's month: its neighbourhoods take stock, and what crosses its border is handed over.

    Parameters
    ----------
    columns
        Of the district.
    tables
        Of its region.
    days
        Days since the last exchange.
    """
    known = np.zeros((2, len(columns["marks"])), np.int64)
    if len(known[0]):
        count_known(columns["marks"], columns["aware"], known)
    stories = columns["stories"][: columns["filled"][STORIES]].copy()
    columns["filled"][STORIES] = 0
    columns["peers_factor"] = peers_factor(columns["done_here"], columns["expected"], tables, days)
    columns["done_here"][:] = 0
    ranks, merits = merits_here(columns)
    return Letters(stories, known, columns["instruments"], columns["instruments"][ranks], merits)


def peers_of(letters: Sequence[Letters]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Add up how people stand by merit.

    Parameters
    ----------
    letters
        Of some districts.

    Returns
    -------
    ranked : int64[R]
        Numbers in the run of the instruments that rank in any of them.
    peers : int64[R, MERITS]
        People by merit under each of these.
    """
    ranked = np.unique(np.concatenate([np.zeros(0, np.int64), *(letter.ranked for letter in letters)]))
    peers = np.zeros((ranked.size, MERITS), np.int64)
    for letter in letters:
        peers[np.searchsorted(ranked, letter.ranked)] += letter.merits
    return ranked, peers


def exchange(letters: Sequence[Letters], places: Places, instruments: int, seed: int) -> list[News]:
    """Carry stories to far acquaintances, in the order (target, source, domain), and add up who knows.

    Parameters
    ----------
    letters
        Of all districts, in order.
    places
        Where they lie.
    instruments
        Of the run.
    seed
        Seed of the run.

    Returns
    -------
    list of News
        For each district.
    """
    scope, aware = known = np.zeros((2, instruments), np.int64)
    for letter in letters:
        known[:, letter.instruments] += letter.known
    share = (aware * 65536) // np.maximum(1, scope)
    ranked, peers = peers_of(letters)
    stories = _far(np.concatenate([letter.stories for letter in letters]), places, seed)
    bounds = np.searchsorted(stories[:, 0], places.districts.astype(np.int64) * SLOTS)
    news = []
    for first, low, high in zip(places.districts.tolist(), bounds, bounds[1:], strict=False):
        news.append(News(stories[low:high] - [first * SLOTS, 0, 0], share, ranked, peers))
    return news


def _far(stories: npt.NDArray[np.int64], places: Places, seed: int) -> npt.NDArray[np.int64]:
    """Find the far acquaintance of each source, and put them before the stories: target, source, domain."""
    if stories.size == 0:
        return np.zeros((0, 3), np.int64)
    starts = np.concatenate([[0], np.cumsum(places.sizes, dtype=np.int64)])
    ranks = starts[stories[:, 0] >> 10] + (stories[:, 0] & 1023)
    keys = tie_keys(seed, 0, range(FAR_LAYER, FAR_LAYER + 1))[0]
    far = partners(ranks, int(starts[-1]), keys)
    stories, far = stories[far >= 0], far[far >= 0]
    home = np.searchsorted(starts, far, side="right") - 1
    target = home * SLOTS + far - starts[home]
    order = np.lexsort((stories[:, 1], stories[:, 0], target))
    return np.column_stack([target, stories])[order]


def receive(columns: Columns, tables: Tables, news: News, day: int) -> None:
    """Let stories and the talk of schemes arrive in a district.

    Parameters
    ----------
    columns
        Of the district.
    tables
        Of its region.
    news
        What came for it.
    day
        Today, the last day of a month.
    """
    c = tables["coefficients"]
    if len(news.stories):
        told = np.ascontiguousarray(news.stories.T)
        tell(np.int64(day), tables["seed_words"], told[0], told[1], told[2], columns["belief"], c[FAR_WEIGHT])
    # The chance that somebody in scope who does not know of a scheme hears of it this month.
    seen = (c[PUBLICITY_REACH] * np.minimum(columns["shown"].sum(axis=1), SHOWN_MOST)) // SHOWN_MOST
    talk = (c[NEWS_REACH] * news.share[columns["instruments"]]) >> 16
    columns["news"] = np.minimum(1 << 32, talk[None, :] + seen[:, None])
    take_places(columns, news.ranked, news.peers)


def peers_factor(
    done: npt.NDArray[np.int64], expected: npt.NDArray[np.int64], tables: Tables, days: int
) -> npt.NDArray[np.int32]:
    """Response of a neighbourhood's people to what was done there, by behaviour, in 1/256.

    Parameters
    ----------
    done, expected : shape (neighbourhoods, behaviours)
        Acts since the last exchange, and acts a day in 2^-32 that its people's base rates imply.
    tables
        Tables of the run.
    days
        Days since the last exchange.
    """
    c, pull = tables["coefficients"], tables["peers_pull"]
    ratio = np.minimum(RATIO_MOST, ((done + SHRINK) << 40) // (expected * days + (SHRINK << 32)))
    factor = np.clip(256 + ((pull * (ratio - 256)) >> 8), c[PEERS_LEAST], c[PEERS_MOST])
    return np.where(pull == 0, 256, factor).astype(np.int32)

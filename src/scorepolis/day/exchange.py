"""Exchange: what crosses districts, once a month, in sorted order.

Stories of penalties reach far acquaintances; news of a scheme spreads with the share who know of it; and each
neighbourhood takes stock of what was done there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scorepolis.core.buffers import IN_SCOPE, STORIES
from scorepolis.core.compiled import compiled
from scorepolis.core.draws import Purpose, draw
from scorepolis.core.integers import byte, sround
from scorepolis.day.coefficients import FAR_WEIGHT, NEWS_REACH, PEERS_LEAST, PEERS_MOST, PUBLICITY_REACH, SHOWN_MOST
from scorepolis.day.tables import Tables
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


def exchange(districts: list[Columns], tables: Tables, seed: int, day: int, days: int) -> None:
    """Exchange what crosses districts.

    Parameters
    ----------
    districts
        All districts, in order.
    tables
        Tables of any region; none is read here in which regions differ.
    seed
        Seed of the run.
    day
        Today, the last day of a month.
    days
        Days since the last exchange.
    """
    tell_stories(districts, tables, seed, day)
    spread_news(districts, tables)
    for d in districts:
        d["peers_factor"] = peers_factor(d["done_here"], d["expected"], tables, days)
        d["done_here"][:] = 0


def tell_stories(districts: list[Columns], tables: Tables, seed: int, day: int) -> None:
    """Carry the outboxes to far acquaintances, in the order (target, source, domain)."""
    told = [d["stories"][: d["filled"][STORIES]] for d in districts]
    stories = np.concatenate(told)
    for d in districts:
        d["filled"][STORIES] = 0
    if stories.size == 0:
        return
    sizes = np.concatenate([d["sizes"] for d in districts])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    ranks = starts[stories[:, 0] >> 10] + (stories[:, 0] & 1023)
    keys = tie_keys(seed, 0, range(FAR_LAYER, FAR_LAYER + 1))[0]
    far = partners(ranks, int(starts[-1]), keys)
    stories, far = stories[far >= 0], far[far >= 0]
    home = np.searchsorted(starts, far, side="right") - 1
    target = home * 1024 + far - starts[home]
    order = np.lexsort((stories[:, 1], stories[:, 0], target))
    target, stories = target[order], stories[order]
    weight = int(tables["coefficients"][FAR_WEIGHT])
    for d in districts:
        first, size = int(d["first_slot"]), d["age"].size
        low, high = np.searchsorted(target, [first, first + size])
        mine = slice(int(low), int(high))
        tell(day, tables["seed_words"], target[mine] - first, stories[mine, 0], stories[mine, 1], d["belief"], weight)


def spread_news(districts: list[Columns], tables: Tables) -> None:
    """Set the chance, by neighbourhood, that somebody in scope who does not know of a scheme hears of it this month."""
    c = tables["coefficients"]
    instruments = 1 + max((int(d["instruments"].max(initial=-1)) for d in districts), default=-1)
    known = np.zeros((2, instruments), np.int64)
    for d in districts:
        here = np.zeros((2, len(d["marks"])), np.int64)
        count_known(d["marks"], d["aware"], here)
        known[:, d["instruments"]] += here
    scope, aware = known
    share = (aware * 65536) // np.maximum(1, scope)
    for d in districts:
        seen = (c[PUBLICITY_REACH] * np.minimum(d["shown"].sum(axis=1), SHOWN_MOST)) // SHOWN_MOST
        talk = (c[NEWS_REACH] * share[d["instruments"]]) >> 16
        d["news"] = np.minimum(1 << 32, talk[None, :] + seen[:, None])


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

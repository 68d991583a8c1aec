"""W in JAX, on the processor: days in one compiled loop; acts have room for more than ever happen."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.peers import start
from benchmarks.peers.start import NEIGHBOURHOOD

ROOM = 0.045
"""Acts of a day for which there is room, per agent; there are .032 on average."""


def learn(belief: jax.Array, agents: jax.Array) -> jax.Array:
    """Move the belief of those who are told; agents beyond the last are nobody."""
    before = belief.at[agents].get(mode="fill", fill_value=255)
    return belief.at[agents].set(before + ((255 - before) >> 5), mode="drop")


def step(day: jax.Array, state: dict[str, Any], fixed: dict[str, Any], key: jax.Array) -> dict[str, Any]:
    score, belief, until = state["score"], state["belief"], state["until"]
    nobody = len(score)
    for_gate, for_acts = jax.random.split(jax.random.fold_in(key, day))
    r = jax.random.bits(for_gate, (nobody,), jnp.uint16)
    chance_bad = fixed["infr"] * (256 - (belief >> 1).astype(jnp.uint16)) >> 4
    chance_good = fixed["good"] * (64 + ((1300 - score).astype(jnp.uint16) >> 4)) >> 3
    acts = r < chance_bad + chance_good
    room = int(nobody * ROOM)
    acting = jnp.nonzero(acts, size=room, fill_value=nobody)[0]
    real = acting < nobody
    at = jnp.minimum(acting, nobody - 1)
    bad = real & (r[at] < chance_bad[at])

    w0, w1, w2 = jax.random.bits(for_acts, (3, room), jnp.uint32)
    column = (w0 & 31).astype(jnp.int32)
    row = 2 * (fixed["wealth"][at] >> 5).astype(jnp.int32) + ~bad
    picked = (w0 >> 16) < fixed["threshold"][row, column]
    kind = jnp.where(picked, column, fixed["other"][row, column]) + jnp.where(bad, 0, 32)
    home = at >> 10
    chance = fixed["cam"][home] * (128 + (fixed["expo"][at] >> 1).astype(jnp.uint32)) * fixed["visibility"][kind] >> 16
    seen = real & ((w1 & 255) < chance)
    wrong = bad & seen & ((w1 >> 8) & 127 == 0)
    someone = home * NEIGHBOURHOOD + (w2 & (NEIGHBOURHOOD - 1)).astype(jnp.int32)
    own = belief[at]
    after = jnp.where(seen & ~wrong, own + ((255 - own) >> 3), own - (own >> 4))
    belief = belief.at[jnp.where(bad, at, nobody)].set(after, mode="drop")

    blamed = jnp.where(seen, jnp.where(wrong, someone, at), nobody)
    before = score.at[blamed].get(mode="clip")
    score = score.at[blamed].add(fixed["points"][kind], mode="drop")
    now = jnp.clip(score.at[blamed].get(mode="clip"), 0, 1300)
    score = score.at[blamed].set(now, mode="drop")
    listed = seen & ((now < 600) | (fixed["severe"][kind] == 1))
    newly = listed & (until.at[blamed].get(mode="clip") <= day)
    until = until.at[jnp.where(listed, blamed, nobody)].set((day + 90).astype(jnp.uint16), mode="drop")

    told = jnp.where(bad, blamed, nobody)
    first = told & -NEIGHBOURHOOD
    for shift in (1, -1, 2, -2):
        belief = learn(belief, jnp.where(told < nobody, first | ((told + shift) & (NEIGHBOURHOOD - 1)), nobody))
    blocks = belief.reshape(-1, 16, 64)
    drifting = blocks[:, day & 15]
    drifted = drifting + (drifting < 96).astype(jnp.uint8) - (drifting > 96).astype(jnp.uint8)
    belief = blocks.at[:, day & 15].set(drifted).reshape(-1)
    belief = learn(belief, fixed["partner"].at[told].get(mode="fill", fill_value=nobody))

    rows = jnp.stack([bad, real & ~bad, seen, wrong, jnp.where(seen, now - before, 0), newly], axis=1)
    return {
        "score": score,
        "belief": belief,
        "until": until,
        "counts": state["counts"].at[home].add(rows.astype(jnp.int32)),
        "most": jnp.maximum(state["most"], acts.sum()),
    }


@partial(jax.jit, donate_argnames="state")
def run(first: int, days: int, state: dict[str, Any], fixed: dict[str, Any], key: jax.Array) -> dict[str, Any]:
    return jax.lax.fori_loop(first, first + days, lambda day, now: step(day, now, fixed, key), state)


class Loop:
    """W, days following one another."""

    def __init__(self, people: int, seed: int) -> None:
        kinds, traits = start.tables(), start.people(people, seed)
        self.key = jax.random.key(seed, impl="rbg")  # twice as fast as the default
        self.fixed = {
            "infr": jnp.asarray(traits["infr"], jnp.uint16),
            "good": jnp.asarray(traits["good"], jnp.uint16),
            "wealth": jnp.asarray(traits["wealth"]),
            "expo": jnp.asarray(traits["expo"]),
            "cam": jnp.asarray(traits["cam"], jnp.uint32),
            "partner": jnp.asarray(start.partners(people, seed)),
            "threshold": jnp.asarray(kinds.threshold, jnp.uint32),
            "other": jnp.asarray(kinds.other, jnp.int32),
            "visibility": jnp.asarray(kinds.visibility, jnp.uint32),
            "points": jnp.asarray(kinds.points),
            "severe": jnp.asarray(kinds.severe),
        }
        self.now: dict[str, Any] = {
            "score": jnp.full(people, 1000, jnp.int16),
            "belief": jnp.full(people, 96, jnp.uint8),
            "until": jnp.zeros(people, jnp.uint16),
            "counts": jnp.zeros((people // NEIGHBOURHOOD, 6), jnp.int32),
            "most": jnp.int32(0),
        }
        self.day = 0

    def run(self, days: int) -> None:
        self.now = jax.block_until_ready(run(self.day, days, self.now, self.fixed, self.key))
        self.day += days
        if int(self.now["most"]) > int(len(self.now["score"]) * ROOM):
            raise RuntimeError("more acts than there is room for")

    @property
    def counts(self) -> np.ndarray:
        return np.asarray(self.now["counts"])


def warm_up() -> None:
    Loop(start.DISTRICT, 1).run(1)

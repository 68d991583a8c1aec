"""W in NumPy as one usually writes it: whole columns, masks, a generator."""

from __future__ import annotations

import numpy as np

from benchmarks.peers import start
from benchmarks.peers.start import NEIGHBOURHOOD


class Loop:
    """W, days following one another."""

    def __init__(self, people: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.kinds = start.tables()
        traits = start.people(people, seed)
        self.agents = np.arange(people)
        self.home = self.agents // NEIGHBOURHOOD
        self.infr, self.good, self.wealth, self.expo = (
            traits[name].astype(np.int32) for name in ("infr", "good", "wealth", "expo")
        )
        self.cam = traits["cam"].astype(np.int32)
        self.partner = start.partners(people, seed)
        self.score = np.full(people, 1000, np.int32)
        self.belief = np.full(people, 96, np.int32)
        self.until = np.zeros(people, np.int32)
        self.counts = np.zeros((len(self.cam), 6), np.int64)
        self.day = 0

    def run(self, days: int) -> None:
        for _ in range(days):
            self.step()
            self.day += 1

    def step(self) -> None:
        rng, kinds, belief, score = self.rng, self.kinds, self.belief, self.score
        chance_bad = self.infr * (256 - (belief >> 1)) >> 4
        chance_good = self.good * (64 + ((1300 - score) >> 4)) >> 3
        r = rng.integers(0, 2**16, len(belief), dtype=np.uint16)
        acting = np.flatnonzero(r < chance_bad + chance_good)
        bad = r[acting] < chance_bad[acting]

        n = len(acting)
        column = rng.integers(0, 32, n)
        row = 2 * (self.wealth[acting] >> 5) + ~bad
        kind = np.where(rng.integers(0, 2**16, n) < kinds.threshold[row, column], column, kinds.other[row, column])
        kind[~bad] += 32
        home = self.home[acting]
        chance = self.cam[home] * (128 + (self.expo[acting] >> 1)) * kinds.visibility[kind] >> 16
        seen = rng.integers(0, 256, n) < chance
        wrong = bad & seen & (rng.integers(0, 128, n) == 0)
        someone = home * NEIGHBOURHOOD + rng.integers(0, NEIGHBOURHOOD, n)
        blamed = np.where(wrong, someone, acting)
        own = belief[acting]
        after = np.where(seen & ~wrong, own + ((255 - own) >> 3), own - (own >> 4))
        belief[acting] = np.where(bad, after, own)

        told, kind = blamed[seen], kind[seen]
        before = score[told]
        np.add.at(score, told, kinds.points[kind])
        score[told] = np.clip(score[told], 0, 1300)
        listed = (score[told] < 600) | (kinds.severe[kind] == 1)
        newly = listed & (self.until[told] <= self.day)
        self.until[told[listed]] = self.day + 90

        of_bad = told[bad[seen]]
        first = of_bad - of_bad % NEIGHBOURHOOD
        for step in (1, -1, 2, -2):
            self.learn(first + (of_bad + step) % NEIGHBOURHOOD)
        forgetting = (self.agents >> 6) & 15 == self.day & 15
        belief[forgetting] += np.sign(96 - belief[forgetting])
        self.learn(self.partner[of_bad])

        homes, where = len(self.counts), home[seen]
        self.counts[:, 0] += np.bincount(home[bad], minlength=homes)
        self.counts[:, 1] += np.bincount(home[~bad], minlength=homes)
        self.counts[:, 2] += np.bincount(where, minlength=homes)
        self.counts[:, 3] += np.bincount(home[wrong], minlength=homes)
        np.add.at(self.counts[:, 4], where, score[told] - before)
        self.counts[:, 5] += np.bincount(where[newly], minlength=homes)

    def learn(self, agents: np.ndarray) -> None:
        self.belief[agents] += (255 - self.belief[agents]) >> 5

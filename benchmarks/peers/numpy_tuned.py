"""W in NumPy, tuned: four districts at a time within the cache, narrow integers, arrays made once; exact."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.peers import start
from benchmarks.peers.start import BLOCK, DISTRICT, EVENT, GAMMA, GATE, NEIGHBOURHOOD

U64 = np.uint64
ODD = (U64(0xBF58476D1CE4E5B9), U64(0x94D049BB133111EB))
CHUNK = 4 * DISTRICT  # agents at a time
RING = np.array([[1], [-1], [2], [-2]])
LEARNT = np.arange(256)
LEARNT = LEARNT + (255 - LEARNT >> 5)


class Loop:
    """W, days following one another."""

    def __init__(self, people: int, seed: int) -> None:
        self.people, self.seed, self.day = people, seed, 0
        self.kinds = start.tables()
        self.threshold, self.other = self.kinds.threshold.ravel(), self.kinds.other.ravel()
        traits = start.people(people, seed)
        self.infr, self.good, self.wealth, self.expo = (traits[n] for n in ("infr", "good", "wealth", "expo"))
        self.cam = traits["cam"].astype(np.uint32)
        self.partner = start.partners(people, seed)
        self.score = np.full(people, 1000, np.int16)
        self.belief = np.full(people, 96, np.uint8)
        self.until = np.zeros(people, np.uint16)
        self.counts = np.zeros((people // NEIGHBOURHOOD, 6), np.int32)
        self.chunk = math.gcd(people, CHUNK)
        self.steps = np.arange(self.chunk // 4, dtype=U64) * U64(GAMMA)
        self.words, self.shifted = np.empty_like(self.steps), np.empty_like(self.steps)
        self.bad_below, self.act_below, self.factor = (np.empty(self.chunk, np.uint16) for _ in range(3))
        self.acts = np.empty(self.chunk, bool)
        self.latest = np.empty(self.chunk, np.int64)
        # An agent learns the same from each, so what counts is how often: rows are 0, 1, 2 and more times.
        self.learnt = np.empty((64, 256), np.uint8)
        self.learnt[0] = np.arange(256)
        for times in range(1, 64):
            self.learnt[times] = LEARNT[self.learnt[times - 1]]

    def run(self, days: int) -> None:
        for _ in range(days):
            gate, event = (U64(start.key(self.seed, self.day, stream)) for stream in (GATE, EVENT))
            for first in range(0, self.people, self.chunk):
                acting, bad = self.act(first, gate)
                self.observe(first, acting, bad, event)
            self.day += 1

    def act(self, first: int, gate: np.uint64) -> tuple[np.ndarray, np.ndarray]:
        """Who acts, by place in the chunk, and whether badly."""
        here = slice(first, first + self.chunk)
        pb, p, factor = self.bad_below, self.act_below, self.factor
        np.right_shift(self.belief[here], 1, out=factor, dtype=np.uint16)
        np.subtract(256, factor, out=factor)
        np.multiply(self.infr[here], factor, out=pb, dtype=np.uint16)
        np.right_shift(pb, 4, out=pb)
        np.subtract(1300, self.score[here].view(np.uint16), out=factor)
        np.right_shift(factor, 4, out=factor)
        np.add(factor, 64, out=factor)
        np.multiply(self.good[here], factor, out=p, dtype=np.uint16)
        np.right_shift(p, 3, out=p)
        np.add(p, pb, out=p)

        z, shifted = self.words, self.shifted
        with np.errstate(over="ignore"):
            np.add(self.steps, gate + U64(first // 4) * U64(GAMMA), out=z)
        for shift, odd in zip((30, 27), ODD, strict=True):
            np.right_shift(z, shift, out=shifted)
            np.bitwise_xor(z, shifted, out=z)
            np.multiply(z, odd, out=z)
        np.right_shift(z, 31, out=shifted)
        np.bitwise_xor(z, shifted, out=z)
        r = z.view(np.uint16)
        np.less(r, p, out=self.acts)
        acting = np.flatnonzero(self.acts)
        return acting, r.take(acting) < pb.take(acting)

    def observe(self, first: int, acting: np.ndarray, bad: np.ndarray, event: np.uint64) -> None:
        """Steps 2 to 7 for one chunk; the numbers of agents are places in it."""
        here = slice(first, first + self.chunk)
        belief, kinds = self.belief[here], self.kinds
        counts = self.counts[first // NEIGHBOURHOOD : (first + self.chunk) // NEIGHBOURHOOD]

        with np.errstate(over="ignore"):
            number = (acting + first).astype(U64) * U64(2 * GAMMA % 2**64) + event
            word = start.mix(number)
        halves = word.view(np.uint32).reshape(-1, 2)
        w0, w1 = halves[:, 0], halves[:, 1]
        column = w0 & 31
        good = ~bad
        at = ((self.wealth[here].take(acting) >> 5) * 2 + good).astype(np.uint32) * 32 + column
        kind = np.where((w0 >> 16) < self.threshold.take(at), column, self.other.take(at)) + good * np.uint8(32)
        place = acting >> 10
        cam = self.cam[first // NEIGHBOURHOOD :].take(place)
        chance = cam * (128 + (self.expo[here].take(acting) >> 1)) * kinds.visibility.take(kind) >> 16
        observed = (w1 & 255) < chance
        wrong = bad & observed & ((w1 >> 8) & 127 == 0)

        worse = np.flatnonzero(bad)
        does_bad = acting.take(worse)
        b = belief.take(does_bad)
        caught = (observed & ~wrong).take(worse)
        belief[does_bad] = np.where(caught, b + ((255 - b) >> 3), b - (b >> 4))

        seen, mistaken = np.flatnonzero(observed), np.flatnonzero(wrong)
        with np.errstate(over="ignore"):
            someone = start.mix(number.take(mistaken) + U64(GAMMA)) & U64(NEIGHBOURHOOD - 1)
        acting[mistaken] = acting[mistaken] & -NEIGHBOURHOOD | someone.astype(np.int64)
        blamed, kind = acting.take(seen), kind.take(seen)
        points, listings = self.apply(here, blamed, kind)

        told = blamed[kind < 32]
        ring = (told & -NEIGHBOURHOOD) | ((told + RING) & (NEIGHBOURHOOD - 1))
        self.learn(belief, ring.ravel())
        drifting = belief.reshape(-1, 16, BLOCK)[:, self.day & 15]
        drifting += (drifting < 96).view(np.uint8) - (drifting > 96).view(np.uint8)
        self.learn(belief, self.partner[here].take(told) - first)

        homes, where = len(counts), place.take(seen)
        counts[:, 0] += np.bincount(place.take(worse), minlength=homes)
        counts[:, 1] += np.bincount(place, minlength=homes) - np.bincount(place.take(worse), minlength=homes)
        counts[:, 2] += np.bincount(where, minlength=homes)
        counts[:, 3] += np.bincount(place.take(mistaken), minlength=homes)
        np.add.at(counts[:, 4], where, points)
        np.add.at(counts[:, 5], where, listings)

    def apply(self, here: slice, blamed: np.ndarray, kind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give points in order; who is blamed several times a day, which is rare, has one turn after the other."""
        score, until = self.score[here], self.until[here]
        points, listings = np.zeros(len(blamed), np.int32), np.zeros(len(blamed), np.int32)
        waiting = np.arange(len(blamed))
        while waiting.size:
            turn, waiting = self.first_turns(blamed, waiting)
            agents = blamed.take(turn)
            before = score[agents]
            after = np.clip(before + self.kinds.points[kind[turn]], 0, 1300)
            score[agents] = after
            points[turn] = after - before
            listed = (after < 600) | (self.kinds.severe[kind[turn]] != 0)
            listings[turn] = listed & (until[agents] <= self.day)
            until[agents[listed]] = self.day + 90
        return points, listings

    def first_turns(self, blamed: np.ndarray, waiting: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Split who waits into the first record of each agent and the others."""
        self.latest[blamed.take(waiting[::-1])] = waiting[::-1]  # of those that meet in a slot the last one stays
        first = self.latest.take(blamed.take(waiting)) == waiting
        return waiting[first], waiting[~first]

    def learn(self, belief: np.ndarray, agents: np.ndarray) -> None:
        """Move the belief of each agent once for each time it is named."""
        if agents.size:
            named, times = np.unique(agents, return_counts=True)
            belief[named] = self.learnt[times, belief[named]]

    def state(self) -> dict[str, np.ndarray]:
        return {"score": self.score, "belief": self.belief, "until": self.until, "counts": self.counts}

"""W in Numba, exact: plain loops in compiled functions, some of them passes that the compiler vectorises."""

from __future__ import annotations

import numpy as np
from numba import njit

from benchmarks.peers import start
from benchmarks.peers.start import BLOCK, DISTRICT, EVENT, GATE, NEIGHBOURHOOD

U8, U16, U32, U64 = np.uint8, np.uint16, np.uint32, np.uint64
GAMMA, TWO_GAMMA = U64(start.GAMMA), U64(2 * start.GAMMA % 2**64)
HOMES = DISTRICT // NEIGHBOURHOOD


@njit(inline="always")
def mix(z):
    z = (z ^ (z >> U64(30))) * U64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> U64(27))) * U64(0x94D049BB133111EB)
    return z ^ (z >> U64(31))


@njit(inline="always")
def learn(belief, who):
    belief[who] += (U8(255) - belief[who]) >> U8(5)


@njit
def fill(base, words):
    for j in range(words.size):
        words[j] = mix(base + U64(j) * GAMMA)


@njit
def gate(infr, good, belief, score, r, mark):
    """Mark 1 for a good act, 3 for a bad one; every product fits 16 bits."""
    for a in range(mark.size):
        pb = U16(U16(infr[a]) * U16(U16(256) - U16(belief[a] >> U8(1)))) >> U16(4)
        pg = U16(U16(good[a]) * U16(U16(64) + (U16(1300 - score[a]) >> U16(4)))) >> U16(3)
        mark[a] = U8(r[a] < U16(pb + pg)) | U8(U8(r[a] < pb) << U8(1))


@njit
def gather(mark, acts):
    n = 0
    for a in range(mark.size):  # without a branch: the slot is overwritten unless somebody acts
        acts[n] = a
        n += mark[a] & U8(1)
    return n


@njit
def neighbourhood(home, day, keys, people, state, counts, kinds, space, told, n_told):
    """A neighbourhood's day, but for its partners elsewhere in the district."""
    infr, good, wealth, expo, cam = people
    threshold, other, visibility, points, severe = kinds
    words, mark, acts = space
    first = home * NEIGHBOURHOOD
    here = slice(first, first + NEIGHBOURHOOD)
    score, belief, until = state[0][here], state[1][here], state[2][here]

    fill(keys[0] + U64(first // 4) * GAMMA, words)
    gate(infr[here], good[here], belief, score, words.view(U16), mark)
    n = gather(mark, acts)
    seen = 0
    for e in range(n):
        a = acts[e]
        bad = mark[a] > U8(1)
        number = keys[1] + U64(first + a) * TWO_GAMMA
        word = mix(number)
        w0, w1 = U32(word), U32(word >> U64(32))
        column = w0 & U32(31)
        row = (wealth[first + a] >> 5) * 2 + (0 if bad else 1)
        kind = U32(column if (w0 >> U32(16)) < threshold[row, column] else other[row, column])
        if not bad:
            kind += U32(32)
        chance = U32(cam[home]) * U32(128 + (expo[first + a] >> 1)) * U32(visibility[kind]) >> U32(16)
        observed = (w1 & U32(255)) < chance
        wrong = bad and observed and (w1 >> U32(8)) & U32(127) == 0
        counts[home, 0 if bad else 1] += 1
        if bad:
            if observed and not wrong:
                belief[a] += (U8(255) - belief[a]) >> U8(3)
            else:
                belief[a] -= belief[a] >> U8(4)
        if observed:
            blamed = np.int64(mix(number + GAMMA) & U64(NEIGHBOURHOOD - 1)) if wrong else np.int64(a)
            acts[seen] = blamed | np.int64(kind) << 10  # behind what is still to be read
            seen += 1
            counts[home, 3] += wrong
    counts[home, 2] += seen

    for e in range(seen):
        a, kind = acts[e] & (NEIGHBOURHOOD - 1), acts[e] >> 10
        before = np.int32(score[a])
        after = min(max(before + points[kind], 0), 1300)
        score[a] = after
        counts[home, 4] += after - before
        if after < 600 or severe[kind]:
            counts[home, 5] += until[a] <= day
            until[a] = day + 90
        if kind < 32:
            for step in (1, -1, 2, -2):
                learn(belief, (a + step) & (NEIGHBOURHOOD - 1))
            told[n_told] = first % DISTRICT + a
            n_told += 1
    block = BLOCK * (day & 15)
    for a in range(block, block + BLOCK):
        belief[a] += U8(belief[a] < U8(96)) - U8(belief[a] > U8(96))
    return n_told


@njit(cache=True)
def run(keys, first_day, people, state, counts, kinds, partner):
    space = np.empty(NEIGHBOURHOOD // 4, U64), np.empty(NEIGHBOURHOOD, U8), np.empty(NEIGHBOURHOOD + 1, np.int64)
    told = np.empty(DISTRICT, np.int64)
    for district in range(counts.shape[0] // HOMES):
        first = district * DISTRICT
        belief = state[1][first : first + DISTRICT]
        for day in range(first_day, first_day + len(keys)):
            n = 0
            for home in range(district * HOMES, (district + 1) * HOMES):
                n = neighbourhood(home, day, keys[day - first_day], people, state, counts, kinds, space, told, n)
            for e in range(n):
                learn(belief, partner[first + told[e]] - first)


class Loop:
    """W, days following one another."""

    def __init__(self, people: int, seed: int) -> None:
        self.seed, self.day = seed, 0
        traits, kinds = start.people(people, seed), start.tables()
        self.people = tuple(traits[name] for name in ("infr", "good", "wealth", "expo", "cam"))
        self.kinds = (kinds.threshold, kinds.other, kinds.visibility, kinds.points, kinds.severe)
        self.columns = (np.full(people, 1000, np.int16), np.full(people, 96, U8), np.zeros(people, U16))
        self.counts = np.zeros((people // NEIGHBOURHOOD, 6), np.int32)
        self.partner = start.partners(people, seed)

    def run(self, days: int) -> None:
        dates = range(self.day, self.day + days)
        keys = np.array([[start.key(self.seed, day, stream) for stream in (GATE, EVENT)] for day in dates], U64)
        run(keys, self.day, self.people, self.columns, self.counts, self.kinds, self.partner)
        self.day += days

    def state(self) -> dict[str, np.ndarray]:
        score, belief, until = self.columns
        return {"score": score, "belief": belief, "until": until, "counts": self.counts}


def warm_up() -> None:
    Loop(DISTRICT, 1).run(1)

"""How the program really draws: which counters follow one another, and which words are used together.

A generator is any function with the arguments of `scorepolis.core.draws.draw_words`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from scorepolis.core.draws import Purpose
from verification.randomness import Words

Generator = Callable[..., tuple[Words, Words, Words, Words]]

YEAR = 365
DAY = 17
LATE = 1_443_610_624
"""A slot near the end of a nation of 1.4 billion: neighbourhoods of 1,000 people lie 1,024 slots apart."""

SUBS = {
    # How many subdraws of a purpose there may be; the others have one, or their subdraws stand under "words" below.
    Purpose.PLACE: 16,  # sensors
    Purpose.PAST: 1024,  # 64 for each of up to 16 instruments
    Purpose.TIE: 6,  # layers
    Purpose.OBSERVE: 8,  # sensors that see a behaviour
    Purpose.FALSE_RECORD: 256,  # 16 for each sensor
    Purpose.LEARN: 32,
    Purpose.TREATED: 32,  # services
    Purpose.LIVE: 16,
    Purpose.EXCHANGE: 4,  # domains
    Purpose.APPEAL: 16,  # instruments
    Purpose.HEAR: 96,
    Purpose.EXPERIMENT: 32,  # parameters that vary
}
NEVER_CHANGING = {p for p in Purpose if p < Purpose.GATE} | {Purpose.PANEL, Purpose.EXPERIMENT}
"""Drawn on day 0 alone."""

HOUSEHOLDS = 380
"""Of a neighbourhood of 1,000 people, about."""

FAR_LAGS = (128, 1024, 65_536)
"""Blocks of the gate from neighbourhood to neighbourhood; slots likewise; slots from one large district to another."""


@dataclass(frozen=True)
class Sequence:
    """Numbers in the order in which the program draws them."""

    pattern: str
    name: str
    values: Words
    bits: int = 32


@dataclass(frozen=True)
class Pair:
    """Numbers that decide together."""

    pattern: str
    name: str
    a: Words
    b: Words
    a_bits: int = 32
    b_bits: int = 32


@dataclass(frozen=True)
class Block:
    """Words of counters that are all different."""

    name: str
    values: Words


def day_of(purpose: Purpose) -> int:
    return 0 if purpose in NEVER_CHANGING else DAY


def halves(words: tuple[Words, ...]) -> Words:
    """The 16-bit halves of blocks, in the order in which the gate takes them: word by word, low half first."""
    return np.stack(words).astype("<u4").view("<u2").astype(np.uint32).ravel()


def over_days(generator: Generator, seed: int, purpose: Purpose, subjects: int, days: int, first: int = 0) -> Words:
    """First words by subject and day: (subjects, days)."""
    index = np.arange(first, first + subjects)
    return np.stack([generator(seed, purpose, index, 0, day)[0] for day in range(days)], axis=1)


def over_seeds(generator: Generator, seed: int, purpose: Purpose, subjects: int, seeds: int) -> Words:
    """First words by subject and seed: (subjects, seeds)."""
    index = np.arange(subjects)
    return np.stack([generator(seed + s, purpose, index, 0, DAY)[0] for s in range(seeds)], axis=1)


def sequences(generator: Generator, seed: int, n: int) -> Iterator[Sequence]:
    """Give the sequences, each of about n numbers."""
    slots = np.arange(n)
    for purpose in Purpose:
        words = generator(seed, purpose, slots, 0, day_of(purpose))
        for number, word in enumerate(words):
            yield Sequence("by subject", f"{purpose.name}, word {number}", word)
        yield Sequence("words of a block", purpose.name, np.stack(words, axis=1).ravel()[:n])
        late = generator(seed, purpose, LATE + slots, 0, day_of(purpose))[0]
        yield Sequence("by subject, in a nation", purpose.name, late)
    households = 1024 * np.arange(-(-n // HOUSEHOLDS))[:, None] + np.arange(HOUSEHOLDS)[None, :]
    words = generator(seed, Purpose.HOUSEHOLD, households.ravel(), 0, 0)
    yield Sequence("households of neighbourhoods", "HOUSEHOLD", words[0])
    for purpose in Purpose:
        if purpose not in NEVER_CHANGING:
            values = over_days(generator, seed, purpose, -(-n // YEAR), YEAR)
            yield Sequence("by day", purpose.name, values.ravel())
            yield Sequence("by day, all subjects of a day", purpose.name, values.T.ravel())
    for purpose, subs in SUBS.items():
        index = np.arange(-(-n // subs))[:, None]
        words = generator(seed, purpose, index, np.arange(subs)[None, :], day_of(purpose))
        yield Sequence("by sub", purpose.name, words[0].ravel())
    subjects = np.arange(-(-n // len(Purpose)))
    values = np.stack([generator(seed, purpose, subjects, 0, DAY)[0] for purpose in Purpose], axis=1)
    yield Sequence("by purpose", "all", values.ravel())
    for purpose in (Purpose.GATE, Purpose.ACT, Purpose.PERSON):
        yield Sequence("by seed", purpose.name, over_seeds(generator, seed, purpose, -(-n // 64), 64).ravel())
    for first in (0, LATE // 8):
        blocks = first + np.arange(n // 8).reshape(-1, 128 if n >= 1024 else 1)
        by_place = [halves(generator(seed, Purpose.GATE, block, 0, DAY)) for block in blocks]
        yield Sequence("halves at the gate", f"from block {first:,}", np.concatenate(by_place), 16)
    ties = generator(seed, Purpose.LEARN, np.arange(n // 8)[:, None], 1 + np.arange(1)[None, :], DAY)
    by_tie = np.stack([word.ravel() for word in ties], axis=1).astype("<u4").view("<u2").astype(np.uint32)
    yield Sequence("halves for ties", "LEARN", by_tie.ravel(), 16)


def pairs(generator: Generator, seed: int, n: int, lags: int = 64) -> Iterator[Pair]:
    """Give the pairs, each of about n numbers on either side; lags are 1 to `lags` and those in use beyond."""
    near = range(1, lags + 1)
    for purpose in (Purpose.GATE, Purpose.ACT):
        line = generator(seed, purpose, np.arange(n + max(FAR_LAGS)), 0, DAY)[0]
        for lag in (*near, *FAR_LAGS):
            yield Pair("lag in index", f"{purpose.name}, {lag}", line[:n], line[lag : lag + n])
        days = over_days(generator, seed, purpose, -(-n // YEAR), YEAR + lags)
        for lag in near:
            yield Pair(
                "lag in day", f"{purpose.name}, {lag}", days[:, :YEAR].ravel(), days[:, lag : lag + YEAR].ravel()
            )
    for purpose in (Purpose.PAST, Purpose.HEAR):
        subs = generator(seed, purpose, np.arange(-(-n // 64))[:, None], np.arange(64 + lags)[None, :], 0)[0]
        for lag in near:
            yield Pair("lag in sub", f"{purpose.name}, {lag}", subs[:, :64].ravel(), subs[:, lag : lag + 64].ravel())
    seeds = over_seeds(generator, seed, Purpose.ACT, -(-n // 64), 64 + lags)
    for lag in near:
        yield Pair("lag in seed", f"ACT, {lag}", seeds[:, :64].ravel(), seeds[:, lag : lag + 64].ravel())
    slots = np.arange(n)
    first = {purpose: generator(seed, purpose, slots, 0, DAY)[0] for purpose in Purpose}
    for a in Purpose:
        for b in Purpose:
            if a < b:
                yield Pair("two purposes", f"{a.name} and {b.name}", first[a], first[b])
    for purpose in (Purpose.ACT, Purpose.OBSERVE, Purpose.COURT):
        words = generator(seed, purpose, slots, 0, DAY)
        for i in range(4):
            for j in range(i):
                yield Pair("two words of a block", f"{purpose.name}, {j} and {i}", words[j], words[i])
    # What lets a person through the gate, and what then decides on the act.
    blocks = np.arange(n // 8 // 128 * 128 if n >= 1024 else n // 8).reshape(-1, 128 if n >= 1024 else 1)
    gate = np.concatenate([halves(generator(seed, Purpose.GATE, block, 0, DAY)) for block in blocks])
    chance = generator(seed, Purpose.ACT, np.arange(gate.size), 0, DAY)[0]
    yield Pair("gate and act", "of one person", gate, chance, 16)
    yield Pair("gate and act", "of neighbours at the gate", gate[::2], gate[1::2], 16, 16)


def blocks(generator: Generator, seed: int, n: int) -> Iterator[Block]:
    """Give blocks of about n counters that differ in several of their words at once."""
    days = over_days(generator, seed, Purpose.ACT, -(-n // 256), 256)
    yield Block("subjects and days", days.ravel())
    subs = generator(seed, Purpose.HEAR, np.arange(-(-n // 64))[:, None], np.arange(64)[None, :], DAY)[0]
    yield Block("subjects and subs", subs.ravel())
    subjects, some_days = np.arange(-(-n // (len(Purpose) * 64))), range(64)
    every = [generator(seed, purpose, subjects, 0, day)[0] for purpose in Purpose for day in some_days]
    yield Block("subjects, days and purposes", np.concatenate(every))
    yield Block("subjects and seeds", over_seeds(generator, seed, Purpose.ACT, -(-n // 64), 64).ravel())

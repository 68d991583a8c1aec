"""The draws pass a battery of tests on the access patterns that are really used; weak generators do not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import stats

from benchmarks.machine import table
from scorepolis.core.draws import Purpose, draw, draw_once, draw_words, split_seed
from scorepolis.day.act import candidates_of
from verification import patterns, randomness
from verification.command import options, tell
from verification.patterns import Generator
from verification.weak import WEAK

LEVEL = 0.001
"""Chance that a perfect generator fails the whole battery."""
ENOUGH = 20
"""P-values of one test over one pattern from which on it is asked whether they are themselves uniform."""

MANY = "p-values of "

FULL, QUICK, CONTROL = 1 << 18, 1 << 15, 1 << 13
LAGS, QUICK_LAGS = 64, 8

KNOWN = (
    # Random123's known answers for philox4x32-10: counter, key, result.
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
)


@dataclass(frozen=True)
class Tested:
    """One p-value."""

    pattern: str
    test: str
    name: str
    p: float


@dataclass(frozen=True)
class Verdict:
    """What the battery says of a generator."""

    tested: tuple[Tested, ...]
    adjusted: tuple[float, ...]

    @property
    def failed(self) -> list[tuple[Tested, float]]:
        """What was rejected at the overall level, worst first."""
        both = zip(self.tested, self.adjusted, strict=True)
        return sorted(((t, a) for t, a in both if a <= LEVEL), key=lambda pair: pair[0].p)

    @property
    def passed(self) -> bool:
        return not self.failed

    def __str__(self) -> str:
        groups: dict[tuple[str, str], list[tuple[Tested, float]]] = {}
        for tested, adjusted in zip(self.tested, self.adjusted, strict=True):
            groups.setdefault((tested.pattern, tested.test), []).append((tested, adjusted))
        rows = []
        for (pattern, test), found in groups.items():
            if test.startswith(MANY):
                continue
            worst, adjusted = min(found, key=lambda pair: pair[0].p)
            ((many, many_adjusted),) = groups.get((pattern, MANY + test), [(None, 1.0)])
            result = "REJECTED" if min(adjusted, many_adjusted) <= LEVEL else "passed"
            spread = f"{many.p:.2g}" if many else ""
            rows.append(
                [pattern, test, f"{len(found):,}", f"{worst.p:.2g}", f"{adjusted:.2g}", worst.name, spread, result]
            )
        return table(["pattern", "test", "p-values", "smallest", "by Holm", "of", "all uniform", "result"], rows)


def p_values(generator: Generator, seed: int, n: int, lags: int = LAGS, say: Callable[[str], None] = lambda _: None):
    """Give every p-value of the battery, of samples of about n numbers."""
    told: set[str] = set()

    def tell_once(pattern: str) -> None:
        if pattern not in told:
            told.add(pattern)
            say(pattern)

    for s in patterns.sequences(generator, seed, n):
        tell_once(s.pattern)
        tests = randomness.SEQUENCE | (randomness.WHOLE_WORDS if s.bits == 32 else {})
        for test, p_value in tests.items():
            yield Tested(s.pattern, test, s.name, p_value(s.values, s.bits))
    for pair in patterns.pairs(generator, seed, n, lags):
        tell_once(pair.pattern)
        for test, p_value in randomness.PAIR.items():
            yield Tested(pair.pattern, test, pair.name, p_value(pair.a, pair.b, pair.a_bits, pair.b_bits))
    for block in patterns.blocks(generator, seed, n):
        yield Tested("different counters", "collisions", block.name, randomness.collisions(block.values))


def uniform(tested: list[Tested]) -> Iterator[Tested]:
    """Ask of the many p-values of one test over one pattern whether they are uniform (Kolmogorov and Smirnov)."""
    groups: dict[tuple[str, str], list[float]] = {}
    for one in tested:
        groups.setdefault((one.pattern, one.test), []).append(one.p)
    for (pattern, test), found in groups.items():
        if len(found) >= ENOUGH and test not in randomness.COUNTS:
            yield Tested(pattern, MANY + test, "all", float(stats.kstest(found, "uniform").pvalue))


def judge(
    generator: Generator, seed: int, n: int, lags: int = LAGS, say: Callable[[str], None] = lambda _: None
) -> Verdict:
    """Put a generator through the battery."""
    tested = list(p_values(generator, seed, n, lags, say))
    tested += uniform(tested)
    return Verdict(tuple(tested), tuple(randomness.holm(np.array([t.p for t in tested])).tolist()))


# ------------------------------------------------------------------------------------------------- known answers


def known_answers() -> list[tuple[str, bool]]:
    """Check every way to draw against published answers, and against one another."""
    found = []
    for number, ((index, sub, day, purpose), (k0, k1), answer) in enumerate(KNOWN, start=1):
        seed = k0 | k1 << 32
        arrays = tuple(int(w) for w in draw_words(seed, purpose, index, sub, day))
        single = draw_once(seed, purpose, index, sub, day)
        kernel = tuple(int(w) for w in draw(*split_seed(seed), purpose, index, sub, day))
        found.append((f"Philox4x32-10, published answer {number}", arrays == single == kernel == answer))
    return [*found, ("the gate passes those whose half is below theirs", gate_takes_its_halves(1))]


def gate_takes_its_halves(seed: int, neighbourhoods: int = 64, first: int = 1_409_000) -> bool:
    """Whether the kernel of the gate reads just those halves on which the battery is run."""
    slots = 1024 * neighbourhoods
    draws = np.concatenate(
        [
            patterns.halves(draw_words(seed, Purpose.GATE, 128 * h + np.arange(128), 0, patterns.DAY))
            for h in range(first, first + neighbourhoods)
        ]
    )
    gate = (draw_words(seed, Purpose.EXPERIMENT, np.arange(slots), 0, 0)[0] >> np.uint32(17)).astype(np.uint16)
    candidates, words = np.empty(slots, np.uint16), np.empty(512, np.uint32)
    mask, bits = np.empty(1024, np.uint8), np.empty(128, np.uint8)
    count = candidates_of(gate, first, patterns.DAY, *split_seed(seed), candidates, words, mask, bits)
    return bool(np.array_equal(candidates[:count], np.flatnonzero(draws < gate)))


def main() -> None:
    given = options(__doc__, "sequences of 2^15 numbers in the place of 2^18, lags up to 8", seed=True)
    n, lags = (QUICK, QUICK_LAGS) if given.quick else (FULL, LAGS)
    answers = known_answers()
    print(table(["known answers", "result"], [[name, "right" if right else "WRONG"] for name, right in answers]))
    verdict = judge(draw_words, given.seed, n, lags, say=partial(tell, "draws"))
    print(f"\n{verdict}\n")
    good = verdict.passed and all(right for _, right in answers)
    for tested, adjusted in verdict.failed[:20]:
        print(f"REJECTED: {tested.pattern}, {tested.test}, {tested.name}: p = {tested.p:.3g}, by Holm {adjusted:.3g}")
    for name, generator in WEAK.items():
        tell("draws", name)
        weak = judge(generator, given.seed, CONTROL, 2)
        good &= not weak.passed
        print(f"Control, {name}: {len(weak.failed):,} of {len(weak.tested):,} rejected, as it should be."
              if not weak.passed else f"Control, {name}: NOT FOUND OUT. The battery is too weak.")  # fmt: skip
    print(
        f"{len(verdict.tested):,} p-values of {n:,} numbers each, seed {given.seed}; rejected at an overall level of "
        f"{LEVEL:g} after Holm: {len(verdict.failed)}. {'The draws pass.' if good else 'FAILED.'}"
    )
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()

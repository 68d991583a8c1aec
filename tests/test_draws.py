"""The door to chance: known answers, and two implementations of the same function."""

import numpy as np
import pytest

from scorepolis.core.draws import Purpose, draw, draw_words, philox, split_seed
from scorepolis.core.integers import byte, halfword, sround

KNOWN = [
    # Random123's own known-answer vectors for philox4x32-10: counter, key, result.
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_gives_the_known_answers(counter, key, answer):
    words = philox(*(np.uint32(c) for c in counter), *(np.uint32(k) for k in key))
    assert tuple(int(w) for w in words) == answer


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_the_numpy_twin_gives_the_known_answers(counter, key, answer):
    index, sub, day, purpose = counter
    words = draw_words(key[0] | key[1] << 32, purpose, index, sub, day)
    assert tuple(int(w) for w in words) == answer


def test_both_implementations_agree_on_the_numbers_that_are_used():
    seed = 0x0123456789ABCDEF
    k0, k1 = split_seed(seed)
    for purpose in Purpose:
        for index, sub, day in ((0, 0, 0), (669_999, 3, 364), (2**31, 64, 36_499)):
            compiled = draw(k0, k1, int(purpose), index, sub, day)
            arrays = draw_words(seed, purpose, np.array([index]), sub, day)
            assert [int(w) for w in compiled] == [int(w[0]) for w in arrays]


def test_purposes_are_registered_once():
    numbers = [int(p) for p in Purpose]
    assert numbers == sorted(set(numbers))
    assert len(Purpose.__members__) == len(numbers)


def test_stochastic_rounding_is_unbiased_and_exact_at_the_ends():
    words = draw_words(3, Purpose.LEARN, np.arange(200_000), 0, 0)[0]
    for num, den in ((7, 10), (-7, 10), (123_456, 65_536), (-1, 65_536)):
        mean = np.mean([sround(num, den, np.uint32(u)) for u in words[:20_000]])
        assert abs(mean - num / den) < 4 * 0.5 / np.sqrt(20_000)
    assert sround(30, 10, np.uint32(0)) == 3 == sround(30, 10, np.uint32(0xFFFFFFFF))


def test_bytes_and_halfwords():
    assert [int(byte(np.int64(x))) for x in (-3, 0, 200, 255, 300)] == [0, 0, 200, 255, 255]
    words = [np.uint32(w) for w in (0x11112222, 0x33334444, 0x55556666, 0x77778888)]
    halves = [int(halfword(*words, t)) >> 16 for t in range(8)]
    assert halves == [0x2222, 0x1111, 0x4444, 0x3333, 0x6666, 0x5555, 0x8888, 0x7777]

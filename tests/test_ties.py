"""Ties without storage: permutations are bijections, matchings are symmetric."""

import numpy as np
import pytest

from scorepolis.society.ties import forward, half_bits, inverse, partner, partners, tie_keys


@pytest.mark.parametrize("n", [1, 2, 5, 250, 1000, 4096, 5001])
def test_permutations_are_bijections_with_an_inverse(n):
    keys = tie_keys(11, 3, range(1))[0]
    m = half_bits(n)
    image = [int(forward(x, n, m, keys)) for x in range(n)]
    assert sorted(image) == list(range(n))
    assert [int(inverse(y, n, m, keys)) for y in image] == list(range(n))


@pytest.mark.parametrize("n", [2, 999, 1000])
def test_matchings_are_symmetric_and_leave_at_most_one_alone(n):
    keys = tie_keys(11, 4, range(1))[0]
    m = half_bits(n)
    mates = [int(partner(x, n, m, keys)) for x in range(n)]
    assert mates.count(-1) == n % 2
    assert all(mate == -1 or (mates[mate] == x and mate != x) for x, mate in enumerate(mates))
    assert partners(np.arange(n), n, keys).tolist() == mates


def test_layers_and_places_have_their_own_matchings():
    keys = tie_keys(11, np.arange(3), range(2))
    assert keys.shape == (3, 2, 4)
    mates = {tuple(partners(np.arange(500), 500, keys[h, layer]).tolist()) for h in range(3) for layer in range(2)}
    assert len(mates) == 6

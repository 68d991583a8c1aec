"""What a person's words decide, person by person: class of age and sex, education, flags and traits."""

from __future__ import annotations

from typing import Final

import numpy as np

from scorepolis.core.compiled import compiled
from scorepolis.society.flags import FEMALE, MINORITY, OPPORTUNITIES, PARTY, PUBLIC_SERVANT, WORKING

COLLEGE: Final = 3
OWN: Final = ("driver", "borrower", "online", "working", "dog_owner", "public_servant")
"""Flags that each have a word, in the order of the words."""
BITS: Final = tuple(np.uint16(OPPORTUNITIES[name]) for name in OWN)


@compiled
def passed(words, limits, number):  # type: ignore[no-untyped-def]
    """Count, for each word, the limits that it is not below."""
    for limit in limits:  # outside, so that it vectorises
        for e in range(words.size):
            number[e] += np.uint8(np.uint64(words[e]) >= limit)


@compiled
def choose(  # type: ignore[no-untyped-def]
    age, cell, schooling, own, party_word, trait_words, homogamy, steps, limits, party, flags, education, traits
):  # fmt: skip
    """Write education, flags and traits of each person, whose words are given."""
    for e in range(age.size):
        c = np.int64(cell[e])
        word = schooling[2][e] if schooling[0][e] < homogamy else schooling[1][e]
        level = np.uint8(0)
        for step in range(steps.shape[1]):
            level += np.uint8(word >= steps[(c & 1) * 8 + (c >> 2), step])
        education[e] = level
        mine = flags[e]
        for n in range(len(own)):
            if own[n][e] < limits[n, c]:
                mine |= BITS[n]
        if not mine & WORKING:
            mine &= ~np.uint16(PUBLIC_SERVANT)
        circumstance = (np.int64(age[e]) * 2 + (mine & FEMALE)) * 2 + np.int64(level == COLLEGE)
        if party_word[e] < party[circumstance * 2 + np.int64((mine & MINORITY) != 0)]:
            mine |= np.uint16(PARTY)
        flags[e] = mine
        traits[e] = 0
        for n in range(len(trait_words)):
            traits[e] |= np.uint16((trait_words[n][e] >> 28) << (4 * n))

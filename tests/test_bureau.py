"""What a bureau's borrowers are taken for: scores on the first day, and who defaulted since."""

from __future__ import annotations

import numpy as np
import pytest

from scorepolis.core.buffers import IN_SCOPE
from scorepolis.engine.world import World
from scorepolis.plausibility.bureau import Borrowers
from scorepolis.plausibility.worlds import Lived
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.society.flags import BORROWER


@pytest.fixture(scope="module")
def followed():
    from scorepolis import parameters

    known = parameters.load()
    world = World(known, [load_rulebook("us-bureau", known)], society="village", people=3000, seed=4)
    before = np.concatenate([d["raw"][0][d["marks"][0] & IN_SCOPE > 0] for d in world.districts])
    world.run(200)
    return Lived(world), before


def test_scores_are_those_of_the_first_day(followed):
    lived, before = followed
    borrowers = Borrowers.of(lived)
    assert np.array_equal(borrowers.scores, np.clip(before, 300, 850))
    after = lived.column("raw", 0)[lived.column("marks", 0) & IN_SCOPE > 0]
    assert not np.array_equal(after, before)
    assert borrowers.scores.size == (lived.column("flags") & BORROWER > 0)[lived.column("age") >= 18].sum()


def test_who_defaulted_has_an_entry_of_the_rule(followed):
    lived, _ = followed
    borrowers = Borrowers.of(lived)
    assert 0.002 < borrowers.defaulted.mean() < 0.1
    assert borrowers.share(300, 850) == 100
    assert borrowers.share(300, 599) + borrowers.share(600, 850) == pytest.approx(100)
    assert borrowers.default(300, 850) == pytest.approx(100 * borrowers.defaulted.mean())
    assert borrowers.default(300, 299) == 0

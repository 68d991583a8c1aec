"""Who is exempt by status is never scored: in the engine, in the oracle, and to the last bit alike."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from tests import oracle
from tests.test_oracle import LIVED, STANDING, STATE, engine_columns

import scorepolis
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.society.flags import PARTY, STATUSES

PACKAGE = Path(scorepolis.__file__).parent
START = date(2019, 1, 1)


@pytest.fixture
def book(tmp_path):
    """The teaching town, whose list spares the Party, and whose points spare public servants too."""
    text = files("scorepolis.rulebooks").joinpath("library/teaching-town.yaml").read_text(encoding="utf-8")
    text = text.replace("migrants: false", "migrants: false\n      exempt: [party]", 1)
    text = text.replace("migrants: true", "migrants: true\n      exempt: [party, public_servant]", 1)
    path = tmp_path / "teaching-town.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_engine_equals_the_oracle(book):
    overrides = {"societies.village.district_neighbourhoods": 4}
    parameters = load_parameters(overrides)
    rulebooks = [load_rulebook(book, parameters)]
    world = World(parameters, rulebooks, society="village", people=1500, seed=3, start=START, threads=2)
    world.run(40)
    twin = oracle.World(PACKAGE / "parameters", [book], "village", 1500, 3, START, overrides)
    twin.run(40)
    mine, theirs = engine_columns(world), twin.columns()
    assert {*STATE, *LIVED} <= mine.keys()
    for name, column in theirs.items():
        assert mine[name] == column, name
    flags = np.array(mine["flags"])
    every = PARTY | STATUSES["public_servant"]
    for k, spared in enumerate((PARTY, every)):
        in_scope = np.array(mine[f"{STANDING[4]}_{k}"]) & 1
        assert not in_scope[(flags & spared) > 0].any()
        assert in_scope[(flags & every) == 0].any()
    assert (np.array(mine["marks_0"])[(flags & every) == STATUSES["public_servant"]] & 1).any()

"""Who is exempt by status is never scored, in engine and oracle alike, to the last bit; and what that does."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from tests import oracle
from tests.test_oracle import LIVED, STANDING, STATE, engine_columns

import scorepolis
from scorepolis.core.buffers import RECORD
from scorepolis.engine.world import World
from scorepolis.measures.counts import OUTCOMES
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.society.flags import MIGRANT, PARTY, STATUSES

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


# ------------------------------------------------------------------------------------------------ what it does to spare

SPARED, ALL = "exempt-officials", "suining-2010"
MADE = {"people": 8000, "days": 365, "seed": 4, "threads": 1, "set": {"coefficients.awareness.awareness": 1}}
ACT, DONE, UNDONE = 0, (0, 1), (2,)


def test_the_two_books_differ_in_the_exemption_alone():
    spared, everybody = (load_rulebook(name, load_parameters()) for name in (SPARED, ALL))
    (points,) = everybody.instruments
    scope = points.scope.with_(exempt=tuple(STATUSES))
    told = {name: getattr(spared, name) for name in ("name", "title", "purpose", "legal_basis", "tag", "limits")}
    assert spared.tag == "stylised"
    assert spared == everybody.with_(**told, instruments=(points.with_(scope=scope),))


class Lived:
    """A year under a book: who is an official and of an age to be scored, and what became of both kinds of people."""

    def __init__(self, book):
        self.run = scorepolis.run("town", rulebooks=[book], **MADE)
        people = self.run.panel.people
        self.official = (people["flags"] & (PARTY | STATUSES["public_servant"])) > 0
        self.scored = (people["age"] >= 18) & ((people["flags"] & MIGRANT) == 0)
        (points,) = load_rulebook(book, load_parameters()).instruments
        grounds = {behaviour for rule in points.rules if rule.points.exact < 0 for behaviour in rule.behaviours}
        self.grounds = [b for b, one in enumerate(self.run.context.behaviours) if one.name in grounds]

    def acts(self, run, fate=DONE):
        """Acts of each person on the grounds of the book, done or left undone for fear."""
        events = run.panel.events()
        mine = (events["event"] == ACT) & np.isin(events["code"], self.grounds) & np.isin(events["a"], fate)
        return np.bincount(events["person"][mine], minlength=self.official.size)

    @property
    def penalties(self):
        """Entries of each person that took points."""
        ledger = self.run.ledger_columns
        taken = (ledger["what"] == RECORD) & (ledger["points"] < 0)
        return np.bincount(ledger["person"][taken], minlength=self.official.size)

    def penalised_per_act(self, official):
        """Penalties of officials or of others, over what such people do under ordinary law alone."""
        them = self.scored & (self.official == official)
        return self.penalties[them].sum() / self.acts(self.run.baseline)[them].sum()


@pytest.fixture(scope="module")
def lives():
    return Lived(ALL), Lived(SPARED)


def test_equal_conduct_is_penalised_alike_until_a_rule_spares_some(lives):
    everybody, spared = lives
    assert everybody.acts(everybody.run.baseline)[everybody.scored & everybody.official].sum() > 500
    assert everybody.penalised_per_act(True) / everybody.penalised_per_act(False) == pytest.approx(1, abs=0.25)
    assert spared.penalised_per_act(True) == 0
    assert spared.penalised_per_act(False) == pytest.approx(everybody.penalised_per_act(False), rel=0.02)
    assert everybody.penalised_per_act(False) > 0.1


def test_who_is_exempt_does_what_they_would_do_without_the_scheme(lives):
    everybody, spared = lives
    officials = everybody.official
    assert everybody.acts(everybody.run, UNDONE)[officials].sum() > 0
    assert not spared.acts(spared.run, UNDONE)[officials].any()
    assert np.array_equal(spared.acts(spared.run)[officials], spared.acts(spared.run.baseline)[officials])
    assert spared.acts(spared.run, UNDONE)[~officials].sum() > 0


def test_who_is_exempt_is_not_rewarded_either(lives):
    def put_first(run):
        post = [service.name for service in run.context.services].index("public_post")
        return int(run.counts.outcomes[:, :, post, OUTCOMES.index("first")].sum())

    everybody, spared = lives
    assert put_first(everybody.run) > 50
    assert put_first(spared.run) == 0


def test_compared_the_exemption_shows_by_group():
    made = scorepolis.compare(ALL, SPARED, society="town", people=3000, days=120, seeds=2, threads=1)
    effects = made.effects
    rows = effects[
        (effects["number"] == "penalties") & (effects["of"] == "change") & (effects["against"] == "law-only")
    ]
    by = rows.set_index(["scheme", "group"])["mean"]
    assert by[ALL, "party"] > 0 == by[SPARED, "party"]
    assert 0 < by[SPARED, "not_party"] < by[ALL, "not_party"]

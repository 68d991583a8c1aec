"""Residents, permit holders, other migrants and foreigners are told apart, and a scope covers whom it names."""

from datetime import date
from importlib.resources import files

import numpy as np
import pytest
from tests.test_compile import ONE

from scorepolis.core.draws import Purpose, draw_once
from scorepolis.core.errors import InputError
from scorepolis.day.district import waken
from scorepolis.day.rest import pack
from scorepolis.engine.world import World
from scorepolis.explain.life import life_of
from scorepolis.explain.words import who
from scorepolis.parameters import load as load_parameters
from scorepolis.parameters.model import REGISTRATIONS
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.rulebooks import load_text, names
from scorepolis.runs.make import run as make
from scorepolis.society.flags import MIGRANT, MINORITY, PARTY, PUBLIC_SERVANT
from scorepolis.society.registration import (
    FOREIGNER,
    PERMIT_HOLDER,
    RESIDENT,
    WITHOUT_PERMIT,
    registration_limits,
    registrations,
)

START, SEED = date(2019, 1, 1), 11
MIN_AGE = 16
MIXED = {
    "societies.village.migrant_share": 0.6,
    "population.registration.foreign": 0.05,
    "population.registration.permit": 0.5,
}
PARAMETERS = load_parameters(MIXED)
ALL = frozenset(REGISTRATIONS)


def scoped(words: str) -> str:
    """The teaching town, whose points cover whom the words say."""
    text = files("scorepolis.rulebooks").joinpath("library/teaching-town.yaml").read_text(encoding="utf-8")
    return text.replace("migrants: true", words.replace(", ", "\n      "), 1)


class Lived:
    """A world of that book, whose people are told apart."""

    def __init__(self, words: str, days: int = 0):
        self.book = load_text(scoped(words), "teaching-town.yaml", PARAMETERS)
        self.world = World(PARAMETERS, [self.book], society="village", people=3000, seed=SEED, start=START)
        self.world.run(days)
        self.k = next(k for k, one in enumerate(self.book.instruments) if one.id == "points")

    def column(self, name: str) -> np.ndarray:
        return np.concatenate([columns[name] for columns in self.world.districts])

    def of_points(self, name: str) -> np.ndarray:
        return np.concatenate([columns[name][self.k] for columns in self.world.districts])

    @property
    def registered(self) -> np.ndarray:
        flags = self.column("flags")
        return registrations(flags, np.arange(flags.size), registration_limits(PARAMETERS), SEED)

    @property
    def of_age(self) -> np.ndarray:
        return (self.column("occupied") > 0) & (self.column("age") >= MIN_AGE)


@pytest.fixture(scope="module")
def everybody():
    return Lived("migrants: true")


def test_each_person_is_what_their_own_words_say():
    flags = np.array([0, MIGRANT, MIGRANT | MINORITY, MIGRANT | PARTY, MIGRANT | PUBLIC_SERVANT] * 400, np.uint16)
    slots = np.arange(flags.size) + 1024
    foreign, permit = 1 << 30, 3 << 30
    found = registrations(flags, slots, np.array([foreign, permit], np.uint64), SEED)
    for flag, slot, one in zip(flags.tolist(), slots.tolist(), found.tolist(), strict=True):
        abroad, permitted, *_ = draw_once(SEED, Purpose.ATTRIBUTE, slot, 2, 0)
        if not flag & MIGRANT:
            assert one == RESIDENT
        elif abroad < foreign and flag == MIGRANT:
            assert one == FOREIGNER
        else:
            assert one == (PERMIT_HOLDER if permitted < permit else WITHOUT_PERMIT)
    assert {*found.tolist()} == {RESIDENT, PERMIT_HOLDER, WITHOUT_PERMIT, FOREIGNER}


def test_shares_are_those_of_the_parameters(everybody):
    flags, here = everybody.column("flags"), everybody.column("occupied") > 0
    registered, migrant = everybody.registered, here & ((everybody.column("flags") & MIGRANT) > 0)
    assert (registered[here & ~migrant] == RESIDENT).all()
    eligible = migrant & ((flags & (MINORITY | PARTY | PUBLIC_SERVANT)) == 0)
    foreign = registered == FOREIGNER
    assert not foreign[migrant & ~eligible].any()
    assert foreign[eligible].mean() == pytest.approx(0.05, abs=4 * np.sqrt(0.05 / eligible.sum()))
    others = migrant & ~foreign
    assert (registered[others] == PERMIT_HOLDER).mean() == pytest.approx(0.5, abs=2 / np.sqrt(others.sum()))


def test_of_china_a_foreigner_in_some_1700_as_counted():
    known = load_parameters()
    shares = known.population.registration
    migrants = [float(province.migrant_share.exact) for province in known.provinces.values()]
    assert 0.5 < float(shares.foreign.exact) * np.mean(migrants) / (845_697 / 1_409_778_724) < 2


@pytest.mark.parametrize(
    ("words", "covered"),
    [
        ("migrants: true", ALL),
        ("migrants: false", {"resident"}),
        ("migrants: false, permit_holders: true", {"resident", "permit_holder"}),
        ("migrants: true, foreigners: false", ALL - {"foreigner"}),
        ("migrants: false, foreigners: true", {"resident", "foreigner"}),
        ("migrants: false, permit_holders: true, residents: false", {"permit_holder"}),
        ("migrants: true, residents: false", ALL - {"resident"}),
    ],
)
def test_a_scope_covers_whom_it_names_and_nobody_else(words, covered):
    lived = Lived(words)
    assert {name for name, yes in lived.book.instruments[lived.k].scope.covers.items() if yes} == covered
    inside = np.isin(lived.registered, [REGISTRATIONS.index(name) for name in covered])
    in_scope = lived.of_points("marks") & 1 > 0
    assert np.array_equal(in_scope, lived.of_age & inside)
    assert not lived.of_points("aware")[~in_scope].any()


def test_words_that_say_what_is_so_anyhow_change_neither_a_bit_nor_the_book():
    silent = Lived("migrants: true", days=31)
    said = Lived("migrants: true, permit_holders: true, foreigners: true, residents: true", days=31)
    for mine, theirs in zip(silent.world.districts, said.world.districts, strict=True):
        assert mine.keys() == theirs.keys()
        assert all(np.array_equal(mine[name], theirs[name]) for name in mine)
    apart = Lived("migrants: false, permit_holders: true")
    for mine, theirs in zip(Lived("migrants: false").world.districts, apart.world.districts, strict=True):
        for name in ("age", "flags", "education", "income_rank", "traits", "group_cell", "rate_cell", "belief", "ties"):
            assert np.array_equal(mine[name], theirs[name]), name


def test_the_digest_of_a_book_that_says_nothing_new_is_what_it_was_before_there_were_these_words():
    assert ONE.digest() == "082472aa84337dc297a7cfa7bcc0f84a8b870ce0932e90deb2769d8772518675"
    (points,) = ONE.instruments
    for changes in ({"permit_holders": True}, {"foreigners": False}, {"residents": False}):
        other = ONE.with_(instruments=(points.with_(scope=points.scope.with_(**changes)),))
        assert other.digest() != ONE.digest()


def test_who_is_left_out_is_left_alone():
    lived = Lived("migrants: false, permit_holders: true", days=120)
    ledger = lived.world.tally.ledger()
    entered = np.unique(ledger["slot"][ledger["instrument"] == lived.k])
    found = {REGISTRATIONS[n] for n in lived.registered[entered].tolist()}
    assert found == {"resident", "permit_holder"}
    assert not lived.of_points("marks")[lived.registered >= WITHOUT_PERMIT].any()


def test_they_are_the_same_people_when_their_state_comes_back_from_a_file():
    world = Lived("migrants: false, permit_holders: true", days=31).world
    for number, columns in enumerate(world.districts):
        packed = pack(columns, world.settled[number], world.tables_of(number))
        awake = waken(world.settled[number], world.tables_of(number), packed, 0)
        assert all(np.array_equal(awake[name], columns[name]) for name in ("marks", "aware", "standing", "raw"))


def test_only_books_whose_sources_say_so_tell_migrants_apart():
    known = load_parameters()
    apart = {
        name
        for name in names()
        if any(one.scope.tells_apart or not one.scope.residents for one in load_rulebook(name, known).instruments)
    }
    assert apart == {"rongcheng-2021"}
    (points,) = load_rulebook("rongcheng-2021", known).instruments
    assert points.scope.covers == {"resident": True, "permit_holder": True, "migrant": False, "foreigner": False}


def test_a_share_above_one_is_refused():
    with pytest.raises(InputError, match="registration"):
        load_parameters({"population.registration.permit": 1.2})


def told(book: str) -> dict[str, set[bool]]:
    """What migrants are called, and whether the instrument covers them."""
    run = make("village", rulebooks=[book], people=1500, days=5, seed=3, panel=1500, threads=1, set=MIXED)
    found: dict[str, set[bool]] = {}
    people = run.panel.people
    migrants = people["person"][(people["flags"] & MIGRANT > 0) & (people["age"] >= 18)]
    for number in migrants[:200].tolist():
        life = life_of(run, number)
        called = who(life).rpartition("; ")[2].partition(",")[0].rstrip(".")
        found.setdefault(called, set()).add(bool(life.scopes))
    return found


def test_a_told_life_says_where_one_is_registered_if_it_matters():
    assert told("teaching-town").keys() == {"a migrant"}
    found = told("rongcheng-2021")
    assert found["a migrant with a residence permit"] == {True, False}, "by consent"
    assert found["a migrant without a residence permit"] == {False}
    assert found["a foreigner"] == {False}

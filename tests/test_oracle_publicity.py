"""The oracle's own tests, continued: who is shown, who hears of it, and what it does to them."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.oracle import World
from tests.oracle.files import BIT, CHANNELS
from tests.oracle.month import Month, exchange, live
from tests.oracle.publicity import (
    APP,
    BILLBOARD,
    BROADCAST_PRAISE,
    BROADCAST_SHAME,
    GALLERY,
    RINGTONE,
    hear,
    praise_heard,
    publish,
    pull,
    standing_on,
)

PARAMETERS = Path(__file__).parents[1] / "src" / "scorepolis" / "parameters"

# Two lists, on every channel between them and on the ringtone under both; the clear of the second are praised.
BOOK = """
version: 1
name: loud-lists
employs: []
instruments:
  - &list
    id: debtors
    method: list
    scope: {min_age: 18, migrants: true}
    transparency: published
    notice: true
    reach: [court]
    stock: 0.3
    rules:
      - {id: J1, behaviours: [ignoring_judgment], term: null}
    consequences: []
    publicity:
      billboard: {grades: [listed], price_of_shame: 3000}
      ringtone: {grades: [listed], price_of_shame: 700}
  - <<: *list
    id: drivers
    stock: 0.1
    publicity:
      app: {grades: [listed], price_of_shame: 50}
      ringtone: {grades: [listed], price_of_shame: 8}
      broadcast_shame: {grades: [listed], price_of_shame: 1}
      gallery: {grades: [clear], praise: 200}
      broadcast_praise: {grades: [clear], praise: 30}
"""

# Eight hamlets in two districts, half of them on the market street.
SMALL = {
    "societies.village.neighbourhood_size": 30,
    "societies.village.district_neighbourhoods": 4,
    "coefficients.publicity.shunning": 0.1,
}


def change(world, group, **names):
    world.setting.coefficients[group] |= {name: Fraction(value) for name, value in names.items()}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("books") / "loud-lists.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def first_month(book):
    world = World(PARAMETERS, [book], "village", 240, 5, date(2019, 1, 1), SMALL)
    world.month = Month(world.setting)
    return world


@pytest.fixture
def month(first_month):
    """The first month of it, with nobody listed, for meddling with."""
    world = deepcopy(first_month)
    for person in world.society.people:
        for instrument, account in zip(world.setting.instruments, person.accounts, strict=True):
            account.overrides = [0, 0]
            account.renew(instrument)
    return world


def adult(world, urban, online):
    """A worker with ties of every sort, in the scope of both lists."""
    return next(
        person
        for person in world.society.people
        if all(account.in_scope for account in person.accounts)
        and (person.urban, person.has(BIT["online"])) == (urban, online)
        and person.has(BIT["working"])
        and len(world.ties.beyond(person)) > 4
    )


def put_on(person, *instruments):
    for k in instruments:
        person.accounts[k].standing = 0


def test_worth_counts_every_channel_that_shows_the_grade(month):
    debtors, drivers = month.tables.instruments
    assert debtors.value == [[-3700, 0]] * 32
    assert drivers.value == [[-59, 230]] * 32


def test_what_is_shown_is_counted_by_instrument_and_channel(month):
    person = adult(month, urban=True, online=True)
    put_on(person, 0, 1)
    child = next(person for person in month.society.people if person.age < 18)
    put_on(child, 0)  # out of scope: shown nowhere
    assert standing_on(month, child) == (set(), set())
    publish(month)
    clear = Counter(each.h for each in month.society.people if each.accounts[1].in_scope and each is not person)
    for place in month.society.neighbourhoods:
        mine = place.number == person.h
        assert place.shown == [mine, mine, 2 * mine, mine, clear[place.number], clear[place.number]]
    assert [account.marks & 8 for account in person.accounts] == [8, 8]
    assert sum(account.marks & 8 for each in month.society.people for account in each.accounts) == 16


@pytest.mark.parametrize(
    ("instruments", "shaming", "praising"),
    [
        ((), set(), {GALLERY, BROADCAST_PRAISE}),
        ((0,), {BILLBOARD, RINGTONE}, {GALLERY, BROADCAST_PRAISE}),
        ((0, 1), {BILLBOARD, RINGTONE, APP, BROADCAST_SHAME}, set()),  # the ringtone once
    ],
)
def test_each_channel_counts_once_for_the_one_on_it(month, instruments, shaming, praising):
    person = adult(month, urban=True, online=True)
    put_on(person, *instruments)
    assert standing_on(month, person) == (shaming, praising)

    change(month, "life", trust_return=0, opinion_return=0, shown_distrust="0.1", opinion_loss="0.04")
    change(month, "life", opinion_gain="0.02")
    change(month, "publicity", praise_opinion=0)
    month.news = [[0] * 8] * 2
    person.trust = person.opinion = 128
    live(month, 30, person)
    assert abs(person.trust - (128 - len(shaming) * 25.5)) < 1
    assert abs(person.opinion - (128 - len(shaming) * 10.2 + len(praising) * 5.1)) < 1


@pytest.mark.parametrize("urban", [True, False])
@pytest.mark.parametrize("online", [True, False])
def test_the_audience_is_whom_a_channel_reaches(month, urban, online):
    person = adult(month, urban, online)
    place = month.society.neighbourhoods[person.h]
    place.shown = [3, 1, 0, 2, 1, 4]
    hear(month, 30)
    audience = [sum(each) for each in zip(*month.month.audience, strict=True)]
    n, connected = len(place.people), sum(each.has(BIT["online"]) for each in place.people)
    assert audience == [n, connected, 0, 0 if urban else n, n, 0 if urban else n]
    like = [each for each in place.people if each.group_cell == person.group_cell]
    assert month.month.audience[person.group_cell][BILLBOARD] == len(like)
    assert month.month.audience[person.group_cell][APP] == sum(each.has(BIT["online"]) for each in like)


def test_a_ringtone_is_heard_by_every_tie(month):
    change(month, "publicity", ringtone_weight=1, shunning=0)
    person = adult(month, urban=True, online=True)
    put_on(person, 0)
    before = [list(each.belief) for each in month.society.people]
    hear(month, 30)
    ties = month.ties.of(person)
    assert len(ties) > len(set(person.home)) - 1 + 4
    for each, belief in zip(month.society.people, before, strict=True):
        assert each.belief == ([255] * 4 if each in ties else belief)
    contacts = Counter(each.group_cell for each in ties)
    assert {cell: row[RINGTONE] for cell, row in enumerate(month.month.audience) if row[RINGTONE]} == contacts


@pytest.mark.parametrize("rings", [True, False])
def test_the_shunned_keep_their_household_alone(month, rings):
    change(month, "publicity", shunning=1, shunned_distrust="1/255", ringtone_weight=1)
    person = adult(month, urban=False, online=True)
    put_on(person, 0)
    if not rings:  # shown on the billboard alone
        month.setting.instruments[0].channels[RINGTONE].grades.clear()
    lost, far = month.ties.beyond(person), month.ties.acquaintance(person)
    ties = {each.slot: Counter(each.slot for each in month.ties.of(each)) for each in lost}
    trust = {each.slot: each.trust for each in month.society.people}
    hear(month, 30)
    assert month.ties.of(person) == [other for other in person.home if other is not person]
    assert month.ties.acquaintance(person) is far
    assert {each.belief == [255] * 4 for each in lost} == {rings}  # they hear it before they turn away
    for each in set(lost):
        kept = ties[each.slot] - Counter({person.slot: lost.count(each)})
        assert Counter(other.slot for other in month.ties.of(each)) == kept
    fallen = {each.slot: trust[each.slot] - each.trust for each in month.society.people}
    assert {slot: by for slot, by in fallen.items() if by} == Counter(each.slot for each in lost) + Counter(
        {person.slot: len(lost)}
    )
    assert {cell: n for cell, n in enumerate(month.month.ties_lost) if n} == {person.group_cell: len(lost)}

    hear(month, 58)  # nobody is left to turn away
    assert sum(month.month.ties_lost) == len(lost)


def test_living_among_the_shown(month):
    change(month, "life", opinion_return=0, opinion_loss=0, opinion_gain=0)
    change(month, "publicity", billboard_weight=1, praise_opinion="0.1")
    month.news = [[0] * 8] * 2
    person = adult(month, urban=True, online=False)
    month.society.neighbourhoods[person.h].shown = [20, 0, 0, 0, 10, 0]
    person.opinion, person.belief = 128, [3, 0, 40, 255]
    live(month, 30, person)
    assert person.belief == [255] * 4
    assert 128 + 12 <= person.opinion <= 128 + 13  # half of 25.5


def test_a_tie_between_two_who_are_shown_ends_once(month):
    change(month, "publicity", shunning=1)
    held = {}
    for person in month.society.people:
        if person.accounts[0].in_scope:
            put_on(person, 0, 1)
        held[person.slot] = month.ties.beyond(person)
    hear(month, 30)
    shown = {person.slot for person in month.society.people if person.accounts[0].in_scope}
    ends = sum(1 if other.slot in shown else 2 for slot in shown for other in held[slot])
    assert sum(month.month.ties_lost) * 2 == ends
    for person in month.society.people:
        assert month.ties.beyond(person) == [
            other for other in held[person.slot] if not shown & {person.slot, other.slot}
        ]


@pytest.mark.parametrize(
    ("shown", "urban", "online", "weight", "heard"),
    [
        # Q(16, 0.1) = 6554, Q(16, 0.2) = 13107, Q(16, 0.4) = 26214; Q(16, 255 * 0.01) = 167117
        ([0, 0, 9, 0, 0, 0], False, True, 0, 0),
        ([7, 0, 0, 0, 3, 0], True, False, 2293, 25067),
        ([7, 3, 9, 5, 3, 2], True, False, 2293, 25067),
        ([7, 3, 9, 5, 3, 2], True, True, 4259, 25067),
        ([7, 3, 9, 5, 3, 2], False, False, 8847, 41779),
        ([7, 3, 9, 5, 3, 2], False, True, 10813, 41779),
        ([50, 50, 50, 50, 15, 15], False, True, 45875, 167117),
    ],
)
def test_what_those_around_make_of_it(shown, urban, online, weight, heard):
    publicity = {"billboard_weight": Fraction("0.1"), "app_weight": Fraction("0.2"), "praise_opinion": Fraction("0.01")}
    publicity["broadcast_weight"] = Fraction("0.4")
    person = SimpleNamespace(urban=urban, has=lambda bit: online and bit == BIT["online"])
    assert pull(publicity, person, shown) == weight
    assert praise_heard(publicity, person, shown) == heard
    loud = dict.fromkeys(publicity, Fraction("0.9"))
    assert pull(loud, person, [20] * 6) == (58982 if urban and not online else 65536)


def test_the_news_tells_of_all_that_is_shown(month):
    change(month, "awareness", news_reach=0)
    change(month, "publicity", publicity_reach="0.5")
    for place, shown in zip(month.society.neighbourhoods, [[0] * 6, [1, 2, 0, 0, 3, 4], [9] * 6], strict=False):
        place.shown = shown
    exchange(month, 30)
    assert [news[:4] for news in month.news] == [[0, 2**30, 2**31, 0]] * 2


def test_a_quarter_adds_up(book):
    world = World(PARAMETERS, [book], "village", 240, 5, date(2019, 1, 1), SMALL)
    at_first = sum(len(world.ties.beyond(person)) for person in world.society.people)
    world.run(90)
    people, counts = world.society.people, world.counts
    left = at_first
    for ties, lost in zip(counts["ties"], counts["ties_lost"], strict=True):
        left -= 2 * sum(lost)
        assert sum(ties) == left
    assert 0 < left < at_first
    on = Counter((person.group_cell, c) for person in people for each in standing_on(world, person) for c in each)
    assert {(cell, c): n for cell, row in enumerate(counts["on_channel"][-1]) for c, n in enumerate(row) if n} == on
    assert {c for _, c in on} == set(range(len(CHANNELS)))
    assert all(place.shown == [0] * 6 for place in world.society.neighbourhoods)
    for person in people:
        for other in world.ties.beyond(person):
            assert world.ties.beyond(person).count(other) == world.ties.beyond(other).count(person)

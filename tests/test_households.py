"""Who lives with whom."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorepolis import parameters
from scorepolis.core.errors import InputError
from scorepolis.society import SLOTS, build_people, build_places
from scorepolis.society.flags import FEMALE
from scorepolis.society.households import draw_sizes, form_households, with_heads

LOADED = parameters.load()
TOWN = LOADED.societies["town"]
SHARES = LOADED.population.household_size.exact


@cache
def town(people: int = 100_000, seed: int = 7) -> dict[str, np.ndarray]:
    """Columns of a town, its occupied slots alone, with position and size in the household taken apart."""
    places = build_places(TOWN, people, LOADED)
    columns = build_people(places, TOWN, LOADED, seed, 0, places.neighbourhoods)
    occupied = columns["occupied"] == 1
    columns["slot"] = np.arange(occupied.size)
    columns["position"] = columns["household"] >> 4
    columns["size"] = columns["household"] & 15
    return {name: column[occupied] for name, column in columns.items()}


def of_head(columns: dict[str, np.ndarray], name: str) -> np.ndarray:
    """What a column says of the head of each person's household."""
    return columns[name][np.searchsorted(columns["slot"], columns["home"])]


def test_drawn_sizes_follow_the_published_shares() -> None:
    people = np.full(400, 500, dtype=np.int32)
    sizes, counts = draw_sizes(SHARES, people, 0, 7)
    assert counts.sum() == sizes.size
    ends = np.cumsum(counts)
    assert np.array_equal(np.add.reduceat(sizes, ends - counts), people)
    whole = np.delete(sizes, ends - 1)  # the last of a neighbourhood is cut to fit
    found = np.bincount(whole, minlength=len(SHARES) + 1)[1:] / whole.size
    shares = np.array([float(share) for share in SHARES])
    # Households that would not fit are cut, so large ones are missing by a little: one cut in some 190.
    assert np.abs(found - shares).max() < 5 * np.sqrt(0.25 / whole.size)


def test_sizes_of_a_neighbourhood_do_not_depend_on_those_drawn_beside_it() -> None:
    people = np.array([300, 301, 12, 999], dtype=np.int32)
    together, counts = draw_sizes(SHARES, people, 5, 7)
    apart = [draw_sizes(SHARES, people[h : h + 1], 5 + h, 7)[0] for h in range(4)]
    assert np.array_equal(together, np.concatenate(apart))
    assert counts.tolist() == [sizes.size for sizes in apart]


def test_households_of_one_need_a_draw_for_each_person() -> None:
    sizes, counts = draw_sizes((Fraction(1), Fraction(0)), np.array([10, 9], dtype=np.int32), 0, 7)
    assert sizes.tolist() == [1] * 19
    assert counts.tolist() == [10, 9]


def test_a_household_is_a_run_of_slots_within_one_neighbourhood() -> None:
    people = town()
    assert np.array_equal(people["slot"] - people["position"], people["home"])
    assert np.array_equal(people["home"] // SLOTS, people["slot"] // SLOTS)
    assert np.array_equal(of_head(people, "size"), people["size"])
    assert np.all(people["position"] < people["size"])
    homes, members = np.unique(people["home"], return_counts=True)
    heads = np.searchsorted(people["slot"], homes)
    assert np.array_equal(members, people["size"][heads])
    assert np.all(people["position"][heads] == 0)


def test_no_child_heads_a_household() -> None:
    people = town()
    assert people["age"][people["position"] == 0].min() >= 20


def test_mean_household_is_that_of_the_census() -> None:
    people = town()
    mean = people["slot"].size / (people["position"] == 0).sum()
    # Seventh National Population Census 2020: 2.62 persons in a family household.
    assert mean == pytest.approx(2.62, abs=0.03)


def test_partners_are_of_like_age() -> None:
    people = town()
    differs = (people["flags"] ^ of_head(people, "flags")) & FEMALE
    partner = (people["position"] == 1) & (people["age"] >= 20) & (differs > 0)
    gap = np.abs(people["age"].astype(int) - of_head(people, "age"))[partner]
    assert partner.sum() > 0.4 * (people["position"] == 0).sum()
    assert np.median(gap) <= 3
    assert np.mean(gap <= 10) > 0.9


def test_parents_are_older_than_their_children() -> None:
    people = town()
    child = people["age"] < 20
    older_by = of_head(people, "age").astype(int)[child] - people["age"][child]
    assert older_by.min() > 0
    assert np.mean(older_by >= 18) > 0.97
    assert 25 <= np.median(older_by) <= 36
    assert np.mean((of_head(people, "age")[child] >= 22) & (of_head(people, "age")[child] <= 59)) > 0.95


def test_the_head_and_partner_come_first_and_the_others_by_age() -> None:
    people = town()
    age, position = people["age"].astype(int), people["position"]
    later = np.flatnonzero(position >= 3)
    assert np.all(age[later] <= age[later - 1])


@st.composite
def neighbourhoods(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    sizes = np.array(draw(st.lists(st.integers(1, 6), min_size=1, max_size=40)))
    n = int(sizes.sum())
    age = np.array(draw(st.lists(st.integers(0, 100), min_size=n, max_size=n)))
    age[draw(st.permutations(range(n)))[: sizes.size]] += 20
    female = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    return np.minimum(age, 100), female, sizes


@settings(deadline=None, max_examples=100)
@given(neighbourhoods())
def test_everybody_finds_a_place(neighbourhood: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    age, female, sizes = neighbourhood
    order = form_households(age, female, sizes)
    assert sorted(order.tolist()) == list(range(age.size))
    heads = order[np.cumsum(sizes) - sizes]
    assert heads.tolist() == np.flatnonzero(age >= 20)[: sizes.size].tolist()


def test_a_family_by_hand() -> None:
    # Ranks: 0 a man of 40, 1 a girl of 3, 2 a woman of 70, 3 a woman of 38, 4 a boy of 12, 5 a man of 25.
    age = np.array([40, 3, 70, 38, 12, 25])
    female = np.array([False, True, True, True, False, False])
    # The man of 40 and the woman of 70 are the heads. The only free woman becomes his partner, the only free man hers:
    # like marries like only where there is a choice. Both children go to the household that has rooms left.
    order = form_households(age, female, np.array([4, 2]))
    assert order.tolist() == [0, 3, 4, 1, 2, 5]


def test_more_households_than_adults_is_an_error() -> None:
    age = np.array([30, 5, 6, 7])
    with pytest.raises(InputError, match="2 households and only 1 adults"):
        form_households(age, np.zeros(4, dtype=bool), np.array([2, 2]))


def test_households_without_a_head_are_taken_in() -> None:
    # Two adults for four households of one neighbourhood; the other neighbourhood has enough of them.
    sizes, counts = np.array([2, 1, 3, 1, 2, 2]), np.array([4, 2])
    age = np.array([30, 5, 6, 40, 7, 8, 9, 20, 5, 20, 20])
    taken, left = with_heads(sizes, counts, age, np.array([7, 4]))
    assert left.tolist() == [2, 2]
    # Four are homeless: two each for the first two households.
    assert taken.tolist() == [4, 3, 2, 2]
    assert with_heads(sizes[4:], counts[1:], age[7:], np.array([4]))[0] is not None
    order = form_households(age[:7], np.zeros(7, dtype=bool), taken[:2])
    assert sorted(order.tolist()) == list(range(7))


@pytest.mark.parametrize(("adults", "words"), [(0, "only 0 adults"), (1, "only 1 adults")])
def test_a_neighbourhood_of_children_is_an_error(adults: int, words: str) -> None:
    age = np.array([30] * adults + [5] * (16 - adults))
    with pytest.raises(InputError, match=words):
        with_heads(np.full(8, 2), np.array([8]), age, np.array([16]))

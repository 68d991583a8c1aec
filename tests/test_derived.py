"""What is not kept of people who rest follows from what is kept."""

from __future__ import annotations

import numpy as np
import pytest

from scorepolis.core.draws import Purpose, draw_words
from scorepolis.engine.setting import Setting
from scorepolis.parameters import load
from scorepolis.society.derived import DERIVED, derive, drawn_of
from scorepolis.society.flags import FEMALE, MIGRANT, MINORITY, PARTY, URBAN, WORKING

PANEL = 4000


@pytest.fixture(scope="module", params=["town", "national"])
def setting(request):
    return Setting(load({}), [], society=request.param, people=60_000, seed=9, panel=PANEL)


@pytest.fixture(scope="module")
def settled(setting):
    return setting.settle(1)


def test_it_gives_again_what_was_left_out(settled):
    drawn = drawn_of(settled)
    assert settled.keys() - drawn.keys() == set(DERIVED)
    again = derive(drawn)
    assert again.keys() == settled.keys()
    for name, column in settled.items():
        assert np.array_equal(again[name], column), name
        assert np.asarray(again[name]).dtype == np.asarray(column).dtype, name


def test_who_lives_in_a_slot_comes_first_in_the_neighbourhood(settled):
    rows = settled["occupied"].reshape(-1, 1024)
    assert np.array_equal(rows.sum(axis=1), settled["sizes"])
    assert np.all(np.diff(rows.astype(int), axis=1) <= 0)
    assert not settled["rate_cell"][settled["occupied"] == 0].any()
    assert not settled["group_cell"][settled["occupied"] == 0].any()


def test_cells_are_those_of_age_sex_and_place(settled):
    here = settled["occupied"] > 0
    age, flags = settled["age"][here].astype(int), settled["flags"][here].astype(int)
    bands = [sum(a >= start for start in (6, 18, 30, 40, 50, 60, 70)) for a in age]
    place = (flags & FEMALE > 0) * 2 + (flags & URBAN > 0)
    assert np.array_equal(settled["rate_cell"][here], np.array(bands) * 4 + place)
    groups = np.array([sum(a >= start for start in (18, 40, 60)) for a in age])
    crowd = groups * 16 + place * 4 + (flags & MINORITY > 0) * 2 + (flags & MIGRANT > 0)
    fifth = settled["income_rank"][here].astype(int) * 5 // 1024
    assert np.array_equal(settled["group_cell"][here], (crowd * 5 + fifth) * 2 + (flags & PARTY > 0))


def test_the_panel_is_drawn_from_all(setting, settled):
    first = int(settled["first_slot"])
    words = draw_words(9, Purpose.PANEL, first + np.arange(settled["age"].size), 0, 0)[0].astype(np.int64)
    told = (words < (PANEL << 32) // 60_000) & (settled["occupied"] > 0)
    assert np.array_equal(settled["panel"] > 0, told)
    assert np.array_equal(settled["panel_slots"], np.flatnonzero(told))
    assert 0 < told.sum() < 4 * PANEL * settled["age"].size // 60_000


def test_those_who_work_have_workmates(settled):
    works = settled["flags"] & WORKING > 0
    mates = (settled["ties"][:, 4:] != 65535).sum(axis=1)
    assert mates[~works].sum() == 0 < mates[works].sum()

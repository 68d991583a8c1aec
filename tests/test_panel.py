"""Whose ledger and life are kept: some of a large society, everybody of a small one; nothing else depends on it."""

from __future__ import annotations

import numpy as np
import pytest

import scorepolis as sp

HOW = {"people": 900, "days": 40, "seed": 5, "baseline": False}


@pytest.fixture(scope="module")
def everybody():
    return sp.run("town", **HOW)


def test_a_small_panel_changes_what_is_kept_and_nothing_else(everybody):
    some = sp.run("town", **HOW, panel=300)
    for name, counts in everybody.counts.items():
        assert np.array_equal(counts, dict(some.counts.items())[name]), name
    kept = set(some.ledger["person"])
    assert kept < set(everybody.ledger["person"])
    theirs = everybody.ledger[everybody.ledger["person"].isin(kept)].reset_index(drop=True)
    assert some.ledger.reset_index(drop=True).equals(theirs)
    assert 200 < some.panel.read("people", None)["person"].size < 400


def test_there_may_be_no_panel(everybody):
    nobody = sp.run("town", **HOW, panel=0)
    assert nobody.ledger.empty
    assert np.array_equal(nobody.counts.acts, everybody.counts.acts)


def test_a_run_says_how_large_its_panel_was(everybody, tmp_path):
    assert everybody.provenance["panel"] == 20_000
    assert sp.run("town", **HOW, panel=7, out=tmp_path / "a").provenance["panel"] == 7


@pytest.mark.parametrize("panel", [-1, 1.5, 10**9])
def test_panels_have_bounds(panel):
    with pytest.raises(sp.InputError, match="panel"):
        sp.run("town", **HOW, panel=panel)


def test_a_run_without_lives_has_the_same_counts_and_ledger():
    how = HOW | {"baseline": True}
    whole, bare = sp.run("town", **how), sp.run("town", **how, lives=False)
    assert bare.verify() == whole.verify()
    assert len(whole.panel.events()["day"]) > 0
    for run in (bare, bare.baseline):
        with pytest.raises(sp.InputError, match="keeps no lives"):
            _ = run.panel


def test_a_run_in_a_folder_keeps_lives(tmp_path):
    with pytest.raises(sp.InputError, match="keeps lives"):
        sp.run("town", **HOW, lives=False, out=tmp_path / "a")
    assert not (tmp_path / "a").exists()

"""Shared entries: what is entered for one person is entered in part for the household, and taken back likewise."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import scorepolis
from scorepolis.core.buffers import CORRECTION, EXPIRE, FED, IN_SCOPE, PENALISED, RECORD, REWARDED
from scorepolis.core.buffers import SHARED as SHARED_ENTRY
from scorepolis.core.errors import InputError
from scorepolis.day.start import start_standing
from scorepolis.engine.world import World
from scorepolis.explain.life import life_of
from scorepolis.explain.moments import moments
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load, load_text
from scorepolis.rulebooks.schema import Shared

TOWN = Path(__file__).parent / "books" / "shared.yaml"

# Much is seen, some of it wrongly, and many appeal.
OFTEN = {
    "coefficients.reward.reward_pull": 200,
    "coefficients.awareness.awareness": 0.8,
    "coefficients.appeals.appeals_wronged": 0.9,
    "coefficients.appeals.appeals_other": 0.9,
    "sensors.neighbourhood_collector.false_positive": 0.0001,
    "sensors.street_camera.false_positive": 0.0001,
    "societies.village.district_neighbourhoods": 4,
}
PARAMETERS = load_parameters(OFTEN)
SHARES = {"T01": 0.5, "T03": 0.25, "T09": 1, "T13": 0.5, "T15": 0.1, "T19": 0.34}
PEOPLE, DAYS, SEED = 6000, 60, 21


def amount(value):
    return {"value": value, "unit": "share of the points", "status": "assumed", "range": [0, 1], "reason": "An example"}


def shared(instrument, shares):
    """An instrument whose rules share so much among the household."""
    rules = [
        rule.with_(shared={"among": "household", "share": amount(shares[rule.id])}) if rule.id in shares else rule
        for rule in instrument.rules
    ]
    return instrument.with_(rules=rules)


@cache
def book():
    """The points of the teaching town, partly shared, and a second instrument which they hold down."""
    teaching = load("teaching-town", PARAMETERS)
    (points,) = (i for i in teaching.instruments if i.method == "points")
    first = shared(points.with_(fed_by=()), SHARES)
    feed = {
        "rulebook": "teaching-town", "instrument": "points", "grade": "C", "override": "D",
        "status": "assumed", "reason": "An example",
    }  # fmt: skip
    return teaching.with_(instruments=(first, points.with_(id="fed", fed_by=(feed,), rules=points.rules[:2])))


class Lived:
    """A village after some weeks, how it began, and its ledger by rows."""

    def __init__(self, book, days=DAYS):
        self.world = World(PARAMETERS, [book], society="village", people=PEOPLE, seed=SEED)
        self.began = self.column("raw")
        self.scope = self.column("marks") & IN_SCOPE > 0
        household = self.column("household")
        slots = np.arange(household.size)
        self.head, self.size = slots - (household >> 4), household & 15
        self.slots = np.concatenate([int(d["first_slot"]) + np.arange(d["age"].size) for d in self.world.districts])
        self.at = {slot: n for n, slot in enumerate(self.slots.tolist())}
        self.world.run(days)
        fields = self.world.tally.ledger()
        self.rows = [
            dict(zip(fields, row, strict=True)) for row in zip(*map(np.ndarray.tolist, fields.values()), strict=True)
        ]
        self.counts = self.world.tally.counts()
        self.rules = book.instruments[0].rules
        self.appeal_days = int(book.instruments[0].appeal.days.exact) if book.instruments[0].appeal else 0

    def column(self, name):
        return np.concatenate([d[name] for d in self.world.districts], axis=-1).astype(np.int64)

    def others(self, slot, k=0):
        """Places of the other members of somebody's household in scope."""
        me = self.at[slot]
        return [j for j in range(self.head[me], self.head[me] + self.size[me]) if j != me and self.scope[k, j]]

    def echo(self, row):
        rule = self.rules[row["rule"]]
        if row["instrument"] or rule.shared is None:
            return 0
        share = Fraction(round(rule.shared.share.exact * 2**16), 2**16)
        size = int(abs(row["points"]) * share + Fraction(1, 2))
        return size if row["points"] > 0 else -size

    def of(self, *whats):
        return [row for row in self.rows if row["what"] in whats]


@pytest.fixture(scope="module")
def lived():
    return Lived(book())


def test_every_entry_of_a_shared_rule_stands_once_for_each_other_member(lived):
    key = ("day", "instrument", "rule", "behaviour", "sensor", "doer")
    expected = Counter(
        (int(lived.slots[j]), lived.echo(row), *(row[name] for name in key))
        for row in lived.of(RECORD, CORRECTION)
        if lived.echo(row)
        for j in lived.others(row["slot"])
    )
    found = Counter((row["slot"], row["points"], *(row[name] for name in key)) for row in lived.of(SHARED_ENTRY))
    assert found == expected
    assert sum(found.values()) > 500
    assert {row["points"] for row in lived.of(SHARED_ENTRY)} >= {-3, -4, -30, 3, 4, 6}


def test_nothing_else_moves_points(lived):
    entered = np.zeros_like(lived.began)
    for row in lived.rows:
        entered[row["instrument"], lived.at[row["slot"]]] += row["points"]
    assert np.array_equal(lived.column("raw"), lived.began + entered)


def test_what_was_entered_for_others_runs_out_when_the_rule_says(lived):
    ran = Counter((row["day"], row["slot"], row["rule"], row["points"]) for row in lived.of(EXPIRE))
    due = Counter(
        (row["day"] + int(expires.exact), int(lived.slots[j]), row["rule"], -lived.echo(row))
        for row in lived.of(RECORD)
        if lived.echo(row) and (expires := lived.rules[row["rule"]].expires)
        for j in lived.others(row["slot"])
    )
    due = {key: n for key, n in due.items() if key[0] < DAYS}
    assert len(due) > 300
    assert all(ran[key] >= n for key, n in due.items())


def test_a_correction_gives_back_what_others_lost_until_it_would_have_run_out_anyway(lived):
    corrected = [
        row
        for row in lived.of(CORRECTION)
        if lived.echo(row) and lived.rules[row["rule"]].expires and lived.others(row["slot"])
    ]
    assert len(corrected) > 20
    ran = Counter((row["day"], row["slot"], row["rule"], row["points"]) for row in lived.of(EXPIRE))
    checked = 0
    for row in corrected:
        ends = row["day"] + int(lived.rules[row["rule"]].expires.exact) - lived.appeal_days
        for j in lived.others(row["slot"]):
            slot = int(lived.slots[j])
            if ends < DAYS:
                # The entry runs out, and so does what was given back for it, on the same day.
                assert ran[ends, slot, row["rule"], lived.echo(row)] >= 1
                assert ran[ends, slot, row["rule"], -lived.echo(row)] >= 1
                checked += 1
    assert checked > 10


def test_marks_and_counts_tell_of_it(lived):
    marks, counted = lived.column("marks")[0], Counter()
    for row in lived.of(RECORD):
        for j in lived.others(row["slot"]) if lived.echo(row) else ():
            counted[lived.echo(row) > 0] += 1
            assert marks[j] & (PENALISED if lived.echo(row) < 0 else REWARDED)
    assert lived.counts.shared.sum(axis=(0, 1)).tolist() == [[counted[False], counted[True]], [0, 0]]
    assert min(counted.values()) > 100


def test_others_are_held_down_where_their_standing_feeds(lived):
    moved = {
        (row["day"], row["slot"]) for row in lived.of(SHARED_ENTRY) if row["standing_before"] != row["standing_after"]
    }
    fed = {(row["day"], row["slot"]) for row in lived.of(FED)}
    assert len(moved & fed) > 10


def test_standing_follows(lived):
    latest = {}
    for row in lived.rows:
        latest[row["instrument"], row["slot"]] = row["standing_after"]
    standing = lived.column("standing")
    assert all(standing[k, lived.at[slot]] == stands for (k, slot), stands in latest.items())


# ----------------------------------------------------------------------------------------------------------- the past


@cache
def alone(share):
    """Litter alone, in a book that lies long open."""
    stars = load("village-stars", PARAMETERS)
    (one,) = stars.instruments
    litter = one.rules[2].with_(shared=Shared(among="household", share=amount(share)) if share else None)
    return stars.with_(instruments=(one.with_(rules=(litter,)),))


@pytest.mark.parametrize("share", [1, 0.5])
def test_the_past_was_shared_too(share):
    one, other = (World(PARAMETERS, [alone(s)], society="village", people=PEOPLE, seed=SEED) for s in (0, share))
    size = int(5 * share + 0.5)
    some = 0
    for d, e in zip(one.districts, other.districts, strict=True):
        tables = (one.tables, other.tables)
        due = [start_standing(c.copy(), t, SEED, int(c["first_slot"]), 0) for c, t in zip((d, e), tables, strict=True)]
        ends = [Counter(zip(days.tolist(), keys.tolist(), strict=True)) for days, keys, _ in due]
        own = [
            (day, key >> 48, key) for (day, key), n in ends[0].items() for _ in range(n) if (key >> 44) & 15 == EXPIRE
        ]
        household, scope = d["household"].astype(np.int64), d["marks"][0] & IN_SCOPE > 0
        raw = d["raw"][0].astype(np.int64)
        expected = Counter(ends[0])
        for day, i, key in own:
            head = i - (household[i] >> 4)
            for j in range(head, head + (household[i] & 15)):
                if j != i and scope[j]:
                    raw[j] -= size
                    points = (-size & 0xFFFF) << 16
                    expected[day, j << 48 | (key & 0xFFFF << 32) | points | EXPIRE << 44] += 1
        assert np.array_equal(raw, e["raw"][0])
        assert ends[1] == expected
        some += len(own)
    assert some > 100


def test_all_of_a_household_have_the_same_stars():
    lived = Lived(load("village-stars", PARAMETERS), 40)
    raw, (scope,) = lived.column("raw")[0], lived.scope
    heads = lived.head[scope]
    lowest, highest = np.full(raw.size, 200), np.full(raw.size, -200)
    np.minimum.at(lowest, heads, raw[scope])
    np.maximum.at(highest, heads, raw[scope])
    assert np.array_equal(lowest[heads], highest[heads])
    assert len(np.unique(raw[scope])) > 5


def test_what_is_not_shared_is_not_looked_at():
    unshared = alone(0)
    assert Lived(unshared, 3).world.nanoseconds["share"] == 0
    assert Lived(alone(1), 3).world.nanoseconds["share"] > 0


# ---------------------------------------------------------------------------------------------------------- for readers


def test_it_is_told_by_its_rule():
    run = scorepolis.run("village", rulebooks=[TOWN], people=600, days=40, seed=3, baseline=False)
    entered = run.ledger[run.ledger["what"] == "shared"]
    assert set(entered["rule"]) == {"H1", "H2", "H3", "H4"}
    of_records = run.measures[["shared_penalties", "shared_rewards"]].sel(group="all").to_array().values
    assert of_records[:, :, 0].min() > 0
    first = entered.iloc[0]
    life = life_of(run, int(first["person"]))
    told = [moment.text for moment in moments(life) if moment.detail.get("cause") == "shared"]
    assert f"rule {first['rule']}" in told[0]
    assert "for another member of the household" in told[0]
    assert f"{first['points']:+d} points" in told[0]


# ---------------------------------------------------------------------------------------------------------- the format

TEXT = """
version: 1
name: base
title: A book that shares
purpose: To be read
legal_basis: None
in_force: {from: 2019-01-01, until: null}
tag: stylised
instruments:
  - id: points
    method: points
    subject: person
    scope:
      min_age: {value: 18, unit: years, status: assumed, range: [0, 18], reason: An example}
      migrants: true
    transparency: published
    notice: true
    start: {value: 1, unit: points, status: assumed, range: [0, 9], reason: An example}
    range:
      lowest: {value: 0, unit: points, status: assumed, range: [0, 9], reason: An example}
      highest: {value: 9, unit: points, status: assumed, range: [0, 9], reason: An example}
    grades:
      - grade: B
        lowest: {value: 0, unit: points, status: assumed, range: [0, 9], reason: An example}
        highest: {value: 0, unit: points, status: assumed, range: [0, 9], reason: An example}
      - grade: A
        lowest: {value: 1, unit: points, status: assumed, range: [0, 9], reason: An example}
        highest: {value: 9, unit: points, status: assumed, range: [0, 9], reason: An example}
    reach: [court]
    rules:
      - id: R
        text: Fraud
        behaviours: [fraud]
        points: {value: -2, unit: points, status: assumed, range: [-9, 0], reason: An example}
        expires: null
        shared: {among: household, share: {value: 0.5, unit: share, status: assumed, range: [0, 1], reason: An example}}
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("among: household", "among: village", "unknown among 'village'"),
        ("among: household, ", "", "'among' is missing"),
        ("value: 0.5", "value: 1.5", "1.5 for the share of rule R"),
        ("value: 0.5", "value: 0.2", "rule R shares 0.2 of -2 points, which is none"),
        ("among: household", "amongst: household", "amongst"),
    ],
)
def test_a_broken_share_is_refused(old, new, words):
    text = TEXT.replace("range: [0, 1]", "range: [0, 2]")
    assert load_text(text, "base.yaml", PARAMETERS).instruments[0].rules[0].shared
    with pytest.raises(InputError, match=words.replace("[", r"\[")):
        load_text(text.replace(old, new), "base.yaml", PARAMETERS)


def test_a_book_that_shares_nothing_is_the_book_that_it_was():
    with_it = load_text(TEXT, "base.yaml", PARAMETERS)
    (line,) = (line for line in TEXT.splitlines(keepends=True) if "shared:" in line)
    without = load_text(TEXT.replace(line, ""), "base.yaml", PARAMETERS)
    assert with_it.digest() != without.digest()
    (one,) = with_it.instruments
    bare = with_it.with_(instruments=(one.with_(rules=(one.rules[0].with_(shared=None),)),))
    assert bare.digest() == without.digest()

"""Publicity: a channel reaches whom it should, does to them and to the shown what it says, and nothing else."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from scorepolis.core.buffers import CHANNELS, IN_SCOPE, SHOWN
from scorepolis.day import coefficients as c
from scorepolis.day.district import new_district, new_workspace
from scorepolis.day.hear import WORKMATES
from scorepolis.day.plan import PLAN
from scorepolis.engine.world import World
from scorepolis.measures.snapshot import HELD_TIES, ON_CHANNEL
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.society.flags import ONLINE, URBAN, WORKING
from scorepolis.society.ties import NOBODY

PARAMETERS = load_parameters()
PEOPLE, SEED = 1000, 9
LOWEST, HIGHEST = 0, 4
ROWS = {row.name: row for row in PLAN}
SHAMING, PRAISING = CHANNELS[:4], CHANNELS[4:]
CERTAIN = 1 << 32
FULL = 1 << 16
LOUD = dict.fromkeys((c.BILLBOARD_WEIGHT, c.APP_WEIGHT, c.BROADCAST_WEIGHT, c.RINGTONE_WEIGHT), FULL)
FAITHFUL = {c.SHUNNING: 0}
STATE = ("belief", "income", "hardship", "trust", "opinion", "motive", "aware", "ties")


def amount(value):
    return {"value": value, "unit": "yuan a year", "status": "assumed", "range": [0, 9], "reason": "An example"}


def book(*channels, name="teaching-town"):
    """The points of the teaching town, alone, with these channels and no other."""
    teaching = load_rulebook("teaching-town", PARAMETERS)
    entries = {c: {"grades": ["D"], "price_of_shame": amount(0)} for c in channels if c in SHAMING}
    entries |= {c: {"grades": ["AA"], "praise": amount(0)} for c in channels if c in PRAISING}
    (points,) = (i for i in teaching.instruments if i.method == "points")
    return teaching.with_(name=name, instruments=(points.with_(publicity=entries, fed_by=()),))


@cache
def village(instruments):
    """A village in one district, two neighbourhoods in town and two in the country, under points without publicity."""
    books = [book(name=f"book-{k}") for k in range(instruments)]
    return World(PARAMETERS, books, society="village", people=PEOPLE, seed=SEED)


def open_district(*instruments, set_to=None):
    """Open the district of the village, all with usual standing, under instruments with these channels.

    `set_to` sets entries of the table of coefficients, also to what no parameter file may.
    """
    world = village(len(instruments))
    tables = world.tables | {name: world.tables[name].copy() for name in ("shown_on", "coefficients")}
    for k, channels in enumerate(instruments):
        for name in channels:
            tables["shown_on"][k, LOWEST if name in SHAMING else HIGHEST] |= 1 << CHANNELS.index(name)
    for at, value in (set_to or {}).items():
        tables["coefficients"][at] = value
    district = new_district(world.settled[0], tables, SEED)
    district |= new_workspace(tables, district["age"].size)
    district["standing"][:] = 2
    return district


def live_on(district, *names):
    """Turn some rows of a month's end."""
    district["day"] = np.int64(30)
    for name in names:
        row = ROWS[name]
        if row.scope == "sends":
            letters = row.function(district, district, 31)
        elif row.scope == "society":
            (news,) = row.function([letters], village(1).places, len(district["marks"]), SEED)
        elif row.scope == "receives":
            row.function(district, district, news, 30)
        else:
            row.function(*[district[column] for column in row.needs])


def copied(district):
    return {name: district[name].copy() for name in STATE}


def changed(before, district):
    return {name for name in STATE if not np.array_equal(before[name], district[name])}


def somebody(district, neighbourhood, *, grade=LOWEST):
    """Put an adult of a neighbourhood in a grade: one at work with workmates, neighbours and friends."""
    fit = (district["flags"] & WORKING > 0) & (district["marks"][0] & IN_SCOPE > 0)
    fit &= (district["ties"] != NOBODY).sum(axis=1) >= WORKMATES + 1
    slot = int(np.flatnonzero(fit[neighbourhood << 10 : (neighbourhood + 1) << 10])[0]) + (neighbourhood << 10)
    district["standing"][0, slot] = grade
    return slot


def contacts(district, slot):
    """The household and the ties of somebody, each as often as they know them."""
    place, size = divmod(int(district["household"][slot]), 16)
    home = [other for other in range(slot - place, slot - place + size) if other != slot]
    return home + [int(other) for other in district["ties"][slot] if other != NOBODY]


def within(district, neighbourhood):
    return (np.arange(district["age"].size) >> 10 == neighbourhood) & (district["occupied"] > 0)


def reached(district, channel, slot, neighbourhood):
    """Who should see or hear of somebody there."""
    here = within(district, neighbourhood)
    if channel == "ringtone":
        return np.isin(np.arange(here.size), contacts(district, slot))
    if channel == "app":
        return here & (district["flags"] & ONLINE > 0)
    if channel.startswith("broadcast"):
        return here & (district["flags"] & URBAN == 0)
    return here


# The first two neighbourhoods of a village are in town.
@pytest.mark.parametrize("neighbourhood", [0, 2], ids=["town", "country"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_reaches_those_whom_it_should(channel, neighbourhood):
    district = open_district([channel], set_to=LOUD | FAITHFUL)
    slot = somebody(district, neighbourhood, grade=LOWEST if channel in SHAMING else HIGHEST)
    audience = reached(district, channel, slot, neighbourhood)
    live_on(district, "publish", "hear")
    shown = np.zeros((4, len(CHANNELS)), np.int64)
    shown[neighbourhood, CHANNELS.index(channel)] = 1
    assert np.array_equal(district["shown"], shown)
    assert np.flatnonzero(district["marks"][0] & SHOWN).tolist() == ([slot] if channel in SHAMING else [])
    counted = np.zeros_like(district["tally_audience"])
    if channel == "ringtone":
        np.add.at(counted, (district["group_cell"][contacts(district, slot)], CHANNELS.index(channel)), 1)
    else:
        np.add.at(counted, (district["group_cell"][audience], CHANNELS.index(channel)), 1)
    assert np.array_equal(district["tally_audience"], counted)
    assert counted.any() or (channel.startswith("broadcast") and neighbourhood == 0)


@pytest.mark.parametrize("neighbourhood", [0, 2], ids=["town", "country"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_beliefs_move_where_shame_is_noticed_and_nowhere_else(channel, neighbourhood):
    loud, silent = (open_district(channels, set_to=LOUD | FAITHFUL) for channels in ([channel], []))
    for district in (loud, silent):
        slot = somebody(district, neighbourhood, grade=LOWEST if channel in SHAMING else HIGHEST)
        live_on(district, "publish", "hear", "send", "exchange", "receive", "live")
    apart = loud["belief"] != silent["belief"]
    moved = apart.any(axis=0)
    if channel in PRAISING:
        assert not moved.any()
    else:
        assert np.array_equal(moved, reached(silent, channel, slot, neighbourhood))
        assert (loud["belief"][:, moved] > silent["belief"][:, moved]).all()


def test_praise_is_heard_with_pleasure():
    praise = {c.PRAISE_OPINION: 25 << 16, c.OPINION_GAIN: 0}
    for channel in PRAISING:
        ours, theirs = (open_district(channels, set_to=praise) for channels in ([channel], []))
        for district in (ours, theirs):
            models = np.flatnonzero(within(district, 2) & (district["marks"][0] & IN_SCOPE > 0))[:20]
            district["standing"][0, models] = HIGHEST
            live_on(district, "publish", "hear", "live")
        more = ours["opinion"].astype(int) - theirs["opinion"]
        assert set(more[within(ours, 2)]) == {25}
        assert not more[~within(ours, 2)].any()


def test_a_ringtone_moves_the_beliefs_of_ties_and_nothing_else():
    district = open_district(["ringtone"], set_to=LOUD | FAITHFUL)
    slot = somebody(district, 1)
    before = copied(district)
    live_on(district, "publish", "hear")
    assert changed(before, district) == {"belief"}
    heard = (before["belief"] != district["belief"]).any(axis=0)
    assert set(np.flatnonzero(heard)) == set(contacts(district, slot))
    assert (district["belief"][:, heard] == 255).all()


@pytest.mark.parametrize("channel", SHAMING)
def test_shunning_cuts_both_ends_and_nothing_else(channel):
    certain = {c.SHUNNING: CERTAIN, c.SHUNNED_DISTRUST: 51 << 16, c.RINGTONE_WEIGHT: 0}
    district = open_district([channel], set_to=certain)
    slot = somebody(district, 2)
    before = copied(district)
    live_on(district, "publish", "hear")
    assert changed(before, district) == {"ties", "trust"}
    known = before["ties"][slot]
    friends = [int(other) for other in known if other != NOBODY]
    left = before["ties"].copy()
    left[slot] = NOBODY
    for place, other in enumerate(known):
        if other != NOBODY:
            row = before["ties"][other]
            theirs = [p for p in np.flatnonzero(row == slot) if p == place or min(p, place) >= WORKMATES]
            assert len(theirs) == 1
            left[other, theirs[0]] = NOBODY
    assert np.array_equal(district["ties"], left)
    lost = before["trust"].astype(int) - district["trust"]
    expected = np.zeros_like(lost)
    np.add.at(expected, friends, 51)
    expected[slot] = min(51 * len(friends), before["trust"][slot])
    assert np.array_equal(lost, np.minimum(expected, before["trust"]))
    assert (
        district["tally_ties_lost"].sum() == district["tally_ties_lost"][district["group_cell"][slot]] == len(friends)
    )
    live_on(district, "hear")  # nobody is left to turn away
    assert district["tally_ties_lost"].sum() == len(friends)


@pytest.mark.parametrize("channel", PRAISING)
def test_nobody_shuns_the_praised(channel):
    district = open_district([channel], set_to={c.SHUNNING: CERTAIN})
    somebody(district, 2, grade=HIGHEST)
    before = copied(district)
    live_on(district, "publish", "hear")
    assert changed(before, district) == set()
    assert district["tally_audience"].any()


def test_ties_stay_mutual_and_another_world_keeps_its_own():
    ours, theirs = open_district(["billboard"], set_to={c.SHUNNING: CERTAIN // 2}), open_district([])
    ours["standing"][0, (ours["marks"][0] & IN_SCOPE > 0) & (np.arange(ours["age"].size) % 3 == 0)] = LOWEST
    whole = theirs["ties"].copy()
    live_on(ours, "publish", "hear")
    assert np.array_equal(theirs["ties"], whole)
    kept = ours["ties"]
    lost = (whole != NOBODY).sum() - (kept != NOBODY).sum()
    assert 0 < ours["tally_ties_lost"].sum() == lost / 2
    assert np.array_equal(kept[kept != NOBODY], whole[kept != NOBODY])
    for place in range(kept.shape[1]):
        for slot in np.flatnonzero(kept[:, place] != NOBODY):
            back = kept[kept[slot, place]]
            assert back[place] == slot if place < WORKMATES else slot in back[WORKMATES:]


ONE, TWO = ("billboard",), ("billboard", "ringtone")


@pytest.mark.parametrize(
    ("instruments", "channels"),
    [([["gallery"]], 0), ([ONE], 1), ([TWO], 2), ([ONE, TWO], 2)],
    ids=["gallery", "one", "two", "one of them under two instruments"],
)
def test_the_shown_lose_trust_once_for_each_channel(instruments, channels):
    district = open_district(*instruments, set_to={c.TRUST_RETURN: 0, c.SHOWN_DISTRUST: 17 << 16} | FAITHFUL)
    slot = somebody(district, 1)
    district["standing"][:, slot] = LOWEST
    before = district["trust"].copy()
    live_on(district, "publish", "hear", "live")
    lost = before.astype(int) - district["trust"]
    assert lost[slot] == 17 * channels
    assert np.flatnonzero(lost).tolist() == ([slot] if channels else [])
    walls = sum("billboard" in channels for channels in instruments)
    assert district["shown"][1].tolist() == [walls, 0, int(channels == 2), 0, 0, 0]


def test_who_stands_on_a_channel_is_counted_once_at_the_months_end():
    district = open_district(ONE, TWO)
    slot = somebody(district, 3)
    district["standing"][:, slot] = LOWEST
    live_on(district, "snapshot")
    on = district["moment_people"][:, ON_CHANNEL:]
    assert on.sum(axis=0).tolist() == on[district["group_cell"][slot]].tolist() == [1, 0, 1, 0, 0, 0]
    assert district["moment_people"][:, HELD_TIES].sum() == (district["ties"] != NOBODY).sum()


def run(*channels, set_to):
    """Let a world of its own live for two months, and count."""
    world = World(PARAMETERS, [book(*channels)], society="village", people=PEOPLE, seed=SEED)
    for at, value in set_to.items():
        world.tables["coefficients"][at] = value
    (district,) = world.districts
    district["standing"][0, within(district, 2)] = LOWEST
    district["standing"][0, within(district, 1)] = HIGHEST
    world.run(62)
    return district, dict(world.tally.counts().items())


def test_without_publicity_nothing_happens():
    (_, one), (_, other) = run(set_to=LOUD | {c.SHUNNING: CERTAIN}), run(set_to={})
    for name, array in one.items():
        assert np.array_equal(array, other[name]), name
    assert not any(one[name].any() for name in ("audience", "ties_lost", "on_channel"))
    assert np.unique(one["ties"].sum(axis=1)).size == 1


def test_publicity_that_moves_nobody_is_only_counted():
    nothing = dict.fromkeys((*LOUD, c.PUBLICITY_REACH, c.PRAISE_OPINION, c.SHUNNING, c.SHUNNED_DISTRUST), 0)
    nothing |= dict.fromkeys((c.SHOWN_DISTRUST, c.OPINION_LOSS, c.OPINION_GAIN), 0)
    (shown, one), (hidden, other) = run(*CHANNELS, set_to=nothing), run(set_to=nothing)
    differing = {name for name in one if not np.array_equal(one[name], other[name])}
    assert differing == {"audience", "on_channel", "marks"}
    assert np.array_equal(one["marks"][..., [0, 1, 3]], other["marks"][..., [0, 1, 3]])
    assert all(np.array_equal(shown[name], hidden[name]) for name in STATE)
    assert one["on_channel"].sum(axis=(0, 1)).all()

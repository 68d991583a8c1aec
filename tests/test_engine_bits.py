"""How the work is cut changes no bit; worlds that differ in little differ in what that causes and in nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest

from scorepolis.core.buffers import (
    ACTS,
    AGENDA,
    APPLICATIONS,
    IN_SCOPE,
    RECORD,
    SILENCED,
)
from scorepolis.core.columns import COLUMNS
from scorepolis.core.diary import sort_items, sorting_space
from scorepolis.core.items import item_key, key_behaviour, key_sensor, key_slot, key_what
from scorepolis.day.district import new_workspace
from scorepolis.day.plan import PLAN
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.society.ties import NOBODY

STRONG = {
    "societies.village.district_neighbourhoods": 3,
    "coefficients.deterrence.threshold": 0.02,
    "coefficients.deterrence.certainty": 8,
    "coefficients.reward.reward_pull": 200,
    "coefficients.awareness.awareness": 0.8,
    "coefficients.learning.story_share": 0.9,
    "sensors.neighbourhood_collector.false_positive": 0.0001,
}
"""Responses strong enough that whatever could go another way does."""

PEOPLE, SEED, DAYS = 3000, 11, 60
STATE = tuple(name for name, c in COLUMNS.items() if c.per.startswith("person") and c.writers != ("start",))


def build(*books, kind=World, overrides=None, **how):
    parameters = load_parameters({**STRONG, **(overrides or {})})
    rulebooks = [load_rulebook(book, parameters) for book in books]
    return kind(parameters, rulebooks, **{"society": "village", "people": PEOPLE, "seed": SEED} | how)


def bits(world):
    """Everything that a world holds and has counted, but for the space in which districts are at work."""
    own = COLUMNS.keys() - world.workspaces.all[0].keys()
    held = {f"{name} of district {n}": d[name] for n, d in enumerate(world.districts) for name in own if name in d}
    return held | dict(world.tally.counts().items()) | world.tally.ledger()


def differing(one, other):
    assert one.keys() == other.keys()
    return {name for name in one if not np.array_equal(one[name], other[name])}


# ------------------------------------------------------------------------------------------------ cutting the work


class Reordered(World):
    """A world that takes its districts in another order."""

    @staticmethod
    def order(count):
        return np.arange(count)[::-1]

    def _each(self, task, items):
        items = list(items)
        order = self.order(len(items))
        done = dict(zip(order.tolist(), super()._each(task, [items[n] for n in order]), strict=True))
        return [done[n] for n in range(len(items))]


class Shuffled(Reordered):
    """A world that takes its districts in an order that changes all the time."""

    chance = np.random.default_rng(1)

    @classmethod
    def order(cls, count):
        return cls.chance.permutation(count)


def over_new_year(**how):
    """Two schemes at once, over a month's end, a birthday and another month's end."""
    world = build("teaching-town", "rongcheng-2019", start=date(2019, 12, 10), **how)
    world.run(DAYS)
    return world


@pytest.fixture(scope="module")
def usual():
    return over_new_year()


@pytest.mark.parametrize(
    "how",
    [
        {"threads": 2},
        {"tile": 1},
        {"tile": 7},
        {"threads": 3, "tile": 1},
        {"threads": 2, "tile": 7},
        {"kind": Reordered},
        {"kind": Shuffled, "tile": 7},
    ],
    ids=str,
)
def test_cutting_the_work_otherwise_changes_no_bit(usual, how):
    assert len(usual.districts) == 4
    assert differing(bits(usual), bits(over_new_year(**how))) == set()


def test_districts_settled_for_another_world_are_the_same_districts(usual):
    law = build("law-only", start=date(2019, 12, 10))
    law.run(DAYS)
    assert differing(bits(usual), bits(over_new_year(like=law))) == set()


def test_another_seed_is_another_world(usual):
    other = over_new_year(seed=SEED + 1)
    assert {"acts", "grades", "points", "flags of district 0", "raw of district 3"} <= differing(
        bits(usual), bits(other)
    )


# --------------------------------------------------------------------------------------- worlds that differ in little


class Witness(World):
    """A world that remembers who did what, asked for what and was recorded for what, day by day."""

    one_by_one = True

    def __init__(self, *arguments, **how):
        self.acts, self.silenced, self.applications, self.records = set(), set(), set(), Counter()
        super().__init__(*arguments, **how)

    def _turn(self, row, columns):
        super()._turn(row, columns)
        if row.name == "act":
            day, first = int(columns["day"]), int(columns["first_slot"])
            for slot, kind, fate in acts_of(columns):
                (self.silenced if fate == SILENCED else self.acts).add((day, first + slot, kind))
            self.applications |= {(day, first + slot, service) for slot, service in applications_of(columns)}
        elif row.name == "observe":
            day, first = int(columns["day"]), int(columns["first_slot"])
            self.records.update(
                (day, first + slot, behaviour, sensor) for slot, behaviour, sensor in records_of(columns)
            )


def listed(columns, count, *names):
    return set(zip(*(columns[name][: columns["filled"][count]].tolist() for name in names), strict=True))


def acts_of(columns):
    return listed(columns, ACTS, "acts_slot", "acts_kind", "acts_fate")


def applications_of(columns):
    return listed(columns, APPLICATIONS, "applications_slot", "applications_service")


def records_of(columns):
    keys = columns["agenda_key"][: columns["filled"][AGENDA]]
    return [(key_slot(k), key_behaviour(k), key_sensor(k)) for k in keys if key_what(k) == RECORD]


def test_a_sharper_sensor_adds_its_own_records_and_what_they_teach():
    dull, sharp = (
        build("law-only", kind=Witness, overrides={"sensors.utility.sees.late_utility_bill": sensitivity})
        for sensitivity in (0.3, 0.6)
    )
    for world in (dull, sharp):
        world.run(DAYS)
    assert dull.acts == sharp.acts
    assert dull.applications == sharp.applications
    more = sharp.records - dull.records
    assert not dull.records - sharp.records
    behaviour, sensor = (
        list(dull.parameters.behaviours).index("late_utility_bill"),
        list(dull.parameters.sensors).index("utility"),
    )
    assert {record[2:] for record in more} == {(behaviour, sensor)}
    for one, other in zip(dull.districts, sharp.districts, strict=True):
        assert differing({n: one[n] for n in STATE}, {n: other[n] for n in STATE}) == {"belief"}
        changed = (one["belief"] != other["belief"]).any(axis=1)
        assert changed.tolist() == [False, True, False, False]  # the risk in commerce, and no other


def household_of(columns, slot):
    place = int(columns["household"][slot])
    return set(range(slot - (place >> 4), slot - (place >> 4) + (place & 15)))


def ties_of(columns, slot):
    return household_of(columns, slot) | {int(other) for other in columns["ties"][slot] if other != NOBODY}


def turn(world, day, rows):
    """Turn some rows of the day for every district."""
    for columns in world.districts:
        columns["day"], columns["days_left"] = np.int64(day), np.int64(30 - day)
        for row in rows:
            world._turn(row, columns)


def record(columns, slot, behaviour, sensor):
    """Slip a record into the day's agenda."""
    key, count = np.uint64(item_key(slot, RECORD, 0, 0, 0, behaviour, sensor)), columns["filled"][AGENDA]
    columns["agenda_key"] = np.append(columns["agenda_key"][:count], key)
    columns["agenda_truth"] = np.append(columns["agenda_truth"][:count], np.uint32(slot << 4))
    columns["filled"][AGENDA] = count + 1
    sort_items(columns["agenda_key"], columns["agenda_truth"], count + 1, *sorting_space(columns["agenda_key"].size))


def test_records_more_reach_only_those_tied_to_the_people_they_name():
    # Nobody knows of the scheme, so that those who are told of their record act otherwise.
    ignorant = {
        "coefficients.awareness.awareness": 0,
        "coefficients.deterrence.threshold": 0,
        "coefficients.reward.reward_most": 3,
    }
    plain, marked = build("teaching-town", overrides=ignorant), build("teaching-town", overrides=ignorant)
    for world in (plain, marked):  # looked at in the midst of their work, they need a space each
        for columns in world.districts:
            columns.update(new_workspace(columns, columns["age"].size))
    here, there = plain.districts[1], marked.districts[1]
    behaviour = list(plain.parameters.behaviours).index("fraud")
    sensor = list(plain.parameters.sensors).index("court")
    # Of those in scope, the ones to whom most may happen.
    subjects = set(np.argsort(here["gate"] * ((here["marks"][0] & IN_SCOPE) > 0))[-20:].tolist())
    daily = [row for row in PLAN if row.every == "day"]
    scored = [row.name for row in daily].index("score")
    reached = set().union(*(household_of(here, subject) for subject in subjects))
    acted_otherwise = set()
    for day in range(30):
        for world in (plain, marked):
            turn(world, day, daily[:scored])
        if day == 2:
            for subject in subjects:
                record(there, subject, behaviour, sensor)
        # Who acts otherwise teaches their ties; who is recorded otherwise speaks of it at home.
        acts = {slot for slot, _, _ in acts_of(here) ^ acts_of(there)}
        assert acts <= reached
        mine, theirs = Counter(records_of(here)), Counter(records_of(there))
        for slot in acts:
            reached |= ties_of(here, slot)
        for slot, _, _ in (mine - theirs) + (theirs - mine):
            reached |= household_of(here, slot)
        for world in (plain, marked):
            turn(world, day, daily[scored:])
        changed = set()
        for name in STATE:
            apart = here[name] != there[name]
            changed |= set(np.flatnonzero(apart.reshape(-1, apart.shape[-1]).any(axis=0)).tolist())
        assert changed <= reached
        assert subjects <= changed if day >= 2 else not changed
        acted_otherwise |= acts
    assert acted_otherwise
    assert len(reached) < here["occupied"].sum() / 2
    for n in (0, 2, 3):  # nothing crosses districts before the month's end
        one, other = plain.districts[n], marked.districts[n]
        assert differing({c: one[c] for c in STATE}, {c: other[c] for c in STATE}) == set()


def test_what_the_scheme_does_not_touch_is_done_as_before():
    law = build("law-only", kind=Witness)
    scheme = build("rongcheng-2019", kind=Witness, like=law)
    for world in (law, scheme):
        world.run(120)
    behaviours = law.parameters.behaviours
    ruled = {
        name for instrument in scheme.rulebooks[0].instruments for rule in instrument.rules for name in rule.behaviours
    }
    alone = {
        n: name
        for n, (name, b) in enumerate(behaviours.items())
        if b.conduct == "bad" and not (b.hardship or b.peers or b.door or b.decided_by)
    }
    free = {n for n, name in alone.items() if name not in ruled}
    assert "heavy_gaming" in {alone[n] for n in free}
    done = {
        world: {n: {act for act in world.acts if act[2] == n} for n in range(len(behaviours))}
        for world in (law, scheme)
    }
    assert sum(bool(done[law][n]) for n in free) > 3  # the others are too rare for these few people
    for n in free:
        assert done[scheme][n] == done[law][n]
    # Those whom the scheme silences would have acted, and everybody else who would have acts.
    for n in alone:
        assert done[law][n] == done[scheme][n] | {wish for wish in scheme.silenced if wish[2] == n}
    assert {wish[2] for wish in scheme.silenced} & alone.keys()
    assert law.silenced == set()
    # What people ask for comes from their needs, not from their standing.
    assert law.applications == scheme.applications

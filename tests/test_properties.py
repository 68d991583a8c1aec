"""What must hold of any world: scores in their range, worse conduct no better off, nobody worse by birth, and a
mechanism at zero the same as none.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorepolis.core.buffers import (
    ACTS,
    AGENDA,
    APPLICATIONS,
    E_AFTER,
    E_BEFORE,
    E_SLOT,
    E_STANDING_AFTER,
    E_STANDING_BEFORE,
    ENTRIES,
    ENTRY_FIELDS,
    FILLED,
    FOR_POINTS,
    IN_SCOPE,
    RECORD,
    SILENCED,
    item_key,
)
from scorepolis.core.columns import COLUMNS
from scorepolis.core.diary import USED, new_diary, sort_items, take
from scorepolis.day.district import horizon
from scorepolis.day.plan import PLAN
from scorepolis.day.start import base_rate, set_gates, set_standing
from scorepolis.day.tables import build_tables
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.society import build_people, build_places
from scorepolis.society.flags import MIGRANT, MINORITY, PARTY
from scorepolis.society.people import rate_cells

ROWS = {row.name: row for row in PLAN}
PARAMETERS = load_parameters()
BEHAVIOURS, SENSORS = tuple(PARAMETERS.behaviours), tuple(PARAMETERS.sensors)
BOOKS = ("rongcheng-2019", "teaching-town")
QUICKLY = settings(max_examples=80, deadline=None)


# ------------------------------------------------------------------------------------------------------- the score


@cache
def tables_of(book):
    return build_tables(PARAMETERS, [load_rulebook(book, PARAMETERS)], PARAMETERS.societies["village"], 1)


class Desk:
    """The compiled score with a diary of its own, and records made by hand for a few people in scope."""

    ROOM = 4096

    def __init__(self, book, people):
        self.tables = tables = tables_of(book)
        self.columns = c = dict(tables) | new_diary(horizon(tables), self.ROOM)
        c["raw"] = np.full((1, people), tables["score_start"][0], np.int16)
        c["counters"] = np.zeros((1, people), np.uint32)
        c["marks"] = np.full((1, people), IN_SCOPE, np.uint8)
        for name in ("standing", "overrides"):
            c[name] = np.zeros((1, people), np.uint8)
        set_standing(c, tables, 0, np.ones(people, np.bool_))
        c["filled"] = np.zeros(FILLED, np.int64)
        c["agenda_key"], self.truth = np.zeros(self.ROOM, np.uint64), np.zeros(self.ROOM, np.uint32)
        c["entries"] = np.zeros((self.ROOM, ENTRY_FIELDS), np.int32)

    def days(self, histories):
        """Score histories, lists of (day, behaviour) by person, until nothing is due; yields the days that matter."""
        c, waiting = self.columns, {}
        for person, history in enumerate(histories):
            for day, behaviour in history:
                sensor = next(
                    s
                    for s in np.flatnonzero(c["reach"][0])
                    if BEHAVIOURS[behaviour] in PARAMETERS.sensors[SENSORS[s]].sees
                )
                waiting.setdefault(day, []).append(item_key(person, RECORD, 0, 0, 0, behaviour, sensor))
        day = -1
        while waiting or c["due_state"][USED]:
            day += 1
            today = waiting.pop(day, [])
            if not today and c["due_heads"][day % c["due_heads"].size] < 0:
                continue
            diary = (c[name] for name in ("due_heads", "due_next", "due_key"))
            count = take(*diary, np.zeros(self.ROOM, np.uint32), c["due_state"], day, c["agenda_key"], self.truth, 0)
            c["agenda_key"][count : count + len(today)] = np.array(today, np.uint64)
            c["filled"][AGENDA] = count + len(today)
            sort_items(c["agenda_key"], self.truth, count + len(today))
            c["day"] = np.int64(day)
            row = ROWS["score"]
            row.function(*(c[name] for name in row.needs))
            yield day

    @property
    def entries(self):
        return self.columns["entries"][: self.columns["filled"][ENTRIES]]

    @property
    def scores(self):
        return np.clip(self.columns["raw"][0], self.tables["score_lowest"][0], self.tables["score_highest"][0])


@cache
def ruled(book, *, worse_only=False):
    """Numbers of the behaviours that the book has a rule on, or only of those whose record is held against people."""
    rules = load_rulebook(book, PARAMETERS).instruments[0].rules
    chosen = [rule for rule in rules if not worse_only or rule.points.value < 0 or rule.override]
    return sorted(BEHAVIOURS.index(name) for rule in chosen for name in rule.behaviours)


@cache
def histories(book):
    # Fewer records than the fifteen that a counter can hold, on days as far apart as the windows of the rules are long.
    furthest = int(tables_of(book)["rule_window"].max() * 2)
    return st.lists(st.tuples(st.integers(0, furthest), st.sampled_from(ruled(book))), max_size=12)


@pytest.mark.parametrize("book", BOOKS)
@QUICKLY
@given(data=st.data())
def test_worse_conduct_never_raises_a_score_or_a_grade(book, data):
    history = data.draw(histories(book))
    day, behaviour = data.draw(st.integers(0, 60)), data.draw(st.sampled_from(ruled(book, worse_only=True)))
    desk = Desk(book, 2)
    for _ in desk.days([history, [*history, (day, behaviour)]]):
        better, worse = desk.scores
        assert worse <= better
        assert desk.columns["standing"][0, 1] <= desk.columns["standing"][0, 0]


@pytest.mark.parametrize("book", BOOKS)
@QUICKLY
@given(data=st.data())
def test_scores_stay_in_range_and_the_ledger_adds_up(book, data):
    # Far more of the same than anybody does, to push the points out at both ends.
    history = [(day, b) for day, b in data.draw(histories(book)) for _ in range(data.draw(st.integers(1, 8)))]
    desk, tables = Desk(book, 1), tables_of(book)
    score, grade = int(desk.scores[0]), int(desk.columns["standing"][0, 0])
    for _ in desk.days([history]):
        for entry in desk.entries:
            assert (entry[E_BEFORE], entry[E_STANDING_BEFORE]) == (score, grade)
            score, grade = int(entry[E_AFTER]), int(entry[E_STANDING_AFTER])
            assert tables["score_lowest"][0] <= score <= tables["score_highest"][0]
            assert 0 <= grade < tables["grades_count"][0]
        assert (score, grade) == (desk.scores[0], desk.columns["standing"][0, 0])
    # Once all has run out, what is left is the start and what never runs out.
    lasting = [b for _, b in history if tables["rule_expires"][0, tables["rule_of"][0, b]] < 0]
    kept = sum(int(tables["rule_points"][0, tables["rule_of"][0, b]]) for b in lasting)
    assert desk.columns["raw"][0, 0] == tables["score_start"][0] + kept
    assert desk.columns["counters"][0, 0] == desk.columns["overrides"][0, 0] == 0


def test_points_can_leave_the_range_at_both_ends():
    """So that the test of the range has something to find."""
    theft, blood = BEHAVIOURS.index("theft"), BEHAVIOURS.index("giving_blood")
    desk = Desk("teaching-town", 2)
    next(desk.days([[(0, theft)] * 6, [(0, blood)] * 6]))
    assert desk.columns["raw"][0].tolist() == [100 - 6 * 30, 100 + 6 * 25]
    assert desk.scores.tolist() == [0, 200]


@pytest.mark.parametrize("book", BOOKS)
@QUICKLY
@given(data=st.data())
def test_whose_records_they_are_changes_no_score(book, data):
    people = data.draw(st.lists(histories(book), min_size=2, max_size=6))
    order = data.draw(st.permutations(range(len(people))))
    one, other = Desk(book, len(people)), Desk(book, len(people))
    for day, same_day in zip(one.days(people), other.days([people[n] for n in order]), strict=True):
        assert day == same_day
        for name in ("raw", "standing", "counters", "overrides", "marks"):
            assert np.array_equal(one.columns[name][:, order], other.columns[name]), name
        told = {
            order[person]: other.entries[other.entries[:, E_SLOT] == person, 1:-1].tolist()
            for person in range(len(people))
        }
        assert told == {n: one.entries[one.entries[:, E_SLOT] == n, 1:-1].tolist() for n in range(len(people))}


# ------------------------------------------------------------------------------------------------------ whole worlds


class Diarist(World):
    """A world that remembers the acts and the wishes left undone."""

    def __init__(self, *arguments, **how):
        self.acts, self.silenced, self.for_points = set(), set(), set()
        super().__init__(*arguments, **how)

    def _turn(self, row, columns):
        super()._turn(row, columns)
        if row.name == "act":
            count, day, first = columns["filled"][ACTS], int(columns["day"]), int(columns["first_slot"])
            fields = (columns[f"acts_{field}"][:count].tolist() for field in ("slot", "kind", "fate"))
            for slot, kind, fate in zip(*fields, strict=True):
                (self.silenced if fate == SILENCED else self.acts).add((day, first + slot, kind))
                if fate == FOR_POINTS:
                    self.for_points.add((day, first + slot, kind))

    def done(self, conduct):
        kinds = {n for n, b in enumerate(self.parameters.behaviours.values()) if b.conduct == conduct}
        return {act for act in self.acts if act[2] in kinds}


STRONG = {
    "societies.village.district_neighbourhoods": 2,
    "coefficients.deterrence.threshold": 0.02,
    "coefficients.deterrence.certainty": 8,
    "coefficients.reward.reward_pull": 200,
    "coefficients.reward.crowding_speed": 0.7,
    "coefficients.awareness.awareness": 0.8,
    "coefficients.learning.story_share": 0.9,
    "coefficients.learning.far_weight": 0.5,
    "sensors.neighbourhood_collector.false_positive": 0.0001,
    "services.deposit_free_rental.wants": 3,
    "services.deposit_free_rental.refused_income": 0.005,
}
HARDSHIP = {f"behaviours.{name}.hardship": 0 for name, b in PARAMETERS.behaviours.items() if b.hardship}
PEERS = {f"behaviours.{name}.peers": 0 for name, b in PARAMETERS.behaviours.items() if b.peers}
DOORS = {f"behaviours.{name}.door.share": 0 for name, b in PARAMETERS.behaviours.items() if b.door}
UNCOUPLED = HARDSHIP | PEERS | DOORS
FEARLESS = {"coefficients.deterrence.certainty": 0, "coefficients.deterrence.severity": 0}
UNPAID = {"coefficients.reward.reward_pull": 0, "coefficients.reward.crowding_speed": 0}
LIVED = ("belief", "experience", "income", "hardship", "trust", "opinion", "motive")


def lived(book, overrides, *, change=lambda parameters: parameters, unnoticed=False):
    """A village after two months and a half under a book."""
    parameters = change(load_parameters(STRONG | overrides))
    rulebook = load_rulebook(book, parameters)
    if unnoticed:
        rulebook = rulebook.with_(instruments=[i.with_(notice=False) for i in rulebook.instruments])
    world = Diarist(parameters, [rulebook], society="village", people=1500, seed=21)
    world.run(75)
    return world


@cache
def usual(book):
    return lived(book, {})


def results(world, *, without=()):
    """State and counts of a world, but for what its tables are."""
    names = [n for n, c in COLUMNS.items() if c.per.startswith(("person", "neighbourhood")) and n not in without]
    held = {f"{n} of district {d}": columns[n] for d, columns in enumerate(world.districts) for n in names}
    return held | {n: array for n, array in world.tally.counts().items() if n not in without} | world.tally.ledger()


def differing(one, other):
    assert one.keys() == other.keys()
    return {name for name in one if not np.array_equal(one[name], other[name])}


def columns_apart(one, other, names):
    pairs = list(zip(one.districts, other.districts, strict=True))
    return {name for name in names if any(not np.array_equal(a[name], b[name]) for a, b in pairs)}


def test_without_certainty_and_severity_nobody_is_silenced():
    law, scheme = lived("law-only", FEARLESS | UNCOUPLED), lived("teaching-town", FEARLESS | UNCOUPLED)
    assert scheme.silenced == set()
    assert scheme.done("bad") == law.done("bad")
    assert scheme.done("good") != law.done("good")
    assert usual("teaching-town").silenced


def test_without_pull_nobody_acts_for_points():
    law, scheme = lived("law-only", UNPAID | UNCOUPLED), lived("teaching-town", UNPAID | UNCOUPLED)
    assert scheme.for_points == set()
    assert scheme.done("good") == law.done("good")
    assert scheme.done("bad") != law.done("bad")
    assert usual("teaching-town").for_points


COSTLESS = {
    f"services.{name}.{cost}": 0
    for name in PARAMETERS.services
    for cost in ("refused_income", "refused_hardship", "price")
}


@pytest.mark.parametrize(
    ("at_zero", "as_under_law"),
    [
        (COSTLESS | {"coefficients.services.delay_hardship": 0}, {"income", "hardship"}),
        ({"coefficients.life.opinion_loss": 0, "coefficients.life.opinion_gain": 0}, {"opinion"}),
        ({"coefficients.life.report_distrust": 0, "coefficients.life.shown_distrust": 0}, {"trust"}),
        ({"coefficients.reward.crowding_speed": 0}, {"motive"}),
    ],
    ids=["refusals and waits", "opinion", "distrust", "crowding out"],
)
def test_what_costs_nothing_leaves_people_as_they_are_under_law(at_zero, as_under_law):
    law, scheme = lived("law-only", at_zero), lived("teaching-town", at_zero)
    assert as_under_law <= columns_apart(usual("law-only"), usual("teaching-town"), LIVED)
    assert not as_under_law & columns_apart(law, scheme, LIVED)


def without_bias(parameters):
    sensors = {name: sensor.model_copy(update={"bias": None}) for name, sensor in parameters.sensors.items()}
    return parameters.model_copy(update={"sensors": sensors})


CROWDING_OUT = {"coefficients.reward.crowding_out.society": 0}
EVEN_HANDED = {f"sensors.{name}.bias.factor": 1 for name, sensor in PARAMETERS.sensors.items() if sensor.bias}


@pytest.mark.parametrize(
    ("at_zero", "absent"),
    [
        ({"coefficients.reward.crowding_speed": 0}, {"overrides": CROWDING_OUT}),
        ({"coefficients.learning.far_weight": 0}, {"overrides": {"coefficients.learning.story_share": 0}}),
        ({"coefficients.peers.peers_least": 1, "coefficients.peers.peers_most": 1}, {"overrides": PEERS}),
        (EVEN_HANDED, {"overrides": {}, "change": without_bias}),
    ],
    ids=["crowding out", "stories", "peers", "bias"],
)
def test_a_mechanism_at_zero_is_no_mechanism(at_zero, absent):
    still, none = results(lived("teaching-town", at_zero)), results(lived("teaching-town", **absent))
    assert differing(still, none) == set()
    assert differing(still, results(usual("teaching-town")))


def test_a_scheme_that_nobody_knows_of_is_one_that_nobody_answers():
    unknown = {
        f"coefficients.awareness.{name}": 0
        for name in ("awareness", "household_tells", "news_reach", "billboard_reach")
    }
    secret = lived("teaching-town", unknown, unnoticed=True)
    ignored = lived("teaching-town", FEARLESS | UNPAID, unnoticed=True)
    assert secret.tally.counts().aware.sum() == 0
    assert ignored.tally.counts().aware.sum() > 0
    # News is of who knows; all else is the same.
    assert differing(results(secret, without=("aware", "news")), results(ignored, without=("aware", "news"))) == set()


def test_without_slopes_traits_do_not_matter():
    level = {f"behaviours.{name}.slope": 0 for name in BEHAVIOURS}
    flat, steep = (build_tables(load_parameters(o), [], PARAMETERS.societies["village"], 1) for o in (level, {}))
    columns = people_of("town")
    shuffled = columns | {"traits": np.random.default_rng(3).permutation(columns["traits"])}
    for tables, same in ((flat, True), (steep, False)):
        for kind in range(len(BEHAVIOURS)):
            rates, others = (base_rate(people, tables, kind) for people in (columns, shuffled))
            assert np.array_equal(rates, others) == same


# ------------------------------------------------------------------------------------- nothing ties person to person


def test_treatment_and_counting_do_not_depend_on_where_people_stand():
    columns = {name: column.copy() for name, column in usual("teaching-town").districts[0].items()}
    chance = np.random.default_rng(5)
    order = chance.permutation(columns["age"].size)
    moved = dict(columns)
    for name, column in COLUMNS.items():
        if column.per.startswith("person") and name != "ties":
            moved[name] = np.ascontiguousarray(columns[name][..., order])
    asked = chance.choice(np.flatnonzero(columns["occupied"]), 600)
    columns["applications_slot"][:600] = asked
    columns["applications_service"][:600] = chance.integers(0, len(PARAMETERS.services), 600)
    columns["filled"][APPLICATIONS] = 600
    moved["applications_slot"] = np.argsort(order)[columns["applications_slot"]].astype(np.uint16)
    for name in (
        "outcomes_bits",
        "outcomes_days",
        "outcomes_percent",
        "moment_people",
        "moment_standing",
        "moment_grades",
    ):
        moved[name] = columns[name].copy()
    for name in ("treat", "snapshot"):
        row = ROWS[name]
        for people in (columns, moved):
            row.function(*(people[needed] for needed in row.needs))
        for written in row.writes:
            mine = columns[written][:, order] if written == "marks" else columns[written]
            assert np.array_equal(mine, moved[written]), written
    assert len(set(columns["outcomes_bits"][:600].tolist())) > 3


# -------------------------------------------------------------------------------------------- nobody worse by birth

GROUPS = {"minority": MINORITY, "migrant": MIGRANT, "party": PARTY}
HOUSEHOLD = 3.5
"""People per draw where a household shares one."""


@cache
def people_of(society, people=100_000):
    model = PARAMETERS.societies[society]
    places = build_places(model, people, PARAMETERS, 7)
    return build_people(places, model, PARAMETERS, 7, 0, places.neighbourhoods)


@cache
def base_rates():
    """Base rate of every behaviour and want for those who live in a town, [kind, person]."""
    tables, columns = build_tables(PARAMETERS, [], PARAMETERS.societies["town"], 1), people_of("town")
    rates = np.stack([base_rate(columns, tables, kind) for kind in range(tables["rates"].shape[1])])
    return rates[:, columns["occupied"] > 0]


@pytest.mark.parametrize("group", GROUPS)
def test_traits_do_not_vary_by_group(group):
    columns = people_of("town")
    here = columns["occupied"] > 0
    inside = (columns["flags"][here] & GROUPS[group]) > 0
    for shift in (0, 4, 8, 12):
        level = (columns["traits"][here] >> shift) & 15
        within, without = (np.bincount(level[which], minlength=16) / which.sum() for which in (inside, ~inside))
        error = np.sqrt(1 / 16 * (1 / inside.sum() + 1 / (~inside).sum()))
        assert np.abs(within - without).max() < 5 * error


@pytest.mark.parametrize("group", GROUPS)
def test_rates_do_not_vary_by_group_among_those_alike_in_age_sex_and_place(group):
    columns = people_of("town")
    here = columns["occupied"] > 0
    inside = (columns["flags"][here] & GROUPS[group]) > 0
    cell = columns["rate_cell"][here]
    for rates in base_rates():
        gap, variance = 0.0, 0.0
        for number in np.unique(cell):
            mine, others = rates[inside & (cell == number)], rates[~inside & (cell == number)]
            if min(mine.size, others.size) >= 20:
                gap += mine.size * (mine.mean() - others.mean())
                variance += HOUSEHOLD * mine.size**2 * (mine.var() / mine.size + others.var() / others.size)
        assert abs(gap) <= 5 * np.sqrt(variance)


def test_no_rate_could_know_of_a_group():
    groups = MINORITY | MIGRANT | PARTY
    tables = build_tables(PARAMETERS, [], PARAMETERS.societies["town"], 1)
    assert not (tables["requires"] & groups).any()
    assert not (tables["walk_requires"] & groups).any()
    columns = dict(people_of("town"))
    flipped = columns | {"flags": columns["flags"] ^ (columns["occupied"].astype(np.uint16) * np.uint16(groups))}
    assert np.array_equal(rate_cells(columns["age"], flipped["flags"]), rate_cells(columns["age"], columns["flags"]))
    for people in (columns, flipped):
        set_gates(people, tables)
    assert np.array_equal(columns["gate"], flipped["gate"])
    assert np.array_equal(columns["expected"], flipped["expected"])


def test_under_law_the_same_people_in_other_groups_do_the_same():
    worlds = [Diarist(PARAMETERS, [load_rulebook("law-only", PARAMETERS)], society="village", seed=9) for _ in range(2)]
    for columns in worlds[1].districts:
        columns["flags"][columns["occupied"] > 0] ^= np.uint16(MINORITY | MIGRANT | PARTY)
    for world in worlds:
        world.run(60)
    assert worlds[0].acts
    assert worlds[0].acts == worlds[1].acts

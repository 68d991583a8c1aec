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
    E_INSTRUMENT,
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
)
from scorepolis.core.columns import COLUMNS
from scorepolis.core.diary import USED, new_diary, sort_items, sorting_space, take
from scorepolis.core.items import item_key
from scorepolis.day.district import horizon
from scorepolis.day.plan import PLAN
from scorepolis.day.rates import base_rate, set_gates
from scorepolis.day.start import set_standing
from scorepolis.day.tables import build_tables
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.society import build_people, build_places
from scorepolis.society.cells import rate_cells
from scorepolis.society.flags import MIGRANT, MINORITY, PARTY

ROWS = {row.name: row for row in PLAN}
PARAMETERS = load_parameters()
BEHAVIOURS, SENSORS = tuple(PARAMETERS.behaviours), tuple(PARAMETERS.sensors)
BOOKS = ("rongcheng-2019", "teaching-town")
FEEDERS = {"rongcheng-2019": ("defaulter-list-2017",)}
QUICKLY = settings(max_examples=80, deadline=None)


# ------------------------------------------------------------------------------------------------------- the score


@cache
def rulebooks_of(book):
    return tuple(load_rulebook(name, PARAMETERS) for name in (*FEEDERS.get(book, ()), book))


@cache
def tables_of(book):
    return build_tables(PARAMETERS, rulebooks_of(book), PARAMETERS.societies["village"], 1)


class Desk:
    """The compiled score with a diary of its own, and records made by hand for a few people in scope."""

    ROOM = 4096

    def __init__(self, book, people):
        self.tables = tables = tables_of(book)
        self.columns = c = dict(tables) | new_diary(horizon(tables), self.ROOM)
        self.instruments = range(tables["score_start"].size)
        shape = (tables["score_start"].size, people)
        c["raw"] = np.repeat(tables["score_start"].astype(np.int16)[:, None], people, axis=1)
        c["counters"] = np.zeros(shape, np.uint32)
        c["marks"] = np.full(shape, IN_SCOPE, np.uint8)
        for name in ("standing", "overrides"):
            c[name] = np.zeros(shape, np.uint8)
        for k in self.instruments:
            set_standing(c, tables, k, np.ones(people, np.bool_))
        c["filled"] = np.zeros(FILLED, np.int64)
        c["agenda_key"], self.truth = np.zeros(self.ROOM, np.uint64), np.zeros(self.ROOM, np.uint32)
        c["entries"] = np.zeros((self.ROOM, ENTRY_FIELDS), np.int32)
        c["stood"] = np.zeros(len(c["raw"]), np.int64)

    def days(self, histories):
        """Score histories, lists of (day, record) by person, until nothing is due; yields the days that matter."""
        c, waiting = self.columns, {}
        for person, history in enumerate(histories):
            for day, (behaviour, sensor) in history:
                waiting.setdefault(day, []).append(item_key(person, RECORD, 0, 0, 0, behaviour, sensor))
        day = -1
        while waiting or c["due_state"][USED]:
            day += 1
            today = waiting.pop(day, [])
            if not today and c["due_heads"][day % len(c["due_heads"])].max() < 0:
                continue
            diary = (c[name] for name in ("due_heads", "due_next", "due_key"))
            count = take(*diary, np.zeros(self.ROOM, np.uint32), c["due_state"], day, c["agenda_key"], self.truth, 0)
            c["agenda_key"][count : count + len(today)] = np.array(today, np.uint64)
            c["filled"][AGENDA] = count + len(today)
            sort_items(c["agenda_key"], self.truth, count + len(today), *sorting_space(c["agenda_key"].size))
            c["day"] = np.int64(day)
            row = ROWS["score"]
            row.function(*(c[name] for name in row.needs))
            yield day

    @property
    def entries(self):
        return self.columns["entries"][: self.columns["filled"][ENTRIES]]

    @property
    def scores(self):
        lowest, highest = (self.tables[f"score_{end}"][:, None] for end in ("lowest", "highest"))
        return np.clip(self.columns["raw"], lowest, highest)


def rules_on(book, record):
    """Numbers of the instruments and rules that take a record."""
    tables, (behaviour, sensor) = tables_of(book), record
    rules = tables["rule_of"][:, behaviour, sensor]
    return [(k, rules[k]) for k in np.flatnonzero(tables["reach"][:, sensor] & (rules >= 0))]


@cache
def ruled(book, *, worse_only=False):
    """Records, each of a behaviour and a sensor, that some rule takes, or only those that none gives points for."""
    points = tables_of(book)["rule_points"]
    records = [
        (b, s) for b, name in enumerate(BEHAVIOURS) for s, by in enumerate(SENSORS) if PARAMETERS.may_write(by, name)
    ]
    taken = {record: [points[rule] for rule in rules_on(book, record)] for record in records}
    return [record for record, gains in taken.items() if gains and not (worse_only and max(gains) > 0)]


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
    day, record = data.draw(st.integers(0, 60)), data.draw(st.sampled_from(ruled(book, worse_only=True)))
    desk = Desk(book, 2)
    for _ in desk.days([history, [*history, (day, record)]]):
        for better, worse in (*desk.scores, *desk.columns["standing"]):
            assert worse <= better


@pytest.mark.parametrize("book", BOOKS)
@QUICKLY
@given(data=st.data())
def test_scores_stay_in_range_and_the_ledger_adds_up(book, data):
    # Far more of the same than anybody does, to push the points out at both ends.
    history = [(day, r) for day, r in data.draw(histories(book)) for _ in range(data.draw(st.integers(1, 8)))]
    desk, tables = Desk(book, 1), tables_of(book)
    told = {k: (int(desk.scores[k, 0]), int(desk.columns["standing"][k, 0])) for k in desk.instruments}
    for _ in desk.days([history]):
        for entry in desk.entries:
            k = int(entry[E_INSTRUMENT])
            assert (entry[E_BEFORE], entry[E_STANDING_BEFORE]) == told[k]
            told[k] = score, grade = int(entry[E_AFTER]), int(entry[E_STANDING_AFTER])
            assert tables["score_lowest"][k] <= score <= tables["score_highest"][k]
            assert 0 <= grade < tables["grades_count"][k]
        for k in desk.instruments:
            assert told[k] == (desk.scores[k, 0], desk.columns["standing"][k, 0])
    # Once all has run out, what is left is the start, and what never runs out.
    taken = [rule for _, record in history for rule in rules_on(book, record)]
    for k in desk.instruments:
        lasting = [rule for rule in taken if rule[0] == k and tables["rule_expires"][rule] < 0]
        kept = sum(int(tables["rule_points"][rule]) for rule in lasting)
        assert desk.columns["raw"][k, 0] == tables["score_start"][k] + kept
        endless = sum(tables["rule_override"][rule] >= 0 == tables["rule_override_term"][rule] for rule in lasting)
        fed = sum(
            1 << 4 * nibble
            for nibble, grade in enumerate(tables["override_grade"][k])
            for feeder in desk.instruments
            if tables["feed_override"][feeder, k] == grade >= 0
            and desk.columns["standing"][feeder, 0] <= tables["feed_grade"][feeder, k]
        )
        assert desk.columns["overrides"][k, 0] == min(endless, 14) + fed
        assert desk.columns["counters"][k, 0] == 0


def test_points_can_leave_the_range_at_both_ends():
    """So that the test of the range has something to find."""
    theft, blood = (
        (BEHAVIOURS.index(behaviour), SENSORS.index(sensor))
        for behaviour, sensor in (("theft", "tip_off"), ("giving_blood", "self_report"))
    )
    desk = Desk("teaching-town", 2)
    next(desk.days([[(0, theft)] * 6, [(0, blood)] * 6]))
    assert desk.columns["raw"][-1].tolist() == [100 - 6 * 30, 100 + 6 * 25]
    assert desk.scores[-1].tolist() == [0, 200]


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

    one_by_one = True

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
UNPRESSED = {"coefficients.courts.pressure": 0}
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
        (
            {
                f"coefficients.{name}": 0
                for name in ("life.opinion_loss", "life.opinion_gain", "publicity.praise_opinion")
            },
            {"opinion"},
        ),
        (
            {
                f"coefficients.{name}": 0
                for name in ("life.report_distrust", "life.shown_distrust", "publicity.shunned_distrust")
            },
            {"trust"},
        ),
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
        f"coefficients.{name}": 0
        for name in (
            *("awareness.awareness", "awareness.household_tells", "awareness.news_reach"),
            "publicity.publicity_reach",
        )
    }
    secret = lived("teaching-town", unknown, unnoticed=True)
    ignored = lived("teaching-town", FEARLESS | UNPAID | UNPRESSED, unnoticed=True)
    assert secret.tally.counts().aware.sum() == 0
    assert ignored.tally.counts().aware.sum() > 0
    # News is of who knows; all else is the same.
    assert differing(results(secret, without=("aware", "news")), results(ignored, without=("aware", "news"))) == set()


def test_without_slopes_traits_do_not_matter():
    level = {f"behaviours.{n}.slope": 0 for n, b in PARAMETERS.behaviours.items() if "slope" in b.model_fields_set}
    flat, steep = (build_tables(load_parameters(o), [], PARAMETERS.societies["village"], 1) for o in (level, {}))
    columns = people_of("town")
    shuffled = columns | {"traits": np.random.default_rng(3).permutation(columns["traits"])}
    for tables, same in ((flat, True), (steep, False)):
        for kind in (n for n, b in enumerate(PARAMETERS.behaviours.values()) if b.decided_by is None):
            rates, others = (base_rate(people, tables, kind) for people in (columns, shuffled))
            assert np.array_equal(rates, others) == same


# ------------------------------------------------------------------------------------- nothing ties person to person


def test_treatment_and_counting_do_not_depend_on_where_people_stand():
    columns = {name: column.copy() for name, column in usual("teaching-town").districts[0].items()}
    chance = np.random.default_rng(5)
    order = chance.permutation(columns["age"].size)
    # Families live next to one another, so that a refusal which reaches them is the one thing that knows of places.
    columns["family_denies"] = np.zeros_like(columns["family_denies"])
    moved = dict(columns)
    for name, column in COLUMNS.items():
        if column.per.startswith("person") and name != "ties":
            moved[name] = np.ascontiguousarray(columns[name][..., order])
    moved["ties"] = columns["ties"][order]
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
        "moment_score",
        "moment_marks",
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
    places = build_places(model, people, PARAMETERS)
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
    assert not (tables["group_requires"] & groups).any()
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

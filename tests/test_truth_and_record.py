"""What scores and treats sees records and never the truth; rows write what they declare; sensors make the records."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import scorepolis
from scorepolis.core.buffers import (
    ACTS,
    AGENDA,
    APPLICATIONS,
    BREACHES,
    PANEL_EVENTS,
    RECORD,
    SILENCED,
    STEPS,
    STORIES,
)
from scorepolis.core.columns import COLUMNS, Access
from scorepolis.core.draws import Purpose
from scorepolis.core.items import key_behaviour, key_slot, key_what
from scorepolis.core.provenance import Quantity
from scorepolis.day.plan import PLAN, check
from scorepolis.day.space import make_space
from scorepolis.engine import turning
from scorepolis.engine.world import World
from scorepolis.measures.counts import TRUTHS
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook

PACKAGE = Path(scorepolis.__file__).parent
LIVELY_SCORE = Path(__file__).parent / "books" / "lively.yaml"
RECKONED = Path(__file__).parent / "books" / "reckoned.yaml"
SHARED = Path(__file__).parent / "books" / "shared.yaml"
REPAIRED = Path(__file__).parent / "books" / "repair.yaml"
BLIND = (
    *("score", "share", "reckon", "rank", "treat", "publish", "rate", "serve", "bind", "hold"),
    *("grade", "answer", "bind_heads", "hold_heads"),
)
ROWS = {row.name: row for row in PLAN}
TRUTH = {name for name, column in COLUMNS.items() if column.access is Access.TRUTH}
UNSEEN = [ACTS, BREACHES, STORIES, STEPS, PANEL_EVENTS]
LIVELY = {
    "societies.village.district_neighbourhoods": 2,
    "coefficients.awareness.awareness": 0.8,
    "sensors.neighbourhood_collector.false_positive": 0.0001,
    "sensors.platform.wrong_person": 0.2,
    "coefficients.reward.reward_pull": 200,
    "services.good_job.refused_income": 0.3,
    "services.good_job.wants": 1,
    "coefficients.life.income_return": 1,
}
# Every step of a case, and what follows from it, within six weeks.
LITIGIOUS = LIVELY | {
    "behaviours.late_utility_bill.rate.male": 4,
    "behaviours.late_utility_bill.suit": 0.5,
    "coefficients.courts.suit_shortest": 7,
    "coefficients.courts.suit_longest": 30,
    "coefficients.courts.deadline": 1,
    "coefficients.courts.grace": 1,
    "coefficients.courts.review": 7,
    "coefficients.courts.removal": 1,
    "coefficients.courts.performs": 0.5,
    "coefficients.appeals.appeals_wronged": 1,
    "coefficients.appeals.appeals_other": 1,
    "coefficients.publicity.shunning": 0.5,
}
# Firms that are sued and listed, and ask for what the listed are refused; they are told, and appeal.
TOLD_FIRMS = Path(__file__).parent / "books" / "told-firms.yaml"
FIRMS = ("corporate-tax", "corporate-court-2020", "spending-restriction-2020", TOLD_FIRMS)
BUSY_FIRMS = {
    "firms.numbers.enterprises": 100,
    "firms.numbers.self_employed": 200,
    "firms.behaviours.ignoring_judgment.rate": 0.08,
    "firms.behaviours.ignoring_judgment.unable": 1,
    "firms.services.business_loan.wants": 0.45,
    "firms.services.tender.wants": 0.6,
    "firms.life.performs": 0.1,
    "firms.behaviours.pollution.rate": 0.5,
    "firms.behaviours.labour_violation.rate": 0.5,
    "firms.sensors.environment_office.inspects.rate": 2,
    "firms.sensors.market_office.inspects.rate": 0.25,
    "firms.life.told": 1,
    "firms.life.appeals_wronged": 0.7,
    "firms.life.appeals_other": 0.3,
}
# Public bodies that owe, defy, miss their targets and make reports up, and whose heads are bound for it.
BODIES = ("government-integrity",)
BUSY_BODIES = {
    "bodies.kinds.bureau.number": 20,
    "bodies.behaviours.payment_arrears.rate": 10,
    "bodies.behaviours.payment_arrears.sued": 0.2,
    "bodies.behaviours.falsified_reports.scruple": 1000,
    "bodies.sensors.audit_office.inspects.rate": 4,
    "bodies.sensors.audit_office.false_finding": 0.3,
    "bodies.sensors.inspection_group.inspects.rate": 4,
    "bodies.sensors.inspection_group.false_finding": 0.3,
    "bodies.services.promotion.wants": 2,
    "bodies.services.grant.wants": 10,
    "bodies.services.project_approval.wants": 5,
}
# Rows that are handed the seed, for lots that somebody draws: who is lifted or performs, whom a binding reaches.
LOTS = {"rate": {"seed_words"}, "bind": {"seed_words"}}


def build(*books, kind=World, parameters=None, **how):
    parameters = parameters or load_parameters(LIVELY)
    rulebooks = [load_rulebook(book, parameters) for book in books]
    return kind(parameters, rulebooks, **{"society": "village", "people": 1000, "seed": 5} | how)


def bits(world):
    """Everything that a world holds and has counted, but for the space in which districts are at work."""
    own = COLUMNS.keys() - world.workspaces.all[0].keys()
    held = {f"{name} of district {n}": d[name] for n, d in enumerate(world.districts) for name in own if name in d}
    return held | dict(world.tally.counts().items()) | world.tally.ledger()


def differing(one, other):
    assert one.keys() == other.keys()
    return {name for name in one if not np.array_equal(one[name], other[name])}


# ------------------------------------------------------------------------------------------------------- signatures


def test_every_row_that_scores_or_treats_is_blind():
    assert {row.name for row in PLAN if row.stage in ("score", "treat")} == set(BLIND)


@pytest.mark.parametrize("name", BLIND)
def test_what_scores_and_treats_is_given_no_truth(name):
    row = ROWS[name]
    named = tuple(inspect.signature(row.function.py_func).parameters)
    assert row.needs == named
    assert TRUTH & {*named, *row.writes} == LOTS.get(name, set())
    assert not {"due_truth", "agenda_truth"} & {*named}
    assert {"due_truth", "agenda_truth"} <= TRUTH


@pytest.mark.parametrize("stage", ["bind", "rate", "serve"])
def test_what_rates_and_serves_firms_imports_nothing_that_knows(stage):
    known = {"__future__", "numpy"} | {f"scorepolis.core.{name}" for name in ("buffers", "compiled", "draws")}
    known |= {"scorepolis.firms.buffers", "scorepolis.firms.chances"}
    assert set(imports(PACKAGE / "firms" / f"{stage}.py")) <= known


@pytest.mark.parametrize("stage", ["answer", "bind", "grade"])
def test_what_grades_and_answers_public_bodies_imports_nothing_that_knows(stage):
    known = {"__future__", "numpy"} | {f"scorepolis.core.{name}" for name in ("buffers", "compiled")}
    known |= {"scorepolis.firms.buffers", "scorepolis.firms.serve"}
    assert set(imports(PACKAGE / "bodies" / f"{stage}.py")) <= known


@pytest.mark.parametrize("stage", ["hold", "ledger", "merits", "rank", "reckon", "score", "share", "treat"])
def test_what_scores_and_treats_imports_nothing_that_knows(stage):
    """Buffers, diary and standing are codes and arithmetic on what is passed in; none of them holds a world."""
    known = {"__future__", "numpy"} | {
        f"scorepolis.core.{name}" for name in ("buffers", "compiled", "diary", "integers", "items")
    }
    known |= {f"scorepolis.rulebooks.{name}" for name in ("codes", "reckoning", "standing", "years")}
    known |= {"scorepolis.day.ledger", "scorepolis.day.merits", "collections.abc", "typing", "numpy.typing"}
    assert set(imports(PACKAGE / "day" / f"{stage}.py")) <= known


STAGES = ("act", "court", "observe", "press", "score", "share", "reckon", "rank", "treat", "appeal", "hear", "respond")


@pytest.mark.parametrize("stage", STAGES)
def test_stages_share_words_and_nothing_else(stage):
    of_the_day = {name for name in imports(PACKAGE / "day" / f"{stage}.py") if name.startswith("scorepolis.day")}
    assert of_the_day <= {f"scorepolis.day.{name}" for name in ("coefficients", "deterrence", "ledger", "merits")}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


# ---------------------------------------------------------------------------------------------------------- chance


@pytest.mark.parametrize(
    "folder", ["bodies", "core", "day", "firms", "measures", "parameters", "rulebooks", "scenarios", "society"]
)
def test_no_clock_and_no_address_enters_a_world(folder):
    """Neither the time of day nor where something lies in memory (`hash`, `id`) can become a seed."""
    for path in (PACKAGE / folder).rglob("*.py"):
        assert not {"time", "timeit", "os", "uuid", "random", "secrets"} & set(imports(path)), path
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"hash", "id"}, f"{path}, line {node.lineno}"
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"now", "today", "utcnow"}, f"{path}, line {node.lineno}"


def test_rows_draw_for_the_purposes_they_declare():
    declared: dict[str, set[str]] = {}
    for row in PLAN:
        module = getattr(row.function, "py_func", row.function).__module__
        if module != "scorepolis.day.plan":  # which declares all of them; the birthday that stands there draws nothing
            declared.setdefault(module, set()).update(purpose.name for purpose in row.draws)
    for module, purposes in declared.items():
        path = PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py")
        used = {
            node.attr
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Purpose"
        }
        assert used == purposes, module
    assert declared["scorepolis.day.score"] == declared["scorepolis.day.treat"] == set()


# --------------------------------------------------------------------------------------------------- declared columns


def test_every_column_is_written_by_a_row_or_before_or_between_them():
    # Before: the start. Between: the calendar of the engine, and the tally that closes a month.
    others = {"start", "calendar", "close_month"}
    for name, column in COLUMNS.items():
        assert column.writers
        assert set(column.writers) <= ROWS.keys() | others, name


def test_a_plan_that_breaks_its_word_is_refused():
    with pytest.raises(ValueError, match="row score: no column is called thoughts"):
        check([replace(ROWS["score"], writes=("raw", "thoughts"))])
    with pytest.raises(ValueError, match=r"row treat writes raw, whose declared writers are .*score"):
        check([replace(ROWS["treat"], writes=("raw",))])
    with pytest.raises(ValueError, match="row treat: no column is called mood"):
        check([replace(ROWS["treat"], function=lambda standing, mood: None)])


def own_columns(columns, tables):
    return {name: array.copy() for name, array in columns.items() if name not in tables}


class Watched(World):
    """A world that notes which columns each row changes, declared or not."""

    one_by_one = True

    def __init__(self, *arguments, **how):
        self.changed = {row.name: set() for row in PLAN}
        super().__init__(*arguments, **how)

    def _turn(self, row, columns):
        make_space(columns, row.name)
        before = own_columns(columns, self.tables)
        super()._turn(row, columns)
        self.changed[row.name] |= differing(before, own_columns(columns, self.tables))


def test_rows_write_all_that_they_declare_and_nothing_else(monkeypatch):
    books = ("teaching-town", "rongcheng-2019", LIVELY_SCORE, RECKONED, SHARED, *FIRMS, *BODIES)
    parameters = load_parameters(LITIGIOUS | BUSY_FIRMS | BUSY_BODIES)
    crossing: dict[str, set[str]] = {}

    def watched(row):
        def function(columns, *others):
            before = own_columns(columns, ())
            result = row.function(columns, *others)
            crossing.setdefault(row.name, set()).update(differing(before, own_columns(columns, ())))
            return result

        return replace(row, function=function) if row.scope in ("sends", "receives") else row

    for row in ("SEND", "RECEIVE"):
        monkeypatch.setattr(turning, row, watched(getattr(turning, row)))
    world = build(*books, kind=Watched, parameters=parameters, people=5000, start=date(2019, 12, 20))
    tables = {name: table.copy() for name, table in world.tables.items()}
    world.run(43)
    world.changed |= crossing
    repaired = build(REPAIRED, kind=Watched, parameters=parameters, people=5000)  # a run holds 16 instruments
    repaired.run(43)
    world.changed["seek"] = repaired.changed["seek"]
    for row in PLAN:
        assert world.changed[row.name] == set(row.writes), row.name
    assert differing(tables, world.tables) == set()


def test_columns_are_what_they_are_declared_to_be():
    world = build("teaching-town")
    world.run(31)
    for columns in world.districts:
        for name in COLUMNS.keys() & columns.keys():
            assert columns[name].dtype == np.dtype(COLUMNS[name].dtype), name


# ---------------------------------------------------------------------------------------------------- scrambled truth


class Scrambled(World):
    """A world in which, whenever points and grades and services are decided, the truth is noise."""

    one_by_one = True

    def __init__(self, *arguments, **how):
        self.chance = np.random.default_rng(17)
        self.scrambled: set[str] = set()
        super().__init__(*arguments, **how)

    def _turn(self, row, columns):
        if row.name not in BLIND:
            super()._turn(row, columns)
            return
        make_space(columns, row.name)
        truth = {name: columns[name] for name in (TRUTH - LOTS.get(row.name, set())) & columns.keys()}
        kept = {name: array.copy() for name, array in truth.items()}
        for name, array in truth.items():
            # Of scalars there is nothing to write into, so that another one takes their place.
            columns[name] = noise = array if array.ndim else array.copy()[None]
            bounds = np.iinfo(array.dtype)
            noise[...] = self.chance.integers(bounds.min, bounds.max, noise.shape, array.dtype, endpoint=True)
            if not np.array_equal(noise, kept[name]):
                self.scrambled.add(name)
        during = {name: columns[name].copy() for name in truth}
        # How many acts there were, and what is still to be told, are truth as well, among what rows may read.
        counted = columns["filled"][UNSEEN].copy()
        columns["filled"][UNSEEN] = self.chance.integers(0, 1 << 40, len(UNSEEN))
        super()._turn(row, columns)
        columns["filled"][UNSEEN] = counted
        assert differing(during, {name: columns[name] for name in truth}) == set()
        for name, array in truth.items():
            columns[name] = array
            if array.ndim:
                array[...] = kept[name]


@pytest.mark.parametrize(
    "books", [("teaching-town",), ("rongcheng-2019", "teaching-town", LIVELY_SCORE, *FIRMS, *BODIES)]
)
def test_scrambling_the_truth_changes_no_bit_of_what_is_scored_and_treated(books):
    honest, scrambled = build(*books), build(*books, kind=Scrambled)
    for world in (honest, scrambled):
        world.run(40)
    assert differing(bits(honest), bits(scrambled)) == set()
    held = {name for name in TRUTH & scrambled.districts[0].keys() if np.size(scrambled.districts[0][name])}
    assert scrambled.scrambled == held
    assert honest.tally.counts().entries.sum() > 0
    assert honest.tally.counts().outcomes.sum() > 0


class OneByOne(World):
    """A world whose rows need not be compiled."""

    one_by_one = True


def peeking_treat(applications_slot, hardship, outcomes_bits, filled):
    """Refuse those who are poor, whom no record names."""
    for e in range(filled[APPLICATIONS]):
        outcomes_bits[e] = hardship[applications_slot[e]] > 20


def test_scrambling_finds_a_row_that_peeks(monkeypatch):
    rows = [replace(row, function=peeking_treat) if row.name == "treat" else row for row in turning.DAILY]
    monkeypatch.setattr(turning, "DAILY", rows)
    honest, scrambled = build("teaching-town", kind=OneByOne), build("teaching-town", kind=Scrambled)
    for world in (honest, scrambled):
        world.run(10)
    assert "outcomes" in differing(bits(honest), bits(scrambled))


# ------------------------------------------------------------------------------------------------ sensors and records


class Recorder(World):
    """A world that remembers each day's acts and the records that are scored that day, with their truth."""

    one_by_one = True

    def __init__(self, *arguments, **how):
        self.acts, self.records, self.truths, self.caught = Counter(), Counter(), set(), 0
        super().__init__(*arguments, **how)

    def _turn(self, row, columns):
        super()._turn(row, columns)
        if row.name == "observe":
            place = int(columns["day"]), int(columns["first_slot"])
            acts = columns["filled"][ACTS]
            for slot, kind, fate in zip(
                *(columns[f"acts_{x}"][:acts].tolist() for x in ("slot", "kind", "fate")), strict=True
            ):
                if fate != SILENCED:
                    self.acts[*place, slot, kind] += 1
            self.caught += int(columns["acts_caught"][:acts].sum())
            items = columns["filled"][AGENDA]
            for key, truth in zip(columns["agenda_key"][:items], columns["agenda_truth"][:items].tolist(), strict=True):
                if key_what(key) == RECORD:
                    self.records[*place, key_slot(key), key_behaviour(key)] += 1
                    self.truths.add((truth >> 4 == key_slot(key), truth & 15))


def with_sensors(change):
    """Parameters with every sensor changed, and nobody sued or reviewed: courts make records of their own."""
    quiet = {f"coefficients.courts.{name}": 0 for name in ("breaks_order", "settles")}
    parameters = load_parameters({**LIVELY, **quiet})
    sensors = {name: change(sensor) for name, sensor in parameters.sensors.items()}
    behaviours = {
        name: behaviour.model_copy(update={"suit": exactly(0)}) if behaviour.suit else behaviour
        for name, behaviour in parameters.behaviours.items()
    }
    return parameters.model_copy(update={"sensors": sensors, "behaviours": behaviours})


def exactly(value):
    return Quantity(value=value, unit="as it was", status="assumed", reason="a limiting case", range=(value, value))


def certain(sensor):
    """One that sees all, at once, and never errs."""
    return sensor.model_copy(
        update={
            "coverage": sensor.coverage.model_copy(update={"urban": exactly(1), "rural": exactly(1)}),
            "sees": dict.fromkeys(sensor.sees, exactly(1)),
            "false_positive": exactly(0),
            "wrong_person": exactly(0),
            "delay": sensor.delay.model_copy(update={"shortest": exactly(0), "longest": exactly(0)}),
        }
    )


def blind(sensor):
    """One that covers no place."""
    return sensor.model_copy(
        update={"coverage": sensor.coverage.model_copy(update={"urban": exactly(0), "rural": exactly(0)})}
    )


def out_of_force(sensor):
    return sensor.model_copy(update={"ordinary": False})


@pytest.mark.parametrize(
    ("book", "change"), [("teaching-town", blind), ("rongcheng-2019", blind), ("law-only", out_of_force)]
)
def test_no_sensor_no_record(book, change):
    world = build(book, kind=Recorder, parameters=with_sensors(change))
    world.run(40)
    counts = world.tally.counts()
    assert sum(world.acts.values()) > 0
    assert not world.records
    assert world.caught == 0
    assert counts.records.sum() == counts.entries.sum() == counts.points.sum() == 0
    assert world.tally.ledger()["slot"].size == 0  # not even a past that runs out
    assert world.tables["law_risk"].tolist() == [0, 0, 0, 0]
    for k, instrument in enumerate(i for rulebook in world.rulebooks for i in rulebook.instruments):
        for columns in world.districts:
            assert (columns["raw"][k][columns["occupied"] > 0] == int(instrument.start.exact)).all()


@pytest.mark.parametrize("book", ["law-only", "rongcheng-2019", "teaching-town"])
def test_certain_sensors_record_the_truth(book):
    world = build(book, kind=Recorder, parameters=with_sensors(certain))
    world.run(40)
    in_force = [s for name, s in world.parameters.sensors.items() if s.ordinary or name in world.rulebooks[0].employs]
    seen = {n for n, name in enumerate(world.parameters.behaviours) if any(name in sensor.sees for sensor in in_force)}
    acts = Counter({act: count for act, count in world.acts.items() if act[3] in seen})
    assert acts
    assert world.records == acts
    assert world.truths == {(True, 0)}
    assert world.caught == acts.total()
    counts = world.tally.counts()
    assert counts.records[..., 0].sum() == counts.acts[..., sorted(seen)].sum() == acts.total()
    assert counts.records[..., 1:].sum() == 0
    assert counts.wrongful[..., TRUTHS.index("wrong_person") : TRUTHS.index("unable") + 1].sum() == 0
    assert counts.wrongful[..., TRUTHS.index("stale")].sum() == 0


def test_imperfect_sensors_err_in_every_way():
    world = build("teaching-town", kind=Recorder)
    world.run(60)
    assert {kind for _, kind in world.truths} == {0, 1, 2}
    assert world.caught < world.acts.total()


def test_no_two_rows_draw_for_the_same_purpose():
    """So that no row takes luck away from another, whatever the scheme."""
    drawn = Counter(purpose for row in PLAN for purpose in row.draws)
    assert set(drawn.values()) == {1}
    assert drawn.keys() <= set(Purpose)

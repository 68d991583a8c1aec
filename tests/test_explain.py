"""A told life is what the run counted, of the right person, and parts from its twin on the right day."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests import results
from typer.testing import CliRunner

from scorepolis.cli import app
from scorepolis.core.buffers import ACT, APPLICATION, COURT_STEP, DONE, FOR_POINTS, RECORDED, SILENCED
from scorepolis.core.draws import Purpose, draw_once, draw_words
from scorepolis.core.errors import InputError
from scorepolis.explain import told
from scorepolis.explain.beside import parting
from scorepolis.explain.books import books_of
from scorepolis.explain.choose import KINDS, by_chance, shut_out, worst_off, wronged
from scorepolis.explain.life import Life, life_of
from scorepolis.explain.make import explain
from scorepolis.explain.moments import moments
from scorepolis.explain.totals import conduct, totals_of, turn_of
from scorepolis.explain.words import cells, sentences
from scorepolis.measures.counts import APPEALS, COURT_STEPS, ENTRIES, TRUTHS
from scorepolis.report.life import page, write
from scorepolis.runs.folder import load
from scorepolis.runs.ledger import EVENTS
from scorepolis.runs.make import run as make
from scorepolis.runs.panel import held
from scorepolis.scenarios import Scenario

LIVES = Path(__file__).parents[1] / "docs" / "lives.md"
PEOPLE, DAYS, SEED = 800, 150, 5
LIVELY = {
    "coefficients.awareness.awareness": 0.8,
    "coefficients.courts.mismatch": 0.03,
    "sensors.neighbourhood_collector.false_positive": 0.0001,
    "sensors.neighbourhood_collector.wrong_person": 0.3,
    "sensors.neighbourhood_collector.coverage.urban": 1,
    "sensors.tip_off.wrong_person": 0.5,
    "sensors.tip_off.false_positive": 0.0001,
    "sensors.traffic_police.false_positive": 0.0001,
    "sensors.platform.wrong_person": 0.2,
    "coefficients.deterrence.threshold": 0.02,
    "coefficients.deterrence.certainty": 8,
    "behaviours.late_utility_bill.rate.male": 4,
    "behaviours.late_utility_bill.suit": 0.5,
    "coefficients.courts.suit_shortest": 7,
    "coefficients.courts.suit_longest": 30,
    "coefficients.courts.grace": 1,
    "coefficients.courts.review": 7,
    "coefficients.courts.performs": 0.5,
    "coefficients.appeals.appeals_wronged": 1,
    "coefficients.appeals.appeals_other": 1,
    "coefficients.reward.reward_pull": 200,
}


def scenario(*books: str) -> Scenario:
    return Scenario(
        version=1, name="lives", title="A village", society="village", rulebooks=books, start="2019-03-01", days=DAYS
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("lives") / "a"
    make(scenario("defaulter-list-2017", "rongcheng-2019"), people=PEOPLE, seed=SEED, set=LIVELY, out=out, threads=1)
    return out


@pytest.fixture
def kept(folder):
    return load(folder)


@pytest.fixture(scope="module")
def lives(folder) -> list[Life]:
    """Everybody's: the panel of a small society is all of it."""
    run = load(folder)
    tables = {name: run.panel.read(name, None) for name in ("people", "events", "states")}
    at_hand = replace(run, world=replace(run.world, panel=lambda: held(tables)))
    books = books_of(run)
    return [life_of(at_hand, person, books) for person in range(PEOPLE)]


# ----------------------------------------------------------------------------------------------------- what is kept


def test_all_lives_together_are_what_the_run_counted(kept, lives):
    """The counts are made by other rows of the plan; on a panel of everybody both must come to the same."""
    counts, told_of = kept.counts, [totals_of(life) for life in lives]
    behaviours = len(kept.context.behaviours)
    bad = kept.context.bad.astype(bool)
    acts = counts.acts.sum(axis=(0, 1))
    assert sum(t.conduct.bad for t in told_of) == acts[:behaviours][bad].sum() > 0
    assert sum(t.conduct.good for t in told_of) == acts[:behaviours][~bad].sum() > 0
    assert sum(t.conduct.undone for t in told_of) == counts.silenced.sum() > 0
    assert sum(t.conduct.for_points for t in told_of) == counts.for_points.sum() > 0
    assert sum(t.applications for t in told_of) == acts[behaviours:].sum() > 0
    assert sum(t.refused for t in told_of) == counts.outcomes[..., 0].sum() > 0
    assert sum(t.delayed for t in told_of) == counts.outcomes[..., 1].sum()
    records = counts.records.sum(axis=(0, 1, 2))
    for truth, n in zip(TRUTHS, records.tolist(), strict=True):
        assert sum(t.records.get(truth, 0) for t in told_of) == n, truth
    entries = counts.entries.sum(axis=(0, 1, 2))
    assert sum(t.penalties for t in told_of) == entries[ENTRIES.index("negative")] > 0
    assert sum(t.rewards for t in told_of) == entries[ENTRIES.index("positive")] > 0
    assert sum(t.lost for t in told_of) == counts.points[..., 0].sum()
    assert sum(t.gained for t in told_of) == counts.points[..., 1].sum()
    wrongful = counts.wrongful.sum(axis=(0, 1, 2))
    for kind in KINDS:
        assert sum(t.wrongful.get(kind, 0) for t in told_of) == wrongful[TRUTHS.index(kind)], kind
    appeals = counts.appeals.sum(axis=(0, 1, 2))
    assert sum(t.appeals for t in told_of) == appeals[APPEALS.index("made")] > 0
    assert sum(t.upheld for t in told_of) == appeals[APPEALS.index("upheld")]


def test_court_steps_are_those_that_were_counted(kept, lives):
    steps = Counter(row["a"] for life in lives for row in life.events if row["event"] == COURT_STEP)
    for code, name in enumerate(COURT_STEPS[: COURT_STEPS.index("exits")]):
        kept_steps = steps[code] + (steps[COURT_STEPS.index("deterred")] if name == "performed" else 0)
        assert kept_steps == kept.counts.courts[..., code].sum(), name
    assert steps.total() > 0


def test_entries_of_a_life_are_those_of_the_ledger(kept, lives):
    ledger = kept.ledger
    assert sum(len(life.entries) for life in lives) == len(ledger) > 0
    for life in lives[:50]:
        own = ledger[ledger["person"] == life.person]
        assert [row["points"] for row in life.entries] == own["points"].tolist()
        entered = [moment for moment in moments(life) if moment.what == "entry"]
        assert [moment.detail["cause"] for moment in entered] == own["what"].tolist()


def test_every_event_is_told_once_and_in_order(lives):
    for life in lives:
        told_of = moments(life)
        counted = Counter(moment.what for moment in told_of)
        kinds = Counter(row["event"] for row in life.events)
        assert counted["act"] + counted["undone"] == kinds[ACT]
        assert counted["court"] == kinds[COURT_STEP]
        assert counted["record"] == kinds[RECORDED]
        assert counted["answer"] == kinds[APPLICATION]
        assert counted["entry"] == len(life.entries)
        assert [moment.day for moment in told_of] == sorted(moment.day for moment in told_of)


def test_an_entry_of_a_record_follows_that_record(lives):
    pairs = 0
    for life in lives:
        last = None
        for moment in moments(life):
            if moment.what == "record":
                last = moment
            elif moment.what == "entry" and moment.detail["cause"] == "record":
                assert last is not None
                assert last.day == moment.day
                assert (last.detail["behaviour"], last.detail["sensor"]) == (
                    moment.detail["behaviour"],
                    moment.detail["sensor"],
                )
                pairs += 1
    assert pairs > 0


def test_states_meet_the_snapshots(kept):
    states = kept.panel.states()
    for name in ("income", "hardship", "trust", "opinion", "motive", "ties"):
        by_moment = states[name].reshape(PEOPLE, -1).sum(axis=0)
        assert by_moment.tolist() == getattr(kept.counts, name).sum(axis=1).tolist(), name
    for k in range(len(kept.context.instruments)):
        inside = states[f"marks_{k}"] & 1
        for name in ("score", "aware"):
            by_moment = (states[f"{name}_{k}"] * inside).reshape(PEOPLE, -1).sum(axis=0)
            assert by_moment.tolist() == getattr(kept.counts, name)[..., k].sum(axis=1).tolist(), name
    assert kept.panel.states(3)["day"].tolist() == [-1, 30, 60, 91, 121, 149]


def test_tables_are_in_order_and_the_baseline_has_them_too(kept):
    for world in (kept, kept.baseline):
        events = world.panel.events()
        order = np.lexsort((events["day"], events["person"]))
        assert np.array_equal(order, np.arange(len(order)))
        assert np.array_equal(world.panel.people["person"], np.arange(PEOPLE))
        for person in (0, 17, PEOPLE - 1):
            assert (world.panel.events(person)["person"] == person).all()
    assert len(kept.baseline.panel.events()["day"]) > 0


def test_keeping_lives_is_no_part_of_the_digest(kept):
    assert replace(kept, world=replace(kept.world, panel=None)).digest == kept.provenance["digest"]


def test_who_is_in_the_panel_changes_nothing_but_whose_life_is_kept(kept):
    few = make(
        scenario("defaulter-list-2017", "rongcheng-2019"),
        people=PEOPLE,
        seed=SEED,
        set=LIVELY,
        panel=200,
        baseline=False,
        threads=1,
    )
    for name, array in few.counts.items():
        assert np.array_equal(array, getattr(kept.counts, name)), name
    panel = few.panel.people["person"]
    assert 100 < len(panel) < 300
    for name in ("people", "events", "states"):
        every, some = kept.panel.read(name, None), few.panel.read(name, None)
        inside = np.isin(every["person"], panel)
        assert every.keys() == some.keys()
        for field, column in some.items():
            assert np.array_equal(column, every[field][inside]), (name, field)


def test_a_false_record_names_whose_act_it_was(lives):
    """Whoever is named did such a thing, not later than it was recorded."""
    found = 0
    for life in lives:
        for moment in moments(life):
            if moment.what == "record" and moment.wrongful == "wrong_person" and moment.detail["sensor"] != "court":
                doer = lives[moment.detail["doer"]]
                assert doer.person != life.person
                assert f"FALSE: it was done by person {doer.person:,}" in moment.text
                names = [behaviour.name for behaviour in life.context.behaviours]
                assert any(
                    row["event"] == ACT and row["a"] != SILENCED and row["day"] <= moment.day
                    for row in doer.events
                    if row["code"] == names.index(moment.detail["behaviour"])
                )
                found += 1
    assert found > 0


# --------------------------------------------------------------------------------------------------- who is told of


def test_a_random_person_is_drawn_by_the_seed(kept):
    word = int(draw_words(SEED, Purpose.PANEL, 0, 1, 0)[0])
    assert by_chance(kept).person == (word * PEOPLE) >> 32
    assert by_chance(kept) == by_chance(kept)


@pytest.mark.parametrize("seed", [0, 7, 2**64 - 1])
def test_one_draw_is_the_same_as_among_many(seed):
    many = draw_words(seed, Purpose.PANEL, np.arange(5), 1, 9)
    assert [draw_once(seed, Purpose.PANEL, i, 1, 9) for i in range(5)] == list(
        zip(*map(np.ndarray.tolist, many), strict=True)
    )


def test_the_worst_off_was_shut_out_longest(kept, lives):
    books = books_of(kept)
    days = shut_out(kept, books)
    assert days[worst_off(kept, books).person] == days.max() > 0
    for life in lives:  # a day counts once in a life, and in the ranking once for each instrument
        shut = totals_of(life).shut_out
        assert shut <= days[life.person] <= len(books.instruments) * shut
    assert days.sum() == kept.counts.shut_out.sum()


@pytest.mark.parametrize("kind", ["wrong_person", "not_done", "disproportionate"])
def test_the_wronged_were_wronged_in_that_way(kept, lives, kind):
    choice = wronged(kept, books_of(kept), kind)
    times = [totals_of(life).wrongful.get(kind, 0) for life in lives]
    assert times[choice.person] == max(times) > 0
    assert f"{sum(n > 0 for n in times):,} were penalised wrongly" in choice.why


def test_without_a_kind_any_wrong_counts(kept, lives):
    times = [sum(totals_of(life).wrongful.values()) for life in lives]
    assert times[wronged(kept, books_of(kept)).person] == max(times)


def test_an_unknown_kind_is_refused_with_the_nearest(kept):
    with pytest.raises(InputError, match=r"no kind of wrongful called 'wrong_persons'.*did you mean 'wrong_person'"):
        wronged(kept, books_of(kept), "wrong_persons")


def test_a_kind_that_befell_nobody_is_refused_with_those_that_did(kept):
    law = kept.baseline
    with pytest.raises(InputError, match="nobody in the panel was penalised wrongly in this way: stale"):
        wronged(law, books_of(law), "stale")
    with pytest.raises(InputError, match="the run has no instrument"):
        worst_off(law, books_of(law))


def test_a_person_who_is_not_there_or_not_in_the_panel_is_refused(kept):
    with pytest.raises(InputError, match=f"no person {PEOPLE}; expected a number from 0 to {PEOPLE - 1}"):
        life_of(kept, PEOPLE)
    every = {name: kept.panel.read(name, None) for name in ("people", "events", "states")}
    some = {
        name: {field: column[table["person"] % 3 == 0] for field, column in table.items()}
        for name, table in every.items()
    }
    few = replace(kept, world=replace(kept.world, panel=lambda: held(some)))
    assert life_of(few, 9).person == 9
    with pytest.raises(InputError, match=r"person 10 is not in the panel.*one of its 267 people; did you mean '12'"):
        life_of(few, 10)


def test_only_one_person_is_told_of(folder):
    with pytest.raises(InputError, match="several people are asked for"):
        explain(folder, person=3, worst=True)


# ---------------------------------------------------------------------------------------------- the same life twice


def constructed(rows: list[tuple[int, ...]]) -> Life:
    names = ("day", "event", "code", "a", "b", "c")
    return Life(results.run(), 0, None, {}, [dict(zip(names, row, strict=True)) for row in rows], [], [])


def test_lives_part_on_the_first_day_that_is_lived_otherwise():
    both = [(3, ACT, 1, DONE, 0, 0), (8, APPLICATION, 0, 0, 0, 0), (8, RECORDED, 1, 0, 0, 0)]
    one = constructed([*both, (20, APPLICATION, 1, 1, 0, 0)])
    other = constructed([*both, (20, APPLICATION, 1, 0, 0, 0)])
    assert (parting(one, other).lived, parting(one, other).recorded) == (20, None)
    assert parting(one, one).lived is None


def test_a_deed_for_points_is_the_deed_and_a_wish_left_undone_is_none():
    one = constructed([(3, ACT, 1, FOR_POINTS, 0, 0), (9, ACT, 0, SILENCED, 0, 0)])
    same = constructed([(3, ACT, 1, DONE, 0, 0)])
    other = constructed([(3, ACT, 1, DONE, 0, 0), (9, ACT, 0, DONE, 0, 0)])
    assert parting(one, same).lived is None
    assert parting(one, other).lived == 9


def test_what_is_only_recorded_otherwise_is_told_apart():
    act = (3, ACT, 1, DONE, 0, 0)
    seen = constructed([(3, ACT, 1, DONE, 1, 0), (5, RECORDED, 1, 0, 0, 0)])
    assert parting(seen, constructed([act])) == replace(parting(seen, seen), lived=None, recorded=5)


def test_until_they_part_two_lives_are_the_same(kept, lives):
    parted = 0
    for life in lives[::7]:
        twin = life_of(kept.baseline, life.person)
        day = parting(life, twin).lived
        before = DAYS if day is None else day
        lived = [
            [(row["day"], row["event"], row["code"]) for row in one.events if _done(row) and row["day"] < before]
            for one in (life, twin)
        ]
        assert lived[0] == lived[1]
        parted += day is not None
    assert parted > 0


def _done(row) -> bool:
    return row["event"] in {COURT_STEP, APPLICATION} or (row["event"] == ACT and row["a"] != SILENCED)


def test_conduct_before_and_after_adds_up_to_the_whole(lives):
    turns = 0
    for life in lives:
        turn = turn_of(life)
        if turn is None:
            continue
        whole = conduct(life, 0, DAYS)
        assert turn.before.days + turn.after.days == whole.days
        for name in ("bad", "good", "for_points", "undone"):
            assert getattr(turn.before, name) + getattr(turn.after, name) == getattr(whole, name)
        assert next(life.penalties())["day"] == turn.day
        turns += 1
    assert turns > 0


def test_another_rulebook_is_run_in_memory_on_the_same_people(folder):
    seen = []
    story = explain(folder, person=4, rulebook="teaching-town", progress=lambda *step: seen.append(step))
    assert story.there.name == "teaching-town"
    assert seen[-1][1:] == (DAYS, DAYS)
    again = make(scenario("teaching-town"), people=PEOPLE, seed=SEED, set=LIVELY, baseline=False)
    assert story.there.life.run.digest == again.digest
    assert story.here.life.who == story.there.life.who


def test_law_only_needs_no_run(folder):
    def never(*step):
        raise AssertionError(step)

    story = explain(folder, person=4, rulebook="law-only", progress=never)
    assert story.there.life.run.provenance["digest"] == load(folder).baseline.provenance["digest"]
    assert story.parting == explain(folder, person=4).parting


def test_a_rulebook_that_is_not_there_is_refused(folder):
    with pytest.raises(InputError, match=r"no rulebook 'teaching-towm'.*did you mean 'teaching-town'"):
        explain(folder, person=4, rulebook="teaching-towm")


def test_runs_of_other_luck_are_not_set_side_by_side(kept):
    from scorepolis.explain.beside import check_same

    other = replace(kept, provenance={**kept.provenance, "seed": SEED + 1})
    with pytest.raises(InputError, match=f"the runs differ in seed: {SEED} and {SEED + 1}"):
        check_same(life_of(kept, 4), life_of(other, 4))


# --------------------------------------------------------------------------------------------------------- comparison


@pytest.fixture
def comparison(folder, tmp_path) -> Path:
    make(scenario("rongcheng-2019"), people=PEOPLE, seed=SEED, set=LIVELY, out=tmp_path / "runs" / "b", baseline=False)
    shutil.copytree(folder, tmp_path / "runs" / "a")
    schemes = [{"name": name, "error": None} for name in ("a", "b")]
    (tmp_path / "comparison.json").write_text(json.dumps({"schemes": schemes}))
    return tmp_path


def test_of_a_comparison_the_first_scheme_is_told(comparison, folder):
    story = explain(comparison, person=4, rulebook="b")
    assert story.here.life.run.provenance["digest"] == load(folder).provenance["digest"]
    assert [book["name"] for book in story.there.life.run.provenance["rulebooks"]] == ["rongcheng-2019"]


def test_of_a_comparison_that_begins_with_the_law_the_first_scheme_is_told(comparison, folder):
    shutil.copytree(folder / "baseline", comparison / "runs" / "law-only")
    failed = {"name": "failed", "error": "it could not be run"}
    schemes = [{"name": "law-only", "error": None}, failed, {"name": "b", "error": None}]
    (comparison / "comparison.json").write_text(json.dumps({"schemes": schemes}))
    story = explain(comparison, kind="any", rulebook="law-only")
    assert story.here.name == "rongcheng-2019"
    assert story.there.life.run.path == comparison / "runs" / "law-only"
    assert explain(comparison, kind="any").there.life.run.path == comparison / "runs" / "law-only"
    assert explain(comparison, person=4, rulebook="b").here.name == "law-only"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "damaged"),
        ('{"schemes": []}', "it names no run"),
        ('{"schemes": {}}', "it names no run"),
        ('{"schemes": [1]}', "damaged"),
        ('{"schemes": [{"name": "../../elsewhere"}]}', "the run folder of ../../elsewhere lies outside it"),
    ],
)
def test_a_damaged_comparison_is_refused(tmp_path, text, what):
    (tmp_path / "comparison.json").write_text(text)
    with pytest.raises(InputError, match=what):
        explain(tmp_path)


# ------------------------------------------------------------------------------------------------------ damaged runs


@pytest.fixture
def copy(folder, tmp_path) -> Path:
    return shutil.copytree(folder, tmp_path / "copy")


def test_a_missing_table_is_damage(copy):
    (copy / "events.parquet").unlink()
    with pytest.raises(InputError, match=r"events\.parquet: the run folder is damaged: the file is missing"):
        explain(copy)


def test_a_torn_table_is_damage(copy):
    file = copy / "states.parquet"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"states\.parquet: the run folder is damaged"):
        explain(copy)


def test_a_table_without_a_column_is_damage(copy):
    file = copy / "events.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["code"]), file)
    with pytest.raises(InputError, match=r"events\.parquet: the run folder is damaged: it lacks code"):
        explain(copy)


def test_a_run_of_the_first_version_keeps_no_lives(copy):
    for world in (copy, copy / "baseline"):
        for name in ("people", "events", "states"):
            (world / f"{name}.parquet").unlink()
        file = world / "provenance.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), "version": 1}))
    assert load(copy).verify()
    with pytest.raises(InputError, match="this run keeps no lives"):
        explain(copy)


def test_a_rulebook_that_has_changed_since_is_refused(copy):
    file = copy / "provenance.json"
    made = json.loads(file.read_text())
    made["rulebooks"][0]["sha256"] = "0"
    file.write_text(json.dumps(made))
    with pytest.raises(InputError, match="'defaulter-list-2017' is not the one that the run was made with"):
        explain(copy)


# ---------------------------------------------------------------------------------------------------- how it is told


def test_every_told_number_is_the_life_s_own(folder):
    story = explain(folder, kind="any")
    t = story.here.totals
    text = " ".join(sentences(story))
    assert f"{t.conduct.bad:,} bad thing" in text
    assert f"On {t.shut_out:,} of {DAYS:,} days" in text or not t.shut_out
    assert f"lost {t.lost:,} points and gained {t.gained:,}" in text
    first = story.here.life.states[0]
    k = story.here.life.books.labels.index("rongcheng-2019")
    assert f"began with {first[f'score_{k}']:,} points" in text


def test_rules_are_told_with_what_they_rest_on(lives):
    for life in lives:
        for moment in moments(life):
            if moment.what == "entry" and moment.detail["cause"] == "record":
                assert moment.detail["status"] in {"documented", "reported", "assumed"}
                assert f"Rule {moment.detail['status']}: " in moment.text
                assert moment.detail["grounds"].rstrip(".") in moment.text
                assert EVENTS[4] == "record"


def test_a_refusal_names_what_refused(lives):
    refusals = [m for life in lives for m in moments(life) if m.what == "answer" and m.detail["answer"] == "refused"]
    assert refusals
    for moment in refusals:
        assert moment.detail["by"]
        assert all(label in moment.text for label in moment.detail["by"])


def test_side_by_side_each_moment_stands_once(folder):
    story = explain(folder, kind="any")
    rows = list(cells(story))
    assert sum(bool(here) for _, _, here, _, _ in rows) == len(story.here.moments)
    assert sum(bool(there) for _, _, _, there, _ in rows) == len(story.there.moments)


def test_the_page_stands_alone_and_every_picture_has_a_table_and_a_sentence(folder, tmp_path):
    story = explain(folder, worst=True)
    text = write(story, tmp_path / "life.html").read_text(encoding="utf-8")
    assert text == page(explain(folder, worst=True))
    assert not re.search(r"<script|<link|<img|@import|src=|url\((?!#)", text)
    assert "prefers-color-scheme: dark" in text
    sections = re.findall(r'<section class="picture">.*?</section>', text, re.DOTALL)
    assert len(sections) == len(story.here.life.scopes)
    for section in sections:
        assert "<table>" in section
        assert re.search(r"<p>Under .*\d+.*|<p>Nothing was entered", section)
    assert any("<svg" in section for section in sections)
    for moment in story.here.moments[:5]:
        assert moment.text.split(" (")[0].replace("'", "&#39;") in text


def test_a_page_goes_into_a_folder_that_is_there(folder, tmp_path):
    with pytest.raises(InputError, match="the page cannot be written"):
        write(explain(folder, person=1), tmp_path / "none" / "life.html")
    with pytest.raises(InputError, match="the page cannot be written"):
        write(explain(folder, person=1), tmp_path)


def test_the_command_line_tells_the_same(folder, tmp_path):
    ask = CliRunner().invoke
    answer = ask(app, ["explain", str(folder), "--wronged", "--against", "law-only", "--json"])
    assert answer.exit_code == 0, answer.output
    story = json.loads(answer.stdout)
    assert story == json.loads(json.dumps(explain(folder, kind="any").to_json()))
    assert list(story["worlds"]) == ["defaulter-list-2017 + rongcheng-2019", "law-only"]
    answer = ask(app, ["explain", str(folder), "--wronged", "not_done", "--html", str(tmp_path / "life.html")])
    assert answer.exit_code == 0, answer.output
    assert "One life: person" in answer.stdout
    assert (tmp_path / "life.html").is_file()
    for wrong in (["--person", "99999"], ["--wronged", "nonsense"], ["--person", "1", "--random"]):
        answer = ask(app, ["explain", str(folder), *wrong])
        assert answer.exit_code == 2
        assert answer.stderr.startswith("scorepolis: ")


def test_the_shipped_lives_are_what_the_run_tells():
    assert told.page() == LIVES.read_text(encoding="utf-8")

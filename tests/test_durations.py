"""How long it took to get out: each way on ledgers written by hand, and on a village against plain bookkeeping."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter

import numpy as np
import pytest
from tests import results
from typer.testing import CliRunner

from scorepolis import cli
from scorepolis.core.buffers import NOTICE, WON
from scorepolis.measures.counts import APPEALS, COURT_STEPS, TRUTHS
from scorepolis.report import durations as told
from scorepolis.report.page import page
from scorepolis.report.plain import to_json
from scorepolis.report.words import what_it_did
from scorepolis.rulebooks.schema import Listing, Points
from scorepolis.runs.books import rulebooks_of
from scorepolis.runs.durations import EVERY, HELD, OUT, durations, spells
from scorepolis.runs.folder import load
from scorepolis.runs.ledger import EVENTS
from scorepolis.runs.make import run as make
from scorepolis.runs.result import World
from scorepolis.scenarios import Scenario

DAYS = 200
FIELDS = ("slot", "day", "what", "instrument", "rule", "points", "truth")
POINTS, LIST = 0, 1
TAKES, HOLDS, GIVES, FOREVER, SOON = range(5)
"""Rules of the points: 5 points that expire after 90 days; C for 60 days; points given; taken for good; for 10 days."""
UNTIL, FOR = range(2)
"""Rules of the list: until performance; for 50 days."""
APPEAL = {POINTS: 20, LIST: 30}


def number(value, unit="days"):
    return {"value": value, "unit": unit, "status": "assumed", "reason": "made up", "range": [-1000, 1000]}


def rule(name, points, expires, override=None):
    return {
        "id": name, "text": "text", "behaviours": ("theft",), "points": number(points, "points"),
        "expires": None if expires is None else number(expires),
        "override": None if override is None else {"grade": "C", "term": number(override)},
    }  # fmt: skip


COMMON = {
    "subject": "person",
    "scope": {"min_age": number(18, "years"), "migrants": True},
    "transparency": "published",
    "notice": True,
    "reach": ("court",),
}
INSTRUMENTS = (
    Points.model_validate(
        COMMON
        | {
            "id": "points",
            "method": "points",
            "start": number(100, "points"),
            "range": {"lowest": number(0, "points"), "highest": number(200, "points")},
            "grades": [
                {"grade": "C", "lowest": number(0, "points"), "highest": number(90, "points")},
                {"grade": "A", "lowest": number(91, "points"), "highest": number(200, "points")},
            ],
            "rules": [
                rule("R1", -5, 90),
                rule("R2", 0, None, 60),
                rule("R3", 5, 90),
                rule("R4", -5, None),
                rule("R5", -5, 10),
            ],
            "appeal": {"days": number(20), "upheld_wrong": number(1, "share"), "upheld_other": number(0, "share")},
        }
    ),
    Listing.model_validate(
        COMMON
        | {
            "id": "list",
            "method": "list",
            "rules": [
                {"id": "J1", "text": "text", "behaviours": ("theft",), "term": None},
                {"id": "J2", "text": "text", "behaviours": ("fraud",), "term": number(50)},
            ],
            "appeal": {"days": number(30), "upheld_wrong": number(1, "share"), "upheld_other": number(0, "share")},
        }
    ),
)


def record(slot, day, instrument, rule, points=0, truth="true"):
    return (slot, day, EVENTS.index("record"), instrument, rule, points, TRUTHS.index(truth))


def event(what, slot, day, instrument, rule=0, points=0, truth="true"):
    return (slot, day, EVENTS.index(what), instrument, rule, points, TRUTHS.index(truth))


def columns(*rows):
    table = np.array(rows, dtype=np.int32).reshape(len(rows), len(FIELDS))
    return {name: table[:, at] for at, name in enumerate(FIELDS)}


def followed(*rows, days=DAYS):
    """What became of each penalty of a ledger: what it holds by, the way out, and the days."""
    found = spells(columns(*rows), INSTRUMENTS, days)
    return list(zip(found["held"], found["out"], found["days"].tolist(), strict=True))


# ------------------------------------------------------------------------------------------------------ ways out


def test_a_correction_comes_when_the_appeal_is_over():
    rows = record(1, 5, POINTS, TAKES, -5), event("correction", 1, 25, POINTS, TAKES, 5)
    assert followed(*rows) == [("points", "correction", 20)]


def test_points_expire_unless_they_were_corrected_before():
    kept = record(1, 5, POINTS, TAKES, -5), event("points_expire", 1, 95, POINTS, TAKES, 5)
    undone = (
        record(2, 5, POINTS, TAKES, -5),
        event("correction", 2, 25, POINTS, TAKES, 5),
        event("points_expire", 2, 95, POINTS, TAKES, -5),
        event("points_expire", 2, 95, POINTS, TAKES, 5),
    )
    assert followed(*kept, *undone) == [("points", "points_expire", 90), ("points", "correction", 20)]


def test_a_correction_that_comes_after_the_points_expired_undoes_nothing():
    rows = (
        record(1, 5, POINTS, SOON, -5),
        event("points_expire", 1, 15, POINTS, SOON, 5),
        event("correction", 1, 25, POINTS, SOON, 0),
    )
    assert followed(*rows) == [("points", "points_expire", 10)]


def test_an_override_ends_with_its_term_or_by_a_correction():
    ends = record(1, 5, POINTS, HOLDS), event("override_ends", 1, 65, POINTS, HOLDS)
    undone = (
        record(2, 5, POINTS, HOLDS),
        event("correction", 2, 25, POINTS, HOLDS),
        event("override_ends", 2, 65, POINTS, HOLDS),
    )
    listed = record(3, 0, LIST, FOR), event("override_ends", 3, 50, LIST, FOR)
    assert followed(*ends, *undone, *listed) == [
        ("term", "term_ends", 60), ("term", "correction", 20), ("term", "term_ends", 50)
    ]  # fmt: skip


def test_an_exit_is_in_time_or_late_and_may_come_the_same_day():
    rows = (
        record(1, 5, LIST, UNTIL), event("exit", 1, 77, LIST),
        record(2, 5, LIST, UNTIL), event("exit", 2, 177, LIST, truth="stale"),
        record(3, 5, LIST, UNTIL), event("exit", 3, 5, LIST),
    )  # fmt: skip
    assert followed(*rows) == [
        ("until_performance", "exit", 72), ("until_performance", "exit_late", 172), ("until_performance", "exit", 0)
    ]  # fmt: skip


def test_an_exit_ends_all_listings_until_performance_and_no_other():
    rows = (
        record(1, 5, LIST, UNTIL),
        record(1, 15, LIST, FOR),
        record(1, 25, LIST, UNTIL),
        event("exit", 1, 40, LIST),
        record(1, 50, LIST, UNTIL),
        event("override_ends", 1, 65, LIST, FOR),
        event("exit", 1, 90, LIST, truth="stale"),
    )
    assert [(out, days) for _, out, days in followed(*rows)] == [
        ("exit", 35), ("term_ends", 50), ("exit", 15), ("exit_late", 40)
    ]  # fmt: skip


def test_an_exit_before_the_entry_or_of_somebody_else_or_from_another_list_does_not_count():
    rows = (
        event("exit", 1, 4, LIST),
        event("exit", 1, 5, LIST),
        record(1, 5, LIST, UNTIL),
        event("exit", 1, 9, POINTS),
        event("exit", 2, 9, LIST),
    )
    assert followed(*rows) == [("until_performance", "open", DAYS - 1 - 5)]


# ------------------------------------------------------------------------------------------------- which with which


def test_of_two_that_overlap_each_goes_with_its_own():
    """The first was not corrected; the earliest later correction of the same rule is the second one's."""
    rows = (
        record(1, 5, POINTS, TAKES, -5, "true"),
        record(1, 12, POINTS, TAKES, -5, "wrong_person"),
        event("correction", 1, 32, POINTS, TAKES, 5),
        event("points_expire", 1, 95, POINTS, TAKES, 5),
        event("points_expire", 1, 102, POINTS, TAKES, -5),
        event("points_expire", 1, 102, POINTS, TAKES, 5),
    )
    assert followed(*rows) == [("points", "points_expire", 90), ("points", "correction", 20)]


def test_of_one_day_points_tell_them_apart_and_then_their_order():
    rows = (
        record(1, 5, POINTS, TAKES, -5),
        record(1, 5, POINTS, TAKES, -10),
        record(1, 5, POINTS, TAKES, -10),
        event("correction", 1, 25, POINTS, TAKES, 10),
    )
    assert [out for _, out, _ in followed(*rows)] == ["open", "correction", "open"]


def test_what_began_before_the_run_ends_no_entry_of_it():
    rows = (
        record(1, 30, POINTS, HOLDS),
        event("override_ends", 1, 40, POINTS, HOLDS),
        event("points_expire", 1, 50, POINTS, TAKES, 5),
        record(2, 30, POINTS, TAKES, -5),
        event("points_expire", 2, 50, POINTS, TAKES, 5),
    )
    assert followed(*rows) == [("term", "open", 169), ("points", "open", 169)]


def test_another_rule_or_person_or_instrument_ends_nothing():
    rows = (
        record(1, 5, POINTS, TAKES, -5),
        event("correction", 1, 25, POINTS, FOREVER, 5),
        record(2, 5, LIST, UNTIL),
        event("correction", 2, 35, POINTS, UNTIL),
        event("correction", 3, 35, LIST, UNTIL),
    )
    assert [out for _, out, _ in followed(*rows)] == ["open", "open"]


def test_rewards_and_what_a_cap_left_without_points_are_no_penalties():
    assert followed(record(1, 5, POINTS, GIVES, 5), record(1, 6, POINTS, GIVES, 0), event("fed", 1, 6, POINTS)) == []


def test_the_open_have_waited_up_to_the_last_day():
    rows = record(1, 0, POINTS, FOREVER, -5), record(2, DAYS - 1, LIST, UNTIL), record(3, 5, LIST, FOR)
    assert followed(*rows) == [
        ("points", "open", DAYS - 1), ("until_performance", "open", 0), ("term", "open", DAYS - 6)
    ]  # fmt: skip


def test_an_empty_ledger_has_nobody_to_follow():
    assert followed() == []


# ------------------------------------------------------------------------------------------------------ figures

HAND = columns(
    record(1, 0, LIST, UNTIL, truth="wrong_person"), event("correction", 1, 30, LIST, UNTIL),
    record(2, 0, LIST, UNTIL), event("exit", 2, 10, LIST),
    record(3, 0, LIST, UNTIL), event("exit", 3, 20, LIST),
    record(4, 0, LIST, UNTIL, truth="unable"), event("exit", 4, 60, LIST),
    record(5, 9, LIST, UNTIL, truth="unable"),
)  # fmt: skip


@pytest.fixture
def by_hand(monkeypatch):
    """A run whose ledger and instruments are those written above."""

    def of(ledger):
        bare = results.run(lists=1)
        books = tuple(type("Book", (), {"instruments": (instrument,)}) for instrument in INSTRUMENTS)
        monkeypatch.setattr("scorepolis.runs.durations.rulebooks_of", lambda run: books)
        return dataclasses.replace(
            bare, world=World(bare.world.counts, lambda: ledger), provenance={**bare.provenance, "days": DAYS}
        )

    return of


def test_number_median_mean_and_longest(by_hand):
    found = by_hand(HAND).durations
    assert set(found["instrument"]) == {"list-0/list"}
    rows = {(row["truth"], row["out"]): row for row in found.to_dict("records")}
    every = rows[EVERY, "exit"]
    assert [every[name] for name in ("number", "median", "mean", "longest")] == [3, 20, 30, 60]
    assert rows["true", "exit"]["mean"] == 15
    assert rows["unable", "exit"]["number"] == 1
    assert rows["unable", "open"]["longest"] == rows[EVERY, "open"]["median"] == DAYS - 1 - 9
    assert rows["wrong_person", "correction"]["longest"] == 30
    assert len(rows) == 3 + 1 + 1 + 2


def test_it_is_told_with_the_open_ones(by_hand):
    run = by_hand(HAND)
    (line,) = told.how_long(run)
    assert line == (
        "Of 5 listings until performance under list-0, 3 ended by an exit after performance after 20 days in the "
        "median; 1 ended by a correction after appeal after 30 days in the median; 1 had not ended with the run, "
        "after 190 days in the median and 190 days at most (right-censored: they go on beyond it)."
    )
    assert line in what_it_did(run)
    (table,) = told.tables(run)
    assert [section.heading for section in table.sections] == [
        f"Listings until performance: {truth}" for truth in ("all", "true", "wrong person", "could not pay")
    ]
    assert table.sections[0].rows[0] == ("Exit, in time", "3", "60.0 %", "20", "30.0", "60")
    assert table.title in page(run)
    assert all(cell in page(run) for section in table.sections for row in section.rows for cell in row)
    rows = json.loads(json.dumps(to_json(run)["durations"]))
    assert {"number": 3, "median": 20.0, "mean": 30.0, "longest": 60}.items() <= rows[0].items()


def test_an_empty_ledger_is_told_in_no_words(by_hand):
    run = by_hand(columns())
    assert list(run.durations.columns) == ["instrument", "held", "truth", "out", "number", "median", "mean", "longest"]
    assert len(run.durations) == 0
    assert (told.how_long(run), told.tables(run), told.pictures(run), told.to_json(run)) == ([], [], [], [])


def test_without_its_rulebook_a_run_says_so_and_is_still_told():
    run = results.run()
    (line,) = told.how_long(run)
    assert line == "How long penalties lasted cannot be told: there is no rulebook 'book-0'."
    assert told.tables(run) == told.pictures(run) == []
    assert to_json(run)["durations"] is None


def test_under_the_law_alone_there_is_nothing_to_get_out_of():
    law = results.run().baseline
    assert len(durations(law)) == 0
    assert told.how_long(law) == []


# ------------------------------------------------------------------------------------------------------ a village

# A book in which everything ends within weeks, and courts that are quick and often called upon.
QUICK = {
    "coefficients.appeals.appeals_wronged": 1,
    "coefficients.appeals.appeals_other": 1,
    "coefficients.courts.deadline": 2,
    "coefficients.courts.grace": 2,
    "coefficients.courts.evasion": 0.95,
    "coefficients.courts.applies": 1,
    "coefficients.courts.review": 20,
    "coefficients.courts.performs": 0.5,
    "coefficients.courts.late_removal": 0.3,
    "behaviours.late_loan_payment.suit": 0.3,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("durations") / "a"
    scenario = Scenario(
        version=1, name="durations", title="A village", society="village", rulebooks=("teaching-town",),
        start="2019-03-01", days=DAYS,
    )  # fmt: skip
    make(scenario, people=4000, seed=11, set=QUICK, baseline=False, out=out, threads=1)
    return out


@pytest.fixture(scope="module")
def village(folder):
    return load(folder)


def bookkept(run):
    """Follow every penalty in plain steps, with the days of terms, expiry and appeal at hand."""
    instruments = [one for book in rulebooks_of(run) for one in book.instruments]
    names = ("slot", "day", "what", "instrument", "rule", "points", "truth")
    rows = list(zip(*(run.ledger_columns[name].tolist() for name in names), strict=True))
    made, exits, used = [], Counter(), Counter()
    for at, (slot, day, what, k, r, points, truth) in enumerate(rows):
        rule, instrument = instruments[k].rules[r], instruments[k]
        if EVENTS[what] == "exit":
            exits[slot, day] += 1
        if EVENTS[what] != "record" or points > 0 or (points == 0 and rule.override is None):
            continue
        term = rule.override.term if rule.override else None
        held = "points" if rule.override is None else "term" if term else "until_performance"
        out, ended = "open", run.provenance["days"] - 1
        for other, then, after, m, s, back, late in rows[at + 1 :]:
            if other != slot:
                break
            if m != k:
                continue
            name, past = EVENTS[after], then - day
            way = None
            if name == "exit" and held == "until_performance":
                way = "exit_late" if TRUTHS[late] == "stale" else "exit"
            elif s == r and name == "override_ends" and term and past == term.value:
                way = "term_ends"
            elif s == r and name == "points_expire" and held == "points" and past == rule.expires.value:
                way = "points_expire" if back == -points else None
            elif s == r and name == "correction" and past == instrument.appeal.days.value:
                way = "correction"
            if way and (way.startswith("exit") or used[slot, then, after, m, s, back] < same(rows, at)):
                used[slot, then, after, m, s, back] += not way.startswith("exit")
                out, ended = way, then
                break
        made.append((slot, day, k, r, TRUTHS[truth], held, out, ended - day))
    return made, exits


def same(rows, at):
    """Count the entries just like this one up to it: so many closings may have been taken."""
    return sum(row[:6] == rows[at][:6] for row in rows[: at + 1])


def test_a_village_is_followed_as_in_plain_bookkeeping(village):
    instruments = [one for book in rulebooks_of(village) for one in book.instruments]
    found = spells(village.ledger_columns, instruments, village.provenance["days"])
    names = ("slot", "day", "instrument", "rule", "truth", "held", "out", "days")
    rows = list(zip(*(found[name].tolist() for name in names), strict=True))
    plain, _ = bookkept(village)
    assert rows == plain
    assert {row[5] for row in rows} == set(HELD)
    assert {row[6] for row in rows} == set(OUT) - {"repair"}  # which the book does not know; see test_repair


def test_sums_are_those_that_the_run_counted(village):
    """The panel is everybody, so what the ledger tells must be what other rows of the plan counted."""
    found, counts, ledger = village.durations, village.counts, village.ledger
    every, own = found[found["truth"] == EVERY], found[found["truth"] != EVERY]
    wrongful = counts.wrongful.sum(axis=(0, 1))
    for k, instrument in enumerate(village.context.instruments):
        name = f"{instrument.rulebook}/{instrument.name}"
        assert every.loc[every["instrument"] == name, "number"].sum() == wrongful[k].sum()
        for t, truth in enumerate(TRUTHS):
            mine = (own["instrument"] == name) & (own["truth"] == truth)
            assert own.loc[mine, "number"].sum() == wrongful[k, t], (name, truth)
    # Every appeal takes the same few days here, and so no penalty is over before a correction of it comes.
    corrections = int((ledger["what"] == "correction").sum())
    assert every.loc[every["out"] == "correction", "number"].sum() == corrections > 0
    notices = village.panel.events()
    upheld = (notices["event"] == NOTICE) & (notices["c"] & WON > 0)
    assert upheld.sum() == counts.appeals[..., APPEALS.index("upheld")].sum() > corrections
    appeal = np.array([int(one.appeal.days.exact) for book in rulebooks_of(village) for one in book.instruments])
    assert (notices["day"][upheld] + appeal[notices["code"][upheld]] < DAYS).sum() == corrections
    courts = counts.courts.sum(axis=(0, 1))
    exits = int(courts[COURT_STEPS.index("exits")] + courts[COURT_STEPS.index("exits_stale")])
    plain, people = bookkept(village)
    assert len(people) == exits > 0
    ended = {(row[0], row[1] + row[7]) for row in plain if row[6].startswith("exit")}
    assert ended <= set(people), "an exit ends entries of the run, or only what was there before"


def test_the_command_shows_it(folder):
    shown = CliRunner().invoke(cli.app, ["show", str(folder)])
    assert shown.exit_code == 0
    assert "How long it took to get out: teaching-town/teaching-list" in shown.output
    assert "right-censored" in shown.output
    as_json = json.loads(CliRunner().invoke(cli.app, ["show", str(folder), "--json"]).output)
    assert as_json["durations"] == told.to_json(load(folder))
    assert "How long it took to get out" in (folder / "index.html").read_text(encoding="utf-8")


def test_it_says_of_whom_it_is_told(by_hand):
    run = by_hand(HAND)
    many = dataclasses.replace(run, provenance={**run.provenance, "people": 670_000, "panel": 300})
    first, *others = told.how_long(many)
    assert "the panel, about 300 people" in first
    assert others == told.how_long(run)

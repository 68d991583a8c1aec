"""The audit by running: tables from counts small enough to reckon by hand, and a run of a small town."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from importlib.resources import files

import numpy as np
import pytest
from tests import results
from tests.test_audit import BASE, changed
from typer.testing import CliRunner

from scorepolis import cli, parameters, rulebooks
from scorepolis.audit import audit, law
from scorepolis.audit.book import Book
from scorepolis.audit.measured import BESIDE, KINDS, PAIRS, feeding, measure, measured
from scorepolis.core.errors import InputError
from scorepolis.core.yamlfile import read_text
from scorepolis.measures.context import Context
from scorepolis.measures.counts import COURT_STEPS, OUTCOMES, TRUTHS, Counts
from scorepolis.measures.declared import BY_NAME
from scorepolis.measures.groups import GROUPS, masks
from scorepolis.runs.ledger import EVENTS
from scorepolis.runs.result import Run, World

PARAMETERS = parameters.load()
MONTHS = (date(2022, 1, 31), date(2022, 2, 28))
TEXT = changed(BASE, [("[illegal_lending]", "[illegal_lending, theft]")])
HALVES = [int(np.flatnonzero(masks()[[g.name for g in GROUPS].index(n)])[0]) for n in ("minority", "majority")]
"""A cell of each of two groups."""


def book(text: str = TEXT) -> Book:
    document = read_text(text, "base.yaml")
    return Book(rulebooks.of_document(document, PARAMETERS), document, PARAMETERS, law.load())


def about(scheme: bool) -> Context:
    books = [book().rulebook] if scheme else []
    return Context.of(parameters=PARAMETERS, rulebooks=books, start=date(2022, 1, 1), months=MONTHS)


BEHAVIOURS = [b.name for b in about(False).behaviours]
SERVICES = [s.name for s in about(False).services]


NAMES = ("person", "day", "what", "rule", "behaviour", "points", "standing_before", "standing_after", "truth")
MADE = {"people": 200, "days": 59, "start": "2022-01-01", "seed": 1}


def world(scheme: bool, baseline: Run | None = None, ledger=(), **cells) -> Run:
    """A run whose counts are nothing but what is put into single cells; 100 people in each of two cells."""
    context = about(scheme)
    arrays = results.zeros(context)
    for half in HALVES:
        arrays["people"][:, half] = 100
        arrays["in_scope"][:, half] = 100
    for name, puts in cells.items():
        for place, value in puts.items():
            arrays[name][place] += value
    columns = {name: np.array([entry[n] for entry in ledger], dtype=np.int64) for n, name in enumerate(NAMES)}
    columns["instrument"] = np.zeros(len(ledger), dtype=np.int64)
    counts = Counts.of({name: array.astype(np.int64) for name, array in arrays.items()})
    return Run(MADE, {}, context, World(lambda: counts, lambda: columns), baseline)


def penalty(person, behaviour, before=2, after=2, truth="true", points=-15):
    where = BEHAVIOURS.index(behaviour)
    return (person, 3, EVENTS.index("record"), 0, where, points, before, after, TRUTHS.index(truth))


def table(made, beginning: str) -> list[dict]:
    (found,) = [one for one, _ in made.tables if one.title.startswith(beginning)]
    return found.to_json()


def test_the_matrix_divides_what_a_service_lost_by_the_penalties_of_its_instruments():
    refusals = (0, HALVES[0], SERVICES.index("mortgage"), OUTCOMES.index("refused"))
    elsewhere = (0, HALVES[0], SERVICES.index("flight"), OUTCOMES.index("refused"))  # no instrument burdens it
    entries = [penalty(n, "illegal_lending") for n in range(3)] + [penalty(9, "theft")]
    run = world(True, world(False), entries, outcomes={refusals: 8, elsewhere: 5})
    rows = {row["conduct_in"]: row for row in table(measured(run, book()), "Conduct in a domain")}
    years = 200 * 59 / 365
    assert rows["commerce"]["services_of_commerce"] == pytest.approx(6 * 1000 / years, abs=1e-3)
    assert rows["judiciary"]["services_of_commerce"] == pytest.approx(2 * 1000 / years, abs=1e-3)
    others = [v for d, row in rows.items() for k, v in row.items() if k not in ("conduct_in", "services_of_commerce")]
    assert not any(others)


def test_the_six_kinds_of_wrongful_penalty_come_with_their_denominator():
    puts = {(0, HALVES[0], 0, TRUTHS.index(kind)): n + 1 for n, kind in enumerate(["true", *KINDS])}
    rows = table(measured(world(True, world(False), wrongful=puts), book()), "The six kinds")
    assert [row["penalties"] for row in rows] == [2, 3, 4, 5, 6, 7]
    assert {row["of_all"] for row in rows} == {28}
    assert rows[0]["share"] == 0.0714


def test_precision_and_recall_of_an_instrument_and_its_base_rate():
    lending = BEHAVIOURS.index("illegal_lending")
    entries = [penalty(n, "illegal_lending", truth=t) for n, t in enumerate(["true", "true", "not_done", "stale"])]
    run = world(True, world(False), entries, acts={(0, HALVES[0], lending): 12})
    (row,) = table(measured(run, book()), "Precision and recall by instrument")
    assert (row["penalties"], row["precision"], row["acts_on_its_grounds"], row["recall"]) == (
        4,
        0.75,
        12,
        0.25,
    )
    assert row["base_rate"] == pytest.approx(12_000 / (200 * 59 / 365), rel=5e-3)


def test_what_takes_nothing_is_no_penalty():
    reward = penalty(1, "illegal_lending", points=15)
    expiry = (1, 3, EVENTS.index("points_expire"), 0, 0, -15, 2, 2, 0)
    (row,) = table(measured(world(True, world(False), [reward, expiry]), book()), "Precision and recall by instrument")
    assert row["penalties"] == 0


def test_precision_and_recall_of_a_sensor():
    sensors = [s.name for s in about(False).sensors]
    court = sensors.index("court")
    puts = {(0, HALVES[0], court, TRUTHS.index(kind)): n for kind, n in (("true", 6), ("wrong_person", 2))}
    run = world(True, world(False), records=puts, acts={(0, HALVES[0], BEHAVIOURS.index("theft")): 24})
    (row,) = table(measured(run, book()), "Precision and recall by sensor")
    assert (row["sensor"], row["records"], row["precision"], row["recall"]) == ("court", 8, 0.75, 0.25)


def test_groups_are_compared_raw_and_at_equal_conduct():
    theft = BEHAVIOURS.index("theft")
    acts = {(0, HALVES[0], theft): 300, (0, HALVES[1], theft): 100}
    # Three times the conduct and six times the penalties: twice as many as equal conduct explains.
    entries = {(0, HALVES[0], 0, 0): 240, (0, HALVES[1], 0, 0): 40}
    ledger = [penalty(n, "theft") for n in range(280)]
    run = world(True, world(False, acts=acts), ledger, entries=entries)
    rows = {row["groups"]: row for row in table(measured(run, book()), "Penalties of one group")}
    assert len(rows) == len(PAIRS)
    row = rows["Minority to majority"]
    assert (row["raw"], row["equal_conduct"]) == (6.0, 2.0)
    assert (row["penalties"], row["penalties_2"], row["in_scope"], row["note"]) == (240, 40, 100, "")


def test_few_penalties_are_said_to_be_few():
    run = world(True, world(False), entries={(0, HALVES[0], 0, 0): 29, (0, HALVES[1], 0, 0): 40})
    rows = {row["groups"]: row for row in table(measured(run, book()), "Penalties of one group")}
    assert rows["Minority to majority"]["note"] == "too few"


def test_who_is_not_in_scope_is_not_said_to_be_few():
    run = world(True, world(False), in_scope={(-1, HALVES[1]): -100}, entries={(0, HALVES[0], 0, 0): 40})
    rows = {row["groups"]: row for row in table(measured(run, book()), "Penalties of one group")}
    row = rows["Minority to majority"]
    assert (row["in_scope"], row["in_scope_2"], row["note"]) == (100, 0, "not in scope")


def test_debtors_are_compared_by_the_judgments_against_them():
    judged = COURT_STEPS.index("judged")
    text = changed(BASE, [("[illegal_lending]", "[ignoring_judgment]")])
    courts = {(0, HALVES[0], judged): 300, (0, HALVES[1], judged): 100}
    entries = {(0, HALVES[0], 0, 0): 60, (0, HALVES[1], 0, 0): 40}
    ledger = [penalty(n, "ignoring_judgment") for n in range(100)]
    run = world(True, world(False, courts=courts), ledger, entries=entries)
    rows = {row["groups"]: row for row in table(measured(run, book(text)), "Penalties of one group")}
    assert (rows["Minority to majority"]["raw"], rows["Minority to majority"]["equal_conduct"]) == (1.5, 0.5)


def test_who_was_ever_in_the_lowest_grade_and_never_left():
    entries = [
        penalty(1, "theft", 2, 0),  # fell and stayed
        penalty(2, "theft", 2, 0),
        (2, 9, EVENTS.index("points_expire"), 0, 0, 15, 0, 1, 0),  # fell and came back
        penalty(3, "theft", 0, 0),  # there from the start, with an entry
        penalty(4, "theft", 2, 1),  # never there
    ]
    at_start = {(0, HALVES[0], 0, 0): 3}  # person 3 and two of whom no entry tells
    (row,) = table(measured(world(True, world(False), entries, grades=at_start), book()), "Ever in the lowest")
    assert (row["ever_in_it"], row["in_scope"], row["never_out"], row["grade"]) == (5, 200, 4, "C")
    assert row["of_those_ever_in"] == 0.8


def test_costs_and_benefits_stand_in_one_table():
    theft = BEHAVIOURS.index("theft")
    run = world(True, world(False, acts={(0, HALVES[0], theft): 20}), acts={(0, HALVES[0], theft): 10})
    rows = {row["measure"]: row for row in table(measured(run, book()), "Costs and benefits")}
    titles = [BY_NAME[name].title for name in BESIDE]
    assert [*titles, "Debts performed in time", "Debts performed late"] == list(rows)
    years = 200 * 59 / 365
    harm = float(PARAMETERS.behaviours["theft"].harm.exact)
    assert rows["Harm done"]["scheme"] == pytest.approx(10 * harm / years, rel=5e-3)
    assert rows["Harm done"]["law_alone"] == pytest.approx(20 * harm / years, rel=5e-3)
    assert rows["Theft and violence"]["difference"] == pytest.approx(-10 / years, rel=5e-3)
    assert rows["Protected acts wished but left undone"]["of_what"] == "protected acts wished, done or not"


@pytest.mark.parametrize("name", BESIDE)
def test_the_numbers_are_those_of_the_run(name):
    run = replace(results.run(), baseline=None)
    run = replace(run, baseline=results.run(seed=5))
    from scorepolis.audit.measured import _everybody, _over_the_run

    expected = float(run.summary[name].sel(group="all"))
    assert float(_over_the_run(BY_NAME[name], *_everybody(run))) == pytest.approx(expected, nan_ok=True)


def test_a_run_without_a_baseline_is_no_audit():
    with pytest.raises(ValueError, match="baseline"):
        measured(world(True), book())


# ------------------------------------------------------------------------------------------------------ a small town


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    text = files("scorepolis.rulebooks").joinpath("library/teaching-town.yaml").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("books") / "teaching-town.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_measured_like_the_same_book_of_the_library(own):
    made = [measure(audit(name).book, people=500, days=60, seed=3, threads=1) for name in (own, "teaching-town")]
    assert made[0] == made[1]
    assert "500 synthetic people for 60 days from 2019-01-01" in made[0].ran[0]
    assert sum(row["penalties"] for row in table(made[0], "Precision and recall by instrument")) > 0


@pytest.mark.slow
def test_ten_years_of_a_town_take_less_than_half_a_minute_on_two_cores():
    book = audit("rongcheng-2019").book
    measure(book, people=1_000, days=40)  # what is compiled, and read once
    start = time.process_time()  # of all threads, whatever else the machine is doing
    measure(book)
    assert time.process_time() - start < 2 * 30


def test_what_feeds_a_book_is_in_force_with_and_without_it():
    made = measure(audit("rongcheng-2019").book, people=3_000, days=400, threads=1)
    assert "defaulter-list-2017" in made.ran[1]
    for beginning in ("The six kinds", "Precision and recall by instrument", "Ever in the lowest"):
        assert {row["instrument"] for row in table(made, beginning)} == {"points"}
    (lowest,) = table(made, "Ever in the lowest")
    assert lowest["ever_in_it"] > 0  # whom the court lists the city holds down
    rows = {row["measure"]: row for row in table(made, "Costs and benefits")}
    assert rows["Applications refused"]["without_it"] > 0  # by the court's list
    matrix = {row["conduct_in"]: row for row in table(made, "Conduct in a domain")}
    assert matrix["judiciary"]["services_of_commerce"] > 0  # loans, for what the court lists for


def fed_by(name: str) -> str:
    feed = f"{{rulebook: {name}, instrument: points, grade: D, override: C, status: reported, source: A text}}"
    return changed(BASE, [("    consequences:\n", f"    fed_by:\n      - {feed}\n    consequences:\n")])


def test_books_that_feed_are_found_with_those_behind_them():
    assert feeding(audit("rongcheng-2019").book) == ("defaulter-list-2017",)
    assert feeding(audit("reality-2020").book) == ()  # it feeds itself
    assert feeding(audit("law-only").book) == ()
    chained = fed_by("rongcheng-2019")
    assert feeding(book(chained)) == ("defaulter-list-2017", "rongcheng-2019")


def test_idle_feeds_are_told(tmp_path):
    path = tmp_path / "base.yaml"
    path.write_text(fed_by("of-our-own"), encoding="utf-8")
    made = measure(audit(path).book, people=300, days=5, threads=1)
    assert made.ran[1] == "Feeds from of-our-own were idle: there is no such book in the library."


def fed_run(text: str, ledger, **cells) -> Run:
    """A run of a book behind the court's list, whose entries say first of which instrument they are."""
    behind = rulebooks.load("defaulter-list-2017", PARAMETERS)
    books = [behind, book(text).rulebook]
    context = Context.of(parameters=PARAMETERS, rulebooks=books, start=date(2022, 1, 1), months=MONTHS)
    arrays = results.zeros(context)
    arrays["people"][:, HALVES] = 100
    arrays["in_scope"][:, HALVES] = 100
    for name, puts in cells.items():
        for place, value in puts.items():
            arrays[name][place] += value
    fields = ("instrument", *NAMES)
    columns = {name: np.array([entry[n] for entry in ledger], dtype=np.int64) for n, name in enumerate(fields)}
    counts = Counts.of({name: array.astype(np.int64) for name, array in arrays.items()})
    made = {**MADE, "rulebooks": [{"name": one.name} for one in books]}
    return Run(made, {}, context, World(lambda: counts, lambda: columns), world(False))


def test_of_two_instruments_the_book_s_own_is_told():
    """What stands before it in a run feeds it: here a list, of which nothing may be told."""
    entries = [(k, *penalty(n, "theft", 1, 0, "not_done")) for n, k in enumerate([0] * 9 + [1] * 3)]
    here = HALVES[0]
    run = fed_run(
        TEXT, entries,
        wrongful={(0, here, 0, TRUTHS.index("unable")): 9, (0, here, 1, TRUTHS.index("not_done")): 3},
        entries={(0, here, 0, 0): 90, (0, here, 1, 0): 3},
    )  # fmt: skip
    told = measured(run, book(TEXT))
    assert told.ran[1] == "Both times under defaulter-list-2017 too, which feeds it."
    (row,) = table(told, "Precision and recall by instrument")
    assert (row["instrument"], row["penalties"], row["precision"]) == ("points", 3, 0)
    assert {row["instrument"] for row in table(told, "The six kinds")} == {"points"}
    assert {row["penalties"] for row in table(told, "The six kinds")} == {0, 3}
    groups = {row["groups"]: row for row in table(told, "Penalties of one group")}
    assert groups["Minority to majority"]["penalties"] == 3
    (lowest,) = table(told, "Ever in the lowest")
    assert (lowest["instrument"], lowest["ever_in_it"]) == ("points", 3)


def test_the_matrix_divides_by_what_feeds_an_instrument_too():
    feed = "{rulebook: defaulter-list-2017, instrument: list, grade: listed, override: C, status: reported, source: A}"
    text = changed(BASE, [("    consequences:\n", f"    fed_by:\n      - {feed}\n    consequences:\n")])
    entries = [(0, *penalty(n, "ignoring_judgment", points=0)) for n in range(9)]
    entries += [(1, *penalty(n, "illegal_lending")) for n in range(3)]
    refusals = (0, HALVES[0], SERVICES.index("mortgage"), OUTCOMES.index("refused"))
    rows = table(measured(fed_run(text, entries, outcomes={refusals: 8}), book(text)), "Conduct in a domain")
    years = 200 * 59 / 365
    by_conduct = {row["conduct_in"]: row["services_of_commerce"] for row in rows}
    assert by_conduct["commerce"] == pytest.approx(2 * 1000 / years, abs=1e-3)
    assert by_conduct["judiciary"] == pytest.approx(6 * 1000 / years, abs=1e-3)


def test_what_is_made_worse_in_both_runs_is_not_the_book_s_doing():
    refusals = (0, HALVES[0], SERVICES.index("mortgage"), OUTCOMES.index("refused"))
    entries = [penalty(n, "illegal_lending") for n in range(3)]
    run = world(True, world(False, outcomes={refusals: 5}), entries, outcomes={refusals: 8})
    rows = {row["conduct_in"]: row for row in table(measured(run, book()), "Conduct in a domain")}
    assert rows["commerce"]["services_of_commerce"] == pytest.approx(3 * 1000 / (200 * 59 / 365), abs=1e-3)


def test_a_book_without_instruments_has_costs_and_benefits_only():
    made = measure(audit("law-only").book, people=300, days=5, threads=1)
    assert [one.title for one, _ in made.tables] == ["Costs and benefits, in one table"]
    assert {row["difference"] for row in made.tables[0][0].to_json()} <= {0.0, "–"}


@pytest.mark.parametrize(("people", "days"), [(20_001, 5), (10, 5), (300, 0)])
def test_what_is_out_of_bounds_is_refused(people, days):
    with pytest.raises(InputError):
        measure(audit("law-only").book, people=people, days=days)


def test_the_command_line_runs_tells_and_writes(own, tmp_path):
    target = tmp_path / "a.html"
    arguments = ["audit", own, "--people", 300, "--days", 20, "--threads", 1, "--html", target, "--fail-on", "high"]
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    assert result.exit_code == 1, result.output  # the teaching town has grave findings
    assert "Costs and benefits, in one table" in result.stdout
    assert "Ever in the lowest grade, and never out" in result.stdout
    text = target.read_text(encoding="utf-8")
    assert "What a run shows" in text
    assert "The six kinds of wrongful penalty" in text

"""The audit by running, of firms and public bodies: tables reckoned by hand, and small towns."""

from __future__ import annotations

import time
from datetime import date

import numpy as np
import pytest
from tests import results, test_audit_bodies, test_audit_firms
from tests.test_audit import changed, number
from tests.test_audit_measured import table
from typer.testing import CliRunner

from scorepolis import cli, parameters, rulebooks
from scorepolis.audit import audit, law
from scorepolis.audit.book import Book
from scorepolis.audit.cells import figure, ratio
from scorepolis.audit.measured import holding, measure, measured
from scorepolis.audit.organisation_counts import months_counted
from scorepolis.core.yamlfile import read_text
from scorepolis.listing import MISSING
from scorepolis.measures.context import Context
from scorepolis.measures.counts import Counts
from scorepolis.runs.result import Run, World

PARAMETERS = parameters.load()
MONTHS = (date(2022, 1, 31), date(2022, 2, 28), date(2022, 3, 10))
YEARS = 2 / 12
"""Of each organisation: March did not come to its end."""
MADE = {"people": 200, "days": 69, "start": "2022-01-01", "seed": 1}
CUSTOMARY = ("micro", "trade", "unconnected")
LISTED = changed(
    test_audit_firms.LISTED,
    [
        ("    reach:", f"    repair: {number(0.3, 'share a month')}\n    reach:"),
        (test_audit_firms.TERM, f"{test_audit_firms.TERM}\n        least: {number(6, 'months')}"),
    ],
)


def book(text: str) -> Book:
    document = read_text(text, "base.yaml")
    return Book(rulebooks.of_document(document, PARAMETERS), document, PARAMETERS, law.load())


def world(books, of: str, counts: dict, baseline: Run | None = None) -> Run:
    """A run whose counts of firms or bodies are nothing but what is put in under (group, what, of, how)."""
    context = Context.of(
        parameters=PARAMETERS, rulebooks=books, start=date(2022, 1, 1), months=MONTHS, firms=True, bodies=True
    )
    layout = getattr(context, of)
    kind = {"firms": "firm", "bodies": "body"}[of]
    flows = np.zeros((len(MONTHS), len(layout.groups), len(layout.flows)), dtype=np.int64)
    moments = np.zeros((len(MONTHS) + 1, len(layout.groups), len(layout.moments)), dtype=np.int64)
    for (group, what, name, how), value in counts.items():
        column = (what, name, how)
        if column in layout.flows:
            flows[1, layout.groups.index(group), layout.flows.index(column)] += value
        else:
            moments[-1, layout.groups.index(group), layout.moments.index(column)] += value
    arrays = {name: array.astype(np.int64) for name, array in results.zeros(context).items()}
    arrays |= {f"{kind}_flows": flows, f"{kind}_moments": moments}
    made = Counts.of(arrays)
    empty = {name: np.zeros(0, dtype=np.int64) for name in ("instrument", "person")}
    return Run(MADE, {}, context, World(lambda: made, lambda: empty), baseline)


def firms(ours: dict, theirs: dict | None = None, text: str = LISTED):
    """Tables of a book of firms, of a hundred firms of one group, in scope."""
    read = book(text)
    (name,) = (f"base.{part.at}" for part in read.firms)
    many = {(CUSTOMARY, "firms", "", ""): 100}
    scope = {(CUSTOMARY, "in_scope", name, ""): 100}
    there = world([], "firms", {**many, **(theirs or {})})
    return measured(world([read.rulebook], "firms", {**many, **scope, **ours}, there), read)


def bodies(ours: dict, text: str = test_audit_bodies.LISTED):
    read = book(text)
    many = {(("bureau", ""), "bodies", "", ""): 4, (("street_office", ""), "bodies", "", ""): 10}
    return measured(world([read.rulebook], "bodies", {**many, **ours}, world([], "bodies", many)), read)


def group(size: str, sector: str = "trade", connection: str = "unconnected") -> tuple[str, str, str]:
    return size, sector, connection


def test_only_whole_months_are_counted():
    context = Context.of(parameters=PARAMETERS, rulebooks=[], start=date(2022, 1, 1), months=MONTHS)
    assert months_counted(context) == 2


def test_costs_and_benefits_of_firms_stand_beside_those_under_law_alone():
    scheme = {
        (CUSTOMARY, "acts", "wage_arrears", ""): 6,
        (CUSTOMARY, "could_not", "wage_arrears", ""): 3,
        (CUSTOMARY, "deterred", "wage_arrears", ""): 2,
        (CUSTOMARY, "acts", "tender", ""): 9,  # an application is no violation
        (CUSTOMARY, "acts", "donation", ""): 4,  # nor is a good deed
        (CUSTOMARY, "outcomes", "tender", "refused"): 5,
        (CUSTOMARY, "bound", "", ""): 7,
        (CUSTOMARY, "custom", "base.list", ""): 500,
    }
    rows = {
        row["measure"]: row
        for row in table(firms(scheme, {(CUSTOMARY, "acts", "wage_arrears", ""): 8}), "Costs and benefits of firms")
    }
    years = 100 * YEARS
    micro = PARAMETERS.firms.sizes["micro"].scale.exact
    harm = float(PARAMETERS.firms.behaviours["wage_arrears"].harm.exact * micro)
    assert rows["Violations"]["scheme"] == pytest.approx(6000 / years, rel=5e-3)
    assert rows["Violations"]["law_alone"] == pytest.approx(8000 / years, rel=5e-3)
    assert rows["Violations that could not be helped"]["scheme"] == 0.5
    assert rows["Violations left undone for fear of the scheme"]["scheme"] == 0.25
    assert rows["Harm done to others"]["difference"] == pytest.approx(-2 * harm / years, rel=5e-3)
    assert rows["Benefit to others"]["scheme"] > 0
    assert rows["Applications refused"]["scheme"] == pytest.approx(5000 / years, rel=5e-3)
    assert rows["Earnings lost by being shown"]["scheme"] == pytest.approx(500 / years, rel=5e-3)
    assert rows["Representatives held at the end"]["scheme"] == 70
    assert rows["Inspections without a finding"]["scheme"] == MISSING  # of none


def test_precision_and_recall_of_a_sensor_of_firms():
    scheme = {
        (CUSTOMARY, "records", "court", "true"): 4,
        (CUSTOMARY, "records", "court", "unable"): 2,
        (CUSTOMARY, "records", "court", "wrong_firm"): 1,
        (CUSTOMARY, "records", "court", "not_done"): 1,
        (CUSTOMARY, "acts", "ignoring_judgment", ""): 12,
        (CUSTOMARY, "acts", "pollution", ""): 99,  # which a court does not see
    }
    (row,) = table(firms(scheme), "Firms: precision and recall by sensor")
    assert (row["sensor"], row["records"], row["precision"], row["acts_it_may_see"], row["recall"]) == (
        "court", 8, 0.75, 12, 0.5,
    )  # fmt: skip
    assert row["base_rate"] == pytest.approx(12_000 / (100 * YEARS), rel=5e-3)


def test_precision_and_recall_of_a_list_of_firms_leave_out_who_had_no_money():
    scheme = {
        (CUSTOMARY, "negative", "base.list", "true"): 3,
        (CUSTOMARY, "negative", "base.list", "unable"): 2,
        (CUSTOMARY, "negative", "base.list", "not_done"): 1,
        (CUSTOMARY, "acts", "ignoring_judgment", ""): 16,
        (CUSTOMARY, "could_not", "ignoring_judgment", ""): 4,
    }
    made = firms(scheme)
    (row,) = table(made, "Firms: precision and recall by instrument")
    assert (row["entries"], row["precision"], row["acts_on_its_grounds"], row["recall"]) == (6, 0.5, 12, 0.25)
    numbers = {row["wrongful,_since"]: (row["entries"], row["share"]) for row in table(made, "Wrongful entries")}
    assert numbers == {
        "Another firm did it": (0, 0),
        "Nobody did it": (1, 0.167),
        "The firm had no money to comply": (2, 0.333),
    }


def test_acts_of_sizes_out_of_scope_are_not_missed():
    scoped = changed(LISTED, [("    transparency:", "    scope: {sizes: [small]}\n    transparency:")])
    acts = {(group(size), "acts", "ignoring_judgment", ""): many for size, many in (("small", 5), ("micro", 90))}
    made = firms({**acts, (group("small"), "negative", "base.list", "true"): 1}, text=scoped)
    (row,) = table(made, "Firms: precision and recall by instrument")
    assert (row["acts_on_its_grounds"], row["recall"]) == (5, 0.2)


def test_acts_of_sectors_out_of_scope_are_not_missed():
    scoped = changed(LISTED, [("    transparency:", "    scope: {sectors: [construction]}\n    transparency:")])
    building = group("micro", "construction")
    acts = {(one, "acts", "ignoring_judgment", ""): many for one, many in ((building, 8), (CUSTOMARY, 90))}
    scheme = {**acts, (building, "negative", "base.list", "true"): 2, (building, "in_scope", "base.list", ""): 50}
    made = firms(scheme, acts, text=scoped)
    (row,) = table(made, "Firms: precision and recall by instrument")
    assert (row["acts_on_its_grounds"], row["recall"]) == (8, 0.25)
    # What connected firms of other sectors do is nothing that the list could meet.
    elsewhere = (group("micro", connection="connected"), "acts", "ignoring_judgment", "")
    linked = group("micro", "construction", "connected")
    scheme[linked, "negative", "base.list", "true"] = 2
    made = firms(scheme, {**acts, (linked, "acts", "ignoring_judgment", ""): 4, elsewhere: 99}, text=scoped)
    rows = {row["groups"]: row for row in table(made, "Entries against one group")}
    assert rows["With connections to without"]["equal_conduct"] == 2


def test_what_becomes_of_entries_is_told_as_far_as_the_list_has_it():
    scheme = {
        (CUSTOMARY, "negative", "base.list", "not_done"): 5,
        (CUSTOMARY, "negative", "base.list", "wrong_firm"): 3,
        (CUSTOMARY, "negative", "base.list", "true"): 2,
        (CUSTOMARY, "told", "base.list", ""): 9,
        (CUSTOMARY, "appealed", "base.list", ""): 6,
        (CUSTOMARY, "upheld", "base.list", ""): 3,
        (CUSTOMARY, "righted", "base.list", ""): 2,
        (CUSTOMARY, "repaired", "base.list", ""): 4,
    }
    (row,) = table(firms(scheme), "Notice, appeal")
    assert [row[key] for key in ("entries", "told", "appeals", "upheld", "not_done_by_them")] == [10, 9, 6, 3, 8]
    assert (row["of_these_righted"], row["share"], row["let_off_by_repair"]) == (2, 0.25, 4)
    silent = changed(test_audit_firms.LISTED, [("notice: true", "notice: false")])
    scheme = {key: value for key, value in scheme.items() if key[1] == "negative"}
    (row,) = table(firms(scheme, text=silent), "Notice, appeal")
    assert {row[key] for key in ("told", "appeals", "upheld", "of_these_righted", "share", "let_off_by_repair")} == {
        MISSING
    }


@pytest.mark.parametrize(("ever", "there", "out", "never"), [(20, 5, 15, 0.25), (5, 20, 0, 1), (0, 3, 0, MISSING)])
def test_bounds_are_told_of_who_got_off_a_list(ever, there, out, never):
    scheme = {
        (CUSTOMARY, "ever", "base.list", "penalised"): ever,
        (CUSTOMARY, "grade", "base.list", "listed"): there,
        (CUSTOMARY, "grade", "base.list", "clear"): 100 - there,
    }
    (row,) = table(firms(scheme), "Firms ever entered")
    assert (row["ever_entered"], row["in_scope"], row["share"], row["in_it_at_the_end"]) == (
        ever,
        100,
        ever / 100,
        there,
    )
    assert (row["out,_at_least"], row["never_out,_at_most"]) == (out, never)


def test_of_a_rating_an_entry_is_no_fall():
    scheme = {(CUSTOMARY, "ever", "base.rating", "penalised"): 9, (CUSTOMARY, "grade", "base.rating", "C"): 4}
    (row,) = table(firms(scheme, text=test_audit_firms.BASE), "Firms ever entered")
    assert (row["lowest_grade"], row["in_it_at_the_end"], row["out,_at_least"]) == ("C", 4, MISSING)


def test_groups_of_firms_are_compared_raw_and_at_equal_conduct():
    small, micro = group("small"), CUSTOMARY
    scheme = {
        (small, "in_scope", "base.list", ""): 50,
        (small, "negative", "base.list", "true"): 60,
        (micro, "negative", "base.list", "true"): 40,
    }
    conduct = {(small, "acts", "ignoring_judgment", ""): 300, (micro, "acts", "ignoring_judgment", ""): 100}
    rows = {row["groups"]: row for row in table(firms(scheme, conduct), "Entries against one group")}
    # Neighbours by size, each sector beside the others, and connections.
    assert len(rows) == len(PARAMETERS.firms.sizes) + len(PARAMETERS.firms.sectors)
    row = rows["Fewer than 10 employees to 10 to 99 employees"]
    assert (row["raw"], row["equal_conduct"]) == (0.333, 2)
    assert (row["entries"], row["entries_2"], row["in_scope"], row["in_scope_2"], row["note"]) == (40, 60, 100, 50, "")
    assert rows["With connections to without"]["note"] == "not in scope"
    assert rows["With connections to without"]["entries_2"] == 100


def test_a_sector_is_compared_with_all_others():
    building, farming = group("micro", "construction"), group("micro", "farming")
    scheme = {(CUSTOMARY, "negative", "base.list", "true"): 60}
    conduct = {(CUSTOMARY, "acts", "ignoring_judgment", ""): 100}
    for one, entries, scope, acts in ((building, 80, 50, 200), (farming, 20, 100, 300)):
        scheme[one, "negative", "base.list", "true"] = entries
        scheme[one, "in_scope", "base.list", ""] = scope
        conduct[one, "acts", "ignoring_judgment", ""] = acts
    rows = {row["groups"]: row for row in table(firms(scheme, conduct), "Entries against one group")}
    row = rows["Construction to other sectors"]
    assert (row["entries"], row["entries_2"], row["in_scope"], row["in_scope_2"], row["note"]) == (80, 80, 50, 200, "")
    assert (row["raw"], row["equal_conduct"]) == (4, 2)
    assert rows["Manufacturing to other sectors"]["note"] == "not in scope"


def test_of_public_bodies_nothing_is_said_to_be_missed():
    office = ("street_office", "")
    scheme = {
        (office, "records", "enforcing_court", "true"): 3,
        (office, "records", "enforcing_court", "wrong_body"): 1,
        (office, "negative", "base.list", "unable"): 1,
        (office, "negative", "base.list", "true"): 3,
        (office, "acts", "falsified_reports", ""): 7,
        (office, "in_scope", "base.list", ""): 10,
    }
    made = bodies(scheme)
    assert table(made, "Public bodies: precision by sensor") == [
        {"sensor": "enforcing_court", "records": 4, "precision": 0.75}
    ]
    (row,) = table(made, "Public bodies: precision by instrument")
    assert row == {"instrument": "list", "method": "list", "entries": 4, "precision": 0.75}
    rows = {row["measure"]: row for row in table(made, "Costs and benefits of public bodies")}
    assert rows["Reports on residents made up"]["difference"] == pytest.approx(7 / (14 * YEARS), rel=5e-3)
    assert not any(one.title.startswith("Notice") for one, _ in made.tables)
    assert "equal_conduct" not in table(made, "Entries against one group of public bodies")[0]


def test_cells_are_figures_or_a_dash():
    assert (figure(1234.5), figure(float("nan")), ratio(1, 4), ratio(1, 0)) == (1230, MISSING, 0.25, MISSING)


# ------------------------------------------------------------------------------------------------------ small towns


def test_a_book_of_firms_is_run_and_its_tables_are_those_of_the_run():
    made = measure(audit("corporate-penalties-2025").book, people=2_000, days=400, threads=1)
    assert not any(one.title.startswith("The six kinds") for one, _ in made.tables)  # it treats no people
    (row,) = table(made, "Firms: precision and recall by instrument")
    assert row["entries"] == sum(row["of_all"] for row in table(made, "Wrongful entries against firms")) / 3 > 0
    costs = {row["measure"]: row for row in table(made, "Costs and benefits of firms")}
    assert costs["Violations"]["scheme"] < costs["Violations"]["law_alone"]  # being shown deters
    assert costs["Benefit to others"]["difference"] == 0


def test_whoever_is_held_for_a_firm_is_held_under_a_list_that_is_there_in_both_worlds():
    court = audit("corporate-court-2020").book
    assert holding(court) == ("spending-restriction-2020",)  # that of 2024 is of another day
    assert holding(audit("government-integrity").book) == ("spending-restriction-2024",)
    made = measure(court, people=1_000, days=59, threads=1)
    assert made.ran[1] == "Both times under spending-restriction-2020 too, under whose lists it holds people."
    assert made.ran[2].startswith("Nobody was held under spending-restriction-2024")
    costs = {row["measure"]: row for row in table(made, "Costs and benefits of firms")}
    assert costs["Violations"]["law_alone"] > 0  # firms live there too
    assert table(made, "Costs and benefits, in one table")[0]["without_it"] > 0


def test_public_bodies_are_told_of_by_every_way_out(tmp_path):
    target = tmp_path / "a.html"
    arguments = ["audit", "government-integrity", "--people", "500", "--days", "62", "--threads", "1"]
    result = CliRunner().invoke(cli.app, [*arguments, "--html", str(target)])
    assert result.exit_code == 0, result.output
    text = target.read_text(encoding="utf-8")
    for words in (result.stdout, text):
        assert "Costs and benefits of public bodies" in words
        assert "Wrongful entries against public bodies" in words
    told = CliRunner().invoke(cli.app, [*arguments, "--json"])
    assert '"Public bodies: precision by sensor"' in told.stdout


@pytest.mark.slow
def test_ten_years_of_a_town_with_firms_take_less_than_half_a_minute_on_two_cores():
    read = audit("corporate-court-2020").book  # three worlds: with it, without it, and with firms under law alone
    measure(read, people=1_000, days=40)  # what is compiled, and read once
    start = time.process_time()  # of all threads, whatever else the machine is doing
    measure(read)
    assert time.process_time() - start < 2 * 30

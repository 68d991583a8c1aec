"""Lists of what there is, what every number rests on, and the same as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests import results
from typer.testing import CliRunner

import scorepolis as sp
from scorepolis import cli, rulebooks, scenarios
from scorepolis.core.errors import InputError
from scorepolis.day.plan import PLAN
from scorepolis.listing import Listing, written
from scorepolis.measures.counts import Counts
from scorepolis.measures.declared import MEASURES
from scorepolis.parameters import load, quantities
from scorepolis.report.catalogue import KINDS, facts, listing
from scorepolis.runs.result import World

PARAMETERS = load()
NAMES = {
    "societies": tuple(PARAMETERS.societies),
    "rulebooks": rulebooks.names(),
    "scenarios": scenarios.names(),
    "behaviours": tuple(PARAMETERS.behaviours),
    "services": tuple(PARAMETERS.services),
    "sensors": tuple(PARAMETERS.sensors),
    "parameters": ("coefficients.deterrence.form", *(path for path, _ in quantities(PARAMETERS))),
}


def call(*arguments):
    return CliRunner().invoke(cli.app, list(arguments))


def told(*arguments):
    """What a command prints for programs."""
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


@pytest.mark.parametrize("kind", list(NAMES))
def test_a_list_names_all_there_is(kind):
    rows = listing(kind).to_json()
    key = "path" if kind == "parameters" else "name"
    assert tuple(row[key] for row in rows) == NAMES[kind]
    assert json.loads(json.dumps(rows)) == told("list", kind)


def test_every_kind_is_listed_and_counted():
    assert {row["kind"]: row["number"] for row in told("list")} == {kind: len(names) for kind, names in NAMES.items()}
    assert list(KINDS) == list(NAMES)


@pytest.mark.parametrize("kind", ["", "societies", "rulebooks", "scenarios", "behaviours", "services", "sensors"])
def test_no_name_is_broken_in_a_terminal(kind):
    result = call("list", *kind.split())
    assert result.exit_code == 0
    for name in NAMES.get(kind, NAMES):
        assert f"\n{name} " in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize("kind", ["societies", "rulebooks", "scenarios", "behaviours", "services", "sensors"])
def test_no_word_is_broken_in_a_terminal(kind):
    shown = call("list", kind).stdout.split()
    words = {word for row in listing(kind).rows for cell in row for word in written(cell).split()}
    assert words <= set(shown)


def test_lists_say_what_is_in_the_files():
    theft = next(row for row in told("list", "behaviours") if row["name"] == "theft")
    assert theft["domain"] == PARAMETERS.behaviours["theft"].domain
    assert theft["men"] == PARAMETERS.behaviours["theft"].rate.male.value
    book = next(row for row in told("list", "rulebooks") if row["name"] == "teaching-town")
    assert book["rules"] == sum(len(i.rules) for i in rulebooks.load("teaching-town", PARAMETERS).instruments)
    firms = next(row for row in told("list", "rulebooks") if row["name"] == "corporate-customs")
    assert firms["rules"] == sum(len(i.rules) for i in rulebooks.load("corporate-customs", PARAMETERS).firms) > 0
    camera = next(row for row in told("list", "sensors") if row["name"] == "street_camera")
    assert camera["sees"] == list(PARAMETERS.sensors["street_camera"].sees)
    assert camera["ordinary"] is True


def test_a_fact_is_one_number_and_what_it_rests_on():
    (fact,) = facts("coefficients.deterrence.threshold")
    quantity = PARAMETERS.coefficients.deterrence.threshold
    assert (fact.value, fact.range, fact.unit) == (quantity.value, quantity.range, quantity.unit)
    assert (fact.status, fact.source, fact.reason, fact.note) == ("reported", quantity.source, None, quantity.note)
    printed = " ".join(call("facts", "coefficients.deterrence.threshold").stdout.split())
    for words in (f"Value {quantity.value}", "Range 0 to 0.4", "Unit share", "Status reported", quantity.source):
        assert words in printed


def test_every_parameter_has_facts():
    roots = dict.fromkeys(path.partition(".")[0] for path in NAMES["parameters"])
    found = [fact for root in roots for fact in facts(root)]
    assert {fact.path for fact in found} == set(NAMES["parameters"])
    for fact in found:
        assert fact.reason if fact.status == "assumed" else fact.source


def test_a_word_has_no_range_and_no_unit():
    (fact,) = facts("coefficients.deterrence.form")
    assert (fact.value, fact.range, fact.unit, fact.status) == ("exponential", None, None, "assumed")
    assert "Range" not in call("facts", "coefficients.deterrence.form").stdout


def test_a_number_within_a_list_has_the_facts_of_the_list():
    (whole,) = facts("age_profiles.walker")
    (one,) = facts("age_profiles.walker.2")
    assert one.value == PARAMETERS.age_profiles["walker"].values[2]
    assert (one.path, one.reason, one.range) == ("age_profiles.walker.2", whole.reason, whole.range)


def test_the_beginning_of_paths_is_a_table():
    found = facts("coefficients.learning")
    assert [fact.path for fact in found] == [p for p in NAMES["parameters"] if p.startswith("coefficients.learning.")]
    printed = call("facts", "coefficients.learning").stdout
    for fact in found:
        assert f"\n{fact.path.removeprefix('coefficients.learning.')} " in printed
    assert [row["path"] for row in told("facts", "coefficients.learning")] == [fact.path for fact in found]


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("coefficients.lerning", "coefficients.learning"),
        ("behaviours.jaywaking.rate.male", "behaviours.jaywalking.rate.male"),
        ("jaywalking", "behaviours.jaywalking"),
        ("age_profiles.adult.8", "age_profiles.adult"),
        ("coefficients.learn", "coefficients.learning"),
        ("", None),
        ("..", None),
        ("age_profiles.adult.-1", "age_profiles.adult"),
    ],
)
def test_an_unknown_path_is_told_its_nearest(path, near):
    with pytest.raises(InputError, match="no parameter has the path") as caught:
        facts(path)
    assert caught.value.nearest == near


def test_an_unknown_kind_is_told_its_nearest():
    with pytest.raises(InputError, match="no list of 'sensor'") as caught:
        listing("sensor")
    assert caught.value.nearest == "sensors"


def test_the_plan_as_json_is_the_plan():
    rows = told("plan")
    assert [row["row"] for row in rows] == [row.name for row in PLAN]
    assert [tuple(row["writes"]) for row in rows] == [row.writes for row in PLAN]
    assert {row["when"] for row in rows} == {"daily", "monthly", "yearly"}


def test_a_run_as_json_has_every_measure_of_both_worlds(tmp_path):
    run = sp.save(results.run(), tmp_path / "a")
    shown = told("show", str(run.path))
    assert set(shown["measures"]) == {measure.name for measure in MEASURES}
    trust = shown["measures"]["trust"]
    assert trust["scheme"]["all"] == float(run.summary.trust.sel(group="all"))
    assert trust["baseline"]["migrant"] == float(run.baseline.summary.trust.sel(group="migrant"))
    refused = shown["measures"]["ever_refused"]
    assert refused["axes"] == ["group", "instrument"]
    assert list(refused["scheme"]["all"]) == ["book-0/points"]
    assert refused["baseline"]["all"] == {}
    assert shown["provenance"]["digest"] == told("digest", str(run.path))["digest"] == run.digest
    assert shown["what_was_run"]
    assert "text" not in shown["provenance"]["rulebooks"][0]


def test_what_has_nothing_to_divide_by_is_null(tmp_path):
    run = results.run(baseline=False)
    nothing = {name: array * 0 for name, array in run.counts.items() if name in {"acts", "silenced", "for_points"}}
    counts = Counts.of({**dict(run.counts.items()), **nothing})
    kept = sp.save(replace(run, world=World(lambda: counts, run.world.ledger)), tmp_path / "a")
    measures = told("show", str(kept.path))["measures"]
    assert measures["chilled"]["scheme"]["all"] is None
    assert measures["trust"]["scheme"]["all"] is not None
    assert "baseline" not in measures["trust"]


def test_cells_are_written_for_people():
    assert [written(cell) for cell in (0.000002, 670_000, -0.3, True, False, None, ("a", 2), "x")] == [
        "0.000002", "670,000", "-0.3", "yes", "no", "", "a, 2", "x",
    ]  # fmt: skip


def test_square_brackets_in_a_cell_are_no_markup():
    from rich.console import Console

    console = Console(width=60)
    with console.capture() as capture:
        console.print(Listing("T", ("A",), (("[bold]x[/bold]",),)).table())
    assert "[bold]x[/bold]" in capture.get()

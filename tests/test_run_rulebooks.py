"""Running a scenario under other rulebooks than its own: by name, by family, by file; the record keeps them."""

from importlib.resources import files

import pytest
from typer.testing import CliRunner

import scorepolis as sp
from scorepolis import cli, scenarios
from scorepolis.core.errors import InputError
from scorepolis.runs.rerun import rerun

SMALL = {"people": 300, "days": 20, "seed": 3, "threads": 1}


def call(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def own_book(folder):
    text = files("scorepolis.rulebooks").joinpath("library/village-ledger.yaml").read_text(encoding="utf-8")
    path = folder / "mine.yaml"
    path.write_text(text.replace("name: village-ledger", "name: mine"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run under a family, a name and a file that is gone afterwards."""
    place = tmp_path_factory.mktemp("books")
    book = own_book(place)
    out = place / "run"
    small = [f"--{name}={value}" for name, value in SMALL.items()]
    named = ["--rulebook", "defaulter-list", "--rulebook", "suining-2010", "--rulebook", book]
    told = call("run", "village", *named, *small, "--out", out)
    assert told.exit_code == 0, told.output
    book.unlink()
    return out


def test_the_record_keeps_the_rulebooks_in_order(folder):
    made = sp.load(folder).provenance
    books = ["defaulter-list-2024", "suining-2010", "mine"]
    assert [book["name"] for book in made["rulebooks"]] == made["scenario"]["rulebooks"] == books
    assert ["text" in book for book in made["rulebooks"]] == [False, False, True]
    assert made["scenario"]["name"] == "village"
    titles = (
        "List of dishonest debtors, 2024; Points for residents of Suining county, 2010; A village's ledger of points"
    )
    assert made["scenario"]["title"] == titles


def test_it_runs_again_from_the_record(folder):
    assert rerun(folder, threads=1).same


def test_it_is_the_run_of_a_scenario_with_these_rulebooks(tmp_path):
    ours = sp.run("village", rulebooks=["jinan-dogs", own_book(tmp_path)], **SMALL)
    books = ("jinan-dogs", str(tmp_path / "mine.yaml"))
    assert ours.digest == sp.run(scenarios.load("village").model_copy(update={"rulebooks": books}), **SMALL).digest
    assert ours.digest != sp.run("village", **SMALL).digest


def test_rulebooks_of_certain_places_give_way_too():
    run = sp.run("national", rulebooks=["watchlist"], people=25_000, days=2, threads=1, baseline=False)
    assert run.provenance["scenario"]["rulebooks"] == ["watchlist"]


@pytest.mark.parametrize(
    ("books", "words"),
    [
        ([], "rulebooks is []; expected a list of names or files"),
        ("myth", "rulebooks is 'myth'; expected a list"),
        (["mith"], "there is no rulebook 'mith'"),
        (["myth", "myth"], "'myth' stands twice"),
        (["rongcheng-2020"], "did you mean 'rongcheng-2021'"),
        (["there-is-none.yaml"], "there-is-none.yaml"),
    ],
)
def test_what_is_no_list_of_rulebooks_is_refused(books, words):
    with pytest.raises(InputError) as caught:
        sp.run("village", rulebooks=books, **SMALL)
    assert words in str(caught.value)


def test_an_unknown_name_on_the_command_line():
    told = call("run", "village", "--rulebook", "mith")
    assert told.exit_code == 2
    assert "did you mean 'myth'?" in told.stderr

"""Where a book asks for consent, who agrees is scored and knows of it, and who does not is left alone."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests import oracle
from tests.test_oracle import LIVED, STANDING, STATE, engine_columns
from typer.testing import CliRunner

import scorepolis
from scorepolis.cli import app
from scorepolis.core.buffers import IN_SCOPE
from scorepolis.day.district import waken
from scorepolis.day.rest import pack
from scorepolis.engine.world import World
from scorepolis.parameters import load as load_parameters
from scorepolis.rulebooks import load as load_rulebook
from scorepolis.rulebooks import load_text, names

PACKAGE = Path(scorepolis.__file__).parent
START = date(2019, 1, 1)
PARAMETERS = load_parameters()
ASKED = "migrants: true\n      consent: {share: SHARE, trait: TRAIT, slope: SLOPE}"
OURS = 'status: assumed, reason: "Made up to be seen"'


def asking(share: float, slope: float, trait: str = "prudence") -> str:
    """The teaching town, whose points, but not its list, ask for consent."""
    text = files("scorepolis.rulebooks").joinpath("library/teaching-town.yaml").read_text(encoding="utf-8")
    asked = ASKED.replace("TRAIT", trait)
    asked = asked.replace("SHARE", f"{{value: {share}, unit: share, range: [0, 1], {OURS}}}")
    asked = asked.replace("SLOPE", f"{{value: {slope}, unit: log, range: [-2, 2], {OURS}}}")
    return text.replace("migrants: true", asked, 1)


def lived(text: str, days: int = 0) -> World:
    book = load_text(text, "teaching-town.yaml", PARAMETERS)
    world = World(PARAMETERS, [book], society="village", people=3000, seed=5, start=START)
    world.run(days)
    return world


def points_of(world: World) -> int:
    (book,) = world.rulebooks
    return next(k for k, instrument in enumerate(book.instruments) if instrument.scope.consent)


def column(world: World, name: str, k: int | None = None) -> np.ndarray:
    """A column of the whole society, of one instrument or of the people."""
    return np.concatenate([columns[name] if k is None else columns[name][k] for columns in world.districts])


@pytest.mark.parametrize(("trait", "slope"), [("prudence", 0.5), ("dissent", -0.7)])
def test_the_engine_equals_the_oracle(tmp_path, trait, slope):
    path = tmp_path / "teaching-town.yaml"
    path.write_text(asking(0.6, slope, trait), encoding="utf-8")
    overrides = {"societies.village.district_neighbourhoods": 4}
    parameters = load_parameters(overrides)
    world = World(
        parameters, [load_rulebook(path, parameters)], society="village", people=1500, seed=3, start=START, threads=2
    )
    world.run(40)
    twin = oracle.World(PACKAGE / "parameters", [path], "village", 1500, 3, START, overrides)
    twin.run(40)
    mine, theirs = engine_columns(world), twin.columns()
    assert {*STATE, *LIVED} <= mine.keys()
    for name, column in theirs.items():
        assert mine[name] == column, name
    in_scope = [np.array(mine[f"{STANDING[4]}_{k}"]) & 1 for k in range(len(world.rulebooks[0].instruments))]
    assert len({int(scope.sum()) for scope in in_scope}) > 1


def test_a_share_agrees_and_goes_with_the_trait():
    everybody, some = lived(asking(1, 0)), lived(asking(0.4, 0.8))
    asked, agreed = (column(world, "marks", points_of(world)) & 1 > 0 for world in (everybody, some))
    assert not (agreed & ~asked).any()
    assert agreed.sum() / asked.sum() == pytest.approx(0.4, abs=3 * np.sqrt(0.24 / asked.sum()))
    prudence = column(some, "traits") >> 12
    assert prudence[agreed].mean() > prudence[asked].mean() + 1


def test_who_agrees_knows_of_it_and_hardly_anybody_else():
    consent = asking(1, 0)
    start = consent.index("\n      consent:")
    unasked = consent[:start] + consent[consent.index("\n", start + 1) :]
    k = points_of(asked := lived(consent))
    for world, least, most in ((asked, 1, 1), (lived(unasked), 0.05, 0.2)):
        in_scope = (column(world, "marks", k) & 1).sum()
        assert least <= column(world, "aware", k).sum() / in_scope <= most
    assert in_scope == (column(asked, "marks", k) & 1).sum()


def test_nothing_is_entered_for_who_does_not_agree_though_they_are_recorded():
    world = lived(asking(0.3, 0), days=120)
    k = points_of(world)
    ledger = world.tally.ledger()
    marks = column(world, "marks", k)
    entered = np.unique(ledger["slot"][ledger["instrument"] == k])
    assert entered.size > 20
    assert (marks[entered] & 1).all()
    assert not marks[(marks & 1) == 0].any()
    elsewhere = np.unique(ledger["slot"][ledger["instrument"] != k])
    assert not (marks[elsewhere] & 1).all()


def test_they_are_the_same_people_when_their_state_comes_back_from_a_file():
    world = lived(asking(0.5, 0.5), days=31)
    for number, columns in enumerate(world.districts):
        packed = pack(columns, world.settled[number], world.tables_of(number))
        awake = waken(world.settled[number], world.tables_of(number), packed, 0)
        assert all(np.array_equal(awake[name], columns[name]) for name in ("marks", "aware", "standing", "raw"))


def test_books_by_consent_ask_for_it_and_others_do_not():
    asking_for_it = {
        name
        for name in names()
        if any(instrument.scope.consent for instrument in load_rulebook(name, PARAMETERS).instruments)
    }
    assert asking_for_it == {
        *("rongcheng-2021", "reality-2025", "sesame", "qianjiang", "bailu", "moli", "honest-shanghai"),
    }


def test_explain_says_that_who_is_not_scored_may_not_have_agreed(tmp_path):
    book, folder = tmp_path / "teaching-town.yaml", tmp_path / "run"
    book.write_text(asking(0.6, 0.5), encoding="utf-8")
    run = ["run", "village", "--rulebook", str(book), "--people", "300", "--days", "1", "--no-baseline"]
    assert CliRunner().invoke(app, [*run, "--out", str(folder)]).exit_code == 0
    states = pd.read_parquet(folder / "states.parquet").groupby("person").first()
    ages = pd.read_parquet(folder / "people.parquet").set_index("person")["age"]
    asked = next(k for k, one in enumerate(load_rulebook(book, PARAMETERS).instruments) if one.scope.consent)
    scored = states[f"marks_{asked}"] & IN_SCOPE > 0
    adults = ages[ages >= 18].index
    for person, said in ((adults[scored[adults]][0], False), (adults[~scored[adults]][0], True)):
        told = CliRunner().invoke(app, ["explain", str(folder), "--person", str(person)])
        assert told.exit_code == 0
        assert ("did not agree to be" in " ".join(told.stdout.split())) == said

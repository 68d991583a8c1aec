"""The command line: help, messages, exit codes."""

import subprocess
import sys
import time

import pytest
from rich.console import Console
from tests import results
from typer.testing import CliRunner

import scorepolis as sp
from scorepolis import cli
from scorepolis.core.errors import InputError
from scorepolis.report.words import show, what_it_did, what_was_run

runner = CliRunner()


def call(*arguments):
    return runner.invoke(cli.app, [str(argument) for argument in arguments])


def text_of(run):
    console = Console(width=200, record=True, quiet=False, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    with console.file:
        console.print(show(run))
        return console.export_text()


@pytest.fixture
def folder(tmp_path):
    return sp.save(results.run(), tmp_path / "a").path


@pytest.fixture
def made(monkeypatch):
    """Let `run` give a made-up result and remember what it was asked for."""
    asked = {}

    def make(scenario, *, out, force, progress, **others):
        asked.update(scenario=scenario, out=out, **others)
        progress("scheme", 1, 2)
        progress("scheme", 2, 2)
        result = results.run()
        return sp.save(result, out, force=force) if out else result

    monkeypatch.setattr("scorepolis.runs.make.run", make)
    return asked


def test_help_shows_examples():
    told = " ".join(call("--help").output.split())
    assert {"run", "show", "digest", "plan"} <= set(told.split())
    assert "a page in the run folder. compare" in told, "no sentence is cut off"
    for command, example in (
        ("run", "scorepolis run rongcheng --seed 7"),
        ("show", "scorepolis show runs/a"),
        ("digest", "scorepolis digest runs/a"),
        ("plan", "scorepolis plan"),
    ):
        result = call(command, "--help")
        assert result.exit_code == 0
        assert example in result.output
        assert "[bold]" not in result.output, "markup that nobody renders"


def test_help_imports_nothing_slow():
    code = (
        "import sys\nfrom scorepolis.cli import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('numba', 'numpy', 'pandas', 'xarray', 'pydantic', 'pyarrow', 'rich') if m in sys.modules])"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert time.perf_counter() - start < 5, "generous: a busy machine; alone it takes a quarter of a second"


def test_version():
    assert call("--version").output == f"scorepolis {sp.__version__}\n"


def test_run_says_where_the_result_is_and_what_comes_next(made, tmp_path):
    result = call("run", "village", "--seed", 7, "--people", 500, "--out", tmp_path / "a", "--set", "x.y=0.5")
    assert result.exit_code == 0, result.output
    assert f"scorepolis show {tmp_path / 'a'}" in result.stdout
    assert f"scorepolis digest {tmp_path / 'a'}" in result.stdout
    assert made["seed"] == 7
    assert made["people"] == 500
    assert made["set"] == {"x.y": 0.5}
    assert made["baseline"] is True


def test_run_without_a_folder_shows_the_result(made):
    result = call("run", "village", "--no-baseline")
    assert result.exit_code == 0
    assert "What it cannot tell" in result.stdout
    assert "--out" in result.stdout
    assert made["baseline"] is False


@pytest.mark.parametrize("pair", ["x", "=1", "x=", "x=1 --set x=2"])
def test_a_bad_setting_is_wrong_input(pair):
    result = call("run", "village", *f"--set {pair}".split())
    assert result.exit_code == 2
    assert result.stderr.startswith("scorepolis: --set")


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "village", "--people", "many"],
        ["run", "village", "--people", 3],
        ["run", "village", "--days", 0],
        ["run", "village", "--threads", 9999],
        ["show"],
        ["show", "no-such-folder"],
        ["digest", "no-such-folder"],
        ["fly"],
        ["run", "village", "--no-such-option"],
    ],
)
def test_wrong_usage_and_wrong_input_end_with_two(arguments):
    result = call(*arguments)
    assert result.exit_code == 2
    assert result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        (KeyboardInterrupt(), 1, "stopped"),
        (OSError(28, "No space left on device", "a/counts.npz"), 1, "a/counts.npz: No space left"),
        (MemoryError(), 1, "memory"),
        (InputError("unknown scenario 'vilage'", nearest="village"), 2, "did you mean 'village'"),
    ],
)
def test_a_failure_is_one_line(monkeypatch, failure, code, words):
    def fail(*_, **__):
        raise failure

    monkeypatch.setattr("scorepolis.runs.make.run", fail)
    result = call("run", "village")
    assert result.exit_code == code
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_digest_is_one_line(folder):
    result = call("digest", folder)
    assert result.exit_code == 0
    assert result.stdout == sp.load(folder).digest + "\n"


def test_digest_of_changed_results_is_an_error(folder):
    (folder / "ledger.parquet").write_bytes((folder / "baseline" / "ledger.parquet").read_bytes())
    result = call("digest", folder)
    assert result.exit_code == 2
    assert "not those that were written" in result.stderr


def test_show_tells_the_run(folder):
    result = call("show", folder)
    assert result.exit_code == 0, result.output
    for words in ("A made-up town", "What it did", "What it cannot tell", "synthetic people"):
        assert words in result.stdout


def test_the_words_are_made_from_the_numbers():
    run = results.run()
    text = text_of(run)
    people = run.provenance["people"]
    assert f"{people:,} synthetic people" in text
    assert "1 January 2019" in text
    assert "coefficients.learning.peer_weight = 0" in text
    penalised = int(run.counts.marks[-1, :, 0, 1].sum())
    wrongful = int(run.counts.entries[..., 0, 2].sum())
    assert f"It penalised {penalised:,} people" in text
    kinds = run.counts.wrongful[..., 0, :].sum(axis=(0, 1))
    assert f"{wrongful:,} penalties were wrongful" in text
    assert kinds[1:].sum() == wrongful
    assert f"{kinds[1]:,} for what somebody else did, {kinds[2]:,} for what nobody did, {kinds[3]:,} of people" in text
    assert f"{kinds[6]:,} too late." in text
    for title in ("Poorest fifth", "Migrants", "Cameras in the street", "At the end"):
        assert title in text
    assert len(what_was_run(run)) == 3


def test_the_words_without_a_baseline_claim_no_effect():
    run = results.run(baseline=False)
    assert "nothing here can be called the scheme's doing" in text_of(run)
    assert not any("law alone" in line for line in what_it_did(run))


def test_the_words_of_several_instruments_and_of_none():
    assert "Who bears it: book-1" in text_of(results.run(instruments=2))
    assert "Who bears it" not in text_of(results.run(instruments=0))


def test_plan_prints_the_rows_of_the_engine():
    from scorepolis.day.plan import PLAN

    output = call("plan").output
    for stage in {row.stage for row in PLAN}:
        assert stage in output


def test_the_public_face_is_sorted_and_lazy():
    assert sp.__all__ == sorted(sp.__all__)
    assert dir(sp) == sp.__all__
    with pytest.raises(AttributeError, match="no attribute 'fly'"):
        sp.fly  # noqa: B018
    code = "import sys, scorepolis; print('typer' in sys.modules or 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

"""The small loop W is the same in every framework, and the tables of the benchmarks say what was measured."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import __main__ as everything
from benchmarks import machine, rows, scale
from benchmarks.peers import EXACT, NAMES, OURS, PEERS, lines_of_code, start
from benchmarks.peers import __main__ as peers
from benchmarks.peers.start import DISTRICT

ROOT = Path(__file__).parents[1]
SEED = 7


def loop(name: str, people: int, days: int):
    made = importlib.import_module(f"benchmarks.peers.{name}").Loop(people, SEED)
    made.run(days)
    return made


def totals(made) -> dict[str, int]:
    return dict(zip(start.COUNTS, np.asarray(made.counts).sum(0).tolist(), strict=True))


# ------------------------------------------------------------------------------------------------------------ the loop


@pytest.fixture(scope="module")
def exact():
    return {name: loop(name, 2 * DISTRICT, 20) for name in EXACT}


def test_exact_peers_agree_on_every_bit(exact) -> None:
    first, *others = (made.state() for made in exact.values())
    for other in others:
        for name, column in first.items():
            assert np.array_equal(column, other[name]), name
    assert {start.checksum(made.state()) for made in exact.values()} == {start.checksum(first)}


def test_a_checksum_notices_one_changed_score(exact) -> None:
    state = {name: column.copy() for name, column in exact["c"].state().items()}
    before = start.checksum(state)
    state["score"][12_345] += 1
    assert start.checksum(state) != before


def test_days_may_be_run_at_once_or_one_by_one(exact) -> None:
    for name in EXACT:
        made = loop(name, 2 * DISTRICT, 3)
        for days in (1, 16):
            made.run(days)
        assert start.checksum(made.state()) == start.checksum(exact[name].state()), name


def test_rates_are_those_of_the_specification() -> None:
    made = loop("c", 16 * DISTRICT, 10)
    for name, rate in start.RATES.items():
        assert totals(made)[name] / (16 * DISTRICT * 10) == pytest.approx(rate, rel=0.03), name


def test_the_loop_has_all_that_is_specified(exact) -> None:
    state, counts = exact["numpy_tuned"].state(), totals(exact["numpy_tuned"])
    assert all(counts[name] > 0 for name in start.COUNTS if name != "points")
    assert counts["points"] == int(state["score"].astype(int).sum() - 1000 * 2 * DISTRICT)
    assert 0 <= state["score"].min() < 1000 < state["score"].max() <= 1300
    assert counts["observed"] < counts["bad"] + counts["good"]
    # Whoever is on the list came on it on one of these days, and stays 90 days.
    listed = state["until"][state["until"] > 0]
    assert 90 <= listed.min() <= listed.max() <= 109
    assert counts["listings"] == listed.size


def test_own_generators_do_the_same_as_the_specified_draws(exact) -> None:
    here, there = totals(loop("numpy_plain", 2 * DISTRICT, 20)), totals(exact["numpy_tuned"])
    for name in ("bad", "good", "observed", "wrong", "listings"):
        assert abs(here[name] - there[name]) < peers.SIGMAS * (here[name] + there[name]) ** 0.5, name
    assert here["points"] == pytest.approx(there["points"], rel=0.1)


def test_partners_are_pairs_within_a_district() -> None:
    partner = start.partners(2 * DISTRICT, SEED)
    agents = np.arange(2 * DISTRICT)
    assert np.array_equal(partner[partner], agents)
    assert not np.any(partner == agents)
    assert np.array_equal(partner // DISTRICT, agents // DISTRICT)
    assert not np.array_equal(partner[:DISTRICT], partner[DISTRICT:] - DISTRICT)


def test_alias_tables_give_the_weights() -> None:
    weight = np.array([1, 5, 0, 90, 4, 28])
    threshold, other = start.alias(weight)
    chance = np.zeros(6)
    for column in range(6):
        chance[column] += threshold[column] / 65_536 / 6
        chance[other[column]] += (65_536 - threshold[column]) / 65_536 / 6
    assert chance == pytest.approx(weight / weight.sum(), abs=2e-5)


def test_kinds_are_as_specified() -> None:
    kinds = start.tables()
    assert -59 <= kinds.points[:32].min() <= kinds.points[:32].max() <= -3
    assert 1 <= kinds.points[32:].min() <= kinds.points[32:].max() <= 24
    assert np.flatnonzero(kinds.severe).tolist() == [3, 17, 29]


def test_w_has_whole_districts() -> None:
    with pytest.raises(ValueError, match="whole districts"):
        start.people(1000, SEED)


# ----------------------------------------------------------------------------------------------------------- the peers


@pytest.fixture(scope="module")
def comparison() -> subprocess.CompletedProcess:
    """Every peer but Scorepolis, which other tests run; those that are not installed say so."""
    others = ",".join(name for name in NAMES if name != OURS.name)
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.peers", "--quick", "--rounds", "1", "--only", others],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src")},
        check=False,
    )


def test_all_peers_that_are_installed_agree(comparison) -> None:
    assert comparison.returncode == 0, comparison.stderr
    assert peers.AGREE in comparison.stdout


def test_every_peer_is_in_the_table_or_said_to_be_missing(comparison) -> None:
    table, _, rest = comparison.stdout.partition("Best of 1 round")
    for peer in PEERS:
        if peer is not OURS:
            assert (f"| {peer.title} " in table) != (f"{peer.title} (" in rest), peer.title
    for peer in PEERS:
        if peer.name in {*EXACT, "numpy_plain"}:
            assert f"| {peer.title} " in table


def test_a_missing_peer_says_why() -> None:
    nobody = replace(PEERS[1], name="nobody", title="Nobody")
    (found,) = peers.measure([nobody], rounds=1, core=peers.last_core(), tell=lambda text: None)
    assert found.missing == "No module named 'benchmarks.peers.nobody'"
    assert "Missing here: Nobody (No module named 'benchmarks.peers.nobody')." in peers.report([found], 1)


def test_a_peer_that_does_something_else_is_found_out(exact) -> None:
    made = loop("c", DISTRICT, 3)
    peer = replace(next(peer for peer in PEERS if peer.name == "c"), people=DISTRICT, days=2)
    right = peers.Found(peer, [1.0], days=3, counts=totals(made), checksum=start.checksum(made.state()))
    assert peers.disagreements([right]) == []
    lazy = replace(right, counts={**totals(made), "observed": totals(made)["observed"] // 2})
    assert [said.split(",")[0].split()[-1] for said in peers.disagreements([lazy])] == ["observed"]
    other = replace(right, checksum=start.checksum(exact["c"].state()))
    assert "checksum" in peers.disagreements([other])[0]
    assert "**They do not agree:**" in peers.report([other], 1)


def test_ratios_are_taken_within_rounds() -> None:
    ours = peers.Found(OURS, [10.0, 20.0, 10.0])
    theirs = peers.Found(next(peer for peer in PEERS if peer.name == "mesa"), [1000.0, 2000.0, 1500.0], days=1)
    first, second = peers.rows([theirs, ours])
    assert first[0] == OURS.title
    assert first[4:7] == ["10", "1", "1 to 1"]
    assert second[4:7] == ["1,000", "100", "100 to 150"]


def test_an_unknown_peer_is_refused() -> None:
    with pytest.raises(Exception, match="no peer mesan; there are scorepolis, c,"):
        peers.chosen("c,mesan", quick=True)


def test_every_peer_has_a_requirement_and_a_file() -> None:
    required = (ROOT / "benchmarks" / "requirements.txt").read_text(encoding="utf-8")
    for peer in PEERS:
        assert all(file.exists() for file in peer.files)
        if peer.package not in {"", "numba", "numpy", "scorepolis"}:
            assert re.search(rf"^{peer.package}(\[\w+\])?==\S+$", required, re.MULTILINE), peer.package


def test_lines_of_code_are_neither_blank_nor_comment_nor_docstring(tmp_path) -> None:
    python = tmp_path / "a.py"
    python.write_text(
        '"""What\nit is."""\n\n# why\nx = """a\nb"""\n\ndef f():\n    """Do."""\n    return (\n        x\n    )\n'
    )
    assert lines_of_code(python) == 6
    c = tmp_path / "a.c"
    c.write_text("/* what\n it is */\nint f(void) /* so */\n{\n    // why\n    return 1;\n}\n")
    assert lines_of_code(c) == 4


# ------------------------------------------------------------------------------------------------------ rows and scale


def test_sizes_grow_up_to_the_most() -> None:
    assert scale.people_up_to(200_000) == [10_000, 30_000, 100_000, 200_000]
    assert scale.people_up_to(10_000) == [10_000]


def test_every_sweep_varies_one_thing() -> None:
    base = scale.Point("rongcheng", 50_000)
    for name, points in scale.sweeps(base, 100_000).items():
        assert all(replace(point, **{name: getattr(base, name)}) == base for point in points)
        assert len(set(points)) == len(points)


@pytest.fixture
def small(monkeypatch) -> None:
    """All in this process, and hardly anybody to warm up with."""
    monkeypatch.setattr(rows, "WARM_UP_PEOPLE", 1000)
    monkeypatch.setattr(scale, "run", scale.run_here)


@pytest.mark.usefixtures("small")
def test_scale_tells_what_it_ran() -> None:
    said: list[str] = []
    text = scale.report(scale.Point("village", 1000, 2), 1000, 1, said.append)
    assert len(said) == len(set(said))
    for stage in ("act", "observe", "score", "treat", "respond"):
        assert re.search(rf"^\| {stage} +\| +[\d.]+ \| +[\d.]+% \|$", text, re.MULTILINE)
    for title in ("number of people (2 days", "number of days (1,000", "number of threads (1,000", "tile, the days"):
        assert title in text


@pytest.mark.usefixtures("small")
def test_rows_are_those_of_the_plan() -> None:
    from scorepolis.day.plan import PLAN

    text = rows.year(rows.scenarios.load("village"), people=None, days=2, threads=1)
    assert text.startswith("1,000 people, 2 days under ")
    assert re.findall(r"^\w+ +(\w+) +(?:daily|monthly|yearly)", text, re.MULTILINE) == [row.name for row in PLAN]


# ------------------------------------------------------------------------------------------------------------ the page


def test_a_table_is_put_between_its_marks_only() -> None:
    page = "a\n<!-- x: made by make bench -->\nold\n<!-- end of x -->\nb\n"
    once = everything.put(page, "x", r"new \1")
    assert once == "a\n<!-- x: made by make bench -->\n\nnew \\1\n\n<!-- end of x -->\nb\n"
    assert everything.put(once, "x", r"new \1") == once
    with pytest.raises(ValueError, match="end of y"):
        everything.put(page, "y", "new")


def test_the_page_has_a_table_of_every_kind_and_says_what_made_it() -> None:
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    for section in ("rows", "peers", "scale"):
        inside = page.partition(f"<!-- {section}: made by make bench -->")[2].partition(f"<!-- end of {section} -->")[0]
        assert re.search(r"Made by `python -m benchmarks .*` on \d{4}-\d\d-\d\d: .* cores, Python", inside), section
        assert "--quick" not in inside
        everything.put(page, section, "")
    for peer in PEERS:
        assert peer.title in page


def test_tables_are_aligned() -> None:
    text = machine.table(("name", "n"), [["a", "1,000"], ["longer", "2"]])
    assert text.splitlines() == ["| name   |     n |", "| ------ | ----: |", "| a      | 1,000 |", "| longer |     2 |"]


def test_memory_is_told_from_a_new_beginning() -> None:
    before = machine.forget_peak()
    if before is None:  # no Linux
        assert machine.peak() is None
        return
    held = np.ones(64 << 20, np.uint8)
    assert machine.peak() - before >= held.nbytes
    del held
    assert machine.forget_peak() <= before + (32 << 20)

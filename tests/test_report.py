"""The report: one file of a run or a comparison, in two languages, with and without the pictures that turn."""

import ast
import dataclasses
import itertools
import json
import re
import shlex
import string
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests import results
from tests.test_page import ADDRESSES, Reader, with_counts
from typer.testing import CliRunner

import scorepolis as sp
from scorepolis import cli, parameters, rulebooks, scenarios
from scorepolis.core.buffers import IN_SCOPE
from scorepolis.experiments.persons import PERSONAL
from scorepolis.explain.books import books_of
from scorepolis.measures.declared import MEASURES
from scorepolis.measures.groups import GROUPS
from scorepolis.report import html, language, report, words
from scorepolis.report.parts import bearing, citing, doors, findings, flows, grounds, mapped, silence, wrongs

PACKAGE = Path(sp.__file__).parent / "report"
MOST_BYTES = 3_000_000
MOST_SECONDS = 5
RUN_PARTS = [
    "did", "beside", "loop", "flows", "grades", "map", "balance", "bearing", "doors", "silence", "wrongs", "publicity",
    "sensors", "wronged", "random", "findings", "grounds", "cite", "command",
]  # fmt: skip


@pytest.fixture(autouse=True)
def unbuilt(monkeypatch, tmp_path):
    """Whether somebody has built the web project here must make no difference."""
    monkeypatch.setattr(html, "WEB", tmp_path / "web")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return sp.run("village", days=90, seed=3, out=tmp_path_factory.mktemp("run") / "a").path


@pytest.fixture(scope="module")
def run(folder):
    return sp.load(folder)


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    out = tmp_path_factory.mktemp("comparison") / "c"
    return sp.compare("rongcheng-2019", "defaulter-list", society="village", days=60, seeds=2, out=out)


@pytest.fixture
def text(run):
    return report.page_of_run(run)


# --- languages ----------------------------------------------------------------------------------------------------


def blanks(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_language_has_the_same_sentences_with_the_same_blanks():
    english = language.strings("en")
    assert not [key for key in english if key.startswith(language.NAMES)]
    for other in language.LANGUAGES[1:]:
        own = {key: text for key, text in language.strings(other).items() if not key.startswith(language.NAMES)}
        assert own.keys() == english.keys()
        assert {key for key in own if blanks(own[key]) != blanks(english[key])} == set()


def test_what_is_declared_has_a_name_in_every_language():
    known = parameters.load()
    declared = {
        "measures": {measure.name for measure in MEASURES},
        "units": {measure.unit.replace(" ", "_") for measure in MEASURES},
        "denominators": {m.per.text.replace(" ", "_") for m in MEASURES if m.unit == "share"},
        "groups": {group.name for group in GROUPS},
        "sensors": set(known.sensors),
        "services": set(known.services),
        "behaviours": {name for name, one in known.behaviours.items() if one.protected},
        "personal": {one.name for one in PERSONAL},
        "rulebooks": set(rulebooks.names()),
        "scenarios": set(scenarios.names()),
    }
    for other in language.LANGUAGES[1:]:
        for kind, names in declared.items():
            above = f"{language.NAMES}.{kind}."
            found = {key.removeprefix(above) for key in language.strings(other) if key.startswith(above)}
            assert found == names, kind


def test_every_sentence_that_is_asked_for_is_there():
    known = language.strings("en")
    asked = {
        node.args[0].value
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "say"
        and isinstance(node.args[0], ast.Constant)
    } | {
        key
        for file in PACKAGE.glob("*.html")
        for key in re.findall(r'say\("([\w.]+)"[,)]', file.read_text(encoding="utf-8"))
    }
    assert len(asked) > 200
    assert asked - set(known) == set()


def test_a_language_is_spoken_until_its_context_ends():
    assert language.say("number.nobody") == "nobody"
    with language.speaking("zh-Hans"):
        assert language.say("number.nobody") == "0 人"
        assert language.named("groups", "urban", "Urban") == "城镇"
        assert language.named("groups", "unheard_of", "Own title") == "Own title"
    assert language.named("groups", "urban", "Urban") == "Urban"
    with pytest.raises(sp.InputError, match="in the language 'zh-Han'"):
        language.check_language("zh-Han")


def test_the_report_speaks_chinese(run, text):
    chinese = report.page_of_run(run, "zh-Hans")
    ours, theirs = Reader(text), Reader(chinese)
    assert theirs.all("html") == [{"lang": "zh-Hans"}]
    assert len(theirs.all("svg")) == len(ours.all("svg"))
    assert len(theirs.all("table")) == len(ours.all("table"))
    assert all(re.search("[一-鿿]", svg["aria-label"]) for svg in theirs.all("svg"))
    titles = {text for key, text in language.strings("en").items() if key.startswith(("part.", "table.", "heading."))}
    spoken = {" ".join(words.split()) for words in theirs.words}
    assert spoken & {title for title in titles if " " in title} == set()
    assert [one for one in theirs.all("ul") if one.get("lang") == "en"], "what is told in English says so"
    assert run.provenance["digest"] in theirs.text


# --- the page of a run --------------------------------------------------------------------------------------------


def test_a_run_has_all_parts_in_order(run, text):
    found = report.of_run(run)
    assert [part.key for part in found.parts] == RUN_PARTS
    read = Reader(text)
    contents = [a["href"] for a in read.all("a")]
    assert contents == ["#main", *(f"#part-{n}" for n in range(1, len(RUN_PARTS) + 1)), "#limits"]
    sections = {section.get("id") for section in read.all("section")}
    assert {link[1:] for link in contents[1:]} <= sections
    for line in (*words.what_was_run(run), *words.what_it_did(run), *words.cannot_tell(run), run.provenance["digest"]):
        assert " ".join(line.split()) in read.text


def test_every_picture_has_a_name_a_sentence_and_a_table(run, text):
    read = Reader(text)
    pictures = [picture for part in report.of_run(run).parts for picture in part.pictures]
    drawn = [picture for picture in pictures if picture.svg]
    assert len(drawn) > 12
    assert len(read.all("svg")) == len(drawn)
    for svg, picture in zip(read.all("svg"), drawn, strict=True):
        assert svg["role"] == "img"
        assert svg["aria-label"] == f"{picture.title}. {picture.sentence}"
        assert " ".join(picture.sentence.split()) in read.text
        assert not re.search(r"#[0-9a-fA-F]{6}|rgb", picture.svg)
        for section in picture.table.sections:
            assert all(len(row) == len(picture.table.heads) for row in section.rows)
    captions = [table.title for part in report.of_run(run).parts for table in part.tables]
    assert len(read.all("table")) == len(pictures) + len(captions)


def test_every_headline_says_what_it_cannot_tell(run):
    parts = {part.key: part for part in report.of_run(run).parts}
    assert {key for key, part in parts.items() if part.pictures and not part.limit} == set()
    assert "does not mean lawful" in parts["findings"].limit


def test_the_report_asks_for_nothing(text):
    read = Reader(text)
    tags = {tag for tag, _ in read.elements}
    assert not {"script", "link", "iframe", "img", "object", "embed", "base", "form"} & tags
    addresses = [a[name] for _, a in read.elements for name in ADDRESSES if name in a]
    assert all(address.startswith("#") for address in addresses)
    assert set(re.findall(r"url\((.)", text)) <= {"#"}
    assert "@import" not in text
    ids = [a["id"] for _, a in read.elements if "id" in a]
    assert len(ids) == len(set(ids))
    used = set(re.findall(r"url\(#([^)]+)\)", text)) | {a["href"][1:] for _, a in read.elements if "href" in a}
    assert used <= set(ids)


def test_headings_skip_no_level_and_regions_have_names_of_their_own(text):
    read = Reader(text)
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    regions = [a["aria-label"] for _, a in read.elements if a.get("role") == "region"]
    assert len(regions) == len(set(regions))


def test_the_same_run_gives_the_same_bytes_soon_and_small(folder, tmp_path):
    start = time.process_time()
    one = report.report(folder, tmp_path / "one.html").read_bytes()
    assert time.process_time() - start < MOST_SECONDS
    assert report.report(folder, tmp_path / "two.html").read_bytes() == one
    assert len(one) < MOST_BYTES


def test_a_run_without_lives_baseline_or_known_rulebooks_still_has_a_report(tmp_path):
    made = sp.save(results.run(lists=1), tmp_path / "a")
    read = Reader(report.report(made.path).read_text(encoding="utf-8"))
    assert "The run keeps no lives" in read.text
    assert "book-0: the rulebook is no longer the one that the run was made with" in read.text
    law = report.of_run(results.run().baseline)
    assert [part.key for part in law.parts][:2] == ["beside", "loop"]
    alone = report.of_run(results.run(baseline=False))
    assert next(part for part in alone.parts if part.key == "balance").pictures == ()


# --- what it counts -----------------------------------------------------------------------------------------------


def test_flows_are_the_panel_counted_by_hand(run):
    states = run.panel.states()
    last = int(run.provenance["days"]) - 1
    for k, flow in enumerate(flows.of_run(run)):
        pairs = {}
        for at in np.flatnonzero(states["day"] == -1):
            end = at + np.flatnonzero(states["day"][at:] >= last)[0]
            assert states["person"][at] == states["person"][end]
            if states[f"marks_{k}"][at] & states[f"marks_{k}"][end] & IN_SCOPE:
                pair = states[f"standing_{k}"][at], states[f"standing_{k}"][end]
                pairs[pair] = pairs.get(pair, 0) + 1
        grades = len(flow.sources)
        for (start, end), people in pairs.items():
            assert flow.people[grades - 1 - start, grades - 1 - end] == people
        assert flow.people.sum() == sum(pairs.values()) > 0


def test_maps_over_time_add_up_to_the_run(run):
    for number, flow in ((2, "negative_entries"), (3, "refusals")):
        residents, counted = mapped.rates_over_time(run, flow)
        assert residents.sum() == run.provenance["people"]
        assert sum(one.sum() for one in counted) == run.counts.by_place[..., number].sum()
    assert mapped.periods(run)[-1][1] == len(run.context.months)
    assert len(mapped.periods(run)) <= mapped.MOST


def test_doors_and_silence_are_counted_by_hand():
    made = results.run()
    counts = made.counts
    (drawn,) = doors.part(made).pictures
    rows = {row[0]: row for section in drawn.table.sections for row in section.rows}
    for v, service in enumerate(made.context.services):
        assert rows[service.title][1] == f"{counts.acts[:, :, 4 + v].sum():,}"
        assert rows[service.title][2] == f"{counts.outcomes[:, :, v, 0].sum():,}"
    (said,) = silence.part(made).pictures
    done, undone = counts.acts[:, :, 2].sum(), counts.silenced[:, :, 2].sum()
    assert said.table.sections[0].rows[0][:4] == ("Petitioning", f"{done + undone:,}", f"{done:,}", f"{undone:,}")
    assert f"{undone:,} were left undone for fear" in said.sentence


def test_who_fell_wrongly_and_got_out_is_read_off_the_ledger():
    # slot, what (4 is a record), standing before and after, truth
    rows = [(1, 4, 1, 0, 2), (1, 3, 0, 1, 0), (2, 4, 2, 0, 1), (3, 4, 1, 0, 0), (4, 4, 0, 0, 2), (5, 4, 2, 1, 2)]
    names = ("slot", "what", "standing_before", "standing_after", "truth")
    ledger = {name: np.array([row[n] for row in rows]) for n, name in enumerate(names)}
    ledger["instrument"] = np.zeros(len(rows), np.int64)
    made = results.run()
    told = dataclasses.replace(made, world=dataclasses.replace(made.world, ledger=lambda: ledger))
    assert wrongs.EVENTS[4] == "record"
    assert wrongs.fell_wrongly(told, 0) == (2, 1), "of persons 1 and 2 the first got out"


def test_conduct_that_explains_all_penalties_leaves_no_difference(run):
    law, books = run.baseline, books_of(run)
    found, expected = bearing.expected_penalties(run, law, bearing.penalties(run, books))
    assert found[0] == run.counts.entries[..., 0].sum()
    # Were penalties given out by conduct alone, every group would have what is expected of it, up to rounding.
    by_cell = law.counts.acts.sum(axis=0)[:, 0]
    entries = np.zeros_like(run.counts.entries)
    entries[0, :, 0, 0] = by_cell
    only = np.zeros(len(run.context.behaviours))
    only[0] = by_cell.sum()
    found, expected = bearing.expected_penalties(with_counts(run, entries=entries), law, only)
    assert np.allclose(found, expected)


def test_what_it_rests_on_counts_every_parameter(run):
    part = grounds.part([books_of(run)])
    every = grounds.every_fact()
    assumed = sum(fact.status == "assumed" for fact in every)
    assert f"Of {len(every):,} parameters {assumed:,} are assumed" in part.pictures[0].sentence
    rows = part.tables[0].sections[0].rows
    widths = [grounds._width(fact) for row in rows for fact in every if fact.path == row[0]]
    assert len(rows) == grounds.WIDEST
    assert widths == sorted(widths, reverse=True)
    assert all(fact.status != "assumed" or grounds._width(fact) <= widths[0] for fact in every)


def test_findings_are_those_of_the_audit(run):
    (book,) = run.provenance["rulebooks"][-1:]
    part = findings.part([book])
    audited = findings.of_library(book["name"])
    assert sum(len(section.rows) for table in part.tables for section in table.sections) == len(audited.findings)
    changed = findings.part([{**book, "sha256": "0"}])
    assert "no longer the one" in changed.lines[0]
    assert not changed.tables


def test_the_command_makes_the_same_run(run, tmp_path):
    command = shlex.split(citing.command_of_run(run))
    assert command[0] == "scorepolis"
    done = CliRunner().invoke(cli.app, [*command[1:], "--out", str(tmp_path / "again")])
    assert done.exit_code == 0, done.output
    assert sp.load(tmp_path / "again").digest == run.digest


# --- the page of a comparison -------------------------------------------------------------------------------------


def test_a_comparison_sets_schemes_side_by_side(compared):
    found = report.of_comparison(compared)
    keys = [part.key for part in found.parts]
    assert keys[:5] == ["side_by_side", "differences", "effects", "luck", "flows"]
    assert keys.count("scheme") == 2
    assert keys[-6:] == ["wronged", "random", "findings", "grounds", "cite", "command"]
    assert {part.named for part in found.parts if part.key == "scheme"} == {"rongcheng-2019", "defaulter-list-2024"}
    for other in language.LANGUAGES:
        text = report.page_of_comparison(compared, other)
        read = Reader(text)
        ids = [a["id"] for _, a in read.elements if "id" in a]
        assert len(ids) == len(set(ids))
        assert len(text.encode()) < MOST_BYTES
        assert "±" in read.text
        for name in compared.schemes:
            assert name in read.text


def test_flows_of_a_comparison_hold_everybody_once(compared):
    found = flows.of_comparison(compared)
    assert [flow.over_time for flow in found] == [True, True, False]
    for flow in found[:2]:
        assert flow.people.sum() == compared.flows.query("kind == 'over time'")["people"].sum() / 2


# --- pictures that turn -------------------------------------------------------------------------------------------


def test_with_the_bundle_the_pictures_turn_and_the_still_ones_remain(run, compared, tmp_path):
    still = Reader(report.page_of_run(run))
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "report.js").write_text("window.turned = '</script>';", encoding="utf-8")
    text = report.page_of_run(run)
    read = Reader(text)
    assert len(read.all("svg")) == len(still.all("svg"))
    data = [json.loads(found) for found in re.findall(r'<script type="application/json">(.*?)</script>', text)]
    assert {one["kind"] for one in data} == {"flows", "map"}
    assert r"window.turned = '<\/script>';" in text
    assert len(read.all("script")) == len(data) + 1
    flow = next(one for one in data if one["kind"] == "flows")
    assert sum(link["people"] for link in flow["links"]) == flows.of_run(run)[0].people.sum()
    assert {node["id"] for node in flow["nodes"]} >= {link["from"] for link in flow["links"]}
    mapped_ = next(one for one in data if one["kind"] == "map")
    assert {len(mapped_["x"])} == {len(mapped_["y"])} == {len(rates) for rates in mapped_["rates"]}
    both = re.findall(r'<script type="application/json">(.*?)</script>', report.page_of_comparison(compared))
    assert "schemes" in {json.loads(found)["kind"] for found in both}


def test_without_the_bundle_there_is_no_script(run):
    assert html.bundle() == ""
    assert not Reader(report.page_of_run(run)).all("script")


# --- the command --------------------------------------------------------------------------------------------------


def call(*words):
    return CliRunner().invoke(cli.app, ["report", *map(str, words)])


def test_the_command_writes_one_file_and_says_where(folder, compared, tmp_path):
    done = call(folder, "--out", tmp_path / "a.html")
    assert done.exit_code == 0, done.output
    assert str(tmp_path / "a.html") in done.stdout
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.html"]
    before = sp.load(folder).verify()
    assert call(folder, "--lang", "zh-Hans").exit_code == 0
    assert 'lang="zh-Hans"' in (folder / "report.html").read_text(encoding="utf-8")
    assert sp.load(folder).verify() == before
    assert call(compared.path).exit_code == 0
    assert sp.load_comparison(compared.path).path == compared.path, "a report is no result"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nowhere",), "there is no such run folder"),
        (("{run}", "--out", "nowhere/a.html"), "the page cannot be written"),
        (("{run}", "--out", "{run}"), "the page cannot be written"),
        (("{run}", "--lang", "zh"), "no report in the language 'zh'"),
    ],
)
def test_wrong_usage_is_told_and_nothing_is_written(folder, tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    done = call(*(word.format(run=folder) for word in words))
    assert done.exit_code == 2
    assert told in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["counts.npz", "ledger.parquet", "states.parquet", "axes.json", "baseline/counts.npz"])
def test_a_damaged_run_is_a_clear_error(tmp_path, name):
    made = sp.run("village", people=300, days=31, out=tmp_path / "a")
    file = made.path / name
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    done = call(made.path)
    assert done.exit_code == 2, done.output
    assert "damaged" in done.stderr
    assert not (made.path / "report.html").exists()


def test_a_run_whose_counts_were_changed_is_not_reported(tmp_path):
    made = sp.save(results.run(), tmp_path / "a")
    counts = dict(made.counts.items())
    np.savez_compressed(made.path / "counts.npz", **{**counts, "trust": counts["trust"] + 1})
    done = call(made.path)
    assert done.exit_code == 2
    assert "not those that were written" in done.stderr


def test_a_report_waits_for_nothing_that_it_does_not_need():
    code = (
        "import sys\n"
        "from scorepolis.report.report import report\n"
        "from scorepolis.audit import audit\n"
        "audit('rongcheng-2019')\n"
        "print([m for m in ('numba', 'pandas', 'xarray') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]"]

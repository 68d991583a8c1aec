"""What a notebook shows: cards that are escaped, ask for nothing, and follow the colours of the page around them."""

import dataclasses
import inspect
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from tests import results

import scorepolis as sp
from scorepolis.report.notebook import card, html

WILD = "<script>alert('x')</script> & 社会"


class Reader(HTMLParser):
    """Tags and words of a fragment; tags that are closed are the ones that were opened last."""

    EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta"})

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def things(tmp_path_factory):
    run = sp.run("village", people=300, days=40, seed=7, threads=1)
    sweep = tmp_path_factory.mktemp("sweep") / "sweep.yaml"
    sweep.write_text(
        "version: 1\nname: sweep\ntitle: Awareness\nkind: sweep\ndesign: grid\nscenario: village\npeople: 200\n"
        "days: 20\nseeds: 1\nparameters:\n  coefficients.awareness.awareness: {values: [0, 1]}\nmeasures: [chilled]\n",
        encoding="utf-8",
    )
    return {
        "run": run,
        "comparison": sp.compare("suining-2010", society="village", people=300, days=30, seeds=2, threads=1),
        "experiment": sp.experiment(sweep, workers=1),
        "rulebook": sp.load_rulebook("suining-2010"),
        "scenario": sp.load_scenario("national"),
        "audit": sp.audit("suining-2010"),
        "story": sp.explain(run, person=3),
        "listing": sp.catalogue("scenarios"),
        "facts": sp.facts("coefficients.learning.peer_weight"),
    }


KINDS = ("run", "comparison", "experiment", "rulebook", "scenario", "audit", "story", "listing", "facts")


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_is_a_fragment_that_asks_for_nothing(things, kind):
    text = things[kind]._repr_html_()
    read = Reader(text)
    assert not read.open, "what is opened is closed"
    tags = {tag for tag, _ in read.tags}
    assert tags & {"script", "link", "img", "iframe", "html", "body"} == set()
    assert not [name for _, own in read.tags for name in own if name.startswith("on") or name in {"href", "src"}]
    assert len(text) < 60_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_has_no_colour_but_the_page_s(things, kind):
    style = re.search(r"<style>(.*?)</style>", things[kind]._repr_html_(), re.DOTALL)[1]
    assert not re.search(r"#[0-9a-f]{3,6}\b|\b(?:white|black)\b(?!-)", style)
    assert set(re.findall(r"(?<![-\w])color: ([^;]+);", style)) == {"inherit"}
    assert all(line.startswith(".scorepolis-card") for line in style.strip().splitlines()), "nothing else is styled"


@pytest.mark.parametrize("kind", KINDS)
def test_rows_have_a_cell_for_each_head(things, kind):
    made = card(things[kind])
    every = [table for table in (made.first, *made.more) if table is not None]
    assert every
    for table in every:
        assert {len(row) for section in table.sections for row in section.rows} <= {len(table.heads)}, table.title


def test_a_run_s_card_has_its_numbers(things):
    from scorepolis.report.numbers import amount

    run = things["run"]
    words = " ".join(Reader(html(run)).words)
    assert "300 synthetic people" in words
    for world in (run, run.baseline):
        assert amount(float(world.summary.chilled.sel(group="all")), "share") in words
    assert "What it cannot tell" in words


def test_what_differs_between_schemes_stands_in_a_comparison_s_card(things):
    made = card(things["comparison"])
    assert made.first.heads[1:3] == ("suining-2010", "law-only")
    assert [table.title for table in made.more][-1].endswith("suining-2010")


def test_a_rulebook_s_card_has_every_rule(things):
    book = things["rulebook"]
    words = " ".join(Reader(html(book)).words)
    for rule in book.instruments[0].rules:
        assert rule.text in words
    assert book.purpose in words


def test_a_scenario_s_card_says_where_its_rulebooks_hold_and_what_is_changed(things):
    made = card(things["scenario"])
    assert made.first.sections[0].rows[-1] == ("rongcheng-2019", "weihai")
    assert not made.more
    changed = things["scenario"].model_copy(update={"set": {"coefficients.awareness.awareness": 1}})
    assert card(changed).more[0].sections[0].rows == (("coefficients.awareness.awareness", "1"),)


def test_accepted_findings_are_told_only_where_there_are_some(things):
    from scorepolis.audit.static import Audit

    plain = things["audit"]
    assert "Accepted, because" not in card(plain).first.heads
    finding = dataclasses.replace(plain.findings[0], accepted="Known")
    accepted = Audit(plain.book, (finding, *plain.findings[1:]), plain.conditions, ())
    assert card(accepted).first.heads[-1] == "Accepted, because"
    assert card(accepted).first.sections[0].rows[0][-1] == "Known"
    assert card(Audit(plain.book, (), plain.conditions, ())).first is None


def test_names_are_text_and_nothing_else(things):
    run = results.run()
    run = dataclasses.replace(run, provenance={**run.provenance, "scenario": {"title": WILD, "rulebooks": []}})
    book = things["rulebook"].model_copy(update={"title": WILD, "purpose": WILD, "limits": (WILD,)})
    comparison = things["comparison"]
    comparison = dataclasses.replace(comparison, provenance={**comparison.provenance, "society": WILD})
    for thing in (run, book, comparison):
        text = html(thing)
        assert "<script" not in text
        assert WILD in "".join(Reader(text).words)


def test_there_is_no_card_for_anything_else():
    with pytest.raises(TypeError, match="no card for dict"):
        html({})


# ------------------------------------------------------------------------------------------------- the public face


def test_every_name_of_the_face_is_there():
    for name in sp.__all__:
        assert getattr(sp, name) is not None, name
    assert sorted(sp.__all__) == list(sp.__all__)


@pytest.mark.parametrize("name", ["audit", "explain", "report"])
def test_a_package_is_called_like_its_function(name):
    package = getattr(sp, name)
    assert inspect.ismodule(package)
    assert inspect.signature(package) == inspect.signature(package.__wrapped__)
    assert package.__wrapped__.__name__ == name


def test_packages_are_the_same_whatever_was_imported_before():
    code = (
        "import scorepolis.{part}, scorepolis as sp; from scorepolis import audit, explain; "
        "print(callable(sp.audit), audit is sp.audit, callable(explain))"
    )
    for part in ("audit.words", "explain.words"):
        done = subprocess.run(
            [sys.executable, "-c", code.format(part=part)], capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == ["True", "True", "True"]


def test_the_face_costs_nothing_before_it_is_used():
    code = "import sys, scorepolis; print([m for m in ('numpy', 'pandas', 'rich', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_comes_with_the_package_is_read_by_name(tmp_path):
    assert sp.load_rulebook("defaulter-list").name == "defaulter-list-2024"
    assert sp.load_scenario("village").society == "village"
    assert sp.load_society("village").people.value == 1000
    file = tmp_path / "mine.yaml"
    file.write_text("version: 1\nname: other\n", encoding="utf-8")
    for read, wrong in (
        (sp.load_rulebook, "suining-2011"),
        (sp.load_rulebook, file),
        (sp.load_scenario, "vilage"),
        (sp.load_society, "vilage"),
    ):
        with pytest.raises(sp.InputError):
            read(wrong)
    with pytest.raises(sp.InputError, match="no society 'vilage'") as caught:
        sp.load_society("vilage")
    assert caught.value.nearest == "village"

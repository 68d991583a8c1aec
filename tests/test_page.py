"""The page of a run: one file, drawn from the numbers, that asks nothing of a network or a script."""

import dataclasses
import re
import subprocess
import sys
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pytest
from tests import results
from typer.testing import CliRunner

import scorepolis as sp
from scorepolis import cli
from scorepolis.measures.context import Unit
from scorepolis.measures.counts import PLACE_FLOWS, Counts
from scorepolis.parameters import load as load_parameters
from scorepolis.report import drawing, loop, maps, page, pictures, tables
from scorepolis.report.numbers import amount
from scorepolis.report.words import show, what_it_did, what_was_run
from scorepolis.runs.result import World
from scorepolis.society.places import build_places

MOST_BYTES = 3_000_000
# What may stand in an address of the page: a part of the page itself.
ADDRESSES = ("href", "src", "srcset", "action", "data", "poster", "xlink:href")


class Reader(HTMLParser):
    """Everything of a page that a test asks about."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def with_counts(run, **arrays):
    """The same run with some of its counts replaced."""
    counts = Counts.of({**dict(run.counts.items()), **arrays})
    return dataclasses.replace(run, world=World(lambda: counts, run.world.ledger))


def with_places(run, rows):
    """The same run with these flows by neighbourhood, all in the first month."""
    places = np.zeros((len(run.context.months), len(rows), len(PLACE_FLOWS)), dtype=np.int64)
    places[0] = rows
    return with_counts(run, by_place=places)


@pytest.fixture(scope="module")
def run():
    return results.run()


@pytest.fixture(scope="module")
def text(run):
    return page.page(run)


@pytest.fixture
def folder(tmp_path):
    return sp.save(results.run(), tmp_path / "a").path


# --- one file -----------------------------------------------------------------------------------------------------


def test_the_page_asks_for_nothing(text):
    read = Reader(text)
    tags = {tag for tag, _ in read.elements}
    assert not {"script", "link", "iframe", "img", "object", "embed", "base", "form"} & tags
    addresses = [a[name] for _, a in read.elements for name in ADDRESSES if name in a]
    assert addresses, "markers are referred to within their picture"
    assert all(address.startswith("#") for address in addresses)
    assert set(re.findall(r"url\((.)", text)) <= {"#"}
    assert not [name for _, a in read.elements for name in a if name.startswith("on")]
    for word in ("http", "@import", "//"):
        assert word not in text


def test_the_same_run_gives_the_same_bytes(run, text):
    ours = mpl.rcParams["lines.linewidth"]
    with mpl.rc_context({"lines.linewidth": 9, "font.size": 30, "svg.hashsalt": "other", "text.usetex": False}):
        assert page.page(results.run()) == text
        assert mpl.rcParams["lines.linewidth"] == 9, "the settings of whoever draws as well are left as they were"
    assert mpl.rcParams["lines.linewidth"] == ours
    assert page.page(results.run(seed=2)) != text


def test_drawing_keeps_no_state_and_is_imported_only_when_it_is_needed():
    code = (
        "import sys, scorepolis.cli, scorepolis.report.words\n"
        "print([m for m in ('matplotlib', 'jinja2') if m in sys.modules])\n"
        "import scorepolis.report.page\n"
        "print([m for m in ('matplotlib', 'matplotlib.pyplot', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['matplotlib', 'jinja2']"]


def test_ids_are_unique_and_references_meet_them(text):
    read = Reader(text)
    ids = [a["id"] for _, a in read.elements if "id" in a]
    assert len(ids) == len(set(ids)) > 0
    used = set(re.findall(r"url\(#([^)]+)\)", text)) | {a["href"][1:] for _, a in read.elements if "href" in a}
    assert used == set(ids)


def test_colours_follow_the_page(run, text):
    for picture in page.pictures(run):
        assert picture.svg
        assert not re.search(r"#[0-9a-fA-F]{6}|rgb", picture.svg)
    assert "prefers-color-scheme: dark" in text
    roles = set(re.findall(r"var\((--\w+)\)", text))
    assert {"--soft", "--line", "--paper", "--accent", "--bad"} <= roles
    light, dark = re.findall(r":root \{(.*?)\}", text, flags=re.DOTALL)[:2]
    for role in roles:
        assert f"{role}:" in light
        assert f"{role}:" in dark


def test_the_largest_run_stays_small(run):
    draw = np.random.default_rng(1)
    wide = with_places(run, draw.integers(0, 50, (20_000, len(PLACE_FLOWS))))
    wide = dataclasses.replace(wide, provenance={**wide.provenance, "people": 5_000_000})
    sizes = [len(maps.flow_map(wide, flow).svg) for flow in maps.FLOWS]
    assert sum(sizes) < MOST_BYTES / 3
    assert len(page.page(run).encode()) < MOST_BYTES / 10


def test_names_are_text_and_nothing_else(run):
    wild = "<script>alert('$x_1$')</script> & 社会"
    books = [{**book, "title": wild} for book in run.provenance["rulebooks"]]
    instruments = tuple(
        dataclasses.replace(i, rulebook=wild, grades=(wild, *i.grades[1:])) for i in run.context.instruments
    )
    named = dataclasses.replace(
        run,
        provenance={**run.provenance, "scenario": {"name": wild, "title": wild, "rulebooks": []}, "rulebooks": books},
        context=dataclasses.replace(run.context, instruments=instruments),
    )
    read = Reader(page.page(named))
    assert not read.all("script")
    assert read.text.count(wild) > 5
    assert any(wild in svg["aria-label"] for svg in read.all("svg"))


# --- what it says -------------------------------------------------------------------------------------------------


def test_the_page_says_what_the_terminal_says(run, text):
    read = Reader(text)
    for line in (*what_was_run(run), *what_it_did(run), run.provenance["digest"], run.provenance["scenario"]["title"]):
        assert " ".join(line.split()) in read.text


def test_every_picture_has_a_name_a_sentence_and_a_table(run, text):
    read = Reader(text)
    drawn = page.pictures(run)
    assert len(read.all("svg")) == len(read.all("details")) == len(read.all("table")) == len(drawn)
    for svg, picture in zip(read.all("svg"), drawn, strict=True):
        assert svg["role"] == "img"
        assert svg["aria-label"] == f"{picture.title}. {picture.sentence}"
        assert re.search(r"\d", picture.sentence)
        assert picture.sentence in read.text
        for section in picture.table.sections:
            assert all(len(row) == len(picture.table.heads) for row in section.rows)
            assert all(cell in read.text for row in section.rows for cell in row)


def test_the_loop_is_counted_by_hand(run):
    counts, c = run.counts, loop.count(run, 0)
    assert c.acts == counts.acts[:, :, :4].sum()
    assert c.bad == counts.acts[:, :, :3].sum()
    assert c.applications == counts.acts[:, :, 4:].sum()
    assert c.records == counts.records.sum()
    assert c.seen == counts.records[..., [0, 1, 3, 6]].sum()
    assert c.wrong == counts.records[..., 1:4].sum(), "a stale record is late, not wrong"
    assert c.undone == counts.silenced.sum()
    assert c.for_points == counts.for_points.sum()
    assert (c.penalties, c.rewards, c.wrongful) == tuple(counts.entries[:, :, 0, n].sum() for n in (0, 1, 2))
    assert (c.lost, c.gained) == tuple(counts.points[:, :, 0].sum(axis=(0, 1)))
    assert c.lowest == counts.grades[-1, :, 0, 0].sum()
    assert (c.refused_people, c.shown) == tuple(counts.marks[-1, :, 0, n].sum() for n in (0, 2))
    assert c.refused == counts.outcomes[..., 0].sum()
    drawn = loop.loop(run, 0)
    written = Reader(drawn.svg).text
    for number in (c.acts, c.seen, c.records, c.wrong, c.lost, c.gained, c.lowest, c.shown, c.refused):
        assert f"{number:,}" in written
    assert f"{c.penalties:,} penalties and {c.rewards:,} rewards" in drawn.sentence


def test_several_instruments_are_told_apart():
    two = results.run(instruments=2)
    titles = [picture.title for picture in page.pictures(two)]
    assert titles == [
        "The loop: book-0", "The loop: book-1", "The scheme beside the law alone", "Grades over time: book-0",
        "Who bears it: book-0", "Grades over time: book-1", "Who bears it: book-1", "Shown in public",
        "Penalties on the map", "Refusals on the map", "How often the records are wrong",
    ]  # fmt: skip
    assert loop.count(two, 0).penalties != loop.count(two, 1).penalties
    ids = [a["id"] for _, a in Reader(page.page(two)).elements if "id" in a]
    assert len(ids) == len(set(ids))


def test_a_list_is_told_without_points():
    both = results.run(lists=1)
    counts = both.counts
    titles = [picture.title for picture in page.pictures(both)]
    assert titles[:5] == [
        "The loop: book-0", "The loop: list-0", "The scheme beside the law alone", "Grades over time: book-0",
        "Who bears it: book-0",
    ]  # fmt: skip
    assert titles[5:7] == ["The list over time: list-0", "Who bears it: list-0"]
    before, after = counts.grades[[0, -1], :, 1, 0].sum(axis=1)
    entries, listed = counts.entries[..., 1, 0].sum(), counts.marks[-1, :, 1, 1].sum()
    told = " ".join(line for line in what_it_did(both))
    assert f"It held {before:,} people at the start and {after:,} people at the end, and listed {listed:,}" in told
    assert f"{counts.wrongful[..., 1, 1:].sum():,} listings were wrongful" in told
    assert "Most often listed: " in told
    drawn = loop.loop(both, 1)
    written = Reader(drawn.svg).text
    assert f"{entries:,} listings" in drawn.sentence
    assert f"Listings {entries:,}" in written
    assert f"On the list {after:,} at the end" in written
    sentence = pictures.grades(both, 1).sentence
    assert sentence.startswith("On the list stood ")
    assert "commonest" not in sentence
    for text in (written, drawn.sentence, " ".join(map(str, drawn.table.sections)), pictures.burden(both, 1).sentence):
        assert not re.search("[Pp]oints|[Rr]eward|[Gg]rade|[Pp]enal", text.replace("only for points", "")), text


def test_the_tables_of_a_list_leave_out_what_it_lacks():
    both = results.run(lists=1)
    heads = tables.burden(both, 1).heads
    assert heads[:3] == ("Group", "Covered", "Listed")
    assert "Rewarded" not in heads
    assert set(tables.burden(both, 0).heads) - set(heads) == {"Scored", "Penalised", "Rewarded"}
    assert "ewarded" not in tables.burden(both, 1).note
    names = [row[0] for section in tables.headlines(both).sections for row in section.rows]
    assert {"Mean score, book-0", "Rewards, book-0", "Penalties, book-0", "Penalties, list-0"} <= set(names)
    assert not {"Mean score, list-0", "Rewards, list-0"} & set(names)


def test_publicity_is_counted_by_hand(run):
    on, audience = np.zeros_like(run.counts.on_channel), np.zeros_like(run.counts.audience)
    there = int(run.counts.people[-1].argmax())
    on[0, there, 0], on[-1, there, 0], on[-1, there, 4] = 7, 2, 1
    audience[:, there, 0], audience[1, there, 4] = (100, 200, 600), 6
    shown = with_counts(run, on_channel=on, audience=audience, ties_lost=run.counts.ties_lost * 0)
    told = what_it_did(shown)[-2:]
    assert told == [
        "Shown in public at the end: 2 people on a billboard, 1 person in a gallery.",
        "Reached in the average month, by billboard: 300 people; gallery: 2 people.",
    ]
    table = tables.publicity(shown)
    rows = [row[:4] for row in table.sections[0].rows]
    assert rows == [("Billboard", "7", "2", "300"), ("Gallery", "0", "1", "2")]
    drawn = pictures.publicity(shown)
    assert drawn.sentence == " ".join(told)
    assert "Billboard Gallery" in Reader(drawn.svg).text
    shunned = with_counts(shown, ties_lost=np.eye(1, on.shape[1], dtype=np.int64) * np.ones((3, 1), np.int64))
    share = 100 * 2 * 3 / run.counts.ties[0].sum()
    assert what_it_did(shunned)[-1] == f"3 ties ({share:.2f} %) were lost, since some shun those who are shamed."
    assert "3 ties between two people ended" in tables.publicity(shunned).note


def test_where_nobody_is_shown_nothing_is_said_of_it(run):
    names = ("on_channel", "audience", "ties_lost")
    hidden = with_counts(run, **{name: np.zeros_like(getattr(run.counts, name)) for name in names})
    assert "Shown in public" not in page.page(hidden)
    assert "Shown in public" in page.page(run)


def test_the_law_alone_has_no_scheme_to_draw(run):
    nothing = {name: np.zeros_like(getattr(run.baseline.counts, name)) for name in ("silenced", "for_points")}
    law = with_counts(with_places(run.baseline, [(3, 2, 0, 0), (1, 1, 0, 0)]), **nothing)
    titles = [picture.title for picture in page.pictures(law)]
    assert titles == ["What is seen", "The scheme", "How often the records are wrong"]
    read = Reader(page.page(law))
    assert "What it did" not in read.text, "where there is no scheme there is no deed of it"
    assert "nothing here can be called the scheme's doing" in read.text
    assert len(read.all("svg")) == 2, "without a baseline there is a table, and no comparison to draw"


def test_the_comparison_names_what_moved_furthest(run):
    same = dataclasses.replace(run, baseline=dataclasses.replace(run, baseline=None))
    assert pictures.beside(same).sentence == "None of the measures that both worlds have differs between them."
    counts = run.counts
    moved = with_counts(same, trust=counts.trust * 3)
    drawn = pictures.beside(dataclasses.replace(moved, baseline=same.baseline))
    assert drawn.sentence.startswith("Furthest from the law alone: trust in others, 200 % more than")
    assert "+200" in Reader(drawn.svg).text


def test_the_worst_sensor_is_named(run):
    records = np.zeros_like(run.counts.records)
    records[0, 0, 0] = (178, 15, 5, 0, 0, 0, 2)  # cameras: 20 of 200 wrong
    records[0, 0, 1] = (100, 0, 0, 1, 0, 0, 0)  # police: 1 of 101 wrong
    drawn = pictures.sensors(with_counts(run, records=records))
    assert drawn.sentence == (
        "Most often wrong: cameras in the street, in 10.0 % of 200 records; over all sensors it is 7.0 % of 301."
    )
    assert drawn.table.heads[2:7] == ("True", "True but stale", "Wrong person", "Nobody did it", "Could not pay")
    assert [row[:7] for row in drawn.table.sections[0].rows] == [
        ("Cameras in the street", "200", "89.0 %", "1.0 %", "7.5 %", "2.5 %", "0 %"),
        ("Police", "101", "99.0 %", "0 %", "0 %", "0 %", "0.99 %"),
    ]
    assert {"wrong person", "nobody did it", "could not pay"} <= set(Reader(drawn.svg).words)


def test_grades_are_followed_from_the_start_to_the_end(run):
    grades = np.zeros_like(run.counts.grades)
    grades[:, 0, 0] = [(10, 0, 90), (20, 5, 75), (30, 0, 70), (40, 0, 60)]
    drawn = pictures.grades(with_counts(run, grades=grades), 0)
    assert drawn.sentence == (
        "In D, the lowest grade, stood 10.0 % of the people in scope at the start and 40.0 % at the end; "
        "in A, the commonest, 90.0 % and 60.0 %."
    )
    assert [row[1:] for row in drawn.table.sections[0].rows] == [
        ("10", "0", "90"), ("20", "5", "75"), ("30", "0", "70"), ("40", "0", "60"),
    ]  # fmt: skip
    assert drawn.table.sections[0].rows[-1][0] == "10 March 2019"
    nobody = pictures.grades(with_counts(run, grades=np.zeros_like(grades)), 0)
    assert not nobody.svg
    assert "nobody was in its scope" in nobody.sentence


def test_labels_keep_apart():
    lifted = pictures._apart(np.array([5.0, 0.0, 0.1, 0.2]), gap=1.0)
    assert lifted.tolist() == [5.0, 0.0, 1.0, 2.0]


def test_who_bears_it_is_drawn_where_it_fell_on_somebody(run):
    drawn = pictures.burden(run, 0)
    assert drawn.sentence.startswith("Most often penalised: ")
    assert {"penalised", "refused a service"} <= set(Reader(drawn.svg).words)
    marks = run.counts.marks.copy()
    marks[..., 0] = 0
    assert "refused a service" not in Reader(pictures.burden(with_counts(run, marks=marks), 0).svg).text
    calm = pictures.burden(with_counts(run, marks=np.zeros_like(marks)), 0)
    assert (calm.svg, calm.sentence) == ("", "It penalised nobody and had nobody refused a service.")


def test_the_terminal_and_the_page_share_their_tables(run, text):
    from rich.console import Console

    console = Console(width=300)
    with console.capture() as capture:
        console.print(show(run))
    terminal = " ".join(capture.get().split())
    for table in (tables.headlines(run), tables.burden(run, 0), tables.publicity(run), tables.sensors(run)):
        for row in (row for section in table.sections for row in section.rows):
            assert " ".join(row) in terminal
            assert row[0] in text


# --- provinces ----------------------------------------------------------------------------------------------------


def test_a_divided_society_has_a_table_of_provinces_and_no_map(run):
    units = (Unit("hebei", 0, 500, 1), Unit("hebei", 3, 300, 1, ("lake",)), Unit("inner_mongolia", 0, 100, 1))
    rows = np.zeros((3, len(PLACE_FLOWS)), dtype=np.int64)
    rows[:, PLACE_FLOWS.index("negative_entries")] = 1, 3, 4
    made = dataclasses.replace(with_places(run, rows), context=dataclasses.replace(run.context, units=units))
    drawn = {picture.title: picture for picture in page.pictures(made)}
    assert not [title for title in drawn if "map" in title]
    found = drawn["By province"]
    assert found.sentence.startswith(
        "2 provinces of 3 units: most penalties per resident in Inner Mongolia, 4.0 per 100"
    )
    column = found.table.heads.index("Penalties")
    told = {row[0]: (row[1], row[column]) for section in found.table.sections for row in section.rows}
    # 4 of 800 residents, 4 of 100, 3 of 300, 8 of 900.
    assert told == {
        "Hebei": ("800", "0.50"), "Inner Mongolia": ("100", "4.0"), "Lake": ("300", "1.0"), "All": ("900", "0.89"),
    }  # fmt: skip
    assert "Inner Mongolia" in Reader(page.page(made)).text


def test_the_words_say_where_a_rulebook_is_in_force(run):
    name = run.provenance["rulebooks"][0]["name"]
    placed = {"name": name, "where": ["lake", "inner_mongolia"]}
    scenario = {**run.provenance["scenario"], "rulebooks": [placed]}
    made = dataclasses.replace(run, provenance={**run.provenance, "scenario": scenario})
    assert f"{name} (" in what_was_run(made)[0]
    assert ", in Lake and Inner Mongolia only)" in what_was_run(made)[0]
    assert "only)" not in what_was_run(run)[0]


# --- the map ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [100, 1000, 2345, 20_000])
def test_the_map_lies_as_the_society_does(people):
    parameters = load_parameters({})
    places = build_places(parameters.societies["village"], people, parameters)
    x, y = maps.spiral(places.neighbourhoods)
    assert x.tolist() == places.x.tolist()
    assert y.tolist() == places.y.tolist()
    assert maps.sizes(people, places.neighbourhoods).tolist() == places.sizes.tolist()


def test_many_neighbourhoods_share_squares_and_none_is_lost():
    residents = maps.sizes(1_000_000, 5000)
    x, y, rates = maps.blocks(residents // 2, residents)
    assert len(set(zip(x.tolist(), y.tolist(), strict=True))) == len(x) <= (maps._MOST + 1) ** 2
    assert rates == pytest.approx(50)
    x, _, rates = maps.blocks(np.arange(9), np.full(9, 100))
    assert sorted(rates) == list(range(9)), "few neighbourhoods have a square each"


def test_the_hardest_hit_is_darkest(run):
    rows = np.zeros((9, len(PLACE_FLOWS)), dtype=np.int64)
    rows[:, PLACE_FLOWS.index("negative_entries")] = 10
    rows[4, PLACE_FLOWS.index("negative_entries")] = 90
    made = dataclasses.replace(with_places(run, rows), provenance={**run.provenance, "people": 900})
    drawn = maps.flow_map(made, "negative_entries")
    shades = {}
    for path in Reader(drawn.svg).all("path"):
        if found := re.search(r"fill: var\(--bad\)(?:; opacity: ([\d.]+))?", path["style"]):
            shades.setdefault(float(found[1] or 1), []).append(path["d"])
    squares = {shade: max(d.count("M") for d in drawn) for shade, drawn in shades.items()}
    assert squares[max(shades)] == 1
    assert squares[min(shades)] == 8
    assert "10.0 in the calmest of 9 neighbourhoods, 90.0 in the hardest hit, 18.9 in all of them" in drawn.sentence
    assert drawn.table.sections[0].rows[0] == ("Number 4", "100", "90", "90.0")
    assert drawn.table.sections[-1].rows == (("All", "900", "170", amount(170 / 9, "per 100")),)


def test_a_map_of_one_neighbourhood_can_be_drawn(run):
    one = with_places(run, [(0, 0, 7, 0)])
    assert Reader(maps.flow_map(one, "negative_entries").svg).all("path")
    assert [picture.title for picture in page.pictures(one)].count("Refusals on the map") == 0


# --- drawing ------------------------------------------------------------------------------------------------------


def test_a_drawing_keeps_only_what_the_page_needs():
    with drawing.drawing("key", "Two & three", 50) as canvas:
        axes = canvas.axes(left=0, right=0, top=0, bottom=0)
        axes.plot([0, 100], [0, 40], marker="o", color=drawing.blend(0.25))
        axes.text(10, 10, "a < b", color=drawing.INK)
    (svg,) = Reader(canvas.svg).all("svg")
    assert svg == {"viewbox": f"0 0 {drawing.WIDTH} 50", "role": "img", "aria-label": "Two & three"}
    assert "color-mix(in oklab, var(--accent) 25%, var(--bad))" in canvas.svg
    assert "fill: currentColor" in canvas.svg
    assert "a &lt; b" in canvas.svg
    for word in ("metadata", "<style", "DejaVu", "xmlns", "<?xml", "<!--", "figure_1"):
        assert word not in canvas.svg


def test_a_sheet_is_measured_in_points():
    with drawing.drawing("key", "Two words", 50) as canvas:
        canvas.sheet().text(10, 5, "from below")
        canvas.sheet(from_above=True).text(20, -5, "from above")
    for words, x, y in (("from below", 10, 45), ("from above", 20, 5)):
        found = re.search(rf'x="([^"]+)" y="([^"]+)"[^>]*>{words}', canvas.svg)
        assert found, canvas.svg
        assert [float(at) for at in found.groups()] == [x, y]


# --- the command --------------------------------------------------------------------------------------------------


def test_show_writes_the_page_and_says_so(folder):
    before = sp.load(folder).verify()
    result = CliRunner().invoke(cli.app, ["show", str(folder)])
    assert result.exit_code == 0, result.output
    assert f"The same in pictures, for any browser: {folder / 'index.html'}" in result.stdout
    assert (folder / "index.html").read_text(encoding="utf-8") == page.page(sp.load(folder))
    assert not [entry.name for entry in folder.iterdir() if entry.name.startswith(".")]
    assert sp.load(folder).verify() == before, "a page is no result"
    again = sp.save(results.run(seed=3), folder, force=True)
    assert not (again.path / "index.html").exists(), "a new run has not been shown yet"


def test_a_page_that_cannot_be_written_hides_no_words(folder):
    (folder / "index.html").mkdir()
    result = CliRunner().invoke(cli.app, ["show", str(folder)])
    assert result.exit_code == 0
    assert "What it cannot tell" in result.stdout
    assert "for any browser" not in result.stdout
    assert result.stderr.startswith("scorepolis: the page could not be written: ")
    assert len(result.stderr.splitlines()) == 1
    assert not [entry.name for entry in folder.iterdir() if entry.name.startswith(".")]


def test_a_run_without_a_folder_has_no_page_to_write(run):
    with pytest.raises(ValueError, match="save it first"):
        page.write(run)

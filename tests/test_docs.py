"""The documentation's own code: the tutorial runs, tables come from the code, links lead on, pages are placed."""

import ast
import importlib.util
import pkgutil
import re
import sys
from pathlib import Path

import matplotlib as mpl
import pytest

import scorepolis as sp

DOCS = Path(__file__).parents[1] / "docs"
TUTORIAL = sorted((DOCS / "tutorial").glob("[0-9]*.md"))
CELL = re.compile(r"^```\{code-cell\}\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def module(name):
    """A module of Sphinx's extension, which Sphinx finds on its path."""
    spec = importlib.util.spec_from_file_location(name, DOCS / "_ext" / f"{name}.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture(scope="module")
def tables():
    return module("tables")


@pytest.fixture(scope="module")
def sources(tables):
    sys.modules["tables"] = tables
    try:
        yield module("sources")
    finally:
        del sys.modules["tables"]


# ------------------------------------------------------------------------------------------------------ the tutorial


def execute(cell, names):
    """Run a cell as a notebook does: what its last line gives is shown."""
    tree = ast.parse(cell)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    if last is not None:
        shown = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
        for way in ("_repr_html_", "__repr__"):
            if hasattr(shown, way):
                assert getattr(shown, way)() is not None
                break


def test_the_tutorial_is_numbered():
    assert [path.stem for path in TUTORIAL] == [
        f"{n}-{name}"
        for n, name in enumerate(
            ("run", "rulebook", "compare", "explain", "audit", "scenario", "experiment", "scale"), start=1
        )
    ]


@pytest.mark.parametrize("path", TUTORIAL, ids=lambda path: path.stem)
def test_the_cells_of_the_tutorial_run(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(mpl, "rcParams", mpl.rcParams.copy())
    mpl.use("agg")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n# ")
    cells = CELL.findall(text)
    assert len(cells) == text.count("{code-cell}") >= 3
    names = {"display": lambda thing: thing._repr_html_()}
    for cell in cells:
        execute(cell, names)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


# --------------------------------------------------------------------------------------------- tables from the code

ARGUMENTS = {"listed": ["sensors"], "parameters": ["coefficients"], "state": ["persons"]}


def generated():
    pattern = re.compile(r"^```\{generated\} +(\S+)(?: +(\S+))?$", re.MULTILINE)
    return sorted({found for page in DOCS.rglob("*.md") for found in pattern.findall(page.read_text("utf-8"))})


@pytest.mark.parametrize(("name", "of"), generated())
def test_what_pages_ask_for_is_made(tables, name, of):
    text = tables.TABLES[name](*([of] if of else []))
    assert len(text) > 100 or (name == "further-state" and set(tables.entities()) == set(tables.ENTITIES))
    for block in re.findall(r"(?:^\|.*\|$\n?)+", text, re.MULTILINE):
        cells = {len(re.split(r"(?<!\\)\|", line)) for line in block.strip().splitlines()}
        assert len(cells) == 1, "every row has a cell for each head"


def test_every_table_is_on_a_page(tables):
    assert {name for name, _ in generated()} == set(tables.TABLES)


def test_the_tables_of_state_hold_every_column_once(tables):
    from scorepolis.core.columns import COLUMNS

    named = re.findall(r"^\| `(\w+)` \|", tables.columns(), re.MULTILINE)
    assert sorted(named) == sorted(COLUMNS)


def test_an_entity_that_no_page_knows_has_its_own_heading(tables, monkeypatch):
    from scorepolis.core.columns import Access, Column

    monkeypatch.setitem(tables.COLUMNS, "fleet", Column("fleet", "uint8", "ship x sea", Access.TRUTH, "ships", "ships"))
    assert "**Ship.**" in tables.further_state()
    assert "\n## Ship\n\n| Column |" in tables.columns()
    assert "| `fleet` | ship x sea | ships | ships | uint8 | truth | start |" in tables.columns()


def test_the_tables_of_parameters_hold_every_number(tables):
    from scorepolis.report.catalogue import every_fact

    found, root = [], ""
    for line in tables.every_parameter().splitlines():
        root = line.removeprefix("## ") if line.startswith("## ") else root
        row = re.match(r"\| `([^`]+)` \|", line)
        found += [f"{root}.{row[1]}"] if row else []
    assert sorted(found) == sorted(fact.path for fact in every_fact())


def test_the_schedule_is_the_plan(tables):
    from scorepolis.day.plan import PLAN

    rows = re.findall(r"^\| \w+ \| `(\w+)` \|", tables.schedule(), re.MULTILINE)
    assert rows == [row.name for row in PLAN]
    assert all(f" {row.name}</text>" in tables.figure() for row in PLAN)


def test_every_command_is_described(tables):
    heads = re.findall(r"^## (.+)$", tables.commands(), re.MULTILINE)
    assert {"run", "resume", "compare", "rulebooks check", "facts"} <= set(heads)
    assert "`--rulebook`" in tables.commands()


def test_what_stands_in_a_cell_cannot_break_its_table(tables):
    assert tables.table(("a", "b"), [("x|y\nz", "<b>")]).splitlines()[-1] == "| x\\|y z | &lt;b> |"


# ------------------------------------------------------------------------------------------------- pages and links


def test_links_out_of_the_folder_lead_to_the_page_that_stands_for_the_file(sources):
    page = DOCS / "reference" / "python.md"
    text = "[a](../../CONTRIBUTING.md) [b](../method.md#act) [c](../../Makefile) [d](https://example.org/x.md) [e](#f)"
    assert sources.settled(text, page.parent, page) == (
        "[a](../project/contributing.md) [b](../method.md#act) c [d](https://example.org/x.md) [e](#f)"
    )
    home = "See [docs](docs/boundaries.md)"
    assert sources.settled(home, DOCS.parent, DOCS / "project" / "contributing.md") == "See [docs](../boundaries.md)"


def test_every_page_outside_the_folder_stands_for_a_file(sources):
    for file, page in sources.PAGES.items():
        assert (DOCS.parent / file).is_file()
        text = (DOCS / page).read_text("utf-8")
        assert page == "index.md" or f"{{include}} ../../{file}" in text


def test_a_page_that_nobody_has_placed_comes_last(sources):
    placed = sources.placed("```{toctree}\nmethod\n\nfurther\n```\n")
    names = placed.splitlines()[3:-1]
    assert names == sorted(names)
    assert "formats" in names
    assert not {"method", "index", "further"} & set(names)


def test_a_folder_s_readme_holds_its_pages(sources):
    assert "{toctree}" in sources.with_contents("# A", DOCS / "rulebooks" / "README.md")
    assert sources.with_contents("# A", DOCS / "README.md") == "# A"


def test_names_of_the_reference_are_there():
    text = (DOCS / "reference" / "python.rst").read_text("utf-8")
    named = re.findall(r"^\.\. auto(?:function|class|exception):: (\S+)$", text, re.MULTILINE)
    for name in named:
        assert pkgutil.resolve_name(name if "." in name else f"scorepolis:{name}").__doc__, name
    called = {"catalogue": "listing", "facts": "facts_listing"}
    last = {name.rpartition(".")[2] for name in named}
    assert {called.get(name, name) for name in sp.__all__} - last == {"__version__", "Counts"}

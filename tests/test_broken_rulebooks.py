"""Rulebooks with one fault each, and the words that the reader of the message needs; absurd ones; and fuzzed ones."""

from __future__ import annotations

import functools
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.test_audit import BASE, LISTED, WEIGHTED
from tests.test_broken_files import YAML, altered, damaged, fuzzed, refused
from typer.testing import CliRunner

from scorepolis import cli, parameters, rulebooks
from scorepolis.audit.page import page
from scorepolis.audit.static import audit_document
from scorepolis.audit.words import lines
from scorepolis.core.errors import InputError
from scorepolis.core.yamlfile import Document, read_text
from scorepolis.report.rulebooks import checking

FOLDER = Path(__file__).parent / "broken" / "rulebooks"
BROKEN = sorted(FOLDER.glob("*.yaml"))
MARK = "# expect: "


def test_the_folder_is_there():
    assert len(BROKEN) >= 60


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_message_says_what_a_reader_needs(path: Path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(MARK)
    with pytest.raises(InputError) as caught:
        rulebooks.load(path, parameters.load())
    message = str(caught.value)
    for part in first.removeprefix(MARK).split(" | "):
        assert part in message
    assert message.startswith(str(path))
    assert "\n" not in message
    assert caught.value.exit_code == 2


# -------------------------------------------------------------------------------------------------- absurd on purpose

RULE = BASE[BASE.index("      - id: R1") : BASE.index("    consequences:")]
SHORT = "      - {id: RNUMBER, text: a, behaviours: [theft], points: *p, expires: null}\n"


def numbered(most: int) -> str:
    """The base with so many rules more, each with an id of its own."""
    rules = "".join(SHORT.replace("NUMBER", str(n)) for n in range(2, most + 2))
    return BASE.replace(RULE, RULE.replace("points: {", "points: &p {") + rules)


def aliased(most: int) -> str:
    """The base with one rule so many times."""
    return BASE.replace(RULE, RULE.replace("- id: R1", "- &r\n        id: R1", 1) + "      - *r\n" * most)


LAUGHS = "\n".join(
    ["a0: &a0 [" + ", ".join("1" * 9) + "]"]
    + [f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 9) + "]" for i in range(1, 40)]
)
ABSURD = {
    "more rules than there is room for": (numbered(300), "301 rules; expected at most 256"),
    "100,000 rules": (numbered(100_000), "the file is too large; expected at most 4000000 bytes"),
    "one rule 100,000 times": (aliased(100_000), "too many entries, aliases unfolded"),
    "nested deeply": (BASE + "limits: " + "[" * 5_000 + "]" * 5_000, "nested too deeply; expected at most 40 levels"),
    "nested deeply by indentation": (
        BASE + "\n".join(" " * i + f"k{i}:" for i in range(300)), "nested too deeply; expected at most 40 levels"),
    "anchors that expand without end": (f"{BASE}{LAUGHS}\n", "too many entries, aliases unfolded"),
    "an anchor that holds itself": (f"{BASE}limits: &l [*l]\n", "the alias *l has no finished anchor"),
    "a key of a megabyte": (f"{BASE}{'k' * 1_000_000}: 1\n", "malformed YAML"),
    "a number of a thousand digits": (BASE.replace("value: -15,", f"value: -1{'0' * 1000},"), "points"),
    "a date beyond the calendar": (BASE.replace("2022-01-01", "20220-01-01"), "from"),
}  # fmt: skip


@pytest.mark.parametrize("name", ABSURD)
def test_an_absurd_rulebook_is_refused_in_little_room(tmp_path, name):
    text, words = ABSURD[name]
    path = tmp_path / "base.yaml"
    path.write_text(text, encoding="utf-8")
    tracemalloc.start()
    try:
        with pytest.raises(InputError) as caught:
            rulebooks.load(path, parameters.load())
        assert tracemalloc.get_traced_memory()[1] < 400e6
    finally:
        tracemalloc.stop()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    result = CliRunner().invoke(cli.app, ["rulebooks", "check", str(path)])
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "shift_jis", "gb18030"])
def test_bytes_that_are_not_utf_8_are_refused_with_their_place(tmp_path, encoding):
    path = tmp_path / "base.yaml"
    text = BASE.replace("without a finding", "without a fähig" if encoding == "latin-1" else "without a 信")
    path.write_bytes(text.encode(encoding))
    with pytest.raises(InputError, match=r"base\.yaml:\d+:\d+: not UTF-8 text; expected UTF-8"):
        rulebooks.load(path, parameters.load())
    assert CliRunner().invoke(cli.app, ["audit", str(path), "--static"]).exit_code == 2


# ----------------------------------------------------------------------------------------------------- broken at random

BOOKS = st.sampled_from([BASE, LISTED, WEIGHTED])


@functools.cache
def known() -> parameters.Parameters:
    return parameters.load()


@fuzzed(max_examples=150)
@given(st.binary(max_size=200) | YAML.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    path.write_bytes(content)
    assert "\n" not in refused(lambda: rulebooks.load(path, known()))


@fuzzed(max_examples=60)
@given(st.data())
def test_a_damaged_rulebook_is_checked_to_its_end(data):
    text = data.draw(damaged(data.draw(BOOKS)))
    try:
        document = read_text(text, "base.yaml")
    except InputError:
        return
    errors = rulebooks.problems(document, known())
    assert all("\n" not in str(error) for error in errors)
    assert list(checking.lines(errors)) or not errors
    assert bool(errors) == bool(refused(lambda: rulebooks.of_document(document, known())))


@fuzzed(max_examples=120)
@given(st.data())
def test_an_altered_rulebook_is_audited_or_refused(data):
    """Whatever the loader lets through, the audit can read, tell and print."""
    document = read_text(data.draw(BOOKS), "base.yaml")
    broken = Document("base.yaml", data.draw(altered(document.data)), document._positions)
    made = None

    def read() -> None:
        nonlocal made
        made = audit_document(broken)

    refused(read)
    if made is not None:
        assert all(finding.message and "\n" not in finding.message for finding in made.findings)
        assert list(lines(made))
        assert page(made).startswith("<!")

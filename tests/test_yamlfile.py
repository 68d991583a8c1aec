"""Reading YAML: positions, messages, and files that must be refused."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict

from scorepolis.core.errors import InputError, ScorepolisError, nearest
from scorepolis.core.yamlfile import Document, read, read_text, validate


class Leaf(BaseModel):
    model_config = ConfigDict(extra="forbid")
    colour: Literal["red", "green"] = "red"
    size: int = 0


class Tree(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    leaves: tuple[Leaf, ...] = ()
    by_name: dict[str, Leaf] | None = None


def refused(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read_text(text, "f.yaml")
    return caught.value


def invalid(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        validate(Tree, read_text(text, "f.yaml"))
    return caught.value


def test_data_and_positions():
    document = read_text("a: 1\nb:\n  - {c: x, d: 0.5}\n  - y\ne: 2019-01-02\nf: null\ng: no\n", "f.yaml")
    expected = {"a": 1, "b": [{"c": "x", "d": 0.5}, "y"], "e": dt.date(2019, 1, 2), "f": None, "g": "no"}
    assert document.data == expected
    assert document.where(("a",)) == (1, 1)
    assert document.where(("b", 0)) == (3, 5)
    assert document.where(("b", 0, "d")) == (3, 12)
    assert document.where(("b", 1)) == (4, 5)


def test_the_place_of_what_is_not_there_is_that_of_its_nearest_ancestor():
    document = read_text("a: 1\nb:\n  c: 2\n", "f.yaml")
    assert document.where(("b", "c", "d", 3)) == (3, 3)
    assert document.where(("b", "x")) == (2, 1)
    assert document.where(("x",)) == document.where(()) == (1, 1)


def test_an_error_is_one_clear_line():
    error = read_text("a:\n  bc: 1\n", "f.yaml").error(("a", "bc"), "wrong", "right", "bd")
    assert str(error) == "f.yaml:2:3: wrong; expected right; did you mean 'bd'?"
    assert isinstance(error, ScorepolisError)
    assert (ScorepolisError.exit_code, error.exit_code) == (1, 2)
    assert str(InputError("wrong")) == "wrong"


def test_yaml_1_2_scalars():
    data = read_text("a: 12:30\nb: yes\nc: 1e-6\nd: 0o17\ne: '1'\nf: true\n1: x\n", "f.yaml").data
    assert data == {"a": "12:30", "b": "yes", "c": 1e-6, "d": 15, "e": "1", "f": True, "1": "x"}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\na: 2\n", (2, 1), "'a' stands twice"),
        ("x: {b: 1, b: 2}\n", (1, 11), "'b' stands twice"),
        ("a: [1, 2\n", (2, 1), "malformed YAML"),
        ("\ta: 1\n", (1, 1), "malformed YAML"),
        ("a: 1\n b: 2\n", (2, 3), "malformed YAML"),
        ("a: *b\n", (1, 4), "no finished anchor"),
        ("a: &a [*a]\n", (1, 8), "no finished anchor"),
        ("a: &a {b: 1}\nc: {<<: *a}\n", (2, 5), "merge key"),
        ("? [a, b]\n: 1\n", (1, 3), "not a plain name"),
        ("a: !!python/name:os.system x\n", (1, 4), "malformed YAML"),
        ("a: !!int x\n", (1, 4), "cannot be read"),
        ("a: 2019-13-01\n", (1, 4), "cannot be read"),
        ('a: "\\ud800"\n', (1, 7), "malformed YAML"),
        ("a: 1\n---\nb: 2\n", (2, 1), "second document"),
        ("- a\n", (1, 1), "not a mapping"),
        ("", (1, 1), "empty"),
        ("# nothing\n", (1, 1), "empty"),
    ],
)
def test_malformed(text: str, place: tuple[int, int], words: str):
    error = refused(text)
    assert words in str(error)
    assert (error.line, error.column) == place
    assert str(error).startswith(f"f.yaml:{place[0]}:{place[1]}: ")


def test_control_characters_are_refused():
    assert "malformed" in str(refused("a: \x00\n"))


def test_aliases_are_unfolded():
    assert read_text("a: &x [1, {b: 2}]\nc: *x\nd: &y 3\ne: *y\n", "f").data["c"] == [1, {"b": 2}]


def test_an_alias_bomb_is_refused():
    layers = ["a0: &a0 [" + ", ".join("1" * 9) + "]"]
    layers += [f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 9) + "]" for i in range(1, 30)]
    assert "too many entries" in str(refused("\n".join(layers)))


@pytest.mark.parametrize(
    "text", ["a: " + "[" * 100_000, "\n".join(" " * i + "a:" for i in range(200)), "a: " + "- " * 99]
)
def test_absurd_depth_is_refused(text: str):
    assert refused(text).line is not None


def test_too_long_a_text_is_refused():
    assert "too long" in str(refused("#" * 5_000_000))


def test_files(tmp_path: Path):
    good = tmp_path / "good.yaml"
    good.write_text("\ufeffa: é\n", encoding="utf-8")
    assert read(good).data == {"a": "é"}
    assert read(good).name == str(good)
    assert read(good, "shown.yaml").name == "shown.yaml"

    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(InputError, match=r"latin\.yaml:2:7: not UTF-8"):
        read(latin)
    with pytest.raises(InputError, match="does not exist"):
        read(tmp_path / "missing.yaml")
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * 5_000_000)
    with pytest.raises(InputError, match="too large"):
        read(large)


def test_a_pipe_is_refused_without_waiting(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(InputError, match="is not a file"):
        read(tmp_path / "pipe.yaml")


def test_an_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    locked = tmp_path / "locked.yaml"
    locked.write_text("a: 1\n")
    monkeypatch.setattr(Path, "open", refuse)  # a super-user may read whatever the file's mode says
    with pytest.raises(InputError, match="cannot be read"):
        read(locked)


def test_valid():
    tree = validate(Tree, read_text("title: t\nleaves: [{colour: green}]\nby_name: {a: {size: 2}}\n", "f"))
    assert tree.leaves[0].colour == "green"
    assert tree.by_name == {"a": Leaf(size=2)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("titel: t\n",
         "f.yaml:1:1: unknown key 'titel' (and 1 more); expected one of title, leaves, by_name; did you mean 'title'?"),
        ("title: t\nleaves:\n  - colour: red\n    sice: 1\n",
         "f.yaml:4:5: unknown key 'sice'; expected one of colour, size; did you mean 'size'?"),
        ("title: t\nby_name:\n  a: {color: red}\n",
         "f.yaml:3:7: unknown key 'color'; expected one of colour, size; did you mean 'colour'?"),
        ("title: t\nleaves: [{colour: gren}]\n",
         "f.yaml:2:11: unknown colour 'gren'; expected 'red' or 'green'; did you mean 'green'?"),
        ("leaves: []\n", "f.yaml:1:1: 'title' is missing; expected the key 'title'"),
        ("title: t\nleaves: 3\n", "f.yaml:2:1: leaves: 3 will not do; expected a list"),
    ],
)  # fmt: skip
def test_faults_are_told_with_place_and_remedy(text: str, message: str):
    assert str(invalid(text)) == message


def test_of_several_faults_the_first_in_the_file_is_told():
    error = invalid("title: t\nleaves:\n  - {size: x}\n  - {size: y}\n  - {size: z}\n")
    assert error.line == 3
    assert "(and 2 more)" in str(error)


def test_other_data_keeps_its_places():
    document = read_text("a: 1\nb: 2\n", "f.yaml").with_data({"a": 1, "b": 3})
    assert isinstance(document, Document)
    assert (document.data["b"], document.where(("b",))) == (3, (2, 1))


def test_nearest():
    assert nearest("jaywaking", ["littering", "jaywalking"]) == "jaywalking"
    assert nearest("zzz", ["littering", "jaywalking"]) is None
    assert nearest("a", []) is None

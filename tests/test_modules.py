"""What is called as ``python -m scorepolis.<module>`` tells its usage, and writes nothing before it understands."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

import scorepolis

PACKAGE = Path(scorepolis.__file__).parent
COMMAND_LINE = "scorepolis.__main__"


def called() -> list[str]:
    """Every module that does something when it is called, but for the command line itself."""
    begins = re.compile(r'^if __name__ == "__main__"', re.MULTILINE)
    some = [path for path in PACKAGE.rglob("*.py") if begins.search(path.read_text(encoding="utf-8"))]
    names = sorted(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in some)
    assert COMMAND_LINE in names
    return [name for name in names if name != COMMAND_LINE]


@pytest.fixture(autouse=True)
def empty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", called())
def test_help_is_the_usage_and_no_name_of_a_file(name, capsys):
    with pytest.raises(SystemExit) as left:
        import_module(name).main(["--help"])
    assert left.value.code == 0
    assert f"usage: python -m {name.removesuffix('.__main__')} " in capsys.readouterr().out


@pytest.mark.parametrize("name", called())
def test_an_unknown_option_is_wrong_usage(name, capsys):
    with pytest.raises(SystemExit) as left:
        import_module(name).main(["--hepl"])
    assert left.value.code == 2
    assert "usage: python -m scorepolis." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("audit.reference", [], "the following arguments are required: FILE.md"),
        ("audit.reference", ["nowhere.md"], "there is no file nowhere.md"),
        ("audit.reference", [str(PACKAGE / "py.typed")], "the page has no place for what is made"),
        ("explain.__main__", [], "the following arguments are required: FILE.md"),
        ("explain.__main__", ["a.md", "b.md"], "unrecognized arguments: b.md"),
        ("report.rulebooks.__main__", [], "the following arguments are required: FOLDER"),
        ("rests.__main__", ["--workers", "two"], "invalid int value: 'two'"),
        ("rests.__main__", ["twon"], "did you mean 'town'?"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_two(name, arguments, words, capsys):
    with pytest.raises(SystemExit) as left:
        import_module(f"scorepolis.{name}").main(arguments)
    assert left.value.code == 2
    assert words in capsys.readouterr().err

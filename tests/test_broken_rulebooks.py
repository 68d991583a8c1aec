"""A folder of rulebooks with one fault each, and the words that the reader of the message needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from scorepolis import parameters, rulebooks
from scorepolis.core.errors import InputError

FOLDER = Path(__file__).parent / "broken" / "rulebooks"
BROKEN = sorted(FOLDER.glob("*.yaml"))
MARK = "# expect: "


def test_the_folder_is_there():
    assert len(BROKEN) >= 15


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

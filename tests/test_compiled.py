"""Machine code is kept under the sources it was made from."""

import os

from scorepolis.core.compiled import PACKAGE, cache_folder


def test_another_source_is_another_folder(tmp_path):
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("X = 1\n")
        os.utime(tmp_path / name, (1, 1))
    before = cache_folder(tmp_path, "")
    assert cache_folder(tmp_path, "") == before
    assert before.startswith(str(tmp_path / "__pycache__"))
    (tmp_path / "b.py").write_text("X = 12\n")
    os.utime(tmp_path / "b.py", (1, 1))
    longer = cache_folder(tmp_path, "")
    os.utime(tmp_path / "b.py", (2, 2))
    assert len({before, longer, cache_folder(tmp_path, "")}) == 3


def test_the_user_says_where(tmp_path):
    assert cache_folder(PACKAGE, str(tmp_path)).startswith(str(tmp_path))

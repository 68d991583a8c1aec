"""Machine code is kept under the sources it was made from."""

import ast
import os

from scorepolis.core.compiled import KERNELS, PACKAGE, cache_folder


def test_another_source_is_another_folder(tmp_path):
    (tmp_path / "day").mkdir()
    for name in ("day/a.py", "day/b.py", "cli.py"):
        (tmp_path / name).write_text("X = 1\n")
        os.utime(tmp_path / name, (1, 1))
    before = cache_folder(tmp_path, "")
    assert cache_folder(tmp_path, "") == before
    assert before.startswith(str(tmp_path / "__pycache__"))
    (tmp_path / "day" / "b.py").write_text("X = 12\n")
    os.utime(tmp_path / "day" / "b.py", (1, 1))
    longer = cache_folder(tmp_path, "")
    os.utime(tmp_path / "day" / "b.py", (2, 2))
    newer = cache_folder(tmp_path, "")
    assert len({before, longer, newer}) == 3
    (tmp_path / "cli.py").write_text("X = 12\n")
    assert cache_folder(tmp_path, "") == newer


def test_the_user_says_where(tmp_path):
    assert cache_folder(PACKAGE, str(tmp_path)).startswith(str(tmp_path))


def test_whatever_compiled_functions_take_from_other_modules_counts():
    found = 0
    for file in PACKAGE.rglob("*.py"):
        imports = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom)]
        doors = {name.name for node in imports if node.module == "scorepolis.core.compiled" for name in node.names}
        if not doors & {"compiled", "inlined"}:
            continue
        found += 1
        ours = [str(node.module).split(".")[1] for node in imports if str(node.module).startswith("scorepolis.")]
        assert file.relative_to(PACKAGE).parts[0] in KERNELS, file
        assert set(ours) <= set(KERNELS), file
    assert found > 10

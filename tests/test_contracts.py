"""What the house promises about itself: where chance, machine and truth may enter, and that the documents hold."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "scorepolis").rglob("*.py"))
STAGES = ("act", "observe", "score", "treat", "respond")
FLOOR = (3, 11)

# Whatever draws otherwise than by seed, subject, day and purpose.
CHANCE = ("numpy.random", "random", "secrets", "os.urandom", "os.getrandom", "uuid.uuid1", "uuid.uuid4")

# Whatever tells a machine or its user from another. A run is the same wherever it was made, and says nothing of there.
MACHINE = (
    "getpass",
    "os.environ",
    "os.environb",
    "os.getenv",
    "os.getlogin",
    "os.getuid",
    "os.uname",
    "os.path.expanduser",
    "pathlib.Path.home",
    "platform",
    "pwd",
    "socket",
    "uuid.getnode",
)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module_of(path: Path) -> str:
    """The dotted name under which a source file is imported."""
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def names_used(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every imported name, and every attribute reached through one, with its line; aliases are resolved."""
    meaning: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
                top = alias.name.partition(".")[0]
                meaning[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            for alias in node.names:
                meaning[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                yield node.lineno, f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            steps = [node.attr]
            inner = node.value
            while isinstance(inner, ast.Attribute):
                steps.append(inner.attr)
                inner = inner.value
            if isinstance(inner, ast.Name) and inner.id in meaning:
                yield node.lineno, ".".join([meaning[inner.id], *reversed(steps)])


def uses(text_or_path: str | Path, banned: tuple[str, ...]) -> list[str]:
    tree = tree_of(text_or_path) if isinstance(text_or_path, Path) else ast.parse(text_or_path)
    return [
        f"line {line}: {name}"
        for line, name in names_used(tree)
        if any(name == ban or name.startswith(f"{ban}.") for ban in banned)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "import random",
        "import random as chance",
        "from random import randint",
        "import numpy as np\nnp.random.default_rng(1)",
        "import numpy\nx = numpy.random.rand",
        "from numpy import random",
        "from numpy.random import default_rng",
        "import os\nos.urandom(4)",
        "def f():\n    from uuid import uuid4\n    return uuid4()",
    ],
)
def test_the_search_for_chance_finds_it(text: str) -> None:
    assert uses(text, CHANCE)


@pytest.mark.parametrize("text", ["import numpy as np\nnp.randomly", "from scorepolis.core import draws", "random = 1"])
def test_the_search_for_chance_finds_nothing_else(text: str) -> None:
    assert not uses(text, CHANCE)


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.environ['USER']",
        "from pathlib import Path\nPath.home()",
        "from os import getenv",
        "import socket",
    ],
)
def test_the_search_for_the_machine_finds_it(text: str) -> None:
    assert uses(text, MACHINE)


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_chance_has_one_door(path: Path) -> None:
    assert not uses(path, CHANCE)


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_nothing_of_the_machine_or_its_user_is_read(path: Path) -> None:
    assert not uses(path, MACHINE)


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_every_module_says_what_it_is_and_is_of_the_floor(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, filename=str(path), feature_version=FLOOR)
    assert ast.get_docstring(tree), "a module begins with one sentence on what it is"


@pytest.mark.parametrize("stage", STAGES)
def test_stages_do_not_know_one_another(stage: str) -> None:
    others = tuple(f"scorepolis.day.{other}" for other in (*STAGES, "plan") if other != stage)
    for path in SOURCES:
        name = module_of(path)
        if name == f"scorepolis.day.{stage}" or name.startswith(f"scorepolis.day.{stage}."):
            assert not uses(path, others)


@pytest.mark.parametrize("stage", ["score", "treat"])
def test_what_scores_and_treats_does_not_import_the_truth(stage: str) -> None:
    for path in SOURCES:
        name = module_of(path)
        if name == f"scorepolis.day.{stage}" or name.startswith(f"scorepolis.day.{stage}."):
            assert not uses(path, ("scorepolis.society", "scorepolis.measures"))


def test_all_stages_are_there() -> None:
    names = {module_of(path) for path in SOURCES}
    assert {f"scorepolis.day.{stage}" for stage in STAGES} <= names


def test_import_contracts_are_kept() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "import importlinter.cli as it; it.lint_imports_command()", "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


# ------------------------------------------------------------------------------------------------- the project's file


@pytest.fixture(scope="module")
def project() -> dict[str, dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


def test_the_floor_of_python_is_the_same_everywhere(project) -> None:
    floor = ".".join(map(str, FLOOR))
    asked = SpecifierSet(project["project"]["requires-python"])
    assert asked.contains(f"{floor}.0")
    assert not asked.contains(f"{FLOOR[0]}.{FLOOR[1] - 1}.99")
    assert project["tool"]["mypy"]["python_version"] == floor
    assert project["tool"]["ruff"]["target-version"] == f"py{FLOOR[0]}{FLOOR[1]}"
    assert f"Programming Language :: Python :: {floor}" in project["project"]["classifiers"]
    assert f"({FLOOR[0]}, {FLOOR[1]})" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert sys.version_info >= FLOOR


def test_every_dependency_has_a_lower_bound_and_a_pin_above_it(project, pins) -> None:
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["dev"],
        *project["project"]["optional-dependencies"]["docs"],
        *project["build-system"]["requires"],
    ]
    for requirement in map(Requirement, wanted):
        assert [part.operator for part in requirement.specifier] == [">="], requirement
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement


def test_constraints_name_versions_and_no_address() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line), line


def test_the_version_is_told_once(project) -> None:
    version = project["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_warnings_are_errors(project) -> None:
    assert project["tool"]["pytest"]["ini_options"]["filterwarnings"][0] == "error"


# ------------------------------------------------------------------------------------------------------ the documents

DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "benchmarks").glob("*.md"),
        *(ROOT / "verification").glob("*.md"),
    ]
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def commands_in(path: Path, program: str) -> set[tuple[str, str]]:
    """Command and rest of the line, for each line of an indented or fenced block that begins with the program."""
    pattern = re.compile(rf"^ {{4}}(?:\S*/)?{program} ([a-z-]+)((?:.*(?:\n {{28}}.*)?))$", re.MULTILINE)
    return {(found[1], found[2]) for found in pattern.finditer(path.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def help_of() -> dict[str, str]:
    """What each command of the command line says of itself."""
    commands = {command for path in DOCUMENTS for command, _ in commands_in(path, "scorepolis")}
    assert commands >= {"run", "show", "digest", "plan"}
    texts = {}
    for command in sorted(commands):
        answer = subprocess.run(
            [sys.executable, "-m", "scorepolis", command, "--help"],
            env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert answer.returncode == 0, f"scorepolis {command}: {answer.stderr}"
        texts[command] = answer.stdout
    return texts


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_commands_and_options_in_the_documents_exist(path: Path, help_of) -> None:
    for command, rest in commands_in(path, "scorepolis"):
        for option in re.findall(r"--[a-z][a-z-]*", rest):
            assert re.search(rf"{option}\b", help_of[command]), f"scorepolis {command} {option}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_make_targets_in_the_documents_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = path.read_text(encoding="utf-8")
    named = {target for target, _ in commands_in(path, "make")} | set(re.findall(r"`make ([a-z]+)`", text))
    assert named <= targets


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_and_paths_in_the_documents_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert link.startswith("https://") or (path.parent / link).exists(), link
    for named in re.findall(r"`((?:src|tests|docs|benchmarks|verification)/[^`*\s]*)`", text):
        assert (ROOT / named).exists() or "NAME" in named, named


@pytest.mark.parametrize("path", [*DOCUMENTS, *SOURCES], ids=name_of)
def test_texts_name_no_path_of_a_machine(path: Path) -> None:
    assert not re.search(r"(?<![\w.])/(?:home|root|tmp|Users|work|mnt)/", path.read_text(encoding="utf-8"))


def test_the_python_in_the_readme_names_what_there_is() -> None:
    import scorepolis
    from scorepolis.measures.declared import MEASURES

    block = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    measures = {measure.name for measure in MEASURES}
    owners = {"sp": set(dir(scorepolis)), "run": set(dir(scorepolis.Run)) | set(scorepolis.Run.__annotations__)}
    for node in ast.walk(ast.parse(block[1])):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.attr in owners[node.value.id], f"{node.value.id}.{node.attr}"
        elif (
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "measures"
        ):
            assert node.attr in measures, f"run.measures.{node.attr}"

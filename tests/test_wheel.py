"""The wheel, installed where there is nothing of the source tree, runs a scenario and makes the same bits."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import scorepolis

ROOT = Path(__file__).parents[1]
PACKAGE = Path(scorepolis.__file__).parent


def call(*command, **how):
    """Run a command to its end, with nothing of this process's Python in its environment, and give what it printed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NUMBA", "COV"))}
    done = subprocess.run(
        [str(part) for part in command], env=clean, capture_output=True, text=True, check=False, timeout=600, **how
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The interpreter of an environment that has the wheel, and this one's libraries to lean on."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    interpreter = home / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", interpreter)
    call(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=home)
    # Only now, or pip would find the scorepolis of this environment. A path in a .pth file is not searched for others,
    # so the libraries are seen and the source tree is not.
    site = Path(call(interpreter, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return interpreter


def test_everything_of_the_package_goes_in_and_nothing_else(wheel):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    made_by_use = {".pyc", ".nbc", ".nbi"}  # what Python and Numba leave behind
    ours = (path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in made_by_use)
    assert names == {path.relative_to(PACKAGE.parent).as_posix() for path in ours}
    assert {"scorepolis/py.typed", "scorepolis/scenarios/library/village.yaml"} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in zipfile.ZipFile(wheel).namelist())


@pytest.mark.slow
def test_the_installed_wheel_runs_a_village(python, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    here = call(python, "-c", "import scorepolis; print(scorepolis.__file__, scorepolis.__version__)", cwd=elsewhere)
    assert here == f"{next(python.parents[1].rglob('scorepolis/__init__.py'))} {scorepolis.__version__}"
    call(python, "-m", "scorepolis", "run", "village", "--days", "20", "--out", "made", cwd=elsewhere)
    digest = call(python, "-m", "scorepolis", "digest", "made", cwd=elsewhere)
    assert digest == scorepolis.run("village", days=20).digest
    assert "village" in call(python.with_name("scorepolis"), "show", "made", cwd=elsewhere).lower()
    assert [path.name for path in elsewhere.iterdir()] == ["made"]

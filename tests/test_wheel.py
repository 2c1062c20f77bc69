"""The wheel holds all that the product reads, and its command runs where there is no checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    (wheel,) = folder.glob("supporthub-*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it; what the product depends on is read from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    python = folder / "bin/python"
    _run(sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel, cwd=folder)
    purelib = folder / f"lib/python{sysconfig.get_python_version()}/site-packages"
    (purelib / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def test_the_command_runs_outside_the_checkout(installed: Path) -> None:
    assert "serve" in _run(installed / "bin/supporthub", "--help", cwd=installed)


def test_the_modules_come_from_the_wheel(installed: Path) -> None:
    found = _run(installed / "bin/python", "-c", "import app; print(app.__file__)", cwd=installed)
    assert Path(found.strip()).is_relative_to(installed)


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert "catalogues/websan.toml" in packed
    read = (
        "catalogues/*.toml",
        "knowledge/**/*.md",
        "adapters/web/static/**/*",
        "adapters/portal/*/*",
        "manifests/**/*",
    )
    for pattern in (*read, "bot/text/locales/*.po", "store/migrations/**/*.py"):
        ours = (path for path in ROOT.glob(pattern) if path.is_file() and path.suffix != ".pyc")
        assert {str(path.relative_to(ROOT)) for path in ours} <= packed


def _run(*command: str | Path, cwd: Path) -> str:
    # Neither this checkout nor pip's own settings may help.
    around = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    done = subprocess.run(command, cwd=cwd, env=around, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

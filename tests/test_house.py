"""The house can be read: no file is long, each says what it is for, and docs/house.md shows where it stands."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.world import ROOT

LAYERS = ("app", "adapters", "bot", "store", "rules")
MOST = 400
MAP = (ROOT / "docs/house.md").read_text().partition("\n`app -> ")[0]


def ours(*endings: str) -> list[Path]:
    """What belongs to the project; in a copy without its history, whatever is there."""
    asked = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True)
    every = map(Path, listed.stdout.splitlines()) if listed.returncode == 0 else _all()
    return [path for path in every if path.suffix in endings and (ROOT / path).is_file()]


def _all() -> list[Path]:
    return [path.relative_to(ROOT) for path in ROOT.rglob("*") if not path.relative_to(ROOT).parts[0].startswith(".")]


def test_no_file_is_longer_than_400_lines() -> None:
    lines = {str(path): (ROOT / path).read_text().count("\n") for path in ours(".py", ".js", ".css", ".html", ".sh")}
    assert len(lines) > 500
    assert {path: many for path, many in lines.items() if many > MOST} == {}


def test_every_module_says_first_what_it_is_for() -> None:
    texts = {str(path): (ROOT / path).read_text().lstrip() for path in ours(".py")}
    assert [path for path, text in texts.items() if text and not text.startswith(('"""', 'r"""'))] == []


def mapped(layer: str) -> str:
    """What the page says of a layer."""
    return re.split(r"^    (?=\w+/ )", MAP, flags=re.MULTILINE)[1:][[*_layers()].index(layer)]


def _layers() -> list[str]:
    return re.findall(r"^    (\w+)/ ", MAP, re.MULTILINE)


@pytest.mark.parametrize("layer", LAYERS)
def test_the_map_shows_every_file_and_folder_of_a_layer(layer: str) -> None:
    inside = {path.relative_to(layer).parts for path in ours(".py") if path.parts[0] == layer}
    there = {f"{parts[0]}/" if len(parts) > 1 else parts[0] for parts in inside} - {"__init__.py"}
    assert {each for each in there if not re.search(rf"(?<![\w/]){re.escape(each)}", mapped(layer))} == set()


@pytest.mark.parametrize("layer", LAYERS)
def test_the_map_names_no_file_that_is_not_there(layer: str) -> None:
    names = {path.name for path in ours(".py") if path.parts[0] == layer}
    assert set(re.findall(r"\b\w+\.py\b", mapped(layer))) - names == set()


def test_the_map_names_every_folder_at_the_top() -> None:
    tops = {path.parts[0] for path in ours(".py", ".md", ".toml", ".txt", ".json") if len(path.parts) > 1}
    assert {top for top in tops if not top.startswith(".") and f"{top}/" not in MAP} == set()

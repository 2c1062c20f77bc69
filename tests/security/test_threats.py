"""docs/security.md: every threat has a test, and every test and place that it names is there."""

import re
from functools import cache
from pathlib import Path

from tests.world import ROOT

PAGE = ROOT / "docs/security.md"
LETTERS = set("STRIDE")


def rows() -> list[list[str]]:
    table = PAGE.read_text().partition("## Threats")[2].partition("\n## ")[0]
    found = [line.strip("|").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in found[1:]]


@cache
def functions_of(path: Path) -> set[str]:
    return set(re.findall(r"^(?:async )?def (test_\w+)\(", path.read_text(), re.M))


def test_every_threat_has_its_letter_a_place_and_a_test() -> None:
    assert len(rows()) >= 28
    for row in rows():
        threat, defence, where, shown = row
        said = re.search(r"\(([A-Z](?:, [A-Z])*|compliance)\)$", threat)
        assert said, threat
        assert said[1] == "compliance" or set(said[1].split(", ")) <= LETTERS, threat
        assert defence, threat
        named = re.findall(r"`([\w/*.-]+/[\w/*.-]*)`", where)
        assert named, threat
        assert [path for path in named if not list(ROOT.glob(path.rstrip("/")))] == [], threat
        assert re.findall(r"`[\w/.]+::test_\w+`", shown), threat


def test_every_test_that_the_page_names_is_there() -> None:
    named = re.findall(r"`([\w/.]+)::(test_\w+)`", PAGE.read_text())
    assert len(named) > 60
    missing = [f"{file}::{name}" for file, name in named if not _there(ROOT / "tests" / file, name)]
    assert missing == []
    assert "`::" not in PAGE.read_text()


def _there(path: Path, name: str) -> bool:
    return path.is_file() and name in functions_of(path)

"""The worked examples of docs/contributing.md, put into a copy of the house, where their own tests run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/contributing.md").read_text()
BLOCK = re.compile(
    r"^`(?P<file>[^`\n]+)`, (?:new|(?P<where>below|above) `(?P<line>[^`\n]+)`):\n\n```\w+\n(?P<code>.*?)^```$",
    re.M | re.S,
)
HOUSE = ("adapters", "app", "bot", "catalogues", "knowledge", "rules", "store", "tests")
TESTS = (
    "tests/journeys/test_praise.py",
    "tests/journeys/test_call_me.py",
    "tests/app/test_console.py",
    "tests/contract/test_every_channel.py",
)
CHOSEN = "sqlite and (praise or call_me or (console and (alone or whole_case or sent_twice or every_part)))"


def copied(into: Path) -> Path:
    """Links, so that what was compiled of each file still counts."""
    for folder in HOUSE:
        shutil.copytree(ROOT / folder, into / folder, copy_function=os.symlink)
    shutil.copy(ROOT / "pyproject.toml", into)
    return into


def put(block: "re.Match[str]", house: Path) -> None:
    file = house / block["file"]
    if block["line"] is None:
        assert not file.exists(), f"{block['file']} is there already"
        file.parent.mkdir(exist_ok=True)
        file.write_text(block["code"])
        return
    lines = file.read_text().splitlines(keepends=True)
    [at] = [number for number, line in enumerate(lines) if line.strip() == block["line"]] or [-1]
    assert at >= 0, f"{block['file']} has no line {block['line']}"
    lines.insert(at + (block["where"] == "below"), block["code"])
    file.unlink()
    file.write_text("".join(lines))


def test_the_worked_examples_work(tmp_path: Path) -> None:
    """On SQLite, and of the contract of channels what differs most; whoever adds one runs all of it."""
    house = copied(tmp_path)
    blocks = list(BLOCK.finditer(PAGE))
    assert len(blocks) == PAGE.count("\n```") / 2, "a block that says no file is tried by nobody"
    for block in blocks:
        put(block, house)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", CHOSEN, *TESTS]
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=house, env=own, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr

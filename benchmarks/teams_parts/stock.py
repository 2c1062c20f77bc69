"""The environment of Microsoft's own adapters, which the project does not depend on: requirements/bench.txt."""

from pathlib import Path

PYTHON = Path(__file__).parent.parent.parent / ".tools" / "bench" / "bin" / "python"
MISSING = "not installed"


def installed() -> bool:
    return PYTHON.exists()

"""A folder for files."""

from pathlib import Path

import pytest

from app.shelf import Folder
from tests.app.files.vendor import LARGEST


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    root = tmp_path / "files"
    root.mkdir(mode=0o700)
    return Folder(root, LARGEST)

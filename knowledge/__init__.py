"""The articles that answer "How do I?", one Markdown file each."""

from pathlib import Path

FOLDER = Path(__file__).parent

"""One TOML file for each support provider: all that it publishes, every line of it with its clause."""

from pathlib import Path

FOLDER = Path(__file__).parent

"""Directory files for tests, and what is wrong with them."""

from functools import partial

from catalogues import FOLDER
from rules.catalogue import load_folder
from rules.directory import read as read_in
from rules.toml_lines import Mistakes

PLANS = load_folder(FOLDER).plans
LONG = "x" * 200
read = partial(read_in, languages=("en", "fr"))


def mistakes(text: str) -> list[tuple[int, str]]:
    try:
        read(text, PLANS)
    except Mistakes as wrong:
        return [(mistake.line, mistake.says) for mistake in wrong.mistakes]
    return []

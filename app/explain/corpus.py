"""Articles from one file, one JSON object a line, to measure the search with."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError

from bot.understanding.articles import Article
from rules.toml_lines import Mistake, Mistakes


class Row(BaseModel):
    id: str
    title: str
    description: str = ""
    tags: tuple[str, ...] = ()
    body: str
    """Markdown."""


def read_corpus(file: Path) -> Iterator[Article]:
    """Raises Mistakes with the first line that is no article."""
    for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = Row.model_validate_json(line)
        except ValidationError:
            says = "An article is a JSON object with id, title and body, and perhaps a description and tags."
            raise Mistakes([Mistake(number, says, str(file))]) from None
        yield Article(row.id, row.title, row.tags, row.body, description=row.description)

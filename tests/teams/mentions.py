"""Mentions in texts and cards: what looks like one is one, and the other way round."""

from typing import Any

from tests.slack.shapes import Invalid, kind, record, string
from tests.teams.places import Json
from tests.teams.wording import ats, texts

_MENTIONED = record({"id": string(255), "name": string(255)})
MENTION = record({"type": kind("mention"), "text": string(1000), "mentioned": _MENTIONED})


def check_mentions(where: Any, entities: list[Json], path: str) -> None:
    if isinstance(where, dict):
        where = {name: one for name, one in where.items() if name != "msteams"}
    written = {at for text in texts(where) for at in ats(text)}
    meant = {one["text"] for one in entities}
    for at in sorted(written - meant):
        raise Invalid(path, f"{at} has no entity")
    for at in sorted(meant - written):
        raise Invalid(path, f"the entity for {at} is not in the text")

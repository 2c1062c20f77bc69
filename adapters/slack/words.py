"""People's words as Slack encodes them, made plain again."""

import re
from collections.abc import Mapping

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^>]*))?>")
_LINKED = re.compile(r"<([#!]?)([^<>|]+)(?:\|([^<>]*))?>")


def mentioned(text: str) -> tuple[str, ...]:
    """The users named in it, each once."""
    return tuple(dict.fromkeys(user for user, _ in _MENTION.findall(text)))


def plain(text: str, bot: str, names: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """What they wrote, without the call for the bot; and who is meant by each ``@name`` in it."""
    people: dict[str, str] = {}

    def person(found: "re.Match[str]") -> str:
        if found[1] == bot:
            return ""
        shown = f"@{names.get(found[1]) or found[2] or found[1]}"
        people[shown] = found[1]
        return shown

    bare = _LINKED.sub(_link, _MENTION.sub(person, text))
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip(), people


def _link(found: "re.Match[str]") -> str:
    kind, target, label = found[1], found[2], found[3]
    if kind == "#":
        return f"#{label or target}"
    if kind == "!":
        return label or f"@{target.partition('^')[0]}"
    bare = target.removeprefix("mailto:").removeprefix("tel:")
    return bare if not label or label in (bare, target) else f"{label} ({bare})"

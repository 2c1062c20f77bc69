"""Our own Message-IDs: the same at every attempt, recognised when somebody answers, and not to be guessed."""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from bot.channel import Outgoing

LONGEST = 250  # characters of an id that can be kept
_ANY = re.compile(r"<[^<>\s\0]{1,248}@[^<>\s\0]{1,248}>")
_KEY = re.compile(r"[A-Za-z0-9.-]{1,60}")


@dataclass(frozen=True)
class Ours:
    """What one of our ids tells."""

    id: str
    key: str
    """Of the message; empty for the root that only holds a case's mails together."""
    case: int | None = None


def message_id(out: Outgoing, domain: str) -> str:
    """From what stays the same between two attempts; when it was owed is nothing that an outsider knows."""
    key = out.key if _KEY.fullmatch(out.key) else _digest(out.key)
    return f"<{key}.{_digest(f'{out.key} {out.to.room} {out.since}')}@{domain}>"


def case_root(case: int, room: str, domain: str) -> str:
    """The id, of no mail that ever was, under which mail programs put together all that we write about a case."""
    return f"<case-{case}.{_digest(f'{case} {room}')}@{domain}>"


def ours(text: str, domain: str) -> list[Ours]:
    """Those of our ids that stand in a text, in order."""
    return [_read(found) for found in _pattern(domain).finditer(text)]


def listed(header: str) -> list[str]:
    """The ids in a header, in order, each once."""
    return [one for one in dict.fromkeys(_ANY.findall(header)) if len(one) <= LONGEST and one.isascii()]


def _read(found: "re.Match[str]") -> Ours:
    case = int(found["case"]) if found["case"] else None
    return Ours(found[0], "" if case else found["key"], case)


@cache
def _pattern(domain: str) -> "re.Pattern[str]":
    name = r"(?P<key>case-(?P<case>\d{1,9})|[A-Za-z0-9.-]{1,60})"
    return re.compile(rf"<{name}\.[0-9a-f]{{20}}@{re.escape(domain)}>", re.IGNORECASE)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:20]

"""One cause behind cases of several companies."""

import re

from bot import text
from bot.desk import CaseRef, incidents
from bot.messages import Message
from bot.turn import Turn
from rules.refusals import Misunderstood

_OF = re.compile(r"#?(?P<number>\d{1,9})(\s+(?P<does>add|remove|reply|close)\b\s*(?P<words>.*))?", re.I | re.S)
_CASES = re.compile(r"(#?\d{4,9}([\s,&]|\band\b)*)+", re.I)


def incident(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    """Which there are, one with its cases, or what is done to it."""
    if not words:
        return text.incidents(incidents.incidents(turn), turn.actor)
    first, _, title = words.partition(" ")
    if first.lower() == "open" and title.strip():
        return text.incident_open(incidents.open_incident(turn, title), turn.actor)
    if (found := _OF.fullmatch(words.strip())) is None:
        raise Misunderstood(usage=incidents.USAGE)
    number, said = int(found["number"]), (found["words"] or "").strip()
    return _do(turn, number, (found["does"] or "").lower(), said)


def _do(turn: Turn, number: int, does: str, words: str) -> Message:
    match does:
        case "":
            return text.incident(incidents.incident(turn, number), turn.actor)
        case "add" if _CASES.fullmatch(words):
            return text.incident(incidents.add(turn, number, _numbers(words)), turn.actor)
        case "remove" if _CASES.fullmatch(words):
            return text.incident(incidents.remove(turn, number, _numbers(words)), turn.actor)
        case "reply" if words:
            return text.incident_answered(incidents.answer(turn, number, words), turn.actor)
        case "close" if words:
            return text.incident_closed(incidents.close(turn, number, words), turn.actor)
    raise Misunderstood(usage=incidents.USAGE)


def _numbers(words: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", words)]

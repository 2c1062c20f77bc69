"""When somebody telephoned, of whom the desk opens a case: read from its words, the latest such time that is past."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.understanding import dates
from bot.understanding.intents import Do, Intent, Lost, Scene
from rules.refusals import NoSuchTime

OPEN_FOR = "open-for"
_AT = re.compile(r"(?P<who>\S+)\s+at\s+(?P<rest>\S.*)", re.I | re.S)
_YESTERDAY = re.compile(r"\b(?:yesterday|hier)\b", re.I)
MOST = 6  # words: each beginning of them may be the time
DAY, BACK = timedelta(days=1), (6, 365)


def tells(intent: Do) -> bool:
    return intent.command == OPEN_FOR and bool(_AT.fullmatch(intent.words))


def received(intent: Do, scene: Scene) -> Intent:
    """The same with an instant in the place of the words that are to be a time."""
    found = _AT.fullmatch(intent.words)
    if found is None:
        return intent
    words = found["rest"].split()
    for many in range(min(MOST, len(words)), 0, -1):
        at = _latest(" ".join(words[:many]), scene)
        if at is not None:
            while many > 1 and _latest(" ".join(words[: many - 1]), scene) == at:
                many -= 1  # "8:30 The": what adds nothing to the time is what is wrong
            rest = found["rest"].split(maxsplit=many)[many:]
            return Do(OPEN_FOR, intent.case, " ".join((found["who"], "at", at.isoformat(), *rest)))
    if any(letter.isdigit() for letter in words[0]):
        return Lost(NoSuchTime(line="open-for ann@company.example at 8:30 WHAT IS WRONG"))
    return intent  # "at work nothing prints"


def _latest(words: str, scene: Scene) -> datetime | None:
    """Of a clock alone today's; of a day the one that was last. Where only one to come is meant, that one."""
    assert scene.actor is not None, "a line is read for somebody"
    assert scene.now is not None, "a scene has its time"
    if instants := dates.offsets.written(words):
        return instants[0].astimezone(UTC)
    here = scene.now.astimezone(ZoneInfo(scene.actor.zone)).replace(tzinfo=None)
    midnight = datetime(here.year, here.month, here.day)
    said = _YESTERDAY.sub("", words).strip(" ,")
    if said != words.strip(" ,"):
        return _read(said or "today", midnight - DAY, scene, until=midnight)
    if (today := _read(words, midnight, scene, until=here)) is not None:
        return today
    for days in BACK:  # a clock alone would be read on whichever day it is looked for from
        earlier, later = (_read(words, midnight - each * DAY, scene, until=here) for each in (days, days - 1))
        if earlier is not None and earlier == later:
            return earlier
    return _read(words, midnight, scene, until=None)


def _read(words: str, since: datetime, scene: Scene, until: datetime | None) -> datetime | None:
    assert scene.actor is not None, "a line is read for somebody"
    zone = scene.actor.zone
    found = dates.readings(words, since, zone, scene.hours, scene.actor.language)
    past = [one.start for one in found if until is None or one.start.replace(tzinfo=None) <= until]
    return past[0].astimezone(UTC) if past else None

"""Until when, and when an appointment is to be: read from people's words here, so that the unit is handed instants."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.forms import Mistake
from bot.understanding import dates, telephone
from bot.understanding.intents import Answer, Do, Filled, Fix, Intent, Lost, Scene
from rules.appointments import Slot
from rules.refusals import NoSuchTime, PastTime, Refusal, WhichTime

SCHEDULE, AWAY = "schedule", "away"
MINUTE = timedelta(minutes=1)
MOST = 10  # words: each beginning of them may be the time
ASKED = 4  # times that one message offers


def tells_time(intent: Intent, scene: Scene) -> bool:
    """Whether ``timed`` has anything to read: it takes milliseconds, and is not for the loop that answers everybody."""
    match intent:
        case Do(command):
            return command in (SCHEDULE, AWAY) or telephone.tells(intent)
        case Answer(draft) | Filled(_, _, draft):
            return _asked_when(draft, scene)
    return False


def timed(intent: Intent, scene: Scene) -> Intent:
    """The same with instants in place of the words that are to be a time: in a line, an answer or a form."""
    match intent:
        case Do(command, ref, words) if command == SCHEDULE:
            about = ref.number if ref else None
            try:
                return replace(intent, words=_instants(words, scene))
            except Mistake as mistake:
                return Lost(_refusal(mistake, f"{SCHEDULE} {about}", about))
        case Do(command, _, words) if command == AWAY:
            try:
                return replace(intent, words=_until(words, scene))
            except Mistake as mistake:
                return Lost(_refusal(mistake, AWAY, line="away tomorrow 10am"))
        case Do() if telephone.tells(intent):
            return telephone.received(intent, scene)
        case Answer(draft, question, value) if _asked_when(draft, scene):
            try:
                return Answer(draft, question, _instants(value, scene))
            except Mistake as mistake:
                return Fix("words", {question: value}, {question: mistake})
        case Filled(dialog, answers, draft) if _asked_when(draft, scene):
            try:
                return Filled(dialog, {"words": _instants(answers["words"], scene)}, draft)
            except Mistake as mistake:
                return Fix(dialog, answers, {"words": mistake})
    return intent


NO_TIME, PAST, WHICH = "no_time", "past_time", "which_time"


def _refusal(mistake: Mistake, said: str, case: int | None = None, **about: str) -> Refusal:
    """``said`` is the line up to the time, whose place each of several takes."""
    limits: Mapping[str, Any] = mistake.limits
    match mistake.wrong:
        case "which_time":
            lines = tuple((slot, f"{said} {slot} {limits.get('rest', '')}".rstrip()) for slot in limits["slots"])
            return WhichTime(case=case, lines=lines, zone=limits["zone"])
        case "past_time":
            return PastTime(case=case)
    return NoSuchTime(case=case, **about)


def _until(words: str, scene: Scene) -> str:
    """``until friday 5pm lena``: an instant, as many words as are one, and then who stands in."""
    said = re.sub(r"^until\s+", "", words, flags=re.I).split()[:MOST]
    for many in range(len(said), 0, -1):
        try:
            at = _instants(" ".join(said[:many]).rstrip(","), scene)
        except Mistake as mistake:
            if mistake.wrong == WHICH:
                raise Mistake(WHICH, **{**mistake.limits, "rest": " ".join(said[many:])}) from None
            if mistake.wrong == PAST:
                raise
            continue
        return f"{at.partition('/')[0]} {' '.join(said[many:])}".rstrip()
    raise Mistake(NO_TIME)


def _asked_when(draft: int | None, scene: Scene) -> bool:
    return scene.asked is not None and scene.asked.draft == draft and scene.asked.line == SCHEDULE


def _instants(words: str, scene: Scene) -> str:
    """In the speaker's zone, to the minute; Mistake: no time that can be read, or past, or one of several."""
    assert scene.actor is not None, "a line is read for somebody"
    assert scene.now is not None, "a scene has its time"
    zone = scene.actor.zone
    local = scene.now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    given = (words, local, zone, scene.hours, scene.actor.language)
    slots = [_slot(found) for found in dates.readings(*given)]
    if not slots:
        raise Mistake(PAST if dates.is_past(*given) else NO_TIME)
    if len(slots) > 1:
        raise Mistake(WHICH, slots=tuple(slots[:ASKED]), zone=zone)
    return slots[0]


def _slot(found: dates.When) -> str:
    slot = str(Slot(_minute(found.start), _minute(found.end) if found.end else None))
    try:
        Slot.read(slot)
    except ValueError:
        raise Mistake(NO_TIME) from None  # farther away than any calendar reaches
    return slot


def _minute(at: datetime) -> datetime:
    """As it is shown; upward, so that now is not past."""
    whole = at.astimezone(UTC).replace(second=0, microsecond=0)
    return whole if whole == at else whole + MINUTE

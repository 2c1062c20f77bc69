"""When an appointment is to be: read from people's words here, so that the transaction is handed instants alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.forms import Mistake
from bot.understanding import dates
from bot.understanding.intents import Answer, Do, Filled, Fix, Intent, Lost, Scene
from rules.appointments import Slot
from rules.refusals import NoSuchTime, PastTime

SCHEDULE = "schedule"
MINUTE = timedelta(minutes=1)


def timed(intent: Intent, scene: Scene) -> Intent:
    """The same with instants in place of the words that are to be a time: in a line, an answer or a form."""
    match intent:
        case Do(command, ref, words) if command == SCHEDULE:
            try:
                return Do(command, ref, _instants(words, scene))
            except Mistake as mistake:
                about = ref.number if ref else None
                return Lost(PastTime(case=about) if mistake.wrong == PAST else NoSuchTime(case=about))
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


NO_TIME, PAST = "no_time", "past_time"


def _asked_when(draft: int | None, scene: Scene) -> bool:
    return scene.asked is not None and scene.asked.draft == draft and scene.asked.line == SCHEDULE


def _instants(words: str, scene: Scene) -> str:
    """In the speaker's zone, to the minute; Mistake: no time that can be read, or past."""
    assert scene.actor is not None, "a line is read for somebody"
    assert scene.now is not None, "a scene has its time"
    zone = scene.actor.zone
    local = scene.now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    found = dates.when(words, local, zone, scene.hours)
    if found is None:
        raise Mistake(PAST if dates.is_past(words, local, zone, scene.hours) else NO_TIME)
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

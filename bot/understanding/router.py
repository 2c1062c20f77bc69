"""Free text outside any dialog. A first cut: a later one knows questions from problems."""

import re

from bot.desk import CaseRef
from bot.understanding.intents import Begin, Do, Intent, Lost, Scene
from rules.lifecycle import Verb as V
from rules.lifecycle import permit
from rules.refusals import Misunderstood

_HELLO = re.compile(r"(hi|hello|hey|good (morning|afternoon|evening)|bonjour)( there| all| team| everyone)?\W*", re.I)
_THANKS = re.compile(
    r"((many |ok(ay)?,? )?(thanks|thank you|thx|cheers|ty|merci)( a lot| so much| very much)?|👍|🙏)\W*", re.I
)
_WORKS = re.compile(
    r"(thanks,? |thank you,? |great,? |ok(ay)?,? )?((it|that|this|everything) )?"
    r"(works|is working|is fixed|is solved|fixed|solved)( now| again| fine)*\W*",
    re.I,
)
_PERSON = re.compile(
    r"(please )?((can i|i want to|i'd like to|let me) )?((talk|speak) (to|with) )?(a |an |some ?)?(real |live )?"
    r"(person|human|human being|somebody|someone|agent)\W*(please|now)?\W*",
    re.I,
)
_NUMBERED = re.compile(r"(?:case\s+)?#(\d{1,9})\b[:,]?\s+(.+)", re.I | re.S)


def person_wanted(text: str) -> bool:
    return bool(_PERSON.fullmatch(text.strip()))


def route(text: str, scene: Scene) -> Intent:
    words, actor = text.strip(), scene.actor
    if actor is None:
        return Lost(Misunderstood(usage="help"))
    if _HELLO.fullmatch(words):
        return Do("hello", None)
    if actor.staff:
        # On the desk's side nothing crosses by itself: free text under a case is a note.
        return Do("note", CaseRef(scene.case), words) if scene.case and words else Lost(Misunderstood(usage="help"))
    return _customer(words, scene)


def _customer(words: str, scene: Scene) -> Intent:
    only = scene.case or (scene.mine[0] if len(scene.mine) == 1 else None)
    if _THANKS.fullmatch(words) and (scene.case is None or scene.over):
        return Do("thanks", None)  # never reopens anything (R8)
    if person_wanted(words):
        return Do("person", CaseRef(only) if only else None, words)
    if only and _WORKS.fullmatch(words):
        return Do("solved", CaseRef(only))
    if numbered := _NUMBERED.fullmatch(words):
        return Do("reply", CaseRef(int(numbered[1])), numbered[2])
    if scene.case:
        return Do("reply", CaseRef(scene.case), words)
    return _problem(words, scene)


def _problem(words: str, scene: Scene) -> Intent:
    assert scene.actor is not None
    permit(scene.actor, V.OPEN)
    if len(words) < 3:
        raise Misunderstood(usage="help")
    if scene.mine:
        return Begin("which_case", {"words": words, "options": list(scene.mine[:4])})
    return Begin("open_case", {"problem": words})

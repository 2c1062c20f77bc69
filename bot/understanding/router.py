"""Free text outside any dialog: what is to be done about it, who says it and where being known."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from bot.desk import CaseRef
from bot.understanding.intent_guess import SURE, Guess, Wanted, guess, person_wanted
from bot.understanding.intents import Answer, Begin, Cancel, Do, Intent, Lost, OpenQuestion, Scene
from bot.understanding.terms import at_risk, covered, entitled
from bot.understanding.thanks import thanked, works
from rules.lifecycle import Verb as V
from rules.lifecycle import permit
from rules.people import Role
from rules.refusals import Misunderstood

_HELLO = re.compile(r"(hi|hello|hey|good (morning|afternoon|evening)|bonjour)( there| all| team| everyone)?\W*", re.I)
_NUMBERED = re.compile(r"(?:case\s+)?#(\d{1,9})\b[:,]?\s+(.+)", re.I | re.S)


def route(text: str, scene: Scene) -> Intent:
    words, actor = text.strip(), scene.actor
    if actor is None:
        return Lost(Misunderstood(usage="help"))
    if _HELLO.fullmatch(words):
        return Do("hello", None)
    if actor.staff:
        # On the desk's side nothing crosses by itself: free text under a case is a note.
        return Do("note", CaseRef(scene.case), words) if scene.case and words else _of_staff(words, scene)
    return _customer(words, scene)


def route_again(text: str, scene: Scene, asked: OpenQuestion) -> Intent:
    """Whoever writes on instead of choosing is not asked twice: all of it together, and a doubt opens the case."""
    words = f"{asked.words}\n{text.strip()}"
    found = guess(text, Role.CUSTOMER)
    if found.confidence < SURE or found.intent in _UNCLEAR:
        return Cancel() if found.intent is Wanted.CANCEL else _problem(words, scene)
    return _meant_as(found, text.strip() if found.intent in _SMALL else words, scene)


def chosen(answer: Intent, scene: Scene, asked: OpenQuestion) -> Intent:
    """The button under a doubt: the same as if they had said so at once."""
    match answer:
        case Answer(_, _, wish) if wish == "open":
            return _problem(asked.words, scene)
        case Answer(_, _, wish) if wish == "ask":
            return Do("ask", None, asked.words)
        case Answer(_, _, wish) if wish == "status":
            return _status(guess(asked.words), scene)
        case Answer():
            return entitled(asked.words) or Do("plan", None)
    return answer


def _of_staff(words: str, scene: Scene) -> Intent:
    """Nothing is done on a guess: the case is shown, and what can be done with it stands there."""
    assert scene.actor is not None
    found = guess(words, scene.actor.role)
    case = found.slots.get("case_id")
    if isinstance(case, int) and found.intent in (Wanted.CASE_COMMAND, Wanted.SLA_STATUS):
        return Do("status", CaseRef(case))
    if found.intent is Wanted.HELP and found.confidence >= SURE:
        return Do("help", None)
    return Lost(Misunderstood(usage="help"))


def _customer(words: str, scene: Scene) -> Intent:
    only = scene.case or (scene.mine[0] if len(scene.mine) == 1 else None)
    none_of_theirs = scene.case is None and not scene.mine
    if (thanked(words) and scene.case is None) or ((scene.over or none_of_theirs) and (thanked(words) or works(words))):
        return Do("thanks", None)  # never reopens anything (R8)
    if person_wanted(words):
        return Do("person", CaseRef(only) if only else None, words)
    if only and works(words):
        return Do("solved", CaseRef(only))
    if numbered := _NUMBERED.fullmatch(words):
        return Do("reply", CaseRef(int(numbered[1])), numbered[2])
    if scene.case and not scene.over:
        return Do("reply", CaseRef(scene.case), words)
    found = covered(words) or _free(words, scene)
    return _of_closed(found, scene.case, words, scene) if scene.case else found


def _of_closed(found: Intent, case: int, words: str, scene: Scene) -> Intent:
    """Trouble, in the place of a case that is over: it is open again if they say so, or a new one beside it (R8)."""
    if not isinstance(found, Begin):
        return found
    if scene.reopens:
        return Begin("which_case", {"words": words, "options": [case], "over": case}, also=found.also)
    return Begin("open_case", {"problem": words, "after": case}, also=found.also)


UNSURE = "unsure"
OFFERS = {
    Wanted.OPEN_TICKET: "open",
    Wanted.HOW_DO_I: "ask",
    Wanted.SLA_STATUS: "status",
    Wanted.ENTITLEMENTS: "plan",
}
_SMALL = (Wanted.GREETING, Wanted.HELP, Wanted.CANCEL)
_UNCLEAR = (Wanted.CANCEL, Wanted.OTHER)
REPORTED = 0.3
"""As likely as that, words are a report: a case too many costs less than a lost one."""
LONG = 120
"""Characters that nobody writes without a cause."""
SHORTEST = 3


def _free(words: str, scene: Scene) -> Intent:
    found = guess(words)
    if (two := _two_wishes(words, found, scene)) is not None:
        return two
    if found.confidence >= SURE and found.intent is not Wanted.OTHER:
        return _meant_as(found, words, scene)
    if words.rstrip().endswith("?") and found.intent is Wanted.ENTITLEMENTS and (known := entitled(words)):
        return known  # less than sure, and its very words are those of a term
    if scene.mine or found.shares.get(Wanted.OPEN_TICKET, 0.0) >= REPORTED or len(words) >= LONG:
        return _problem(words, scene)
    return _doubt(words, found, scene)


def _meant_as(found: Guess, words: str, scene: Scene) -> Intent:
    match found.intent:
        case Wanted.HOW_DO_I:
            return Do("ask", None, words)
        case Wanted.SLA_STATUS:
            return Do("at-risk", None) if at_risk(words) else _status(found, scene)
        case Wanted.ENTITLEMENTS:
            return entitled(words) or Do("plan", None)
        case Wanted.CASE_COMMAND:
            return _for_a_case(found, words, scene)
        case Wanted.GREETING:
            return Do("hello", None)
        case Wanted.HELP:
            return Do("help", None)
        case Wanted.CANCEL:
            return Cancel()
        case Wanted.OPEN_TICKET | Wanted.OTHER:
            return _problem(words, scene)
    assert_never(found.intent)


def _status(found: Guess, scene: Scene) -> Intent:
    case = found.slots.get("case_id") or (scene.mine[0] if len(scene.mine) == 1 else None)
    return Do("status", CaseRef(case)) if isinstance(case, int) else Do("cases", None)


def _for_a_case(found: Guess, words: str, scene: Scene) -> Intent:
    """Their words go on the case; what they ask to be done with it stands beside, for them to press."""
    case = found.slots.get("case_id") or (scene.mine[0] if len(scene.mine) == 1 else None)
    if isinstance(case, int) and case in scene.mine:
        return Do("reply", CaseRef(case), words, also=Do("status", CaseRef(case)))
    return _problem(words, scene)  # no case of theirs to put them on: the desk reads them


def _doubt(words: str, found: Guess, scene: Scene) -> Intent:
    """Two buttons: the likeliest that there is a button for, where nothing is known the case and the search."""
    if len(words) < SHORTEST:
        raise Misunderstood(usage="help")
    nothing = found.intent in (Wanted.OTHER, *_SMALL)
    known = sorted(OFFERS, key=lambda wanted: -found.shares.get(wanted, 0.0))
    likely = (Wanted.OPEN_TICKET, Wanted.HOW_DO_I) if nothing else known[:2]
    options = [OFFERS[wanted] for wanted in OFFERS if wanted in likely]
    return Begin(UNSURE, {"words": words, "options": options})


_PARTS = re.compile(r"(?<=[.?!;])\s+|\n+|[,;]?(?<!\s)\s+(?:and|but|also|et|und|y)\s+(?:also\s+)?", re.I)
MOST_PARTS = 6


def _two_wishes(words: str, whole: Guess, scene: Scene) -> Intent | None:
    """A report, and a question that can be answered beside it; the report has all of the words."""
    parts = [part for part in _PARTS.split(words) if len(part.split()) >= SHORTEST]
    if not 1 < len(parts) <= MOST_PARTS:
        return None
    guesses = [(part, guess(part)) for part in parts]
    sure = {found.intent: (part, found) for part, found in reversed(guesses) if found.confidence >= SURE}
    first = Wanted.OPEN_TICKET if Wanted.OPEN_TICKET in sure else Wanted.HOW_DO_I
    if first not in sure or whole.intent not in (*OFFERS, Wanted.OTHER):
        return None
    also = _beside(sure, scene)
    if first is Wanted.OPEN_TICKET and also is None and "?" in sure.get(Wanted.HOW_DO_I, ("", whole))[0]:
        also = Do("ask", None, sure[Wanted.HOW_DO_I][0])
    if also is None:
        return None
    main = _problem(words, scene) if first is Wanted.OPEN_TICKET else Do("ask", None, sure[first][0])
    return replace(main, also=also) if isinstance(main, Do | Begin) else main


def _beside(sure: Mapping[Wanted, tuple[str, Guess]], scene: Scene) -> Do | None:
    """What changes nothing: the plan, a fact of the contract, a case of theirs by its number."""
    if Wanted.ENTITLEMENTS in sure:
        found = entitled(sure[Wanted.ENTITLEMENTS][0])
        return found if isinstance(found, Do) else Do("plan", None)
    if Wanted.SLA_STATUS in sure:
        case = sure[Wanted.SLA_STATUS][1].slots.get("case_id")
        return Do("status", CaseRef(case)) if isinstance(case, int) else None
    return None


def _problem(words: str, scene: Scene) -> Intent:
    assert scene.actor is not None
    permit(scene.actor, V.OPEN)
    if len(words) < 3:
        raise Misunderstood(usage="help")
    if scene.single and len(scene.mine) == 1:
        return Do("add", CaseRef(scene.mine[0]), words)  # and they can move it
    if scene.mine:
        return Begin("which_case", {"words": words, "options": list(scene.mine[:4])})
    return Begin("open_case", {"problem": words})

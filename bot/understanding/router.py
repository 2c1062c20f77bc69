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
    if scene.case and not scene.over:
        return Do("reply", CaseRef(scene.case), words)
    broken = _BROKEN.search(words)
    if not broken and (found := _entitled(words)):
        return found
    if not broken and _HOW.search(words):
        return Do("ask", None, words)
    return _problem(words, scene)


def _entitled(words: str) -> Intent | None:
    """Questions about the contract, its terms and the desk."""
    if _AT_RISK.search(words):
        return Do("at-risk", None)
    if _STATUS.fullmatch(words):
        return Do("cases", None)
    if _TERMINATION.search(words):
        return Do("termination", None)
    if _MY_PLAN.search(words):
        return Do("plan", None)
    if _PRICE.search(words):
        return Do("price", None)
    fact = next((name for name, about in _FACTS.items() if about.search(words)), None)
    return Do("fact", None, fact) if fact else None


_AT_RISK = re.compile(r"\bat risk\b|\b(close to|about to) (breach|be late)|running out of time", re.I)
_STATUS = re.compile(
    r"(please )?((show|list|what are) )?(me )?(my|our|all our|the) (open )?(cases|tickets|requests)\W*"
    r"|(what('s| is) (the|my|our) )?(status|state) of (my|our) (cases?|tickets?|requests?)\W*",
    re.I,
)
_HOW = re.compile(
    r"^(please )?(how (do|can|could|would|should|to|does)\b|where (do|can|is|are)\b|what('s| is) the (best )?way\b"
    r"|is (there|it) (a way|possible)\b|can (i|you|we) (show|tell|explain|use|make|set|export|share)\b"
    r"|(show|tell) me how\b)",
    re.I,
)
# Whatever else they mention, somebody reports that something is wrong: a case, not a lecture.
_BROKEN = re.compile(
    r"\b(broken|breaks|fails?|failed|failing|errors?|crash\w*|wrong(ly)?|cannot|can ?not|can['’]?t|won['’]?t|missing"
    r"|stuck|slow|does ?n['’]?o?t|not working|not load\w*|is (blank|empty|gone)|down|stopped|bug|urgent(ly)?"
    r"|emergency|doubled|twice|lost)\b",
    re.I,
)
_TERMINATION = re.compile(
    r"\b(cancel|terminate|end|quit|stop)\b.{0,20}\b(contract|agreement|subscription|support plan)\b", re.I
)
_MY_PLAN = re.compile(
    r"\b(what('s| is) (in |covered|included)|what (do|does) (we|i|our plan|my plan) (have|get|include|cover)"
    r"|our plan|my plan|entitle\w*|are we covered)\b",
    re.I,
)
_PRICE = re.compile(
    r"\b(prices?|pricing|how much|cost)\b.{0,40}\b(plan|success|winning|base|basic|standard|premium|users?|seats?)\b",
    re.I,
)
_FACTS = {
    "response_time": re.compile(r"\b(response|reaction) times?\b|how (fast|quickly|soon) (do|will|can) (you|we)", re.I),
    "resolution_time": re.compile(r"\b(resolution|fix) times?\b", re.I),
    "weekend_cover": re.compile(
        r"\bweekends?\b.{0,30}(cover|support|open|work)|(cover|support|open|work)\b.{0,30}\bweekends?\b", re.I
    ),
    "holidays": re.compile(r"\bholidays?\b", re.I),
    "support_hours": re.compile(r"\b(support|opening|business|office) hours\b|when are you open", re.I),
    "phone": re.compile(r"\b(phone|telephone) ?(number|line)?\b.{0,10}\?|what('s| is) (your|the) (phone|number)", re.I),
    "privacy_policy": re.compile(r"\bprivacy\b", re.I),
    "site_visit": re.compile(r"\b(come over|on.?site|visit us|our office)\b", re.I),
    "supported_browsers": re.compile(r"\bwhich browsers?\b|supported browsers?", re.I),
    "closing_rule": re.compile(r"\b(who|when|how) (closes|is closed|are .{0,20}closed)\b|auto.?close", re.I),
    "escalation_address": re.compile(r"\bescalation (address|mail|e-?mail)\b", re.I),
}


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

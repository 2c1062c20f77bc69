"""Questions about the contract, its terms and the desk, by the words that people ask them in."""

import re

from bot.understanding.facts import fact_asked
from bot.understanding.intents import Do
from rules.coverage_guess import names_object


def entitled(words: str) -> Do | None:
    """The line that answers it."""
    if at_risk(words):
        return Do("at-risk", None)
    if _STATUS.fullmatch(words):
        return Do("cases", None)
    if (meant := plainly(words)) is not None:
        return meant
    if _TERMINATION.search(words):
        return Do("termination", None)
    if (preview := covered(words)) is not None:
        return preview
    if _MY_PLAN.search(words):
        return Do("plan", None)
    if _PRICE.search(words):
        return Do("price", None)
    fact = next((name for name, about in _FACTS.items() if about.search(words)), None)
    return Do("fact", None, fact) if fact else None


def plainly(words: str) -> Do | None:
    """What is said so plainly that nothing else can be meant: a term asked for, another plan wished, more seats."""
    said = " ".join(words.split())
    if _UPGRADE.fullmatch(said):
        return Do("upgrade", None, said)
    if more := _MORE.fullmatch(said):
        licences = more["of"].lower().startswith("licen")
        days = f" {more['days']}" if more["days"] else ""
        alone = " without support" if more["alone"] else ""
        return Do("licences", None, f"+{more['n']}{days}{alone}") if licences else Do("price", None, f"+{more['n']}")
    fact = fact_asked(said)
    return Do("fact", None, fact) if fact else None


def covered(words: str) -> Do | None:
    """Whether something would be covered, asked of one thing; what the terms answer themselves is no such question."""
    said = " ".join(words.split())
    if found := _THIS_COVERED.fullmatch(said):
        return Do("covered", None, found["what"])
    if len(said) > LONGEST or any(about.search(said) for about in _FACTS.values()):
        return None
    asked = next((found for each in _COVERED if (found := each.fullmatch(said))), None)
    if asked is None or _NOTHING.fullmatch(asked["what"]):
        return None
    if asked.re is _FIX and not names_object(asked["what"]):
        return None  # perhaps a request, put politely
    if asked.re is _CHARGED and fact_asked(said):
        return None  # of their own changes the terms speak
    return Do("covered", None, said)


LONGEST = 200
"""Characters of a question about one thing."""


def at_risk(words: str) -> bool:
    return bool(_AT_RISK.search(words))


_AT_RISK = re.compile(r"\bat risk\b|\b(close to|about to) (breach|be late)|running out of time", re.I)
_STATUS = re.compile(
    r"(please )?((show|list|what are) )?(me )?(my|our|all our|the) (open )?(cases|tickets|requests)\W*"
    r"|(what('s| is) (the|my|our) )?(status|state) of (my|our) (cases?|tickets?|requests?)\W*",
    re.I,
)
_TERMINATION = re.compile(
    r"\b(cancel|terminate|end|quit|stop)\b.{0,20}\b(contract|agreement|subscription|support plan)\b", re.I
)
_WANT = r"(?:(?:we|i)(?:'d| would)? (?:want|like|wish|need|plan) to |can (?:we|i) |could (?:we|i) |please )?"
_UPGRADE = re.compile(
    rf"{_WANT}(?:upgrade|switch|move)(?: us| our (?:plan|contract|support))? to (?:the )?\w+(?: plan| support)?"
    r"(?: (?:with|for) \d{1,6} (?:users|seats|licen[cs]es))?(?:,? please)?[.!?]?",
    re.I,
)
_MORE = re.compile(
    r"(?:what if (?:we|i) |how much (?:is it|would it be|would it cost) to |what (?:does|would) it cost to )?"
    rf"{_WANT}(?:add|buy|get|order|take) (?P<n>\d{{1,6}}) (?:more |additional |extra |new )?"
    r"(?P<of>seats?|users?|licen[cs]es?)"
    r"(?: for (?P<days>\d{1,6}) days)?(?P<alone> without support)?(?:,? please)?[.!?]?",
    re.I,
)
_PLAN = r"(?:(?:our|my|the|this|your) )?(?:(?:support|service) )?(?:plan|contract|support|subscription|agreement)"
_PLEASE = r"(?:(?:hi|hello|hey)\W+|(?:just )?(?:a )?(?:quick )?question\W+|(?:please|can you) tell me\W+(?:if\W+)?)?"
_THIS_COVERED = re.compile(
    rf"{_PLEASE}(?:is|would|will) (?:this|that|it|the following|something like this)(?: be)? (?:covered|included)"
    rf"(?: (?:by|in|under) {_PLAN})?\s*[:–-]\s*(?P<what>.{{3,}})",
    re.I | re.S,
)
_FIX = re.compile(
    rf"{_PLEASE}(?:would|do) you (?:also |even )?(?:fix|repair|maintain|rewrite) (?P<what>[^.!?:]+)\?", re.I
)
_CHARGED = re.compile(
    rf"{_PLEASE}(?:is|are|will|would) (?P<what>[^.!?:]+?)(?: be)? (?:charged|billed|invoiced)(?: extra| separately)?\?",
    re.I,
)
_COVERED = (
    re.compile(
        rf"{_PLEASE}(?:is|are|would|will) (?P<what>[^.!?:]+?)(?: be)? (?:covered|included)"
        rf"(?: (?:by|in|under|with) {_PLAN})?(?: or [^.!?:]+)?\??",
        re.I,
    ),
    re.compile(rf"{_PLEASE}(?:does|would|will) {_PLAN} (?:cover|include) (?P<what>[^.!?:]+)\??", re.I),
    re.compile(rf"{_PLEASE}are we covered for (?P<what>[^.!?:]+)\??", re.I),
    re.compile(rf"{_PLEASE}(?:do|would) you (?:cover|take care of) (?P<what>[^.!?:]+)\?", re.I),
    _FIX,
    _CHARGED,
)
_NOTHING = re.compile(
    r"(?:this|that|it|these|those|we|i|you|they|all|everything|anything|what|there)(?: .{0,12})?", re.I
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

"""Questions about the contract, its terms and the desk, by the words that people ask them in."""

import re

from bot.understanding.intents import Do


def entitled(words: str) -> Do | None:
    """The line that answers it."""
    if at_risk(words):
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
